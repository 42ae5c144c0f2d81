//! Claims and explanations of benefits: what was billed, by whom, and which amounts they say. A claim's
//! diagnosis is no clinical fact.

mod billed;
mod money;

use super::base::{self, add_more, add_one};
use super::elements::label;
use super::node::Node;
use super::references::{add_actor, add_actors, add_links};
use crate::record::{Claim, ClaimForm, Concept, Detail, Entry, Kind, LinkRole, System, Text};

/// Reads a claim, an insurer's answer to one, or an explanation of benefits.
pub(super) fn read(node: Node) -> Entry {
    let mut entry = base::start(node, Kind::Claim, Detail::Plain);
    entry.concept = concept(node);
    let period = node.period("billablePeriod");
    entry.recorded = node.when("created");
    (entry.date, entry.end) = (period.start, period.end);
    let mut claim = Claim {
        form: form(node),
        is_decided: node.reading().kind != "Claim",
        usage: node.text("use"),
        outcome: node.label("outcome"),
        disposition: node.text("disposition"),
        diagnoses: billed::each(&mut entry, node, "diagnosis"),
        procedures: billed::each(&mut entry, node, "procedure"),
        paid_on: node.node("payment").and_then(|payment| payment.when("date")),
        ..Claim::default()
    };
    money::add_of_claim(&mut entry, &mut claim, node);
    billed::add_items(&mut entry, &mut claim, node);
    billed::add_information(&mut entry, &mut claim, node);
    let first_day = claim.items.iter().filter_map(|item| item.from).min_by_key(|when| when.order());
    entry.date = entry.date.or(first_day).or(entry.recorded);
    billed::add_results(&mut entry, node);
    add_people(&mut entry, node);
    add_insurance(&mut entry, node);
    add_related(&mut entry, node);
    name_identifiers(&mut entry);
    add_further(&mut entry, node);
    entry.detail = Detail::Claim(Box::new(claim));
    entry
}

/// The type, by the name that HL7's own code has: senders put finer types of their own beside it.
fn concept(node: Node) -> Concept {
    let mut concept = node.concept("type").unwrap_or_default();
    let is_common =
        |coding: &Node| coding.word("system").is_some_and(|system| system.ends_with("claim-type"));
    let common = || node.node("type")?.nodes("coding").find(is_common);
    let common = || common().and_then(|coding| coding.text("display").or_else(|| coding.text("code")));
    let own = node.node("type").and_then(|kind| kind.text("text"));
    concept.text = own.or_else(common).or(concept.text);
    concept
}

/// The form it was billed on. Codes: HL7's claim-type, CARIN's subtypes of institutional claims, CMS's eob-type.
fn form(node: Node) -> ClaimForm {
    let concepts = node.concepts("subType").chain(node.concepts("type"));
    let words = concepts.flat_map(|concept| {
        let codes = concept.codes.iter().map(|code| code.code.to_lowercase()).collect::<Vec<_>>();
        codes.into_iter().chain(concept.text.map(|text| text.to_lowercase()))
    });
    let words: Vec<String> = words.collect();
    const FORMS: [(&str, ClaimForm); 13] = [
        ("pharmacy", ClaimForm::Pharmacy),
        ("pde", ClaimForm::Pharmacy),
        // Care at home and in a hospice is billed as a stay, and is none.
        ("hha", ClaimForm::Institutional),
        ("hospice", ClaimForm::Institutional),
        ("inpatient", ClaimForm::Inpatient),
        ("snf", ClaimForm::Inpatient),
        ("outpatient", ClaimForm::Outpatient),
        ("institutional", ClaimForm::Institutional),
        ("professional", ClaimForm::Professional),
        ("oral", ClaimForm::Dental),
        ("dental", ClaimForm::Dental),
        ("vision", ClaimForm::Vision),
        ("carrier", ClaimForm::Professional),
    ];
    let of = |(word, form): &(&str, ClaimForm)| words.iter().any(|own| own == word).then_some(*form);
    FORMS.iter().find_map(of).unwrap_or_default()
}

