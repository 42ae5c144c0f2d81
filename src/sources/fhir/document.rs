//! Documents: notes, directives, composed documents, consents, and the bytes they refer to.

use super::base::{self, add_more, add_one};
use super::elements::label;
use super::node::Node;
use super::references::{add_actors, add_links, add_named_links};
use super::{Read, attachment, document_kind};
use crate::record::{
    Concept, Detail, Document, DocumentKind, Entry, EntryId, Kind, Link, LinkRole, Standing, System, Text,
};

/// How the identities of bytes begin that are resources of their own.
const BYTES: &str = "Binary/";

/// Reads a reference to a document, with the document where it was sent along.
pub(super) fn read_reference(node: Node) -> Entry {
    let concept = node.concept("type").unwrap_or_default();
    let attachments = node.nodes("content").filter_map(|content| content.node("attachment"));
    let (text, attachments) = attachment::read(attachments);
    let mut document = Document { text, attachments, ..Document::default() };
    // STU3 calls the category `class`.
    let mut concepts: Vec<Concept> = node.concepts("category").chain(node.concepts("class")).collect();
    concepts.push(concept.clone());
    let kind = if document_kind::is_directive(&concepts) { Kind::Directive } else { Kind::Document };
    let mut entry = base::start(node, kind, Detail::Plain);
    entry.categories.extend(base::categories(node, "class"));
    document.kind = document_kind::document(&concept, &entry.categories);
    entry.concept = concept;
    if entry.concept.is_empty() {
        let title = document.attachments.iter().find_map(|attachment| attachment.title.clone());
        entry.concept.text = node.text("description").or(title);
    }
    add_dates(&mut entry, node);
    entry.detail = Detail::Document(Box::new(document));
    add_bytes(&mut entry, node);
    // `status` is that of the reference; a document that was replaced says so there.
    add_more(&mut entry, node, &[("docStatus", "document status"), ("description", "description")]);
    if node.word("docStatus") == Some("entered-in-error") {
        entry.standing = Standing::EnteredInError;
    }
    for (key, role) in [("author", "author"), ("authenticator", "authenticator"), ("custodian", "custodian")]
    {
        add_actors(&mut entry, node, key, role);
    }
    for attester in node.extensions("extension-DocumentReference.attester") {
        for part in attester.extensions("party") {
            add_actors(&mut entry, part, "valueReference", "attester");
        }
    }
    for content in node.nodes("content") {
        let format = content.node("format").and_then(|format| format.text("display").or(format.text("code")));
        add_one(&mut entry, "format", format);
        for profile in content.nodes("profile") {
            let value = profile.choices("value").find_map(|(key, _, _)| profile.words(key).next());
            add_one(&mut entry, "format", value);
        }
    }
    add_replaced(&mut entry, node);
    entry.security.extend(base::marks(node, "securityLabel"));
    for content in node.nodes("content") {
        entry.security.extend(base::inline_marks(content));
        entry.security.extend(content.node("attachment").into_iter().flat_map(base::inline_marks));
    }
    entry
}

/// When what the document tells took place; `date` is when the reference was made.
fn add_dates(entry: &mut Entry, node: Node) {
    let context = node.node("context");
    let period = context.map(|context| context.period("period")).unwrap_or_default();
    let attachments = || node.nodes("content").filter_map(|content| content.node("attachment"));
    let created = || attachments().find_map(|attachment| attachment.when("creation"));
    entry.recorded = node.when("date").or_else(|| node.when("indexed")).or_else(|| node.when("created"));
    // R5 has the period beside the rest.
    let own = node.period("period");
    entry.date = period.start.or(own.start).or_else(created).or(entry.recorded);
    entry.end = period.end.or(own.end);
    let Some(context) = context else { return };
    add_links(entry, context, "encounter", LinkRole::Visit);
    add_links(entry, context, "related", LinkRole::Related);
    let elements =
        [("event", "event"), ("facilityType", "facility"), ("practiceSetting", "practice setting")];
    add_more(entry, context, &elements);
}

/// Where the bytes were not sent along but are a resource of the same source (`Binary/1`), or lie at an
/// address of their own, by which a fetch keeps them.
pub(super) fn add_bytes(entry: &mut Entry, node: Node) {
    let Detail::Document(document) = &entry.detail else { return };
    let keys = document.attachments.iter().filter_map(|attachment| {
        let address = attachment.url.as_deref()?;
        let key = (node.reading().context.references)(address);
        if key.starts_with(BYTES) || address.starts_with("urn:uuid:") {
            return Some(key);
        }
        let is_elsewhere = attachment.hash.is_none() && address.contains("://");
        is_elsewhere.then(|| format!("{BYTES}{address}").into())
    });
    let links: Vec<Link> = keys.map(|key| Link { role: LinkRole::Related, key }).collect();
    entry.links.extend(links);
}

