//! What the answer about prevention says of small hand-made records, on 2026-03-01. Each expectation rests on the
//! rule that the table names: USPSTF colon 2021-05-18, breast 2024-04-30, cervix 2018-08-21, aorta 2019-12-10,
//! lung 2021-03-09; CDC adult schedule 2025; the pregnancy rows.

mod counted;
mod typed;

use serde_json::json;

use super::*;
use crate::insight::Answer;
use crate::insight::testing::{entry, person, run, same, view, view_without, with};
use crate::record::{
    Code, Concept, Death, Detail, Document, DocumentKind, Entry, Family, Flag, FlagMeaning, Measurement,
    Medication, RelativeCondition, Standing, System, Text, Value, View, When,
};

fn text(value: &str) -> Option<Text> {
    Some(value.into())
}

/// Somebody of a sex, born on a day.
fn born(day: &str, sex: &str) -> Entry {
    person(|person| {
        person.birth = When::parse(day);
        person.sex = text(sex);
    })
}

fn ask(view: &View, arguments: serde_json::Value) -> Answer {
    let asked: PreventionAsk = serde_json::from_value(arguments.clone()).unwrap();
    run(view, arguments, |context| prevention(context, &asked)).unwrap()
}

fn told(entries: Vec<Entry>, arguments: serde_json::Value) -> String {
    let text = ask(&view(entries), arguments).text;
    never_said(&text);
    text
}

/// What is never said from counting or from silence (reference: clinical safety, section 4).
fn never_said(text: &str) {
    let lower = text.to_lowercase();
    for words in
        ["complete", "immune", "you never had", "never had", "normal", "fully vaccinated", "protected"]
    {
        assert!(!lower.contains(words), "\"{words}\" in:\n{text}");
    }
    for line in lower.lines().filter(|line| line.contains("overdue:")) {
        assert!(
            line.contains("last 1") || line.contains("last 2"),
            "overdue without a dated earlier one: {line}"
        );
    }
}

fn state_of(entries: Vec<Entry>, key: &str) -> Option<State> {
    let view = view(entries);
    let checks = run(&view, json!({}), checks).unwrap();
    checks.into_iter().find(|check| check.key == key).map(|check| check.state)
}

fn plain(id: &str, name: &str, date: &str) -> Entry {
    entry(id, name, date, Detail::Plain)
}

fn problem(id: &str, name: &str, date: &str) -> Entry {
    let detail = Detail::Condition(Box::default());
    with(entry(id, name, date, detail), |entry| entry.status = text("active"))
}

fn image(id: &str, name: &str, date: &str, conclusion: &str) -> Entry {
    let kind = DocumentKind::Imaging;
    let conclusion = Text::trimmed(conclusion);
    entry(id, name, date, Detail::Document(Box::new(Document { kind, conclusion, ..Document::default() })))
}

fn result(id: &str, name: &str, date: &str, value: &str) -> Entry {
    let value = Some(Value::Text(value.into()));
    entry(id, name, date, Detail::Measurement(Box::new(Measurement { value, ..Measurement::default() })))
}

fn dose(id: &str, cvx: &str, name: &str, date: &str) -> Entry {
    with(entry(id, name, date, Detail::Immunization(Box::default())), |entry| {
        entry.concept.codes.push(Code { system: System::Cvx, code: cvx.into(), display: None });
    })
}

#[test]
fn at_45_without_a_colonoscopy_nothing_is_on_record_and_nothing_is_overdue() {
    let told = told(vec![born("1981-01-10", "male")], json!({"query": "colon"}));
    assert!(told.contains("**No record here**"), "{told}");
    assert!(told.contains("- Colon cancer screening\n"), "{told}");
    assert!(
        told.contains("USPSTF B (2021-05-18)") && told.contains("American Cancer Society (2018-05)"),
        "{told}"
    );
    assert!(!told.to_lowercase().contains("overdue"), "{told}");
    let young = state_of(vec![born("1981-03-02", "male")], "colon-cancer-45");
    assert_eq!(young, None, "44 until tomorrow");
}

