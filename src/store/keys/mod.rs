//! The master key: where it comes from, where it is kept, and how the first one is made.
//!
//! A place keeps a whole [`Masters`] (the current key and, during a rotation, the one before it), so that
//! every change of it is one replacement of one value. The file `key-source` in the home folder says which
//! place is in use, and holds no secret.

mod error;
mod file;
mod key_store;
mod keychain;
mod masters;
mod opening;
mod passphrase;
mod source;
mod unlocked;

pub use error::Error;
pub use keychain::Keychain;
pub use masters::{Master, Masters};
pub use opening::{Opened, open};
pub use source::KeySource;
