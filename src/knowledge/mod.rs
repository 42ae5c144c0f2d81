//! Plain words and published rules, as tables compiled into the program.
//!
//! Every table is a file under `tables/` that names its source, year and licence
//! in its first lines. A table is parsed once, when it is first asked for.
//! Nothing in here reads a file, a clock or a record: functions over words.

pub mod advice;
pub mod analytes;
pub mod asked_for;
pub mod bounds;
pub mod conditions;
pub mod conflicts;
pub mod danger;
pub mod dosage_times;
pub mod egfr;
pub mod explained;
pub mod folding;
pub mod guidance;
pub mod identity;
pub mod lay_words;
pub mod medicine_classes;
pub mod medicine_facts;
pub mod medicines;
pub mod pairs;
pub mod prevention;
pub mod prevention_tokens;
pub mod schedule;
pub mod sensitive;
pub mod specialties;
pub mod spelling;
pub mod states;
pub mod thresholds;
pub mod units;
pub mod urgent;
pub mod vaccines;
pub mod whom;

pub(crate) mod table;

mod decimal;
mod phrases;

#[cfg(test)]
pub mod never_said;
#[cfg(test)]
mod reading_grade;
#[cfg(test)]
mod tables_counted;
#[cfg(test)]
mod tables_hold;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn folding_twice_changes_nothing_more(text in "\\PC{0,40}") {
            let once = folding::fold(&text);
            prop_assert_eq!(folding::fold(&once), once.clone());
            prop_assert!(!once.starts_with(' ') && !once.ends_with(' ') && !once.contains("  "));
        }

        #[test]
        fn no_words_stop_a_lookup(text in "\\PC{0,40}", more in "\\PC{0,12}") {
            let _ = analytes::analytes_matching(&text);
            let _ = medicines::ingredients_of(&[(&more, &text)], &text);
            let _ = sensitive::classes_of_words(&text);
            let _ = sensitive::classes_of_code("http://hl7.org/fhir/sid/icd-10-cm", &text);
            let _ = units::printed(&text);
            let _ = units::canonical(&more, &text, analytes::analyte_by_key("weight"));
            let _ = vaccines::groups(&text);
            let _ = danger::dangers_of(&text);
            let _ = conditions::condition_of(&[&more], &text);
            let _ = specialties::specialties_named(&text);
            let _ = medicine_classes::classes_by_allergy(&text);
            let _ = urgent::urgent("potassium", &text, &more, None);
            let _ = explained::is_plausible("potassium", &text, "mmol/L");
            let _ = explained::moved_beyond_noise("glucose-fasting", &text, &more);
        }

        #[test]
        fn a_value_is_the_same_as_itself(
            whole in 0_u32..100_000,
            fraction in 0_u32..1000,
            unit in prop::sample::select(vec!["mmol/L", "mg/dL", "g/L", "ug/mL", "nmol/L"]),
        ) {
            let value = format!("{whole}.{fraction:03}");
            let glucose = analytes::analyte_by_key("glucose-serum");
            prop_assert_eq!(
                units::same_value((&value, unit), (&value, unit), glucose),
                Some(true)
            );
        }
    }
}
