//! What comes due is done by one process: two look for it at the same moment, each through an engine of its own.

use std::thread;
use std::time::Duration;

use jiff::SignedDuration;
use plainchart::clock::{Clock, Randomness};
use plainchart::config::Config;
use plainchart::ingest::portal::{self, Setting};
use plainchart::store::{Kind, Vault};

use crate::connect::{KNOWN, connect, options};
use crate::people::{Home, KEY};
use crate::records_store::running::{Running, Store};

/// A portal is fetched from once a day, and some hours later at the latest.
const A_DAY: SignedDuration = SignedDuration::from_hours(27);
/// So long a process has what it has claimed, also where it dies.
const LEASE: Duration = Duration::from_secs(10 * 60);

/// What a process of its own has of the installation.
fn setting(url: &str, clock: &Clock) -> Setting {
    let config = Config::from_lookup(|name| match name {
        "PLAINCHART_HOME" => Some(concat!(env!("CARGO_TARGET_TMPDIR"), "/due").into()),
        "PLAINCHART_KEY" => Some(KEY.into()),
        "PLAINCHART_KEY_STORE" => Some("off".into()),
        "PLAINCHART_STORE" => Some(url.into()),
        _ => None,
    });
    let random = Randomness::system();
    let vault = Vault::open(&config.unwrap(), clock, &random).unwrap().vault;
    let rows = vault.home().unwrap();
    Setting { rows, vault: Some(vault), clock: clock.clone(), random, private_hosts: Vec::new() }
}

/// The refresh tokens that were used: one a fetch, since a day later no access is good any more.
fn renewals(running: &Running) -> usize {
    let asked = running.log_of("/token").into_iter();
    asked.filter(|seen| seen.call.field("grant_type") == Some("refresh_token")).count()
}

fn run_due(setting: &Setting) -> usize {
    portal::run_due(setting, &|| false).unwrap()
}

#[test]
fn a_portal_that_has_come_due_is_fetched_from_by_one_process() {
    let url = super::database();
    let (running, home) = (Store::start(&options("quiet")).unwrap(), Home::on(&url));
    let said = connect(&home, &running, KNOWN, "");
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    let clock = Clock::fixed(Clock::system().now());
    let processes = [setting(&url, &clock), setting(&url, &clock)];
    for day in 1..=4 {
        clock.advance(A_DAY);
        let fetched: usize = thread::scope(|scope| {
            let runs = processes.each_ref().map(|process| scope.spawn(|| run_due(process)));
            runs.into_iter().map(|run| run.join().unwrap()).sum()
        });
        assert_eq!((fetched, renewals(&running)), (1, day));
    }
    assert_eq!(processes.each_ref().map(run_due), [0, 0]);
    assert_eq!(running.counts().reused_refresh_tokens, 0);

    // One claims it and dies: it is the other's when the lease has run out, and not before.
    clock.advance(A_DAY);
    let [dying, living] = &processes;
    let lease_ms = u32::try_from(LEASE.as_millis()).unwrap();
    assert_eq!(dying.vault.as_ref().unwrap().due(Kind::Job, lease_ms, 1).unwrap().len(), 1);
    assert_eq!(run_due(living), 0);
    clock.advance(SignedDuration::try_from(LEASE).unwrap());
    assert_eq!((run_due(living), renewals(&running)), (1, 5));
}
