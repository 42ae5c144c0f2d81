//! Where a command works: the store, its key, the person, the day.

use anyhow::Result;

use super::Cli;
use super::exit::Usage;
use crate::access::{self, Access, Door};
use crate::clock::{Clock, Randomness};
use crate::config::Config;
use crate::ingest::portal::Setting;
use crate::mcp::desk::{Desk, Outgoing};
use crate::store::people::{self, Person};
use crate::store::{Opening, Sealed, Vault};

/// What a person is called who gave no name.
const ME: &str = "me";

/// Where a command works.
pub struct Place {
    /// The environment and the home folder.
    pub config: Config,
    /// The clock, with the day of `--today`.
    pub clock: Clock,
    /// The randomness of the system.
    pub random: Randomness,
    /// The person of `--person`.
    pub person: Option<String>,
}

impl Place {
    /// The place that the global flags name.
    pub fn of(cli: &Cli) -> Result<Place> {
        let mut config = Config::read()?;
        if let Some(home) = &cli.home {
            config.home.clone_from(home);
        }
        let clock = Clock::system();
        let clock = cli.today.map_or(clock.clone(), |today| clock.with_today(today));
        Ok(Place { config, clock, random: Randomness::system(), person: cli.person.clone() })
    }

    /// Opens the store; makes it, and a key, where there is none, and says where the key is.
    pub fn open_or_make(&self) -> Result<Opening> {
        let opening = Vault::open(&self.config, &self.clock, &self.random)?;
        if opening.is_new {
            eprintln!("A new key was made for this store. It is in {}.", opening.keychain.source());
            eprintln!("Without it nobody can read the record: keep a copy apart (plainchart keys).");
        }
        Ok(opening)
    }

    /// Opens a store that is there.
    pub fn open(&self) -> Result<Opening> {
        let is_missing = self.config.store_file().is_some_and(|file| !file.exists());
        if is_missing {
            return Err(access::Error::NoRecord.into());
        }
        Ok(Vault::open(&self.config, &self.clock, &self.random)?)
    }

    /// The person that is meant: by name, or the only one.
    pub fn whose(&self, vault: &Vault) -> Result<Person> {
        let mut everyone = people::list(vault)?;
        match &self.person {
            Some(name) => Ok(people::find(vault, name)?.ok_or(access::Error::UnknownPerson)?),
            None if everyone.len() > 1 => {
                let names: Vec<&str> = everyone.iter().map(|person| person.label.as_str()).collect();
                Err(Usage(format!("several people are here; add --person with one of: {}", names.join(", ")))
                    .into())
            }
            None => Ok(everyone.pop().ok_or(access::Error::NoRecord)?),
        }
    }

    /// The person that is meant, or a new one with an empty record; and whether they are new.
    pub fn whose_or_new(&self, vault: &Vault) -> Result<(Person, bool)> {
        let is_known = match &self.person {
            Some(name) => people::find(vault, name)?.is_some(),
            None => !people::list(vault)?.is_empty(),
        };
        if is_known {
            return Ok((self.whose(vault)?, false));
        }
        Ok((people::add(vault, self.person.as_deref().unwrap_or(ME))?, true))
    }

    /// The person's rows.
    pub fn rows(&self, vault: &Vault, person: &Person) -> Result<Sealed> {
        Ok(vault.owner(&person.owner)?.ok_or(access::Error::NoRecord)?)
    }

    /// The person's rows, with what work on a portal needs.
    pub fn setting(&self, vault: &Vault, person: &Person) -> Result<Setting> {
        Ok(Setting {
            rows: self.rows(vault, person)?,
            vault: Some(vault.clone()),
            clock: self.clock.clone(),
            random: self.random.clone(),
            private_hosts: self.config.private_hosts.clone(),
        })
    }

    /// The desk at which work on portals goes on.
    pub fn desk(&self) -> Desk {
        let (random, private_hosts) = (self.random.clone(), self.config.private_hosts.clone());
        Desk::new(Outgoing { random, private_hosts })
    }

    /// The way to the record for the gate; nothing is opened before the first call.
    pub fn access(self) -> Access {
        let door = Door::to_store(self.config, self.clock.clone(), self.random, self.person);
        Access::new(door, self.clock)
    }
}
