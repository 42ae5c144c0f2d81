//! Patient: who the record is about, as one source describes them.

use super::base;
use super::node::{Node, is_placeholder};
use super::patient_facts;
use super::references::{add_actors, add_links};
use crate::record::{Concept, Death, Detail, Entry, Kind, LinkRole, Name, Person, Text, When};

/// Reads a patient.
pub(super) fn read(node: Node) -> Entry {
    let mut names: Vec<Name> = node.nodes("name").filter_map(name).collect();
    // The official name first; maiden, old and other names behind those that are in use.
    names.sort_by_key(|name| match name.usage.as_deref() {
        Some("official") => 0,
        None | Some("usual") => 1,
        Some("old" | "maiden" | "anonymous" | "temp") => 3,
        Some(_) => 2,
    });
    let person = Person {
        names,
        birth: real_date(node, "birthDate"),
        sex: node.text("gender"),
        birth_sex: patient_facts::birth_sex(node),
        gender_identity: patient_facts::gender_identity(node),
        death: death(node),
        facts: patient_facts::facts(node),
        reach: reach(node),
        identifiers: node.nodes("identifier").filter_map(identifier).collect(),
    };
    let mut entry = base::start(node, Kind::Demographics, Detail::Plain);
    entry.concept = Concept { text: person.name().map(Text::from), codes: Vec::new() };
    entry.detail = Detail::Person(Box::new(person));
    // They stand in the detail, with their types.
    entry.more.retain(|(label, _)| label != "identifier");
    add_actors(&mut entry, node, "generalPractitioner", "general practitioner");
    add_actors(&mut entry, node, "managingOrganization", "organization");
    for other in node.nodes("link") {
        add_links(&mut entry, other, "other", LinkRole::Related);
    }
    entry
}

/// A name; nothing where it is empty.
pub(super) fn name(node: Node) -> Option<Name> {
    let given: Vec<Text> = node.texts("given").collect();
    let name = Name { family: node.text("family"), given, text: node.text("text"), usage: node.text("use") };
    let is_empty = name.family.is_none() && name.given.is_empty() && name.text.is_none();
    (!is_empty).then_some(name)
}

/// A name in one line.
pub(super) fn name_line(node: Node) -> Option<Text> {
    let name = node.node("name").and_then(name)?;
    let parts =
        [node.node("name")?.text("prefix"), Some(name.shown().into()), node.node("name")?.text("suffix")];
    if name.text.is_some() {
        return name.text;
    }
    let parts: Vec<Text> = parts.into_iter().flatten().collect();
    Text::trimmed(&parts.join(" "))
}

/// Telephone, mail and addresses, each as one line.
pub(super) fn reach(node: Node) -> Vec<Text> {
    let telecom = node.nodes("telecom").filter_map(telecom);
    telecom.chain(node.nodes("address").filter_map(|node| address(node, true))).collect()
}

/// One way to reach somebody (`phone: 555-0100 (home)`).
pub(super) fn telecom(node: Node) -> Option<Text> {
    let value = node.text("value")?;
    let system = node.text("system").map(|system| format!("{system}: ")).unwrap_or_default();
    let usage = node.text("use").map(|usage| format!(" ({usage})")).unwrap_or_default();
    Some(format!("{system}{value}{usage}").into())
}

/// An address in one line.
pub(super) fn address(node: Node, with_label: bool) -> Option<Text> {
    let lines: Vec<Text> = node.texts("line").collect();
    let place: Vec<Text> = ["state", "postalCode"].iter().filter_map(|key| node.text(key)).collect();
    let parts = lines.into_iter().chain(node.text("city")).chain(Text::trimmed(&place.join(" ")));
    let parts: Vec<Text> = parts.chain(node.text("country")).collect();
    let line = if parts.is_empty() { node.text("text")? } else { parts.join(", ").into() };
    let label = if with_label { "address: " } else { "" };
    let usage = node.text("use").filter(|_| with_label);
    let usage = usage.map(|usage| format!(" ({usage})")).unwrap_or_default();
    Some(format!("{label}{line}{usage}").into())
}

fn identifier(node: Node) -> Option<(Text, Text)> {
    let value = node.text("value")?;
    let system = node.text("system").or_else(|| node.label("type"));
    Some((system.unwrap_or_else(|| "identifier".into()), value))
}