fn add_replaced(entry: &mut Entry, node: Node) {
    for related in node.nodes("relatesTo") {
        let code =
            related.word("code").map(str::to_owned).or_else(|| Some(related.label("code")?.to_string()));
        let role = if code.as_deref() == Some("replaces") { LinkRole::Replaces } else { LinkRole::Related };
        add_named_links(entry, related, "target", role, "other document");
        add_links(entry, related, "targetReference", role);
        let code = code.filter(|_| role == LinkRole::Related);
        add_one(entry, "relation to another document", code.map(Text::from));
    }
}

/// Reads a document that is made of sections.
pub(super) fn read_composition(node: Node) -> Entry {
    let mut text = String::new();
    let sections: Vec<Node> = node.nodes("section").collect();
    for section in &sections {
        add_section(*section, &mut text);
    }
    let concept = node.concept("type").unwrap_or_default();
    let mut concepts: Vec<Concept> = node.concepts("category").collect();
    concepts.push(concept.clone());
    let kind = if document_kind::is_directive(&concepts) { Kind::Directive } else { Kind::Document };
    let mut entry = base::start(node, kind, Detail::Plain);
    let document = Document {
        kind: document_kind::document(&concept, &entry.categories),
        text: Text::trimmed(&text).or_else(|| base::narrative(node)),
        ..Document::default()
    };
    entry.detail = Detail::Document(Box::new(document));
    entry.concept = concept;
    if entry.concept.text.is_none() {
        entry.concept.text = node.text("title");
    }
    add_more(&mut entry, node, &[("title", "title")]);
    entry.date = node.when("date");
    entry.security.extend(node.text("confidentiality"));
    add_actors(&mut entry, node, "author", "author");
    add_actors(&mut entry, node, "custodian", "custodian");
    for attester in node.nodes("attester") {
        add_actors(&mut entry, attester, "party", "attester");
    }
    add_replaced(&mut entry, node);
    for section in sections {
        add_section_marks(&mut entry, section);
        add_section_links(&mut entry, section);
        add_empty_allergies(&mut entry, section);
    }
    entry
}

/// Under which label a document keeps why its section about allergies is empty.
const EMPTY_ALLERGIES: &str = "allergies, section empty because";

/// LOINC: allergies and adverse reactions.
const ALLERGIES: &str = "48765-2";

fn add_empty_allergies(entry: &mut Entry, section: Node) {
    let is_coded = section
        .concept("code")
        .is_some_and(|code| code.codes_in(&System::Loinc).any(|code| code == ALLERGIES));
    let is_titled = section.text("title").is_some_and(|title| title.to_lowercase().starts_with("allerg"));
    let reason = section.concept("emptyReason").and_then(|reason| base::status_word(&reason));
    if (is_coded || is_titled) && !section.has("entry") {
        add_one(entry, EMPTY_ALLERGIES, reason);
    }
}

/// What a document says of allergies by leaving the section empty: that there are none, or that nobody
/// asked. It is an entry of its own, so that the list of allergies tells it.
pub(super) fn stated_absence(read: &Read) -> Option<Read> {
    let reason = read.entry.extra(EMPTY_ALLERGIES)?;
    let (standing, words) = match reason {
        "nilknown" => (Standing::NoneKnown, "no known allergies (the section of the document is empty)"),
        "notasked" => (Standing::NotAsked, "allergies not asked (the section of the document is empty)"),
        _ => return None,
    };
    let document = &read.entry;
    let entry = Entry {
        id: EntryId::new(Kind::Allergy, 0),
        key: super::references::contained_key(&document.key, "allergies"),
        standing: if document.standing == Standing::EnteredInError { document.standing } else { standing },
        status: None,
        concept: Concept::named(words),
        recorded: document.recorded.or(document.date),
        date: None,
        end: None,
        categories: Vec::new(),
        links: vec![Link { role: LinkRole::Related, key: document.key.clone() }],
        notes: Vec::new(),
        more: Vec::new(),
        detail: Detail::Allergy(Box::default()),
        ..document.clone()
    };
    Some(Read { entry, subject: read.subject.clone(), notices: Vec::new(), contained: Vec::new() })
}

fn add_section(node: Node, text: &mut String) {
    let title = node.text("title").or_else(|| node.label("code"));
    let narrative = base::narrative(node);
    let nothing = node.label("emptyReason").map(|reason| format!("({reason})").into());
    let paragraphs = [title, narrative, nothing];
    for paragraph in paragraphs.into_iter().flatten() {
        text.push_str(&paragraph);
        text.push_str("\n\n");
    }
    for inner in node.nodes("section") {
        add_section(inner, text);
    }
}

