//! How many rows the tables hold, how full their columns are, how many rows are
//! known by name alone, and how many rest on a named source. The figures of the
//! closing note are these: `cargo test tables_counted -- --nocapture` prints them.

use super::table::rows;
use super::{
    analytes, conditions, conflicts, danger, explained, guidance, lay_words, medicine_classes,
    medicine_facts, medicines, pairs, prevention, schedule, sensitive, specialties, thresholds, units,
    urgent, vaccines,
};

/// What marks a source as no source that can be looked up.
const UNNAMED: &str = "general medical knowledge";

fn holds(what: &str, found: usize, least: usize, of: usize) {
    println!("{what}: {found} of {of}");
    assert!(found >= least, "{what}: {found} of {of}, at least {least} before");
}

fn count(table: &str) -> usize {
    table.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).count()
}

#[test]
fn no_table_has_lost_rows() {
    let tables: &[(&str, &str, usize)] = &[
        ("analytes", analytes::ANALYTES, 292),
        ("panels", analytes::PANELS, 9),
        ("units", units::UNITS, 95),
        ("analytes explained", explained::EXPLAINED, 196),
        ("urgent values", urgent::URGENT, 24),
        ("thresholds", thresholds::THRESHOLDS, 150),
        ("medicines", medicines::MEDICINES, 551),
        ("medicines explained", medicine_facts::MEDICINE_FACTS, 365),
        ("medicine classes", medicine_classes::CLASSES, 199),
        ("medicine pairs", pairs::PAIRS, 204),
        ("conditions", conditions::CONDITIONS, 632),
        ("specialties", specialties::SPECIALTIES, 63),
        ("conflicts", conflicts::CONFLICTS, 24),
        ("guidance", guidance::GUIDANCE, 155),
        ("prevention", prevention::PREVENTION, 89),
        ("vaccine schedule", schedule::SCHEDULE, 96),
        ("vaccines", vaccines::VACCINES, 282),
        ("vaccine products", vaccines::PRODUCTS, 130),
        ("danger words", danger::DANGER, 40),
        ("sensitive codes", sensitive::CODES, 445),
        ("sensitive tests", sensitive::LOINC, 420),
        ("sensitive words", sensitive::WORDS, 15),
        ("lay words", lay_words::LAY_WORDS, 313),
    ];
    for (name, table, least) in tables {
        holds(name, count(table), *least, count(table));
    }
}

#[test]
fn the_columns_of_the_analytes_are_full() {
    let analytes = analytes::analytes();
    let all = analytes.len();
    let explained = |is_full: fn(&explained::Explanation) -> bool| {
        analytes.iter().filter(|analyte| explained::explanation(analyte.key).is_some_and(is_full)).count()
    };
    holds("analytes with what they measure", explained(|row| !row.measures.is_empty()), all, all);
    holds("analytes with what high goes with", explained(|row| !row.high.is_empty()), 289, all);
    // A test that is only present or absent has no low side.
    holds("analytes with what low goes with", explained(|row| !row.low.is_empty()), 216, all);
    holds("analytes with what misleads", explained(|row| !row.misled_by.is_empty()), all, all);
    holds("analytes with plausible limits", explained(|row| !row.plausible.is_empty()), 264, all);
    holds("analytes with the change that means nothing", explained(|row| row.noise.is_some()), 96, all);
    holds("analytes with related analytes", explained(|row| !row.related.is_empty()), 281, all);
    holds("analytes with how often repeated", explained(|row| !row.repeated.is_empty()), 174, all);
    holds("analytes with questions", explained(|row| !row.ask.is_empty()), all, all);
    let of = |is_full: fn(&analytes::Analyte) -> bool| analytes.iter().filter(|row| is_full(row)).count();
    holds("analytes with a usual unit", of(|row| !row.unit.is_empty()), 246, all);
    holds("analytes with a factor", of(|row| !row.conversions.is_empty()), 109, all);
    holds("analytes in a panel", of(|row| !row.panels.is_empty()), 115, all);
    holds("analytes with words people type", of(|row| !row.words.is_empty()), all, all);
}

