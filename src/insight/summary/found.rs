//! What was found: the latest results and vital signs, and reports.

use std::collections::HashSet;

use super::part::{line, select};
use crate::insight::measurements::measurement;
use crate::insight::medications::HomeMedicine;
use crate::insight::problems::Problem;
use crate::insight::rows::date_cell;
use crate::insight::series::{self, Series};
use crate::insight::sheet::Part;
use crate::insight::telling::in_few_words;
use crate::insight::{Asked, Context, Coverage, Refusal, measured, shortened};
use crate::knowledge::analytes::analyte_by_code;
use crate::knowledge::medicine_facts::facts;
use crate::record::{Abnormality, Detail, DocumentKind, Entry, Kind, System};

/// The latest result of each test: what the report flags first, then what belongs to the present problems and
/// to medicines of high risk, then the newest.
pub(super) fn results(
    context: &Context<'_>,
    asked: &Asked,
    coverage: &mut Coverage,
    wanted: &HashSet<&'static str>,
) -> Result<Part, Refusal> {
    let shown = select(context, Kind::Lab, asked, coverage)?;
    let mut tests = series::by_test(context, &shown)?;
    let is_flagged = |test: &Series<'_>| {
        let found = measurement(test.latest());
        found.is_some_and(|found| measured::abnormality(found) == Abnormality::Abnormal)
    };
    let belongs = |test: &Series<'_>| {
        let known = test.latest().concept.codes_in(&System::Loinc).find_map(analyte_by_code);
        known.is_some_and(|known| wanted.contains(known.key))
    };
    let flagged = tests.iter().filter(|test| is_flagged(test)).count();
    tests.sort_by_cached_key(|test| (!is_flagged(test), !belongs(test), std::cmp::Reverse(test.latest().date)));
    let told = tests.iter().take(RESULTS_MOST).map(|test| latest_line(context, test));
    let mut lines: Vec<String> = told.collect();
    lines.extend(tests.iter().skip(RESULTS_MOST).map(|_| String::new()));
    Ok(Part::of("Latest results (flagged first)", "get_labs", 14, lines).keeping(flagged.clamp(4, 12)))
}

/// A page never shows more results than these; the others are only counted.
const RESULTS_MOST: usize = 40;

/// The analytes that belong to the present problems, and those that are followed with medicines of high risk.
pub(super) fn analytes_wanted(problems: &[Problem<'_>], home: &[HomeMedicine<'_>]) -> HashSet<&'static str> {
    let present = problems.iter().filter(|problem| problem.is_present_illness());
    let of_problems = present.filter_map(|problem| problem.known).flat_map(|known| known.results.iter().copied());
    let risky = home.iter().flat_map(|medicine| &medicine.ingredients).filter(|known| known.high_risk.is_some());
    let of_medicines = risky.filter_map(|known| facts(known.name)).flat_map(|facts| facts.labs.iter().copied());
    of_problems.chain(of_medicines).collect()
}

/// The latest of each, in the order in which they are asked for.
pub(super) fn vitals(context: &Context<'_>, asked: &Asked, coverage: &mut Coverage) -> Result<Part, Refusal> {
    let shown = select(context, Kind::Vital, asked, coverage)?;
    let mut tests = series::by_test(context, &shown)?;
    tests.sort_by_key(|test| {
        let name = test.latest().concept.label().to_lowercase();
        VITALS_FIRST.iter().position(|first| name.contains(first)).unwrap_or(VITALS_FIRST.len())
    });
    Ok(Part::of(
        "Latest vitals",
        "get_vitals",
        6,
        tests.iter().map(|test| latest_line(context, test)).collect(),
    ))
}

const VITALS_FIRST: &[&str] = &["blood pressure", "weight", "mass index", "heart rate", "oxygen", "height"];

/// The latest result of a test. Of several at that very instant none is the latest: all are told.
fn latest_line(context: &Context<'_>, test: &Series<'_>) -> String {
    let entry = test.latest();
    let told = line(&in_few_words(context, entry), entry.date, entry);
    let twins =
        test.shown.iter().map(|shown| shown.face).skip(1).take_while(|other| other.date == entry.date);
    let twins = twins.filter(|other| other.date.is_some() && !is_same_result(entry, other));
    let twins: Vec<String> =
        twins.map(|other| format!("{} [{}]", in_few_words(context, other), other.id)).collect();
    if twins.is_empty() { told } else { format!("{told}; at the same time: {}", twins.join(", ")) }
}

fn is_same_result(one: &Entry, other: &Entry) -> bool {
    let result = |entry: &Entry| measurement(entry).map(|found| measured::result(entry, found));
    result(one) == result(other)
}

pub(super) fn reports(
    context: &Context<'_>,
    asked: &Asked,
    coverage: &mut Coverage,
) -> Result<Part, Refusal> {
    let mut shown = select(context, Kind::Imaging, asked, coverage)?;
    let documents = select(context, Kind::Document, asked, coverage)?;
    shown.extend(documents.into_iter().filter(|shown| matches!(&shown.face.detail, Detail::Document(document)
        if matches!(document.kind, DocumentKind::Pathology | DocumentKind::Genetics | DocumentKind::Discharge))));
    let lines = shown.iter().take(REPORTS_MOST).map(|shown| {
        let words = shortened(&in_few_words(context, shown.face), REPORT_CHARS);
        format!("{} {words} [{}]", date_cell(shown.face.date), shown.face.id)
    });
    let mut lines: Vec<String> = lines.collect();
    lines.extend(shown.iter().skip(REPORTS_MOST).map(|_| String::new()));
    Ok(Part::of("Reports", "get_documents", 4, lines))
}

/// A page never shows more reports than these; the others are only counted.
const REPORTS_MOST: usize = 8;

/// Characters of a report's conclusion that a page has room for; an ellipsis marks what is cut.
const REPORT_CHARS: usize = 130;
