//! The preparation of a visit as text and typed, cut to its budget: concerns and the first three questions
//! stay, and so does when not to wait.

use super::candidate::{Candidate, Harm};
use super::{AppointmentSheet, Question};
use crate::insight::answer::cited_in;
use crate::insight::sheet::{Draft, NOT_A_DIAGNOSIS, Part};
use crate::insight::{Answer, Context, Coverage, Refusal, Whose, portals};
use crate::record::{EntryId, Kind};

/// Everything that is told of a visit.
pub(super) struct Pages {
    pub visit: Vec<String>,
    pub concerns: Vec<Question>,
    pub questions: Vec<Candidate>,
    pub tell: Vec<String>,
    pub bring: Vec<String>,
    pub before: Vec<String>,
    pub do_not_wait: Vec<String>,
}

/// So many questions matter most.
const FIRST: usize = 3;
/// So many lines on when not to wait.
const DANGERS_MOST: usize = 6;

/// Of a person who has died nothing is asked.
pub(super) fn deceased(context: &Context<'_>) -> Result<Answer, Refusal> {
    let says = "The person of this record has died: no questions are prepared.".to_owned();
    let draft = Draft {
        title: "no visit to prepare".into(),
        says: says.clone(),
        parts: Vec::new(),
        coverage: Coverage::of(context, &[]),
    };
    told(context, draft, usize::MAX, |_| Told::default(), says, Vec::new())
}

/// The answer.
pub(super) fn answer(
    context: &Context<'_>,
    pages: Pages,
    most: usize,
    room: usize,
) -> Result<Answer, Refusal> {
    let total = pages.concerns.len() + pages.questions.len();
    // The own concerns count and are never cut, nor is what is urgent: neither is lost to a small limit.
    let urgent = pages.questions.iter().filter(|one| one.harm == Harm::Great).count();
    let most = most.saturating_sub(pages.concerns.len()).max(urgent);
    let mut parted = pages.questions.iter().enumerate().map(|(place, one)| question(one, place));
    let first: Vec<Question> = parted.by_ref().take(FIRST.min(most)).collect();
    let rest: Vec<Question> = parted.collect();
    let rest_most = most.saturating_sub(FIRST);
    let call = format!("{} {{\"limit\":{}}}", context.tool, total.clamp(1, 50));
    let lines = |all: &[Question], from: usize| -> Vec<String> {
        all.iter().enumerate().map(|(place, one)| one.text(from + place)).collect()
    };
    let mut coverage = Coverage::of(context, &KINDS);
    coverage.notices.extend(nothing(context, &pages));
    let (own, own_count) = (lines(&pages.concerns, 1), pages.concerns.len());
    let next = own_count + 1;
    let parts = vec![
        Part::fixed("The own concern first", own),
        Part::fixed(matters(first.len()), lines(&first, next)),
        Part::of("Do not wait for the visit if", "", DANGERS_MOST, pages.do_not_wait.clone())
            .keeping(DANGERS_MOST),
        Part::fixed("Visit", pages.visit.clone()),
        Part::of("Also", call, rest_most, lines(&rest, next + first.len())).keeping(1),
        Part::of("To tell", "get_medications", usize::MAX, pages.tell.clone()),
        Part::of("To bring", "", usize::MAX, pages.bring.clone()),
        Part::of("To do before", "get_care_plan", usize::MAX, pages.before.clone()),
    ];
    let draft = Draft { title: "questions for a visit".into(), says: says(context), parts, coverage };
    let says = draft.says.clone();
    let questions: Vec<Question> = pages.concerns.into_iter().chain(first).collect();
    let typed = move |parts: &[Part]| Told {
        questions: questions.into_iter().chain(rest.into_iter().take(parts[4].shown)).collect(),
        total,
        tell: shown(&parts[5]),
        bring: shown(&parts[6]),
        before: shown(&parts[7]),
        do_not_wait: shown(&parts[2]),
    };
    told(context, draft, room, typed, says, pages.visit)
}

/// The heading of the first questions, by how many they are.
fn matters(count: usize) -> &'static str {
    match count {
        1 => "One that matters",
        2 => "Two that matter",
        _ => "Three that matter",
    }
}

fn shown(part: &Part) -> Vec<String> {
    part.lines[..part.shown].to_vec()
}

#[derive(Default)]
struct Told {
    questions: Vec<Question>,
    total: usize,
    tell: Vec<String>,
    bring: Vec<String>,
    before: Vec<String>,
    do_not_wait: Vec<String>,
}

fn told(
    context: &Context<'_>,
    mut draft: Draft,
    room: usize,
    typed: impl FnOnce(&[Part]) -> Told,
    says: String,
    visit: Vec<String>,
) -> Result<Answer, Refusal> {
    let text = draft.text(context, room)?;
    let Told { questions, total, tell, bring, before, do_not_wait } = typed(&draft.parts);
    let whose = Whose::of(context.view);
    let coverage = draft.coverage;
    let sheet =
        AppointmentSheet { whose, visit, questions, total, tell, bring, before, do_not_wait, says, coverage };
    let structured = serde_json::to_value(sheet).unwrap_or_default();
    let cited = cited_in(&text);
    Ok(Answer { text, structured, cited })
}

/// What is said of the whole: for a child, that a parent asks.
fn says(context: &Context<'_>) -> String {
    let is_child = crate::insight::portrait::Portrait::of(context).is_ok_and(|portrait| portrait.is_child());
    let who = if is_child { "A child's record: a parent or guardian asks, for the child. " } else { "" };
    format!("{who}These are questions, not advice: ask before any change of a medicine. {NOT_A_DIAGNOSIS}")
}

/// What questions rest on.
const KINDS: [Kind; 6] =
    [Kind::Condition, Kind::Medication, Kind::Allergy, Kind::Lab, Kind::Visit, Kind::Document];

/// That the record gives no reason for a question, where it does not; and what no source has sent.
fn nothing(context: &Context<'_>, pages: &Pages) -> Option<String> {
    let missing = portals::missing_kinds(context, &KINDS);
    let none = pages
        .questions
        .is_empty()
        .then(|| "these records give no reason for a question of their own".to_owned());
    let both: Vec<String> = none.into_iter().chain(missing).collect();
    (!both.is_empty()).then(|| both.join("; "))
}

fn question(one: &Candidate, place: usize) -> Question {
    Question {
        part: if place < FIRST { "matters most" } else { "also" },
        question: one.question.clone(),
        why: one.why.clone(),
        useful_answer: one.answer.clone(),
        about: one.about().iter().map(EntryId::to_string).collect(),
    }
}

impl Question {
    /// Its lines.
    fn text(&self, number: usize) -> String {
        let why = self.why.join(" · ");
        format!("{number}. {}\n   why: {why}\n   a useful answer: {}", self.question, self.useful_answer)
    }
}
