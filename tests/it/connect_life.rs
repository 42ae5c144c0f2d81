//! The life of a connection: from the sign-in over every refresh to its end, told as stories.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs;
use std::process::Stdio;
use std::time::{Duration, Instant};

use plainchart::record::{Entry, Lifecycle, QueryState};
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::connect::{
    CLINIC, Connected, KNOWN, PATIENT, SigningIn, connect, entries, facts, fetched, follow, options, query,
    signal,
};
use crate::people::{Home, fixture};
use crate::records_store::hostile::Hostile;
use crate::records_store::running::{Options, Running, Store};
use crate::records_store::serving::Seen;
use crate::records_store::switches::{SignIn, Switch};

const CHILD: &str = "theo-okafor-lind";

/// A store with the adult and the child.
fn options_of_two(vendor: &str) -> Options {
    let people = ["adult/lakeside.json", "child/pediatrics.json"].map(fixture).to_vec();
    Options { people, ..options(vendor) }
}

/// Every refresh token that came to the token endpoint.
fn refresh_tokens(running: &Running) -> Vec<String> {
    let seen = running.log_of("/token").into_iter();
    seen.filter_map(|seen| seen.call.field("refresh_token").map(str::to_owned)).collect()
}

/// The versions of an entry at its source, the one that stands last.
fn versions(home: &Home, key: &str) -> Vec<Entry> {
    let mut found: Vec<Entry> = entries(home).into_iter().filter(|entry| entry.key == key).collect();
    found.sort_by_key(|entry| entry.lifecycle == Lifecycle::Live);
    found
}

fn lifecycles(home: &Home, key: &str) -> Vec<Lifecycle> {
    versions(home, key).iter().map(|entry| entry.lifecycle).collect()
}

