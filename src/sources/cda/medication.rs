//! Medicines: taken, ordered, given, dispensed.

use super::json::{code, list, named, object, text};
use super::reading::{Made, Reading, related};
use super::section::Section;
use super::statement::{is_planned, tell_refining};
use super::times;
use super::values::{absence, denies_any, number, quantity, said_label};
use super::xml::Element;
use crate::sources::json::Json;

/// Reads an administration of a substance: a statement, an order, or a dose that was given.
pub fn read<'a>(reading: &Reading<'a>, element: Element<'a>, section: Section) -> Made<'a> {
    let is_given = section == Section::AdministeredMedications || is_inside_procedure(element);
    let kind = match (is_planned(element), is_given) {
        (true, _) => "MedicationRequest",
        (false, true) => "MedicationAdministration",
        (false, false) => "MedicationStatement",
    };
    let mut made = reading.start(element, kind, "subject");
    let is_not_given = is_given && element.flag("negationInd");
    made.put("status", Some(text(if is_not_given { "not-done" } else { status(element) })));
    put_medicine(reading, element, &["consumable", "manufacturedProduct"], &mut made);
    let dosage = dosage(reading, element);
    match kind {
        "MedicationRequest" => {
            made.put("intent", Some(text(intent(element, section))));
            made.put("doNotPerform", element.flag("negationInd").then_some(Json::Bool(true)));
            made.put("dosageInstruction", list(dosage));
            let (author, time) = reading.author(element);
            made.put("authoredOn", time.or_else(|| times::first(element)).map(text));
            made.put("requester", author);
            let supply = related(element).find(|it| it.name() == "supply" && is_planned(*it));
            made.put("dispenseRequest", supply.and_then(dispense_request));
        }
        "MedicationAdministration" => {
            made.put("effectiveDateTime", times::first(element).map(text));
            made.put("dosage", dosage);
            let performers = reading.performers(element).into_iter();
            made.put("performer", list(performers.filter_map(|who| object([("actor", Some(who))]))));
        }
        _ => {
            let span = element.all("effectiveTime").find(|time| !is_frequency(*time));
            match span.filter(|span| span.value().is_none()) {
                Some(span) => made.put("effectivePeriod", times::period(span)),
                None => made.put("effectiveDateTime", span.and_then(times::of).map(text)),
            };
            let why = span.and_then(|span| span.child("low")).and_then(absence);
            made.tell("began", why.map(str::to_owned));
            made.put("dosage", list(dosage));
            let (author, time) = reading.author(element);
            made.put("dateAsserted", time.map(text));
            made.put("informationSource", author);
        }
    }
    made.put("category", category(section).and_then(code).and_then(|category| list([category])));
    made.put("reasonCode", reading.reasons(element));
    made.put("note", reading.notes(element));
    tell_more(reading, element, &mut made);
    made
}

/// Reads an order to supply.
pub fn read_supply_order<'a>(reading: &Reading<'a>, element: Element<'a>) -> Made<'a> {
    let mut made = reading.start(element, "MedicationRequest", "subject");
    made.put("status", Some(text(status(element))));
    made.put("intent", Some(text("order")));
    put_supplied(reading, element, &mut made);
    made.put("dispenseRequest", dispense_request(element));
    let (author, time) = reading.author(element);
    made.put("authoredOn", time.or_else(|| times::first(element)).map(text));
    made.put("requester", author);
    made.put("note", reading.notes(element));
    tell_refining(reading, element, &[], &mut made);
    made
}

/// Reads a dispense.
pub fn read_dispense<'a>(reading: &Reading<'a>, element: Element<'a>) -> Made<'a> {
    let mut made = reading.start(element, "MedicationDispense", "subject");
    made.put("status", Some(text(status(element))));
    put_supplied(reading, element, &mut made);
    made.put("quantity", element.child("quantity").and_then(quantity));
    made.put("whenHandedOver", times::first(element).map(text));
    let performers = reading.performers(element).into_iter();
    made.put("performer", list(performers.filter_map(|who| object([("actor", Some(who))]))));
    made.tell("fill", element.child("repeatNumber").and_then(Element::value).map(str::to_owned));
    made.put("note", reading.notes(element));
    tell_refining(reading, element, &[], &mut made);
    made
}

