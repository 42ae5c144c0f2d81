//! Several accounts that care for one person: none is told through another's assistants what it may not see itself.

use super::consent::{CALLBACK, address, answer};
use super::*;
use plainchart::access::OwnerId;
use plainchart::access::audit::{self, Event, Outcome};
use plainchart::ingest::{self, Request as Import};
use plainchart::store::Sealed;

// RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
/// A clinic of which everything is sensitive, and one of which nothing is.
const CLINIC: &str = r#"{"resourceType":"Bundle","type":"collection","entry":[
    {"resource":{"resourceType":"Patient","id":"p","name":[{"text":"Theo Alvarez"}],"birthDate":"2011-03-01"}},
    {"resource":{"resourceType":"Condition","id":"c","subject":{"reference":"Patient/p"},
        "code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"B20","display":"HIV disease"}]}}}]}"#;
const SCHOOL: &str = r#"{"resourceType":"Bundle","type":"collection","entry":[
    {"resource":{"resourceType":"Patient","id":"q","name":[{"text":"Theo Alvarez"}],"birthDate":"2011-03-01"}},
    {"resource":{"resourceType":"Immunization","id":"i","status":"completed","patient":{"reference":"Patient/q"},
        "occurrenceDateTime":"2020-09-01","vaccineCode":{"text":"Influenza"}}}]}"#;

/// A parent and their child of fifteen, each with an account, and the record that both care for.
struct Family<'a> {
    parent: Browser<'a>,
    child: Browser<'a>,
    person: String,
    rows: Sealed,
}

