//! What a source hands over: entries that are not yet anybody's, and what it left out.

use crate::record::{Entry, Text};

/// An entry as it was read. Its id has only a kind yet; source, keys, classes and the place of its
/// original are given by `ingest`.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The entry.
    pub entry: Entry,
    /// Whom it is about.
    pub subject: Subject,
    /// The resource as it came in, byte for byte.
    pub original: Vec<u8>,
    /// The hash of what it says, however it is laid out.
    pub content: [u8; 16],
    /// The system that it came from, where the input is a collection from several and says so.
    pub system: Option<Text>,
}

/// The person who exported a collection that names nobody: who they are is told by what the collection says of
/// them, such as the birth date, and by whose record it is brought to.
pub const EXPORTER: &str = "Patient/exported-by-the-person";

/// Whom a draft is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// It is the person: a Patient resource, with its identity (`Patient/1`).
    IsPerson(Text),
    /// It is about the person with this identity.
    Person(Text),
    /// It names nobody: a clinician, an organisation, a medicine that others refer to.
    Nobody,
}

/// Something that did not become an entry, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// The file, with the name inside an archive after a `!`.
    pub file: String,
    /// Where in the file: a line, an entry of a bundle, an element.
    pub path: String,
    /// Why, in words for the person; never a value of the record.
    pub reason: String,
}

/// Takes what a source reads, as it reads it.
pub trait Receiver {
    /// An entry.
    fn draft(&mut self, draft: Draft);
    /// Something that did not become an entry.
    fn left_out(&mut self, left_out: LeftOut);
    /// So many more bytes of the input have been read.
    fn progress(&mut self, bytes: u64);
}
