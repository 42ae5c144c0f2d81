//! Answers of token endpoints, as they are and as they should be.

use super::*;

fn read(text: &str) -> Answer {
    serde_json::from_slice(&plain(text.as_bytes())).unwrap()
}

#[test]
fn answers_that_bend_the_standard_are_read() {
    let usual = read(
        r#"{"access_token":"a","token_type":"Bearer","expires_in":3600,"patient":"p1",
        "need_patient_banner":true,"fhirContext":[{"reference":"Encounter/1"}],"scope":"openid patient/*.rs"}"#,
    );
    assert_eq!(usual.expires_in().unwrap().as_secs(), 3600);
    assert_eq!(usual.extra_fields().0["patient"], "p1");
    assert_eq!(
        usual.extra_fields().0["fhirContext"][0]["reference"],
        "Encounter/1",
        "unknown members are kept"
    );
    assert_eq!(read(r#"{"access_token":"a","expires_in":"570"}"#).expires_in().unwrap().as_secs(), 570);
    assert_eq!(read(r#"{"access_token":"a","token_type":"BEARER","expires_in":"soon"}"#).expires_in(), None);
    let numbered = read(r#"{"access_token":"a","patient":4711,"expires_in":60}"#);
    assert_eq!(numbered.extra_fields().0["patient"].to_string(), "4711");
}

#[test]
fn a_token_is_renewed_before_it_ends_and_not_with_every_request() {
    assert_eq!(used_for(3600), 3570);
    assert_eq!(used_for(60), 45);
    assert_eq!((used_for(8), used_for(1), used_for(0)), (6, 1, 0));
}

#[test]
fn a_secret_with_signs_is_encoded_before_it_is_joined() {
    // "a b:c%" becomes "a+b%3Ac%25"; base64 of "id:a+b%3Ac%25".
    assert_eq!(basic("id", "a b:c%").expose(), "Basic aWQ6YStiJTNBYyUyNQ==");
}
