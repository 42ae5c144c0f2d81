//! What `knowledge` says about an entry, set once when it comes in: group keys, sensitive classes, and a
//! medicine's ingredients. Codes, names, types of notes and departments mark the entry; the words of its
//! prose mark a passage (`passages`).

mod passages;
mod spread;

use std::hash::Hash;

use foldhash::{HashMap, HashSet};

use crate::knowledge::medicines::ingredients_of;
use crate::knowledge::sensitive::{
    Classes, classes_of_code, classes_of_medicine, classes_of_note, classes_of_words,
};
use crate::knowledge::{identity, sensitive};
use crate::record::{
    Actor, Code, Concept, Detail, DocumentKind, Entry, EntryId, Kind, LinkRole, Measurement, NAME_BYTES_MAX,
    Part, Passages, Record, System, Text, Value, each_text,
};
use crate::store::parallel;

/// Entries that one thread marks at a time.
const SHARE: usize = 1024;
/// Where privacy labels come from, which the record keeps without their system.
const ACT_CODES: &str = "http://terminology.hl7.org/CodeSystem/v3-ActCode";

/// What is known of one entry.
struct Marks {
    keys: Vec<crate::record::Key>,
    classes: Classes,
    ingredients: Vec<Text>,
    passages: Passages,
}

/// Marks entries that are about to come into a record.
pub fn mark(entries: &mut [Entry], record: &Record) {
    let shares: Vec<&[Entry]> = entries.chunks(SHARE).collect();
    let marks = parallel::map(&shares, |share| {
        let mut words = Words::default();
        share.iter().map(|entry| words.marks(entry)).collect::<Vec<Marks>>()
    });
    for (entry, marks) in entries.iter_mut().zip(marks.into_iter().flatten()) {
        entry.keys = marks.keys;
        entry.classes = marks.classes.bits();
        entry.passages = marks.passages;
        if let Detail::Medication(medicine) = &mut entry.detail {
            medicine.ingredients = marks.ingredients;
        }
    }
    mark_panels(entries, record);
    spread::spread(entries, record);
}

/// The entries of a record that an earlier version has read, with their passages marked now; those that are
/// being written anyway are left out.
pub fn unmarked(record: &Record, written: &[Entry]) -> Vec<Entry> {
    let written: HashSet<EntryId> = written.iter().map(|entry| entry.id).collect();
    let of_earlier = |entry: &&Entry| !entry.passages.is_marked && !written.contains(&entry.id);
    let mut entries: Vec<Entry> = record.entries.iter().filter(of_earlier).cloned().collect();
    let shares: Vec<&[Entry]> = entries.chunks(SHARE).collect();
    let marks = parallel::map(&shares, |share| {
        let mut known = passages::Known::default();
        share.iter().map(|entry| passages::of(entry, &mut known)).collect::<Vec<Passages>>()
    });
    let marks: Vec<Passages> = marks.into_iter().flatten().collect();
    entries.iter_mut().zip(marks).for_each(|(entry, passages)| entry.passages = passages);
    entries
}

/// Reports with the same set of results are the same report.
fn mark_panels(entries: &mut [Entry], record: &Record) {
    let is_panel = |entry: &Entry| match &entry.detail {
        Detail::Document(document) => document.kind == DocumentKind::LabPanel,
        _ => false,
    };
    let live = entries.iter().filter(|entry| entry.is_live() && entry.kind() == Kind::Lab);
    let by_key: HashMap<(u16, &str), &Entry> =
        live.map(|entry| ((entry.source, entry.key.as_str()), entry)).collect();
    let result =
        |source: u16, key: &str| by_key.get(&(source, key)).copied().or_else(|| record.by_key(source, key));
    let panels = entries.iter().enumerate().filter(|(_, entry)| is_panel(entry));
    let found: Vec<_> = panels
        .filter_map(|(place, entry)| {
            let results = entry.linked(LinkRole::Result).map(|key| result(entry.source, key));
            let results = results.collect::<Option<Vec<&Entry>>>()?;
            Some((place, identity::key_of_results(entry, &results)?))
        })
        .collect();
    for (place, key) in found {
        entries[place].keys.push(key);
    }
}

/// Remembers what words were said to mean: an import says the same words many thousand times.
#[derive(Default)]
struct Words {
    coded: HashMap<Code, Classes>,
    named: HashMap<Text, Classes>,
    notes: HashMap<Text, Classes>,
    passages: passages::Known,
}

impl Words {
    fn marks(&mut self, entry: &Entry) -> Marks {
        let ingredients = match &entry.detail {
            Detail::Medication(_) => ingredients(&entry.concept),
            _ => Vec::new(),
        };
        let (keys, classes) = (identity::keys(entry), self.classes(entry));
        Marks { keys, classes, ingredients, passages: passages::of(entry, &mut self.passages) }
    }

