//! Questions about results: newly flagged ones, and ones that changed by more than the usual variation.

use super::super::measurements::{measurement, test_name};
use super::super::telling::in_few_words;
use super::candidate::{Candidate, Harm, Topic};
use super::visit::Visits;
use crate::insight::plausible::is_possible;
use crate::insight::trend::stated;
use crate::insight::{Context, Refusal, measured};
use crate::knowledge::analytes::Analyte;
use crate::knowledge::explained::{explanation, moved_beyond_noise};
use crate::knowledge::folding::fold;
use crate::record::{Abnormality, Entry, Kind, Quantity, Value};

/// The latest result of a test, and the latest before the last visit.
struct Test<'a> {
    known: Option<&'static Analyte>,
    latest: &'a Entry,
    before: Option<&'a Entry>,
}

/// A question about each test that was flagged or has changed since the last visit.
pub(super) fn candidates(context: &Context<'_>, visits: &Visits<'_>) -> Result<Vec<Candidate>, Refusal> {
    let tests = tests(context, visits)?;
    Ok(tests.into_iter().filter_map(|test| candidate(context, visits, &test)).collect())
}

fn tests<'a>(context: &Context<'a>, visits: &Visits<'_>) -> Result<Vec<Test<'a>>, Refusal> {
    let strands = stated(context, &[Kind::Lab, Kind::Vital])?;
    let is_before = |entry: &&Entry| entry.date.is_some_and(|when| when.latest() < visits.since);
    let tests = strands.iter().filter_map(|strand| {
        let latest = strand.placed().next()?;
        Some(Test { known: strand.analyte, latest, before: strand.placed().find(is_before) })
    });
    Ok(tests.collect())
}

fn candidate(context: &Context<'_>, visits: &Visits<'_>, test: &Test<'_>) -> Option<Candidate> {
    let entry = test.latest;
    let found = measurement(entry)?;
    let when = entry.date?;
    if when.latest() < visits.since || !is_possible(entry, found) {
        return None;
    }
    let is_flagged = measured::abnormality(found) == Abnormality::Abnormal;
    let is_critical = found.flags.iter().any(|flag| flag.meaning.is_critical());
    let changed = test.before.filter(|before| has_moved(test.known, before, entry));
    if !is_flagged && changed.is_none() {
        return None;
    }
    let told = |entry: &Entry| {
        let date = entry.date.map_or_else(String::new, |when| format!(", {}", when.date_text()));
        format!("{}{date} [{}]", in_few_words(context, entry), entry.id)
    };
    let mut why = vec![told(entry)];
    if let Some(before) = changed {
        why.push(format!(
            "before the last visit: {}; further apart than results commonly vary",
            told(before)
        ));
        if before.source != entry.source {
            why.push("the two come from different sources, which may measure differently".into());
        }
    }
    let name = test.known.map_or_else(|| test_name(entry), |known| known.name.to_owned());
    let result = measured::result(entry, found);
    let flag = measured::flag(entry, found, None);
    let flag = if is_flagged { format!(", flagged {flag},") } else { String::new() };
    let question = match changed {
        Some(_) if !is_flagged => format!("{name} is now {result}: what may be behind the change?"),
        _ => format!("What does {name} of {result}{flag} mean for me, and what comes next?"),
    };
    let asks = test.known.and_then(|known| explanation(known.key)).map(|known| known.ask.join(" "));
    let answer = asks.map_or_else(
        || "what the result is taken to mean, whether it is repeated, and when".into(),
        |asks| format!("whether and when it is repeated; also: {asks}"),
    );
    let harm = match (is_critical, is_flagged) {
        (true, _) => Harm::Great,
        (_, true) if entry.kind() == Kind::Lab => Harm::Large,
        _ => Harm::Some,
    };
    let topic = Topic {
        analytes: test.known.map(|known| known.key).into_iter().collect(),
        words: fold(&name),
        ..Topic::default()
    };
    Some(Candidate { harm, question, why, answer, on: Some(when), topic })
}

/// Two plain numbers of one unit, further apart than results of a person in steady health commonly are.
fn has_moved(known: Option<&'static Analyte>, before: &Entry, after: &Entry) -> bool {
    let numbers = || {
        let (one, other) = (quantity(before)?, quantity(after)?);
        let is_same_unit = measured::unit(one) == measured::unit(other) && one.comparator == other.comparator;
        let is_possible = is_possible(before, measurement(before)?);
        (is_same_unit && is_possible).then(|| (one.number.as_written(), other.number.as_written()))
    };
    let is_final =
        |entry: &Entry| matches!(entry.status.as_deref(), None | Some("final" | "amended" | "corrected"));
    let moved =
        known.zip(numbers()).and_then(|(known, (one, other))| moved_beyond_noise(known.key, one, other));
    is_final(after) && is_final(before) && moved == Some(true)
}

fn quantity(entry: &Entry) -> Option<&Quantity> {
    match measurement(entry)?.value.as_ref()? {
        Value::Quantity(quantity) => Some(quantity),
        _ => None,
    }
}
