use serde_json::json;

use super::*;
use crate::insight::summary::{SummaryAsk, summary};
use crate::insight::testing::{ask, entry, run, same, text, view, walk, with};
use crate::record::{Dates, Dosage, Key, Link, LinkRole, MedicationRole, Setting, When};

/// `medicine("M000001", "warfarin 5 mg", "2026-01-05", "active", "1 daily")`, ordered; an empty dose is none.
fn medicine(id: &str, name: &str, date: &str, status: &str, dose: &str) -> Entry {
    let dosage = (!dose.is_empty()).then(|| Dosage { text: Some(dose.into()), ..Dosage::default() });
    let medicine = Medication {
        intent: Some("order".into()),
        dosage: dosage.into_iter().collect(),
        ..Medication::default()
    };
    let medicine = entry(id, name, date, Detail::Medication(Box::new(medicine)));
    with(medicine, |entry| entry.status = Some(status.into()))
}

fn as_role(entry: Entry, role: MedicationRole) -> Entry {
    with(entry, |entry| {
        let Detail::Medication(medicine) = &mut entry.detail else { panic!("no medicine") };
        medicine.role = role;
        medicine.intent = None;
    })
}

fn changed(entry: Entry, change: impl FnOnce(&mut Medication)) -> Entry {
    with(entry, |entry| {
        let Detail::Medication(medicine) = &mut entry.detail else { panic!("no medicine") };
        change(medicine);
    })
}

fn page(entries: Vec<Entry>) -> String {
    let page =
        run(&view(entries), json!({}), |context| summary(context, &SummaryAsk::default()).unwrap().text);
    // Those of high risk stand in the first block too, by their names.
    let parts = page.split("\n\n").filter(|part| !part.starts_with("**High-risk"));
    parts.collect::<Vec<_>>().join("\n\n")
}

/// The row or line that cites this entry.
fn row_of<'a>(text: &'a str, id: &str) -> &'a str {
    text.lines()
        .find(|line| {
            line.ends_with(&format!("|[{id}]"))
                || line.contains(&format!(" [{id}]")) && !line.starts_with(['↳', '-'])
        })
        .unwrap_or_else(|| panic!("{id}: {text}"))
}

#[test]
fn insulin_before_breakfast_does_not_hide_insulin_before_dinner() {
    let entries = vec![
        medicine("M000001", "insulin lispro", "2026-02-01", "active", "8 units before breakfast"),
        medicine("M000002", "insulin lispro", "2026-01-01", "active", "12 units before dinner"),
        medicine("M000003", "insulin lispro", "2025-12-01", "active", "12 units before dinner."),
    ];
    let list = text(&view(entries.clone()), medications, json!({"status": "active"}));
    for told in [list, page(entries)] {
        assert!(row_of(&told, "M000001").contains("8 units before breakfast"), "{told}");
        assert!(row_of(&told, "M000002").contains("12 units before dinner"), "{told}");
        assert!(row_of(&told, "M000002").contains("order") && told.contains("2026-01-01"), "{told}");
    }
}

#[test]
fn two_doses_of_one_source_on_one_day_are_two_orders_and_of_two_sources_one() {
    let key = Key { bucket: 7, dates: Dates::SameDay };
    let keyed = |entry: Entry, source: u16| {
        with(entry, |entry| {
            entry.keys = vec![key];
            entry.source = source;
        })
    };
    let odd = medicine("M000001", "warfarin 5 mg", "2026-02-01", "active", "5 mg Mon Wed Fri");
    let even = medicine("M000002", "warfarin 5 mg", "2026-02-01", "active", "2.5 mg on the other days");
    let told = page(vec![keyed(odd.clone(), 0), keyed(even.clone(), 0)]);
    assert!(told.contains("5 mg Mon Wed Fri") && told.contains("2.5 mg on the other days"), "{told}");
    assert!(!told.contains("another"), "{told}");
    let told = page(vec![keyed(odd.clone(), 0), keyed(even.clone(), 1)]);
    assert!(told.contains("another source records the dose: "), "{told}");
    assert!(told.contains("5 mg Mon Wed Fri") && told.contains("2.5 mg on the other days"), "{told}");
    // Where the source itself says that both are one prescription, they are.
    let numbered = |entry| with(entry, |entry| entry.more = vec![("identifier".into(), "urn:rx|42".into())]);
    let told = page(vec![keyed(numbered(odd), 0), keyed(numbered(even), 0)]);
    assert!(told.contains("another entry records the dose: "), "{told}");
}

