//! What a claim was billed with: diagnoses, procedures, lines, and the facts beside them.

use super::super::base::{add_more, add_one};
use super::super::elements::quantity_words;
use super::super::node::Node;
use super::super::references::{add_links, add_named_links};
use super::super::systems::system;
use super::{coded, money};
use crate::record::{Billed, Claim, ClaimItem, Code, Concept, Entry, LinkRole, Text};

/// The diagnoses or the procedures: `diagnosisCodeableConcept`, `procedureReference` and the like.
pub(super) fn each(entry: &mut Entry, node: Node, list: &str) -> Vec<Billed> {
    let billed = node.nodes(list).filter_map(|item| {
        let coded = item.choices(list).find_map(|(key, kind, _)| match kind {
            "Reference" => {
                add_links(entry, item, key, LinkRole::Related);
                let name = item.reference(key).and_then(|referred| referred.name);
                name.map(|name| Concept { text: Some(name), codes: Vec::new() })
            }
            _ => item.concept(key),
        });
        // DSTU2 has a Coding under the plain name.
        let concept = coded.or_else(|| item.concept(list)).filter(|concept| !concept.is_empty())?;
        let admitted = item.label("onAdmission").map(|word| format!("on admission: {word}").into());
        let roles = item.labels("type").chain(admitted).collect();
        Some(Billed { concept, roles, on: item.when("date") })
    });
    billed.collect()
}

/// The lines, those of the provider and those that the insurer added.
pub(super) fn add_items(entry: &mut Entry, claim: &mut Claim, node: Node) {
    for item in node.nodes("item").chain(node.nodes("addItem")) {
        let line = line(entry, item);
        claim.items.push(line);
        add_links(entry, item, "encounter", LinkRole::Visit);
        add_named_links(entry, item, "udi", LinkRole::Related, "device");
        let parts =
            item.nodes("detail").chain(item.nodes("detail").flat_map(|detail| detail.nodes("subDetail")));
        for part in parts {
            let what = service(part).as_ref().and_then(coded);
            add_one(entry, "claim says: part of a line", what);
        }
        let elements = [("programCode", "program"), ("bodySite", "body site"), ("noteNumber", "see note")];
        add_more(entry, item, &elements);
    }
}

fn line(entry: &mut Entry, item: Node) -> ClaimItem {
    let served = item.moment("serviced");
    let revenue = item.concept("revenue");
    let concept = service(item).or_else(|| revenue.clone()).unwrap_or_default();
    let place = item.choices("location").find_map(|(key, _, _)| item.words(key).next());
    let mut line = ClaimItem {
        concept,
        revenue: revenue.as_ref().and_then(coded),
        modifiers: item.concepts("modifier").filter_map(|modifier| coded(&modifier)).collect(),
        quantity: item.quantity("quantity").map(|quantity| quantity_words(&quantity)),
        from: served.start,
        to: served.end.filter(|end| Some(*end) != served.start),
        place,
        ..ClaimItem::default()
    };
    money::add_of_line(entry, &mut line, item);
    line
}

/// The service or product; CMS writes the NDC of a medicine given in a clinic beside its code.
fn service(item: Node) -> Option<Concept> {
    let key = ["productOrService", "service"].into_iter().find(|key| item.has(key))?;
    let mut concept = item.concept(key).unwrap_or_default();
    let further = item.node(key).into_iter().flat_map(|service| service.extensions("/sid/ndc"));
    let codings = further.filter_map(|extension| extension.node("valueCoding"));
    concept.codes.extend(codings.filter_map(|coding| {
        let code = coding.text("code")?;
        Some(Code { system: system(coding.word("system")), code, display: coding.text("display") })
    }));
    // A code that says that there is none (institutional lines are named by their revenue centre).
    let is_absent = |code: &Code| code.system.address().ends_with("data-absent-reason");
    concept.codes.retain(|code| !is_absent(code));
    if concept.codes.is_empty() && item.has("revenue") {
        return None;
    }
    (!concept.is_empty()).then_some(concept)
}

/// Codes of CARIN's C4BBSupportingInfoType that tell of a fill, in our words.
const FILL: [(&str, &str); 7] = [
    ("dayssupply", "days of supply"),
    ("refillnum", "refill number"),
    ("refillsauthorized", "refills authorized"),
    ("brandgenericindicator", "brand or generic"),
    ("dawcode", "dispense as written"),
    ("rxorigincode", "how it was prescribed"),
    ("compoundcode", "compound"),
];

/// What stands beside the lines; STU3 calls it `information`.
pub(super) fn add_information(entry: &mut Entry, claim: &mut Claim, node: Node) {
    for info in node.nodes("supportingInfo").chain(node.nodes("information")) {
        let category = info.concept("category").unwrap_or_default();
        let value = info.choices("value").find_map(|(key, _, _)| info.words(key).next());
        let timing = info.choices("timing").find_map(|(key, _, _)| info.words(key).next());
        let reason = info.label("reason");
        let parts: Vec<Text> =
            info.label("code").into_iter().chain(value).chain(timing).chain(reason).collect();
        let Some(told) = Text::trimmed(&parts.join(", ")) else { continue };
        let of_fill = |code: &Code| FILL.iter().find(|(word, _)| code.code == *word);
        match category.codes.iter().find_map(of_fill) {
            Some((_, words)) => claim.fill.push(((*words).into(), told)),
            None => {
                // The last coding is the finest one: "Information" says nothing.
                let finest = category.codes.iter().rev().find_map(|code| code.display.clone());
                let what = finest.or(category.text).unwrap_or_else(|| "information".into());
                add_one(entry, &format!("claim says: {what}"), Some(told));
            }
        }
    }
}

/// Results that were sent along with the bill (a hemoglobin that a rule of payment asks for): told in words.
pub(super) fn add_results(entry: &mut Entry, node: Node) {
    for inside in
        node.objects("contained").filter(|inside| inside.word("resourceType") == Some("Observation"))
    {
        let what = inside.label("code").unwrap_or_else(|| "result".into());
        let value = inside.choices("value").find_map(|(key, _, _)| inside.words(key).next());
        add_one(entry, &format!("claim says: {what}"), value);
    }
}