#[test]
fn a_colonoscopy_counts_for_ten_years_and_is_then_overdue_by_its_date() {
    let of = |date: &str| {
        state_of(vec![born("1965-01-10", "male"), plain("P000001", "Colonoscopy", date)], "colon-cancer-50")
    };
    assert!(matches!(of("2017-05-04"), Some(State::UpToDate { again: Some(_), .. })));
    let Some(State::Overdue { last, until }) = of("2015-05-04") else { panic!("{:?}", of("2015-05-04")) };
    assert_eq!((last.id.to_string().as_str(), until.date_text().as_str()), ("P000001", "2025-05-04"));
    // Known to the year only: it can still count on the last day of that year.
    assert!(matches!(of("2016"), Some(State::UpToDate { .. } | State::Due { .. })));
    assert!(matches!(of("2015"), Some(State::Overdue { .. })));
    assert!(matches!(of("2016-04-20"), Some(State::Due { .. })), "within 60 days");
}

#[test]
fn the_test_that_counts_longest_decides() {
    let record = vec![
        born("1965-01-10", "male"),
        plain("P000001", "Colonoscopy", "2019-05-04"),
        result("L000001", "Fecal immunochemical test", "2024-05-04", "Negative"),
    ];
    let Some(State::UpToDate { by, .. }) = state_of(record, "colon-cancer-50") else { panic!() };
    assert_eq!(by.id.to_string(), "P000001");
}

#[test]
fn a_positive_stool_test_is_followed_up_and_not_up_to_date() {
    let positive = result("L000001", "Fecal immunochemical test", "2026-01-04", "Positive");
    let told = told(vec![born("1965-01-10", "male"), positive], json!({"query": "colon"}));
    assert!(told.contains("**Follow-up rather than screening**"), "{told}");
    assert!(told.contains("its report marks the last one") && told.contains("[L000001]"), "{told}");
    let flagged = with(result("L000001", "Fecal immunochemical test", "2026-01-04", "see report"), |entry| {
        if let Detail::Measurement(found) = &mut entry.detail {
            found.flags.push(Flag { meaning: FlagMeaning::Abnormal, text: "A".into() });
        }
    });
    let state = state_of(vec![born("1965-01-10", "male"), flagged], "colon-cancer-50");
    assert!(matches!(state, Some(State::FollowUp { .. })), "{state:?}");
}

#[test]
fn a_polyp_makes_the_next_colonoscopy_a_follow_up() {
    let record = vec![
        born("1965-01-10", "female"),
        problem("C000001", "Personal history of colonic polyps", "2021-06-22"),
        plain("P000001", "Colonoscopy with removal of a polyp", "2021-06-22"),
    ];
    let told = told(record, json!({"query": "colon"}));
    let line = told.lines().find(|line| line.starts_with("- Colon cancer screening")).unwrap();
    assert!(
        line.contains("[C000001]") && line.contains("2021-06-22") && line.contains("[P000001]"),
        "{line}"
    );
    assert!(!told.contains("up to date") && !told.contains("overdue"), "{told}");
}

