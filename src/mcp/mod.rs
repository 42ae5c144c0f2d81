//! What an assistant talks to: tools and resources of one record, over stdio.
//!
//! Follow one call: [`server`] takes it from the wire, [`tool`] is the gate that every call passes,
//! [`tools`] is the list of what can be asked, and `insight` computes the answer.

pub mod aliases;
mod arguments;
pub mod log;
mod parameter;
mod pool;
mod prompts;
mod rate;
mod resources;
mod schema;
pub mod server;
pub mod stdio;
pub mod tool;
pub mod tools;

pub use arguments::Arguments;
pub use parameter::{Form, Parameter};
