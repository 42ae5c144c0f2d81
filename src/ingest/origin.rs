//! What of an input is the person's, by the system that it came from.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::gather::Found;
use super::people::{Identity, People, Whom};
use crate::record::{CUSTODIAN, Detail, Entry, Kind, Text, When};
use crate::sources::LeftOut;
use crate::sources::formats::documents;

/// One system of an input: told by its Patient.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// What the source is called if it is new.
    pub name: String,
    /// Who the person is there; `None` where the input names nobody.
    pub identity: Option<Identity>,
    /// The system that the entries came from, where the input is a collection from several and says so.
    pub system: Option<Text>,
}

/// What is taken from an input, and what is not.
#[derive(Debug, Default)]
pub struct Taken {
    /// The systems.
    pub origins: Vec<Origin>,
    /// What is taken; its `source` is the place of its origin in `origins`.
    pub entries: Vec<Entry>,
    /// What nobody can say whose it is.
    pub left_out: Vec<LeftOut>,
    /// How many resources are about other people or belong to them.
    pub others: usize,
}

/// Takes what is the person's out of what was found. `name` is what the person calls the source.
pub fn take(found: Vec<Found>, people: &People, person: Option<usize>, name: Option<&str>) -> Taken {
    let identities: Vec<usize> = person.map(|person| people.people[person].clone()).unwrap_or_default();
    let chosen: Vec<Option<Identity>> = match identities.is_empty() {
        true => vec![None],
        false => identities.iter().map(|&place| Some(people.identities[place].clone())).collect(),
    };
    let shared = Shared::of(&found, people, &identities);
    let mut taken = Taken::default();
    let mut systems = Systems::of(chosen.len());
    let mut again = Vec::new();
    let mut take = |(place, Found { entry, system, .. }): (usize, Found)| {
        match people.whom[place] {
            Whom::Identity(identity) => match identities.iter().position(|&own| own == identity) {
                Some(own) => return Some(of_origin(entry, systems.origin(own, system))),
                None => taken.others += 1,
            },
            Whom::Nobody if shared.origins[place].is_empty() => {
                if matches!(entry.kind(), Kind::Contact | Kind::Other) {
                    taken.others += 1;
                } else {
                    taken.left_out.push(unclear(&entry, NOBODY));
                }
            }
            Whom::Nobody => {
                let mut origins =
                    shared.origins[place].iter().map(|&own| systems.origin(own, system.clone()));
                let first = origins.next()?;
                again.extend(origins.map(|origin| of_origin(entry.clone(), origin)));
                return Some(of_origin(entry, first));
            }
            Whom::Unclear => taken.left_out.push(unclear(&entry, TWO_PEOPLE)),
        }
        None
    };
    // In place: what is found may be a large part of the memory of an import.
    taken.entries = found.into_iter().enumerate().filter_map(&mut take).collect();
    taken.entries.append(&mut again);
    let origin = |(own, system): (usize, Option<Text>)| Origin {
        name: String::new(),
        identity: chosen[own].clone(),
        system,
    };
    taken.origins = systems.into_used(&mut taken.entries).into_iter().map(origin).collect();
    name_origins(&mut taken, name);
    taken
}

/// The origins of an input: who the person is there, and from which system of a collection it came.
struct Systems(Vec<(usize, Option<Text>)>);

impl Systems {
    /// With an origin for each identity of the person.
    fn of(identities: usize) -> Systems {
        Systems((0..identities).map(|own| (own, None)).collect())
    }

    fn origin(&mut self, own: usize, system: Option<Text>) -> usize {
        let Some(system) = system else { return own };
        let is_same =
            |(other, known): &(usize, Option<Text>)| (*other, known.as_ref()) == (own, Some(&system));
        self.0.iter().position(is_same).unwrap_or_else(|| {
            self.0.push((own, Some(system.clone())));
            self.0.len() - 1
        })
    }

    /// The origins that entries came from; the entries are pointed to them. Where no system is named all stay.
    fn into_used(self, entries: &mut [Entry]) -> Vec<(usize, Option<Text>)> {
        if self.0.iter().all(|(_, system)| system.is_none()) {
            return self.0;
        }
        let used: BTreeSet<u16> = entries.iter().map(|entry| entry.source).collect();
        let places: HashMap<u16, u16> = used.iter().copied().zip(0..).collect();
        entries.iter_mut().for_each(|entry| entry.source = places[&entry.source]);
        let is_used = |(place, _): &(usize, _)| used.contains(&(*place as u16));
        self.0.into_iter().enumerate().filter(is_used).map(|(_, origin)| origin).collect()
    }
}