#[test]
fn what_another_source_says_of_the_status_is_told_and_never_chosen_from() {
    for (ours, theirs) in [("active", "stopped"), ("stopped", "active"), ("completed", "active")] {
        let entries = same(
            medicine("M000001", "metformin 500 mg", "2026-02-01", ours, "1 daily"),
            medicine("M000002", "metformin 500 mg", "2026-02-01", theirs, "1 daily"),
        );
        let other = if ours == "active" { theirs } else { ours };
        let list = text(&view(entries.to_vec()), medications, json!({"status": "active"}));
        for told in [list, page(entries.to_vec())] {
            assert!(told.contains("active per the order of 2026-02-01"), "{told}");
            let other = format!("; another source: {other} per the order of 2026-02-01 [M00000");
            assert!(told.contains(&other), "{told}");
        }
    }
}

#[test]
fn a_newer_stop_or_a_statement_that_it_is_not_taken_stands_beside_the_active_order() {
    let stopped =
        changed(medicine("M000002", "metoprolol 25 mg", "2026-01-15", "stopped", "one daily"), |medicine| {
            medicine.status_reason = Some("bradycardia".into())
        });
    let not_taken = with(
        as_role(medicine("M000004", "aspirin 81 mg", "", "not-taken", ""), MedicationRole::Statement),
        |entry| {
            entry.standing = Standing::NotDone;
            entry.recorded = When::parse("2026-02-07");
        },
    );
    let entries = vec![
        medicine("M000001", "metoprolol 25 mg", "2026-01-01", "active", "one daily"),
        stopped,
        medicine("M000003", "aspirin 81 mg", "2026-01-01", "active", "one daily"),
        not_taken,
        medicine("M000005", "losartan 50 mg", "2026-01-01", "active", "one daily"),
        medicine("M000006", "losartan 50 mg", "2019-01-01", "stopped", "one daily"),
    ];
    let list = text(&view(entries.clone()), medications, json!({}));
    for told in [list, page(entries)] {
        let row = row_of(&told, "M000001");
        let stop = "; another entry: stopped per the order of 2026-01-15 (bradycardia) [M000002]";
        assert!(row.contains("active per the order of 2026-01-01") && row.contains(stop), "{told}");
        let statement = "; another entry: not taken per the statement of 2026-02-07 [M000004]";
        assert!(row_of(&told, "M000003").contains(statement), "{told}");
        assert!(!row_of(&told, "M000005").contains("another"), "what was stopped before is no contradiction");
    }
}

#[test]
fn a_dispense_confirms_its_order_and_stands_beneath_it() {
    let dispense = |id: &str, date: &str, order: &str| {
        with(
            as_role(medicine(id, "WARFARIN TAB 5MG", date, "completed", ""), MedicationRole::Dispense),
            |entry| entry.links = vec![Link { role: LinkRole::Order, key: order.into() }],
        )
    };
    let order = medicine("M000001", "warfarin 5 mg", "2024-01-01", "active", "one daily");
    let key = order.key.clone();
    let at_home = changed(
        as_role(
            medicine("M000005", "adalimumab", "2026-01-20", "completed", ""),
            MedicationRole::Administration,
        ),
        |medicine| medicine.setting = Setting::Home,
    );
    let entries = vec![
        order,
        dispense("M000002", "2025-10-15", &key),
        dispense("M000003", "2025-07-15", &key),
        medicine("M000004", "adalimumab", "2023-01-01", "active", "every two weeks"),
        at_home,
        as_role(medicine("M000006", "amoxicillin", "2020-01-01", "completed", ""), MedicationRole::Dispense),
        medicine("M000007", "digoxin", "2020-01-01", "active", "one daily"),
        as_role(medicine("M000008", "digoxin", "2021-01-01", "completed", ""), MedicationRole::Dispense),
    ];
    let told = text(&view(entries.clone()), medications, json!({}));
    assert!(!row_of(&told, "M000001").contains("NOT CONFIRMED"), "{told}");
    assert!(
        told.contains("[M000001]\n↳ last dispensed 2025-10-15 [M000002]\n↳ dispensed: 2025-07-15 [M000003]"),
        "{told}"
    );
    assert!(told.contains("[M000004]\n↳ last given at home 2026-01-20 [M000005]"), "{told}");
    assert!(row_of(&told, "M000007").contains("NOT CONFIRMED since 2021-01-01"), "{told}");
    let past = told.split("**Past**").nth(1).unwrap();
    assert!(past.contains("[M000006]") && past.matches("[M").count() == 1, "{told}");
    let page = page(entries);
    assert!(
        row_of(&page, "M000001")
            .contains("ordered 2024-01-01 [M000001]; last dispensed 2025-10-15 [M000002]"),
        "{page}"
    );
}

