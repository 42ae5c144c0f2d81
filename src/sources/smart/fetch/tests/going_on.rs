//! Fetches that wait, go on, begin again and end.

use std::sync::atomic::Ordering;

use super::super::{Limits, Stop};
use super::server::*;
use crate::record::QueryState::{Failed, Partial, Refused, Whole};

/// Pages of one resource each, to the last one.
fn pages(asked: &Asked, last: usize) -> Reply {
    if asked.target.starts_with("/fhir/Patient/") {
        return patient();
    }
    let page: usize = asked.target.split("page=").nth(1).map_or(1, |page| page.parse().unwrap());
    let next = (page < last).then(|| format!("Observation?page={}", page + 1));
    bundle(&[resource("Observation", page, "")], next.as_deref())
}

#[test]
fn a_fetch_that_was_cut_off_goes_on_where_it_stopped_at_every_page() {
    for cut_at in 0..6 {
        let server = Server::start(|asked| pages(asked, 5));
        let mut memory = Memory { pages_max: Some(cut_at), ..Memory::default() };
        let limits = Limits { at_a_time: 1, ..quick() };
        let stopped = fetch_of(&server, "any", vec![query("labs", "Observation")], limits, &memory);
        assert!(matches!(stopped, Err(Stop::NotKept(_))), "{cut_at}");
        memory.pages_max = None;
        let ended = fetch_of(&server, "any", vec![query("labs", "Observation")], limits, &memory).unwrap();
        assert_eq!((ended[1].state, ended[1].read), (Whole, 5), "{cut_at}");
        let text = memory.text();
        assert!((1..=5).all(|id| text.matches(&format!(r#""id":"{id}""#)).count() == 1), "{cut_at}");
        // What was kept is not asked again; what was under way when it was cut off is.
        for kept in 1..cut_at {
            let target = if kept == 1 {
                "/fhir/Observation?patient".into()
            } else {
                format!("/fhir/Observation?page={kept}")
            };
            assert_eq!(server.times(&target), 1, "{cut_at} {target}");
        }
    }
}

#[test]
fn a_query_that_had_ended_is_not_asked_again() {
    let server = Server::start(|asked| pages(asked, 2));
    let memory = Memory::default();
    let first = fetch_of(&server, "any", vec![query("labs", "Observation")], quick(), &memory).unwrap();
    let asked = server.asked.lock().unwrap().len();
    let second = fetch_of(&server, "any", vec![query("labs", "Observation")], quick(), &memory).unwrap();
    assert_eq!((first, asked), (second, server.asked.lock().unwrap().len()));
}

#[test]
fn a_link_that_is_held_no_longer_leads_back_to_the_beginning_once() {
    let server = Server::start(|asked| match asked.target.contains("page=3") && asked.number < 5 {
        true => Reply::Json(410, String::new()),
        false => pages(asked, 4),
    });
    let ended = one(&server, "any", quick());
    assert_eq!((ended.state, ended.read), (Whole, 4));
    assert_eq!(server.times("/fhir/Observation?patient"), 2);
    let never = Server::start(|asked| match asked.target.contains("page=3") {
        true => Reply::Json(404, String::new()),
        false => pages(asked, 4),
    });
    let ended = one(&never, "any", quick());
    assert_eq!((ended.state, ended.read), (Partial, 2));
    assert_eq!(ended.why, "the portal no longer held its pages, twice");
}

#[test]
fn a_token_that_has_run_out_is_renewed_once_for_all_threads() {
    let server = Server::start(|asked| match asked.token.as_str() {
        "token-0" => Reply::Json(401, String::new()),
        _ => pages(asked, 2),
    });
    let memory = Memory::default();
    let queries: Vec<_> = ["a", "b", "c", "d", "e", "f"].map(|id| query(id, "Observation")).to_vec();
    let ended = fetch_of(&server, "any", queries, quick(), &memory).unwrap();
    assert!(ended.iter().all(|query| query.state == Whole));
    assert_eq!(memory.refreshes.load(Ordering::SeqCst), 1);
}

#[test]
fn a_server_that_asks_to_wait_is_left_alone_so_long() {
    let server = Server::start(|asked| match asked.number {
        1 => Reply::With(429, "retry-after: 1\r\n", String::new()),
        _ => pages(asked, 1),
    });
    let began = std::time::Instant::now();
    assert_eq!(one(&server, "any", quick()).state, Whole);
    assert!(began.elapsed().as_millis() >= 1_000);
}

#[test]
fn a_longer_wait_than_anybody_waits_is_told() {
    let server = Server::start(|asked| match asked.target.as_str() {
        "/fhir/Patient/p1" => patient(),
        _ => Reply::With(503, "retry-after: 3600\r\n", String::new()),
    });
    let ended = one(&server, "any", quick());
    assert_eq!((ended.state, ended.why.as_str()), (Failed, "the portal asks to come back in 60 minutes"));
    assert_eq!(server.times("/fhir/Observation"), 1);
}

#[test]
fn what_fails_in_passing_is_asked_again() {
    let server = Server::start(|asked| match asked.number {
        1 => Reply::Json(502, String::new()),
        2 => Reply::Cut,
        _ => pages(asked, 2),
    });
    assert_eq!(one(&server, "any", quick()).state, Whole);
}

#[test]
fn a_fetch_that_is_to_end_ends() {
    let server = Server::start(|asked| pages(asked, 2));
    let memory = Memory::default();
    memory.is_stopped.store(true, Ordering::SeqCst);
    let ended = fetch_of(&server, "any", vec![query("labs", "Observation")], quick(), &memory);
    assert!(matches!(ended, Err(Stop::Asked)));
    assert!(server.asked.lock().unwrap().is_empty());
}

#[test]
fn somebody_else_than_the_person_who_signed_in_is_not_kept() {
    let server = Server::start(|asked| match asked.target.starts_with("/fhir/Patient") {
        true => Reply::Json(200, resource("Patient", "other", "")),
        false => Reply::Json(403, String::new()),
    });
    let memory = Memory::default();
    let ended = fetch_of(&server, "any", vec![query("labs", "Observation")], quick(), &memory).unwrap();
    assert_eq!((ended[0].state, ended[1].state), (Failed, Refused));
    assert!(memory.pages.lock().unwrap().is_empty());
}

#[test]
fn no_minute_sees_more_requests_than_the_vendor_takes() {
    let server = Server::start(|asked| pages(asked, 1_000));
    // 225 of the 250 that this vendor takes in a minute, and the time is over before the next ones.
    let limits = Limits { total_ms: 4_000, ..quick() };
    let ended = one(&server, "eclinicalworks", limits);
    assert_eq!((ended.state, ended.why.as_str()), (Partial, "the fetch took too long as a whole"));
    assert_eq!(server.asked.lock().unwrap().len(), 225);
}
