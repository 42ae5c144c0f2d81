//! The typed form says the same as the text, state by state, on 2026-03-01. Days are counted by hand from the
//! times that the bodies set: colonoscopy 10 years (USPSTF 2021-05-18), mammogram 2 years (USPSTF 2024-04-30).

use super::*;
use crate::insight::prevention::told;
use crate::record::{Goal, Number, Order, Quantity, Range};

/// Each line of the text stands in the typed form under its heading, and the other way round.
fn says_the_same(answer: &Answer) {
    let sections = answer.structured["sections"].as_array().unwrap();
    let mut typed: Vec<String> = Vec::new();
    for section in sections {
        let name = section["name"].as_str().unwrap();
        assert!(!name.is_empty() && answer.text.contains(&format!("**{name}**")), "{name}: {}", answer.text);
        let lines = section["lines"].as_array().unwrap().iter();
        typed.extend(lines.flat_map(|line| line.as_str().unwrap().lines()).map(str::to_owned));
    }
    let told: Vec<String> =
        answer.text.lines().filter(|line| line.starts_with("- ")).map(str::to_owned).collect();
    assert!(told.iter().all(|line| typed.contains(line)), "{told:#?}\n{typed:#?}");
    assert!(typed.iter().all(|line| answer.text.contains(line.as_str())), "{told:#?}\n{typed:#?}");
}

/// The lines of the typed form under a heading.
fn section(answer: &Answer, name: &str) -> String {
    let sections = answer.structured["sections"].as_array().unwrap();
    let named = sections.iter().filter(|section| section["name"] == name);
    let lines = named.flat_map(|section| section["lines"].as_array().unwrap());
    lines.map(|line| line.as_str().unwrap()).collect::<Vec<_>>().join("\n")
}

/// The state of a check, which must be told under that heading, in the text and in the typed form.
fn stands(entries: Vec<Entry>, key: &str, query: &str, heading: &str) -> State {
    let view = view(entries);
    let answer = ask(&view, json!({"query": query, "max_tokens": 8000}));
    never_said(&answer.text);
    says_the_same(&answer);
    let checks = run(&view, json!({}), checks).unwrap();
    let check = checks.into_iter().find(|check| check.key == key).unwrap();
    assert!(section(&answer, heading).contains(&check.name), "{}: {}", check.name, answer.text);
    for other in ["Time for the next one", "Follow-up rather than screening", "No record here", "On record"] {
        let is_there = section(&answer, other).contains(&check.name);
        assert_eq!(is_there, other == heading, "{} under {other}: {}", check.name, answer.text);
    }
    // Other answers get the same words and the same citation.
    assert!(check.says.contains(&told::standing(&check.state)), "{}", check.says);
    let shown = check.state.last().map(|last| last.id.to_string());
    assert!(shown.is_none_or(|id| check.says.contains(&id) && answer.text.contains(&id)), "{}", check.says);
    never_said(&check.says);
    check.state
}

fn man() -> Entry {
    born("1965-01-10", "male")
}

fn woman() -> Entry {
    born("1970-01-10", "female")
}

fn colonoscopy(date: &str) -> Entry {
    plain("P000001", "Colonoscopy", date)
}

fn mammogram(date: &str) -> Entry {
    image("R000001", "Screening mammogram", date, "")
}

#[test]
fn each_state_is_told_alike_in_text_and_typed() {
    let colon = |entries: Vec<Entry>, heading: &str| {
        let entries = [vec![man()], entries].concat();
        stands(entries, "colon-cancer-50", "colon", heading)
    };
    let overdue = colon(vec![colonoscopy("2015-05-04")], "Time for the next one");
    assert!(matches!(overdue, State::Overdue { until, .. } if until.date_text() == "2025-05-04"));
    let due = colon(vec![colonoscopy("2016-04-20")], "Time for the next one");
    assert!(matches!(due, State::Due { on, .. } if on.date_text() == "2026-04-20"));
    let up_to_date = colon(vec![colonoscopy("2017-05-04")], "On record");
    assert!(matches!(up_to_date, State::UpToDate { again: Some(on), .. } if on.date_text() == "2027-05-04"));
    assert_eq!(colon(vec![], "No record here"), State::NoRecordHere);
    let positive = result("L000001", "Fecal immunochemical test", "2026-01-04", "Positive");
    let follow_up = colon(vec![positive], "Follow-up rather than screening");
    assert!(matches!(follow_up, State::FollowUp { .. }));
    let for_life = vec![man(), result("L000001", "Hepatitis C antibody", "2015-01-01", "Non-reactive")];
    let for_life = stands(for_life, "hepatitis-c", "hepatitis c test", "On record");
    assert!(matches!(for_life, State::UpToDate { again: None, .. }));
    let unknown = stands(vec![born("1958-01-10", "male")], "aortic-aneurysm", "aortic", "Left out");
    assert!(matches!(unknown, State::NotKnown { .. }));
    let operated = vec![woman(), plain("P000001", "Total hysterectomy", "2019-03-01")];
    let left_out = stands(operated, "cervical-cancer-30", "cervical", "Left out");
    assert!(matches!(left_out, State::LeftOut { .. }));
}

