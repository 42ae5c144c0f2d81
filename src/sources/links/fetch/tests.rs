//! Links against a real server on this machine.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::thread;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::Compression;
use flate2::write::DeflateEncoder;

use super::*;
use crate::http::Reach;

const KEY: [u8; 32] = [7; 32];
const BUNDLE: &[u8] = br#"{"resourceType":"Bundle","type":"collection"}"#;

/// What was asked: the request line, and the body.
type Seen = Arc<Mutex<Vec<(String, String)>>>;

/// Answers every request by its own address, the path and the body, until the test ends.
struct Server {
    base: Url,
    seen: Seen,
}

impl Server {
    fn start(answer: impl Fn(&str, &str, &str) -> (u16, String, Vec<u8>) + Send + 'static) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base: Url = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
        let here = base.clone();
        let seen = Seen::default();
        let noted = Arc::clone(&seen);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = BufReader::new(stream.unwrap());
                let (mut line, mut length) = (String::new(), 0);
                stream.read_line(&mut line).unwrap();
                loop {
                    let mut header = String::new();
                    stream.read_line(&mut header).unwrap();
                    if let Some(told) = header.to_ascii_lowercase().strip_prefix("content-length:") {
                        length = told.trim().parse().unwrap();
                    }
                    if header.trim().is_empty() {
                        break;
                    }
                }
                let mut body = vec![0; length];
                stream.read_exact(&mut body).unwrap();
                let body = String::from_utf8(body).unwrap();
                let path = line.split(' ').nth(1).unwrap().to_owned();
                noted.lock().unwrap().push((line.trim().to_owned(), body.clone()));
                let (status, headers, content) = answer(here.as_str(), &path, &body);
                let head = format!(
                    "HTTP/1.1 {status} x\r\nconnection: close\r\ncontent-length: {}\r\n{headers}\r\n",
                    content.len()
                );
                let _ = stream.get_mut().write_all(&[head.as_bytes(), &content].concat());
            }
        });
        Server { base, seen }
    }

    fn link(&self, more: &str) -> Link {
        link_to(self.base.join("secret-path").unwrap().as_str(), more)
    }

    /// A client that reaches this machine, as the tests need it.
    fn client(&self) -> Client {
        Client::new(Reach::of(&self.base, &[])).unwrap()
    }

    fn fetch(&self, link: &Link, passcode: Option<&str>) -> Result<Shared, Error> {
        fetch(&self.client(), link, &asked(passcode))
    }

    fn seen(&self) -> Vec<(String, String)> {
        self.seen.lock().unwrap().clone()
    }
}

fn link_to(url: &str, more: &str) -> Link {
    let key = URL_SAFE_NO_PAD.encode(KEY);
    let payload = format!(r#"{{"url":"{url}","key":"{key}","label":"Shots"{more}}}"#);
    Link::read(&format!("shlink:/{}", URL_SAFE_NO_PAD.encode(payload))).unwrap()
}

fn asked(passcode: Option<&str>) -> Asked {
    let passcode = passcode.map(|passcode| Secret::new(passcode.to_owned()));
    Asked { recipient: "Dr. Oak & co".into(), passcode, now: Timestamp::from_second(1_700_000_000).unwrap() }
}

fn jwe(header: &str, plain: &[u8]) -> String {
    let header = URL_SAFE_NO_PAD.encode(header);
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &KEY).unwrap());
    let nonce = [3; 12];
    let mut bytes = plain.to_vec();
    let aad = Aad::from(header.as_bytes().to_vec());
    let tag = key.seal_in_place_separate_tag(Nonce::assume_unique_for_key(nonce), aad, &mut bytes).unwrap();
    let [nonce, text, tag] = [&nonce[..], &bytes, tag.as_ref()].map(|part| URL_SAFE_NO_PAD.encode(part));
    format!("{header}..{nonce}.{text}.{tag}")
}

const PLAIN: &str = r#"{"alg":"dir","enc":"A256GCM"}"#;
const PACKED: &str = r#"{"alg":"dir","enc":"A256GCM","zip":"DEF","cty":"application/fhir+json"}"#;

