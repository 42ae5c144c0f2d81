//! Allergies and problems: what is told whatever the period.

use std::collections::HashSet;

use super::part::{line, select};
use crate::insight::allergies::stance;
use crate::insight::sheet::Part;
use crate::insight::{Asked, Context, Coverage, Refusal, plain, rows};
use crate::knowledge::conditions::condition_of;
use crate::record::{ConditionList, Detail, Entry, Kind, System};

pub(super) fn allergies(
    context: &Context<'_>,
    asked: &Asked,
    coverage: &mut Coverage,
) -> Result<Part, Refusal> {
    // An allergy is told whatever period is asked for: it has no date after which it is harmless.
    let always = Asked { period: Default::default(), ..asked.clone() };
    let shown = select(context, Kind::Allergy, &always, coverage)?;
    let real = shown.iter().filter(|shown| shown.face.standing.is_fact());
    let lines: Vec<String> = real.map(|shown| allergy_line(shown.face)).collect();
    // Which kind of nothing, or a conflict: said in the same words as in the list.
    let says = stance(context).lines.join(" ");
    let most = lines.len();
    Ok(Part { says, is_fixed: true, ..Part::of("Allergies", "get_allergies", most, lines) })
}

fn allergy_line(entry: &Entry) -> String {
    let Detail::Allergy(allergy) = &entry.detail else {
        return line(&plain(&entry.concept.label()), None, entry);
    };
    let reactions =
        allergy.reactions.iter().flat_map(|reaction| reaction.manifestations.iter().map(|text| plain(text)));
    let reactions: Vec<String> = reactions.collect();
    let severity = allergy.reactions.iter().find_map(|reaction| reaction.severity.as_deref()).map(plain);
    let kind = allergy.kind.as_deref().filter(|kind| *kind == "intolerance").map(plain);
    let status = entry.status.as_deref().filter(|status| *status != "active").map(plain);
    let high = allergy
        .criticality
        .as_deref()
        .filter(|criticality| *criticality == "high")
        .map(|_| "high criticality".to_owned());
    let unconfirmed = rows::standing_word(entry);
    let marks: Vec<String> = [kind, severity, high, status, unconfirmed].into_iter().flatten().collect();
    let marks = if marks.is_empty() { String::new() } else { format!(" ({})", marks.join(", ")) };
    let reactions = if reactions.is_empty() { String::new() } else { format!(": {}", reactions.join(", ")) };
    line(&format!("{}{reactions}{marks}", plain(&entry.concept.label())), None, entry)
}

pub(super) fn problems(
    context: &Context<'_>,
    asked: &Asked,
    coverage: &mut Coverage,
    is_active: bool,
) -> Result<Part, Refusal> {
    // A long illness is still there though it began before the period asked for.
    let asked = if is_active { Asked { period: Default::default(), ..asked.clone() } } else { asked.clone() };
    let shown = select(context, Kind::Condition, &asked, coverage)?;
    // The diagnosis of a visit is no problem of the list. Some sources have no other list: then it is all
    // there is, and the status it was given decides.
    let is_listed = |entry: &Entry| {
        let list = match &entry.detail {
            Detail::Condition(condition) => condition.list,
            _ => ConditionList::Problem,
        };
        list != ConditionList::Visit || entry.status.is_some()
    };
    let wanted = shown.iter().filter(|shown| shown.face.standing.is_fact() && is_listed(shown.face));
    let wanted = wanted.filter(|shown| is_active_problem(shown.face) == is_active);
    let mut named = HashSet::new();
    let lines =
        wanted.map(|shown| shown.face).filter(|entry| named.insert(entry.concept.label())).map(|entry| {
            let mark = rows::standing_word(entry).map_or_else(String::new, |word| format!(" ({word})"));
            let apart = no_illness(entry).map_or_else(String::new, |what| format!(" (no illness: {what})"));
            let name = format!("{}{mark}{apart}", plain(&entry.concept.label()));
            let since = entry.date.map_or_else(String::new, |when| format!(", since {}", when.date_text()));
            let until = entry.end.map_or_else(String::new, |when| format!(", to {}", when.date_text()));
            format!("{name}{since}{until} [{}]", entry.id)
        });
    let (name, most) = if is_active { ("Problems recorded as active", 15) } else { ("Past problems", 8) };
    let least = if is_active { 12 } else { 2 };
    Ok(Part { least, ..Part::of(name, "get_conditions", most, lines.collect()) })
}

/// What a problem list holds that is no illness of the person, by its code or its words.
fn no_illness(entry: &Entry) -> Option<&'static str> {
    let codes: Vec<&str> = entry.concept.codes_in(&System::Icd10).collect();
    match condition_of(&codes, entry.concept.name().unwrap_or_default())?.key {
        "family-history" | "family-history-cancer" => Some("family history"),
        "suspected" => Some("a suspicion"),
        "screening" => Some("a screening"),
        "at-risk" => Some("a risk"),
        "not-found" => Some("not found"),
        _ => None,
    }
}

fn is_active_problem(entry: &Entry) -> bool {
    let by_status = !matches!(entry.status.as_deref(), Some("resolved" | "inactive" | "remission"));
    by_status && entry.end.is_none()
}
