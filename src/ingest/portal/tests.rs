//! Who may work on a connection, what of a fetch stays after a kill, and when the next one comes due.

use std::collections::BTreeMap;

use jiff::SignedDuration;

use super::hold::Hold;
use super::kept::Kept;
use super::staging::Staging;
use super::*;
use crate::clock::{Clock, Randomness};
use crate::record::{Queried, QueryState};
use crate::secret::Secret;
use crate::sources::smart::client::{Identity, Proof};
use crate::sources::smart::connection::{Access, Connection, Held};
use crate::sources::smart::fetch::{Kept as Staged, Mark, Page};
use crate::sources::smart::server::Server;
use crate::sources::smart::vendors;
use crate::store::{Change, OwnerId, Vault};

const ID: &str = "c0ffee";

fn setting() -> Setting {
    let clock = Clock::fixed("2026-11-01T08:00:00Z".parse().unwrap());
    let vault = Vault::in_memory(clock.clone(), Randomness::seeded(5)).unwrap();
    let rows = vault.create(&OwnerId::parse("anna").unwrap()).unwrap();
    Setting { rows, vault: Some(vault), clock, random: Randomness::seeded(6), private_hosts: Vec::new() }
}

fn connection() -> Connection {
    let metadata =
        r#"{"authorization_endpoint":"https://a.example/auth","token_endpoint":"https://a.example/token"}"#;
    Connection {
        name: "Grumbleton Clinic".into(),
        base: "https://a.example/r4".parse().unwrap(),
        vendor: "any".into(),
        server: Server::from_metadata(&serde_json::from_str(metadata).unwrap()).unwrap(),
        identity: Identity { id: "plain".into(), proof: Proof::Public },
        patient: "p1".into(),
        acts_as: None,
        by_hand: false,
        redirect: None,
        parameters: BTreeMap::new(),
        is_same_person: false,
        asked: Vec::new(),
        not_granted: Vec::new(),
        types: Vec::new(),
        connected_at: 0,
        connected_by: None,
        access: Access::Held(Held {
            access: Secret::new("an-access-token".into()),
            expires_at: 0,
            refresh: Some(Secret::new("a-refresh-token".into())),
        }),
        fetch: None,
        fetches: 0,
        tried_at: None,
        fetched_at: None,
        failed: None,
    }
}

fn connected() -> Setting {
    let setting = setting();
    let kept = Kept { connection: connection(), busy: None };
    setting.rows.write(&[Change::put(hold::row(ID), None, kept.encode().unwrap())]).unwrap();
    setting
}

#[test]
fn one_process_at_a_time_works_on_a_connection() {
    let setting = connected();
    let first = Hold::take(&setting, ID).unwrap();
    assert!(matches!(Hold::take(&setting, ID), Err(Error::Busy)));
    first.update(|connection| connection.name = "Another name".into()).unwrap();
    first.release().unwrap();
    let second = Hold::take(&setting, ID).unwrap();
    assert_eq!(second.connection().name, "Another name");
    assert!(matches!(Hold::take(&setting, "unknown"), Err(Error::NoSuchPortal)));
}

#[test]
fn a_process_that_died_is_followed_after_its_lease_and_can_do_nothing_more() {
    let setting = connected();
    let dead = Hold::take(&setting, ID).unwrap();
    setting.clock.advance(SignedDuration::from_secs(4));
    assert!(matches!(Hold::take(&setting, ID), Err(Error::Busy)));
    setting.clock.advance(SignedDuration::from_secs(2));
    let next = Hold::take(&setting, ID).unwrap();
    assert!(matches!(dead.update(|_| ()), Err(Error::TakenOver)));
    next.update(|_| ()).unwrap();
}

#[test]
fn a_lease_that_is_renewed_goes_on() {
    let setting = connected();
    let alive = Hold::take(&setting, ID).unwrap();
    for _ in 0..5 {
        setting.clock.advance(SignedDuration::from_secs(4));
        alive.update(|_| ()).unwrap();
        assert!(matches!(Hold::take(&setting, ID), Err(Error::Busy)));
    }
}

#[test]
fn what_a_connection_holds_is_not_in_its_status_nor_in_clear() {
    let setting = connected();
    let told = format!(
        "{:?} {}",
        list(&setting.rows).unwrap(),
        serde_json::to_string(&list(&setting.rows).unwrap()).unwrap()
    );
    assert!(told.contains("Grumbleton") && !told.contains("token"), "{told}");
    assert!(!format!("{:?}", connection()).contains("a-refresh-token"));
}

