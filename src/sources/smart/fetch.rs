//! Fetches a record from a FHIR server: every query of the plan, page by page, then what the entries name.
//!
//! Nothing that a server does stops more than its own query: a refusal, a ring of links, a web page instead
//! of an answer become a line about that query. What came is handed to the [`Checkpoint`] page by page, so
//! that a fetch that was cut off goes on where it stopped.

mod address;
mod ask;
mod brought;
mod chase;
mod cut;
mod document;
mod hand;
mod limits;
mod mark;
mod notices;
mod pace;
mod paging;
pub mod retry_after;
mod scan;
mod words;
mod workers;

use std::collections::BTreeSet;
use std::error::Error;

use url::Url;

pub use limits::Limits;
pub use mark::{Begun, Kept, Mark, Page};

use super::plan::Query;
use super::vendors::Vendor;
use crate::clock::Randomness;
use crate::http::Client;
use crate::record::{Queried, Text};
use crate::secret::Secret;
use workers::Fetch;

/// Keeps the place of a fetch, and gives the token.
pub trait Checkpoint: Sync {
    /// What an earlier run of this fetch has kept; empty for a new one.
    fn begun(&self) -> Begun;

    /// Keeps these, all or none; when it returns, they are kept. Pages wait for others for a moment, so that
    /// a fast server does not cost a write for each of them.
    fn keep(&self, kept: Vec<Kept>) -> Result<(), Stop>;

    /// A token that is good now. `refused` is the one that the server has just refused: a new one is due,
    /// unless there is a newer one already. It is asked for before every request.
    fn token(&self, refused: Option<&Secret<String>>) -> Result<Secret<String>, Stop>;

    /// How far it is.
    fn progress(&self, progress: Progress);

    /// Whether somebody wants it to end.
    fn is_stopped(&self) -> bool;
}

/// How far a fetch is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Queries and single reads that have ended.
    pub done: u32,
    /// All that are known by now; it grows as entries name more.
    pub of: u32,
    /// Resources that came.
    pub resources: u64,
    /// Bytes that came, unpacked.
    pub bytes: u64,
}

/// Why a fetch ended before its end. What was kept until then counts.
#[derive(Debug, thiserror::Error)]
pub enum Stop {
    /// Somebody wanted it to end.
    #[error("the fetch was stopped")]
    Asked,
    /// There is no token any more: the person has to sign in again.
    #[error("the sign-in at the portal no longer holds")]
    SignedOut(#[source] Box<dyn Error + Send + Sync>),
    /// A page could not be kept.
    #[error("what was fetched could not be kept")]
    NotKept(#[source] Box<dyn Error + Send + Sync>),
}

/// What is to be fetched, and how.
#[derive(Debug)]
pub struct Job<'a> {
    /// The way out.
    pub client: &'a Client,
    /// The FHIR base.
    pub base: &'a Url,
    /// The patient's id there.
    pub patient: &'a str,
    /// Whose server it is.
    pub vendor: &'a Vendor,
    /// The plan; the Patient is read before it.
    pub queries: Vec<Query>,
    /// The types that its CapabilityStatement lists, where it has one that can be read.
    pub supported: Option<BTreeSet<String>>,
    /// How much and how long.
    pub limits: Limits,
    /// For the jitter of waiting.
    pub random: &'a Randomness,
}

/// Fetches, and gives what became of each query: the Patient, the plan in its order, then what entries name.
///
/// # Errors
/// When it was stopped, or when going on makes no sense; the same job with the same checkpoint goes on.
pub fn fetch(job: &Job<'_>, checkpoint: &dyn Checkpoint) -> Result<Vec<Queried>, Stop> {
    let fetch = Fetch::new(job, checkpoint);
    let tasks = paging::tasks(job);
    fetch.expect(tasks.len());
    // The Patient comes first and alone: a sign-in as somebody else is seen before anything else is asked.
    let (patient, plan) = tasks.split_at(1);
    fetch.run(patient, |task, hand| paging::follow(&fetch, task, hand))?;
    fetch.run(plan, |task, hand| paging::follow(&fetch, task, hand))?;
    chase::chase(&fetch)?;
    Ok(fetch.ended(&tasks))
}

/// What a query is called whose id begins so: single reads of what entries name.
fn chase_id(kind: &str) -> Text {
    format!("chase:{kind}").into()
}

#[cfg(test)]
mod tests;
