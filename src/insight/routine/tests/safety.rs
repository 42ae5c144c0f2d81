//! What must hold whoever asks: the dead, hospice, children, pregnancy, conflicts, what is never said.

use super::*;
use crate::knowledge::never_said::NeverSaid;

fn busy() -> Vec<Entry> {
    let egg = Allergy {
        reactions: vec![Reaction { manifestations: vec!["hives".into()], ..Reaction::default() }],
        ..Allergy::default()
    };
    let egg = with(entry("A000001", "Egg", "2015-01-01", Detail::Allergy(Box::new(egg))), |entry| {
        entry.categories = vec!["food".into()];
        entry.status = Some("active".into());
    });
    let walker = with(measured_as("B000001", "Walks with a walker", "2025-12-01", "1", "{score}"), |entry| {
        entry.categories = vec!["functional-status".into()]
    });
    vec![
        problem("C000001", "Essential hypertension", "2019-03-02"),
        problem("C000002", "Chronic kidney disease stage 3", "2020-03-02"),
        problem("C000003", "Heart failure", "2021-03-02"),
        problem("C000004", "Kidney stones", "2022-03-02"),
        problem("C000005", "Unsteady gait with falls", "2024-03-02"),
        medicine("M000001", "Warfarin 5 mg", "2026-01-02", "1 tablet every evening"),
        medicine("M000002", "Diphenhydramine 25 mg", "2026-01-02", "1 at bedtime"),
        egg,
        walker,
    ]
}

fn born(date: &str) -> Entry {
    person(|person| person.birth = When::parse(date))
}

#[test]
fn where_two_conditions_pull_apart_both_lines_and_the_question_stand() {
    let text = told(busy(), json!({}));
    let part = under(&text, "Where two conditions pull apart");
    let line = part.lines().find(|line| line.contains("DASH")).unwrap();
    assert!(line.contains("[C000001]") && line.contains("[C000002]"), "{line}");
    assert!(line.contains("rich in potassium") && line.contains("some people must limit it"), "{line}");
    assert!(line.contains("Ask: \"My guidance on potassium pulls both ways."), "{line}");
    let fluids = part.lines().find(|line| line.contains("How much should I drink")).unwrap();
    assert!(fluids.contains("[C000003]") && fluids.contains("[C000004]"), "{fluids}");
    let alone = whole(vec![problem("C000003", "Heart failure", "2021-03-02")]);
    assert!(under(&alone, "Where two conditions pull apart").is_empty(), "{alone}");
}

#[test]
fn cautions_come_from_allergies_medicines_age_and_function() {
    let mut entries = busy();
    entries.push(born("1945-05-04"));
    let text = whole(entries);
    assert!(under(&text, "Allergies").contains("FOOD: Egg: hives [A000001]"), "{text}");
    assert!(
        under(&text, "Medicines with food").contains("your record: Warfarin 5 mg [M000001] → ask about"),
        "{text}"
    );
    let part = under(&text, "Keep in mind");
    assert!(part.contains("Function: Walks with a walker") && part.contains("[B000001]"), "{text}");
    assert!(part.contains("65 or older, Unsteady gait with falls [C000005]"), "{text}");
    assert!(
        part.contains("65 or older, Diphenhydramine 25 mg [M000002] →")
            && part.contains("AGS Beers Criteria 2023"),
        "{text}"
    );
    // A blood thinner on the list calls for its guidance, and for the bleeding of a fall.
    assert!(text.contains("your record: Warfarin 5 mg, on the list of medicines [M000001] →"), "{text}");
}

#[test]
fn who_has_died_gets_no_routine() {
    let mut entries = busy();
    entries.push(person(|person| person.death = Death::Died(When::parse("2025-12-01"))));
    let answer = answer(entries, json!({}));
    assert!(answer.text.contains("this person has died: no routine is made"), "{}", answer.text);
    assert!(!answer.text.contains('→') && !answer.text.contains("Warfarin"), "{}", answer.text);
    assert!(answer.structured["sections"].as_array().unwrap().is_empty());
}

