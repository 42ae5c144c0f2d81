//! What the record as a whole says about allergies: some, none known, not asked, nothing, or a conflict.

use std::collections::BTreeSet;

use super::is_present;
use crate::insight::portals::Nothing;
use crate::insight::rows;
use crate::insight::{Context, shortened};
use crate::record::{Entry, EntryId, Kind, Standing};

/// What stands above every list of allergies, whatever was asked for: no filter hides it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stance {
    /// The lines; none where allergies are simply listed.
    pub lines: Vec<String>,
    /// The entries they cite.
    pub cited: Vec<EntryId>,
    /// True where only a few entries are named, and shortly.
    is_short: bool,
}

/// What the record says, as far as it can be seen.
pub fn stance(context: &Context<'_>) -> Stance {
    told(context, false)
}

/// The same for a page on which the allergies stand beneath: a conflict names who denies them and counts them.
pub fn short_stance(context: &Context<'_>) -> Stance {
    told(context, true)
}

fn told(context: &Context<'_>, is_short: bool) -> Stance {
    let faces: Vec<&Entry> =
        context.view.groups(Kind::Allergy).iter().map(|group| context.view.face(group)).collect();
    let standing = |standing| faces.iter().copied().filter(move |entry| entry.standing == standing);
    let none_known: Vec<&Entry> = standing(Standing::NoneKnown).collect();
    let not_asked: Vec<&Entry> = standing(Standing::NotAsked).collect();
    let present: Vec<&Entry> = faces.iter().copied().filter(|entry| is_present(entry)).collect();
    let mut stance = Stance { is_short, ..Stance::default() };
    let against: Vec<&Entry> =
        none_known.iter().copied().filter(|none| contradicts(none, &present)).collect();
    if !against.is_empty() {
        let said = stance.cite(context, &against);
        let listed = match is_short {
            true => format!("{} are listed", present.len()),
            false => format!("listed as allergy or intolerance: {}", stance.cite(context, &present)),
        };
        stance.lines.push(format!(
            "**CONFLICT between entries:** {said}; yet {listed}. Take the listed ones as real until a clinician has cleared it up."
        ));
    } else if !none_known.is_empty() {
        let said = stance.cite(context, &none_known);
        // A statement about medicines alone does not say that there is no allergy.
        let fields: BTreeSet<Option<&str>> =
            none_known.iter().map(|none| field(&none.concept.label().to_lowercase())).collect();
        let line = match fields.into_iter().collect::<Option<Vec<_>>>() {
            Some(only) => format!(
                "**None known of: {}**, as recorded: {said}. Of other allergies this says nothing: ask.",
                only.join(", ")
            ),
            None => format!("**None known**, as recorded: {said}."),
        };
        stance.lines.push(line);
    }
    if !not_asked.is_empty() && present.is_empty() {
        let said = stance.cite(context, &not_asked);
        let still = if none_known.is_empty() { " Whether there are allergies is not known." } else { "" };
        stance.lines.push(format!("**Not asked**, as recorded: {said}.{still}"));
    }
    if present.is_empty() {
        let nothing = Nothing::of(context, &[Kind::Allergy]);
        if stance.lines.is_empty() {
            stance.lines.extend(unsaid(context, !faces.is_empty(), &nothing));
        }
        // A statement of one source, or a setting, does not make up for what another did not give.
        if let Nothing::NotKnown(portals) = nothing {
            let portals = portals.join(", ");
            stance.lines.push(format!(
                "**Allergies could not be fetched from {portals}, or not all of them** (see Coverage): whether there are any there is not known: ask."
            ));
        }
    }
    stance
}

/// Where nothing is stated: nothing was sent, it is withheld, or what there is, is no present allergy.
fn unsaid(context: &Context<'_>, has_entries: bool, nothing: &Nothing) -> Option<String> {
    let scope = context.view.scope();
    let says = if !scope.kinds.contains(&Kind::Allergy) {
        "**Withheld** by the person's settings: whether there are allergies cannot be seen here.".into()
    } else if has_entries {
        "No present allergy is recorded, and no statement that there is none: ask.".into()
    } else if scope.withholds() {
        "No allergy entry can be seen here; some entries may be withheld by the person's settings: ask."
            .into()
    } else {
        match nothing {
            Nothing::NotSent => {
                "**No source has sent anything about allergies.** Whether there are any is not known: ask."
                    .into()
            }
            Nothing::NoneThere(portals) => format!(
                "**No allergy entry, and no statement that there is none:** {} answered that it holds nothing about allergies, and no other source has sent anything. Whether there are any is not known: ask.",
                portals.join(", ")
            ),
            // That it could not be had is said in any case.
            Nothing::NotKnown(_) => return None,
        }
    };
    Some(says)
}

/// A statement about medicines is not contradicted by a food allergy; where a statement or an allergy
/// does not say what it is about, it may be.
fn contradicts(none: &Entry, present: &[&Entry]) -> bool {
    let field = field(none.concept.label().to_lowercase().as_str());
    present.iter().any(|entry| {
        let fields: Vec<&str> =
            entry.categories.iter().filter_map(|word| self::field(&word.to_lowercase())).collect();
        field.is_none_or(|field| fields.is_empty() || fields.contains(&field))
    })
}

fn field(words: &str) -> Option<&'static str> {
    let has = |parts: &[&str]| parts.iter().any(|part| words.contains(part));
    if has(&["drug", "medic", "nkda", "biologic"]) {
        Some("medicine")
    } else if has(&["food", "nkfa"]) {
        Some("food")
    } else if has(&["environment", "latex"]) {
        Some("environment")
    } else {
        None
    }
}

impl Stance {
    /// Each entry with its source, date and citation.
    fn cite(&mut self, context: &Context<'_>, entries: &[&Entry]) -> String {
        let (most, characters) = if self.is_short { (2, 60) } else { (12, usize::MAX) };
        let told = entries.iter().take(most).map(|entry| {
            let source = shortened(&context.view.source(entry).name, characters);
            let date = entry
                .recorded
                .or(entry.date)
                .map_or_else(String::new, |when| format!(", {}", when.date_text()));
            let name = shortened(&rows::name_cell(entry), characters);
            format!("\"{name}\" ({source}{date}) [{}]", entry.id)
        });
        let mut told: Vec<String> = told.collect();
        if entries.len() > most {
            told.push(format!("{} more", entries.len() - most));
        }
        self.cited.extend(entries.iter().take(most).map(|entry| entry.id));
        told.join(", ")
    }
}
