//! Stories of accounts, over a store in memory.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::SeqCst;

use jiff::{SignedDuration, Timestamp};

use super::*;
use crate::clock::Clock;
use crate::secret::Secret;
use crate::store::{self, Claim, Engine, Kind, Row, RowKey, Sealed, Settlement, Write};

mod assistants;
mod coming_and_going;
mod operator;
mod passkeys;
mod people;
mod recovery;
mod signing_in;
mod subject;

/// Cheap, so that the stories take no time.
const QUICK: Cost = Cost { memory_kib: 64, passes: 1 };
const PEER: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const NAME: &str = "anna@example.org";

fn vault() -> Vault {
    let at: Timestamp = "2026-11-23T12:00:00Z".parse().unwrap();
    Vault::in_memory(Clock::fixed(at), Randomness::seeded(1)).unwrap()
}

fn open() -> Accounts {
    with(Policy::Open)
}

fn with(policy: Policy) -> Accounts {
    Accounts::new(vault(), policy, QUICK).unwrap()
}

/// The same store in another process.
fn beside(accounts: &Accounts, policy: Policy) -> Accounts {
    Accounts::new(accounts.vault.clone(), policy, QUICK).unwrap()
}

fn password() -> Secret<String> {
    secret("correct horse")
}

fn secret(text: &str) -> Secret<String> {
    Secret::new(text.to_owned())
}

fn sign_up(accounts: &Accounts, name: &str, invitation: Option<&str>) -> Result<Signed, Error> {
    let token = accounts.sign_up(Joiner { name, password: &password(), invitation }, PEER)?;
    Ok(accounts.session(token.text().expose()).unwrap().unwrap())
}

fn anna(accounts: &Accounts) -> Signed {
    sign_up(accounts, NAME, None).unwrap()
}

fn sign_in(accounts: &Accounts, password: &str) -> Result<Signed, Error> {
    let token = accounts.sign_in(NAME, &secret(password), PEER)?;
    Ok(accounts.session(token.text().expose()).unwrap().unwrap())
}

fn pass(accounts: &Accounts, time: SignedDuration) {
    accounts.vault.clock().advance(time);
}

/// Who has rows: to see that what is gone is gone.
fn owners(accounts: &Accounts) -> usize {
    accounts.vault.owners().unwrap().len()
}

/// What the audit of these rows says was done, in order and without ids; the chain is whole.
fn acts(rows: &Sealed) -> Vec<String> {
    crate::access::audit::verify(rows).unwrap();
    let lines = crate::access::audit::read(rows, 100).unwrap();
    let act = |tool: String| tool.split_once(": ").map_or(tool.clone(), |(act, _)| act.to_owned());
    lines.into_iter().map(|line| act(line.event.tool)).collect()
}

/// A person in an account's care.
fn care(accounts: &Accounts, signed: &Signed, owner: &OwnerId) -> Option<Care> {
    accounts.people(signed).unwrap().into_iter().find(|care| care.owner == *owner)
}

/// Memory that refuses what a test says: which owner's batch.
struct Refusing {
    inner: Arc<dyn Engine>,
    refuses: Arc<AtomicBool>,
    what: fn(&OwnerId, &Write) -> bool,
}

impl Engine for Refusing {
    fn get(&self, owner: &OwnerId, keys: &[RowKey]) -> Result<Vec<Option<Row>>, store::Error> {
        self.inner.get(owner, keys)
    }

    fn list(&self, owner: &OwnerId, kind: Kind) -> Result<Vec<(String, u64)>, store::Error> {
        self.inner.list(owner, kind)
    }

    fn write(&self, owner: &OwnerId, batch: &[Write]) -> Result<(), store::Error> {
        if self.refuses.load(SeqCst) && batch.iter().any(|write| (self.what)(owner, write)) {
            return Err(store::Error::Busy);
        }
        self.inner.write(owner, batch)
    }

    fn forget(&self, owner: &OwnerId) -> Result<(), store::Error> {
        self.inner.forget(owner)
    }

    fn due(&self, kind: Kind, lease_ms: u32, limit: u32) -> Result<Vec<Claim>, store::Error> {
        self.inner.due(kind, lease_ms, limit)
    }

    fn settle(&self, claim: &Claim, settlement: Settlement) -> Result<(), store::Error> {
        self.inner.settle(claim, settlement)
    }

    fn owners(&self) -> Result<Vec<OwnerId>, store::Error> {
        self.inner.owners()
    }
}

/// Accounts over a store that refuses this as long as the switch is on.
fn refusing(what: fn(&OwnerId, &Write) -> bool) -> (Accounts, Arc<AtomicBool>) {
    let clock = Clock::fixed("2026-11-23T12:00:00Z".parse().unwrap());
    let refuses = Arc::new(AtomicBool::new(false));
    let inner = store::open("memory:", clock.clone()).unwrap();
    let engine = Arc::new(Refusing { inner, refuses: Arc::clone(&refuses), what });
    let random = Randomness::seeded(1);
    let masters = store::keys::Masters::new(&random);
    let vault = Vault::new(engine, masters, None, clock, random).unwrap();
    (Accounts::new(vault, Policy::Open, QUICK).unwrap(), refuses)
}

/// Everything that an engine sees of ids.
fn ids(accounts: &Accounts) -> String {
    let mut ids = String::new();
    for owner in accounts.vault.owners().unwrap() {
        ids.push_str(owner.as_str());
        let sealed = accounts.vault.owner(&owner).unwrap().unwrap();
        for kind in Kind::ALL {
            sealed.list(kind).unwrap().into_iter().for_each(|(id, _)| ids.push_str(&id));
        }
    }
    ids
}
