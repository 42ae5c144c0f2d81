//! What stands out of all results: what cannot wait, what cannot be, what the report flags, what changed.

use super::analyte::{self, Side, short, side};
use super::latest::cited_among;
use super::scene::{Scene, Test};
use super::{bearing, cultures, latest};
use crate::insight::measurements::{measurement, test_name};
use crate::insight::plausible::is_possible;
use crate::insight::sheet::Part;
use crate::insight::trend::Movement;
use crate::insight::trend::alike::is_result;
use crate::insight::{Asked, Refusal, plain, rows};
use crate::knowledge::analytes::analytes;
use crate::knowledge::explained::explanation;
use crate::record::{Abnormality, Entry, Kind};

/// A flag of so many days before today is told though the latest result carries none.
const EARLIER_DAYS: i32 = 365;
/// So many urgent results are told singly.
const URGENT_MOST: usize = 4;
/// So many things are named behind a result.
const NAMED_MOST: usize = 3;

/// The parts, in the order of clinical safety, section 3.
pub(super) fn parts(scene: &Scene<'_, '_>) -> Result<Vec<Part>, Refusal> {
    let (mut implausible, mut flagged, mut changed, mut others) = (vec![], vec![], vec![], vec![]);
    for test in &scene.tests {
        scene.context.check()?;
        if test.is_susceptibility() || cultures::is_culture(test.latest) {
            continue;
        }
        match scene.rank(test) {
            0 | 2 => flagged.push(test),
            1 => implausible.push(test),
            3 => changed.push(test),
            _ => others.push(test),
        }
    }
    // What its laboratory called critical comes before what it merely flagged; then the newest.
    // Of one day related tests stand beside each other, as the table has them.
    let place = |test: &Test<'_>| analytes().iter().position(|known| Some(known.key) == test.key());
    flagged.sort_by_key(|test| {
        let day = test.latest.date.map(|when| when.latest());
        let is_grave = scene.is_urgent(test) || is_critical(test);
        (!is_grave, std::cmp::Reverse(day), place(test).unwrap_or(usize::MAX))
    });
    // Of what moved, that comes first which moved most for a test of its kind.
    let times = |test: &Test<'_>| match scene.movement(test) {
        Movement::Moved(moved) => moved.times,
        _ => 0.0,
    };
    changed.sort_by(|one, other| times(other).total_cmp(&times(one)));
    let earlier: Vec<&Test<'_>> =
        changed.iter().chain(&others).copied().filter(|test| flag_of_late(scene, test).is_some()).collect();
    let wider = wider(scene);
    let lines = |tests: &[&Test<'_>]| tests.iter().map(|test| line(scene, test)).collect::<Vec<String>>();
    let urgent: Vec<&str> = scene.urgent.iter().map(|(_, line)| line.as_str()).take(URGENT_MOST).collect();
    let more = scene.urgent.len().saturating_sub(URGENT_MOST);
    let more = if more > 0 {
        format!("\n**{more} more results of these days are urgent by the same rules.**")
    } else {
        String::new()
    };
    Ok(vec![
        Part::fixed("Cannot wait", Vec::new()).saying(format!("{}{more}", urgent.join("\n"))),
        Part::of("Not plausible as written", wider.as_str(), usize::MAX, lines(&implausible)).keeping(2),
        Part::of(
            "Flagged by the report, or outside of its range",
            wider.as_str(),
            usize::MAX,
            lines(&flagged),
        )
        .keeping(8),
        Part::of("Changed more than usual", wider.as_str(), usize::MAX, lines(&changed)).keeping(4),
        Part::of(
            "Flagged in the last year, the latest result is not",
            wider.as_str(),
            usize::MAX,
            earlier.iter().filter_map(|test| flagged_before(scene, test)).collect(),
        ),
        Part::fixed("The rest", Vec::new()).saying(rest(scene, &others)),
    ])
}

/// The call that shows more of the same.
fn wider(scene: &Scene<'_, '_>) -> String {
    const TOKENS: u32 = 8_000;
    let mut arguments = scene.context.arguments.clone();
    arguments.insert("max_tokens".into(), TOKENS.into());
    format!("{} {}", scene.context.tool, serde_json::Value::Object(arguments))
}

fn is_critical(test: &Test<'_>) -> bool {
    test.found.flags.iter().any(|flag| flag.meaning.is_critical())
}

