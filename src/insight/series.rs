//! Results of one test over time, in one row: when all of them do not fit, none is lost unseen.

use std::collections::HashMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::measurements::{measurement, test_name};
use super::rows::Shown;
use super::{Answer, Asked, Context, Coverage, Item, Page, Refusal, Section, measured, plain};
use crate::record::{Entry, EntryId, System, Value};

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
fn test_of(entry: &Entry) -> String {
    let name = code_of(entry).map_or_else(|| entry.concept.label().to_lowercase(), str::to_owned);
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

/// The results by test; the test with the newest result first.
pub fn by_test<'a>(context: &Context<'_>, shown: &[Shown<'a>]) -> Result<Vec<Series<'a>>, Refusal> {
    let mut places: HashMap<String, usize> = HashMap::new();
    // Thousands of results are recorded alike: what they are is worked out once.
    let mut recorded: HashMap<(Option<&str>, Option<&str>, &str), usize> = HashMap::new();
    let mut tests: Vec<Series<'a>> = Vec::new();
    for &one in shown {
        context.check()?;
        let entry = one.face;
        let words = (code_of(entry), entry.concept.name(), specimen_of(entry));
        let place =
            *recorded.entry(words).or_insert_with(|| *places.entry(test_of(entry)).or_insert(tests.len()));
        if place == tests.len() {
            tests.push(Series { shown: Vec::new() });
        }
        tests[place].shown.push(one);
    }
    Ok(tests)
}

/// The list as one row a test.
pub fn answer(
    context: &Context<'_>,
    asked: &Asked,
    what: &str,
    tests: &[Series<'_>],
    mut coverage: Coverage,
) -> Result<Answer, Refusal> {
    let results: usize = tests.iter().map(|test| test.shown.len()).sum();
    coverage.notices.push(format!(
        "{results} results do not fit, so each of the {} tests is one row; all of one test: {} {{\"query\":\"name\"}}, all in order: add \"limit\"",
        tests.len(),
        context.tool
    ));
    let items = tests.iter().map(Series::row).collect();
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

    fn row(&self) -> SeriesRow {
        let latest = self.latest();
        let found = measurement(latest);
        let first = self.shown.iter().rev().map(|shown| shown.face).find(|entry| entry.id != latest.id);
        SeriesRow {
            id: latest.id.to_string(),
            test: test_name(latest),
            count: self.shown.len(),
            latest: found.map(|found| measured::result(latest, found)).unwrap_or_default(),
            date: latest.date.map(|when| when.date_text()),
            flag: found.map(measured::flag).unwrap_or_default(),
            first: first.map(cited_with_date).unwrap_or_default(),
            least_greatest: self.least_and_greatest().unwrap_or_default(),
            entry: latest.id,
        }
    }

    /// The least and the greatest value, told only where all values are plain numbers in one unit.
    fn least_and_greatest(&self) -> Option<String> {
        let values: Option<Vec<(f64, &Entry)>> =
            self.shown.iter().map(|shown| self.comparable(shown.face)).collect();
        let values = values.filter(|values| values.len() > 2)?;
        let least = values.iter().min_by(|left, right| left.0.total_cmp(&right.0))?.1;
        let greatest = values.iter().max_by(|left, right| left.0.total_cmp(&right.0))?.1;
        Some(format!("{} [{}] – {} [{}]", number(least)?, least.id, number(greatest)?, greatest.id))
    }

    fn comparable(&self, entry: &'a Entry) -> Option<(f64, &'a Entry)> {
        let unit = |entry: &'a Entry| match &measurement(entry)?.value {
            Some(Value::Quantity(quantity)) if quantity.comparator.is_none() => {
                Some((quantity, quantity.unit()))
            }
            _ => None,
        };
        let (quantity, own) = unit(entry)?;
        let (_, latest) = unit(self.latest())?;
        // Without a unit nothing is compared.
        (own.is_some() && own == latest).then(|| (quantity.number.value(), entry))
    }
}

fn number(entry: &Entry) -> Option<String> {
    match &measurement(entry)?.value {
        Some(Value::Quantity(quantity)) => Some(quantity.shown_number()),
        _ => None,
    }
}

fn cited_with_date(entry: &Entry) -> String {
    let result = measurement(entry).map(|found| measured::result(entry, found)).unwrap_or_default();
    let date = entry.date.map_or_else(|| "not dated".into(), |when| when.date_text());
    format!("{} {date} [{}]", plain(&result), entry.id)
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