/// The product of a supply; one inside of a medicine is of that medicine.
fn put_supplied<'a>(reading: &Reading<'a>, element: Element<'a>, made: &mut Made<'a>) {
    let own = element.at(&["product", "manufacturedProduct"]).is_some();
    let around =
        element.parent().and_then(Element::parent).filter(|it| it.name() == "substanceAdministration");
    match (own, around) {
        (false, Some(around)) => put_medicine(reading, around, &["consumable", "manufacturedProduct"], made),
        _ => put_medicine(reading, element, &["product", "manufacturedProduct"], made),
    }
}

fn put_medicine<'a>(reading: &Reading<'a>, element: Element<'a>, path: &[&str], made: &mut Made<'a>) {
    let product = element.at(path);
    let material = product.and_then(|product| {
        product.child("manufacturedMaterial").or_else(|| product.child("manufacturedLabeledDrug"))
    });
    let coded = material.and_then(|material| material.child("code"));
    let name = material
        .and_then(|material| material.child("name"))
        .map(Element::words)
        .filter(|name| !name.is_empty());
    let is_none = denies_any(element, coded) && name.is_none();
    let words = made.words.clone();
    let said = match is_none {
        // HL7's example "No Medications": a denied medicine that is none in particular.
        true => named("No known medications"),
        false => coded.and_then(|coded| reading.concept(coded)).or_else(|| named(name.clone().or(words)?)),
    };
    made.put("medicationCodeableConcept", said);
    made.put("wasNotTaken", (element.flag("negationInd") && !is_none).then_some(Json::Bool(true)));
    made.tell("product", name.filter(|_| coded.is_some()));
    let lot = material.and_then(|material| material.child("lotNumberText")).map(Element::words);
    made.tell("lot", lot);
    let maker =
        product.and_then(|product| product.at(&["manufacturerOrganization", "name"])).map(Element::words);
    made.tell("manufacturer", maker);
}

/// The doses: how much, by which way, how often, and the words of the prescription.
fn dosage<'a>(reading: &Reading<'a>, element: Element<'a>) -> Option<Json<'a>> {
    // Where nothing else says how it is taken, the row of the document may.
    let has_dose = ["doseQuantity", "rateQuantity", "maxDoseQuantity"]
        .iter()
        .any(|part| element.child(part).is_some_and(|part| part.null_flavor().is_none()));
    let row = || element.child("text").and_then(|words| reading.narratives.words(words));
    let words =
        free_text(reading, element).or_else(|| row().filter(|_| !has_dose && timing(element).is_none()));
    let dose = element.child("doseQuantity").and_then(|dose| amount(dose, "doseQuantity", "doseRange"));
    // A number without a unit counts what the medicine comes in.
    let form = || reading.label_at(element, &["administrationUnitCode"]).map(text);
    let dose = dose.map(|(name, mut dose)| {
        if let Json::Object(quantity) = &mut dose
            && quantity.get("value").is_some()
            && quantity.get("unit").is_none()
            && let Some(form) = form()
        {
            quantity.insert("unit", form);
        }
        (name, dose)
    });
    let rate = element.child("rateQuantity").and_then(|rate| amount(rate, "rateQuantity", "rateRange"));
    let members = dose.into_iter().chain(rate).map(|(name, value)| (name, Some(value)));
    let most = element.child("maxDoseQuantity").and_then(|most| {
        let part = |name: &str| most.child(name).and_then(quantity);
        object([("numerator", part("numerator")), ("denominator", part("denominator"))])
    });
    let condition = element.at(&["precondition", "criterion"]).map(|criterion| {
        let is_assertion = |code: &Element<'a>| code.code() == Some("ASSERTION");
        let words = criterion.child("text").and_then(|words| reading.narratives.words(words));
        let valued = || criterion.child("value").and_then(|value| said_label(value, &reading.narratives));
        words
            .or_else(valued)
            .or_else(|| {
                said_label(criterion.child("code").filter(|code| !is_assertion(code))?, &reading.narratives)
            })
            .unwrap_or_default()
    });
    let as_needed = condition.as_ref().filter(|reason| !reason.is_empty()).map(|reason| text(reason.clone()));
    let is_as_needed = condition.is_some() || element.child("precondition").is_some();
    let instructions = related(element).filter(|it| it.follows("2.16.840.1.113883.10.20.22.4.20"));
    let instructions = instructions.filter_map(|it| {
        let words = it.child("text").and_then(|words| reading.narratives.words(words));
        named(words.or_else(|| reading.label_at(it, &["code"]))?)
    });
    object([
        ("text", words.map(text)),
        ("timing", timing(element)),
        ("route", reading.concept_at(element, &["routeCode"])),
        ("site", reading.concept_at(element, &["approachSiteCode"])),
        ("doseAndRate", list(object(members))),
        ("maxDosePerPeriod", most),
        ("asNeededCodeableConcept", object([("text", as_needed)])),
        ("asNeededBoolean", is_as_needed.then_some(Json::Bool(true))),
        ("additionalInstruction", list(instructions)),
    ])
}

