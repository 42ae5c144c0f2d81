//! Keeping the directory: bundles are read, packed, sealed under the installation itself, and opened again.
//!
//! A bundle is a head (what is known of it as a whole) and parts of one packed form. They are pieces of the
//! installation's own manifest, which a save flips last: a reader sees all of a bundle, as before a save or
//! as after, and a process that dies meanwhile has changed nothing.

mod error;
mod head;

use std::collections::BTreeMap;
use std::io::Read;

use url::Url;

use crate::http::{self, Client, Request};
use crate::sources::directory::{self, form};
use crate::store::{self, Kind, Manifest, Name, Packing, Save, Vault};
use head::Head;

pub use crate::sources::directory::{
    About, Choice, Closeness, Counts, Directory, EndpointFound, Found, Hit, Hits, Limits, PortalFound, Reach,
    Skipped, published,
};
pub use error::Error;

/// A part, so that no transaction holds up others for long.
const PART_BYTES_MAX: usize = 512 << 10;
/// How often a save is tried again when another writer was first.
const TRIES_MAX: usize = 16;
const NAME_CHARS_MAX: usize = 200;
/// The largest list that was seen came in at 350 kB a second: five minutes.
const FETCH_MS: u64 = 30 * 60 * 1_000;

/// Where a bundle comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// What it is to be called. A bundle of this name is replaced.
    pub name: String,
    /// The file's name or the address.
    pub from: String,
    /// The validator of the answer it came in.
    pub etag: Option<String>,
}

/// What became of a bundle that was asked for by address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fetched {
    /// It was added, or replaced.
    Added(Box<About>),
    /// It is as it was when it was last fetched.
    Unchanged(Box<About>),
}

/// Adds a bundle, or replaces the one of its name; `at` is now, in seconds since 1970.
pub fn add(vault: &Vault, origin: Origin, reader: impl Read, at: i64) -> Result<About, Error> {
    check(&origin.name)?;
    let read = directory::read(reader, &Limits::default())?;
    let packed = form::encode(&read.tables)?;
    drop(read.tables);
    let about = About {
        name: origin.name,
        from: origin.from,
        published_at: read.published_at,
        etag: origin.etag,
        added_at: at,
        checked_at: at,
        counts: read.counts,
        skipped: read.skipped,
    };
    save(vault, |base, save| {
        drop_bundle(base, save, &about.name);
        let mut parts = 0;
        for part in packed.chunks(PART_BYTES_MAX) {
            // Packed already.
            save.put(part_name(&about.name, parts), part, Packing::Plain)?;
            parts += 1;
        }
        let head = Head { about: about.clone(), parts };
        save.put(head_name(&about.name), &head.encode()?, Packing::Compressed)?;
        Ok(true)
    })?;
    Ok(about)
}

/// Fetches a bundle and adds it, unless the server says that it has not changed since.
///
/// `progress` hears how many bytes came in.
pub fn fetch(
    vault: &Vault,
    client: &Client,
    (name, url): (&str, &Url),
    at: i64,
    progress: &mut dyn FnMut(u64),
) -> Result<Fetched, Error> {
    check(name)?;
    let known = list(vault)?.into_iter().find(|known| known.name == name && known.from == url.as_str());
    let request = Request {
        accept: "application/fhir+json, application/json",
        known_etag: known.as_ref().and_then(|known| known.etag.clone()),
        limits: http::Limits { bytes_max: Limits::default().bundle_bytes_max, timeout_ms: FETCH_MS },
        ..Request::get(url.clone())
    };
    let response = client.send(&request)?;
    match (response.status, known) {
        (200, _) => {
            let etag = response.header("etag").map(str::to_owned);
            let origin = Origin { name: name.to_owned(), from: url.as_str().to_owned(), etag };
            Ok(Fetched::Added(Box::new(add(vault, origin, Told { inner: response.body(), progress }, at)?)))
        }
        (304, Some(known)) => Ok(Fetched::Unchanged(Box::new(checked(vault, &known.name, at)?))),
        (status, _) => Err(Error::Refused { host: http::host(url), status }),
    }
}

/// Takes a bundle out.
pub fn remove(vault: &Vault, name: &str) -> Result<(), Error> {
    save(vault, |base, save| {
        if !base.has(&head_name(name)) {
            return Err(Error::NoSuchBundle);
        }
        drop_bundle(base, save, name);
        Ok(true)
    })
}

