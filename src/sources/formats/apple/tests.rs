//! Exports as they come: whole, old, broken and hostile.

use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

use proptest::prelude::*;

use crate::record::{Detail, Entry, Kind, Value};
use crate::sources::files::{read_held, read_paths};
use crate::sources::taken::Taken;
use crate::sources::{Draft, Limits, Subject};

impl Taken {
    fn entry(&self, key: &str) -> &Entry {
        let found = self.drafts.iter().find(|draft| draft.entry.key == key);
        &found.unwrap_or_else(|| panic!("no {key}: {:?}", self.keys())).entry
    }
}

fn held(name: &str, bytes: &[u8]) -> Taken {
    let mut taken = Taken::default();
    taken.failures = read_held(&[(name, bytes)], &Limits::default(), &mut taken).unwrap();
    taken
}

fn xml(elements: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?>\n<!DOCTYPE HealthData [\n]>\n<HealthData locale=\"en_US\">\n{elements}\n</HealthData>\n"
    )
}

fn record(kind: &str, unit: &str, value: &str, start: &str, end: &str) -> String {
    let unit = if unit.is_empty() { String::new() } else { format!("unit=\"{unit}\"") };
    format!(
        "<Record type=\"{kind}\" sourceName=\"Phone\" {unit} creationDate=\"{end}\" startDate=\"{start}\" endDate=\"{end}\" value=\"{value}\"/>"
    )
}

fn one(elements: &str) -> Taken {
    held("export.xml", xml(elements).as_bytes())
}

fn quantity(entry: &Entry) -> (String, String) {
    let Detail::Measurement(found) = &entry.detail else { panic!("no measurement") };
    let Some(Value::Quantity(quantity)) = &found.value else { panic!("no quantity: {found:?}") };
    (quantity.number.as_written().to_owned(), quantity.unit().unwrap_or_default().to_owned())
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/people/adult-apple/apple_health_export")
}

/// The export of the fixture as an archive.
fn archive() -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let mut waiting = vec![folder()];
    while let Some(inner) = waiting.pop() {
        let mut items: Vec<PathBuf> =
            std::fs::read_dir(inner).unwrap().map(|item| item.unwrap().path()).collect();
        items.sort();
        for path in items {
            if path.is_dir() {
                waiting.push(path);
                continue;
            }
            let name = path.strip_prefix(folder().parent().unwrap()).unwrap().display().to_string();
            archive.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            archive.write_all(&std::fs::read(&path).unwrap()).unwrap();
        }
    }
    archive.finish().unwrap().into_inner()
}

#[test]
fn an_archive_and_its_folder_say_the_same_and_each_clinic_is_a_system_of_its_own() {
    let packed = archive();
    let zipped = held("export.zip", &packed);
    let mut open = Taken::default();
    open.failures = read_paths(&[folder()], &Limits::default(), &mut open).unwrap();
    let told = |taken: &Taken| {
        let of = |draft: &Draft| (draft.entry.key.clone(), draft.content, draft.system.clone());
        let mut told: Vec<_> = taken.drafts.iter().map(of).collect();
        told.sort();
        told
    };
    assert_eq!(told(&zipped), told(&open));
    assert!(zipped.failures.is_empty() && open.failures.is_empty());
    assert_eq!(zipped.bytes, packed.len() as u64, "progress ends at the size of the archive");
    let shots: Vec<_> =
        zipped.drafts.iter().filter(|draft| draft.entry.key == "Immunization/shot-13").collect();
    let systems: Vec<_> = shots.iter().map(|draft| draft.system.as_deref().unwrap()).collect();
    assert_eq!(systems, ["Lakeside Health", "Riverton Diabetes & Family Clinic"]);
    let is_exporter = |draft: &Draft| match &draft.subject {
        Subject::Person(key) | Subject::IsPerson(key) => key == crate::sources::EXPORTER,
        Subject::Nobody => true,
    };
    assert!(zipped.drafts.iter().all(is_exporter), "everything is about the person who exported");
    let a1c = zipped.entry("Observation/a1c-1");
    assert_eq!(a1c.date.unwrap().to_string(), "2026-07-14", "not the day of the download");
    let ecg = zipped.drafts.iter().find(|draft| draft.entry.kind() == Kind::Document).unwrap();
    let Detail::Document(document) = &ecg.entry.detail else { panic!("no document") };
    let text = document.text.as_deref().unwrap();
    assert!(text.contains("Classification: Sinus Rhythm") && text.contains("71 beats per minute"), "{text}");
    assert!(!text.contains("Alvarez") && !text.contains("1961"), "{text}");
    let reasons = zipped.reasons().join("\n");
    for expected in [
        "routes of workouts, which are places where somebody was and no record: 2",
        "repeats the samples of the export, which are read from there",
        "correlations, whose parts are counted as the samples that repeat them: 28",
        "summaries of a day's activity, which the phone reckons: told are the samples that the export holds: 14",
    ] {
        assert!(reasons.contains(expected), "{expected} is not in\n{reasons}");
    }
}

