//! Clients that name themselves by a document, from a real listener on this machine.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use super::*;

/// A listener that answers each request with what is in the cell, and counts.
struct Host {
    id: String,
    answer: Arc<Mutex<(String, String)>>,
    asked: Arc<Mutex<usize>>,
}

impl Host {
    fn new() -> Host {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let id = format!("http://{}/client.json", listener.local_addr().unwrap());
        let answer = Arc::new(Mutex::new((String::from("200 OK"), document(&id).to_string())));
        let asked = Arc::new(Mutex::new(0));
        let (shared, count) = (Arc::clone(&answer), Arc::clone(&asked));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let read = stream.read(&mut [0; 4096]).unwrap_or(0);
                if read == 0 {
                    continue;
                }
                *count.lock().unwrap() += 1;
                let (head, body) = shared.lock().unwrap().clone();
                let length = body.len();
                let text =
                    format!("HTTP/1.1 {head}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}");
                let _ = stream.write_all(text.as_bytes());
            }
        });
        Host { id, answer, asked }
    }

    fn says(&self, head: &str, document: &Value) {
        *self.answer.lock().unwrap() = (head.to_owned(), document.to_string());
    }

    fn asked(&self) -> usize {
        *self.asked.lock().unwrap()
    }
}

fn document(id: &str) -> Value {
    json!({
        "client_id": id,
        "client_name": "Claude",
        "redirect_uris": [CALLBACK, "http://localhost/callback"],
        "grant_types": ["authorization_code", "refresh_token"],
        "token_endpoint_auth_method": "none",
    })
}

#[test]
fn a_client_names_itself_by_its_document_and_connects() {
    let (desk, host) = (desk(), Host::new());
    let asked = desk.ask(&host.id, &[]).unwrap();
    assert!(asked.is_document && !asked.assistant.is_local);
    assert_eq!(asked.assistant.client, host.id);
    // The name is its own choice, so that the page says where it says so.
    assert!(host.id.contains(&asked.document_host().unwrap()));
    let code = field(&desk.yes(&asked), "code").unwrap();
    let tokens = desk.exchange(&host.id, &code, &[]).unwrap();
    assert!(desk.is_let_in(&tokens));
    let tokens = desk.refresh(&host.id, refresh(&tokens), &[]).unwrap();
    let other = host.id.replace("client", "other");
    assert_eq!(refused(desk.refresh(&other, refresh(&tokens), &[])), Code::InvalidGrant);
    let local = desk.ask(&host.id, &[("redirect_uri", Some("http://localhost:3118/callback"))]).unwrap();
    assert!(local.assistant.is_local);
}

#[test]
fn a_document_that_offers_to_prove_nothing_is_taken_so_and_one_that_must_prove_is_not() {
    let (desk, host) = (desk(), Host::new());
    let mut both = document(&host.id);
    both["token_endpoint_auth_method"] = "private_key_jwt".into();
    both["token_endpoint_auth_methods_supported"] = json!(["none", "private_key_jwt"]);
    host.says("200 OK", &both);
    assert!(desk.ask(&host.id, &[]).is_ok());
    desk.later(SignedDuration::from_mins(6));
    both["token_endpoint_auth_methods_supported"] = json!(["private_key_jwt"]);
    host.says("200 OK", &both);
    assert_eq!(told(desk.ask(&host.id, &[])), Told::BadDocument);
}

#[test]
fn a_document_is_kept_as_long_as_it_says_and_a_day_at_the_most() {
    let (desk, host) = (desk(), Host::new());
    let ask = || desk.ask(&host.id, &[]).unwrap();
    let lasts = |head: &str, good: SignedDuration| {
        desk.later(SignedDuration::from_hours(48));
        host.says(head, &document(&host.id));
        let before = host.asked();
        ask();
        desk.later(good - SignedDuration::from_secs(1));
        ask();
        assert_eq!(host.asked(), before + 1, "{head}");
        desk.later(SignedDuration::from_secs(1));
        ask();
        assert_eq!(host.asked(), before + 2, "{head}");
    };
    lasts("200 OK", SignedDuration::from_mins(5));
    lasts("200 OK\r\ncache-control: public, max-age=3600", SignedDuration::from_hours(1));
    lasts("200 OK\r\ncache-control: max-age=99999999", SignedDuration::from_hours(24));
    // What may not be kept is fetched each time.
    desk.later(SignedDuration::from_hours(48));
    host.says("200 OK\r\ncache-control: max-age=600, no-store", &document(&host.id));
    let before = host.asked();
    ask();
    ask();
    assert_eq!(host.asked(), before + 2);
}

