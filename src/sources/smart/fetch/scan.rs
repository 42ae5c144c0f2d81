//! What the resources of a page name: found by a scan of their text, without reading them.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::LazyLock;

use memchr::memmem::Finder;
use serde::Deserialize;
use serde::de::IgnoredAny;
use url::Url;

use super::address;
use super::cut::{self, Member};

/// What is read singly where it is named, and what a person calls it.
pub const CHASED: [(&str, &str); 9] = [
    ("Practitioner", "clinicians named by entries"),
    ("PractitionerRole", "clinicians' roles named by entries"),
    ("Organization", "organizations named by entries"),
    ("Location", "places named by entries"),
    ("Medication", "medicines named by prescriptions"),
    ("Specimen", "specimens named by results"),
    ("RelatedPerson", "relatives named by entries"),
    ("Device", "devices named by entries"),
    (BYTES, "contents of documents"),
];

/// The type under which the bytes of documents are read.
pub const BYTES: &str = "Binary";

static REFERENCE: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("\"reference\""));
static URL: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("\"url\""));

/// What the resources of a page name and bring.
#[derive(Debug, Default)]
pub struct Found {
    /// Named, each once: `Type/id`, or the address of a document.
    pub named: BTreeSet<String>,
    /// Brought, of the types that are read singly.
    pub brought: Vec<String>,
    /// Documents on another server.
    pub elsewhere: usize,
}

/// What the entries of a page name and bring.
pub fn page(base: &Url, entries: &[Member<'_>]) -> Found {
    let mut found = Found::default();
    entries.iter().for_each(|member| found.add(base, member));
    found
}

impl Found {
    /// Adds what an entry names, and the entry itself where it is one that is named by others.
    pub fn add(&mut self, base: &Url, member: &Member<'_>) {
        references(base, member.text, |named| {
            if !self.named.contains(named) {
                self.named.insert(named.to_owned());
            }
        });
        let documents = documents(base, &member.kind, member.text);
        self.named.extend(documents.here);
        self.elsewhere += documents.elsewhere;
        if CHASED.iter().any(|(kind, _)| *kind == member.kind)
            && let Some(id) = cut::id_of(member.text)
        {
            self.brought.push(format!("{}/{id}", member.kind));
        }
    }
}

/// The type of what was named. What is no `Type/id` is the address of a document.
pub fn kind_of(named: &str) -> &'static str {
    let parts = named.split_once('/').filter(|(_, id)| !id.contains('/'));
    let kind = parts.and_then(|(kind, _)| CHASED.iter().find(|(chased, _)| *chased == kind));
    kind.map_or(BYTES, |(kind, _)| kind)
}

/// The references in a resource that are read singly, as `Type/id`.
fn references(base: &Url, text: &str, mut each: impl FnMut(&str)) {
    for at in REFERENCE.find_iter(text.as_bytes()) {
        let written = text.get(at + REFERENCE.needle().len()..).and_then(string_after);
        if let Some(written) = written
            && let Some(named) = address::named(base, &written).filter(|named| is_chased(named))
        {
            each(named);
        }
    }
}

fn is_chased(named: &str) -> bool {
    let kind = named.split('/').next().unwrap_or_default();
    CHASED.iter().any(|(chased, _)| *chased == kind)
}

/// The string that is the value of a member, right after its name.
fn string_after(text: &str) -> Option<Cow<'_, str>> {
    let text = text.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
    let end = memchr::memchr2(b'"', b'\\', text.as_bytes())?;
    if text.as_bytes().get(end) == Some(&b'"') {
        return text.get(..end).map(Cow::Borrowed);
    }
    // A solidus may be written with a backslash before it.
    let end = text.match_indices('"').find(|(at, _)| !text[..*at].ends_with('\\')).map(|(at, _)| at)?;
    serde_json::from_str(&format!("\"{}\"", text.get(..end)?)).ok().map(Cow::Owned)
}

/// The documents that a resource names.
#[derive(Debug, Default, PartialEq, Eq)]
struct Documents {
    /// Below the base: `Binary/id`, or the address as it is written.
    here: Vec<String>,
    /// On another server.
    elsewhere: usize,
}

#[derive(Deserialize)]
struct Reference {
    #[serde(default)]
    content: Vec<Content>,
}

#[derive(Deserialize)]
struct Content {
    attachment: Option<Attachment>,
}

#[derive(Deserialize)]
struct Report {
    #[serde(default, rename = "presentedForm")]
    presented_form: Vec<Attachment>,
}

#[derive(Deserialize)]
struct Media {
    content: Option<Attachment>,
}