#[test]
fn what_is_denied_in_the_family_or_only_sought_shows_no_illness() {
    for name in [
        "Family history of colon cancer",
        "Screening for colon cancer",
        "No colon cancer",
        "Suspected colon cancer",
        "Hyperplastic polyp of colon",
    ] {
        let state = state_of(
            vec![born("1965-01-10", "male"), problem("C000001", name, "2020-01-01")],
            "colon-cancer-50",
        );
        assert!(matches!(state, Some(State::NoRecordHere)), "{name}: {state:?}");
    }
    let refuted =
        with(problem("C000001", "Colon cancer", "2020-01-01"), |entry| entry.standing = Standing::Refuted);
    let state = state_of(vec![born("1965-01-10", "male"), refuted], "colon-cancer-50");
    assert!(matches!(state, Some(State::NoRecordHere)), "{state:?}");
    // An illness is known by its ICD-10-CM code too: C18 (table of conditions).
    let coded = with(problem("C000001", "Neoplasm, see notes", "2020-01-01"), |entry| {
        entry.concept.codes.push(Code { system: System::Icd10, code: "C18.2".into(), display: None });
    });
    let state = state_of(vec![born("1965-01-10", "male"), coded], "colon-cancer-50");
    assert!(matches!(state, Some(State::FollowUp { .. })), "{state:?}");
}

#[test]
fn after_a_total_hysterectomy_no_cervical_check_is_listed_and_it_is_said_why() {
    let of = |name: &str| {
        let record = vec![born("1981-01-10", "female"), plain("P000001", name, "2019-03-01")];
        told(record, json!({"query": "cervical"}))
    };
    let total = of("Total hysterectomy");
    assert!(!total.contains("**No record here**") && !total.contains("Pap test"), "{total}");
    assert!(
        total.contains("- Cervical cancer screening: not by these rules") && total.contains("[P000001]"),
        "{total}"
    );
    // It leaves the cervix.
    assert!(of("Supracervical hysterectomy").contains("- Cervical cancer screening\n"));
}

#[test]
fn a_mammogram_of_three_years_ago_is_overdue_with_its_date() {
    let record =
        vec![born("1970-01-10", "female"), image("R000001", "Screening mammogram", "2023-02-10", "")];
    let told = told(record, json!({"query": "mammogram"}));
    let line = told.lines().find(|line| line.starts_with("- Breast cancer screening")).unwrap();
    assert!(
        line.contains("overdue: last 2023-02-10")
            && line.contains("[R000001]")
            && line.contains("2025-02-10"),
        "{line}"
    );
    // Three bodies, one heading, each with its own line and its own time.
    for body in ["  USPSTF B (2024-04-30)", "  HRSA women's services", "  American Cancer Society"] {
        assert!(told.contains(body), "{told}");
    }
}

#[test]
fn an_order_a_refusal_a_plan_and_one_breast_are_no_mammogram() {
    let order = Detail::Order(Box::default());
    let not_evidence = [
        entry("G000001", "Mammogram", "2026-02-10", order),
        with(image("R000001", "Mammogram", "2026-02-10", ""), |entry| entry.standing = Standing::NotDone),
        with(image("R000001", "Mammogram", "2026-02-10", ""), |entry| {
            entry.standing = Standing::EnteredInError
        }),
        with(image("R000001", "Mammogram", "2026-02-10", ""), |entry| entry.status = text("registered")),
        image("R000001", "Mammogram ordered", "2026-02-10", ""),
        image("R000001", "Mammogram of the left breast", "2026-02-10", ""),
        image("R000001", "Mammogram", "2026-04-10", ""),
        image("R000001", "Mammogram", "", ""),
        plain("P000001", "Referral for mammogram", "2026-02-10"),
    ];
    for entry in not_evidence {
        let said = format!("{:?} {:?}", entry.concept.text, entry.id);
        let state = state_of(vec![born("1970-01-10", "female"), entry], "breast-cancer");
        assert!(matches!(state, Some(State::NoRecordHere)), "{said}: {state:?}");
    }
    let both = image("R000001", "Mammogram bilateral", "2026-02-10", "BI-RADS 1");
    let state = state_of(vec![born("1970-01-10", "female"), both], "breast-cancer");
    assert!(matches!(state, Some(State::UpToDate { .. })), "{state:?}");
    let recall = image("R000001", "Mammogram", "2026-02-10", "BI-RADS Category 0: incomplete");
    let state = state_of(vec![born("1970-01-10", "female"), recall], "breast-cancer");
    assert!(matches!(state, Some(State::FollowUp { .. })), "{state:?}");
}

