//! The list of notes and reports, each with what was found.

use schemars::JsonSchema;
use serde::Serialize;

use super::{DocumentsAsk, document, unread};
use crate::insight::matching::Words;
use crate::insight::passage::{has_addendum, passage_beyond};
use crate::insight::rows::{self, Shown};
use crate::insight::{Answer, Context, Coverage, Item, Page, Refusal, Section, plain, shortened};
use crate::record::{Document, DocumentKind, Entry, EntryId, Kind, LinkRole, Standing};

/// One note or report.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct DocumentRow {
    /// The entry to cite; get_documents with it as `id` gives the text.
    pub id: String,
    /// note, imaging, pathology, genetics, microbiology, discharge or other.
    pub kind: &'static str,
    /// Its date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// What it is called.
    pub title: String,
    /// Who wrote it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The status as recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// The visit it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visit: Option<String>,
    /// All sources, where there are several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
    /// What was found, as written; comments, notes, what could not be read.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub beneath: Vec<String>,
    #[serde(skip)]
    cells: Vec<String>,
    #[serde(skip)]
    entry: EntryId,
}

const KINDS: [(&str, &str); 7] = [
    ("note", "note"),
    ("imaging", "imaging"),
    ("pathology", "pathology"),
    ("genetics", "genetics"),
    ("microbiology", "microbiology"),
    ("discharge", "discharge"),
    ("other", "other"),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kept {
    Final,
    Preliminary,
    Withdrawn,
    NotWithdrawn,
    All,
}

const STATUS: [(&str, Kept); 4] = [
    ("final", Kept::Final),
    ("preliminary", Kept::Preliminary),
    ("entered-in-error", Kept::Withdrawn),
    ("all", Kept::All),
];

pub(super) fn list(context: &Context<'_>, ask: &DocumentsAsk) -> Result<Answer, Refusal> {
    let asked = ask.list().understood()?;
    let kind = ask.kind.as_deref().map(|kind| rows::one_of("kind", kind, &KINDS)).transpose()?;
    let kept = asked
        .status
        .as_deref()
        .map_or(Ok(Kept::NotWithdrawn), |status| rows::one_of("status", status, &STATUS))?;
    let words = asked.query.as_deref().map(Words::of);
    let mut coverage = Coverage::of(context, &[Kind::Document, Kind::Imaging]);
    let keep = |entry: &Entry| {
        keeps(kept, entry)
            && kind.is_none_or(|kind| kind_of(entry) == kind)
            && words.as_ref().is_none_or(|words| is_about(words, entry))
    };
    let mut shown = rows::select(context, Kind::Document, &asked, &mut coverage, keep)?;
    let all = shown.len();
    // The results of a panel are entries of their own: a panel that says nothing itself is no row.
    shown.retain(|shown| !is_bare_panel(shown.face));
    let panels = all - shown.len();
    if panels > 0 {
        coverage.notices.push(format!("{panels} laboratory panels without words of their own: see get_labs"));
    }
    shown.extend(rows::select(context, Kind::Imaging, &asked, &mut coverage, keep)?);
    shown.sort_by_key(|shown| std::cmp::Reverse((shown.face.date.or(shown.face.recorded), shown.face.id)));
    coverage.period = rows::period(&shown);
    if asked.query.is_some() {
        coverage.notices.push("words inside the texts: search_records".into());
    }
    let items = shown.into_iter().map(|shown| row(context, shown)).collect();
    let columns = &["date", "kind", "document", "by", "status", "visit", "sources"];
    let (what, title) = match kind {
        Some(kind) => (format!("document ({kind})"), format!("Documents ({kind})")),
        None => ("document".into(), "Documents".into()),
    };
    let page = Page {
        title: asked.title(&title),
        first: Vec::new(),
        sections: vec![Section { heading: String::new(), columns, items }],
        nothing: rows::nothing(context, &asked, &[Kind::Document, Kind::Imaging], &what),
        coverage,
        cursor_begins: "",
    };
    page.answer(context, asked.cursor, asked.budget)
}

fn keeps(kept: Kept, entry: &Entry) -> bool {
    let is_withdrawn = entry.standing == Standing::EnteredInError;
    let status = entry.status.as_deref();
    match kept {
        Kept::All => true,
        Kept::Withdrawn => is_withdrawn,
        Kept::NotWithdrawn => !is_withdrawn,
        Kept::Final => {
            !is_withdrawn
                && matches!(status, Some("final" | "amended" | "corrected" | "appended" | "current"))
        }
        Kept::Preliminary => {
            !is_withdrawn && matches!(status, Some("preliminary" | "registered" | "partial"))
        }
    }
}

/// The words of a title, an author, a category or a conclusion. The texts are searched by search_records.
fn is_about(words: &Words, entry: &Entry) -> bool {
    let authors = entry.actors.iter().filter_map(|actor| actor.name.as_deref());
    let conclusion = document(entry).and_then(|document| document.conclusion.as_deref());
    words.name(entry, &authors.chain(conclusion).collect::<Vec<_>>())
}

fn is_bare_panel(entry: &Entry) -> bool {
    document(entry).is_some_and(|document| {
        let says_nothing = document.text.is_none() && document.conclusion.is_none();
        document.kind == DocumentKind::LabPanel && says_nothing && document.attachments.is_empty()
    })
}

/// The word for the kind of a document.
pub(super) fn kind_of(entry: &Entry) -> &'static str {
    if entry.kind() == Kind::Imaging {
        return "imaging";
    }
    match document(entry).map(|document| document.kind).unwrap_or_default() {
        DocumentKind::Note => "note",
        DocumentKind::Imaging => "imaging",
        DocumentKind::Pathology => "pathology",
        DocumentKind::Genetics => "genetics",
        DocumentKind::Microbiology => "microbiology",
        DocumentKind::Discharge => "discharge",
        DocumentKind::LabPanel | DocumentKind::Other => "other",
    }
}

