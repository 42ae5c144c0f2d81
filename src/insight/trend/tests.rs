use serde_json::json;

use super::*;
use crate::insight::testing::{entry, person, run, view, with};
use crate::record::{Code, Concept, Detail, Measurement, Number, Quantity, System, Value};

/// A creatinine (LOINC 2160-0) in mg/dL: of it the table says that 18 percent mean nothing.
pub fn creatinine(id: &str, at: &str, digits: &str) -> Entry {
    lab(id, at, ("2160-0", "Creatinine"), digits, "mg/dL")
}

pub fn lab(id: &str, at: &str, (code, name): (&str, &str), digits: &str, unit: &str) -> Entry {
    let unit = Some(unit.into()).filter(|_| !unit.is_empty());
    let number = Number::parse(digits).unwrap();
    let value = Value::Quantity(Quantity { comparator: None, number, unit, ucum: None });
    let found = Measurement { value: Some(value), ..Measurement::default() };
    with(entry(id, name, at, Detail::Measurement(Box::new(found))), |entry| {
        let code = Code { system: System::Loinc, code: code.into(), display: None };
        entry.concept = Concept { text: Some(name.into()), codes: vec![code] };
        entry.status = Some("final".into());
    })
}

fn told(entries: Vec<Entry>, since: Option<&str>) -> String {
    let view = view(entries);
    run(&view, json!({}), |context| {
        let since = since.map(|since| since.parse().unwrap());
        let portrait = Portrait::of(context).unwrap();
        let all = stated(context, &[Kind::Lab]).unwrap();
        let told = all.iter().map(|strand| match movement(context, strand, &portrait, since) {
            Movement::Moved(moved) => format!("{} from {}", moved.direction.word(), moved.from.id),
            Movement::Within { from } => format!("within since {}", from.id),
            Movement::Unread(Why::Apart(difference, _)) => difference.words(),
            Movement::Unread(why) => format!("{why:?}"),
        });
        told.collect::<Vec<_>>().join("; ")
    })
}

#[test]
fn a_direction_is_read_only_beyond_the_usual_variation() {
    let old = creatinine("L000001", "2025-06-01", "1.00");
    // 1.00 with 18 percent added is 1.18.
    let read = |digits| told(vec![old.clone(), creatinine("L000002", "2025-12-01", digits)], None);
    assert_eq!(read("1.18"), "within since L000001");
    assert_eq!(read("1.19"), "up from L000001");
    assert_eq!(read("0.84"), "down from L000001");
    assert_eq!(told(vec![old.clone()], None), "TooFew");
}

#[test]
fn a_slow_move_in_one_way_is_read_and_a_turn_ends_it() {
    let at = |id, month: u32, digits| creatinine(id, &format!("2025-{month:02}-01"), digits);
    let slow = |middle| {
        told(vec![at("L000001", 3, "1.00"), at("L000002", 6, middle), at("L000003", 9, "1.20")], None)
    };
    assert_eq!(slow("1.10"), "up from L000001");
    assert_eq!(slow("1.25"), "within since L000002");
}

#[test]
fn units_are_brought_into_one_before_anything_is_read() {
    // 88.42 umol/L are 1 mg/dL.
    let old = lab("L000001", "2025-06-01", ("2160-0", "Creatinine"), "88.42", "umol/L");
    assert_eq!(
        told(vec![old.clone(), creatinine("L000002", "2025-12-01", "1.1")], None),
        "within since L000001"
    );
    assert_eq!(told(vec![old, creatinine("L000002", "2025-12-01", "1.5")], None), "up from L000001");
    let bare = lab("L000001", "2025-06-01", ("2160-0", "Creatinine"), "1.0", "");
    assert_eq!(told(vec![bare, creatinine("L000002", "2025-12-01", "1.5")], None), "TooFew");
}

#[test]
fn nothing_is_read_across_laboratories_methods_or_specimens() {
    let old = creatinine("L000001", "2025-06-01", "1.0");
    let changed = |change: &dyn Fn(&mut Entry)| {
        told(vec![old.clone(), with(creatinine("L000002", "2025-12-01", "1.5"), |entry| change(entry))], None)
    };
    assert_eq!(
        changed(&|entry| entry.source = 1),
        "another laboratory or clinic (Riverton Clinic, then Lakeside Hospital)"
    );
    let method = |entry: &mut Entry| {
        let Detail::Measurement(found) = &mut entry.detail else { return };
        found.method = Some("enzymatic".into());
    };
    assert_eq!(changed(&method), "another method");
    let specimen = |entry: &mut Entry| {
        let Detail::Measurement(found) = &mut entry.detail else { return };
        found.specimen = Some("Serum (hemolyzed)".into());
    };
    assert_eq!(changed(&specimen), "another specimen");
}

#[test]
fn nothing_is_read_from_what_is_unfinished_impossible_or_contradicted() {
    let old = creatinine("L000001", "2025-06-01", "1.0");
    let new = creatinine("L000002", "2025-12-01", "1.5");
    let preliminary = with(new.clone(), |entry| entry.status = Some("preliminary".into()));
    assert_eq!(told(vec![old.clone(), preliminary], None), "Unsettled");
    assert_eq!(told(vec![old.clone(), creatinine("L000002", "2025-12-01", "100")], None), "Implausible");
    let twin = creatinine("L000003", "2025-12-01", "1.1");
    assert_eq!(told(vec![old.clone(), new.clone(), twin], None), "TwoAtOnce");
    assert_eq!(told(vec![creatinine("L000001", "2025-11-28", "1.4"), new.clone()], None), "TooClose");
    let swing = creatinine("L000003", "2025-11-28", "2.2");
    assert!(told(vec![old.clone(), swing, new.clone()], None).starts_with("Swings"));
    let cancelled =
        with(creatinine("L000003", "2025-12-03", "9.9"), |entry| entry.status = Some("cancelled".into()));
    assert_eq!(told(vec![old, new, cancelled], None), "up from L000001");
}

#[test]
fn a_child_has_no_adult_variation() {
    let child = person(|person| person.birth = crate::record::When::parse("2015-01-01"));
    let entries =
        vec![child, creatinine("L000001", "2025-06-01", "0.5"), creatinine("L000002", "2025-12-01", "0.9")];
    assert_eq!(told(entries, None), "NotAdult");
}

#[test]
fn since_a_day_means_against_the_last_result_before_it() {
    let entries = vec![
        creatinine("L000001", "2025-03-01", "1.0"),
        creatinine("L000002", "2025-09-01", "1.4"),
        creatinine("L000003", "2025-12-01", "1.5"),
    ];
    assert_eq!(told(entries.clone(), Some("2025-08-01")), "up from L000001");
    assert_eq!(told(entries, Some("2025-10-01")), "up from L000001", "a slow move goes on before it");
    let view =
        view(vec![creatinine("L000001", "2025-03-01", "1.0"), creatinine("L000002", "2025-09-01", "1.4")]);
    run(&view, json!({}), |context| {
        let all = trends(context, None).unwrap();
        assert_eq!(
            (all[0].key, all[0].count, all[0].first.id.to_string().as_str()),
            (Some("creatinine"), 2, "L000001")
        );
        assert!(all[0].moved.is_some());
        assert!(trends(context, Some(jiff::civil::date(2025, 10, 1))).unwrap().is_empty());
    });
}
