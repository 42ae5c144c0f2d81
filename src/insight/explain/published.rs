//! Published cut-offs, told only where the record shows that all their conditions hold.

use jiff::civil::Date;

use super::scene::{Scene, Test};
use crate::insight::measured;
use crate::insight::measurements::measurement;
use crate::insight::portrait::Pregnancy;
use crate::insight::trend::alike::{in_unit, is_sound, quantity};
use crate::insight::trend::movement::is_contradicted;
use crate::insight::visits;
use crate::knowledge::explained::is_plausible;
use crate::knowledge::folding::fold;
use crate::knowledge::thresholds::{Known, Threshold, classes, thresholds};
use crate::knowledge::units;
use crate::knowledge::whom::Sex;
use crate::record::{Abnormality, Entry, Kind, VisitClass};

/// A recorded "not pregnant" says so for so many days around it.
const NOT_PREGNANT_DAYS: i32 = 30;
/// Ages at which pregnancy is reckoned with: from 12 to 55.
const FERTILE: std::ops::Range<f64> = 12.0..56.0;
/// For so many days after a birth the cut-offs of pregnancy hold.
const AFTER_BIRTH_DAYS: i32 = 42;
/// What lasts three months is a class of kidney disease (KDIGO 2024).
const THREE_MONTHS_DAYS: i32 = 90;
/// A stay within so many days is an acute illness.
const ACUTE_DAYS: i32 = 30;

/// Problems with which red cells do not live as long as usual.
const RED_CELLS: [&str; 8] = [
    "anemia",
    "iron-deficiency",
    "b12-folate-anemia",
    "sickle-cell",
    "sickle-cell-trait",
    "thalassemia",
    "anemia-other",
    "blood-cell-overgrowth",
];
/// Problems of the vessels, past ones too.
const VESSELS: [&str; 11] = [
    "heart-artery-disease",
    "heart-attack",
    "old-heart-attack",
    "stroke",
    "mini-stroke",
    "after-stroke",
    "stroke-in-the-past",
    "neck-artery-disease",
    "leg-artery-disease",
    "hardened-arteries",
    "heart-stent",
];
/// Words for the conditions that a record may not show.
const WORDS: [(&str, &str); 10] = [
    ("adult", "adults only"),
    ("not-pregnant", "only outside of pregnancy, which the record does not settle for that day"),
    ("fasting", "only fasting, which the report does not say"),
    ("red-cells-usual", "not with anemia, transfusion or dialysis, which the record names"),
    ("three-months", "only with two results three months apart and no acute illness"),
    ("not-dialysis", "not on dialysis"),
    ("no-fever-or-hard-exercise", "only without fever, infection or hard exercise, which no record says"),
    ("no-vessel-disease", "another goal holds with disease of the vessels"),
    ("no-diabetes", "another goal holds with diabetes"),
    ("near-sea-level", "it depends on height above the sea, smoking and the kind of draw"),
];

/// The published class of the latest result, or why none is told.
pub(super) fn line(scene: &Scene<'_, '_>, test: &Test<'_>) -> Option<String> {
    let key = test.key()?;
    thresholds(key).next()?;
    let entry = test.latest;
    if !is_sound(entry) || is_contradicted(&test.strand, entry) {
        return None;
    }
    let (quantity, unit) = quantity(entry)?;
    let on = entry.date?.civil()?;
    let digits = quantity.number.as_written();
    let ucum = units::normalise(unit)?;
    let mut tokens = tokens(scene, entry, on);
    if has_lasted(scene, test, &tokens, on) {
        tokens.push("three-months");
    }
    let known =
        Known { tokens: &tokens, sex: scene.portrait.sex, age_years: scene.portrait.age_years_on(on) };
    let told: Vec<&'static Threshold> = classes(key, digits, ucum, &known);
    if told.is_empty() {
        return lacking(key, &known).map(|why| format!("Published cut-offs are left out: {why}"));
    }
    let value = measured::value(measurement(entry)?.value.as_ref()?);
    let said: Vec<String> = told.iter().map(|row| format!("{} ({})", row.says, row.source)).collect();
    Some(format!("Published cut-off: {value} is {}. Not a diagnosis", said.join("; ")))
}

