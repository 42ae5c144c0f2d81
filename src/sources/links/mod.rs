//! SMART Health Links: an address at which somebody shares records, and the key that opens them (HL7 SMART
//! Health Cards and Links 1.0.0, "SMART Health Links").
//!
//! A [`Link`] is read from its text; [`fetch`] asks its address, once, and opens what it answers. The address is
//! whatever the link says: `http` holds where it may lead, and all that comes has a limit. The link holds the
//! key, so that it is a secret: it stands in no message, no log and no record.

mod error;
mod fetch;
mod link;
mod manifest;
mod sealed;

pub use error::Error;
pub use fetch::{Asked, Shared, fetch};
pub use link::{Link, is_link};
pub use sealed::open;
