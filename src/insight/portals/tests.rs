use std::sync::Arc;

use serde_json::json;

use super::*;
use crate::insight::allergies::allergies;
use crate::insight::conditions::conditions;
use crate::insight::measurements::labs;
use crate::insight::search::search;
use crate::insight::summary::summary;
use crate::insight::testing::{self, List, entry, portal, queried, record, run, text, with};
use crate::insight::visits::visits;
use crate::record::{Detail, Entry, Lifecycle, Record, Scope, Standing, Trouble, View};

const HELD_BACK: &str = "the portal held back a part of it (code 59204)";
const NOT_OFFERED: &str = "this portal does not offer it";
const DOWN: &str = "the portal failed at every try (status 500)";

fn view(queries: Vec<Queried>) -> View {
    View::everything(portal(Vec::new(), queries, |_| {}))
}

fn allergy(id: &str, name: &str, standing: Standing) -> Entry {
    let detail = Detail::Allergy(Box::default());
    with(entry(id, name, "2024-01-02", detail), |entry| entry.standing = standing)
}

fn coverage(view: &View, list: List) -> String {
    let text = text(view, list, json!({}));
    text.lines().last().unwrap().to_owned()
}

fn summarized(view: &View) -> String {
    run(view, json!({}), |context| summary(context, &Default::default())).unwrap().text
}

#[test]
fn what_came_in_part_or_failed_is_told_in_the_answers_that_it_bears_on_and_in_no_other() {
    let view = view(vec![
        queried("Observation/labs", QueryState::Partial, HELD_BACK),
        queried("Encounter/visits", QueryState::Failed, DOWN),
        queried("Condition/problems", QueryState::Whole, ""),
    ]);
    let in_part = "Lakeside Hospital: labs came in part (the portal held back a part of it)";
    let failed =
        "Lakeside Hospital: visits could not be fetched on 2025-02-03 (the portal failed at every try)";
    let of_visits = |context: &Context<'_>, asked: &_| visits(context, asked, false);
    assert!(coverage(&view, labs).contains(in_part), "{}", coverage(&view, labs));
    assert!(!coverage(&view, labs).contains("visits"), "{}", coverage(&view, labs));
    assert!(coverage(&view, of_visits).contains(failed), "{}", coverage(&view, of_visits));
    assert!(!coverage(&view, conditions).contains("Lakeside Hospital:"), "{}", coverage(&view, conditions));
    let whole = summarized(&view);
    assert!(whole.contains(in_part) && whole.contains(failed), "{whole}");
    let ask = serde_json::from_value(json!({"query": "glucose"})).unwrap();
    let found = run(&view, json!({"query": "glucose"}), |context| search(context, &ask)).unwrap();
    assert!(found.text.contains(in_part), "{}", found.text);
    assert!(found.structured["coverage"]["notices"].to_string().contains(in_part));
}

#[test]
fn a_refusal_is_told_only_where_no_other_query_stands_in_for_it() {
    let refused = |what| queried(what, QueryState::Refused, NOT_OFFERED);
    let whole = |what| queried(what, QueryState::Whole, "");
    let told = |queries| coverage(&view(queries), labs).contains("refused (this portal does not offer it)");
    assert!(!told(vec![refused("Observation/labs"), whole("Observation/observations")]));
    assert!(told(vec![refused("Observation/labs"), refused("Observation/observations")]));
    assert!(told(vec![refused("Observation/labs"), whole("Observation/exams")]));
    // What was brought before may have changed since.
    let mut before = refused("Observation/labs");
    before.has_brought = true;
    assert!(told(vec![before, whole("Observation/observations")]));
    // Nobody misses the doses given in a hospital where the prescriptions came.
    let view = view(vec![whole("MedicationRequest/prescriptions"), refused("MedicationStatement/reported")]);
    assert!(!coverage(&view, crate::insight::medications::medications).contains("refused"));
}

#[test]
fn an_empty_answer_to_what_was_not_granted_is_no_answer() {
    let queries = vec![queried("AllergyIntolerance/allergies", QueryState::Empty, "")];
    let record =
        portal(Vec::new(), queries, |fetched| fetched.not_granted = vec!["AllergyIntolerance".into()]);
    let text = text(&View::everything(record), allergies, json!({}));
    assert!(text.contains("allergies not permitted to plainchart at the sign-in"), "{text}");
    assert!(text.contains("whether there are any there is not known: ask"), "{text}");
    assert!(!text.contains("holds nothing"), "{text}");
}