fn of_origin(entry: Entry, origin: usize) -> Entry {
    Entry { source: origin as u16, ..entry }
}

const NOBODY: &str = "it does not say whom it is about, and the input holds several people";
const TWO_PEOPLE: &str = "two people of the input have the id that it names";

fn unclear(entry: &Entry, reason: &str) -> LeftOut {
    let file = entry.file.as_deref().unwrap_or_default().to_owned();
    LeftOut { file, path: entry.key.to_string(), reason: reason.to_owned() }
}

/// To which origins what is about nobody belongs: those whose entries refer to it.
struct Shared {
    origins: Vec<BTreeSet<usize>>,
}

impl Shared {
    fn of(found: &[Found], people: &People, identities: &[usize]) -> Shared {
        let mut shared = Shared { origins: vec![BTreeSet::new(); found.len()] };
        let nobody: Vec<usize> =
            (0..found.len()).filter(|&place| people.whom[place] == Whom::Nobody).collect();
        if people.people.len() <= 1 && identities.len() <= 1 {
            for place in nobody {
                shared.origins[place].insert(0);
            }
            return shared;
        }
        let files = files(found, people);
        let mut by_key: HashMap<&str, Vec<usize>> = HashMap::new();
        for &place in &nobody {
            by_key.entry(&found[place].entry.key).or_default().push(place);
        }
        for (origin, &identity) in identities.iter().enumerate() {
            // A file that has Patients of its own speaks of them alone.
            let may_have = |place: usize| {
                let file = found[place].entry.file.as_ref();
                file.and_then(|file| files.get(file)).is_none_or(|own| own.contains(&identity))
            };
            let own = |place: &usize| people.whom[*place] == Whom::Identity(identity);
            let mut waiting: Vec<usize> = (0..found.len()).filter(own).collect();
            let keys: HashSet<&str> = waiting.iter().map(|&place| found[place].entry.key.as_str()).collect();
            // What speaks about the person's entries, such as where they came from.
            let about =
                |place: &usize| found[*place].entry.links.iter().any(|link| keys.contains(&*link.key));
            let about: Vec<usize> = nobody.iter().copied().filter(about).collect();
            for place in about {
                if may_have(place) && shared.origins[place].insert(origin) {
                    waiting.push(place);
                }
            }
            while let Some(place) = waiting.pop() {
                for key in references(&found[place].entry) {
                    for &named in by_key.get(key).into_iter().flatten() {
                        if may_have(named) && shared.origins[named].insert(origin) {
                            waiting.push(named);
                        }
                    }
                }
            }
        }
        if people.people.len() == 1 {
            shared.give_rest_to_first(found, &nobody, &files, identities);
        }
        shared
    }

    /// With one person, nothing is somebody else's.
    fn give_rest_to_first(
        &mut self,
        found: &[Found],
        nobody: &[usize],
        files: &HashMap<&Text, BTreeSet<usize>>,
        identities: &[usize],
    ) {
        for &place in nobody.iter().filter(|&&place| self.origins[place].is_empty()).collect::<Vec<_>>() {
            let own = found[place].entry.file.as_ref().and_then(|file| files.get(file));
            let first = identities.iter().position(|identity| own.is_none_or(|own| own.contains(identity)));
            self.origins[place].insert(first.unwrap_or(0));
        }
    }
}

/// Which identities each file speaks of.
fn files<'a>(found: &'a [Found], people: &People) -> HashMap<&'a Text, BTreeSet<usize>> {
    let mut files: HashMap<&Text, BTreeSet<usize>> = HashMap::new();
    for (found, whom) in found.iter().zip(&people.whom) {
        if let (Some(file), Whom::Identity(identity)) = (&found.entry.file, whom) {
            files.entry(file).or_default().insert(*identity);
        }
    }
    files
}

