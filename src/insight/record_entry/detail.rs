//! What only one kind of entry has, as facts with a label.

use super::facts::Facts;
use super::{claim, measured};
use crate::insight::{plain, shortened};
use crate::record::{
    Allergy, Condition, ConditionList, Contact, Death, Detail, Document, Entry, Family, Goal, Immunization,
    Medication, MedicationRole, Member, Order, Person, Setting, Visit,
};

/// Adds what only the entry's kind has.
pub(super) fn add(facts: &mut Facts, entry: &Entry) {
    match &entry.detail {
        Detail::Condition(told) => condition(facts, told),
        Detail::Medication(told) => medication(facts, told),
        Detail::Allergy(told) => allergy(facts, told),
        Detail::Measurement(told) => measured::add(facts, told),
        Detail::Immunization(told) => immunization(facts, told),
        Detail::Visit(told) => visit(facts, told),
        Detail::Document(told) => document(facts, told, entry),
        Detail::Team(members) => members.iter().for_each(|told| member(facts, told)),
        Detail::Goal(told) => goal(facts, told),
        Detail::Plan(activities) => facts.list("activity", activities),
        Detail::Order(told) => order(facts, told),
        Detail::Family(told) => family(facts, told),
        Detail::Answers(answers) => answers.iter().for_each(|(asked, answer)| facts.long(asked, answer)),
        Detail::Person(told) => person(facts, told),
        Detail::Contact(told) => contact(facts, told),
        Detail::Note { text, about } => {
            facts.long("the person's own words", text);
            facts.add("about", about.map(|id| id.to_string()));
        }
        Detail::Claim(told) => claim::add(facts, told),
        Detail::Plain => {}
    }
}

fn condition(facts: &mut Facts, told: &Condition) {
    let list = match told.list {
        ConditionList::Problem => "problem list",
        ConditionList::Visit => "diagnosis of a visit",
        ConditionList::Concern => "health concern",
    };
    facts.add("list", Some(list.into()));
    facts.text("verification", told.verification.as_ref());
    facts.text("severity", told.severity.as_ref());
    facts.text("stage", told.stage.as_ref());
    facts.text("body site", told.body_site.as_ref());
    facts.text("beginning", told.onset_text.as_ref());
    facts.text("end in words", told.end_text.as_ref());
}

fn medication(facts: &mut Facts, told: &Medication) {
    let role = match told.role {
        MedicationRole::Order => "ordered (no proof that it is taken)",
        MedicationRole::Statement => "stated",
        MedicationRole::Administration => "given",
        MedicationRole::Dispense => "handed out by a pharmacy",
    };
    let setting = match told.setting {
        Setting::Home => Some("at home"),
        Setting::Inpatient => Some("in the hospital"),
        Setting::Clinic => Some("in the clinic"),
        Setting::Discharge => Some("at discharge, to take at home"),
        Setting::Unknown => None,
    };
    facts.add("how it is recorded", Some(role.into()));
    facts.text("intent", told.intent.as_ref());
    facts.add("where it is taken", setting.map(str::to_owned));
    facts.flag("reported by somebody else", told.is_reported);
    for dosage in &told.dosage {
        facts.text("dosage", dosage.text.as_ref());
        facts.text("dosage in words for the patient", dosage.patient_text.as_ref());
        facts.text("dosage from its elements", dosage.structured.as_ref());
        let as_needed = dosage.as_needed.as_deref();
        facts.add("as needed", as_needed.map(|why| if why.is_empty() { "yes".into() } else { plain(why) }));
        facts.list("time of day", &dosage.times);
    }
    facts.list("reason", &told.reasons);
    facts.text("reason of the status", told.status_reason.as_ref());
    facts.text("quantity", told.quantity.as_ref());
    facts.add("refills", told.refills.map(|count| count.to_string()));
    facts.add("days of supply", told.supply_days.map(|count| count.to_string()));
    facts.list("ingredient", &told.ingredients);
}

fn allergy(facts: &mut Facts, told: &Allergy) {
    facts.text("kind", told.kind.as_ref());
    facts.text("verification", told.verification.as_ref());
    facts.text("criticality", told.criticality.as_ref());
    for reaction in &told.reactions {
        facts.list("reaction", &reaction.manifestations);
        facts.text("severity of the reaction", reaction.severity.as_ref());
        facts.text("reaction in words", reaction.text.as_ref());
    }
    facts.add("last happened", told.last_on.map(|when| when.to_string()));
}