#[test]
fn a_test_that_the_laboratory_did_not_do_is_none() {
    for value in ["TNP", "QNS", "Test not performed"] {
        let record =
            vec![born("1985-01-10", "male"), result("L000001", "Hepatitis C antibody", "2025-01-01", value)];
        let state = state_of(record, "hepatitis-c");
        assert!(matches!(state, Some(State::NoRecordHere)), "{value}: {state:?}");
    }
    let record = vec![
        born("1985-01-10", "male"),
        result("L000001", "Hepatitis C antibody", "2015-01-01", "Non-reactive"),
    ];
    let state = state_of(record, "hepatitis-c");
    assert!(matches!(state, Some(State::UpToDate { again: None, .. })), "{state:?}");
}

#[test]
fn who_has_died_or_is_in_hospice_care_is_told_no_check() {
    let died = person(|person| {
        person.birth = When::parse("1950-01-10");
        person.death = Death::Died(When::parse("2025-05-14"));
    });
    let died_view = view(vec![died]);
    assert!(ask(&died_view, json!({})).text.contains("This person has died: nothing is listed."));
    assert!(run(&died_view, json!({}), checks).unwrap().is_empty());
    let hospice = || {
        vec![
            born("1950-01-10", "female"),
            entry("E000001", "Hospice stay", "2026-02-01", Detail::Visit(Box::default())),
        ]
    };
    let told = told(hospice(), json!({}));
    assert!(told.contains("Hospice care is on record") && told.contains("[E000001]"), "{told}");
    assert!(!told.contains("USPSTF") && !told.contains("vaccine"), "{told}");
    assert!(run(&view(hospice()), json!({}), checks).unwrap().is_empty());
}

#[test]
fn past_the_upper_age_one_line_says_so() {
    let told = told(vec![born("1949-06-10", "female")], json!({"kind": "screening", "max_tokens": 6000}));
    let line = told.lines().find(|line| line.contains("Past the ages of the rules")).unwrap();
    assert!(line.contains("Colon cancer screening (USPSTF names it to 75)"), "{line}");
    assert!(line.contains("Breast cancer screening (mammogram) (USPSTF names it to 74)"), "{line}");
    assert!(!told.contains("- Colon cancer screening\n"), "{told}");
}

#[test]
fn where_sex_is_disputed_no_check_of_an_organ_is_listed_and_it_is_said() {
    let disputed = person(|person| {
        person.birth = When::parse("1970-01-10");
        person.sex = text("male");
        person.birth_sex = text("female");
    });
    let told = told(vec![disputed], json!({"kind": "screening", "max_tokens": 6000}));
    assert!(told.contains("Which organs there are decides: ask."), "{told}");
    assert!(told.contains("Colon cancer screening"), "{told}");
    for organ in ["Breast cancer", "Cervical cancer", "Bone density", "Aortic aneurysm"] {
        assert!(!told.contains(organ), "{organ}: {told}");
    }
}

fn smoking(value: &str) -> Entry {
    with(result("B000001", "Smoking status", "2025-01-01", value), |entry| {
        entry.categories.push("social-history".into())
    })
}

#[test]
fn the_aortic_check_is_for_men_of_65_to_75_who_ever_smoked() {
    let of = |day: &str, sex: &str, smoked: &str| {
        state_of(vec![born(day, sex), smoking(smoked)], "aortic-aneurysm")
    };
    assert!(matches!(of("1958-01-10", "male", "Former smoker (quit 2009)"), Some(State::NoRecordHere)));
    assert!(matches!(of("1958-01-10", "male", "Current every day smoker"), Some(State::NoRecordHere)));
    assert_eq!(of("1958-01-10", "male", "Never smoker"), None);
    assert_eq!(of("1958-01-10", "female", "Former smoker"), None);
    assert_eq!(of("1949-01-10", "male", "Former smoker"), None, "77");
    let unknown = state_of(vec![born("1958-01-10", "male")], "aortic-aneurysm");
    assert_eq!(unknown, Some(State::NotKnown { depends_on: vec!["smoking-history"] }));
    let told = told(vec![born("1958-01-10", "male"), smoking("Former smoker")], json!({"query": "aorta"}));
    assert!(
        told.contains("Here for") && told.contains("Former smoker") && told.contains("[B000001]"),
        "{told}"
    );
}

