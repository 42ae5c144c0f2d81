//! What the list itself calls for: methotrexate of every day, what nothing has confirmed, "none known" beside some.

use super::ground::{Ground, Taken};
use super::{Review, ReviewTopic};
use crate::insight::medications::{dosage, statements};
use crate::knowledge::folding::fold;
use crate::knowledge::medicines::HighRisk;

/// So many medicines are named in one question; the others are counted.
const NAMED_MAX: usize = 8;

pub(super) fn reviews(ground: &Ground<'_>) -> Vec<Review> {
    let mut found: Vec<Review> = ground.taken.iter().filter_map(|taken| daily(ground, taken)).collect();
    found.extend(none_known(ground));
    found.extend(not_confirmed(ground));
    found
}

/// Methotrexate with words of every day. It is mostly taken once a week; daily use by mistake has killed.
fn daily(ground: &Ground<'_>, taken: &Taken<'_>) -> Option<Review> {
    let known =
        taken.ingredients.iter().find(|known| known.high_risk == Some(HighRisk::WeeklyMethotrexate))?;
    let words = dosage(taken.home()?.entry)?;
    let folded = fold(&words);
    let says_daily = [
        "daily",
        "every day",
        "each day",
        "a day",
        "per day",
        "every morning",
        "every evening",
        "at bedtime",
    ]
    .iter()
    .any(|day| folded.contains(day));
    if !says_daily || folded.contains("week") {
        return None;
    }
    let why = "Methotrexate is mostly taken once a week; daily use by mistake can kill.";
    Some(Review::of(
        ReviewTopic::WeeklyTakenDaily,
        0,
        format!("{}. The recorded words: \"{words}\". {why}", taken.says(ground.context)),
        format!("{}, recorded \"{words}\". {why}", taken.briefly(known.name)),
        "Is it meant once a week? Ask today, before the next one.",
        "general medical knowledge, 2026".into(),
    ))
}

/// "None known" beside medicines that are recorded as active.
fn none_known(ground: &Ground<'_>) -> Vec<Review> {
    let lines = statements(ground.context).into_iter().filter(|line| line.contains("CONFLICT"));
    let source = || "these records, as of today".to_owned();
    let ask = "Which of the two is right?";
    lines
        .map(|line| {
            Review::of(
                ReviewTopic::NoneKnownBesideSome,
                2,
                format!("{line}."),
                format!("{line}."),
                ask,
                source(),
            )
        })
        .collect()
}

/// What nothing has confirmed for longer than its supply or a year, in one question.
fn not_confirmed(ground: &Ground<'_>) -> Option<Review> {
    let unconfirmed =
        ground.taken.iter().filter(|taken| taken.home().is_some_and(|home| home.is_unconfirmed));
    let names: Vec<String> = unconfirmed.map(Taken::product).collect();
    let count = names.len();
    if count == 0 {
        return None;
    }
    let more = match count.saturating_sub(NAMED_MAX) {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    let named = names.iter().take(NAMED_MAX).cloned().collect::<Vec<_>>().join(", ");
    let says = format!("recorded as active, but NOT CONFIRMED for long: {named}{more}.");
    let briefly = match count {
        1 => format!("{named} is NOT CONFIRMED for long."),
        _ => format!("{count} are NOT CONFIRMED for long."),
    };
    let ask = "Which of them still count?";
    Some(Review::of(ReviewTopic::NotConfirmed, 5, says, briefly, ask, "these records, as of today".into()))
}