#[test]
fn a_redirect_that_the_document_no_longer_names_is_refused_once_it_is_fetched_anew() {
    let (desk, host) = (desk(), Host::new());
    desk.ask(&host.id, &[]).unwrap();
    let mut changed = document(&host.id);
    changed["redirect_uris"] = json!(["https://claude.ai/other"]);
    host.says("200 OK", &changed);
    desk.later(SignedDuration::from_mins(5));
    assert_eq!(told(desk.ask(&host.id, &[])), Told::BadRedirect);
}

#[test]
fn a_document_that_does_not_say_what_it_must_is_refused() {
    let (desk, host) = (desk(), Host::new());
    let with = |name: &str, value: Value| {
        let mut document = document(&host.id);
        document[name] = value;
        document
    };
    let moved = "302 Found\r\nlocation: /elsewhere.json";
    let wrong = [
        ("404 Not Found", document(&host.id)),
        (moved, document(&host.id)),
        ("200 OK", with("client_id", "https://other.example/client.json".into())),
        ("200 OK", with("client_id", format!("{}/", host.id).into())),
        ("200 OK", with("client_id", Value::Null)),
        ("200 OK", with("client_secret", "for all to read".into())),
        ("200 OK", with("redirect_uris", json!(["javascript:alert(1)"]))),
        ("200 OK", with("redirect_uris", json!([]))),
        ("200 OK", json!("a text")),
        ("200 OK", with("client_name", "x".repeat(100_000).into())),
    ];
    for (head, document) in wrong {
        host.says(head, &document);
        assert_eq!(told(desk.ask(&host.id, &[])), Told::BadDocument, "{head}");
        // It is left alone for a while.
        let asked = host.asked();
        assert_eq!(told(desk.ask(&host.id, &[])), Told::BadDocument);
        assert_eq!(host.asked(), asked);
        desk.later(SignedDuration::from_secs(31));
    }
    host.says("200 OK", &document(&host.id));
    assert!(desk.ask(&host.id, &[]).is_ok());
}

#[test]
fn a_metadata_document_on_a_private_address_is_not_fetched() {
    let vault = desk().server.vault().clone();
    let public = PublicUrl::parse("https://chart.example.org").unwrap();
    let server = Server::new(vault, public, http::Client::new(Reach::default()).unwrap());
    let host = Host::new();
    let inside = [
        host.id.clone(),
        host.id.replace("http:", "https:"),
        "https://localhost/client.json".into(),
        "https://10.0.0.1/client.json".into(),
        "https://169.254.169.254/latest/meta-data".into(),
        "https://[::1]/client.json".into(),
        "https://[fd00::1]/client.json".into(),
        "https://2130706433/client.json".into(),
        "http://claude.ai/client.json".into(),
    ];
    for id in inside {
        let query = pairs(&[("client_id", &id), ("redirect_uri", CALLBACK)], &[]);
        let told = told(server.begin(&query));
        assert!(matches!(told, Told::BadDocument | Told::UnknownClient), "{id}");
    }
    assert_eq!(host.asked(), 0);
}

#[test]
fn an_address_is_plain_or_it_is_none() {
    let reach = Reach::default();
    assert!(document::address("https://claude.ai/oauth/mcp-oauth-client-metadata", &reach).is_some());
    for bad in [
        "https://claude.ai",
        "https://claude.ai/",
        "https://claude.ai/x#y",
        "https://user@claude.ai/x",
        "https://claude.ai/a/../x",
        "https://CLAUDE.ai/x",
        "http://claude.ai/x",
        "http://127.0.0.1/x",
        "ftp://claude.ai/x",
        "pc_client_x",
    ] {
        assert!(document::address(bad, &reach).is_none(), "{bad}");
    }
}

#[test]
fn strangers_cannot_make_this_server_fetch_without_end() {
    let (desk, host) = (desk(), Host::new());
    let answers: Vec<Told> = (0..40)
        .map(|number| told(desk.ask(&host.id.replace("client", &format!("c{number}")), &[])))
        .collect();
    assert_eq!(answers.iter().filter(|told| **told == Told::TooMany).count(), 20);
    assert_eq!(host.asked(), 20);
}
