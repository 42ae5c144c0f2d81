//! Stories of accounts, over a store in memory.

use std::net::{IpAddr, Ipv4Addr};

use jiff::{SignedDuration, Timestamp};

use super::*;
use crate::clock::Clock;
use crate::secret::Secret;
use crate::store::{Kind, Sealed};

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

/// What the audit of these rows says was done, in order; the chain is whole.
fn acts(rows: &Sealed) -> Vec<String> {
    crate::access::audit::verify(rows).unwrap();
    let lines = crate::access::audit::read(rows, 100).unwrap();
    lines.into_iter().map(|line| line.event.tool).collect()
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
