//! The versions of a claim: sent and decided, cancelled, replaced. What stands is the newest.

use std::collections::HashSet;

use super::asked::claim_of;
use crate::insight::{Context, Refusal};
use crate::record::{Entry, Kind, LinkRole, Standing};

/// How a claim stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stand {
    /// An insurer decided it.
    Decided,
    /// It was sent, or asked beforehand, and nothing decided is here.
    Sent,
    /// Cancelled, withdrawn, or replaced by a later version.
    Past,
}

/// Which claims are answered or replaced by others.
pub(super) struct Versions {
    answered: HashSet<(u16, String)>,
    replaced_numbers: HashSet<(u16, String)>,
    replaced_keys: HashSet<(u16, String)>,
}

impl Versions {
    /// Of all claims that may be seen.
    pub fn of(context: &Context<'_>) -> Result<Versions, Refusal> {
        let mut versions = Versions {
            answered: HashSet::new(),
            replaced_numbers: HashSet::new(),
            replaced_keys: HashSet::new(),
        };
        for entry in context.view.entries(Kind::Claim) {
            context.check()?;
            let of_source = |text: &str| (entry.source, text.to_owned());
            if claim_of(entry).is_some_and(|claim| claim.is_decided) {
                versions.answered.extend(entry.linked(LinkRole::Related).map(of_source));
            }
            versions.replaced_keys.extend(entry.linked(LinkRole::Replaces).map(of_source));
            let numbers = entry.more.iter().filter(|(label, _)| label == "replaces claim");
            versions.replaced_numbers.extend(numbers.map(|(_, number)| of_source(number)));
        }
        Ok(versions)
    }

    /// A claim as it was sent, about which the same source tells what was decided.
    pub fn is_answered(&self, entry: &Entry) -> bool {
        claim_of(entry).is_some_and(|claim| !claim.is_decided)
            && self.answered.contains(&(entry.source, entry.key.to_string()))
    }

    fn is_replaced(&self, entry: &Entry) -> bool {
        let by_number =
            entry.more.iter().filter(|(label, _)| label == "identifier").any(|(_, identifier)| {
                let number = identifier.rsplit('|').next().unwrap_or_default();
                self.replaced_numbers.contains(&(entry.source, number.to_owned()))
            });
        by_number
            || self.replaced_keys.contains(&(entry.source, entry.key.to_string()))
            || entry.extra("replaced by claim").is_some()
    }

    /// How it stands.
    pub fn stand(&self, entry: &Entry) -> Stand {
        let is_past = matches!(entry.status.as_deref(), Some("cancelled" | "entered-in-error"));
        if is_past || entry.standing == Standing::EnteredInError || self.is_replaced(entry) {
            return Stand::Past;
        }
        let claim = claim_of(entry);
        let is_usual = claim.is_none_or(|claim| {
            claim.is_decided && claim.usage.as_deref().is_none_or(|usage| usage == "claim")
        });
        if is_usual && entry.status.as_deref() != Some("draft") { Stand::Decided } else { Stand::Sent }
    }
}