/// One test in a few lines that stand together.
fn line(scene: &Scene<'_, '_>, test: &Test<'_>) -> String {
    let mut told = format!("- {}: {}", analyte::short_name(test), short(scene, test).join(". "));
    if let Some(misled) = test.found.specimen.as_deref().filter(|specimen| specimen.contains('(')) {
        told.push_str(&format!(". Specimen: {}", plain(misled)));
    }
    let known = test.key().and_then(explanation);
    let goes_with = match side(scene, test) {
        Side::High => known.map(|known| ("High", &known.high)),
        Side::Low => known.map(|known| ("Low", &known.low)),
        Side::Neither => None,
    };
    let mut beneath = Vec::new();
    if let Some((side, goes_with)) = goes_with.filter(|(_, list)| !list.is_empty()) {
        let named: Vec<&str> = goes_with.iter().copied().take(NAMED_MOST).collect();
        beneath.push(format!("{side} values commonly go with: {}", named.join("; ")));
    }
    if !is_possible(test.latest, test.found) {
        return told;
    }
    let bearing: Vec<String> = bearing::named(scene, test).into_iter().take(NAMED_MOST).collect();
    if !bearing.is_empty() {
        beneath.push(format!("On record and may bear on it: {}", bearing.join("; ")));
    }
    let question = known.and_then(|known| known.ask.first()).filter(|_| !scene.portrait.has_died);
    beneath.extend(question.map(|question| format!("To ask: {question}")));
    if !beneath.is_empty() {
        told.push_str(&format!("\n  {}", beneath.join(". ")));
    }
    told
}

/// The newest flagged result of the last year before a latest that is not flagged.
fn flag_of_late<'a>(scene: &Scene<'_, 'a>, test: &Test<'a>) -> Option<&'a Entry> {
    let earlier = test.strand.placed().skip_while(|entry| entry.id != test.latest.id).skip(1);
    let recent = earlier.take_while(|entry| {
        entry.date.is_some_and(|when| (scene.context.today - when.latest()).get_days() <= EARLIER_DAYS)
    });
    let mut recent = recent.filter(|entry| is_result(entry));
    recent.find(|entry| {
        measurement(entry).is_some_and(|found| scene.abnormality(entry, found) == Abnormality::Abnormal)
    })
}

fn flagged_before(scene: &Scene<'_, '_>, test: &Test<'_>) -> Option<String> {
    let entry = flag_of_late(scene, test)?;
    let standing = latest::standing(scene, entry, measurement(entry)?);
    let name = test_name(entry);
    let now = latest::standing(scene, test.latest, test.found);
    let both = [entry, test.latest];
    let [then, latest] = both.map(|one| cited_among(one, &both));
    Some(format!("- {name}: {then} — {standing}; latest {latest} — {now}"))
}

/// How many others there are, three-valued.
fn rest(scene: &Scene<'_, '_>, others: &[&Test<'_>]) -> String {
    let (mut bare, mut undecided, mut within, mut undone) = (0, 0, 0, 0);
    for test in others {
        let has_range = !test.found.ranges.is_empty()
            || !test.found.flags.is_empty()
            || test.found.components.iter().any(|part| !part.ranges.is_empty() || !part.flags.is_empty());
        let count = match scene.abnormality(test.latest, test.found) {
            _ if !is_result(test.latest) => &mut undone,
            Abnormality::Normal => &mut within,
            _ if has_range => &mut undecided,
            _ => &mut bare,
        };
        *count += 1;
    }
    let told = [(bare, "no range and no flag"), (undecided, "a range or flag that does not decide")];
    let mut said: Vec<String> = told
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| match count {
            1 => format!("1 other result carries {what}"),
            _ => format!("{count} other results carry {what}"),
        })
        .collect();
    if within > 0 {
        said.push(format!("{within} within the report's own range or not marked by it"));
    }
    if undone > 0 {
        said.push(format!("{undone} not done or cancelled"));
    }
    if said.is_empty() {
        return if scene.tests.is_empty() { nothing(scene) } else { String::new() };
    }
    format!("Latest result of each other test: {}. All of them: get_labs, get_vitals.", said.join("; "))
}

fn nothing(scene: &Scene<'_, '_>) -> String {
    let asked = Asked { period: scene.period, ..Asked::default() };
    rows::nothing(scene.context, &asked, &[Kind::Lab, Kind::Vital], "result")
}
