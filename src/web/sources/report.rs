//! What an import did, for the page.

use crate::ingest::{Left, PersonFound, Report};

/// Lines of what was left out that the page shows.
const LINES_MAX: usize = 10;

/// A report in words.
pub struct Told {
    /// In one line.
    pub heading: String,
    /// What there is of each kind.
    pub counts: Vec<String>,
    /// What else has to be said.
    pub says: Vec<String>,
}

/// Somebody in the files.
pub struct Other {
    /// How the person is told apart.
    pub id: String,
    /// The person in one line.
    pub shown: String,
}

impl Told {
    /// A report in words.
    pub fn of(report: &Report) -> Told {
        let heading = match (report.is_saved, report.unchanged) {
            (true, _) if report.changed == 0 => format!("{} added", entries(report.new)),
            (true, _) => format!("{} added, {} changed", entries(report.new), report.changed),
            (false, 0) => "Nothing could be read, so nothing was added".into(),
            (false, _) => "Nothing new: the record had all of this already".into(),
        };
        let counts = report.categories.iter().filter(|(_, count)| count.new + count.changed > 0);
        let counts = counts.map(|(kind, count)| format!("{kind}: {}", count.new + count.changed));
        let mut says: Vec<String> =
            report.cards.iter().take(LINES_MAX).map(|card| format!("A {card}.")).collect();
        if report.others > 0 {
            says.push(format!("{} about other people were left out.", entries(report.others)));
        }
        if !report.sensitive.is_empty() {
            says.push(format!(
                "There is something on {} in it. No assistant sees that unless you allow it.",
                report.sensitive.join(", ")
            ));
        }
        for failure in &report.failures {
            says.push(format!("{} was not read: {}.", failure.file, failure.reason));
        }
        let left = report.left_out.iter().filter(|left| {
            // A file of which nothing was read has been told.
            !(left.path.is_empty() && report.failures.iter().any(|failure| failure.file == left.file))
        });
        let left: Vec<String> = left.map(left_out).collect();
        let more = left.len().saturating_sub(LINES_MAX);
        says.extend(left.into_iter().take(LINES_MAX));
        if more > 0 {
            says.push(format!("And {more} more things were left out."));
        }
        Told { heading, counts: counts.collect(), says }
    }
}

/// The people of the files, to choose from.
pub fn others(people: &[PersonFound]) -> Vec<Other> {
    let of = |person: &PersonFound| Some(Other { id: person.ids.first()?.clone(), shown: person.shown() });
    people.iter().filter_map(of).collect()
}

/// What was left out, or what the other side says of its own answer.
fn left_out(left: &Left) -> String {
    match left.reason.strip_prefix("the server says: ") {
        Some(words) => format!("{} says: {words}", left.file),
        None => format!("Left out: {} {}: {}", left.file, left.path, left.reason),
    }
}

fn entries(count: usize) -> String {
    format!("{count} {}", if count == 1 { "entry" } else { "entries" })
}
