use serde_json::json;

use super::*;
use crate::insight::testing::{ask, entry, same, text, view, view_without, walk, with};
use crate::record::Standing;

fn allergic(id: &str, substance: &str, change: impl FnOnce(&mut Entry)) -> Entry {
    let detail = Allergy {
        reactions: vec![Reaction {
            manifestations: vec!["hives".into()],
            severity: Some("severe".into()),
            text: None,
        }],
        criticality: Some("high".into()),
        ..Allergy::default()
    };
    let entry = entry(id, substance, "2010-05-06", Detail::Allergy(Box::new(detail)));
    with(entry, |entry| {
        entry.status = Some("active".into());
        change(entry);
    })
}

fn none_known(id: &str, words: &str) -> Entry {
    allergic(id, words, |entry| {
        entry.standing = Standing::NoneKnown;
        entry.source = 1;
    })
}

#[test]
fn an_allergy_is_shown_with_its_reaction_and_the_most_dangerous_first() {
    let mild = allergic("A000001", "Pollen", |entry| {
        entry.date = crate::record::When::parse("2024-01-01");
        entry.detail = Detail::Allergy(Box::default());
    });
    let view = view(vec![mild, allergic("A000002", "Penicillin", |_| {})]);
    let text = text(&view, allergies, json!({}));
    assert!(text.contains("Penicillin|hives (severe)|high|2010-05-06|[A000002]"), "{text}");
    assert!(text.find("Penicillin") < text.find("Pollen|not recorded"), "{text}");
}

#[test]
fn the_kinds_of_nothing_are_told_apart() {
    let line = |entries| text(&view(entries), allergies, json!({})).lines().nth(1).unwrap().to_owned();
    let none = line(vec![none_known("A000001", "No known allergies")]);
    let not_asked = line(vec![allergic("A000001", "Not on File", |entry| {
        entry.standing = Standing::NotAsked;
    })]);
    let nothing = line(vec![]);
    let past = line(vec![allergic("A000001", "Latex", |entry| entry.status = Some("resolved".into()))]);
    assert!(none.starts_with("**None known**, as recorded: \"No known allergies\" (Lakeside"), "{none}");
    assert!(none.contains("[A000001]"));
    assert!(not_asked.starts_with("**Not asked**"), "{not_asked}");
    assert!(nothing.starts_with("**No source has sent anything"), "{nothing}");
    assert!(past.starts_with("No present allergy is recorded"), "{past}");
}

#[test]
fn withheld_allergies_are_told_in_the_same_words_whether_there_are_some_or_not() {
    let hidden = |entries| {
        let view = view_without(entries, |scope| scope.kinds.retain(|kind| *kind != Kind::Allergy));
        text(&view, allergies, json!({}))
    };
    let behind = hidden(vec![allergic("A000001", "Penicillin", |_| {})]);
    assert_eq!(behind, hidden(vec![]));
    assert!(behind.contains("**Withheld**") && !behind.contains("No source has sent"), "{behind}");
}

#[test]
fn none_known_beside_a_listed_allergy_is_a_conflict_with_both_citations() {
    let view =
        view(vec![none_known("A000001", "No known allergies"), allergic("A000002", "Penicillin", |_| {})]);
    let answer = ask(&view, allergies, json!({})).unwrap();
    assert!(answer.text.contains("**CONFLICT between entries:**"), "{}", answer.text);
    assert!(answer.text.contains("[A000001]") && answer.text.contains("[A000002]"));
    assert!(!answer.text.contains("No known allergies|"), "the statement is no row: {}", answer.text);
    assert_eq!(answer.structured["total"], 1);
    assert!(answer.cited.contains(&EntryId::parse("A000001").unwrap()), "what is cited is audited");
}

#[test]
fn no_known_drug_allergy_does_not_contradict_a_food_allergy() {
    let peanut = allergic("A000002", "Peanut", |entry| entry.categories = vec!["food".into()]);
    let text = text(&view(vec![none_known("A000001", "NKDA"), peanut]), allergies, json!({}));
    assert!(!text.contains("CONFLICT"), "{text}");
    assert!(text.contains("**None known of: medicine**, as recorded: \"NKDA\""), "{text}");
}

