//! What the words and codes of a dosage say about the time of day; English, and never more than they say.

use std::sync::LazyLock;

use foldhash::HashMap;

use super::folding::{fold, holds_words, may_hold};
use super::phrases::Phrases;
use super::table::{list, rows};

pub(super) const TIMES: &str = include_str!("tables/dosage_times.tsv");

/// What a word or a code says about when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Timing {
    /// In the morning, with breakfast.
    Morning,
    /// At noon, with lunch.
    Midday,
    /// In the afternoon or the evening, with dinner.
    Evening,
    /// At bedtime or in the night.
    Night,
    /// With meals or food, or around them.
    Meals,
    /// Several times a day, no time said.
    Often,
    /// Once a day, no time said.
    Daily,
    /// Not every day.
    OtherDays,
    /// Only when needed.
    Needed,
    /// A plan that changes over time.
    Changing,
    /// What stands behind it is said not to be.
    Not,
}

impl Timing {
    fn named(name: &str) -> Option<Timing> {
        Some(match name {
            "morning" => Timing::Morning,
            "midday" => Timing::Midday,
            "evening" => Timing::Evening,
            "night" => Timing::Night,
            "meals" => Timing::Meals,
            "often" => Timing::Often,
            "daily" => Timing::Daily,
            "other-days" => Timing::OtherDays,
            "needed" => Timing::Needed,
            "changing" => Timing::Changing,
            "not" => Timing::Not,
            _ => return None,
        })
    }

    /// The part of a day in which an hour lies. Where a part begins is this project's own choice; the recorded
    /// time stands beside it.
    fn of_hour(hour: u8) -> Option<Timing> {
        Some(match hour {
            4..=10 => Timing::Morning,
            11..=14 => Timing::Midday,
            15..=20 => Timing::Evening,
            0..=3 | 21..=24 => Timing::Night,
            _ => return None,
        })
    }
}

struct Index {
    codes: HashMap<&'static str, Timing>,
    words: Phrases<Timing>,
}

static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let all = || {
        rows::<4>(TIMES).filter_map(|[form, entries, when, _]| Some((form, entries, Timing::named(when)?)))
    };
    let of = |wanted: &'static str| {
        let rows = all().filter(move |(form, ..)| *form == wanted);
        rows.flat_map(|(_, entries, when)| list(entries).map(move |entry| (entry, when)))
    };
    Index { codes: of("code").collect(), words: Phrases::new(of("words")) }
});

/// What a recorded code (`HS`) or clock time (`08:00:00`) says.
pub fn of_code(code: &str) -> Option<Timing> {
    let known = INDEX.codes.get(code.trim()).copied();
    known.or_else(|| clock_hours(code).first().copied().and_then(Timing::of_hour))
}

/// What the sentences of an instruction say, each for itself, once each. What stands behind a "not" is left
/// out, and weekdays and the like are read even there: "daily except Monday" is not every day.
pub fn of_sentences(text: &str) -> Vec<(&str, Vec<Timing>)> {
    sentences(text).map(|sentence| (sentence, of_sentence(sentence))).collect()
}

/// Words that make "as needed" stand beside a dose that is not.
const BESIDE: [&str; 5] = ["extra", "additional", "another", "may repeat", "plus"];

/// True of a sentence in which "as needed" stands beside a dose that is not: "one daily, may take an extra one as
/// needed".
pub fn is_beside(sentence: &str) -> bool {
    let folded = fold(sentence);
    BESIDE.iter().any(|word| holds_words(&folded, word))
}

/// True of an instruction that is one for when it is needed and for nothing else: no sentence names a time of its
/// own, and none a dose beside it.
pub fn is_only_as_needed(text: &str) -> bool {
    // The last letters of every wording: most instructions hold none of them.
    if !["needed", "required", "necessary", "prn", "p.r.n", "p r n"].iter().any(|word| may_hold(text, word)) {
        return false;
    }
    let said: Vec<(&str, Vec<Timing>)> = of_sentences(text);
    let mut timed = said.iter().filter(|(_, timings)| !timings.is_empty()).peekable();
    timed.peek().is_some()
        && timed.all(|(sentence, timings)| timings.contains(&Timing::Needed) && !is_beside(sentence))
}

