//! FHIR R4: one resource in, one entry out, element by element.
//!
//! What vendors send is often not valid FHIR; what cannot be read is noted and never a failure. The
//! match in [`read_resource`] is the table of contents: one line a type, one file a family.

mod absent;
mod allergy;
mod attachment;
mod base;
mod bundle_writer;
mod careplan;
mod claim;
mod condition;
mod contact;
mod coverage;
mod device;
mod document;
mod document_kind;
mod dosage;
mod elements;
mod encounter;
mod extensions;
mod family;
mod flags;
mod goal;
mod immunization;
mod measurement;
mod medication;
mod medicine;
mod negation;
mod node;
mod nothing;
mod observation;
mod observation_kind;
mod order;
mod other;
mod patient;
mod patient_facts;
mod people;
mod procedure;
mod questionnaire;
mod reasons;
mod references;
mod remaining;
mod report;
mod reveals;
mod systems;
mod timing;

pub use attachment::decode as decode_attachment;
pub use bundle_writer::BundleWriter;
pub use nothing::standing as states_absence;
use std::cell::{Cell, RefCell};

use crate::sources::json::{Json, Object};

use self::node::{Node, Reading};
use super::Subject;
use crate::record::{Entry, Text};

/// What the caller knows about a resource.
pub struct Context<'a> {
    /// The file it came in.
    pub file: &'a str,
    /// Its address in its bundle.
    pub full_url: Option<&'a str>,
    /// Turns a reference as written (absolute, relative, `urn:uuid:`) into the identity at the
    /// source, such as `Practitioner/9`. It is not asked about contained resources (`#1`).
    pub references: &'a dyn Fn(&str) -> Text,
}

/// What a resource says.
#[derive(Clone, Debug)]
pub struct Read {
    /// The entry. Its id has only a kind yet; source and keys are given by `ingest`, which adds to the
    /// classes what its words reveal.
    pub entry: Entry,
    /// Whom it is about.
    pub subject: Subject,
    /// What could not be read: the path in the resource and the reason, without personal data.
    pub notices: Vec<(String, String)>,
    /// Results that the resource carries inside itself: entries of their own, with the identity
    /// `DiagnosticReport/1#result-1`, from the same original.
    pub contained: Vec<Read>,
}

/// Resources of which none is about a person: conformance and terminology (FHIR R4, section 2, Foundation).
const DEFINITIONS: [&str; 16] = [
    "CapabilityStatement",
    "Conformance",
    "StructureDefinition",
    "StructureMap",
    "ImplementationGuide",
    "SearchParameter",
    "MessageDefinition",
    "OperationDefinition",
    "CompartmentDefinition",
    "GraphDefinition",
    "ExampleScenario",
    "CodeSystem",
    "ValueSet",
    "ConceptMap",
    "NamingSystem",
    "TerminologyCapabilities",
];

/// Reads one resource. The error says why it is no resource; it holds no personal data.
pub fn read_resource(resource: &Object<'_>, context: &Context) -> Result<Read, String> {
    let kind = resource.get("resourceType").and_then(Json::as_str).map(str::trim);
    let kind = kind.filter(|kind| !kind.is_empty()).ok_or("it has no resource type")?;
    if DEFINITIONS.contains(&kind) {
        return Err("it describes a system or a vocabulary, and tells nothing of a person".into());
    }
    let id = resource.get("id").and_then(node::scalar);
    let key = match (id, context.full_url) {
        (Some(id), _) => format!("{kind}/{id}").into(),
        (None, url) => url.unwrap_or("").into(),
    };
    let mut read = read_one(resource, context, kind, key);
    if matches!(kind, "Observation" | "DiagnosticReport") && references::is_about_a_thing(resource, context) {
        return Err("it is about a place, a device or a group, not about a person".into());
    }
    // A result inside a claim is what was billed with it, and stands in no list of results.
    if !matches!(kind, "Claim" | "ClaimResponse" | "ExplanationOfBenefit") {
        read.contained = contained_results(resource, context, &read);
    }
    read.contained.extend(document::stated_absence(&read));
    Ok(read)
}

