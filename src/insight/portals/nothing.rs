//! Which kind of nothing there is where no entry is: never sent, none there, or not to be known.

use super::{Portal, portals};
use crate::insight::coverage::day_of;
use crate::insight::{Context, shortened};
use crate::record::Kind;

/// Why there is no entry of some kinds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Nothing {
    /// No source has sent one, and none was asked.
    NotSent,
    /// These portals were asked and hold none: each with the day.
    NoneThere(Vec<String>),
    /// A portal did not give it, or not all of it: which ones.
    NotKnown(Vec<String>),
}

impl Nothing {
    /// Why there is none of these kinds. Behind a setting nobody can tell what is not there from what is
    /// withheld, so that no portal is said to hold none.
    pub fn of(context: &Context<'_>, kinds: &[Kind]) -> Nothing {
        let scope = context.view.scope();
        let kinds: Vec<Kind> = kinds.iter().copied().filter(|kind| scope.kinds.contains(kind)).collect();
        if kinds.is_empty() {
            return Nothing::NotSent;
        }
        let all: Vec<Portal<'_>> = portals(context).collect();
        let name = |portal: &&Portal<'_>| shortened(&portal.source.name, NAME_CHARS);
        let unknown = all.iter().filter(|portal| is_unknown(portal, &kinds));
        let unknown: Vec<String> = unknown.map(|portal| name(&portal)).collect();
        if !unknown.is_empty() {
            return Nothing::NotKnown(at_most(unknown));
        }
        let holds_none =
            |portal: &&Portal<'_>| !scope.withholds() && kinds.iter().all(|kind| portal.holds_none(*kind));
        let none = all.iter().filter(holds_none).map(|portal| {
            let day = day_of(portal.fetched.at).unwrap_or_default();
            format!("{} on {day}", name(&portal))
        });
        let none: Vec<String> = none.collect();
        if none.is_empty() { Nothing::NotSent } else { Nothing::NoneThere(at_most(none)) }
    }
}

impl Nothing {
    /// What is added to a saying that there is none, where that is not known.
    pub fn gap(&self) -> String {
        match self {
            Nothing::NotKnown(portals) => {
                format!(" (not all could be fetched from {}: see Coverage)", portals.join(", "))
            }
            Nothing::NotSent | Nothing::NoneThere(_) => String::new(),
        }
    }
}

/// So many portals are named; more are counted.
const NAMES_MAX: usize = 3;
/// Characters of the name of a portal.
const NAME_CHARS: usize = 40;

fn at_most(mut portals: Vec<String>) -> Vec<String> {
    let more = portals.len().saturating_sub(NAMES_MAX);
    portals.truncate(NAMES_MAX);
    portals.extend((more > 0).then(|| format!("{more} more")));
    portals
}

fn is_unknown(portal: &Portal<'_>, kinds: &[Kind]) -> bool {
    !portal.was_fetched() && portal.fetched.trouble.is_some() || portal.lacks(kinds).next().is_some()
}

/// Of which of these no entry is here, by their words: what no source has sent, what a portal that was asked
/// does not hold, and what is not to be known, each told apart.
pub fn missing<'a>(
    context: &Context<'_>,
    absent: impl IntoIterator<Item = (&'a str, &'a [Kind])>,
    not_sent: &str,
) -> Option<String> {
    let (mut unsent, mut none, mut unknown) = (Vec::new(), Vec::new(), Vec::new());
    for (word, kinds) in absent {
        match Nothing::of(context, kinds) {
            Nothing::NotSent => unsent.push(word),
            Nothing::NoneThere(_) => none.push(word),
            Nothing::NotKnown(_) => unknown.push(word),
        }
    }
    let parts = [
        (not_sent, unsent),
        ("asked of a portal that holds none:", none),
        ("not known, since not all could be fetched:", unknown),
    ];
    let told = parts.into_iter().filter(|(_, words)| !words.is_empty());
    let told: Vec<String> = told.map(|(why, words)| format!("{why} {}", words.join(", "))).collect();
    (!told.is_empty()).then(|| told.join("; "))
}

/// The same for whole kinds.
pub fn missing_kinds(context: &Context<'_>, kinds: &[Kind]) -> Option<String> {
    let absent = kinds.iter().filter(|kind| context.view.groups(**kind).is_empty());
    let absent = absent.map(|kind| (kind.plural(), std::slice::from_ref(kind)));
    // Behind a setting nobody can tell what was sent from what was not.
    let not_sent = match context.view.scope().withholds() {
        true => "nothing can be seen here of:",
        false => "not sent by any source:",
    };
    missing(context, absent, not_sent)
}
