//! Health cards, as a person brings them: what becomes of them, and what an assistant is told of who signed them.

use std::io::Write as _;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use serde_json::{Value, json};

use crate::people::{Chart, Home};

/// A card that nobody can verify: its issuer has no address on any network.
pub fn card(doses: &[&str]) -> String {
    let mut entries = vec![json!({"fullUrl": "resource:0", "resource": {"resourceType": "Patient",
        "name": [{"family": "Oak", "given": ["Ann"]}], "birthDate": "1980-02-03"}})];
    for (at, day) in doses.iter().enumerate() {
        entries.push(json!({"fullUrl": format!("resource:{}", at + 1), "resource": {
            "resourceType": "Immunization", "status": "completed", "occurrenceDateTime": day,
            "vaccineCode": {"coding": [{"system": "http://hl7.org/fhir/sid/cvx", "code": "207"}]},
            "patient": {"reference": "resource:0"}}}));
    }
    let payload = json!({"iss": "https://pharmacy.example/cards", "nbf": 1_622_577_719, "vc": {
        "type": ["https://smarthealth.cards#health-card"], "credentialSubject": {"fhirVersion": "4.0.1",
        "fhirBundle": {"resourceType": "Bundle", "type": "collection", "entry": entries}}}});
    let mut packer = DeflateEncoder::new(Vec::new(), Compression::best());
    packer.write_all(payload.to_string().as_bytes()).unwrap();
    let header = URL_SAFE_NO_PAD.encode(r#"{"zip":"DEF","alg":"ES256","kid":"k1"}"#);
    let signed = format!("{header}.{}", URL_SAFE_NO_PAD.encode(packer.finish().unwrap()));
    let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
    let signature = key.sign(&SystemRandom::new(), signed.as_bytes()).unwrap();
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn digits(card: &str) -> String {
    let digits: String = card.bytes().map(|sign| format!("{:02}", sign - 45)).collect();
    format!("shc:/{digits}")
}

#[test]
fn a_card_is_imported_from_its_text_and_said_not_to_be_verified() {
    let home = Home::new();
    let text = digits(&card(&["2021-01-29"]));
    let report = home.run(&["import", &text]).ok();
    assert!(report.contains(
        "A health card of pharmacy.example/cards: signature not verified (its issuer was not asked)."
    ));
    assert!(report.contains("--verify"), "{report}");
    let told = home.run(&["call", "get_immunizations"]).ok();
    assert!(told.contains("2021-01-29"), "{told}");
    let report: Value = serde_json::from_str(&home.run(&["import", &text, "--json"]).ok()).unwrap();
    assert_eq!((report["new"].as_u64(), report["is_saved"].as_bool()), (Some(0), Some(false)));
    assert_eq!(report["cards"].as_array().unwrap().len(), 1);
}

#[test]
fn the_full_view_of_a_dose_tells_who_has_issued_the_card_and_that_nobody_verified_it() {
    let chart = Chart::empty();
    chart.import_text(
        "shots.smart-health-card",
        &json!({"verifiableCredential": [card(&["2021-01-29"])]}).to_string(),
    );
    // A later card of the same issuer has the dose once more.
    chart.import_text(
        "later.smart-health-card",
        &json!({"verifiableCredential": [card(&["2021-01-29", "2022-09-05"])]}).to_string(),
    );
    let list = chart.ask("get_immunizations", json!({}));
    assert_eq!(list.structured["total"], 2, "{}", list.text);
    let id = crate::people::cited(&list.text).into_iter().next().unwrap();
    let told = chart.text("get_record", json!({"id": id}));
    assert!(told.contains("health card of pharmacy.example/cards: signature not verified"), "{told}");
}

#[test]
fn a_card_that_cannot_be_right_is_refused_and_leaves_nobody_behind() {
    let home = Home::new();
    let good = card(&["2021-01-29"]);
    let (start, _) = good.rsplit_once('.').unwrap();
    let error = home.run(&["import", &format!("{start}.AAAA")]).fails(3);
    assert!(error.contains("health card: holds nothing that can be read"), "{error}");
    let people = home.run(&["people"]);
    assert!((people.out + &people.err).contains("Nobody has a record here yet"));
    let error = home.run(&["import", &good, &home.path("file.json").display().to_string()]).fails(2);
    assert!(error.contains("health cards apart from files"), "{error}");
}
