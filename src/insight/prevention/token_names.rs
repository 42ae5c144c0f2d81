//! By which words, codes and illnesses entries show the tokens of the prevention rules, and when they do not.

use foldhash::{HashMap, HashMapExt as _};
use jiff::civil::Date;

use super::names::{Names, stands_beside};
use crate::insight::portrait::Portrait;
use crate::insight::problems::Problem;
use crate::knowledge::folding::fold;
use crate::knowledge::prevention_tokens::{Shown, ShownKind, Token, token, tokens};
use crate::record::{Detail, Entry};

/// Words beside which nothing counts as the person's own and so (as the head of the table of tokens lists
/// them): `no diabetes`, `screening for diabetes`, `mother has diabetes`.
const DENIED_BY: [&str; 42] = [
    "no",
    "not",
    "non",
    "denies",
    "denied",
    "never",
    "negative",
    "without",
    "ruled out",
    "rule out",
    "r o",
    "screening",
    "screen",
    "suspected",
    "suspicion",
    "possible",
    "probable",
    "questionable",
    "at risk",
    "risk of",
    "risk for",
    "exposure",
    "contact",
    "family",
    "fh",
    "fhx",
    "mother",
    "father",
    "sister",
    "brother",
    "maternal",
    "paternal",
    "concern for",
    "vaccine",
    "vaccination",
    "immunization",
    "counseling",
    "unknown",
    "declined",
    "asked",
    "refused",
    "education",
];

/// A pregnancy lasts no longer, so that an older entry belongs to another one.
const PREGNANCY_DAYS: i32 = 300;

/// The phrases by which entries of a kind show tokens.
pub(super) fn names(kind: ShownKind) -> Names<&'static str> {
    let is_relative = kind == ShownKind::FamilyHistory;
    let mut names = Names::new(if is_relative { counts_of_a_relative } else { counts });
    for token in tokens() {
        for shown in &token.shown_by {
            if let Shown::Words(of, words) = shown
                && *of == kind
                && !words.contains(">=")
            {
                names.add_words(words, token.key);
            }
        }
    }
    names
}

fn counts(key: &'static str, name: &str, phrase: &str) -> bool {
    let but_not = token(key).map_or(&[][..], |token: &Token| &token.but_not);
    !stands_beside(name, phrase, &DENIED_BY) && !stands_beside(name, phrase, but_not)
}

/// Whether a problem of the table of conditions is named as one that does not count: a hyperplastic polyp.
pub(super) fn is_another(key: &str, entry: &Entry) -> bool {
    let but_not = token(key).map_or(&[][..], |token: &Token| &token.but_not);
    !but_not.is_empty() && entry.concept.words().any(|name| stands_beside(&fold(name), "\n", but_not))
}

fn counts_of_a_relative(_: &'static str, name: &str, phrase: &str) -> bool {
    !stands_beside(name, phrase, &["no", "not", "denies", "denied", "negative", "without", "unknown"])
}

pub(super) fn by_illness() -> HashMap<&'static str, Vec<&'static str>> {
    let mut by_key: HashMap<&'static str, Vec<&'static str>> = HashMap::new();
    for token in tokens() {
        for shown in &token.shown_by {
            if let Shown::Words(ShownKind::Illness, key) = shown {
                by_key.entry(key).or_default().push(token.key);
            }
        }
    }
    by_key
}

/// Whether a problem still shows a token: an infection that is over, a fall of years ago and a past
/// pregnancy's illness do not (notes in the table of tokens).
pub(super) fn counts_on(token: &str, problem: &Problem<'_>, portrait: &Portrait, today: Date) -> bool {
    let days_ago = problem.entry.date.or(problem.entry.recorded).map(|on| (today - on.latest()).get_days());
    let is_within = |days: i32| days_ago.is_some_and(|ago| ago <= days);
    let is_of_this_pregnancy = portrait.pregnancy.is_current() && is_within(PREGNANCY_DAYS);
    match token {
        "chlamydia" | "gonorrhea" | "syphilis" => problem.is_active,
        "sti-risk" => is_within(2 * 365),
        "falls-risk" => {
            let name = problem.entry.concept.name().unwrap_or_default().to_lowercase();
            is_within(365) || problem.is_active && !name.trim().starts_with("fall")
        }
        "gestational-diabetes" | "preeclampsia" => is_of_this_pregnancy,
        "gestational-diabetes-history" => !is_of_this_pregnancy,
        _ => true,
    }
}

/// Where else the names stand: in a medicine's ingredients, a stay's class, the illnesses of a relative. A
/// spouse is no blood relative.
pub(super) fn further(entry: &Entry) -> Vec<&str> {
    match &entry.detail {
        Detail::Medication(medicine) => medicine.ingredients.iter().map(|name| name.as_str()).collect(),
        Detail::Visit(visit) => visit.class_text.as_deref().into_iter().collect(),
        Detail::Family(family) => {
            let relation = family.relation.as_deref().unwrap_or_default().to_lowercase();
            let is_blood = !NO_BLOOD.iter().any(|other| relation.contains(other));
            let words = family.conditions.iter().flat_map(|illness| illness.concept.words());
            words.filter(|_| is_blood).collect()
        }
        _ => Vec::new(),
    }
}

const NO_BLOOD: [&str; 8] = ["spouse", "husband", "wife", "partner", "step", "adopt", "in-law", "inlaw"];