/// None known, not asked, nothing sent, asked and not there; failed, refused, in part, not permitted.
#[test]
fn the_kinds_of_nothing_are_never_told_as_one() {
    let of = |entries: Vec<Entry>, queries: Vec<Queried>| {
        text(&View::everything(portal(entries, queries, |_| {})), allergies, json!({}))
    };
    let asked = |state, why| vec![queried("AllergyIntolerance/allergies", state, why)];
    let none_known = of(vec![allergy("A000001", "NKDA", Standing::NoneKnown)], Vec::new());
    let not_asked = of(vec![allergy("A000001", "Not on file", Standing::NotAsked)], Vec::new());
    let not_sent = of(Vec::new(), Vec::new());
    let none_there = of(Vec::new(), asked(QueryState::Empty, ""));
    let failed = of(Vec::new(), asked(QueryState::Failed, DOWN));
    let refused = of(Vec::new(), asked(QueryState::Refused, NOT_OFFERED));
    let in_part = of(Vec::new(), asked(QueryState::Partial, HELD_BACK));
    let says = [
        "**None known of: medicine**, as recorded",
        "**Not asked**, as recorded",
        "**No source has sent anything about allergies.**",
        "Lakeside Hospital on 2025-02-03 answered that it holds nothing about allergies",
        "allergies could not be fetched on 2025-02-03",
        "allergies refused (this portal does not offer it)",
        "allergies came in part",
    ];
    for (place, told) in
        [none_known, not_asked, not_sent, none_there, failed, refused, in_part].iter().enumerate()
    {
        let found: Vec<&str> = says.into_iter().filter(|says| told.contains(says)).collect();
        assert_eq!(found, [says[place]], "{told}");
        let is_unknown = told.contains("**Allergies could not be fetched from Lakeside Hospital, or not all");
        assert_eq!(is_unknown, place > 3, "{told}");
    }
}

#[test]
fn a_statement_of_one_source_does_not_make_up_for_what_another_did_not_give() {
    let queries = vec![queried("AllergyIntolerance/allergies", QueryState::Failed, DOWN)];
    let entries = vec![allergy("A000001", "NKDA", Standing::NoneKnown)];
    let text = text(&View::everything(portal(entries, queries, |_| {})), allergies, json!({}));
    assert!(text.contains("**None known of: medicine**, as recorded"), "{text}");
    assert!(text.contains("**Allergies could not be fetched from Lakeside Hospital"), "{text}");
}

#[test]
fn a_list_and_a_page_without_a_row_say_which_kind_of_nothing_it_is() {
    let told = |state, why| {
        let view = view(vec![
            queried("Encounter/visits", state, why),
            queried("Observation/observations", QueryState::Whole, ""),
        ]);
        let list = text(&view, |context, asked| visits(context, asked, false), json!({}));
        (list, summarized(&view))
    };
    let (list, page) = told(QueryState::Empty, "");
    assert!(list.contains("Lakeside Hospital on 2025-02-03 answered that it holds none"), "{list}");
    assert!(page.contains("asked of a portal that holds none: labs, visits"), "{page}");
    let (list, page) = told(QueryState::Failed, DOWN);
    assert!(list.contains("No visit in these records. Whether there is one is not known: not all could be fetched from Lakeside Hospital (see Coverage)"), "{list}");
    assert!(page.contains("not known, since not all could be fetched: visits"), "{page}");
    assert!(page.contains("not sent by any source: conditions"), "{page}");
    // A query for several kinds that brought others of them has nothing of this one.
    let view = view(vec![queried("Observation/observations", QueryState::Whole, "")]);
    let list = text(&view, labs, json!({}));
    assert!(list.contains("answered that it holds none"), "{list}");
}

#[test]
fn trouble_with_a_portal_is_told_in_every_answer() {
    let told = |change: fn(&mut Fetched)| {
        let record = portal(Vec::new(), Vec::new(), |fetched| {
            let why = "the sign-in at this portal has ended: the access was taken back".into();
            fetched.trouble = Some(Trouble { at: 1_740_000_000, why, needs_sign_in: true });
            change(fetched);
        });
        coverage(&View::everything(record), conditions)
    };
    let ended = "(the sign-in at this portal has ended)";
    let since = told(|_| {});
    assert!(since.contains(&format!("Lakeside Hospital: not fetched since 2025-02-03 {ended}")), "{since}");
    let cut = told(|fetched| fetched.at = 1_740_000_000);
    assert!(
        cut.contains(&format!("Lakeside Hospital: the fetch of 2025-02-19 was cut off {ended}")),
        "{cut}"
    );
    let never = told(|fetched| fetched.at = 0);
    assert!(never.contains(&format!("Lakeside Hospital: never fetched {ended}")), "{never}");
}

#[test]
fn nothing_is_known_of_a_portal_that_was_never_fetched_from() {
    let record = portal(Vec::new(), Vec::new(), |fetched| {
        fetched.at = 0;
        fetched.trouble =
            Some(Trouble { at: 1_740_000_000, why: "it did not answer".into(), needs_sign_in: false });
    });
    let text = text(&View::everything(record), labs, json!({}));
    assert!(text.contains("not all could be fetched from Lakeside Hospital"), "{text}");
}