#[test]
fn a_dispense_that_names_its_order_does_not_confirm_another_dose() {
    let morning = medicine("M000001", "warfarin 5 mg", "2024-01-01", "active", "one in the morning");
    let evening = medicine("M000002", "warfarin 5 mg", "2023-01-01", "active", "half in the evening");
    let key = morning.key.clone();
    let dispense = with(
        as_role(
            medicine("M000003", "warfarin 5 mg", "2025-10-15", "completed", ""),
            MedicationRole::Dispense,
        ),
        |entry| entry.links = vec![Link { role: LinkRole::Order, key }],
    );
    let told = text(&view(vec![morning, evening, dispense]), medications, json!({}));
    assert!(!row_of(&told, "M000001").contains("NOT CONFIRMED"), "{told}");
    assert!(row_of(&told, "M000002").ends_with("NOT CONFIRMED since|[M000002]"), "{told}");
}

#[test]
fn an_order_not_to_give_is_never_told_as_an_active_one() {
    let avoid = with(medicine("M000001", "ibuprofen", "2024-02-01", "active", "Avoid."), |entry| {
        entry.standing = Standing::NotDone;
    });
    let entries = vec![avoid, medicine("M000002", "ibuprofen", "2026-01-01", "active", "400 mg")];
    let answer = ask(&view(entries), medications, json!({})).unwrap();
    let items = answer.structured["items"].as_array().unwrap();
    assert_eq!(items[1]["part"], json!("do not give"));
    assert_eq!(items[1]["told"], json!("do not give per the order of 2024-02-01"));
    assert_eq!(items[0]["part"], json!("active"));
    let told = items[0]["told"].as_str().unwrap();
    assert!(told.ends_with("; another entry: do not give per the order of 2024-02-01 [M000001]"), "{told}");
}

#[test]
fn what_the_person_reports_to_take_is_no_proposal() {
    let tylenol =
        changed(medicine("M000001", "Tylenol", "2026-01-10", "active", "1-2 tablets"), |medicine| {
            (medicine.intent, medicine.is_reported) = (Some("plan".into()), true);
        });
    let told = text(&view(vec![tylenol.clone()]), medications, json!({"status": "active"}));
    assert!(
        told.contains("Tylenol|1-2 tablets|active, reported by the patient 2026-01-10|[M000001]"),
        "{told}"
    );
    assert!(page(vec![tylenol]).contains("reported by the patient"));
}

#[test]
fn neither_an_unknown_status_nor_a_draft_is_past_and_an_option_is_not_active() {
    let intent = |id: &str, intent: &str| {
        changed(medicine(id, intent, "2026-01-10", "active", ""), |medicine| {
            medicine.intent = Some(intent.into());
        })
    };
    let entries = vec![
        medicine("M000001", "fluoxetine", "2026-01-01", "unknown", ""),
        medicine("M000002", "atorvastatin", "2026-01-01", "draft", ""),
        intent("M000003", "option"),
        intent("M000004", "instance-order"),
    ];
    let view = view(entries);
    let items = ask(&view, medications, json!({})).unwrap().structured["items"].clone();
    let parts: Vec<&str> =
        items.as_array().unwrap().iter().map(|item| item["part"].as_str().unwrap()).collect();
    assert_eq!(parts, ["status not known", "proposed", "proposed", "single dose"], "{items}");
    let active = text(&view, medications, json!({"status": "active"}));
    assert!(active.contains("1 whose status is not known") && !active.contains("[M"), "{active}");
}

#[test]
fn a_statement_is_dated_by_the_day_on_which_it_was_made() {
    let stated = |id: &str, from: &str| {
        with(as_role(medicine(id, id, from, "active", ""), MedicationRole::Statement), |entry| {
            entry.recorded = When::parse("2026-02-07");
        })
    };
    let told = text(&view(vec![stated("M000001", ""), stated("M000002", "2012")]), medications, json!({}));
    assert!(told.contains("|active per the statement of 2026-02-07|[M000001]"), "{told}");
    assert!(told.contains("|active per the statement of 2026-02-07, from 2012|[M000002]"), "{told}");
}