/// The first condition, in words, that keeps all rows of an analyte from being told.
fn lacking(key: &str, known: &Known<'_>) -> Option<&'static str> {
    let holds = |token: &str| {
        known.tokens.contains(&token) || token == "adult" && known.age_years.is_some_and(|age| age >= 18.0)
    };
    let rows: Vec<&Threshold> = thresholds(key)
        .filter(|row| !row.conditions.iter().any(|token| token.starts_with("pregnant")))
        .collect();
    let (_, words) = WORDS.iter().find(|(token, _)| {
        !holds(token) && !rows.is_empty() && rows.iter().all(|row| row.conditions.contains(token))
    })?;
    Some(words)
}

/// What the record shows to hold on a day.
pub(super) fn tokens(scene: &Scene<'_, '_>, entry: &Entry, on: Date) -> Vec<&'static str> {
    let mut tokens = Vec::new();
    let mut grant = |token, holds: bool| {
        if holds {
            tokens.push(token);
        }
    };
    grant("not-pregnant", is_not_pregnant(scene, on));
    let pregnancy = scene.portrait.pregnancy;
    let is_recent = (scene.context.today - on).get_days() <= AFTER_BIRTH_DAYS;
    grant("pregnant-or-six-weeks-after", is_recent && pregnancy.is_pregnant_or_within_days(AFTER_BIRTH_DAYS));
    grant("fasting", is_fasting(entry));
    grant("drink-75g", is_after_drink(entry));
    let has = |keys: &[&str]| {
        scene.problems.iter().any(|problem| problem.known.is_some_and(|known| keys.contains(&known.key)))
    };
    let is_dialysed = is_on_dialysis(scene);
    grant("not-dialysis", !is_dialysed);
    grant("red-cells-usual", !is_dialysed && !has(&RED_CELLS) && !has_other_red_cells(scene));
    grant("no-vessel-disease", !has(&VESSELS));
    let has_diabetes = scene.problems.iter().any(|problem| {
        problem.known.is_some_and(|known| known.key.contains("diabet") && known.key != "prediabetes")
    });
    let takes_for_sugar = takes_for_sugar(scene);
    grant("no-diabetes", !has_diabetes && !takes_for_sugar);
    grant("diabetes-medicine", takes_for_sugar);
    tokens
}

/// True where the record shows it: male, of another age, or recorded as not pregnant at the time.
fn is_not_pregnant(scene: &Scene<'_, '_>, on: Date) -> bool {
    let portrait = &scene.portrait;
    let is_of_other_age = portrait.age_years_on(on).is_some_and(|age| !FERTILE.contains(&age));
    let is_recorded = match portrait.pregnancy {
        Pregnancy::Not { on: said, .. } => (said - on).get_days().abs() <= NOT_PREGNANT_DAYS,
        _ => false,
    };
    !portrait.pregnancy.is_current() && (portrait.sex == Some(Sex::Male) || is_of_other_age || is_recorded)
}

/// True where the test's own name or a comment says so.
fn is_fasting(entry: &Entry) -> bool {
    let says = |text: &str| {
        let text = fold(text);
        let is_other =
            ["not fasting", "non fasting", "nonfasting", "fasting no", "fasting unknown", "random"];
        text.contains("fasting") && !is_other.iter().any(|other| text.contains(other))
    };
    let beside = entry.notes.iter().map(|note| note.as_str());
    entry.concept.words().chain(beside).any(says)
}

fn is_after_drink(entry: &Entry) -> bool {
    let says = |text: &str| fold(text).replace(' ', "").contains("75g");
    entry.concept.words().chain(entry.notes.iter().map(|note| note.as_str())).any(says)
}

