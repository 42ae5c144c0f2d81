//! Sentences of a report that advise something to be done later: what, and by when. Nothing is advised by a
//! negation, or words about what has been done already; what a condition stands before is told with it.

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::subject::Subject;
use crate::knowledge::advice::{Does, holds};
use crate::knowledge::folding::{fold, holds_words};

/// Something that a sentence advises.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Advice<'a> {
    /// The words as written.
    pub sentence: &'a str,
    /// What is advised; `None` where the sentence names only a time.
    pub subject: Option<Subject>,
    /// In how long, by the words: the later end of a span.
    pub within: Option<Within>,
    /// True where the sentence advises it under a condition only (`if symptoms persist`).
    pub is_conditional: bool,
}

/// A length of time as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Within {
    count: i64,
    unit: Unit,
    /// The earlier end of a span: `6-12 months`.
    from: Option<i64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Days,
    Weeks,
    Months,
    Years,
}

impl Within {
    /// The day by which it would be, counted from the report.
    pub fn after(self, day: Date) -> Date {
        self.counted(self.count, day)
    }

    /// The day from which it would be, where the words are a span.
    pub fn from(self, day: Date) -> Option<Date> {
        self.from.map(|count| self.counted(count, day))
    }

    fn counted(self, count: i64, day: Date) -> Date {
        day.saturating_add(match self.unit {
            Unit::Days => count.days(),
            Unit::Weeks => count.weeks(),
            Unit::Months => count.months(),
            Unit::Years => count.years(),
        })
    }
}

/// Of a sentence, so much is looked at: a longer one is no advice.
const SENTENCE_BYTES_MAX: usize = 600;

/// The advice of a text, in its order.
pub(super) fn advice(text: &str) -> Vec<Advice<'_>> {
    sentences(text).filter_map(of_sentence).collect()
}

fn of_sentence(sentence: &str) -> Option<Advice<'_>> {
    if sentence.len() > SENTENCE_BYTES_MAX {
        return None;
    }
    let folded = fold(sentence);
    let has = |does: Does| holds(&folded, does);
    let (is_again, is_advised) = (has(Does::Again), has(Does::Advises));
    let tells = has(Does::Past) || has(Does::Found) && !is_advised;
    if !is_again && !is_advised || tells || has(Does::Not) {
        return None;
    }
    let within = within(&folded);
    if within.is_none() && has(Does::Hanging) {
        return None;
    }
    let is_conditional = has(Does::Condition);
    let is_referral = REFERRAL.iter().any(|words| holds_words(&folded, words));
    let subject = Subject::of_sentence(&folded);
    let is_advice = match (&subject, within) {
        // "Should" and "needs" alone are said of many things.
        (Some(Subject::Look { .. }), None) => true,
        // What is to be done if something happens is no open end, but for a look at the body.
        _ if is_conditional && within.is_none() => false,
        (Some(Subject::Tests(_) | Subject::AnyTest), None) => is_again,
        (Some(Subject::Visit(keys)), None) => (is_again || is_referral) && !keys.is_empty(),
        (_, Some(_)) => is_again || matches!(subject, Some(Subject::Look { .. } | Subject::Visit(_))),
        (_, None) => false,
    };
    is_advice.then_some(Advice { sentence, subject, within, is_conditional })
}

/// Words by which somebody is to be seen by somebody else.
const REFERRAL: [&str; 5] = ["referral", "refer", "consultation", "consult", "evaluation by"];

