//! A person who has signed in at the slow server, with a store on the disk.

use std::path::Path;

use plainchart::clock::{Clock, Randomness};
use plainchart::ingest::portal::sign_in::begin;
use plainchart::ingest::portal::{Given, Wanted};
use plainchart::ingest::portal::{Setting, refresh};
use plainchart::store::{Vault, people};
use url::Url;

use super::{PAGES, PER_PAGE};
use crate::world;

/// A connection that waits for its first fetch.
pub struct SignedIn {
    setting: Setting,
    id: String,
}

impl SignedIn {
    pub fn new(home: &Path, base: &Url) -> SignedIn {
        let (clock, random) = (Clock::system(), Randomness::system());
        let vault = Vault::open(&world::config(home), &clock, &random).unwrap().vault;
        let person = people::add(&vault, "bench").unwrap();
        let rows = vault.owner(&person.owner).unwrap().unwrap();
        let setting = Setting { vault: None, rows, clock, random, private_hosts: Vec::new() };
        let wanted = Wanted { client: Some(Given::public("bench".into())), ..Wanted::default() };
        let begun = begin(&setting, base, wanted).unwrap();
        let word =
            |name: &str| begun.address().query_pairs().find(|(own, _)| own == name).unwrap().1.into_owned();
        let mut back: Url = word("redirect_uri").parse().unwrap();
        back.query_pairs_mut().append_pair("code", "c").append_pair("state", &word("state"));
        let id = begun.wait(&|| false, &|| Some(back.clone())).unwrap().keep(false).unwrap();
        SignedIn { setting, id }
    }

    /// Fetches and saves.
    pub fn fetch(&self) {
        let refreshed = refresh(&self.setting, &self.id, &|_| (), &|| false).unwrap();
        let read: usize = refreshed.fetched.queries.iter().map(|query| query.read as usize).sum();
        assert_eq!(read, PAGES * PER_PAGE + 1);
    }
}
