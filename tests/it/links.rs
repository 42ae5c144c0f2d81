//! Health links, as a person brings them: what is fetched, what it is called, and what stays secret.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::thread;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use plainchart::http::{Client, Reach};
use plainchart::ingest::{self, Error, Request};
use plainchart::secret::Secret;
use plainchart::sources::links::{self, Asked, Link};
use serde_json::{Value, json};

use crate::cards::card;
use crate::people::{Chart, FIRST_READ_AT, Home};

const KEY: [u8; 32] = [9; 32];

fn link(url: &str, more: Value) -> String {
    let mut payload = json!({"url": url, "key": URL_SAFE_NO_PAD.encode(KEY), "label": "Ann's shots"});
    payload.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    format!("shlink:/{}", URL_SAFE_NO_PAD.encode(payload.to_string()))
}

fn sealed(plain: &str) -> String {
    let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"dir","enc":"A256GCM"}"#);
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &KEY).unwrap());
    let mut bytes = plain.as_bytes().to_vec();
    let aad = Aad::from(header.as_bytes().to_vec());
    key.seal_in_place_append_tag(Nonce::assume_unique_for_key([1; 12]), aad, &mut bytes).unwrap();
    let (text, tag) = bytes.split_at(bytes.len() - 16);
    let [nonce, text, tag] = [&[1; 12][..], text, tag].map(|part| URL_SAFE_NO_PAD.encode(part));
    format!("{header}..{nonce}.{text}.{tag}")
}

/// Shares a card and a bundle for the passcode 1234, as often as it is asked.
fn sharing() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}/secret-path", listener.local_addr().unwrap());
    let cards = json!({"verifiableCredential": [card(&["2021-01-29"])]}).to_string();
    let bundle = json!({"resourceType": "Bundle", "type": "collection", "entry": [
        {"fullUrl": "urn:uuid:5d1c7e8e-9f0a-4d39-a9a0-111111111111", "resource": {"resourceType": "Patient", "name": [{"family": "Oak", "given": ["Ann"]}], "birthDate": "1980-02-03"}},
        {"resource": {"resourceType": "AllergyIntolerance", "id": "a1", "code": {"text": "Penicillin"},
            "patient": {"reference": "urn:uuid:5d1c7e8e-9f0a-4d39-a9a0-111111111111"}}}]})
    .to_string();
    let files = json!({"files": [
        {"contentType": "application/smart-health-card", "embedded": sealed(&cards)},
        {"contentType": "application/fhir+json", "embedded": sealed(&bundle)},
        {"contentType": "application/smart-api-access", "embedded": sealed("the-token")}]})
    .to_string();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = BufReader::new(stream.unwrap());
            let mut length = 0;
            loop {
                let mut line = String::new();
                stream.read_line(&mut line).unwrap();
                if let Some(told) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                    length = told.trim().parse().unwrap();
                }
                if line.trim().is_empty() {
                    break;
                }
            }
            let mut body = vec![0; length];
            stream.read_exact(&mut body).unwrap();
            let asked: Value = serde_json::from_slice(&body).unwrap();
            let (status, content) = match asked["passcode"] == "1234" {
                true => ("200 OK", files.clone()),
                false => ("401 Unauthorized", json!({"remainingAttempts": 4}).to_string()),
            };
            let head = format!(
                "HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
                content.len()
            );
            stream.get_mut().write_all(format!("{head}{content}").as_bytes()).unwrap();
        }
    });
    base
}

fn import(chart: &Chart, url: &str, passcode: &str) -> Result<ingest::Report, Error> {
    let link = Link::read(&link(url, json!({"flag": "P"}))).unwrap();
    let passcode = Some(Secret::new(passcode.to_owned()));
    let now = Timestamp::from_second(FIRST_READ_AT).unwrap();
    let asked = Asked { recipient: "plainchart".into(), passcode, now };
    // A link that leads to this machine is refused outside of tests.
    let client = Client::new(Reach::of(&url.parse().unwrap(), &[])).unwrap();
    let request = Request { at: FIRST_READ_AT, ..Request::default() };
    ingest::import_link(&chart.sealed, &request, &client, &link, &asked)
}

