//! Clinicians, organisations, places and related people: who they are and how they can be reached.

use super::base::{self, add_more, add_one};
use super::node::Node;
use super::patient::{address, name_line, telecom};
use super::references::{add_actors, add_links};
use crate::record::{Concept, Contact, Detail, Entry, Kind, LinkRole, Text};

/// Reads a clinician.
pub(super) fn read_practitioner(node: Node) -> Entry {
    let qualifications = node.nodes("qualification").filter_map(|one| one.label("code"));
    let contact = Contact { roles: qualifications.collect(), ..contact(node, "practitioner") };
    let mut entry = start(node, contact, name_line(node));
    add_more(&mut entry, node, &[("gender", "gender")]);
    entry
}

/// Reads a clinician's part in an organisation.
pub(super) fn read_role(node: Node) -> Entry {
    let roles = node.labels("code").chain(node.labels("specialty")).collect();
    let organization = node.reference("organization").and_then(|referred| referred.name);
    let name = node.reference("practitioner").and_then(|referred| referred.name);
    let contact = Contact { roles, organization, ..contact(node, "practitioner") };
    let mut entry = start(node, contact, name);
    for (key, role) in [
        ("practitioner", "practitioner"),
        ("organization", "organization"),
        ("location", "location"),
        ("healthcareService", "service"),
        ("endpoint", "endpoint"),
    ] {
        add_actors(&mut entry, node, key, role);
    }
    let period = node.period("period");
    (entry.date, entry.end) = (period.start, period.end);
    entry
}

/// Reads an organisation.
pub(super) fn read_organization(node: Node) -> Entry {
    let mut contact = Contact { roles: node.labels("type").collect(), ..contact(node, "organization") };
    for person in node.nodes("contact") {
        contact.telecom.extend(person.nodes("telecom").filter_map(telecom));
        contact.addresses.extend(person.nodes("address").filter_map(|node| address(node, false)));
    }
    let mut entry = start(node, contact, node.text("name"));
    for alias in node.texts("alias") {
        add_one(&mut entry, "also called", Some(alias));
    }
    entry
}

/// Reads a place.
pub(super) fn read_location(node: Node) -> Entry {
    let roles = node.labels("type").chain(node.labels("physicalType")).collect();
    let organization = node.reference("managingOrganization").and_then(|referred| referred.name);
    let contact = Contact { roles, organization, ..contact(node, "location") };
    let mut entry = start(node, contact, node.text("name"));
    add_actors(&mut entry, node, "managingOrganization", "organization");
    for alias in node.texts("alias") {
        add_one(&mut entry, "also called", Some(alias));
    }
    add_more(&mut entry, node, &[("description", "description")]);
    entry
}

/// Reads somebody related to the person.
pub(super) fn read_related(node: Node) -> Entry {
    let contact = Contact { roles: node.labels("relationship").collect(), ..contact(node, "related person") };
    let mut entry = start(node, contact, name_line(node));
    add_more(&mut entry, node, &[("gender", "gender"), ("birthDate", "born")]);
    let period = node.period("period");
    (entry.date, entry.end) = (period.start, period.end);
    entry
}

/// The name of somebody or something that is carried inside another resource.
pub(super) fn name_of(node: Node) -> Option<Text> {
    match node.word("resourceType")? {
        "Organization" | "Location" => node.text("name"),
        "Practitioner" | "RelatedPerson" | "Patient" => name_line(node),
        "PractitionerRole" => {
            // One step only, and not by `reference`: contained resources may name each other in a circle.
            let display = |key| node.node(key).and_then(|node| node.text("display"));
            let inside = || node.contained("practitioner").and_then(name_line);
            display("practitioner").or_else(inside).or_else(|| display("organization"))
        }
        "Specimen" | "Device" => node.label("type"),
        _ => node.label("code").or_else(|| node.text("name")),
    }
}

fn contact(node: Node, what: &str) -> Contact {
    Contact {
        what: what.into(),
        telecom: node.nodes("telecom").filter_map(telecom).collect(),
        addresses: node.nodes("address").filter_map(|node| address(node, false)).collect(),
        npi: npi(node),
        ..Contact::default()
    }
}

/// The National Provider Identifier: HL7's address `us-npi` or its OID.
fn npi(node: Node) -> Option<Text> {
    let mut identifiers = node.nodes("identifier");
    let npi = identifiers.find(|identifier| {
        let system = identifier.word("system").unwrap_or("");
        system.ends_with("us-npi") || system.ends_with("2.16.840.1.113883.4.6")
    })?;
    npi.text("value")
}

fn start(node: Node, contact: Contact, name: Option<Text>) -> Entry {
    let text = name.or_else(|| contact.roles.first().cloned());
    let mut entry = base::start(node, Kind::Contact, Detail::Contact(Box::new(contact)));
    entry.concept = Concept { text, codes: Vec::new() };
    if let Some(active) = node.flag("active") {
        entry.status = Some(if active { "active" } else { "inactive" }.into());
    }
    for direct in node.extensions("us-core-direct") {
        add_one(&mut entry, "direct address", direct.text("valueBoolean"));
    }
    add_links(&mut entry, node, "partOf", LinkRole::PartOf);
    entry
}

#[cfg(test)]
mod tests {
    use super::super::tests::read;
    use super::*;
    use crate::sources::Subject;

    #[test]
    fn a_clinician_is_nobody_s_entry_and_can_be_reached() {
        let read = read(
            r#"{"resourceType":"Practitioner","id":"9","active":true,
            "identifier":[{"system":"http://hl7.org/fhir/sid/us-npi","value":"123"}],
            "name":[{"family":"Bone","given":["Ronald"],"prefix":["Dr."]}],
            "telecom":[{"system":"phone","value":"555"}]}"#,
        );
        assert_eq!(read.subject, Subject::Nobody);
        assert_eq!(read.entry.concept.label(), "Dr. Ronald Bone");
        let Detail::Contact(contact) = read.entry.detail else { panic!("no contact") };
        assert_eq!(contact.npi.as_deref(), Some("123"));
        assert_eq!(contact.telecom, ["phone: 555"]);
    }
}
