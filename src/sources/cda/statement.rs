//! One statement of an entry: what it is, by its template, else by its element, its mood and its section.

use super::json::{code, list, object, reference};
use super::reading::{Made, Reading, is_comment, related};
use super::section::Section;
use super::security::is_security;
use super::xml::Element;
use super::{
    allergy, care_team, coverage, device, directive, encounter, family, goal, immunization, medication, note,
    observation, order, problem, procedure, result,
};
use crate::sources::json::Json;

/// Everything that a statement says, as FHIR resources.
pub fn read<'a>(reading: &Reading<'a>, element: Element<'a>, section: Section, made: &mut Vec<Made<'a>>) {
    let says_nothing = element.children().all(|child| child.name() == "templateId");
    let is_beside = is_comment(element) || is_security(element) || is_of_somebody_else(element);
    if says_nothing || is_beside || is_not_known(element, section) {
        return;
    }
    if is_of_relative(element, section) {
        return made.push(family::read_alone(reading, element));
    }
    match element.name() {
        "substanceAdministration" => substance(reading, element, section, made),
        "supply" => supply(reading, element, section, made),
        "observation" => observed(reading, element, section, made),
        "procedure" => procedure_or_order(reading, element, section, made),
        "encounter" => visit(reading, element, section, made),
        "organizer" => organizer(reading, element, section, made),
        "act" => act(reading, element, section, made),
        _ => {}
    }
}

/// True for what a relative has, wherever it stands: it must not stand among what is the person's own.
fn is_of_relative(element: Element<'_>, section: Section) -> bool {
    let is_of_family = section == Section::FamilyHistory || template(element) == Some("46");
    let has_relative = element.at(&["subject", "relatedSubject"]).is_some() && problem::is_one(element);
    element.name() == "observation" && !is_planned(element) && (is_of_family || has_relative)
}

/// True for any other statement about a fetus or a relative.
pub fn is_of_somebody_else(element: Element<'_>) -> bool {
    let is_family = matches!(template(element), Some("45" | "46")) || element.name() == "organizer";
    let has_other = element.at(&["subject", "relatedSubject"]).is_some();
    has_other && !is_family && !is_of_relative(element, Section::Other)
}

/// True for what the source says it does not know, or has no information on: it must not stand there as a fact. An
/// observation is told all the same, with that as its value.
pub fn is_not_known(element: Element<'_>, section: Section) -> bool {
    let is_problem = template(element) == Some("4") || section.is_of_problems() && problem::is_one(element);
    let is_finding =
        element.name() == "observation" && !allergy::is_one(element) && !is_problem && !is_planned(element);
    element.null_flavor().is_some()
        && !is_finding
        && matches!(
            element.name(),
            "observation" | "substanceAdministration" | "supply" | "procedure" | "encounter" | "act"
        )
}

/// The C-CDA templates that are told apart, by the last part of their root below 2.16.840.1.113883.10.20.22.4.
pub fn template(element: Element<'_>) -> Option<&str> {
    let own = element.all("templateId").filter_map(|template| template.attribute("root"));
    let mut own = own.filter_map(|root| root.strip_prefix("2.16.840.1.113883.10.20.22.4."));
    own.next()
}

fn follows(element: Element<'_>, last: &str) -> bool {
    let own = element.all("templateId").filter_map(|template| template.attribute("root"));
    own.filter_map(|root| root.strip_prefix("2.16.840.1.113883.10.20.22.4.")).any(|own| own == last)
}

/// True for what is meant to happen, and not what happened.
pub fn is_planned(element: Element<'_>) -> bool {
    !matches!(element.attribute("moodCode"), None | Some("EVN" | "GOL"))
}

/// True for a statement inside another that stands for itself; what only refines the outer one is told with it.
fn stands(element: Element<'_>) -> bool {
    const OWN: [&str; 10] = ["2", "3", "4", "7", "13", "27", "30", "80", "48", "202"];
    // The words of a prescription are an administration too, by C-CDA's template of the free-text sig.
    let is_refining = matches!(element.name(), "observation" | "act") || follows(element, "147");
    !is_refining || OWN.iter().any(|last| follows(element, last))
}

/// Reads the statements inside a statement that stand for themselves.
pub fn inner<'a>(reading: &Reading<'a>, element: Element<'a>, section: Section, made: &mut Vec<Made<'a>>) {
    for statement in related(element).filter(|statement| stands(*statement)) {
        read(reading, statement, section, made);
    }
}

/// Tells what refines a statement, each with its name: what no mapping has a place for is not lost.
pub fn tell_refining<'a>(reading: &Reading<'a>, element: Element<'a>, known: &[&str], made: &mut Made<'a>) {
    for statement in related(element).filter(|statement| !stands(*statement) && !is_comment(*statement)) {
        if known.iter().any(|last| follows(statement, last))
            || is_security(statement)
            || follows(statement, "122")
        {
            continue;
        }
        made.tell("stated with it", observation::line(reading, statement));
    }
}

