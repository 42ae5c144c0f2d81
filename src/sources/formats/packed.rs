//! Resources of a fetch, one after the other as they were cut from their pages.
//!
//! Reading them needs no second look for where each begins: cutting every page of a large record once more
//! would cost a fifth of its import.

use std::borrow::Cow;

use super::bundle::{self, Head, Member};
use super::parts::{self, Parts};
use super::sink::{Place, Share, Sink};
use crate::sources::error::{Error, Fault};
use crate::sources::references::{References, identity};
use crate::sources::{FileFailure, Limits, Receiver};

const RESOURCE: u8 = 0;
const RESOURCE_AT: u8 = 1;
const OTHER: u8 = 2;

/// Resources that are being packed.
#[derive(Debug, Default)]
pub struct Packer {
    bytes: Vec<u8>,
}

impl Packer {
    /// With room for so many bytes.
    pub fn with_room(bytes: usize) -> Packer {
        Packer { bytes: Vec::with_capacity(bytes) }
    }

    /// Adds a resource, byte for byte, with the address of its entry as JSON.
    pub fn add(&mut self, full_url: Option<&str>, resource: &str) {
        self.bytes.push(if full_url.is_some() { RESOURCE_AT } else { RESOURCE });
        full_url.into_iter().chain([resource]).for_each(|text| self.text(text));
    }

    /// Adds an entry that has no resource, so that the reader can say so.
    pub fn add_other(&mut self, entry: &str) {
        self.bytes.push(OTHER);
        self.text(entry);
    }

    fn text(&mut self, text: &str) {
        self.bytes.extend_from_slice(&(text.len() as u64).to_le_bytes());
        self.bytes.extend_from_slice(text.as_bytes());
    }

    /// How many bytes there are by now.
    pub fn size(&self) -> usize {
        self.bytes.len()
    }

    /// The packed resources.
    pub fn finish(self) -> Vec<u8> {
        self.bytes
    }
}

/// What was packed together, and what a person calls where it came from.
#[derive(Debug)]
pub struct Packed {
    /// What stands for a file's name.
    pub file: String,
    /// The packed resources.
    pub bytes: Vec<u8>,
}

/// Reads what was packed, on several threads, and hands it over in its order.
pub fn read(
    limits: &Limits,
    receiver: &mut dyn Receiver,
    mut next: impl FnMut() -> Result<Option<Packed>, Error>,
) -> Result<Vec<FileFailure>, Error> {
    const ALL: &str = "the portal";
    let whole = Share { packed: u64::MAX, unpacked: u64::MAX };
    let mut sink = Sink::new(ALL, whole, limits, receiver);
    let fault = match parts::read(&Pages, &mut sink, || Ok(next()?)) {
        Ok(_) => sink.flaw(),
        Err(Fault::Import(error)) => return Err(error),
        Err(fault) => Some(fault),
    };
    Ok(fault.map(|fault| FileFailure { file: ALL.into(), reason: fault.to_string() }).into_iter().collect())
}

/// Pages stand for themselves: an address in one is none of another.
struct Pages;

impl Parts for Pages {
    type Part = Packed;

    fn file(part: &Packed) -> Option<String> {
        Some(part.file.clone())
    }

    fn read(&self, part: Packed, sink: &mut Sink<'_>) -> usize {
        let entries = entries(&part.bytes);
        let mut references = References::default();
        for entry in &entries {
            note_address(entry, &mut references);
        }
        for (at, entry) in entries.iter().enumerate() {
            read_entry(entry, &format!("entry[{at}]"), &references, sink);
            sink.advance(entry.text.len() as u64);
        }
        0
    }
}

struct Entry<'a> {
    full_url: Option<Cow<'a, str>>,
    text: &'a str,
    is_resource: bool,
}

/// What was packed; bytes that nobody packed so end it.
fn entries(mut bytes: &[u8]) -> Vec<Entry<'_>> {
    let mut entries = Vec::new();
    while let Some((&kind, rest)) = bytes.split_first() {
        bytes = rest;
        let full_url = (kind == RESOURCE_AT).then(|| take(&mut bytes)).flatten().and_then(unquoted);
        let Some(text) = take(&mut bytes) else { break };
        entries.push(Entry { full_url, text, is_resource: kind != OTHER });
    }
    entries
}

fn take<'a>(bytes: &mut &'a [u8]) -> Option<&'a str> {
    let (length, rest) = bytes.split_first_chunk()?;
    let (text, rest) = rest.split_at_checked(usize::try_from(u64::from_le_bytes(*length)).ok()?)?;
    *bytes = rest;
    str::from_utf8(text).ok()
}

