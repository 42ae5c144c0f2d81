//! Which insurances and claims are asked for: by words, by a status, by an amount that stands on a letter.

use std::str::FromStr;

use super::money::Money;
use super::{Kind, is_withdrawn};
use crate::insight::matching::Words;
use crate::insight::{Asked, Context, Refusal, rows};
use crate::record::{Claim, Detail, Entry, each_text};

/// What is asked for.
pub(super) struct Wanted {
    words: Option<Words>,
    amount: Option<(String, Money)>,
    status: Status,
    is_narrowed: bool,
}

/// Which statuses are shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Status {
    /// All but what was withdrawn.
    Usual,
    Active,
    Cancelled,
    Draft,
    Denied,
    Withdrawn,
    All,
}

const STATUSES: [(&str, Status); 6] = [
    ("active", Status::Active),
    ("cancelled", Status::Cancelled),
    ("draft", Status::Draft),
    ("denied", Status::Denied),
    ("entered-in-error", Status::Withdrawn),
    ("all", Status::All),
];

impl Wanted {
    /// Understands what was asked.
    pub fn of(context: &Context<'_>, asked: &Asked) -> Result<Wanted, Refusal> {
        let status = asked.status.as_deref().map(|status| rows::one_of("status", status, &STATUSES));
        let amount = asked.query.as_deref().and_then(|query| amount_in(context, query));
        let query = asked.query.as_deref().filter(|_| amount.is_none());
        Ok(Wanted {
            words: query.map(Words::of),
            amount,
            status: status.transpose()?.unwrap_or(Status::Usual),
            is_narrowed: asked.is_narrowed(),
        })
    }

    /// Whether an entry is asked for.
    pub fn fits(&self, entry: &Entry) -> bool {
        self.has_status(entry)
            && self.has_amount(entry)
            && self.words.as_ref().is_none_or(|words| names(words, entry))
    }

    /// The amount that is looked for.
    pub fn amount(&self) -> Option<&Money> {
        self.amount.as_ref().map(|(_, money)| money)
    }

    /// Whether only some are asked for: then each is told with what stands around it.
    pub fn is_narrowed(&self) -> bool {
        self.is_narrowed
    }

    /// That an amount was looked for, and that one amount can stand for several things.
    pub fn told_amount(&self) -> Option<String> {
        let (written, _) = self.amount.as_ref()?;
        Some(format!(
            "Looked for the amount {}: a claim is listed where it holds exactly that amount, which need not be what was billed to the person.",
            crate::insight::plain(written)
        ))
    }

    fn has_status(&self, entry: &Entry) -> bool {
        let is = |word: &str| entry.status.as_deref() == Some(word);
        let withdrawn = is_withdrawn(entry.standing);
        match self.status {
            Status::All => true,
            Status::Withdrawn => withdrawn,
            _ if withdrawn => false,
            Status::Usual => true,
            Status::Active => is("active"),
            Status::Cancelled => is("cancelled"),
            Status::Draft => is("draft"),
            Status::Denied => claim_of(entry).is_some_and(|claim| claim.every_denial().next().is_some()),
        }
    }

    fn has_amount(&self, entry: &Entry) -> bool {
        let Some((_, wanted)) = &self.amount else { return true };
        claim_of(entry).is_some_and(|claim| {
            claim.every_amount().any(|amount| Money::of(amount).is_some_and(|own| own.is_equal(wanted)))
        })
    }
}

/// The amount in a query: behind a sign of money, or any number that some claim holds.
fn amount_in(context: &Context<'_>, query: &str) -> Option<(String, Money)> {
    let words =
        query.split_whitespace().map(|word| word.trim_matches(|sign: char| "?!,;:()\"'".contains(sign)));
    let words = words.map(|word| word.trim_end_matches('.'));
    let numbers: Vec<(bool, String, Money)> = words
        .filter_map(|word| {
            let bare = word.trim_start_matches(['$', '€', '£']).trim_end_matches(['$', '€', '£']);
            let money = Money::from_str(&bare.replace(',', "")).ok()?;
            Some((bare.len() < word.len(), word.to_owned(), money))
        })
        .collect();
    let marked = numbers.iter().find(|(is_marked, ..)| *is_marked);
    let held = || {
        let claims = || context.view.entries(Kind::Claim).filter_map(claim_of);
        let is_held = |wanted: &Money| {
            let mut amounts = claims().flat_map(|claim| claim.every_amount()).filter_map(Money::of);
            amounts.any(|own| own.is_equal(wanted))
        };
        numbers.iter().find(|(_, _, money)| is_held(money))
    };
    marked.or_else(held).map(|(_, written, money)| (written.clone(), money.clone()))
}

/// What only a claim has; nothing of one that was read by an earlier version.
pub(super) fn claim_of(entry: &Entry) -> Option<&Claim> {
    match &entry.detail {
        Detail::Claim(claim) => Some(claim),
        _ => None,
    }
}

fn names(words: &Words, entry: &Entry) -> bool {
    let mut texts: Vec<&str> = Vec::new();
    each_text(entry, &mut |_, text| texts.push(text));
    let called = if entry.kind() == Kind::Coverage { "insurance coverage plan" } else { "claim bill" };
    texts.push(called);
    words.name(entry, &texts)
}
