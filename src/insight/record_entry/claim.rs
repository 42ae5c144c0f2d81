//! What a claim says, as facts with a label.

use super::facts::Facts;
use crate::insight::plain;
use crate::record::{Amount, Billed, Claim, ClaimItem, Text};

/// Adds all that only a claim has.
pub(super) fn add(facts: &mut Facts, told: &Claim) {
    let whose = match told.is_decided {
        true => "what an insurer says about a claim (no bill, and no clinical fact)",
        false => "a claim as it was sent (no bill, and no clinical fact)",
    };
    facts.add("what it is", Some(whose.into()));
    facts.add("form", Some(told.form.words().into()));
    facts.text("use", told.usage.as_ref());
    facts.text("outcome", told.outcome.as_ref());
    facts.text("disposition", told.disposition.as_ref());
    facts.list("denied or reduced because", &told.denials);
    for amount in &told.amounts {
        facts.add("amount of the claim", Some(in_words(amount)));
    }
    facts.add("paid on", told.paid_on.map(|when| when.to_string()));
    for (label, value) in &told.fill {
        facts.long(label, value);
    }
    told.diagnoses.iter().for_each(|billed| add_billed(facts, "claim says: diagnosis", billed));
    told.procedures.iter().for_each(|billed| add_billed(facts, "claim says: procedure", billed));
    told.items.iter().enumerate().for_each(|(place, item)| line(facts, place + 1, item));
}

fn add_billed(facts: &mut Facts, label: &str, billed: &Billed) {
    let mut about: Vec<String> = billed.roles.iter().map(|role| plain(role)).collect();
    about.extend(billed.on.map(|when| when.to_string()));
    let about = if about.is_empty() { String::new() } else { format!(" ({})", about.join(", ")) };
    facts.add(label, Some(format!("{}{about}", plain(&billed.concept.label()))));
    facts.codes(&format!("{label}, code"), &billed.concept);
}

fn line(facts: &mut Facts, number: usize, item: &ClaimItem) {
    let label = format!("line {number}");
    facts.add(&label, Some(plain(&item.concept.label())));
    let beside = |what: &str| format!("{label}: {what}");
    facts.codes(&beside("code"), &item.concept);
    facts.list(&beside("modifier"), &item.modifiers);
    facts.text(&beside("revenue center"), item.revenue.as_ref());
    facts.text(&beside("quantity"), item.quantity.as_ref());
    facts.add(&beside("from"), item.from.map(|when| when.to_string()));
    facts.add(&beside("to"), item.to.map(|when| when.to_string()));
    facts.text(&beside("place"), item.place.as_ref());
    for amount in &item.amounts {
        facts.add(&beside("amount"), Some(in_words(amount)));
    }
    let denials: &[Text] = &item.denials;
    facts.list(&beside("denied or reduced because"), denials);
}

/// What the amount is, what its sender calls it, and the digits as recorded.
fn in_words(amount: &Amount) -> String {
    format!("{} (\"{}\"): {}", amount.kind.words(), plain(&amount.label), plain(&amount.shown()))
}
