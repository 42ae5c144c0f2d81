//! A search for a clinic's portal in the directory.

use url::Url;

use crate::ingest::directory;
use crate::ingest::portal::{self, Wanted};
use crate::web::Error;
use crate::web::site::Site;

/// Clinics that a search shows.
const HITS_MAX: usize = 20;

/// A clinic that was found.
pub struct Found {
    /// What it is called.
    pub name: String,
    /// Where it is, or why it cannot be connected.
    pub says: String,
    /// The address at which it is connected, where it can be.
    pub connect: Option<String>,
}

/// Searches by name: what the operator has listed by hand, then the directory.
pub fn search(site: &Site, words: &str) -> Result<Vec<Found>, Error> {
    let Some(vault) = &site.portals().vault else { return Ok(Vec::new()) };
    let listed = portal::list_listed(vault).map_err(portal::Error::Store)?;
    let listed = listed.into_iter().filter(|listed| has_words(&listed.name, words)).map(|listed| Found {
        says: format!("At {}", listed.address.host_str().unwrap_or_default()),
        connect: Some(listed.address.to_string()),
        name: listed.name,
    });
    let opened = directory::open(vault).map_err(|error| Error::Portal(error.into()))?;
    let hits = opened.search(words, HITS_MAX).hits.into_iter();
    Ok(listed.chain(hits.map(found)).take(HITS_MAX).collect())
}

/// What is wanted of a portal at this address, if a search for these words finds it.
pub fn wanted(site: &Site, words: &str, address: &str) -> Result<Option<(Url, Wanted)>, Error> {
    if let Some(vault) = &site.portals().vault {
        let listed = portal::list_listed(vault).map_err(portal::Error::Store)?;
        if let Some(listed) = listed.into_iter().find(|listed| listed.address.as_str() == address) {
            return Ok(Some(listed.wanted()));
        }
    }
    let mut all = search(site, words)?.into_iter();
    let chosen = all.find(|found| found.connect.as_deref() == Some(address));
    Ok(chosen.and_then(|found| {
        let wanted = Wanted { name: Some(found.name), ..Wanted::default() };
        Some((address.parse().ok()?, wanted))
    }))
}

fn has_words(name: &str, words: &str) -> bool {
    let name = name.to_lowercase();
    words.to_lowercase().split_whitespace().all(|word| name.contains(word))
}

fn found(hit: directory::Hit) -> Found {
    let endpoints = || hit.portals.iter().flat_map(|portal| &portal.endpoints);
    let usable = endpoints().find(|endpoint| endpoint.reach.can_connect());
    let why = endpoints().next().map_or("no address is published for it", |endpoint| endpoint.reach.words());
    let place = hit.place.clone().unwrap_or_default();
    Found {
        name: hit.facility.clone().map_or_else(|| hit.brand.clone(), |own| format!("{own} ({})", hit.brand)),
        says: if usable.is_some() { place } else { format!("Cannot be connected: {why}") },
        connect: usable.map(|endpoint| endpoint.address.clone()),
    }
}
