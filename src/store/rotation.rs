//! A new master key in place of the old one: every owner's data key is wrapped anew, one by one.
//!
//! The old key is accepted until nobody needs it. Whatever step a crash comes after, everything opens with
//! the keys that are kept, and the next `rotate` goes on from there.

use super::engine::Write;
use super::error::Error;
use super::key::OwnerId;
use super::keys::Masters;
use super::owner_key::{OwnerKey, master_id};
use super::vault::{TRIES_MAX, Vault};

/// Changes the master key, or goes on with a change that was interrupted. The number of owners whose key was
/// wrapped anew.
///
/// A key in the environment is changed there: with the new key in `PLAINCHART_KEY` and the old one in
/// `PLAINCHART_KEY_PREVIOUS` this wraps everything anew, and the old one may then go.
pub fn rotate(vault: &Vault) -> Result<usize, Error> {
    let keychain = vault.shared.keychain();
    let kept_here = keychain.filter(|keychain| !keychain.is_read_only());
    let _held = kept_here.map(|keychain| keychain.hold()).transpose()?;
    begin(vault)?;
    // Home comes first: new owners are wrapped as home is, so from here on none needs the old key.
    let mut rewrapped = usize::from(rewrap(vault, &OwnerId::home())?);
    loop {
        let before = rewrapped;
        for owner in vault.owners()? {
            rewrapped += usize::from(rewrap(vault, &owner)?);
        }
        if rewrapped == before {
            break;
        }
    }
    let settled = vault.shared.masters().settled();
    match keychain {
        Some(keychain) if keychain.is_read_only() => return Ok(rewrapped),
        Some(keychain) => keychain.save(&settled)?,
        None => {}
    }
    vault.shared.set_masters(settled);
    Ok(rewrapped)
}

/// Makes the new key and keeps it with the old one, unless both are kept already.
fn begin(vault: &Vault) -> Result<(), Error> {
    let kept: Masters = match vault.shared.keychain() {
        Some(keychain) => keychain.load()?,
        None => vault.shared.masters(),
    };
    let rotated = kept.rotated(vault.random());
    if rotated.current.id != kept.current.id
        && let Some(keychain) = vault.shared.keychain()
    {
        keychain.save(&rotated)?;
    }
    vault.shared.set_masters(rotated);
    Ok(())
}

/// Wraps one owner's key under the current master. Whether that was needed.
fn rewrap(vault: &Vault, owner: &OwnerId) -> Result<bool, Error> {
    let (engine, masters) = (&vault.shared.engine, vault.shared.masters());
    for _ in 0..TRIES_MAX {
        let Some(row) = engine.get(owner, &[OwnerKey::row()])?.pop().flatten() else { return Ok(false) };
        if master_id(&row.body)? == masters.current.id {
            return Ok(false);
        }
        let key = OwnerKey::unwrap(&masters, owner, row.version, &row.body)?;
        let body = key.wrap(&masters.current, owner, row.version + 1, vault.random())?;
        let expected = Some(row.version);
        match engine.write(owner, &[Write::Put { key: OwnerKey::row(), expected, body, due_at: None }]) {
            // The owner was forgotten or rewrapped meanwhile.
            Err(Error::Conflict) => {}
            written => return written.map(|()| true),
        }
    }
    Err(Error::Conflict)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use jiff::Timestamp;

    use super::super::{Change, Kind, RowKey};
    use super::*;
    use crate::clock::{Clock, Randomness};
    use crate::config::Config;
    use crate::secret::Secret;

    const OLD: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    const NEW: &str = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";

    fn config(folder: &Path) -> Config {
        let home = folder.join("home");
        let lookup = |name: &str| (name == "PLAINCHART_HOME").then(|| (&home).into());
        let mut config = Config::from_lookup(lookup).unwrap();
        config.settings = folder.join("settings");
        config.uses_key_store = false;
        config
    }

    fn open(config: &Config) -> Result<Vault, Error> {
        let clock = Clock::fixed(Timestamp::UNIX_EPOCH);
        Vault::open(config, &clock, &Randomness::system()).map(|opening| opening.vault)
    }

    fn grant() -> RowKey {
        RowKey::new(Kind::Grant, "a")
    }

    fn with_people(vault: &Vault) -> Vec<OwnerId> {
        let people = [(); 3].map(|()| OwnerId::random(vault.random()));
        for owner in &people {
            let change = Change::put(grant(), None, b"kept".to_vec());
            vault.create(owner).unwrap().write(&[change]).unwrap();
        }
        people.to_vec()
    }

    fn all_open(vault: &Vault, people: &[OwnerId]) -> bool {
        people.iter().all(|owner| {
            let sealed = vault.owner(owner).ok().flatten();
            sealed.is_some_and(|sealed| sealed.read_one(&grant()).unwrap().unwrap().bytes == b"kept")
        })
    }

    #[test]
    fn after_a_rotation_only_the_new_key_is_needed_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        let config = config(folder.path());
        let vault = open(&config).unwrap();
        let people = with_people(&vault);
        let old = vault.shared.masters();
        assert_eq!(rotate(&vault).unwrap(), 4);
        assert!(all_open(&vault, &people));
        let again = open(&config).unwrap();
        assert!(all_open(&again, &people));
        let kept = again.shared.masters();
        assert!(kept.previous.is_none() && kept.current.id != old.current.id);
        again.shared.set_masters(old);
        // A process that still knows the old key only reads the kept one again.
        assert!(all_open(&again, &people));
    }

    #[test]
    fn a_rotation_that_crashed_at_any_step_opens_everything_and_goes_on() {
        for crash_after in 0..=4 {
            let folder = tempfile::tempdir().unwrap();
            let config = config(folder.path());
            let vault = open(&config).unwrap();
            let people = with_people(&vault);
            begin(&vault).unwrap();
            let steps = [OwnerId::home()].into_iter().chain(people.clone());
            steps.take(crash_after).for_each(|owner| assert!(rewrap(&vault, &owner).unwrap()));
            drop(vault);
            let vault = open(&config).unwrap();
            assert!(all_open(&vault, &people), "{crash_after}");
            assert_eq!(rotate(&vault).unwrap(), 4 - crash_after);
            assert!(vault.shared.masters().previous.is_none());
            assert!(all_open(&open(&config).unwrap(), &people), "{crash_after}");
        }
    }

    #[test]
    fn an_owner_made_by_a_process_with_the_old_key_survives() {
        let folder = tempfile::tempdir().unwrap();
        let config = config(folder.path());
        let (server, command) = (open(&config).unwrap(), open(&config).unwrap());
        rotate(&command).unwrap();
        let people = with_people(&server);
        assert!(all_open(&open(&config).unwrap(), &people));
    }

    #[test]
    fn a_key_in_the_environment_is_rotated_by_setting_both() {
        let folder = tempfile::tempdir().unwrap();
        let mut config = config(folder.path());
        let key = |text: &str| Some(Secret::new(text.to_owned()));
        config.key = key(OLD);
        let vault = open(&config).unwrap();
        let people = with_people(&vault);
        let error = rotate(&vault).unwrap_err();
        assert!(matches!(error, Error::Key(super::super::keys::Error::ReadOnly)));
        config.key = key(NEW);
        assert!(matches!(open(&config).err(), Some(Error::OtherKey(_))));
        config.key_previous = key(OLD);
        assert_eq!(rotate(&open(&config).unwrap()).unwrap(), 4);
        config.key_previous = None;
        assert!(all_open(&open(&config).unwrap(), &people));
    }
}