fn read_one(resource: &Object<'_>, context: &Context, kind: &str, key: Text) -> Read {
    let notices = RefCell::default();
    let (unread, seen) = (RefCell::default(), Cell::default());
    let reading = Reading { resource, kind, key, context, notices, unread, seen };
    let node = Node::root(&reading);
    let mut entry = read_entry(kind, node);
    if entry.concept.is_empty() && entry.notes.is_empty() && kind != "Patient" {
        entry.notes.extend(base::narrative(node));
    }
    if entry.standing.is_fact() {
        entry.standing = nothing::standing(entry.kind(), &entry.concept).unwrap_or(entry.standing);
    }
    let subject = references::subject(node);
    let seen = reading.seen.get();
    let places = resource.each().zip(0..u128::BITS).filter(|(_, place)| seen & 1 << place != 0);
    let seen: Vec<&str> = places.map(|((name, _), _)| name).collect();
    remaining::add(&mut entry, node, |name| seen.contains(&name));
    entry.more.append(&mut reading.unread.borrow_mut());
    entry.classes = reveals::classes(kind, resource).bits();
    entry.passages.original = reveals::by_narrative(resource).bits();
    Read { entry, subject, notices: reading.notices.into_inner(), contained: Vec::new() }
}

fn read_entry(kind: &str, node: Node) -> Entry {
    match kind {
        "AllergyIntolerance" => allergy::read(node),
        "Binary" => document::read_binary(node),
        "CarePlan" => careplan::read_plan(node),
        "CareTeam" => careplan::read_team(node),
        "Claim" | "ClaimResponse" | "ExplanationOfBenefit" => claim::read(node),
        "Composition" => document::read_composition(node),
        "Condition" => condition::read(node),
        "Consent" => document::read_consent(node),
        "Coverage" => coverage::read(node),
        "Device" => device::read(node),
        "DiagnosticReport" => report::read(node),
        "DocumentReference" => document::read_reference(node),
        "Encounter" => encounter::read(node),
        "FamilyMemberHistory" => family::read(node),
        "Goal" => goal::read(node),
        "ImagingStudy" => report::read_study(node),
        "Immunization" => immunization::read(node),
        "Location" => contact::read_location(node),
        "Media" => report::read_media(node),
        "Medication" => medicine::read(node),
        "MedicationAdministration" => medication::read_administration(node),
        "MedicationDispense" => medication::read_dispense(node),
        // What DSTU2 called it; Apple Health still exports it.
        "MedicationRequest" | "MedicationOrder" => medication::read_request(node),
        // What drafts of R5 called it.
        "MedicationStatement" | "MedicationUsage" => medication::read_statement(node),
        "Observation" => observation::read(node),
        "Organization" => contact::read_organization(node),
        "Patient" => patient::read(node),
        "Practitioner" => contact::read_practitioner(node),
        "PractitionerRole" => contact::read_role(node),
        "Procedure" => procedure::read(node),
        "Provenance" => other::read_provenance(node),
        "QuestionnaireResponse" => questionnaire::read(node),
        "RelatedPerson" => contact::read_related(node),
        // What earlier versions called an order.
        "ServiceRequest" | "ProcedureRequest" | "ReferralRequest" | "DiagnosticOrder" => order::read(node),
        "Specimen" => procedure::read_specimen(node),
        _ => other::read(node),
    }
}

/// Observations inside a report are results like any other; without this they would be lost.
fn contained_results(resource: &Object<'_>, context: &Context, parent: &Read) -> Vec<Read> {
    let items = resource.get("contained").and_then(Json::as_array);
    let objects = items.into_iter().flatten().filter_map(Json::as_object);
    let results = objects.filter_map(|object| {
        let kind = object.get("resourceType").and_then(Json::as_str)?;
        let id = object.get("id").and_then(Json::as_str)?.trim_start_matches('#');
        (kind == "Observation").then(|| {
            let key = references::contained_key(&parent.entry.key, id);
            let mut read = read_one(object, context, kind, key);
            if read.subject == Subject::Nobody {
                read.subject = parent.subject.clone();
            }
            // A result inside a report without a date of its own is of the report's date.
            read.entry.date = read.entry.date.or(parent.entry.date);
            read
        })
    });
    results.collect()
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod versions;
