//! An installation on a disk, with people in it: processes serve it, and assistants are let in by the authorization server
//! over the same store.

use std::ffi::OsString;

use plainchart::access::authorization::{Allowed, Answer, By, LASTS_MAX, PublicUrl, Server};
use plainchart::clock::{Clock, Randomness};
use plainchart::config::Config;
use plainchart::http::{Client, Reach};
use plainchart::ingest::{self, Request};
use plainchart::record::Scope;
use plainchart::store::{OwnerId, Sealed, Vault};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::people::{KEY, fixture};
use crate::serving::Served;

pub const PUBLIC: &str = "https://chart.example.org";
const CALLBACK: &str = "https://claude.ai/api/mcp/auth_callback";
// RFC 7636, Appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// A store with one person in it, and the authorization server over it.
pub struct Installation {
    folder: TempDir,
    pub server: Server,
    pub person: Sealed,
}

/// An assistant with its tokens.
pub struct Connected {
    pub client: String,
    pub tokens: Value,
}

impl Installation {
    pub fn new() -> Installation {
        let folder = tempfile::tempdir().unwrap();
        let server = server(&folder, PUBLIC, &Clock::system());
        let person = person(&server, "child/pediatrics.json");
        Installation { folder, server, person }
    }

    /// One more person, of whom this is known.
    pub fn person(&self, path: &str) -> Sealed {
        person(&self.server, path)
    }

    /// Another authorization server over the same store: at another address, or at another time.
    pub fn server_at(&self, public: &str, clock: &Clock) -> Server {
        server(&self.folder, public, clock)
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
    pub fn connected(&self, scopes: &str) -> (String, String) {
        let connected = connect(&self.server, &self.person, scopes);
        (self.server.grants(&self.person).unwrap()[0].id.clone(), connected.access())
    }
}

impl Connected {
    pub fn access(&self) -> String {
        self.token("access_token")
    }

    pub fn refresh(&self) -> String {
        self.token("refresh_token")
    }

    fn token(&self, name: &str) -> String {
        self.tokens[name].as_str().unwrap().to_owned()
    }
}

/// All that a scope holds, for as long as may be.
pub fn allowed(scope: Scope) -> Allowed {
    let expires_at = Clock::system().now() + LASTS_MAX - jiff::SignedDuration::from_hours(24);
    Allowed { scope, may_update: false, expires_at }
}

/// An assistant registers, asks, hears the person's yes and exchanges its code.
pub fn connect(server: &Server, person: &Sealed, scopes: &str) -> Connected {
    connect_as("own", server, person, scopes)
}

/// The same by somebody who is this to the person.
pub fn connect_as(relation: &str, server: &Server, person: &Sealed, scopes: &str) -> Connected {
    connect_with(relation, server, person, scopes, &allowed(Scope::everything()))
}

/// The same by somebody who allows what they allow.
pub fn connect_with(
    relation: &str,
    server: &Server,
    person: &Sealed,
    scopes: &str,
    allowed: &Allowed,
) -> Connected {
    let client = json!({
        "client_name": "Claude",
        "redirect_uris": [CALLBACK],
        "token_endpoint_auth_method": "none",
    });
    let registered = server.register(client.to_string().as_bytes()).unwrap();
    let client = registered["client_id"].as_str().unwrap().to_owned();
    let resource = server.public().resource();
    let pairs = |all: &[(&str, &str)]| -> Vec<(String, String)> {
        all.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    };
    let asked = server.begin(&pairs(&[
        ("response_type", "code"),
        ("client_id", &client),
        ("redirect_uri", CALLBACK),
        ("state", "a state"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
        ("resource", &resource),
        ("scope", scopes),
    ]));
    let by = By { account: OwnerId::parse("an-account").unwrap(), relation: relation.into() };
    let answer = server.grant(&asked.unwrap(), person, by, allowed);
    let Answer::SentOn(back) = answer.unwrap() else { panic!("too many") };
    let code = back.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned();
    let tokens = server.token(
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
    Connected { client, tokens: tokens.unwrap() }
}

fn server(folder: &TempDir, public: &str, clock: &Clock) -> Server {
    let lookup = |name: &str| -> Option<OsString> {
        match name {
            "PLAINCHART_HOME" => Some(folder.path().into()),
            "PLAINCHART_KEY" => Some(KEY.into()),
            "PLAINCHART_KEY_STORE" => Some("off".into()),
            _ => None,
        }
    };
    let config = Config::from_lookup(lookup).unwrap();
    let vault = Vault::open(&config, clock, &Randomness::system()).unwrap().vault;
    let public = PublicUrl::parse(public).unwrap();
    let outgoing = Client::new(Reach::of(&public.root(), &[])).unwrap();
    Server::new(vault, public, outgoing)
}

fn person(server: &Server, path: &str) -> Sealed {
    let vault = server.vault();
    let person = vault.create(&OwnerId::random(vault.random())).unwrap();
    let paths = vec![fixture(path)];
    ingest::import(&person, &Request { paths, ..Request::default() }, &mut |_| {}).unwrap();
    person
}
