//! What has run out goes: codes that nobody exchanged, grants that are over, clients that nobody uses.

use super::acts::{Act, Doer, event};
use super::client::is_client;
use super::grant::{Grant, State, Why};
use super::kept::{self, Next};
use crate::access::Error;
use crate::store::{self, Kind, Settlement, Vault, Work};

/// So long one process has a row to itself.
const LEASE_MS: u32 = 60_000;
/// Rows that are claimed at a time, and in one run.
const CLAIMS_MAX: u32 = 64;
const RUNS_MAX: usize = 16;

/// Does what has come due and nobody else has claimed; how many rows that were. A server does it every minute.
pub fn tidy(vault: &Vault) -> Result<usize, Error> {
    let mut done = 0;
    for kind in [Kind::Grant, Kind::Client] {
        for _ in 0..RUNS_MAX {
            let work = vault.due(kind, LEASE_MS, CLAIMS_MAX)?;
            if work.is_empty() {
                break;
            }
            done += work.len();
            for work in work {
                let tidied = if kind == Kind::Grant { grant(vault, &work) } else { client(vault, &work) };
                match tidied {
                    // It was written meanwhile: it is not over.
                    Ok(()) | Err(Error::Store(store::Error::Fenced | store::Error::NoPerson)) => {}
                    // One row that cannot be read or written holds up no others.
                    Err(error) => {
                        let cause = std::error::Error::source(&error).map(ToString::to_string);
                        tracing::warn!(kind = kind.word(), %error, cause, "what is over could not be removed");
                    }
                }
            }
        }
    }
    Ok(done)
}

fn grant(vault: &Vault, work: &Work) -> Result<(), Error> {
    match Grant::read(&work.body)?.state {
        State::Offered(_) | State::Ended { .. } => Ok(vault.settle(&work.claim, Settlement::Remove)?),
        State::Connected { .. } => {
            let now = vault.clock().now();
            let id = &work.claim.key.id;
            kept::change(&work.sealed, id, |grant| {
                if grant.is_live_at(now) || !grant.is_connected() {
                    return Ok::<_, Error>(Next::Same);
                }
                let ended = grant.ended(Why::Expired, now);
                let told = event(&ended, id, Doer::Rule, Act::Ended(Why::Expired), now);
                Ok(Next::Told(Box::new(ended), told))
            })?;
            Ok(())
        }
    }
}

fn client(vault: &Vault, work: &Work) -> Result<(), Error> {
    // The row goes first: whoever uses the client at this moment finds it gone, or has kept it.
    vault.settle(&work.claim, Settlement::Remove)?;
    if is_client(&work.claim.owner) { Ok(vault.forget(&work.claim.owner)?) } else { Ok(()) }
}
