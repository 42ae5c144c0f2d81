//! Who is who, and what stays unsaid.

use super::*;
use crate::record::{Actor, Code, EntryId, Kind, Link, LinkRole, Measurement, Medication, Member, System};

fn entry(key: &str, kind: Kind, name: Option<&str>, detail: Detail) -> Entry {
    Entry {
        key: key.into(),
        concept: name.map(Concept::named).unwrap_or_default(),
        ..Entry::new(EntryId::new(kind, 0), detail)
    }
}

fn contact(key: &str, name: Option<&str>, roles: &[&str]) -> Entry {
    let roles = roles.iter().map(|role| Text::from(*role)).collect();
    entry(key, Kind::Contact, name, Detail::Contact(Box::new(Contact { roles, ..Contact::default() })))
}

fn actor(role: &str, key: &str) -> Actor {
    Actor { role: role.into(), name: None, key: Some(key.into()) }
}

fn order(medicine: &str) -> Entry {
    let mut order = entry(
        "MedicationRequest/1",
        Kind::Medication,
        None,
        Detail::Medication(Box::<Medication>::default()),
    );
    order.more.push(("medication".into(), medicine.into()));
    order
}

#[test]
fn clinicians_are_found_through_their_roles_in_any_order() {
    let mut role = contact("PractitionerRole/1", Some("Nephrology"), &["Nephrology"]);
    role.actors = vec![actor("practitioner", "Practitioner/9"), actor("organization", "Organization/2")];
    let mut visit = entry("Encounter/1", Kind::Visit, Some("Visit"), Detail::Plain);
    visit.actors = vec![actor("performer", "PractitionerRole/1"), actor("location", "Location/7")];
    visit.actors.push(Actor { name: Some("As written".into()), ..actor("author", "Practitioner/9") });
    let member = Member {
        key: Some("PractitionerRole/1".into()),
        on_behalf_of: Some("Organization/2".into()),
        ..Member::default()
    };
    let unknown = Member {
        key: Some("Practitioner/0".into()),
        on_behalf_of: Some("Mercy".into()),
        ..Member::default()
    };
    let team = entry("CareTeam/1", Kind::CarePlan, None, Detail::Team(vec![member, unknown]));
    let others = [
        contact("Practitioner/9", Some("Ada Park, MD"), &[]),
        contact("Organization/2", Some("Lakeside Clinic"), &[]),
    ];
    let mut entries = vec![visit, team, role];
    entries.extend(others);
    resolve_names(&mut entries);
    assert_eq!(entries[0].actor("performer"), Some("Ada Park, MD"));
    assert_eq!(entries[0].actor("author"), Some("As written"));
    assert_eq!(entries[0].actor("location"), None, "nobody described it");
    let Detail::Team(members) = &entries[1].detail else { unreachable!() };
    assert_eq!(members[0].name.as_deref(), Some("Ada Park, MD"));
    assert_eq!(members[0].on_behalf_of.as_deref(), Some("Lakeside Clinic"));
    assert_eq!((members[1].name.as_deref(), members[1].on_behalf_of.as_deref()), (None, Some("Mercy")));
    let Detail::Contact(contact) = &entries[2].detail else { unreachable!() };
    assert_eq!(entries[2].concept.name(), Some("Ada Park, MD"));
    assert_eq!(contact.organization.as_deref(), Some("Lakeside Clinic"));
}

#[test]
fn a_medicine_is_named_by_its_description_and_else_not_at_all() {
    let mut medicine = entry("Medication/5", Kind::Other, Some("Lisinopril 10 MG"), Detail::Plain);
    medicine.categories.push("medication".into());
    medicine.concept.codes.push(Code { system: System::RxNorm, code: "code-1".into(), display: None });
    let mut written = order("Medication/5");
    written.concept = Concept::named("blood pressure pill");
    let mut entries = vec![order("Medication/5"), written, order("Medication/6"), order("Medication/7")];
    resolve_names(&mut entries);
    assert_eq!(entries[2].concept.label(), "name not sent (Medication/6)");
    assert_ne!(entries[2].concept, entries[3].concept, "two unknown medicines are not one");
    entries.push(medicine);
    resolve_names(&mut entries); // a later import brings the description
    assert_eq!(entries[0].concept, entries[4].concept);
    assert_eq!(entries[1].concept.text.as_deref(), Some("blood pressure pill"));
    assert_eq!(entries[1].concept.codes, entries[4].concept.codes);
}

#[test]
fn a_result_gets_the_specimen_it_refers_to() {
    let mut specimen = entry("Specimen/1", Kind::Other, Some("Serum"), Detail::Plain);
    specimen.categories.push("specimen".into());
    specimen.more.push(("condition".into(), "hemolyzed".into()));
    let mut result = entry(
        "Observation/1",
        Kind::Lab,
        Some("Potassium"),
        Detail::Measurement(Box::<Measurement>::default()),
    );
    result.links.push(Link { role: LinkRole::Related, key: "Specimen/1".into() });
    let mut entries = vec![result, specimen];
    resolve_names(&mut entries);
    let Detail::Measurement(measurement) = &entries[0].detail else { unreachable!() };
    assert_eq!(measurement.specimen.as_deref(), Some("Serum (hemolyzed)"));
}
