//! Portals that are broken or mean harm, through the whole app: each costs a clear line, in bounded time, and
//! nothing more.

use std::time::{Duration, Instant};

use plainchart::record::QueryState;

use crate::connect::{CLINIC, Connected, KNOWN, connect, facts, options, query};
use crate::people::{Home, fixture};
use crate::records_store::hostile::Hostile;
use crate::records_store::running::{Options, Store};
use crate::records_store::switches::{SignIn, Switch};

/// Twice what the slowest of them takes on two busy cores, and far from the limits of a fetch as a whole.
const PATIENCE: Duration = Duration::from_secs(45);

fn small() -> Options {
    let sign_in = Some(SignIn::Own("theo-okafor-lind".to_owned()));
    Options { people: vec![fixture("child/pediatrics.json")], sign_in, ..options("quiet") }
}

/// A connection, of which one query then meets this.
fn meets(connected: &Connected, mode: Hostile) -> (QueryState, String) {
    let before = facts(&connected.home);
    connected.running.set(Switch::Hostile { mode: Some(mode), place: Some("Immunization".into()) });
    let began = Instant::now();
    let said = connected.refresh().ok();
    assert!(began.elapsed() < PATIENCE, "{mode:?} took {:?}", began.elapsed());
    let immunizations = query(&connected.home, "immunizations");
    // The others are unharmed, and nothing is lost.
    for other in ["visits", "notes", "vital-signs", "problems"] {
        assert_eq!(query(&connected.home, other).state, QueryState::Whole, "{mode:?}: {other}");
    }
    let after = facts(&connected.home);
    // What a bad answer brought the last time may go again.
    let own = |key: &&String| !key.contains("endless");
    assert!(before.keys().filter(own).all(|key| after.contains_key(key)), "{mode:?}");
    assert!(!after.contains_key("Observation/planted"), "{mode:?}");
    // The line stands in the report and with the source.
    let line = format!("immunizations: {}: {}", immunizations.state.word(), immunizations.why);
    if immunizations.state != QueryState::Refused {
        assert!(said.contains(&line), "{mode:?}: {said}");
    }
    assert!(connected.shown().contains(&format!("immunizations: {}", immunizations.why)), "{mode:?}");
    assert!(connected.running.foreign_log().iter().all(|call| call.bearer().is_none()), "{mode:?}");
    (immunizations.state, immunizations.why.to_string())
}

#[test]
fn each_bad_answer_costs_a_line_about_its_own_query() {
    let connected = Connected::with(&small(), KNOWN, "");
    let failed = |why: &str| (QueryState::Failed, why.to_owned());
    let partial = |why: &str| (QueryState::Partial, why.to_owned());
    for (mode, expected) in [
        (Hostile::HtmlForJson, failed("the portal answered with a web page instead of data")),
        (Hostile::CutOff, failed("the portal answered with something that is not FHIR JSON")),
        (Hostile::Nested, failed("the portal answered with something that is not FHIR JSON")),
        (
            Hostile::LoopOfLinks,
            partial("its pages lead back to a page that came before; what came until then was kept"),
        ),
        (Hostile::ForeignNext, partial("its next page lies on another server, which is not asked")),
        (Hostile::FileNext, partial("its next page lies on another server, which is not asked")),
        (
            Hostile::Unauthorized,
            (QueryState::Refused, "the portal did not accept the sign-in for it (status 401)".to_owned()),
        ),
        (Hostile::TooManyForAYear, failed("the portal asks to come back in 525600 minutes")),
    ] {
        assert_eq!(meets(&connected, mode), expected, "{mode:?}");
    }
    assert!(connected.running.foreign_log().is_empty(), "another host was asked");
    // Entries that are none, or of another type, are no word about what the portal has.
    assert_eq!(
        meets(&connected, Hostile::WrongTypes),
        partial("a part of the portal's answer cannot be read")
    );
    connected.running.set(Switch::Hostile { mode: None, place: None });
    assert!(connected.refresh().ok().contains("0 in part, 0 failed"));
    assert!(!connected.home.run(&["sources"]).ok().contains("sign in again"));
}

#[test]
fn a_body_without_end_is_read_no_further_than_the_limit() {
    let connected = Connected::with(&small(), KNOWN, "");
    for mode in [Hostile::TenGigabytesTold, Hostile::TenGigabytes] {
        let (state, why) = meets(&connected, mode);
        assert_eq!(state, QueryState::Failed);
        assert_eq!(why, "the answer is longer than 67108864 bytes", "{mode:?}");
    }
}

#[test]
fn redirects_lead_nowhere_that_the_portal_does_not_lie() {
    let connected = Connected::with(&small(), KNOWN, "");
    for (mode, expected) in [
        (Hostile::RedirectToPrivate, "only https addresses are"),
        (Hostile::RedirectLoop, "sends on from address to address without an end"),
        (Hostile::RedirectToForeign, "sends on to another server, whose answer does not count"),
    ] {
        let (state, why) = meets(&connected, mode);
        assert!(state == QueryState::Failed && why.contains(expected), "{mode:?}: {state:?} {why}");
    }
}