/// What a section is marked with holds for the document, which is shown as a whole.
fn add_section_marks(entry: &mut Entry, node: Node) {
    entry.security.extend(base::inline_marks(node));
    for inner in node.nodes("section") {
        add_section_marks(entry, inner);
    }
}

fn add_section_links(entry: &mut Entry, node: Node) {
    add_links(entry, node, "entry", LinkRole::Related);
    for inner in node.nodes("section") {
        add_section_links(entry, inner);
    }
}

/// Reads a consent or directive.
pub(super) fn read_consent(node: Node) -> Entry {
    let sources = node.nodes("sourceAttachment").chain(node.nodes("source"));
    let (text, attachments) = attachment::read(sources);
    let document = Document { kind: DocumentKind::Other, text, attachments, conclusion: None };
    let mut entry = base::start(node, Kind::Directive, Detail::Document(Box::new(document)));
    entry.concept = node.concept("category").or_else(|| node.concept("scope")).unwrap_or_default();
    entry.date = node.when("dateTime").or_else(|| node.when("date"));
    add_actors(&mut entry, node, "performer", "consenting party");
    add_actors(&mut entry, node, "organization", "organization");
    add_named_links(&mut entry, node, "sourceReference", LinkRole::Related, "source document");
    add_more(&mut entry, node, &[("scope", "scope"), ("policyRule", "policy")]);
    for policy in node.nodes("policy") {
        add_more(&mut entry, policy, &[("authority", "policy authority"), ("uri", "policy address")]);
    }
    for provision in node.nodes("provision") {
        let elements = [
            ("type", "provision"),
            ("period", "valid"),
            ("action", "action"),
            ("purpose", "purpose"),
            ("securityLabel", "about data labelled"),
        ];
        add_more(&mut entry, provision, &elements);
        for actor in provision.nodes("actor") {
            add_actors(&mut entry, actor, "reference", "provision actor");
        }
    }
    for verification in node.nodes("verification") {
        let elements = [("verified", "verified"), ("verificationDate", "verified on")];
        add_more(&mut entry, verification, &elements);
    }
    entry
}

/// Reads bytes that a document refers to. They say nothing by themselves; `ingest` finds them by the
/// link of the document.
pub(super) fn read_binary(node: Node) -> Entry {
    let (text, attachments) = attachment::read([node].into_iter());
    let document = Document { text, attachments, ..Document::default() };
    let mut entry = base::start(node, Kind::Other, Detail::Document(Box::new(document)));
    entry.concept.text = node.concept("contentType").as_ref().and_then(label);
    add_links(&mut entry, node, "securityContext", LinkRole::Related);
    entry
}

#[cfg(test)]
mod tests {
    use super::super::tests::read;
    use super::*;

    fn document(json: &str) -> (Entry, Document) {
        let entry = read(json).entry;
        let Detail::Document(document) = &entry.detail else { panic!("no document") };
        let document = (**document).clone();
        (entry, document)
    }