#[test]
fn the_lung_check_needs_pack_years_and_smoking_now_or_a_recorded_quitting() {
    let of = |smoked: &str| state_of(vec![born("1966-01-10", "female"), smoking(smoked)], "lung-cancer");
    assert!(matches!(of("Current every day smoker, 30 pack-years"), Some(State::NoRecordHere)));
    assert!(matches!(of("Former smoker, 30 pack years, quit 2015"), Some(State::NoRecordHere)));
    assert_eq!(of("Former smoker, 30 pack years, quit 2005"), None);
    assert_eq!(of("Current smoker, 10 pack-years"), None);
    assert!(matches!(of("Former smoker, 30 pack years"), Some(State::NotKnown { .. })), "no day of quitting");
    assert!(matches!(of("Current every day smoker"), Some(State::NotKnown { .. })), "no pack-years");
}

#[test]
fn a_blood_relatives_cancer_brings_the_risk_check_and_a_spouses_does_not() {
    let relative = |relation: &str| {
        let conditions =
            vec![RelativeCondition { concept: Concept::named("Breast cancer"), ..Default::default() }];
        let family = Family { relation: text(relation), conditions, ..Family::default() };
        entry("F000001", "Family history", "", Detail::Family(Box::new(family)))
    };
    let of = |relation: &str| state_of(vec![born("1981-01-10", "female"), relative(relation)], "brca-risk");
    assert!(matches!(of("Sister"), Some(State::NoRecordHere)));
    assert!(matches!(of("Wife"), Some(State::NotKnown { .. })));
    let told = told(vec![born("1981-01-10", "female"), relative("Sister")], json!({"query": "inherited"}));
    assert!(told.contains("\"Sister: Breast cancer\" [F000001]"), "{told}");
}

#[test]
fn a_medicine_for_bones_makes_the_bone_test_a_follow_up() {
    let medicine = Medication { ingredients: vec!["alendronate".into()], ..Medication::default() };
    let fosamax = entry("M000001", "Fosamax 70 mg", "2025-01-01", Detail::Medication(Box::new(medicine)));
    let state = state_of(vec![born("1955-01-10", "female"), fosamax], "bone-density-65");
    assert!(matches!(state, Some(State::FollowUp { .. })), "{state:?}");
    // USPSTF 2025-01-14 is for adults without a fragility fracture.
    let broken = problem("C000001", "Fragility fracture of the wrist", "2024-01-01");
    let state = state_of(vec![born("1955-01-10", "female"), broken], "bone-density-65");
    assert!(matches!(state, Some(State::FollowUp { .. })), "{state:?}");
}

#[test]
fn rows_of_pregnancy_stand_only_in_a_present_one_and_count_only_what_lies_inside_it() {
    let pregnant =
        |on: &str| with(problem("C000001", "Pregnancy", on), |entry| entry.recorded = When::parse(on));
    let hiv = |on: &str| result("L000001", "HIV 1 and 2 antibody", on, "Non-reactive");
    let of = |on: &str, tested: &str| {
        state_of(vec![born("1995-01-10", "female"), pregnant(on), hiv(tested)], "hiv-pregnancy")
    };
    assert!(matches!(of("2025-12-01", "2026-01-05"), Some(State::UpToDate { .. })));
    assert!(matches!(of("2025-12-01", "2024-01-05"), Some(State::NoRecordHere)), "an earlier pregnancy's");
    assert_eq!(of("2023-12-01", "2024-01-05"), None, "an old active entry is past");
    let told =
        told(vec![born("1995-01-10", "female"), pregnant("2025-12-01")], json!({"query": "whooping cough"}));
    assert!(told.contains("(each pregnancy): As Tdap in each pregnancy"), "{told}");
    let told_without = self::told(vec![born("1995-01-10", "female")], json!({"query": "whooping cough"}));
    assert!(!told_without.contains("each pregnancy"), "{told_without}");
}

