//! A records store for tests and for trying by hand: synthetic people behind the quirks of real vendors.
//!
//! `Store::start` answers on a loopback port until what it returns is dropped. How a vendor behaves is a
//! row of `vendors.json`; what a test changes while it runs is a `Switch`.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a server for tests: what cannot be ends the test")]
#![expect(clippy::result_large_err, reason = "a refusal is an answer, and answers are large")]

mod authorize;
mod bundle;
pub mod call;
pub mod clients;
mod discovery;
mod fhir;
mod files;
pub mod hostile;
pub mod keys;
mod people;
pub mod quirks;
mod registration;
mod reshape;
mod routes;
pub mod running;
mod scopes;
mod search;
pub mod serving;
pub mod sessions;
mod site;
pub mod switches;
mod token;
pub mod vendor;