    #[test]
    fn a_note_is_of_the_day_of_its_visit_and_has_its_text() {
        let (entry, note) = document(
            r#"{"resourceType":"DocumentReference","id":"1","status":"current","date":"2024-09-09T00:00:00Z",
            "type":{"coding":[{"system":"http://loinc.org","code":"11506-3","display":"Progress note"}]},
            "category":[{"coding":[{"code":"clinical-note"}]}],
            "content":[{"attachment":{"contentType":"application/pdf","url":"Binary/7"}},
                       {"attachment":{"contentType":"text/plain","data":"RmVlbHMgYmV0dGVyLg=="}}],
            "context":{"encounter":[{"reference":"Encounter/3"}],"period":{"start":"2024-03-02"}},
            "relatesTo":[{"code":"replaces","target":{"reference":"DocumentReference/0"}}]}"#,
        );
        assert_eq!(entry.date.unwrap().to_string(), "2024-03-02");
        assert_eq!(entry.recorded.unwrap().to_string(), "2024-09-09T00:00:00Z");
        assert_eq!(note.kind, DocumentKind::Note);
        assert_eq!(note.text.as_deref(), Some("Feels better."));
        assert!(note.attachments[0].unread.is_some() && note.attachments[1].unread.is_none());
        assert!(note.attachments[1].hash.is_some());
        assert_eq!(entry.linked(LinkRole::Visit).next(), Some("Encounter/3"));
        assert_eq!(entry.linked(LinkRole::Replaces).next(), Some("DocumentReference/0"));
        assert_eq!(entry.linked(LinkRole::Related).next(), Some("Binary/7"));
    }

    #[test]
    fn what_marks_a_part_marks_the_document() {
        let label = r#""extension":[{"url":"http://hl7.org/fhir/uv/security-label-ds4p/StructureDefinition/extension-inline-sec-label",
            "valueCoding":{"code":"NOPAT"}}]"#;
        for json in [
            format!(
                r#"{{"resourceType":"DocumentReference","content":[{{"attachment":{{{label},"url":"Binary/1"}}}}]}}"#
            ),
            format!(
                r#"{{"resourceType":"Composition","section":[{{"section":[{{{label},"title":"Plan"}}]}}]}}"#
            ),
            r#"{"resourceType":"DocumentReference","securityLabel":[{"coding":[{"code":"NOPAT"}]}]}"#
                .to_owned(),
        ] {
            assert_eq!(document(&json).0.security, ["NOPAT"], "{json}");
        }
    }

    #[test]
    fn a_directive_is_known_by_category_or_type() {
        for json in [
            r#"{"resourceType":"DocumentReference","category":[{"coding":[{"system":"http://loinc.org","code":"42348-3"}]}]}"#,
            r#"{"resourceType":"DocumentReference","type":{"coding":[{"system":"http://loinc.org","code":"86533-7"}]}}"#,
            r#"{"resourceType":"Consent","category":[{"text":"Advance directive"}]}"#,
        ] {
            assert_eq!(document(json).0.kind(), Kind::Directive, "{json}");
        }
    }

    #[test]
    fn bytes_that_cannot_be_decoded_are_said() {
        let (_, note) = document(
            r#"{"resourceType":"DocumentReference","content":[{"attachment":{"data":"not base64!"}}]}"#,
        );
        assert_eq!(note.attachments[0].unread.as_deref(), Some("its bytes cannot be decoded"));
    }

    #[test]
    fn a_second_attachment_is_the_same_document_only_where_it_says_the_same() {
        let note = |plain: &str, markup: &str| {
            let data = |text: &str| base64::Engine::encode(&base64::prelude::BASE64_STANDARD, text);
            let entry = read(&format!(
                r#"{{"resourceType":"DocumentReference","content":[
                {{"attachment":{{"contentType":"text/plain","data":"{}"}}}},
                {{"attachment":{{"contentType":"text/html","data":"{}"}}}}]}}"#,
                data(plain),
                data(markup)
            ))
            .entry;
            let Detail::Document(document) = entry.detail else { panic!("no document") };
            let unread = document.attachments[0].unread.as_ref().map(ToString::to_string);
            (document.text.unwrap().to_string(), unread)
        };
        let same = note("Knee pain:\nrest & ice.", "<p>Knee pain: <b>rest</b> &amp; ice.</p>");
        assert_eq!(
            same,
            ("Knee pain: rest & ice.".into(), Some("the same document in another format".into()))
        );
        // Lines that only one form has are kept.
        let plain = "Knee pain: rest and ice for two weeks, then walk a little more each day and come back.\nSeen by Dr. Brook";
        let (text, unread) = note(
            plain,
            "<p>Knee pain: rest and ice for two weeks, then walk a little more each day and come back.</p>",
        );
        assert!(text.contains("has these lines as well]\nSeen by Dr. Brook") && unread.is_some(), "{text}");
        let (text, unread) = note("First part alpha.", "<p>Second part beta.</p>");
        assert!(text.contains("alpha") && text.contains("beta"), "{text}");
        assert_eq!(unread, None);
    }

    #[test]
    fn an_empty_section_about_allergies_says_which_kind_of_nothing_it_is() {
        let stated = |section: &str| {
            let read = read(&format!(
                r#"{{"resourceType":"Composition","id":"x","date":"2024-01-01","section":[{{{section}}}]}}"#
            ));
            read.contained.first().map(|read| (read.entry.kind(), read.entry.standing))
        };
        let none = r#""emptyReason":{"coding":[{"code":"nilknown"}]}"#;
        let found = Some((Kind::Allergy, Standing::NoneKnown));
        assert_eq!(stated(&format!(r#""title":"Allergies",{none}"#)), found);
        let code = r#""code":{"coding":[{"system":"http://loinc.org","code":"48765-2"}]}"#;
        assert_eq!(stated(&format!("{code},{none}")), found);
        let not_asked = r#""emptyReason":{"coding":[{"code":"notasked"}]}"#;
        assert_eq!(stated(&format!("{code},{not_asked}")), Some((Kind::Allergy, Standing::NotAsked)));
        assert_eq!(stated(&format!(r#""title":"Problems",{none}"#)), None);
        assert_eq!(stated(r#""title":"Allergies","emptyReason":{"coding":[{"code":"unavailable"}]}"#), None);
    }
}