fn amount<'a>(
    element: Element<'a>,
    whole: &'static str,
    range: &'static str,
) -> Option<(&'static str, Json<'a>)> {
    if element.value().is_some() {
        return quantity(element).map(|value| (whole, value));
    }
    let end = |name: &str| element.child(name).and_then(quantity);
    object([("low", end("low")), ("high", end("high"))]).map(|value| (range, value))
}

/// The words of the prescription: the free-text sig (LOINC 76662-6, as in HL7's C-CDA examples).
fn free_text<'a>(reading: &Reading<'a>, element: Element<'a>) -> Option<String> {
    let sig = related(element).find(|it| {
        it.follows("2.16.840.1.113883.10.20.22.4.147")
            || it.child("code").and_then(Element::code) == Some("76662-6")
    });
    sig.and_then(|sig| sig.child("text")).and_then(|words| reading.narratives.words(words))
}

fn is_frequency(time: Element<'_>) -> bool {
    let kind = time.attribute("type").unwrap_or_default();
    let is_typed = kind.ends_with("PIVL_TS") || kind.ends_with("EIVL_TS") || kind.ends_with("SXPR_TS");
    is_typed || time.child("period").is_some() || time.child("event").is_some()
}

/// The parts of when it is taken: those of an expression one by one.
fn parts<'a>(element: Element<'a>) -> Vec<Element<'a>> {
    let times = element.all("effectiveTime").flat_map(|time| std::iter::once(time).chain(time.all("comp")));
    times.filter(|time| time.child("period").is_some() || time.child("event").is_some()).collect()
}

/// How often: a period (`every 6 hours`), or events of the day. What is said of it beyond one period or some events
/// is told in words (`tell_times`).
fn timing<'a>(element: Element<'a>) -> Option<Json<'a>> {
    let parts = parts(element);
    let bounds = (
        "boundsPeriod",
        element
            .all("effectiveTime")
            .find(|time| !is_frequency(*time))
            .and_then(times::period)
            .filter(|_| is_planned(element)),
    );
    if parts.len() > 1 && parts.iter().all(|part| part.child("event").is_some()) {
        let events = parts.iter().filter_map(|part| part.child("event")?.code()).map(text);
        return object([("repeat", object([("when", list(events)), bounds]))]);
    }
    let Some(time) = parts.first().copied() else { return object([("repeat", object([bounds]))]) };
    let repeat = match (time.child("period"), time.child("event")) {
        (Some(period), _) => {
            let period = if period.value().is_some() { Some(period) } else { period.child("low") };
            let high = time.at(&["period", "high"]).and_then(Element::value).map(number);
            object([
                ("frequency", period.and_then(Element::value).map(|_| number("1"))),
                ("period", period.and_then(Element::value).map(number)),
                ("periodMax", high),
                ("periodUnit", period.and_then(|period| period.attribute("unit")).map(text)),
                bounds,
            ])
        }
        (None, Some(event)) => object([("when", list(event.code().map(text))), bounds]),
        _ => None,
    };
    object([("repeat", repeat)])
}

