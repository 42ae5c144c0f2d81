use serde_json::json;

use super::*;
use crate::insight::testing::{ask, entry, text, view, view_without, walk, with};
use crate::record::{Contact, Goal, Link, LinkRole, Member, Order, When};

fn team() -> Vec<Entry> {
    let member = |name: &str, role: &str, key: &str| Member {
        name: Some(name.into()),
        role: Some(role.into()),
        key: Some(key.into()),
        on_behalf_of: None,
    };
    let members = vec![
        member("Dr. Ada Reed", "primary care physician", "Practitioner/1"),
        member("Dr. Ken Ito", "consultant", "Practitioner/2"),
    ];
    let contact = |what: &str, roles: &[&str], phone: &str| {
        Detail::Contact(Box::new(Contact {
            what: what.into(),
            roles: roles.iter().map(|role| (*role).into()).collect(),
            telecom: vec![phone.into()],
            ..Contact::default()
        }))
    };
    vec![
        with(entry("G000001", "Kidney care team", "2023-01-01", Detail::Team(members)), |entry| {
            entry.status = Some("active".into());
        }),
        with(
            entry("N000001", "Dr. Ada Reed", "", contact("practitioner", &[], "phone: 555-0100")),
            |entry| {
                entry.key = "Practitioner/1".into();
            },
        ),
        with(
            entry("N000002", "Dr. Ken Ito", "", contact("practitioner", &["Nephrology"], "phone: 555-0200")),
            |entry| {
                entry.key = "PractitionerRole/9".into();
                entry.links = vec![Link { role: LinkRole::Related, key: "Practitioner/2".into() }];
            },
        ),
    ]
}

fn order(id: &str, name: &str, date: &str) -> Entry {
    with(entry(id, name, date, Detail::Order(Box::default())), |entry| entry.status = Some("active".into()))
}

#[test]
fn the_team_is_told_with_how_to_reach_each_member() {
    let text = text(&view(team()), care_plan, json!({}));
    assert!(text.contains("Kidney care team|2023-01-01|active|[G000001]"), "{text}");
    assert!(text.contains("↳ Dr. Ada Reed (primary care physician): phone: 555-0100"), "{text}");
    assert!(text.contains("↳ Dr. Ken Ito (consultant, Nephrology): phone: 555-0200"), "{text}");
}

#[test]
fn a_specialty_finds_the_member_and_the_contact() {
    let text = text(&view(team()), care_plan, json!({"query": "nephrology"}));
    assert!(text.contains("↳ Dr. Ken Ito") && !text.contains("Ada Reed"), "{text}");
    assert!(text.contains("Dr. Ken Ito|practitioner, Nephrology|phone: 555-0200|[N000002]"), "{text}");
}

#[test]
fn a_goal_is_told_with_its_target_achievement_and_due_date() {
    let goal = Goal {
        achievement: Some("in progress".into()),
        targets: vec!["HbA1c < 7 %".into()],
        due: When::parse("2026-06"),
        by: None,
    };
    let goal = with(entry("G000001", "Better sugar", "2025-01-01", Detail::Goal(Box::new(goal))), |entry| {
        entry.status = Some("active".into());
    });
    let text = text(&view(vec![goal]), care_plan, json!({}));
    assert!(text.contains("Better sugar|2026-06|active|HbA1c < 7 %; in progress|[G000001]"), "{text}");
}

#[test]
fn an_order_is_told_with_what_answers_it_or_that_nothing_does() {
    let referral = with(order("G000001", "Referral to cardiology", "2026-01-02"), |entry| {
        entry.detail = Detail::Order(Box::new(Order {
            is_referral: true,
            reasons: vec!["murmur".into()],
            ..Order::default()
        }));
    });
    let answered = order("G000002", "Lipid panel", "2020-01-01");
    let forgotten = order("G000003", "Colonoscopy", "1923-01-01");
    let result = with(entry("L000001", "LDL", "2020-01-05", Detail::Plain), |entry| {
        entry.links = vec![Link { role: LinkRole::Order, key: answered.key.clone() }];
    });
    let view = view(vec![referral, answered, forgotten, result]);
    let answer = ask(&view, care_plan, json!({})).unwrap();
    assert!(answer.text.contains("2026-01-02|Referral to cardiology|active|for murmur|"), "{}", answer.text);
    assert!(answer.text.contains("Lipid panel|active|answered by L000001|"), "{}", answer.text);
    assert!(answer.text.contains("Colonoscopy|active|NOTHING HERE ANSWERS IT"), "{}", answer.text);
    assert_eq!(answer.structured["items"][0]["part"], "referral");
}

#[test]
fn orders_not_to_do_and_withdrawn_ones_are_no_orders() {
    let standing = |id: &str, name: &str, standing| {
        with(order(id, name, "2025-01-01"), |entry| entry.standing = standing)
    };
    let view = view(vec![
        standing("G000001", "Blood pressure on left arm", Standing::NotDone),
        standing("G000002", "Wrong person's scan", Standing::EnteredInError),
    ]);
    let shown = text(&view, care_plan, json!({}));
    assert!(shown.contains("**Orders NOT to do**") && !shown.contains("Orders and referrals"), "{shown}");
    assert!(!shown.contains("Wrong person"), "{shown}");
    assert!(text(&view, care_plan, json!({"status": "all"})).contains("Wrong person"));
    assert!(ask(&view, care_plan, json!({"status": "open"})).is_err());
}

#[test]
fn what_is_going_on_leads_and_past_can_be_asked_for() {
    let done = with(order("G000001", "MRI", "2026-02-01"), |entry| entry.status = Some("completed".into()));
    let view = view(vec![done, order("G000002", "CT", "2025-12-01")]);
    let shown = text(&view, care_plan, json!({}));
    assert!(shown.find("|CT|") < shown.find("|MRI|"), "{shown}");
    assert_eq!(ask(&view, care_plan, json!({"status": "past"})).unwrap().structured["total"], 1);
}

#[test]
fn a_withheld_contact_is_not_told() {
    let view = view_without(team(), |scope| scope.kinds.retain(|kind| *kind != Kind::Contact));
    let text = text(&view, care_plan, json!({}));
    assert!(!text.contains("555-0100") && text.contains("how to reach them is not recorded"), "{text}");
}

#[test]
fn an_empty_record_says_that_nothing_was_sent() {
    assert!(text(&view(vec![]), care_plan, json!({})).contains("no source has sent one"));
}

#[test]
fn a_walk_by_cursor_gives_every_row_once() {
    let orders = (2..50).map(|n| order(&format!("G{n:06}"), "An order with a long name", "2026-01-01"));
    let view = view(team().into_iter().chain(orders).collect());
    assert_eq!(walk(&view, |arguments| ask(&view, care_plan, arguments)).len(), 49);
}

#[test]
fn an_order_not_to_do_is_never_told_as_an_order() {
    let no_cpr = with(order("G000001", "CPR", "2020-01-01"), |entry| entry.standing = Standing::NotDone);
    let answer = ask(&view(vec![no_cpr]), care_plan, json!({})).unwrap();
    assert_eq!(answer.structured["items"][0]["part"], json!("do not do"));
    assert!(answer.text.contains("**Orders NOT to do**"), "{}", answer.text);
    assert!(answer.text.contains("|CPR|do not do (active)|"), "{}", answer.text);
    assert!(!answer.text.contains("NOTHING HERE ANSWERS IT"), "nothing is to answer it: {}", answer.text);
}