/// Sentences and the lines of lists. A full stop inside a number or behind the number of a list ends none.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split(['\n', ';']).flat_map(|line| {
        let mut rest = line;
        std::iter::from_fn(move || {
            if rest.trim().is_empty() {
                return None;
            }
            let ends = rest.match_indices(['.', '?', '!']).map(|(at, _)| at + 1).find(|&at| {
                let after = rest[at..].chars().next();
                let word = rest[..at - 1].rsplit([' ', '(']).next().unwrap_or_default();
                let is_number = !word.is_empty() && word.chars().all(|letter| letter.is_ascii_digit());
                // "1. No clot." and "Dr. Brook" go on.
                let goes_on = is_number && rest[..at - 1].trim() == word
                    || matches!(word, "Dr" | "vs" | "approx" | "e.g");
                after.is_none_or(char::is_whitespace) && !goes_on
            });
            let (sentence, after) = rest.split_at(ends.unwrap_or(rest.len()));
            rest = after;
            Some(sentence.trim())
        })
    })
}

/// Words for small numbers.
const NUMBERS: [(&str, i64); 13] = [
    ("a", 1),
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("twelve", 12),
    ("eighteen", 18),
];

/// Words before a length of time that lies behind.
const BEHIND: [&str; 9] = ["last", "past", "for", "over", "since", "previous", "prior", "x", "during"];

/// How long, where a count of days, weeks, months or years stands in a folded text and does not lie behind.
fn within(folded: &str) -> Option<Within> {
    let words: Vec<&str> = folded.split(' ').collect();
    for (at, word) in words.iter().enumerate() {
        let Some((unit, joined)) = unit(word) else { continue };
        if words.get(at + 1) == Some(&"ago") || words.get(at + 1) == Some(&"old") {
            continue;
        }
        let counts = || words[..at].iter().rev().map_while(|word| number(word));
        let Some(count) = joined.or_else(|| counts().next()) else { continue };
        let from = at - if joined.is_some() { 0 } else { spanned(&words[..at]) };
        let before = from.checked_sub(1).and_then(|before| words.get(before));
        if before.is_some_and(|word| BEHIND.contains(word)) {
            continue;
        }
        if (1..=120).contains(&count) {
            let first = words.get(from).filter(|word| **word != "a").and_then(|word| number(word));
            let from = first.filter(|first| (1..count).contains(first) && joined.is_none());
            return Some(Within { count, unit, from });
        }
    }
    let is_yearly = words.iter().any(|word| matches!(*word, "annual" | "annually" | "yearly"));
    is_yearly.then_some(Within { count: 1, unit: Unit::Years, from: None })
}

/// How many words of a count stand at the end: `3 to 6`, `six`.
fn spanned(words: &[&str]) -> usize {
    words.iter().rev().take_while(|word| number(word).is_some() || matches!(**word, "to" | "or")).count()
}

fn number(word: &str) -> Option<i64> {
    let named = NUMBERS.iter().find(|(name, _)| *name == word).map(|(_, count)| *count);
    named.or_else(|| word.parse().ok())
}

