//! What one entry reveals of another: the specialist or department it names, the document whose bytes it is.

use foldhash::HashMap;

use crate::record::{Detail, Entry, Kind, LinkRole, Record};

/// Kinds that a department or specialist reveals. Medicines and results are judged by themselves: a
/// medicine that vanishes because of who wrote it down is a danger of its own.
pub(super) const OF_DEPARTMENT: [Kind; 8] = [
    Kind::Document,
    Kind::Imaging,
    Kind::Visit,
    Kind::Directive,
    Kind::Procedure,
    Kind::CarePlan,
    Kind::Claim,
    Kind::Contact,
];

type ByKey<'a> = HashMap<(u16, &'a str), u8>;

/// Adds to the classes of each entry what those that it names, or that name it, reveal.
pub(super) fn spread(entries: &mut [Entry], record: &Record) {
    let revealed: Vec<u8> = {
        let all = || record.entries.iter().chain(entries.iter()).filter(|entry| entry.is_live());
        let people = people(all());
        let bytes = bytes(all(), &people);
        let of = |entry: &Entry| {
            let own = bytes.get(&(entry.source, entry.key.as_str())).copied().unwrap_or_default();
            own | by_people(entry, &people)
        };
        entries.iter().map(of).collect()
    };
    entries.iter_mut().zip(revealed).for_each(|(entry, classes)| entry.classes |= classes);
}

/// Clinicians, departments and places that reveal something; a clinician by each of their parts.
fn people<'a>(entries: impl Iterator<Item = &'a Entry>) -> ByKey<'a> {
    let mut found = ByKey::default();
    for entry in entries.filter(|entry| entry.kind() == Kind::Contact && entry.classes != 0) {
        let practitioner = entry.actors.iter().filter(|actor| actor.role == "practitioner");
        let keys = practitioner.filter_map(|actor| actor.key.as_deref()).chain([entry.key.as_str()]);
        keys.for_each(|key| *found.entry((entry.source, key)).or_default() |= entry.classes);
    }
    found
}

/// The bytes of documents that reveal something, which were sent as resources of their own.
fn bytes<'a>(entries: impl Iterator<Item = &'a Entry>, people: &ByKey<'_>) -> ByKey<'a> {
    let mut found = ByKey::default();
    for entry in entries.filter(|entry| matches!(entry.detail, Detail::Document(_))) {
        for key in entry.linked(LinkRole::Related).filter(|key| key.starts_with("Binary/")) {
            *found.entry((entry.source, key)).or_default() |= entry.classes | by_people(entry, people);
        }
    }
    found
}

fn by_people(entry: &Entry, people: &ByKey<'_>) -> u8 {
    if entry.kind() == Kind::Contact || !OF_DEPARTMENT.contains(&entry.kind()) {
        return 0;
    }
    let keys = entry.actors.iter().filter_map(|actor| actor.key.as_deref());
    keys.filter_map(|key| people.get(&(entry.source, key))).fold(0, |all, classes| all | classes)
}
