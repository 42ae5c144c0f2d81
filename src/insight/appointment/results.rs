//! Questions about results: newly flagged ones, ones that changed by more than the usual variation, and, as one
//! question together, those that were flagged before and have not moved.

use std::cmp::Reverse;

use super::super::measurements::{measurement, test_name};
use super::super::telling::in_few_words;
use super::candidate::{Candidate, Harm, Topic};
use super::visit::Visits;
use super::wish::Wish;
use crate::insight::plausible::is_possible;
use crate::insight::portrait::Who;
use crate::insight::trend::stated;
use crate::insight::{Context, Refusal, measured};
use crate::knowledge::analytes::Analyte;
use crate::knowledge::explained::{explanation, moved_beyond_noise};
use crate::knowledge::folding::fold;
use crate::record::{Abnormality, Entry, Kind, Quantity, Value};

/// Behind this stand the questions that belong to a test.
pub(super) const ALSO: &str = "; also: ";

/// The latest result of a test, and the latest before the last visit.
struct Test<'a> {
    known: Option<&'static Analyte>,
    latest: &'a Entry,
    before: Option<&'a Entry>,
}

/// What the results since the last visit give reason to ask.
#[derive(Default)]
pub(super) struct Results {
    /// Newly flagged, or changed.
    new: Vec<Candidate>,
    /// Flagged before the last visit too, and not moved since.
    known: Vec<Candidate>,
}

impl Results {
    /// What each test that was flagged or has changed since the last visit gives reason to ask.
    pub fn of(context: &Context<'_>, visits: &Visits<'_>) -> Result<Results, Refusal> {
        let mut all = Results::default();
        for test in tests(context, visits)? {
            context.check()?;
            match candidate(context, visits, &test) {
                Some((candidate, true)) => all.known.push(candidate),
                Some((candidate, false)) => all.new.push(candidate),
                None => {}
            }
        }
        Ok(all)
    }

    /// Takes those of these tests.
    pub fn taken(&mut self, tests: &[&'static str]) -> Vec<Candidate> {
        let is_of = |one: &mut Candidate| one.topic.analytes.iter().any(|key| tests.contains(key));
        self.new.extract_if(.., is_of).chain(self.known.extract_if(.., is_of)).collect()
    }

    /// A question about each that is new; the others in one question, and those that belong to the reason or
    /// specialty in one of their own.
    pub fn questions(self, wish: &Wish) -> Vec<Candidate> {
        let (about, others): (Vec<Candidate>, Vec<Candidate>) =
            self.known.into_iter().partition(|one| wish.is_about(&one.topic));
        self.new.into_iter().chain(together(about)).chain(together(others)).collect()
    }
}

/// So many are told of those that have not moved.
const KNOWN_MOST: usize = 8;

/// One question about results that were known and have not moved.
fn together(mut known: Vec<Candidate>) -> Option<Candidate> {
    known.sort_by_key(|one| Reverse((one.on.map(|when| when.order()), one.about())));
    let count = known.len();
    let first = known.first()?;
    let which = if count == 1 { "result that was" } else { "results that were" };
    let question =
        format!("What is the plan for the {count} {which} flagged before the last visit and again since?");
    let (on, mut topic) = (first.on, Topic::default());
    let mut why: Vec<String> = Vec::new();
    for one in known {
        topic.analytes.extend(one.topic.analytes);
        topic.words = format!("{} {}", topic.words, one.topic.words);
        why.push(one.why.join(", "));
    }
    if count > KNOWN_MOST {
        why.truncate(KNOWN_MOST);
        why.push(format!("and {} more: explain_labs", count - KNOWN_MOST));
    }
    why.push("none is further from the one before than results commonly vary".into());
    Some(Candidate {
        harm: Harm::Small,
        question,
        why,
        answer: "the goal for each, and when it is tested again".into(),
        on,
        topic,
        is_apart: true,
    })
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

/// What a result gives reason to ask, and whether it was known before the last visit.
fn candidate(context: &Context<'_>, visits: &Visits<'_>, test: &Test<'_>) -> Option<(Candidate, bool)> {
    let entry = test.latest;
    let found = measurement(entry)?;
    let when = entry.date?;
    if when.latest() < visits.since || !is_possible(entry, found) {
        return None;
    }
    let who = Who::of(context);
    let is_flagged = measured::abnormality(found, Some((&who, entry))) == Abnormality::Abnormal;
    let is_critical = found.flags.iter().any(|flag| flag.meaning.is_critical());
    let moved = test.before.and_then(|before| has_moved(test.known, before, entry));
    let changed = test.before.filter(|_| moved == Some(true));
    let same = test.before.filter(|before| {
        is_flagged && !is_critical && moved == Some(false) && is_flagged_alike(&who, before, entry)
    });
    if !is_flagged && changed.is_none() {
        return None;
    }
    let told = |entry: &Entry| {
        let date = entry.date.map_or_else(String::new, |when| format!(", {}", when.date_text()));
        format!("{}{date} [{}]", in_few_words(context, entry), entry.id)
    };
    let mut why = vec![told(entry)];
    why.extend(same.map(|before| {
        let other = if before.source == entry.source { "" } else { ", from another source" };
        format!("before{other}: {}", told(before))
    }));
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
    let flag = measured::flag(entry, found, Some(&who));
    let flag = if is_flagged { format!(", flagged {flag},") } else { String::new() };
    let question = match changed {
        Some(_) if !is_flagged => format!("{name} is now {result}: what may be behind the change?"),
        _ => format!("What does {name} of {result}{flag} mean for me, and what comes next?"),
    };
    let asks = test.known.and_then(|known| explanation(known.key)).map(|known| known.ask.join(" "));
    let answer = asks.map_or_else(
        || "what the result is taken to mean, whether it is repeated, and when".into(),
        |asks| format!("whether and when it is repeated{ALSO}{asks}"),
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
    Some((Candidate { harm, question, why, answer, on: Some(when), topic, is_apart: false }, same.is_some()))
}

fn is_flagged_alike(who: &Who, before: &Entry, after: &Entry) -> bool {
    let flag = |entry: &Entry| {
        let found = measurement(entry)?;
        let is_flagged = measured::abnormality(found, Some((who, entry))) == Abnormality::Abnormal;
        is_flagged.then(|| measured::flag(entry, found, Some(who)))
    };
    flag(before).is_some_and(|known| flag(after) == Some(known))
}

/// Whether two plain numbers of one unit are further apart than results of a person in steady health commonly
/// are; `None` where that cannot be told.
fn has_moved(known: Option<&'static Analyte>, before: &Entry, after: &Entry) -> Option<bool> {
    let is_final =
        |entry: &Entry| matches!(entry.status.as_deref(), None | Some("final" | "amended" | "corrected"));
    let is_sound = |entry: &Entry| measurement(entry).is_some_and(|found| is_possible(entry, found));
    if !is_final(after) || !is_final(before) || !is_sound(before) {
        return None;
    }
    if measurement(before)?.value == measurement(after)?.value {
        return Some(false);
    }
    let (one, other) = (quantity(before)?, quantity(after)?);
    if measured::unit(one) != measured::unit(other) || one.comparator != other.comparator {
        return None;
    }
    moved_beyond_noise(known?.key, one.number.as_written(), other.number.as_written())
}

fn quantity(entry: &Entry) -> Option<&Quantity> {
    match measurement(entry)?.value.as_ref()? {
        Value::Quantity(quantity) => Some(quantity),
        _ => None,
    }
}
