//! One entry of a record: what every kind has in common.

use serde::{Deserialize, Serialize};

use super::{Concept, Detail, EntryId, Key, Kind, Passages, Text, When};

/// One thing that a source says about the person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// The id that is cited. Its own, never its group's.
    pub id: EntryId,
    /// Which of the record's sources said it: the index into `Record::sources`.
    pub source: u16,
    /// Its identity at the source, such as `Observation/123`.
    pub key: Text,
    /// The file it came in, where it came in a file.
    pub file: Option<Text>,
    /// What was sent, in full.
    pub original: Original,
    /// When this version of it first came into the record (seconds since 1970).
    pub added_at: i64,
    /// Whether it still stands at its source.
    pub lifecycle: Lifecycle,
    /// Whether it is told as a fact.
    pub standing: Standing,
    /// The status as recorded (`active`, `final`, `amended`, …).
    pub status: Option<Text>,
    /// What it is about.
    pub concept: Concept,
    /// The source's own categories, as words (`laboratory`, `problem-list-item`, `Cardiology`).
    pub categories: Vec<Text>,
    /// The date that matters: taken, given, done, begun, authored.
    pub date: Option<When>,
    /// When it ended: a stay, an illness, a course.
    pub end: Option<When>,
    /// When it was written down or issued.
    pub recorded: Option<When>,
    /// When the source last changed it.
    pub updated: Option<When>,
    /// Who had to do with it.
    pub actors: Vec<Actor>,
    /// Other entries of the same source that it names.
    pub links: Vec<Link>,
    /// Comments, word for word.
    pub notes: Vec<Text>,
    /// Further recorded elements that only a full view shows: label and value.
    pub more: Vec<(Text, Text)>,
    /// Marks of the source that withhold it (`NOPAT`, `R`, …), as recorded.
    pub security: Vec<Text>,
    /// Sensitive classes it belongs to, as a set of bits: what its codes reveal where it is read, and what
    /// its words reveal, given by `ingest`.
    pub classes: u8,
    /// What its prose reveals, passage by passage, given by `ingest`. A segment keeps it apart from the
    /// entries, so that those of an earlier version are read as they were written.
    #[serde(skip, default = "Passages::nothing")]
    pub passages: Passages,
    /// Under which keys it is the same fact as another, given by `ingest`.
    pub keys: Vec<Key>,
    /// What only its kind has.
    pub detail: Detail,
}

/// Where the bytes that came in are kept, and their hash.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Original {
    /// The first half of the SHA-256 of the bytes: enough to tell whether they changed.
    pub hash: [u8; 16],
    /// The pack that holds them, by its number in the manifest.
    pub pack: u32,
    /// Their place in the pack.
    pub index: u32,
}

/// Whether an entry still stands at its source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Lifecycle {
    /// As last fetched.
    #[default]
    Live,
    /// A newer version has taken its place.
    Replaced,
    /// The source no longer has it.
    Gone,
}

/// Whether an entry is told as a fact, and if not, as what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Standing {
    /// The source states it.
    #[default]
    Stated,
    /// The source states that it is not so (refuted).
    Refuted,
    /// The source has withdrawn it (entered in error).
    EnteredInError,
    /// It was not done, not given, not performed.
    NotDone,
    /// Suspected, provisional, differential.
    Unconfirmed,
    /// The source states that there is none ("no known allergies").
    NoneKnown,
    /// The source states that nobody asked ("not on file").
    NotAsked,
}

impl Standing {
    /// True for what may stand in a list of facts.
    pub fn is_fact(self) -> bool {
        matches!(self, Standing::Stated | Standing::Unconfirmed)
    }

    /// The words for it; empty for what is simply stated.
    pub fn words(self) -> &'static str {
        match self {
            Standing::Stated => "",
            Standing::Refuted => "refuted",
            Standing::EnteredInError => "entered in error",
            Standing::NotDone => "not done",
            Standing::Unconfirmed => "unconfirmed",
            Standing::NoneKnown => "none known",
            Standing::NotAsked => "not asked",
        }
    }
}

/// The part of who keeps a document: the organisation that it comes from.
pub const CUSTODIAN: &str = "custodian";

/// The label of the date of the document that an entry was told in: how old its words are, where it came in a
/// document that somebody put together, and not from the place where it is kept.
pub const DOCUMENT_DATE: &str = "told in a document of";

