//! Marks by which a source withholds a result from some of those who may read a record, for a time or for good.
//!
//! HL7's v3 ActCode names them as refrain policies: `NOPAT`, nobody on the patient's side before the clinician has
//! agreed, and `NOAUTH`, nobody whom the patient has not agreed to. HL7's C-CDA example "Share with Patient or Proxy"
//! puts the day beside the code on which a result may be shared: a result that is to be told in person first.

use foldhash::HashSet;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Entry, EntryId, LinkRole, Record, Text};

const FROM_ALL: &str = "NOPAT";
const FROM_PROXIES: &str = "NOAUTH";
/// Between a code and the last day on which it holds, where a source has said one.
const UNTIL: &str = " until ";

/// Somebody against whom the marks of a source are held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reader {
    /// The person whose record it is, or an assistant that they let in themself; not somebody who acts for them.
    pub is_the_person: bool,
    /// The day on which they read.
    pub today: Date,
}

impl Reader {
    /// Whether one of these marks withholds what bears it.
    fn is_kept_from(self, marks: &[Text]) -> bool {
        marks.iter().any(|mark| {
            let (code, until) = match mark.split_once(UNTIL) {
                // A day that cannot be read ends nothing.
                Some((code, day)) => (code, day.parse::<Date>().ok()),
                None => (mark.as_str(), None),
            };
            let is_for_reader = match code {
                FROM_ALL => true,
                FROM_PROXIES => !self.is_the_person,
                _ => false,
            };
            is_for_reader && until.is_none_or(|until| self.today <= until)
        })
    }
}

/// The entries that are kept from a reader: those with a mark; the results of a report with one, and the reports that
/// tell of a result with one.
pub(super) fn kept_from(record: &Record, reader: Option<Reader>) -> HashSet<EntryId> {
    let Some(reader) = reader else { return HashSet::default() };
    let marked = |entry: &&Entry| !entry.security.is_empty() && reader.is_kept_from(&entry.security);
    let mut kept: HashSet<EntryId> = record.entries.iter().filter(marked).map(|entry| entry.id).collect();
    if kept.is_empty() {
        return kept;
    }
    let marked = kept.clone();
    for report in &record.entries {
        let results = || report.linked(LinkRole::Result).filter_map(|key| record.by_key(report.source, key));
        if marked.contains(&report.id) {
            kept.extend(results().map(|result| result.id));
        } else if results().any(|result| marked.contains(&result.id)) {
            kept.insert(report.id);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reader(is_the_person: bool) -> Reader {
        Reader { is_the_person, today: jiff::civil::date(2026, 3, 14) }
    }

    fn is_kept_from(mark: &str, is_the_person: bool) -> bool {
        reader(is_the_person).is_kept_from(&[mark.into()])
    }

    #[test]
    fn what_is_to_be_told_in_person_is_kept_from_everybody_and_what_is_private_from_proxies() {
        assert!(is_kept_from("NOPAT", true) && is_kept_from("NOPAT", false));
        assert!(!is_kept_from("NOAUTH", true) && is_kept_from("NOAUTH", false));
        assert!(!is_kept_from("R", false) && !is_kept_from("N", false));
    }

    #[test]
    fn a_mark_holds_through_its_last_day_and_one_without_a_day_holds() {
        assert!(is_kept_from("NOPAT until 2026-03-14", true));
        assert!(!is_kept_from("NOPAT until 2026-03-13", true));
        assert!(is_kept_from("NOPAT until soon", true));
    }
}
