//! How queries end, and what is told of it.

use super::super::super::rules::NoticeMeaning;
use super::super::super::vendors;
use super::server::*;
use crate::record::QueryState::{Empty, Failed, Partial, Refused, Whole};
use crate::sources::smart::plan::Query;

#[test]
fn the_person_is_read_first_then_every_query_page_by_page() {
    let server = Server::start(|asked| match asked.target.as_str() {
        "/fhir/Patient/p1" => patient(),
        "/fhir/Observation?patient=p1&category=laboratory&_count=100" => {
            bundle(&[resource("Observation", 1, r#","value":4.10"#)], Some("/fhir/Observation?page=2"))
        }
        "/fhir/Observation?page=2" => bundle(&[resource("Observation", 2, "")], None),
        "/fhir/Goal?patient=p1&_count=100" => bundle(&[], None),
        other => panic!("{other}"),
    });
    let labs =
        Query { parameters: vec![("category".into(), "laboratory".into())], ..query("labs", "Observation") };
    let memory = Memory::default();
    let ended = fetch_of(&server, "any", vec![labs, query("goals", "Goal")], quick(), &memory).unwrap();
    let told: Vec<_> = ended.iter().map(|query| (query.id.as_str(), query.state, query.read)).collect();
    assert_eq!(told, [("patient", Whole, 1), ("labs", Whole, 2), ("goals", Empty, 0)]);
    assert_eq!(server.asked.lock().unwrap()[0], "/fhir/Patient/p1");
    assert!(memory.text().contains(r#"{"resourceType":"Observation","id":"1","value":4.10}"#));
    let last = *memory.told.lock().unwrap().last().unwrap();
    assert_eq!((last.done, last.of, last.resources), (3, 3, 3));
}

#[test]
fn what_is_kept_is_read_as_it_came() {
    use crate::sources::formats::packed::{self, Packed};
    use crate::sources::{Draft, LeftOut, Limits, Receiver};
    #[derive(Default)]
    struct Drafts(Vec<String>, Vec<LeftOut>);
    impl Receiver for Drafts {
        fn draft(&mut self, draft: Draft) {
            self.0.push(draft.entry.key.to_string());
        }
        fn left_out(&mut self, left_out: LeftOut) {
            self.1.push(left_out);
        }
        fn progress(&mut self, _: u64) {}
    }
    let server = Server::start(|asked| {
        match asked.target.as_str() {
        "/fhir/Patient/p1" => patient(),
        _ => Reply::Json(
            200,
            r#"{"resourceType":"Bundle","link":[{"relation":"next","url":""}],"entry":[
            {"fullUrl":"urn:uuid:77","resource":{"resourceType":"Goal","lifecycleStatus":"active"}},
            {"resource":{"resourceType":"OperationOutcome","issue":[{"severity":"information","code":"informational"}]}},
            {"fullUrl":"urn:uuid:78","response":{"status":"404"}}]}"#
                .into(),
        ),
    }
    });
    let memory = Memory::default();
    fetch_of(&server, "any", vec![query("goals", "Goal")], quick(), &memory).unwrap();
    let mut drafts = Drafts::default();
    let pages = memory.pages.lock().unwrap().clone();
    let mut pages = pages.into_iter().map(|page| Packed { file: "page".into(), bytes: page.packed });
    let failures = packed::read(&Limits::default(), &mut drafts, || Ok(pages.next())).unwrap();
    assert!(failures.is_empty(), "{failures:?}");
    assert_eq!(drafts.0, ["Patient/p1", "Goal/77"]);
    let left_out: Vec<_> = drafts.1.iter().map(|left_out| left_out.reason.as_str()).collect();
    assert_eq!(left_out, ["the server answered 404 instead of sending a resource"]);
}

#[test]
fn a_resource_that_two_queries_bring_is_kept_once_and_counts_for_both() {
    let server = Server::start(|asked| match asked.target.as_str() {
        "/fhir/Patient/p1" => patient(),
        _ => bundle(&[resource("Observation", 1, "")], None),
    });
    let memory = Memory::default();
    let queries = vec![query("labs", "Observation"), query("observations", "Observation")];
    let ended = fetch_of(&server, "any", queries, quick(), &memory).unwrap();
    assert!(ended.iter().all(|query| query.state == Whole && query.read == 1 && query.has_brought));
    assert_eq!(memory.text().matches(r#""resourceType":"Observation""#).count(), 1);
}

#[test]
fn a_refused_type_is_told_and_stops_no_other() {
    let server = Server::start(|asked| match asked.target.split('?').next().unwrap() {
        "/fhir/Patient/p1" => patient(),
        "/fhir/Observation" => Reply::Json(403, r#"{"diagnostics":"Jane"}"#.into()),
        "/fhir/CarePlan" => Reply::Json(404, String::new()),
        "/fhir/Device" => Reply::Json(400, String::new()),
        _ => bundle(&[resource("Goal", 1, "")], None),
    });
    let queries = ["Observation", "CarePlan", "Device", "Goal"].map(|kind| query(kind, kind)).to_vec();
    let ended = fetch_of(&server, "any", queries, quick(), &Memory::default()).unwrap();
    let told: Vec<_> = ended[1..].iter().map(|query| (query.state, query.why.as_str())).collect();
    assert_eq!(
        told,
        [
            (Refused, "the portal does not permit this to plainchart (status 403)"),
            (Refused, "this portal does not offer it (status 404)"),
            (Refused, "this portal does not answer the question for it (status 400)"),
            (Whole, ""),
        ]
    );
}

#[test]
fn a_vendors_status_of_refusal_is_no_failure_and_is_asked_once() {
    let answer = |asked: &Asked| match asked.target.as_str() {
        "/fhir/Patient/p1" => patient(),
        _ => Reply::Json(500, String::new()),
    };
    let server = Server::start(answer);
    assert_eq!(one(&server, "drchrono", quick()).state, Refused);
    assert_eq!(server.times("/fhir/Observation"), 1);
    assert_eq!(one(&server, "any", quick()).state, Failed);
    assert_eq!(server.times("/fhir/Observation"), 4);
}

#[test]
fn a_type_that_the_server_does_not_list_is_not_asked_for() {
    let server = Server::start(|asked| match asked.target.as_str() {
        "/fhir/Patient/p1" => patient(),
        other => panic!("{other}"),
    });
    let client = crate::http::Client::new(crate::http::Reach::of(&server.base, &[])).unwrap();
    let random = crate::clock::Randomness::seeded(7);
    let job = super::super::Job {
        client: &client,
        base: &server.base,
        patient: "p1",
        vendor: vendors::named("any").unwrap(),
        queries: vec![query("goals", "Goal")],
        supported: Some(["Patient".to_owned()].into()),
        limits: quick(),
        random: &random,
    };
    let ended = super::super::fetch(&job, &Memory::default()).unwrap();
    assert_eq!((ended[1].state, ended[1].why.as_str()), (Refused, "this portal does not offer it"));
}

/// A page with a notice of this code beside one resource.
fn noticed(code: &str) -> String {
    let notice = format!(
        r#"{{"resourceType":"OperationOutcome","issue":[{{"severity":"warning","code":"processing",
        "details":{{"coding":[{{"code":"{code}"}}],"text":"Jane"}}}}]}}"#
    );
    bundle_text(&[resource("Observation", 1, ""), notice], None)
}

#[test]
fn a_notice_that_data_was_withheld_makes_it_partial_by_every_code_of_the_vendor() {
    for (code, meaning) in &vendors::named("epic").unwrap().notices {
        let body = noticed(code);
        let server = Server::start(move |asked| match asked.target.as_str() {
            "/fhir/Patient/p1" => patient(),
            _ => Reply::With(200, "content-type: application/json+fhir\r\n", body.clone()),
        });
        let ended = one(&server, "epic", quick());
        let is_missing = matches!(meaning, NoticeMeaning::Withheld | NoticeMeaning::Capped);
        assert_eq!(ended.state, if is_missing { Partial } else { Whole }, "{code}");
        assert_eq!(ended.why.contains(&format!("(code {code})")), is_missing, "{}", ended.why);
        assert!(!ended.why.contains("Jane"));
    }
}

#[test]
fn a_notice_in_place_of_a_bundle_is_nothing_or_a_refusal() {
    let notice = |code: &str| {
        format!(r#"{{"resourceType":"OperationOutcome","issue":[{{"severity":"error","code":"{code}"}}]}}"#)
    };
    for (code, state) in [("not-found", Empty), ("security", Refused), ("exception", Refused)] {
        let body = notice(code);
        let server = Server::start(move |asked| match asked.target.as_str() {
            "/fhir/Patient/p1" => patient(),
            _ => Reply::Json(200, body.clone()),
        });
        assert_eq!(one(&server, "any", quick()).state, state, "{code}");
    }
}