/// The label of what carries the document that an entry was told in, where another resource carries it.
pub const CARRIED_BY: &str = "told in a document that is attached to";

/// Somebody who had to do with an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// In which part: `performer`, `requester`, `author`, `location`, `organization`, …
    pub role: Text,
    /// The name, resolved where the source sent it.
    pub name: Option<Text>,
    /// The identity at the source (`Practitioner/9`), where there is one.
    pub key: Option<Text>,
}

/// Another entry of the same source, named by an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Why it is named.
    pub role: LinkRole,
    /// Its identity at the source (`Encounter/7`).
    pub key: Text,
}

/// Why one entry names another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum LinkRole {
    /// It belongs to this visit.
    Visit,
    /// A report's result, a panel's member.
    Result,
    /// The reason for it.
    Reason,
    /// The order it answers, or the prescription it fills.
    Order,
    /// What it takes the place of.
    Replaces,
    /// What it is part of.
    PartOf,
    /// A goal, an activity, a device used: anything else it names.
    Related,
}

/// The category of what a device tells of a day as a whole: a total, a mean, a night, a workout.
pub const DAILY_LOG: &str = "daily log";
/// The category of what the person measured at home.
pub const HOME_READING: &str = "home reading";

impl Entry {
    /// True for what a device tells of a day as a whole. Nobody took it as a measurement: it is no reading to
    /// judge, to set beside a clinic's, or to list among them unasked.
    pub fn is_logged(&self) -> bool {
        self.categories.iter().any(|category| *category == DAILY_LOG)
    }

    /// True for what the person measured at home, as the source says.
    pub fn is_home_reading(&self) -> bool {
        self.categories.iter().any(|category| *category == HOME_READING)
    }

    /// An entry that says no more than this: stated, live, of the first source.
    pub fn new(id: EntryId, detail: Detail) -> Entry {
        Entry {
            id,
            source: 0,
            key: Text::default(),
            file: None,
            original: Original::default(),
            added_at: 0,
            lifecycle: Lifecycle::Live,
            standing: Standing::Stated,
            status: None,
            concept: Concept::default(),
            categories: Vec::new(),
            date: None,
            end: None,
            recorded: None,
            updated: None,
            actors: Vec::new(),
            links: Vec::new(),
            notes: Vec::new(),
            more: Vec::new(),
            security: Vec::new(),
            classes: 0,
            passages: Passages::default(),
            keys: Vec::new(),
            detail,
        }
    }

    /// Gives back the room that its lists have beyond what they hold: there are many entries.
    pub fn shrink_to_fit(&mut self) {
        self.concept.codes.shrink_to_fit();
        self.categories.shrink_to_fit();
        self.actors.shrink_to_fit();
        self.links.shrink_to_fit();
        self.notes.shrink_to_fit();
        self.more.shrink_to_fit();
        self.security.shrink_to_fit();
        if let Detail::Measurement(measurement) = &mut self.detail {
            measurement.flags.shrink_to_fit();
            measurement.ranges.shrink_to_fit();
            measurement.components.shrink_to_fit();
        }
    }

    /// The kind, as its id says.
    pub fn kind(&self) -> Kind {
        self.id.kind()
    }

    /// True where it still stands at its source.
    pub fn is_live(&self) -> bool {
        self.lifecycle == Lifecycle::Live
    }

    /// The keys that it names in this role.
    pub fn linked(&self, role: LinkRole) -> impl Iterator<Item = &str> {
        self.links.iter().filter(move |link| link.role == role).map(|link| link.key.as_str())
    }

    /// The date of the document that it was told in.
    pub fn document_date(&self) -> Option<When> {
        self.extra(DOCUMENT_DATE).and_then(When::parse)
    }

    /// How old its words are: when its source last changed it, or told it in a document.
    pub fn told_at(&self) -> Option<When> {
        self.updated.or_else(|| self.document_date())
    }

    /// The name of the first actor in this part.
    pub fn actor(&self, role: &str) -> Option<&str> {
        self.actors.iter().filter(|actor| actor.role == role).find_map(|actor| actor.name.as_deref())
    }

    /// A further recorded element by its label.
    pub fn extra(&self, label: &str) -> Option<&str> {
        self.more.iter().find(|(name, _)| name == label).map(|(_, value)| value.as_str())
    }
}
