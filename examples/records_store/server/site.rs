//! One vendor on the server: its row, its people, its tokens and what is switched.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, RwLock, RwLockReadGuard};
use std::time::{Duration, Instant};

use super::clients::Clients;
use super::people::People;
use super::quirks::{Discovery, Rate};
use super::search::Cursors;
use super::sessions::Sessions;
use super::switches::{Switch, Switches};
use super::vendor::Vendor;

pub struct Site {
    pub vendor: Vendor,
    /// `http://127.0.0.1:PORT`.
    pub origin: String,
    /// The root of another host, which answers and keeps what it saw.
    pub foreign: String,
    /// Whether tokens are checked by somebody in front of this server, and not here.
    pub is_open: bool,
    pub people: RwLock<People>,
    pub sessions: Mutex<Sessions>,
    pub clients: Mutex<Clients>,
    pub switches: Mutex<Switches>,
    pub cursors: Mutex<Cursors>,
    pub calls: Mutex<VecDeque<Instant>>,
}

impl Site {
    pub fn base(&self) -> String {
        let slash = if self.vendor.base_has_slash { "/" } else { "" };
        format!("{}/{}/{}{slash}", self.origin, self.vendor.name, self.vendor.path)
    }

    pub fn endpoint(&self, name: &str) -> String {
        format!("{}/{}/oauth2/{name}", self.origin, self.vendor.name)
    }

    pub fn token_address(&self) -> String {
        self.endpoint("token")
    }

    /// RFC 8414, 3.3: where a client can only ask the base, the issuer is the base.
    pub fn issuer(&self) -> String {
        if self.vendor.discovery.contains(&Discovery::SmartConfiguration) {
            format!("{}/{}/oauth2", self.origin, self.vendor.name)
        } else {
            self.base().trim_end_matches('/').to_owned()
        }
    }

    pub fn people(&self) -> RwLockReadGuard<'_, People> {
        self.people.read().unwrap()
    }

    pub fn sessions(&self) -> MutexGuard<'_, Sessions> {
        self.sessions.lock().unwrap()
    }

    pub fn clients(&self) -> MutexGuard<'_, Clients> {
        self.clients.lock().unwrap()
    }

    pub fn switches(&self) -> MutexGuard<'_, Switches> {
        self.switches.lock().unwrap()
    }

    pub fn cursors(&self) -> MutexGuard<'_, Cursors> {
        self.cursors.lock().unwrap()
    }

    pub fn set(&self, switch: Switch) {
        match switch {
            Switch::Put(resource) => self.people.write().unwrap().replace(&resource),
            Switch::Remove { kind, id } => self.people.write().unwrap().remove(&kind, &id),
            Switch::ExpireAccess => self.sessions().expire_access(),
            Switch::RevokeAll => self.sessions().end_all(),
            Switch::ExpirePages => self.cursors().opaque.clear(),
            switch => self.switches().set(switch),
        }
        self.cursors().begun.clear();
    }

    /// The calls that are left in this time; or, when there are none, how long to wait for the next.
    pub fn spend_call(&self, rate: &Rate) -> Result<usize, Duration> {
        let mut calls = self.calls.lock().unwrap();
        let (now, time) = (Instant::now(), Duration::from_secs(rate.seconds));
        while calls.front().is_some_and(|at| now.duration_since(*at) > time) {
            calls.pop_front();
        }
        match calls.front() {
            Some(first) if calls.len() >= rate.calls => Err(time - now.duration_since(*first)),
            _ => {
                calls.push_back(now);
                Ok(rate.calls - calls.len())
            }
        }
    }
}
