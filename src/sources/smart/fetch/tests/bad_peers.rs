//! Servers that do what none should: each costs a line, and nothing more.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use super::super::Limits;
use super::server::*;
use crate::record::QueryState::{self, Failed, Partial, Refused};

/// How the query ends where every answer but the person is this one.
fn ends(answer: impl Fn(&Asked) -> Reply + Send + Sync + 'static, limits: Limits) -> (QueryState, String) {
    let server = Server::start(move |asked| match asked.target.as_str() {
        "/fhir/Patient/p1" => patient(),
        _ => answer(asked),
    });
    let began = Instant::now();
    let ended = one(&server, "any", limits);
    assert!(began.elapsed() < Duration::from_secs(10), "{ended:?}");
    (ended.state, ended.why.to_string())
}

#[test]
fn pages_without_end_end_at_the_limit() {
    let endless = |asked: &Asked| {
        let next = format!("Observation?page={}", asked.number);
        bundle(&[resource("Observation", asked.number, "")], Some(&next))
    };
    let told = |of: &str| (Partial, format!("the portal has more of it than {of}; the rest was not fetched"));
    assert_eq!(ends(endless, Limits { pages_max: 7, ..quick() }), told("7 pages"));
    assert_eq!(ends(endless, Limits { resources_max: 9, ..quick() }), told("9 entries"));
    assert_eq!(ends(endless, Limits { bytes_max: 900, ..quick() }).0, Partial);
    let full = (Partial, "the portal sends more than one fetch takes".to_owned());
    assert_eq!(ends(endless, Limits { total_pages_max: 7, ..quick() }), full);
    assert_eq!(ends(endless, Limits { total_bytes_max: 900, ..quick() }), full);
    let empty = |asked: &Asked| bundle(&[], Some(&format!("Observation?page={}", asked.number)));
    assert_eq!(ends(empty, Limits { pages_max: 7, ..quick() }).0, Failed);
}

#[test]
fn links_in_a_ring_are_seen() {
    let ring = |asked: &Asked| {
        let next = if asked.target.ends_with("page=2") { "Observation?page=3" } else { "Observation?page=2" };
        bundle(&[resource("Observation", asked.number, "")], Some(next))
    };
    let why = "its pages lead back to a page that came before; what came until then was kept";
    assert_eq!(ends(ring, quick()), (Partial, why.into()));
}

#[test]
fn an_endless_body_ends_at_its_limit() {
    let limits = Limits { page_bytes_max: 1 << 20, request_ms: 5_000, ..quick() };
    assert_eq!(ends(|_| Reply::Endless, limits), (Failed, "the answer is longer than 1048576 bytes".into()));
}

#[test]
fn a_web_page_xml_and_other_things_are_told_for_what_they_are() {
    let html =
        |_: &Asked| Reply::With(200, "content-type: text/html\r\n", "<!DOCTYPE html><p>Sign in".into());
    assert_eq!(ends(html, quick()), (Failed, "the portal answered with a web page instead of data".into()));
    let xml = |_: &Asked| Reply::With(200, "", "<Bundle xmlns=\"http://hl7.org/fhir\"/>".into());
    assert_eq!(ends(xml, quick()), (Failed, "the portal answered in XML, which was not asked for".into()));
    for text in ["", "hello", "{\"resourceType\":", "[1]", "\u{0}\u{1}"] {
        let other = move |_: &Asked| Reply::Json(200, text.into());
        let why = "the portal answered with something that is not FHIR JSON";
        assert_eq!(ends(other, quick()), (Failed, why.into()), "{text}");
    }
}

#[test]
fn json_of_another_make_is_no_list_of_entries() {
    let why = "the portal answered with something else than a list of entries";
    for text in [
        r#"{"error":"x"}"#,
        r#"{"resourceType":"Patient","id":"p2"}"#,
        r#"{"resourceType":7}"#,
        r#"{"resourceType":"Bundle","entry":"many"}"#,
    ] {
        let other = move |_: &Asked| Reply::Json(200, text.into());
        assert_eq!(ends(other, quick()), (Failed, why.into()), "{text}");
    }
}

#[test]
fn a_next_page_on_another_server_is_not_asked_and_gets_no_token() {
    let other = Server::start(|asked| panic!("it was asked with {}", asked.token));
    let next = other.base.join("Observation?page=2").unwrap().to_string();
    let foreign = move |_: &Asked| bundle(&[resource("Observation", 1, "")], Some(&next));
    let why = "its next page lies on another server, which is not asked";
    assert_eq!(ends(foreign, quick()), (Partial, why.into()));
    assert!(other.asked.lock().unwrap().is_empty());
}

#[test]
fn a_server_that_asks_to_wait_for_ever_is_given_up() {
    let wait = |_: &Asked| Reply::With(429, "retry-after: 0\r\n", String::new());
    assert_eq!(ends(wait, quick()), (Failed, "the portal asked to wait at every try".into()));
    let without = |_: &Asked| Reply::Json(429, String::new());
    assert_eq!(ends(without, quick()).0, Failed);
}

#[test]
fn a_token_that_is_refused_for_ever_is_renewed_once() {
    let server = Server::start(|asked| match asked.target.as_str() {
        "/fhir/Patient/p1" => patient(),
        _ => Reply::Json(401, String::new()),
    });
    let memory = Memory::default();
    let queries: Vec<_> = ["a", "b", "c", "d", "e", "f", "g"].map(|id| query(id, "Observation")).to_vec();
    let ended = fetch_of(&server, "any", queries, quick(), &memory).unwrap();
    assert!(ended[1..].iter().all(|query| query.state == Refused));
    assert_eq!(ended[1].why, "the portal did not accept the sign-in for it (status 401)");
    assert_eq!(memory.refreshes.load(Ordering::SeqCst), 1);
}

#[test]
fn a_silent_server_is_given_up_as_a_whole() {
    let server = Server::start(|asked| match asked.target.as_str() {
        "/fhir/Patient/p1" => patient(),
        _ => Reply::Silent,
    });
    let ids: Vec<&'static str> = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMN".split("").collect();
    let queries: Vec<_> =
        ids.into_iter().filter(|id| !id.is_empty()).map(|id| query(id, "Observation")).collect();
    let limits = Limits { request_ms: 100, ..quick() };
    let began = Instant::now();
    let ended = fetch_of(&server, "any", queries, limits, &Memory::default()).unwrap();
    assert!(began.elapsed() < Duration::from_secs(5));
    assert!(ended[1..].iter().all(|query| query.state == Failed));
    assert!(ended[1].why.ends_with("took too long to answer"), "{}", ended[1].why);
    assert_eq!(ended[40].why, "it was not asked for, since the portal had stopped answering");
    assert!(server.times("/fhir/Observation") <= 30);
}
