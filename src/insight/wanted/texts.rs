//! The texts of an entry in which a search looks: all that `get_record` shows in words.

use super::super::matching::{is_test_name, words_of};
use crate::record::{
    Allergy, Condition, Contact, Detail, Entry, Family, Flag, Goal, Immunization, Kind, Measurement,
    Medication, Member, Order, Text, Value, Visit,
};

/// What a text is of an entry, by which it weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// What it is called: names, codes, displays, ingredients.
    Name,
    /// What a laboratory's code is called ("Glucose [Mass/volume] in Blood"): a word in the middle of it
    /// says how something was measured and is no other name of it.
    TestName,
    /// What was found, comments, reasons, further elements, people: what stands beside the name.
    Comment,
    /// What things of its kind are called, and the source's own categories.
    Kind,
}

type See<'a, 'e> = &'a mut dyn FnMut(Place, &'e str);

/// Hands on every text of an entry but its prose.
pub fn each_text<'e>(entry: &'e Entry, see: See<'_, 'e>) {
    for text in words_of(&entry.concept) {
        see(if is_test_name(entry, text) { Place::TestName } else { Place::Name }, text);
    }
    let mut beside = |text: &'e str| see(Place::Comment, text);
    match &entry.detail {
        Detail::Condition(told) => condition(told, &mut beside),
        Detail::Medication(told) => medication(told, &mut beside),
        Detail::Allergy(told) => allergy(told, &mut beside),
        Detail::Measurement(told) => measurement(told, &mut beside),
        Detail::Immunization(told) => immunization(told, &mut beside),
        Detail::Visit(told) => visit(told, &mut beside),
        Detail::Document(told) => {
            told.conclusion.iter().for_each(|text| beside(text));
            told.attachments.iter().flat_map(|attached| &attached.title).for_each(|text| beside(text));
        }
        Detail::Team(members) => members.iter().for_each(|told| member(told, &mut beside)),
        Detail::Goal(told) => goal(told, &mut beside),
        Detail::Plan(activities) => activities.iter().for_each(|text| beside(text)),
        Detail::Order(told) => order(told, &mut beside),
        Detail::Family(told) => family(told, &mut beside),
        Detail::Contact(told) => contact(told, &mut beside),
        Detail::Answers(answers) => answers.iter().for_each(|(question, answer)| {
            beside(question);
            beside(answer);
        }),
        Detail::Person(_) | Detail::Note { .. } | Detail::Plain => {}
    }
    entry.status.iter().chain(&entry.notes).for_each(|text| beside(text));
    entry.more.iter().for_each(|(_, value)| beside(value));
    entry.actors.iter().flat_map(|actor| &actor.name).for_each(|text| beside(text));
    if let Detail::Medication(medicine) = &entry.detail {
        medicine.ingredients.iter().for_each(|name| see(Place::Name, name));
    }
    entry.categories.iter().for_each(|text| see(Place::Kind, text));
    see(Place::Kind, called(entry));
}

/// What people call things of this kind; a name in a search must stand whole in it.
fn called(entry: &Entry) -> &'static str {
    match (entry.kind(), &entry.detail) {
        (_, Detail::Team(_)) => "care team",
        (_, Detail::Goal(_)) => "goal goals",
        (_, Detail::Order(told)) if told.is_referral => "referral referrals order orders",
        (_, Detail::Order(_)) => "order orders",
        (_, Detail::Plan(_)) => "care plan care plans",
        (Kind::Condition, _) => "condition conditions problem problems diagnosis diagnoses",
        (Kind::Medication, _) => {
            "medicine medicines medication medications med meds drug drugs pill pills prescription prescriptions"
        }
        (Kind::Allergy, _) => "allergy allergies",
        (Kind::Immunization, _) => {
            "vaccine vaccines vaccination vaccinations immunization immunizations shot shots"
        }
        (Kind::Procedure, _) => "procedure procedures",
        (Kind::Visit, _) => "visit visits appointment appointments",
        (Kind::FamilyHistory, _) => "family history",
        (Kind::Device, _) => "device devices",
        _ => "",
    }
}

fn condition<'e>(told: &'e Condition, beside: &mut impl FnMut(&'e str)) {
    let texts = [&told.verification, &told.severity, &told.stage, &told.body_site];
    texts.into_iter().chain([&told.onset_text, &told.end_text]).flatten().for_each(|text| beside(text));
}

