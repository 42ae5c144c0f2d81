//! Where entries came from.

use serde::{Deserialize, Serialize};

use super::{Fetched, Text};

/// One place that entries came from: a provider's files, a portal, the person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// A stable id, opaque.
    pub id: Text,
    /// The name that answers give it.
    pub name: Text,
    /// What it is.
    pub kind: SourceKind,
    /// Who the person is there: hashes of the patient's resource id and identifiers.
    pub patient_keys: Vec<Text>,
    /// What was read from it, and when, oldest first.
    pub imports: Vec<Import>,
    /// What became of the last fetch, for a portal that was fetched from.
    pub fetched: Option<Fetched>,
}

/// A source as the first format of the head held it.
#[derive(Clone, Debug, Deserialize)]
pub struct FirstSource {
    id: Text,
    name: Text,
    kind: SourceKind,
    patient_keys: Vec<Text>,
    imports: Vec<Import>,
}

impl From<FirstSource> for Source {
    fn from(FirstSource { id, name, kind, patient_keys, imports }: FirstSource) -> Source {
        Source { id, name, kind, patient_keys, imports, fetched: None }
    }
}

/// What a source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SourceKind {
    /// Files that the person brought.
    Files,
    /// The person's own entries: "you".
    Own,
    /// A portal that is connected, or was.
    Portal,
}

/// One import from a source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Import {
    /// When (seconds since 1970).
    pub at: i64,
    /// From which file.
    pub file: Text,
    /// How many resources were read.
    pub read: u32,
    /// How many things were left out.
    pub left_out: u32,
}

impl Source {
    /// When something was last read from it (seconds since 1970).
    pub fn last_at(&self) -> Option<i64> {
        self.imports.last().map(|import| import.at)
    }
}
