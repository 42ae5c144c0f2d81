//! Reading the compiled-in tables: tab-separated rows under `#` lines.

/// The rows of a table with exactly `N` columns, in the order of the file.
///
/// A row of another width is left out here and fails a test below, so that a
/// slip in a table costs one row of knowledge and never the program.
pub(crate) fn rows<const N: usize>(table: &'static str) -> impl Iterator<Item = [&'static str; N]> {
    table
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .filter_map(|line| line.split('\t').collect::<Vec<_>>().try_into().ok())
}

/// The entries of a cell that holds a list, parted by `;`.
pub(crate) fn list(cell: &'static str) -> impl Iterator<Item = &'static str> {
    cell.split(';').map(str::trim).filter(|entry| !entry.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::{
        advice, analytes, asked_for, conditions, conflicts, danger, dosage_times, explained, guidance,
        lay_words, medicine_classes, medicine_facts, medicines, pairs, prevention, prevention_tokens,
        schedule, sensitive, specialties, states, thresholds, units, urgent, vaccines,
    };

    const TABLES: &[(&str, &str, usize)] = &[
        ("analytes_loinc", analytes::ANALYTES, 8),
        ("panels_loinc", analytes::PANELS, 4),
        ("units", units::UNITS, 5),
        ("medicines", medicines::MEDICINES, 7),
        ("vaccines_cvx", vaccines::VACCINES, 3),
        ("vaccine_products", vaccines::PRODUCTS, 4),
        ("vaccine_words", vaccines::WORDS, 2),
        ("lay_words", lay_words::LAY_WORDS, 3),
        ("sensitive_codes", sensitive::CODES, 3),
        ("sensitive_loinc", sensitive::LOINC, 2),
        ("sensitive_words", sensitive::WORDS, 3),
        ("analytes_explained", explained::EXPLAINED, 11),
        ("urgent_values", urgent::URGENT, 7),
        ("thresholds", thresholds::THRESHOLDS, 10),
        ("medicines_explained", medicine_facts::MEDICINE_FACTS, 11),
        ("medicine_classes", medicine_classes::CLASSES, 7),
        ("medicine_pairs", pairs::PAIRS, 4),
        ("conditions_icd10", conditions::CONDITIONS, 11),
        ("specialties", specialties::SPECIALTIES, 3),
        ("conflicts", conflicts::CONFLICTS, 6),
        ("guidance", guidance::GUIDANCE, 5),
        ("prevention", prevention::PREVENTION, 16),
        ("prevention_tokens", prevention_tokens::TOKENS, 3),
        ("vaccine_schedule", schedule::SCHEDULE, 11),
        ("danger_words", danger::DANGER, 6),
        ("dosage_times", dosage_times::TIMES, 4),
        ("states", states::STATES, 2),
        ("asked_for", asked_for::ASKED_FOR, 5),
        ("advice", advice::ADVICE, 3),
    ];

    #[test]
    fn every_row_has_the_width_of_its_table() {
        for (name, table, width) in TABLES {
            for line in table.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
                assert_eq!(line.split('\t').count(), *width, "{name}: {line}");
            }
        }
    }

    #[test]
    fn every_table_names_its_source_its_year_and_its_licence() {
        for (name, table, _) in TABLES {
            let head: Vec<_> = table.lines().take_while(|line| line.starts_with('#')).collect();
            let head = head.join("\n");
            assert!(head.contains("Source"), "{name} names no source");
            assert!(head.contains("202"), "{name} names no year");
            assert!(head.contains("Licence") || head.contains("licence"), "{name} names no licence");
        }
    }

    #[test]
    fn tables_with_loinc_codes_carry_the_notice() {
        for (name, table, _) in TABLES.iter().filter(|(name, ..)| name.contains("loinc")) {
            assert!(
                table.contains("LOINC is copyright © Regenstrief Institute, Inc."),
                "{name} carries no notice"
            );
        }
    }

    #[test]
    fn a_row_of_another_width_is_left_out() {
        let read: Vec<[&str; 2]> = rows("# head\na\tb\nc\n").collect();
        assert_eq!(read, [["a", "b"]]);
    }
}
