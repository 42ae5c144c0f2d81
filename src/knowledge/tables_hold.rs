//! What holds for all tables at once: the words that are never said, and clean text.

use super::never_said::NeverSaid;
use super::table::rows;
use super::{
    conditions, conflicts, danger, explained, guidance, medicine_classes, medicine_facts, pairs, prevention,
    prevention_tokens, schedule, specialties, thresholds, urgent,
};

/// The tables whose words reach a person, and the columns of each that do: what is
/// matched in a record or a question is not said.
pub(super) fn said() -> Vec<(&'static str, &'static str)> {
    let mut said = Vec::new();
    let mut add = |name, cells: Vec<&'static str>| said.extend(cells.into_iter().map(|cell| (name, cell)));
    add("analytes_explained", columns::<11>(explained::EXPLAINED, &[1, 2, 3, 4, 7, 8, 9, 10]));
    add("urgent_values", columns::<7>(urgent::URGENT, &[6]));
    add("thresholds", columns::<10>(thresholds::THRESHOLDS, &[8, 9]));
    add("medicines_explained", columns::<11>(medicine_facts::MEDICINE_FACTS, &[2, 3, 4, 6, 7, 8, 10]));
    add("medicine_classes", columns::<7>(medicine_classes::CLASSES, &[1, 6]));
    add("medicine_pairs", columns::<4>(pairs::PAIRS, &[2, 3]));
    add("conditions_icd10", columns::<11>(conditions::CONDITIONS, &[1, 8, 10]));
    add("specialties", columns::<3>(specialties::SPECIALTIES, &[1]));
    add("conflicts", columns::<6>(conflicts::CONFLICTS, &[2, 3, 4, 5]));
    add("guidance", columns::<5>(guidance::GUIDANCE, &[2, 3]));
    add("prevention", columns::<16>(prevention::PREVENTION, &[1, 2, 14, 15]));
    add("prevention_tokens", columns::<3>(prevention_tokens::TOKENS, &[2]));
    add("vaccine_schedule", columns::<11>(schedule::SCHEDULE, &[7, 8, 9, 10]));
    add("danger_words", columns::<6>(danger::DANGER, &[4, 5]));
    said
}

fn columns<const N: usize>(table: &'static str, wanted: &[usize]) -> Vec<&'static str> {
    rows::<N>(table)
        .flat_map(|row| wanted.iter().map(move |column| row[*column]).collect::<Vec<_>>())
        .flat_map(|cell| cell.split(';'))
        .map(str::trim)
        .collect()
}

#[test]
fn no_table_says_what_is_never_said() {
    let never_said = NeverSaid::read();
    let wrong: Vec<_> = said().into_iter().filter(|(_, text)| never_said.is_in(text)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_row_names_its_source_with_a_year() {
    let mut sources: Vec<(&str, &str)> = Vec::new();
    let mut add = |name, cells: Vec<&'static str>| sources.extend(cells.into_iter().map(|cell| (name, cell)));
    add("analytes_explained", last_cells(rows::<11>(explained::EXPLAINED)));
    add("urgent_values", last_cells(rows::<7>(urgent::URGENT)));
    add("thresholds", last_cells(rows::<10>(thresholds::THRESHOLDS)));
    add("medicines_explained", last_cells(rows::<11>(medicine_facts::MEDICINE_FACTS)));
    add("medicine_classes", last_cells(rows::<7>(medicine_classes::CLASSES)));
    add("medicine_pairs", last_cells(rows::<4>(pairs::PAIRS)));
    add("conditions_icd10", last_cells(rows::<11>(conditions::CONDITIONS)));
    add("conflicts", last_cells(rows::<6>(conflicts::CONFLICTS)));
    add("guidance", last_cells(rows::<5>(guidance::GUIDANCE)));
    add("prevention", last_cells(rows::<16>(prevention::PREVENTION)));
    add("vaccine_schedule", last_cells(rows::<11>(schedule::SCHEDULE)));
    add("danger_words", last_cells(rows::<6>(danger::DANGER)));
    let is_year = |word: &str| word.len() == 4 && (word.starts_with("20") || word.starts_with("19"));
    for (name, source) in sources {
        assert!(source.split(|letter: char| !letter.is_ascii_digit()).any(is_year), "{name}: {source}");
    }
}

/// The last cell of each row: where it comes from.
fn last_cells<const N: usize>(rows: impl Iterator<Item = [&'static str; N]>) -> Vec<&'static str> {
    rows.map(|row| row[N - 1]).collect()
}

#[test]
fn text_is_clean() {
    for (name, text) in said() {
        assert!(!text.contains("  "), "{name}: {text}");
        assert!(!text.contains(['\u{a0}', '\r', '’', '“', '”']), "{name}: {text}");
        for machine in ["/tmp", "/home", "/work", "/root", "localhost"] {
            assert!(!text.contains(machine), "{name}: {text}");
        }
    }
}

#[test]
fn no_terminology_that_may_not_be_passed_on_is_in_a_table() {
    for (name, text) in said() {
        assert!(!text.contains("SNOMED") && !text.contains("CPT code"), "{name}: {text}");
    }
}