fn references(entry: &Entry) -> impl Iterator<Item = &str> {
    let links = entry.links.iter().map(|link| link.key.as_str());
    let actors = entry.actors.iter().filter_map(|actor| actor.key.as_deref());
    let members = match &entry.detail {
        Detail::Team(members) => members.as_slice(),
        _ => &[],
    };
    links.chain(actors).chain(members.iter().filter_map(|member| member.key.as_deref()))
}

/// Names the origins: as asked, else after who keeps the documents, else after the one file or what holds all files.
fn name_origins(taken: &mut Taken, asked: Option<&str>) {
    let custodians = custodians(taken);
    let mut files: Vec<BTreeSet<&Text>> = vec![BTreeSet::new(); taken.origins.len()];
    let spoken: Vec<(u16, Option<&Text>)> =
        taken.entries.iter().map(|entry| (entry.source, entry.file.as_ref())).collect();
    for run in spoken.chunk_by(|one, other| one == other) {
        let (origin, file) = run[0];
        files[usize::from(origin)].extend(file);
    }
    let mut names: Vec<String> = files.iter().map(|files| name_of(files)).collect();
    let of_files = |entry: &Entry| entry.key.starts_with(documents::IDENTITY);
    if let ([name], true) = (&mut names[..], taken.entries.iter().all(of_files)) {
        // One source for them all: under another name the same file is the same document.
        *name = DOCUMENTS.to_owned();
    }
    let is_one = taken.origins.len() == 1;
    for ((origin, name), custodian) in taken.origins.iter_mut().zip(names).zip(custodians) {
        // What the person calls a collection is not the name of each system in it.
        let own = origin.system.as_ref().map(Text::to_string);
        let asked = asked.filter(|_| is_one || own.is_none()).map(str::to_owned);
        origin.name = asked.or(own).or(custodian).unwrap_or(name);
    }
}

/// Who keeps the documents of each origin, as the newest of them says.
fn custodians(taken: &Taken) -> Vec<Option<String>> {
    let mut newest: Vec<Option<(Option<When>, &str)>> = vec![None; taken.origins.len()];
    for entry in taken.entries.iter().filter(|entry| entry.kind() == Kind::Demographics) {
        let own = entry.actor(CUSTODIAN).map(|name| (entry.told_at(), name));
        let slot = &mut newest[usize::from(entry.source)];
        *slot = (*slot).max(own);
    }
    newest.into_iter().map(|found| found.map(|(_, name)| name.to_owned())).collect()
}

/// What the source of documents is called that are files and come with nothing else.
const DOCUMENTS: &str = "documents";

fn name_of(files: &BTreeSet<&Text>) -> String {
    let parts = |file: &str| -> Vec<String> {
        file.split(['/', '\\', '!']).filter(|part| !part.is_empty()).map(str::to_owned).collect()
    };
    let mut all = files.iter().map(|file| parts(file));
    let Some(first) = all.next() else { return "files".to_owned() };
    let shared = all.fold(first.clone(), |shared, other| {
        let same = shared.into_iter().zip(other).take_while(|(one, other)| one == other);
        same.map(|(one, _)| one).collect()
    });
    let name = shared.last().or(first.last()).map_or("files", String::as_str);
    without_endings(name).to_owned()
}

/// A name without the endings that say of which format a file is (`labs.2024.ndjson.gz` is `labs.2024`).
fn without_endings(name: &str) -> &str {
    const ENDINGS: [&str; 19] = [
        "gz",
        "zip",
        "xdm",
        "json",
        "ndjson",
        "jsonl",
        "xml",
        "cda",
        "ccd",
        "ccda",
        "pdf",
        "rtf",
        "html",
        "htm",
        "xhtml",
        "txt",
        "text",
        "md",
        "smart-health-card",
    ];
    let mut name = name;
    while let Some((stem, ending)) = name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty()) {
        if !ENDINGS.contains(&ending.to_ascii_lowercase().as_str()) {
            break;
        }
        name = stem;
    }
    name
}

#[cfg(test)]
mod tests {
    use super::without_endings;

    #[test]
    fn a_source_is_named_after_its_file_without_what_says_the_format() {
        for (file, name) in [
            ("lakeside.json", "lakeside"),
            ("labs.2024.ndjson.gz", "labs.2024"),
            ("Dr. Reed.XML", "Dr. Reed"),
            ("v1.2", "v1.2"),
            (".json", ".json"),
        ] {
            assert_eq!(without_endings(file), name);
        }
    }
}
