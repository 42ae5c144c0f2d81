//! One import: read, tell people apart, compare, save; again from the comparison when another was first.

use std::path::PathBuf;

use url::Url;

use super::choose::{self, Asked, Known};
use super::gather::{self, Gathered, Hashes, gather};
use super::keyed::IdKey;
use super::origin::{self, Taken};
use super::people::People;
use super::save::save;
use super::sources::Marks;
use super::{Error, Report};
use crate::http::Client;
use crate::record::{Detail, Fetched, Kind, Record, Text};
use crate::secret::Secret;
use crate::sources::cards::{self, Issuers};
use crate::sources::formats::documents;
use crate::sources::links::{self, Link};
use crate::sources::{FileFailure, Limits, Receiver, files};
use crate::store::records::{self, Opened};
use crate::store::{Error as StoreError, Sealed};

/// How often an import applies its change again when another writer was first.
const TRIES_MAX: usize = 8;

/// What is asked of an import.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// Files, folders and archives.
    pub paths: Vec<PathBuf>,
    /// What the person calls the source (`--source`).
    pub source: Option<String>,
    /// Which person of the input is meant: words of the name, or the Patient id (`--patient`).
    pub patient: Option<String>,
    /// What the person is called on this machine (`--person`).
    pub label: Option<String>,
    /// The person says that it is the same person under another name or sex (`--same-person`).
    pub is_same_person: bool,
    /// When (seconds since 1970).
    pub at: i64,
    /// How much is read at the most.
    pub limits: Limits,
    /// Entries that the record may have then, where there is a limit.
    pub entries_max: Option<usize>,
    /// The portal that the input was fetched from, where it was.
    pub portal: Option<FromPortal>,
    /// By whom the issuers of health cards are asked for their keys; nobody is asked unless the person wants it.
    pub issuers: Option<Client>,
}

/// The portal that an input was fetched from. What it sent is what stands there now; what it no longer sends
/// is gone there, if everything of its type was seen.
#[derive(Clone, Debug)]
pub struct FromPortal {
    /// The source's id: that of the connection.
    pub id: Text,
    /// What the source is called.
    pub name: Text,
    /// What became of the queries.
    pub fetched: Fetched,
}

/// Imports files into a person's record.
pub fn import(sealed: &Sealed, request: &Request, progress: &mut dyn FnMut(u64)) -> Result<Report, Error> {
    asking(request, |issuers| {
        let Request { paths, limits, .. } = request;
        import_from(sealed, request, progress, |receiver| {
            files::read_paths_asking(paths, limits, issuers, receiver)
        })
    })
}

/// Imports files that are held in memory, by name and content: what came with a form.
pub fn import_held(sealed: &Sealed, request: &Request, held: &[(&str, &[u8])]) -> Result<Report, Error> {
    asking(request, |issuers| {
        import_from(sealed, request, &mut |_| (), |receiver| {
            files::read_held_asking(held, &request.limits, issuers, receiver)
        })
    })
}

/// Imports what a link leads to. It is asked once, before anything is compared.
pub fn import_link(
    sealed: &Sealed,
    request: &Request,
    client: &Client,
    link: &Link,
    asked: &links::Asked,
) -> Result<Report, Error> {
    let links::Shared { files: shared, left_out, retry_after } = links::fetch(client, link, asked)?;
    let source = request.source.clone().unwrap_or_else(|| link.source_name());
    let request = &Request { source: Some(source), ..request.clone() };
    let held: Vec<(&str, &[u8])> =
        shared.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    let report = asking(request, |issuers| {
        import_from(sealed, request, &mut |_| (), |receiver| {
            left_out.iter().for_each(|left_out| receiver.left_out(left_out.clone()));
            files::read_held_asking(&held, &request.limits, issuers, receiver)
        })
    })?;
    Ok(Report {
        may_change: link.is_long_term,
        retry_after_s: retry_after.map(|wait| wait.as_secs()),
        ..report
    })
}

