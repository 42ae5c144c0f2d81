//! An owner's data key: what seals the owner's rows, and how a master key wraps it.

use super::error::Error;
use super::key::{Kind, OwnerId, RowKey};
use super::keys::{Master, Masters};
use super::seal::{self, KeyBytes, Packing, Place, new_key};
use crate::clock::Randomness;
use crate::secret::Secret;

const FORMAT: u8 = 1;
const MASTER_ID_BYTES: usize = 16;
const PRESENCE_BYTES: usize = 8;

/// The data key, and the id of the row that says its owner is here.
pub struct OwnerKey {
    /// Seals every row of the owner but the wrapped key.
    pub bytes: KeyBytes,
    /// New with every data key, so that an owner who was forgotten and came again is not the same.
    presence: [u8; PRESENCE_BYTES],
}

impl OwnerKey {
    /// A new random one.
    pub fn new(random: &Randomness) -> Self {
        let mut presence = [0; PRESENCE_BYTES];
        random.fill(&mut presence);
        Self { bytes: new_key(random), presence }
    }

    /// The row that must be there for anything to be written.
    pub fn presence(&self) -> RowKey {
        RowKey::new(Kind::Presence, crate::clock::hex(&self.presence))
    }

    /// The row of the wrapped key.
    pub fn row() -> RowKey {
        RowKey::new(Kind::Key, "key")
    }

    /// Wraps it: a format number, the master's id in clear, and the sealed key.
    pub fn wrap(
        &self,
        master: &Master,
        owner: &OwnerId,
        version: u64,
        random: &Randomness,
    ) -> Result<Vec<u8>, Error> {
        let mut clear = Secret::new(self.bytes.expose().to_vec());
        clear.expose_mut().extend(self.presence);
        let sealed = seal::seal(&master.key, place(owner, version), clear.expose(), Packing::Plain, random)?;
        Ok([&[FORMAT], master.id.as_bytes(), &sealed].concat())
    }

    /// Unwraps it with the master key that it names.
    pub fn unwrap(masters: &Masters, owner: &OwnerId, version: u64, wrapped: &[u8]) -> Result<Self, Error> {
        let id = master_id(wrapped)?;
        let master = masters.find(id).ok_or_else(|| Error::OtherKey(id.to_owned()))?;
        let sealed = &wrapped[1 + MASTER_ID_BYTES..];
        let clear = Secret::new(seal::open(&master.key, place(owner, version), sealed)?);
        let parts = clear.expose().split_first_chunk::<32>();
        let (bytes, presence) = parts.ok_or(Error::Damaged(Kind::Key))?;
        let presence = presence.try_into().map_err(|_| Error::Damaged(Kind::Key))?;
        Ok(Self { bytes: Secret::new(*bytes), presence })
    }
}

/// The id of the master key under which a data key is wrapped.
pub fn master_id(wrapped: &[u8]) -> Result<&str, Error> {
    let format = *wrapped.first().ok_or(Error::Damaged(Kind::Key))?;
    if format > FORMAT {
        return Err(Error::Newer { what: "a wrapped key", found: format.into(), known: FORMAT.into() });
    }
    let id = wrapped.get(1..=MASTER_ID_BYTES).and_then(|id| std::str::from_utf8(id).ok());
    id.ok_or(Error::Damaged(Kind::Key))
}

fn place(owner: &OwnerId, version: u64) -> Place<'_> {
    Place { owner, kind: Kind::Key, id: "key", version }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrapped_key_opens_for_its_owner_and_under_its_master_only() {
        let random = Randomness::seeded(1);
        let (owner, masters) = (OwnerId::random(&random), Masters::new(&random));
        let key = OwnerKey::new(&random);
        let wrapped = key.wrap(&masters.current, &owner, 1, &random).unwrap();
        let opened = OwnerKey::unwrap(&masters, &owner, 1, &wrapped).unwrap();
        assert_eq!(opened.bytes.expose(), key.bytes.expose());
        assert_eq!(opened.presence(), key.presence());

        assert!(OwnerKey::unwrap(&masters, &OwnerId::home(), 1, &wrapped).is_err());
        assert!(OwnerKey::unwrap(&masters, &owner, 2, &wrapped).is_err());
        let other = OwnerKey::unwrap(&Masters::new(&random), &owner, 1, &wrapped);
        assert!(matches!(other, Err(Error::OtherKey(id)) if id == masters.current.id));
    }

    #[test]
    fn short_and_newer_bytes_are_refused() {
        let (masters, owner) = (Masters::new(&Randomness::seeded(1)), OwnerId::home());
        for length in 0..17 {
            let error = OwnerKey::unwrap(&masters, &owner, 1, &vec![1; length]).err();
            assert!(matches!(error, Some(Error::Damaged(Kind::Key))), "{length}");
        }
        assert!(matches!(master_id(&[2; 40]), Err(Error::Newer { found: 2, .. })));
    }
}
