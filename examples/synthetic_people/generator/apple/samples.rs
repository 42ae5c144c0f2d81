//! The samples, type after type as the export writes them.

use std::io::{self, Write};

use super::super::json::digits;
use super::super::random::Random;
use super::super::when::When;
use super::devices::{Device, HOME, PHONE, WATCH};
use super::last_day;

/// How much there is.
#[derive(Clone, Copy)]
pub struct Plan {
    /// Days up to the day of the export.
    pub days: i64,
    /// As many samples as a watch takes, or few.
    pub is_dense: bool,
}

/// What is counted over stretches of time: type, unit, device, samples of a dense and of a small day, the most
/// that one has, and its decimals.
type Counted = (&'static str, &'static str, Device, i64, i64, i64, u32);

const COUNTED: [Counted; 9] = [
    ("StepCount", "count", PHONE, 60, 4, 600, 0),
    ("StepCount", "count", WATCH, 60, 5, 400, 0),
    ("DistanceWalkingRunning", "km", PHONE, 60, 3, 50_000, 5),
    ("DistanceWalkingRunning", "km", WATCH, 80, 3, 30_000, 5),
    ("FlightsClimbed", "count", WATCH, 5, 1, 3, 0),
    ("BasalEnergyBurned", "kcal", WATCH, 150, 3, 20_000, 3),
    ("ActiveEnergyBurned", "kcal", WATCH, 250, 4, 12_000, 3),
    ("AppleExerciseTime", "min", WATCH, 30, 2, 1, 0),
    ("AppleStandTime", "min", WATCH, 40, 2, 5, 0),
];

/// What is measured at a moment: type, unit, samples of a dense and of a small day, middle, spread, decimals.
type Measured = (&'static str, &'static str, i64, i64, i64, i64, u32);

const MEASURED: [Measured; 5] = [
    ("HeartRate", "count/min", 300, 6, 78, 30, 0),
    ("RestingHeartRate", "count/min", 1, 1, 66, 4, 0),
    ("HeartRateVariabilitySDNN", "ms", 8, 1, 340_000, 120_000, 4),
    ("OxygenSaturation", "%", 20, 2, 96, 3, 2),
    ("RespiratoryRate", "count/min", 30, 2, 155, 25, 1),
];

/// Writes all samples.
pub fn write(out: &mut dyn Write, plan: Plan) -> io::Result<()> {
    for day in days(plan) {
        home(out, day, plan)?;
    }
    let mut types: Vec<&str> = COUNTED.iter().map(|counted| counted.0).collect();
    types.dedup();
    for name in types {
        for day in days(plan) {
            for counted in COUNTED.iter().filter(|counted| counted.0 == name) {
                write_counted(out, day, counted, plan)?;
            }
        }
    }
    for measured in &MEASURED {
        for day in days(plan) {
            write_measured(out, day, measured, plan)?;
        }
    }
    for day in days(plan) {
        night(out, day)?;
    }
    for day in days(plan) {
        around(out, day)?;
    }
    Ok(())
}

fn days(plan: Plan) -> impl Iterator<Item = When> {
    (0..plan.days).map(move |day| last_day().plus_days(day - plan.days))
}

/// Seconds after the midnight of a day, as the export writes them.
fn at(day: When, seconds: i64) -> String {
    let day = day.plus_days(seconds.div_euclid(86_400)).day();
    let seconds = seconds.rem_euclid(86_400);
    format!("{day} {:02}:{:02}:{:02} -0500", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

struct Sample<'a> {
    kind: &'a str,
    device: Device,
    unit: &'a str,
    day: When,
    start: i64,
    end: i64,
    value: &'a str,
    notes: &'a [(&'a str, &'a str)],
}

impl Sample<'_> {
    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let Sample { kind, device, unit, day, start, end, value, notes } = self;
        let prefix = if unit.is_empty() { "HKCategoryTypeIdentifier" } else { "HKQuantityTypeIdentifier" };
        let unit = if unit.is_empty() { String::new() } else { format!(" unit=\"{unit}\"") };
        let times = format!(
            "creationDate=\"{}\" startDate=\"{}\" endDate=\"{}\"",
            at(*day, end + 40),
            at(*day, *start),
            at(*day, *end)
        );
        let head = format!(
            " <Record type=\"{prefix}{kind}\" {}{unit} {times} value=\"{value}\"",
            device.attributes()
        );
        if notes.is_empty() {
            return writeln!(out, "{head}/>");
        }
        writeln!(out, "{head}>")?;
        for (key, value) in *notes {
            writeln!(out, "  <MetadataEntry key=\"{key}\" value=\"{value}\"/>")?;
        }
        writeln!(out, " </Record>")
    }
}

