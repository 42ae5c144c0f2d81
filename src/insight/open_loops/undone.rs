//! Tests that were cancelled or could not be performed, results that were to be repeated, results that were
//! never called final.

use super::LoopKind;
use super::advice::advice;
use super::asked::Asked;
use super::subject::Subject;
use crate::insight::lifetime::Lifetime;
use crate::insight::rows::name_cell;
use crate::insight::telling::in_few_words;
use crate::insight::{Context, Refusal, shortened};
use crate::knowledge::analytes::analyte_by_code;
use crate::knowledge::folding::fold;
use crate::record::{Detail, Entry, Kind, Standing, System, When};

/// After so many days a result that is still called preliminary is asked about.
const PRELIMINARY_DAYS: i32 = 14;

/// Every test whose last word is not the last.
pub(super) fn undone<'a>(context: &Context<'a>, lifetime: &Lifetime) -> Result<Vec<Asked<'a>>, Refusal> {
    let mut all = Vec::new();
    for kind in [Kind::Lab, Kind::Procedure, Kind::Imaging] {
        for group in context.view.groups(kind) {
            context.check()?;
            let entry = context.view.face(group);
            let Some(on) = entry.date.or(entry.recorded) else { continue };
            let Some((kind, why)) = why(context, entry, on) else { continue };
            if lifetime.objection(entry).is_some() {
                continue;
            }
            let told = shortened(&in_few_words(context, entry), TOLD_CHARS);
            all.push(Asked {
                kind,
                on,
                due: None,
                subject: subject(entry),
                keys: Vec::new(),
                is_again: kind != LoopKind::NotPerformed,
                is_return: false,
                says: vec![format!("{told}, {}{why} [{}]", on.date_text(), entry.id)],
                name: shortened(&name_cell(entry), 120),
                about: vec![entry.id],
            });
        }
    }
    Ok(all)
}

/// Characters of what is told of a test.
const TOLD_CHARS: usize = 160;

fn why(context: &Context<'_>, entry: &Entry, on: When) -> Option<(LoopKind, String)> {
    let status = entry.status.as_deref();
    if entry.standing == Standing::NotDone || status == Some("cancelled") {
        let is_wanted = !matches!(entry.standing, Standing::EnteredInError | Standing::Refuted);
        return is_wanted.then(|| (LoopKind::NotPerformed, String::new()));
    }
    if entry.standing != Standing::Stated {
        return None;
    }
    // A comment of the laboratory that asks for another sample.
    if matches!(entry.detail, Detail::Measurement(_)) {
        let advised = entry.notes.iter().flat_map(|note| advice(note)).find(|one| is_repeat(one.sentence));
        if let Some(one) = advised {
            return Some((
                LoopKind::ToRepeat,
                format!(", comment: \"{}\"", shortened(one.sentence, TOLD_CHARS)),
            ));
        }
        let asks = entry.notes.iter().find(|note| is_repeat(note) && note.len() < TOLD_CHARS);
        if let Some(note) = asks {
            return Some((LoopKind::ToRepeat, format!(", comment: \"{}\"", shortened(note, TOLD_CHARS))));
        }
    }
    let is_late = (context.today - on.latest()).get_days() > PRELIMINARY_DAYS;
    let is_preliminary = matches!(status, Some("preliminary" | "registered" | "partial")) && is_late;
    is_preliminary.then(|| (LoopKind::NotFinal, String::new()))
}

/// True of a comment that asks for the test again: `suggest repeat`, `please redraw`.
fn is_repeat(comment: &str) -> bool {
    let folded = fold(comment);
    let asks = ["suggest", "recommend", "recommended", "please", "should be", "advise", "advised", "needs"];
    let again = ["repeat", "repeated", "redraw", "recollect", "recollection", "new sample", "new specimen"];
    let not = ["no repeat", "not recommended", "not needed", "confirmed by repeat", "verified by repeat"];
    let has = |words: &[&str]| words.iter().any(|word| crate::knowledge::folding::holds_words(&folded, word));
    has(&asks) && has(&again) && !has(&not)
}

fn subject(entry: &Entry) -> Subject {
    let name = entry.concept.name().unwrap_or_default();
    let known = entry.concept.codes_in(&System::Loinc).find_map(analyte_by_code);
    match (entry.kind(), known) {
        (Kind::Lab, Some(known)) => Subject::Tests(vec![known.key]),
        (Kind::Lab, None) => Subject::Named(fold(name)),
        _ => super::subject::look(&fold(name)).unwrap_or_else(|| Subject::Named(fold(name))),
    }
}
