use serde_json::{Value as Json, json};

use super::*;
use crate::insight::testing::{entry, person, run, view, with};
use crate::knowledge::guidance::guidance;
use crate::record::{
    Allergy, Death, Detail, Dosage, Entry, Goal, Measurement, Medication, MedicationRole, Number, Order,
    Quantity, Reaction, Setting, Value, Visit, When,
};

mod safety;
mod times;

/// `medicine("M000001", "Lisinopril 10 mg", "2026-01-05", "Take 1 tablet every morning")`, ordered for home.
fn medicine(id: &str, name: &str, date: &str, label: &str) -> Entry {
    let dosage = (!label.is_empty()).then(|| Dosage { text: Some(label.into()), ..Dosage::default() });
    let ingredients = crate::knowledge::medicines::ingredients_of(&[], name);
    let medicine = Medication {
        intent: Some("order".into()),
        dosage: dosage.into_iter().collect(),
        ingredients: ingredients.iter().map(|one| one.name.into()).collect(),
        ..Medication::default()
    };
    let medicine = entry(id, name, date, Detail::Medication(Box::new(medicine)));
    with(medicine, |entry| entry.status = Some("active".into()))
}

fn changed(entry: Entry, change: impl FnOnce(&mut Medication)) -> Entry {
    with(entry, |entry| {
        let Detail::Medication(medicine) = &mut entry.detail else { panic!("no medicine") };
        change(medicine);
    })
}

fn problem(id: &str, name: &str, date: &str) -> Entry {
    let problem = entry(id, name, date, Detail::Condition(Box::default()));
    with(problem, |entry| entry.status = Some("active".into()))
}

fn measured_as(id: &str, name: &str, date: &str, number: &str, unit: &str) -> Entry {
    let quantity = Quantity {
        comparator: None,
        number: Number::parse(number).unwrap(),
        unit: Some(unit.into()),
        ucum: None,
    };
    let found = Measurement { value: Some(Value::Quantity(quantity)), ..Measurement::default() };
    with(entry(id, name, date, Detail::Measurement(Box::new(found))), |entry| {
        entry.status = Some("final".into());
    })
}

fn answer(entries: Vec<Entry>, arguments: Json) -> Answer {
    let ask: RoutineAsk = serde_json::from_value(arguments.clone()).unwrap();
    run(&view(entries), arguments, |context| routine(context, &ask)).unwrap()
}

fn told(entries: Vec<Entry>, arguments: Json) -> String {
    answer(entries, arguments).text
}

/// All there is room for.
fn whole(entries: Vec<Entry>) -> String {
    told(entries, json!({"max_tokens": 13_000}))
}

/// The lines beneath a heading.
fn under<'a>(text: &'a str, heading: &str) -> &'a str {
    let start = text.find(&format!("\n**{heading}")).map(|at| at + 1);
    let rest = start.map_or("", |start| &text[start..]);
    rest.split("\n\n").next().unwrap_or_default()
}

/// The headings beneath which an entry is cited.
fn headings<'a>(text: &'a str, id: &str) -> Vec<&'a str> {
    let parts = text.split("\n\n").filter(|part| part.contains(&format!("[{id}]")));
    parts.filter_map(|part| part.trim_start().strip_prefix("**")?.split("**").next()).collect()
}

#[test]
fn own_goals_stand_before_guidance_and_each_line_names_its_ground_source_and_year() {
    let goal = Goal {
        targets: vec!["30 minutes".into()],
        due: When::parse("2026-06-01"),
        by: Some("the patient".into()),
        ..Goal::default()
    };
    let goal = with(entry("G000001", "Walk every day", "2025-11-01", Detail::Goal(Box::new(goal))), |goal| {
        goal.status = Some("active".into());
    });
    let over = with(entry("G000002", "Run a marathon", "2020-11-01", Detail::Goal(Box::default())), |goal| {
        goal.status = Some("completed".into())
    });
    let text = whole(vec![
        goal,
        over,
        problem("C000001", "Essential hypertension", "2019-03-02"),
        problem("C000002", "Type 2 diabetes mellitus", "2020-03-02"),
    ]);
    let own = under(&text, "Own goals");
    assert!(
        own.contains("Goal of the patient: \"Walk every day\"; target: 30 minutes; due 2026-06-01 [G000001]"),
        "{text}"
    );
    assert!(!text.contains("marathon"), "{text}");
    assert!(text.find("Own goals").unwrap() < text.find("Published guidance").unwrap(), "{text}");
    let lines: Vec<&str> = text.lines().filter(|line| line.starts_with("your record: ")).collect();
    assert!(lines.len() > 10, "{text}");
    for line in &lines {
        assert!(line.contains(" [C00000") && line.contains('→') && line.ends_with(')'), "{line}");
        assert!(line.rsplit('(').next().unwrap().contains("20"), "{line}");
    }
    for row in guidance(&["high-blood-pressure", "type-2-diabetes"]) {
        assert_eq!(text.matches(row.says).count(), 1, "{}", row.says);
    }
}

