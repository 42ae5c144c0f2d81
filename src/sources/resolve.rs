//! Names for what entries only refer to: clinicians, organisations, places, medicines, specimens.
//!
//! This comes after everything was read, since a file may name somebody before it describes them.

use std::collections::HashMap;

use crate::record::{Concept, Contact, Detail, Entry, Text};

/// What a medicine is called whose description the source did not send, before its identity. Different
/// medicines must not get one name, or they would be taken for the same.
const NOT_SENT: &str = "name not sent";

/// What the entries of one source call the things that others refer to.
#[derive(Debug, Default)]
pub struct Names {
    named: HashMap<Text, Named>,
}

#[derive(Debug)]
struct Named {
    concept: Concept,
    what: What,
}

#[derive(Debug)]
enum What {
    /// A clinician, an organisation, a place, a device, the person.
    Somebody,
    /// A clinician's part in an organisation: the identities and names of both.
    Role {
        practitioner: Referred,
        organization: Referred,
    },
    Medicine,
    /// With its condition, which bears on the result (`hemolyzed`).
    Specimen {
        condition: Option<Text>,
    },
}

#[derive(Debug, Default)]
struct Referred {
    name: Option<Text>,
    key: Option<Text>,
}

/// Fills in names among the entries of one source.
pub fn resolve_names(entries: &mut [Entry]) {
    let names = Names::of(entries.iter());
    for entry in entries {
        names.resolve(entry);
    }
}

impl Names {
    /// The names that entries of one source give. Of two with one identity, the later counts.
    pub fn of<'a>(entries: impl Iterator<Item = &'a Entry>) -> Names {
        let named = entries.filter_map(|entry| Some((entry.key.clone(), named(entry)?)));
        Names { named: named.collect() }
    }

    /// Fills in what an entry only refers to. What was sent along stays; what nobody described stays
    /// without a name.
    pub fn resolve(&self, entry: &mut Entry) {
        for actor in &mut entry.actors {
            if actor.name.is_none() {
                actor.name = actor.key.as_deref().and_then(|key| self.name(key));
            }
        }
        self.resolve_medicine(entry);
        let organization = entry.actor("organization").map(Text::from);
        let practitioner = entry.actor("practitioner").map(Text::from);
        let specimen = self.specimen(entry);
        match &mut entry.detail {
            Detail::Contact(contact) => {
                if is_named_by_role(&entry.concept, contact) && practitioner.is_some() {
                    entry.concept.text = practitioner;
                }
                contact.organization = contact.organization.take().or(organization);
            }
            Detail::Team(members) => {
                for member in members {
                    let key = member.key.as_deref();
                    member.name = member.name.take().or_else(|| self.name(key?));
                    let behalf = member.on_behalf_of.take();
                    // Where no name was sent along, the identity stands there.
                    member.on_behalf_of = behalf.map(|behalf| self.name(&behalf).unwrap_or(behalf));
                }
            }
            Detail::Measurement(measurement) => {
                measurement.specimen = measurement.specimen.take().or(specimen);
            }
            _ => {}
        }
    }

    /// The name behind an identity.
    pub fn name(&self, key: &str) -> Option<Text> {
        let named = self.named.get(key)?;
        let own = named.concept.name().map(Text::from);
        let What::Role { practitioner, organization } = &named.what else { return own };
        // One step only: a role refers to a clinician, never to another role.
        let plain = |referred: &Referred| {
            let there = || self.named.get(referred.key.as_ref()?)?.concept.name().map(Text::from);
            referred.name.clone().or_else(there)
        };
        plain(practitioner).or_else(|| plain(organization)).or(own)
    }

    fn resolve_medicine(&self, entry: &mut Entry) {
        if !matches!(entry.detail, Detail::Medication(_)) || !entry.concept.codes.is_empty() {
            return;
        }
        let Some(key) = entry.extra("medication").map(Text::from) else { return };
        let is_unnamed = |text: &Text| text.starts_with(NOT_SENT);
        let sent = entry.concept.text.take().filter(|text| !is_unnamed(text));
        match self.named.get(&key) {
            Some(Named { concept, what: What::Medicine }) if !concept.is_empty() => {
                // The words that were sent with the order stand before the medicine's own.
                entry.concept =
                    Concept { text: sent.or_else(|| concept.text.clone()), codes: concept.codes.clone() };
            }
            _ => entry.concept.text = sent.or_else(|| Some(format!("{NOT_SENT} ({key})").into())),
        }
    }

    fn specimen(&self, entry: &Entry) -> Option<Text> {
        entry.links.iter().find_map(|link| match self.named.get(&link.key)? {
            Named { concept, what: What::Specimen { condition } } => match (concept.name(), condition) {
                (Some(name), Some(condition)) => Some(format!("{name} ({condition})").into()),
                (name, condition) => name.map(Text::from).or_else(|| condition.clone()),
            },
            _ => None,
        })
    }
}

/// What others may refer to an entry as; `None` for what nobody takes a name from.
fn named(entry: &Entry) -> Option<Named> {
    let is = |category: &str| entry.categories.iter().any(|own| *own == category);
    let referred = |role: &str| {
        let actor = entry.actors.iter().find(|actor| actor.role == role);
        actor.map(|actor| Referred { name: actor.name.clone(), key: actor.key.clone() }).unwrap_or_default()
    };
    let what = match &entry.detail {
        Detail::Contact(_) if entry.actors.iter().any(|actor| actor.role == "practitioner") => {
            What::Role { practitioner: referred("practitioner"), organization: referred("organization") }
        }
        Detail::Contact(_) => What::Somebody,
        Detail::Person(person) => {
            let concept = Concept { text: person.name().map(Text::from), codes: Vec::new() };
            return Some(Named { concept, what: What::Somebody });
        }
        Detail::Plain if entry.kind() == crate::record::Kind::Device => What::Somebody,
        Detail::Plain if is("medication") => What::Medicine,
        Detail::Plain if is("specimen") => {
            What::Specimen { condition: entry.extra("condition").map(Text::from) }
        }
        _ => return None,
    };
    Some(Named { concept: entry.concept.clone(), what })
}

/// True where a clinician's part was named by what they do, since the clinician was not named in it.
fn is_named_by_role(concept: &Concept, contact: &Contact) -> bool {
    concept.text.is_none() || concept.text.as_ref() == contact.roles.first()
}

#[cfg(test)]
mod tests;