fn row(context: &Context<'_>, shown: Shown<'_>) -> DocumentRow {
    let entry = shown.face;
    let kind = kind_of(entry);
    let mut beneath: Vec<String> = document(entry).map_or_else(Vec::new, |document| found(document, kind));
    beneath.extend(rows::comments(context, shown.group));
    beneath.extend(rows::own_notes(context, shown.group));
    let sources = rows::several(rows::sources(context, shown.group));
    let status = entry.status.as_deref().map(plain);
    let withdrawn = (entry.standing != Standing::Stated).then(|| entry.standing.words().to_uppercase());
    let mark =
        withdrawn.or_else(|| status.clone().filter(|word| !matches!(word.as_str(), "final" | "current")));
    let visit = entry.linked(LinkRole::Visit).find_map(|key| context.view.linked(entry, key));
    let visit = visit.map(|visit| visit.id.to_string());
    let date = entry.date.or(entry.recorded).map(|when| when.date_text());
    let title = shortened(&entry.concept.label(), 160);
    let by = author(entry);
    let cells = vec![
        date.clone().unwrap_or_else(|| rows::date_cell(None)),
        kind.to_owned(),
        title.clone(),
        by.clone().unwrap_or_default(),
        mark.unwrap_or_default(),
        visit.clone().unwrap_or_default(),
        rows::sources_cell(context, &sources),
    ];
    DocumentRow {
        id: entry.id.to_string(),
        kind,
        date,
        title,
        by,
        status,
        visit,
        sources,
        beneath,
        cells,
        entry: entry.id,
    }
}

/// Who wrote it or says what it means.
pub(super) fn author(entry: &Entry) -> Option<String> {
    let roles = ["interpreter", "author", "performer", "authenticator"];
    roles.iter().find_map(|role| entry.actor(role)).map(|name| shortened(name, 100))
}

/// What was found, word for word and first; then what a reader has to know about the text.
fn found(document: &Document, kind: &str) -> Vec<String> {
    // An assessment stands in every note; of a report it is all that is asked for.
    let characters_max = if kind == "note" { 300 } else { 800 };
    let said = |label: &str, text: &str| format!("↳ {}: {}", plain(label), shortened(text, characters_max));
    let text = document.text.as_deref();
    let conclusion = document.conclusion.as_deref().map(|conclusion| said("CONCLUSION", conclusion));
    let passage = passage_beyond(document).map(|passage| said(passage.heading, passage.text));
    let mut lines: Vec<String> = conclusion.into_iter().chain(passage).collect();
    if text.is_some_and(has_addendum) {
        lines.push("↳ the text has an ADDENDUM: read it whole".into());
    }
    lines.extend(unread(document).map(|unread| format!("↳ attached but not readable here: {unread}")));
    if lines.is_empty() && text.is_none() {
        lines.push("↳ no text was sent".into());
    }
    lines
}

impl Item for DocumentRow {
    fn id(&self) -> EntryId {
        self.entry
    }

    fn cells(&self) -> Vec<String> {
        self.cells.clone()
    }

    fn beneath(&self) -> Vec<String> {
        self.beneath.clone()
    }
}
