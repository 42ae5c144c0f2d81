//! What an assistant talks to: tools and resources of a record, over stdio and over HTTP.
//!
//! Follow one call: [`server`] takes it from the wire, [`tool`] is the gate that every call passes,
//! [`tools`] is the list of what can be asked, and `insight` computes the answer.

pub mod aliases;
mod arguments;
pub mod callers;
#[cfg(feature = "conformance")]
pub mod conformance;
pub mod daily;
pub mod desk;
pub mod http;
pub mod log;
mod parameter;
mod places;
mod pool;
mod portals;
mod prompts;
pub mod rate;
mod refused;
mod resources;
mod schema;
pub mod server;
mod showing;
pub mod stdio;
mod step_up;
mod subscriptions;
pub mod tally;
pub mod tool;
pub mod tools;
mod waiting;

pub use arguments::Arguments;
pub use parameter::{Form, Parameter};
pub use portals::{Opening, Portals};