#[test]
fn what_counts_to_a_day_is_due_on_that_day_and_overdue_on_the_next() {
    let of = |date: &str| state_of(vec![woman(), mammogram(date)], "breast-cancer").unwrap();
    // Two years: to 2026-02-28, which was yesterday; to today; to tomorrow; to the sixtieth day and to the next.
    assert!(matches!(of("2024-02-28"), State::Overdue { until, .. } if until.date_text() == "2026-02-28"));
    assert!(matches!(of("2024-03-01"), State::Due { on, .. } if on.date_text() == "2026-03-01"));
    assert!(matches!(of("2024-03-02"), State::Due { on, .. } if on.date_text() == "2026-03-02"));
    assert!(matches!(of("2024-04-30"), State::Due { on, .. } if on.date_text() == "2026-04-30"));
    assert!(matches!(of("2024-05-01"), State::UpToDate { .. }));
    // A day that February does not have: the last one it has.
    assert!(matches!(of("2024-02-29"), State::Overdue { until, .. } if until.date_text() == "2026-02-28"));
    assert!(matches!(of("2026-03-01"), State::UpToDate { .. }), "done today");
    assert_eq!(of("2026-03-02"), State::NoRecordHere, "a date that lies ahead is no test done");
}

#[test]
fn what_was_refused_ordered_referred_or_planned_later_changes_no_state() {
    let refused = with(image("R000002", "Mammogram", "2026-02-10", ""), |entry| {
        entry.standing = Standing::NotDone;
    });
    let referral = Order { is_referral: true, ..Order::default() };
    let later = [
        refused,
        entry("G000001", "Mammogram", "2026-02-10", Detail::Order(Box::default())),
        entry("G000002", "Mammogram", "2026-02-10", Detail::Order(Box::new(referral))),
        entry("G000003", "Mammogram this year", "2026-02-10", Detail::Goal(Box::<Goal>::default())),
        image("R000002", "Mammogram declined by patient", "2026-02-10", ""),
        plain("P000002", "Mammogram scheduled", "2026-02-10"),
    ];
    for entry in later {
        let said = format!("{:?}", entry.concept.text);
        let alone = stands(vec![woman(), entry.clone()], "breast-cancer", "mammogram", "No record here");
        assert_eq!(alone, State::NoRecordHere, "{said}");
        let lapsed = vec![woman(), mammogram("2023-02-10"), entry];
        let state = stands(lapsed, "breast-cancer", "mammogram", "Time for the next one");
        let State::Overdue { last, .. } = state else { panic!("{said}: {state:?}") };
        assert_eq!((last.id.to_string().as_str(), last.on.date_text().as_str()), ("R000001", "2023-02-10"));
    }
    let not_given = with(dose("I000001", "150", "Flu shot", "2025-10-03"), |entry| {
        entry.standing = Standing::NotDone;
    });
    assert_eq!(state_of(vec![woman(), not_given], "influenza"), Some(State::NoRecordHere));
}

#[test]
fn of_a_range_for_men_and_one_for_women_the_persons_own_says_whether_a_screening_is_marked() {
    // 25 ng/mL, with the report's own ranges: up to 30 for men, up to 20 for women.
    let amount = |digits: &str| Quantity {
        comparator: None,
        number: Number::parse(digits).unwrap(),
        unit: Some("ng/mL".into()),
        ucum: None,
    };
    let range = |high: &str, sex: &str| Range {
        high: Some(amount(high)),
        applies_to: vec![sex.into()],
        ..Range::default()
    };
    let stool = with(result("L000001", "Fecal immunochemical test", "2026-01-04", ""), |entry| {
        let Detail::Measurement(found) = &mut entry.detail else { panic!("a measurement") };
        found.value = Some(Value::Quantity(amount("25")));
        found.ranges = vec![range("30", "male"), range("20", "female")];
    });
    let of = |who: Entry| state_of(vec![who, stool.clone()], "colon-cancer-50");
    assert!(matches!(of(man()), Some(State::UpToDate { .. })), "{:?}", of(man()));
    assert!(matches!(of(woman()), Some(State::FollowUp { .. })), "{:?}", of(woman()));
}

