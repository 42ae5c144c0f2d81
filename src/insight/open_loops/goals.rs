//! Goals that stand as active and are not recorded as reached.

use super::{LoopKind, OLD_DAYS, OpenLoop};
use crate::insight::rows::name_cell;
use crate::insight::{Context, Refusal, plain, shortened};
use crate::record::{Detail, Entry, Goal, Kind, Standing};

/// Every goal that is still pursued.
pub(super) fn goals(context: &Context<'_>) -> Result<Vec<OpenLoop>, Refusal> {
    let mut all = Vec::new();
    for group in context.view.groups(Kind::CarePlan) {
        context.check()?;
        let entry = context.view.face(group);
        let Detail::Goal(goal) = &entry.detail else { continue };
        if !is_open(entry, goal) {
            continue;
        }
        let name = shortened(&name_cell(entry), NAME_CHARS);
        let on = entry.date.or(entry.recorded);
        let set = on.map_or_else(String::new, |when| format!(", set {}", when.date_text()));
        let due = goal.due.map_or_else(String::new, |due| format!(", for {}", due.date_text()));
        let by = goal.by.as_deref().map_or_else(String::new, |by| format!(", goal of {}", plain(by)));
        let far = goal.achievement.as_deref().map_or_else(String::new, |far| format!(", {}", plain(far)));
        // A goal that lies ahead is not old, whenever it was set.
        let last = goal.due.or(on).map(|when| when.latest());
        let is_old = last.is_some_and(|last| (context.today - last).get_days() > 2 * OLD_DAYS);
        all.push(OpenLoop {
            kind: LoopKind::Goal,
            on,
            due: goal.due.map(|due| due.latest()),
            is_old,
            says: format!("goal: \"{name}\"{set}{due}{by}{far} [{}]", entry.id),
            ask: format!("How far along is the goal \"{name}\", and does it still fit?"),
            about: vec![entry.id],
            tests: Vec::new(),
        });
    }
    Ok(all)
}

/// Characters of the words of a goal.
const NAME_CHARS: usize = 120;

fn is_open(entry: &Entry, goal: &Goal) -> bool {
    let is_pursued = matches!(
        entry.status.as_deref(),
        None | Some("active" | "accepted" | "in-progress" | "planned" | "on-hold" | "proposed")
    );
    let is_reached =
        goal.achievement.as_deref().is_some_and(|far| far.to_lowercase().starts_with("achieved"));
    entry.standing == Standing::Stated && is_pursued && !is_reached
}