fn of_sentence(sentence: &str) -> Vec<Timing> {
    let words = joined(&fold(sentence));
    let is_always_read = |timing: &Timing| matches!(timing, Timing::OtherDays | Timing::Changing);
    let mut found: Vec<Timing> = said(&words).into_iter().filter(is_always_read).collect();
    let read = before_not(&words);
    found.extend(said(read).into_iter().filter(|timing| *timing != Timing::Not));
    if read.len() == words.len() {
        found.extend(clock_hours(sentence).into_iter().filter_map(Timing::of_hour));
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// The sentences: what is forbidden in one is not in the next. The points of `b.i.d.` and `7.5` end none.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let mut start = 0;
    let ends = text.char_indices().filter(|(at, letter)| match letter {
        ';' | '\n' | '!' => true,
        '.' => {
            let word = text[..*at].rsplit(char::is_whitespace).next().unwrap_or("");
            let is_end = text[at + 1..].chars().next().is_none_or(char::is_whitespace);
            is_end && word.len() > 1 && !word.contains('.')
        }
        _ => false,
    });
    let ends: Vec<usize> = ends.map(|(at, _)| at + 1).chain([text.len()]).collect();
    ends.into_iter().map(move |end| {
        let sentence = &text[start..end];
        start = end;
        sentence
    })
}

fn said(words: &str) -> Vec<Timing> {
    let mut said = INDEX.words.within(words);
    said.extend(intervals(words));
    said
}

/// What stands before the first "not".
fn before_not(words: &str) -> &str {
    let mut end = 0;
    for word in words.split_inclusive(' ') {
        let so_far = &words[..end + word.len()];
        if INDEX.words.within(so_far).contains(&Timing::Not) {
            return &words[..end];
        }
        end += word.len();
    }
    words
}

/// `b i d` is `bid`: single letters that stand alone belong together.
fn joined(folded: &str) -> String {
    let mut text = String::with_capacity(folded.len());
    let mut was_letter = false;
    for word in folded.split(' ') {
        let is_letter = word.len() == 1 && word.bytes().all(|byte| byte.is_ascii_alphabetic());
        if !(text.is_empty() || was_letter && is_letter) {
            text.push(' ');
        }
        text.push_str(word);
        was_letter = is_letter;
    }
    text
}

/// `every 8 hours`, `q12h`, `3 times a week`, `every 2 weeks`: how often, never at what time.
fn intervals(words: &str) -> Vec<Timing> {
    let words: Vec<&str> = words.split(' ').collect();
    let mut found = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let rest = words.get(at + 1..).unwrap_or_default();
        if matches!(*word, "every" | "each" | "q") {
            found.extend(interval(rest));
        } else if let Some(inner) = word.strip_prefix('q').filter(|inner| begins_with_digit(inner)) {
            let parts: Vec<&str> = std::iter::once(inner).chain(rest.iter().copied()).collect();
            found.extend(interval(&parts));
        }
    }
    found
}

fn begins_with_digit(word: &str) -> bool {
    word.as_bytes().first().is_some_and(u8::is_ascii_digit)
}

/// The number and the unit behind "every".
fn interval(words: &[&str]) -> Option<Timing> {
    let mut number = None;
    for word in words.iter().take(4) {
        let digits = word.len() - word.trim_start_matches(|letter: char| letter.is_ascii_digit()).len();
        let (count, unit) = word.split_at(digits);
        number = number.or_else(|| count.parse::<u32>().ok()).or_else(|| spelled(unit));
        let hours = match unit {
            "h" | "hr" | "hrs" | "hour" | "hours" => 1,
            "d" | "day" | "days" => 24,
            "w" | "wk" | "wks" | "week" | "weeks" => 7 * 24,
            "mo" | "month" | "months" => 30 * 24,
            "year" | "years" => 365 * 24,
            "min" | "mins" | "minute" | "minutes" => return Some(Timing::Often),
            "" | "to" | "or" => continue,
            _ if spelled(unit).is_some() => continue,
            _ => return None,
        };
        return Some(match number?.saturating_mul(hours) {
            0..=23 => Timing::Often,
            24 => Timing::Daily,
            _ => Timing::OtherDays,
        });
    }
    None
}

fn spelled(word: &str) -> Option<u32> {
    let words =
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
    let place = words.iter().position(|known| *known == word)?;
    u32::try_from(place + 1).ok()
}

/// The hours of clock times: `8 am`, `8:30 p.m.`, `20:00`.
fn clock_hours(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut hours = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let digits = bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        if digits == 0 {
            at += 1;
            continue;
        }
        let number = text.get(at..at + digits).and_then(|digits| digits.parse::<u8>().ok());
        let minutes = text.get(at + digits..).and_then(minutes_in);
        let end = at + digits + minutes.map_or(0, |(_, length)| length);
        let half = text.get(end..).and_then(half_in);
        let hour = match (number, half, minutes) {
            (Some(hour @ 1..=12), Some(is_pm), _) => Some(hour % 12 + if is_pm { 12 } else { 0 }),
            (Some(hour @ 0..=24), None, Some((0..=59, _))) => Some(hour),
            _ => None,
        };
        hours.extend(hour);
        // Seconds belong to the time before them.
        at = end.max(at + 1) + if minutes.is_some() { text.get(end..).map_or(0, seconds_in) } else { 0 };
    }
    hours
}

fn minutes_in(rest: &str) -> Option<(u8, usize)> {
    let digits = rest.strip_prefix(':')?.get(..2)?;
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().ok().map(|minutes| (minutes, 3)))?
}

fn seconds_in(rest: &str) -> usize {
    minutes_in(rest).map_or(0, |(_, length)| length)
}

/// Whether "am" or "pm" stands next, and which.
fn half_in(rest: &str) -> Option<bool> {
    let letters: String =
        rest.trim_start().chars().take(4).filter(|letter| *letter != '.').collect::<String>().to_lowercase();
    let is_word = |word: &str| {
        letters
            .strip_prefix(word)
            .is_some_and(|rest| !rest.starts_with(|letter: char| letter.is_alphanumeric()))
    };
    if is_word("am") {
        Some(false)
    } else if is_word("pm") {
        Some(true)
    } else {
        None
    }
}

#[cfg(test)]
mod tests;
