//! An assistant over HTTP and the person's portals: it may have them asked where the person allows it, and only theirs.

use std::thread;
use std::time::Duration;

use jiff::SignedDuration;
use plainchart::access::authorization::Allowed;
use plainchart::clock::Clock;
use plainchart::ingest::portal::{self, Given, Setting, Wanted};
use plainchart::mcp::desk::{Desk, Outgoing};
use plainchart::record::{Kind, Scope};
use plainchart::sources::smart::client::Proof;
use plainchart::store::{OwnerId, Sealed};
use serde_json::{Value, json};

use crate::connect::{CLINIC, follow};
use crate::installation::{Installation, PUBLIC, allowed, connect_with};
use crate::people::fixture;
use crate::records_store::running::{CLIENT_ID, Options, Running, Store};
use crate::records_store::switches::SignIn;
use crate::serving::{Answer, Served, modern, modern_body};

const TOOL: &str = "update_records";
const SCOPES: &str = "patient/*.rs records.update";
/// Longer ago than the time within which a portal is not asked again.
const LONG_AGO: SignedDuration = SignedDuration::from_mins(20);

/// An installation whose person has connected a portal, which was last asked a while ago.
struct Connected {
    installation: Installation,
    running: Running,
}

impl Connected {
    fn new() -> Connected {
        let options = Options {
            people: vec![fixture("child/pediatrics.json")],
            sign_in: Some(SignIn::Own("theo-okafor-lind".to_owned())),
            ..Options::of("quiet")
        };
        let (installation, running) = (Installation::new(), Store::start(&options).unwrap());
        let (vault, rows) = (installation.server.vault(), installation.person.clone());
        let setting = Setting {
            rows,
            vault: Some(vault.clone()),
            clock: Clock::fixed(Clock::system().now() - LONG_AGO),
            random: vault.random().clone(),
            private_hosts: Vec::new(),
        };
        let client = Some(Given { id: CLIENT_ID.into(), proof: Proof::Public });
        let wanted = Wanted { name: Some(CLINIC.into()), client, ..Wanted::default() };
        let desk = Desk::new(Outgoing::default());
        follow(desk.sign_in(&setting, &running.base().parse().unwrap(), wanted).unwrap().as_str());
        let ended = loop {
            thread::sleep(Duration::from_millis(20));
            let ended = desk.take_ended(setting.rows.owner());
            if !ended.is_empty() {
                break ended;
            }
        };
        assert!(ended.iter().all(|(_, ended)| ended.is_ok()), "{ended:?}");
        running.clear_log();
        Connected { installation, running }
    }

    /// What a person lets an assistant see, and whether it may have portals asked.
    fn allowed(&self, scope: Scope, may_update: bool) -> Allowed {
        Allowed { may_update, ..allowed(scope) }
    }

    /// A process to which the assistant of this grant comes.
    fn served(&self, person: &Sealed, scopes: &str, allowed: &Allowed) -> (String, Served) {
        let server = &self.installation.server;
        let token = connect_with("parent", server, person, scopes, allowed).access();
        // The digits after the prefix and the owner.
        let grant = token[38..54].to_owned();
        let mut process = self.installation.serve();
        process.token = token;
        (grant, process)
    }

    fn is_unasked(&self) -> bool {
        self.running.log().is_empty()
    }
}

fn portals(answer: &Answer) -> Value {
    answer.json()["result"]["structuredContent"]["portals"].clone()
}

#[test]
fn an_assistant_that_may_has_the_portals_asked_and_no_longer_once_that_is_taken_away() {
    let connected = Connected::new();
    let person = &connected.installation.person;
    let (grant, process) = connected.served(person, SCOPES, &connected.allowed(Scope::everything(), true));
    let updated = process.call(TOOL, json!({}));
    assert_eq!(portals(&updated)[0]["state"], "fetched", "{updated:?}");
    assert!(!connected.is_unasked());
    // How much is new would tell of what the portal marks as not for a parent.
    assert!(portals(&updated)[0].get("new").is_none(), "{updated:?}");
    let again = process.call(TOOL, json!({}));
    assert_eq!(portals(&again)[0]["state"], "too soon", "{again:?}");

    let (server, narrowed) = (&connected.installation.server, connected.allowed(Scope::everything(), false));
    server.change(person, &grant, "parent", &narrowed).unwrap();
    connected.running.clear_log();
    let refused = process.call(TOOL, json!({}));
    // No step-up: it was asked for, and is withheld.
    assert_eq!((refused.status, &refused.json()["result"]["isError"]), (200, &json!(true)));
    assert!(refused.text().contains(&format!("{PUBLIC}/assistants/{grant}")), "{}", refused.text());
    assert!(connected.is_unasked());
    assert_eq!(process.call("get_immunizations", json!({})).status, 200);
}

