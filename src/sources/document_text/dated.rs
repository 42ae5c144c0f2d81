//! The day that a document itself gives for what it tells of: `Date of service: 03/02/2024`.
//!
//! Only a day behind such a label counts. One of birth, of printing or of signing is another day.

use jiff::civil::Date;

/// A day with the words that state it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stated {
    /// The day.
    pub day: Date,
    /// The label and the day as written.
    pub words: String,
}

/// Labels, the most telling first.
const LABELS: [&str; 22] = [
    "date of service",
    "service date",
    "date of exam",
    "date of examination",
    "exam date",
    "examination date",
    "study date",
    "date of study",
    "date of procedure",
    "procedure date",
    "date collected",
    "collection date",
    "collected",
    "date of visit",
    "visit date",
    "encounter date",
    "date of encounter",
    "discharge date",
    "date of discharge",
    "date of report",
    "report date",
    "date",
];

/// Lines in which a label is looked for: a head or foot says it, and a later line tells of something else.
const LINES_MAX: usize = 60;

/// The day that a text states.
pub fn stated(text: &str) -> Option<Stated> {
    let lines: Vec<&str> = text.lines().take(LINES_MAX).flat_map(|line| line.split(['|', '\t'])).collect();
    LABELS.iter().find_map(|label| {
        lines.iter().enumerate().find_map(|(at, cell)| {
            let cell = cell.trim();
            let rest = after(cell, label)?;
            // In a table the day is the next cell.
            let rest = if rest.is_empty() { lines.get(at + 1)?.trim() } else { rest };
            let (day, length) = day(rest)?;
            let label: String = cell.chars().take(label.len()).collect();
            Some(Stated { day, words: format!("{label}: {}", &rest[..length]) })
        })
    })
}

/// What stands behind a label with which a cell begins.
fn after<'a>(cell: &'a str, label: &str) -> Option<&'a str> {
    let start = cell.get(..label.len()).filter(|start| start.eq_ignore_ascii_case(label))?;
    let rest = cell[start.len()..].trim_start();
    match rest.strip_prefix(':') {
        Some(rest) => Some(rest.trim_start()),
        None => rest.is_empty().then_some(rest),
    }
}

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// A day at the beginning of a text, and how many bytes it has: `2024-03-02`, `03/02/2024`, `March 2, 2024`,
/// `2 Mar 2024`. Between slashes the month comes first, as in the United States.
fn day(text: &str) -> Option<(Date, usize)> {
    let head: String = text.chars().take(24).take_while(char::is_ascii).collect();
    let mut parts: Vec<(&str, usize)> = Vec::new();
    let mut from = None;
    for (at, letter) in head.char_indices().chain([(head.len(), ' ')]) {
        match (letter.is_ascii_alphanumeric(), from) {
            (true, None) => from = Some(at),
            (false, Some(start)) => {
                parts.push((&head[start..at], at));
                from = None;
            }
            _ => {}
        }
    }
    let [(one, end), (two, _), (three, length), ..] = parts[..] else { return None };
    let is_slashed = head[end..].starts_with('/');
    // `2024-03-02T10:15` goes on with the time.
    let (three, length) = match three.split_once('T') {
        Some((day, rest)) => (day, length - rest.len() - 1),
        None => (three, length),
    };
    let month = |word: &str| MONTHS.iter().position(|month| word.to_ascii_lowercase().starts_with(month));
    let number = |word: &str| word.parse::<i16>().ok();
    let (year, month, day) = match (month(one), month(two)) {
        (Some(month), None) => (number(three)?, month as i16 + 1, number(two)?),
        (None, Some(month)) => (number(three)?, month as i16 + 1, number(one)?),
        _ if one.len() == 4 => (number(one)?, number(two)?, number(three)?),
        _ if is_slashed => (number(three)?, number(one)?, number(two)?),
        _ => return None,
    };
    let is_year = (1900..=2200).contains(&year);
    let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    is_year.then_some((date, length))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Option<(String, String)> {
        stated(text).map(|stated| (stated.day.to_string(), stated.words))
    }

    #[test]
    fn the_day_behind_a_label_is_that_of_the_document() {
        let found = |day: &str, words: &str| Some((day.to_owned(), words.to_owned()));
        assert_eq!(
            told("CT CHEST\nExam Date: 03/02/2024 10:15\n"),
            found("2024-03-02", "Exam Date: 03/02/2024")
        );
        assert_eq!(told("Name | A | Collected | 2024-03-02"), found("2024-03-02", "Collected: 2024-03-02"));
        assert_eq!(told("Date: March 2, 2024"), found("2024-03-02", "Date: March 2, 2024"));
        assert_eq!(told("Visit date: 2 Mar 2024"), found("2024-03-02", "Visit date: 2 Mar 2024"));
        assert_eq!(
            told("Date of Service: 2024-03-02T10:15"),
            found("2024-03-02", "Date of Service: 2024-03-02")
        );
        // The visit tells more than the page.
        assert_eq!(told("Date: 5/6/2024\nDate of visit: 5/1/2024").unwrap().0, "2024-05-01");
    }

    #[test]
    fn other_days_are_none() {
        for text in [
            "Date of birth: 03/02/1960",
            "DOB: 03/02/1960",
            "Printed: 03/02/2024",
            "Date: 02.03.2024",
            "Date: 13/45/2024",
            "Dated 2024-03-02 by hand",
            "Seen on 03/02/2024",
            "Date: ____",
        ] {
            assert_eq!(told(text), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics_the_reader(text in "(date|collected)(: ?)?[0-9/a-zé T-]{0,30}") {
            let _ = stated(&text);
        }
    }
}