fn immunization(facts: &mut Facts, told: &Immunization) {
    facts.text("dose in its series", told.dose.as_ref());
    facts.text("series", told.series.as_ref());
    facts.text("lot", told.lot.as_ref());
    facts.text("manufacturer", told.manufacturer.as_ref());
    facts.text("reason", told.reason.as_ref());
    let told_by = told.is_primary.map(|is_primary| match is_primary {
        true => "the source itself gave it",
        false => "reported, not given by the source",
    });
    facts.add("who says so", told_by.map(str::to_owned));
}

fn visit(facts: &mut Facts, told: &Visit) {
    facts.text("class", told.class_text.as_ref());
    facts.list("reason", &told.reasons);
    facts.text("afterwards", told.discharge.as_ref());
}

fn document(facts: &mut Facts, told: &Document, entry: &Entry) {
    facts.text("conclusion", told.conclusion.as_ref());
    let text = told.text.as_deref().map(|text| {
        format!("{} characters: get_documents {{\"id\":\"{}\"}}", text.chars().count(), entry.id)
    });
    facts.add("text", text);
    for attachment in &told.attachments {
        let kind = attachment.content_type.as_deref().map(plain);
        let title = attachment.title.as_deref().map(|title| format!("\"{}\"", shortened(title, 200)));
        let size = attachment.size.map(|size| format!("{size} bytes"));
        let unread = attachment.unread.as_deref().map(|why| format!("not readable here: {}", plain(why)));
        let parts: Vec<String> = kind.into_iter().chain(title).chain(size).chain(unread).collect();
        facts.add("attachment", Some(parts.join(", ")));
    }
}

fn member(facts: &mut Facts, told: &Member) {
    let name = told.name.as_deref().map_or_else(|| "name not recorded".into(), plain);
    let place = told.on_behalf_of.as_deref().map_or_else(String::new, |place| format!(", {}", plain(place)));
    let role = told.role.as_deref().unwrap_or("member");
    facts.add(role, Some(format!("{name}{place}")));
}

fn goal(facts: &mut Facts, told: &Goal) {
    facts.list("target", &told.targets);
    facts.text("achievement", told.achievement.as_ref());
    facts.add("due", told.due.map(|when| when.to_string()));
    facts.text("goal of", told.by.as_ref());
}

fn order(facts: &mut Facts, told: &Order) {
    facts.flag("referral", told.is_referral);
    facts.text("intent", told.intent.as_ref());
    facts.text("priority", told.priority.as_ref());
    facts.list("reason", &told.reasons);
    facts.add("due", told.due.map(|when| when.to_string()));
}

fn family(facts: &mut Facts, told: &Family) {
    facts.text("relative", told.relation.as_ref());
    facts.text("death of the relative", told.death.as_ref());
    for condition in &told.conditions {
        facts.concept("the relative's illness", &condition.concept);
        facts.text("its beginning", condition.onset.as_ref());
        facts.text("its outcome", condition.outcome.as_ref());
        facts.flag("recorded as the cause of death", condition.was_fatal == Some(true));
    }
}

fn person(facts: &mut Facts, told: &Person) {
    for name in &told.names {
        let label = name.usage.as_deref().map_or_else(|| "name".into(), |usage| format!("name ({usage})"));
        facts.long(&label, &name.shown());
    }
    facts.add("born", told.birth.map(|when| when.to_string()));
    facts.text("recorded sex", told.sex.as_ref());
    facts.text("sex at birth", told.birth_sex.as_ref());
    facts.text("gender identity", told.gender_identity.as_ref());
    if let Death::Died(when) = told.death {
        facts.add("died", Some(when.map_or_else(|| "date not recorded".into(), |when| when.to_string())));
    }
    for (label, value) in &told.facts {
        facts.long(label, value);
    }
    facts.list("reach", &told.reach);
    for (system, value) in &told.identifiers {
        facts.long(&format!("identifier ({system})"), value);
    }
}

fn contact(facts: &mut Facts, told: &Contact) {
    facts.long("what", &told.what);
    facts.list("role", &told.roles);
    facts.list("reach", &told.telecom);
    facts.list("address", &told.addresses);
    facts.text("National Provider Identifier", told.npi.as_ref());
    facts.text("organization", told.organization.as_ref());
}