fn page(query: &str, number: u32) -> Staged {
    let mark = Mark { query: query.into(), number, ..Mark::default() };
    Staged::Page(Page { mark, packed: vec![b'x'; 100] })
}

fn ended_as(query: &str) -> Queried {
    let (id, name) = (query.into(), query.into());
    let state = QueryState::Whole;
    Queried { id, asks_for: "Observation".into(), name, state, why: "".into(), read: 1, has_brought: true }
}

fn ended(query: &str) -> Staged {
    Staged::Ended(ended_as(query))
}

#[test]
fn what_was_kept_of_a_fetch_is_there_for_whoever_takes_it_up() {
    let setting = setting();
    let names = |staging: &Staging<'_>| -> Vec<String> {
        let all = staging.read().unwrap().flat_map(Result::unwrap).map(|staged| match staged {
            Staged::Page(Page { mark, .. }) => format!("{} {}", mark.query, mark.number),
            Staged::Ended(query) => format!("{} ended", query.id),
        });
        all.collect()
    };
    let staging = Staging::open(&setting.rows, ID, 1).unwrap();
    staging.keep(&[page("labs", 0)]).unwrap();
    staging.keep(&[page("labs", 1)]).unwrap();
    let other = Staging::open(&setting.rows, ID, 2).unwrap();
    other.keep(&[page("visits", 0)]).unwrap();
    let again = Staging::open(&setting.rows, ID, 1).unwrap();
    again.keep(&[ended("labs")]).unwrap();
    assert_eq!(names(&again), ["labs 0", "labs 1", "labs ended"]);
    again.clear().unwrap();
    assert!(names(&again).is_empty());
    assert_eq!(names(&other), ["visits 0"]);
    staging::clear_all(&setting.rows, ID).unwrap();
    assert!(names(&other).is_empty());
}

#[test]
fn the_next_fetch_comes_due_within_a_day_or_so_and_one_process_has_it() {
    let setting = setting();
    let vault = setting.vault.clone().unwrap();
    let due = || vault.due(crate::store::Kind::Job, 1000, 9).unwrap().len();
    let next = |queries: &[Queried]| {
        schedule::next(&setting, ID, vendors::named("any").unwrap(), queries).unwrap();
    };
    next(&[]);
    setting.clock.advance(SignedDuration::from_hours(21));
    assert_eq!(due(), 0);
    setting.clock.advance(SignedDuration::from_hours(6));
    assert_eq!(due(), 1);
    assert_eq!(due(), 0, "it is claimed");
    next(&[]);
    schedule::forget(&setting, ID).unwrap();
    setting.clock.advance(SignedDuration::from_hours(48));
    assert_eq!(due(), 0);
}

#[test]
fn a_portal_that_answered_nothing_is_tried_again_in_an_hour_and_one_that_answered_something_is_not() {
    let outcome = |state| Queried { state, ..ended_as("labs") };
    for (states, is_due) in [
        (vec![QueryState::Failed, QueryState::Failed], 1),
        (vec![QueryState::Failed, QueryState::Whole], 0),
        (vec![QueryState::Refused], 0),
    ] {
        let setting = setting();
        let queries: Vec<Queried> = states.into_iter().map(outcome).collect();
        schedule::next(&setting, ID, vendors::named("any").unwrap(), &queries).unwrap();
        setting.clock.advance(SignedDuration::from_mins(61));
        let vault = setting.vault.clone().unwrap();
        assert_eq!(vault.due(crate::store::Kind::Job, 1000, 9).unwrap().len(), is_due, "{queries:?}");
    }
}

#[test]
fn a_portal_that_is_listed_is_found_by_its_name_alone() {
    let setting = setting();
    let vault = setting.vault.clone().unwrap();
    let listed = Listed::new("Grumbleton".into(), "https://a.example/r4".parse().unwrap(), Wanted::default());
    add_listed(&vault, &listed).unwrap();
    assert!(matches!(setting.named("grumbleton ").unwrap(), Named::One(_)));
    assert!(matches!(setting.named("Grumble").unwrap(), Named::Nothing));
    assert!(remove_listed(&vault, "GRUMBLETON").unwrap());
    assert!(!remove_listed(&vault, "Grumbleton").unwrap());
    assert!(matches!(setting.named("Grumbleton").unwrap(), Named::Nothing));
}
