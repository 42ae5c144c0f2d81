//! What shows that a check was done: dated and done, never an order, a refusal, a referral or a plan; of
//! several the newest.

use foldhash::{HashMap, HashMapExt as _};
use jiff::civil::Date;

use super::names::{Names, stands_beside};
use super::shown::stands;
use crate::insight::lifetime::Lifetime;
use crate::insight::plausible::is_possible;
use crate::insight::portrait::Portrait;
use crate::insight::portrait::Who;
use crate::insight::{Context, Refusal, measured, rows};
use crate::knowledge::folding::{fold, holds_words};
use crate::knowledge::prevention::{EvidenceKind, Rule, Sought};
use crate::record::{
    Abnormality, Detail, Document, DocumentKind, Entry, EntryId, Kind, Measurement, Value, When,
};

/// One check that was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// The entry.
    pub id: EntryId,
    /// Its name as recorded.
    pub name: String,
    /// When.
    pub on: When,
    /// True where the report marks what was found: what follows is no screening.
    pub is_marked: bool,
}

/// What a rule counts.
#[derive(Clone)]
pub(super) struct Counting {
    /// What was done.
    pub done: Done,
    /// The months it counts for; nothing means for life.
    pub months: Option<u32>,
    /// The kind of test.
    pub kind: EvidenceKind,
    /// True of a picture that was taken to look into something: what follows is no screening.
    pub is_diagnostic: bool,
}

/// The newest of each thing that the rules look for.
pub(super) struct Evidence<'a> {
    newest: HashMap<(EvidenceKind, Sought), &'a Entry>,
    /// Whose record it is: a range may be for men alone.
    who: Who,
}

/// A check of some age counts if it was done up to a month early (head of the table of rules).
const EARLY_YEARS: f64 = 1.0 / 12.0;

/// Words beside which a name is no thing done.
const NOT_DONE_BY: [&str; 32] = [
    "referral",
    "refer",
    "referred",
    "order",
    "ordered",
    "orders",
    "declined",
    "refused",
    "scheduled",
    "schedule",
    "planned",
    "cancelled",
    "canceled",
    "reminder",
    "overdue",
    "due",
    "instructions",
    "instruction",
    "prep",
    "preparation",
    "consent",
    "request",
    "requested",
    "education",
    "letter",
    "invitation",
    "pending",
    "not done",
    "deferred",
    "recommended",
    "history",
    "not",
];

const KINDS: [(EvidenceKind, &[Kind]); 6] = [
    // A smear and a culture often come as a report without results of its own.
    (EvidenceKind::Lab, &[Kind::Lab, Kind::Vital, Kind::Document]),
    (EvidenceKind::Procedure, &[Kind::Procedure]),
    (EvidenceKind::Imaging, &[Kind::Imaging]),
    (EvidenceKind::Questionnaire, &[Kind::Background]),
    (EvidenceKind::Visit, &[Kind::Visit]),
    (EvidenceKind::Document, &[Kind::Document]),
];