#[test]
fn what_a_link_shares_comes_under_the_name_of_who_shares_it_and_twice_is_once() {
    let (chart, url) = (Chart::empty(), sharing());
    let report = import(&chart, &url, "1234").unwrap();
    assert!(report.is_saved && report.failures.is_empty());
    assert!(
        report.sources.iter().all(|name| name.starts_with("Shared link: Ann's shots (127.0.0.1:")),
        "{report:?}"
    );
    assert!(report.cards[0].contains("signature not verified"));
    assert!(report.left_out.iter().any(|left| left.reason.contains("a token that is not to be kept")));
    let told = chart.text("get_allergies", json!({})) + &chart.text("get_immunizations", json!({}));
    assert!(told.contains("Penicillin") && told.contains("2021-01-29"), "{told}");
    assert!(chart.text("check_records_status", json!({})).contains("Shared link: Ann"));

    let again = import(&chart, &url, "1234").unwrap();
    assert_eq!((again.new, again.changed), (0, 0));

    let whole = chart.text("check_records_status", json!({}))
        + &format!("{report:?}")
        + &chart.text("search_records", json!({"query": "secret-path"}));
    for secret in [&URL_SAFE_NO_PAD.encode(KEY), "127.0.0.1/secret-path", "the-token", "1234\""] {
        assert!(!whole.contains(secret), "{secret} is told");
    }
}

#[test]
fn a_wrong_passcode_takes_nothing_and_tells_what_is_left() {
    let (chart, url) = (Chart::empty(), sharing());
    let refused = import(&chart, &url, "4321").unwrap_err();
    assert!(matches!(refused, Error::Link(links::Error::WrongPasscode { remaining: Some(4), .. })));
    assert!(refused.to_string().contains("4 attempts are left"), "{refused}");
}

#[test]
fn a_link_to_this_machine_or_of_yesterday_is_refused_at_the_command_line_and_kept_out_of_every_message() {
    let home = Home::new();
    let told = |text: &str, code: i32| {
        let ran = home.run(&["import", text]).fails(code);
        assert!(!ran.contains("secret") && !ran.contains("eyJ"), "{ran}");
        ran
    };
    assert!(told(&link("https://127.0.0.1/secret", json!({})), 3).contains("inside of a private network"));
    assert!(told(&link("http://share.example/secret", json!({})), 3).contains("only https addresses are"));
    let over = format!(
        "https://viewer.example/#{}",
        link("https://share.example/secret", json!({"exp": 1_700_000_000}))
    );
    assert!(told(&over, 3).contains("valid until 2023-11-14; nobody was asked"));
    assert!(
        told(&link("https://share.example/secret", json!({"flag": "P"})), 2).contains("needs a passcode")
    );
    assert!(told("shlink:/eyJ1cmwiOiJzZWNyZXQifQ", 3).contains("it has no key"));

    let file = home.path("link.txt");
    std::fs::write(&file, link("https://127.0.0.1/secret", json!({}))).unwrap();
    assert!(told(&file.display().to_string(), 3).contains("inside of a private network"));
    // A passcode may follow a link that comes by standard input; nothing of either is told.
    let text = link("https://127.0.0.1/secret", json!({"flag": "P"}));
    let ran = home.run_with_input(&["import", "-"], &format!("{text}\nsecret-code\n")).fails(3);
    assert!(ran.contains("inside of a private network") && !ran.contains("secret"), "{ran}");
    let both = home.run(&["import", &link("https://127.0.0.1/secret", json!({})), "shc:/56"]).fails(2);
    assert!(both.contains("by itself") && !both.contains("eyJ"), "{both}");
    // Inside of a folder it is named, and nobody is asked.
    std::fs::create_dir(home.path("folder")).unwrap();
    std::fs::copy(&file, home.path("folder").join("link.txt")).unwrap();
    let ran = home.run(&["import", &home.path("folder").display().to_string()]);
    assert!(format!("{}{}", ran.out, ran.err).contains("is a link to shared records"), "{}", ran.err);
}
