//! What becomes of assistants when the account that let them in may see less, or is gone.

use jiff::civil::{Date, date};
use serde_json::json;

use super::people::born_on;
use super::*;
use crate::access::authorization::{Allowed, Answer, By, LASTS_MAX, PublicUrl, Server, Unauthorized};
use crate::access::{self, Access, Caller};
use crate::http::{Client, Reach};
use crate::record::Scope;

const CALLBACK: &str = "https://claude.ai/api/mcp/auth_callback";
const RESOURCE: &str = "https://chart.example.org/mcp";
// RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

fn server(accounts: &Accounts) -> Server {
    let public = PublicUrl::parse("https://chart.example.org").unwrap();
    let reach = Reach { loopback: true, ..Reach::default() };
    Server::new(accounts.vault.clone(), public, Client::new(reach).unwrap())
}

fn pairs(of: &[(&str, &str)]) -> Vec<(String, String)> {
    of.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// Lets an assistant in as far as the account may: its access token.
fn let_in(accounts: &Accounts, server: &Server, signed: &Signed, care: &Care) -> String {
    let metadata =
        json!({ "client_name": "Claude", "redirect_uris": [CALLBACK], "token_endpoint_auth_method": "none" });
    let client = server.register(metadata.to_string().as_bytes()).unwrap();
    let client = client["client_id"].as_str().unwrap();
    let asked = [
        ("response_type", "code"),
        ("client_id", client),
        ("redirect_uri", CALLBACK),
        ("state", "a state"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
        ("resource", RESOURCE),
        ("scope", "patient/*.rs"),
    ];
    let asked = server.begin(&pairs(&asked)).unwrap();
    let by = By { account: signed.owner().clone(), relation: care.relation.word().to_owned() };
    let scope = care.ceiling(accounts.vault.clock().today()).unwrap();
    let allowed = Allowed { scope, expires_at: accounts.now() + LASTS_MAX };
    let Answer::SentOn(url) = server.grant(&asked, &accounts.rows_of(care).unwrap(), by, &allowed).unwrap()
    else {
        panic!("too many");
    };
    let code = url.query_pairs().find(|pair| pair.0 == "code").unwrap().1.into_owned();
    let exchange = [
        ("grant_type", "authorization_code"),
        ("client_id", client),
        ("code", &code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
        ("resource", RESOURCE),
    ];
    let tokens = server.token(&pairs(&exchange), None).unwrap();
    tokens["access_token"].as_str().unwrap().to_owned()
}

/// What an assistant may see; `None` if it is not let in.
fn seen(server: &Server, token: &str) -> Option<Scope> {
    match server.bearer(token) {
        Ok(inside) => Some(inside.scope),
        Err(Unauthorized::BadToken | Unauthorized::NoPerson) => None,
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn an_account_that_goes_takes_its_own_assistants_from_a_shared_record_and_no_others() {
    let accounts = open();
    let server = server(&accounts);
    let mother = anna(&accounts);
    let care = accounts.add_person(&mother, "Walter", Relation::ForAdult, None).unwrap();
    let text = accounts.invite_to(&mother, &care.owner, Relation::Own).unwrap();
    let walter = sign_up(&accounts, "Walter", Some(text.expose())).unwrap();
    let own = self::care(&accounts, &walter, &care.owner).unwrap();
    let (hers, his) = (let_in(&accounts, &server, &mother, &care), let_in(&accounts, &server, &walter, &own));
    accounts.delete(&mother).unwrap();
    assert!(seen(&server, &hers).is_none());
    assert!(seen(&server, &his).is_some());
    accounts.delete(&walter).unwrap();
    assert!(seen(&server, &his).is_none(), "the record is gone");
}

#[test]
fn what_a_parent_let_see_is_cut_as_soon_as_the_record_tells_the_age() {
    let accounts = open();
    let server = server(&accounts);
    let signed = anna(&accounts);
    let care = accounts.add_person(&signed, "Theo", Relation::Parent, Some(date(2020, 1, 1))).unwrap();
    let token = let_in(&accounts, &server, &signed, &care);
    assert_eq!(seen(&server, &token).unwrap().classes, u8::MAX);
    let rows = accounts.rows_of(&care).unwrap();
    born_on(&rows, "2012-03-01");
    accounts.people(&signed).unwrap();
    assert_eq!(seen(&server, &token).unwrap().classes, 0);
    born_on(&rows, "2008-11-23");
    accounts.people(&signed).unwrap();
    assert!(seen(&server, &token).is_none(), "the care has ended");
}

#[test]
fn a_call_is_cut_by_the_age_that_the_record_tells_though_nobody_opens_a_page() {
    let accounts = open();
    let server = server(&accounts);
    let signed = anna(&accounts);
    let care = accounts.add_person(&signed, "Theo", Relation::Parent, Some(date(2020, 1, 1))).unwrap();
    let adult = accounts.add_person(&signed, "Mother", Relation::ForAdult, None).unwrap();
    let (token, hers) =
        (let_in(&accounts, &server, &signed, &care), let_in(&accounts, &server, &signed, &adult));
    let classes = |token: &str, today: Date| {
        let caller = Caller::Assistant(Box::new(server.bearer(token).unwrap()));
        let clock = accounts.vault.clock().clone().with_today(today);
        let access = Access::of_installation(accounts.vault.clone(), clock);
        access.see(&caller).map(|seen| seen.view().scope().classes)
    };
    let today = date(2026, 11, 23);
    assert_eq!(classes(&token, today).unwrap(), u8::MAX, "the record tells no birth");
    born_on(&accounts.rows_of(&care).unwrap(), "2014-11-24");
    assert_eq!(classes(&token, today).unwrap(), u8::MAX);
    assert_eq!(classes(&token, date(2026, 11, 24)).unwrap(), 0, "a birthday, and nothing else");
    born_on(&accounts.rows_of(&care).unwrap(), "2008-11-23");
    assert!(matches!(classes(&token, today), Err(access::Error::Expired)), "the child has grown up");

    assert_eq!(classes(&hers, today).unwrap(), u8::MAX);
    born_on(&accounts.rows_of(&adult).unwrap(), "2012-05-20");
    assert_eq!(classes(&hers, today).unwrap(), 0, "who acts for a minor is a parent");
}
