//! What was begun and has no end in these records.

use crate::insight::open_loops::open_loops;
use crate::insight::sheet::Part;
use crate::insight::{Context, Refusal, shortened};

/// Characters of what is open; the citations stand behind them.
const CHARS: usize = 200;

/// The open loops, what is most harmful to forget first. Of a person who has died there is none.
pub(super) fn open(context: &Context<'_>, is_full: bool) -> Result<Part, Refusal> {
    let lines = open_loops(context)?.into_iter().map(|mut open| {
        if !is_full {
            open.says.truncate(first_clause(&open.says).len());
        }
        let first = open.about.first();
        let citation = first.map_or_else(String::new, |id| format!(" [{id}]"));
        // Where it is long, what was asked and the first citation say enough: the rest is one call away.
        match open.says.char_indices().nth(CHARS) {
            None if open.says.contains('[') => open.says,
            None => format!("{}{citation}", open.says),
            Some(_) => {
                let says = shortened_cited(first_clause(&open.says));
                if says.contains('[') { says } else { format!("{says}{citation}") }
            }
        }
    });
    Ok(Part::of("Open in these records (may be done elsewhere)", "get_care_plan", 6, lines.collect())
        .keeping(2))
}

/// What was asked, without what has not followed: that the heading says.
fn first_clause(says: &str) -> &str {
    says.split("; ").next().unwrap_or_default()
}

/// A sentence with its citations, cut at the last one that there is room for.
fn shortened_cited(says: &str) -> String {
    let Some((end, _)) = says.char_indices().nth(CHARS) else { return says.to_owned() };
    match says[..end].rfind(']') {
        Some(last) => says[..=last].to_owned(),
        None => shortened(&says.replace(['[', ']'], ""), CHARS),
    }
}