fn substance<'a>(reading: &Reading<'a>, element: Element<'a>, section: Section, made: &mut Vec<Made<'a>>) {
    let is_vaccine = match template(element) {
        Some("52" | "120") => true,
        Some("16" | "42") => false,
        _ => section == Section::Immunizations || immunization::has_vaccine_code(element),
    };
    made.push(match (is_vaccine, is_planned(element)) {
        (true, false) => immunization::read(reading, element),
        (true, true) => order::read(reading, element, section),
        (false, _) => medication::read(reading, element, section),
    });
    inner(reading, element, section, made);
}

fn supply<'a>(reading: &Reading<'a>, element: Element<'a>, section: Section, made: &mut Vec<Made<'a>>) {
    let is_medicine = match template(element) {
        Some("17" | "18") => true,
        Some("50" | "43") => false,
        _ => element.at(&["product", "manufacturedProduct"]).is_some() && section != Section::Equipment,
    };
    match (is_medicine, is_planned(element)) {
        (true, true) => made.push(medication::read_supply_order(reading, element)),
        (true, false) => made.push(medication::read_dispense(reading, element)),
        (false, true) => made.push(order::read(reading, element, section)),
        (false, false) => made.push(device::read_supply(reading, element)),
    }
    inner(reading, element, section, made);
}

fn observed<'a>(reading: &Reading<'a>, element: Element<'a>, section: Section, made: &mut Vec<Made<'a>>) {
    let mood = element.attribute("moodCode");
    made.push(match template(element) {
        _ if mood == Some("GOL") => goal::read(reading, element),
        _ if is_planned(element) => order::read(reading, element, section),
        Some("7") => allergy::read(reading, element, None),
        Some("4") => problem::read(reading, element, None, section),
        Some("13") => procedure::read(reading, element),
        Some("48") => directive::read(reading, element),
        Some("121") => goal::read(reading, element),
        _ if section == Section::Allergies && allergy::is_one(element) => {
            allergy::read(reading, element, None)
        }
        _ if section == Section::Directives => directive::read(reading, element),
        _ if matches!(section, Section::Problems | Section::Diagnoses) && problem::is_one(element) => {
            problem::read(reading, element, None, section)
        }
        _ => observation::read(reading, element, category(element, section)),
    });
    inner(reading, element, section, made);
}

/// True for what was measured: a number, or a range of them.
fn is_number(element: Element<'_>) -> bool {
    let value = element.child("value");
    value.is_some_and(|value| {
        value.value().is_some() || value.child("low").is_some() || value.child("high").is_some()
    })
}

/// The category of an observation: by its template, else by its section; what neither knows is a finding of no
/// laboratory.
fn category(element: Element<'_>, section: Section) -> Option<&'static str> {
    match template(element) {
        Some("2") => Some("laboratory"),
        Some("27") => Some("vital-signs"),
        _ => section.category().or((!is_number(element)).then_some("survey")),
    }
}

fn procedure_or_order<'a>(
    reading: &Reading<'a>,
    element: Element<'a>,
    section: Section,
    made: &mut Vec<Made<'a>>,
) {
    match is_planned(element) {
        true => made.push(order::read(reading, element, section)),
        false if device::denies_any(element) => made.push(device::read_supply(reading, element)),
        false => {
            made.push(procedure::read(reading, element));
            if device::was_done(element) {
                device::add_implants(reading, element, made);
            }
        }
    }
    inner(reading, element, section, made);
}

fn visit<'a>(reading: &Reading<'a>, element: Element<'a>, section: Section, made: &mut Vec<Made<'a>>) {
    match is_planned(element) {
        true => made.push(order::read(reading, element, section)),
        false => made.push(encounter::read(reading, element)),
    }
    let before = made.len();
    inner(reading, element, Section::Diagnoses, made);
    let diagnoses: Vec<Json<'a>> = made[before..]
        .iter()
        .filter(|it| it.is_of("Condition"))
        .filter_map(|it| {
            let id = it.object.get("id")?.as_str()?;
            object([("condition", reference(format!("Condition/{id}"), None))])
        })
        .collect();
    if let Some(visit) = made[..before].last_mut().filter(|visit| visit.is_of("Encounter")) {
        visit.put("diagnosis", list(diagnoses));
    }
    // What was diagnosed, done and given there belongs to the visit.
    if let Some(id) = reading.id(element).filter(|_| !is_planned(element)) {
        for inside in &mut made[before..] {
            inside.put("encounter", reference(format!("Encounter/{id}"), None));
        }
    }
}