#[test]
fn tetanus_is_told_by_its_last_dose_and_ten_years() {
    let of = |date: &str| {
        told(
            vec![born("1970-01-10", "male"), dose("I000001", "115", "Tdap", date)],
            json!({"query": "last tetanus shot"}),
        )
    };
    let old = of("2015-02-03");
    assert!(old.contains("overdue: last 2015-02-03 Tdap [I000001]; 10 years ended 2025-02-03"), "{old}");
    let new = of("2019-02-03");
    assert!(
        new.contains("last 2019-02-03 Tdap [I000001]; 10 years end 2029-02-03") && !new.contains("overdue"),
        "{new}"
    );
    let none = told(vec![born("1970-01-10", "male")], json!({"query": "tetanus"}));
    assert!(none.contains("Tetanus vaccine: no record here") && !none.contains("overdue"), "{none}");
}

#[test]
fn flu_of_the_last_season_is_due_and_of_this_one_is_on_record() {
    let of = |date: &str| {
        told(
            vec![born("1970-01-10", "male"), dose("I000001", "150", "Flu shot", date)],
            json!({"query": "flu"}),
        )
    };
    let last = of("2024-10-03");
    assert!(
        last.contains("due: none recorded since the season began (2025-07-01), last 2024-10-03"),
        "{last}"
    );
    assert!(of("2025-10-03").contains("this season 2025-10-03 Flu shot [I000001]"));
}

#[test]
fn doses_are_counted_once_a_day_and_only_where_they_were_given() {
    let [here, there] = same(
        dose("I000001", "10", "IPV", "2019-05-08"),
        dose("I000002", "10", "Polio vaccine", "2019-05-08"),
    );
    let record = vec![
        born("2019-03-01", "male"),
        here,
        there,
        dose("I000003", "110", "DTaP, hepatitis B and polio", "2019-07-09"),
        dose("I000004", "10", "IPV", "2019-07-09"),
        with(dose("I000005", "10", "IPV", "2019-09-10"), |entry| entry.standing = Standing::NotDone),
        with(dose("I000006", "10", "IPV", "2020-09-10"), |entry| {
            entry.more.push(("subpotent".into(), "true".into()));
        }),
        dose("I000007", "10", "IPV", ""),
    ];
    let told = told(record, json!({"query": "polio"}));
    let line = told.lines().find(|line| line.starts_with("- Polio vaccine")).unwrap();
    assert!(
        line.contains("2 doses recorded") && line.contains("1 more without a usable date [I000007]"),
        "{line}"
    );
    for body in ["CDC before 2026-01-05 names 4", "CDC 2026-01-05 names 4", "AAP 2026-01-26 names 4"] {
        assert!(line.contains(body), "{line}");
    }
    assert!(told.contains("on hold by a federal court since 2026-03-16"), "{told}");
    assert!(told.contains("counted, not judged"), "{told}");
}

#[test]
fn the_older_shingles_vaccine_does_not_stand_for_one_of_two_doses() {
    let record = vec![
        born("1955-01-10", "female"),
        dose("I000001", "121", "Zostavax", "2014-05-08"),
        dose("I000002", "187", "Shingrix", "2020-05-08"),
    ];
    assert_eq!(state_of(record.clone(), "shingles"), Some(State::Counted { recorded: 2, is_fewer: true }));
    let told = told(record, json!({"query": "shingles"}));
    assert!(told.contains("2014-05-08 Zostavax [I000001], 2020-05-08 Shingrix [I000002]"), "{told}");
}

