//! Labs and vital signs: all results where they fit, one row a test where they do not.

mod beside;

use schemars::JsonSchema;
use serde::Serialize;

use super::matching::Words;
use super::portrait::Who;
use super::rows::{self, Shown, date_cell, name_cell};
use super::series::{self, Series};
use super::{Answer, Asked, Context, Coverage, Item, Later, Page, Refusal, Section, measured, plain};
use crate::record::{Abnormality, Detail, Entry, EntryId, Kind, Measurement, Standing, Value};

use beside::{Beside, undecided};

/// One result.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ResultRow {
    /// The entry to cite.
    pub id: String,
    /// When it was taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// The test as recorded.
    pub test: String,
    /// The result as shown, with its unit.
    pub result: String,
    /// All digits as recorded, where the result is a number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digits: Option<String>,
    /// The report's own ranges.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub range: String,
    /// The report's own flag.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub flag: String,
    /// True or false by the report; absent where the report does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub abnormal: Option<bool>,
    /// The status, where it is not final.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// All sources, where there are several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
    /// Comments, second results at the same time, the person's own notes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub beneath: Vec<String>,
    #[serde(skip)]
    entry: EntryId,
    /// The result and the range as they stand under a heading that says the unit and perhaps the range.
    #[serde(skip)]
    cells_under_heading: Option<(String, String)>,
}

/// The laboratory results.
pub fn labs(context: &Context<'_>, asked: &Asked) -> Result<Answer, Refusal> {
    measurements(context, asked, Kind::Lab, "Labs", "lab result")
}

/// The vital signs and body measures.
pub fn vitals(context: &Context<'_>, asked: &Asked) -> Result<Answer, Refusal> {
    measurements(context, asked, Kind::Vital, "Vitals", "vital sign")
}

fn measurements(
    context: &Context<'_>,
    asked: &Asked,
    kind: Kind,
    what: &str,
    one: &str,
) -> Result<Answer, Refusal> {
    let words = asked.query.as_deref().map(Words::of);
    let status = asked.status.as_deref().map(StatusAsked::parse).transpose()?;
    let mut coverage = Coverage::of(context, &[kind]);
    let who = Who::of(context);
    let is_unasked = |entry: &Entry| words.is_none() && entry.is_logged();
    let keep = |entry: &Entry| {
        let Some(found) = measurement(entry).filter(|_| !is_unasked(entry)) else { return false };
        status.unwrap_or(StatusAsked::All).keeps(entry, found, &who)
            && words.as_ref().is_none_or(|words| is_about(words, entry))
    };
    let mut shown = rows::in_any_order(context, kind, asked, &mut coverage, keep)?;
    coverage.period = rows::period(&shown);
    rows::tell_logged(context, kind, &mut coverage, is_unasked);
    if status == Some(StatusAsked::Abnormal) {
        let unknown = |entry: &Entry| words.as_ref().is_none_or(|words| is_about(words, entry));
        coverage.notices.extend(undecided(context, kind, asked, unknown)?);
    }
    let chose_rows = asked.cursor.is_some() || asked.budget.rows != usize::MAX;
    // Thousands of results are neither sorted nor written to find that they do not fit.
    if asked.is_by_test || !chose_rows && shown.len() > asked.budget.rows_at_most() {
        return series::answer(context, asked, what, &series::tallies(context, &shown)?, coverage);
    }
    rows::newest_first(&mut shown);
    let beside = Beside::of(context, &shown)?;
    let nothing = if shown.is_empty() { near_names(context, kind, asked, one) } else { String::new() };
    // With words, one table a test; without, one table with the newest first.
    let whole = if asked.query.is_some() {
        let tests = series::by_test(context, &shown)?;
        let sections = tests.iter().map(|test| under_heading(context, test, &beside)).collect();
        all(context, asked, asked.title(what), sections, nothing, coverage.clone())?
    } else {
        let sections = vec![together(context, &shown, &beside)];
        all(context, asked, asked.title(what), sections, nothing, coverage.clone())?
    };
    let is_cut = whole.structured.get("next").is_some();
    if !is_cut || chose_rows {
        return Ok(whole);
    }
    series::answer(context, asked, what, &series::tallies(context, &shown)?, coverage)
}

