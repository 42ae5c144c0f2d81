//! Why nothing is taken from a bundle, in words for the person who named it.

use std::io;

/// Nothing of the bundle was taken. What could not be read of one that was taken is counted in
/// [`super::Skipped`] instead.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It cannot be read to its end.
    #[error("the bundle cannot be read to its end")]
    Unreadable(#[source] io::Error),
    /// It ends too early.
    #[error("the bundle ends in the middle of its JSON (line {0})")]
    CutOff(usize),
    /// It is no JSON (a web page, mostly).
    #[error("this is not valid JSON (line {0})")]
    Syntax(usize),
    /// It is JSON, but no bundle.
    #[error("this is no FHIR bundle")]
    NotABundle,
    /// It names nobody.
    #[error("the bundle holds no organization and no endpoint that can be read")]
    Empty,
    /// It is larger than a directory may be.
    #[error("the bundle is larger than a directory may be: {0}")]
    TooLarge(&'static str),
    /// The stored form was written by a newer version of this program.
    #[error("this directory has format {found}, and this version knows {known} at most: update plainchart")]
    Newer {
        /// The format that was found.
        found: u8,
        /// The newest that this version reads.
        known: u8,
    },
    /// The stored form does not open.
    #[error("the stored form of this directory is damaged: add the bundle again")]
    Damaged,
}

impl Error {
    /// What serde_json says, without a word of the input.
    pub(super) fn of_json(error: serde_json::Error) -> Error {
        use serde_json::error::Category;
        match error.classify() {
            Category::Io => Error::Unreadable(error.into()),
            Category::Eof => Error::CutOff(error.line()),
            Category::Syntax => Error::Syntax(error.line()),
            Category::Data => Error::NotABundle,
        }
    }
}
