//! What entries only refer to: names of clinicians and medicines, and the bytes of documents, whichever
//! import brings them first.

use std::collections::{HashMap, HashSet};

use crate::record::{Detail, Document, Entry, Kind, LinkRole, Record, Text};
use crate::sources::document_text::forms::{self, Forms};
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

/// Texts that came as resources of their own (`Binary/1`), each with its marks.
struct Bytes(HashMap<String, (Document, Vec<Text>)>);

impl Bytes {
    fn of<'a>(entries: impl Iterator<Item = &'a Entry>) -> Bytes {
        let sent = entries.filter_map(|entry| match &entry.detail {
            Detail::Document(document) if entry.kind() == Kind::Other => {
                Some((entry.key.to_string(), ((**document).clone(), entry.security.clone())))
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
        let mut sent: Vec<(&str, &(Document, Vec<Text>))> =
            keys.iter().filter_map(|key| Some((key.as_str(), self.0.get(key)?))).collect();
        // One document in several formats: the one that reads best comes first.
        sent.sort_by_key(|(_, (sent, _))| forms::rank(content_type(sent)));
        let mut forms = Forms::default();
        if let Some(text) = &document.text {
            forms.add(None, text);
        }
        for (key, (sent, marks)) in sent {
            let new = marks.iter().filter(|mark| !entry.security.contains(mark)).cloned();
            let new: Vec<Text> = new.collect();
            entry.security.extend(new);
            let mut attachments = document.attachments.iter_mut();
            // The id of what lies at an address of its own is that address.
            let id = key.strip_prefix("Binary/").or_else(|| key.rsplit('/').next()).unwrap_or(key);
            let is_it = |url: &str| names(url, id);
            let place = attachments
                .find(|attachment| attachment.hash.is_none() && attachment.url.as_deref().is_some_and(is_it));
            // What has its place already was read when it got there.
            let is_new = place.is_some() || document.text.is_none();
            let text = sent.text.as_deref().filter(|_| is_new);
            let is_said = text.is_some_and(|text| forms.add(content_type(sent), text));
            if let (Some(place), Some(bytes)) = (place, sent.attachments.first()) {
                place.hash = bytes.hash;
                place.size = bytes.size;
                place.unread = if is_said { Some(forms::SAME_DOCUMENT.into()) } else { bytes.unread.clone() };
                place.content_type = place.content_type.take().or_else(|| bytes.content_type.clone());
            }
        }
        document.text = Text::trimmed(&forms.text());
    }
}

fn content_type(document: &Document) -> Option<&str> {
    document.attachments.first()?.content_type.as_deref()
}

/// Whether an address holds this id, and not as a part of another (`7` in `Binary/17`).
fn names(url: &str, id: &str) -> bool {
    let is_edge = |sign: Option<u8>| sign.is_none_or(|sign| b"/:?#=&".contains(&sign));
    let bytes = url.as_bytes();
    url.match_indices(id).any(|(at, _)| {
        let before = at.checked_sub(1).and_then(|before| bytes.get(before).copied());
        is_edge(before) && is_edge(bytes.get(at + id.len()).copied())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::{Draft, LeftOut, Limits, Receiver, files};

    #[derive(Default)]
    struct Entries(Vec<Entry>);

    impl Receiver for Entries {
        fn draft(&mut self, draft: Draft) {
            self.0.push(draft.entry);
        }
        fn left_out(&mut self, _: LeftOut) {}
        fn progress(&mut self, _: u64) {}
    }

    /// The attachments of the first of these resources once all are known: the text, and which have bytes.
    fn completed(resources: &str) -> (Option<String>, Vec<bool>) {
        let mut entries = Entries::default();
        let file = format!("[{resources}]");
        files::read_held(&[("file", file.as_bytes())], &Limits::default(), &mut entries).unwrap();
        complete(&Record::default(), &mut entries.0);
        let Detail::Document(document) = &entries.0[0].detail else { panic!("no document") };
        let has_bytes = document.attachments.iter().map(|attachment| attachment.hash.is_some());
        (document.text.as_deref().map(str::to_owned), has_bytes.collect())
    }

    #[test]
    fn bytes_are_found_by_their_id_and_by_the_address_at_which_they_lie() {
        let binary = |id: &str| {
            format!(r#"{{"resourceType":"Binary","id":"{id}","contentType":"text/plain","data":"RmluZS4="}}"#)
        };
        let note = |one: &str, other: &str| {
            format!(
                r#"{{"resourceType":"DocumentReference","id":"d","content":[{{"attachment":{{"url":"{one}"}}}},
                {{"attachment":{{"url":"{other}"}}}}]}}"#
            )
        };
        let address = "https://fhir.example.org/r4/files/7?as=text";
        for (one, other, id) in [
            ("https://fhir.example.org/r4/Binary/17", "https://fhir.example.org/r4/Binary/7", "7"),
            ("https://fhir.example.org/r4/files/7", address, address),
        ] {
            let found = completed(&format!("{},{}", note(one, other), binary(id)));
            assert_eq!(found, (Some("Fine.".into()), vec![false, true]), "{id}");
        }
        // One note as HTML and as RTF, each a resource of its own.
        let twice = r#"{"resourceType":"DocumentReference","id":"d","content":[{"attachment":{"url":"Binary/1"}},{"attachment":{"url":"Binary/2"}}]},
            {"resourceType":"Binary","id":"1","contentType":"application/rtf","data":"e1xydGYxIFNvZGl1bSAxNDB9"},
            {"resourceType":"Binary","id":"2","contentType":"text/html","data":"PGI+U29kaXVtPC9iPiAxNDA="}"#;
        assert_eq!(completed(twice), (Some("Sodium 140".into()), vec![true, true]));
        let report = r#"{"resourceType":"DiagnosticReport","id":"r","presentedForm":[{"url":"Binary/7"}]}"#;
        assert_eq!(completed(&format!("{report},{}", binary("7"))), (Some("Fine.".into()), vec![true]));
    }
}