fn death(node: Node) -> Death {
    if let Some(written) = node.word("deceasedDateTime") {
        // A database null is no death: nobody is called dead for an empty date or for zeros.
        let is_date = match When::parse(written) {
            Some(when) => !is_null(when),
            None => written.contains(|letter| ('1'..='9').contains(&letter)),
        };
        let date = real_date(node, "deceasedDateTime");
        return if is_date { Death::Died(date) } else { Death::NotRecorded };
    }
    match node.flag("deceasedBoolean") {
        Some(true) => Death::Died(None),
        _ => Death::NotRecorded,
    }
}

/// A date unless it is what a database writes for none.
fn real_date(node: Node, key: &str) -> Option<When> {
    let when = node.when(key)?;
    if !is_null(when) {
        return Some(when);
    }
    if let Some(value) = node.get(key) {
        node.unread(key, value, "is a placeholder of a database, not a date");
    }
    None
}

/// A placeholder; and 9999 is no year yet.
fn is_null(when: When) -> bool {
    is_placeholder(when) || when.year() == 9999
}

#[cfg(test)]
mod tests {
    use super::super::tests::read;
    use super::*;

    fn person(elements: &str) -> (Person, Vec<(String, String)>) {
        let json = format!(r#"{{"resourceType":"Patient","id":"1",{elements}}}"#);
        let read = read(&json);
        let Detail::Person(person) = read.entry.detail else { panic!("no person") };
        (*person, read.notices)
    }

    #[test]
    fn the_null_of_a_database_is_no_date() {
        let (person, notices) =
            person(r#""birthDate":"1980-02-29","deceasedDateTime":"1899-12-30T00:00:00Z""#);
        assert_eq!(person.death, Death::NotRecorded);
        assert_eq!(notices.len(), 1);
        assert_eq!(person.birth.unwrap().to_string(), "1980-02-29");
        for null in ["", "0000-00-00", "unknown", "9999-12-31"] {
            let (person, _) = self::person(&format!(r#""deceasedDateTime":"{null}""#));
            assert_eq!(person.death, Death::NotRecorded, "{null}");
        }
        let (person, _) = self::person(r#""deceasedBoolean":true"#);
        assert_eq!(person.death, Death::Died(None));
        let (person, _) = self::person(r#""deceasedDateTime":"2020-05""#);
        assert_eq!(person.death, Death::Died(When::parse("2020-05")));
    }

    #[test]
    fn the_official_name_comes_first_and_facts_are_told() {
        let (person, _) = person(
            r#""name":[{"use":"maiden","family":"Old"},{"use":"official","family":"New","given":["Ann"],"suffix":["Jr."]}],
            "gender":"female","telecom":[{"system":"phone","value":"555","use":"home"}],
            "address":{"line":["1 Way"],"city":"Town","state":"WA","postalCode":"98100"},
            "identifier":[{"type":{"text":"MRN"},"value":"12"}],
            "communication":[{"language":{"text":"Spanish"},"preferred":true}],
            "contact":[{"relationship":[{"text":"mother"}],"name":{"text":"Eve"},"telecom":[{"value":"556"}]}],
            "extension":[
              {"url":"http://hl7.org/fhir/us/core/StructureDefinition/us-core-race","extension":[
                {"url":"ombCategory","valueCoding":{"code":"2106-3","display":"White"}}]},
              {"url":"http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex","valueCode":"M"},
              {"url":"http://hl7.org/fhir/us/core/StructureDefinition/us-core-genderIdentity",
                "valueCodeableConcept":{"text":"woman"}}]"#,
        );
        assert_eq!(person.name().as_deref(), Some("Ann New"));
        assert_eq!(person.birth_sex.as_deref(), Some("M"));
        assert_eq!(person.gender_identity.as_deref(), Some("woman"));
        assert_eq!(person.reach, ["phone: 555 (home)", "address: 1 Way, Town, WA 98100"]);
        assert_eq!(person.identifiers, [("MRN".into(), "12".into())]);
        let fact = |label: &str| {
            person.facts.iter().find(|(known, _)| known == label).map(|(_, value)| value.to_string())
        };
        assert_eq!(fact("race").as_deref(), Some("White"));
        assert_eq!(fact("preferred language").as_deref(), Some("Spanish"));
        assert_eq!(fact("contact").as_deref(), Some("mother: Eve, 556"));
        assert_eq!(fact("name suffix").as_deref(), Some("Jr."));
    }
}
