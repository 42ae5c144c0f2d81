//! What entries only refer to: names of clinicians and medicines, and the bytes of documents, whichever
//! import brings them first.

use std::collections::{HashMap, HashSet};

use crate::record::{Detail, Document, Entry, Kind, LinkRole, Record};
use crate::sources::resolve::Names;

/// Fills in the new entries from all that is known of their sources, and entries of the record from what
/// comes only now; those are added to `entries`.
pub fn complete(record: &Record, entries: &mut Vec<Entry>) {
    let mut sources: Vec<u16> = entries.iter().map(|entry| entry.source).collect();
    sources.sort_unstable();
    sources.dedup();
    for source in sources {
        complete_source(record, entries, source);
    }
}

fn complete_source(record: &Record, entries: &mut Vec<Entry>, source: u16) {
    let is_of_source = |entry: &&Entry| entry.source == source && entry.is_live();
    let held = || record.entries.iter().filter(is_of_source);
    let brings_names = entries.iter().filter(is_of_source).any(is_referred_to);
    let names = Names::of(held().chain(entries.iter().filter(is_of_source)));
    let bytes = Bytes::of(held().chain(entries.iter().filter(is_of_source)));
    let fill = |entry: &mut Entry| {
        names.resolve(entry);
        bytes.fill(entry);
    };
    entries.iter_mut().filter(|entry| entry.source == source).for_each(fill);
    if !brings_names {
        return;
    }
    let present: HashSet<_> = entries.iter().map(|entry| entry.id).collect();
    for entry in held().filter(|entry| !present.contains(&entry.id)) {
        let mut filled = entry.clone();
        fill(&mut filled);
        if filled != *entry {
            entries.push(filled);
        }
    }
}

/// True for what others take a name or a text from.
fn is_referred_to(entry: &Entry) -> bool {
    matches!(entry.kind(), Kind::Contact | Kind::Device | Kind::Demographics | Kind::Other)
}

/// Texts that came as resources of their own (`Binary/1`).
struct Bytes(HashMap<String, Document>);

impl Bytes {
    fn of<'a>(entries: impl Iterator<Item = &'a Entry>) -> Bytes {
        let sent = entries.filter_map(|entry| match &entry.detail {
            Detail::Document(document) if entry.kind() == Kind::Other => {
                Some((entry.key.to_string(), (**document).clone()))
            }
            _ => None,
        });
        Bytes(sent.collect())
    }

    fn fill(&self, entry: &mut Entry) {
        if self.0.is_empty() || entry.kind() == Kind::Other {
            return;
        }
        let keys: Vec<String> = entry.linked(LinkRole::Related).map(str::to_owned).collect();
        let Detail::Document(document) = &mut entry.detail else { return };
        for key in keys {
            let Some(sent) = self.0.get(&key) else { continue };
            if document.text.is_none() {
                document.text.clone_from(&sent.text);
            }
            let mut attachments = document.attachments.iter_mut();
            let id = key.rsplit('/').next().unwrap_or(&key);
            let is_it = |url: &str| url.contains(id);
            let place = attachments
                .find(|attachment| attachment.hash.is_none() && attachment.url.as_deref().is_some_and(is_it));
            if let (Some(place), Some(bytes)) = (place, sent.attachments.first()) {
                place.hash = bytes.hash;
                place.size = bytes.size;
                place.unread.clone_from(&bytes.unread);
                place.content_type = place.content_type.take().or_else(|| bytes.content_type.clone());
            }
        }
    }
}
