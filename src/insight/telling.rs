//! One entry in a few words, for lists of mixed kinds.

use super::measurements::{measurement, test_name};
use super::passage::passage_beyond;
use super::portrait::Who;
use super::{Context, insurance, measured, medications, naming, plain, rows, shortened, visits};
use crate::knowledge::analytes::analyte_by_code;
use crate::knowledge::folding::fold;
use crate::record::{Detail, Document, Entry, Standing, System};

/// What an entry says, in a few words, without its date and id.
pub fn in_few_words(context: &Context<'_>, entry: &Entry) -> String {
    let name = naming::name(&entry.concept);
    let standing = rows::standing_word(entry).map_or_else(String::new, |word| format!(" ({word})"));
    match &entry.detail {
        Detail::Measurement(_) => match measurement(entry) {
            Some(found) => {
                let flag = measured::flag(entry, found, Some(&Who::of(context)));
                let flag = if flag.is_empty() { flag } else { format!(" {flag}") };
                let result = measured::result(entry, found);
                format!("{} {result}{}{flag}", short_name(entry), measured::status(entry))
            }
            None => name,
        },
        Detail::Medication(_) => {
            let dosage = medications::dosage(entry).map_or_else(String::new, |dosage| format!(", {dosage}"));
            // What was not given or is not to be given is told in those very words.
            let standing = if entry.standing == Standing::NotDone { String::new() } else { standing };
            format!("{name}{dosage} ({}){standing}", medications::told(entry, context))
        }
        Detail::Document(document) => {
            format!("{name}{standing}{}", found(document))
        }
        Detail::Visit(_) => visits::what(entry),
        Detail::Note { text, .. } => plain(text),
        Detail::Condition(_) => {
            let status = entry.status.as_deref().filter(|status| *status != "active").map(plain);
            format!("{name}{}{standing}", status.map_or_else(String::new, |status| format!(" ({status})")))
        }
        Detail::Claim(_) => insurance::in_few_words(entry),
        _ => format!("{name}{standing}"),
    }
}

/// Characters of a fact that stands in one line with its day and citation.
const LINE_CHARS: usize = 200;

/// One line with the day and the citation.
pub fn dated_line(context: &Context<'_>, entry: &Entry) -> String {
    let date =
        entry.date.or(entry.recorded).map_or_else(String::new, |when| format!(", {}", when.date_text()));
    let words = match &entry.detail {
        Detail::Note { text, .. } => format!("the person's own note: \"{}\"", plain(text)),
        _ => in_few_words(context, entry),
    };
    format!("{}{date} [{}]", shortened(&words, LINE_CHARS), entry.id)
}

/// The conclusion, and what the text of the report says beyond it.
fn found(document: &Document) -> String {
    let Some(conclusion) = document.conclusion.as_deref() else { return String::new() };
    match passage_beyond(document) {
        // Room is short: what the passage repeats is said once.
        Some(passage) if fold(passage.text).contains(&fold(conclusion)) => {
            format!(": {}: {}", plain(passage.heading), shortened(passage.text, PASSAGE_CHARS))
        }
        Some(passage) => {
            let further = shortened(passage.text, PASSAGE_CHARS);
            format!(": {}; {}: {further}", plain(conclusion), plain(passage.heading))
        }
        None => format!(": {}", plain(conclusion)),
    }
}

/// Characters of a report's passage in a list of mixed kinds.
const PASSAGE_CHARS: usize = 300;

/// The name of a test; of a vital sign the plain name where the recorded one is longer ("Oxygen saturation
/// in Arterial blood by Pulse oximetry"). Labs keep theirs: it tells the specimen and the method.
fn short_name(entry: &Entry) -> String {
    let recorded = test_name(entry);
    let known = entry.concept.codes_in(&System::Loinc).find_map(analyte_by_code);
    match known.filter(|known| known.is_vital() && known.name.len() < recorded.len()) {
        Some(known) => known.name.to_owned(),
        None => recorded,
    }
}
