//! Text that many entries share: one allocation per distinct string of a segment.

use std::borrow::Borrow;
use std::cell::RefCell;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use foldhash::{HashMap, HashSet};
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A piece of text as it was recorded. Cloning it copies a pointer.
///
/// Inside `with_table` and `from_table` it is written as an index into the table of its segment
/// (half the opening time of a large record goes into strings otherwise); anywhere else as a string.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text(Arc<str>);

thread_local! {
    static WRITING: RefCell<Option<Writing>> = const { RefCell::new(None) };
    static READING: RefCell<Option<Vec<Text>>> = const { RefCell::new(None) };
    // The texts that were made while equal ones are to be one allocation.
    static SHARED: RefCell<Option<HashSet<Text>>> = const { RefCell::new(None) };
}

/// Longer texts are hardly ever said twice.
const SHARED_BYTES_MAX: usize = 128;
/// So many texts are remembered; then remembering begins anew, so that it stays small.
const SHARED_TEXTS_MAX: usize = 1 << 15;

#[derive(Default)]
struct Writing {
    index: HashMap<Text, u32>,
    table: Vec<Text>,
}

impl Text {
    /// The text with white space at both ends removed; `None` where nothing is left.
    pub fn trimmed(text: &str) -> Option<Text> {
        let text = text.trim();
        (!text.is_empty()).then(|| text.into())
    }

    /// The characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Runs `write` with a fresh string table and returns its result with the table.
pub(super) fn with_table<T>(write: impl FnOnce() -> T) -> (T, Vec<Text>) {
    WRITING.set(Some(Writing::default()));
    let written = write();
    let table = WRITING.take().map(|writing| writing.table).unwrap_or_default();
    (written, table)
}

/// Runs `read` with `table` as the meaning of the indices.
pub(super) fn from_table<T>(table: Vec<Text>, read: impl FnOnce() -> T) -> T {
    READING.set(Some(table));
    let value = read();
    READING.set(None);
    value
}

/// A copy of a value in which `other` has put other texts in place of some.
pub(super) fn exchanged<T: Serialize + DeserializeOwned>(
    value: &T,
    other: impl Fn(&Text) -> Option<Text>,
) -> Result<T, postcard::Error> {
    let (written, table) = with_table(|| postcard::to_stdvec(value));
    let table = table.into_iter().map(|text| other(&text).unwrap_or(text)).collect();
    let written = written?;
    from_table(table, || postcard::from_bytes(&written))
}

/// While `work` runs, equal short texts that this thread makes are one allocation.
pub fn shared<T>(work: impl FnOnce() -> T) -> T {
    SHARED.set(Some(HashSet::default()));
    let value = work();
    SHARED.set(None);
    value
}

/// The text that stands for this one already, if texts are shared and there is one.
fn made(text: &str) -> Text {
    if text.len() > SHARED_BYTES_MAX {
        return Text(Arc::from(text));
    }
    SHARED.with_borrow_mut(|shared| {
        let Some(shared) = shared else { return Text(Arc::from(text)) };
        if let Some(known) = shared.get(text) {
            return known.clone();
        }
        let made = Text(Arc::from(text));
        if shared.len() >= SHARED_TEXTS_MAX {
            shared.clear();
        }
        shared.insert(made.clone());
        made
    })
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let index = WRITING.with_borrow_mut(|writing| {
            let writing = writing.as_mut()?;
            if let Some(index) = writing.index.get(self) {
                return Some(*index);
            }
            let index = writing.table.len() as u32;
            writing.table.push(self.clone());
            writing.index.insert(self.clone(), index);
            Some(index)
        });
        match index {
            Some(index) => serializer.serialize_u32(index),
            None => serializer.serialize_str(&self.0),
        }
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let by_table = READING.with_borrow(Option::is_some);
        if !by_table {
            return String::deserialize(deserializer).map(Text::from);
        }
        let index = u32::deserialize(deserializer)? as usize;
        READING
            .with_borrow(|table| table.as_ref().and_then(|table| table.get(index).cloned()))
            .ok_or_else(|| D::Error::custom("a string is missing from the segment's table"))
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Text {
        made(text)
    }
}

impl From<String> for Text {
    fn from(text: String) -> Text {
        made(&text)
    }
}

impl Deref for Text {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Text {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        &*self.0 == other
    }
}

impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        &*self.0 == *other
    }
}
