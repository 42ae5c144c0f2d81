//! plainchart: your medical chart, in plain language, for any AI assistant.
//!
//! ARCHITECTURE.md is the map of these modules and of the arrows between them;
//! `tests/it/architecture.rs` holds both.

pub mod access;
pub mod cli;
pub mod clock;
pub mod config;
pub mod http;
pub mod ingest;
pub mod insight;
pub mod knowledge;
pub mod mcp;
pub mod record;
pub mod secret;
pub mod sources;
pub mod store;
pub mod web;