#[test]
fn rows_known_by_name_alone_are_counted() {
    let without = |name: &str, without: usize, most: usize, of: usize| {
        println!("{name} known by name alone: {without} of {of}");
        assert!(without <= most, "{name}: {without} of {of} without a code, {most} before");
    };
    let analytes = analytes::analytes();
    without("analytes", analytes.iter().filter(|row| row.codes.is_empty()).count(), 0, analytes.len());
    let medicines: Vec<_> = rows::<7>(medicines::MEDICINES).collect();
    without("medicines", medicines.iter().filter(|row| row[6].is_empty()).count(), 95, medicines.len());
    let conditions: Vec<_> = rows::<11>(conditions::CONDITIONS).collect();
    without("conditions", conditions.iter().filter(|row| row[3].is_empty()).count(), 25, conditions.len());
    let products: Vec<_> = rows::<4>(vaccines::PRODUCTS).collect();
    without("vaccine products", products.iter().filter(|row| row[1].is_empty()).count(), 0, products.len());
}

#[test]
fn rows_rest_on_named_sources() {
    let named = |sources: Vec<&str>| sources.iter().filter(|source| !rests_on_none(source)).count();
    let check = |name: &str, sources: Vec<&str>, least: usize| {
        let all = sources.len();
        holds(&format!("{name} with a named source"), named(sources), least, all);
    };
    check("analytes explained", rows::<11>(explained::EXPLAINED).map(|row| row[10]).collect(), 169);
    check("urgent values", rows::<7>(urgent::URGENT).map(|row| row[6]).collect(), 24);
    check("thresholds", rows::<10>(thresholds::THRESHOLDS).map(|row| row[9]).collect(), 150);
    check("medicine classes", rows::<7>(medicine_classes::CLASSES).map(|row| row[6]).collect(), 139);
    check("medicine pairs", rows::<4>(pairs::PAIRS).map(|row| row[3]).collect(), 200);
    check("conditions beyond their code", conditions_sources(), 225);
    check("conflicts", rows::<6>(conflicts::CONFLICTS).map(|row| row[5]).collect(), 24);
    check("guidance", rows::<5>(guidance::GUIDANCE).map(|row| row[4]).collect(), 155);
    check("prevention", rows::<16>(prevention::PREVENTION).map(|row| row[15]).collect(), 87);
    check("vaccine schedule", rows::<11>(schedule::SCHEDULE).map(|row| row[10]).collect(), 94);
    check("danger words", rows::<6>(danger::DANGER).map(|row| row[5]).collect(), 39);
}

fn conditions_sources() -> Vec<&'static str> {
    rows::<11>(conditions::CONDITIONS).map(|row| row[10]).collect()
}

/// Whether a source names nothing that can be looked up: the list a code stands in says nothing else of a row.
fn rests_on_none(source: &str) -> bool {
    source.split(';').map(str::trim).all(|part| {
        part.trim_start_matches("the rest: ").starts_with(UNNAMED)
            || part.starts_with("variation: ")
            || part.starts_with("limits: ")
            || part.starts_with("ICD-10-CM")
    })
}

#[test]
fn every_caution_of_a_medicine_has_a_named_source() {
    for [names, .., kidney, pregnancy, older, _, source] in rows::<11>(medicine_facts::MEDICINE_FACTS) {
        let is_cautious = [kidney, pregnancy, older].iter().any(|caution| !caution.is_empty());
        assert!(!is_cautious || !source.is_empty(), "{names}");
        for part in source.split(';').filter(|_| is_cautious) {
            let is_about_cautions = !part.trim().starts_with("uses");
            assert!(!(is_about_cautions && part.contains("general")), "{names}: {part}");
        }
    }
}
