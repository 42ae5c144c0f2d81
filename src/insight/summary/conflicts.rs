//! What contradicts itself in the record: told at the beginning, and settled by nobody here.

use super::part::{cited, name_of, select_always};
use crate::insight::allergies::is_present;
use crate::insight::medications::{self, HomeMedicine};
use crate::insight::problems::Problem;
use crate::insight::sheet::Part;
use crate::insight::whose::people;
use crate::insight::{Context, Refusal, rows};
use crate::knowledge::medicine_classes::classes_by_allergy;
use crate::knowledge::medicine_facts::class_of;
use crate::knowledge::medicines::{Ingredient, ingredients_of};
use crate::record::{Entry, Kind, System};

/// An order beside an allergy to it, "none known" beside what is listed, two days of birth.
pub(super) fn conflicts(
    context: &Context<'_>,
    home: &[HomeMedicine<'_>],
    problems: &[Problem<'_>],
) -> Result<Part, Refusal> {
    let mut lines = beside_allergies(context, home)?;
    let none = rows::absences(context, Kind::Condition);
    let active = problems.iter().filter(|problem| problem.is_present_illness()).count();
    if let Some(none) = none.first().filter(|_| active > 0) {
        lines.push(format!("{none}; yet {active} problems are recorded as active"));
    }
    lines.extend(medications::statements(context).into_iter().filter(|line| line.contains("CONFLICT")));
    let mut births: Vec<String> =
        people(context.view).filter_map(|person| person.birth).map(|birth| birth.date_text()).collect();
    births.sort();
    births.dedup();
    // A year and a day of that year are one birth.
    let is_other = |birth: &&String| {
        !births.iter().any(|longer| longer.len() > birth.len() && longer.starts_with(birth.as_str()))
    };
    let days: Vec<&str> = births.iter().filter(is_other).map(String::as_str).collect();
    if days.len() > 1 {
        lines.push(format!(
            "The sources give several days of birth: {}",
            days[..days.len().min(3)].join(", ")
        ));
    }
    let names = lines.clone();
    Ok(Part::fixed("Conflicts to clear up", lines).condensing_to(names, "get_medications"))
}

/// Each medicine for home that is the substance of a recorded allergy, or of its kind.
fn beside_allergies(context: &Context<'_>, home: &[HomeMedicine<'_>]) -> Result<Vec<String>, Refusal> {
    let shown = select_always(context, Kind::Allergy)?;
    let mut lines = Vec::new();
    for allergy in shown.iter().map(|shown| shown.face).filter(|entry| is_present(entry)) {
        context.check()?;
        let substances = substances(allergy);
        let classes: Vec<&str> =
            classes_by_allergy(&allergy.concept.label()).iter().map(|class| class.key).collect();
        for medicine in home {
            let is_it = |known: &&'static Ingredient| substances.iter().any(|one| one.name == known.name);
            let is_of_kind = |known: &&'static Ingredient| {
                class_of(known.name).is_some_and(|class| classes.contains(&class.key))
            };
            let how = match () {
                () if medicine.ingredients.iter().any(is_it) => "",
                () if medicine.ingredients.iter().any(is_of_kind) => "a medicine of its kind, ",
                () => continue,
            };
            let (medicine, allergy) = (medicine.entry, cited(allergy));
            lines.push(format!(
                "Allergy {allergy}; yet {how}{} is active [{}]",
                name_of(medicine),
                medicine.id
            ));
        }
    }
    Ok(lines)
}

fn substances(allergy: &Entry) -> Vec<&'static Ingredient> {
    const RXNORM: &str = "http://www.nlm.nih.gov/research/umls/rxnorm";
    let codes: Vec<(&str, &str)> =
        allergy.concept.codes_in(&System::RxNorm).map(|code| (RXNORM, code)).collect();
    ingredients_of(&codes, &allergy.concept.label())
}