#[test]
fn a_test_after_a_marked_result_is_follow_up_and_a_later_screening_takes_its_place() {
    let stool = |id: &str, date: &str, value: &str| result(id, "Fecal immunochemical test", date, value);
    let looked_into = vec![man(), stool("L000001", "2025-01-04", "Positive"), colonoscopy("2025-02-10")];
    let state = stands(looked_into, "colon-cancer-50", "colon", "Follow-up rather than screening");
    let State::FollowUp { because, last } = state else { panic!("{state:?}") };
    assert_eq!((because.id.to_string().as_str(), because.token), ("L000001", "marked"));
    assert_eq!(last.unwrap().id.to_string(), "P000001");
    let since =
        vec![man(), stool("L000001", "2024-01-04", "Positive"), stool("L000002", "2025-12-04", "Negative")];
    assert!(matches!(state_of(since, "colon-cancer-50"), Some(State::UpToDate { .. })));
    // A recall, then a picture to look into it; and such a picture alone.
    let recall = image("R000001", "Screening mammogram", "2025-06-10", "BI-RADS Category 0: incomplete");
    let picture = image("R000002", "Diagnostic mammogram bilateral", "2025-07-10", "BI-RADS 2");
    for record in [vec![woman(), recall, picture.clone()], vec![woman(), picture]] {
        let state = stands(record, "breast-cancer", "mammogram", "Follow-up rather than screening");
        let State::FollowUp { last: Some(last), .. } = state else { panic!("{state:?}") };
        assert_eq!(last.id.to_string(), "R000002");
    }
    // Of two tests of one day, the one that is marked is heeded.
    let pair = vec![
        born("1985-01-10", "female"),
        result("L000001", "Pap smear", "2025-06-10", "Abnormal"),
        result("L000002", "HPV high risk", "2025-06-10", "Negative"),
    ];
    let state = stands(pair, "cervical-cancer-30", "cervical", "Follow-up rather than screening");
    assert!(matches!(state, State::FollowUp { because, .. } if because.id.to_string() == "L000001"));
}

#[test]
fn who_has_died_or_is_in_hospice_gets_no_check_in_the_typed_form_either() {
    let died = person(|person| {
        person.birth = When::parse("1950-01-10");
        person.sex = text("female");
        person.death = Death::Died(When::parse("2025-05-14"));
    });
    // The second lies after the death: it is of somebody else, or an error.
    let after = vec![died, mammogram("2023-02-10"), image("R000002", "Mammogram", "2025-12-01", "")];
    let hospice = vec![
        born("1950-01-10", "female"),
        mammogram("2023-02-10"),
        entry("E000001", "Hospice stay", "2026-02-01", Detail::Visit(Box::default())),
    ];
    for record in [after, hospice] {
        let view = view(record);
        assert!(run(&view, json!({}), checks).unwrap().is_empty());
        let answer = ask(&view, json!({}));
        says_the_same(&answer);
        let names: Vec<&str> = answer.structured["sections"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|section| section["name"].as_str())
            .filter(|name| !name.is_empty())
            .collect();
        assert_eq!(names, ["No checks"]);
        assert!(!answer.structured.to_string().contains("R00000"), "{}", answer.structured);
    }
}

#[test]
fn organs_that_are_gone_leave_their_check_out_and_a_part_that_is_left_does_not() {
    let breast = |name: &str| {
        state_of(
            vec![woman(), plain("P000001", name, "2019-03-01"), mammogram("2023-02-10")],
            "breast-cancer",
        )
    };
    assert!(matches!(breast("Bilateral mastectomy"), Some(State::LeftOut { .. })));
    assert!(matches!(breast("Mastectomy of left breast"), Some(State::Overdue { .. })));
    let colon = |name: &str| {
        state_of(
            vec![man(), plain("P000002", name, "2019-03-01"), colonoscopy("2015-05-04")],
            "colon-cancer-50",
        )
    };
    // What is left after it is checked at times of its own.
    assert!(matches!(colon("Total colectomy"), Some(State::FollowUp { .. })));
    assert!(matches!(colon("Partial colectomy"), Some(State::Overdue { .. })));
    let cervix = |name: &str| {
        let record = vec![woman(), plain("P000001", name, "2019-03-01")];
        state_of(record, "cervical-cancer-30")
    };
    assert!(matches!(cervix("Total hysterectomy"), Some(State::LeftOut { .. })));
    assert_eq!(cervix("Subtotal hysterectomy"), Some(State::NoRecordHere));
}

