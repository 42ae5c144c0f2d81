//! What a portal has no longer: known only where everything of its type was asked for, and came.

use foldhash::HashSet;

use crate::record::{Entry, Fetched, Lifecycle, Record};

/// The entries that stand in the record and are gone at their source, marked so. `found` is what it sent.
pub fn of(record: &Record, found: &[Entry], places: &[usize], fetched: &Fetched) -> Vec<Entry> {
    let sent: HashSet<&str> = found.iter().map(|entry| resource(&entry.key)).collect();
    let is_missing = |entry: &&Entry| {
        entry.is_live()
            && places.contains(&usize::from(entry.source))
            && !sent.contains(resource(&entry.key))
            && type_of(&entry.key).is_some_and(|own| fetched.is_complete(own))
    };
    let missing = record.entries.iter().filter(is_missing);
    missing.map(|entry| Entry { lifecycle: Lifecycle::Gone, ..entry.clone() }).collect()
}

/// The resource of a key: results inside of a report come and go with it (`DiagnosticReport/1#result-1`).
fn resource(key: &str) -> &str {
    key.split('#').next().unwrap_or(key)
}

/// The type in `Observation/1`; what came without an id has none that could be asked for.
fn type_of(key: &str) -> Option<&str> {
    let (own, _) = key.split_once('/')?;
    own.starts_with(|first: char| first.is_ascii_uppercase()).then_some(own)
}
