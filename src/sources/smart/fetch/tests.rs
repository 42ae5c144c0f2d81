//! Fetches from a server on this machine: the good ones, and those that do what none should.

mod bad_peers;
mod chasing;
mod going_on;
mod outcomes;
mod server;
