//! What the social history shows: the newest answer to each question, whether somebody ever smoked, how
//! much, and when they quit.

use foldhash::{HashSet, HashSetExt as _};

use super::shown::{Tokens, stands};
use super::token_names::names;
use crate::insight::lifetime::Lifetime;
use crate::insight::measurements::measurement;
use crate::insight::{Context, Refusal};
use crate::knowledge::folding::{fold, holds_words};
use crate::knowledge::prevention_tokens::ShownKind;
use crate::record::{Entry, Kind, Value, When};

/// Tokens that stay true whatever is answered later.
const FOR_LIFE: &str = "smoking-history";

/// USPSTF, lung cancer screening, 2021-03-09: 20 pack-years, smoking now or quit in the last 15 years.
const PACK_YEARS_MIN: f64 = 20.0;
const QUIT_YEARS_MAX: i16 = 15;

/// Adds what the social history shows.
pub(super) fn add(tokens: &mut Tokens, context: &Context<'_>) -> Result<(), Refusal> {
    let lifetime = Lifetime::of(context.view, context.today);
    let mut answers: Vec<&Entry> = Vec::new();
    for entry in context.view.entries(Kind::Background) {
        context.check()?;
        if measurement(entry).is_some() && stands(entry, &lifetime, context.today) {
            answers.push(entry);
        }
    }
    answers.sort_by_key(|entry| std::cmp::Reverse((entry.date.or(entry.recorded), entry.id)));
    let mut names = names(ShownKind::Social);
    let mut questions = HashSet::new();
    let mut smoking = Smoking::default();
    for answer in answers {
        context.check()?;
        let is_newest = questions.insert(fold(&answer.concept.label()));
        let texts = texts(answer);
        for token in names.of(answer, &texts).iter() {
            if is_newest || *token == FOR_LIFE {
                tokens.add(context, token, answer);
            }
        }
        smoking.hear(answer, &texts, is_newest);
    }
    smoking.settle(tokens, context);
    Ok(())
}

/// The answer in words, as it stands in the record.
fn texts(answer: &Entry) -> Vec<&str> {
    match measurement(answer).and_then(|found| found.value.as_ref()) {
        Some(Value::Concept(concept)) => concept.name().into_iter().collect(),
        Some(Value::Text(text)) => vec![text.as_str()],
        Some(Value::Quantity(_)) | None => Vec::new(),
    }
}

/// What is recorded about smoking, the newest first.
#[derive(Default)]
struct Smoking<'a> {
    /// The newest that says how many pack-years, if so many that the rule asks for.
    pack_years: Option<(bool, &'a Entry)>,
    quit: Option<When>,
    smokes_now: Option<bool>,
    is_never: bool,
}

impl<'a> Smoking<'a> {
    fn hear(&mut self, answer: &'a Entry, texts: &[&str], is_newest: bool) {
        let question = fold(&answer.concept.label());
        let said = texts.iter().map(|text| fold(text)).collect::<Vec<_>>().join(" \n ");
        let is_about = |word: &str| question.contains(word) || said.contains(word);
        if !is_about("smok") && !is_about("tobacco") && !is_about("pack year") && !is_about("cigarette") {
            return;
        }
        let many = pack_years(answer, &question, &said);
        self.pack_years = self.pack_years.or(many.map(|many| (many >= PACK_YEARS_MIN, answer)));
        self.quit = self.quit.or_else(|| quit(&question, texts, &said));
        let is_status =
            ["smoker", "smoked", "smokes", "smoking", "tobacco"].iter().any(|word| said.contains(word));
        if is_newest && is_status && self.smokes_now.is_none() {
            let has = |words: &[&str]| words.iter().any(|word| holds_words(&said, word));
            self.is_never = has(&["never", "non smoker", "nonsmoker"]);
            let is_past = has(&["former", "ex", "quit", "stopped", "past", "not"]);
            self.smokes_now = Some(!self.is_never && !is_past && !has(&["unknown"]));
        }
    }

    /// A high risk of lung cancer needs both: the pack-years, and smoking now or a recorded day of quitting.
    fn settle(&self, tokens: &mut Tokens, context: &Context<'_>) {
        if self.is_never {
            tokens.deny(FOR_LIFE);
            tokens.deny("high-risk-lung");
        }
        let quit_years = self.quit.map(|quit| context.today.year() - quit.year());
        if self.smokes_now != Some(true) && quit_years.is_some_and(|years| years > QUIT_YEARS_MAX) {
            tokens.deny("high-risk-lung");
        }
        let Some((is_enough, entry)) = self.pack_years else { return };
        match (is_enough, self.smokes_now, quit_years) {
            (false, ..) => tokens.deny("high-risk-lung"),
            (true, Some(true), _) => tokens.add(context, "high-risk-lung", entry),
            (true, _, Some(years)) if years <= QUIT_YEARS_MAX => tokens.add(context, "high-risk-lung", entry),
            _ => {}
        }
    }
}

/// The pack-years, from a number under that name or from words: `30 pack-years`.
fn pack_years(answer: &Entry, question: &str, said: &str) -> Option<f64> {
    let is_asked = question.contains("pack year") || question.contains("pack per year");
    if let Some(Value::Quantity(quantity)) = measurement(answer)?.value.as_ref() {
        return is_asked.then(|| quantity.number.value());
    }
    let words: Vec<&str> = said.split(' ').collect();
    let at = words.windows(2).position(|pair| pair[0] == "pack" && pair[1].starts_with("year"));
    match at {
        Some(at) => words.get(at.checked_sub(1)?)?.parse().ok(),
        None if is_asked => words.first()?.parse().ok(),
        None => None,
    }
}

/// The day or year of quitting: the answer to that question, or the year behind "quit".
fn quit(question: &str, texts: &[&str], said: &str) -> Option<When> {
    if question.contains("quit") || question.contains("stopped smoking") {
        return texts.iter().find_map(|text| When::parse(text));
    }
    let words: Vec<&str> = said.split(' ').collect();
    let at = words.iter().position(|word| *word == "quit")?;
    words.iter().skip(at + 1).take(2).find_map(|word| When::parse(word))
}
