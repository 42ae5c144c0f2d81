//! Which entries speak of the same drug, across orders, statements and dispenses.

use std::collections::HashMap;

use super::medication;
use crate::insight::lifetime::Lifetime;
use crate::insight::{Context, Refusal};
use crate::knowledge::folding::fold;
use crate::knowledge::identity::strength;
use crate::record::{Entry, Group, Kind, LinkRole, Standing, System};

/// All medicines of the view whose dates can be, to be found by the drug: the others confirm and deny nothing.
pub(super) struct SameDrug<'a> {
    /// Each with its group and its strength.
    entries: Vec<(&'a Group, &'a Entry, String)>,
    places: HashMap<String, Vec<usize>>,
}

impl<'a> SameDrug<'a> {
    pub fn of(context: &Context<'a>) -> Result<SameDrug<'a>, Refusal> {
        let lifetime = Lifetime::of(context.view, context.today);
        let mut all = SameDrug { entries: Vec::new(), places: HashMap::new() };
        for group in context.view.groups(Kind::Medication) {
            context.check()?;
            for entry in context.view.members(group) {
                let is_said = !matches!(
                    entry.standing,
                    Standing::EnteredInError | Standing::NoneKnown | Standing::NotAsked
                );
                if !is_said || lifetime.objection(entry).is_some() {
                    continue;
                }
                for word in words(entry).into_iter().chain(links(entry)) {
                    all.places.entry(word).or_default().push(all.entries.len());
                }
                all.entries.push((group, entry, strength_of(entry)));
            }
        }
        Ok(all)
    }

    /// The other entries of the same drug, each with its group: by a code, by the name, or by ingredients
    /// of the same strength. What names the entry as its order is the same drug by what the source says.
    pub fn others(&self, entry: &Entry) -> impl Iterator<Item = (&'a Group, &'a Entry)> {
        let own = words(entry);
        let mut places: Vec<usize> =
            own.iter().filter_map(|word| self.places.get(word)).flatten().copied().collect();
        places.sort_unstable();
        places.dedup();
        let (id, strength) = (entry.id, strength_of(entry));
        let found = places.into_iter().filter_map(|place| self.entries.get(place));
        let found = found.filter(move |(_, other, theirs)| other.id != id && is_same(&strength, theirs));
        found.map(|(group, other, _)| (*group, *other)).chain(self.linked(entry))
    }

    /// The entries that name this one as the order they answer.
    pub fn linked(&self, order: &Entry) -> impl Iterator<Item = (&'a Group, &'a Entry)> {
        let places = self.places.get(&own_link(order)).into_iter().flatten();
        places.filter_map(|place| self.entries.get(*place)).map(|(group, other, _)| (*group, *other))
    }
}

/// Two strengths are two medicines; where one is not told, the drug alone decides.
fn is_same(one: &str, other: &str) -> bool {
    one.is_empty() || other.is_empty() || one == other
}

fn strength_of(entry: &Entry) -> String {
    strength(entry.concept.name().unwrap_or_default())
}

/// The words under which an entry is found, in one order: its RxNorm codes, its name, its ingredients.
pub(super) fn words(entry: &Entry) -> Vec<String> {
    let mut words: Vec<String> =
        entry.concept.codes_in(&System::RxNorm).map(|code| format!("rxnorm {}", code.trim())).collect();
    let name = fold(&entry.concept.label());
    if !name.is_empty() {
        words.push(format!("name {name}"));
    }
    let ingredients = medication(entry).map(|medicine| medicine.ingredients.join("+")).unwrap_or_default();
    if !ingredients.is_empty() {
        words.push(format!("ingredients {ingredients}"));
    }
    words
}

fn links(entry: &Entry) -> Vec<String> {
    entry.linked(LinkRole::Order).map(|key| format!("order {} {key}", entry.source)).collect()
}

fn own_link(entry: &Entry) -> String {
    format!("order {} {}", entry.source, entry.key)
}
