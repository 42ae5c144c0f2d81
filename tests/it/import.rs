//! Importing files with the program itself: what comes in, what is refused, and that nothing is lost silently.

use std::collections::BTreeMap;
use std::io::Write;

use serde_json::{Value, json};
use zip::write::SimpleFileOptions;

use crate::people::{FILES, Home, cited, fixture, fixture_text, line, without_ids};

fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

fn patient(id: &str, given: &str, family: &str, born: &str, sex: &str) -> String {
    json!({ "resourceType": "Patient", "id": id, "name": [{ "given": [given], "family": family }],
        "birthDate": born, "gender": sex })
    .to_string()
}

fn glucose(id: &str, patient: &str, value: &str) -> String {
    format!(
        r#"{{"resourceType":"Observation","id":"{id}","status":"final","category":[{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"laboratory"}}]}}],"code":{{"coding":[{{"system":"http://loinc.org","code":"2345-7"}}],"text":"Glucose"}},"subject":{{"reference":"Patient/{patient}"}},"effectiveDateTime":"2025-05-06T08:00:00Z","valueQuantity":{{"value":{value},"unit":"mg/dL","system":"http://unitsofmeasure.org","code":"mg/dL"}}}}"#
    )
}

#[test]
fn two_providers_become_one_record_and_the_same_fact_one_group_with_both_sources() {
    let home = Home::new();
    let files =
        ["adult/lakeside.json", "adult/riverton.ndjson"].map(|name| fixture(name).display().to_string());
    let report = home.import_json(&[&files[0], &files[1]]);
    assert!(report["grouped"].as_u64().unwrap() > 100, "{}", report["grouped"]);
    let vaccines = home.call_json("get_immunizations", r#"{"max_tokens":10000}"#);
    let both = vaccines["items"].as_array().unwrap().iter().find(|item| item["sources"].as_array().is_some());
    let id = both.unwrap_or_else(|| panic!("{vaccines}"))["id"].as_str().unwrap();
    let full = home.call("get_record", &format!(r#"{{"id":"{id}"}}"#));
    assert!(full.contains("lakeside") && full.contains("riverton"), "{full}");
    assert_eq!(cited(&full).len(), 2, "both members are told: {full}");
}

#[test]
fn importing_the_same_again_changes_nothing_and_says_so() {
    let home = Home::of_adult();
    let before = home.counts();
    let files =
        ["adult/lakeside.json", "adult/riverton.ndjson"].map(|name| fixture(name).display().to_string());
    let report = home.import_json(&[&files[0], &files[1]]);
    assert_eq!((&report["new"], &report["changed"], &report["grouped"]), (&json!(0), &json!(0), &json!(0)));
    assert!(report["unchanged"].as_u64().unwrap() > 1_000);
    let text = home.import(&["adult/riverton.ndjson"]);
    assert!(text.contains("Nothing changed: the record had all of this already."), "{text}");
    assert_eq!(home.counts(), before, "the version of the record stays too");
}

#[test]
fn the_same_facts_from_an_archive_or_a_folder_give_the_same_record() {
    let (one, other) = (fixture_text("adult/lakeside.json"), fixture_text("adult/riverton.ndjson"));
    let files = [("lakeside.json", one.as_bytes()), ("riverton.ndjson", other.as_bytes())];
    let asked = |home: &Home| {
        let tools = ["get_conditions", "get_labs", "get_immunizations", "get_medications"];
        let mut lines: Vec<String> = Vec::new();
        for tool in tools {
            let answer = without_ids(&home.call(tool, r#"{"max_tokens":12000}"#));
            lines.extend(answer.lines().filter(|line| !line.starts_with("Coverage:")).map(str::to_owned));
        }
        lines.sort();
        lines
    };
    let expected = asked(&Home::of_adult());
    let home = Home::new();
    let archive = home.file("export.zip", zipped(&files));
    home.run(&["import", &archive]).ok();
    assert_eq!(asked(&home), expected, "a zip");
    let home = Home::new();
    let packed = files.map(|(name, bytes)| home.file(&format!("{name}.gz"), gzipped(bytes)));
    home.run(&["import", &packed[0], &packed[1]]).ok();
    assert_eq!(asked(&home), expected, "two gz files");
    let home = Home::new();
    home.run(&["import", &fixture("adult").display().to_string()]).ok();
    assert_eq!(asked(&home), expected, "a folder");
}

#[test]
fn a_changed_resource_keeps_its_id_and_the_version_before_it_opens() {
    let home = Home::new();
    let first = home.file(
        "clinic.ndjson",
        [patient("1", "Ann", "Oak", "1980-02-03", "female"), glucose("g", "1", "101")].join("\n"),
    );
    home.run(&["import", &first]).ok();
    let before = cited(&home.call("get_labs", "{}"));
    let later = home.file(
        "clinic.ndjson",
        [patient("1", "Ann", "Oak", "1980-02-03", "female"), glucose("g", "1", "117")].join("\n"),
    );
    let report = home.import_json(&[&later]);
    assert_eq!((&report["new"], &report["changed"], &report["unchanged"]), (&json!(0), &json!(1), &json!(1)));
    let labs = home.call("get_labs", "{}");
    assert_eq!(cited(&labs), before);
    assert!(labs.contains("117 mg/dL") && !labs.contains("101"), "{labs}");
    let id = before.first().unwrap();
    let full = home.call("get_record", &format!(r#"{{"id":"{id}"}}"#));
    let older = cited(line(&full, &["another version, replaced"])).into_iter().find(|other| other != id);
    let older = older.unwrap_or_else(|| panic!("{full}"));
    let version = home.call("get_record", &format!(r#"{{"id":"{older}"}}"#));
    assert!(version.contains("An earlier version, since replaced"), "{version}");
    let original = home.call("get_record", &format!(r#"{{"id":"{older}","original":"true"}}"#));
    assert!(original.contains("101"), "{original}");
}

#[test]
fn the_report_as_json_has_the_keys_of_the_contract() {
    let home = Home::new();
    let report = home.import_json(&[&fixture("adult/lakeside.json").display().to_string()]);
    for total in ["new", "unchanged", "changed", "grouped"] {
        let sum: u64 =
            report["categories"].as_object().unwrap().values().map(|one| one[total].as_u64().unwrap()).sum();
        assert_eq!(report[total].as_u64(), Some(sum), "{total}");
    }
    for left in report["left_out"].as_array().unwrap() {
        let keys: Vec<&String> = left.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["file", "path", "reason"]);
    }
    let keys: Vec<&str> = report.as_object().unwrap().keys().map(String::as_str).collect();
    let contract = ["new", "unchanged", "changed", "grouped", "categories", "left_out"];
    let beside = ["gone", "others", "people", "sources", "sensitive", "marked", "is_saved", "failures"];
    let of_links = ["cards", "may_change", "retry_after_s"];
    let mut expected: Vec<&str> = contract.into_iter().chain(beside).chain(of_links).collect();
    expected.sort_unstable();
    assert_eq!(keys, expected);
}

#[test]
fn what_cannot_be_read_is_refused_with_its_reason_and_nothing_of_it_is_stored() {
    let lines =
        format!("{}\n{}\n", patient("1", "Ann", "Oak", "1980-02-03", "female"), glucose("g", "1", "101"));
    let archive = zipped(&[("a.ndjson", lines.repeat(500).as_bytes())]);
    let bomb = zipped(&[("a.ndjson", &vec![b' '; 64 << 20])]);
    for (name, bytes, reason) in [
        (
            "broken.json",
            br#"{"resourceType":"Bundle","type":"collection","entry":[{"#.to_vec(),
            "ends in the middle of its JSON",
        ),
        ("cut.zip", archive[..archive.len() / 2].to_vec(), "is cut off or broken"),
        ("cut.json.gz", gzipped(lines.as_bytes())[..20].to_vec(), "is cut off or broken"),
        ("bomb.zip", bomb, ""),
        ("labs.csv", b"test,value\nglucose,101\n".to_vec(), "looks like a table (CSV): save it as PDF"),
        ("photo.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF\0".to_vec(), "looks like a photo (JPEG)"),
        ("nothing.json", Vec::new(), ""),
        ("other.json", br#"{"hello":"world"}"#.to_vec(), ""),
    ] {
        let home = Home::new();
        let path = home.file(name, bytes);
        let ran = home.run(&["import", &path]);
        let shown = ran.out.clone();
        let error = ran.fails(3);
        assert!(error.contains(reason), "{name}: {error}");
        assert!(!shown.contains("new,") || shown.contains("0 new"), "{name}: {shown}");
        assert!(home.run(&["people"]).ok().is_empty(), "{name} left somebody behind");
    }
    let home = Home::new();
    home.run(&["import", &home.path("nowhere.json").display().to_string()]).fails(3);
}

#[test]
fn a_letter_is_a_document_that_an_assistant_reads_and_is_taken_once() {
    let home = Home::new();
    home.file("ann.ndjson", patient("1", "Ann", "Oak", "1980-02-03", "female"));
    home.run(&["import", &home.path("ann.ndjson").display().to_string()]).ok();
    let letter = home.file("Visit letter.rtf", r"{\rtf1\ansi Date of visit: 03/02/2024\par Temp 37\'b0C.}");
    assert!(home.run(&["import", &letter]).ok().contains("1 new"));
    assert!(home.run(&["import", &letter]).ok().contains("0 new"));
    let told = home.call("get_documents", "{}");
    assert!(told.contains("Visit letter") && told.contains("2024-03-02"), "{told}");
    assert!(home.call("search_records", r#"{"query":"37°C"}"#).contains("Temp 37°C"));
}

#[test]
fn a_bad_file_does_not_sink_the_good_one_beside_it() {
    let home = Home::new();
    let good = home.file(
        "good.ndjson",
        [patient("1", "Ann", "Oak", "1980-02-03", "female"), glucose("g", "1", "101")].join("\n"),
    );
    let bad = home.file("bad.json", "{");
    let ran = home.run(&["import", &good, &bad]);
    assert_eq!(ran.code, 3, "{}", ran.err);
    assert!(ran.out.contains("2 new") && ran.out.contains("bad.json"), "{}", ran.out);
    assert!(home.call("get_labs", "{}").contains("101 mg/dL"));
}

#[test]
fn one_bad_resource_does_not_sink_its_bundle() {
    let home = Home::new();
    let good: Value = serde_json::from_str(&glucose("g", "1", "101")).unwrap();
    let person: Value = serde_json::from_str(&patient("1", "Ann", "Oak", "1980-02-03", "female")).unwrap();
    let odd = json!({ "resourceType": "Observation", "id": "odd", "status": 7, "code": [], "subject": { "reference": "Patient/1" }, "effectiveDateTime": {}, "valueQuantity": "x" });
    let entries = [person, odd, json!(7), json!({ "resourceType": 3 }), good]
        .map(|resource| json!({ "resource": resource }));
    let file = home.file(
        "bundle.json",
        json!({ "resourceType": "Bundle", "type": "collection", "entry": entries }).to_string(),
    );
    let ran = home.run(&["import", &file]);
    let report = ran.ok();
    assert!(home.call("get_labs", "{}").contains("101 mg/dL"), "{report}");
    for place in ["entry[2]", "entry[3]"] {
        assert!(report.contains(place), "{place} is not told: {report}");
    }
}

/// Every resource of a file, by type and id, in the order of the file; what is no resource is not counted.
fn resources(name: &str) -> Vec<(String, Option<String>)> {
    let text = fixture_text(name);
    let lines: Vec<Value> = if name.ends_with(".ndjson") {
        text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
    } else {
        let bundle: Value = serde_json::from_str(&text).unwrap();
        bundle["entry"].as_array().unwrap().iter().map(|entry| entry["resource"].clone()).collect()
    };
    let kind = |line: &Value| line["resourceType"].as_str().map(str::to_owned);
    lines
        .iter()
        .filter_map(|line| kind(line).map(|kind| (kind, line["id"].as_str().map(str::to_owned))))
        .collect()
}

#[test]
fn every_resource_of_the_input_is_an_entry_or_a_line_in_the_report() {
    for (name, patient) in FILES {
        let home = Home::new();
        let path = fixture(name).display().to_string();
        let patient: Vec<&str> = patient.iter().flat_map(|patient| ["--patient", patient]).collect();
        let report = home.import_json(&[&[path.as_str()], &patient[..]].concat());
        let count = |key: &str| report[key].as_u64().unwrap() as usize;
        let mut told: BTreeMap<String, usize> = BTreeMap::new();
        for left in report["left_out"].as_array().unwrap() {
            *told.entry(left["path"].as_str().unwrap().to_owned()).or_default() += 1;
        }
        // What is told of an entry that is kept (a date that cannot be read) names the element; what stands
        // for a resource ends in the resource itself.
        let whole = |path: &str| path.rsplit(' ').next().is_some_and(|last| !last.contains('.'));
        let left: usize = told.iter().filter(|(path, _)| whole(path)).map(|(_, count)| count).sum();
        let taken = count("new") + count("unchanged") + count("changed") + count("others");
        let input = resources(name).len();
        assert!(taken + left >= input, "{name}: {input} in, {taken} taken, {left} told: {told:#?}");
        assert!(taken <= input + 40, "{name}: {taken} of {input}: something is counted twice");
    }
}

#[test]
fn somebody_elses_file_is_refused() {
    let home = Home::of_adult();
    let before = home.counts();
    let error = home.run(&["import", &fixture("child/pediatrics.json").display().to_string()]).fails(5);
    assert!(
        error.contains("the input is about somebody else") && error.contains("Theo Okafor-Lind"),
        "{error}"
    );
    assert!(error.contains("--person NAME"), "{error}");
    assert_eq!(home.counts(), before);
}

#[test]
fn of_several_people_the_one_asked_for_is_taken_and_without_a_word_none() {
    let home = Home::new();
    let people = fixture("").display().to_string();
    let refused = home.run(&["import", &people]).fails(5);
    for name in [
        "Maria Elena Alvarez, born 1961",
        "Theo Okafor-Lind, born 2019",
        "Walter James Brannigan, born 1938",
        "Pip Merriweather",
    ] {
        assert!(refused.contains(name), "{name} is not listed: {refused}");
    }
    assert!(home.run(&["people"]).ok().is_empty());
    let listed = home.run(&["import", "--json", &people]);
    let listed: Value = serde_json::from_str(&listed.out).unwrap();
    assert!(listed["people"].as_array().unwrap().len() > 4, "{listed}");
    // One of the files is cut off: what was whole is taken, and the import has not wholly succeeded.
    let cut = home.run(&["import", &people, "--patient", "Theo"]).fails(3);
    assert!(cut.contains("second-source.ndjson: ends in the middle of its last line"), "{cut}");
    let answer = home.call("get_background", r#"{"kind":"demographics"}"#);
    assert!(answer.contains("Theo") && !answer.contains("Alvarez") && !answer.contains("Walter"), "{answer}");
    home.run(&["import", &people, "--patient", "Nobody Atall"]).fails(5);
}

#[test]
fn an_id_picks_its_person_even_where_it_reads_like_another_name() {
    let home = Home::new();
    let path = fixture("awkward/awkward.json").display().to_string();
    let refused = home.run(&["import", &path]).fails(5);
    for id in ["Patient/robin-ashdown,", "Patient/robin-ashdown-other"] {
        assert!(
            refused.contains(id.trim_end_matches(',')),
            "two of one name are told apart by id: {refused}"
        );
    }
    let report = home.run(&["import", &path, "--patient", "robin-ashdown"]).ok();
    assert!(report.contains("Record of Robin"), "{report}");
    let whose = home.call("get_background", r#"{"kind":"demographics"}"#);
    assert!(whose.contains("recorded sex: female"), "{whose}");
}

#[test]
fn only_another_name_or_only_another_sex_is_shown_and_needs_a_word() {
    let home = Home::new();
    let own = [patient("1", "Ann", "Oak", "1980-02-03", "female"), glucose("a", "1", "101")].join("\n");
    home.run(&["import", &home.file("own.ndjson", own)]).ok();
    for (born, given, family, sex) in
        [("1981-02-03", "Ann", "Oak", "female"), ("1980-02-03", "Paul", "Stone", "male")]
    {
        let file = home.file(
            "other.ndjson",
            [patient("2", given, family, born, sex), glucose("b", "2", "99")].join("\n"),
        );
        home.run(&["import", &file]).fails(5);
        home.run(&["import", &file, "--same-person"]).fails(5);
    }
    for (place, family, sex) in [("married", "Stone", "female"), ("letter", "Oak", "male")] {
        let lines =
            [patient(place, "Ann", family, "1980-02-03", sex), glucose(place, place, "98")].join("\n");
        let file = home.file(&format!("{place}.ndjson"), lines);
        let error = home.run(&["import", &file]).fails(5);
        assert!(error.contains("--same-person") && error.contains(family), "{error}");
        home.run(&["import", &file, "--same-person"]).ok();
    }
    assert!(home.call("get_background", r#"{"kind":"demographics"}"#).contains("Stone"));
}

#[test]
fn a_file_without_a_patient_goes_into_an_empty_record_only() {
    let home = Home::new();
    let file = home.file(
        "loose.ndjson",
        glucose("a", "1", "101").replace(r#""subject":{"reference":"Patient/1"},"#, ""),
    );
    home.run(&["import", &file]).ok();
    assert!(home.call("get_labs", "{}").contains("101 mg/dL"));
    let home = Home::of_adult();
    let file = home.file(
        "loose.ndjson",
        glucose("a", "1", "101").replace(r#""subject":{"reference":"Patient/1"},"#, ""),
    );
    let error = home.run(&["import", &file]).fails(5);
    assert!(error.contains("does not say whom it is about"), "{error}");
    home.run(&["import", &file, "--same-person"]).ok();
}