    /// A code, a name, a value, a reason, an answer, a label, the type of a note or a department marks the
    /// whole entry. Prose and comments do not: their words mark a passage.
    fn classes(&mut self, entry: &Entry) -> Classes {
        let labels = entry.security.iter().map(|label| classes_of_code(ACT_CODES, label));
        let read = Classes::from_bits(entry.classes);
        let mut classes = labels.fold(read, Classes::with).with(self.concept(&entry.concept));
        match &entry.detail {
            Detail::Medication(_) => {
                let codes = coded(&entry.concept);
                let name = entry.concept.name().unwrap_or_default();
                classes = classes.with(classes_of_medicine(&codes, name));
            }
            Detail::Measurement(found) => classes = classes.with(self.measured(found)),
            Detail::Family(family) => {
                for condition in &family.conditions {
                    classes = classes.with(self.concept(&condition.concept));
                }
            }
            Detail::Claim(claim) => {
                for item in &claim.items {
                    let name = item.concept.name().unwrap_or_default();
                    classes = classes.with(classes_of_medicine(&coded(&item.concept), name));
                }
                let billed = claim.diagnoses.iter().chain(&claim.procedures).map(|billed| &billed.concept);
                let concepts = billed.chain(claim.items.iter().map(|item| &item.concept));
                classes = concepts.fold(classes, |classes, concept| classes.with(self.concept(concept)));
            }
            Detail::Answers(answers) => {
                let questions = answers.iter().map(|(question, _)| self.name(question));
                classes = questions.fold(classes, Classes::with);
            }
            _ => {}
        }
        if !matches!(entry.kind(), Kind::Demographics | Kind::Contact) {
            classes = classes.with(self.told(entry));
        }
        if spread::OF_DEPARTMENT.contains(&entry.kind()) {
            classes = classes.with(self.department(entry));
        }
        classes
    }

    /// What was found, by its codes; its words are told with the others.
    fn measured(&mut self, found: &Measurement) -> Classes {
        let values = found.components.iter().map(|part| part.value.as_ref()).chain([found.value.as_ref()]);
        let values = values.filter_map(|value| match value {
            Some(Value::Concept(concept)) => Some(concept),
            _ => None,
        });
        let parts = found.components.iter().map(|part| &part.concept);
        parts.chain(values).fold(Classes::NONE, |classes, concept| classes.with(self.concept(concept)))
    }

    /// Names among what is told beside the name, and questions by their codes.
    fn told(&mut self, entry: &Entry) -> Classes {
        let mut classes = Classes::NONE;
        each_text(entry, &mut |part, text| {
            if matches!(part, Part::Told | Part::Further) && text.len() <= NAME_BYTES_MAX {
                classes = classes.with(self.words(text));
            }
        });
        let codes = entry.more.iter().filter_map(|(label, _)| label.strip_prefix("LOINC "));
        let codes = codes.map(|code| classes_of_code(System::Loinc.address(), code));
        let places = entry.actors.iter().filter(|actor| !is_person(actor));
        let places = places.filter_map(|actor| actor.name.as_deref());
        let of_places = places.fold(Classes::NONE, |classes, name| classes.with(self.words(name)));
        codes.fold(classes.with(of_places), Classes::with)
    }

    fn concept(&mut self, concept: &Concept) -> Classes {
        let coded = concept.codes.iter().fold(Classes::NONE, |classes, code| classes.with(self.code(code)));
        let names = concept.text.iter().chain(concept.codes.iter().filter_map(|code| code.display.as_ref()));
        names.fold(coded, |classes, name| classes.with(self.name(name)))
    }

    fn code(&mut self, code: &Code) -> Classes {
        remember(&mut self.coded, code, |code| classes_of_code(code.system.address(), &code.code))
    }

    fn name(&mut self, name: &Text) -> Classes {
        remember(&mut self.named, name, |name| classes_of_words(name))
    }

    /// What words reveal that no entry shares as one text.
    fn words(&mut self, words: &str) -> Classes {
        if let Some(classes) = self.named.get(words) {
            return *classes;
        }
        let classes = classes_of_words(words);
        self.named.insert(words.into(), classes);
        classes
    }

    fn department(&mut self, entry: &Entry) -> Classes {
        let places = ["location", "organization", "department", "provider"];
        let actors = entry.actors.iter().filter(|actor| places.contains(&actor.role.as_str()));
        let titles = match &entry.detail {
            Detail::Document(document) => document.attachments.as_slice(),
            _ => &[],
        };
        let roles = match &entry.detail {
            Detail::Contact(contact) => contact.roles.as_slice(),
            _ => &[],
        };
        let displays = entry.concept.codes.iter().filter_map(|code| code.display.as_ref());
        let words = (entry.concept.text.iter().chain(displays).chain(&entry.categories))
            .chain(actors.filter_map(|actor| actor.name.as_ref()))
            .chain(roles)
            .chain(titles.iter().filter_map(|attachment| attachment.title.as_ref()));
        words.fold(Classes::NONE, |classes, word| {
            classes.with(remember(&mut self.notes, word, |word| classes_of_note(word)))
        })
    }
}

/// True of somebody whose name is their own: a person's name reveals nothing.
fn is_person(actor: &Actor) -> bool {
    let key = actor.key.as_deref().unwrap_or_default();
    ["Practitioner", "Patient", "RelatedPerson"].iter().any(|kind| key.contains(kind))
}

fn remember<T: Clone + Eq + Hash>(
    known: &mut HashMap<T, Classes>,
    words: &T,
    meaning: impl FnOnce(&T) -> Classes,
) -> Classes {
    if let Some(classes) = known.get(words) {
        return *classes;
    }
    let classes = meaning(words);
    known.insert(words.clone(), classes);
    classes
}

fn ingredients(concept: &Concept) -> Vec<Text> {
    let found = ingredients_of(&coded(concept), concept.name().unwrap_or_default());
    found.into_iter().map(|ingredient| Text::from(ingredient.name)).collect()
}

fn coded(concept: &Concept) -> Vec<(&str, &str)> {
    concept.codes.iter().map(|code| (code.system.address(), code.code.as_str())).collect()
}

/// The names of the classes in a set of bits, for the report.
pub fn class_names(bits: u8) -> Vec<&'static str> {
    Classes::from_bits(bits).iter().map(sensitive::Class::plain).collect()
}
