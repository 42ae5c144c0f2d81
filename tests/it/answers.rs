//! What answers say, and never say, about records full of what real ones hold.

use std::collections::BTreeSet;

use plainchart::ingest;
use plainchart::record::{Death, Detail, EntryId, Kind, Standing};
use serde_json::{Value, json};

use crate::people::{Chart, FIRST_READ_AT, cited, fixture, fixture_text, line};

const WIDE: u32 = 12_000;

/// The people, and what their charts are called in a failure.
fn everyone() -> Vec<(&'static str, Chart)> {
    let mut everyone =
        Vec::from(["adult", "child", "deceased", "awkward"].map(|name| (name, Chart::of(name))));
    everyone.push(("tall child", Chart::of_tall_child()));
    everyone.push(("nobody asked", Chart::with(&[])));
    everyone
}

fn wide(chart: &Chart, tool: &str) -> String {
    chart.text(tool, json!({ "max_tokens": WIDE }))
}

/// The row of an entry in an answer.
fn row<'a>(chart: &Chart, text: &'a str, key: &str) -> &'a str {
    line(text, &[&format!("[{}]", chart.id(key))])
}

/// All items of a list, page by page.
fn items(chart: &Chart, tool: &str) -> Vec<Value> {
    let mut items = Vec::new();
    let mut asked = json!({ "max_tokens": WIDE, "limit": 60 });
    loop {
        let answer = chart.ask(tool, asked.clone());
        items.extend(answer.structured["items"].as_array().unwrap().clone());
        match &answer.structured["next"] {
            Value::Null => return items,
            next => asked["cursor"] = next.clone(),
        }
    }
}