fn medication<'e>(told: &'e Medication, beside: &mut impl FnMut(&'e str)) {
    for dosage in &told.dosage {
        let texts = [&dosage.text, &dosage.patient_text, &dosage.structured, &dosage.as_needed];
        texts.into_iter().flatten().for_each(|text| beside(text));
    }
    let texts = told.reasons.iter().chain(&told.status_reason).chain(&told.quantity).chain(&told.intent);
    texts.for_each(|text| beside(text));
}

fn allergy<'e>(told: &'e Allergy, beside: &mut impl FnMut(&'e str)) {
    let texts = [&told.kind, &told.verification, &told.criticality];
    texts.into_iter().flatten().for_each(|text| beside(text));
    for reaction in &told.reactions {
        let texts = reaction.manifestations.iter().chain(&reaction.severity).chain(&reaction.text);
        texts.for_each(|text| beside(text));
    }
}

fn measurement<'e>(told: &'e Measurement, beside: &mut impl FnMut(&'e str)) {
    found(told.value.as_ref(), told.absent.as_ref(), &told.flags, beside);
    for part in &told.components {
        part.concept.name().into_iter().for_each(&mut *beside);
        found(part.value.as_ref(), part.absent.as_ref(), &part.flags, beside);
    }
    let texts = [&told.specimen, &told.method, &told.body_site];
    texts.into_iter().flatten().for_each(|text| beside(text));
}

/// What was found, in words: a number is no word.
fn found<'e>(
    value: Option<&'e Value>,
    absent: Option<&'e Text>,
    flags: &'e [Flag],
    beside: &mut impl FnMut(&'e str),
) {
    match value {
        Some(Value::Concept(concept)) => words_of(concept).for_each(&mut *beside),
        Some(Value::Text(text)) => beside(text),
        Some(Value::Quantity(_)) | None => {}
    }
    absent.into_iter().for_each(|text| beside(text));
    for flag in flags {
        beside(&flag.text);
        flag.meaning.mark().into_iter().for_each(&mut *beside);
    }
}

fn immunization<'e>(told: &'e Immunization, beside: &mut impl FnMut(&'e str)) {
    let texts = [&told.dose, &told.series, &told.lot, &told.manufacturer, &told.reason];
    texts.into_iter().flatten().for_each(|text| beside(text));
}

fn visit<'e>(told: &'e Visit, beside: &mut impl FnMut(&'e str)) {
    let texts = told.reasons.iter().chain(&told.class_text).chain(&told.discharge);
    texts.for_each(|text| beside(text));
}

fn member<'e>(told: &'e Member, beside: &mut impl FnMut(&'e str)) {
    let texts = [&told.name, &told.role, &told.on_behalf_of];
    texts.into_iter().flatten().for_each(|text| beside(text));
}

fn goal<'e>(told: &'e Goal, beside: &mut impl FnMut(&'e str)) {
    let texts = told.targets.iter().chain(&told.achievement).chain(&told.by);
    texts.for_each(|text| beside(text));
}

fn order<'e>(told: &'e Order, beside: &mut impl FnMut(&'e str)) {
    let texts = told.reasons.iter().chain(&told.intent).chain(&told.priority);
    texts.for_each(|text| beside(text));
}

fn family<'e>(told: &'e Family, beside: &mut impl FnMut(&'e str)) {
    let texts = told.relation.iter().chain(&told.death);
    texts.for_each(|text| beside(text));
    for condition in &told.conditions {
        words_of(&condition.concept).for_each(&mut *beside);
        let texts = condition.onset.iter().chain(&condition.outcome);
        texts.for_each(|text| beside(text));
    }
}

fn contact<'e>(told: &'e Contact, beside: &mut impl FnMut(&'e str)) {
    beside(&told.what);
    let texts = told.roles.iter().chain(&told.telecom).chain(&told.addresses);
    texts.chain(&told.npi).chain(&told.organization).for_each(|text| beside(text));
}

/// The text of an entry that is read as prose.
pub fn prose(entry: &Entry) -> Option<&str> {
    match &entry.detail {
        Detail::Document(document) => document.text.as_deref(),
        Detail::Note { text, .. } => Some(text.as_str()),
        _ => None,
    }
}
