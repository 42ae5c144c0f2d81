//! Why something was done, and why it was not, in the elements of all versions.

use super::node::Node;
use crate::record::Text;

/// Why something was done or is taken, in the elements of all versions.
pub(super) fn all(node: Node) -> Vec<Text> {
    const CODED: [&str; 4] = ["reasonCode", "reasonCodeableConcept", "reasonForUseCodeableConcept", "reason"];
    const REFERRED: [&str; 4] = ["reasonReference", "reasonForUseReference", "indication", "reason"];
    let coded = CODED.iter().flat_map(|key| node.labels(key));
    let named = REFERRED.iter().flat_map(|key| node.references(key)).filter_map(|reason| reason.name);
    let mut reasons: Vec<Text> = Vec::new();
    for reason in coded.chain(named) {
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    reasons
}

/// Why something was not done, in the elements of all versions.
pub(super) fn why_not(node: Node) -> Option<Text> {
    const WHY_NOT: [&str; 9] = [
        "statusReason",
        "statusReasonCodeableConcept",
        "reasonNotTaken",
        "reasonNotGiven",
        "reasonNotPerformed",
        "notDoneReason",
        "notDoneReasonCodeableConcept",
        "notPerformedReason",
        "reasonEnded",
    ];
    WHY_NOT.iter().find_map(|key| node.label(key))
}
