//! What a person can choose to show, in their words: each category with the kinds of entry it stands for.

use std::collections::BTreeSet;

use crate::record::{Kind, Scope};

/// A category of the record.
#[derive(Debug)]
pub struct Category {
    /// Its name in a form.
    pub name: &'static str,
    /// What a person calls it.
    pub title: &'static str,
    /// What is in it.
    pub says: &'static str,
    /// The kinds of entry.
    pub kinds: &'static [Kind],
}

/// Every category. Each kind is in one; who the person is (name, day of birth) always goes with an answer.
pub static CATEGORIES: [Category; 18] = [
    of("labs", "Lab results", "Blood, urine and other tests", &[Kind::Lab]),
    of("medications", "Medications", "What was ordered, taken or given", &[Kind::Medication]),
    of("notes", "Visit notes", "What doctors and nurses wrote", &[Kind::Document]),
    of("diagnoses", "Diagnoses", "Illnesses and other problems", &[Kind::Condition]),
    of("imaging", "Imaging reports", "X-rays, scans and ultrasound", &[Kind::Imaging]),
    of("visits", "Hospital records", "Visits and stays: when, where and why", &[Kind::Visit]),
    of("immunizations", "Immunizations", "Shots, and when they were given", &[Kind::Immunization]),
    of("procedures", "Procedures", "Operations and treatments", &[Kind::Procedure]),
    of("allergies", "Allergies", "What you react to, and how", &[Kind::Allergy]),
    of("vitals", "Vitals", "Blood pressure, weight, height, pulse", &[Kind::Vital]),
    of("care-plans", "Care plans", "Goals, orders and your care team", &[Kind::CarePlan, Kind::Contact]),
    of("coverage", "Coverage", "Insurance, bills and claims", &[Kind::Coverage, Kind::Claim]),
    of("family", "Family history", "Illnesses in your family", &[Kind::FamilyHistory]),
    of("devices", "Devices", "Implants and other devices", &[Kind::Device]),
    of("directives", "Directives", "Your wishes for care, such as a living will", &[Kind::Directive]),
    of("background", "Background", "Smoking, work, language, questionnaires", &[Kind::Background]),
    of("own-notes", "Your own notes", "What you added yourself", &[Kind::Note]),
    of("other", "Everything else", "What fits nowhere above", &[Kind::Other]),
];

const fn of(name: &'static str, title: &'static str, says: &'static str, kinds: &'static [Kind]) -> Category {
    Category { name, title, says, kinds }
}

impl Category {
    /// The category of this name in a form.
    pub fn named(name: &str) -> Option<&'static Category> {
        CATEGORIES.iter().find(|category| category.name == name)
    }

    /// Whether a scope shows any of it.
    pub fn is_in(&self, scope: &Scope) -> bool {
        self.kinds.iter().any(|kind| scope.kinds.contains(kind))
    }
}

/// The kinds of these categories.
pub fn kinds(categories: &[&Category]) -> BTreeSet<Kind> {
    categories.iter().flat_map(|category| category.kinds).copied().collect()
}

/// What a scope shows, in words: the categories it has, or that it has them all.
pub fn in_words(scope: &Scope) -> String {
    let shown: Vec<&str> =
        CATEGORIES.iter().filter(|category| category.is_in(scope)).map(|category| category.title).collect();
    match shown.as_slice() {
        [] => "Only name and day of birth".into(),
        all if all.len() == CATEGORIES.len() => "All categories".into(),
        some => some.join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_in_one_category_but_who_the_person_is() {
        for kind in Kind::ALL.into_iter().filter(|kind| *kind != Kind::Demographics) {
            let own = CATEGORIES.iter().filter(|category| category.kinds.contains(&kind)).count();
            assert_eq!(own, 1, "{}", kind.plural());
        }
    }

    #[test]
    fn a_name_leads_to_one_category() {
        for category in &CATEGORIES {
            assert!(std::ptr::eq(Category::named(category.name).unwrap(), category));
        }
        assert!(Category::named("demographics").is_none());
    }

    #[test]
    fn a_scope_is_told_by_its_categories() {
        assert_eq!(in_words(&Scope::everything()), "All categories");
        let labs = Scope { kinds: [Kind::Lab, Kind::Coverage].into(), ..Scope::everything() };
        assert_eq!(in_words(&labs), "Lab results, Coverage");
        assert_eq!(in_words(&Scope { kinds: [].into(), ..labs }), "Only name and day of birth");
    }
}
