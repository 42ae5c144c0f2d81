//! The master keys that are accepted, and the one short text in which every place keeps them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::error::Error;
use crate::clock::{Randomness, hex};
use crate::secret::Secret;
use crate::store::seal::{KeyBytes, new_key};

/// A master key and its id. The id is shown and stored in clear; it says nothing about the key.
#[derive(Clone, Debug)]
pub struct Master {
    /// Sixteen hexadecimal digits.
    pub id: String,
    /// The key that wraps the owners' data keys.
    pub key: KeyBytes,
}

/// The keys under which owners may be sealed.
#[derive(Clone, Debug)]
pub struct Masters {
    /// Wraps what is new.
    pub current: Master,
    /// Still opens, while a rotation goes on.
    pub previous: Option<Master>,
}

impl Master {
    /// A new random one.
    pub fn new(random: &Randomness) -> Self {
        Self::of(new_key(random))
    }

    fn of(key: KeyBytes) -> Self {
        // HMAC takes a key of any length, so the error is none that can happen; an empty id would be told
        // from every other all the same.
        let mac = Hmac::<Sha256>::new_from_slice(key.expose());
        let id = mac.map(|mac| mac.chain_update(b"plainchart master id").finalize().into_bytes());
        Self { id: id.map(|id| hex(&id[..8])).unwrap_or_default(), key }
    }

    /// Reads base64 of 32 bytes. `place` names where it was found, for the message.
    pub fn parse(text: &str, place: &str) -> Result<Self, Error> {
        let mut key = Secret::new([0; 32]);
        let mut bytes = Zeroizing::new([0; 64]);
        let length = STANDARD.decode_slice(text.trim(), bytes.as_mut_slice());
        if length != Ok(key.expose().len()) {
            return Err(Error::NotAKey(place.to_owned()));
        }
        key.expose_mut().copy_from_slice(&bytes[..32]);
        Ok(Self::of(key))
    }
}

impl Masters {
    /// A first master key, with none before it.
    pub fn new(random: &Randomness) -> Self {
        Self { current: Master::new(random), previous: None }
    }

    /// The same keys with a new one in front. A rotation that is under way is not overtaken by another.
    #[must_use]
    pub fn rotated(&self, random: &Randomness) -> Self {
        match &self.previous {
            Some(_) => self.clone(),
            None => Self { current: Master::new(random), previous: Some(self.current.clone()) },
        }
    }

    /// The keys without the previous one.
    #[must_use]
    pub fn settled(&self) -> Self {
        Self { current: self.current.clone(), previous: None }
    }

    /// The key of this id, if it is accepted.
    pub fn find(&self, id: &str) -> Option<&Master> {
        [Some(&self.current), self.previous.as_ref()].into_iter().flatten().find(|master| master.id == id)
    }

    /// One line a key, the current one first. A file that a person wrote with one line of base64 reads alike.
    pub fn to_text(&self) -> Secret<String> {
        let mut text = Zeroizing::new(STANDARD.encode(self.current.key.expose()));
        text.push('\n');
        if let Some(previous) = &self.previous {
            text.push_str(&Zeroizing::new(STANDARD.encode(previous.key.expose())));
            text.push('\n');
        }
        Secret::new(std::mem::take(&mut *text))
    }

    /// Reads what `to_text` wrote.
    pub fn parse(text: &str, place: &str) -> Result<Self, Error> {
        let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let current = Master::parse(lines.next().unwrap_or_default(), place)?;
        let previous = lines.next().map(|line| Master::parse(line, place)).transpose()?;
        if lines.next().is_some() {
            return Err(Error::NotAKey(place.to_owned()));
        }
        Ok(Self { current, previous })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_survive_their_text_and_show_only_their_ids() {
        let random = Randomness::seeded(1);
        let masters = Masters::new(&random).rotated(&random);
        let read = Masters::parse(masters.to_text().expose(), "the test").unwrap();
        assert_eq!(read.current.id, masters.current.id);
        assert_eq!(read.previous.unwrap().key.expose(), masters.previous.as_ref().unwrap().key.expose());
        let shown = format!("{masters:?}");
        assert!(shown.contains(&masters.current.id));
        assert!(!shown.contains(masters.to_text().expose().trim()));
    }

    #[test]
    fn what_is_not_a_key_is_refused_by_its_place() {
        let good = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
        assert!(Masters::parse(good, "the test").is_ok());
        let three = format!("{good}\n{good}\n{good}");
        for bad in ["", "password", "AAAA", &good[1..], &good.replace('=', "AAAA"), &three] {
            let error = Masters::parse(bad, "the test").unwrap_err();
            assert_eq!(error.to_string(), "the test does not hold a key: base64 of 32 bytes was expected");
        }
    }

    #[test]
    fn a_rotation_under_way_is_not_overtaken() {
        let random = Randomness::seeded(1);
        let first = Masters::new(&random);
        let second = first.rotated(&random);
        assert_ne!(second.current.id, first.current.id);
        assert_eq!(second.rotated(&random).current.id, second.current.id);
        assert!(second.find(&first.current.id).is_some());
        assert!(second.settled().find(&first.current.id).is_none());
    }
}
