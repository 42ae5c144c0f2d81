//! An Apple Health export beside a record, and its totals against the plainest way to count them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::DateTime;
use plainchart::record::{Detail, Entry, Value};
use plainchart::sources::files::read_held;
use plainchart::sources::{Draft, LeftOut, Limits, Receiver};

use crate::fixtures_are_generated::generator::apple;
use crate::people::{Home, fixture};

#[derive(Default)]
struct Entries(BTreeMap<String, Entry>);

impl Receiver for Entries {
    fn draft(&mut self, draft: Draft) {
        self.0.insert(draft.entry.key.to_string(), draft.entry);
    }
    fn left_out(&mut self, _: LeftOut) {}
    fn progress(&mut self, _: u64) {}
}

/// A sample as it stands in a line of the export.
struct Line<'a> {
    kind: &'a str,
    /// By whom: the watch is 0, the phone 1.
    source: usize,
    value: &'a str,
    start: i64,
    end: i64,
}

fn lines(xml: &str) -> Vec<Line<'_>> {
    let of = |line: &'_ str, name: &str| -> Option<(usize, usize)> {
        let from = line.find(&format!(" {name}=\""))? + name.len() + 3;
        Some((from, from + line[from..].find('"')?))
    };
    let mut all = Vec::new();
    for line in xml.lines().filter(|line| line.starts_with(" <Record ")) {
        let text = |name: &str| of(line, name).map_or("", |(from, to)| &line[from..to]);
        let seconds = |name: &str| {
            let local: DateTime = text(name)[..19].parse().unwrap();
            local.to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp().as_second()
        };
        let kind = text("type").trim_start_matches("HKQuantityTypeIdentifier");
        let source = usize::from(text("sourceName") != "Elena");
        all.push(Line {
            kind,
            source,
            value: text("value"),
            start: seconds("startDate"),
            end: seconds("endDate"),
        });
    }
    all
}

/// Second by second: what each device counted in each ten minutes, then the better device of each.
fn totals<'a>(lines: &[Line<'a>]) -> BTreeMap<(&'a str, i64), f64> {
    const SUMS: [&str; 8] = [
        "StepCount",
        "DistanceWalkingRunning",
        "FlightsClimbed",
        "BasalEnergyBurned",
        "ActiveEnergyBurned",
        "AppleExerciseTime",
        "AppleStandTime",
        "SwimmingStrokeCount",
    ];
    let mut slots: BTreeMap<(&str, i64), [f64; 2]> = BTreeMap::new();
    for line in lines.iter().filter(|line| SUMS.contains(&line.kind)) {
        let value: f64 = line.value.parse().unwrap();
        for second in line.start..line.end {
            let slot = slots.entry((line.kind, second / 600)).or_default();
            slot[line.source] += value / (line.end - line.start) as f64;
        }
    }
    let mut totals = BTreeMap::new();
    for ((kind, slot), [watch, phone]) in slots {
        *totals.entry((kind, slot / 144)).or_default() += if watch > 0.0 { watch } else { phone };
    }
    totals
}

fn number(entry: &Entry, part: Option<&str>) -> f64 {
    let Detail::Measurement(found) = &entry.detail else { panic!("no measurement: {}", entry.key) };
    let value = match part {
        None => found.value.as_ref(),
        Some(name) => {
            let part = found.components.iter().find(|part| part.concept.name() == Some(name));
            part.and_then(|part| part.value.as_ref())
        }
    };
    match value {
        Some(Value::Quantity(quantity)) => quantity.number.as_written().parse().unwrap(),
        other => panic!("no number: {other:?}"),
    }
}

fn day(day: i64) -> String {
    (jiff::civil::date(1970, 1, 1) + jiff::Span::new().days(day)).to_string()
}

#[test]
fn the_totals_of_a_day_are_those_of_the_plainest_way_to_count() {
    let mut xml = Vec::new();
    apple::write_bulk(&mut xml, 8).unwrap();
    let mut zip = std::io::Cursor::new(Vec::new());
    apple::write_zip(&mut zip, xml.len()).unwrap();
    let mut entries = Entries::default();
    let failures = read_held(&[("export.zip", zip.get_ref())], &Limits::default(), &mut entries).unwrap();
    assert!(failures.is_empty(), "{failures:?}");
    // The archive has as many whole days as fit into the bytes.
    let mut entries_of_xml = Entries::default();
    read_held(&[("export.xml", &xml)], &Limits::default(), &mut entries_of_xml).unwrap();
    let shared = entries.0.keys().filter(|key| entries_of_xml.0.contains_key(*key)).count();
    assert!(shared > 100, "{shared}");

    let xml = String::from_utf8(xml).unwrap();
    let lines = lines(&xml);
    let totals = totals(&lines);
    assert!(totals.len() >= 7 * 8, "{}", totals.len());
    for ((kind, on), total) in totals {
        let told = number(&entries_of_xml.0[&format!("Observation/{kind}-{}", day(on))], None);
        let within = if kind.contains("Count") || kind.contains("Climbed") { 0.5001 } else { 0.0006 };
        assert!((told - total).abs() <= within, "{kind} {}: {told}, not {total}", day(on));
    }
    for on in lines
        .iter()
        .filter(|line| line.kind == "HeartRate")
        .map(|line| line.start / 86_400)
        .collect::<BTreeSet<_>>()
    {
        let of_day = lines.iter().filter(|line| line.kind == "HeartRate" && line.start / 86_400 == on);
        let values: Vec<f64> = of_day.map(|line| line.value.parse().unwrap()).collect();
        let told = &entries_of_xml.0[&format!("Observation/HeartRate-{}", day(on))];
        assert!((number(told, None) - values.iter().sum::<f64>() / values.len() as f64).abs() < 0.006);
        assert_eq!(number(told, Some("measurements")), values.len() as f64);
        assert_eq!(number(told, Some("lowest")), values.iter().copied().fold(f64::MAX, f64::min));
        assert_eq!(number(told, Some("highest")), values.iter().copied().fold(f64::MIN, f64::max));
    }
}

