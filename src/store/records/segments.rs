//! Segments: which entries are stored together.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::record::segment::SEGMENT_ENTRIES_MAX;
use crate::record::{Entry, Kind};

/// Which entries a segment holds: those of one source and kind, in the order in which they came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct SegmentName {
    pub source: u16,
    pub kind: Kind,
    pub number: u32,
}

/// The segments of a record, each with its entries.
pub(super) type Parts = BTreeMap<SegmentName, Vec<Entry>>;
/// The entries of a record, and where each segment lies among them.
pub(super) type Line = (Vec<Entry>, Vec<(SegmentName, Range<usize>)>);

impl std::fmt::Display for SegmentName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}.{}", self.source, self.kind.letter(), self.number)
    }
}

impl SegmentName {
    pub(super) fn parse(text: &str) -> Option<SegmentName> {
        let mut parts = text.split('.');
        let source = parts.next()?.parse().ok()?;
        let letter = parts.next()?;
        let kind = Kind::ALL.into_iter().find(|kind| letter == kind.letter().to_string())?;
        let number = parts.next()?.parse().ok()?;
        parts.next().is_none().then_some(SegmentName { source, kind, number })
    }
}

/// Adds entries to the last segment of their source and kind, or begins another. Gives the names of the segments
/// that have grown.
pub(super) fn append(parts: &mut Parts, entries: Vec<Entry>) -> Vec<SegmentName> {
    let mut grown = Vec::new();
    // Of a large change most segments become full; of a small one there is little to hold.
    let room = if entries.len() < SEGMENT_ENTRIES_MAX { 0 } else { SEGMENT_ENTRIES_MAX };
    for entry in entries {
        let first = SegmentName { source: entry.source, kind: entry.kind(), number: 0 };
        let last = parts.range(first..=SegmentName { number: u32::MAX, ..first }).next_back();
        let name = match last {
            Some((name, entries)) if entries.len() < SEGMENT_ENTRIES_MAX => *name,
            Some((name, _)) => SegmentName { number: name.number + 1, ..first },
            None => first,
        };
        parts.entry(name).or_insert_with(|| Vec::with_capacity(room)).push(entry);
        if grown.last() != Some(&name) {
            grown.push(name);
        }
    }
    grown
}

/// Divides the entries of a record that had none into segments, as to append them would. In place: a first import is the
/// largest.
pub(super) fn divide(mut entries: Vec<Entry>) -> Line {
    let of = |entry: &Entry| (entry.source, entry.kind());
    entries.sort_by_cached_key(of);
    let mut segments = Vec::new();
    let mut start = 0;
    for run in entries.chunk_by(|one, other| of(one) == of(other)) {
        for (segment, number) in run.chunks(SEGMENT_ENTRIES_MAX).zip(0..) {
            let (source, kind) = of(&segment[0]);
            segments.push((SegmentName { source, kind, number }, start..start + segment.len()));
            start += segment.len();
        }
    }
    (entries, segments)
}

/// Takes a source out: its segments go, and those of the sources behind it move up. Gives the names that no
/// longer stand.
pub(super) fn drop_source(
    parts: &mut Parts,
    touched: &mut Vec<SegmentName>,
    dropped: u16,
) -> Vec<SegmentName> {
    let moved: Vec<SegmentName> = parts.keys().filter(|name| name.source >= dropped).copied().collect();
    let mut gone: Vec<SegmentName> = Vec::new();
    for name in moved {
        gone.push(name);
        touched.retain(|other| *other != name);
        let Some(mut entries) = parts.remove(&name) else { continue };
        if name.source > dropped {
            let name = SegmentName { source: name.source - 1, ..name };
            entries.iter_mut().for_each(|entry| entry.source = name.source);
            touched.push(name);
            parts.insert(name, entries);
        }
    }
    gone.retain(|name| !parts.contains_key(name));
    gone
}

/// The entries of all segments in one line, and where each segment lies in it.
pub(super) fn line_up(parts: impl IntoIterator<Item = (SegmentName, Vec<Entry>)>) -> Line {
    let parts: Vec<(SegmentName, Vec<Entry>)> = parts.into_iter().collect();
    let mut entries = Vec::with_capacity(parts.iter().map(|(_, part)| part.len()).sum());
    let mut segments = Vec::with_capacity(parts.len());
    for (name, part) in parts {
        let start = entries.len();
        entries.extend(part);
        segments.push((name, start..entries.len()));
    }
    (entries, segments)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Detail, EntryId};

    #[test]
    fn a_first_import_is_divided_as_if_its_entries_were_appended() {
        let entries: Vec<Entry> = (0..12 * SEGMENT_ENTRIES_MAX)
            .map(|number| {
                let letter = ["D", "G", "M"][number % 5 % 3];
                let id = EntryId::parse(&format!("{letter}{number:06}")).unwrap();
                Entry { source: (number % 2) as u16, ..Entry::new(id, Detail::Plain) }
            })
            .collect();
        let mut parts = Parts::new();
        append(&mut parts, entries.clone());
        let divided = divide(entries);
        assert!(divided.1.len() > 6, "more segments than sources and kinds");
        assert_eq!(divided, line_up(parts));
    }
}