#[test]
fn what_belongs_to_a_withheld_class_is_not_asked_about() {
    let all = ask(&view(vec![born("1985-01-10", "female")]), json!({"max_tokens": 8000})).text;
    assert!(all.contains("HIV test") && all.contains("Depression screening"), "{all}");
    let none = view_without(vec![born("1985-01-10", "female")], |scope| scope.classes = 0);
    let told = ask(&none, json!({"max_tokens": 8000})).text;
    for hidden in ["HIV", "Depression", "Anxiety", "Alcohol", "Drug use", "Inherited"] {
        assert!(!told.contains(hidden), "{hidden}: {told}");
    }
}

#[test]
fn questions_about_violence_are_told_to_whom_asks_and_to_nobody_else() {
    let record = || vec![born("1985-01-10", "female")];
    assert!(!told(record(), json!({"max_tokens": 8000})).contains("safety at home"));
    assert!(told(record(), json!({"query": "safety at home"})).contains("safety at home"));
    let checks = run(&view(record()), json!({}), checks).unwrap();
    assert!(checks.iter().all(|check| !check.key.contains("violence")));
}

#[test]
fn checks_stand_in_the_order_of_need_and_each_says_who_says_so() {
    let record = vec![
        born("1970-01-10", "female"),
        image("R000001", "Screening mammogram", "2023-02-10", ""),
        dose("I000001", "150", "Flu shot", "2025-10-03"),
    ];
    let checks = run(&view(record), json!({}), checks).unwrap();
    let most_pressing =
        |name: &str| checks.iter().filter(|check| check.name == name).map(|check| check.state.rank()).min();
    assert!(checks.is_sorted_by_key(|check| most_pressing(&check.name)));
    let first = checks.first().unwrap();
    assert!(matches!(first.state, State::Overdue { .. }) && first.says.contains("[R000001]"), "{first:?}");
    assert!(checks.iter().any(|check| check.body.starts_with("USPSTF")));
    for check in &checks {
        never_said(&check.says);
        never_said(&check.ask);
        assert!(!check.name.is_empty() && check.ask.ends_with('?'), "{check:?}");
    }
}

#[test]
fn a_child_is_met_with_the_rules_of_its_age() {
    let visit = entry("E000001", "Well visit, 7 years", "2025-09-12", Detail::Visit(Box::default()));
    let record = vec![born("2018-09-10", "male"), visit];
    let told = told(record, json!({"kind": "screening", "max_tokens": 6000}));
    assert!(told.contains("- Well-child visit: up to date: 2025-09-12"), "{told}");
    assert!(
        told.contains("Bright Futures (2024-06; may have been replaced)") && !told.contains("Colon"),
        "{told}"
    );
}

#[test]
fn a_question_that_fits_nothing_is_told_so_and_a_wrong_kind_is_refused() {
    assert!(
        told(vec![born("1985-01-10", "male")], json!({"query": "xyzzy"})).contains("No rule in these tables")
    );
    assert!(!told(vec![born("1985-01-10", "male")], json!({"query": "vaccines"})).contains("USPSTF"));
    let asked: PreventionAsk = serde_json::from_value(json!({"kind": "surgery"})).unwrap();
    let refused = run(&view(vec![]), json!({}), |context| prevention(context, &asked));
    assert!(refused.is_err());
}

