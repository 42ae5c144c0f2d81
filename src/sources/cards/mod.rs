//! SMART Health Cards: statements that an issuer has signed, as a file, as a text, or as the text of a QR code
//! (HL7 SMART Health Cards and Links 1.0.0, "SMART Health Cards").
//!
//! A [`Card`] is what was signed; [`Issuers`] say whether it was. Reading alone asks no network.

mod card;
mod fault;
mod issuers;
mod numeric;
mod verdict;

pub use card::{Card, Said};
pub use fault::Fault;
pub use issuers::{Fetch, Issuers, NOT_ASKED, over};
pub use numeric::{is_part, is_text, texts};
pub use verdict::Verdict;

/// By what the record knows that something came on a health card.
pub const POLICY: &str = "https://smarthealth.cards#health-card";
