//! The people of one input, told apart by their Patients before anything is stored.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Serialize;

use super::gather::Found;
use super::names::{Difference, Folded, difference, folded, known_sex};
use crate::record::{Detail, Person, Text, When};
use crate::sources::{EXPORTER, Subject};

/// One Patient of the input: what resources call the person they are about.
#[derive(Clone, Debug, Default)]
pub struct Identity {
    /// How resources refer to it (`Patient/1`).
    pub key: Text,
    /// What the Patient resources say; empty where only references came.
    pub persons: Vec<Person>,
    /// The files that speak of it.
    pub files: BTreeSet<Text>,
    /// How many resources are about it.
    pub resources: usize,
}

/// Whom one found entry is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whom {
    /// The person behind this identity, by its place in [`People::identities`].
    Identity(usize),
    /// Nobody: a clinician, an organisation, a medicine.
    Nobody,
    /// An id that two different people of the input have.
    Unclear,
}

/// The people of one input.
#[derive(Debug, Default)]
pub struct People {
    /// Every Patient identity, in an order that does not depend on the input's.
    pub identities: Vec<Identity>,
    /// Which identities are one person: places in `identities`.
    pub people: Vec<Vec<usize>>,
    /// Whom each found entry is about, in the order of what was found.
    pub whom: Vec<Whom>,
}

/// A person of the input, to be listed where the import has to ask.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PersonFound {
    /// The name, where one is recorded.
    pub name: Option<String>,
    /// The year of birth.
    pub birth_year: Option<i16>,
    /// The ids of the person in the input.
    pub ids: Vec<String>,
    /// How many resources are about the person.
    pub resources: usize,
}

/// The variants of one Patient id: normally one; two where two systems gave two people the same id.
struct Variants {
    parts: Vec<Vec<Person>>,
    /// Which parts each file has Patients of.
    by_file: HashMap<Text, BTreeSet<usize>>,
}

impl People {
    /// Tells the people of what was found apart.
    pub fn of(found: &[Found]) -> People {
        let patients = patients(found);
        let mut places: BTreeMap<(Text, usize), Identity> = BTreeMap::new();
        let spots: Vec<Spot> = found.iter().map(|found| spot(found, &patients)).collect();
        let spoken = found.iter().map(|found| found.entry.file.as_ref()).zip(&spots);
        let spoken: Vec<(Option<&Text>, &Spot)> = spoken.collect();
        // Files speak of one person for long: what is the same is counted together.
        for run in spoken.chunk_by(|one, other| one == other) {
            let (file, Spot::At(key, part)) = run[0] else { continue };
            let identity = places.entry((key.clone(), *part)).or_default();
            identity.key = key.clone();
            identity.resources += run.len();
            identity.files.extend(file.cloned());
            if let Some(variants) = patients.get(key) {
                identity.persons.clone_from(&variants.parts[*part]);
            }
        }
        let index: HashMap<(Text, usize), usize> = places.keys().cloned().zip(0..).collect();
        let whom = spots.into_iter().map(|spot| match spot {
            Spot::At(key, part) => Whom::Identity(index[&(key, part)]),
            Spot::Nobody => Whom::Nobody,
            Spot::Unclear => Whom::Unclear,
        });
        let whom = whom.collect();
        let identities: Vec<Identity> = places.into_values().collect();
        let people = join(&identities);
        People { identities, people, whom }
    }

    /// What Patients say about a person.
    pub fn persons(&self, person: usize) -> Vec<&Person> {
        self.people[person].iter().flat_map(|&place| &self.identities[place].persons).collect()
    }

    /// Whether a person is known only as the one who exported a collection.
    pub fn is_exporter(&self, person: usize) -> bool {
        self.people[person].iter().any(|&place| self.identities[place].key == EXPORTER)
    }

    /// A person as listed where the import has to ask.
    pub fn listed(&self, person: usize) -> PersonFound {
        let persons = self.persons(person);
        let identities = self.people[person].iter().map(|&place| &self.identities[place]);
        PersonFound {
            // The fullest name: "Maria Elena Alvarez" tells more than "MARIA E ALVAREZ".
            name: persons
                .iter()
                .filter_map(|person| person.name())
                .max_by_key(|name| (name.len(), name.clone())),
            birth_year: persons.iter().find_map(|person| person.birth).map(|birth| birth.year()),
            // Who exported a collection has no id there.
            ids: identities
                .clone()
                .filter(|identity| identity.key != EXPORTER)
                .map(|identity| identity.key.to_string())
                .collect(),
            resources: identities.map(|identity| identity.resources).sum(),
        }
    }
}

#[derive(PartialEq, Eq)]
enum Spot {
    At(Text, usize),
    Nobody,
    Unclear,
}

fn patients(found: &[Found]) -> HashMap<Text, Variants> {
    let mut patients: HashMap<Text, Vec<(&Text, &Person)>> = HashMap::new();
    let no_file = Text::default();
    for found in found {
        let (Subject::IsPerson(key), Detail::Person(person)) = (&found.subject, &found.entry.detail) else {
            continue;
        };
        let file = found.entry.file.as_ref().unwrap_or(&no_file);
        patients.entry(key.clone()).or_default().push((file, person));
    }
    patients.into_iter().map(|(key, sent)| (key, variants(&sent))).collect()
}

