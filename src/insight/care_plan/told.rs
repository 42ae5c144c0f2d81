//! How a team, a goal, an order or a plan is told in a row.

use std::collections::HashMap;

use super::reach::{self, Directory};
use super::{CarePlanRow, Part};
use crate::insight::matching::Words;
use crate::insight::rows::{self, Shown};
use crate::insight::{Context, Refusal, plain, shortened};
use crate::record::{Detail, Entry, EntryId, Kind, LinkRole, Member};

/// Lines beneath a team or a plan; the rest stands in get_record.
const LINES_MAX: usize = 25;

/// Days after which an active order that nothing answers is marked: as for a medicine order, a year.
const UNANSWERED_DAYS: i32 = 365;

/// What is needed to tell the rows.
pub(super) struct Telling<'a> {
    context: &'a Context<'a>,
    directory: &'a Directory<'a>,
    words: Option<&'a Words>,
    answers: HashMap<(u16, &'a str), EntryId>,
}

impl<'a> Telling<'a> {
    pub fn of(
        context: &'a Context<'a>,
        directory: &'a Directory<'a>,
        words: Option<&'a Words>,
        shown: &[Shown<'_>],
    ) -> Result<Telling<'a>, Refusal> {
        let has_orders = shown.iter().any(|shown| matches!(shown.face.detail, Detail::Order(_)));
        let answers = if has_orders { answers(context)? } else { HashMap::new() };
        Ok(Telling { context, directory, words, answers })
    }

    pub fn row(&self, shown: Shown<'_>, part: Part) -> CarePlanRow {
        let entry = shown.face;
        let (word, due, details) = self.told(shown);
        let sources = rows::several(rows::sources(self.context, shown.group));
        let from = rows::sources_cell(self.context, &sources);
        let mut beneath = self.lines(entry);
        beneath.extend(rows::disagreements(self.context, shown, "the status", |entry| {
            entry.status.as_deref().map(plain)
        }));
        beneath.extend(rows::comments(self.context, shown.group));
        beneath.extend(rows::own_notes(self.context, shown.group));
        let date = entry.date.or(entry.recorded).map(|when| when.date_text());
        let dated = date.clone().unwrap_or_else(|| rows::date_cell(None));
        let name = shortened(&entry.concept.label(), 300);
        let status = entry.status.as_deref().map(plain);
        let mark = status.clone().unwrap_or_else(|| "not recorded".into());
        // The order is active; what it is about is not.
        let mark = rows::forbidden(entry).map_or(mark.clone(), |word| format!("{word} ({mark})"));
        let due_cell = due.clone().unwrap_or_default();
        let cells = match part {
            Part::Team | Part::Plan => vec![name.clone(), dated, mark, from],
            Part::Goal => vec![name.clone(), due_cell, mark, details.join("; "), from],
            Part::Order | Part::NotToDo => {
                vec![dated, name.clone(), due_cell, mark, details.join("; "), from]
            }
            Part::Withdrawn => vec![dated, name.clone(), mark, from],
        };
        let id = entry.id;
        let part = word;
        CarePlanRow {
            id: id.to_string(),
            part,
            name,
            date,
            status,
            due,
            details,
            sources,
            beneath,
            cells,
            entry: id,
        }
    }

    /// The word for the part, when it is due, and what else is told in the row.
    fn told(&self, shown: Shown<'_>) -> (&'static str, Option<String>, Vec<String>) {
        match &shown.face.detail {
            Detail::Goal(goal) => {
                let achieved = goal.achievement.as_deref().map(plain);
                let by = goal.by.as_deref().map(|by| format!("goal of {}", plain(by)));
                let targets = goal.targets.iter().map(|target| shortened(target, 200));
                let details = targets.chain(achieved).chain(by).collect();
                ("goal", goal.due.map(|due| due.date_text()), details)
            }
            Detail::Order(order) => {
                let part = if order.is_referral { "referral" } else { "order" };
                let part = rows::forbidden(shown.face).unwrap_or(part);
                let intent = order.intent.as_deref().filter(|intent| *intent != "order").map(plain);
                let priority = order.priority.as_deref().filter(|priority| *priority != "routine").map(plain);
                let reasons = order.reasons.iter().map(|reason| format!("for {}", shortened(reason, 160)));
                let by = shown.face.actor("requester").map(|name| format!("by {}", plain(name)));
                let to = shown.face.actor("performer").map(|name| format!("to {}", plain(name)));
                let details = intent.into_iter().chain(priority).chain(reasons).chain(by).chain(to);
                let details = details.chain(self.answer(shown)).collect();
                let due = order.due.filter(|due| Some(*due) != shown.face.date).map(|due| due.date_text());
                (part, due, details)
            }
            Detail::Team(_) => ("team", None, Vec::new()),
            _ => ("plan", None, Vec::new()),
        }
    }

