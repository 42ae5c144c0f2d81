//! The header: whom a document is about, and what kind of document it is.

use super::json::{list, named, object, text};
use super::reading::{Made, Reading};
use super::times;
use super::values::{address, identifier, name, telecom};
use super::xml::Element;
use crate::sources::json::{Json, Object};

/// Where US Core's extensions of a Patient begin.
const US_CORE: &str = "http://hl7.org/fhir/us/core/StructureDefinition/";

/// Reads the person: what the header says, and of the document what US Core has as facts of the person.
pub fn patient<'a>(reading: &Reading<'a>, root: Element<'a>, role: Element<'a>) -> Made<'a> {
    let object = Object::default();
    let mut made = Made { element: role, object, more: Vec::new(), words: None, security: Vec::new() };
    made.put("resourceType", Some(text("Patient")));
    made.put("id", Some(text(super::reading::key_of_person(role))));
    made.put(
        "identifier",
        list(role.all("id").filter(|id| id.null_flavor().is_none()).filter_map(identifier)),
    );
    made.put("telecom", list(role.all("telecom").filter_map(telecom)));
    made.put("address", list(role.all("addr").filter_map(address)));
    let provider = role.child("providerOrganization").and_then(|provider| reading.organization(provider));
    made.put("managingOrganization", provider);
    let Some(person) = role.child("patient") else { return made };
    made.put("name", list(person.all("name").filter_map(name)));
    made.put("birthDate", times::at(person, &["birthTime"]).map(day).map(text));
    let gender = match person.child("administrativeGenderCode").and_then(Element::code) {
        Some("M") => Some("male"),
        Some("F") => Some("female"),
        Some("UN") => Some("other"),
        _ => None,
    };
    made.put("gender", gender.map(text));
    made.put("maritalStatus", reading.concept_at(person, &["maritalStatusCode"]));
    let died = times::at(person, &["deceasedTime"]);
    let is_dead = person.child("deceasedInd").and_then(Element::value);
    match died {
        Some(died) => made.put("deceasedDateTime", Some(text(died))),
        None => made.put("deceasedBoolean", is_dead.map(|dead| Json::Bool(dead == "true"))),
    };
    made.put("communication", list(person.all("languageCommunication").filter_map(language)));
    made.put("contact", list(person.all("guardian").filter_map(|it| guardian(it))));
    made.put("extension", list(extensions(reading, person).into_iter().chain(birth_sex(reading, root))));
    made
}

/// The sex that was recorded at birth: an observation of the social history (LOINC 76689-9, as in HL7's C-CDA examples,
/// "Birth Sex").
fn birth_sex<'a>(reading: &Reading<'a>, root: Element<'a>) -> Option<Json<'a>> {
    let mut found = root.descendants().filter(|element| {
        element.name() == "observation" && element.child("code").and_then(Element::code) == Some("76689-9")
    });
    let value = found.find_map(|observation| observation.child("value"))?;
    let code = value.code().filter(|code| matches!(*code, "M" | "F"));
    let said = code.map(str::to_owned).or_else(|| super::values::label(value, &reading.narratives))?;
    object([("url", Some(text(format!("{US_CORE}us-core-birthsex")))), ("valueString", Some(text(said)))])
}

fn day(date: String) -> String {
    date.split('T').next().unwrap_or(&date).to_owned()
}

fn language<'a>(spoken: Element<'a>) -> Option<Json<'a>> {
    let preferred = spoken.child("preferenceInd").and_then(Element::value).map(|it| Json::Bool(it == "true"));
    let code = spoken.child("languageCode")?.code()?;
    object([("language", super::json::coded("urn:ietf:bcp:47", code)), ("preferred", preferred)])
}

fn guardian<'a>(guardian: Element<'a>) -> Option<Json<'a>> {
    let relation = guardian.child("code").and_then(|code| code.attribute("displayName")).and_then(named);
    object([
        ("relationship", list(relation.or_else(|| named("guardian")))),
        ("name", guardian.at(&["guardianPerson", "name"]).and_then(name)),
        ("telecom", list(guardian.all("telecom").filter_map(telecom))),
        ("address", guardian.child("addr").and_then(address)),
    ])
}

