//! What was found: the latest results and vital signs, and reports.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;

use super::part::{line, select};
use crate::insight::measurements::measurement;
use crate::insight::medications::HomeMedicine;
use crate::insight::portrait::Who;
use crate::insight::problems::Problem;
use crate::insight::rows::date_cell;
use crate::insight::series::Series;
use crate::insight::sheet::{NEW_ROW, Part};
use crate::insight::telling::in_few_words;
use crate::insight::trend::{Keep, Moved, Trend, strands, trends};
use crate::insight::{Asked, Context, Coverage, Refusal, measured, shortened};
use crate::knowledge::analytes::analyte_by_code;
use crate::knowledge::medicine_facts::facts;
use crate::record::{Abnormality, Detail, DocumentKind, Entry, EntryId, Kind, System};

/// The latest result of each test: what the report flags first, then what belongs to the present problems and
/// to medicines of high risk, then the newest. Of those flagged so many stay, whatever else there is room for.
pub(super) fn results(
    context: &Context<'_>,
    asked: &Asked,
    coverage: &mut Coverage,
    wanted: &HashSet<&'static str>,
    moves: &HashMap<EntryId, String>,
    flagged_kept: usize,
) -> Result<Part, Refusal> {
    let mut tests = by_test(context, Kind::Lab, asked, coverage)?;
    let who = Who::of(context);
    let is_flagged = |test: &Series<'_>| is_flagged(&who, test.latest());
    let belongs = |test: &Series<'_>| {
        let known = test.latest().concept.codes_in(&System::Loinc).find_map(analyte_by_code);
        known.is_some_and(|known| wanted.contains(known.key))
    };
    let flagged = tests.iter().filter(|test| is_flagged(test)).count();
    tests.sort_by_cached_key(|test| {
        (!is_flagged(test), !belongs(test), std::cmp::Reverse(test.latest().date))
    });
    let mut lines: Vec<String> = Vec::new();
    let mut in_rows: Vec<String> = Vec::new();
    let mut day = String::new();
    for (place, test) in tests.iter().enumerate() {
        if place >= RESULTS_MOST {
            lines.push(String::new());
            in_rows.push(String::new());
            continue;
        }
        let told = latest(context, test);
        let moved = moves.get(&test.latest().id).map_or("", String::as_str);
        let of = date_cell(test.latest().date);
        lines.push(format!("{}, {of} [{}]{moved}{}", told.what, test.latest().id, told.twins));
        let row = format!("{} [{}]{moved}{}", told.what, test.latest().id, told.twins);
        in_rows.push(if of == day { row } else { format!("{NEW_ROW}{of}: {row}") });
        day = of;
    }
    let part = Part::of("Latest results (flagged first)", "get_labs", 14, lines);
    Ok(part.keeping(flagged.clamp(4, flagged_kept)).in_rows(in_rows))
}

fn is_flagged(who: &Who, entry: &Entry) -> bool {
    measurement(entry)
        .is_some_and(|found| measured::abnormality(found, Some((who, entry))) == Abnormality::Abnormal)
}

/// The results of a kind that can be by their dates, by test, those of equivalent codes together.
fn by_test<'a>(
    context: &Context<'a>,
    kind: Kind,
    asked: &Asked,
    coverage: &mut Coverage,
) -> Result<Vec<Series<'a>>, Refusal> {
    let strands = strands(context, &[kind], asked, coverage, Keep::Recorded)?;
    let possible = strands.into_iter().map(|strand| {
        let can_be = strand.readings.partition_point(|shown| !shown.is_impossible());
        Series { shown: strand.readings.into_iter().take(can_be).collect() }
    });
    Ok(possible.filter(|test| !test.shown.is_empty()).collect())
}

/// What moved beyond its usual variation, by its latest result: `, up from 7.4% (2025-10-06) [L482913]`.
pub(super) fn moves(
    context: &Context<'_>,
    since: Option<Date>,
) -> Result<(HashMap<EntryId, String>, Vec<String>), Refusal> {
    let mut by_latest = HashMap::new();
    let mut told = Vec::new();
    let trends = trends(context, since)?;
    let mut moved: Vec<(&Trend<'_>, Moved<'_>)> =
        trends.iter().filter_map(|trend| Some((trend, trend.moved?))).collect();
    // What the report flags first, then what moved most for a test of its kind.
    let who = Who::of(context);
    moved.sort_by(|(_, one), (_, other)| {
        let flagged = [one, other].map(|moved| is_flagged(&who, moved.to));
        flagged[1].cmp(&flagged[0]).then(other.times.total_cmp(&one.times))
    });
    for (trend, moved) in moved {
        let Some(found) = measurement(moved.from) else { continue };
        let (word, from) = (moved.direction.word(), moved.from);
        let was = shortened(&measured::result(from, found), RESULT_CHARS);
        by_latest
            .insert(trend.latest.id, format!(" {word} from {was}, {} [{}]", date_cell(from.date), from.id));
        told.push(format!("{} {word} [{}]", shortened(&trend.name, RESULT_CHARS), trend.latest.id));
    }
    Ok((by_latest, told))
}

/// Characters of a result or the name of a test.
const RESULT_CHARS: usize = 60;

/// A page never shows more results than these; the others are only counted.
const RESULTS_MOST: usize = 40;

/// The analytes that belong to the present problems, and those that are followed with medicines of high risk.
pub(super) fn analytes_wanted(problems: &[Problem<'_>], home: &[HomeMedicine<'_>]) -> HashSet<&'static str> {
    let present = problems.iter().filter(|problem| problem.is_present_illness());
    let of_problems =
        present.filter_map(|problem| problem.known).flat_map(|known| known.results.iter().copied());
    let risky =
        home.iter().flat_map(|medicine| &medicine.ingredients).filter(|known| known.high_risk.is_some());
    let of_medicines =
        risky.filter_map(|known| facts(known.name)).flat_map(|facts| facts.labs.iter().copied());
    of_problems.chain(of_medicines).collect()
}

/// The latest of each, in the order in which they are asked for.
pub(super) fn vitals(context: &Context<'_>, asked: &Asked, coverage: &mut Coverage) -> Result<Part, Refusal> {
    let mut tests = by_test(context, Kind::Vital, asked, coverage)?;
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
struct Latest {
    what: String,
    /// What else was found at that instant.
    twins: String,
}

fn latest(context: &Context<'_>, test: &Series<'_>) -> Latest {
    let entry = test.latest();
    let what = shortened(&in_few_words(context, entry), LATEST_CHARS);
    let twins =
        test.shown.iter().map(|shown| shown.face).skip(1).take_while(|other| other.date == entry.date);
    let twins = twins.filter(|other| other.date.is_some() && !is_same_result(entry, other));
    let all: Vec<&Entry> = twins.collect();
    let told: Vec<String> = all
        .iter()
        .take(TWINS_MOST)
        .map(|other| format!("{} [{}]", shortened(&in_few_words(context, other), LATEST_CHARS), other.id))
        .collect();
    let more = all.len().saturating_sub(TWINS_MOST);
    let more = if more > 0 { format!(", {more} more") } else { String::new() };
    let twins = if told.is_empty() {
        String::new()
    } else {
        format!(" (at the same time: {}{more})", told.join(", "))
    };
    Latest { what, twins }
}

/// Characters of a result.
const LATEST_CHARS: usize = 140;
/// Other results of the same instant that are told.
const TWINS_MOST: usize = 3;

fn latest_line(context: &Context<'_>, test: &Series<'_>) -> String {
    let told = latest(context, test);
    format!("{}{}", line(&told.what, test.latest().date, test.latest()), told.twins)
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
