//! Which kind of clinician an entry belongs to: by the words of the visit or order, and by what the record
//! says of those who had to do with it.

use std::cell::RefCell;
use std::collections::HashMap;

use super::{Context, Refusal};
use crate::knowledge::folding::fold;
use crate::knowledge::specialties::specialties_named;
use crate::record::{Detail, Entry, Kind};

/// Keys of the table of specialties.
type Keys = Vec<&'static str>;

/// What the record says of clinicians and places, for the question which specialty an entry belongs to.
pub struct Specialists<'a> {
    /// By source and identity there.
    by_key: HashMap<(u16, &'a str), Keys>,
    /// By folded name: another source names the same clinician without their identity.
    by_name: HashMap<String, Keys>,
    /// Visits share their words: each text is looked up once.
    known: RefCell<HashMap<&'a str, Keys>>,
}

impl<'a> Specialists<'a> {
    /// Reads the contacts and care teams of a record.
    pub fn of(context: &Context<'a>) -> Result<Specialists<'a>, Refusal> {
        let mut all =
            Specialists { by_key: HashMap::new(), by_name: HashMap::new(), known: RefCell::default() };
        for entry in context.view.entries(Kind::Contact) {
            context.check()?;
            let Detail::Contact(contact) = &entry.detail else { continue };
            let keys = keys_of(contact.roles.iter().map(|role| role.as_str()));
            // A clinician's role at a place names the clinician.
            let who = entry.actors.iter().filter(|actor| actor.role == "practitioner");
            let who = who.filter_map(|actor| actor.key.as_deref());
            let links = entry.links.iter().map(|link| link.key.as_str());
            for key in links.chain(who).chain([entry.key.as_str()]) {
                add(all.by_key.entry((entry.source, key)).or_default(), &keys);
            }
            let names = entry.actors.iter().filter(|actor| actor.role == "practitioner");
            let names = names.filter_map(|actor| actor.name.as_deref()).chain(entry.concept.name());
            names.for_each(|name| add(all.by_name.entry(fold(name)).or_default(), &keys));
        }
        for entry in context.view.entries(Kind::CarePlan) {
            let Detail::Team(members) = &entry.detail else { continue };
            for member in members {
                let keys = keys_of(member.role.as_deref());
                if let Some(key) = &member.key {
                    add(all.by_key.entry((entry.source, key.as_str())).or_default(), &keys);
                }
                if let Some(name) = &member.name {
                    add(all.by_name.entry(fold(name)).or_default(), &keys);
                }
            }
        }
        Ok(all)
    }

    /// The specialties that an entry belongs to, by its name and by who had to do with it. Why a person came
    /// says nothing of whom they came to, so that reasons are not read.
    pub fn of_entry(&self, entry: &'a Entry) -> Keys {
        let mut keys = Keys::new();
        let words = entry.concept.words().chain(entry.categories.iter().map(|category| category.as_str()));
        words.for_each(|words| add(&mut keys, &self.named(words)));
        // Who asked for it is another than who does it.
        for actor in entry.actors.iter().filter(|actor| actor.role != "requester") {
            if let Some(known) = actor.key.as_deref().and_then(|key| self.by_key.get(&(entry.source, key))) {
                add(&mut keys, known);
            }
            if let Some(name) = actor.name.as_deref() {
                add(&mut keys, &self.named(name));
            }
        }
        keys
    }

    /// What these words name, as a specialty or as a clinician whose part is recorded.
    fn named(&self, words: &'a str) -> Keys {
        if let Some(known) = self.known.borrow().get(words) {
            return known.clone();
        }
        let mut keys = keys_of([words]);
        if let Some(known) = self.by_name.get(&fold(words)) {
            add(&mut keys, known);
        }
        self.known.borrow_mut().insert(words, keys.clone());
        keys
    }
}

fn keys_of<'t>(words: impl IntoIterator<Item = &'t str>) -> Keys {
    let mut keys = Keys::new();
    for words in words {
        let named: Keys = specialties_named(words).into_iter().map(|specialty| specialty.key).collect();
        add(&mut keys, &named);
    }
    keys
}

fn add(keys: &mut Keys, more: &[&'static str]) {
    for key in more {
        if !keys.contains(key) {
            keys.push(key);
        }
    }
}