#[test]
fn no_current_medications_is_no_medicine_and_contradicts_the_active_ones() {
    let none = with(
        as_role(medicine("M000001", "No current medications", "", "active", ""), MedicationRole::Statement),
        |entry| {
            entry.standing = Standing::NoneKnown;
            entry.recorded = When::parse("2026-02-07");
        },
    );
    let alone = text(&view(vec![none.clone()]), medications, json!({}));
    let line = "The record says: \"No current medications\" (2026-02-07) [M000001]";
    assert!(alone.contains(&format!("{line}\nNothing else")), "{alone}");
    let entries = vec![none, medicine("M000002", "digoxin", "2026-01-01", "active", "one daily")];
    let list = text(&view(entries.clone()), medications, json!({}));
    for told in [list, page(entries)] {
        let conflict = "; CONFLICT: 1 is recorded as active, the newest of 2026-01-01";
        assert!(told.contains(&format!("{line}{conflict}")), "{told}");
    }
}

#[test]
fn every_earlier_order_is_reached_by_a_cursor() {
    let order = |number: u32| {
        let id = format!("M{number:06}");
        medicine(&id, "lisinopril 10 mg", &format!("2025-01-{number:02}"), "active", "one daily")
    };
    let view = view((1..=20).map(order).collect());
    let first = text(&view, medications, json!({}));
    assert!(first.contains("… 19 in all, first 2025-01-01 [M000001]"), "{first}");
    let cursor = first.split("{\"cursor\":\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    assert_eq!(cursor, "orders:M000013");
    let rest = ask(&view, medications, json!({"cursor": cursor, "limit": 5})).unwrap();
    assert_eq!(rest.cited.len(), 5, "{}", rest.text);
    let next = rest.structured["next"].as_str().unwrap().to_owned();
    let last = text(&view, medications, json!({"cursor": next}));
    assert!(last.contains("[M000008]") && last.contains("[M000001]"), "{last}");
    assert!(ask(&view, medications, json!({"cursor": "orders:M999999"})).is_err());
    assert_eq!(walk(&view, |arguments| ask(&view, medications, arguments)), ["M000020"]);
}

#[test]
fn what_is_known_in_general_is_told_of_the_active_ones_first() {
    let entries = vec![
        medicine("M000001", "semaglutide 0.25 mg pen", "2026-02-01", "stopped", "weekly"),
        medicine("M000002", "metformin 500 mg tablet", "2025-06-01", "active", "one daily"),
    ];
    let told = text(&view(entries), medications_explained, json!({}));
    let at = |words: &str| told.find(words).unwrap_or_else(|| panic!("{words}: {told}"));
    assert!(at("- metformin is a") < at("- semaglutide is a"), "{told}");
}

#[test]
fn methotrexate_is_named_once_with_its_mark() {
    let weekly = medicine("M000001", "methotrexate 2.5 mg tablet", "2026-02-01", "active", "once a week");
    let told = text(&view(vec![weekly]), medications, json!({}));
    assert!(told.contains("\nmethotrexate 2.5 mg tablet (usually once a week)|once a week|"), "{told}");
}

/// Maria, who was born on 1950-06-01 and died on 2025-05-14.
fn gone() -> Entry {
    crate::insight::testing::person(|person| {
        person.birth = When::parse("1950-06-01");
        person.death = crate::record::Death::Died(When::parse("2025-05-14"));
    })
}

#[test]
fn an_order_before_the_birth_or_after_the_death_is_no_first_and_no_leading_one() {
    let order = |id: &str, date: &str| medicine(id, "digoxin 125 mcg", date, "active", "one daily");
    let entries = vec![
        gone(),
        order("M000001", "2025-01-10"),
        order("M000002", "2024-01-10"),
        order("M000003", "1900-01-01"),
        order("M000004", "2025-09-01"),
    ];
    let told = text(&view(entries), medications, json!({}));
    assert!(row_of(&told, "M000001").contains("active per the order of 2025-01-10"), "{told}");
    assert!(told.contains("\n↳ earlier: 2024-01-10 [M000002]\n"), "{told}");
    assert!(told.contains("↳ dated as it cannot be: 2025-09-01 [M000004], 1900-01-01 [M000003]"), "{told}");
    // Of many the first is the first that can be.
    let mut many: Vec<Entry> =
        (1..=20).map(|day| order(&format!("M{day:06}"), &format!("2025-01-{day:02}"))).collect();
    many.extend([gone(), order("M000021", "1900-01-01")]);
    let told = text(&view(many), medications, json!({}));
    assert!(told.contains("… 19 in all, first 2025-01-01 [M000001]"), "{told}");
}

#[test]
fn an_order_that_cannot_be_is_marked_and_is_no_medicine_for_home() {
    let born = crate::insight::testing::person(|person| person.birth = When::parse("1961-05-04"));
    let early = medicine("M000001", "warfarin 5 mg", "1900-01-01", "active", "one daily");
    let view = view(vec![born, early, medicine("M000002", "ibuprofen", "2026-01-01", "active", "one daily")]);
    let told = text(&view, medications, json!({"status": "active"}));
    assert!(row_of(&told, "M000001").contains(", dated as it cannot be|"), "{told}");
    assert!(!told.contains("To ask the doctor"), "warfarin counts for no question: {told}");
    let names = run(&view, json!({}), |context| {
        let home = home(context).unwrap().into_iter().map(|one| one.entry.id).collect::<Vec<_>>();
        let active = active(context).unwrap().into_iter().map(|one| one.entry.id).collect::<Vec<_>>();
        assert_eq!(home, active);
        home.iter().map(ToString::to_string).collect::<Vec<_>>()
    });
    assert_eq!(names, ["M000002"]);
}

#[test]
fn what_cannot_be_confirms_nothing_contradicts_nothing_and_is_not_counted() {
    let dispense = |id: &str, date: &str| {
        as_role(medicine(id, "digoxin 125 mcg", date, "completed", ""), MedicationRole::Dispense)
    };
    let taken = as_role(
        medicine("M000003", "digoxin 125 mcg", "2025-07-01", "active", ""),
        MedicationRole::Statement,
    );
    let none = with(
        as_role(medicine("M000005", "No current medications", "", "active", ""), MedicationRole::Statement),
        |entry| {
            entry.standing = Standing::NoneKnown;
            entry.recorded = When::parse("2025-05-01");
        },
    );
    let lead = || medicine("M000001", "digoxin 125 mcg", "2023-01-10", "active", "one daily");
    let after = || vec![gone(), lead(), dispense("M000002", "2025-08-01"), taken.clone()];
    let told = text(&view(after()), medications, json!({}));
    assert!(
        row_of(&told, "M000001").contains("active per the order of 2023-01-10, NOT CONFIRMED since|"),
        "{told}"
    );
    assert!(told.contains(", dated as it cannot be [M000003]"), "told, and marked: {told}");
    assert!(row_of(&told, "M000002").contains(", dated as it cannot be|"), "told, and marked: {told}");
    let before = vec![gone(), lead(), dispense("M000002", "2025-05-10")];
    assert!(text(&view(before), medications, json!({})).contains("last dispensed 2025-05-10 [M000002]"));
    // A stop after the death says nothing of a life.
    let stop = medicine("M000004", "digoxin 125 mcg", "2025-08-01", "stopped", "one daily");
    let told = text(&view(vec![gone(), lead(), stop]), medications, json!({}));
    assert!(!told.contains("another entry: stopped"), "{told}");
    // One that cannot be is no conflict with "none".
    let late = medicine("M000006", "warfarin 5 mg", "2025-08-01", "active", "one daily");
    let told = text(&view(vec![gone(), none.clone(), late]), medications, json!({}));
    assert!(!told.contains("CONFLICT") && !told.contains("but 1"), "{told}");
    let told = text(&view(vec![gone(), none, lead()]), medications, json!({}));
    assert!(told.contains("CONFLICT: 1 is recorded as active, the newest of 2023-01-10"), "{told}");
}

#[test]
fn of_one_order_from_two_sources_the_member_that_can_be_speaks() {
    let entries = same(
        medicine("M000001", "warfarin 5 mg", "1900-01-01", "active", "one daily"),
        medicine("M000002", "warfarin 5 mg", "2026-01-01", "active", "one daily"),
    );
    let told = text(&view(entries.to_vec()), medications, json!({}));
    assert!(
        told.contains("active per the order of 2026-01-01|[M000002]")
            || told.contains("2026-01-01; 2 sources|[M000002]"),
        "{told}"
    );
    assert!(!told.contains("dated as it cannot be"), "{told}");
}
