//! What a person may be about to type: names of tests and of specialties, from what is in the record.

use std::collections::{HashMap, HashSet};

use serde_json::json;

use super::measurements::test_name;
use super::{Answer, Context, Refusal};
use crate::knowledge::analytes::analyte_by_code;
use crate::knowledge::folding::fold;
use crate::knowledge::specialties::{Specialty, specialties, specialties_named};
use crate::record::{Detail, Entry, Kind, System};

/// Of what names are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// Tests with a result in the record.
    Tests,
    /// Specialties: those of the record first.
    Specialties,
}

/// As many as a host may be sent (MCP, completion/complete: at most 100 values).
const MOST: usize = 100;

/// The names that begin with what was typed, or have a word that does.
pub fn completion(context: &Context<'_>, of: Of, typed: &str) -> Result<Answer, Refusal> {
    let names = match of {
        Of::Tests => tests(context)?,
        Of::Specialties => specialties_here(context)?,
    };
    let typed = fold(typed);
    let begins = |name: &str| {
        let name = fold(name);
        (name.starts_with(&typed), name.split(' ').any(|word| word.starts_with(&typed)))
    };
    let (mut first, mut then) = (Vec::new(), Vec::new());
    for name in names {
        match begins(&name) {
            (true, _) => first.push(name),
            (_, true) => then.push(name),
            _ => {}
        }
    }
    first.append(&mut then);
    let total = first.len();
    first.truncate(MOST);
    let text = first.join("\n");
    Ok(Answer { text, structured: json!({ "values": first, "total": total }), cited: Vec::new() })
}

/// The tests by their plain names where one is known, the most often done first.
fn tests(context: &Context<'_>) -> Result<Vec<String>, Refusal> {
    let mut counts: HashMap<(Option<&str>, &str), (usize, &Entry)> = HashMap::new();
    for entry in [Kind::Lab, Kind::Vital].into_iter().flat_map(|kind| context.view.entries(kind)) {
        context.check()?;
        let code = entry.concept.codes_in(&System::Loinc).next();
        let (count, _) = counts.entry((code, entry.concept.name().unwrap_or_default())).or_insert((0, entry));
        *count += 1;
    }
    let mut names: HashMap<String, usize> = HashMap::new();
    for (count, entry) in counts.into_values() {
        let known = entry.concept.codes_in(&System::Loinc).find_map(analyte_by_code);
        let name = known.map_or_else(|| test_name(entry), |known| known.name.to_owned());
        *names.entry(name).or_default() += count;
    }
    let mut names: Vec<(String, usize)> = names.into_iter().collect();
    names.sort_by(|one, other| (other.1, &one.0).cmp(&(one.1, &other.0)));
    Ok(names.into_iter().map(|(name, _)| name).collect())
}

/// The specialties that visits, clinicians and care teams name, then all others.
fn specialties_here(context: &Context<'_>) -> Result<Vec<String>, Refusal> {
    let mut texts: HashSet<&str> = HashSet::new();
    for entry in
        [Kind::Visit, Kind::Contact, Kind::CarePlan].into_iter().flat_map(|kind| context.view.entries(kind))
    {
        context.check()?;
        texts.extend(entry.concept.name());
        texts.extend(entry.actors.iter().filter_map(|actor| actor.name.as_deref()));
        match &entry.detail {
            Detail::Contact(contact) => texts.extend(contact.roles.iter().map(|role| role.as_str())),
            Detail::Team(members) => texts.extend(members.iter().filter_map(|member| member.role.as_deref())),
            _ => {}
        }
    }
    let mut here: HashSet<&'static str> = HashSet::new();
    for text in texts {
        context.check()?;
        here.extend(specialties_named(text).into_iter().map(|specialty| specialty.key));
    }
    let name = |specialty: &Specialty| specialty.name.to_owned();
    let (seen, others): (Vec<&Specialty>, Vec<&Specialty>) =
        specialties().iter().partition(|specialty| here.contains(specialty.key));
    Ok(seen.into_iter().chain(others).map(name).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insight::testing::{entry, run, view, view_without, with};
    use crate::record::{Code, Measurement, View};

    fn lab(id: &str, name: &str, loinc: &str) -> Entry {
        with(entry(id, name, "2025-01-02", Detail::Measurement(Box::<Measurement>::default())), |entry| {
            let code = Code { system: System::Loinc, code: loinc.into(), display: None };
            entry.concept.codes.extend((!loinc.is_empty()).then_some(code));
        })
    }

    fn values(view: &View, of: Of, typed: &str) -> Vec<String> {
        let answer = run(view, json!({}), |context| completion(context, of, typed)).unwrap();
        serde_json::from_value(answer.structured["values"].clone()).unwrap()
    }

    #[test]
    fn tests_are_offered_by_the_names_of_the_record_and_what_is_withheld_is_not() {
        let entries = || {
            vec![
                // LOINC 2823-3 and 4548-4 stand in knowledge/tables/analytes_loinc.tsv.
                lab("L000001", "K+", "2823-3"),
                lab("L000002", "A1C", "4548-4"),
                lab("L000003", "A1C", "4548-4"),
                lab("L000004", "Poterium allergen", ""),
            ]
        };
        let all = view(entries());
        assert_eq!(values(&all, Of::Tests, "pot"), ["Potassium (blood)", "Poterium allergen"]);
        assert_eq!(values(&all, Of::Tests, "a1c").len(), 1);
        assert_eq!(values(&all, Of::Tests, "zz"), [""; 0]);
        let none = view_without(entries(), |scope| {
            scope.kinds.remove(&Kind::Lab);
        });
        assert_eq!(values(&none, Of::Tests, ""), [""; 0]);
    }

    #[test]
    fn a_specialty_of_the_record_comes_before_the_others() {
        let visit = entry("E000001", "Cardiology follow-up", "2025-01-02", Detail::Visit(Box::default()));
        let all = values(&view(vec![visit]), Of::Specialties, "");
        assert!(all[0].contains("cardiology"), "{all:?}");
        assert!(all.len() > 20);
    }
}