    /// What answers an order: a result, a report, a visit that names it; or that nothing has for a year.
    fn answer(&self, shown: Shown<'_>) -> Option<String> {
        if rows::forbidden(shown.face).is_some() {
            return None;
        }
        let answer = self
            .context
            .view
            .members(shown.group)
            .find_map(|member| self.answers.get(&(member.source, member.key.as_str())));
        if let Some(id) = answer {
            return Some(format!("answered by {id}"));
        }
        let is_open = matches!(shown.face.status.as_deref(), Some("active" | "draft" | "on-hold"));
        let last = shown.face.date.or(shown.face.recorded).map(|when| when.latest());
        let is_old = last.is_none_or(|last| (self.context.today - last).get_days() > UNANSWERED_DAYS);
        (is_open && is_old).then(|| "NOTHING HERE ANSWERS IT in over a year".into())
    }

    fn lines(&self, entry: &Entry) -> Vec<String> {
        let mut lines: Vec<String> = match &entry.detail {
            Detail::Team(members) => self.members(entry, members),
            Detail::Plan(activities) => {
                activities.iter().map(|line| format!("↳ {}", shortened(line, 300))).collect()
            }
            _ => Vec::new(),
        };
        if lines.len() > LINES_MAX {
            let rest = lines.len() - LINES_MAX;
            lines.truncate(LINES_MAX);
            lines.push(format!("↳ {rest} more: get_record {{\"id\":\"{}\"}}", entry.id));
        }
        lines
    }

    /// All members; of a team that was found by a member, those who bear the words.
    fn members(&self, entry: &Entry, members: &[Member]) -> Vec<String> {
        let is_named = |member: &&Member| {
            self.words.is_none_or(|words| self.directory.is_about(words, entry.source, member))
        };
        let named: Vec<&Member> = members.iter().filter(is_named).collect();
        let shown = if named.is_empty() { members.iter().collect() } else { named };
        shown.into_iter().map(|member| format!("↳ {}", self.directory.line(entry.source, member))).collect()
    }
}

/// Which order is named by which entry. Reports come last, so that they win over their single results.
fn answers<'a>(context: &Context<'a>) -> Result<HashMap<(u16, &'a str), EntryId>, Refusal> {
    let mut answers = HashMap::new();
    let kinds = [Kind::Lab, Kind::Vital, Kind::Visit, Kind::Procedure, Kind::Imaging, Kind::Document];
    for kind in kinds {
        for entry in context.view.entries(kind) {
            context.check()?;
            for key in entry.linked(LinkRole::Order) {
                answers.insert((entry.source, key), entry.id);
            }
        }
    }
    Ok(answers)
}

/// Somebody who is named in the record.
pub(super) fn contact_row(entry: &Entry) -> CarePlanRow {
    let contact = reach::contact(entry);
    let reach = contact.map_or_else(Vec::new, |contact| reach::reach(&[contact]));
    let what = contact.map_or_else(String::new, |contact| plain(&contact.what));
    let words: Vec<String> = Some(what).into_iter().chain(reach::words_of(entry).map(plain)).collect();
    let name = rows::name_cell(entry);
    let reached = if reach.is_empty() { "not recorded".into() } else { reach.join(", ") };
    CarePlanRow {
        id: entry.id.to_string(),
        part: "contact",
        name: name.clone(),
        date: None,
        status: None,
        due: None,
        details: words.iter().cloned().chain(reach).collect(),
        sources: Vec::new(),
        beneath: Vec::new(),
        cells: vec![name, words.join(", "), reached],
        entry: entry.id,
    }
}