#[test]
fn pages_without_end_are_cut_off_and_what_came_counts() {
    let connected = Connected::with(&small(), KNOWN, "");
    let (state, why) = meets(&connected, Hostile::EndlessPages);
    assert_eq!(state, QueryState::Partial);
    assert_eq!(why, "the portal has more of it than 2000 pages; the rest was not fetched");
}

#[test]
fn a_server_that_always_asks_to_wait_is_given_up() {
    let connected = Connected::with(&small(), KNOWN, "");
    let (state, why) = meets(&connected, Hostile::TooMany);
    assert_eq!((state, why.as_str()), (QueryState::Failed, "the portal asked to wait at every try"));
    assert!(connected.asked_for("Immunization").len() <= 1 + 4);
}

#[test]
fn a_server_that_refuses_every_token_ends_no_sign_in_and_loses_nothing() {
    let connected = Connected::with(&small(), KNOWN, "");
    let before = facts(&connected.home);
    connected.running.set(Switch::Hostile { mode: Some(Hostile::Unauthorized), place: None });
    let began = Instant::now();
    let said = connected.refresh();
    assert!(began.elapsed() < PATIENCE);
    assert!(
        said.out.contains("0 queries answered") && said.out.contains("refused, 0 in part"),
        "{}",
        said.out
    );
    assert_eq!(said.code, 1, "a fetch that was answered with nothing has not succeeded");
    assert!(said.out.contains("nothing of what was asked for was answered"), "{}", said.out);
    let shown = connected.shown();
    assert!(
        shown.contains("vital signs: the portal did not accept the sign-in for it (status 401)"),
        "{shown}"
    );
    assert!(connected.tokens("refresh_token").len() <= 1, "each token is renewed once, not for each query");
    assert_eq!(facts(&connected.home), before);
    connected.running.set(Switch::Hostile { mode: None, place: None });
    connected.refresh().ok();
    assert_eq!(facts(&connected.home), before);
}

/// Modes that end at once wherever they are met.
const AT_ONCE: [Hostile; 8] = [
    Hostile::HtmlForJson,
    Hostile::CutOff,
    Hostile::Nested,
    Hostile::WrongTypes,
    Hostile::TenGigabytes,
    Hostile::TenGigabytesTold,
    Hostile::RedirectToPrivate,
    Hostile::RedirectToForeign,
];

#[test]
fn a_bad_token_endpoint_leaves_no_half_connection() {
    let running = Store::start(&small()).unwrap();
    let home = Home::new();
    for mode in AT_ONCE {
        running.set(Switch::Hostile { mode: Some(mode), place: Some("token".into()) });
        let began = Instant::now();
        let said = connect(&home, &running, KNOWN, "").refused(1);
        assert!(began.elapsed() < PATIENCE, "{mode:?}");
        assert!(said.contains("next: "), "{mode:?}: {said}");
        assert!(home.run(&["sources"]).refused(1).contains("there is no record here yet"));
    }
    assert!(running.foreign_log().is_empty(), "a code went to another host");
    running.set(Switch::Hostile { mode: None, place: None });
    assert_eq!(connect(&home, &running, KNOWN, "").code, 0);
}

#[test]
fn a_bad_answer_to_a_renewal_fails_this_refresh_and_never_the_record() {
    let connected = Connected::with(&small(), KNOWN, "");
    let before = facts(&connected.home);
    for mode in AT_ONCE {
        connected.running.set(Switch::Hostile { mode: Some(mode), place: Some("token".into()) });
        connected.running.set(Switch::ExpireAccess);
        let said = connected.refresh().refused(1);
        assert!(said.contains("next: "), "{mode:?}: {said}");
        let listed = connected.home.run(&["sources"]).ok();
        assert!(listed.contains("since "), "{mode:?}: {listed}");
        assert_eq!(facts(&connected.home), before);
    }
    assert!(connected.running.foreign_log().is_empty(), "a refresh token went to another host");
    connected.running.set(Switch::Hostile { mode: None, place: None });
    connected.refresh().ok();
    assert!(!connected.home.run(&["sources"]).ok().contains("since "));
}

#[test]
fn bad_discovery_is_no_portal_and_nobody_is_sent_there() {
    let running = Store::start(&small()).unwrap();
    let home = Home::new();
    for mode in AT_ONCE {
        // Wherever a client looks for the endpoints.
        for place in ["smart-configuration", "metadata"] {
            running.set(Switch::Hostile { mode: Some(mode), place: Some(place.into()) });
            let began = Instant::now();
            let said = connect(&home, &running, &[KNOWN, &["--vendor", "any"]].concat(), "");
            assert!(began.elapsed() < PATIENCE, "{mode:?} at {place}");
            // One of the two documents is enough; neither is a way elsewhere.
            assert!(said.code == 0 || said.err.contains("next: "), "{mode:?}: {}", said.err);
        }
    }
    assert!(running.foreign_log().iter().all(|call| call.bearer().is_none() && call.body.is_empty()));
    running.set(Switch::Hostile { mode: None, place: None });
    let listed = home.run(&["sources"]);
    assert!(listed.code != 0 || listed.out.matches(CLINIC).count() == 1, "{}", listed.out);
}
