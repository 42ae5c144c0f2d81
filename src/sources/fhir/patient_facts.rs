//! What extensions and further elements say about a person: race, language, interpreter and more.

use super::extensions::extension_words;
use super::node::Node;
use super::patient::{name_line, telecom};
use crate::record::Text;

/// Sex recorded at birth (US Core `us-core-birthsex`).
pub(super) fn birth_sex(node: Node) -> Option<Text> {
    extension_words(node.extension("us-core-birthsex")?)
}

/// Gender identity (US Core `us-core-genderIdentity`, HL7 `individual-genderIdentity`).
pub(super) fn gender_identity(node: Node) -> Option<Text> {
    let us_core = node.extension("us-core-genderIdentity");
    extension_words(us_core.or_else(|| node.extension("individual-genderIdentity"))?)
}

/// Everything else: label and value.
pub(super) fn facts(node: Node) -> Vec<(Text, Text)> {
    let mut facts = Vec::new();
    let mut add = |label: &str, value: Option<Text>| facts.extend(value.map(|value| (label.into(), value)));
    for (ending, label) in [
        ("us-core-race", "race"),
        ("variables/race", "race"),
        ("us-core-ethnicity", "ethnicity"),
        ("us-core-tribal-affiliation", "tribal affiliation"),
        ("us-core-sex", "recorded sex"),
        ("us-core-individual-sex", "recorded sex"),
        ("patient-sexParameterForClinicalUse", "sex for clinical use"),
        ("individual-pronouns", "pronouns"),
        ("us-core-interpreter-needed", "interpreter needed"),
        ("patient-interpreterRequired", "interpreter needed"),
        ("patient-religion", "religion"),
        ("patient-nationality", "nationality"),
        ("patient-birthPlace", "birth place"),
        ("patient-mothersMaidenName", "mother's maiden name"),
    ] {
        for extension in node.extensions(ending) {
            add(label, extension_words(extension));
        }
    }
    add("marital status", node.label("maritalStatus"));
    for name in node.nodes("name") {
        add("title", name.text("prefix"));
        add("name suffix", name.text("suffix"));
    }
    for spoken in node.nodes("communication") {
        let language = spoken.label("language");
        let is_preferred = spoken.flag("preferred") == Some(true);
        let label = if is_preferred { "preferred language" } else { "language" };
        add(label, language);
    }
    for (_, _, value) in node.choices("multipleBirth") {
        add("one of a multiple birth", super::node::scalar(value));
    }
    for contact in node.nodes("contact") {
        add("contact", contact_line(contact));
    }
    if node.flag("active") == Some(false) {
        add("patient entry", Some("no longer in use at the source".into()));
    }
    facts
}

/// Somebody to reach about the person, in one line (`mother: Ann Lee, phone: 555-0100`).
fn contact_line(node: Node) -> Option<Text> {
    let relation: Vec<Text> = node.labels("relationship").collect();
    let name = name_line(node).or_else(|| node.reference("organization")?.name);
    let reach: Vec<Text> = name.into_iter().chain(node.nodes("telecom").filter_map(telecom)).collect();
    let line = match relation.is_empty() {
        true => reach.join(", "),
        false => format!("{}: {}", relation.join(", "), reach.join(", ")),
    };
    Text::trimmed(line.trim_end_matches([' ', ':']))
}