/// What is known of each bundle, by name.
pub fn list(vault: &Vault) -> Result<Vec<About>, Error> {
    let loaded = vault.home()?.load(|name| name.kind == Kind::Directory && name.name.starts_with(HEAD))?;
    loaded.pieces.iter().map(|(_, bytes)| Ok(Head::decode(bytes)?.about)).collect()
}

/// Opens the whole directory. It is a value in memory: keep it, and ask [`version`] whether it still holds.
pub fn open(vault: &Vault) -> Result<Directory, Error> {
    let loaded = vault.home()?.load(|name| name.kind == Kind::Directory)?;
    let mut pieces: BTreeMap<String, Vec<u8>> =
        loaded.pieces.into_iter().map(|(name, bytes)| (name.name, bytes)).collect();
    let heads: Vec<String> = pieces.keys().filter(|name| name.starts_with(HEAD)).cloned().collect();
    let mut opened = Directory::new();
    for head in heads {
        let Some(head) = pieces.remove(&head) else { continue };
        let Head { about, parts } = Head::decode(&head)?;
        let mut packed = Vec::new();
        for part in 0..parts {
            let part = pieces.remove(&part_name(&about.name, part).name);
            packed.extend(part.ok_or(store::Error::Damaged(Kind::Directory))?);
        }
        opened.put(about, form::decode(&packed)?);
    }
    Ok(opened)
}

/// Another number whenever a bundle was added, replaced or removed.
pub fn version(vault: &Vault) -> Result<u64, Error> {
    Ok(vault.home()?.saved()?)
}

/// Notes that a bundle was asked for and had not changed.
fn checked(vault: &Vault, name: &str, at: i64) -> Result<About, Error> {
    let mut told = None;
    save(vault, |base, save| {
        let own = head_name(name);
        if !base.has(&own) {
            return Err(Error::NoSuchBundle);
        }
        let loaded = vault.home()?.load(|name| *name == own)?;
        let (_, bytes) = loaded.pieces.first().ok_or(Error::NoSuchBundle)?;
        let mut head = Head::decode(bytes)?;
        head.about.checked_at = at;
        told = Some(head.about.clone());
        save.put(own, &head.encode()?, Packing::Compressed)?;
        // Another save between the two readings is a conflict, and this one begins again.
        Ok(loaded.manifest.version == base.version)
    })?;
    told.ok_or(Error::NoSuchBundle)
}

/// Changes the bundles that are kept: all of it or nothing. `change` says whether what it did still fits.
fn save(
    vault: &Vault,
    mut change: impl FnMut(&Manifest, &mut Save) -> Result<bool, Error>,
) -> Result<(), Error> {
    let home = vault.home()?;
    for _ in 0..TRIES_MAX {
        let base = home.manifest()?;
        let mut save = home.save(&base);
        if !change(&base, &mut save)? {
            continue;
        }
        match save.commit() {
            Err(store::Error::Conflict) => {}
            Err(error) => return Err(error.into()),
            Ok(_) => return Ok(()),
        }
    }
    Err(store::Error::Conflict.into())
}

/// A reader that tells how much was read.
pub struct Told<'a, R> {
    /// What is read.
    pub inner: R,
    /// Who hears of it.
    pub progress: &'a mut dyn FnMut(u64),
}

impl<R: Read> Read for Told<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(buffer)?;
        (self.progress)(read as u64);
        Ok(read)
    }
}

/// Everything of a bundle.
fn drop_bundle(base: &Manifest, save: &mut Save, name: &str) {
    let of_part = |own: &Name| own.name.strip_prefix(PART)?.split_once('/').map(|(_, of)| of == name);
    let own = base.pieces().map(|(own, _)| own).filter(|own| own.kind == Kind::Directory);
    for own in own.filter(|own| **own == head_name(name) || of_part(own) == Some(true)) {
        save.remove(own);
    }
}

const HEAD: &str = "head/";
const PART: &str = "part/";

fn head_name(name: &str) -> Name {
    Name::new(Kind::Directory, format!("{HEAD}{name}"))
}

fn part_name(name: &str, part: u32) -> Name {
    Name::new(Kind::Directory, format!("{PART}{part}/{name}"))
}

fn check(name: &str) -> Result<(), Error> {
    let is_line = !name.trim().is_empty() && !name.chars().any(char::is_control);
    if is_line && name.chars().count() <= NAME_CHARS_MAX { Ok(()) } else { Err(Error::BadName) }
}

#[cfg(test)]
mod tests;
