//! Marks of the source by which it withholds a statement: HL7's security observations, as in its example of a
//! result that is to be shared with the patient on a day and with proxies never.

use super::reading::Reading;
use super::times;
use super::xml::Element;

/// A security observation of the consent-based privacy templates, as in HL7's C-CDA example of sharing with a patient
/// or proxy. Its code SECCONOBS is one of HL7 v3 ActCode.
const SECURITY: &str = "2.16.840.1.113883.3.445.21";

/// The marks on a statement: its own, and those beside it in an organizer.
pub fn marks(reading: &Reading<'_>, element: Element<'_>) -> Vec<String> {
    let mut marks = own(element);
    let around = element.parent().filter(|parent| matches!(parent.name(), "component" | "entryRelationship"));
    let around = around.and_then(Element::parent).filter(|parent| parent.name() == "organizer");
    if let Some(organizer) = around {
        // Once for each organizer: it may hold thousands of statements.
        let begin = organizer.range().start;
        let known = reading.marks.borrow().get(&begin).cloned();
        let known = known.unwrap_or_else(|| {
            let found = self::marks(reading, organizer);
            reading.marks.borrow_mut().insert(begin, found.clone());
            found
        });
        marks.extend(known);
    }
    marks.sort_unstable();
    marks.dedup();
    marks
}

fn own(statement: Element<'_>) -> Vec<String> {
    let inside = super::reading::related(statement);
    inside.filter(|inner| is_security(*inner)).filter_map(mark).collect()
}

/// True for an observation that is such a mark, and no finding.
pub fn is_security(element: Element<'_>) -> bool {
    element.follows(SECURITY) || element.child("code").and_then(Element::code) == Some("SECCONOBS")
}

/// `NOPAT until 2023-01-29`.
fn mark(observation: Element<'_>) -> Option<String> {
    let code = observation.child("value")?.code()?;
    let until = observation.child("effectiveTime").and_then(times::end);
    Some(match until.as_deref().and_then(|until| until.get(..10)) {
        Some(day) => format!("{code} until {day}"),
        None => code.to_owned(),
    })
}
