//! Who the person is and what surrounds the illness: family, social history, devices, function,
//! questionnaires, directives.

mod answers;
mod told;

pub use answers::self_harm;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::matching::Words;
use super::portals;
use super::rows::{self, Shown};
use super::{Answer, Context, Coverage, Item, ListAsk, Page, Refusal, Section};
use crate::record::{Detail, Entry, EntryId, Kind, Standing};

/// What get_background takes.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BackgroundAsk {
    /// demographics, family history, social history, devices, function, questionnaires or directives.
    pub kind: Option<String>,
    /// Words to look for, lay or medical.
    pub query: Option<String>,
    /// From this date (YYYY, YYYY-MM or YYYY-MM-DD).
    pub since: Option<String>,
    /// To this date.
    pub until: Option<String>,
    /// Only what came into the record since this date.
    pub added_since: Option<String>,
    /// entered-in-error or all.
    pub status: Option<String>,
    /// Most rows to show.
    pub limit: Option<u32>,
    /// From `next` of the last answer.
    pub cursor: Option<String>,
    /// Size of the answer, default 2000.
    pub max_tokens: Option<u32>,
}

/// One thing about the person, a relative, a device, a directive.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct BackgroundRow {
    /// The entry to cite.
    pub id: String,
    /// demographics, family history, social history, devices, function, questionnaires or directives.
    pub part: &'static str,
    /// What it is about.
    pub name: String,
    /// What is recorded about it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub value: String,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// The status as recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// All sources, where there are several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
    /// Earlier answers, single questions, comments, the person's own notes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub beneath: Vec<String>,
    #[serde(skip)]
    cells: Vec<String>,
    #[serde(skip)]
    entry: EntryId,
}

/// The parts, in the order in which they are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Part {
    Demographics,
    Directives,
    Devices,
    Family,
    Social,
    Function,
    Questionnaires,
}

/// Each part with its word as an argument, as a heading, and its columns.
const PARTS: [(Part, &str, &str, &[&str]); 7] = [
    (Part::Demographics, "demographics", "demographics", &["person", "recorded", "sources"]),
    (Part::Directives, "directives", "directives", &["date", "directive", "status", "recorded", "sources"]),
    (Part::Devices, "devices", "devices", &["device", "recorded", "date", "status", "sources"]),
    (Part::Family, "family-history", "family history", &["relative", "recorded", "status", "sources"]),
    (Part::Social, "social-history", "social history", &["date", "what", "recorded", "status", "sources"]),
    (Part::Function, "function", "function", &["date", "what", "recorded", "status", "sources"]),
    (
        Part::Questionnaires,
        "questionnaires",
        "questionnaires",
        &["date", "what", "recorded", "status", "sources"],
    ),
];

const KINDS: [Kind; 5] =
    [Kind::Demographics, Kind::Directive, Kind::Device, Kind::FamilyHistory, Kind::Background];

/// Whether what was withdrawn is shown, alone or with the rest.
const STATUS: [(&str, (bool, bool)); 2] = [("entered-in-error", (false, true)), ("all", (true, true))];

/// The background, or one kind of it.
pub fn background(context: &Context<'_>, ask: &BackgroundAsk) -> Result<Answer, Refusal> {
    let asked = ask.list().understood()?;
    let words_of_parts = PARTS.map(|(part, word, _, _)| (word, part));
    let only = ask.kind.as_deref().map(|kind| rows::one_of("kind", kind, &words_of_parts)).transpose()?;
    let status = asked.status.as_deref();
    let (facts, withdrawn) =
        status.map_or(Ok((true, false)), |status| rows::one_of("status", status, &STATUS))?;
    let words = asked.query.as_deref().map(Words::of);
    let mut coverage = Coverage::of(context, only.map_or(&KINDS, kind_of));
    let mut shown: Vec<Shown<'_>> = Vec::new();
    let is_unasked = |entry: &Entry| words.is_none() && entry.is_logged();
    let keep = |entry: &Entry| {
        let is_withdrawn = entry.standing == Standing::EnteredInError;
        let part = part_of(entry);
        !is_unasked(entry)
            && only.is_none_or(|only| only == part)
            && (if is_withdrawn { withdrawn } else { facts })
            && words.as_ref().is_none_or(|words| told::is_about(words, entry))
    };
    for kind in KINDS {
        shown.extend(rows::select(context, kind, &asked, &mut coverage, keep)?);
    }
    if only.is_none_or(|only| only == Part::Social) {
        rows::tell_logged(context, Kind::Background, &mut coverage, is_unasked);
    }
    coverage.period = rows::period(shown.iter().filter(|shown| shown.face.kind() != Kind::Demographics));
    let is_plain = asked.query.is_none() && status.is_none() && asked.period.is_open();
    if only.is_none() && is_plain {
        coverage.notices.extend(missing(context, &shown));
    }
    let first = first(context, &shown);
    let mut sections = Vec::new();
    for (part, _, heading, columns) in PARTS {
        let here: Vec<Shown<'_>> =
            shown.iter().copied().filter(|shown| part_of(shown.face) == part).collect();
        let items = told::rows(context, part, heading, &here)?;
        sections.push(Section { heading: capitalised(heading), columns, items });
    }
    let what = PARTS.iter().find(|(part, ..)| Some(*part) == only).map_or("background", |part| part.2);
    let kinds: &[Kind] = only.map_or(&KINDS, kind_of);
    let page = Page {
        title: asked.title(&capitalised(what)),
        first,
        sections,
        nothing: rows::nothing(context, &asked, kinds, &format!("{what} entry")),
        coverage,
        cursor_begins: "",
    };
    page.answer(context, asked.cursor, asked.budget)
}

