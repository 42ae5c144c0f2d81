//! The people whose records are here: a sealed list of names, so that no name stands in clear.

use serde::{Deserialize, Serialize};

use super::error::Error;
use super::key::{Kind, OwnerId, RowKey};
use super::sealed::Change;
use super::vault::{TRIES_MAX, Vault};

const NAME_CHARS_MAX: usize = 100;

/// A person, by the name that the household or the operator gave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The name.
    pub label: String,
    /// Whose rows they are.
    pub owner: OwnerId,
}

/// Everyone, in the order in which they were added.
pub fn list(vault: &Vault) -> Result<Vec<Person>, Error> {
    read(vault).map(|(_, people)| people)
}

/// The person of this name; letter case does not matter.
pub fn find(vault: &Vault, label: &str) -> Result<Option<Person>, Error> {
    Ok(list(vault)?.into_iter().find(|person| is_same(&person.label, label)))
}

/// Adds a person with an empty record.
pub fn add(vault: &Vault, label: &str) -> Result<Person, Error> {
    let label = checked(label)?;
    let person = Person { label: label.to_owned(), owner: OwnerId::random(vault.random()) };
    // Looked at before anything is made, and again with every try.
    if find(vault, label)?.is_some() {
        return Err(Error::NameTaken);
    }
    vault.create(&person.owner)?;
    let listed = change(vault, |people| {
        if people.iter().any(|other| is_same(&other.label, label)) {
            return Err(Error::NameTaken);
        }
        people.push(person.clone());
        Ok(())
    });
    if let Err(error) = listed {
        vault.forget(&person.owner)?;
        return Err(error);
    }
    Ok(person)
}

/// Gives a person another name.
pub fn rename(vault: &Vault, owner: &OwnerId, label: &str) -> Result<(), Error> {
    let label = checked(label)?;
    change(vault, |people| {
        if people.iter().any(|other| other.owner != *owner && is_same(&other.label, label)) {
            return Err(Error::NameTaken);
        }
        let person = people.iter_mut().find(|person| person.owner == *owner).ok_or(Error::NoPerson)?;
        person.label = label.to_owned();
        Ok(())
    })
}

/// Forgets a person, and then the name: after a crash between the two the name is still there to try again.
pub fn remove(vault: &Vault, owner: &OwnerId) -> Result<(), Error> {
    vault.forget(owner)?;
    release(vault, owner)
}

/// Takes a person off the list and leaves the record: from now on an account cares for them.
pub fn release(vault: &Vault, owner: &OwnerId) -> Result<(), Error> {
    change(vault, |people| {
        people.retain(|person| person.owner != *owner);
        Ok(())
    })
}

/// The name as it is kept, if it may be one.
pub fn checked(label: &str) -> Result<&str, Error> {
    let label = label.trim();
    let is_line = !label.is_empty() && !label.chars().any(char::is_control);
    if is_line && label.chars().count() <= NAME_CHARS_MAX { Ok(label) } else { Err(Error::BadName) }
}

fn is_same(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

fn row() -> RowKey {
    RowKey::new(Kind::People, "people")
}

fn read(vault: &Vault) -> Result<(Option<u64>, Vec<Person>), Error> {
    let Some(body) = vault.home()?.read_one(&row())? else { return Ok((None, Vec::new())) };
    let people = serde_json::from_slice(&body.bytes).map_err(Error::failed("reading the list of people"))?;
    Ok((Some(body.version), people))
}

fn change(vault: &Vault, apply: impl Fn(&mut Vec<Person>) -> Result<(), Error>) -> Result<(), Error> {
    for _ in 0..TRIES_MAX {
        let (version, mut people) = read(vault)?;
        apply(&mut people)?;
        let body = serde_json::to_vec(&people).map_err(Error::failed("writing the list of people"))?;
        match vault.home()?.write(&[Change::put(row(), version, body)]) {
            Err(Error::Conflict) => {}
            written => return written,
        }
    }
    Err(Error::Conflict)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::clock::{Clock, Randomness};

    fn vault() -> Vault {
        Vault::in_memory(Clock::fixed(Timestamp::UNIX_EPOCH), Randomness::seeded(1)).unwrap()
    }

    #[test]
    fn a_person_is_added_found_renamed_and_forgotten() {
        let vault = vault();
        let anna = add(&vault, " Anna ").unwrap();
        assert_eq!(find(&vault, "anna").unwrap(), Some(anna.clone()));
        let bert = add(&vault, "Bert").unwrap();
        rename(&vault, &anna.owner, "Anne").unwrap();
        assert!(matches!(rename(&vault, &anna.owner, "BERT"), Err(Error::NameTaken)));
        remove(&vault, &anna.owner).unwrap();
        assert!(vault.owner(&anna.owner).unwrap().is_none());
        assert_eq!(list(&vault).unwrap(), [bert]);
        assert!(matches!(rename(&vault, &anna.owner, "Anna"), Err(Error::NoPerson)));
    }

    #[test]
    fn a_name_is_one_line_and_belongs_to_one_person() {
        let vault = vault();
        add(&vault, "Anna").unwrap();
        assert!(matches!(add(&vault, "ANNA"), Err(Error::NameTaken)));
        for bad in ["", "  ", "a\nb", &"x".repeat(101)] {
            assert!(matches!(add(&vault, bad), Err(Error::BadName)), "{bad:?}");
        }
        assert_eq!(vault.owners().unwrap().len(), 1);
    }

    #[test]
    fn people_added_at_once_are_all_listed() {
        let vault = vault();
        std::thread::scope(|scope| {
            for name in ["Anna", "Bert", "Carla"] {
                let vault = &vault;
                scope.spawn(move || add(vault, name).unwrap());
            }
        });
        let mut names: Vec<_> = list(&vault).unwrap().into_iter().map(|person| person.label).collect();
        names.sort();
        assert_eq!(names, ["Anna", "Bert", "Carla"]);
    }
}
