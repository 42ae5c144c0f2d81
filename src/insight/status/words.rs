//! The state of a record as text.

use super::{KindAt, RecordStatus, SOURCES_MAX};
use crate::insight::Context;

/// The text, which says all that the typed form says.
pub(super) fn in_words(context: &Context<'_>, told: &RecordStatus) -> String {
    let mut text = format!("{} — Status of the record\n", told.whose.line());
    if told.sources.is_empty() {
        text.push_str("No source yet: nothing has been imported.\n");
    } else {
        text.push_str("\nsource|what|last read|imports|left out|entries\n-|-|-|-|-|-\n");
    }
    for source in &told.sources {
        let entries = source.entries.iter().map(|(kind, count)| format!("{kind} {count}"));
        let files =
            if source.files.is_empty() { String::new() } else { format!(": {}", source.files.join(", ")) };
        text.push_str(&format!(
            "{}|{}{files}|{}|{}|{}|{}\n",
            source.name,
            source.what,
            source.read_on.as_deref().unwrap_or("never"),
            source.imports,
            source.left_out,
            entries.collect::<Vec<_>>().join(", "),
        ));
    }
    let more = context.view.sources().count().saturating_sub(SOURCES_MAX);
    if more > 0 {
        text.push_str(&format!("{more} more sources\n"));
    }
    for source in &told.sources {
        text.extend(source.portal.iter().map(|portal| portal.lines(&source.name)));
    }
    let kinds = told.kinds.iter().map(|kind| {
        let newest = kind.newest.as_ref().map_or_else(String::new, |day| format!(" (newest {day})"));
        format!("{} {}{newest}", kind.kind, kind.total)
    });
    let kinds: Vec<String> = kinds.collect();
    if !kinds.is_empty() {
        text.push_str(&format!(
            "\nIn all, the same fact from several sources counted once: {}\n",
            kinds.join(", ")
        ));
    }
    if !told.missing.is_empty() {
        // Behind a setting something may have been sent: then only what can be seen is spoken of.
        let why = if told.withheld.is_empty() { "No source has sent" } else { "None can be seen of" };
        text.push_str(&format!("{why}: {}. That does not mean there was none.\n", told.missing.join(", ")));
    }
    text.push_str(&at_portals(
        "Not sent by any source, and none there where it was asked for",
        &told.none_there,
    ));
    text.push_str(&at_portals(
        "Not known, since it was not permitted, failed or was refused",
        &told.not_known,
    ));
    let withheld = if told.withheld.is_empty() { "nothing".into() } else { told.withheld.join("; ") };
    text.push_str(&format!("Withheld by the person's settings: {withheld}\n"));
    text.push_str(&format!("To add: {}.\n\n", told.how_to_add.join("; ")));
    text.push_str(&told.coverage.line(None));
    text
}

/// One line on kinds of which there is nothing, with the portals that it is known or not known of.
fn at_portals(says: &str, kinds: &[KindAt]) -> String {
    let told = kinds.iter().map(|at| format!("{} ({})", at.kind, at.portals.join(", ")));
    let told: Vec<String> = told.collect();
    if told.is_empty() { String::new() } else { format!("{says}: {}.\n", told.join("; ")) }
}
