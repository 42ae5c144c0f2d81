//! The day: medicines by the time of day that is recorded, what to measure, own goals, published guidance for
//! what is recorded, cautions, and what falls due. Nothing in it is computed for the person.

mod cautions;
mod due;
mod goals;
mod ground;
mod guidance;
mod measuring;
mod medicines;
mod moments;
mod trends;
mod wanted;

use schemars::JsonSchema;
use serde::Deserialize;

use super::ask::budget_tokens;
use super::background::self_harm;
use super::portals::Nothing;
use super::portrait::Portrait;
use super::sheet::{Draft, NOT_A_DIAGNOSIS, Part};
use super::{Answer, Context, Coverage, Refusal, alarm};
use crate::record::Kind;
use ground::Ground;
use wanted::Wanted;

/// What a routine takes.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RoutineAsk {
    /// A topic, or words: food, activity, medicines, sleep, measuring, "blood pressure".
    pub focus: Option<String>,
    /// Size of the answer, default 2000.
    pub max_tokens: Option<u32>,
}

/// What parts the record from what was published.
const EDUCATIONAL: &str = "Published guidance is general teaching, not written for this person: own goals and the care team's words go first.";

/// What bears on a day.
const KINDS: [Kind; 9] = [
    Kind::Medication,
    Kind::Condition,
    Kind::Allergy,
    Kind::Lab,
    Kind::Vital,
    Kind::CarePlan,
    Kind::Visit,
    Kind::Procedure,
    Kind::Device,
];

/// The day.
pub fn routine(context: &Context<'_>, ask: &RoutineAsk) -> Result<Answer, Refusal> {
    let room = budget_tokens(ask.max_tokens)?;
    let wanted = Wanted::of(ask.focus.as_deref())?;
    let portrait = Portrait::of(context)?;
    let coverage = Coverage::of(context, &KINDS);
    let title = format!("daily routine as of {}", context.today);
    if portrait.has_died {
        // Who has died gets no routine (reference: clinical safety, section 2).
        let says = "The record says that this person has died: no routine is made.".into();
        return Draft { title, says, parts: Vec::new(), coverage }.answer(context, room);
    }
    let ground = Ground::of(context, wanted, portrait)?;
    let parts = parts(&ground, room)?;
    let says: Vec<&str> =
        guidance::left_out(&ground).into_iter().chain([EDUCATIONAL, NOT_A_DIAGNOSIS]).collect();
    Draft { title, says: says.join(" "), parts, coverage }.answer(context, room)
}

fn parts(ground: &Ground<'_, '_>, room: usize) -> Result<Vec<Part>, Refusal> {
    let mut asked = medicines::medicines(ground);
    asked.push(goals::goals(ground));
    asked.push(measuring::measuring(ground)?);
    let mut after = guidance::in_room(ground, room);
    after.push(cautions::foods(ground));
    after.push(trends::trends(ground)?);
    after.push(due::due(ground)?);
    let found_nothing = asked.iter().chain(&after).all(|part| part.lines.is_empty());
    let mut parts = vec![now(ground.context)?, cautions::dangers(ground)];
    parts.push(missing(ground, found_nothing));
    parts.append(&mut asked);
    parts.push(cautions::allergies(ground));
    parts.push(guidance::pulling_apart(ground));
    parts.append(&mut after);
    parts.push(cautions::limits(ground)?);
    Ok(parts)
}

/// What is not in the record, and what to do about it: never advice that fits everybody.
fn missing(ground: &Ground<'_, '_>, found_nothing: bool) -> Part {
    let says = match &ground.wanted {
        Wanted::Named { asked, .. } if found_nothing => {
            format!("Nothing in these records fits \"{asked}\". Topics: {}.", wanted::topics())
        }
        Wanted::Only(_) if found_nothing => "Nothing on this topic is in these records.".into(),
        Wanted::All if ground.present.is_empty() => {
            let what = match ground.context.view.scope().withholds() {
                true => "No present problem can be seen here",
                false => "No present problem is in these records",
            };
            let gap = Nothing::of(ground.context, &[Kind::Condition]).gap();
            format!(
                "{what}{gap}, so no guidance was chosen. To fill the gap: import another source, or ask the clinic for the problem list."
            )
        }
        _ => String::new(),
    };
    Part::fixed("Not in these records", Vec::new()).saying(says)
}

/// What cannot wait stands before any day.
fn now(context: &Context<'_>) -> Result<Part, Refusal> {
    let says: Vec<String> = alarm::urgent_of_all(context)?.into_iter().chain(self_harm(context)).collect();
    Ok(Part::fixed("Now", Vec::new()).saying(says.join("\n")))
}

#[cfg(test)]
mod tests;
