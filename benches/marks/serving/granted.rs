//! A token as an assistant gets it: registered, let in by the person, exchanged.

use jiff::SignedDuration;
use plainchart::access::authorization::{Allowed, Answer, By, PublicUrl, Server};
use plainchart::record::Scope;
use plainchart::store::{OwnerId, Sealed};
use serde_json::json;

use crate::world;

const CALLBACK: &str = "https://claude.ai/api/mcp/auth_callback";
// RFC 7636, Appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// An access token to a person's record, without what is sensitive in it.
pub fn token(server: &Server, person: &Sealed, public: &PublicUrl) -> String {
    let client = json!({
        "client_name": "Claude",
        "redirect_uris": [CALLBACK],
        "token_endpoint_auth_method": "none",
    });
    let registered = server.register(client.to_string().as_bytes()).unwrap();
    let (client, resource) = (registered["client_id"].as_str().unwrap(), public.resource());
    let asked = server.begin(&pairs(&[
        ("response_type", "code"),
        ("client_id", client),
        ("redirect_uri", CALLBACK),
        ("state", "a state"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
        ("resource", &resource),
        ("scope", "patient/*.rs offline_access"),
    ]));
    let by = By { account: OwnerId::parse("an-account").unwrap(), relation: "own".into() };
    let expires_at = world::clock().now() + SignedDuration::from_hours(24);
    let allowed =
        Allowed { scope: Scope { classes: 0, ..Scope::everything() }, may_update: false, expires_at };
    let back = match server.grant(&asked.unwrap(), person, by, &allowed).unwrap() {
        Answer::SentOn(back) => Some(back),
        Answer::TooMany => None,
    };
    let back = back.unwrap();
    let code = back.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned();
    let exchange = [
        ("grant_type", "authorization_code"),
        ("client_id", client),
        ("code", &code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
        ("resource", &resource),
    ];
    server.token(&pairs(&exchange), None).unwrap()["access_token"].as_str().unwrap().to_owned()
}

fn pairs(all: &[(&str, &str)]) -> Vec<(String, String)> {
    all.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}