fn packed(plain: &[u8]) -> Vec<u8> {
    let mut packer = DeflateEncoder::new(Vec::new(), Compression::best());
    packer.write_all(plain).unwrap();
    packer.finish().unwrap()
}

fn reasons(shared: &Shared) -> Vec<&str> {
    shared.left_out.iter().map(|left_out| left_out.reason.as_str()).collect()
}

#[test]
fn a_direct_file_is_asked_for_once_in_the_name_that_was_given() {
    let server = Server::start(|_, _, _| {
        (200, "retry-after: 90\r\n".into(), jwe(PACKED, &packed(BUNDLE)).into_bytes())
    });
    let shared = server.fetch(&server.link(r#","flag":"LU""#), None).unwrap();
    assert_eq!(shared.files[0].1, BUNDLE);
    assert!(shared.files[0].0.starts_with("shared by 127.0.0.1:"), "{}", shared.files[0].0);
    assert_eq!(shared.retry_after.unwrap().as_secs(), 90);
    let seen = server.seen();
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].0, "GET /secret-path?recipient=Dr.+Oak+%26+co HTTP/1.1");
}

#[test]
fn a_list_gives_what_stands_in_it_and_what_it_points_to_and_names_the_rest() {
    let server = Server::start(|base, path, body| {
        if path == "/one" {
            return (200, String::new(), jwe(PLAIN, BUNDLE).into_bytes());
        }
        if path != "/secret-path" {
            return (404, String::new(), Vec::new());
        }
        let told: serde_json::Value = serde_json::from_str(body).unwrap();
        assert_eq!(told["recipient"], "Dr. Oak & co");
        assert!(told.get("passcode").is_none() && told["embeddedLengthMax"].is_number());
        let files = json!({"status": "can-change", "files": [
            {"contentType": "application/fhir+json;fhirVersion=4.0.1", "location": format!("{base}one")},
            {"contentType": "application/smart-health-card", "embedded": jwe(PLAIN, b"{}")},
            {"contentType": "application/smart-api-access", "embedded": jwe(PLAIN, b"a token")},
            {"contentType": "application/fhir+json", "embedded": "x", "status": "no-longer-valid"},
            {"contentType": "application/fhir+json", "embedded": "x", "status": "retracted"},
            {"contentType": "image/png", "location": format!("{base}two")},
            {"contentType": "application/fhir+json", "location": format!("{base}gone")},
            {"contentType": "application/fhir+json", "location": "http://169.254.169.254/latest"},
            {"contentType": "application/fhir+json", "location": "http://127.0.0.1:1"},
            {"contentType": "application/fhir+json"},
            {"contentType": "application/fhir+json", "embedded": "not.encrypted"},
        ]});
        (200, String::new(), files.to_string().into_bytes())
    });
    let shared = server.fetch(&server.link(""), None).unwrap();
    let files: Vec<&[u8]> = shared.files.iter().map(|(_, bytes)| bytes.as_slice()).collect();
    assert_eq!(files, [BUNDLE, b"{}"]);
    let told = reasons(&shared);
    for (at, words) in [
        "a token that is not to be kept",
        "no longer valid",
        "retracted",
        "not read (image/png)",
        "answered 404",
        "only https addresses are",
        "could not be reached",
        "does not say where it is",
        "not encrypted as shared files are",
    ]
    .iter()
    .enumerate()
    {
        assert!(told[at].contains(words), "{words}: {}", told[at]);
    }
    assert!(!server.seen().iter().any(|(line, _)| line.contains("/two")), "what is not read is not fetched");
}

