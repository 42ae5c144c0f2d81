//! Medicines: orders, statements, administrations and dispenses.

use super::base::{self, add_more, add_one};
use super::dosage;
use super::elements::{Moment, quantity_words};
use super::extensions::extension_words;
use super::medicine::name_medicine;
use super::node::Node;
use super::references::{add_actors, add_links, add_named_links};
use super::{people, reasons};
use crate::record::{
    Detail, Entry, Kind, LinkRole, Medication, MedicationRole, Setting, Standing, Text, When,
};

/// Reads an order.
pub(super) fn read_request(node: Node) -> Entry {
    let dispense = node.node("dispenseRequest");
    let medication = Medication {
        role: MedicationRole::Order,
        is_reported: is_reported(node),
        quantity: dispense.and_then(|dispense| dispense.quantity("quantity")).map(|q| quantity_words(&q)),
        refills: dispense.and_then(|dispense| dispense.count("numberOfRepeatsAllowed")),
        supply_days: dispense.and_then(|dispense| days(dispense, "expectedSupplyDuration")),
        ..medication(node, "dosageInstruction")
    };
    let mut entry = start(node, medication);
    entry.date = node.when("authoredOn").or_else(|| node.when("dateWritten"));
    entry.end =
        node.when("dateEnded").or_else(|| end_of_course(node)).or(node.period("effectiveDosePeriod").end);
    if let Some(dispense) = dispense {
        // How long it may be dispensed, not how long it is taken.
        let validity = dispense.period("validityPeriod");
        add_one(&mut entry, "valid from", validity.start.map(|start| start.to_string().into()));
        add_one(&mut entry, "valid until", validity.end.map(|end| end.to_string().into()));
        add_actors(&mut entry, dispense, "performer", "pharmacy");
        add_more(&mut entry, dispense, &[("dispenseInterval", "dispense interval")]);
    }
    if node.flag("doNotPerform") == Some(true) {
        add_one(&mut entry, "do not perform", Some("yes".into()));
    }
    // STU3 has whoever asked for it inside.
    for requester in node.nodes("requester") {
        add_actors(&mut entry, requester, "agent", "requester");
    }
    for (key, role) in [
        ("requester", "requester"),
        ("informationSource", "reported by"),
        ("prescriber", "requester"),
        ("recorder", "recorder"),
        ("performer", "performer"),
    ] {
        add_actors(&mut entry, node, key, role);
    }
    add_actors(&mut entry, node, "reportedReference", "reported by");
    add_links(&mut entry, node, "priorPrescription", LinkRole::Replaces);
    for adherence in node.extensions("us-core-medication-adherence") {
        add_one(&mut entry, "adherence", extension_words(adherence));
    }
    let elements =
        [("priority", "priority"), ("courseOfTherapyType", "course"), ("substitution", "substitution")];
    add_more(&mut entry, node, &elements);
    entry
}

/// Reads a statement that a medicine is or was taken.
pub(super) fn read_statement(node: Node) -> Entry {
    let medication =
        Medication { role: MedicationRole::Statement, is_reported: true, ..medication(node, "dosage") };
    let mut entry = start(node, medication);
    set_moment(&mut entry, node.moment("effective"));
    entry.recorded = node.when("dateAsserted");
    // STU3 has `taken`, R5 the adherence; a status `recorded` says only that somebody wrote it down.
    let adherence = node.node("adherence").and_then(|adherence| adherence.concept("code"));
    let adherence = adherence.as_ref().and_then(base::status_word);
    let is_untaken = node.word("status") == Some("not-taken")
        || node.word("taken") == Some("n")
        || adherence.as_deref() == Some("not-taking");
    if is_untaken && entry.standing == Standing::Stated {
        entry.standing = Standing::NotDone;
    }
    entry.status = adherence.as_deref().and_then(status_by_adherence).map(Text::from).or(entry.status);
    add_more(&mut entry, node, &[("taken", "taken"), ("adherence", "adherence")]);
    add_actors(&mut entry, node, "informationSource", "reported by");
    add_links(&mut entry, node, "derivedFrom", LinkRole::Related);
    entry
}

