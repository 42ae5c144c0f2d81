//! Visits and stays, and what happened at each.

mod happened;
mod took;

use schemars::JsonSchema;
use serde::Serialize;

use self::happened::Happened;
pub use self::took::Took;
use super::matching::Words;
use super::rows::{self, Shown, date_cell};
use super::{Answer, Asked, Context, Coverage, Item, Page, Refusal, Section, plain};
use crate::record::{Detail, Entry, EntryId, Kind, Standing, Visit, VisitClass};

/// One visit.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct VisitRow {
    /// The entry to cite.
    pub id: String,
    /// When it was, or began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// When a stay ended, where that was another day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<String>,
    /// What kind of visit, as recorded.
    pub what: String,
    /// Why, as recorded.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<String>,
    /// With whom and where.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub with: String,
    /// The status, where it is not finished.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// All sources, where there are several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
    /// What happened, disagreements, the person's own notes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub beneath: Vec<String>,
    #[serde(skip)]
    entry: EntryId,
}

/// The visits, the newest first; with `is_full`, what happened at each.
pub fn visits(context: &Context<'_>, asked: &Asked, is_full: bool) -> Result<Answer, Refusal> {
    let words = asked.query.as_deref().map(Words::of);
    let class = asked.status.as_deref().map(class_asked).transpose()?.flatten();
    let mut coverage = Coverage::of(context, &[Kind::Visit]);
    let keep = |entry: &Entry| {
        let is_class = class.is_none_or(|class| visit(entry).is_some_and(|visit| visit.class == class));
        let is_real = !matches!(entry.standing, Standing::EnteredInError);
        is_class && is_real && words.as_ref().is_none_or(|words| names(words, entry))
    };
    let shown = rows::select(context, Kind::Visit, asked, &mut coverage, keep)?;
    coverage.period = rows::period(&shown);
    let of = |wanted: Took| {
        let shown = shown.iter().copied();
        shown.filter(|shown| Took::of(shown.face, context.today) == wanted).collect::<Vec<Shown<'_>>>()
    };
    let past = of(Took::Place);
    // Looking up what happened is the costly part, so it is done once, and told only of what can be shown.
    let happened = if is_full { Some(Happened::of(context)?) } else { None };
    let from_cursor = past.iter().position(|shown| Some(shown.face.id) == asked.cursor).unwrap_or(0);
    let most = asked.budget.rows.min(FULL_MOST);
    let told = past.iter().enumerate().map(|(place, shown)| {
        let is_told = (from_cursor..=from_cursor + most).contains(&place);
        row(context, *shown, happened.as_ref().filter(|_| is_told))
    });
    let columns = &["date", "visit", "reason", "with"];
    let told = Section { heading: String::new(), columns, items: told.collect() };
    let other = |heading: &str, took: Took| {
        let items = of(took).into_iter().map(|shown| row(context, shown, None)).collect();
        Section { heading: heading.into(), columns, items }
    };
    let page = Page {
        title: asked.title(if is_full { "Visits in full" } else { "Visits" }),
        first: Vec::new(),
        sections: vec![
            told,
            other("Planned", Took::Ahead),
            other("Planned for a day that is past; nothing says whether it took place", Took::Unknown),
            other("Cancelled or missed", Took::NoPlace),
        ],
        nothing: rows::nothing(context, asked, &[Kind::Visit], "visit"),
        coverage,
        cursor_begins: "",
    };
    page.answer(context, asked.cursor, asked.budget)
}

/// More visits than this never fit one answer in full.
const FULL_MOST: usize = 100;

fn row(context: &Context<'_>, shown: Shown<'_>, happened: Option<&Happened<'_>>) -> VisitRow {
    let entry = shown.face;
    let (date, end) = (entry.date.map(|when| when.date_text()), entry.end.map(|when| when.date_text()));
    let with: Vec<String> =
        entry.actors.iter().filter_map(|actor| actor.name.as_deref().map(plain)).collect();
    let mut beneath: Vec<String> = Vec::new();
    let discharge = visit(entry).and_then(|visit| visit.discharge.as_deref());
    beneath.extend(discharge.map(|to| format!("↳ discharged: {}", plain(to))));
    beneath.extend(happened.into_iter().flat_map(|happened| happened.at(context, shown)));
    beneath.extend(rows::own_notes(context, shown.group));
    VisitRow {
        id: entry.id.to_string(),
        end: end.filter(|end| Some(end) != date.as_ref()),
        date,
        what: what(entry),
        reasons: visit(entry)
            .map(|visit| visit.reasons.iter().map(|why| plain(why)).collect())
            .unwrap_or_default(),
        with: deduplicated(with).join(", "),
        status: entry
            .status
            .as_deref()
            .filter(|status| !matches!(*status, "finished" | "completed"))
            .map(plain),
        sources: rows::several(rows::sources(context, shown.group)),
        beneath,
        entry: entry.id,
    }
}

/// The recorded type with its class where the type does not say it.
pub fn what(entry: &Entry) -> String {
    let class = match visit(entry).map(|visit| visit.class) {
        Some(VisitClass::Inpatient) => "hospital stay",
        Some(VisitClass::Observation) => "observation stay",
        Some(VisitClass::Emergency) => "emergency",
        Some(VisitClass::Virtual) => "virtual",
        Some(VisitClass::Home) => "home",
        _ => "",
    };
    let name = plain(entry.concept.name().unwrap_or(""));
    match (name.is_empty(), class.is_empty()) {
        (true, true) => "visit".into(),
        (true, false) => class.into(),
        (false, true) => name,
        (false, false) => format!("{name} ({class})"),
    }
}

fn names(words: &Words, entry: &Entry) -> bool {
    let reasons = visit(entry).map(|visit| visit.reasons.as_slice()).unwrap_or_default();
    let actors = entry.actors.iter().filter_map(|actor| actor.name.as_deref());
    let class = visit(entry).and_then(|visit| visit.class_text.as_deref());
    let further: Vec<&str> = reasons.iter().map(|why| why.as_str()).chain(actors).chain(class).collect();
    let what = what(entry);
    let further: Vec<&str> = further.into_iter().chain([what.as_str()]).collect();
    words.name(entry, &further)
}

fn class_asked(text: &str) -> Result<Option<VisitClass>, Refusal> {
    Ok(Some(match text {
        "all" => return Ok(None),
        "inpatient" | "hospital" => VisitClass::Inpatient,
        "emergency" => VisitClass::Emergency,
        "outpatient" => VisitClass::Outpatient,
        "virtual" => VisitClass::Virtual,
        _ => {
            let accepted = "inpatient, emergency, outpatient, virtual or all";
            return Err(Refusal::BadArgument(format!("status must be {accepted}")));
        }
    }))
}

/// The visit of an entry that is one.
pub fn visit(entry: &Entry) -> Option<&Visit> {
    match &entry.detail {
        Detail::Visit(visit) => Some(visit),
        _ => None,
    }
}

fn deduplicated(names: Vec<String>) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    names.into_iter().filter(|name| seen.insert(name.clone())).collect()
}

impl Item for VisitRow {
    fn id(&self) -> EntryId {
        self.entry
    }

    fn cells(&self) -> Vec<String> {
        let date = self.date.clone().unwrap_or_else(|| date_cell(None));
        let date = self.end.as_ref().map_or_else(|| date.clone(), |end| format!("{date} to {end}"));
        let status = self.status.as_ref().map_or_else(String::new, |status| format!(", {status}"));
        vec![date, format!("{}{status}", self.what), self.reasons.join(", "), self.with.clone()]
    }

    fn beneath(&self) -> Vec<String> {
        self.beneath.clone()
    }
}