fn write_counted(out: &mut dyn Write, day: When, counted: &Counted, plan: Plan) -> io::Result<()> {
    let &(kind, unit, device, dense, few, most, decimals) = counted;
    let count = if plan.is_dense { dense } else { few };
    let mut random = Random::named(&format!("{kind}{}{}", device.name, day.day()));
    let step = 15 * 3600 / count;
    for number in 0..count {
        // From seven in the morning on; some reach over what comes next, and the last over midnight.
        let start = 7 * 3600 + number * step + random.between(0, step / 2);
        let length = random.between(30, step.min(7200) + 60);
        let value = digits(random.between(1, most), decimals);
        let end = start + if number + 1 == count { 7200 } else { length };
        Sample { kind, device, unit, day, start, end, value: &value, notes: &[] }.write(out)?;
    }
    Ok(())
}

fn write_measured(out: &mut dyn Write, day: When, measured: &Measured, plan: Plan) -> io::Result<()> {
    let &(kind, unit, dense, few, middle, spread, decimals) = measured;
    let count = if plan.is_dense { dense } else { few };
    let mut random = Random::named(&format!("{kind}{}", day.day()));
    for number in 0..count {
        let start = 6 * 3600 + number * (17 * 3600 / count) + random.between(0, 60);
        let value = digits(random.around(middle, spread), decimals);
        let notes: &[(&str, &str)] =
            if kind == "HeartRate" { &[("HKMetadataKeyHeartRateMotionContext", "0")] } else { &[] };
        Sample { kind, device: WATCH, unit, day, start, end: start, value: &value, notes }.write(out)?;
    }
    Ok(())
}

/// What she measures herself: weight on Mondays, blood pressure in the morning and in the evening.
fn home(out: &mut dyn Write, day: When, plan: Plan) -> io::Result<()> {
    let mut random = Random::named(&format!("home{}", day.day()));
    let weekday = day.civil().weekday();
    let device = HOME;
    if weekday == jiff::civil::Weekday::Monday {
        let value = digits(random.around(868, 8), 1);
        let start = 7 * 3600 + 300;
        Sample { kind: "BodyMass", device, unit: "kg", day, start, end: start, value: &value, notes: &[] }
            .write(out)?;
    }
    for hour in [7, 20] {
        let start = hour * 3600 + random.between(0, 1800);
        let (upper, lower) = (random.around(142, 10).to_string(), random.around(84, 6).to_string());
        let typed: &[(&str, &str)] = &[("HKWasUserEntered", "1")];
        let halves = [("BloodPressureSystolic", &upper), ("BloodPressureDiastolic", &lower)];
        let write_half = |out: &mut dyn Write, (kind, value): (&str, &String), inset: &str| {
            write!(out, "{inset}")?;
            Sample { kind, device, unit: "mmHg", day, start, end: start, value, notes: typed }.write(out)
        };
        for half in halves {
            write_half(out, half, "")?;
        }
        if !plan.is_dense {
            let times = [("creationDate", start + 40), ("startDate", start), ("endDate", start)];
            let times = times.map(|(name, seconds)| format!("{name}=\"{}\"", at(day, seconds))).join(" ");
            let own = device.attributes();
            writeln!(out, " <Correlation type=\"HKCorrelationTypeIdentifierBloodPressure\" {own} {times}>")?;
            for half in halves {
                write_half(out, half, " ")?;
            }
            writeln!(out, " </Correlation>")?;
        }
    }
    let value = random.around(138, 25).to_string();
    let start = 7 * 3600 + 1200;
    let notes: &[(&str, &str)] = &[("HKBloodGlucoseMealTime", "1")];
    Sample { kind: "BloodGlucose", device, unit: "mg/dL", day, start, end: start, value: &value, notes }
        .write(out)
}