#[test]
fn a_wrong_passcode_is_sent_once_and_what_is_left_is_told() {
    let server = Server::start(|_, _, body| match body.contains(r#""passcode":"right""#) {
        true => (200, String::new(), br#"{"files":[]}"#.to_vec()),
        false => (401, String::new(), br#"{"remainingAttempts":2}"#.to_vec()),
    });
    let link = server.link(r#","flag":"P""#);
    assert!(matches!(server.fetch(&link, None), Err(Error::NeedsPasscode)));
    assert!(server.seen().is_empty(), "nobody is asked without it");
    let wrong = server.fetch(&link, Some("wr-ng")).unwrap_err();
    assert!(wrong.to_string().ends_with("2 attempts are left before the link is closed"));
    assert!(!format!("{wrong} {wrong:?}").contains("wr-ng"));
    assert_eq!(server.seen().len(), 1);
    assert!(server.fetch(&link, Some("right")).unwrap().files.is_empty());
    let unasked = server.fetch(&server.link(""), Some("right"));
    assert!(unasked.is_err(), "a passcode that is not asked for is not sent");
}

#[test]
fn a_link_whose_time_is_over_is_not_asked() {
    let server = Server::start(|_, _, _| (200, String::new(), br#"{"files":[]}"#.to_vec()));
    let over = server.fetch(&server.link(r#","exp":1700000000"#), None).unwrap_err();
    assert_eq!(over.to_string(), "the link was valid until 2023-11-14; nobody was asked");
    assert!(server.seen().is_empty());
    assert!(server.fetch(&server.link(r#","exp":1700000001"#), None).is_ok());
}

#[test]
fn what_a_server_answers_instead_is_told_and_a_redirect_is_not_followed() {
    let told = |status: u16, headers: &'static str, body: &'static str| {
        let server = Server::start(move |_, _, _| (status, headers.into(), body.into()));
        server.fetch(&server.link(""), None).unwrap_err().to_string()
    };
    assert!(told(404, "", "").ends_with("does not share this link (any more)"));
    assert!(told(429, "retry-after: 60\r\n", "").ends_with("asks to wait for 60 seconds"));
    assert!(told(503, "", "").ends_with("asks to wait before it is asked again"));
    assert!(told(500, "", "").ends_with("it answered 500"));
    assert!(told(200, "", "<html>").ends_with("the list of files cannot be read"));
    assert!(told(401, "", "no").ends_with("did not take the passcode"));
    assert!(
        told(302, "location: /else\r\n", "").ends_with("sends on to another address, which is not followed")
    );
    let server = Server::start(|_, _, _| (302, "location: /else\r\n".into(), Vec::new()));
    assert!(matches!(
        server.fetch(&server.link(r#","flag":"U""#), None),
        Err(Error::Http(http::Error::Redirected(_)))
    ));
}

#[test]
fn a_bomb_ends_at_its_limit_and_another_key_opens_nothing() {
    let of = |jwe: String| {
        let server = Server::start(move |_, _, _| (200, String::new(), jwe.clone().into_bytes()));
        server.fetch(&server.link(r#","flag":"U""#), None).unwrap_err().to_string()
    };
    assert!(of(jwe(PACKED, &packed(&vec![b' '; 4 << 20]))).ends_with("when it is unpacked"));
    assert!(of(jwe(PACKED, &[0xff; 9])).ends_with("it cannot be unpacked"));
    assert!(of(jwe(&PACKED.replace("DEF", "GZ"), BUNDLE)).ends_with("in a way that shared files are not"));
    let sealed = jwe(PLAIN, BUNDLE);
    let (start, tag) = sealed.rsplit_once('.').unwrap();
    assert!(of(format!("{start}.{}", URL_SAFE_NO_PAD.encode([0; 16]))).ends_with("does not open it"));
    // The header is authenticated, too.
    let other = URL_SAFE_NO_PAD.encode(r#"{"alg":"dir","enc":"A256GCM","x":1}"#);
    let (_, rest) = start.split_once('.').unwrap();
    assert!(of(format!("{other}.{rest}.{tag}")).ends_with("does not open it"));
}

#[test]
fn no_address_inside_is_asked_and_no_error_tells_the_secret() {
    let client = Client::new(Reach::default()).unwrap();
    for url in [
        "https://127.0.0.1/secret",
        "https://10.0.0.8/secret",
        "http://share.example/secret",
        "https://localhost/secret",
    ] {
        let refused = fetch(&client, &link_to(url, ""), &asked(None)).unwrap_err();
        assert!(matches!(refused, Error::Http(http::Error::Private(_) | http::Error::NotSecure(_))), "{url}");
        assert!(!format!("{refused} {refused:?}").contains("secret"), "{refused:?}");
    }
}
