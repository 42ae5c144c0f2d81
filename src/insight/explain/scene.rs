//! What an explanation looks at: the results by test, and what is known of the person.

use std::cell::OnceCell;
use std::collections::{BTreeSet, HashSet};

use super::sought::Sought;
use crate::insight::alarm;
use crate::insight::measurements::measurement;
use crate::insight::medications::{ActiveMedicine, active};
use crate::insight::plausible::is_possible;
use crate::insight::portrait::Portrait;
use crate::insight::problems::{Problem, problems};
use crate::insight::trend::alike::is_result;
use crate::insight::trend::{Keep, Movement, Strand, movement, strands};
use crate::insight::{Asked, Context, Coverage, Period, Refusal, measured};
use crate::knowledge::folding::fold;
use crate::record::{Abnormality, Entry, EntryId, FlagMeaning, Kind, Measurement};

/// What an explanation looks at.
pub struct Scene<'c, 'a> {
    /// The context.
    pub context: &'c Context<'a>,
    /// The person.
    pub portrait: Portrait,
    /// The problems of the record.
    pub problems: Vec<Problem<'a>>,
    /// The medicines for home.
    pub home: Vec<ActiveMedicine<'a>>,
    /// All tests, whatever their dates; the one with the newest result first.
    pub tests: Vec<Test<'a>>,
    /// The period asked for.
    pub period: Period,
    /// The folded names of what was done.
    procedures: OnceCell<BTreeSet<String>>,
    /// The results of the whole record that cannot wait, with what is said of each.
    pub urgent: Vec<(EntryId, String)>,
}

/// One test with the result that is told first.
pub struct Test<'a> {
    /// All its results.
    pub strand: Strand<'a>,
    /// The newest one that was done.
    pub latest: &'a Entry,
    /// Its measurement.
    pub found: &'a Measurement,
}

impl Test<'_> {
    /// The key in the table of analytes.
    pub fn key(&self) -> Option<&'static str> {
        self.strand.analyte.map(|known| known.key)
    }

    /// True where an antibiotic was tried: that belongs to its culture.
    pub fn is_susceptibility(&self) -> bool {
        is_susceptibility(self.latest)
    }
}

/// True of a result that says whether an organism answers to a drug.
pub fn is_susceptibility(entry: &Entry) -> bool {
    use FlagMeaning::{Intermediate, Resistant, Susceptible};
    let is_flagged = measurement(entry).is_some_and(|found| {
        found.flags.iter().any(|flag| matches!(flag.meaning, Susceptible | Intermediate | Resistant))
    });
    is_flagged || entry.concept.words().any(|word| word.contains("[Susceptibility]"))
}

impl<'c, 'a> Scene<'c, 'a> {
    /// Reads the record once.
    pub fn of(
        context: &'c Context<'a>,
        asked: &Asked,
        coverage: &mut Coverage,
    ) -> Result<Scene<'c, 'a>, Refusal> {
        // What moved is read against results before the period, so all are looked at.
        let all = Asked { period: Period { since: None, ..asked.period }, ..Asked::default() };
        // Questionnaires have scores that people ask about, and are no laboratory's results.
        let scores = asked.query.is_some().then_some(Kind::Background);
        let kinds: Vec<Kind> = [Kind::Lab, Kind::Vital].into_iter().chain(scores).collect();
        let strands = strands(context, &kinds, &all, coverage, Keep::Measured)?;
        let late = strands.iter().flat_map(|strand| strand.of_last_days(alarm::DAYS_MOST, context.today));
        let urgent = alarm::urgent_of(context, late);
        let is_in_period = |entry: &Entry| Period { added_since: None, ..asked.period }.holds(entry);
        let mut tests = Vec::with_capacity(strands.len());
        for strand in strands {
            context.check()?;
            let done = strand.placed().find(|entry| is_result(entry));
            let Some(latest) = done.or_else(|| strand.latest()) else { continue };
            let Some(found) = measurement(latest) else { continue };
            if is_in_period(latest) {
                tests.push(Test { strand, latest, found });
            }
        }
        let (problems, home) = (problems(context)?, active(context)?);
        let portrait = Portrait::of(context)?;
        Ok(Scene {
            context,
            portrait,
            problems,
            home,
            tests,
            period: asked.period,
            procedures: OnceCell::new(),
            urgent,
        })
    }

    /// What is said of the whole: the fixed sentence, and what is suspended for this person.
    pub fn says(&self, fixed: &str) -> String {
        let suspended = if self.portrait.is_child() {
            " Adult cut-offs, equations and usual variations are left out: the person is under 18."
        } else if self.portrait.pregnancy.is_current() {
            " Adult cut-offs, eGFR and usual variations are left out: a pregnancy is recorded as present."
        } else {
            ""
        };
        format!("{fixed}{suspended}")
    }

    /// The folded names of what was done, each once: records share their names.
    pub fn procedures(&self) -> &BTreeSet<String> {
        self.procedures.get_or_init(|| {
            let done = self.context.view.entries(Kind::Procedure).filter(|entry| entry.standing.is_fact());
            let mut seen = HashSet::new();
            let names = done.flat_map(|entry| entry.concept.words());
            names.filter(|name| seen.insert((name.as_ptr(), name.len()))).map(fold).collect()
        })
    }

    /// What can be read of a test over time.
    pub fn movement(&self, test: &Test<'a>) -> Movement<'a> {
        movement(self.context, &test.strand, &self.portrait, self.period.since)
    }

    /// Whether the report marks a result, also by the range that fits this person.
    pub fn abnormality(&self, entry: &Entry, found: &Measurement) -> Abnormality {
        measured::abnormality(found, Some((&self.portrait.who, entry)))
    }

    /// How much a test matters: the smaller, the sooner it is told.
    pub fn rank(&self, test: &Test<'a>) -> u8 {
        match () {
            () if self.is_urgent(test) => 0,
            () if !is_result(test.latest) => 4,
            () if !is_possible(test.latest, test.found) => 1,
            () if self.abnormality(test.latest, test.found) == Abnormality::Abnormal => 2,
            () if matches!(self.movement(test), Movement::Moved(_)) => 3,
            () => 4,
        }
    }

    /// True where a result of the test cannot wait.
    pub fn is_urgent(&self, test: &Test<'a>) -> bool {
        let of_late = || test.strand.of_last_days(alarm::DAYS_MOST, self.context.today);
        let is_of_it = |(id, _): &(EntryId, String)| of_late().any(|entry| entry.id == *id);
        self.urgent.iter().any(is_of_it)
    }

    /// The tests that words name, what matters most first, tests of one panel beside each other.
    pub fn tests_sought(&self, sought: &Sought) -> Result<Vec<&Test<'a>>, Refusal> {
        let mut found = Vec::new();
        for test in &self.tests {
            self.context.check()?;
            if !test.is_susceptibility() && !super::cultures::is_culture(test.latest) && sought.names(test) {
                found.push((self.rank(test), test));
            }
        }
        let panel = |test: &Test<'_>| test.strand.analyte.and_then(|known| known.panels.first().copied());
        found.sort_by_key(|(rank, test)| (*rank, panel(test).unwrap_or("~")));
        Ok(found.into_iter().map(|(_, test)| test).collect())
    }

    /// The test with that key, if the record has results of it.
    pub fn test_of_key(&self, key: &str) -> Option<&Test<'a>> {
        self.tests.iter().find(|test| test.key() == Some(key))
    }
}
