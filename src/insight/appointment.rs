//! What to ask at the next visit: the person's own concern first, then what the record gives reason to ask,
//! with why and what a useful answer would hold; what to tell, to bring and to do before.

mod beforehand;
mod candidate;
mod concerns;
mod dangers;
mod happened;
mod latest;
mod medicines;
mod open;
mod overdue;
mod results;
mod reviews;
mod sheet;
mod visit;
mod wish;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ask::{TOKENS_DEFAULT, budget_tokens};
use super::medications::home;
use super::problems::problems;
use super::specialists::Specialists;
use super::whose::Whose;
use super::{Answer, Context, Coverage, Refusal};

use candidate::{Candidate, in_order};
use results::Results;
use sheet::Pages;
use visit::Visits;
use wish::Wish;

/// What the preparation of a visit takes.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AppointmentAsk {
    /// Why the visit.
    pub reason: Option<String>,
    /// Which kind of clinician, or their name.
    pub specialty: Option<String>,
    /// The day of the visit.
    pub date: Option<String>,
    /// The person's own concerns, in their words; several are parted by `;` or lines.
    pub concerns: Option<String>,
    /// Most questions.
    pub limit: Option<u32>,
    /// Size of the answer, default 2000.
    pub max_tokens: Option<u32>,
}

/// The preparation of a visit, typed.
#[derive(Serialize, JsonSchema)]
pub struct AppointmentSheet {
    /// Whose record it is.
    pub whose: Whose,
    /// Which visit is meant, and which was the last of its kind.
    pub visit: Vec<String>,
    /// What to ask: the person's own concerns, then three that matter, then the rest.
    pub questions: Vec<Question>,
    /// How many questions there are; more than are shown where the limit or the budget cut some.
    pub total: usize,
    /// What to tell.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tell: Vec<String>,
    /// What to bring.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub bring: Vec<String>,
    /// What to do before.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub before: Vec<String>,
    /// When not to wait for the visit.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub do_not_wait: Vec<String>,
    /// What is said of the whole.
    pub says: String,
    /// What it covers.
    pub coverage: Coverage,
}

/// One question.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Question {
    /// `own concern`, `matters most` or `also`.
    pub part: &'static str,
    /// The question, in plain words; a concern in the person's own.
    pub question: String,
    /// Why: facts of the record with their citations.
    pub why: Vec<String>,
    /// What a useful answer would hold.
    pub useful_answer: String,
    /// The entries it is about.
    pub about: Vec<String>,
}

/// Questions where nobody said how many.
const QUESTIONS_DEFAULT: usize = 8;

/// The preparation of a visit.
pub fn appointment(context: &Context<'_>, ask: &AppointmentAsk) -> Result<Answer, Refusal> {
    let room = ask.max_tokens.map_or(Ok(TOKENS_DEFAULT), |tokens| budget_tokens(Some(tokens)))?;
    let most = match ask.limit {
        None => QUESTIONS_DEFAULT,
        Some(limit @ 1..=50) => limit as usize,
        Some(_) => return Err(Refusal::BadArgument("limit must be from 1 to 50".into())),
    };
    let mut wish = Wish::of(ask)?;
    if Whose::of(context.view).died.is_some() {
        return sheet::deceased(context);
    }
    let specialists = Specialists::of(context)?;
    let visits = Visits::of(context, &wish, &specialists)?;
    let problems = problems(context)?;
    wish.widen(&problems, &visits);
    let home = home(context)?;
    let concerns = concerns::concerns(context, &wish, &problems, &home)?;
    let mut results = Results::of(context, &visits)?;
    let mut found: Vec<Candidate> = open::candidates(context, &mut results)?;
    found.extend(results.questions(&wish));
    found.extend(medicines::candidates(context, &visits, &home)?);
    found.extend(reviews::candidates(context, &home)?);
    found.extend(overdue::candidates(context, &found)?);
    found.extend(happened::candidates(context, &visits, &problems)?);
    let questions = in_order(found, &wish);
    let pages = Pages {
        tell: beforehand::tell(context, &home)?,
        bring: beforehand::bring(context, &home)?,
        before: beforehand::before(context, &visits)?,
        do_not_wait: dangers::dangers(context, &wish, &problems, &home)?,
        visit: visits.told(context, &wish),
        concerns,
        questions,
    };
    sheet::answer(context, pages, most, room)
}

#[cfg(test)]
mod tests;