/// True where the record names dialysis or kidney failure.
pub(super) fn is_on_dialysis(scene: &Scene<'_, '_>) -> bool {
    let by_problem = scene
        .problems
        .iter()
        .any(|problem| problem.known.is_some_and(|known| matches!(known.key, "dialysis" | "esrd")));
    by_problem || has_procedure(scene, &["dialysis"])
}

/// Transfusion, a medicine that makes red cells, or a hemoglobin that its report marks.
fn has_other_red_cells(scene: &Scene<'_, '_>) -> bool {
    let makes_red_cells = |name: &str| name.contains("epoetin") || name.contains("darbepoetin");
    let hemoglobin = scene.test_of_key("hemoglobin");
    has_procedure(scene, &["transfusion"])
        || scene.home.iter().any(|medicine| medicine.names().any(makes_red_cells))
        || hemoglobin.is_some_and(|test| scene.abnormality(test.latest, test.found) == Abnormality::Abnormal)
}

fn has_procedure(scene: &Scene<'_, '_>, words: &[&str]) -> bool {
    let mut procedures = scene.context.view.entries(Kind::Procedure).filter(|entry| entry.standing.is_fact());
    procedures
        .any(|entry| entry.concept.words().any(|text| words.iter().any(|word| fold(text).contains(word))))
}

fn takes_for_sugar(scene: &Scene<'_, '_>) -> bool {
    const CLASSES: [&str; 4] = ["insulin", "sulfonylurea", "meglitinide", "amylin"];
    let class =
        |name: &'static str| crate::knowledge::medicine_facts::class_of(name).map_or("", |class| class.key);
    scene.home.iter().any(|medicine| {
        medicine.names().any(|name| CLASSES.iter().any(|wanted| class(name).starts_with(wanted)))
    })
}

/// True where a result three months before or longer fell in the same class, and no stay lies near either.
fn has_lasted(scene: &Scene<'_, '_>, test: &Test<'_>, tokens: &[&'static str], on: Date) -> bool {
    let Some(key) = test.key() else { return false };
    let with: Vec<&str> = tokens.iter().copied().chain(["three-months"]).collect();
    let Some((_, unit)) = quantity(test.latest) else { return false };
    let class = |entry: &Entry| {
        let day = entry.date?.civil()?;
        let known =
            Known { tokens: &with, sex: scene.portrait.sex, age_years: scene.portrait.age_years_on(day) };
        let digits = in_unit(entry, unit, test.strand.analyte)?;
        let ucum = units::normalise(unit)?;
        (is_sound(entry) && is_plausible(key, &digits, ucum) != Some(false))
            .then(|| classes(key, &digits, ucum, &known).first().map(|row| row.says))
            .flatten()
    };
    let Some(now) = class(test.latest) else { return false };
    let mut earlier = test.strand.placed().filter(|entry| entry.id != test.latest.id).filter_map(|entry| {
        let day = entry.date?.civil()?;
        ((on - day).get_days() >= THREE_MONTHS_DAYS).then_some((day, entry))
    });
    // The nearest one that old counts: a class of years ago that has passed since does not.
    let Some((day, before)) = earlier.next() else { return false };
    class(before) == Some(now) && !is_acute(scene, on) && !is_acute(scene, day)
}

/// True where a stay in hospital or an emergency lies near.
fn is_acute(scene: &Scene<'_, '_>, on: Date) -> bool {
    let mut visits = scene.context.view.entries(Kind::Visit).filter(|entry| entry.standing.is_fact());
    visits.any(|entry| {
        let class = visits::visit(entry).map(|visit| visit.class);
        let is_stay =
            matches!(class, Some(VisitClass::Inpatient | VisitClass::Emergency | VisitClass::Observation));
        let near = |when: crate::record::When| (when.earliest() - on).get_days().abs() <= ACUTE_DAYS;
        is_stay && entry.date.into_iter().chain(entry.end).any(near)
    })
}
