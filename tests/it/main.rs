//! The whole app in memory: stories, and what must hold over all of its parts.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "all of it is tests, and what they share stands outside of test functions"
)]

mod accounts;
mod answers;
mod apple;
mod architecture;
mod cards;
mod ccda;
mod commands;
mod connect;
mod connect_assistant;
mod connect_hostile;
mod connect_killed;
mod connect_life;
mod connect_secrets;
mod connect_vendors;
mod conversation;
mod conversation_era;
mod conversation_log;
#[cfg(feature = "misbehave")]
mod conversation_misbehaving;
mod conversation_people;
mod conversation_stdio;
mod conversation_tools;
mod crash;
mod directory;
mod explained;
mod fixtures_are_generated;
mod import;
mod installation;
mod links;
/// The forbidden phrases, as the tables of `knowledge` are held against them.
#[path = "../../src/knowledge/never_said.rs"]
mod never_said;
mod old_store;
mod other_ways;
mod pages;
mod people;
mod permission;
mod permission_client;
#[cfg(feature = "postgres-peer")]
mod postgres;
mod properties;
mod questions;
/// The records store of `examples/records_store`.
#[expect(dead_code, reason = "the example uses what the tests do not")]
#[path = "../../examples/records_store/server/mod.rs"]
mod records_store;
mod records_store_replays;
mod sealed;
mod serve_grants;
mod serve_http;
#[cfg(feature = "misbehave")]
mod serve_misbehaving;
mod serve_refused;
mod serve_updates;
mod serving;
mod two_processes;
mod withheld;
