//! The care team and how to reach it, goals, orders and referrals, plans.

mod reach;
mod told;

use schemars::JsonSchema;
use serde::Serialize;

use super::matching::Words;
use super::rows;
use super::{Answer, Asked, Context, Coverage, Item, Page, Refusal, Section};
use crate::record::{Detail, Entry, EntryId, Kind, Standing, View};

use reach::Directory;

/// A team, a goal, an order, a referral, a plan, or somebody who can be reached.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CarePlanRow {
    /// The entry to cite.
    pub id: String,
    /// team, goal, order, referral, do not do (an order NOT to), plan or contact.
    pub part: &'static str,
    /// What it is called.
    pub name: String,
    /// The date: begun, ordered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// The status as recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// When it is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<String>,
    /// Targets and achievement, reasons, who ordered it, what answered it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<String>,
    /// All sources, where there are several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
    /// Members and how to reach them, activities, comments, the person's own notes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub beneath: Vec<String>,
    #[serde(skip)]
    cells: Vec<String>,
    #[serde(skip)]
    entry: EntryId,
}

/// The parts in the order in which they are shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Team,
    Goal,
    Order,
    Plan,
    NotToDo,
    Withdrawn,
}

/// Each part with its heading and columns.
const PARTS: [(Part, &str, &[&str]); 6] = [
    (Part::Team, "Care team", &["team", "since", "status", "sources"]),
    (Part::Goal, "Goals", &["goal", "due", "status", "details", "sources"]),
    (
        Part::Order,
        "Orders and referrals (an order does not prove that it was done)",
        &["date", "order", "due", "status", "details", "sources"],
    ),
    (Part::Plan, "Care plans", &["plan", "since", "status", "sources"]),
    (Part::NotToDo, "Orders NOT to do", &["date", "order", "due", "status", "details", "sources"]),
    (Part::Withdrawn, "Entered in error (withdrawn by the source)", &["date", "name", "status", "sources"]),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kept {
    Active,
    Past,
    NotWithdrawn,
    Withdrawn,
    All,
}

const STATUS: [(&str, Kept); 4] = [
    ("active", Kept::Active),
    ("past", Kept::Past),
    ("entered-in-error", Kept::Withdrawn),
    ("all", Kept::All),
];

/// The care team, goals, orders and plans.
pub fn care_plan(context: &Context<'_>, asked: &Asked) -> Result<Answer, Refusal> {
    let words = asked.query.as_deref().map(Words::of);
    let status = asked.status.as_deref();
    let kept = status.map_or(Ok(Kept::NotWithdrawn), |status| rows::one_of("status", status, &STATUS))?;
    let mut coverage = Coverage::of(context, &[Kind::CarePlan]);
    let directory = Directory::of(context.view);
    let keep = |entry: &Entry| {
        keeps(kept, entry) && words.as_ref().is_none_or(|words| is_about(words, entry, &directory))
    };
    let mut shown = rows::select(context, Kind::CarePlan, asked, &mut coverage, keep)?;
    // Within the list of the newest first: what is still going on leads.
    shown.sort_by_key(|shown| is_past(shown.face));
    coverage.period = rows::period(&shown);
    let telling = told::Telling::of(context, &directory, words.as_ref(), &shown)?;
    let mut sections: Vec<Section<CarePlanRow>> = PARTS
        .iter()
        .map(|&(part, heading, columns)| {
            let here = shown.iter().filter(|shown| part_of(shown.face) == part);
            let items = here.map(|&shown| telling.row(shown, part)).collect();
            Section { heading: heading.into(), columns, items }
        })
        .collect();
    let contacts = contacts(context.view, words.as_ref());
    match words {
        Some(_) => sections.push(Section {
            heading: "Others named in the record (named is not: in the care team)".into(),
            columns: &["name", "what", "how to reach"],
            items: contacts.iter().map(|entry| told::contact_row(entry)).collect(),
        }),
        None if !contacts.is_empty() => coverage.notices.push(format!(
            "{} clinicians and places are named in the record: a query finds them by name or specialty",
            contacts.len()
        )),
        None => {}
    }
    let page = Page {
        title: asked.title("Care plan"),
        first: Vec::new(),
        sections,
        nothing: rows::nothing(context, asked, &[Kind::CarePlan], "care team, goal, order or plan"),
        coverage,
        cursor_begins: "",
    };
    page.answer(context, asked.cursor, asked.budget)
}

/// Clinicians, organisations and places that bear the words; all where there are none.
fn contacts<'a>(view: &'a View, words: Option<&Words>) -> Vec<&'a Entry> {
    let faces = view.groups(Kind::Contact).iter().map(|group| view.face(group));
    let has_words = |entry: &&Entry| {
        words.is_none_or(|words| words.name(entry, &reach::words_of(entry).collect::<Vec<_>>()))
    };
    faces.filter(|entry| entry.standing == Standing::Stated).filter(has_words).collect()
}

fn part_of(entry: &Entry) -> Part {
    match (&entry.detail, entry.standing) {
        (_, Standing::EnteredInError) => Part::Withdrawn,
        (Detail::Team(_), _) => Part::Team,
        (Detail::Goal(_), _) => Part::Goal,
        (Detail::Order(_), Standing::NotDone | Standing::Refuted) => Part::NotToDo,
        (Detail::Order(_), _) => Part::Order,
        _ => Part::Plan,
    }
}

fn is_past(entry: &Entry) -> bool {
    let past = ["completed", "cancelled", "revoked", "rejected", "inactive", "suspended", "ended", "stopped"];
    entry.status.as_deref().is_some_and(|status| past.contains(&status))
}

fn keeps(kept: Kept, entry: &Entry) -> bool {
    let is_withdrawn = entry.standing == Standing::EnteredInError;
    match kept {
        Kept::All => true,
        Kept::Withdrawn => is_withdrawn,
        Kept::NotWithdrawn => !is_withdrawn,
        Kept::Active => !is_withdrawn && !is_past(entry),
        Kept::Past => !is_withdrawn && is_past(entry),
    }
}

/// A team is about its members too, by name, role and specialty.
fn is_about(words: &Words, entry: &Entry, directory: &Directory<'_>) -> bool {
    let mut further: Vec<&str> = entry.actors.iter().filter_map(|actor| actor.name.as_deref()).collect();
    match &entry.detail {
        Detail::Team(members) => {
            return words.name(entry, &[])
                || members.iter().any(|member| directory.is_about(words, entry.source, member));
        }
        Detail::Goal(goal) => further.extend(goal.targets.iter().map(|target| target.as_str())),
        Detail::Order(order) => further.extend(order.reasons.iter().map(|reason| reason.as_str())),
        Detail::Plan(activities) => further.extend(activities.iter().map(|activity| activity.as_str())),
        _ => {}
    }
    words.name(entry, &further)
}

impl Item for CarePlanRow {
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
