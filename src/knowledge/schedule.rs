//! How many doses each body names for each disease, by age. Doses on record are
//! only counted against it; nothing here says that a series is done.

use jiff::civil::Date;
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
    /// When the body released it, as exactly as is known: `2025-11`, `2026-01-26`.
    pub released: &'static str,
    /// When it was last read.
    pub as_of: Option<Date>,
    /// The day after which the answer says that it may have been replaced.
    pub stale_after: Option<Date>,
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

impl Doses {
    /// Whether it may have been replaced by then.
    pub fn is_stale_on(&self, today: Date) -> bool {
        self.stale_after.is_none_or(|last| today > last)
    }
}

static DOSES: LazyLock<Vec<Doses>> = LazyLock::new(|| {
    rows(SCHEDULE)
        .map(|row| {
            let [group, body, released, as_of, stale_after, age_from, age_until, doses, who, says, source] =
                row;
            Doses {
                group,
                body,
                released,
                as_of: as_of.parse().ok(),
                stale_after: stale_after.parse().ok(),
                ages: Ages::through(age_from, age_until),
                doses,
                who,
                says,
                source,
            }
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
    use jiff::civil::date;

    use super::*;
    use crate::knowledge::vaccines::vaccines;

    const BODIES: [&str; 3] = ["CDC before 2026-01-05", "CDC 2026-01-05", "AAP 2026-01-26"];

    #[test]
    fn rows_are_whole_and_refer_to_what_is_there() {
        for [group, body, _, _, _, from, until, ..] in rows::<11>(SCHEDULE) {
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
    fn every_row_has_its_days_in_order() {
        for row in schedule() {
            let (Some(as_of), Some(stale_after)) = (row.as_of, row.stale_after) else {
                panic!("{} {} lacks a day", row.group, row.body);
            };
            let released = match row.released.len() {
                7 => format!("{}-01", row.released),
                _ => row.released.to_owned(),
            };
            let released: Date = released.parse().unwrap();
            assert!(released <= as_of && released < stale_after, "{} {}", row.group, row.body);
            // Schedules are renewed every year.
            assert!((stale_after - released).get_days() <= 396, "{} {}", row.group, row.body);
        }
    }

    #[test]
    fn a_row_grows_stale_after_its_day() {
        let row = schedule().iter().find(|row| row.body == "AAP 2026-01-26").unwrap();
        assert!(!row.is_stale_on(date(2027, 1, 26)) && row.is_stale_on(date(2027, 1, 27)));
        // The season that the row names is over.
        let covid = schedule().iter().filter(|row| row.group == "COVID-19");
        assert!(covid.clone().count() > 2);
        for row in covid {
            assert!(!row.is_stale_on(date(2026, 6, 30)) && row.is_stale_on(date(2026, 7, 1)), "{}", row.says);
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