fn add_people(entry: &mut Entry, node: Node) {
    for (key, role) in [
        ("provider", "provider"),
        ("insurer", "insurer"),
        ("facility", "location"),
        ("enterer", "entered by"),
        ("organization", "organization"),
        ("requestor", "requester"),
    ] {
        add_actors(entry, node, key, role);
    }
    for member in node.nodes("careTeam") {
        let role = member.label("role").map_or_else(|| "care team".into(), |role| role.to_lowercase().into());
        let role: Text = role;
        for who in member.references("provider") {
            add_actor(entry, &role, who);
        }
        add_more(entry, member, &[("qualification", "specialty"), ("specialty", "specialty")]);
    }
    if let Some(payee) = node.node("payee") {
        add_actors(entry, payee, "party", "paid to");
        add_more(entry, payee, &[("type", "paid to")]);
    }
}

fn add_insurance(entry: &mut Entry, node: Node) {
    for insurance in node.nodes("insurance").chain(node.nodes("coverage")) {
        add_links(entry, insurance, "coverage", LinkRole::Related);
        let name = insurance.reference("coverage").and_then(|coverage| coverage.name);
        add_one(entry, "coverage", name);
        add_more(entry, insurance, &[("preAuthRef", "preauthorization"), ("claimResponse", "answered by")]);
    }
    add_more(entry, node, &[("preAuthRef", "preauthorization")]);
}

/// Other versions of the claim and what it rests on. Codes: HL7's and CARIN's relationships of claims.
fn add_related(entry: &mut Entry, node: Node) {
    for related in node.nodes("related") {
        let word = related.concept("relationship").as_ref().and_then(base::status_word);
        let label = match word.as_deref() {
            Some("prior" | "replaces") => REPLACES,
            Some("replacedby" | "replaced" | "replaced-by") => REPLACED_BY,
            _ => "related claim",
        };
        add_one(entry, label, related.node("reference").and_then(|identifier| identifier.text("value")));
        let role = if label == REPLACES { LinkRole::Replaces } else { LinkRole::Related };
        add_links(entry, related, "claim", role);
    }
    for (key, role) in [
        ("claim", LinkRole::Related),
        ("request", LinkRole::Related),
        ("claimResponse", LinkRole::Related),
        ("prescription", LinkRole::Order),
        ("originalPrescription", LinkRole::Order),
        ("referral", LinkRole::Order),
    ] {
        add_links(entry, node, key, role);
    }
    add_one(entry, "referred by", node.reference("referral").and_then(|referral| referral.name));
}

/// The number of a claim whose place this one takes.
const REPLACES: &str = "replaces claim";
/// The number of the claim that takes the place of this one.
const REPLACED_BY: &str = "replaced by claim";

/// Numbers that stand among a claim's own and are another thing's: all fills of a prescription share its number.
const PRESCRIPTION_NUMBERS: [&str; 1] = ["rx_srvc_rfrnc_num"];

fn name_identifiers(entry: &mut Entry) {
    for (label, value) in entry.more.iter_mut().filter(|(label, _)| label == "identifier") {
        let Some((system, number)) = value.split_once('|') else { continue };
        if PRESCRIPTION_NUMBERS.iter().any(|ending| system.ends_with(ending)) {
            (*label, *value) = ("prescription number".into(), number.into());
        }
    }
}

fn add_further(entry: &mut Entry, node: Node) {
    let elements = [
        ("subType", "claim type"),
        ("priority", "priority"),
        ("fundsReserve", "funds reserved"),
        ("fundsReserveRequested", "funds reserved"),
        ("formCode", "form"),
        ("benefitPeriod", "benefit period"),
        ("decision", "decision"),
        ("diagnosisRelatedGroup", "diagnosis related group"),
        ("hospitalization", "in the hospital"),
    ];
    add_more(entry, node, &elements);
    for note in node.nodes("processNote") {
        entry.notes.extend(note.text("text"));
    }
}

/// The name of a code and the code itself: claims are mostly read by code.
fn coded(concept: &Concept) -> Option<Text> {
    // The address of a list of the sender's own is no name.
    let code = concept.codes.first().map(|code| match code.system {
        System::Other(_) => code.code.to_string(),
        _ => format!("{} {}", code.system.name(), code.code),
    });
    match (concept.text.clone(), code) {
        (Some(text), Some(code)) if *text != code => Some(format!("{text} ({code})").into()),
        (text, code) => text.or_else(|| code.map(Text::from)),
    }
    .or_else(|| label(concept))
}

#[cfg(test)]
mod tests;
