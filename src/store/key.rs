//! The key of a row: whose it is, what it is, and which one. All of it is seen in clear by an engine.

use serde::{Deserialize, Serialize};

use crate::clock::Randomness;

/// Whose row it is. Comes first in every key, so that an engine can shard by it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OwnerId(String);

impl OwnerId {
    /// A new person: random, so that the id says nothing about anyone.
    pub fn random(random: &Randomness) -> Self {
        Self(random.hex(16))
    }

    /// The installation itself: the list of people and what belongs to no one person.
    pub fn home() -> Self {
        Self(String::from("home"))
    }

    /// An id that came back from outside (a token, a hash of a log-in): lowercase letters, digits and
    /// hyphens, at most 64 of them.
    pub fn parse(text: &str) -> Option<Self> {
        let is_known = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        ((1..=64).contains(&text.len()) && text.bytes().all(is_known)).then(|| Self(text.to_owned()))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for OwnerId {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("this is no owner's id")
    }
}

impl From<OwnerId> for String {
    fn from(owner: OwnerId) -> Self {
        owner.0
    }
}

/// What a row is, as far as an engine may know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// An owner's data key, wrapped by the master key.
    Key,
    /// That an owner is here: every write expects it, so that nothing is written for a forgotten one.
    Presence,
    /// The list of the live rows of a person's record.
    Manifest,
    /// A part of a record: entries of one source and category.
    Segment,
    /// What came in, as it came.
    Original,
    /// The list of the people in this store.
    People,
    /// A connected source, with its upstream tokens.
    Source,
    /// A page of a fetch under way.
    Page,
    /// Work that comes due.
    Job,
    /// What a person allows an assistant.
    Grant,
    /// A registered assistant.
    Client,
    /// An authorization code.
    Code,
    /// An access or refresh token.
    Token,
    /// How a person signs in.
    Login,
    /// A browser session.
    Session,
    /// A stretch of the audit chain.
    Audit,
    /// A setting.
    Setting,
    /// A part of the directory of whom one can connect to.
    Directory,
    /// Somebody who signs in at this installation.
    Account,
    /// What lets somebody make an account.
    Invitation,
}

impl Kind {
    /// Every kind there is.
    pub const ALL: [Self; 20] = [
        Self::Key,
        Self::Presence,
        Self::Manifest,
        Self::Segment,
        Self::Original,
        Self::People,
        Self::Source,
        Self::Page,
        Self::Job,
        Self::Grant,
        Self::Client,
        Self::Code,
        Self::Token,
        Self::Login,
        Self::Session,
        Self::Audit,
        Self::Setting,
        Self::Directory,
        Self::Account,
        Self::Invitation,
    ];

    /// The word under which engines keep it. It is bound into every seal: a released word never changes.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Presence => "presence",
            Self::Manifest => "manifest",
            Self::Segment => "segment",
            Self::Original => "original",
            Self::People => "people",
            Self::Source => "source",
            Self::Page => "page",
            Self::Job => "job",
            Self::Grant => "grant",
            Self::Client => "client",
            Self::Code => "code",
            Self::Token => "token",
            Self::Login => "login",
            Self::Session => "session",
            Self::Audit => "audit",
            Self::Setting => "setting",
            Self::Directory => "directory",
            Self::Account => "account",
            Self::Invitation => "invitation",
        }
    }

    /// The kind of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// A row's place below its owner.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowKey {
    /// What it is.
    pub kind: Kind,
    /// Which one. Engines see it in clear: it must say nothing about anyone.
    pub id: String,
}

impl RowKey {
    /// The key of a row.
    pub fn new(kind: Kind, id: impl Into<String>) -> Self {
        Self { kind, id: id.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_own_word() {
        for kind in Kind::ALL {
            assert_eq!(Kind::parse(kind.word()), Some(kind));
        }
        assert_eq!(Kind::parse("nonsense"), None);
    }

    #[test]
    fn an_owner_id_from_outside_is_checked() {
        assert!(OwnerId::parse(OwnerId::random(&Randomness::seeded(1)).as_str()).is_some());
        for bad in ["", "Anna", "a b", "../x", &"x".repeat(65)] {
            assert_eq!(OwnerId::parse(bad), None, "{bad}");
        }
    }
}