#[test]
fn in_hospice_comfort_comes_first_and_no_guidance_is_given() {
    let mut entries = busy();
    entries.push(problem("C000009", "Hospice care", "2026-02-01"));
    let text = whole(entries);
    assert!(
        text.contains(
            "Hospice or comfort care is recorded [C000009]: comfort comes first. Ask the hospice team"
        ),
        "{text}"
    );
    assert!(text.contains("\"1 tablet every evening\"") && !text.contains("Published guidance:"), "{text}");
    assert!(under(&text, "Measuring").is_empty() && under(&text, "Where two").is_empty(), "{text}");
    assert!(!text.contains("Beers"), "{text}");
}

#[test]
fn a_child_gets_only_rows_that_are_for_children_and_is_told_so() {
    let text = whole(vec![
        born("2018-05-04"),
        problem("C000001", "Asthma", "2023-03-02"),
        problem("C000002", "Obesity", "2024-03-02"),
    ]);
    assert!(text.contains("your record: Asthma [C000001] →") && !text.contains("[C000002]"), "{text}");
    assert!(text.contains("Guidance for adults is left out: the person is under 18"), "{text}");
    let unknown = whole(vec![born("1961"), problem("C000002", "Obesity", "2024-03-02")]);
    assert!(
        !unknown.contains("[C000002]") && unknown.contains("The age is not recorded to the day"),
        "{unknown}"
    );
}

#[test]
fn a_pregnancy_leaves_only_its_own_rows_and_asks_about_medicines() {
    let text = whole(vec![
        person(|person| {
            person.birth = When::parse("1994-05-04");
            person.sex = Some("female".into());
        }),
        problem("C000001", "Pregnancy", "2026-01-10"),
        problem("C000002", "Essential hypertension", "2020-01-10"),
        medicine("M000001", "Lisinopril 10 mg", "2026-01-02", "1 every morning"),
    ]);
    assert!(
        under(&text, "Ask first").contains("Pregnancy is recorded [C000001]: ask the maternity team"),
        "{text}"
    );
    assert!(
        under(&text, "Ask first").contains("Lisinopril 10 mg [M000001] → Can harm or kill an unborn baby"),
        "{text}"
    );
    assert!(text.contains("unpasteurized") && !text.contains("under 2,300 mg of sodium"), "{text}");
    let old = whole(vec![problem("C000001", "Pregnancy", "2012-01-10")]);
    assert!(!old.contains("unpasteurized"), "an entry that nobody closed is no pregnancy: {old}");
}

#[test]
fn danger_in_the_focus_is_answered_first() {
    let arguments = json!({"focus": "chest pain when I walk"});
    let ask: RoutineAsk = serde_json::from_value(arguments.clone()).unwrap();
    let text =
        run(&view(busy()), arguments, |context| alarm::lead(context, routine(context, &ask).unwrap())).text;
    assert!(text.find("911").unwrap() < text.find("**Allergies").unwrap(), "{text}");
}

#[test]
fn nothing_is_said_that_is_never_said() {
    let never = NeverSaid::read();
    let mut older = busy();
    older.push(born("1945-05-04"));
    for text in [whole(busy()), whole(older), whole(vec![]), told(busy(), json!({"focus": "unicorns"}))] {
        assert_eq!(never.lines_in(&text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn no_answer_depends_on_the_order_of_the_input_or_exceeds_its_budget() {
    let mut entries = busy();
    entries.push(born("1945-05-04"));
    let forwards = told(entries.clone(), json!({}));
    entries.reverse();
    assert_eq!(told(entries.clone(), json!({})), forwards);
    for room in [900, 2_000, 5_000] {
        let text = told(entries.clone(), json!({"max_tokens": room}));
        assert!(crate::insight::tokens(&text) <= room, "{room}: {}", crate::insight::tokens(&text));
    }
}
