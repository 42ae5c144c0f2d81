//! Reports: laboratory panels, imaging, pathology and the like; imaging studies; pictures.

use super::attachment;
use super::base::{self, add_more, add_one};
use super::document::add_bytes;
use super::document_kind;
use super::elements::label;
use super::node::Node;
use super::people;
use super::references::{add_actors, add_links, add_named_links};
use crate::record::{Concept, Detail, Document, DocumentKind, Entry, Kind, LinkRole, Standing, Text};

/// Reads a diagnostic report.
pub(super) fn read(node: Node) -> Entry {
    let concept = node.concept("code").unwrap_or_default();
    let categories = base::categories(node, "category");
    let document_kind = document_kind::report(&concept, &categories);
    let (text, attachments) = attachment::read(node.nodes("presentedForm"));
    let document = Document { kind: document_kind, text, conclusion: conclusion(node), attachments };
    let kind = if document_kind == DocumentKind::Imaging { Kind::Imaging } else { Kind::Document };
    let mut entry = base::start(node, kind, Detail::Document(Box::new(document)));
    entry.concept = concept;
    if node.word("status") == Some("cancelled") && !node.has("result") {
        entry.standing = Standing::NotDone;
    }
    let moment = node.moment("effective");
    entry.recorded = node.when("issued");
    (entry.date, entry.end) = (moment.start.or(entry.recorded), moment.end);
    add_one(&mut entry, "time", moment.words);
    people::add_performers(&mut entry, node);
    add_actors(&mut entry, node, "resultsInterpreter", "interpreter");
    add_links(&mut entry, node, "result", LinkRole::Result);
    for key in ["imagingStudy", "study"] {
        add_links(&mut entry, node, key, LinkRole::Related);
    }
    add_links(&mut entry, node, "request", LinkRole::Order);
    add_named_links(&mut entry, node, "specimen", LinkRole::Related, "specimen");
    for key in ["media", "image"] {
        for media in node.nodes(key) {
            add_more(&mut entry, media, &[("comment", "picture")]);
            add_links(&mut entry, media, "link", LinkRole::Related);
        }
    }
    add_bytes(&mut entry, node);
    // A result without a resource of its own is told by its name at least.
    for result in node.references("result").filter(|result| result.key.is_none()) {
        add_one(&mut entry, "result", result.name);
    }
    entry
}

/// The conclusion as written, and the coded ones that say something else.
fn conclusion(node: Node) -> Option<Text> {
    let written = node.text("conclusion");
    let coded = node.labels("conclusionCode").chain(node.labels("codedDiagnosis"));
    let coded = coded.filter(|code| !written.as_deref().is_some_and(|text| text.contains(code.as_str())));
    let parts: Vec<Text> = written.clone().into_iter().chain(coded).collect();
    Text::trimmed(&parts.join("\n"))
}

/// Reads an imaging study.
pub(super) fn read_study(node: Node) -> Entry {
    let document = Document { kind: DocumentKind::Imaging, ..Document::default() };
    let mut entry = base::start(node, Kind::Imaging, Detail::Document(Box::new(document)));
    entry.concept = node.concept("procedureCode").unwrap_or_default();
    if entry.concept.text.is_none() {
        entry.concept.text = node.text("description").or_else(|| name_of_series(node));
    }
    entry.date = node.when("started");
    for (key, role) in [
        ("referrer", "requester"),
        ("interpreter", "interpreter"),
        ("location", "location"),
        ("endpoint", "endpoint"),
    ] {
        add_actors(&mut entry, node, key, role);
    }
    add_links(&mut entry, node, "procedureReference", LinkRole::PartOf);
    let elements = [
        ("description", "description"),
        ("modality", "modality"),
        ("reasonCode", "reason"),
        ("numberOfSeries", "series"),
        ("numberOfInstances", "images"),
    ];
    add_more(&mut entry, node, &elements);
    for series in node.nodes("series") {
        let elements = [("description", "series of"), ("bodySite", "body site"), ("laterality", "side")];
        add_more(&mut entry, series, &elements);
        if !node.has("modality") {
            add_more(&mut entry, series, &[("modality", "modality")]);
        }
    }
    entry
}

fn name_of_series(node: Node) -> Option<Text> {
    let series = node.node("series")?;
    let parts = ["modality", "bodySite"].into_iter().filter_map(|key| series.label(key));
    Text::trimmed(&parts.collect::<Vec<_>>().join(", "))
}

/// Reads a picture, film or sound.
pub(super) fn read_media(node: Node) -> Entry {
    let (text, attachments) = attachment::read(node.nodes("content"));
    let document = Document { text, attachments, ..Document::default() };
    let mut entry = base::start(node, Kind::Document, Detail::Document(Box::new(document)));
    let title = || node.node("content").and_then(|content| content.text("title"));
    entry.concept = node.concept("view").unwrap_or_default();
    if entry.concept.text.is_none() {
        let kind = node.concept("type").or_else(|| node.concept("modality"));
        let text = title().or_else(|| kind.as_ref().and_then(label));
        entry.concept = Concept { text, ..entry.concept };
    }
    let moment = node.moment("created");
    entry.date = moment.start.or_else(|| node.when("issued"));
    entry.recorded = node.when("issued");
    add_bytes(&mut entry, node);
    add_actors(&mut entry, node, "operator", "operator");
    add_actors(&mut entry, node, "device", "device");
    let elements = [("modality", "modality"), ("bodySite", "body site"), ("reasonCode", "reason")];
    add_more(&mut entry, node, &elements);
    entry
}

#[cfg(test)]
mod tests {
    use super::super::tests::read;
    use super::*;

    #[test]
    fn results_inside_a_report_become_entries_of_their_own() {
        let read = read(
            r##"{"resourceType":"DiagnosticReport","id":"r","status":"final",
            "category":[{"coding":[{"code":"LAB"}]}],"code":{"text":"CBC"},
            "subject":{"reference":"Patient/1"},"effectiveDateTime":"2024-01-02",
            "contained":[{"resourceType":"Observation","id":"o","code":{"text":"Hemoglobin"},
              "valueQuantity":{"value":13.0}},{"resourceType":"Organization","id":"lab","name":"Lab Inc"}],
            "performer":[{"reference":"#lab"}],"result":[{"reference":"#o"},{"reference":"Observation/2"}]}"##,
        );
        assert_eq!(
            read.entry.linked(LinkRole::Result).collect::<Vec<_>>(),
            ["DiagnosticReport/r#o", "Observation/2"]
        );
        assert_eq!(read.entry.actor("performer"), Some("Lab Inc"));
        assert_eq!(read.contained.len(), 1);
        let result = &read.contained[0];
        assert_eq!(result.entry.key, "DiagnosticReport/r#o");
        assert_eq!(result.entry.date, read.entry.date);
        assert_eq!(result.subject, read.subject);
    }

    #[test]
    fn an_imaging_report_is_imaging_with_its_conclusion() {
        let entry = read(
            r#"{"resourceType":"DiagnosticReport","id":"r","category":[{"coding":[{"code":"RAD"}]}],
            "code":{"text":"Chest"},"conclusion":"No acute disease.","conclusionCode":[{"text":"Normal"}]}"#,
        )
        .entry;
        assert_eq!(entry.kind(), Kind::Imaging);
        let Detail::Document(document) = entry.detail else { panic!("no document") };
        assert_eq!(document.conclusion.as_deref(), Some("No acute disease.\nNormal"));
    }
}