/// The list of all results, as many as fit.
fn all<T: Item>(
    context: &Context<'_>,
    asked: &Asked,
    title: String,
    sections: Vec<Section<T>>,
    nothing: String,
    coverage: Coverage,
) -> Result<Answer, Refusal> {
    let page = Page { title, first: Vec::new(), sections, nothing, coverage, cursor_begins: "" };
    page.answer(context, asked.cursor, asked.budget)
}

/// A table of one test. What all its results have in common, the unit and the range, stands in the heading.
fn under_heading(context: &Context<'_>, test: &Series<'_>, beside: &Beside) -> Section<ResultRow> {
    let mut items: Vec<ResultRow> = test.shown.iter().map(|shown| row(context, *shown, beside)).collect();
    let found = || test.shown.iter().filter_map(|shown| measurement(shown.face));
    let unit = common(found().map(|found| match &found.value {
        Some(Value::Quantity(quantity)) => measured::unit(quantity),
        _ => String::new(),
    }));
    let range = common(items.iter().map(|item| item.range.replace('-', "–")));
    for (item, shown) in items.iter_mut().zip(&test.shown) {
        let without = measurement(shown.face).map(|found| measured::result_without_unit(shown.face, found));
        item.cells_under_heading = Some((
            without.filter(|_| unit.is_some()).unwrap_or_else(|| item.result.clone()),
            if range.is_some() { String::new() } else { item.range.clone() },
        ));
    }
    let range = range.filter(|range| !range.is_empty()).map(|range| format!("range {range}"));
    let told: Vec<String> = unit.filter(|unit| !unit.is_empty()).into_iter().chain(range).collect();
    let told = if told.is_empty() { String::new() } else { format!(" ({})", told.join("; ")) };
    let heading = format!("{}{told}, {}", test_name(test.latest()), test.count());
    Section { heading, columns: &["date", "result", "range", "flag"], items }
}

/// What all are, if they are all the same.
fn common(mut all: impl Iterator<Item = String>) -> Option<String> {
    let first = all.next()?;
    all.all(|other| other == first).then_some(first)
}

fn together<'a>(
    context: &'a Context<'_>,
    shown: &'a [Shown<'_>],
    beside: &'a Beside,
) -> Section<Later<ResultRow, impl Fn() -> ResultRow>> {
    let items =
        shown.iter().map(|&shown| Later::new(shown.face.id, move || row(context, shown, beside))).collect();
    Section { heading: String::new(), columns: &["date", "test", "result", "range", "flag"], items }
}

fn row(context: &Context<'_>, shown: Shown<'_>, beside: &Beside) -> ResultRow {
    let entry = shown.face;
    let found = measurement(entry);
    let digits = found.and_then(|found| match &found.value {
        Some(Value::Quantity(quantity)) => Some(quantity.number.as_written().to_owned()),
        _ => None,
    });
    let abnormal = match found.map_or(Abnormality::Unknown, |found| beside.abnormality(entry, found)) {
        Abnormality::Abnormal => Some(true),
        Abnormality::Normal => Some(false),
        Abnormality::Unknown => None,
    };
    ResultRow {
        id: entry.id.to_string(),
        date: entry.date.map(|when| beside.date(entry.id, when)),
        test: test_name(entry),
        result: found.map(|found| measured::result(entry, found)).unwrap_or_default(),
        digits: digits.filter(|digits| digits.len() > 6),
        range: found.map(measured::ranges).unwrap_or_default(),
        flag: found.map(|found| beside.flag(entry, found)).unwrap_or_default(),
        abnormal,
        status: entry.status.as_deref().filter(|status| *status != "final").map(plain),
        sources: rows::several(rows::sources(context, shown.group)),
        beneath: beneath(context, shown),
        entry: entry.id,
        cells_under_heading: None,
    }
}

fn is_about(words: &Words, entry: &Entry) -> bool {
    let specimen = measurement(entry).and_then(|found| found.specimen.as_deref()).unwrap_or("");
    words.name(entry, &[specimen])
}