/// Runs an import with the issuers of health cards asked or not asked, as the person wants it.
fn asking<T>(request: &Request, import: impl FnOnce(&Issuers<'_>) -> T) -> T {
    let Some(client) = &request.issuers else { return import(&cards::NOT_ASKED) };
    let fetch = |url: &Url| cards::over(client, url);
    import(&Issuers::asked(&fetch))
}

/// Imports what `read` hands over. Where another writer was first, it reads and compares once more: that
/// is rare, and holding what was read for it would double the memory of every import.
pub fn import_from(
    sealed: &Sealed,
    request: &Request,
    progress: &mut dyn FnMut(u64),
    read: impl Fn(&mut dyn Receiver) -> Result<Vec<FileFailure>, crate::sources::Error>,
) -> Result<Report, Error> {
    for _ in 0..TRIES_MAX {
        match import_once(sealed, request, progress, &read) {
            Err(Error::Store(StoreError::Conflict)) => {}
            result => return result,
        }
    }
    Err(Error::Contended)
}

fn import_once(
    sealed: &Sealed,
    request: &Request,
    progress: &mut dyn FnMut(u64),
    read: impl FnOnce(&mut dyn Receiver) -> Result<Vec<FileFailure>, crate::sources::Error>,
) -> Result<Report, Error> {
    let opened = records::open(sealed)?;
    let known = gather::Known::of(&opened.record);
    let (failures, gathered) = gather(&known, progress, request.entries_max, read)?;
    let failures = failures?;
    let Gathered { found, left_out, originals } = gathered;
    let people = People::of(&found);
    let person = choose_person(&opened, &people, request)?;
    let mut taken = origin::take(found, &people, person, request.source.as_deref());
    if request.portal.is_none() {
        check_unnamed(&opened.record, &taken, &people, request)?;
    }

    let mut report = Report { others: taken.others, ..Report::default() };
    report.people = listed(&people, person);
    if let Some(chosen) = report.people.first_mut().filter(|chosen| chosen.name.is_none() && person.is_some())
    {
        chosen.name = name_in(&opened.record);
    }
    report.leave_out(left_out);
    report.leave_out(taken.left_out.drain(..));
    report.fail(failures);
    save(sealed, request, &opened, taken, originals, &mut report)?;
    report.left_out.sort();
    Ok(report)
}

/// Whether an input is about the person of the record: refused as an import of it would be, and nothing is
/// stored.
pub fn check_whose(
    sealed: &Sealed,
    request: &Request,
    read: impl FnOnce(&mut dyn Receiver) -> Result<Vec<FileFailure>, crate::sources::Error>,
) -> Result<(), Error> {
    let opened = records::open(sealed)?;
    let known = gather::Known::of(&opened.record);
    let (failures, gathered) = gather(&known, &mut |_| (), request.entries_max, read)?;
    failures?;
    choose_person(&opened, &People::of(&gathered.found), request).map(drop)
}

fn choose_person(opened: &Opened, people: &People, request: &Request) -> Result<Option<usize>, Error> {
    let record = &opened.record;
    let key = id_key(opened);
    let persons =
        record.entries.iter().filter(|entry| entry.is_live()).filter_map(|entry| match &entry.detail {
            Detail::Person(person) => Some(&**person),
            _ => None,
        });
    let is_empty = record.entries.iter().all(|entry| entry.kind() == Kind::Note);
    let known = Known { persons: persons.collect(), is_empty };
    let asked = Asked {
        patient: request.patient.as_deref(),
        label: request.label.as_deref(),
        is_same: request.is_same_person,
    };
    choose::choose(people, &known, asked, |identity| {
        let identity = &people.identities[identity];
        // At the sign-in the patient of the portal was held against the person of the record.
        let is_of_portal = request.portal.is_some()
            && request.patient.as_deref().is_some_and(|own| identity.key.ends_with(&format!("/{own}")));
        let marks = Marks::of(identity, None, &key);
        is_of_portal || record.sources.iter().any(|source| marks.are_of(source))
    })
}

/// An input that names nobody goes into an empty record, or where the record has some of it already.
fn check_unnamed(record: &Record, taken: &Taken, people: &People, request: &Request) -> Result<(), Error> {
    let is_empty = record.entries.iter().all(|entry| entry.kind() == Kind::Note);
    if !people.people.is_empty() || is_empty || request.is_same_person || taken.entries.is_empty() {
        return Ok(());
    }
    // A document cannot contradict, and whose it is the person has said by naming it for this record.
    if taken.entries.iter().all(|entry| entry.key.starts_with(documents::IDENTITY)) {
        return Ok(());
    }
    let hashes: Hashes = taken.entries.iter().map(|entry| entry.original.hash).collect();
    let is_known = record.entries.iter().any(|entry| hashes.contains(&entry.original.hash));
    match is_known {
        true => Ok(()),
        false => Err(Error::Unconfirmed { doubt: super::Doubt::NoPatient, found: None }),
    }
}

/// The people of the input, the chosen one first.
fn listed(people: &People, person: Option<usize>) -> Vec<super::PersonFound> {
    let others = (0..people.people.len()).filter(|&other| Some(other) != person);
    person.into_iter().chain(others).map(|person| people.listed(person)).collect()
}

/// The fullest name of the person in the record, for an input that has none.
fn name_in(record: &Record) -> Option<String> {
    let live = record.entries.iter().filter(|entry| entry.is_live());
    let names = live.filter_map(|entry| match &entry.detail {
        Detail::Person(person) => person.name(),
        _ => None,
    });
    names.max_by_key(|name| (name.len(), name.clone()))
}

pub(super) fn id_key(opened: &Opened) -> IdKey {
    IdKey::new(Secret::new(opened.id_key))
}