#[test]
fn a_child_a_pregnancy_and_an_unknown_sex_get_their_own_rules_alone() {
    let keys = |entries: Vec<Entry>| -> Vec<String> {
        let view = view(entries);
        says_the_same(&ask(&view, json!({"max_tokens": 8000})));
        run(&view, json!({}), checks).unwrap().into_iter().map(|check| check.key).collect()
    };
    let has = |keys: &[String], key: &str| keys.iter().any(|one| one == key);
    let child = keys(vec![born("2018-09-10", "female")]);
    assert!(has(&child, "child-visit-yearly"));
    for adult in ["colon-cancer-45", "breast-cancer", "blood-pressure-18", "hepatitis-c", "diabetes"] {
        assert!(!has(&child, adult), "{adult}");
    }
    let unknown = keys(vec![person(|person| person.birth = When::parse("1970-01-10"))]);
    assert!(has(&unknown, "colon-cancer-50") && !has(&unknown, "breast-cancer"));
    assert!(!unknown.iter().any(|key| key.starts_with("hrsa-")));
    let on = "2025-12-01";
    let pregnancy = with(problem("C000001", "Pregnancy", on), |entry| entry.recorded = When::parse(on));
    let pregnant = keys(vec![born("1990-01-10", "female"), pregnancy.clone()]);
    assert!(has(&pregnant, "hiv-pregnancy") && has(&pregnant, "blood-pressure-pregnancy"));
    // The adult's own time is suspended: another rule stands in its place.
    let checked = |key: &str| {
        let pressure = result("V000001", "Blood pressure", "2026-02-10", "120/80");
        state_of(vec![born("1990-01-10", "female"), pregnancy.clone(), pressure], key)
    };
    assert!(matches!(checked("blood-pressure-18"), Some(State::LeftOut { .. })));
    assert!(matches!(checked("blood-pressure-pregnancy"), Some(State::UpToDate { again: None, .. })));
}

#[test]
fn what_may_not_be_seen_is_no_record_here_and_nothing_is_told_of_it() {
    let record = || vec![woman(), mammogram("2023-02-10"), dose("I000001", "115", "Tdap", "2010-02-03")];
    let limited = view_without(record(), |scope| {
        scope.kinds.remove(&crate::record::Kind::Imaging);
        scope.kinds.remove(&crate::record::Kind::Immunization);
    });
    let checks = run(&limited, json!({}), checks).unwrap();
    let state = |key: &str| checks.iter().find(|check| check.key == key).map(|check| check.state.clone());
    assert_eq!(state("breast-cancer"), Some(State::NoRecordHere));
    let answer = ask(&limited, json!({"max_tokens": 8000}));
    says_the_same(&answer);
    let lower = answer.text.to_lowercase();
    assert!(
        !lower.contains("overdue") && !lower.contains("2023-02-10") && !lower.contains("2010"),
        "{lower}"
    );
}

#[test]
fn a_check_of_one_age_is_not_the_one_of_the_next() {
    // Bright Futures names autism checks at 18 and at 24 months: born 2024-02-01, 25 months.
    let asked = |date: &str| {
        let asked = with(plain("B000001", "M-CHAT", date), |entry| {
            entry.detail = result("B000001", "M-CHAT", date, "Low risk").detail;
            entry.categories.push("survey".into());
        });
        state_of(vec![born("2024-02-01", "male"), asked], "child-autism-24")
    };
    assert_eq!(asked("2025-08-01"), Some(State::NoRecordHere), "that of 18 months");
    assert!(matches!(asked("2026-01-20"), Some(State::UpToDate { again: None, .. })), "12 days early");
    // A baby of three months is seen at 2 and 4: a visit of two months ago counts no longer than to the next.
    let seen = |date: &str| {
        let visit = entry("E000001", "Well baby visit", date, Detail::Visit(Box::default()));
        state_of(vec![born("2025-11-20", "female"), visit], "child-visit-2-months")
    };
    assert!(matches!(seen("2026-01-20"), Some(State::Due { .. })));
    assert!(matches!(seen("2025-11-24"), Some(State::Overdue { .. })));
}

#[test]
fn bodies_of_one_check_stand_together_where_the_most_pressing_puts_them() {
    // American Cancer Society 2015-10: yearly at 45 to 54; USPSTF 2024-04-30: every 2 years.
    let record = vec![born("1974-01-10", "female"), mammogram("2024-12-10")];
    let checks = run(&view(record), json!({}), checks).unwrap();
    let names: Vec<&str> = checks.iter().map(|check| check.name.as_str()).collect();
    let mut distinct = names.clone();
    distinct.dedup();
    let count = distinct.len();
    distinct.sort_unstable();
    distinct.dedup();
    assert_eq!(distinct.len(), count, "each name in one place: {names:#?}");
    assert!(names[0].starts_with("Breast cancer"), "{names:#?}");
    let breast: Vec<&State> =
        checks.iter().filter(|check| check.name == names[0]).map(|check| &check.state).collect();
    assert!(breast.iter().any(|state| matches!(state, State::Overdue { .. })), "{breast:#?}");
    assert!(breast.iter().any(|state| matches!(state, State::UpToDate { .. })), "{breast:#?}");
}