fn beneath(context: &Context<'_>, shown: Shown<'_>) -> Vec<String> {
    let mut lines: Vec<String> =
        shown.face.notes.iter().map(|note| format!("↳ comment: {}", plain(note))).collect();
    lines.extend(rows::own_notes(context, shown.group));
    lines
}

/// The test as recorded, with its specimen where that is not blood and the name does not say so.
pub fn test_name(entry: &Entry) -> String {
    let name = name_cell(entry);
    let specimen = measurement(entry).and_then(|found| found.specimen.as_deref()).map(plain);
    let is_told = |specimen: &String| {
        let specimen = specimen.to_lowercase();
        let is_blood = ["blood", "serum", "plasma"].iter().any(|word| specimen.contains(word));
        is_blood || name.to_lowercase().contains(&specimen)
    };
    match specimen.filter(|specimen| !is_told(specimen)) {
        Some(specimen) => format!("{name} ({specimen})"),
        None => name,
    }
}

/// The measurement of an entry that has one.
pub fn measurement(entry: &Entry) -> Option<&Measurement> {
    match &entry.detail {
        Detail::Measurement(found) => Some(found),
        _ => None,
    }
}

/// Nothing found: say so, and which recorded names come near. Never everything instead.
fn near_names(context: &Context<'_>, kind: Kind, asked: &Asked, one: &str) -> String {
    let nothing = rows::nothing(context, asked, &[kind], one);
    let Some(query) = &asked.query else { return nothing };
    let names = context.view.groups(kind).iter().map(|group| test_name(context.view.face(group)));
    let near = super::matching::near(query, names);
    if near.is_empty() {
        nothing
    } else {
        format!("{nothing} Recorded names that come near: {}.", near.join(", "))
    }
}

/// Which results are kept.
#[derive(Clone, Copy, PartialEq)]
enum StatusAsked {
    All,
    Abnormal,
    Final,
    Preliminary,
    Corrected,
    NotDone,
}

impl StatusAsked {
    fn parse(text: &str) -> Result<StatusAsked, Refusal> {
        Ok(match text {
            "all" => StatusAsked::All,
            "abnormal" | "flagged" => StatusAsked::Abnormal,
            "final" => StatusAsked::Final,
            "preliminary" => StatusAsked::Preliminary,
            "corrected" | "amended" => StatusAsked::Corrected,
            "not-done" | "cancelled" => StatusAsked::NotDone,
            _ => {
                let accepted = "abnormal, final, preliminary, corrected, not-done or all";
                return Err(Refusal::BadArgument(format!("status must be {accepted}")));
            }
        })
    }

    fn keeps(self, entry: &Entry, found: &Measurement, who: &Who) -> bool {
        if entry.standing == Standing::EnteredInError {
            return false;
        }
        let status = entry.status.as_deref().unwrap_or("");
        match self {
            StatusAsked::All => true,
            StatusAsked::Abnormal => {
                measured::abnormality(found, Some((who, entry))) == Abnormality::Abnormal
            }
            StatusAsked::Final => status == "final",
            StatusAsked::Preliminary => matches!(status, "preliminary" | "registered" | "partial"),
            StatusAsked::Corrected => matches!(status, "corrected" | "amended" | "appended"),
            StatusAsked::NotDone => entry.standing == Standing::NotDone || status == "cancelled",
        }
    }
}

impl Item for ResultRow {
    fn id(&self) -> EntryId {
        self.entry
    }

    fn cells(&self) -> Vec<String> {
        let date = self.date.clone().unwrap_or_else(|| date_cell(None));
        let status = self.status.as_ref().map_or_else(String::new, |status| format!(" ({status})"));
        match &self.cells_under_heading {
            Some((result, range)) => {
                vec![date, format!("{result}{status}"), range.clone(), self.flag.clone()]
            }
            None => {
                let result = format!("{}{status}", self.result);
                vec![date, self.test.clone(), result, self.range.clone(), self.flag.clone()]
            }
        }
    }

    fn beneath(&self) -> Vec<String> {
        self.beneath.clone()
    }
}

#[cfg(test)]
mod tests;
