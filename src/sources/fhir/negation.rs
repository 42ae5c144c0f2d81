//! What turns the meaning of a resource around, in the elements of all versions.

use super::node::Node;
use crate::record::Entry;

/// Elements by which the versions of FHIR say that something was not done or is not to be done: overlooking one turns
/// what is told into its opposite.
const NEGATIONS: [&str; 7] =
    ["doNotPerform", "notDone", "notPerformed", "notGiven", "wasNotGiven", "wasNotTaken", "prohibited"];

/// True of what says that it was not done or is not to be done.
pub(super) fn is_negated(node: Node) -> bool {
    let is_withdrawn = node.word("status") == Some("entered-in-error");
    // US guides of STU3 and R4 say it in an extension that must not be overlooked (`qicore-notDone`).
    let by_extension = || {
        let mut modifiers =
            node.nodes("modifierExtension").filter(|one| one.flag("valueBoolean") == Some(true));
        modifiers
            .any(|one| one.word("url").is_some_and(|url| NEGATIONS.iter().any(|word| url.ends_with(word))))
    };
    let is_said = || NEGATIONS.iter().any(|key| node.has(key) && node.flag(key) == Some(true));
    !is_withdrawn && (is_said() || by_extension())
}

/// Extensions that change the meaning of what they stand in: each is told, understood or not (FHIR R4, 2.4.0).
pub(super) fn add_modifiers(entry: &mut Entry, node: Node) {
    for modifier in node.nodes("modifierExtension") {
        let name = modifier.word("url").and_then(|url| url.rsplit('/').next()).unwrap_or("extension");
        let words = modifier.choices("value").find_map(|(key, _, _)| modifier.words(key).next());
        let words = words.unwrap_or_else(|| "see the original".into());
        entry.more.push(("changes its meaning".into(), format!("{name}: {words}").into()));
    }
}
