//! Sealing a row's body, so that it opens only in its own place and in its own version.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};

use super::error::Error;
use super::key::{Kind, OwnerId};
use crate::clock::Randomness;
use crate::secret::Secret;

/// A body before it is compressed and sealed may have so many bytes.
pub const BODY_BYTES_MAX: usize = 64 << 20;

/// The format of a sealed row: its first byte. Readers for old numbers stay.
pub const FORMAT: u8 = 1;
const NONCE_BYTES: usize = 24;
const HEAD_BYTES: usize = 2 + NONCE_BYTES;
const COMPRESSION_LEVEL: i32 = 3;

/// Thirty-two bytes that seal and open.
pub type KeyBytes = Secret<[u8; 32]>;

/// Where a sealed body belongs. It opens nowhere else.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// Whose it is.
    pub owner: &'a OwnerId,
    /// What it is.
    pub kind: Kind,
    /// Which one.
    pub id: &'a str,
    /// The version that the row has, or will have.
    pub version: u64,
}

/// Whether a body is compressed before it is sealed. The length of what is compressed shows; a body that
/// mixes secrets with what a stranger sends must not be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// As it is.
    Plain,
    /// With zstd.
    Compressed,
}

/// A new random key.
pub fn new_key(random: &Randomness) -> KeyBytes {
    let mut key = Secret::new([0; 32]);
    random.fill(key.expose_mut());
    key
}

/// Seals a body for a place.
pub fn seal(
    key: &KeyBytes,
    place: Place<'_>,
    body: &[u8],
    packing: Packing,
    random: &Randomness,
) -> Result<Vec<u8>, Error> {
    if body.len() > BODY_BYTES_MAX {
        return Err(Error::TooLarge(body.len()));
    }
    let mut nonce = XNonce::default();
    random.fill(&mut nonce);
    let packed = match packing {
        Packing::Plain => None,
        Packing::Compressed => Some(compress(body)?),
    };
    let packing = u8::from(packed.is_some());
    let payload = Payload { msg: packed.as_deref().unwrap_or(body), aad: &binding(FORMAT, packing, place) };
    let sealed = XChaCha20Poly1305::new(&Key::from(*key.expose()))
        .encrypt(&nonce, payload)
        .map_err(|_| Error::TooLarge(body.len()))?;
    let mut row = Vec::with_capacity(HEAD_BYTES + sealed.len());
    row.extend([FORMAT, packing]);
    row.extend(nonce);
    row.extend(sealed);
    Ok(row)
}

/// Opens what was sealed for this place; anything else is `Damaged`, or `Newer`.
pub fn open(key: &KeyBytes, place: Place<'_>, sealed: &[u8]) -> Result<Vec<u8>, Error> {
    let damaged = || Error::Damaged(place.kind);
    let (head, ciphertext) = sealed.split_at_checked(HEAD_BYTES).ok_or_else(damaged)?;
    let (format, packing) = (head[0], head[1]);
    if format > FORMAT {
        return Err(Error::Newer { what: "a sealed row", found: format.into(), known: FORMAT.into() });
    }
    let nonce = XNonce::try_from(&head[2..]).map_err(|_| damaged())?;
    let payload = Payload { msg: ciphertext, aad: &binding(format, packing, place) };
    let body =
        XChaCha20Poly1305::new(&Key::from(*key.expose())).decrypt(&nonce, payload).map_err(|_| damaged())?;
    match packing {
        0 => Ok(body),
        1 => decompress(&body).ok_or_else(damaged),
        _ => Err(damaged()),
    }
}

/// What a seal is bound to. Every text has its length before it, so that no two places read alike.
fn binding(format: u8, packing: u8, place: Place<'_>) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(128);
    bytes.extend(b"plainchart row");
    bytes.extend([format, packing]);
    for text in [place.owner.as_str(), place.kind.word(), place.id] {
        bytes.extend((text.len() as u64).to_le_bytes());
        bytes.extend(text.as_bytes());
    }
    bytes.extend(place.version.to_le_bytes());
    bytes
}

/// The length comes first, so that reading it back allocates once and no more.
fn compress(body: &[u8]) -> Result<Vec<u8>, Error> {
    let packed = zstd::bulk::compress(body, COMPRESSION_LEVEL).map_err(Error::failed("compressing a row"))?;
    let length = u32::try_from(body.len()).map_err(|_| Error::TooLarge(body.len()))?;
    Ok([length.to_le_bytes().as_slice(), &packed].concat())
}

