//! The process is killed at any moment of connect, fetch and refresh, and two are started at once: no entry is
//! lost, no refresh token is used by two, and the next command goes on.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use plainchart::record::Entry;

use crate::connect::{CLINIC, Connected, KNOWN, SigningIn, connect, facts, follow, open, options};
use crate::people::{Home, Ran, fixture};
use crate::records_store::running::{Options, Running, Store};
use crate::records_store::serving::Seen;
use crate::records_store::switches::{SignIn, Switch};

/// Homes that are worked on side by side: they mostly wait for a lease to run out.
const HOMES: usize = 8;
/// In each of them so many are killed while they connect, and so many while they refresh.
const CONNECTS: usize = 2;
const REFRESHES: usize = 6;
/// The lease of a process that was killed runs out after five seconds.
const LEASE: Duration = Duration::from_secs(5);
const BUSY: &str = "another plainchart is fetching from this portal just now";
const ENDED: &str = "the sign-in at this portal has ended";

fn small(delay_ms: u64) -> Options {
    let people = vec![fixture("child/pediatrics.json")];
    let sign_in = Some(SignIn::Own("theo-okafor-lind".to_owned()));
    Options { people, sign_in, delay_ms, ..options("quiet") }
}

/// A store that sees every process of one home.
struct Watched {
    running: Running,
    home: Home,
    /// What the home holds when nothing was lost.
    whole: BTreeMap<String, Entry>,
    /// Since which request the present process is at work.
    since: usize,
    /// The refresh tokens of processes that were killed, and of those that lived to their end.
    of_killed: HashSet<String>,
    of_living: HashMap<String, usize>,
    retried: usize,
    ended: usize,
    cut_short: usize,
}

impl Watched {
    fn of(whole: &BTreeMap<String, Entry>) -> Watched {
        Watched {
            running: Store::start(&small(2)).unwrap(),
            home: Home::new(),
            whole: whole.clone(),
            since: 0,
            of_killed: HashSet::new(),
            of_living: HashMap::new(),
            retried: 0,
            ended: 0,
            cut_short: 0,
        }
    }

    /// What the present process has asked.
    fn asked(&self) -> Vec<Seen> {
        self.running.log().split_off(self.since)
    }

    fn begin(&mut self) {
        self.since = self.running.log().len();
    }

    /// Ends the turn of a process, and counts the refresh tokens that it used.
    fn ends(&mut self, was_killed: bool) -> Vec<Seen> {
        // What is on its way to the store when its sender is killed still arrives.
        if was_killed {
            thread::sleep(Duration::from_millis(30));
        }
        let asked = self.asked();
        let tokens: Vec<String> =
            asked.iter().filter_map(|seen| seen.call.field("refresh_token").map(str::to_owned)).collect();
        let each: HashSet<&String> = tokens.iter().collect();
        assert_eq!(each.len(), tokens.len(), "one process used a refresh token twice");
        for token in tokens {
            self.retried += usize::from(self.of_killed.contains(&token));
            match was_killed {
                true => drop(self.of_killed.insert(token)),
                false => *self.of_living.entry(token).or_default() += 1,
            }
        }
        asked
    }

    /// Kills a process at its moment; gives what it had asked, unless it was faster.
    fn kill(&mut self, child: &mut Child, moment: usize) -> Vec<Seen> {
        let began = Instant::now();
        while self.asked().len() < moment && began.elapsed() < LEASE && child.try_wait().unwrap().is_none() {
            thread::sleep(Duration::from_micros(300));
        }
        self.cut_short += usize::from(child.try_wait().unwrap().is_none());
        child.kill().unwrap();
        child.wait().unwrap();
        self.ends(true)
    }