#[test]
fn what_is_none_known_of_medicines_is_not_said_of_all_allergies() {
    let all = text(&view(vec![none_known("A000001", "No known allergies")]), allergies, json!({}));
    assert!(all.contains("**None known**, as recorded: \"No known allergies\""), "{all}");
    let medicines = text(&view(vec![none_known("A000001", "NKDA")]), allergies, json!({}));
    assert!(medicines.contains("Of other allergies this says nothing: ask."), "{medicines}");
    let both = vec![none_known("A000001", "NKDA"), none_known("A000002", "No known allergies")];
    let both = text(&view(both), allergies, json!({}));
    assert!(both.contains("**None known**, as recorded"), "{both}");
}

#[test]
fn a_negated_or_withdrawn_allergy_is_never_shown_as_real() {
    let refuted = allergic("A000001", "Sulfa", |entry| entry.standing = Standing::Refuted);
    let withdrawn = allergic("A000002", "Aspirin", |entry| entry.standing = Standing::EnteredInError);
    let view = view(vec![refuted, withdrawn]);
    let shown = text(&view, allergies, json!({}));
    let heading = shown.find("Refuted (recorded as NOT an allergy)").unwrap();
    assert!(heading < shown.find("Sulfa").unwrap(), "{shown}");
    assert!(!shown.contains("**Allergies**") && !shown.contains("Aspirin"), "{shown}");
    assert_eq!(ask(&view, allergies, json!({"status": "active"})).unwrap().structured["total"], 0);
    assert!(text(&view, allergies, json!({"status": "all"})).contains("Aspirin"));
}

#[test]
fn intolerances_unconfirmed_and_past_ones_stand_apart() {
    let intolerance = allergic("A000001", "Lactose", |entry| {
        entry.detail =
            Detail::Allergy(Box::new(Allergy { kind: Some("intolerance".into()), ..Allergy::default() }));
    });
    let unconfirmed = allergic("A000002", "Shellfish", |entry| entry.standing = Standing::Unconfirmed);
    let text = text(&view(vec![intolerance, unconfirmed]), allergies, json!({}));
    assert!(text.contains("**Intolerances**") && text.contains("**Unconfirmed"), "{text}");
    assert!(!text.contains("**Allergies**"), "{text}");
}

#[test]
fn another_sources_reaction_stands_beneath_and_words_that_hide_allergies_are_counted() {
    let other = allergic("A000002", "Penicillin", |entry| {
        entry.detail = Detail::Allergy(Box::new(Allergy {
            reactions: vec![Reaction { manifestations: vec!["rash".into()], ..Reaction::default() }],
            ..Allergy::default()
        }))
    });
    let told = same(allergic("A000001", "Penicillin", |_| {}), other);
    let view = view(told.to_vec());
    let shown = text(&view, allergies, json!({}));
    assert!(shown.contains("↳ another source records the reaction: rash [A000002]"), "{shown}");
    let shown = text(&view, allergies, json!({"query": "amoxicillin"}));
    assert!(shown.contains("1 other recorded allergies"), "{shown}");
}

#[test]
fn a_walk_by_cursor_gives_every_row_once() {
    let name = "A substance with quite a long name in the record";
    let view = view((0..40).map(|n| allergic(&format!("A{n:06}"), name, |_| {})).collect());
    assert_eq!(walk(&view, |arguments| ask(&view, allergies, arguments)).len(), 40);
}

#[test]
fn of_one_allergy_told_by_several_the_most_dangerous_word_is_shown() {
    let with_criticality = |id: &str, criticality: Option<&str>| {
        allergic(id, "Penicillin", |entry| {
            entry.status = criticality.is_none().then(|| "active".into());
            if let Detail::Allergy(allergy) = &mut entry.detail {
                allergy.criticality = criticality.map(Into::into);
                allergy.reactions =
                    vec![crate::record::Reaction::default(); usize::from(criticality.is_none())];
            }
        })
    };
    for (id, other) in [("A000001", "A000002"), ("A000002", "A000001")] {
        let pair = same(with_criticality(id, None), with_criticality(other, Some("high")));
        let view = view(pair.to_vec());
        assert_eq!(view.face(&view.groups(Kind::Allergy)[0]).id.to_string(), other);
    }
}
