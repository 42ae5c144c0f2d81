//! Allergies: what is told whatever the period, and never cut.

use super::part::{cited, line, name_of, select_always};
use crate::insight::allergies::{allergy, danger, reactions, short_stance};
use crate::insight::sheet::Part;
use crate::insight::{Context, Refusal, plain, rows};
use crate::record::Entry;

pub(super) fn allergies(context: &Context<'_>) -> Result<Part, Refusal> {
    let shown = select_always(context, crate::record::Kind::Allergy)?;
    let mut real: Vec<&Entry> =
        shown.iter().map(|shown| shown.face).filter(|entry| entry.standing.is_fact()).collect();
    // What is past comes last, however dangerous it was; of each the most dangerous first.
    let is_past = |entry: &Entry| matches!(entry.status.as_deref(), Some("resolved" | "inactive"));
    real.sort_by_key(|entry| (is_past(entry), std::cmp::Reverse(danger(entry))));
    let lines = real.iter().map(|entry| allergy_line(entry)).collect();
    let names = real.iter().map(|entry| cited(entry)).collect();
    // Which kind of nothing, or a conflict: said in the same words as in the list.
    let says = short_stance(context).lines.join(" ");
    Ok(Part::fixed("Allergies", lines).condensing_to(names, "get_allergies").saying(says))
}

fn allergy_line(entry: &Entry) -> String {
    let Some(allergy) = allergy(entry) else { return line(&name_of(entry), None, entry) };
    let reactions = reactions(entry);
    let kind = allergy.kind.as_deref().filter(|kind| *kind == "intolerance").map(plain);
    let status = entry.status.as_deref().filter(|status| *status != "active").map(plain);
    let is_high = allergy.criticality.as_deref() == Some("high");
    let high = is_high.then(|| "high criticality".to_owned());
    let marks: Vec<String> = [kind, high, status, rows::standing_word(entry)].into_iter().flatten().collect();
    let marks = if marks.is_empty() { String::new() } else { format!(" ({})", marks.join(", ")) };
    let reactions = if reactions.is_empty() { String::new() } else { format!(": {}", reactions.join("; ")) };
    line(&format!("{}{reactions}{marks}", name_of(entry)), None, entry)
}
