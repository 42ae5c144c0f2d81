//! Who took part, in the elements of all versions.

use super::base::add_one;
use super::node::Node;
use super::references::add_actor;
use crate::record::Entry;

/// Adds those of R5 who took part, each with their function (DSTU2 and R4 have an element for each).
pub(super) fn add_participants(entry: &mut Entry, node: Node) {
    for participant in node.nodes("participant") {
        let role = participant.label("function").or_else(|| participant.label("role"));
        let role = role.unwrap_or_else(|| "participant".into());
        let who = participant.reference("actor").or_else(|| participant.reference("member"));
        if let Some(who) = who {
            add_actor(entry, &role, who);
        }
    }
}

/// Adds performers, whether each is a reference or has a function or role beside it.
pub(super) fn add_performers(entry: &mut Entry, node: Node) {
    for performer in node.nodes("performer") {
        let role = performer.label("function").or_else(|| performer.label("role"));
        let role = role.unwrap_or_else(|| "performer".into());
        if let Some(actor) = performer.reference("actor").or_else(|| performer.as_reference()) {
            add_actor(entry, &role, actor);
        }
        let behalf = performer.reference("onBehalfOf");
        add_one(entry, "on behalf of", behalf.and_then(|behalf| behalf.name));
    }
}