    /// Runs a command until nobody holds the connection any more.
    fn run_when_free(&mut self, arguments: &[&str]) -> Ran {
        let began = Instant::now();
        loop {
            self.begin();
            let ran = self.home.run(arguments);
            self.ends(false);
            if !ran.err.contains(BUSY) {
                return ran;
            }
            assert!(began.elapsed() < LEASE * 3, "the lease never ran out: {}", ran.err);
            thread::sleep(Duration::from_millis(500));
        }
    }

    fn connect(&mut self) {
        let began = Instant::now();
        loop {
            self.begin();
            let said = connect(&self.home, &self.running, KNOWN, "");
            self.ends(false);
            if said.code == 0 {
                return;
            }
            assert!(said.err.contains(BUSY) && began.elapsed() < LEASE * 3, "{}{}", said.out, said.err);
            thread::sleep(Duration::from_millis(500));
        }
    }

    /// A kill in the midst of `connect`; what comes next brings everything.
    fn kill_connect(&mut self, moment: usize) {
        let base = self.running.base();
        self.begin();
        let mut signing_in =
            SigningIn::begin(&self.home, &[&[base.as_str(), "--source", CLINIC], KNOWN].concat(), "");
        let start = signing_in.start.clone().unwrap();
        let browser = thread::spawn(move || {
            let mut address = Some(start);
            // The program may be gone at any moment.
            while let Some(hop) = address.and_then(|address| open(&address)) {
                address = hop.to;
            }
        });
        let asked = self.kill(&mut signing_in.child, moment);
        browser.join().unwrap();
        let listed = self.home.run(&["sources"]);
        if listed.out.contains(CLINIC) {
            self.refresh_after(&asked);
        } else {
            self.connect();
        }
        assert_eq!(facts(&self.home), self.whole);
    }