#[test]
fn a_night_is_as_long_as_the_watch_saw_it() {
    let mut xml = Vec::new();
    apple::write_bulk(&mut xml, 3).unwrap();
    let mut entries = Entries::default();
    read_held(&[("export.xml", &xml)], &Limits::default(), &mut entries).unwrap();
    let xml = String::from_utf8(xml).unwrap();
    let mut nights: BTreeMap<i64, BTreeSet<i64>> = BTreeMap::new();
    for line in
        lines(&xml).iter().filter(|line| line.source == 0 && line.value.contains("SleepAnalysisAsleep"))
    {
        let night = nights.entry((line.start + 6 * 3600) / 86_400).or_default();
        night.extend(line.start..line.end);
    }
    assert_eq!(nights.len(), 3);
    for (on, seconds) in nights {
        let told = number(&entries.0[&format!("Observation/SleepAnalysis-{}", day(on))], None);
        assert_eq!(told, (seconds.len() as f64 / 60.0).round());
    }
}

const EXPORT: &str = "adult-apple/apple_health_export";

#[test]
fn an_export_joins_the_record_of_its_person_without_a_question_and_adds_no_second_list() {
    let home = Home::of_adult();
    let conditions =
        |home: &Home| home.call_json("get_conditions", r#"{"max_tokens":8000}"#)["total"].clone();
    let before = conditions(&home);
    let report = home.import_json(&[&fixture(EXPORT).display().to_string()]);
    assert_eq!(report["sources"].as_array().map(Vec::len), Some(3), "{report}");
    assert_eq!(conditions(&home), before, "what both clinics tell is one list");
    let text = home.import(&[EXPORT]);
    assert!(text.contains("Nothing changed: the record had all of this already."), "{text}");
    let vitals = home.call("get_vitals", "{}");
    assert!(!vitals.contains("mean of the day|"), "daily values do not stand among the vitals: {vitals}");
    assert!(vitals.contains("mean of the day") && vitals.contains("ask with a query by name"), "{vitals}");
    let pressure = home.call("get_vitals", r#"{"query":"blood pressure","limit":5}"#);
    assert!(pressure.contains("at home"), "{pressure}");
    let heart = home.call("get_vitals", r#"{"query":"heart rate, mean of the day"}"#);
    assert!(heart.contains("mean of the day"), "{heart}");
    let steps = home.call("get_background", r#"{"query":"steps"}"#);
    assert!(steps.contains("Steps, total of the day"), "{steps}");
}

#[test]
fn an_export_of_somebody_born_on_another_day_is_refused() {
    let home = Home::of_adult();
    let folder = tempfile::tempdir().unwrap();
    let xml = std::fs::read_to_string(fixture(EXPORT).join("export.xml")).unwrap();
    let path = folder.path().join("export.xml");
    std::fs::write(&path, xml.replace("1961-04-17", "1990-01-02")).unwrap();
    let ran = home.run(&["import", &path.display().to_string()]);
    assert_ne!(ran.code, 0, "{}", ran.out);
}

#[test]
fn the_next_export_adds_the_days_that_are_new_and_a_day_that_has_grown_is_a_new_version() {
    let home = Home::new();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("export.xml");
    let steps = |at: &str, value: u32| {
        format!(
            "<Record type=\"HKQuantityTypeIdentifierStepCount\" sourceName=\"iPhone\" unit=\"count\" creationDate=\"{at}:30 -0500\" startDate=\"{at}:00 -0500\" endDate=\"{at}:20 -0500\" value=\"{value}\"/>"
        )
    };
    let import = |records: &[String], exported: &str| {
        let text = format!(
            "<!DOCTYPE HealthData []><HealthData><ExportDate value=\"{exported}\"/><Me HKCharacteristicTypeIdentifierDateOfBirth=\"1961-04-17\"/>{}</HealthData>",
            records.concat()
        );
        std::fs::write(&path, text).unwrap();
        let report = home.import_json(&[&path.display().to_string()]);
        ["new", "changed", "unchanged"].map(|name| report[name].as_u64().unwrap())
    };
    let first = [steps("2026-09-01 08:00", 100), steps("2026-09-02 08:00", 40)];
    assert_eq!(import(&first, "2026-09-02 09:00:00 -0500"), [3, 0, 0]);
    let [one, two] = first;
    let next = [one, two, steps("2026-09-02 18:00", 60), steps("2026-09-03 08:00", 70)];
    assert_eq!(import(&next, "2026-09-03 09:00:00 -0500"), [1, 1, 2]);
    assert_eq!(
        import(&next, "2026-09-30 09:00:00 -0500"),
        [0, 0, 4],
        "the day of the export changes nothing"
    );
}
