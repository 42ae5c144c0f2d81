//! What stands beneath a claim: which amount it is, its parts, denials, and what happened on that day.

use std::collections::HashMap;

use super::asked::Wanted;
use super::money::{self, Money};
use crate::insight::telling::in_few_words;
use crate::insight::{Context, Refusal, naming, plain, shortened};
use crate::record::{Amount, AmountKind, Claim, Code, Concept, Detail, Entry, Kind, System};

/// Lines of one sort beneath a claim; the rest stands in get_record.
const LINES_MAX: usize = 6;
/// Characters of one line.
const LINE_CHARS: usize = 240;

/// Where the claim holds the amount that is looked for, and what it is there.
pub(super) fn matches(claim: &Claim, wanted: &Wanted) -> Vec<String> {
    let Some(looked_for) = wanted.amount() else { return Vec::new() };
    let is_it = |amount: &&Amount| Money::of(amount).is_some_and(|money| money.is_equal(looked_for));
    let of_claim = claim.amounts.iter().filter(is_it).map(|amount| ("of the whole claim".to_owned(), amount));
    let of_lines = claim.items.iter().enumerate().flat_map(|(place, item)| {
        let at = format!("of line {}, {}", place + 1, named(&item.concept));
        item.amounts.iter().filter(is_it).map(move |amount| (at.clone(), amount))
    });
    let lines = of_claim.chain(of_lines).map(|(at, amount)| {
        let name = plain(&amount.label);
        let kind = amount.kind.words();
        let called = if name.eq_ignore_ascii_case(kind) {
            kind.to_owned()
        } else {
            format!("{kind} (\"{}\")", shortened(&name, 80))
        };
        format!("↳ {} is {called}, {at}", money::in_words(amount))
    });
    few(lines.collect())
}

/// Of what is owed, which part is what; told as the claim does, and never added up.
pub(super) fn parts(claim: &Claim) -> Option<String> {
    const PARTS: [AmountKind; 7] = [
        AmountKind::DrugCost,
        AmountKind::Deductible,
        AmountKind::Copay,
        AmountKind::Coinsurance,
        AmountKind::NotCovered,
        AmountKind::PaidByPatient,
        AmountKind::OtherInsurer,
    ];
    let is_zero = |told: &money::Told| told.money.as_ref().is_some_and(Money::is_zero);
    let told = PARTS.iter().filter_map(|kind| {
        let told = money::of_kind(claim, *kind).filter(|told| !is_zero(told))?;
        Some(format!("{} {}", kind.words(), told.words))
    });
    let told: Vec<String> = told.collect();
    let says_owed = money::of_kind(claim, AmountKind::Owed).is_some();
    let begin = if says_owed {
        "recorded beside it"
    } else {
        "it does not say what the person owes in all; recorded"
    };
    (!told.is_empty()).then(|| format!("↳ {begin}: {}", told.join(", ")))
}

/// What was denied or reduced, and why, as recorded.
pub(super) fn denials(claim: &Claim) -> Vec<String> {
    let whole =
        claim.denials.iter().map(|why| format!("↳ denied or reduced: {}", shortened(why, LINE_CHARS)));
    let lines = claim.items.iter().enumerate().flat_map(|(place, item)| {
        let line = format!("line {}, {}", place + 1, named(&item.concept));
        item.denials
            .iter()
            .map(move |why| format!("↳ {line}: denied or reduced: {}", shortened(why, LINE_CHARS)))
    });
    few(whole.chain(lines).collect())
}

/// How much of a medicine was handed out.
pub(super) fn fill(claim: &Claim) -> Option<String> {
    if claim.fill.is_empty() {
        return None;
    }
    let quantity = claim.items.iter().find_map(|item| item.quantity.as_deref());
    let quantity = quantity.map(|quantity| format!("quantity {}", plain(quantity)));
    let facts = claim.fill.iter().map(|(label, value)| format!("{} {}", plain(label), shortened(value, 80)));
    Some(format!("↳ {}", quantity.into_iter().chain(facts).collect::<Vec<_>>().join(", ")))
}

/// What it was billed with: for payment, and no clinical fact.
pub(super) fn diagnoses(claim: &Claim) -> Option<String> {
    let names: Vec<String> =
        claim.diagnoses.iter().take(LINES_MAX).map(|billed| named(&billed.concept)).collect();
    (!names.is_empty())
        .then(|| shortened(&format!("↳ the claim says it was for: {}", names.join("; ")), LINE_CHARS))
}

/// Of a claim that an earlier version of this program read: what it kept in words.
pub(super) fn of_earlier(entry: &Entry) -> Vec<String> {
    let told = entry.more.iter().filter(|(label, _)| {
        label.starts_with("claim says") || label.starts_with("total") || label == "paid"
    });
    few(told.map(|(label, value)| format!("↳ {}: {}", plain(label), shortened(value, LINE_CHARS))).collect())
}

/// What a code of a claim is called; of one without a name its code, without the address of a sender's own list.
pub(super) fn named(concept: &Concept) -> String {
    match concept.codes.first() {
        Some(Code { system: System::Other(_), code, .. }) if concept.name().is_none() => {
            format!("code {}", plain(code))
        }
        _ => naming::name(concept),
    }
}

fn few(mut lines: Vec<String>) -> Vec<String> {
    let rest = lines.len().saturating_sub(LINES_MAX);
    lines.truncate(LINES_MAX);
    if rest > 0 {
        lines.push(format!("↳ and {rest} more: see get_record"));
    }
    lines
}

/// Visits and procedures of the record by their day, to stand beside the claims of that day.
pub(super) struct Around<'a> {
    by_day: HashMap<String, Vec<&'a Entry>>,
}

impl<'a> Around<'a> {
    /// All of them.
    pub fn of(context: &Context<'a>) -> Result<Around<'a>, Refusal> {
        let mut by_day: HashMap<String, Vec<&Entry>> = HashMap::new();
        for kind in [Kind::Visit, Kind::Procedure] {
            for group in context.view.groups(kind) {
                context.check()?;
                let face = context.view.face(group);
                let day = face.date.and_then(|when| when.civil()).filter(|_| face.standing.is_fact());
                if let Some(day) = day {
                    by_day.entry(day.to_string()).or_default().push(face);
                }
            }
        }
        Ok(Around { by_day })
    }

    /// What these records hold of the day of a claim: its visits, and procedures with a code of the claim.
    pub fn at(&self, context: &Context<'_>, claim: &Entry) -> Option<String> {
        let day = claim.date?.civil()?;
        let is_meant = |entry: &&&Entry| entry.kind() == Kind::Visit || shares_a_code(entry, claim);
        let found = self.by_day.get(&day.to_string())?.iter().filter(is_meant).take(LINES_MAX);
        let told =
            found.map(|entry| format!("{} [{}]", shortened(&in_few_words(context, entry), 80), entry.id));
        let told: Vec<String> = told.collect();
        (!told.is_empty()).then(|| format!("↳ in these records on that day: {}", told.join("; ")))
    }
}

fn shares_a_code(procedure: &Entry, claim: &Entry) -> bool {
    let Detail::Claim(billed) = &claim.detail else { return false };
    let is_given = |code: &&Code| !matches!(code.system, System::Other(None));
    let concepts = billed.items.iter().map(|item| &item.concept);
    let mut codes = concepts
        .chain(billed.procedures.iter().map(|billed| &billed.concept))
        .flat_map(|concept| &concept.codes);
    codes.any(|code| {
        let same = |own: &Code| own.system == code.system && own.code == code.code;
        procedure.concept.codes.iter().filter(is_given).any(same)
    })
}