fn potassium(id: &str, value: f64, at: &str) -> Value {
    json!({ "resourceType": "Observation", "id": id, "status": "final", "subject": { "reference": "Patient/1" },
        "category": [{ "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "laboratory" }] }],
        "code": { "coding": [{ "system": "http://loinc.org", "code": "2823-3" }], "text": "Potassium" },
        "effectiveDateTime": at, "valueQuantity": { "value": value, "unit": "mmol/L" } })
}

fn allergy(id: &str, words: &str) -> Value {
    json!({ "resourceType": "AllergyIntolerance", "id": id, "patient": { "reference": "Patient/1" }, "code": { "text": words } })
}

#[test]
fn what_was_entered_in_error_is_in_no_list_and_is_told_as_that_where_words_find_it() {
    let chart = Chart::of("awkward");
    let withdrawn: BTreeSet<String> = chart
        .entries()
        .iter()
        .filter(|entry| entry.standing == Standing::EnteredInError)
        .map(|entry| entry.id.to_string())
        .collect();
    assert!(withdrawn.len() >= 5, "{withdrawn:?}");
    for (tool, answer) in chart.all_answers().into_iter().filter(|(tool, _)| *tool != "search_records") {
        let shown: Vec<String> = cited(&answer.text).intersection(&withdrawn).cloned().collect();
        assert!(shown.is_empty(), "{tool} shows {shown:?}:\n{}", answer.text);
    }
    for query in ["glucose", "latex", "wrong patient"] {
        let found = chart.text("search_records", json!({ "query": query, "max_tokens": WIDE }));
        let rows = found.lines().filter(|line| withdrawn.iter().any(|id| line.contains(&format!("[{id}]"))));
        for row in rows {
            assert!(row.contains("ENTERED IN ERROR"), "what a search finds of it is told as that: {row}");
        }
    }
    let full = chart.text("get_record", json!({ "id": chart.id("Observation/status-error") }));
    assert!(full.contains("Entered in error: the source has withdrawn it."), "{full}");
}

#[test]
fn what_was_refuted_or_not_done_stands_apart_from_facts() {
    let chart = Chart::of("awkward");
    for (tool, kind) in [
        ("get_conditions", Kind::Condition),
        ("get_allergies", Kind::Allergy),
        ("get_procedures", Kind::Procedure),
        ("get_immunizations", Kind::Immunization),
    ] {
        let answer = wide(&chart, tool);
        let apart: Vec<_> = chart
            .entries()
            .into_iter()
            .filter(|entry| {
                entry.kind() == kind && matches!(entry.standing, Standing::Refuted | Standing::NotDone)
            })
            .collect();
        for entry in apart {
            let Some(at) = answer.find(&format!("[{}]", entry.id)) else { continue };
            let heading = answer[..at].lines().rfind(|line| line.starts_with("**")).unwrap();
            let is_apart = ["Refuted", "Not done", "Not given"].iter().any(|words| heading.contains(words));
            assert!(is_apart, "{tool}: {} stands under {heading}", entry.id);
        }
    }
    let summary = wide(&chart, "summarize_history");
    assert!(!summary.contains("Epilepsy"), "{summary}");
    assert!(!cited(&summary).contains(&chart.id("AllergyIntolerance/penicillin-refuted")), "{summary}");
    let found = chart.text("search_records", json!({ "query": "ibuprofen" }));
    let id = chart.id("MedicationRequest/order-not");
    assert!(
        line(&found, &[&id]).contains("do not give"),
        "an order against a drug reads like one for it: {found}"
    );
}

#[test]
fn no_known_allergies_beside_a_real_one_is_a_conflict() {
    let chart = Chart::of("awkward");
    for tool in ["get_allergies", "summarize_history"] {
        let answer = wide(&chart, tool);
        let conflict = line(&answer, &["CONFLICT", "No known allergies"]);
        assert!(answer.find(conflict).unwrap() < 200, "a conflict comes first: {answer}");
        assert!(answer.contains("Sulfa antibiotics"), "{answer}");
    }
}

#[test]
fn not_on_file_is_not_asked_and_nothing_sent_is_nothing_sent() {
    let chart = Chart::with(&[allergy("a", "Not on File")]);
    for tool in ["get_allergies", "summarize_history"] {
        let answer = wide(&chart, tool);
        assert!(answer.to_lowercase().contains("not asked"), "{answer}");
        assert!(!answer.to_lowercase().contains("none known"), "{answer}");
    }
    let chart = Chart::with(&[]);
    for tool in ["get_allergies", "summarize_history"] {
        let answer = wide(&chart, tool).to_lowercase();
        assert!(answer.contains("no source has sent an"), "{answer}");
    }
    let chart = Chart::with(&[allergy("a", "No known allergies")]);
    assert!(wide(&chart, "get_allergies").contains("**None known**, as recorded"));
}

#[test]
fn a_test_that_was_not_performed_has_no_value_and_no_flag() {
    let chart = Chart::of("awkward");
    let labs = wide(&chart, "get_labs");
    for (key, word) in [("np", "np"), ("tnp", "TNP"), ("qns", "QNS")] {
        let row = row(&chart, &labs, &format!("Observation/{key}-final"));
        assert!(row.contains(&format!("not performed ({word})")), "{row}");
    }
    assert!(row(&chart, &labs, "Observation/absent-worded").contains("no value: Specimen hemolyzed"));
    let value = row(&chart, &labs, "Observation/value-in-absent-reason");
    assert!(value.contains("|9.6 mg/dL|"), "{value}");
}

#[test]
fn comparators_digits_and_ranges_stay_as_written() {
    let chart = Chart::of("awkward");
    let labs = wide(&chart, "get_labs");
    for (key, shown) in [
        ("comparator-below", "<5 mg/L"),
        ("comparator-above", ">100 mg/L"),
        ("comparator-worded", "<0.5"),
        ("digits-4-10", "4.10 mmol/L"),
        ("titer", "1:320"),
        ("range-treatment", "0.9–1.1 (normal); 2.0–3.0 (treatment)"),
        ("range-text", "|70-99|"),
        ("range-see-report", "|See report|"),
    ] {
        let row = row(&chart, &labs, &format!("Observation/{key}"));
        assert!(row.contains(shown), "{key}: {row}");
    }
    let both = row(&chart, &labs, "Observation/range-sexes");
    assert!(both.contains("13.5–17.5 (Male)") && both.contains("11.7–15.5 (Female)"), "{both}");
    let vitals = wide(&chart, "get_vitals");
    assert!(row(&chart, &vitals, "Observation/digits-long").contains("|24.08 kg/m"), "{vitals}");
    let id = chart.id("Observation/digits-long");
    let typed = items(&chart, "get_vitals").into_iter().find(|item| item["id"] == json!(id)).unwrap();
    assert_eq!(typed["digits"], json!("24.07564201110548"));
    assert!(chart.text("get_record", json!({ "id": id })).contains("24.07564201110548"));
}

#[test]
fn a_flag_is_the_reports_own_or_follows_from_its_own_range_that_is_surely_meant() {
    let chart = Chart::of("awkward");
    let labs = items(&chart, "get_labs");
    let of = |key: &str| {
        let id = json!(chart.id(&format!("Observation/{key}")));
        labs.iter().find(|item| item["id"] == id).unwrap_or_else(|| panic!("{key}")).clone()
    };
    for key in [
        "no-range",
        "no-range-2",
        "range-other-sex",
        "range-other-age",
        "range-phase",
        "range-swapped",
        "range-other-unit",
        "range-see-report",
        "range-treatment",
        "zero",
        "hemoglobin-no-unit",
        "np-final",
        "absent-coded",
        "culture",
    ] {
        let item = of(key);
        assert!(item["abnormal"].is_null(), "{key} is unknown, not judged: {item}");
        assert!(item["flag"].as_str().is_none_or(str::is_empty), "{key}: {item}");
    }
    // Of a range for men and one for women hers decides: 12.5 lies within 11.7 to 15.5.
    assert_eq!(of("range-sexes")["abnormal"], json!(false));
    let negative = of("negative");
    assert!(negative["abnormal"].is_null(), "what cannot be is not judged: {negative}");
    assert_eq!(negative["flag"], json!("NOT PLAUSIBLE as written"));
    assert_eq!(of("critical")["flag"], json!("CRITICALLY HIGH"));
    assert_eq!(of("flag-words")["abnormal"], json!(true));
    let susceptible = of("culture-tmp-smx");
    assert_eq!(susceptible["flag"], json!("susceptible"), "S is neither high nor low");
}

#[test]
fn a_result_without_range_and_flag_is_never_called_normal() {
    for (who, chart) in everyone() {
        let bare: BTreeSet<String> = chart
            .entries()
            .iter()
            .filter_map(|entry| match &entry.detail {
                Detail::Measurement(found)
                    if found.ranges.is_empty() && found.flags.is_empty() && found.components.is_empty() =>
                {
                    Some(entry.id.to_string())
                }
                _ => None,
            })
            .collect();
        for tool in ["get_labs", "get_vitals"] {
            for item in items(&chart, tool)
                .iter()
                .filter(|item| item["id"].as_str().is_some_and(|id| bare.contains(id)))
            {
                assert!(item["abnormal"].is_null(), "{who}: {item}");
            }
        }
    }
}

#[test]
fn of_two_numbers_at_one_instant_both_are_shown() {
    let chart = Chart::of("awkward");
    let labs = wide(&chart, "get_labs");
    assert!(
        row(&chart, &labs, "Observation/twin-1").contains("5.7")
            || row(&chart, &labs, "Observation/twin-2").contains("5.7"),
        "{labs}"
    );
    let chart = Chart::with(&[
        potassium("a", 3.9, "2026-09-16T08:00:00Z"),
        potassium("b", 5.7, "2026-09-16T08:00:00Z"),
    ]);
    for tool in ["get_labs", "summarize_history"] {
        let answer = wide(&chart, tool);
        assert!(answer.contains("3.9") && answer.contains("5.7"), "there is no latest of the two: {answer}");
    }
}

#[test]
fn days_stay_as_written() {
    let chart = Chart::of("awkward");
    let labs = wide(&chart, "get_labs");
    assert!(row(&chart, &labs, "Observation/utc-evening").starts_with("2026-07-03|"), "{labs}");
    assert!(row(&chart, &labs, "Observation/effective-year").starts_with("2011|"), "a year is a year");
    for (tool, answer) in chart.all_answers() {
        assert!(!answer.text.contains("1899"), "{tool} shows the null of a database:\n{}", answer.text);
    }
    let persons: Vec<_> = chart
        .entries()
        .into_iter()
        .filter_map(|entry| match entry.detail {
            Detail::Person(person) => Some(person.death),
            _ => None,
        })
        .collect();
    assert!(
        !persons.is_empty() && persons.iter().all(|death| matches!(death, Death::NotRecorded)),
        "{persons:?}"
    );
}

#[test]
fn an_order_is_an_order_and_an_old_one_is_marked() {
    let chart = Chart::of("awkward");
    let medicines = wide(&chart, "get_medications");
    let rows = medicines.split("**Active per the record").nth(1).unwrap();
    let old = row(&chart, rows, "MedicationRequest/order-1987");
    assert!(old.contains("active per the order of 1987-06-01, NOT CONFIRMED since"), "{old}");
    let home = chart.text("get_medications", json!({ "status": "active", "max_tokens": WIDE }));
    for key in ["order-hourly", "order-vaccine", "order-not", "order-error"] {
        let id = chart.id(&format!("MedicationRequest/{key}"));
        assert!(!home.contains(&id), "{key} is among the medicines for home: {home}");
        let summary = wide(&chart, "summarize_history");
        assert!(!summary.contains(&id), "{key}: {summary}");
    }
    let not_taken = chart.id("MedicationStatement/stated-not-taken");
    assert!(!home.contains(&format!("|[{not_taken}]")), "{home}");
    let home = home.split("**Active per the record").nth(1).unwrap();
    let aspirin = row(&chart, home, "MedicationRequest/order-aspirin");
    assert!(
        aspirin
            .contains(&format!("; another entry: not taken per the statement of 2026-04-07 [{not_taken}]")),
        "{aspirin}"
    );
    let weekly = row(&chart, home, "MedicationRequest/order-methotrexate");
    assert!(weekly.contains("once a WEEK"), "{weekly}");
}

/// Characters that nobody sees and a machine reads.
fn is_hidden(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}'
        | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
        || letter.is_control() && letter != '\n' && letter != '\t'
}

/// An answer without its fenced blocks, in which text of the record stands as data.
fn outside_fences(text: &str) -> String {
    let mut fence: Option<String> = None;
    let mut outside = String::new();
    for line in text.lines() {
        let ticks: String = line.chars().take_while(|letter| *letter == '`').collect();
        match &fence {
            Some(open) if line.trim_end() == open => fence = None,
            Some(_) => {}
            None if ticks.len() >= 3 => fence = Some(ticks),
            None => {
                outside.push_str(line);
                outside.push('\n');
            }
        }
    }
    assert!(fence.is_none(), "a fence is left open:\n{text}");
    outside
}

#[test]
fn text_of_the_record_is_cleaned_fenced_and_never_a_link() {
    let chart = Chart::of("awkward");
    let mut answers = chart.all_answers();
    for entry in chart.entries() {
        let id = entry.id.to_string();
        let asked = json!({ "id": id, "max_tokens": WIDE });
        answers.push((format!("get_record {}", entry.key), chart.ask("get_record", asked.clone())));
        answers.push((
            format!("original of {}", entry.key),
            chart.ask("get_record", json!({ "id": id, "original": "true" })),
        ));
        let is_read = matches!(&entry.detail, Detail::Document(document) if document.text.is_some());
        if is_read && entry.standing != Standing::EnteredInError {
            answers.push((format!("text of {}", entry.key), chart.ask("get_documents", asked)));
        }
    }
    for (what, answer) in &answers {
        let hidden = answer.text.chars().find(|letter| is_hidden(*letter));
        assert_eq!(hidden, None, "{what}:\n{}", answer.text);
        let outside = outside_fences(&answer.text);
        for mark in ["](", "![", "<script", "<img", "https://", "http://", "<tool_call", "</record>"] {
            assert!(!outside.contains(mark), "{what} has {mark} outside of a fence:\n{outside}");
        }
    }
    let text = |key: &str| chart.text("get_documents", json!({ "id": chart.id(key) }));
    let invisible = text("DocumentReference/note-invisible");
    assert!(invisible.contains("continue metformin."), "{invisible}");
    let page = text("DocumentReference/note-html");
    assert!(page.contains("<twice> a day") && page.contains("37°C, café visit."), "{page}");
    for gone in ["steal()", "color:red", "555-0100"] {
        assert!(!page.contains(gone), "{gone}: {page}");
    }
    let injected = text("DocumentReference/note-injection");
    assert!(injected.contains("(from the record, note"), "its origin is told: {injected}");
}

#[test]
fn words_find_what_they_mean() {
    let chart = Chart::of("awkward");
    let found = |query: &str| chart.text("search_records", json!({ "query": query, "max_tokens": WIDE }));
    for (query, key) in [
        ("levothyroxine", "MedicationRequest/misspelt-levothyroxine"),
        ("hydrochlorothiazide", "MedicationRequest/misspelt-hctz"),
        ("sugar", "Observation/utc-evening"),
        ("\"left arm is numb\"", "DocumentReference/note-chest-pain"),
        ("glucose", "Observation/glucose-finger"),
    ] {
        let found = found(query);
        assert!(found.contains(&chart.id(key)), "{query} does not find {key}: {found}");
    }
    let without = found("glucose -fingerstick");
    assert!(!without.contains(&chart.id("Observation/glucose-finger")), "{without}");
    assert!(without.contains(&chart.id("Observation/utc-evening")), "{without}");
    let scrambled = found("\"numb is arm\"");
    assert!(cited(&scrambled).is_empty(), "{scrambled}");
    let infarction = json!({ "resourceType": "Condition", "id": "c", "subject": { "reference": "Patient/1" }, "code": { "text": "Acute myocardial infarction" } });
    let chart = Chart::with(&[infarction]);
    let found = chart.text("search_records", json!({ "query": "heart attack" }));
    assert!(found.contains(&chart.id("Condition/c")), "{found}");
}

#[test]
fn what_came_in_since_the_last_look_is_told_alone() {
    let chart = Chart::empty();
    chart.import(&fixture("adult/lakeside.json"), None, FIRST_READ_AT);
    let later = FIRST_READ_AT + 10 * 86_400;
    chart.import(&fixture("adult/riverton.ndjson"), None, later);
    let new: BTreeSet<String> = chart
        .entries()
        .iter()
        .filter(|entry| entry.added_at == later)
        .map(|entry| entry.id.to_string())
        .collect();
    for tool in ["get_labs", "get_immunizations", "get_conditions", "get_medications", "get_visits"] {
        let answer = chart.ask(tool, json!({ "added_since": "2026-11-05", "max_tokens": WIDE }));
        let items = answer.structured["items"].as_array().unwrap();
        assert!(!items.is_empty(), "{tool} has nothing new");
        for item in items {
            let id = EntryId::parse(item["id"].as_str().unwrap()).unwrap();
            let entry = chart.entries().into_iter().find(|entry| entry.id == id).unwrap();
            let full = chart.text("get_record", json!({ "id": id.to_string(), "max_tokens": WIDE }));
            let has_new =
                new.contains(&entry.id.to_string()) || cited(&full).iter().any(|other| new.contains(other));
            assert!(has_new, "{tool} shows {id}, which was there before");
        }
        let none = chart.ask(tool, json!({ "added_since": "2026-11-20" }));
        assert_eq!(none.structured["total"], json!(0), "{tool}");
    }
}

#[test]
fn the_persons_own_note_stands_beside_the_entry_and_under_the_source_you() {
    let chart = Chart::of("adult");
    let medicine = chart
        .entries()
        .into_iter()
        .find(|entry| {
            entry.kind() == Kind::Medication && entry.concept.label().to_lowercase().contains("metformin")
        })
        .unwrap();
    let noted =
        ingest::note(&chart.sealed, "I stopped this in August.", Some(medicine.id), FIRST_READ_AT + 60)
            .unwrap();
    let medicines = wide(&chart, "get_medications");
    let at = medicines.find(&format!("[{noted}]")).unwrap_or_else(|| panic!("{medicines}"));
    let told = &medicines[..at];
    assert!(told.ends_with("the person's own note: \"I stopped this in August.\" "), "{medicines}");
    let found = chart.ask("search_records", json!({ "query": "stopped august" }));
    let note = found.structured["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|item| item["id"] == json!(noted.to_string()));
    assert_eq!(note.unwrap_or_else(|| panic!("{}", found.text))["source"], json!("you"));
    assert!(chart.text("check_records_status", json!({})).contains("you|"), "the source is told");
    let full = chart.text("get_record", json!({ "id": medicine.id.to_string() }));
    assert!(full.contains("I stopped this in August."), "{full}");
}

#[test]
fn every_answer_says_whose_record_it_is_and_that_they_have_died() {
    let chart = Chart::of("deceased");
    for (tool, answer) in chart.all_answers() {
        let first = answer.text.lines().next().unwrap();
        assert!(
            first.contains("Brannigan") && first.contains("born 1938") && first.contains("DIED 2025"),
            "{tool}: {first}"
        );
        assert!(answer.structured["whose"]["died"].is_string(), "{tool}");
    }
    for id in chart.entries().iter().map(|entry| entry.id).take(5) {
        let answer = chart.text("get_record", json!({ "id": id.to_string() }));
        assert!(answer.contains("DIED 2025"), "{answer}");
    }
}

#[test]
fn every_citation_opens() {
    for (who, chart) in everyone() {
        let mut all = BTreeSet::new();
        for (_, answer) in chart.all_answers() {
            all.extend(cited(&answer.text));
        }
        assert!(who == "nobody asked" || all.len() > 2, "{who}: {all:?}");
        for id in all {
            let answer = chart.text("get_record", json!({ "id": id }));
            assert!(answer.contains(&format!("[{id}]")), "{who}: {answer}");
        }
    }
}

#[test]
fn an_answer_does_not_depend_on_the_order_of_the_input() {
    let (one, other) = (fixture_text("adult/riverton.ndjson"), fixture_text("awkward/second-source.ndjson"));
    for text in [one, other] {
        let lines: Vec<&str> = text
            .lines()
            .filter(|line| serde_json::from_str::<Value>(line).is_ok_and(|line| line.is_object()))
            .collect();
        let answers = |lines: &[&str]| {
            let chart = Chart::empty();
            chart.import_text("record.ndjson", &lines.join("\n"));
            let answers = chart.all_answers().into_iter();
            answers.map(|(tool, answer)| (tool, answer.text, answer.structured)).collect::<Vec<_>>()
        };
        let expected = answers(&lines);
        let reversed: Vec<&str> = lines.iter().rev().copied().collect();
        // A stride without a common divisor visits every line once.
        let stride = (lines.len() / 2..)
            .find(|stride| {
                (2..=*stride).all(|divisor| stride % divisor != 0 || !lines.len().is_multiple_of(divisor))
            })
            .unwrap();
        let strided: Vec<&str> = (0..lines.len()).map(|place| lines[place * stride % lines.len()]).collect();
        for order in [reversed, strided] {
            for (before, after) in expected.iter().zip(answers(&order)) {
                assert_eq!(before.1, after.1, "{}", before.0);
                assert_eq!(before.2, after.2, "{}", before.0);
            }
        }
    }
}

/// What our own words never are (clinical safety, "never said"), in lower case.
const NEVER: &[&str] = &[
    "is normal",
    "are normal",
    "all normal",
    "looks normal",
    "within normal",
    "normal result",
    " fine",
    "nothing to worry",
    "no need to worry",
    "you can wait",
    "you have",
    "you are taking",
    "you take",
    "currently taking",
    "no allergies",
    "you never",
    "never had",
    "immune",
    "stable",
    "rising",
    "falling",
    "improved",
    "worsened",
    "is clear",
    "risk of",
    "stop taking",
    "start taking",
    "skip a dose",
    "double the",
    "you should take",
    "we are watching",
    "complete vaccin",
];

/// What the answer about prevention alone may say, and only beside the dated entry that shows it.
const MEASURED_BY_DATES: &[&str] = &["overdue", "up to date"];

/// A day, and the entry of that day.
fn has_dated_entry(line: &str) -> bool {
    let is_day = |word: &str| word.len() == 10 && word.get(..2) == Some("20") && word.get(4..5) == Some("-");
    line.split_whitespace().any(is_day) && !cited(line).is_empty()
}

/// What is said only where a dated earlier one stands beside it.
const DATED: &[&str] = &["overdue", "up to date"];

#[test]
fn what_must_never_be_said_is_not_said() {
    let mut tried: BTreeSet<&str> = BTreeSet::new();
    for (who, chart) in everyone() {
        // What the record itself says may be quoted.
        let record = format!("{:?}", chart.entries()).to_lowercase();
        let mut answers = chart.all_answers();
        for entry in chart.entries().iter().take(40) {
            answers
                .push(("get_record".into(), chart.ask("get_record", json!({ "id": entry.id.to_string() }))));
        }
        for phrase in DATED {
            for (tool, answer) in &answers {
                // Said only with the day of an earlier one, which is cited.
                let wrong = answer.text.lines().find(|line| {
                    line.to_lowercase().contains(phrase) && !(line.contains('[') && line.contains("20"))
                });
                assert!(wrong.is_none(), "{who}: {tool} says \"{phrase}\" of no date: {wrong:?}");
            }
        }
        for phrase in NEVER.iter().filter(|phrase| !record.contains(phrase.trim())) {
            tried.insert(phrase);
            for (tool, answer) in &answers {
                if tool == "check_preventive_care" && MEASURED_BY_DATES.contains(phrase) {
                    let lines = answer.text.lines().filter(|line| line.to_lowercase().contains(phrase));
                    lines.for_each(|line| {
                        assert!(has_dated_entry(line), "{who}: {phrase} without a date: {line}")
                    });
                    continue;
                }
                for said in [answer.text.to_lowercase(), answer.structured.to_string().to_lowercase()] {
                    assert!(!said.contains(phrase), "{who}: {tool} says \"{phrase}\":\n{said}");
                }
            }
        }
    }
    let untried: Vec<_> = NEVER.iter().filter(|phrase| !tried.contains(*phrase)).collect();
    assert!(untried.is_empty(), "every record says these itself, so that nothing was tried: {untried:?}");
}

#[test]
fn a_claim_stands_beside_the_visit_and_the_procedure_of_its_day() {
    let chart = Chart::of("adult");
    chart.import(&fixture("insured/prairie.json"), None, FIRST_READ_AT);
    let visit = chart.text("get_coverage", json!({"query": "office visit", "kind": "claims"}));
    assert!(visit.contains("↳ in these records on that day: Office visit [E"), "{visit}");
    assert!(visit.contains("↳ the claim says it was for: Type 2 diabetes"), "{visit}");
    let colonoscopy = chart.text("get_coverage", json!({"query": "colonoscopy"}));
    assert!(colonoscopy.contains("on that day: Colonoscopy with removal of a polyp [P"), "{colonoscopy}");
    // Both sources tell of one insurance, but the clinic sends no number by which the insurer knows her.
    let insurance = chart.text("get_coverage", json!({"kind": "insurance"}));
    assert!(insurance.contains("Prairie PPO Silver (PPO-2)|Prairie Mutual Health Plan"), "{insurance}");
    assert!(insurance.contains("both") || insurance.matches("[U").count() == 1, "{insurance}");
}
