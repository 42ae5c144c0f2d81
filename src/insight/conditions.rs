//! Problems, visit diagnoses and health concerns, each on the list on which it was recorded.

mod part;

use schemars::JsonSchema;
use serde::Serialize;

use super::matching::Words;
use super::problems::Meanings;
use super::rows::{self, Shown};
use super::{Answer, Asked, Context, Coverage, Item, Page, Refusal, Section, plain};
use crate::record::{Condition, Detail, Entry, EntryId, Kind};

use part::{ALL, PARTS, Part, STATUS, part_of, told_in};

/// One condition.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ConditionRow {
    /// The entry to cite.
    pub id: String,
    /// The part of the list it stands in: what is refuted or unconfirmed is no fact.
    pub part: &'static str,
    /// The recorded name.
    pub name: String,
    /// When or at which age it began; `recorded DATE` where only that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended: Option<String>,
    /// The clinical status as recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// The verification as recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verification: Option<String>,
    /// What it is where it is no illness; severity, stage and site as recorded.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<String>,
    /// All sources, where there are several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
    /// Comments, disagreements, the person's own notes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub beneath: Vec<String>,
    #[serde(skip)]
    cells: Vec<String>,
    #[serde(skip)]
    entry: EntryId,
}

/// The list of conditions.
pub fn conditions(context: &Context<'_>, asked: &Asked) -> Result<Answer, Refusal> {
    let words = asked.query.as_deref().map(Words::of);
    // What a source has withdrawn is shown to those only who ask for it.
    let usual = &ALL[..ALL.len() - 1];
    let parts =
        asked.status.as_deref().map_or(Ok(usual), |status| rows::one_of("status", status, &STATUS))?;
    let mut coverage = Coverage::of(context, &[Kind::Condition]);
    let keep = |entry: &Entry| {
        parts.contains(&part_of(entry, context)) && words.as_ref().is_none_or(|words| words.name(entry, &[]))
    };
    let shown = rows::select(context, Kind::Condition, asked, &mut coverage, keep)?;
    coverage.period = rows::period(&shown);
    let mut meanings = Meanings::default();
    let told: Vec<(Shown<'_>, Part)> =
        shown.iter().map(|&one| (one, told_in(one.face, context, &mut meanings))).collect();
    let sections = PARTS.iter().map(|&(part, word, heading)| {
        let here = told.iter().filter(|(_, told)| *told == part);
        let mut what = |entry| meanings.of(entry).no_illness.filter(|_| part == Part::NoIllness);
        Section {
            heading: heading.into(),
            columns: &["condition", "since", "ended", "details", "sources"],
            items: here.map(|(one, _)| row(context, *one, part, word, what(one.face))).collect(),
        }
    });
    let mut first = rows::absences(context, Kind::Condition);
    let active = context.view.groups(Kind::Condition).iter().map(|group| context.view.face(group));
    let active = active.filter(|entry| part_of(entry, context) == Part::Active).count();
    if !first.is_empty() && active > 0 {
        first.push(format!("**CONFLICT:** {active} are recorded as active all the same. Take the listed ones as real until a clinician has cleared it up."));
    }
    // A statement above says which kind of nothing it is; to say another beneath would contradict it.
    let nothing = match first.is_empty() {
        true => rows::nothing(context, asked, &[Kind::Condition], "condition"),
        false => "Nothing else that fits what was asked.".into(),
    };
    let page = Page {
        title: asked.title("Conditions"),
        first,
        sections: sections.collect(),
        nothing,
        coverage,
        cursor_begins: "",
    };
    page.answer(context, asked.cursor, asked.budget)
}

/// What only a condition has.
pub fn condition(entry: &Entry) -> Option<&Condition> {
    match &entry.detail {
        Detail::Condition(condition) => Some(condition),
        _ => None,
    }
}

/// True for a condition that stands as an established, present problem of the problem list.
pub fn is_active_problem(entry: &Entry, context: &Context<'_>) -> bool {
    part_of(entry, context) == Part::Active
}

fn row(
    context: &Context<'_>,
    shown: Shown<'_>,
    part: Part,
    word: &'static str,
    no_illness: Option<&'static str>,
) -> ConditionRow {
    let entry = shown.face;
    let told = condition(entry);
    let onset = told.and_then(|condition| condition.onset_text.as_deref().map(plain));
    let recorded = || entry.recorded.map(|when| format!("recorded {}", when.date_text()));
    let since = entry.date.map(|when| when.date_text()).or(onset).or_else(recorded);
    let end_text = || told.and_then(|condition| condition.end_text.as_deref().map(plain));
    let details: Vec<String> = no_illness.map(str::to_owned).into_iter().chain(details(told)).collect();
    let status = entry.status.as_deref().map(plain);
    let verification = told.and_then(|condition| condition.verification.as_deref().map(plain));
    let mut beneath: Vec<String> =
        rows::disagreements(context, shown, "the status", status_said).into_iter().collect();
    beneath.extend(rows::comments(context, shown.group));
    beneath.extend(rows::own_notes(context, shown.group));
    let sources = rows::several(rows::sources(context, shown.group));
    let ended = entry.end.map(|when| when.date_text()).or_else(end_text);
    // A past part keeps its verification: a suspicion that is over was never an illness.
    let is_expected = |word: &String| match part {
        Part::Active
        | Part::LongAgo
        | Part::NoIllness
        | Part::Concern
        | Part::VisitActive
        | Part::Unconfirmed => word == "active",
        Part::Past | Part::PastConcern | Part::Visit => word == "resolved",
        Part::Refuted | Part::Withdrawn | Part::NoStatus | Part::Statement => true,
    };
    let verified = verification.clone().filter(|word| word != "confirmed" && word != "refuted");
    let marks = status.clone().filter(|word| !is_expected(word)).into_iter().chain(verified);
    let cells = vec![
        rows::name_cell(entry),
        since.clone().unwrap_or_else(|| rows::date_cell(None)),
        ended.clone().unwrap_or_default(),
        marks.chain(details.iter().cloned()).collect::<Vec<_>>().join("; "),
        rows::sources_cell(context, &sources),
    ];
    ConditionRow {
        id: entry.id.to_string(),
        part: word,
        name: rows::name_cell(entry),
        since,
        ended,
        status,
        verification,
        details,
        sources,
        beneath,
        cells,
        entry: entry.id,
    }
}

fn details(condition: Option<&Condition>) -> Vec<String> {
    let Some(condition) = condition else { return Vec::new() };
    let labelled = |label: &str, text: &Option<crate::record::Text>| {
        text.as_deref().map(|text| format!("{label}{}", plain(text)))
    };
    let parts = [
        labelled("", &condition.severity),
        labelled("stage: ", &condition.stage),
        labelled("site: ", &condition.body_site),
    ];
    parts.into_iter().flatten().collect()
}

fn status_said(entry: &Entry) -> Option<String> {
    let ended = entry.end.map_or_else(String::new, |end| format!(", ended {}", end.date_text()));
    entry.status.as_deref().map(|status| format!("{}{ended}", plain(status)))
}

impl Item for ConditionRow {
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

#[cfg(test)]
mod tests;