/// Joins the descriptions under one id unless they are plainly of different people.
fn variants(sent: &[(&Text, &Person)]) -> Variants {
    let mut sets = Sets::new(sent.len());
    for (place, (_, person)) in sent.iter().enumerate() {
        for (other, (_, earlier)) in sent[..place].iter().enumerate() {
            if person == earlier || !difference(&[person], &[earlier]).is_somebody_else() {
                sets.join(place, other);
            }
        }
    }
    let mut parts = sets.parts();
    let rank = |part: &Vec<usize>| part.iter().map(|&place| describe(sent[place].1)).min();
    parts.sort_by_cached_key(rank);
    let mut by_file: HashMap<Text, BTreeSet<usize>> = HashMap::new();
    for (number, part) in parts.iter().enumerate() {
        for &place in part {
            by_file.entry(sent[place].0.clone()).or_default().insert(number);
        }
    }
    let parts = parts.iter().map(|part| {
        let mut persons: Vec<Person> = part.iter().map(|&place| sent[place].1.clone()).collect();
        persons.sort_by_cached_key(describe);
        persons.dedup();
        persons
    });
    Variants { parts: parts.collect(), by_file }
}

/// What descriptions are put in order by, so that nothing depends on the order of the input.
fn describe(person: &Person) -> (Option<When>, Vec<Folded>, String) {
    (person.birth, folded(person), format!("{person:?}"))
}

fn spot(found: &Found, patients: &HashMap<Text, Variants>) -> Spot {
    let key = match &found.subject {
        Subject::IsPerson(key) | Subject::Person(key) => key,
        Subject::Nobody => return Spot::Nobody,
    };
    let Some(variants) = patients.get(key) else { return Spot::At(key.clone(), 0) };
    if variants.parts.len() == 1 {
        return Spot::At(key.clone(), 0);
    }
    if let Detail::Person(person) = &found.entry.detail {
        let part = variants.parts.iter().position(|part| part.contains(person));
        return part.map_or(Spot::Unclear, |part| Spot::At(key.clone(), part));
    }
    // Two people have this id: only the file's own Patient can say which of them is meant.
    let file = found.entry.file.clone().unwrap_or_default();
    match variants.by_file.get(&file) {
        Some(parts) if parts.len() == 1 => {
            parts.first().map_or(Spot::Unclear, |&part| Spot::At(key.clone(), part))
        }
        _ => Spot::Unclear,
    }
}

/// Identities with equal birth date, family and first given name are one person, unless their sexes
/// contradict each other. Whoever exported a collection and gave no name is the one other person of the input
/// with that birth date.
fn join(identities: &[Identity]) -> Vec<Vec<usize>> {
    let mut sets = by_name(identities);
    let has_birth = |identity: &Identity| identity.persons.iter().any(|person| person.birth.is_some());
    let is_alike = |one: &Identity, other: &Identity| {
        let [one, other] = [one, other].map(|identity| identity.persons.iter().collect::<Vec<_>>());
        difference(&one, &other) == Difference::default()
    };
    for (place, exporter) in identities.iter().enumerate() {
        if exporter.key != EXPORTER || !has_birth(exporter) {
            continue;
        }
        let others = identities
            .iter()
            .enumerate()
            .filter(|(_, other)| other.key != EXPORTER && has_birth(other) && is_alike(exporter, other));
        let people: BTreeSet<usize> = others.map(|(other, _)| sets.root(other)).collect();
        if let (1, Some(&other)) = (people.len(), people.first()) {
            sets.join(place, other);
        }
    }
    sets.parts()
}

fn by_name(identities: &[Identity]) -> Sets {
    let mut alike: HashMap<(When, Folded), BTreeSet<usize>> = HashMap::new();
    for (place, identity) in identities.iter().enumerate() {
        for person in &identity.persons {
            let Some(birth) = person.birth else { continue };
            for name in folded(person) {
                alike.entry((birth, name)).or_default().insert(place);
            }
        }
    }
    let mut sets = Sets::new(identities.len());
    for places in alike.values() {
        let sex = |place: usize| identities[place].persons.iter().find_map(known_sex);
        let known: BTreeSet<char> = places.iter().filter_map(|&place| sex(place)).collect();
        let mut firsts: HashMap<Option<char>, usize> = HashMap::new();
        for &place in places {
            // With both sexes under one name, an unknown one belongs to neither.
            let class = if known.len() > 1 { sex(place) } else { None };
            if known.len() > 1 && class.is_none() {
                continue;
            }
            let first = *firsts.entry(class).or_insert(place);
            sets.join(first, place);
        }
    }
    sets
}

/// Union-find over places.
struct Sets(Vec<usize>);

impl Sets {
    fn new(count: usize) -> Sets {
        Sets((0..count).collect())
    }

    fn root(&mut self, mut place: usize) -> usize {
        while self.0[place] != place {
            self.0[place] = self.0[self.0[place]];
            place = self.0[place];
        }
        place
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        self.0[one.max(other)] = one.min(other);
    }

    fn parts(mut self) -> Vec<Vec<usize>> {
        let mut parts: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for place in 0..self.0.len() {
            parts.entry(self.root(place)).or_default().push(place);
        }
        parts.into_values().collect()
    }
}
