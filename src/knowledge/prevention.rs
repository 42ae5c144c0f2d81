//! Prevention rules: which body says who may be offered which check, and how often.
//! Bodies are never blended, and no rule says that anything is late.

use jiff::civil::Date;
use std::sync::LazyLock;

use super::sensitive::{Class, Classes};
use super::table::{list, rows};
use super::whom::{Ages, Sex};

pub(super) const PREVENTION: &str = include_str!("tables/prevention.tsv");

/// One rule of one body.
#[derive(Debug)]
pub struct Rule {
    /// Stable name.
    pub key: &'static str,
    /// Plain name of the check.
    pub name: &'static str,
    /// The body.
    pub body: &'static str,
    /// The body's grade; may be empty.
    pub grade: &'static str,
    /// When the body released it, as exactly as is known: `2015-10`, `2021-05-18`.
    pub released: &'static str,
    /// When it was last read.
    pub as_of: Option<Date>,
    /// The day after which the answer says that it may have been replaced.
    pub stale_after: Option<Date>,
    /// The sex whose organ is needed.
    pub sex: Option<Sex>,
    /// The ages it is for.
    pub ages: Ages,
    /// Tokens that must all be on record; see [`super::prevention_tokens`].
    pub needs: Vec<&'static str>,
    /// Tokens of which any one on record means that the rule does not apply.
    pub not_when: Vec<&'static str>,
    /// The body's own time between checks.
    pub interval_months: Option<u32>,
    /// What on record shows that it was done, as alternatives.
    pub evidence: Vec<Evidence>,
    /// The rule in plain words.
    pub says: &'static str,
    /// Where it was read, with the year.
    pub source: &'static str,
}

/// One thing on record that shows that a check was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The kind of entry.
    pub kind: EvidenceKind,
    /// What is looked for in it.
    pub sought: Sought,
    /// How long it counts for; nothing means for life.
    pub counts_months: Option<u32>,
    /// Whether it counts only if it was done at the ages of the rule: the check of nine months is not the one of
    /// eighteen.
    pub is_of_its_ages: bool,
}

/// Kinds of done and dated entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EvidenceKind {
    /// Results, vital signs and measurements.
    Lab,
    /// Procedures.
    Procedure,
    /// Imaging.
    Imaging,
    /// Questionnaires.
    Questionnaire,
    /// Visits.
    Visit,
    /// Documents.
    Document,
}

/// What is looked for in an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sought {
    /// A LOINC code.
    Loinc(&'static str),
    /// Whole words.
    Words(&'static str),
}

/// In the place of the months: for life, if it was done at the ages of the rule.
const ONCE: &str = "once";

impl EvidenceKind {
    fn read(word: &str) -> Option<Self> {
        Some(match word {
            "lab" => Self::Lab,
            "procedure" => Self::Procedure,
            "imaging" => Self::Imaging,
            "questionnaire" => Self::Questionnaire,
            "visit" => Self::Visit,
            "document" => Self::Document,
            _ => return None,
        })
    }
}

impl Evidence {
    /// Reads `lab:29771-3:12`.
    fn read(text: &'static str) -> Option<Self> {
        let (kind, rest) = text.split_once(':')?;
        let (sought, months) = rest.rsplit_once(':')?;
        let counts_months = match months {
            "" | ONCE => None,
            months => Some(months.parse().ok()?),
        };
        let sought = if is_loinc(sought) { Sought::Loinc(sought) } else { Sought::Words(sought) };
        Some(Self { kind: EvidenceKind::read(kind)?, sought, counts_months, is_of_its_ages: months == ONCE })
    }
}

fn is_loinc(text: &str) -> bool {
    text.split_once('-').is_some_and(|(number, check)| {
        check.len() == 1 && format!("{number}{check}").bytes().all(|byte| byte.is_ascii_digit())
    })
}

impl Rule {
    /// Whether it is written for this age and sex; what is not known fits no rule
    /// that asks for it. Tokens are judged apart.
    pub fn is_for(&self, age_years: Option<f64>, sex: Option<Sex>) -> bool {
        self.ages.holds(age_years) && self.sex.is_none_or(|wanted| sex == Some(wanted))
    }

    /// The sensitive classes that the rule itself belongs to: a person who withholds one is not told what the
    /// rule would look for. The keys as the head of the table lists them.
    pub fn classes(&self) -> Classes {
        let is = |begins: &[&str]| begins.iter().any(|begin| self.key.starts_with(begin));
        let ends = |end: &str| self.key.ends_with(end);
        let of = [
            (Class::Hiv, is(&["hiv", "hrsa-hiv", "child-hiv"])),
            (Class::SexualReproductive, ends("-pregnancy") || is(&SEXUAL)),
            (Class::MentalHealth, is(&MENTAL)),
            (Class::SubstanceUse, is(&["alcohol-use", "drug-use"])),
            (Class::Genetic, is(&["brca-risk"])),
            (Class::Abuse, self.is_about_violence()),
        ];
        of.into_iter().filter(|(_, belongs)| *belongs).map(|(class, _)| class).collect()
    }

    /// True for the questions about violence, which nobody else may see on a screen or a page.
    pub fn is_about_violence(&self) -> bool {
        self.key.ends_with("partner-violence")
    }

    /// Whether it may have been replaced by then.
    pub fn is_stale_on(&self, today: Date) -> bool {
        self.stale_after.is_none_or(|last| today > last)
    }
}

const SEXUAL: [&str; 6] = [
    "chlamydia-",
    "gonorrhea-",
    "syphilis",
    "gestational-diabetes",
    "hrsa-diabetes-",
    "perinatal-depression",
];

const MENTAL: [&str; 6] = [
    "depression-",
    "anxiety-",
    "hrsa-anxiety",
    "child-depression",
    "mother-depression",
    "perinatal-depression",
];

static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| rows::<16>(PREVENTION).map(read_rule).collect());

fn read_rule(
    [
        key,
        name,
        body,
        grade,
        released,
        as_of,
        stale_after,
        sex,
        age_from,
        age_until,
        needs,
        not_when,
        interval_months,
        evidence,
        says,
        source,
    ]: [&'static str; 16],
) -> Rule {
    Rule {
        key,
        name,
        body,
        grade,
        released,
        as_of: as_of.parse().ok(),
        stale_after: stale_after.parse().ok(),
        sex: Sex::read(sex),
        ages: Ages::through(age_from, age_until),
        needs: list(needs).collect(),
        not_when: list(not_when).collect(),
        interval_months: interval_months.parse().ok(),
        evidence: list(evidence).filter_map(Evidence::read).collect(),
        says,
        source,
    }
}

/// All rules, in the order of the table.
pub fn rules() -> &'static [Rule] {
    &RULES
}

#[cfg(test)]
mod tests;
