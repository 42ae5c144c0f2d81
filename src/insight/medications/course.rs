//! A course that the label itself ends: "for 7 days". Its order often stays "active" for years.

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::medication;
use super::told::told_on;
use crate::knowledge::folding::{fold, may_hold};
use crate::record::Entry;

/// Longer ones are how much is handed out at a time, and no course that ends.
const COURSE_DAYS_MAX: i64 = 42;

/// The last day of the course, by the label's own words and the day of the order; `None` where the words name no
/// end or one that is no course's, or refills are recorded.
pub(super) fn ends_on(entry: &Entry) -> Option<Date> {
    course(entry).filter(|(days, _)| *days <= COURSE_DAYS_MAX).map(|(_, end)| end)
}

/// The day until which what the label says lasts, however long that is.
pub fn lasts_until(entry: &Entry) -> Option<Date> {
    course(entry).map(|(_, end)| end)
}

/// How many days the label names, and the last of them.
fn course(entry: &Entry) -> Option<(i64, Date)> {
    let medicine = medication(entry)?;
    if medicine.dosage.is_empty() || medicine.refills.is_some_and(|refills| refills > 0) {
        return None;
    }
    // Steps of one label follow each other; a step without an end has none.
    let each = medicine.dosage.iter().map(|dosage| {
        let texts = [&dosage.text, &dosage.patient_text, &dosage.structured];
        texts.into_iter().flatten().find_map(|words| days_of(words))
    });
    let days: i64 = each.collect::<Option<Vec<i64>>>()?.into_iter().sum();
    let from = entry.date.or_else(|| told_on(entry))?.civil()?;
    Some((days, from.saturating_add(days.days())))
}

/// The days of `for 7 days`, `x 10 days`, `for 2 weeks`; of `for 7 to 10 days` the most.
fn days_of(words: &str) -> Option<i64> {
    if !["for", "x", "times", "during"].iter().any(|word| may_hold(words, word)) {
        return None;
    }
    let folded = fold(words);
    // What goes on in another way afterwards does not end.
    if ["then", "thereafter", "after that", "followed by", "decrease", "taper"]
        .iter()
        .any(|goes_on| folded.contains(goes_on))
    {
        return None;
    }
    let words: Vec<&str> = folded.split(' ').collect();
    let unit = |word: &str| match word {
        "day" | "days" | "d" => Some(1),
        "week" | "weeks" | "wk" | "wks" => Some(7),
        _ => None,
    };
    let number = |word: &str| word.parse::<i64>().ok().filter(|number| (1..=400).contains(number));
    (0..words.len()).find_map(|at| {
        let is_for = matches!(words[at], "for" | "x" | "times" | "during");
        let first = words.get(at + 1).and_then(|word| number(word)).filter(|_| is_for)?;
        let after = words.get(at + 2)?;
        if let Some(unit) = unit(after) {
            return Some(first * unit);
        }
        let last = words.get(at + 3).and_then(|word| number(word))?;
        let unit = words.get(at + 4).and_then(|word| unit(word))?;
        matches!(*after, "to" | "or").then_some(last * unit)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insight::testing::entry;
    use crate::record::{Detail, Dosage, Medication};

    fn order(words: &[&str], refills: Option<u32>) -> Entry {
        let dosage = |words: &&str| Dosage { text: Some((*words).into()), ..Dosage::default() };
        let dosage = words.iter().map(dosage).collect();
        let medicine = Medication { dosage, refills, ..Medication::default() };
        entry("M000001", "amoxicillin", "2026-01-10", Detail::Medication(Box::new(medicine)))
    }

    fn end(words: &[&str]) -> Option<String> {
        ends_on(&order(words, None)).map(|end| end.to_string())
    }

    #[test]
    fn the_label_says_when_a_course_ends() {
        assert_eq!(end(&["Take 1 capsule 3 times a day for 7 days"]).as_deref(), Some("2026-01-17"));
        assert_eq!(end(&["1 tab BID x 10 days"]).as_deref(), Some("2026-01-20"));
        assert_eq!(end(&["1 tab daily for 2 weeks."]).as_deref(), Some("2026-01-24"));
        assert_eq!(end(&["1 tab daily for 7 to 10 days"]).as_deref(), Some("2026-01-20"));
        assert_eq!(end(&["2 tabs for 3 days", "1 tab for 4 days"]).as_deref(), Some("2026-01-17"));
    }

    #[test]
    fn what_names_no_end_has_none() {
        assert_eq!(end(&["Take 1 tablet daily"]), None);
        assert_eq!(end(&["Take for 12 hours a day"]), None);
        assert_eq!(end(&["Take daily for 90 days"]), None, "a supply, not a course");
        assert_eq!(end(&["4 tabs every morning for 3 days, then 2 tabs at bedtime"]), None);
        assert_eq!(end(&["2 tabs for 3 days", "then 1 tab daily"]), None);
        assert_eq!(ends_on(&order(&["1 daily for 7 days"], Some(2))), None);
    }
}