#[test]
fn what_was_never_asked_for_is_asked_for_once_with_all_that_is_there() {
    let connected = Connected::new();
    let (person, allowed) = (&connected.installation.person, connected.allowed(Scope::everything(), true));
    let (grant, process) = connected.served(person, "patient/*.rs offline_access", &allowed);
    let refused = process.call(TOOL, json!({}));
    let challenge = refused.header("WWW-Authenticate").unwrap_or_else(|| panic!("{refused:?}"));
    assert_eq!(refused.status, 403);
    assert!(
        challenge.contains(r#"error="insufficient_scope", scope="patient/*.rs records.update""#),
        "{challenge}"
    );
    // Whatever a form says: the scopes are the ceiling.
    let given = connected.installation.server.given(person, &grant).unwrap().unwrap();
    assert!(!given.grant.may_update && connected.is_unasked());
    // Nobody is sent there who does not try: reading asks for nothing more.
    let unknown = process.post(&[("Authorization", "")], "{}");
    assert!(!unknown.header("WWW-Authenticate").unwrap().contains("records.update"));
}

#[test]
fn nobody_reaches_the_portals_of_another_person() {
    let connected = Connected::new();
    let vault = connected.installation.server.vault();
    let other = vault.create(&OwnerId::random(vault.random())).unwrap();
    let (_, process) = connected.served(&other, SCOPES, &connected.allowed(Scope::everything(), true));
    for arguments in [json!({}), json!({ "source": CLINIC })] {
        let answer = process.call(TOOL, arguments);
        assert!(answer.status == 200 && !answer.body.contains("\"fetched\""), "{answer:?}");
    }
    assert!(process.call(TOOL, json!({})).text().contains("No portal is connected"));
    // Nor one whose source the person withholds.
    let (mut scope, person) = (Scope::everything(), &connected.installation.person);
    scope.sources = Some(["none of them".to_owned()].into());
    let (_, process) = connected.served(person, SCOPES, &connected.allowed(scope, true));
    assert!(process.call(TOOL, json!({})).text().contains("No portal is connected"));
    assert!(connected.is_unasked());
}

#[test]
fn to_whom_something_is_withheld_nothing_of_an_update_is_counted() {
    let connected = Connected::new();
    let scope = Scope { kinds: [Kind::Immunization].into(), ..Scope::everything() };
    let person = &connected.installation.person;
    let (_, process) = connected.served(person, SCOPES, &connected.allowed(scope, true));
    let portal = &portals(&process.call(TOOL, json!({})))[0];
    assert_eq!(portal["state"], "fetched", "{portal}");
    for counted in ["new", "changed", "gone", "not_whole"] {
        assert!(portal.get(counted).is_none(), "{portal}");
    }
}

#[test]
fn two_processes_that_are_asked_at_once_ask_the_portal_once() {
    let connected = Connected::new();
    let (person, allowed) = (&connected.installation.person, connected.allowed(Scope::everything(), true));
    let processes = [(), ()].map(|()| connected.served(person, SCOPES, &allowed).1);
    let answers = thread::scope(|scope| {
        let calls = processes.each_ref().map(|process| scope.spawn(|| process.call(TOOL, json!({}))));
        calls.map(|call| call.join().unwrap())
    });
    assert!(answers.iter().any(|answer| portals(answer)[0]["state"] == "fetched"), "{answers:?}");
    assert_eq!(connected.running.log_of("/AllergyIntolerance").len(), 1, "{answers:?}");
    assert!(portal::list(person).unwrap()[0].failed.is_none());
}

#[test]
fn to_connect_a_portal_the_person_is_sent_to_the_page_of_sources() {
    let connected = Connected::new();
    let person = &connected.installation.person;
    let (_, process) =
        connected.served(person, "patient/*.rs", &connected.allowed(Scope::everything(), false));
    let page = format!("{PUBLIC}/sources");
    let answer = process.call("connect_source", json!({ "name": "Clinic" }));
    assert!(answer.text().contains(&format!("\n{page}\n")), "{}", answer.text());
    assert_eq!(answer.json()["result"]["structuredContent"]["open"], page);
    // A client that can show the address itself is asked to.
    let params = json!({ "name": "connect_source", "arguments": { "name": "Clinic" } });
    let body = modern_body("tools/call", params).replace(
        r#""io.modelcontextprotocol/clientCapabilities":{}"#,
        r#""io.modelcontextprotocol/clientCapabilities":{"elicitation":{"url":{}}}"#,
    );
    let asked = process.post(&modern("tools/call", Some("connect_source")), &body).json();
    assert_eq!(asked["result"]["resultType"], "input_required", "{asked}");
    assert_eq!(asked["result"]["inputRequests"]["sign_in"]["params"]["url"], page, "{asked}");
    assert!(connected.is_unasked());
}