#[derive(Deserialize)]
struct Attachment {
    url: Option<String>,
    data: Option<IgnoredAny>,
}

/// The documents that a resource of this type names without sending them along.
fn documents(base: &Url, kind: &str, text: &str) -> Documents {
    let mut documents = Documents::default();
    let is_document = matches!(kind, "DocumentReference" | "DiagnosticReport" | "Media");
    if !is_document || URL.find(text.as_bytes()).is_none() {
        return documents;
    }
    // One that cannot be read so is named by the reader later.
    for attachment in attachments(kind, text).unwrap_or_default() {
        let Some(url) = attachment.url.filter(|_| attachment.data.is_none()) else { continue };
        match address_of(base, url.trim()) {
            Some(Some(here)) => documents.here.push(here),
            Some(None) => documents.elsewhere += 1,
            None => {}
        }
    }
    documents
}

fn attachments(kind: &str, text: &str) -> Option<Vec<Attachment>> {
    match kind {
        "DocumentReference" => {
            let content = serde_json::from_str::<Reference>(text).ok()?.content;
            Some(content.into_iter().filter_map(|content| content.attachment).collect())
        }
        "DiagnosticReport" => Some(serde_json::from_str::<Report>(text).ok()?.presented_form),
        _ => Some(serde_json::from_str::<Media>(text).ok()?.content.into_iter().collect()),
    }
}

/// What is read for this address: `None` where it is none, `Some(None)` where it lies elsewhere.
fn address_of(base: &Url, url: &str) -> Option<Option<String>> {
    let is_no_address = url.is_empty() || url.starts_with('#');
    let has_other_scheme = url.split_once(':').is_some_and(|(scheme, rest)| {
        !rest.starts_with("//") && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric())
    });
    if is_no_address || has_other_scheme {
        return None; // `urn:uuid:…`, `data:…`: nothing that can be asked for
    }
    if let Some(named) = address::named(base, url)
        && kind_of(named) == BYTES
        && named.starts_with("Binary/")
    {
        return Some(Some(named.to_owned()));
    }
    Some(address::document(base, url).map(|_| url.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base() -> Url {
        "https://fhir.example.org/r4".parse().unwrap()
    }

    #[test]
    fn references_are_found_in_every_way_of_writing_them() {
        let text = r##"{"a":{"reference":"Practitioner/1"},"b":[{"reference" : "https://fhir.example.org/r4/Location/2"}],
            "c":{"reference":"Organization\/3"},"d":{"reference":"Patient/4"},"e":{"reference":"#x"},
            "f":{"reference":"https://other.example.org/r4/Location/5"},"g":{"reference":{"reference":"Medication/6"}},
            "h":"a \"reference\": no","i":{"reference":7}}"##;
        let mut found = Vec::new();
        references(&base(), text, |named| found.push(named.to_owned()));
        assert_eq!(found, ["Practitioner/1", "Location/2", "Organization/3", "Medication/6"]);
    }

    #[test]
    fn documents_are_found_where_they_were_not_sent_along() {
        let text = r#"{"resourceType":"DocumentReference","extension":[{"url":"https://fhir.example.org/r4/x"}],"content":[
            {"attachment":{"url":"Binary/1"}},{"attachment":{"url":"https://fhir.example.org/r4/Binary/2"}},
            {"attachment":{"url":"https://fhir.example.org/r4/files/a.pdf"}},{"attachment":{"url":"Binary/3","data":"eA=="}},
            {"attachment":{"url":"https://files.example.org/b.pdf"}},{"attachment":{"url":"urn:uuid:7"}},{}]}"#;
        let found = documents(&base(), "DocumentReference", text);
        assert_eq!(found.here, ["Binary/1", "Binary/2", "https://fhir.example.org/r4/files/a.pdf"]);
        assert_eq!(found.elsewhere, 1);
        assert_eq!(documents(&base(), "Observation", text), Documents::default());
        let report = r#"{"presentedForm":[{"url":"Binary/4"}]}"#;
        assert_eq!(documents(&base(), "DiagnosticReport", report).here, ["Binary/4"]);
        assert_eq!(documents(&base(), "Media", r#"{"content":{"url":"Binary/5"}}"#).here, ["Binary/5"]);
    }

    #[test]
    fn what_was_named_is_of_the_type_that_it_says_or_a_document() {
        assert_eq!(kind_of("Location/2"), "Location");
        assert_eq!(kind_of("Binary/2"), "Binary");
        assert_eq!(kind_of("https://fhir.example.org/r4/files/a.pdf"), "Binary");
        assert_eq!(kind_of("files/a.pdf"), "Binary");
    }
}
