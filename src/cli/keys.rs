//! `plainchart keys` and `plainchart unlock`: where the key is, moving and rotating it.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Subcommand};

use super::exit::Usage;
use super::place::Place;
use crate::secret::Secret;
use crate::store::keys::KeySource;
use crate::store::rotation;

/// What is done with the key. Without anything, its place is shown.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    act: Option<Act>,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Make a new key; every record's own key is wrapped anew.
    Rotate,
    /// Move the key to the system's key store.
    ToKeyStore,
    /// Move the key to a file, outside the data folder.
    ToFile {
        /// The file [default: in the platform's settings folder].
        path: Option<PathBuf>,
    },
    /// Protect the key by a passphrase (Argon2id).
    ToPassphrase,
}

/// For how long.
#[derive(Debug, Args)]
pub struct UnlockArguments {
    /// Hours until it locks again.
    #[arg(long, default_value_t = 8, value_name = "HOURS", value_parser = clap::value_parser!(u8).range(1..=24))]
    hours: u8,
    /// Lock it now instead.
    #[arg(long)]
    lock: bool,
}

/// Shows, moves or rotates the key.
pub fn run(place: &Place, arguments: &Arguments) -> Result<ExitCode> {
    let opening = place.open()?;
    let keychain = &opening.keychain;
    let moved = match &arguments.act {
        None => {
            println!("Where the key is: {}.", keychain.source());
            println!("Key id: {}", opening.vault.master_ids().join(", before it "));
            return Ok(ExitCode::SUCCESS);
        }
        Some(Act::Rotate) => {
            let rewrapped = rotation::rotate(&opening.vault)?;
            println!("A new key is in {}; {rewrapped} keys were wrapped anew.", keychain.source());
            return Ok(ExitCode::SUCCESS);
        }
        Some(Act::ToKeyStore) => keychain.move_to(KeySource::in_key_store(&place.config.home), None)?,
        Some(Act::ToFile { path }) => {
            let source = path.clone().map_or_else(
                || KeySource::in_file(&place.config.home, &place.config.settings),
                KeySource::File,
            );
            keychain.move_to(source, None)?
        }
        Some(Act::ToPassphrase) => {
            let passphrase = typed_twice(place)?;
            keychain.move_to(KeySource::Passphrase, Some(passphrase))?
        }
    };
    println!("Where the key is now: {}.", moved.source());
    Ok(ExitCode::SUCCESS)
}

/// Opens a store with a passphrase for some hours, or locks it.
pub fn unlock(place: &Place, arguments: &UnlockArguments) -> Result<ExitCode> {
    let mut config = place.config.clone();
    if config.passphrase.is_none() && !arguments.lock {
        config.passphrase = Some(Secret::new(rpassword::prompt_password("Passphrase: ")?));
    }
    let place = Place { config, clock: place.clock.clone(), random: place.random.clone(), person: None };
    let keychain = place.open()?.keychain;
    if arguments.lock {
        keychain.lock()?;
        println!("Locked.");
        return Ok(ExitCode::SUCCESS);
    }
    match keychain.unlock(arguments.hours)? {
        Some(until) => println!("Open until {until}."),
        None => println!("This store has no passphrase: its key is in {}.", keychain.source()),
    }
    Ok(ExitCode::SUCCESS)
}

fn typed_twice(place: &Place) -> Result<Secret<String>> {
    if let Some(passphrase) = &place.config.passphrase {
        return Ok(passphrase.clone());
    }
    let first = rpassword::prompt_password("New passphrase: ")?;
    let again = rpassword::prompt_password("Again: ")?;
    match first == again && !first.is_empty() {
        true => Ok(Secret::new(first)),
        false => Err(Usage("the two were not the same; nothing was changed".into()).into()),
    }
}