/// Reads a dose that was given.
pub(super) fn read_administration(node: Node) -> Entry {
    let medication = Medication { role: MedicationRole::Administration, ..medication(node, "dosage") };
    let mut entry = start(node, medication);
    let effective = node.moment("effective");
    set_moment(&mut entry, if effective.start.is_some() { effective } else { node.moment("occurence") });
    let effective = node.moment("effectiveTime");
    entry.date = entry.date.or(effective.start);
    entry.end = entry.end.or(effective.end);
    people::add_performers(&mut entry, node);
    add_actors(&mut entry, node, "practitioner", "performer");
    for key in ["request", "prescription"] {
        add_links(&mut entry, node, key, LinkRole::Order);
    }
    add_named_links(&mut entry, node, "device", LinkRole::Related, "device");
    entry
}

/// Reads a dispense.
pub(super) fn read_dispense(node: Node) -> Entry {
    let medication = Medication {
        role: MedicationRole::Dispense,
        quantity: node.quantity("quantity").map(|quantity| quantity_words(&quantity)),
        supply_days: days(node, "daysSupply"),
        ..medication(node, "dosageInstruction")
    };
    let mut entry = start(node, medication);
    entry.date = node.when("whenHandedOver").or_else(|| node.when("whenPrepared"));
    let prepared = node.when("whenPrepared").map(|when| when.to_string().into());
    add_one(&mut entry, "prepared on", prepared);
    if matches!(node.word("status"), Some("declined" | "cancelled")) && entry.standing == Standing::Stated {
        entry.standing = Standing::NotDone;
    }
    people::add_performers(&mut entry, node);
    for (key, role) in [
        ("location", "location"),
        ("destination", "sent to"),
        ("receiver", "receiver"),
        ("dispenser", "performer"),
    ] {
        add_actors(&mut entry, node, key, role);
    }
    add_links(&mut entry, node, "authorizingPrescription", LinkRole::Order);
    add_more(&mut entry, node, &[("type", "type")]);
    entry
}

fn start(node: Node, medication: Medication) -> Entry {
    let mut entry = base::start(node, Kind::Medication, Detail::Medication(Box::new(medication)));
    name_medicine(&mut entry, node);
    entry
}

fn medication(node: Node, dosages: &str) -> Medication {
    let mut reasons = reasons::all(node);
    // DSTU2 has the reason of a dose given so.
    reasons.extend(node.labels("reasonGiven"));
    Medication {
        intent: node.text("intent"),
        setting: setting(&base::categories(node, "category")),
        dosage: node.nodes(dosages).map(dosage::read).collect(),
        reasons,
        status_reason: reasons::why_not(node),
        ..Medication::default()
    }
}

/// Prescriptions to take at home are `community` or, at most vendors, `outpatient`; a medicine given in
/// a clinic is told apart only by its words or by being an administration.
fn setting(categories: &[Text]) -> Setting {
    let has = |word: &str| categories.iter().any(|category| category.to_lowercase().contains(word));
    if has("discharge") {
        Setting::Discharge
    } else if has("inpatient") {
        Setting::Inpatient
    } else if has("clinic") {
        Setting::Clinic
    } else if has("community") || has("outpatient") || has("home") || has("patient-specified") {
        Setting::Home
    } else {
        Setting::Unknown
    }
}

/// When the course ends: the latest end of its dosages, where every one has an end.
fn end_of_course(node: Node) -> Option<When> {
    let ends = node.nodes("dosageInstruction").map(|dosage| {
        let repeat = dosage.node("timing").and_then(|timing| timing.node("repeat"));
        repeat.and_then(|repeat| repeat.period("boundsPeriod").end)
    });
    ends.collect::<Option<Vec<When>>>()?.into_iter().max()
}

fn is_reported(node: Node) -> bool {
    let is_reported = |key: &str| node.has(key) && node.flag(key) == Some(true);
    node.has("reportedReference") || is_reported("reportedBoolean") || is_reported("reported")
}

fn set_moment(entry: &mut Entry, moment: Moment) {
    (entry.date, entry.end) = (moment.start, moment.end);
    add_one(entry, "time", moment.words);
}

/// What R5's adherence says that R4 says by the status.
fn status_by_adherence(adherence: &str) -> Option<&'static str> {
    Some(match adherence {
        "taking" | "taking-as-directed" | "taking-not-as-directed" => "active",
        "on-hold" | "on-hold-as-directed" | "on-hold-not-as-directed" => "on-hold",
        "stopped" | "stopped-as-directed" | "stopped-not-as-directed" => "stopped",
        "not-taking" => "not-taken",
        _ => return None,
    })
}