fn decompress(packed: &[u8]) -> Option<Vec<u8>> {
    let (length, packed) = packed.split_first_chunk()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok().filter(|len| *len <= BODY_BYTES_MAX)?;
    zstd::bulk::decompress(packed, length).ok().filter(|body| body.len() == length)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn place<'a>(owner: &'a OwnerId, id: &'a str) -> Place<'a> {
        Place { owner, kind: Kind::Segment, id, version: 3 }
    }

    fn packings() -> impl Strategy<Value = Packing> {
        prop_oneof![Just(Packing::Plain), Just(Packing::Compressed)]
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_was_sealed_opens_in_its_place(body: Vec<u8>, packing in packings(), seed: u64) {
            let random = Randomness::seeded(seed);
            let (key, owner) = (new_key(&random), OwnerId::random(&random));
            let sealed = seal(&key, place(&owner, "a"), &body, packing, &random).unwrap();
            prop_assert_eq!(open(&key, place(&owner, "a"), &sealed).unwrap(), body);
        }

        #[test]
        fn a_flipped_bit_never_opens(body: Vec<u8>, packing in packings(), at: prop::sample::Index) {
            let random = Randomness::seeded(1);
            let (key, owner) = (new_key(&random), OwnerId::home());
            let mut sealed = seal(&key, place(&owner, "a"), &body, packing, &random).unwrap();
            let bit = at.index(sealed.len() * 8);
            sealed[bit / 8] ^= 1 << (bit % 8);
            prop_assert!(open(&key, place(&owner, "a"), &sealed).is_err());
        }

        #[test]
        fn no_bytes_open_by_luck_or_panic(sealed: Vec<u8>) {
            let key = new_key(&Randomness::seeded(1));
            prop_assert!(open(&key, place(&OwnerId::home(), "a"), &sealed).is_err());
        }
    }

    #[test]
    fn a_row_opens_in_no_other_place_version_or_key() {
        let random = Randomness::seeded(1);
        let key = new_key(&random);
        let (owner, other) = (OwnerId::random(&random), OwnerId::random(&random));
        let home = place(&owner, "a");
        let sealed = seal(&key, home, b"body", Packing::Plain, &random).unwrap();
        for elsewhere in [
            Place { owner: &other, ..home },
            Place { kind: Kind::Original, ..home },
            Place { id: "b", ..home },
            Place { version: 2, ..home },
            Place { version: 4, ..home },
        ] {
            assert!(matches!(open(&key, elsewhere, &sealed), Err(Error::Damaged(_))), "{elsewhere:?}");
        }
        assert!(open(&new_key(&random), home, &sealed).is_err());
        assert!(open(&key, home, &sealed).is_ok());
    }

    #[test]
    fn a_newer_format_is_refused_by_name() {
        let random = Randomness::seeded(1);
        let (key, owner) = (new_key(&random), OwnerId::home());
        let mut sealed = seal(&key, place(&owner, "a"), b"body", Packing::Plain, &random).unwrap();
        sealed[0] = FORMAT + 1;
        let error = open(&key, place(&owner, "a"), &sealed).unwrap_err();
        assert!(matches!(error, Error::Newer { found: 2, known: 1, .. }));
    }

    #[test]
    fn the_same_body_never_looks_the_same() {
        let random = Randomness::seeded(1);
        let (key, owner) = (new_key(&random), OwnerId::home());
        let seal = || seal(&key, place(&owner, "a"), b"body", Packing::Plain, &random).unwrap();
        assert_ne!(seal(), seal());
    }

    #[test]
    fn compression_makes_repetition_small_and_a_body_has_a_limit() {
        let random = Randomness::seeded(1);
        let (key, owner) = (new_key(&random), OwnerId::home());
        let body = vec![b'x'; 100_000];
        let sealed = seal(&key, place(&owner, "a"), &body, Packing::Compressed, &random).unwrap();
        assert!(sealed.len() < 1_000);
        let body = vec![0; BODY_BYTES_MAX + 1];
        let error = seal(&key, place(&owner, "a"), &body, Packing::Plain, &random).unwrap_err();
        assert!(matches!(error, Error::TooLarge(_)));
    }
}