#[test]
fn a_stale_rule_says_so_and_when_it_was_read() {
    // USPSTF 2018-11-13: told as it was read, and marked five years later.
    let record = || vec![born("1985-01-10", "male")];
    let told = told(record(), json!({"query": "alcohol"}));
    assert!(told.contains("USPSTF B (2018-11-13; may have been replaced): All adults"), "{told}");
    assert!(told.contains("was read 2026-11-25. Ask for the present one"), "{told}");
    let checks = run(&view(record()), json!({}), checks).unwrap();
    let says = &checks.iter().find(|check| check.key == "alcohol-use").unwrap().says;
    assert!(says.contains("may have been replaced") && says.ends_with("Rule read 2026-11-25."), "{says}");
    let fresh = self::told(vec![born("1970-01-10", "female")], json!({"query": "mammogram"}));
    assert!(fresh.contains("USPSTF B (2024-04-30): Women"), "{fresh}");
}

#[test]
fn a_stale_row_of_a_vaccine_is_told_with_its_mark_and_not_left_out() {
    // The CDC's adult schedule of 2024-11-21 was for the year 2025.
    let record = vec![born("1970-01-10", "male"), dose("I000001", "115", "Tdap", "2019-02-03")];
    let told = told(record, json!({"query": "tetanus"}));
    let mark = "CDC before 2026-01-05 (of 2024-11-21; may have been replaced): As Td or Tdap every 10 years.";
    assert!(told.contains(mark) && told.contains("was read 2026-11-25"), "{told}");
    // That of 2026-01-26 was new in March 2026.
    let child = self::told(vec![born("2019-03-01", "male")], json!({"query": "polio"}));
    assert!(child.contains("AAP 2026-01-26 names 4") && !child.contains("may have been replaced"), "{child}");
}

#[test]
fn the_doses_of_a_small_child_do_not_stand_for_the_one_from_11_years_on() {
    let small = |id: &str, date: &str| dose(id, "106", "DTaP", date);
    let record = || {
        vec![
            born("2013-09-10", "female"),
            small("I000001", "2013-11-10"),
            small("I000002", "2014-01-10"),
            small("I000003", "2014-03-10"),
            small("I000004", "2015-01-10"),
            small("I000005", "2018-01-10"),
        ]
    };
    let told = told(record(), json!({"query": "tetanus"}));
    let line = told.lines().find(|line| line.starts_with("- Diphtheria, Tetanus")).unwrap();
    assert!(line.contains("5 doses recorded") && line.contains("of these 0 from 11 years on"), "{line}");
    assert!(line.contains("names 5: As DTaP") && line.contains("names 1: As Tdap"), "{line}");
    let key = "diphtheria-tetanus-pertussis";
    assert_eq!(state_of(record(), key), Some(State::Counted { recorded: 5, is_fewer: true }));
    let mut later = record();
    later.push(dose("I000006", "115", "Tdap", "2025-01-10"));
    assert_eq!(state_of(later, key), Some(State::Counted { recorded: 6, is_fewer: false }));
}

#[test]
fn a_vaccine_of_babies_is_told_briefly_of_an_older_child() {
    let record = |born_on: &str| {
        vec![
            born(born_on, "male"),
            dose("I000001", "116", "rotavirus, pentavalent", "2025-11-08"),
            dose("I000002", "48", "Hib", "2025-11-08"),
        ]
    };
    let seven = told(record("2019-03-08"), json!({"kind": "vaccines", "max_tokens": 8000}));
    let line = seven.lines().find(|line| line.starts_with("- Rotavirus")).unwrap();
    assert!(line.contains("Past the ages it is for: CDC before 2026-01-05 names 2 or 3"), "{line}");
    assert!(line.contains("AAP 2026-01-26 names 2 or 3.") && !line.contains("months"), "{line}");
    let baby = told(record("2025-09-08"), json!({"kind": "vaccines", "max_tokens": 8000}));
    let line = baby.lines().find(|line| line.starts_with("- Rotavirus")).unwrap();
    assert!(line.contains("At 2 and 4 months") && !line.contains("Past"), "{line}");
    // Tdap lies ahead of a child of seven.
    assert!(!seven.contains("Tetanus, Pertussis vaccine: no record here. Past"), "{seven}");
}