fn organizer<'a>(reading: &Reading<'a>, element: Element<'a>, section: Section, made: &mut Vec<Made<'a>>) {
    let first = template(element);
    match first {
        Some("45") => return made.push(family::read(reading, element)),
        Some("500") => return made.push(care_team::read(reading, element)),
        _ if section == Section::FamilyHistory => return made.push(family::read(reading, element)),
        _ => {}
    }
    let section = match first {
        Some("1") => Section::Results,
        Some("26") => Section::VitalSigns,
        Some("66") => Section::FunctionalStatus,
        Some("75") => Section::MentalStatus,
        Some("108") => Section::Directives,
        _ => section,
    };
    if matches!(section, Section::Results | Section::VitalSigns) {
        return result::read_organizer(reading, element, section, made);
    }
    for statement in related(element) {
        read(reading, statement, section, made);
    }
}

fn act<'a>(reading: &Reading<'a>, element: Element<'a>, section: Section, made: &mut Vec<Made<'a>>) {
    match template(element) {
        _ if element.attribute("moodCode") == Some("GOL") => return made.push(goal::read(reading, element)),
        Some("3") => return concern(reading, element, section, made),
        Some("30") => return concern(reading, element, Section::Allergies, made),
        Some("33" | "34" | "51" | "65" | "80") => return concern(reading, element, Section::Diagnoses, made),
        Some("60") => return coverage::read(reading, element, made),
        Some("61") => return made.push(coverage::read_policy(reading, element)),
        Some("202") => return made.push(note::read(reading, element)),
        Some("35") => return wrapped(reading, element, Section::DischargeMedications, made),
        Some("36") => return wrapped(reading, element, Section::AdmissionMedications, made),
        Some("12") if !is_planned(element) => made.push(procedure::read(reading, element)),
        Some("500.1") => return made.push(care_team::read_member(reading, element)),
        // A reference to another entry says nothing of its own.
        Some("122") => return,
        _ if matches!(element.attribute("classCode"), Some("DOC" | "DOCCLIN")) => {
            made.push(note::read(reading, element))
        }
        _ => return other_act(reading, element, section, made),
    }
    inner(reading, element, section, made);
}

/// A concern holds what it is about; how it is tracked bears on each of them.
fn concern<'a>(reading: &Reading<'a>, element: Element<'a>, section: Section, made: &mut Vec<Made<'a>>) {
    for statement in related(element) {
        let is_own = !is_of_relative(statement, section) && !is_of_somebody_else(statement);
        let is_observation = statement.name() == "observation" && !is_planned(statement) && is_own;
        if is_not_known(statement, section) {
            continue;
        }
        if is_observation && section == Section::Allergies && allergy::is_one(statement) {
            made.push(allergy::read(reading, statement, Some(element)));
        } else if is_observation && problem::is_one(statement) {
            made.push(problem::read(reading, statement, Some(element), section));
            inner(reading, statement, section, made);
        } else {
            read(reading, statement, section, made);
        }
    }
}

fn wrapped<'a>(reading: &Reading<'a>, element: Element<'a>, section: Section, made: &mut Vec<Made<'a>>) {
    for statement in related(element) {
        read(reading, statement, section, made);
    }
}

/// An act that is none of these: what it holds, and itself where it says something itself.
fn other_act<'a>(reading: &Reading<'a>, element: Element<'a>, section: Section, made: &mut Vec<Made<'a>>) {
    let before = made.len();
    // A risk concern (template 136; SNOMED CT 281694009, as in HL7's C-CDA examples) is no diagnosis.
    let is_risk = template(element) == Some("136")
        || element.child("code").and_then(Element::code) == Some("281694009");
    let is_concern =
        matches!(element.child("code").and_then(Element::code), Some("CONC" | "75310-3" | "281694009"));
    if is_concern || matches!(template(element), Some("132" | "136")) {
        let around = if section == Section::Problems { section } else { Section::Concerns };
        concern(reading, element, around, made);
        for risk in made[before..].iter_mut().filter(|risk| is_risk && risk.is_of("Condition")) {
            risk.object.remove(&["verificationStatus"]);
            risk.put("verificationStatus", code("unconfirmed"));
            risk.tell("stated as", Some("a risk, not a diagnosis".to_owned()));
        }
        if made.len() > before {
            return;
        }
    } else if template(element) == Some("131") {
        return wrapped(reading, element, section, made);
    } else if template(element).is_none() && section == Section::Payers {
        return coverage::read(reading, element, made);
    }
    let says_something = element
        .child("code")
        .is_some_and(|code| code.code().is_some() || code.child("originalText").is_some());
    match is_planned(element) {
        true => made.push(order::read(reading, element, section)),
        // That there is no concern is no act that was not done.
        false if is_concern => made.push(observation::read(reading, element, Some("survey"))),
        false if says_something || related(element).next().is_none() => {
            made.push(procedure::read(reading, element))
        }
        // It says nothing itself: what it holds does.
        false => return wrapped(reading, element, section, made),
    }
    inner(reading, element, section, made);
}
