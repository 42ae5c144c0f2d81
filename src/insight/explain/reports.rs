//! Pathology, imaging and genetics: what the report concludes, word for word.

use super::Sought;
use super::scene::Scene;
use crate::insight::passage::{has_addendum, passage_beyond};
use crate::insight::rows::{self, date_cell, name_cell};
use crate::insight::sheet::Part;
use crate::insight::{Asked, Coverage, Refusal, plain, shortened};
use crate::record::{Detail, Document, DocumentKind, Entry, Kind, Standing};

/// Characters of a conclusion; `get_documents` shows the whole report.
const WORDS_MAX: usize = 1_500;
/// So many reports are told.
const REPORTS_MOST: usize = 5;

/// The reports whose names or kinds were asked for, the newest first.
pub(super) fn parts(
    scene: &Scene<'_, '_>,
    sought: &Sought,
    asked: &Asked,
    coverage: &mut Coverage,
) -> Result<Vec<Part>, Refusal> {
    let mut found: Vec<&Entry> = Vec::new();
    for kind in [Kind::Document, Kind::Imaging] {
        let keep = |entry: &Entry| entry.standing != Standing::EnteredInError && is_sought(sought, entry);
        let shown = rows::select(
            scene.context,
            kind,
            &Asked { query: None, ..asked.clone() },
            &mut Coverage::default(),
            keep,
        )?;
        found.extend(shown.iter().map(|shown| shown.face));
    }
    found.sort_by_key(|entry| std::cmp::Reverse((entry.date.or(entry.recorded), entry.id)));
    if found.len() > REPORTS_MOST {
        coverage
            .notices
            .push(format!("{} more reports fit the words: get_documents", found.len() - REPORTS_MOST));
    }
    Ok(found.into_iter().take(REPORTS_MOST).map(part).collect())
}

fn document(entry: &Entry) -> Option<&Document> {
    match &entry.detail {
        Detail::Document(document) => Some(document),
        _ => None,
    }
}

/// What reports of a kind are called by people; nothing for notes and panels.
fn called(entry: &Entry) -> Option<&'static str> {
    let kind = document(entry).map_or(DocumentKind::Imaging, |document| document.kind);
    match kind {
        DocumentKind::Pathology => Some("pathology biopsy cytology pap smear"),
        DocumentKind::Genetics => Some("genetic genetics gene dna variant uncertain significance vus"),
        DocumentKind::Imaging => Some("imaging scan radiology picture"),
        _ => None,
    }
}

fn is_sought(sought: &Sought, entry: &Entry) -> bool {
    let Some(called) = called(entry) else { return false };
    sought.words.are_in(entry.concept.words().chain([called]))
}

fn part(entry: &Entry) -> Part {
    let mut lines = Vec::new();
    let Some(document) = document(entry) else {
        let call = format!("get_record {{\"id\":\"{}\"}}", entry.id);
        let line = format!("{} [{}]: no report text in these records", date_cell(entry.date), entry.id);
        return Part::of(name_cell(entry), call, usize::MAX, vec![line]);
    };
    let status = entry
        .status
        .as_deref()
        .filter(|status| !matches!(*status, "final" | "current" | "available" | "completed"));
    let status = status.map_or_else(String::new, |status| format!(", {} as recorded", plain(status)));
    let head = format!("{}{status} [{}]", date_cell(entry.date.or(entry.recorded)), entry.id);
    if let Some(conclusion) = document.conclusion.as_deref() {
        lines.push(format!("{head} As written: \"{}\"", shortened(conclusion, WORDS_MAX)));
    }
    if let Some(passage) = passage_beyond(document) {
        let words = format!("{}: \"{}\"", plain(passage.heading), shortened(passage.text, WORDS_MAX));
        lines.push(format!("{head} As written, {words}"));
    }
    if lines.is_empty() {
        let why = match document.text {
            Some(_) => "no impression or final diagnosis could be told apart in its text",
            None => "no report text in these records",
        };
        lines.push(format!("{head} {why}"));
    }
    if document.text.as_deref().is_some_and(has_addendum) {
        lines.push("A later addendum stands in it: what was found may have changed".into());
    }
    if document.kind == DocumentKind::Genetics {
        lines.push(
            "An uncertain variant is not a positive result; a genetic counselor can say what it means".into(),
        );
    }
    let call = format!("get_documents {{\"id\":\"{}\"}}", entry.id);
    lines.push(format!("Whole report: {call}"));
    Part::of(name_cell(entry), call, usize::MAX, lines)
}