fn dispense_request<'a>(supply: Element<'a>) -> Option<Json<'a>> {
    let repeats = supply.child("repeatNumber").and_then(Element::value);
    object([
        ("quantity", supply.child("quantity").and_then(quantity)),
        // C-CDA counts all fills, FHIR those after the first.
        (
            "numberOfRepeatsAllowed",
            repeats
                .and_then(|all| all.parse::<u32>().ok())
                .map(|all| Json::Number(all.saturating_sub(1).to_string().into())),
        ),
        ("validityPeriod", supply.child("effectiveTime").and_then(times::period)),
    ])
}

fn tell_more<'a>(reading: &Reading<'a>, element: Element<'a>, made: &mut Made<'a>) {
    for part in element.all("participant") {
        let name = reading.label_at(part, &["participantRole", "playingEntity", "code"]);
        made.tell("taken with", name.filter(|_| part.attribute("typeCode") == Some("CSM")));
    }
    made.tell("form", reading.label_at(element, &["administrationUnitCode"]));
    tell_times(element, made);
    tell_refining(reading, element, &["19", "20", "147"], made);
}

/// Tells when it is taken, where that is more than one period or some events.
fn tell_times<'a>(element: Element<'a>, made: &mut Made<'a>) {
    let parts = parts(element);
    let has_offset = parts.iter().any(|part| part.child("offset").is_some());
    let is_plain = parts.len() < 2 || parts.iter().all(|part| part.child("event").is_some());
    if is_plain && !has_offset {
        return;
    }
    for part in parts {
        let period = part.child("period");
        let numbered = |it: Element<'_>| {
            let unit = it.attribute("unit").map(|unit| format!(" {unit}")).unwrap_or_default();
            Some(format!("{}{unit}", it.value()?))
        };
        let every = period.and_then(numbered).map(|period| format!("every {period}"));
        let event = part.child("event").and_then(Element::code).map(|event| format!("at {event}"));
        let offset = part.at(&["offset", "low"]).or_else(|| part.child("offset")).and_then(numbered);
        let offset = offset.map(|offset| format!("offset {offset}"));
        let told: Vec<String> = every.into_iter().chain(event).chain(offset).collect();
        made.tell("times", Some(told.join(", ")));
    }
}

fn is_inside_procedure(element: Element<'_>) -> bool {
    element.parent().and_then(Element::parent).is_some_and(|around| around.name() == "procedure")
}

fn category(section: Section) -> Option<&'static str> {
    match section {
        Section::DischargeMedications => Some("discharge"),
        Section::AdministeredMedications => Some("inpatient"),
        _ => None,
    }
}

/// What the mood of HL7 v3 (ActMood) is in FHIR, as HL7's C-CDA on FHIR maps it (ConceptMap CF-MedActivityMood): what
/// a clinician intends somebody to take is an order, but for what is only planned.
fn intent(element: Element<'_>, section: Section) -> &'static str {
    let is_only_planned = section == Section::Plan || element.follows("2.16.840.1.113883.10.20.22.4.42");
    match element.attribute("moodCode") {
        Some("PRP") => "proposal",
        Some("INT") if is_only_planned => "plan",
        _ => "order",
    }
}

/// The status of FHIR for a status of HL7 v3 (ActStatus); before C-CDA an observation of it said more (LOINC 33999-4,
/// with SNOMED CT codes that open readers of CCD and C32 know as active, inactive, on hold and of the past).
pub fn status(element: Element<'_>) -> &'static str {
    let observed = related(element).find(|it| it.child("code").and_then(Element::code) == Some("33999-4"));
    let is_error = element.child("statusCode").and_then(Element::code) == Some("nullified");
    match observed.and_then(|it| it.child("value")).and_then(Element::code).filter(|_| !is_error) {
        Some("55561003") => return "active",
        Some("421139008") => return "on-hold",
        Some("73425007" | "392521001") => return "stopped",
        _ => {}
    }
    match element.child("statusCode").and_then(Element::code) {
        Some("active" | "new" | "normal") => "active",
        Some("aborted" | "obsolete") => "stopped",
        Some("cancelled") => "cancelled",
        Some("held" | "suspended") => "on-hold",
        Some("nullified") => "entered-in-error",
        Some("completed") => "completed",
        _ => "unknown",
    }
}
