//! What browsers and assistants ask of this server outside of the protocol.

mod endpoints;

pub use endpoints::endpoints;