/// A night in stages by the watch, and the time in bed by the phone.
fn night(out: &mut dyn Write, day: When) -> io::Result<()> {
    let mut random = Random::named(&format!("night{}", day.day()));
    let start = -random.between(1800, 7200);
    let stages = ["AsleepCore", "AsleepDeep", "AsleepCore", "AsleepREM", "Awake", "AsleepCore", "AsleepREM"];
    let mut now = start + 900;
    for stage in stages {
        let end = now + 60 * random.between(20, 80);
        let value = format!("HKCategoryValueSleepAnalysis{stage}");
        let kind = "SleepAnalysis";
        Sample { kind, device: WATCH, unit: "", day, start: now, end, value: &value, notes: &[] }
            .write(out)?;
        now = end;
    }
    for value in ["InBed", "AsleepUnspecified"] {
        let value = format!("HKCategoryValueSleepAnalysis{value}");
        let (kind, end) = ("SleepAnalysis", now + 600);
        Sample { kind, device: PHONE, unit: "", day, start, end, value: &value, notes: &[] }.write(out)?;
    }
    Ok(())
}

/// A walk every third day, a headache now and then, and the rings that the phone shows.
fn around(out: &mut dyn Write, day: When) -> io::Result<()> {
    let mut random = Random::named(&format!("around{}", day.day()));
    if random.between(0, 4) == 0 {
        let value = "HKCategoryValueSeverityMild";
        Sample {
            kind: "Headache",
            device: PHONE,
            unit: "",
            day,
            start: 50_000,
            end: 57_200,
            value,
            notes: &[],
        }
        .write(out)?;
    }
    if day.civil().day() % 3 == 0 {
        let (start, minutes) = (17 * 3600, random.between(20, 50));
        let times = format!(
            "creationDate=\"{}\" startDate=\"{}\" endDate=\"{}\"",
            at(day, start + 60 * minutes + 40),
            at(day, start),
            at(day, start + 60 * minutes)
        );
        let own = WATCH.attributes();
        writeln!(
            out,
            " <Workout workoutActivityType=\"HKWorkoutActivityTypeWalking\" duration=\"{minutes}.25\" durationUnit=\"min\" {own} {times}>\n  \
             <WorkoutStatistics type=\"HKQuantityTypeIdentifierActiveEnergyBurned\" startDate=\"{0}\" endDate=\"{0}\" sum=\"{1}.5\" unit=\"kcal\"/>\n  \
             <WorkoutStatistics type=\"HKQuantityTypeIdentifierDistanceWalkingRunning\" startDate=\"{0}\" endDate=\"{0}\" sum=\"{2}\" unit=\"km\"/>\n  \
             <WorkoutRoute sourceName=\"Elena\" startDate=\"{0}\" endDate=\"{0}\">\n   \
             <FileReference path=\"/workout-routes/route_{3}.gpx\"/>\n  </WorkoutRoute>\n </Workout>",
            at(day, start),
            4 * minutes,
            digits(8 * minutes, 2),
            day.day(),
        )?;
    }
    writeln!(
        out,
        " <ActivitySummary dateComponents=\"{}\" activeEnergyBurned=\"{}\" activeEnergyBurnedGoal=\"400\" activeEnergyBurnedUnit=\"kcal\" appleExerciseTime=\"{}\" appleStandHours=\"11\"/>",
        day.day(),
        random.between(200, 500),
        random.between(5, 50)
    )
}
