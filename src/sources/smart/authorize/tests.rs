//! What the person opens, and what is not believed on the way back.

use sha2::{Digest, Sha256};

use super::*;
use crate::sources::smart::server::Server;
use crate::sources::smart::vendors;

fn found(vendor: &str) -> Found {
    let metadata = r#"{"authorization_endpoint":"https://a.example/auth?tenant=7",
        "token_endpoint":"https://a.example/token","issuer":"https://a.example",
        "authorization_response_iss_parameter_supported":true}"#;
    Found {
        base: "https://a.example/r4/".parse().unwrap(),
        server: Server::from_metadata(&serde_json::from_str(metadata).unwrap()).unwrap(),
        vendor: vendors::named(vendor).unwrap(),
        types: None,
    }
}

fn begin(vendor: &str, parameters: &[(&str, &str)]) -> Result<SignIn, Error> {
    begin_for(vendor, parameters, &["openid", "patient/*.rs"])
}

fn begin_for(vendor: &str, parameters: &[(&str, &str)], scopes: &[&str]) -> Result<SignIn, Error> {
    let parameters =
        parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let wish = Wish {
        found: &found(vendor),
        client_id: "plain",
        redirect: "http://127.0.0.1:4711/callback".parse().unwrap(),
        scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
        parameters: &parameters,
    };
    SignIn::begin(wish, &Randomness::seeded(5))
}

fn query(url: &Url) -> BTreeMap<String, String> {
    url.query_pairs().into_owned().collect()
}

#[test]
fn the_address_holds_the_challenge_and_never_the_verifier() {
    let sign_in = begin("any", &[]).unwrap();
    let asked = query(&sign_in.address);
    let expected = URL_SAFE_NO_PAD.encode(Sha256::digest(sign_in.verifier.expose()));
    assert_eq!(asked["code_challenge"], expected);
    assert_eq!(asked["code_challenge_method"], "S256");
    assert_eq!((sign_in.verifier.expose().len(), asked["tenant"].as_str()), (43, "7"));
    assert_eq!((asked["response_type"].as_str(), asked["client_id"].as_str()), ("code", "plain"));
    assert_eq!(asked["redirect_uri"], "http://127.0.0.1:4711/callback");
    assert_eq!(asked["scope"], "openid patient/*.rs");
    assert!(!sign_in.address.as_str().contains(sign_in.verifier.expose()));
    let other = begin("any", &[]).unwrap();
    assert_eq!(other.address, sign_in.address, "the seed decides, and nothing else");
}

#[test]
fn the_audience_is_as_the_vendor_wants_it() {
    let aud = |vendor: &str| query(&begin(vendor, &[("practice", "9")]).unwrap().address).remove("aud");
    assert_eq!(aud("any").as_deref(), Some("https://a.example/r4/"));
    assert_eq!(aud("eclinicalworks").as_deref(), Some("https://a.example/r4"));
    assert_eq!(aud("nextgen"), None);
}

#[test]
fn what_only_the_person_can_give_is_asked_for_by_name() {
    assert!(matches!(begin("athena", &[]), Err(Error::MissingParameter("practice"))));
    let asked = query(&begin("athena", &[("practice", "Organization/a-1")]).unwrap().address);
    assert_eq!(asked["ah-practice"], "Organization/a-1");
    assert!(asked.contains_key("nonce"));
}

#[test]
fn consent_is_asked_for_again_where_access_is_to_last() {
    let prompt = |vendor: &str, scopes: &[&str]| {
        query(&begin_for(vendor, &[], scopes).unwrap().address).remove("prompt")
    };
    assert_eq!(prompt("any", &["openid", "offline_access"]).as_deref(), Some("consent"));
    assert_eq!(prompt("any", &["openid"]), None);
    assert_eq!(prompt("any", &["offline_access"]), None, "it is a word of OpenID Connect");
    assert_eq!(prompt("epic", &["openid", "offline_access"]), None);
}

#[test]
fn only_the_answer_to_this_sign_in_is_taken() {
    let sign_in = begin("any", &[]).unwrap();
    let state = sign_in.state.expose();
    let accept = |query: &str| {
        let url = format!("http://127.0.0.1:4711/callback?{query}").parse().unwrap();
        sign_in.accept(&url).map(|code| code.0.expose().clone())
    };
    let iss = "iss=https%3A%2F%2Fa.example";
    assert_eq!(accept(&format!("code=abc&state={state}&{iss}")).unwrap(), "abc");
    assert_eq!(accept(&format!("code=abc&state=x&{iss}")), Err(Mismatch::OtherSignIn));
    assert_eq!(accept("code=abc"), Err(Mismatch::OtherSignIn));
    assert_eq!(accept(&format!("code=abc&code=def&state={state}&{iss}")), Err(Mismatch::OtherSignIn));
    assert_eq!(accept(&format!("code=abc&state={state}")), Err(Mismatch::OtherServer));
    let slash = format!("code=abc&state={state}&{iss}%2F");
    assert_eq!(accept(&slash), Err(Mismatch::OtherServer), "compared letter by letter");
    assert_eq!(accept(&format!("state={state}&{iss}&code=")), Err(Mismatch::NoCode));
    let denied = format!("error=access_denied%1b[2J&state={state}&{iss}");
    assert_eq!(accept(&denied), Err(Mismatch::Denied("access_denied2J".into())));
}

#[test]
fn nothing_secret_shows_in_what_is_printed() {
    let sign_in = begin("any", &[]).unwrap();
    let told = format!("{:?}", sign_in.accept(&"http://127.0.0.1/callback?code=s3cret".parse().unwrap()));
    assert!(!told.contains("s3cret"));
    assert!(!format!("{:?}", sign_in.verifier).contains(sign_in.verifier.expose()));
}
