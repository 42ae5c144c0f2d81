use serde_json::json;

use super::*;
use crate::insight::testing::{ask, entry, same, text, view, view_without, walk, with};
use crate::record::{ConditionList, Standing};

fn problem(id: &str, name: &str, date: &str, status: &str) -> Entry {
    with(entry(id, name, date, Detail::Condition(Box::default())), |entry| {
        entry.status = Some(status.into());
    })
}

fn listed(id: &str, name: &str, list: ConditionList) -> Entry {
    with(problem(id, name, "2020-01-02", "active"), |entry| {
        entry.detail = Detail::Condition(Box::new(Condition { list, ..Condition::default() }));
    })
}

/// The text between a heading and the next.
fn part<'a>(text: &'a str, heading: &str) -> &'a str {
    let from = text.find(heading).unwrap_or_else(|| panic!("no {heading} in {text}"));
    text[from..].split("\n\n**").next().unwrap()
}

#[test]
fn active_and_past_problems_stand_apart_with_their_dates() {
    let view = view(vec![
        problem("C000001", "Asthma", "2001-02-03", "active"),
        with(problem("C000002", "Pneumonia", "2019-11-05", "resolved"), |entry| {
            entry.end = crate::record::When::parse("2019-12-01");
        }),
        with(problem("C000003", "Gout", "2010", "active"), |entry| {
            entry.end = crate::record::When::parse("2012");
        }),
    ]);
    let text = text(&view, conditions, json!({}));
    assert!(part(&text, "Problem list, active").contains("Asthma|2001-02-03|[C000001]"), "{text}");
    let past = part(&text, "Problem list, past");
    assert!(past.contains("Pneumonia|2019-11-05|2019-12-01||"), "{text}");
    assert!(past.contains("Gout|2010|2012|active|"), "the recorded word is kept: {text}");
    assert!(text.contains("all 3, 2001-02-03 to 2019-11-05"), "{text}");
}

#[test]
fn visit_diagnoses_and_concerns_never_join_the_problem_list() {
    let view = view(vec![
        listed("C000001", "Migraine", ConditionList::Visit),
        listed("C000002", "Food insecurity", ConditionList::Concern),
    ]);
    let text = text(&view, conditions, json!({}));
    assert!(!text.contains("Problem list"), "{text}");
    assert!(part(&text, "Visit diagnoses").contains("Migraine"));
    assert!(part(&text, "Health concerns").contains("Food insecurity"));
}

#[test]
fn what_is_refuted_or_suspected_is_told_as_such_and_what_was_withdrawn_only_when_asked() {
    let standing = |id: &str, name: &str, standing| {
        with(problem(id, name, "2020-01-02", "active"), |entry| entry.standing = standing)
    };
    let view = view(vec![
        standing("C000001", "Lupus", Standing::Refuted),
        standing("C000002", "Lymphoma", Standing::Unconfirmed),
        standing("C000003", "Epilepsy", Standing::EnteredInError),
    ]);
    let shown = text(&view, conditions, json!({}));
    assert!(part(&shown, "Unconfirmed").contains("Lymphoma"));
    assert!(part(&shown, "Refuted (recorded as NOT the case)").contains("Lupus"));
    assert!(!shown.contains("Epilepsy") && !shown.contains("Problem list"), "{shown}");
    let active = ask(&view, conditions, json!({"status": "active"})).unwrap();
    assert_eq!(active.structured["total"], 1);
    assert!(text(&view, conditions, json!({"status": "all"})).contains("Epilepsy"));
    assert_eq!(ask(&view, conditions, json!({"status": "entered-in-error"})).unwrap().cited.len(), 1);
}

#[test]
fn an_unknown_status_is_refused_with_those_that_are_known() {
    let refusal = ask(&view(vec![]), conditions, json!({"status": "chronic"})).unwrap_err();
    assert_eq!(refusal.to_string(), "status must be one of: active, past, refuted, entered-in-error, all");
}

