//! What somebody answered or was observed to be, in words.

use crate::insight::{Context, Whose, plain, shortened};
use crate::record::{Detail, Entry, Kind, Measurement, Quantity, Standing, System, Value};

/// LOINC 44260-8: thoughts of being better off dead or of self-harm (reference: clinical safety, urgent).
const SELF_HARM: &str = "44260-8";

/// For so many days a self-harm answer above zero stands first; the window is ours.
const SELF_HARM_DAYS: i32 = 30;

/// What was found, in words, with its parts.
pub(super) fn in_words(found: &Measurement) -> String {
    let own = found.value.as_ref().map(value);
    let parts = found.components.iter().map(|part| {
        let found = part.value.as_ref().map(value).or_else(|| part.absent.as_deref().map(plain));
        let found = found.unwrap_or_else(|| "not recorded".into());
        format!("{}: {found}", plain(&part.concept.label()))
    });
    let told: Vec<String> = own.into_iter().chain(parts).collect();
    match (told.is_empty(), found.absent.as_deref()) {
        (false, _) => told.join("; "),
        (true, Some(reason)) => format!("no answer: {}", plain(reason)),
        (true, None) => "no answer recorded".into(),
    }
}

fn value(value: &Value) -> String {
    match value {
        Value::Quantity(quantity) => with_unit(quantity),
        Value::Concept(concept) => plain(&concept.label()),
        Value::Text(text) => shortened(text, 400),
    }
}

fn with_unit(quantity: &Quantity) -> String {
    // UCUM writes annotations in braces: `{score}` is no unit to read.
    let unit = quantity.unit().map(plain).filter(|unit| !unit.starts_with('{'));
    unit.map_or_else(|| quantity.shown_number(), |unit| format!("{} {unit}", quantity.shown_number()))
}

/// A recent answer that speaks of self-harm is said before anything else, with where help is.
pub fn self_harm(context: &Context<'_>) -> Option<String> {
    let is_alive = Whose::of(context.view).died.is_none();
    let entries = context.view.entries(Kind::Background).filter(|entry| entry.standing == Standing::Stated);
    let recent = entries.filter(|entry| {
        let days = entry.date.map(|when| (context.today - when.latest()).get_days());
        days.is_some_and(|days| (0..=SELF_HARM_DAYS).contains(&days))
    });
    let answer = recent.filter(|entry| is_above_zero(entry)).max_by_key(|entry| (entry.date, entry.id))?;
    is_alive.then(|| {
        let date = answer.date.map_or_else(String::new, |when| format!(" on {}", when.date_text()));
        format!(
            "**An answer about self-harm above zero{date} [{}]: ask now how the person is. In the US: call or text 988; in danger 911.**",
            answer.id
        )
    })
}

fn is_above_zero(entry: &Entry) -> bool {
    let asks_it =
        |concept: &crate::record::Concept| concept.codes_in(&System::Loinc).any(|code| code == SELF_HARM);
    let found = match &entry.detail {
        Detail::Measurement(found) => found,
        // A questionnaire keeps the answers to coded questions under their codes.
        Detail::Answers(_) => {
            let label = format!("LOINC {SELF_HARM}");
            return entry.extra(&label).is_some_and(is_said);
        }
        _ => return false,
    };
    let own = found.value.as_ref().filter(|_| asks_it(&entry.concept));
    let parts = found.components.iter().filter(|part| asks_it(&part.concept));
    own.into_iter().chain(parts.filter_map(|part| part.value.as_ref())).any(is_some)
}

fn is_some(value: &Value) -> bool {
    let words = match value {
        Value::Quantity(quantity) => return quantity.number.value() > 0.0,
        Value::Concept(concept) => concept.label(),
        Value::Text(text) => text.to_string(),
    };
    is_said(&words)
}

fn is_said(words: &str) -> bool {
    !["not at all", "no", "none", "never", "0"].contains(&words.trim().to_lowercase().as_str())
}