#[test]
fn guidance_is_only_for_illnesses_that_are_recorded_as_present() {
    let resolved = with(problem("C000001", "Gout", "2010-01-01"), |entry| {
        entry.status = Some("resolved".into());
    });
    let family = problem("C000002", "Family history of diabetes", "2015-01-01");
    let text = whole(vec![resolved, family]);
    assert!(
        !text.contains("Published guidance:") && text.contains("No present problem is in these records"),
        "{text}"
    );
}

#[test]
fn a_topic_or_words_narrow_the_answer_and_a_wrong_word_finds_nothing() {
    let entries = || {
        vec![
            problem("C000001", "Essential hypertension", "2019-03-02"),
            problem("C000002", "Gout", "2020-03-02"),
            medicine("M000001", "Allopurinol 100 mg", "2026-01-02", "Take 1 tablet daily"),
            medicine("M000002", "Amlodipine 5 mg", "2026-01-02", "Take 1 tablet daily"),
        ]
    };
    let food = told(entries(), json!({"focus": "food"}));
    assert!(
        food.contains("Published guidance: food") && !food.contains("Published guidance: activity"),
        "{food}"
    );
    assert!(!food.contains("Once a day"), "{food}");
    let pressure = told(entries(), json!({"focus": "blood pressure"}));
    assert!(pressure.contains("[M000002]") && !pressure.contains("[M000001]"), "{pressure}");
    assert!(!pressure.contains("beer") && pressure.contains("cuff"), "{pressure}");
    let wrong = told(entries(), json!({"focus": "unicorns"}));
    assert!(wrong.contains("Nothing in these records fits \"unicorns\". Topics: medicines,"), "{wrong}");
    assert!(!wrong.contains("[M00000") && !wrong.contains("Published guidance:"), "{wrong}");
}

#[test]
fn an_empty_record_gets_no_advice_but_what_is_missing_and_the_next_step() {
    let text = whole(vec![]);
    assert!(
        text.contains("No medicine for home is in these records. That does not mean there is none"),
        "{text}"
    );
    assert!(text.contains("No present problem is in these records, so no guidance was chosen"), "{text}");
    assert!(text.contains("No source has sent anything about allergies"), "{text}");
    assert!(!text.contains('→'), "{text}");
}

#[test]
fn what_is_measured_stands_with_its_latest_value_and_two_of_one_moment_are_both_told() {
    let coded = |entry: Entry| {
        with(entry, |entry| {
            entry.concept.codes = vec![crate::record::Code {
                system: crate::record::System::Loinc,
                code: "29463-7".into(),
                display: None,
            }];
        })
    };
    let text = whole(vec![
        problem("C000001", "Heart failure", "2019-03-02"),
        coded(measured_as("V000001", "Body weight", "2026-02-01", "80.2", "kg")),
        coded(measured_as("V000002", "Body weight", "2026-02-20", "81.0", "kg")),
        coded(measured_as("V000003", "Body weight", "2026-02-20", "84.5", "kg")),
        coded(measured_as("V000004", "Body weight", "2026-02-25", "90718", "kg")),
    ]);
    let part = under(&text, "Measuring");
    assert!(part.contains("Weight, latest recorded, 2026-02-20: Weight 81.0 kg [V000002]; at the same time: Weight 84.5 kg [V000003]"), "{text}");
    assert!(part.contains("Weigh each morning") && !part.contains("90718"), "{text}");
}

#[test]
fn steps_and_sleep_are_told_by_week_without_a_verdict() {
    let text = whole(vec![
        measured_as("V000001", "Number of steps in 24 hours", "2026-02-02", "4000", "steps"),
        measured_as("V000002", "Number of steps in 24 hours", "2026-02-03", "5000", "steps"),
        measured_as("V000003", "Number of steps in 24 hours", "2026-02-10", "6000", "steps"),
        measured_as("B000001", "Sleep duration", "2026-02-10", "6.5", "h"),
    ]);
    let part = under(&text, "Sleep and movement");
    assert!(part.contains("first 4000 steps on 2026-02-02 [V000001], last 6000 steps on 2026-02-10 [V000003], 3 readings; averages: week of 2026-02-02: 4500.0 steps (2 readings), week of 2026-02-09: 6000.0 steps (1 readings)"), "{text}");
    assert!(!part.contains("Sleep duration"), "one reading is no trend: {text}");
}

#[test]
fn what_falls_due_stands_by_its_day() {
    let visit = with(
        entry("E000001", "Kidney clinic", "2026-04-01", Detail::Visit(Box::<Visit>::default())),
        |entry| {
            entry.status = Some("booked".into());
        },
    );
    let order = Order { due: When::parse("2026-03-15"), ..Order::default() };
    let order =
        with(entry("G000001", "Repeat potassium", "2026-02-15", Detail::Order(Box::new(order))), |entry| {
            entry.status = Some("active".into());
        });
    let supplied = changed(medicine("M000001", "Lisinopril 10 mg", "2026-01-05", "1 daily"), |medicine| {
        medicine.supply_days = Some(30);
        medicine.refills = Some(1);
    });
    let text = whole(vec![visit, order, supplied]);
    let part = under(&text, "What falls due");
    let places: Vec<Option<usize>> =
        ["2026-03-06 or so", "2026-03-15 order: \"Repeat potassium\" [G000001]", "2026-04-01 visit"]
            .iter()
            .map(|words| part.find(words))
            .collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{text}");
}