#[test]
fn two_sources_are_one_row_and_their_disagreement_stands_beneath() {
    let told = same(
        problem("C000001", "Asthma", "2001-02-03", "active"),
        problem("C000002", "Asthma", "2001-02-03", "resolved"),
    );
    let text = text(&view(told.to_vec()), conditions, json!({}));
    assert!(text.contains("Asthma|2001-02-03|Lakeside Hospital, Riverton Clinic|"), "{text}");
    assert!(text.contains("↳ another source records the status: resolved [C000002]"), "{text}");
    assert!(text.contains("Lakeside Hospital, Riverton Clinic"), "{text}");
    assert!(text.contains("all 1"), "{text}");
}

#[test]
fn nothing_sent_and_withheld_are_two_sayings() {
    let nothing = text(&view(vec![]), conditions, json!({}));
    assert!(nothing.contains("no source has sent one"), "{nothing}");
    let hidden = |entries| {
        let view = view_without(entries, |scope| scope.kinds.retain(|kind| *kind != Kind::Condition));
        text(&view, conditions, json!({}))
    };
    let behind = hidden(vec![problem("C000001", "Asthma", "2001-02-03", "active")]);
    assert!(behind.contains("Withheld by the person's settings"), "{behind}");
    assert_eq!(behind, hidden(vec![]), "the words are the same whether or not anything lies behind");
}

#[test]
fn hidden_characters_are_gone_and_markup_is_dead() {
    let name = "Asth\u{200b}ma | [click](http://evil.example) \u{e0041}";
    let shown = text(&view(vec![problem("C000001", name, "2001", "active")]), conditions, json!({}));
    assert!(shown.contains("Asthma / (click)"), "{shown}");
}

#[test]
fn a_walk_by_cursor_gives_every_row_once() {
    let entries: Vec<Entry> = (0..60)
        .map(|n| problem(&format!("C{n:06}"), "A chronic condition with a long name", "2001", "active"))
        .collect();
    let view = view(entries);
    let ids = walk(&view, |arguments| ask(&view, conditions, arguments));
    assert_eq!(ids.len(), 60);
}

#[test]
fn a_statement_that_none_is_known_is_neither_an_illness_nor_refuted() {
    let none = with(problem("C000001", "No known problems", "2020-01-02", "active"), |entry| {
        entry.standing = Standing::NoneKnown;
    });
    let answer = ask(&view(vec![none]), conditions, json!({})).unwrap();
    assert_eq!(answer.structured["total"], 0);
    assert!(answer.text.contains("**None known**, as recorded: \"No known problems\""), "{}", answer.text);
    assert!(!answer.text.contains("Refuted"), "{}", answer.text);
}

#[test]
fn none_known_above_an_active_problem_is_a_conflict() {
    let none = with(problem("C000001", "No current problems", "2024-01-01", ""), |entry| {
        entry.standing = Standing::NoneKnown;
    });
    let told = text(
        &view(vec![none.clone(), problem("C000002", "Asthma", "2020-01-02", "active")]),
        conditions,
        json!({}),
    );
    assert!(told.contains("None known") && told.contains("CONFLICT:** 1 are recorded as active"), "{told}");
    assert!(!text(&view(vec![none]), conditions, json!({})).contains("CONFLICT"));
}

#[test]
fn family_history_suspicions_and_passing_things_of_long_ago_do_not_stand_among_active_problems() {
    let view = view(vec![
        problem("C000001", "Asthma", "2020-01-02", "active"),
        problem("C000002", "Family history of breast cancer", "2020-01-02", "active"),
        problem("C000003", "Rule out kidney stone", "2020-01-02", "active"),
        problem("C000004", "Pregnancy", "2008-01-02", "active"),
        problem("C000005", "Pregnancy", "2026-01-02", "active"),
    ]);
    for arguments in [json!({}), json!({"status": "active"})] {
        let text = text(&view, conditions, arguments);
        let active = part(&text, "Problem list, active");
        assert!(active.contains("Asthma") && active.contains("C000005"), "{text}");
        assert_eq!(active.matches("[C").count(), 2, "{text}");
        let apart = part(&text, "On the problem list, but no established illness");
        assert!(apart.contains("Family history of breast cancer|2020-01-02|family history|"), "{text}");
        assert!(apart.contains("Rule out kidney stone|2020-01-02|a suspicion|"), "{text}");
        assert!(part(&text, "recorded as active long ago").contains("[C000004]"), "{text}");
    }
}
