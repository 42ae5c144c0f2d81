//! Stories of a grant over HTTP: two processes on one store, real tokens, and the person changing their mind.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicU64, Ordering};

use plainchart::access::audit;
use plainchart::record::{Kind, Scope};
use plainchart::store::records::{self, Change};
use serde_json::json;

use crate::installation::{Installation, PUBLIC, allowed};
use crate::serving::{answer, modern, modern_body};

#[test]
fn what_the_person_narrows_or_ends_is_refused_by_every_process_at_the_next_call() {
    let installation = Installation::new();
    let (grant, token) = installation.connected("patient/*.rs offline_access");
    let mut processes = [installation.serve(), installation.serve()];
    for process in &mut processes {
        process.token.clone_from(&token);
        let seen = process.call("get_immunizations", json!({}));
        assert_eq!(seen.status, 200, "{seen:?}");
        assert!(seen.json()["result"]["structuredContent"]["total"].as_u64().unwrap() > 0, "{seen:?}");
    }
    let mut narrow = Scope::everything();
    narrow.kinds.remove(&Kind::Immunization);
    installation.server.change(&installation.person, &grant, "parent", &allowed(narrow)).unwrap();
    for process in &processes {
        let seen = process.call("get_immunizations", json!({}));
        assert_eq!(seen.json()["result"]["structuredContent"]["total"], 0, "{seen:?}");
        assert!(seen.text().contains("withheld"), "{}", seen.text());
    }
    installation.server.end(&installation.person, &grant, "parent").unwrap();
    for process in &processes {
        let refused = process.call("get_immunizations", json!({}));
        assert_eq!(refused.status, 401, "{refused:?}");
        assert!(refused.header("WWW-Authenticate").unwrap().contains("invalid_token"));
    }
    // The chain holds, and each call stands in it with the assistant and its grant.
    let lines = audit::read(&installation.person, 100).unwrap();
    assert_eq!(audit::verify(&installation.person).unwrap(), lines.len() as u64);
    let calls: Vec<_> = lines.iter().filter(|line| line.event.tool == "get_immunizations").collect();
    assert_eq!(calls.len(), 4);
    assert_eq!(calls[0].event.who, format!("Claude (story 1), grant {grant}"));
    assert!(!calls[0].event.entries.is_empty());
}

#[test]
fn what_was_never_asked_for_is_told_and_what_is_withheld_is_not() {
    let installation = Installation::new();
    let (_, token) = installation.connected("patient/Immunization.rs");
    let mut process = installation.serve();
    process.token = token;
    assert_eq!(process.call("get_immunizations", json!({})).status, 200);
    let refused = process.call("get_conditions", json!({}));
    assert_eq!(refused.status, 403, "{refused:?}");
    let challenge = refused.header("WWW-Authenticate").unwrap();
    assert!(
        challenge.contains("error=\"insufficient_scope\", scope=\"patient/Condition.rs\""),
        "{challenge}"
    );
    assert!(
        challenge
            .contains(&format!("resource_metadata=\"{PUBLIC}/.well-known/oauth-protected-resource/mcp\""))
    );
    // It is in the audit like every call.
    assert_eq!(audit::read(&installation.person, 1).unwrap()[0].event.tool, "get_conditions");
    // A tool about the whole record answers with what was asked for.
    assert_eq!(process.call("summarize_history", json!({})).status, 200);
}

#[test]
fn sixteen_calls_at_once_are_answered_and_each_has_its_line() {
    let installation = Installation::new();
    let (_, token) = installation.connected("patient/*.rs");
    let mut process = installation.serve();
    process.token = token;
    let before = audit::verify(&installation.person).unwrap();
    let answered = AtomicU64::new(0);
    std::thread::scope(|scope| {
        for _ in 0..16 {
            let (process, installation, answered) = (&process, &installation, &answered);
            scope.spawn(move || {
                for _ in 0..3 {
                    let answer = process.call("get_immunizations", json!({}));
                    assert!(answer.text().contains("Coverage"), "{answer:?}");
                    // Whatever is answered has been written down before.
                    let so_far = answered.fetch_add(1, Ordering::SeqCst) + 1;
                    assert!(audit::verify(&installation.person).unwrap() >= before + so_far);
                }
            });
        }
    });
    assert_eq!(audit::verify(&installation.person).unwrap(), before + 48);
}

#[test]
fn a_subscription_tells_of_changes_and_ends_with_its_grant() {
    let installation = Installation::new();
    let (grant, token) = installation.connected("patient/*.rs");
    let mut process = installation.serve();
    process.token = token;
    let wanted = json!({ "notifications": { "resourceSubscriptions": ["plainchart://record/summary"] } });
    let body = modern_body("subscriptions/listen", wanted);
    let request = process.request("POST", "/mcp", &modern("subscriptions/listen", None), &body);
    let mut stream = process.connect();
    stream.write_all(request.as_bytes()).unwrap();
    hear(&mut stream, "notifications/subscriptions/acknowledged");
    let opened = records::open(&installation.person).unwrap();
    let change = Change { label: Some("Theo".into()), ..Change::default() };
    records::save(&installation.person, opened.with(change)).unwrap();
    hear(&mut stream, "notifications/resources/updated");
    installation.server.end(&installation.person, &grant, "parent").unwrap();
    // It ends, or this waits until the test fails.
    answer(&mut stream);
}

/// Reads until these words come.
fn hear(stream: &mut TcpStream, words: &str) {
    let (mut heard, mut chunk) = (String::new(), [0; 1024]);
    while !heard.contains(words) {
        let read = stream.read(&mut chunk).unwrap();
        assert!(read > 0, "it has ended: {heard}");
        heard.push_str(std::str::from_utf8(&chunk[..read]).unwrap());
    }
}
