//! Stories of a grant over HTTP: two processes on one store, real tokens, and the person changing their mind.

use std::ffi::OsString;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicU64, Ordering};

use plainchart::access::audit;
use plainchart::access::authorization::{Allowed, Answer, By, PublicUrl, Server};
use plainchart::clock::{Clock, Randomness};
use plainchart::config::Config;
use plainchart::http::{Client, Reach};
use plainchart::ingest::{self, Request};
use plainchart::mcp::server::listed_tools;
use plainchart::record::{Kind, Scope};
use plainchart::store::records::{self, Change};
use plainchart::store::{OwnerId, Sealed, Vault};
use serde_json::json;
use tempfile::TempDir;

use crate::people::{KEY, fixture};
use crate::serving::{Served, answer, modern, modern_body};

pub const PUBLIC: &str = "https://chart.example.org";
const CALLBACK: &str = "https://claude.ai/api/mcp/auth_callback";
// RFC 7636, Appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// A store with one person in it, and the authorization server over it.
pub struct Installation {
    folder: TempDir,
    pub vault: Vault,
    pub server: Server,
    pub person: Sealed,
}

impl Installation {
    pub fn new() -> Installation {
        let folder = tempfile::tempdir().unwrap();
        let lookup = |name: &str| -> Option<OsString> {
            match name {
                "PLAINCHART_HOME" => Some(folder.path().into()),
                "PLAINCHART_KEY" => Some(KEY.into()),
                "PLAINCHART_KEY_STORE" => Some("off".into()),
                _ => None,
            }
        };
        let config = Config::from_lookup(lookup).unwrap();
        let vault = Vault::open(&config, &Clock::system(), &Randomness::system()).unwrap().vault;
        let person = vault.create(&OwnerId::random(vault.random())).unwrap();
        let paths = vec![fixture("child/pediatrics.json")];
        ingest::import(&person, &Request { paths, ..Request::default() }, &mut |_| {}).unwrap();
        let public = PublicUrl::parse(PUBLIC).unwrap();
        let outgoing = Client::new(Reach::of(&public.root(), &[])).unwrap();
        let server = Server::new(vault.clone(), public, outgoing);
        Installation { folder, vault, server, person }
    }

    /// A process that serves it.
    pub fn serve(&self) -> Served {
        let home = self.folder.path().to_str().unwrap();
        let environment = [("PLAINCHART_HOME", home), ("PLAINCHART_KEY", KEY)];
        let mut served = Served::start_in(&environment, &["--public-url", PUBLIC]);
        served.host = PUBLIC.trim_start_matches("https://").to_owned();
        served
    }

    /// What an assistant holds after the person's yes: the id of the grant, and a token.
    fn connect(&self, scopes: &str) -> (String, String) {
        self.connect_to(&self.person, scopes, &self.allowed(Scope::everything()))
    }

