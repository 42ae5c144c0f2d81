//! What laboratories and nurses measure: groups of equivalent LOINC codes with
//! the words people use for them.

use foldhash::HashMap;
use std::sync::LazyLock;

use super::decimal::Decimal;
use super::phrases::Phrases;
use super::table::{list, rows};

pub(super) const ANALYTES: &str = include_str!("tables/analytes_loinc.tsv");
pub(super) const PANELS: &str = include_str!("tables/panels_loinc.tsv");

/// One thing that is measured, in one specimen and by one kind of method.
#[derive(Debug)]
pub struct Analyte {
    /// Stable name for grouping, as in `glucose-serum`.
    pub key: &'static str,
    /// Plain name, as in `Glucose (blood)`.
    pub name: &'static str,
    /// What it is measured in; empty for vital signs.
    pub specimen: &'static str,
    /// The UCUM unit it is usually reported in; empty when it has none.
    pub unit: &'static str,
    /// Keys of the panels it belongs to.
    pub panels: Vec<&'static str>,
    /// Words people type for it.
    pub words: Vec<&'static str>,
    /// The LOINC codes that mean the same.
    pub codes: Vec<&'static str>,
    pub(super) conversions: Vec<Conversion>,
}

/// How a value in another unit becomes one in the usual unit of the analyte.
#[derive(Debug)]
pub(super) struct Conversion {
    pub(super) unit: &'static str,
    pub(super) factor: Factor,
    pub(super) offset: Option<Decimal>,
}

#[derive(Debug)]
pub(super) enum Factor {
    Times(Decimal),
    DividedBy(Decimal),
}

/// Tests that are ordered together.
#[derive(Debug)]
pub struct Panel {
    /// Stable name, as in `lipid`.
    pub key: &'static str,
    /// Plain name.
    pub name: &'static str,
    /// Words people type for it.
    pub words: Vec<&'static str>,
    /// LOINC codes of the panel itself.
    pub codes: Vec<&'static str>,
}

impl Analyte {
    /// Whether this is a vital sign rather than a laboratory test.
    pub fn is_vital(&self) -> bool {
        self.panels.contains(&"vitals")
    }
}

struct Index {
    analytes: Vec<Analyte>,
    by_code: HashMap<&'static str, usize>,
    by_key: HashMap<&'static str, usize>,
    by_words: Phrases<usize>,
}

static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let analytes: Vec<_> = rows::<8>(ANALYTES).map(read_analyte).collect();
    let by_code = analytes
        .iter()
        .enumerate()
        .flat_map(|(at, analyte)| analyte.codes.iter().map(move |code| (*code, at)))
        .collect();
    let by_key = analytes.iter().enumerate().map(|(at, analyte)| (analyte.key, at)).collect();
    let own_words = analytes.iter().enumerate().flat_map(|(at, analyte)| {
        [analyte.key, analyte.name]
            .into_iter()
            .chain(analyte.words.iter().copied())
            .map(move |words| (words, at))
    });
    let panel_words = PANEL_LIST.iter().flat_map(|panel| {
        analytes.iter().enumerate().filter(|(_, analyte)| analyte.panels.contains(&panel.key)).flat_map(
            |(at, _)| {
                [panel.key, panel.name]
                    .into_iter()
                    .chain(panel.words.iter().copied())
                    .map(move |words| (words, at))
            },
        )
    });
    let by_words = Phrases::new(own_words.chain(panel_words));
    Index { by_code, by_key, by_words, analytes }
});

static PANEL_LIST: LazyLock<Vec<Panel>> = LazyLock::new(|| {
    rows(PANELS)
        .map(|[key, name, words, codes]| Panel {
            key,
            name,
            words: list(words).collect(),
            codes: codes.split_whitespace().collect(),
        })
        .collect()
});

fn read_analyte(
    [key, name, specimen, unit, conversions, panels, words, codes]: [&'static str; 8],
) -> Analyte {
    Analyte {
        key,
        name,
        specimen,
        unit,
        panels: list(panels).collect(),
        words: list(words).collect(),
        codes: codes.split_whitespace().collect(),
        conversions: list(conversions).filter_map(read_conversion).collect(),
    }
}

/// Reads `mmol/L *18.016`, `umol/L /88.42` or `mmol/mol *0.09148+2.152`.
fn read_conversion(text: &'static str) -> Option<Conversion> {
    let (unit, rule) = text.split_once(' ')?;
    let (rule, offset) = match rule.split_once('+') {
        Some((rule, offset)) => (rule, Some(Decimal::parse(offset)?)),
        None => (rule, None),
    };
    let factor = match rule.strip_prefix('/') {
        Some(divisor) => Factor::DividedBy(Decimal::parse(divisor)?),
        None => Factor::Times(Decimal::parse(rule.strip_prefix('*')?)?),
    };
    Some(Conversion { unit, factor, offset })
}

/// All analytes, in the order of the table.
pub fn analytes() -> &'static [Analyte] {
    &INDEX.analytes
}

/// The analyte that a LOINC code belongs to.
pub fn analyte_by_code(loinc: &str) -> Option<&'static Analyte> {
    INDEX.by_code.get(loinc).map(|at| &INDEX.analytes[*at])
}

/// The analyte with that key.
pub fn analyte_by_key(key: &str) -> Option<&'static Analyte> {
    INDEX.by_key.get(key).map(|at| &INDEX.analytes[*at])
}

/// The analytes that these words name: as a whole when they do, else by any
/// phrase inside them (`what is my cholesterol`). Panel names give their members.
pub fn analytes_matching(words: &str) -> Vec<&'static Analyte> {
    let exact = INDEX.by_words.exactly(words);
    let found = if exact.is_empty() { INDEX.by_words.within(words) } else { exact.to_vec() };
    found.into_iter().map(|at| &INDEX.analytes[at]).collect()
}

/// All panels.
pub fn panels() -> &'static [Panel] {
    &PANEL_LIST
}

/// The panel that a LOINC code stands for.
pub fn panel_by_code(loinc: &str) -> Option<&'static Panel> {
    PANEL_LIST.iter().find(|panel| panel.codes.contains(&loinc))
}

#[cfg(test)]
mod molar_mass;

#[cfg(test)]
mod tests;
