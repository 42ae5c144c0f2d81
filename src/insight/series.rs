//! Results of one test over time, in one row: when all of them do not fit, none is lost unseen.

mod tally;

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use schemars::JsonSchema;
use serde::Serialize;

use super::measurements::{measurement, test_name};
use super::portrait::Who;
use super::rows::Shown;
use super::{Answer, Asked, Context, Coverage, Item, Later, Page, Refusal, Section};
use crate::knowledge::analytes::analyte_by_code;
use crate::record::{Entry, EntryId, System};

pub use tally::{Tally, tallies};

/// The results of one test, the newest first.
pub struct Series<'a> {
    /// The results.
    pub shown: Vec<Shown<'a>>,
}

/// One test in one row.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SeriesRow {
    /// The latest result, to cite.
    pub id: String,
    /// The test as recorded.
    pub test: String,
    /// How many results there are.
    pub count: usize,
    /// The latest result with its date and flag.
    pub latest: String,
    /// When the latest was taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// The flag of the latest.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub flag: String,
    /// The first result, its date and citation.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub first: String,
    /// The least and the greatest with their citations, where all have one unit.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub least_greatest: String,
    #[serde(skip)]
    entry: EntryId,
}

/// What makes two results the same test: the first LOINC code, else the first code of another system,
/// else the name; and the specimen, so that urine never stands among blood.
fn test_of(entry: &Entry, is_grouped: bool) -> String {
    let code = || code_of(entry).map_or_else(|| entry.concept.label().to_lowercase(), str::to_owned);
    let known =
        is_grouped.then(|| entry.concept.codes_in(&System::Loinc).find_map(analyte_by_code)).flatten();
    let name = known.map_or_else(code, |known| known.key.to_owned());
    let specimen = specimen_of(entry);
    let is_blood = ["blood", "serum", "plasma"].iter().any(|word| specimen.to_lowercase().contains(word));
    if is_blood { name } else { format!("{name} {}", specimen.to_lowercase()).trim_end().to_owned() }
}

fn code_of(entry: &Entry) -> Option<&str> {
    let codes = &entry.concept.codes;
    let loinc = codes.iter().find(|code| code.system == System::Loinc);
    loinc.or(codes.first()).map(|code| code.code.as_str())
}

fn specimen_of(entry: &Entry) -> &str {
    measurement(entry).and_then(|found| found.specimen.as_deref()).unwrap_or("")
}

/// The tests that were met so far, each with its place.
#[derive(Default)]
pub(super) struct Tests {
    /// Equivalent codes are one test.
    is_grouped: bool,
    places: HashMap<String, usize>,
    /// Thousands of results are recorded alike, in strings they share: what they are is worked out once.
    recorded: HashMap<[Address; 3], usize, BuildHasherDefault<AddressHasher>>,
}

/// Where a string lies: the same place is the same string.
type Address = (usize, usize);

/// Hashes addresses and lengths, which nobody from outside can choose: quickly, and no more than that.
#[derive(Default)]
struct AddressHasher(u64);

impl Hasher for AddressHasher {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_usize(usize::from(*byte)));
    }

    fn write_usize(&mut self, number: usize) {
        self.0 = (self.0.rotate_left(5) ^ number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn finish(&self) -> u64 {
        self.0 ^ self.0 >> 32
    }
}

impl Tests {
    /// Tests of which equivalent codes, as the table of analytes groups them, are one.
    pub(super) fn grouped() -> Tests {
        Tests { is_grouped: true, ..Tests::default() }
    }

    /// The tests in the order of their places.
    pub(super) fn names(self) -> Vec<String> {
        let mut names: Vec<(usize, String)> =
            self.places.into_iter().map(|(name, place)| (place, name)).collect();
        names.sort_unstable();
        names.into_iter().map(|(_, name)| name).collect()
    }

    /// The place of an entry's test: that of a new one is the number of those before it.
    pub(super) fn place(&mut self, entry: &Entry) -> usize {
        let address = |text: Option<&str>| text.map_or((0, 0), |text| (text.as_ptr() as usize, text.len()));
        let words = [code_of(entry), entry.concept.name(), Some(specimen_of(entry))].map(address);
        let next = self.places.len();
        let (places, is_grouped) = (&mut self.places, self.is_grouped);
        let test = || *places.entry(test_of(entry, is_grouped)).or_insert(next);
        *self.recorded.entry(words).or_insert_with(test)
    }
}

/// The results by test, of results with the newest first; the test with the newest result first.
pub fn by_test<'a>(context: &Context<'_>, shown: &[Shown<'a>]) -> Result<Vec<Series<'a>>, Refusal> {
    let mut places = Tests::default();
    let mut tests: Vec<Series<'a>> = Vec::new();
    for &one in shown {
        context.check()?;
        let place = places.place(one.face);
        match tests.get_mut(place) {
            Some(test) => test.shown.push(one),
            None => tests.push(Series { shown: vec![one] }),
        }
    }
    Ok(tests)
}

/// The list as one row a test.
pub fn answer(
    context: &Context<'_>,
    asked: &Asked,
    what: &str,
    tests: &[Tally<'_>],
    mut coverage: Coverage,
) -> Result<Answer, Refusal> {
    let results: usize = tests.iter().map(Tally::count).sum();
    coverage.notices.push(format!(
        "{results} results do not fit, so each of the {} tests is one row; all of one test: {} {{\"query\":\"name\"}}, all in order: add \"limit\"",
        tests.len(),
        context.tool
    ));
    let who = Who::of(context);
    let row = |test: &Tally<'_>| test.row(&who);
    let items = tests.iter().map(|test| Later::new(test.latest().id, || row(test))).collect();
    let columns = &["test", "n", "latest", "date", "flag", "first", "least–greatest"];
    let page = Page {
        title: asked.title(&format!("{what}, one row a test")),
        first: Vec::new(),
        sections: vec![Section { heading: String::new(), columns, items }],
        nothing: String::new(),
        coverage,
        cursor_begins: super::ask::BY_TEST,
    };
    page.answer(context, asked.cursor, asked.budget)
}

impl<'a> Series<'a> {
    /// The newest result.
    pub fn latest(&self) -> &'a Entry {
        self.shown[0].face
    }

    /// How many results there are, in words.
    pub fn count(&self) -> String {
        format!("{} result{}", self.shown.len(), if self.shown.len() == 1 { "" } else { "s" })
    }
}

impl Item for SeriesRow {
    fn id(&self) -> EntryId {
        self.entry
    }

    fn cells(&self) -> Vec<String> {
        let date = self.date.clone().unwrap_or_else(|| "not dated".into());
        vec![
            self.test.clone(),
            self.count.to_string(),
            self.latest.clone(),
            date,
            self.flag.clone(),
            self.first.clone(),
            self.least_greatest.clone(),
        ]
    }
}