/// A unit of time, with the count where it is joined to it (`6mo`).
fn unit(word: &str) -> Option<(Unit, Option<i64>)> {
    let letters = word.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let count = word[..word.len() - letters.len()].parse().ok();
    let unit = match letters {
        "day" | "days" => Unit::Days,
        "week" | "weeks" | "wk" | "wks" => Unit::Weeks,
        "month" | "months" | "mo" | "mos" | "mth" | "mths" => Unit::Months,
        "year" | "years" | "yr" | "yrs" => Unit::Years,
        _ => return None,
    };
    Some((unit, count))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<(String, Option<String>)> {
        let day = jiff::civil::date(2025, 2, 20);
        advice(text)
            .into_iter()
            .map(|one| (one.sentence.to_owned(), one.within.map(|within| within.after(day).to_string())))
            .collect()
    }

    #[test]
    fn what_is_advised_is_found_with_its_time() {
        let one = |text: &str| told(text).pop().map(|(_, due)| due);
        assert_eq!(
            told(
                "1. No pulmonary embolism. 2. Solid nodule of 5 mm, right upper lobe: follow-up CT in 12 months."
            ),
            [(
                "2. Solid nodule of 5 mm, right upper lobe: follow-up CT in 12 months.".to_owned(),
                Some("2026-02-20".to_owned())
            )]
        );
        assert_eq!(one("Recommend CT in 6 months"), Some(Some("2025-08-20".into())));
        assert_eq!(one("Follow-up ultrasound."), Some(None));
        assert_eq!(one("Repeat in 3-6 months"), Some(Some("2025-08-20".into())));
        assert_eq!(one("Repeat TSH in six weeks."), Some(Some("2025-04-03".into())));
        assert_eq!(
            one("Follow-up: blood test within one week at Lakeside."),
            Some(Some("2025-02-27".into()))
        );
        assert_eq!(one("Recommend a 6 month follow up mammogram"), Some(Some("2025-08-20".into())));
        assert_eq!(one("A biopsy is recommended."), Some(None));
        assert_eq!(one("Follow up with cardiology"), Some(None));
        assert_eq!(
            one("The CT shows a nodule and should be repeated in 6 months."),
            Some(Some("2025-08-20".into()))
        );
        assert_eq!(one("Recommend MRI in about 3 months unless stable"), Some(Some("2025-05-20".into())));
    }

    /// Sentences by hand: what they are (`advice`, `if`, `none`), their time counted from 2025-02-20, the sentence.
    const SENTENCES: &str = include_str!("advice_sentences.tsv");
    /// The same, written before the reader was tried on them.
    const UNSEEN: &str = include_str!("advice_unseen.tsv");

    /// In percent: how much of what is found is advice, and how much of what is advice is found.
    fn measured(name: &str, table: &str) -> (usize, usize) {
        let (mut right, mut found, mut due, mut wanted, mut all) = (0, 0, 0, 0, 0);
        let day = jiff::civil::date(2025, 2, 20);
        for line in table.lines().filter(|line| !line.starts_with('#')) {
            let [what, when, sentence] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
            let read = advice(sentence).pop();
            let time = read.as_ref().and_then(|one| one.within).map_or("-".into(), |one| {
                let from = one.from(day).map_or_else(String::new, |from| format!("{from}/"));
                format!("{from}{}", one.after(day))
            });
            let said = read.as_ref().map_or("none", |one| if one.is_conditional { "if" } else { "advice" });
            let (is_found, is_wanted) = (said != "none", what != "none");
            all += 1;
            wanted += usize::from(is_wanted);
            found += usize::from(is_found);
            right += usize::from(is_found && is_wanted);
            due += usize::from(is_found && what == said && time == when);
            if said != what || is_found && time != when {
                println!("{what} {when} read as {said} {time}: {sentence}");
            }
        }
        println!(
            "{name}: {all} sentences, {wanted} advise; {found} found, {right} of them right, {due} with kind and time"
        );
        (right * 100 / found, right * 100 / wanted)
    }

    #[test]
    fn most_of_the_sentences_read_by_hand_are_read_alike() {
        let (precision, recall) = measured("fitted", SENTENCES);
        assert!(precision >= 98 && recall >= 98, "{precision} {recall}");
        let (precision, recall) = measured("unseen", UNSEEN);
        assert!(precision >= 95 && recall >= 90, "{precision} {recall}");
    }

    #[test]
    fn negations_conditions_and_what_was_done_advise_nothing() {
        for text in [
            "No follow-up needed.",
            "Correlate clinically.",
            "No further imaging is recommended in 6 months.",
            "Follow-up CT in 6 months is not recommended",
            "Follow-up CT if clinically indicated",
            "Diabetes follow-up of 08/15/2023",
            "Here for 3 month follow up.",
            "Follow-up CT shows no change over 6 months",
            "Compared with the CT of 6 months ago",
            "Patient declined repeat colonoscopy",
            "Take with food",
            "She should walk more.",
            "Return if symptoms persist",
            "Repeat CT was performed after 3 months.",
        ] {
            assert_eq!(told(text), [], "{text}");
        }
    }
}
