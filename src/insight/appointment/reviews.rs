//! Questions about the medicines for home: what the rules on medicines give reason to ask.

use super::super::medications::{HomeMedicine, Review, ReviewTopic, reviews};
use super::candidate::{Candidate, Harm, Topic};
use super::medicines::topic;
use crate::insight::rows::name_cell;
use crate::insight::{Context, Refusal};

/// A question about each review; what nobody has confirmed is told, and not asked about.
pub(super) fn candidates(
    context: &Context<'_>,
    home: &[HomeMedicine<'_>],
) -> Result<Vec<Candidate>, Refusal> {
    let asked = reviews(context)?.into_iter().filter(|review| review.topic != ReviewTopic::NotConfirmed);
    Ok(asked.map(|review| candidate(review, home)).collect())
}

fn candidate(review: Review, home: &[HomeMedicine<'_>]) -> Candidate {
    let harm = match review.harm {
        0 => Harm::Great,
        1 | 2 => Harm::Grave,
        3 | 4 => Harm::Some,
        _ => Harm::Small,
    };
    // Every question about a medicine is one for a pharmacist too.
    let mut of = Topic { specialties: vec!["pharmacy"], ..Topic::default() };
    for medicine in home.iter().filter(|one| review.about.contains(&one.entry.id)) {
        let one = topic(medicine);
        of.specialties.extend(one.specialties);
        of.conditions.extend(one.conditions);
        of.medicines.extend(one.medicines);
        of.words = format!("{} {}", of.words, one.words);
    }
    let names = names(&review, home);
    if matches!(review.topic, ReviewTopic::Kidney | ReviewTopic::TripleHit) {
        of.specialties.push("nephrology");
        of.analytes.push("egfr");
    }
    let Review { says, source, .. } = review;
    Candidate {
        harm,
        question: format!("{}{names}: {}", about(review.topic), review.ask),
        why: vec![says, format!("({source})")],
        answer: answer(review.topic).into(),
        on: None,
        topic: of,
        is_apart: true,
    }
}

/// So many medicines are named in a question.
const NAMED_MOST: usize = 3;

/// The medicines, in brackets: a question about "it" is no question to read out.
fn names(review: &Review, home: &[HomeMedicine<'_>]) -> String {
    let mut names: Vec<String> = Vec::new();
    for medicine in home.iter().filter(|one| review.about.contains(&one.entry.id)) {
        let known = medicine.names().collect::<Vec<_>>().join("/");
        let name = if known.is_empty() { name_cell(medicine.entry) } else { known };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let more = names.len().saturating_sub(NAMED_MOST);
    names.truncate(NAMED_MOST);
    match (names.is_empty(), more) {
        (true, _) => String::new(),
        (false, 0) => format!(" ({})", names.join(", ")),
        (false, more) => format!(" ({} and {more} more)", names.join(", ")),
    }
}

/// What a question is about, in words that stand before it and before the names of the medicines.
fn about(topic: ReviewTopic) -> &'static str {
    match topic {
        ReviewTopic::AllergyToIt | ReviewTopic::AllergyToClass => "A medicine and a recorded allergy",
        ReviewTopic::WeeklyTakenDaily => "Methotrexate and its recorded words",
        ReviewTopic::TwoAnticoagulants => "Two blood thinners",
        ReviewTopic::OpioidWithBenzodiazepine => "A strong pain medicine with a calming one",
        ReviewTopic::AnticoagulantWithNsaid => "A blood thinner with a pain medicine",
        ReviewTopic::TripleHit => "Three medicines that strain the kidneys together",
        ReviewTopic::Pair => "Two medicines together",
        ReviewTopic::Pregnancy => "A medicine and pregnancy",
        ReviewTopic::Kidney => "A medicine and the kidneys",
        ReviewTopic::SameIngredient => "One ingredient twice",
        ReviewTopic::SameClass => "Two medicines of one kind",
        ReviewTopic::Age => "A medicine at 65 and over",
        ReviewTopic::NoneKnownBesideSome => "The record says that there are no medicines, and lists some",
        ReviewTopic::NotConfirmed => "Medicines that nothing has confirmed for long",
    }
}

fn answer(topic: ReviewTopic) -> &'static str {
    match topic {
        ReviewTopic::AllergyToIt | ReviewTopic::AllergyToClass => {
            "what the reaction was, whether it is a true allergy, and what may be taken"
        }
        ReviewTopic::WeeklyTakenDaily => "the day of the week, and the words for the label",
        ReviewTopic::SameIngredient | ReviewTopic::NoneKnownBesideSome => "one list that holds",
        ReviewTopic::TripleHit | ReviewTopic::Kidney => {
            "whether kind and amount fit, and when the kidneys are tested again"
        }
        ReviewTopic::Pregnancy => "what to do about it, and whom to call with questions",
        _ => "whether both are meant, until when, and which signs to watch for",
    }
}