/// Lines that no budget cuts.
fn first(context: &Context<'_>, shown: &[Shown<'_>]) -> Vec<String> {
    let mut first: Vec<String> = answers::self_harm(context).into_iter().collect();
    if shown.iter().any(|shown| shown.face.kind() == Kind::Directive) {
        first.push("Directives here are a copy; the signed paper counts.".into());
    }
    first
}

/// The parts of which nothing was sent, so that silence is not read as "none".
fn missing(context: &Context<'_>, shown: &[Shown<'_>]) -> Option<String> {
    let absent = PARTS.iter().filter(|part| !shown.iter().any(|shown| part_of(shown.face) == part.0));
    let absent = absent.map(|part| (part.2, kind_of(part.0)));
    let not_sent = match context.view.scope().withholds() {
        true => "nothing can be seen about:",
        false => "no source has sent anything about:",
    };
    portals::missing(context, absent, not_sent)
}

/// True of a wish about treatment, which stands beside the directives.
pub fn is_wish(entry: &Entry) -> bool {
    entry.kind() == Kind::Background && part_of(entry) == Part::Directives
}

/// True of what the person can do: walking, washing, thinking, hearing.
pub fn is_function(entry: &Entry) -> bool {
    entry.kind() == Kind::Background && part_of(entry) == Part::Function
}

/// What is recorded about it, in words.
pub fn value(entry: &Entry) -> String {
    told::value(entry)
}

fn kind_of(part: Part) -> &'static [Kind] {
    match part {
        Part::Demographics => &[Kind::Demographics],
        Part::Directives => &[Kind::Directive, Kind::Background],
        Part::Devices => &[Kind::Device],
        Part::Family => &[Kind::FamilyHistory],
        Part::Social | Part::Function | Part::Questionnaires => &[Kind::Background],
    }
}

fn part_of(entry: &Entry) -> Part {
    match entry.kind() {
        Kind::Demographics => return Part::Demographics,
        Kind::Directive => return Part::Directives,
        Kind::Device => return Part::Devices,
        Kind::FamilyHistory => return Part::Family,
        _ => {}
    }
    let has = |parts: &[&str]| {
        let words = entry.categories.iter().map(|word| word.to_lowercase().replace([' ', '_'], "-"));
        words.into_iter().any(|word| parts.iter().any(|part| word.contains(part)))
    };
    // A wish about treatment belongs beside the directives, where whoever must decide will look.
    if has(&["preference"]) {
        Part::Directives
    } else if has(&["functional-status", "disability-status", "cognitive-status"]) {
        Part::Function
    } else if matches!(entry.detail, Detail::Answers(_))
        || has(&["survey"]) && !has(&["social-history", "sdoh"])
    {
        Part::Questionnaires
    } else {
        Part::Social
    }
}

fn capitalised(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

impl BackgroundAsk {
    fn list(&self) -> ListAsk {
        ListAsk {
            query: self.query.clone(),
            since: self.since.clone(),
            until: self.until.clone(),
            added_since: self.added_since.clone(),
            status: self.status.clone(),
            limit: self.limit,
            cursor: self.cursor.clone(),
            max_tokens: self.max_tokens,
        }
    }
}

impl Item for BackgroundRow {
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
