//! What entries name is read singly, inside of the base, once, and to a depth.

use super::super::Limits;
use super::server::*;
use crate::record::Queried;
use crate::record::QueryState::{Failed, Partial, Refused, Whole};

fn named(references: &[&str]) -> Reply {
    let all: Vec<String> =
        references.iter().map(|reference| format!(r#"{{"reference":"{reference}"}}"#)).collect();
    bundle(&[resource("Observation", 1, &format!(r#","performer":[{}]"#, all.join(",")))], None)
}

fn chased(ended: &[Queried]) -> Vec<(&str, crate::record::QueryState, u32)> {
    let chased = ended.iter().filter(|query| query.id.starts_with("chase:"));
    chased.map(|query| (query.id.as_str(), query.state, query.read)).collect()
}

#[test]
fn what_entries_name_is_read_once_and_what_that_names_too() {
    let server = Server::start(|asked| match asked.target.as_str() {
        "/fhir/Patient/p1" => patient(),
        "/fhir/PractitionerRole/1" => Reply::Json(
            200,
            resource(
                "PractitionerRole",
                1,
                r#","practitioner":{"reference":"Practitioner/2"},"organization":{"reference":"Organization/3"}"#,
            ),
        ),
        "/fhir/Practitioner/2" => Reply::Json(200, resource("Practitioner", 2, "")),
        "/fhir/Organization/3" => {
            Reply::Json(200, resource("Organization", 3, r#","partOf":{"reference":"Organization/3"}"#))
        }
        other if other.starts_with("/fhir/Observation?") || other.starts_with("/fhir/Goal?") => named(&[
            "PractitionerRole/1",
            "PractitionerRole/1/_history/4",
            "Patient/p1",
            "https://other.example.org/Practitioner/9",
        ]),
        other => panic!("{other}"),
    });
    let memory = Memory::default();
    let queries = vec![query("labs", "Observation"), query("goals", "Goal")];
    let ended = fetch_of(&server, "any", queries, quick(), &memory).unwrap();
    let expected = [
        ("chase:Practitioner", Whole, 1),
        ("chase:PractitionerRole", Whole, 1),
        ("chase:Organization", Whole, 1),
    ];
    assert_eq!(chased(&ended), expected);
    assert_eq!(server.times("/fhir/PractitionerRole/"), 1);
    assert!(memory.text().contains(r#""resourceType":"Practitioner","id":"2""#));
}

#[test]
fn what_is_not_to_be_had_is_counted_and_stops_nothing() {
    let server = Server::start(|asked| match asked.target.as_str() {
        "/fhir/Patient/p1" => patient(),
        "/fhir/Practitioner/1" => Reply::Json(200, resource("Practitioner", 1, "")),
        "/fhir/Practitioner/2" => Reply::Json(404, String::new()),
        "/fhir/Practitioner/3" => Reply::Json(200, resource("Device", 3, "")),
        other if other.starts_with("/fhir/Location/") => Reply::Json(403, String::new()),
        _ => named(&[
            "Practitioner/1",
            "Practitioner/2",
            "Practitioner/3",
            "Location/1",
            "Location/2",
            "Location/3",
            "Location/4",
            "Location/5",
        ]),
    });
    let limits = Limits { at_a_time: 1, ..quick() };
    let ended =
        fetch_of(&server, "any", vec![query("labs", "Observation")], limits, &Memory::default()).unwrap();
    assert_eq!(chased(&ended), [("chase:Practitioner", Partial, 1), ("chase:Location", Refused, 0)]);
    assert_eq!(ended[2].why, "2 of 3 could not be had: the portal does not hold it under that name");
    // After three refusals nothing more of the type is asked for.
    assert_eq!(server.times("/fhir/Location/"), 3);
}

#[test]
fn the_depth_and_the_number_have_a_limit() {
    let server = Server::start(|asked| match asked.target.strip_prefix("/fhir/Organization/") {
        Some(id) => {
            let next: u32 = id.parse::<u32>().unwrap() + 1;
            let more = format!(r#","partOf":{{"reference":"Organization/{next}"}}"#);
            Reply::Json(200, resource("Organization", id, &more))
        }
        None if asked.target.starts_with("/fhir/Patient") => patient(),
        None => named(&["Organization/1"]),
    });
    let queries = || vec![query("labs", "Observation")];
    let ended = fetch_of(&server, "any", queries(), quick(), &Memory::default()).unwrap();
    assert_eq!(chased(&ended), [("chase:Organization", Partial, 3)]);
    assert_eq!(ended[2].why, "1 of 4 could not be had: they are named too far from the person's own entries");
    let limits = Limits { references_max: 2, ..quick() };
    let ended = fetch_of(&server, "any", queries(), limits, &Memory::default()).unwrap();
    assert_eq!(chased(&ended), [("chase:Organization", Partial, 2)]);
    assert_eq!(ended[2].why, "entries name more than 2 things");
}

#[test]
fn documents_are_read_as_they_come_and_only_below_the_base() {
    let server = Server::start(|asked| match asked.target.as_str() {
        "/fhir/Patient/p1" => patient(),
        "/fhir/Binary/1" => {
            Reply::Json(200, resource("Binary", 1, r#","contentType":"text/plain","data":"aGk=""#))
        }
        "/fhir/Binary/2" => {
            Reply::With(200, "content-type: text/html; charset=utf-8\r\n", "<p>note</p>".into())
        }
        "/fhir/files/a.pdf?x=1" => Reply::With(200, "content-type: application/pdf\r\n", "%PDF".into()),
        "/fhir/Binary/3" => Reply::With(302, "location: /login\r\n", String::new()),
        "/login" => Reply::With(200, "content-type: text/html\r\n", "<p>sign in</p>".into()),
        other if other.starts_with("/fhir/DocumentReference?") => {
            let attachment = |url: &str| format!(r#"{{"attachment":{{"url":"{url}"}}}}"#);
            let file = format!("http://{}/fhir/files/a.pdf?x=1", host());
            let content = ["Binary/1", "Binary/2", "Binary/3", &file, "https://files.example.org/b.pdf"];
            let content: Vec<String> = content.iter().map(|url| attachment(url)).collect();
            let more = format!(r#","content":[{}]"#, content.join(","));
            bundle(&[resource("DocumentReference", 1, &more)], None)
        }
        other => panic!("{other}"),
    });
    HOST.set(server.base.authority().to_owned()).unwrap();
    let memory = Memory::default();
    let ended =
        fetch_of(&server, "any", vec![query("notes", "DocumentReference")], quick(), &memory).unwrap();
    assert_eq!(chased(&ended), [("chase:Binary", Partial, 3)]);
    assert_eq!(
        ended[2].why,
        "1 of 4 could not be had: the portal answered with a web page instead of data; \
         1 lie on another server, which is not asked"
    );
    let text = memory.text();
    assert!(text.contains(r#""id":"2","contentType":"text/html; charset=utf-8","data":"PHA+bm90ZTwvcD4=""#));
    assert!(text.contains(&format!(
        r#""id":"http://{}/fhir/files/a.pdf?x=1","contentType":"application/pdf""#,
        host()
    )));
}

static HOST: std::sync::OnceLock<String> = std::sync::OnceLock::new();

fn host() -> String {
    HOST.get().unwrap().clone()
}

#[test]
fn a_document_that_is_too_large_is_told() {
    let server = Server::start(|asked| match asked.target.as_str() {
        "/fhir/Patient/p1" => patient(),
        "/fhir/Binary/1" => Reply::Endless,
        _ => bundle(
            &[resource("DocumentReference", 1, r#","content":[{"attachment":{"url":"Binary/1"}}]"#)],
            None,
        ),
    });
    let limits = Limits { document_bytes_max: 1 << 20, request_ms: 5_000, ..quick() };
    let queries = vec![query("notes", "DocumentReference")];
    let ended = fetch_of(&server, "any", queries, limits, &Memory::default()).unwrap();
    assert_eq!(chased(&ended), [("chase:Binary", Failed, 0)]);
    assert_eq!(ended[2].why, "1 of 1 could not be had: the answer is longer than 1048576 bytes");
}

#[test]
fn what_a_query_of_the_plan_brought_whole_is_not_read_singly() {
    let server = Server::start(|asked| match asked.target.split('?').next().unwrap() {
        "/fhir/Patient/p1" => patient(),
        "/fhir/RelatedPerson" => bundle(&[resource("RelatedPerson", 1, "")], None),
        "/fhir/Observation" => named(&["RelatedPerson/1", "RelatedPerson/2"]),
        other => panic!("{other}"),
    });
    let queries = vec![query("labs", "Observation"), query("related", "RelatedPerson")];
    let ended = fetch_of(&server, "any", queries, quick(), &Memory::default()).unwrap();
    assert!(chased(&ended).is_empty());
}

#[test]
fn a_chase_that_was_cut_off_reads_nothing_twice() {
    let server = Server::start(|asked| match asked.target.strip_prefix("/fhir/Practitioner/") {
        Some(id) => Reply::Json(200, resource("Practitioner", id, "")),
        None if asked.target.starts_with("/fhir/Patient") => patient(),
        None => {
            let all: Vec<String> = (100..150).map(|id| format!("Practitioner/{id}")).collect();
            named(&all.iter().map(String::as_str).collect::<Vec<_>>())
        }
    });
    let limits = Limits { at_a_time: 1, ..quick() };
    let mut memory = Memory { pages_max: Some(3), ..Memory::default() };
    let queries = || vec![query("labs", "Observation")];
    assert!(fetch_of(&server, "any", queries(), limits, &memory).is_err());
    memory.pages_max = None;
    let ended = fetch_of(&server, "any", queries(), limits, &memory).unwrap();
    assert_eq!(chased(&ended), [("chase:Practitioner", Whole, 50)]);
    assert!((100..120).all(|id| server.times(&format!("/fhir/Practitioner/{id}")) == 1));
    assert!((100..150).all(|id| memory.text().matches(&format!(r#""id":"{id}""#)).count() == 1));
}