    /// The same of any person, who allows what they allow.
    pub fn connect_to(&self, person: &Sealed, scopes: &str, allowed: &Allowed) -> (String, String) {
        let client = json!({
            "client_name": "Claude",
            "redirect_uris": [CALLBACK],
            "token_endpoint_auth_method": "none",
        });
        let registered = self.server.register(client.to_string().as_bytes()).unwrap();
        let client = registered["client_id"].as_str().unwrap().to_owned();
        let resource = format!("{PUBLIC}/mcp");
        let pairs = |all: &[(&str, &str)]| -> Vec<(String, String)> {
            all.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
        };
        let asked = self.server.begin(&pairs(&[
            ("response_type", "code"),
            ("client_id", &client),
            ("redirect_uri", CALLBACK),
            ("state", "a state"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
            ("resource", &resource),
            ("scope", scopes),
        ]));
        let by = By { account: OwnerId::parse("an-account").unwrap(), relation: "parent".into() };
        let answer = self.server.grant(&asked.unwrap(), person, by, allowed);
        let Answer::SentOn(back) = answer.unwrap() else { panic!("too many") };
        let code = back.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned();
        let tokens = self.server.token(
            &pairs(&[
                ("grant_type", "authorization_code"),
                ("client_id", &client),
                ("code", &code),
                ("redirect_uri", CALLBACK),
                ("code_verifier", VERIFIER),
                ("resource", &resource),
            ]),
            None,
        );
        let token = tokens.unwrap()["access_token"].as_str().unwrap().to_owned();
        // The digits after the prefix and the owner.
        let grant = token[38..54].to_owned();
        (grant, token)
    }

    pub fn allowed(&self, scope: Scope) -> Allowed {
        let expires_at = Clock::system().now() + jiff::SignedDuration::from_hours(24);
        Allowed { scope, may_update: false, expires_at }
    }
}

#[test]
fn what_the_person_narrows_or_ends_is_refused_by_every_process_at_the_next_call() {
    let installation = Installation::new();
    let (grant, token) = installation.connect("patient/*.rs offline_access");
    let mut processes = [installation.serve(), installation.serve()];
    for process in &mut processes {
        process.token.clone_from(&token);
        let seen = process.call("get_immunizations", json!({}));
        assert_eq!(seen.status, 200, "{seen:?}");
        assert!(seen.json()["result"]["structuredContent"]["total"].as_u64().unwrap() > 0, "{seen:?}");
    }
    let mut narrow = Scope::everything();
    narrow.kinds.remove(&Kind::Immunization);
    installation
        .server
        .change(&installation.person, &grant, "parent", &installation.allowed(narrow))
        .unwrap();
    for process in &processes {
        let seen = process.call("get_immunizations", json!({}));
        assert_eq!(seen.json()["result"]["structuredContent"]["total"], 0, "{seen:?}");
        assert!(seen.text().contains("withheld"), "{}", seen.text());
    }
    installation.server.end(&installation.person, &grant, "parent").unwrap();
    for process in &processes {
        let refused = process.call("get_immunizations", json!({}));
        assert_eq!(refused.status, 401, "{refused:?}");
        assert!(refused.header("WWW-Authenticate").unwrap().contains("invalid_token"));
    }
    // The chain holds, and each call stands in it with the assistant and its grant.
    let lines = audit::read(&installation.person, 100).unwrap();
    assert_eq!(audit::verify(&installation.person).unwrap(), lines.len() as u64);
    let calls: Vec<_> = lines.iter().filter(|line| line.event.tool == "get_immunizations").collect();
    assert_eq!(calls.len(), 4);
    assert_eq!(calls[0].event.who, format!("Claude (story 1), grant {grant}"));
    assert!(!calls[0].event.entries.is_empty());
}

#[test]
fn what_was_never_asked_for_is_told_and_what_is_withheld_is_not() {
    let installation = Installation::new();
    let (_, token) = installation.connect("patient/Immunization.rs");
    let mut process = installation.serve();
    process.token = token;
    assert_eq!(process.call("get_immunizations", json!({})).status, 200);
    let refused = process.call("get_conditions", json!({}));
    assert_eq!(refused.status, 403, "{refused:?}");
    let challenge = refused.header("WWW-Authenticate").unwrap();
    assert!(
        challenge.contains("error=\"insufficient_scope\", scope=\"patient/Condition.rs\""),
        "{challenge}"
    );
    assert!(
        challenge
            .contains(&format!("resource_metadata=\"{PUBLIC}/.well-known/oauth-protected-resource/mcp\""))
    );
    // It is in the audit like every call.
    assert_eq!(audit::read(&installation.person, 1).unwrap()[0].event.tool, "get_conditions");
    // A tool about the whole record answers with what was asked for.
    assert_eq!(process.call("summarize_history", json!({})).status, 200);
}

#[test]
fn nobody_whose_record_is_on_a_server_is_sent_to_a_command_line() {
    const COMMANDS: [&str; 9] =
        ["import", "connect", "refresh", "note", "grants", "sources", "portals", "directory", "people"];
    let installation = Installation::new();
    let (grant, token) = installation.connect("patient/*.rs");
    let mut process = installation.serve();
    process.token = token;
    let listed = process.call("get_immunizations", json!({})).json();
    let id = &listed["result"]["structuredContent"]["items"][0]["id"];
    for tool in listed_tools() {
        let arguments = match &*tool.name {
            "search_records" => json!({ "query": "fever" }),
            "get_record" => json!({ "id": id }),
            "connect_source" => json!({ "name": "Clinic" }),
            _ => json!({}),
        };
        let answer = process.call(&tool.name, arguments).body;
        let named = COMMANDS.iter().find(|command| answer.contains(&format!("plainchart {command}")));
        assert!(named.is_none(), "{}: {answer}", tool.name);
    }
    let status = process.call("check_records_status", json!({})).text();
    for page in ["/sources".to_owned(), format!("/assistants/{grant}")] {
        assert!(status.contains(&format!("{PUBLIC}{page}")), "{status}");
    }
}

#[test]
fn sixteen_calls_at_once_are_answered_and_each_has_its_line() {
    let installation = Installation::new();
    let (_, token) = installation.connect("patient/*.rs");
    let mut process = installation.serve();
    process.token = token;
    let before = audit::verify(&installation.person).unwrap();
    let answered = AtomicU64::new(0);
    std::thread::scope(|scope| {
        for _ in 0..16 {
            let (process, installation, answered) = (&process, &installation, &answered);
            scope.spawn(move || {
                for _ in 0..3 {
                    let answer = process.call("get_immunizations", json!({}));
                    assert!(answer.text().contains("Coverage"), "{answer:?}");
                    // Whatever is answered has been written down before.
                    let so_far = answered.fetch_add(1, Ordering::SeqCst) + 1;
                    assert!(audit::verify(&installation.person).unwrap() >= before + so_far);
                }
            });
        }
    });
    assert_eq!(audit::verify(&installation.person).unwrap(), before + 48);
}

#[test]
fn a_subscription_tells_of_changes_and_ends_with_its_grant() {
    let installation = Installation::new();
    let (grant, token) = installation.connect("patient/*.rs");
    let mut process = installation.serve();
    process.token = token;
    let wanted = json!({ "notifications": { "resourceSubscriptions": ["plainchart://record/summary"] } });
    let body = modern_body("subscriptions/listen", wanted);
    let request = process.request("POST", "/mcp", &modern("subscriptions/listen", None), &body);
    let mut stream = process.connect();
    stream.write_all(request.as_bytes()).unwrap();
    hear(&mut stream, "notifications/subscriptions/acknowledged");
    let opened = records::open(&installation.person).unwrap();
    let change = Change { label: Some("Theo".into()), ..Change::default() };
    records::save(&installation.person, opened.with(change)).unwrap();
    hear(&mut stream, "notifications/resources/updated");
    installation.server.end(&installation.person, &grant, "parent").unwrap();
    // It ends, or this waits until the test fails.
    answer(&mut stream);
}

/// Reads until these words come.
fn hear(stream: &mut TcpStream, words: &str) {
    let (mut heard, mut chunk) = (String::new(), [0; 1024]);
    while !heard.contains(words) {
        let read = stream.read(&mut chunk).unwrap();
        assert!(read > 0, "it has ended: {heard}");
        heard.push_str(std::str::from_utf8(&chunk[..read]).unwrap());
    }
}
