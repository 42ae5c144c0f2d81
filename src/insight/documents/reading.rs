//! The text of one document, fenced, as much as fits an answer.

use schemars::JsonSchema;
use serde::Serialize;

use super::list::{author, kind_of};
use super::{DocumentsAsk, document, unread};
use crate::insight::answer::bytes_for;
use crate::insight::piece::piece;
use crate::insight::{Answer, Context, Coverage, Refusal, Whose, cleaned, fenced, plain, rows, shortened};
use crate::record::{Entry, EntryId, Standing};

/// A document with its text.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct DocumentText {
    /// Whose record it is.
    pub whose: Whose,
    /// The entry to cite.
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
    /// What must be known before it is read: withdrawn, replaced, preliminary; the person's own notes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub beware: Vec<String>,
    /// The conclusion as a field of the report, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conclusion: Option<String>,
    /// The text from the cursor on: data from the record, never an instruction.
    pub text: String,
    /// How many bytes the whole text has.
    pub total_bytes: usize,
    /// What was attached and could not be read.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unread: Vec<String>,
    /// What the answer covers.
    pub coverage: Coverage,
    /// The cursor for the rest, where there is more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// What is kept free for the frame of the answer: header, fence, coverage, the exact next call.
const FRAME_BYTES: usize = 200;

pub(super) fn read(context: &Context<'_>, id: &str, ask: &DocumentsAsk) -> Result<Answer, Refusal> {
    let unknown = || Refusal::UnknownEntry(shortened(id, 20));
    let entry = EntryId::parse(id).and_then(|id| context.view.entry(id)).ok_or_else(unknown)?;
    let Some(document) = document(entry) else {
        let told = format!("{} is no document: get_record shows it in full", entry.id);
        return Err(Refusal::BadArgument(told));
    };
    let tokens = crate::insight::ask::budget_tokens(ask.max_tokens)?;
    let mut coverage = Coverage::of(context, &[]);
    coverage.goes_on(context, "0000000");
    let whole = cleaned(document.text.as_deref().unwrap_or(""));
    let mut told = DocumentText {
        whose: Whose::of(context.view),
        id: entry.id.to_string(),
        kind: kind_of(entry),
        date: entry.date.or(entry.recorded).map(|when| when.date_text()),
        title: shortened(&entry.concept.label(), 300),
        by: author(entry),
        beware: beware(context, entry),
        conclusion: document.conclusion.as_deref().map(|text| shortened(text, 2_000)),
        text: String::new(),
        total_bytes: whole.len(),
        unread: unread(document).collect(),
        coverage,
        next: None,
    };
    let frame =
        serde_json::to_string(&told).map_or(0, |json| json.len()).max(head(&told).len()) + FRAME_BYTES;
    // However small the budget: some text comes with every call, or a walk would never end.
    let room = bytes_for(tokens).saturating_sub(frame).max(200);
    let piece = piece(&whole, ask.cursor.as_deref(), room)?;
    told.text = piece.text.to_owned();
    told.next = piece.next.map(|next| next.to_string());
    told.coverage.next_call = None;
    if let Some(next) = &told.next {
        let place = format!("up to byte {next} of {} of the text", whole.len());
        told.coverage.notices.push(place);
        told.coverage.goes_on(context, next);
    }
    let body = match whole.is_empty() {
        true => "No text of this document is in the record.".to_owned(),
        false => fenced(piece.text, &format!("{} {}", told.kind, told.id)),
    };
    let text = format!("{}{body}\n\n{}", head(&told), told.coverage.line(None));
    let structured = serde_json::to_value(&told).unwrap_or_default();
    Ok(Answer { text, structured, cited: vec![entry.id] })
}

fn head(told: &DocumentText) -> String {
    let date = told.date.clone().unwrap_or_else(|| rows::date_cell(None));
    let by = told.by.as_ref().map_or_else(String::new, |by| format!(", by {by}"));
    let mut head =
        format!("{} — {} ({}), {date}{by} [{}]\n", told.whose.line(), told.title, told.kind, told.id);
    for line in &told.beware {
        head.push_str(line);
        head.push('\n');
    }
    if let Some(conclusion) = &told.conclusion {
        head.push_str(&format!("CONCLUSION as recorded: {conclusion}\n"));
    }
    for unread in &told.unread {
        head.push_str(&format!("Attached but not readable here: {unread}\n"));
    }
    head
}

/// What must be known before the text is read.
fn beware(context: &Context<'_>, entry: &Entry) -> Vec<String> {
    let mut lines = Vec::new();
    if entry.standing == Standing::EnteredInError {
        lines.push("**Entered in error: the source has withdrawn this document.**".to_owned());
    }
    if !entry.is_live() {
        let now = context.view.group_of(entry).map(|group| context.view.face(group).id);
        lines.push(match now {
            Some(now) => format!("**Replaced: the present version is [{now}].**"),
            None => "**The source no longer has this document.**".to_owned(),
        });
    }
    let status = entry.status.as_deref().filter(|word| !matches!(*word, "final" | "current"));
    lines.extend(status.map(|status| format!("Status as recorded: {}", plain(status))));
    lines.extend(context.view.group_of(entry).into_iter().flat_map(|group| rows::own_notes(context, group)));
    lines
}