#[test]
fn registered_authorized_fetched_answered_refreshed_revoked_reconnected_and_removed() {
    let connected = Connected::to("records", &[], "");
    let (running, home) = (&connected.running, &connected.home);
    let first = facts(home);
    let answer = home.call("get_labs", r#"{"query":"hemoglobin a1c","limit":1}"#);
    assert!(answer.contains(CLINIC), "{answer}");
    let ids: BTreeSet<String> = entries(home).iter().map(|entry| entry.id.to_string()).collect();

    // Two refreshes, for which the access token has to be renewed: each refresh token is used once.
    for _ in 0..2 {
        running.set(Switch::ExpireAccess);
        let said = connected.refresh().ok();
        assert!(said.contains("0 new"), "{said}");
    }
    let used = refresh_tokens(running);
    let each: HashSet<&String> = used.iter().collect();
    assert_eq!((used.len(), each.len()), (2, 2));
    assert_eq!(running.counts().reused_refresh_tokens, 0);
    assert_eq!(facts(home), first);

    // The person takes the access away at the portal.
    running.set(Switch::RevokeAll);
    let said = connected.refresh().refused(1);
    assert!(said.contains("the sign-in at this portal has ended"), "{said}");
    assert!(said.contains("sign in once more: plainchart connect"), "{said}");
    let listed = home.run(&["sources"]).ok();
    assert!(listed.contains(&format!("sign in again: plainchart connect {CLINIC:?}")), "{listed}");
    for tool in ["check_records_status", "get_labs"] {
        let answer = home.call(tool, "{}");
        assert!(answer.contains(CLINIC) && answer.contains("sign-in"), "{tool}: {answer}");
    }
    let asked = running.log_of("/token").len();
    connected.refresh().refused(1);
    assert_eq!(running.log_of("/token").len(), asked, "a sign-in that has ended is not tried again");
    assert_eq!(facts(home), first, "what was there stays");

    // One step: the name alone.
    let again = SigningIn::begin(home, &[CLINIC], "");
    follow(again.start.as_ref().unwrap());
    let said = again.end();
    assert!(said.code == 0 && said.out.contains("0 new"), "{}{}", said.out, said.err);
    let listed = home.run(&["sources"]).ok();
    assert_eq!(listed.matches(CLINIC).count(), 1, "it is the same source: {listed}");
    assert!(!listed.contains("sign in again"), "{listed}");
    let after: BTreeSet<String> = entries(home).iter().map(|entry| entry.id.to_string()).collect();
    assert_eq!(after, ids);

    // Removed, and told to the portal.
    let said = home.run(&["sources", "remove", CLINIC]).ok();
    assert!(said.contains("its access was given back"), "{said}");
    assert!(running.counts().revocations >= 1);
    assert_eq!(facts(home), first, "what it brought stays");
    assert!(home.run(&["refresh"]).code != 0);
    let listed = home.run(&["sources"]).ok();
    assert!(listed.contains("it is no longer connected"), "{listed}");
}

#[test]
fn the_access_that_was_given_back_is_of_no_use_to_anybody() {
    let connected = Connected::to("records", &[], "");
    let token = connected.asked_for("Immunization")[0].call.bearer().unwrap().to_owned();
    connected.home.run(&["sources", "remove", CLINIC]).ok();
    let revoked = connected.asked_for("revoke");
    assert_eq!((revoked.len(), revoked[0].status), (1, Some(200)));
    assert_eq!(revoked[0].call.field("token_type_hint"), Some("refresh_token"));
    let client = reqwest::blocking::Client::new();
    let asked =
        client.get(format!("{}/Patient", connected.running.base())).bearer_auth(token).send().unwrap();
    assert_eq!(asked.status(), 401);
}

#[test]
fn a_portal_that_cannot_be_told_is_removed_all_the_same_and_the_person_hears_of_it() {
    let connected = Connected::to("records", &[], "");
    connected.running.set(Switch::FailNext {
        place: Some("revoke".into()),
        requests: 9,
        status: 500,
        retry_after: None,
    });
    let said = connected.home.run(&["sources", "remove", CLINIC]).ok();
    assert!(said.contains("The portal could not be told"), "{said}");
    assert!(said.contains("end the access there"), "{said}");
    assert!(connected.home.run(&["refresh"]).err.contains("no portal is connected"));
}

#[test]
fn removed_with_its_entries_no_original_is_left_in_the_file() {
    let connected = Connected::to("quiet", KNOWN, "");
    let home = &connected.home;
    let originals = bodies(home, &["original", "segment"]);
    assert!(originals.len() > 1 && originals.iter().all(|body| body.len() > 64));
    let said = home.run(&["sources", "remove", CLINIC, "--with-entries"]).ok();
    assert!(said.contains("entries went with it"), "{said}");
    assert!(entries(home).is_empty());
    assert!(bodies(home, &["original", "page", "source", "job"]).is_empty());
    for file in fs::read_dir(home.home()).unwrap() {
        let path = file.unwrap().path();
        let bytes = fs::read(&path).unwrap_or_default();
        for body in &originals {
            let part = &body[body.len() / 2..][..32];
            assert!(!bytes.windows(32).any(|window| window == part), "{}", path.display());
        }
    }
    let listed = home.run(&["sources"]).ok();
    assert!(!listed.contains(CLINIC), "{listed}");
}

/// The sealed bodies of these kinds of row.
fn bodies(home: &Home, kinds: &[&str]) -> Vec<Vec<u8>> {
    let database = Connection::open(home.store()).unwrap();
    let mut rows = database.prepare("SELECT body FROM rows WHERE kind = ?1").unwrap();
    let of_kind = |kind: &&str| {
        let found = rows.query_map([kind], |row| row.get(0)).unwrap();
        found.map(Result::unwrap).collect::<Vec<Vec<u8>>>()
    };
    kinds.iter().flat_map(of_kind).collect()
}

/// A result of the laboratory, and its place in answers.
fn a_lab(running: &Running) -> (String, Value) {
    let served = running.served(PATIENT).into_iter();
    let mut labs = served.filter(|resource| {
        resource["category"][0]["coding"][0]["code"] == "laboratory" && resource["valueQuantity"].is_object()
    });
    let lab = labs.nth(7).unwrap();
    (format!("Observation/{}", lab["id"].as_str().unwrap()), lab)
}

fn remove(running: &Running, key: &str) {
    let (kind, id) = key.split_once('/').unwrap();
    running.set(Switch::Remove { kind: kind.into(), id: id.into() });
}

#[test]
fn what_the_portal_changes_becomes_a_new_version() {
    let connected = Connected::to("epic", KNOWN, "");
    let (running, home) = (&connected.running, &connected.home);
    let (key, mut lab) = a_lab(running);
    let before = versions(home, &key).pop().unwrap();
    lab["valueQuantity"]["value"] = json!(77.25);
    lab["status"] = "amended".into();
    running.set(Switch::Put(lab));
    let said = connected.refresh().ok();
    assert!(said.contains("0 new") && said.contains("1 changed"), "{said}");
    assert_eq!(lifecycles(home, &key), [Lifecycle::Replaced, Lifecycle::Live]);
    let live = versions(home, &key).pop().unwrap();
    assert_eq!((live.id, live.status.as_deref()), (before.id, Some("amended")));
    let shown = home.call("get_record", &json!({ "id": live.id.to_string() }).to_string());
    assert!(shown.contains("77.25"), "{shown}");
}

#[test]
fn what_the_portal_removed_is_gone_only_after_a_complete_query_and_comes_back_as_itself() {
    let connected = Connected::to("epic", KNOWN, "");
    let (running, home) = (&connected.running, &connected.home);
    let (key, lab) = a_lab(running);
    let id = versions(home, &key)[0].id;
    remove(running, &key);

    // The query fails: nothing is known of what is not there.
    let place = Some("Observation".to_owned());
    running.set(Switch::Hostile { mode: Some(Hostile::HtmlForJson), place: place.clone() });
    let said = connected.refresh().ok();
    assert!(said.contains("laboratory results: failed: the portal answered with a web page"), "{said}");
    assert_eq!(lifecycles(home, &key), [Lifecycle::Live]);
    running.set(Switch::Hostile { mode: None, place });

    // A part is held back, then one query is refused.
    running.set(Switch::Withhold { kind: "Observation".into(), keeps: 500 });
    connected.refresh().ok();
    assert_eq!(query(home, "labs").state, QueryState::Partial);
    assert_eq!(lifecycles(home, &key), [Lifecycle::Live]);
    running.set(Switch::AllowAll);
    let category = Some("category=laboratory".to_owned());
    let text = "not now".to_owned();
    running.set(Switch::Refuse { kind: "Observation".into(), query: category, status: 403, text });
    connected.refresh().ok();
    assert_eq!(query(home, "labs").state, QueryState::Refused);
    assert_eq!(lifecycles(home, &key), [Lifecycle::Live]);
    running.set(Switch::AllowAll);

    // Everything of the type was seen.
    let said = connected.refresh().ok();
    assert!(said.contains("1 entry is no longer at the source: kept, and told as gone"), "{said}");
    assert_eq!(lifecycles(home, &key), [Lifecycle::Gone]);
    assert_eq!(versions(home, &key)[0].id, id);
    let gone = entries(home).iter().filter(|entry| entry.lifecycle == Lifecycle::Gone).count();
    assert_eq!(gone, 1, "and nothing else");
    assert!(connected.refresh().ok().contains("0 new"), "once gone, it stays so");

    running.set(Switch::Put(lab));
    connected.refresh().ok();
    assert_eq!(lifecycles(home, &key), [Lifecycle::Live]);
    assert_eq!(versions(home, &key)[0].id, id, "it is cited as before");
}

#[test]
fn somebody_elses_record_is_refused_before_anything_is_kept_and_the_access_is_given_back() {
    let running = Store::start(&options("records")).unwrap();
    let home = Home::new();
    home.import(&["child/pediatrics.json"]);
    let before = facts(&home);
    let said = connect(&home, &running, &[], "").refused(5);
    assert!(said.contains("Maria") && said.contains("--person NAME"), "{said}");
    assert!(running.log_of("/Observation").is_empty(), "nothing of the record was asked for");
    let (counts, revoked) = (running.counts(), running.log_of("/revoke"));
    assert_eq!((counts.revocations, revoked[0].call.field("token_type_hint")), (1, Some("refresh_token")));
    assert_eq!(facts(&home), before);
    assert!(!home.run(&["sources"]).ok().contains(CLINIC));
    assert!(bodies(&home, &["source", "page", "job"]).is_empty());
}

#[test]
fn a_record_that_cannot_be_told_apart_is_connected_where_the_person_says_so() {
    let running = Store::start(&options("quiet")).unwrap();
    let home = Home::new();
    let other = json!({ "resourceType": "Patient", "id": "p", "birthDate": "1961-04-17", "gender": "female",
        "name": [{ "family": "Quinn", "given": ["Mary"] }] });
    home.run(&["import", &home.file("other.ndjson", other.to_string())]).ok();
    let said = connect(&home, &running, KNOWN, "").refused(5);
    assert!(said.contains("--same-person"), "{said}");
    assert!(bodies(&home, &["source"]).is_empty() && running.counts().revocations == 1);
    let said = connect(&home, &running, &[KNOWN, &["--same-person"]].concat(), "");
    assert_eq!(said.code, 0, "{}", said.err);
    // What was said once holds for every refresh.
    home.run(&["refresh"]).ok();
}

#[test]
fn two_people_of_one_home_have_their_own_connections() {
    let running = Store::start(&options_of_two("quiet")).unwrap();
    let home = Home::new();
    let base = running.base();
    for (person, patient) in [("maria", PATIENT), ("theo", CHILD)] {
        running.set(Switch::SignIn(Some(SignIn::Own(patient.into()))));
        let arguments = ["--person", person, "connect", "--no-browser", &base, "--source", CLINIC];
        let signing_in = SigningIn::of(home.command(&[&arguments, KNOWN].concat()), "");
        follow(signing_in.start.as_ref().unwrap());
        signing_in.end().ok();
    }
    for (person, own, other) in [("maria", "Maria", "Theo"), ("theo", "Theo", "Maria")] {
        let summary = home.run(&["--person", person, "call", "summarize_history"]).ok();
        assert!(summary.contains(own) && !summary.contains(other), "{person}: {summary}");
        running.clear_log();
        home.run(&["--person", person, "refresh"]).ok();
        let patient = if person == "maria" { PATIENT } else { CHILD };
        let asked =
            running.log().into_iter().filter_map(|seen| seen.call.field("patient").map(str::to_owned));
        assert_eq!(asked.collect::<HashSet<_>>(), HashSet::from([patient.to_owned()]));
    }
    home.run(&["--person", "theo", "sources", "remove", CLINIC]).ok();
    home.run(&["--person", "maria", "refresh"]).ok();
}

#[test]
fn ctrl_c_while_the_person_signs_in_leaves_nothing_behind() {
    let running = Store::start(&options("records")).unwrap();
    let home = Home::new();
    let base = running.base();
    let signing_in = SigningIn::begin(&home, &[&base, "--source", CLINIC], "");
    signing_in.signal("INT");
    let began = Instant::now();
    let said = signing_in.end().refused(1);
    assert!(began.elapsed() < Duration::from_secs(5) && said.contains("nothing was kept"), "{said}");
    assert!(bodies(&home, &["source", "page", "job", "original", "segment"]).is_empty());
    assert!(home.run(&["sources"]).refused(1).contains("there is no record here yet"));
    assert!(running.log_of("/token").is_empty());
}

#[test]
fn ctrl_c_twice_ends_at_once_where_the_portal_does_not_answer() {
    let connected = Connected::to("quiet", KNOWN, "");
    let before = facts(&connected.home);
    connected.running.set(Switch::Hostile { mode: Some(Hostile::Stalled), place: None });
    connected.running.clear_log();
    let mut command = connected.home.command(&["refresh"]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    while connected.running.log().is_empty() {
        std::thread::sleep(Duration::from_millis(2));
    }
    let began = Instant::now();
    while child.try_wait().unwrap().is_none() {
        // Two that come at the same moment are one to the system.
        signal(child.id(), "INT");
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(began.elapsed() < Duration::from_secs(5));
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(facts(&connected.home), before);
    assert!(connected.home.run(&["sources"]).ok().contains("a fetch was cut off"));
}

/// The addresses of searches and reads that were answered.
fn answered(seen: Vec<Seen>) -> BTreeMap<String, usize> {
    let mut asked = BTreeMap::new();
    for seen in seen.into_iter().filter(|seen| seen.status == Some(200) && seen.call.bearer().is_some()) {
        *asked.entry(format!("{}?{:?}", seen.call.path, seen.call.query)).or_insert(0) += 1;
    }
    asked
}

#[test]
fn ctrl_c_during_the_fetch_keeps_what_came_and_the_next_refresh_goes_on_there() {
    let whole = Connected::to("quiet", KNOWN, "");
    let running = Store::start(&Options { delay_ms: 40, ..options("quiet") }).unwrap();
    let home = Home::new();
    let base = running.base();
    let signing_in = SigningIn::begin(&home, &[&[base.as_str(), "--source", CLINIC], KNOWN].concat(), "");
    follow(signing_in.start.as_ref().unwrap());
    while answered(running.log()).len() < 25 {
        std::thread::sleep(Duration::from_millis(2));
    }
    signing_in.signal("INT");
    let said = signing_in.end().refused(1);
    assert!(said.contains("what was fetched so far is kept"), "{said}");
    let first = answered(running.log());
    let listed = home.run(&["sources"]).ok();
    assert!(listed.contains(&format!("{CLINIC}: connected, never read")), "{listed}");
    assert!(entries(&home).is_empty(), "the record changes once, at the end");

    running.clear_log();
    running.set(Switch::Delay { place: None, delay_ms: 0 });
    home.run(&["refresh"]).ok();
    let second = answered(running.log());
    let twice: Vec<&String> = second.keys().filter(|asked| first.contains_key(*asked)).collect();
    // What was on its way at that moment is asked again: five at a time, and a page ahead of each.
    assert!(
        twice.len() <= 10 && first.len() >= 25,
        "{} of {} were asked again: {twice:#?}",
        twice.len(),
        first.len()
    );
    assert_eq!(facts(&home), facts(&whole.home));
    assert!(fetched(&home).queries.iter().all(|query| query.state.is_complete() || query.read == 0));
    assert!(bodies(&home, &["page"]).is_empty(), "the pages have gone where they belong");
}

#[test]
fn a_connection_that_is_made_twice_is_one_and_another_persons_is_not_taken_over() {
    let connected = Connected::to("quiet", KNOWN, "");
    let before = facts(&connected.home);
    let said = connect(&connected.home, &connected.running, KNOWN, "");
    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!(bodies(&connected.home, &["source"]).len(), 1);
    assert_eq!(facts(&connected.home), before);
}