#[test]
fn clinical_records_that_are_not_there_are_told() {
    let text = xml(
        "<ClinicalRecord type=\"Condition\" sourceName=\"A\" fhirVersion=\"4.0.1\" resourceFilePath=\"/clinical-records/a.json\"/>",
    );
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file("apple_health_export/export.xml", zip::write::SimpleFileOptions::default()).unwrap();
    archive.write_all(text.as_bytes()).unwrap();
    let taken = held("export.zip", &archive.finish().unwrap().into_inner());
    assert_eq!(taken.reasons(), ["records of clinics that the export names and does not hold: 1"]);
}

#[test]
fn single_values_keep_their_digits_units_and_places() {
    let taken = one(&[
        record(
            "HKQuantityTypeIdentifierBodyMass",
            "lb",
            "191.40",
            "2026-03-04 07:15:00 -0500",
            "2026-03-04 07:15:00 -0500",
        ),
        record(
            "HKQuantityTypeIdentifierBodyFatPercentage",
            "%",
            "0.320",
            "2026-03-04 07:15:00 -0500",
            "2026-03-04 07:15:00 -0500",
        ),
        record(
            "HKQuantityTypeIdentifierBloodGlucose",
            "mmol&lt;180.1558800000541&gt;/L",
            "6.10",
            "2026-03-04 07:15:00 -0500",
            "2026-03-04 07:15:00 -0500",
        ),
    ]
    .concat());
    let find = |name: &str| taken.drafts.iter().find(|draft| draft.entry.key.contains(name)).unwrap();
    let weight = &find("BodyMass").entry;
    assert_eq!(quantity(weight), ("191.40".into(), "[lb_av]".into()));
    assert_eq!(weight.date.unwrap().to_string(), "2026-03-04T07:15:00-05:00");
    assert!(weight.is_home_reading() && !weight.is_logged());
    assert_eq!(quantity(&find("BodyFat").entry), ("32.0".into(), "%".into()));
    let glucose = &find("Glucose").entry;
    assert_eq!((quantity(glucose), glucose.kind()), (("6.10".into(), "mmol/L".into()), Kind::Lab));
    let loinc: Vec<&str> = glucose.concept.codes_in(&crate::record::System::Loinc).collect();
    assert_eq!(loinc, ["14743-9"], "an amount of substance, and no mass");
}

#[test]
fn a_day_of_many_samples_is_one_daily_mean_that_no_answer_takes_for_a_reading() {
    let sample = |minute: usize| {
        let at = format!("2026-03-04 {:02}:{:02}:00 -0500", minute / 60, minute % 60);
        record("HKQuantityTypeIdentifierBloodGlucose", "mg/dL", &(100 + minute % 7).to_string(), &at, &at)
    };
    let taken = one(&(0..288).map(|count| sample(count * 5)).collect::<String>());
    assert_eq!(taken.keys(), ["Patient/exported-by-the-person", "Observation/BloodGlucose-2026-03-04"]);
    let day = taken.entry("Observation/BloodGlucose-2026-03-04");
    assert!(day.is_logged() && !day.is_home_reading());
    assert_eq!(quantity(day).0, "102.99");
    let loinc: Vec<&str> = day.concept.codes_in(&crate::record::System::Loinc).collect();
    assert!(loinc.is_empty(), "a mean has not the code of a single measurement");
}

#[test]
fn an_export_of_years_ago_is_read() {
    let taken = one("<ExportDate value=\"2016-04-15 07:27:26 +0100\"/>\
        <Me HKCharacteristicTypeIdentifierDateOfBirth=\"1965-07-31\" HKCharacteristicTypeIdentifierBiologicalSex=\"HKBiologicalSexMale\"/>\
        <Record type=\"HKQuantityTypeIdentifierStepCount\" sourceName=\"Health\" unit=\"count\" startDate=\"2014-09-13 10:27:54 +0100\" endDate=\"2014-09-13 10:27:59 +0100\" value=\"329\"/>\
        <Workout workoutActivityType=\"HKWorkoutActivityTypeOther\" duration=\"31.73680251737436\" durationUnit=\"min\" totalDistance=\"0\" totalDistanceUnit=\"km\" totalEnergyBurned=\"139.3170000000021\" totalEnergyBurnedUnit=\"kcal\" sourceName=\"Watch\" startDate=\"2016-04-02 10:40:38 +0100\" endDate=\"2016-04-02 11:12:22 +0100\"/>");
    assert_eq!(quantity(taken.entry("Observation/StepCount-2014-09-13")).0, "329");
    let workout = taken.drafts.iter().find(|draft| draft.entry.key.contains("Workout")).unwrap();
    let Detail::Measurement(found) = &workout.entry.detail else { panic!("no workout") };
    assert_eq!(found.components.len(), 2, "a distance of nothing is none");
    assert_eq!(workout.entry.end.unwrap().to_string(), "2016-04-02T11:12:22+01:00");
}

