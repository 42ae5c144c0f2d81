//! What must be alike before two results are read as one line: laboratory, method, specimen, place, unit.

use crate::insight::measurements::measurement;
use crate::insight::plausible::is_possible;
use crate::insight::{Context, plain};
use crate::knowledge::analytes::Analyte;
use crate::knowledge::folding::{fold, may_hold};
use crate::knowledge::units;
use crate::record::{Actor, Entry, Kind, Quantity, SourceKind, Standing, Value};

/// What sets two results of one test apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// Another laboratory or clinic, with both names where they are known.
    Laboratory(String, String),
    /// Another method.
    Method(String, String),
    /// Another specimen.
    Specimen(String, String),
    /// One at home, one not.
    Place,
}

impl Difference {
    /// The difference in words, with the earlier first.
    pub fn words(&self) -> String {
        let both = |what: &str, from: &str, to: &str| match (from, to) {
            ("", _) | (_, "") => format!("another {what}"),
            _ => format!("another {what} ({from}, then {to})"),
        };
        match self {
            Difference::Laboratory(from, to) => both("laboratory or clinic", from, to),
            Difference::Method(from, to) => both("method", from, to),
            Difference::Specimen(from, to) => both("specimen", from, to),
            Difference::Place => "one was taken at home and one was not".into(),
        }
    }
}

/// What sets the earlier and the later result apart, if anything does.
pub fn difference(context: &Context<'_>, earlier: &Entry, later: &Entry) -> Option<Difference> {
    let said = |entry: &Entry| {
        let found = measurement(entry);
        let text = |text: Option<&str>| text.map(plain).unwrap_or_default();
        let specimen = found.and_then(|found| found.specimen.as_deref());
        (text(specimen), text(found.and_then(|found| found.method.as_deref())))
    };
    let ((from_specimen, from_method), (to_specimen, to_method)) = (said(earlier), said(later));
    if fold(&from_specimen) != fold(&to_specimen) {
        return Some(Difference::Specimen(from_specimen, to_specimen));
    }
    if fold(&from_method) != fold(&to_method) {
        return Some(Difference::Method(from_method, to_method));
    }
    if at_home(context, earlier).is_some() != at_home(context, later).is_some() {
        return Some(Difference::Place);
    }
    let names = [earlier, later].map(|entry| laboratory(entry).map(plain));
    match names {
        [Some(from), Some(to)] if fold(&from) == fold(&to) => None,
        [None, None] if earlier.source == later.source => None,
        [from, to] => {
            let source = |entry: &Entry| plain(&context.view.source(entry).name);
            let (from, to) = (from.unwrap_or_else(|| source(earlier)), to.unwrap_or_else(|| source(later)));
            // A name on one side alone may be that of the same house.
            let is_told = from != to;
            Some(Difference::Laboratory(
                if is_told { from } else { String::new() },
                if is_told { to } else { String::new() },
            ))
        }
    }
}

/// The laboratory or clinic that an entry names; a person who drew or measured is none.
pub fn laboratory(entry: &Entry) -> Option<&str> {
    const PEOPLE: [&str; 4] = ["Practitioner", "Patient", "RelatedPerson", "CareTeam"];
    let is_house = |actor: &&Actor| {
        let key = actor.key.as_deref();
        matches!(&*actor.role, "organization" | "laboratory")
            || actor.role == "performer"
                && key.is_some_and(|key| !PEOPLE.iter().any(|who| key.starts_with(who)))
    };
    // A performer with neither a kind nor a reference may be a person: only what says so is a house.
    let is_named = |actor: &&Actor| actor.key.as_deref().is_some_and(|key| key.starts_with("Organization"));
    let named = entry.actors.iter().find(is_named).and_then(|actor| actor.name.as_deref());
    named.or_else(|| entry.actors.iter().find(is_house).and_then(|actor| actor.name.as_deref()))
}

/// By what the record says that a reading was taken at home; nothing where it does not say.
pub fn at_home(context: &Context<'_>, entry: &Entry) -> Option<&'static str> {
    if entry.kind() == Kind::Lab {
        return None;
    }
    if entry.actors.iter().any(|actor| actor.key.as_deref().is_some_and(|key| key.starts_with("Patient/"))) {
        return Some("by the person");
    }
    if context.view.source(entry).kind == SourceKind::Own {
        return Some("by the person");
    }
    let method = measurement(entry).and_then(|found| found.method.as_deref());
    let device = entry.actor("device");
    let words = entry.categories.iter().map(|word| word.as_str()).chain(method).chain(device);
    let further = entry.more.iter().flat_map(|(label, value)| [label.as_str(), value.as_str()]);
    let says = |text: &str| {
        // Folding thousands of words to find nothing is what this costs.
        if !["home", "self", "patient"].iter().any(|word| may_hold(text, word)) {
            return false;
        }
        let text = fold(text);
        let is_word = |word: &str| text.split(' ').any(|own| own == word);
        is_word("home") || text.contains("self measured") || text.contains("patient reported")
    };
    words.chain(further).any(says).then_some("at home")
}

/// True for what was done and not taken back, finished or not.
pub fn is_result(entry: &Entry) -> bool {
    entry.standing.is_fact() && !matches!(entry.status.as_deref(), Some("cancelled" | "entered-in-error"))
}

/// True for a result that its laboratory has finished and not withdrawn.
pub fn is_settled(entry: &Entry) -> bool {
    let status = entry.status.as_deref().unwrap_or("final");
    entry.standing == Standing::Stated && matches!(status, "final" | "amended" | "corrected" | "appended")
}

/// True for a settled result that can be: of everything else nothing is made.
pub fn is_sound(entry: &Entry) -> bool {
    is_settled(entry) && measurement(entry).is_some_and(|found| is_possible(entry, found))
}

/// The plain number of a result, with its unit; nothing for `<5`, words and what has no unit.
pub fn quantity(entry: &Entry) -> Option<(&Quantity, &str)> {
    match &measurement(entry)?.value {
        Some(Value::Quantity(quantity)) if quantity.comparator.is_none() => {
            let unit = quantity.unit().filter(|unit| !unit.trim().is_empty())?;
            Some((quantity, unit))
        }
        _ => None,
    }
}

/// The digits of a result in a unit, exactly; nothing where it cannot be brought there.
pub fn in_unit(entry: &Entry, unit: &str, analyte: Option<&Analyte>) -> Option<String> {
    let (quantity, own) = quantity(entry)?;
    units::exactly(quantity.number.as_written(), own, unit, analyte)
}
