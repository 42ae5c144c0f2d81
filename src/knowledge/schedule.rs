//! How many doses each body names for each disease, by age. Doses on record are
//! only counted against it; nothing here says that a series is done.

use std::sync::LazyLock;

use super::table::rows;
use super::whom::Ages;

pub(super) const SCHEDULE: &str = include_str!("tables/vaccine_schedule.tsv");

/// What one body says about one disease at some ages.
#[derive(Debug)]
pub struct Doses {
    /// The disease group, as in the table of vaccines.
    pub group: &'static str,
    /// The body and the version of its schedule; bodies are never blended.
    pub body: &'static str,
    /// The ages it is for.
    pub ages: Ages,
    /// A number or span, `yearly` or `every 10 years`.
    pub doses: &'static str,
    /// For whom; empty for everyone of that age.
    pub who: &'static str,
    /// The row in plain words.
    pub says: &'static str,
    /// Where it was read, with the year.
    pub source: &'static str,
}

static DOSES: LazyLock<Vec<Doses>> = LazyLock::new(|| {
    rows(SCHEDULE)
        .map(|[group, body, age_from, age_until, doses, who, says, source]| Doses {
            group,
            body,
            ages: Ages::through(age_from, age_until),
            doses,
            who,
            says,
            source,
        })
        .collect()
});

/// All rows, in the order of the table.
pub fn schedule() -> &'static [Doses] {
    &DOSES
}

/// The rows for an age in years with their fraction, of every body.
pub fn doses_at(age_years: f64) -> impl Iterator<Item = &'static Doses> {
    DOSES.iter().filter(move |row| row.ages.holds(Some(age_years)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::vaccines::vaccines;

    const BODIES: [&str; 3] = ["CDC before 2026-01-05", "CDC 2026-01-05", "AAP 2026-01-26"];

    #[test]
    fn rows_are_whole_and_refer_to_what_is_there() {
        for [group, body, from, until, ..] in rows::<8>(SCHEDULE) {
            let ages = Ages::through(from, until);
            assert_eq!((ages.from.is_some(), ages.below.is_some()), (!from.is_empty(), !until.is_empty()));
            assert!(ages.from < ages.below || ages.below.is_none(), "{group} {body}");
        }
        for row in schedule() {
            assert!(vaccines().iter().any(|vaccine| vaccine.groups.contains(&row.group)), "{}", row.group);
            assert!(BODIES.contains(&row.body), "{}", row.body);
            assert!(!row.says.is_empty() && row.source.contains("20"), "{}", row.says);
            let mut numbers = row.doses.split(' ').filter_map(|word| word.parse::<u8>().ok());
            assert!(row.doses == "yearly" || numbers.next().is_some(), "{}", row.doses);
        }
    }

    #[test]
    fn each_body_is_kept_apart() {
        let rows: Vec<_> = doses_at(0.2).filter(|row| row.group == "Rotavirus").collect();
        let bodies: std::collections::HashSet<_> = rows.iter().map(|row| row.body).collect();
        assert_eq!(bodies.len(), rows.len());
        assert!(rows.len() > 1);
        assert_eq!(doses_at(1.0).filter(|row| row.group == "Rotavirus").count(), 0);
    }
}
