//! Operations and procedures.

use schemars::JsonSchema;
use serde::Serialize;

use super::matching::Words;
use super::rows::{self, Shown, date_cell, name_cell};
use super::{Answer, Asked, Context, Coverage, Item, Page, Refusal, Section, plain};
use crate::record::{Entry, EntryId, Kind, Standing};

/// One procedure.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ProcedureRow {
    /// The entry to cite.
    pub id: String,
    /// When it was performed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// The recorded name.
    pub name: String,
    /// The status as recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Who performed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// All sources, where there are several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
    /// Comments, disagreements, the person's own notes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub beneath: Vec<String>,
    #[serde(skip)]
    entry: EntryId,
}

/// The list of procedures: done ones first, then those that were not done.
pub fn procedures(context: &Context<'_>, asked: &Asked) -> Result<Answer, Refusal> {
    let words = asked.query.as_deref().map(Words::of);
    let mut coverage = Coverage::of(context, &[Kind::Procedure]);
    let keep = |entry: &Entry| {
        entry.standing != Standing::EnteredInError
            && words.as_ref().is_none_or(|words| words.name(entry, &[]))
    };
    let shown = rows::select(context, Kind::Procedure, asked, &mut coverage, keep)?;
    coverage.period = rows::period(&shown);
    let (done, not_done): (Vec<Shown<'_>>, Vec<_>) =
        shown.into_iter().partition(|shown| shown.face.standing != Standing::NotDone);
    let section = |heading: &str, shown: Vec<Shown<'_>>| Section {
        heading: heading.into(),
        columns: &["date", "procedure", "status", "by"],
        items: shown.into_iter().map(|shown| row(context, shown)).collect(),
    };
    let page = Page {
        title: asked.title("Procedures"),
        first: Vec::new(),
        sections: vec![section("", done), section("Not done", not_done)],
        nothing: rows::nothing(context, asked, &[Kind::Procedure], "procedure"),
        coverage,
        cursor_begins: "",
    };
    page.answer(context, asked.cursor, asked.budget)
}

fn row(context: &Context<'_>, shown: Shown<'_>) -> ProcedureRow {
    let entry = shown.face;
    let mut beneath: Vec<String> = entry.notes.iter().map(|note| format!("↳ {}", plain(note))).collect();
    beneath.extend(rows::own_notes(context, shown.group));
    ProcedureRow {
        id: entry.id.to_string(),
        date: entry.date.map(|when| when.date_text()),
        name: name_cell(entry),
        status: entry.status.as_deref().map(plain),
        by: entry.actor("performer").map(plain),
        sources: rows::several(rows::sources(context, shown.group)),
        beneath,
        entry: entry.id,
    }
}

impl Item for ProcedureRow {
    fn id(&self) -> EntryId {
        self.entry
    }

    fn cells(&self) -> Vec<String> {
        let date = self.date.clone().unwrap_or_else(|| date_cell(None));
        // "Completed" is what one expects of a procedure; anything else is said.
        let status = self.status.clone().filter(|status| status != "completed").unwrap_or_default();
        vec![date, self.name.clone(), status, self.by.clone().unwrap_or_default()]
    }

    fn beneath(&self) -> Vec<String> {
        self.beneath.clone()
    }
}
