use serde_json::{Value as Json, json};

use super::*;
use crate::insight::alarm::lead;
use crate::insight::testing::{entry, person, run, view, with};
use crate::knowledge::never_said::NeverSaid;
use crate::record::{
    Actor, Code, Death, Detail, Document, DocumentKind, Dosage, Entry, Flag, FlagMeaning, Goal, Measurement,
    Medication, MedicationRole, Number, Order, Quantity, System, Value, Visit, VisitClass, When,
};

mod asked;
mod results;
mod sheet;

// Codes of knowledge/tables/analytes_loinc.tsv.
const A1C: &str = "4548-4";
const CREATININE: &str = "2160-0";
const EGFR: &str = "98979-8";
const HDL: &str = "2085-9";
const POTASSIUM: &str = "2823-3";

fn asked_for(id: &str, name: &str, date: &str, due: &str) -> Entry {
    let order = Order { due: When::parse(due), ..Order::default() };
    with(entry(id, name, date, Detail::Order(Box::new(order))), |order| order.status = Some("active".into()))
}

fn goal(id: &str, name: &str) -> Entry {
    with(entry(id, name, "2025-11-01", Detail::Goal(Box::default())), |goal| {
        goal.status = Some("active".into());
    })
}

fn problem(id: &str, name: &str, date: &str) -> Entry {
    with(entry(id, name, date, Detail::Condition(Box::default())), |one| one.status = Some("active".into()))
}

fn medicine(id: &str, name: &str, date: &str, change: impl FnOnce(&mut Medication)) -> Entry {
    let ingredients = crate::knowledge::medicines::ingredients_of(&[], name);
    let mut medicine = Medication {
        intent: Some("order".into()),
        dosage: vec![Dosage { text: Some("1 tablet a day".into()), ..Dosage::default() }],
        ingredients: ingredients.iter().map(|one| one.name.into()).collect(),
        ..Medication::default()
    };
    change(&mut medicine);
    with(entry(id, name, date, Detail::Medication(Box::new(medicine))), |one| {
        one.status = Some("active".into());
    })
}

/// `lab("L000001", "Potassium", POTASSIUM, "2026-02-10", "5.6 mmol/L", Some(FlagMeaning::High))`
fn lab(id: &str, name: &str, loinc: &str, date: &str, value: &str, flag: Option<FlagMeaning>) -> Entry {
    let (number, unit) = value.split_once(' ').unwrap();
    let number = Number::parse(number).unwrap();
    let value = Value::Quantity(Quantity { comparator: None, number, unit: Some(unit.into()), ucum: None });
    let flags = flag.map(|meaning| Flag { meaning, text: "flag".into() }).into_iter().collect();
    let found = Measurement { value: Some(value), flags, ..Measurement::default() };
    with(entry(id, name, date, Detail::Measurement(Box::new(found))), |one| {
        one.concept.codes.push(Code { system: System::Loinc, code: loinc.into(), display: None });
        one.status = Some("final".into());
    })
}

fn note(id: &str, date: &str, text: &str) -> Entry {
    let document = Document { text: Some(text.into()), ..Document::default() };
    entry(id, "Progress note", date, Detail::Document(Box::new(document)))
}

fn report(id: &str, name: &str, date: &str, conclusion: &str) -> Entry {
    let document =
        Document { kind: DocumentKind::Imaging, conclusion: Some(conclusion.into()), ..Document::default() };
    entry(id, name, date, Detail::Document(Box::new(document)))
}

/// A visit of the first of March or earlier has been; a later one is booked.
fn seen(id: &str, date: &str, who: &str, class: VisitClass) -> Entry {
    let visit = Visit { class, ..Visit::default() };
    with(entry(id, "Office visit", date, Detail::Visit(Box::new(visit))), |one| {
        one.status = Some(if date > "2026-03-01" { "planned" } else { "finished" }.into());
        one.actors.push(Actor { role: "performer".into(), name: Some(who.into()), key: None });
    })
}

fn visit(id: &str, date: &str, who: &str) -> Entry {
    seen(id, date, who, VisitClass::Outpatient)
}

fn answer(entries: Vec<Entry>, arguments: Json) -> Answer {
    let ask: AppointmentAsk = serde_json::from_value(arguments.clone()).unwrap();
    run(&view(entries), arguments, |context| appointment(context, &ask).map(|answer| lead(context, answer)))
        .unwrap()
}

/// All there is room for.
fn told(entries: Vec<Entry>, mut arguments: Json) -> String {
    arguments["max_tokens"] = 13_000.into();
    if arguments["limit"].is_null() {
        arguments["limit"] = 50.into();
    }
    answer(entries, arguments).text
}

/// The questions in their order, each with its three lines.
fn questions(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().collect();
    let is_question = |line: &str| {
        line.split_once(". ")
            .is_some_and(|(number, _)| !number.is_empty() && number.bytes().all(|one| one.is_ascii_digit()))
    };
    let starts = lines.iter().enumerate().filter(|(_, line)| is_question(line));
    starts.map(|(at, _)| lines[at..(at + 3).min(lines.len())].join("\n")).collect()
}

/// The place of the first question that holds these words.
fn place(text: &str, words: &str) -> usize {
    let questions = questions(text);
    questions.iter().position(|one| one.contains(words)).unwrap_or_else(|| panic!("{words}: {text}"))
}

/// The lines beneath a heading.
fn under<'a>(text: &'a str, heading: &str) -> &'a str {
    let start = text.find(&format!("\n**{heading}")).map(|at| at + 1);
    start.map_or("", |start| &text[start..]).split("\n\n").next().unwrap_or_default()
}
