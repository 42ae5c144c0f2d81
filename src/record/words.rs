//! Every text of an entry but its prose, one by one: what is searched, and what may reveal something.

use super::{
    Allergy, Claim, Condition, Contact, Detail, Entry, Family, Flag, Goal, Immunization, Measurement,
    Medication, Member, Order, Text, Value, Visit,
};

/// What a text is of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// What it is called: names, codes, displays, ingredients.
    Name,
    /// What was found or said about it: values, reasons, sites, people of a team.
    Told,
    /// A further recorded element.
    Further,
    /// An identifier of it.
    Identifier,
    /// The name of somebody who had to do with it.
    Actor,
    /// The conclusion of a report.
    Conclusion,
    /// A comment, which may be long.
    Comment,
    /// The source's own category.
    Category,
}

type See<'a, 'e> = &'a mut dyn FnMut(Part, &'e str);

/// Hands on every text of an entry but the text of a document and the person's own words.
pub fn each_text<'e>(entry: &'e Entry, see: See<'_, 'e>) {
    entry.concept.words().for_each(|text| see(Part::Name, text));
    let mut beside = |text: &'e str| see(Part::Told, text);
    match &entry.detail {
        Detail::Condition(told) => condition(told, &mut beside),
        Detail::Medication(told) => medication(told, &mut beside),
        Detail::Allergy(told) => allergy(told, &mut beside),
        Detail::Measurement(told) => measurement(told, &mut beside),
        Detail::Immunization(told) => immunization(told, &mut beside),
        Detail::Visit(told) => visit(told, &mut beside),
        Detail::Document(told) => {
            told.attachments.iter().flat_map(|attached| &attached.title).for_each(|text| beside(text));
        }
        Detail::Team(members) => members.iter().for_each(|told| member(told, &mut beside)),
        Detail::Goal(told) => goal(told, &mut beside),
        Detail::Plan(activities) => activities.iter().for_each(|text| beside(text)),
        Detail::Order(told) => order(told, &mut beside),
        Detail::Family(told) => family(told, &mut beside),
        Detail::Contact(told) => contact(told, &mut beside),
        Detail::Claim(told) => claim(told, &mut beside),
        Detail::Answers(answers) => answers.iter().for_each(|(question, answer)| {
            beside(question);
            beside(answer);
        }),
        Detail::Person(_) | Detail::Note { .. } | Detail::Plain => {}
    }
    entry.status.iter().for_each(|text| beside(text));
    for (label, value) in &entry.more {
        let is_identifier = label.as_str() == "identifier";
        see(if is_identifier { Part::Identifier } else { Part::Further }, value);
    }
    entry.actors.iter().flat_map(|actor| &actor.name).for_each(|text| see(Part::Actor, text));
    if let Detail::Document(told) = &entry.detail {
        told.conclusion.iter().for_each(|text| see(Part::Conclusion, text));
    }
    entry.notes.iter().for_each(|text| see(Part::Comment, text));
    if let Detail::Medication(medicine) = &entry.detail {
        medicine.ingredients.iter().for_each(|name| see(Part::Name, name));
    }
    entry.categories.iter().for_each(|text| see(Part::Category, text));
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
        Some(Value::Concept(concept)) => concept.words().for_each(&mut *beside),
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
        condition.concept.words().for_each(&mut *beside);
        let texts = condition.onset.iter().chain(&condition.outcome);
        texts.for_each(|text| beside(text));
    }
}

fn contact<'e>(told: &'e Contact, beside: &mut impl FnMut(&'e str)) {
    beside(&told.what);
    let texts = told.roles.iter().chain(&told.telecom).chain(&told.addresses);
    texts.chain(&told.npi).chain(&told.organization).for_each(|text| beside(text));
}

fn claim<'e>(told: &'e Claim, beside: &mut impl FnMut(&'e str)) {
    beside(told.form.words());
    let texts = [&told.usage, &told.outcome, &told.disposition].into_iter().flatten();
    texts.chain(told.every_denial()).for_each(|text| beside(text));
    for billed in told.diagnoses.iter().chain(&told.procedures) {
        billed.concept.words().chain(billed.roles.iter().map(|role| role.as_str())).for_each(&mut *beside);
    }
    for item in &told.items {
        item.concept.words().for_each(&mut *beside);
        let texts = item.revenue.iter().chain(&item.modifiers).chain(&item.quantity).chain(&item.place);
        texts.for_each(|text| beside(text));
    }
    // The amount on a letter is what people look for.
    for amount in told.every_amount() {
        beside(&amount.label);
        beside(amount.number.as_written());
    }
    told.fill.iter().for_each(|(_, value)| beside(value));
}
