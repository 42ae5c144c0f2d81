//! The head of a bundle as it is stored: the number of the format, then postcard.

use serde::{Deserialize, Serialize};

use super::Error;
use crate::sources::directory::About;
use crate::store::{self, Kind};

const FORMAT: u8 = 1;

/// What is known of a bundle, and how many parts it has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Head {
    pub about: About,
    pub parts: u32,
}

impl Head {
    pub fn encode(&self) -> Result<Vec<u8>, Error> {
        let body = postcard::to_stdvec(self).map_err(store::Error::failed("writing the directory"))?;
        Ok([&[FORMAT], body.as_slice()].concat())
    }

    pub fn decode(bytes: &[u8]) -> Result<Head, Error> {
        let (format, body) = bytes.split_first().ok_or(store::Error::Damaged(Kind::Directory))?;
        if *format > FORMAT {
            let (found, known) = ((*format).into(), FORMAT.into());
            return Err(store::Error::Newer { what: "the directory", found, known }.into());
        }
        Ok(postcard::from_bytes(body).map_err(store::Error::failed("reading the directory"))?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_newer_head_is_refused_by_name() {
        let error = Head::decode(&[FORMAT + 1, 0]).unwrap_err();
        assert!(matches!(error, Error::Store(store::Error::Newer { found: 2, known: 1, .. })), "{error}");
    }
}