    /// A kill in the midst of `refresh`.
    fn kill_refresh(&mut self, moment: usize) {
        self.running.set(Switch::ExpireAccess);
        self.begin();
        let mut command = self.home.command(&["refresh"]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let asked = self.kill(&mut child, moment);
        assert_eq!(facts(&self.home), self.whole, "killed after {} requests", asked.len());
        self.refresh_after(&asked);
        assert_eq!(facts(&self.home), self.whole);
    }

    /// The next refresh works; or it says that the sign-in has ended, where the kill fell between the server's
    /// answer and our commit, and one step reconnects.
    fn refresh_after(&mut self, asked: &[Seen]) {
        let ran = self.run_when_free(&["refresh"]);
        if ran.code == 0 {
            return;
        }
        assert!(ran.err.contains(ENDED), "{}{}", ran.out, ran.err);
        let renewed = asked.iter().position(|seen| seen.call.field("refresh_token").is_some());
        let renewed = renewed.unwrap_or_else(|| panic!("nothing was renewed, and yet: {}", ran.err));
        let read =
            asked[renewed..].iter().filter(|seen| seen.call.bearer().is_some() && seen.status == Some(200));
        assert_eq!(read.count(), 0, "what was read with was on the disk before");
        assert!(self.home.run(&["sources"]).ok().contains("sign in again"));
        self.ended += 1;
        self.begin();
        let again = SigningIn::begin(&self.home, &[CLINIC], "");
        follow(again.start.as_ref().unwrap());
        again.end().ok();
        self.ends(false);
    }

    /// No refresh token was used by two processes that lived.
    fn is_clean(&self) {
        let twice = self.of_living.values().filter(|uses| **uses > 1).count();
        assert_eq!(twice, 0, "two living processes used one refresh token");
        // A second use is that of a token whose user was killed before it could write down the next.
        assert!(self.running.counts().reused_refresh_tokens <= self.retried);
        assert!(self.ended <= self.retried);
    }
}

/// What a home holds when nobody is killed, and how many requests a connect and a refresh take.
fn unhindered() -> (BTreeMap<String, Entry>, usize, usize) {
    let connected = Connected::with(&small(0), KNOWN, "");
    let connecting = connected.running.log().len();
    connected.running.set(Switch::ExpireAccess);
    connected.refresh().ok();
    let whole = facts(&connected.home);
    assert!(whole.len() > 100);
    (whole, connecting, connected.running.log().len() - connecting)
}

#[test]
fn a_kill_at_any_moment_of_connect_fetch_and_refresh_loses_no_entry() {
    let (whole, connecting, refreshing) = unhindered();
    let watched: Vec<Watched> = thread::scope(|scope| {
        let homes = (0..HOMES).map(|number| {
            let whole = &whole;
            scope.spawn(move || {
                let mut watched = Watched::of(whole);
                // All moments of all homes lie between the first request and the last.
                for kill in 0..CONNECTS {
                    watched.kill_connect((kill * HOMES + number) * connecting / (CONNECTS * HOMES));
                }
                for kill in 0..REFRESHES {
                    watched.kill_refresh((kill * HOMES + number) * refreshing / (REFRESHES * HOMES));
                }
                watched
            })
        });
        let homes: Vec<_> = homes.collect();
        homes.into_iter().map(|home| home.join().unwrap()).collect()
    });
    watched.iter().for_each(Watched::is_clean);
    let cut_short: usize = watched.iter().map(|watched| watched.cut_short).sum();
    assert!(cut_short >= 50, "only {cut_short} of {} kills came in time", HOMES * (CONNECTS + REFRESHES));
}

#[test]
fn a_kill_between_the_answer_to_a_renewal_and_our_commit_is_told_and_one_step_reconnects() {
    let whole = facts(&Connected::with(&small(0), KNOWN, "").home);
    let mut watched = Watched::of(&whole);
    watched.connect();
    // The server has spent the token, and its answer never arrives.
    watched.running.set(Switch::Delay { place: Some("token".into()), delay_ms: 2_000 });
    watched.running.set(Switch::ExpireAccess);
    watched.begin();
    let mut command = watched.home.command(&["refresh"]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    while watched.asked().iter().all(|seen| seen.call.field("refresh_token").is_none()) {
        thread::sleep(Duration::from_millis(1));
    }
    thread::sleep(Duration::from_millis(100));
    child.kill().unwrap();
    child.wait().unwrap();
    let asked = watched.ends(true);
    watched.running.set(Switch::Delay { place: Some("token".into()), delay_ms: 0 });
    assert_eq!(facts(&watched.home), whole);
    watched.refresh_after(&asked);
    assert_eq!(watched.ended, 1);
    assert_eq!(facts(&watched.home), whole);
    watched.home.run(&["refresh"]).ok();
}

#[test]
fn two_processes_that_refresh_at_once_use_no_token_twice() {
    let connected = Connected::with(&small(3), KNOWN, "");
    let whole = facts(&connected.home);
    let (mut both, mut busy) = (0, 0);
    for round in 0..20 {
        connected.running.set(Switch::ExpireAccess);
        let start = || {
            let mut command = connected.home.command(&["refresh"]);
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        };
        let first = start();
        thread::sleep(Duration::from_millis(round * 4));
        let children = [first, start()];
        let ran = children.map(|child| Ran::of(&child.wait_with_output().unwrap()));
        let well = ran.iter().filter(|ran| ran.code == 0).count();
        for ran in ran.iter().filter(|ran| ran.code != 0) {
            assert!(ran.err.contains(BUSY), "{}{}", ran.out, ran.err);
            busy += 1;
        }
        assert!(well > 0, "nobody refreshed");
        both += usize::from(well == 2);
    }
    let used: Vec<String> = connected
        .tokens("refresh_token")
        .iter()
        .map(|seen| seen.call.field("refresh_token").unwrap().to_owned())
        .collect();
    let each: HashSet<&String> = used.iter().collect();
    assert_eq!((each.len(), connected.running.counts().reused_refresh_tokens), (used.len(), 0));
    assert!(used.len() >= 20 && busy > 0, "they never met: {busy} busy, {both} one after the other");
    assert_eq!(facts(&connected.home), whole);
}
