//! What is known of a bundle as a whole.

use serde::{Deserialize, Serialize};

/// A bundle of the directory: where it came from and what it brought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// What it is called here. Adding a bundle of this name again replaces it.
    pub name: String,
    /// The file's name or the address.
    pub from: String,
    /// When its publisher last changed it, as written (`Bundle.timestamp`).
    pub published_at: Option<String>,
    /// The validator of the answer it came in (RFC 9110, 8.8.3), weak ones too.
    pub etag: Option<String>,
    /// When it was added, in seconds since 1970.
    pub added_at: i64,
    /// When it was last asked for, be it unchanged.
    pub checked_at: i64,
    /// How many of what it holds.
    pub counts: Counts,
    /// What of it was not taken, and why.
    pub skipped: Vec<Skipped>,
}

/// How many of what a bundle holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Brands, facilities among them.
    pub brands: usize,
    /// Portals.
    pub portals: usize,
    /// Endpoints.
    pub endpoints: usize,
    /// Endpoints that can be connected to.
    pub reachable: usize,
}

/// A reason for which something was not taken, and how often.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skipped {
    /// The reason.
    pub reason: String,
    /// How often.
    pub count: u64,
    /// The first entry of the bundle to which it happened, counted from 0; `None` for what was noticed when
    /// all of it had been read.
    pub first: Option<u64>,
}
