//! Stories of assistants that ask for permission: what they must show, and what is refused to whom.

mod any_input;
mod asking;
mod clients;
mod documents;
mod ending;
mod racing;
mod tokens;

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use url::Url;

use super::*;
use crate::http::Reach;
use crate::record::Scope;
use crate::store::{OwnerId, Sealed};

const CALLBACK: &str = "https://claude.ai/api/mcp/auth_callback";
const RESOURCE: &str = "https://chart.example.org/mcp";
// RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// A server, and a person whose record it is about.
struct Desk {
    server: Server,
    person: Sealed,
}

type Pairs = Vec<(String, String)>;

/// Pairs of a form or query, some of them changed: `None` leaves one out.
fn pairs(usual: &[(&str, &str)], changes: &[(&str, Option<&str>)]) -> Pairs {
    let mut all: BTreeMap<&str, Option<&str>> =
        usual.iter().map(|(name, value)| (*name, Some(*value))).collect();
    all.extend(changes.iter().copied());
    all.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned()))).collect()
}

fn desk() -> Desk {
    let clock = Clock::fixed("2026-03-01T12:00:00Z".parse().unwrap());
    desk_over(Vault::in_memory(clock, Randomness::seeded(1)).unwrap())
}

fn desk_over(vault: Vault) -> Desk {
    let person = vault.create(&OwnerId::random(vault.random())).unwrap();
    Desk { server: server(vault), person }
}

fn server(vault: Vault) -> Server {
    let reach = Reach { loopback: true, ..Reach::default() };
    let public = PublicUrl::parse("https://chart.example.org").unwrap();
    Server::new(vault, public, http::Client::new(reach).unwrap())
}

fn own() -> By {
    By { account: OwnerId::parse("an-account").unwrap(), relation: "own".into() }
}

impl Desk {
    fn now(&self) -> Timestamp {
        self.server.clock().now()
    }

    fn later(&self, by: SignedDuration) {
        self.server.clock().advance(by);
    }

    fn register(&self, metadata: &Value) -> Result<Value, OAuthError> {
        self.server.register(metadata.to_string().as_bytes())
    }

    /// The id of a public client with Claude's callback.
    fn client(&self) -> String {
        let registered = self
            .register(&json!({
                "client_name": "Claude",
                "redirect_uris": [CALLBACK],
                "grant_types": ["authorization_code", "refresh_token"],
                "response_types": ["code"],
                "token_endpoint_auth_method": "none",
            }))
            .unwrap();
        registered["client_id"].as_str().unwrap().to_owned()
    }

    fn ask(&self, client: &str, changes: &[(&str, Option<&str>)]) -> Result<Asked, BeginError> {
        let usual = [
            ("response_type", "code"),
            ("client_id", client),
            ("redirect_uri", CALLBACK),
            ("state", "a state"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
            ("resource", RESOURCE),
            ("scope", "patient/*.rs offline_access"),
        ];
        self.server.begin(&pairs(&usual, changes))
    }

    fn everything(&self) -> Allowed {
        Allowed { scope: Scope::everything(), expires_at: self.now() + LASTS_MAX }
    }

    /// The answer to a yes.
    fn yes(&self, asked: &Asked) -> Url {
        match self.server.grant(asked, &self.person, own(), &self.everything()).unwrap() {
            Answer::SentOn(url) => url,
            Answer::TooMany => panic!("too many"),
        }
    }

    /// The code of a yes to what this client usually asks.
    fn code(&self, client: &str) -> String {
        field(&self.yes(&self.ask(client, &[]).unwrap()), "code").unwrap()
    }

    fn exchange(
        &self,
        client: &str,
        code: &str,
        changes: &[(&str, Option<&str>)],
    ) -> Result<Value, OAuthError> {
        let usual = [
            ("grant_type", "authorization_code"),
            ("client_id", client),
            ("code", code),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
            ("resource", RESOURCE),
        ];
        self.server.token(&pairs(&usual, changes), None)
    }

    fn refresh(
        &self,
        client: &str,
        token: &str,
        changes: &[(&str, Option<&str>)],
    ) -> Result<Value, OAuthError> {
        let usual = [
            ("grant_type", "refresh_token"),
            ("client_id", client),
            ("refresh_token", token),
            ("resource", RESOURCE),
        ];
        self.server.token(&pairs(&usual, changes), None)
    }

    /// A client with tokens.
    fn connected(&self) -> (String, Value) {
        let client = self.client();
        let tokens = self.exchange(&client, &self.code(&client), &[]).unwrap();
        (client, tokens)
    }

    fn is_let_in(&self, tokens: &Value) -> bool {
        match self.server.bearer(access(tokens)) {
            Ok(_) => true,
            Err(Unauthorized::BadToken) => false,
            Err(error) => panic!("{error}"),
        }
    }

    /// The only grant that the person has given.
    fn only(&self) -> Given {
        let mut all = self.server.grants(&self.person).unwrap();
        assert_eq!(all.len(), 1);
        all.remove(0)
    }

    /// What the person's audit tells, line by line.
    fn told(&self) -> Vec<String> {
        crate::access::audit::verify(&self.person).unwrap();
        let lines = crate::access::audit::read(&self.person, 100).unwrap();
        lines.into_iter().map(|line| format!("{}: {}", line.event.who, line.event.tool)).collect()
    }
}

fn access(tokens: &Value) -> &str {
    tokens["access_token"].as_str().unwrap()
}

fn refresh(tokens: &Value) -> &str {
    tokens["refresh_token"].as_str().unwrap()
}

fn field(url: &Url, name: &str) -> Option<String> {
    url.query_pairs().find(|pair| pair.0 == name).map(|pair| pair.1.into_owned())
}

/// The code of a refusal.
#[track_caller]
fn refused<T: std::fmt::Debug>(answer: Result<T, OAuthError>) -> Code {
    match answer {
        Err(OAuthError::Refused { code, .. }) => code,
        other => panic!("{other:?}"),
    }
}

/// The code of what is sent back to the assistant, with its state and issuer.
#[track_caller]
fn sent_back(answer: Result<Asked, BeginError>) -> String {
    match answer {
        Err(BeginError::SentBack(url)) => {
            assert!(url.as_str().starts_with(CALLBACK), "{url}");
            assert_eq!(field(&url, "iss").as_deref(), Some("https://chart.example.org"));
            field(&url, "error").unwrap()
        }
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn told(answer: Result<Asked, BeginError>) -> Told {
    match answer {
        Err(BeginError::Told(told)) => told,
        other => panic!("{other:?}"),
    }
}
