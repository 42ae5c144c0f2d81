//! Which source of the record an input comes from: told by who the person is there, not by a file's name.

use super::FromPortal;
use super::keyed::IdKey;
use super::names::folded;
use super::origin::Origin;
use super::people::Identity;
use crate::record::{Record, Source, SourceKind, Text};

/// Under which id and identifiers a system knows the person, as keyed hashes.
#[derive(Clone, Debug)]
pub struct Marks {
    id: Text,
    /// The id alone, where it is that of one system of a collection.
    own: Option<Text>,
    /// The identifiers; where there are none, birth date and name stand for them.
    proofs: Vec<Text>,
    /// The id is long enough to be no other system's too, unlike `Patient/1`.
    is_telling: bool,
}

/// Ids of so many letters are drawn by chance (a UUID has 36); shorter ones are counted.
const TELLING_LETTERS_MIN: usize = 16;

impl Marks {
    /// The marks of an identity, and in a collection of the system in it.
    pub fn of(identity: &Identity, system: Option<&str>, key: &IdKey) -> Marks {
        let mark = |words: &[&str]| Text::from(format!("id:{}", key.text("patient id", words)));
        let own = mark(&[&identity.key]);
        let (id, own) = match system {
            Some(system) => (mark(&[&identity.key, system]), Some(own)),
            None => (own, None),
        };
        let mut proofs = Vec::new();
        for person in &identity.persons {
            let real = |(system, value): &&(Text, Text)| !system.trim().is_empty() && value.trim().len() > 1;
            let identifiers = person.identifiers.iter().filter(real);
            proofs.extend(identifiers.map(|(system, value)| key.text("identifier", &[system, value])));
        }
        if proofs.is_empty() {
            for person in &identity.persons {
                let birth = person.birth.map(|birth| birth.to_string()).unwrap_or_default();
                let names = folded(person);
                proofs.extend(names.iter().map(|(family, given)| {
                    key.text("described", &[birth.as_str(), family.as_str(), given.as_str()])
                }));
            }
        }
        proofs.sort_unstable();
        proofs.dedup();
        let letters = identity.key.rsplit('/').next().unwrap_or_default().len();
        let is_telling = letters >= TELLING_LETTERS_MIN;
        Marks {
            id,
            own,
            is_telling,
            proofs: proofs.into_iter().map(|proof| format!("is:{proof}").into()).collect(),
        }
    }

    /// True for the system that knows the person under the same id and a same identifier. Where one side
    /// sent only references, the id has to do, if it is one that no two systems give by chance.
    pub fn are_of(&self, source: &Source) -> bool {
        let has_proof = source.patient_keys.iter().any(|key| key.starts_with("is:"));
        let shares_proof = self.proofs.iter().any(|proof| source.patient_keys.contains(proof));
        source.kind == SourceKind::Files
            && source.patient_keys.contains(&self.id)
            && (shares_proof || ((!has_proof || self.proofs.is_empty()) && self.is_telling))
    }

    fn all(&self) -> impl Iterator<Item = &Text> {
        std::iter::once(&self.id).chain(&self.own).chain(&self.proofs)
    }
}

/// The source of each origin, by its place in `sources`; new ones are added there.
pub fn place(origins: &[Origin], record: &Record, sources: &mut Vec<Source>, key: &IdKey) -> Vec<usize> {
    origins.iter().map(|origin| place_one(origin, record, sources, key)).collect()
}

/// The source of a portal, in whichever of its systems an entry came: one connection is one source.
pub fn place_portal(
    origins: &[Origin],
    portal: &FromPortal,
    sources: &mut Vec<Source>,
    key: &IdKey,
) -> Vec<usize> {
    let known = sources.iter().position(|source| source.id == portal.id);
    let place = known.unwrap_or_else(|| {
        let is_taken = |name: &Text| sources.iter().any(|source| source.name == *name);
        let (id, name) = (portal.id.clone(), unused(portal.name.clone(), is_taken, " "));
        let (patient_keys, imports) = (Vec::new(), Vec::new());
        sources.push(Source { id, name, kind: SourceKind::Portal, patient_keys, imports, fetched: None });
        sources.len() - 1
    });
    let source = &mut sources[place];
    source.fetched = Some(portal.fetched.clone());
    for marks in
        origins.iter().filter_map(|origin| origin.identity.as_ref()).map(|it| Marks::of(it, None, key))
    {
        let new: Vec<Text> = marks.all().filter(|key| !source.patient_keys.contains(key)).cloned().collect();
        source.patient_keys.extend(new);
    }
    vec![place; origins.len().max(1)]
}

fn place_one(origin: &Origin, record: &Record, sources: &mut Vec<Source>, key: &IdKey) -> usize {
    let system = origin.system.as_deref();
    let marks = origin.identity.as_ref().map(|identity| Marks::of(identity, system, key));
    let known = match &marks {
        Some(marks) => record.sources.iter().position(|source| marks.are_of(source)),
        // Without a Patient only the name tells it, and only among sources that name nobody either.
        None => record.sources.iter().position(|source| {
            let names_nobody = source.kind == SourceKind::Files && source.patient_keys.is_empty();
            names_nobody && source.name == origin.name.as_str()
        }),
    };
    if let Some(place) = known {
        let keys = &mut sources[place].patient_keys;
        let new: Vec<Text> =
            marks.iter().flat_map(Marks::all).filter(|key| !keys.contains(key)).cloned().collect();
        keys.extend(new);
        return place;
    }
    let patient_keys: Vec<Text> = marks.iter().flat_map(Marks::all).cloned().collect();
    let words: Vec<&str> = match patient_keys.is_empty() {
        true => vec!["named", &origin.name],
        false => patient_keys.iter().map(Text::as_str).collect(),
    };
    let id = unused(key.text("source", &words), |id| sources.iter().any(|source| source.id == *id), "-");
    let name =
        unused(origin.name.as_str().into(), |name| sources.iter().any(|source| source.name == *name), " ");
    let kind = SourceKind::Files;
    sources.push(Source { id, name, kind, patient_keys, imports: Vec::new(), fetched: None });
    sources.len() - 1
}

/// The text, or the text with the first number behind it that nobody has: `clinic`, `clinic (2)`.
fn unused(text: Text, is_taken: impl Fn(&Text) -> bool, gap: &str) -> Text {
    let numbered = |number: u32| Text::from(format!("{text}{gap}({number})"));
    let mut all = std::iter::once(text.clone()).chain((2..).map(numbered));
    all.find(|text| !is_taken(text)).unwrap_or(text)
}