#[test]
fn many_gaps_are_few_words() {
    let reasons = ["one", "two", "three", "four", "five", "six"];
    let mut queries: Vec<Queried> = reasons
        .iter()
        .map(|why| queried(&format!("Observation/labs-{why}"), QueryState::Failed, why))
        .collect();
    queries
        .extend((0..9).map(|place| queried(&format!("Observation/more-{place}"), QueryState::Failed, "one")));
    let told = coverage(&view(queries), labs);
    assert!(told.contains("labs one, more 0, more 1, more 2, more 3, 5 more could not be fetched"), "{told}");
    assert!(told.contains("2 more gaps of portals: check_records_status"), "{told}");
    assert!(!told.contains("(five)"), "{told}");
}

#[test]
fn who_may_not_see_a_kind_a_source_or_a_class_hears_nothing_of_its_queries() {
    let labs_in = |state, why| {
        portal(Vec::new(), vec![queried("Observation/labs", state, why)], |fetched| {
            fetched.not_granted =
                if state == QueryState::Empty { vec!["Observation".into()] } else { vec![] };
        })
    };
    let states = [
        labs_in(QueryState::Whole, ""),
        labs_in(QueryState::Empty, ""),
        labs_in(QueryState::Failed, DOWN),
        labs_in(QueryState::Partial, HELD_BACK),
    ];
    let answers = |record: &Arc<Record>, change: &dyn Fn(&mut Scope)| {
        let mut scope = Scope::everything();
        change(&mut scope);
        let view = View::new(Arc::clone(record), scope);
        let status = run(&view, json!({}), crate::insight::status::record_status).unwrap();
        let told = [text(&view, labs, json!({})), text(&view, allergies, json!({})), summarized(&view)];
        (told, status.text, status.structured)
    };
    let without_labs = |scope: &mut Scope| {
        scope.kinds.retain(|kind| !matches!(kind, Kind::Lab | Kind::Vital | Kind::Background));
    };
    let without_portal = |scope: &mut Scope| scope.sources = Some(["riverton".to_owned()].into());
    for record in &states[1..] {
        assert_eq!(answers(record, &without_labs), answers(&states[0], &without_labs));
        assert_eq!(answers(record, &without_portal), answers(&states[0], &without_portal));
        assert_ne!(answers(record, &|_| {}), answers(&states[0], &|_| {}));
    }
    let of_class = |state, classes: u8| {
        let queries = vec![queried("Observation/epic-obstetrics", state, DOWN)];
        answers(&portal(Vec::new(), queries, |_| {}), &|scope| scope.classes = classes)
    };
    assert_eq!(of_class(QueryState::Whole, 0), of_class(QueryState::Failed, 0));
    assert!(of_class(QueryState::Failed, u8::MAX).1.contains("obstetrics"));
}

/// Behind a setting a portal that holds nothing looks as one of which everything is withheld.
#[test]
fn where_something_is_withheld_no_portal_is_said_to_hold_none() {
    let told = |state| {
        let queries = vec![queried("Encounter/visits", state, "")];
        let scope = Scope { classes: 0, ..Scope::everything() };
        let view = View::new(portal(Vec::new(), queries, |_| {}), scope);
        let list = text(&view, |context, asked| visits(context, asked, false), json!({}));
        (list, summarized(&view), run(&view, json!({}), crate::insight::status::record_status).unwrap().text)
    };
    assert_eq!(told(QueryState::Empty), told(QueryState::Whole));
}

#[test]
fn an_entry_that_is_gone_stands_in_no_list_and_says_so_itself() {
    let gone = with(allergy("A000001", "Penicillin", Standing::Stated), |entry| {
        (entry.lifecycle, entry.source) = (Lifecycle::Gone, 1);
        entry.key = "AllergyIntolerance/1".into();
    });
    let of = |state| {
        let queries = vec![queried("AllergyIntolerance/allergies", state, "")];
        View::everything(portal(vec![gone.clone()], queries, |_| {}))
    };
    let entry = |view: &View| {
        let ask = serde_json::from_value(json!({"id": "A000001"})).unwrap();
        run(view, json!({}), |context| crate::insight::record_entry::record_entry(context, &ask, None))
            .unwrap()
            .text
    };
    let view = of(QueryState::Empty);
    assert!(!text(&view, allergies, json!({})).contains("Penicillin"));
    assert!(!summarized(&view).contains("Penicillin"));
    let told = entry(&view);
    assert!(
        told.contains("**The source no longer has this entry (looked for there on 2025-02-03)."),
        "{told}"
    );
    // A fetch that failed has not looked.
    let told = entry(&of(QueryState::Failed));
    assert!(told.contains("**The source no longer has this entry."), "{told}");
}

#[test]
fn a_record_of_files_hears_nothing_of_portals() {
    let view = View::everything(record(Vec::new()));
    assert_eq!(run(&view, json!({}), |context| notices(context, &Kind::ALL)), Vec::<String>::new());
    assert_eq!(run(&view, json!({}), |context| Nothing::of(context, &[Kind::Lab])), Nothing::NotSent);
    assert!(testing::text(&view, labs, json!({})).contains("no source has sent one."));
}
