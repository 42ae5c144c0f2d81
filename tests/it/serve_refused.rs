//! Negative tests of what assistants send, by name, over the wire: a served process, and tokens of the authorization
//! server over the same store. What is refused of codes is in `permission`, what of pages in `pages::guarded`, what
//! of requests in `serve_http`.

use jiff::SignedDuration;
use plainchart::clock::Clock;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::installation::{Connected, Installation, PUBLIC, connect};
use crate::serving::{Answer, Served};

const EVERYTHING: &str = "patient/*.rs offline_access";

/// Asks with this token.
fn ask(process: &Served, token: &str) -> Answer {
    let bearer = format!("Bearer {token}");
    let call = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call",
        "params": { "name": "get_immunizations", "arguments": {} } });
    process.post(&[("Authorization", &bearer), ("MCP-Protocol-Version", "2025-11-25")], &call.to_string())
}

/// It is refused as a bad token, and told where to get another.
#[track_caller]
fn is_refused(answer: &Answer) {
    assert_eq!(answer.status, 401, "{answer:?}");
    let challenge = answer.header("WWW-Authenticate").unwrap();
    assert!(challenge.contains("error=\"invalid_token\"") && challenge.contains("resource_metadata="));
}

fn form(process: &Served, path: &str, fields: &[(&str, &str)]) -> Answer {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let headers = [("Content-Type", "application/x-www-form-urlencoded"), ("Authorization", "")];
    process.send(&process.request("POST", path, &headers, &body))
}

fn refresh(process: &Served, connected: &Connected, more: &[(&str, &str)]) -> Answer {
    let token = connected.refresh();
    let fields =
        [("grant_type", "refresh_token"), ("client_id", &connected.client), ("refresh_token", &token)];
    form(process, "/token", &[fields.as_slice(), more].concat())
}

#[test]
fn a_token_of_a_wrong_audience_is_refused() {
    let installation = Installation::new();
    let process = installation.serve();
    // The same store, the same keys, the same person: only the address is another.
    let elsewhere = installation.server_at("https://elsewhere.example.org", &Clock::system());
    is_refused(&ask(&process, &connect(&elsewhere, &installation.person, EVERYTHING).access()));
    let here = connect(&installation.server, &installation.person, EVERYTHING);
    assert_eq!(ask(&process, &here.access()).status, 200);
    let refused = refresh(&process, &here, &[("resource", "https://elsewhere.example.org/mcp")]);
    assert_eq!((refused.status, &refused.json()["error"]), (400, &json!("invalid_target")));
}

#[test]
fn an_expired_token_is_refused() {
    let installation = Installation::new();
    let process = installation.serve();
    let made = |minutes_ago: i64| {
        let clock = Clock::fixed(Clock::system().now() - SignedDuration::from_mins(minutes_ago));
        connect(&installation.server_at(PUBLIC, &clock), &installation.person, EVERYTHING)
    };
    let (old, young) = (made(61), made(55));
    is_refused(&ask(&process, &old.access()));
    assert_eq!(ask(&process, &young.access()).status, 200);
    // What lasts longer gives a new one.
    let renewed = refresh(&process, &old, &[]).json();
    assert_eq!(ask(&process, renewed["access_token"].as_str().unwrap()).status, 200);
}

#[test]
fn a_revoked_token_is_refused() {
    let installation = Installation::new();
    let process = installation.serve();
    let connected = connect(&installation.server, &installation.person, EVERYTHING);
    assert_eq!(ask(&process, &connected.access()).status, 200);
    let revoke =
        |token: &str| form(&process, "/revoke", &[("token", token), ("client_id", &connected.client)]);
    assert_eq!(revoke(&connected.access()).status, 200);
    is_refused(&ask(&process, &connected.access()));
    let renewed = refresh(&process, &connected, &[]).json();
    let renewed = renewed["access_token"].as_str().unwrap();
    assert_eq!(ask(&process, renewed).status, 200);
    // With the token that gives new ones everything ends.
    assert_eq!(revoke(&connected.refresh()).status, 200);
    is_refused(&ask(&process, renewed));
    assert_eq!(refresh(&process, &connected, &[]).status, 400);
}

#[test]
fn another_persons_token_opens_their_record_and_no_other() {
    let installation = Installation::new();
    let other = installation.person("adult/lakeside.json");
    let process = installation.serve();
    let ours = connect(&installation.server, &installation.person, EVERYTHING).access();
    let theirs = connect(&installation.server, &other, EVERYTHING).access();
    let whose = |token: &str| ask(&process, token).text();
    assert!(whose(&ours).contains("Theo") && !whose(&ours).contains("Maria"), "{}", whose(&ours));
    assert!(whose(&theirs).contains("Maria") && !whose(&theirs).contains("Theo"), "{}", whose(&theirs));
    // A token names whose record it opens, and which grant: neither can be exchanged for another's.
    let begins = "pc_at_".len();
    let (owner, grant) = (begins..begins + 32, begins + 32..begins + 48);
    for part in [owner.clone(), grant, owner.start..owner.end + 16] {
        let mut forged = ours[..ours.len() - 8].to_owned();
        forged.replace_range(part.clone(), &theirs[part.clone()]);
        let check: String = Sha256::digest(&forged)[..4].iter().map(|byte| format!("{byte:02x}")).collect();
        is_refused(&ask(&process, &format!("{forged}{check}")));
    }
}

#[test]
fn a_scope_widened_at_refresh_is_refused() {
    let installation = Installation::new();
    let process = installation.serve();
    let connected =
        connect(&installation.server, &installation.person, "patient/Immunization.rs offline_access");
    for wider in ["patient/*.rs", "patient/Immunization.rs patient/Condition.rs"] {
        let refused = refresh(&process, &connected, &[("scope", wider)]);
        assert_eq!((refused.status, &refused.json()["error"]), (400, &json!("invalid_scope")), "{wider}");
    }
    let mut process = process;
    process.token = connected.access();
    assert_eq!(process.call("get_immunizations", json!({})).status, 200, "nothing has ended by it");
    assert_eq!(process.call("get_conditions", json!({})).status, 403);
}

#[test]
fn a_foreign_host_is_refused_on_every_path() {
    let installation = Installation::new();
    let process = installation.serve();
    let paths = [
        "/",
        "/sign-in",
        "/authorize",
        "/token",
        "/mcp",
        "/style.css",
        "/.well-known/oauth-authorization-server",
    ];
    for path in paths {
        let foreign = process.get(path, &[("Host", "evil.example")]);
        assert_eq!((foreign.status, foreign.body.contains("plainchart")), (403, false), "{path}");
        assert_ne!(process.get(path, &[]).status, 403, "{path}");
    }
}
