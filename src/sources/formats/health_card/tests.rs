//! Cards signed by an issuer of the tests, and what becomes of those that it did not sign.

use std::io::Write as _;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::Compression;
use flate2::write::{DeflateEncoder, ZlibEncoder};
use url::Url;

use crate::http;
use crate::record::{Entry, Kind};
use crate::sources::cards::Issuers;
use crate::sources::files::{read_held, read_held_asking};
use crate::sources::taken::Taken;
use crate::sources::{Limits, Subject};

const ISSUER: &str = "https://pharmacy.example/cards";

const PATIENT: &str =
    r#"{"resourceType":"Patient","name":[{"family":"Ruiz","given":["Ana"]}],"birthDate":"1980-02-03"}"#;
const DOSE: &str = r#"{"resourceType":"Immunization","status":"completed","vaccineCode":{"coding":[{"system":"http://hl7.org/fhir/sid/cvx","code":"207"}]},"patient":{"reference":"resource:0"},"occurrenceDateTime":"2021-01-29"}"#;

/// An issuer with its key.
struct Issuer(EcdsaKeyPair);

impl Issuer {
    fn new() -> Issuer {
        Issuer(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap())
    }

    fn keys(&self) -> String {
        let (x, y) = self.0.public_key().as_ref()[1..].split_at(32);
        let (x, y) = (URL_SAFE_NO_PAD.encode(x), URL_SAFE_NO_PAD.encode(y));
        format!(r#"{{"keys":[{{"kty":"EC","crv":"P-256","kid":"k1","x":"{x}","y":"{y}","crlVersion":1}}]}}"#)
    }

    fn sign(&self, header: &str, payload: &[u8]) -> String {
        let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
        let signature = self.0.sign(&SystemRandom::new(), signed.as_bytes()).unwrap();
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    fn card(&self, resources: &[&str]) -> String {
        self.sign(HEADER, &packed(payload(ISSUER, "", resources)))
    }
}

const HEADER: &str = r#"{"zip":"DEF","alg":"ES256","kid":"k1"}"#;

fn payload(issuer: &str, more: &str, resources: &[&str]) -> String {
    let entries: Vec<String> = resources
        .iter()
        .enumerate()
        .map(|(at, resource)| format!(r#"{{"fullUrl":"resource:{at}","resource":{resource}}}"#))
        .collect();
    format!(
        r#"{{"iss":"{issuer}","nbf":1622577719.5,{more}"vc":{{"type":["https://smarthealth.cards#health-card"],"rid":"r1","credentialSubject":{{"fhirVersion":"4.0.1","fhirBundle":{{"resourceType":"Bundle","type":"collection","entry":[{}]}}}}}}}}"#,
        entries.join(",")
    )
}

fn packed(text: impl AsRef<[u8]>) -> Vec<u8> {
    let mut packer = DeflateEncoder::new(Vec::new(), Compression::best());
    packer.write_all(text.as_ref()).unwrap();
    packer.finish().unwrap()
}

impl Taken {
    /// What is told of the card.
    fn told(&self) -> String {
        let told = self.drafts.iter().filter(|draft| draft.entry.kind() == Kind::Other);
        told.map(|draft| draft.entry.concept.label()).collect::<Vec<_>>().join("\n")
    }

    fn of_kind(&self, kind: Kind) -> Vec<&Entry> {
        self.drafts.iter().map(|draft| &draft.entry).filter(|entry| entry.kind() == kind).collect()
    }
}

fn read(text: &str) -> Taken {
    let mut taken = Taken::default();
    taken.failures = read_held(&[("card", text.as_bytes())], &Limits::default(), &mut taken).unwrap();
    taken
}

fn read_asking(text: &str, fetch: impl Fn(&Url) -> Result<Option<Vec<u8>>, http::Error> + Sync) -> Taken {
    let mut taken = Taken::default();
    let issuers = Issuers::asked(&fetch);
    let files = [("card", text.as_bytes())];
    taken.failures = read_held_asking(&files, &Limits::default(), &issuers, &mut taken).unwrap();
    taken
}

/// Answers for an issuer that has these keys and has taken these cards back.
fn published(keys: &str, revoked: &str) -> impl Fn(&Url) -> Result<Option<Vec<u8>>, http::Error> + Sync {
    move |url: &Url| {
        Ok(match url.as_str() {
            "https://pharmacy.example/cards/.well-known/jwks.json" => Some(keys.into()),
            "https://pharmacy.example/cards/.well-known/crl/k1.json" => Some(revoked.into()),
            _ => None,
        })
    }
}

#[test]
fn a_card_is_read_in_each_of_its_forms_and_nobody_is_asked() {
    let jws = Issuer::new().card(&[PATIENT, DOSE]);
    let digits: String = jws.bytes().map(|sign| format!("{:02}", sign - 45)).collect();
    let (one, two) = digits.split_at(digits.len() / 4 * 2);
    let forms = [
        jws.clone(),
        format!("\u{feff} \n{jws}\n\n"),
        format!("shc:/{digits}"),
        format!("shc:/2/2/{two}\nshc:/1/2/{one}"),
        format!("{{\n \"verifiableCredential\": [\"{jws}\"]}}"),
        format!(
            r#"{{"resourceType":"Parameters","parameter":[{{"name":"verifiableCredential","valueString":"{jws}"}}]}}"#
        ),
    ];
    for form in forms {
        let taken = read(&form);
        assert!(taken.failures.is_empty() && taken.reasons().is_empty(), "{form}: {:?}", taken.reasons());
        assert_eq!(taken.drafts.len(), 3, "{form}");
        let Subject::IsPerson(person) = &taken.drafts[0].subject else { panic!("no person") };
        assert_eq!(taken.drafts[1].subject, Subject::Person(person.clone()));
        assert_eq!(taken.drafts[1].original, DOSE.as_bytes());
        assert_eq!(
            taken.told(),
            "health card of pharmacy.example/cards: signature not verified (its issuer was not asked)"
        );
        let proof = &taken.drafts[2].entry;
        assert!(proof.links.iter().any(|link| link.key == taken.drafts[1].entry.key));
        assert_eq!(proof.recorded.unwrap().to_string(), "2021-06-01T20:01:59Z");
    }
}

#[test]
fn codes_in_files_of_their_own_are_one_card_and_a_missing_one_is_named() {
    let jws = Issuer::new().card(&[PATIENT, DOSE]);
    let digits: String = jws.bytes().map(|sign| format!("{:02}", sign - 45)).collect();
    let (one, two) = digits.split_at(digits.len() / 4 * 2);
    let (one, two) = (format!("shc:/1/2/{one}"), format!("shc:/2/2/{two}\n"));
    let mut taken = Taken::default();
    let both = [("b.txt", two.as_bytes()), ("a.txt", one.as_bytes())];
    assert!(read_held(&both, &Limits::default(), &mut taken).unwrap().is_empty());
    assert_eq!(taken.drafts.len(), 3);
    let failures = read(&one).failures;
    assert!(failures[0].reason.contains("1 of its 2 QR codes"), "{failures:?}");
}

#[test]
fn what_the_issuer_has_signed_is_verified_and_what_it_has_not_is_refused() {
    let (issuer, thief) = (Issuer::new(), Issuer::new());
    let keys = issuer.keys();
    let card = issuer.card(&[PATIENT, DOSE]);
    let genuine = read_asking(&card, published(&keys, "{}"));
    assert!(genuine.told().ends_with("signature verified with the issuer's published key"));
    assert_eq!(genuine.of_kind(Kind::Immunization).len(), 1);

    let (start, signature) = card.rsplit_once('.').unwrap();
    let other = issuer.card(&[PATIENT]);
    let swapped = format!("{start}.{}", other.rsplit_once('.').unwrap().1);
    for forged in [swapped, thief.card(&[PATIENT, DOSE])] {
        let taken = read_asking(&forged, published(&keys, "{}"));
        assert!(taken.drafts.is_empty());
        assert!(
            taken.reasons()[0].ends_with("pharmacy.example/cards did not sign it"),
            "{:?}",
            taken.reasons()
        );
        assert_eq!(taken.failures.len(), 1);
    }
    let unknown = issuer.sign(&HEADER.replace("k1", "k2"), &packed(payload(ISSUER, "", &[PATIENT])));
    let taken = read_asking(&unknown, published(&keys, "{}"));
    assert!(taken.drafts.is_empty() && taken.reasons()[0].contains("does not publish the key"));
    assert!(!signature.is_empty());
}

#[test]
fn a_card_that_was_taken_back_is_refused_and_a_later_one_of_the_same_person_is_not() {
    let issuer = Issuer::new();
    let card = issuer.card(&[PATIENT, DOSE]);
    let of = |revoked: &str| read_asking(&card, published(&issuer.keys(), revoked));
    assert!(of(r#"{"rids":["other"]}"#).told().contains("signature verified"));
    assert!(of(r#"{"rids":["r1"]}"#).reasons()[0].contains("it has taken it back"));
    assert!(of(r#"{"rids":["r1.1700000000"]}"#).drafts.is_empty());
    assert!(of(r#"{"rids":["r1.1600000000"]}"#).told().contains("signature verified"));
    assert!(of("no list").told().contains(
        "signature not verified (signed by its issuer, but what pharmacy.example publishes cannot be read)"
    ));
}

#[test]
fn an_issuer_that_cannot_be_asked_leaves_the_card_unverified_and_is_asked_once() {
    let issuer = Issuer::new();
    let card = issuer.card(&[PATIENT, DOSE]);
    let asked = std::sync::atomic::AtomicUsize::new(0);
    let two = format!("{card}\n{}", issuer.card(&[PATIENT]));
    let taken = read_asking(&two, |url| {
        asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        Err(http::Error::TimedOut(http::host(url)))
    });
    assert_eq!(asked.into_inner(), 1);
    assert!(taken.told().starts_with(
        "health card of pharmacy.example/cards: signature not verified (pharmacy.example took too long to answer)"
    ));
    let silent = read_asking(&card, |_: &Url| Ok(None));
    assert!(silent.told().contains("pharmacy.example does not publish its keys where they are due"));
    let empty = read_asking(&card, |_: &Url| Ok(Some(b"{}".to_vec())));
    assert!(empty.drafts.is_empty(), "an issuer without any key has not signed it");
}

#[test]
fn the_same_dose_on_two_cards_of_an_issuer_has_one_identity_and_of_another_person_or_issuer_another() {
    let issuer = Issuer::new();
    let later = issuer.card(&[PATIENT, DOSE, &DOSE.replace("2021-01-29", "2022-09-05")]);
    let taken = read(&format!("{}\n{later}", issuer.card(&[PATIENT, DOSE])));
    let doses: Vec<&str> = taken.of_kind(Kind::Immunization).iter().map(|entry| entry.key.as_str()).collect();
    assert_eq!(doses.len(), 3);
    assert_eq!(doses[0], doses[1]);
    assert_ne!(doses[0], doses[2]);
    let other = read(&issuer.card(&[&PATIENT.replace("Ana", "Eva"), DOSE]));
    assert_ne!(other.of_kind(Kind::Immunization)[0].key, doses[0]);
    let elsewhere = issuer.sign(HEADER, &packed(payload("https://clinic.example", "", &[PATIENT, DOSE])));
    assert_ne!(read(&elsewhere).of_kind(Kind::Immunization)[0].key, doses[0]);
}

#[test]
fn a_form_that_is_harmlessly_wrong_is_read_and_told() {
    let issuer = Issuer::new();
    let text = payload(ISSUER, r#""exp":1739496673998,"#, &[PATIENT, DOSE]);
    let told = |card: String| {
        let taken = read(&card);
        assert_eq!(taken.drafts.len(), 3, "{:?}", taken.reasons());
        taken.told()
    };
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::best());
    zlib.write_all(text.as_bytes()).unwrap();
    let zlib = told(issuer.sign(HEADER, &zlib.finish().unwrap()));
    assert!(zlib.ends_with("valid until 2025-02-14; not as specified, but harmless: it is packed with a header, a date counts milliseconds"), "{zlib}");
    assert!(told(issuer.sign(HEADER, text.as_bytes())).contains("it is not packed"));
    assert!(told(issuer.sign(r#"{"alg":"ES256"}"#, &packed(&text))).contains("it does not name its key"));
    assert!(told(issuer.sign(HEADER, &packed(format!("\u{feff}{text}")))).contains("byte order mark"));
    let slash = payload(&format!("{ISSUER}/"), "", &[PATIENT, DOSE]);
    assert!(told(issuer.sign(HEADER, &packed(&slash))).contains("ends with a slash"));
    let untold = text.replace("#health-card", "#other");
    assert!(told(issuer.sign(HEADER, &packed(&untold))).contains("does not say that it is a health card"));
}

#[test]
fn what_no_verifier_could_accept_is_refused_with_its_reason() {
    let issuer = Issuer::new();
    let text = payload(ISSUER, "", &[PATIENT]);
    let card = issuer.card(&[PATIENT]);
    let (start, _) = card.rsplit_once('.').unwrap();
    let refused = |card: &str| {
        let taken = read(card);
        assert!(taken.drafts.is_empty());
        assert_eq!(taken.failures.len(), 1);
        taken.reasons().first().map_or(&*taken.failures[0].reason, |reason| reason).to_owned()
    };
    let of_kind = |header: &str| refused(&issuer.sign(header, &packed(&text)));
    assert!(of_kind(r#"{"alg":"none"}"#).contains("not of the kind"));
    assert!(of_kind(r#"{"zip":"DEF"}"#).contains("not of the kind"));
    assert!(refused(&format!("{start}.{}", URL_SAFE_NO_PAD.encode([0x30; 70]))).contains("64 bytes"));
    assert!(refused(&format!("{start}.")).contains("64 bytes"));
    for issuer_named in ["http://pharmacy.example", "pharmacy", "", "https://a:b@pharmacy.example"] {
        let card = issuer.sign(HEADER, &packed(payload(issuer_named, "", &[PATIENT])));
        assert!(refused(&card).contains("no https address"), "{issuer_named}");
    }
    assert!(refused(&issuer.sign(HEADER, &packed("{}"))).contains("no credential"));
    assert!(refused(&issuer.sign(HEADER, &packed(text.replace("fhirBundle", "x")))).contains("no record"));
    assert!(refused(&issuer.sign(HEADER, &[0xff; 40])).contains("cannot be unpacked"));
    assert!(refused(&issuer.sign(HEADER, &packed(" ".repeat(2 << 20)))).contains("becomes larger"));
    assert!(refused("eyJhIjoxfQ.b").contains("three parts"));
    assert!(refused(r#"{"verifiableCredential":[7]}"#).contains("no text"));
    assert!(refused(r#"{"verifiableCredential":[]}"#).contains("holds no FHIR resource"));
}

#[test]
fn one_bad_card_of_several_is_left_out_and_the_others_are_read() {
    let issuer = Issuer::new();
    let bad = issuer.sign(r#"{"alg":"none"}"#, b"{}");
    let file = format!(r#"{{"verifiableCredential":["{bad}","{}"]}}"#, issuer.card(&[PATIENT, DOSE]));
    let taken = read(&file);
    assert_eq!((taken.drafts.len(), taken.reasons().len(), taken.failures.len()), (3, 1, 0));
}

#[test]
fn what_only_looks_like_a_card_is_read_as_what_it_is() {
    let note = r#"{"resourceType":"Basic","id":"b","x":"verifiableCredential"}"#;
    assert_eq!(read(note).drafts[0].entry.key, "Basic/b");
    let text = read("eyJ of today");
    assert!(!format!("{:?} {:?}", text.reasons(), text.failures).contains("health card"));
    let inside = read(&payload(ISSUER, "", &[PATIENT]));
    assert!(inside.failures[0].reason.ends_with("it is the inside of one, without its signature"));
    assert!(
        read("https://viewer.example/#shlink:/eyJh").failures[0]
            .reason
            .starts_with("is a link to shared records")
    );
}

proptest::proptest! {
    #[test]
    fn no_text_panics_the_reader(text in "(shc:/|eyJ|\\{\"verifiableCredential\":)(\\PC|[0-9/.]){0,60}") {
        let _ = read(&text);
    }
    #[test]
    fn no_change_of_what_was_signed_panics_the_reader(at: usize, byte: u8, end in 1usize..1000) {
        let mut text = payload(ISSUER, "", &[PATIENT, DOSE]).into_bytes();
        let at = at % text.len();
        text[at] = byte;
        text.truncate(end);
        let parts = [HEADER.as_bytes(), &packed(&text), &[0; 64]].map(|part| URL_SAFE_NO_PAD.encode(part));
        let _ = read(&parts.join("."));
    }
}