impl<'a> Evidence<'a> {
    /// Looks once at every kind in which these rules look for something.
    pub fn of(context: &Context<'a>, rules: &[&Rule]) -> Result<Evidence<'a>, Refusal> {
        let mut newest: HashMap<(EvidenceKind, Sought), &'a Entry> = HashMap::new();
        let lifetime = Lifetime::of(context.view, context.today);
        for (evidence, kinds) in KINDS {
            let mut names = names(rules, evidence);
            let kinds = if names.is_empty() { &[] } else { kinds };
            for kind in kinds {
                for entry in context.view.entries(*kind) {
                    context.check()?;
                    let found = names.of(entry, &further(entry));
                    // Most results are older than one that was met already: whether they were done decides nothing.
                    let is_newer = |sought: &&Sought| {
                        let known = newest.get(&(evidence, **sought));
                        known.is_none_or(|known| (known.date, known.id) < (entry.date, entry.id))
                    };
                    let newer: Vec<Sought> = found.iter().filter(is_newer).copied().collect();
                    if newer.is_empty() || !is_done(entry, evidence, &lifetime, context.today) {
                        continue;
                    }
                    newest.extend(newer.into_iter().map(|sought| ((evidence, sought), entry)));
                }
            }
        }
        Ok(Evidence { newest, who: Who::of(context) })
    }

    /// What a rule counts, newest first.
    pub fn for_rule(&self, rule: &Rule, portrait: &Portrait) -> Vec<Counting> {
        let is_of_its_ages = |entry: &Entry| {
            let age = entry.date.and_then(|on| portrait.age_years_on(on.latest()));
            age.zip(rule.ages.from).is_some_and(|(age, from)| age >= from - EARLY_YEARS)
        };
        let entries = rule.evidence.iter().filter_map(|wanted| {
            let entry = self.newest.get(&(wanted.kind, wanted.sought))?;
            if wanted.is_of_its_ages && !is_of_its_ages(entry) {
                return None;
            }
            Some((entry, wanted))
        });
        let mut counting: Vec<Counting> = entries
            .filter_map(|(entry, wanted)| {
                let done = Done {
                    id: entry.id,
                    name: rows::name_cell(entry),
                    on: entry.date?,
                    is_marked: is_marked(&self.who, entry),
                };
                Some(Counting {
                    done,
                    months: wanted.counts_months.or(rule.interval_months),
                    kind: wanted.kind,
                    is_diagnostic: is_diagnostic(entry),
                })
            })
            .collect();
        counting.sort_by_key(|one| std::cmp::Reverse((one.done.on, one.done.id)));
        counting
    }
}

fn names(rules: &[&Rule], kind: EvidenceKind) -> Names<Sought> {
    let mut names = Names::new(counts);
    let mut known: Vec<Sought> = Vec::new();
    for wanted in rules.iter().flat_map(|rule| &rule.evidence).filter(|wanted| wanted.kind == kind) {
        if known.contains(&wanted.sought) {
            continue;
        }
        known.push(wanted.sought);
        match wanted.sought {
            Sought::Loinc(code) => names.add_code(code, wanted.sought),
            Sought::Words(words) => names.add_words(words, wanted.sought),
        }
    }
    names
}

fn counts(_: Sought, name: &str, phrase: &str) -> bool {
    let is_of_one_breast =
        (phrase.contains("mammog") || phrase.contains("tomosynthesis")) && is_one_sided(name);
    !stands_beside(name, phrase, &NOT_DONE_BY) && !is_of_one_breast
}

/// A picture of one breast answers another question than screening does.
fn is_one_sided(name: &str) -> bool {
    let has = |word: &str| holds_words(name, word);
    let is_both = has("bilateral") || has("both") || has("left") && has("right");
    !is_both && (has("unilateral") || has("left") || has("right"))
}

/// A mammogram that is named as diagnostic was taken for a finding or a complaint. A colonoscopy is named so for
/// billing alone.
fn is_diagnostic(entry: &Entry) -> bool {
    let names = || entry.concept.words().map(fold);
    let is_of_a_breast = |name: &String| name.contains("mammog") || name.contains("tomosynthesis");
    names().any(|name| is_of_a_breast(&name) && holds_words(&name, "diagnostic"))
        && !names().any(|name| holds_words(&name, "screening"))
}

/// A stay says what it was in its class too.
fn further(entry: &Entry) -> Vec<&str> {
    match &entry.detail {
        Detail::Visit(visit) => visit.class_text.as_deref().into_iter().collect(),
        _ => Vec::new(),
    }
}

fn is_done(entry: &Entry, evidence: EvidenceKind, lifetime: &Lifetime, today: Date) -> bool {
    let holds = match (&entry.detail, evidence) {
        (Detail::Measurement(found), EvidenceKind::Lab) => has_result(found) && is_possible(entry, found),
        (Detail::Document(document), EvidenceKind::Lab) => {
            matches!(document.kind, DocumentKind::Pathology | DocumentKind::Microbiology)
        }
        _ => true,
    };
    entry.date.is_some() && holds && stands(entry, lifetime, today)
}

/// A test without a result was not done, whatever its status says: laboratories send `TNP` as final.
fn has_result(found: &Measurement) -> bool {
    let is_said = |value: &Value| match value {
        Value::Quantity(_) => true,
        Value::Concept(concept) => !is_nothing(&concept.label()),
        Value::Text(text) => !is_nothing(text),
    };
    let parts = || found.components.iter().filter_map(|part| part.value.as_ref());
    found.value.as_ref().is_some_and(is_said) || parts().any(is_said)
}

fn is_nothing(result: &str) -> bool {
    let result = fold(result);
    let whole = ["", "np", "tnp", "qns", "n a", "na", "pending", "cancelled", "canceled", "see note"];
    let within = [
        "not performed",
        "not done",
        "quantity not sufficient",
        "insufficient",
        "test cancelled",
        "rejected",
    ];
    whole.contains(&result.as_str()) || within.iter().any(|words| result.contains(words))
}

/// Where the report marks its finding, the next step is no screening: a positive stool test is not "up to
/// date". What is not marked is unknown, and the answer does not say what was found.
fn is_marked(who: &Who, entry: &Entry) -> bool {
    match &entry.detail {
        Detail::Measurement(found) => {
            let is_positive = found.value.as_ref().is_some_and(|value| match value {
                Value::Quantity(_) => false,
                Value::Concept(concept) => says_positive(&concept.label()),
                Value::Text(text) => says_positive(text),
            });
            measured::abnormality(found, Some((who, entry))) == Abnormality::Abnormal || is_positive
        }
        Detail::Document(document) => concludes_more(document),
        _ => false,
    }
}

fn says_positive(words: &str) -> bool {
    let words = fold(words);
    let has = |phrase: &str| holds_words(&words, phrase);
    let is_denied = ["not", "no", "non", "negative", "none"].iter().any(|word| has(word));
    !is_denied && ["positive", "detected", "reactive", "abnormal"].iter().any(|word| has(word))
}

/// Categories that call for more than the next screening: BI-RADS 0 and 3 to 6 (American College of
/// Radiology), Lung-RADS 0, 3 and 4; the words of a smear report (Bethesda system).
fn concludes_more(document: &Document) -> bool {
    let Some(conclusion) = document.conclusion.as_deref().map(fold) else { return false };
    let has = |words: &str| holds_words(&conclusion, words);
    let graded = |scale: &str, grades: &[&str]| {
        grades
            .iter()
            .any(|grade| has(&format!("{scale} {grade}")) || has(&format!("{scale} category {grade}")))
    };
    let breast = ["0", "3", "4", "4a", "4b", "4c", "5", "6"];
    graded("bi rads", &breast)
        || graded("birads", &breast)
        || graded("lung rads", &["0", "3", "4a", "4b", "4x"])
        || ["asc us", "ascus", "asc h", "lsil", "hsil", "agc"].iter().any(|word| has(word))
        || says_positive(&conclusion)
}