#[test]
fn nothing_is_lost_without_a_word() {
    let at = "2026-03-04 07:15:00 -0500";
    let taken = one(&[
        record("HKQuantityTypeIdentifierOfTomorrow", "furlong", "7", at, at),
        record(
            "HKCategoryTypeIdentifierHeadache",
            "",
            "HKCategoryValueSeverityMild",
            at,
            "2026-03-04 09:15:00 -0500",
        ),
        record("HKQuantityTypeIdentifierStepCount", "count", "many", at, at),
        record("HKQuantityTypeIdentifierStepCount", "count", "&secret;", at, at),
        record("HKQuantityTypeIdentifierHeartRate", "count/min", "70", "yesterday", "today"),
        "<Audiogram type=\"x\"><sensitivityPoint/></Audiogram><StateOfMind/>".into(),
        "<Me HKCharacteristicTypeIdentifierFitzpatrickSkinType=\"HKFitzpatrickSkinTypeII\"/>".into(),
    ]
    .concat());
    assert_eq!(quantity(taken.entry("Observation/OfTomorrow-2026-03-04")), ("7".into(), "furlong".into()));
    let Detail::Measurement(ache) = &taken.entry("Observation/Headache-2026-03-04").detail else { panic!() };
    assert_eq!(ache.value, Some(Value::Text("once (severity mild: 1)".into())));
    assert_eq!(
        taken.reasons(),
        [
            "elements of the type Audiogram, which this version does not read: 1",
            "elements of the type StateOfMind, which this version does not read: 1",
            "samples of HeartRate whose date or value cannot be read: 1",
            "samples of StepCount whose date or value cannot be read: 2",
            "what the person says of themselves as FitzpatrickSkinType: 1",
        ]
    );
}

#[test]
fn where_an_export_is_cut_changes_nothing() {
    let whole = std::fs::read_to_string(folder().join("export.xml")).unwrap();
    let content = &whole[whole.find("\n <ExportDate").unwrap()..whole.find("</HealthData>").unwrap()];
    let content = content.repeat((2 << 20) / content.len());
    let told = |content: &str| {
        let taken = one(content);
        let drafts: Vec<_> =
            taken.drafts.iter().map(|draft| (draft.entry.key.clone(), draft.content)).collect();
        (drafts, format!("{:?} {:?}", taken.left_out, taken.failures))
    };
    let in_pieces = told(&content);
    assert!(in_pieces.0.len() > 100, "{}", in_pieces.0.len());
    assert!(in_pieces == told(&content.replace("\n <", "\n<")), "laid out so, it is read in one");
    let (one, other) = content.split_at(content[..1 << 20].rfind("\n <Record").unwrap());
    let comment = "\n <Record type=\"nothing\"/>".repeat(20_000);
    assert!(in_pieces == told(&format!("{one}<!--{comment}-->{other}")), "a comment is no place to cut");
    let (drafts, failures) = told(&format!("{one}\n <Record>{other}"));
    assert!(drafts.is_empty() && failures.contains("not well-formed"), "{failures}");
}

#[test]
fn a_broken_or_hostile_export_gives_nothing() {
    let at = "2026-03-04 07:15:00 -0500";
    let whole = xml(&record("HKQuantityTypeIdentifierStepCount", "count", "7", at, at));
    let deep = format!("{}{}", "<a>".repeat(5000), "</a>".repeat(5000));
    let long = format!("<Record type=\"{}\"/>", "x".repeat(3 << 20));
    for (what, text) in [
        ("cut off", whole[..whole.len() - 20].to_owned()),
        ("cut off in an element", whole[..whole.len() - 60].to_owned()),
        ("without its first element", whole.replace("<HealthData", "<Other")),
        ("elements that do not match", whole.replace("</HealthData>", "</Data>")),
        ("too deep", xml(&deep)),
        ("too long", xml(&long)),
    ] {
        let taken = held("export.xml", text.as_bytes());
        assert!(taken.drafts.is_empty(), "{what}");
        assert_eq!(taken.failures.len(), 1, "{what}");
    }
    let mut archive = archive();
    let at = archive.len() / 2;
    archive[at] ^= 0xff;
    let taken = held("export.zip", &archive);
    assert!(taken.drafts.is_empty() && taken.failures.len() == 1, "{:?}", taken.failures);
}

proptest! {
    #[test]
    fn no_bytes_panic(at in 0_usize..4000, bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
        let mut text = std::fs::read(folder().join("export.xml")).unwrap();
        text.truncate(60_000);
        text.splice(at * 14..at * 14 + bytes.len(), bytes);
        text.extend_from_slice(b"\"/></HealthData>");
        held("export.xml", &text);
        let mut curve = std::fs::read(folder().join("electrocardiograms/ecg_2026-10-11.csv")).unwrap();
        curve.truncate(at % 400);
        held("ecg.csv", &curve);
    }
}