/// The text of a JSON string.
fn unquoted(json: &str) -> Option<Cow<'_, str>> {
    let inner = json.strip_prefix('"')?.strip_suffix('"')?;
    if inner.contains('\\') {
        return serde_json::from_str(json).ok().map(Cow::Owned);
    }
    Some(Cow::Borrowed(inner))
}

/// What an address stands for that does not say it itself.
fn note_address(entry: &Entry<'_>, references: &mut References<'_>) {
    let Some(url) = entry.full_url.as_deref().filter(|url| identity(url).is_none()) else { return };
    if let Ok(head) = serde_json::from_str::<Head<'_>>(entry.text)
        && let Some((kind, id)) = head.identity_at(url)
    {
        references.insert(url, &kind, &id);
    }
}

fn read_entry(entry: &Entry<'_>, path: &str, references: &References<'_>, sink: &mut Sink<'_>) {
    if entry.is_resource {
        let place = Place { path, full_url: entry.full_url.as_deref(), references };
        bundle::read_resource(entry.text, &place, 0, sink);
        return;
    }
    match serde_json::from_str::<Member<'_>>(entry.text) {
        Ok(member) => sink.leave_out(path, &bundle::without_resource(&member)),
        Err(_) => sink.leave_out(path, bundle::NO_OBJECT),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::taken::Taken;

    fn read_all(pages: Vec<Packed>) -> (Taken, Vec<FileFailure>) {
        let mut seen = Taken::default();
        let mut pages = pages.into_iter();
        let failures = read(&Limits::default(), &mut seen, || Ok(pages.next())).unwrap();
        (seen, failures)
    }

    #[test]
    fn resources_are_read_in_their_order_byte_for_byte_with_the_name_of_their_page() {
        let goal = |id: usize| format!("{{\"resourceType\":\"Goal\",\n \"id\":\"{id}\",\"x\":4.10}}");
        for count in [1, 2, 60] {
            let page = |number: usize| {
                let mut packer = Packer::with_room(0);
                packer.add(None, &goal(2 * number));
                packer.add(Some(r#""https:\/\/x.org\/Goal\/1""#), &goal(2 * number + 1));
                Packed { file: format!("goals {number}"), bytes: packer.finish() }
            };
            let (seen, failures) = read_all((0..count).map(page).collect());
            assert!(failures.is_empty() && seen.left_out.is_empty());
            assert_eq!(seen.drafts.len(), 2 * count);
            for (at, draft) in seen.drafts.iter().enumerate() {
                assert_eq!(draft.original, goal(at).as_bytes());
                assert_eq!(draft.entry.file.as_deref(), Some(format!("goals {}", at / 2).as_str()));
            }
        }
    }

    #[test]
    fn an_address_gives_an_id_and_stands_for_its_resource_within_the_page() {
        let mut packer = Packer::default();
        packer.add(Some("\"urn:uuid:77\""), r#"{"resourceType":"Practitioner"}"#);
        packer.add(
            None,
            r#"{"resourceType":"Observation","id":"o","performer":[{"reference":"urn:uuid:77"}]}"#,
        );
        packer.add_other(r#"{"response":{"status":"404 Not Found"}}"#);
        packer.add_other("7");
        let (seen, _) = read_all(vec![Packed { file: "x".into(), bytes: packer.finish() }]);
        assert_eq!(seen.drafts[0].entry.key, "Practitioner/77");
        assert_eq!(seen.drafts[1].entry.actors[0].key.as_deref(), Some("Practitioner/77"));
        let left_out: Vec<_> = seen.left_out.iter().map(|left_out| left_out.reason.as_str()).collect();
        assert_eq!(
            left_out,
            [
                "the server answered 404 instead of sending a resource",
                "this entry of the bundle is no object"
            ]
        );
    }

    #[test]
    fn bytes_that_nobody_packed_give_nothing_and_do_not_panic() {
        for bytes in
            [&b"\x00"[..], b"\x00\xff\xff\xff\xff\xff\xff\xff\xff", b"\x01\x02\x00\x00\x00\x00\x00\x00\x00ab"]
        {
            let (seen, failures) = read_all(vec![Packed { file: "x".into(), bytes: bytes.to_vec() }]);
            assert!(seen.drafts.is_empty() && failures.is_empty());
        }
    }
}
