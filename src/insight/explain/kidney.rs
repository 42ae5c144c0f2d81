//! Kidney filtering: as the laboratory reports it, else worked out where that is allowed.

use jiff::civil::Date;

use super::latest::cited;
use super::published::is_on_dialysis;
use super::scene::{Scene, Test};
use crate::insight::trend::alike::{in_unit, is_sound};
use crate::insight::trend::movement::is_contradicted;
use crate::knowledge::egfr::{CKD_EPI_2021, ckd_epi_2021};
use crate::knowledge::folding::fold;
use crate::knowledge::whom::Sex;
use crate::record::{Entry, Standing};

/// The creatinine of serum or plasma; whole blood has another key.
const CREATININE: &str = "creatinine";
/// A sudden kidney injury within so many days: the equation asks for a steady value.
const INJURY_DAYS: i32 = 90;
/// For so long after a pregnancy nothing is worked out.
const AFTER_PREGNANCY_DAYS: i32 = 42;

/// The eGFR beside a creatinine.
pub(super) fn line(scene: &Scene<'_, '_>, test: &Test<'_>) -> Option<String> {
    if test.key() != Some(CREATININE) {
        return None;
    }
    let on = test.latest.date?.civil()?;
    let reported: Vec<&Entry> = reported(scene);
    let same_day = reported.iter().filter(|entry| entry.date.and_then(|when| when.civil()) == Some(on));
    let same_day: Vec<String> = same_day.map(|entry| cited(entry)).collect();
    if !same_day.is_empty() {
        return Some(format!("Kidney filtering (eGFR) as reported that day: {}", same_day.join("; ")));
    }
    let latest = reported.iter().max_by_key(|entry| entry.date);
    let latest = latest.map(|entry| format!("; last reported: {}", cited(entry))).unwrap_or_default();
    match computed(scene, test, on) {
        Ok(value) => Some(format!(
            "Kidney filtering (eGFR), not reported that day; worked out from this creatinine: {value} ({CKD_EPI_2021}); one value names no kidney disease{latest}"
        )),
        Err(why) => Some(format!(
            "Kidney filtering (eGFR) was not reported that day and is not worked out: {why}{latest}"
        )),
    }
}

/// Every reported eGFR.
fn reported<'a>(scene: &Scene<'_, 'a>) -> Vec<&'a Entry> {
    let is_egfr = |test: &&Test<'a>| test.key().is_some_and(|key| key.starts_with("egfr"));
    let placed = scene.tests.iter().filter(is_egfr).flat_map(|test| test.strand.placed());
    placed.filter(|entry| entry.standing == Standing::Stated).collect()
}

/// The value, for both sexes where the record does not settle which; or why it is not worked out.
fn computed(scene: &Scene<'_, '_>, test: &Test<'_>, on: Date) -> Result<String, &'static str> {
    let entry = test.latest;
    let age = scene.portrait.age_years_on(on).ok_or("the date of birth is not known to the day")?;
    if age < 18.0 {
        return Err("the equation is for adults");
    }
    if scene.portrait.pregnancy.is_pregnant_or_within_days(AFTER_PREGNANCY_DAYS) {
        return Err("it does not hold in pregnancy");
    }
    if !is_sound(entry) {
        return Err("the value is preliminary or not plausible");
    }
    if is_contradicted(&test.strand, entry) {
        return Err("two results of the same time differ");
    }
    let specimen = test.found.specimen.as_deref().map(fold).unwrap_or_default();
    if ["whole blood", "capillary", "urine", "arterial", "venous blood"]
        .iter()
        .any(|other| specimen.contains(other))
    {
        return Err("the specimen is not serum or plasma");
    }
    if is_on_dialysis(scene) {
        return Err("dialysis or kidney failure is on record");
    }
    if has_injury(scene, on) {
        return Err("a sudden kidney injury is on record around that time");
    }
    let digits =
        in_unit(entry, "mg/dL", test.strand.analyte).ok_or("the unit is not recorded or not known")?;
    let creatinine: f64 = digits.parse().map_err(|_| "the value is no plain number")?;
    let value = |sex| ckd_epi_2021(creatinine, age, sex).map(|value| format!("{value:.0}"));
    let unit = "mL/min/1.73 m²";
    let both = value(Sex::Female).zip(value(Sex::Male)).ok_or("the value is no plain number")?;
    Ok(match scene.portrait.sex {
        Some(Sex::Female) => format!("{} {unit}", both.0),
        Some(Sex::Male) => format!("{} {unit}", both.1),
        None => format!(
            "{} {unit} for a woman, {} for a man, since the sex is not settled in the record",
            both.0, both.1
        ),
    })
}

fn has_injury(scene: &Scene<'_, '_>, on: Date) -> bool {
    let injuries = scene
        .problems
        .iter()
        .filter(|problem| problem.known.is_some_and(|known| known.key == "acute-kidney-injury"));
    let is_near = |entry: &Entry| {
        entry
            .date
            .or(entry.recorded)
            .is_none_or(|when| (when.earliest() - on).get_days().abs() <= INJURY_DAYS)
    };
    injuries.into_iter().any(|problem| is_near(problem.entry))
}