fn extensions<'a>(reading: &Reading<'a>, person: Element<'a>) -> Vec<Json<'a>> {
    let told = |ending: &'static str, words: Vec<String>| {
        let words = Some(words.join(", ")).filter(|words| !words.is_empty())?;
        object([("url", Some(text(format!("{US_CORE}{ending}")))), ("valueString", Some(text(words)))])
    };
    let labels = |name: &'static str| {
        let all = person.all(name).filter(|code| code.null_flavor().is_none());
        all.filter_map(|code| super::values::label(code, &reading.narratives)).collect::<Vec<_>>()
    };
    let birth = person.at(&["birthplace", "place", "addr"]);
    let birth = birth.map(|birth| birth.children().map(Element::words).collect::<Vec<_>>().join(", "));
    [
        told("us-core-race", labels("raceCode")),
        told("us-core-ethnicity", labels("ethnicGroupCode")),
        told("patient-religion", labels("religiousAffiliationCode")),
        told("patient-birthPlace", birth.into_iter().collect()),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Reads somebody whom the header names beside the person: whom to call, who cares for them, who decides.
pub fn related<'a>(reading: &Reading<'a>, participant: Element<'a>) -> Option<Made<'a>> {
    let entity = participant.child("associatedEntity")?;
    let person = entity.child("associatedPerson")?;
    // HL7 v3 RoleClass.
    let class = match entity.attribute("classCode") {
        Some("ECON") => Some("emergency contact"),
        Some("NOK") => Some("next of kin"),
        Some("CAREGIVER") => Some("caregiver"),
        Some("GUARD") => Some("guardian"),
        Some("AGNT") => Some("agent"),
        _ => None,
    };
    let mut made = reading.start(entity, "RelatedPerson", "patient");
    let coded = reading.concept_at(entity, &["code"]);
    made.put("relationship", list(class.and_then(named).into_iter().chain(coded)));
    made.put("name", list(person.all("name").filter_map(name)));
    made.put("telecom", list(entity.all("telecom").filter_map(telecom)));
    made.put("address", list(entity.all("addr").filter_map(address)));
    Some(made)
}

/// Reads what the document is: its title, its date, who wrote it and who keeps it.
pub fn put_document<'a>(reading: &Reading<'a>, root: Element<'a>, made: &mut Made<'a>) {
    made.put("status", Some(text("final")));
    made.put("type", reading.concept_at(root, &["code"]));
    let title = root.child("title").map(Element::words).filter(|title| !title.is_empty());
    made.tell("title", title.clone());
    made.put("title", title.map(text));
    made.put("date", times::at(root, &["effectiveTime"]).map(text));
    let authors = root.all("author").filter_map(|author| author.child("assignedAuthor"));
    made.put("author", list(authors.filter_map(|author| reading.who(author))));
    made.put("custodian", custodian(root).and_then(|custodian| reading.organization(custodian)));
    let signed = root.all("legalAuthenticator").chain(root.all("authenticator"));
    made.put(
        "attester",
        list(signed.filter_map(|signer| {
            let who = reading.who(signer.child("assignedEntity")?)?;
            object([("party", Some(who)), ("time", times::at(signer, &["time"]).map(text))])
        })),
    );
    for event in root.all("documentationOf").filter_map(|about| about.child("serviceEvent")) {
        let period = event.child("effectiveTime");
        let (from, to) = (period.and_then(times::begin), period.and_then(times::end));
        let span = match (from, to) {
            (Some(from), Some(to)) => Some(format!("{from} to {to}")),
            (from, to) => from.or(to),
        };
        made.tell("documents care of", span);
    }
    for other in root.all("relatedDocument") {
        let relation = match other.attribute("typeCode") {
            Some("RPLC") => "replaces document",
            Some("APND") => "is an addition to document",
            _ => "is made from document",
        };
        let id = other
            .at(&["parentDocument", "id"])
            .and_then(|id| id.attribute("extension").or(id.attribute("root")));
        made.tell(relation, id.map(str::to_owned));
    }
    let secret =
        root.child("confidentialityCode").and_then(Element::code).filter(|code| matches!(*code, "R" | "V"));
    made.security.extend(secret.map(str::to_owned));
}

/// Who keeps the document.
pub fn custodian(root: Element<'_>) -> Option<Element<'_>> {
    root.at(&["custodian", "assignedCustodian", "representedCustodianOrganization"])
}
