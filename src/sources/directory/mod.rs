//! The directory: who can be connected to, out of the lists that vendors publish.
//!
//! [`read()`] takes a User-access Brands bundle (or a plain bundle of endpoints) as a stream and keeps three
//! [`Tables`] apart: the *brand* that a person knows, the *portal* at which they sign in, and the *endpoint*
//! that answers. [`form`] is what of it is stored. A [`Directory`] holds several bundles side by side in
//! memory and answers [`Directory::search`] for people and [`Directory::find`] for whoever connects.
//!
//! SMART App Launch 2.2.0, User-access Brands: <https://hl7.org/fhir/smart-app-launch/brands.html>.

mod about;
mod building;
mod endpoint;
mod error;
mod find;
pub mod form;
mod hit;
mod index;
mod keys;
mod limited;
mod linking;
mod matching;
mod names;
mod near;
mod organization;
pub mod published;
mod read;
mod same;
mod search;
mod tables;
mod texts;

#[cfg(test)]
mod tests;

pub use about::{About, Counts, Skipped};
pub use error::Error;
pub use find::{Choice, Found};
pub use hit::{Closeness, EndpointFound, Hit, Hits, PortalFound};
pub use limited::Limits;
pub use read::{Reading, read};
pub use search::Directory;
pub use tables::{Reach, Tables};