/// Whole days of a duration.
fn days(node: Node, key: &str) -> Option<u32> {
    let duration = node.quantity(key)?;
    let per_unit = match duration.ucum.as_deref().or(duration.unit.as_deref()) {
        None | Some("d" | "day" | "days" | "Day" | "Days") => 1.0,
        Some("wk" | "week" | "weeks") => 7.0,
        Some("mo" | "month" | "months") => 30.0,
        _ => return None,
    };
    let days = duration.number.value() * per_unit;
    (0.0..100_000.0).contains(&days).then_some(days as u32)
}

#[cfg(test)]
mod tests {
    use super::super::tests::read;
    use super::*;

    fn medication(json: &str) -> (Entry, Medication) {
        let entry = read(json).entry;
        let Detail::Medication(medication) = &entry.detail else { panic!("no medicine") };
        let medication = (**medication).clone();
        (entry, medication)
    }

    #[test]
    fn an_order_tells_how_much_how_long_and_for_where() {
        let (entry, order) = medication(
            r##"{"resourceType":"MedicationRequest","id":"1","status":"active","intent":"order",
            "category":[{"coding":[{"code":"community"}]}],"reportedBoolean":true,
            "contained":[{"resourceType":"Medication","id":"m","code":{"text":"Lisinopril 10 mg"}}],
            "medicationReference":{"reference":"#m"},"authoredOn":"2024-01-02",
            "requester":{"reference":"Practitioner/9","display":"Dr. Who"},
            "reasonCode":[{"text":"blood pressure"}],"dosageInstruction":{"text":"1 daily"},
            "dispenseRequest":{"numberOfRepeatsAllowed":"3","quantity":{"value":90,"unit":"tablets"},
              "expectedSupplyDuration":{"value":90,"unit":"days","code":"d"}}}"##,
        );
        assert_eq!(entry.concept.label(), "Lisinopril 10 mg");
        assert_eq!(order.setting, Setting::Home);
        assert_eq!((order.refills, order.supply_days), (Some(3), Some(90)));
        assert_eq!(order.quantity.as_deref(), Some("90 tablets"));
        assert_eq!(order.dosage[0].shown(), Some("1 daily"));
        assert!(order.is_reported);
        assert_eq!(entry.actors[0].key.as_deref(), Some("Practitioner/9"));
        assert!(entry.links.is_empty(), "what is carried inside is no entry of its own");
    }

    #[test]
    fn a_medicine_elsewhere_is_linked_and_named_by_its_display() {
        let (entry, _) = medication(
            r#"{"resourceType":"MedicationRequest","id":"1",
            "medicationReference":{"reference":"https://x.org/fhir/Medication/m1","display":"Metformin"}}"#,
        );
        assert_eq!(entry.concept.label(), "Metformin");
        assert_eq!(entry.linked(LinkRole::Related).next(), Some("Medication/m1"));
        assert_eq!(entry.extra("medication"), Some("Medication/m1"));
    }

    #[test]
    fn what_was_not_taken_given_or_handed_out_is_not_done() {
        for json in [
            r#"{"resourceType":"MedicationStatement","status":"not-taken"}"#,
            r#"{"resourceType":"MedicationAdministration","status":"not-done"}"#,
            r#"{"resourceType":"MedicationDispense","status":"declined"}"#,
            r#"{"resourceType":"MedicationRequest","status":"active","doNotPerform":true}"#,
            r#"{"resourceType":"MedicationStatement","status":"active","taken":"n"}"#,
            r#"{"resourceType":"MedicationStatement","status":"active","wasNotTaken":true}"#,
            r#"{"resourceType":"MedicationStatement","status":"recorded","adherence":{"code":{"coding":[{"code":"not-taking"}]}}}"#,
            r#"{"resourceType":"MedicationAdministration","status":"completed","wasNotGiven":true}"#,
            r#"{"resourceType":"MedicationAdministration","status":"completed","notGiven":true}"#,
            r#"{"resourceType":"MedicationDispense","status":"stopped","notDone":true}"#,
        ] {
            assert_eq!(medication(json).0.standing, Standing::NotDone, "{json}");
        }
    }

    #[test]
    fn the_category_tells_where_it_is_taken() {
        for (category, expected) in [
            ("inpatient", Setting::Inpatient),
            ("outpatient", Setting::Home),
            ("discharge", Setting::Discharge),
            ("Clinic administered", Setting::Clinic),
            ("", Setting::Unknown),
        ] {
            assert_eq!(setting(&[category.into()]), expected, "{category}");
        }
    }
}