impl<'a> Family<'a> {
    fn of(served: &'a Served) -> Family<'a> {
        let mut parent = served.signed_up("anna@example.org");
        let person = parent.add_person("Theo", "parent", "2011-03-01");
        let path = format!("/settings/people/{person}");
        let page = parent.get(&path);
        let page = parent.send(&page, &path, &[("act", "invite"), ("relation", "own")]);
        // The form's mark is that of its purpose, which is not its path.
        let link = page.html.split("invitation=").nth(1).unwrap().split('<').next().unwrap().to_owned();
        let mut child = served.browser();
        let page = child.get(&format!("/sign-up?invitation={link}"));
        let fields = [("name", "theo@example.org"), ("password", PASSWORD), ("invitation", &*link)];
        child.send(&page, "/sign-up", &fields).leads_to("/");
        let rows = served.server.vault().owner(&OwnerId::parse(&person).unwrap()).unwrap().unwrap();
        Family { parent, child, person, rows }
    }

    fn import(&self, source: &str, bundle: &str) {
        let request = Import { source: Some(source.into()), is_same_person: true, ..Import::default() };
        ingest::import_held(&self.rows, &request, &[("bundle.json", bundle.as_bytes())]).unwrap();
    }

    fn line(&self, id: &str, entry: &str) {
        let who = format!("Assistant (1), grant {id}");
        let (tool, entries) = ("get_conditions".to_owned(), vec![entry.to_owned()]);
        audit::append(&self.rows, &Event { at: 60, who, tool, entries, outcome: Outcome::Answered }).unwrap();
    }
}

/// Lets an assistant of this name in, up to its tokens; the id of the grant.
fn connect(browser: &mut Browser<'_>, name: &str, person: &str, more: &[(&str, &str)]) -> String {
    let target = address(browser.served, name, CALLBACK, "");
    connect_at(browser, &target, name, person, more)
}

fn connect_at(
    browser: &mut Browser<'_>,
    target: &str,
    name: &str,
    person: &str,
    more: &[(&str, &str)],
) -> String {
    let served = browser.served;
    let page = browser.get(&format!("{target}&plainchart_person={person}"));
    let plain = [("sources", "all"), ("reach", "all"), ("term", "year"), ("answer", "allow")];
    let answered = answer(browser, &page, &[plain.as_slice(), more].concat());
    let sent_on = answered.html.split("class=\"button\" href=\"").nth(1).unwrap().split('"').next().unwrap();
    let sent_on = url::Url::parse(&sent_on.replace("&#38;", "&").replace("&amp;", "&")).unwrap();
    let code = sent_on.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned();
    let client = target.split("client_id=").nth(1).unwrap().split('&').next().unwrap();
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", client),
        ("code", &code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
        ("resource", "https://chart.example.org/mcp"),
    ];
    let form: Vec<_> = form.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    served.server.token(&form, None).unwrap();
    let rows = served.server.vault().owner(&OwnerId::parse(person).unwrap()).unwrap().unwrap();
    let given = served.server.grants(&rows).unwrap();
    given.into_iter().find(|given| given.grant.assistant.name == name).unwrap().id
}

#[test]
fn a_parent_is_told_that_a_childs_assistant_is_there_and_not_what_it_sees() {
    let served = Served::new(Policy::Open);
    let Family { mut parent, mut child, person, .. } = Family::of(&served);
    let own = connect(&mut parent, "Parents", &person, &[("category", "labs")]);
    let childs = connect(&mut child, "Childs", &person, &[("category", "diagnoses"), ("class", "hiv")]);

    let seen = parent.get("/assistants").html;
    assert!(seen.contains("<bdi>Childs</bdi>") && seen.contains("The person"), "{seen}");
    assert!(seen.contains("Lab results") && !seen.contains("Diagnoses") && !seen.contains("HIV"), "{seen}");
    // The person from whom nothing is withheld sees both, and changes the own one.
    let seen = child.get("/assistants").html;
    assert!(seen.contains("Lab results") && seen.contains("Diagnoses") && seen.contains("HIV"), "{seen}");

    assert_eq!(parent.get(&format!("/assistants/{own}?person={person}")).status, 200);
    for (browser, others) in [(&mut parent, &childs), (&mut child, &own)] {
        assert_eq!(browser.get(&format!("/assistants/{others}?person={person}")).status, 404);
    }
    let page = parent.get(&format!("/assistants/{own}?person={person}"));
    let mark = page.mark(&format!("/assistants/{own}"));
    let fields = [
        ("person", &*person),
        ("category", "labs"),
        ("sources", "all"),
        ("reach", "all"),
        ("term", "keep"),
        ("csrf", &mark),
    ];
    assert_eq!(parent.post(&format!("/assistants/{childs}"), HTTPS, &fields).status, 404);
    // What is given may be ended by everyone who cares for the person.
    let page = parent.get("/assistants");
    let path = format!("/assistants/{childs}/disconnect");
    parent
        .send(&page, &path, &[("person", &*person)])
        .leads_to(&format!("/assistants?person={person}&done=disconnected"));
}

#[test]
fn what_a_childs_assistant_has_read_is_told_to_a_parent_without_entries_and_counts() {
    let served = Served::new(Policy::Open);
    let mut family = Family::of(&served);
    let own = connect(&mut family.parent, "Parents", &family.person, &[("category", "labs")]);
    let childs = connect(&mut family.child, "Childs", &family.person, &[("category", "diagnoses")]);
    family.line(&own, "L000001");
    family.line(&childs, "C000002");
    for path in ["/activity/activity.csv", "/activity/activity.jsonl"] {
        let file = family.parent.get(path).html;
        assert!(file.contains("L000001") && !file.contains("C000002"), "{file}");
        let file = family.child.get(path).html;
        assert!(file.contains("L000001") && file.contains("C000002"), "{file}");
    }
    let hash = audit::read(&family.rows, 1).unwrap()[0].hash.clone();
    assert!(!family.parent.get("/activity/activity.jsonl").html.contains(&hash), "ids could be tried out");
    assert!(family.child.get("/activity/activity.jsonl").html.contains(&hash));
    let page = family.parent.get("/activity").html;
    assert_eq!(page.matches("data-label=\"Entries\">1<").count(), 1, "{page}");
    assert!(page.contains("not shown"), "{page}");
}

#[test]
fn a_source_of_which_everything_is_withheld_is_not_named() {
    let served = Served::new(Policy::Open);
    let mut family = Family::of(&served);
    family.import("Harbor Positive Clinic", CLINIC);
    family.import("School nurse", SCHOOL);
    let target = address(&served, "Claude", CALLBACK, "");
    let consent = format!("{target}&plainchart_person={}", family.person);
    for path in ["/", "/sources", consent.as_str()] {
        let page = family.parent.get(path).html;
        assert!(!page.contains("Harbor Positive"), "{path}: {page}");
    }
    assert!(family.parent.get("/sources").html.contains("School nurse"));
    assert!(family.child.get("/sources").html.contains("Harbor Positive"));
    let id = family.child.get("/sources").html;
    let id = id.split("Harbor Positive").nth(1).unwrap().split("source=").nth(1).unwrap();
    let path = format!("/sources/remove?person={}&source={}", family.person, id.split('"').next().unwrap());
    assert_eq!(family.child.get(&path).status, 200);
    assert_eq!(family.parent.get(&path).status, 404);
}

#[test]
fn an_assistant_that_asks_anew_finds_ticked_what_it_may_see_and_nothing_that_was_held_back() {
    let served = Served::new(Policy::Open);
    let mut browser = served.signed_up("anna@example.org");
    let person = browser.add_person("Anna", "own", "");
    let target = address(&served, "Claude", CALLBACK, "");
    assert_eq!(browser.get(&target).html.matches("\" checked><span><b>").count(), 18);
    connect_at(&mut browser, &target, "Claude", &person, &[("category", "labs")]);
    let page = browser.get(&target);
    assert!(page.html.contains("value=\"labs\" checked"), "{}", page.html);
    assert_eq!(page.html.matches("\" checked><span><b>").count(), 1, "{}", page.html);
}

#[test]
fn an_audit_that_was_changed_from_outside_is_told_and_keeps_nobody_from_disconnecting() {
    use plainchart::store::{Change, Kind, RowKey};
    let served = Served::new(Policy::Open);
    let mut browser = served.signed_up("anna@example.org");
    let person = browser.add_person("Anna", "own", "");
    let id = connect(&mut browser, "Claude", &person, &[("category", "labs")]);
    let rows = served.server.vault().owner(&OwnerId::parse(&person).unwrap()).unwrap().unwrap();
    let second = RowKey::new(Kind::Audit, "000000000002");
    let before = rows.read_one(&second).unwrap().unwrap();
    let changed = [&[0; 32], &before.bytes[32..]].concat();
    rows.write(&[Change::put(second, Some(before.version), changed)]).unwrap();
    let page = browser.get("/activity").html;
    assert!(page.contains("changed outside of plainchart, at line 2"), "{page}");
    assert!(page.contains("The record came into"), "what comes before it is shown");
    let file = browser.get("/activity/activity.jsonl").html;
    assert!(file.ends_with("{\"broken_at\":2,\"count\":1}\n"), "{file}");
    assert!(browser.get("/activity/activity.csv").html.contains("changed outside of plainchart, at line 2"));
    let page = browser.get("/assistants");
    let path = format!("/assistants/{id}/disconnect");
    let done = format!("/assistants?person={person}&done=disconnected");
    browser.send(&page, &path, &[("person", &*person)]).leads_to(&done);
}
