//! `explain_labs` about the synthetic people: facts worked out by hand from their files, and what is never said.

use serde_json::json;

use crate::never_said::NeverSaid;
use crate::people::{Chart, cited, line};

const WIDE: u32 = 12_000;

fn everyone() -> Vec<(&'static str, Chart)> {
    let mut all: Vec<(&str, Chart)> =
        ["adult", "child", "deceased", "awkward"].map(|name| (name, Chart::of(name))).into();
    all.push(("tall child", Chart::of_tall_child()));
    all.push(("nobody asked", Chart::with(&[])));
    all
}

fn explained(chart: &Chart, query: &str) -> String {
    chart.text("explain_labs", json!({ "query": query, "max_tokens": WIDE }))
}

/// Words under which something of everybody is found, and some that find nothing.
const QUERIES: [&str; 22] = [
    "kidney",
    "potassium",
    "a1c",
    "glucose",
    "cholesterol",
    "blood pressure",
    "weight",
    "height",
    "heart rate",
    "cbc",
    "cmp",
    "liver",
    "thyroid",
    "urine culture",
    "biopsy",
    "CT",
    "genetic",
    "INR",
    "vitamin d",
    "zebra",
    "2160-0",
    "iron",
];

#[test]
fn no_explanation_says_what_is_never_said_and_every_citation_opens() {
    let never = NeverSaid::read();
    for (who, chart) in everyone() {
        let whole = chart.text("explain_labs", json!({ "max_tokens": WIDE }));
        let answers = QUERIES.iter().map(|query| explained(&chart, query)).chain([whole]);
        for answer in answers {
            let said = never.lines_in(&answer);
            assert!(said.is_empty(), "{who} says {said:#?}");
            for id in cited(&answer) {
                let opened = chart.try_ask("get_record", json!({ "id": id }));
                assert!(opened.is_ok(), "{who}: [{id}] does not open");
            }
        }
    }
}

#[test]
fn no_explanation_exceeds_its_budget() {
    let tokens = tiktoken_rs::o200k_base().unwrap();
    for (who, chart) in everyone() {
        for query in ["", "kidney", "cmp", "potassium", "blood pressure"] {
            let answer = chart.ask("explain_labs", json!({ "query": query }));
            let count = tokens.encode_ordinary(&answer.text).len();
            assert!(count <= 2_000, "{who} \"{query}\": {count} tokens\n{}", answer.text);
        }
    }
}

#[test]
fn what_stands_out_of_the_adults_results_is_told_in_order() {
    // Read off fixtures/people/adult by hand: potassium 5.6 H on 2026-10-06 (5.0 in April), A1c 8.1 H, creatinine
    // 1.21 H, eGFR 50 L, HDL 46 L, triglycerides 166 H, albumin to creatinine ratio 74 H.
    let chart = Chart::of("adult");
    let told = chart.text("explain_labs", json!({}));
    let potassium = line(&told, &["Potassium (blood)", "5.6 mmol/L", "flagged by the report: high"]);
    assert!(potassium.contains("report's range: 3.5–5.1"), "{potassium}");
    for words in [["A1c", "8.1%"], ["Creatinine", "1.21 mg/dL"], ["eGFR", "50 mL/min"], ["HDL", "46 mg/dL"]] {
        line(&told, &words);
    }
    assert!(told.contains("other results carry no range and no flag"), "{told}");
    let places = ["Glucose (blood)", "Creatinine (blood)", "The rest"].map(|words| told.find(words).unwrap());
    assert!(places.is_sorted(), "{told}");
}

#[test]
fn an_a1c_is_explained_with_its_path_its_cut_off_and_what_bears_on_it() {
    let told = explained(&Chart::of("adult"), "what does my A1c mean?");
    line(&told, &["Latest: 8.1%, 2026-10-06", "flagged by the report: high"]);
    // 7.3 on 2025-05-13 with 7 percent added is 7.81.
    line(&told, &["Moved up from 7.3%, 2025-05-13", "usual variation of about 7%"]);
    line(&told, &["33 comparable results in %", "first 8.4 (2016-11-15)", "least 6.9 (2018-05-15)"]);
    line(
        &told,
        &[
            "in the range published for diabetes; one result alone does not name it",
            "2025",
            "Not a diagnosis",
        ],
    );
    line(&told, &["On record and may bear on it", "metformin", "Type 2 diabetes"]);
    line(&told, &["Between 2026-07-14 and 2026-10-06", "empagliflozin 10 mg tablet ordered 2026-10-06"]);
    line(&told, &["What can mislead it", "anemia"]);
    line(&told, &["To ask:"]);
    assert!(!told.contains("Glucose (blood) (Glucose)\nLatest"), "{told}");
}

#[test]
fn a_wrong_name_finds_nothing_and_names_what_comes_near() {
    let chart = Chart::of("adult");
    let told = explained(&chart, "creatnine clearing");
    assert!(
        told.contains("Nothing found") && told.contains("come near") && told.contains("Creatinine"),
        "{told}"
    );
    assert!(cited(&told).is_empty(), "{told}");
    let none = explained(&chart, "zebra");
    assert!(none.contains("No result that fits") && cited(&none).is_empty(), "{none}");
}

#[test]
fn a_culture_is_a_table_of_organism_and_drug() {
    let told = explained(&Chart::of("adult"), "the urine grew e. coli: which antibiotic works?");
    line(&told, &["Escherichia coli, more than 100,000 colonies/mL", "2023-03-09"]);
    line(&told, &["| Ciprofloxacin | R (resistant)"]);
    line(&told, &["| Ceftriaxone | S (susceptible)"]);
    line(&told, &["for the clinician"]);
    let awkward = explained(&Chart::of("awkward"), "urine culture");
    line(&awkward, &["E. coli | Amoxicillin-clavulanate | I (intermediate), measured <=16 µg/mL"]);
}

#[test]
fn reports_are_told_word_for_word() {
    let chart = Chart::of("adult");
    line(
        &explained(&chart, "CT chest"),
        &["As written: \"1. No pulmonary embolism. 2. Solid nodule of 5 mm"],
    );
    line(&explained(&chart, "colon polyp"), &["\"Tubular adenoma, low grade. No cancer seen.\""]);
    let variant = explained(&Chart::of("awkward"), "genetic test");
    line(&variant, &["variant of uncertain significance was found in MSH6"]);
    line(&variant, &["An uncertain variant is not a positive result"]);
}

#[test]
fn what_cannot_be_is_shown_marked_and_nothing_is_made_of_it() {
    let told = Chart::of("awkward").text("explain_labs", json!({}));
    let a1c = line(&told, &["Hemoglobin A1c", "2.6%", "NOT PLAUSIBLE as written"]);
    assert!(!a1c.contains("Moved") && !a1c.contains("cut-off"), "{a1c}");
    line(&told, &["Total protein", "70.0 g/dL", "NOT PLAUSIBLE"]);
}

#[test]
fn a_child_and_a_person_who_has_died_are_told_facts_alone() {
    let child = explained(&Chart::of("child"), "weight");
    assert!(child.contains("Adult cut-offs, equations and usual variations are left out"), "{child}");
    assert!(!child.contains("Published cut-off:"), "{child}");
    let deceased = Chart::of("deceased");
    for told in [explained(&deceased, "potassium"), deceased.text("explain_labs", json!({}))] {
        assert!(told.contains("DIED 2025-05-14") && !told.contains("To ask"), "{told}");
    }
}
