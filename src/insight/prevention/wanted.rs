//! Which checks and vaccines somebody asks about.

use super::vaccines::Series;
use crate::insight::matching::Words;
use crate::knowledge::prevention::{Rule, Sought};
use crate::knowledge::vaccines::groups_named;

/// What somebody asks about.
pub(super) struct Wanted {
    words: Option<Words>,
    diseases: Vec<&'static str>,
}

impl Wanted {
    /// From its words; everything where there are none.
    pub fn of(query: Option<&str>) -> Wanted {
        Wanted { words: query.map(Words::of), diseases: query.map(groups_named).unwrap_or_default() }
    }

    /// Whether a rule bears the words.
    pub fn names(&self, rule: &Rule) -> bool {
        let evidence = rule.evidence.iter().filter_map(|wanted| match wanted.sought {
            Sought::Words(words) => Some(words),
            Sought::Loinc(_) => None,
        });
        let texts = || [rule.name, rule.body, rule.key, rule.says].into_iter().chain(evidence.clone());
        self.words.as_ref().is_none_or(|words| words.are_in(texts()))
    }

    /// Whether a vaccine bears the words, or is against a disease that they name.
    pub fn names_vaccine(&self, series: &Series) -> bool {
        let is_named = series.diseases.iter().any(|disease| self.diseases.contains(disease));
        self.words.as_ref().is_none_or(|words| is_named || words.are_in(series.diseases.iter().copied()))
    }
}
