//! The logins of an installation: a name becomes an owner's id by a keyed hash, so that an engine sees no name.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::error::Error;
use super::login::Login;
use super::name::Name;
use super::stored::again;
use crate::clock::hex;
use crate::secret::Secret;
use crate::store::{self, Kind, OwnerId, RowKey, Vault};

const SECRET_BYTES: usize = 32;
const HASH_BYTES: usize = 16;
const MARK_BYTES: usize = 32;
/// What the key is used for: nothing of one use is anything in another.
const LOGIN: &str = "plainchart login 1";
const MARK: &str = "plainchart passkey sign-in 1";

/// How an account is found.
#[derive(Clone, Copy)]
pub enum Handle<'a> {
    /// By the name that was typed.
    Name(&'a Name),
    /// By the operator's identity provider (OpenID Connect Core 2: `iss` and `sub` together).
    Subject {
        /// `iss`.
        issuer: &'a str,
        /// `sub`.
        subject: &'a str,
    },
}

/// The key of this installation under which names are hashed.
#[derive(Clone, Debug)]
pub(super) struct Logins(Secret<[u8; SECRET_BYTES]>);

impl Logins {
    /// That of this installation; made with the first look.
    pub fn open(vault: &Vault) -> Result<Logins, Error> {
        let (home, row) = (vault.home()?, RowKey::new(Kind::Setting, "logins"));
        again(|| {
            if let Some(body) = home.read_one(&row)? {
                let bytes = Secret::new(body.bytes);
                let secret = bytes.expose().as_slice().try_into();
                return Ok(Logins(Secret::new(secret.map_err(|_| store::Error::Damaged(row.kind))?)));
            }
            let mut secret = Secret::new([0; SECRET_BYTES]);
            vault.random().fill(secret.expose_mut());
            home.write(&[store::Change::put(row.clone(), None, secret.expose().to_vec())])?;
            Ok(Logins(secret))
        })
    }

    /// The owner under which a login is kept.
    pub fn owner(&self, handle: Handle<'_>) -> OwnerId {
        match handle {
            Handle::Name(name) => self.hash(&["name", name.folded()]),
            Handle::Subject { issuer, subject } => self.hash(&["subject", issuer, subject]),
        }
    }

    /// Where tries with names of nobody are written, so that they take as long as others.
    fn nobody(&self) -> OwnerId {
        self.hash(&["nobody"])
    }

    /// What goes through the browser of somebody who is not signed in, with a mark by which it is known again.
    pub fn marked(&self, body: &[u8]) -> String {
        let mark = self.mac(MARK, &[body]).finalize().into_bytes();
        URL_SAFE_NO_PAD.encode([mark.as_slice(), body].concat())
    }

    /// The same, back; `None` if it was touched or is not from here.
    pub fn unmarked(&self, text: &str) -> Option<Vec<u8>> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (mark, body) = bytes.split_at_checked(MARK_BYTES)?;
        self.mac(MARK, &[body]).verify_slice(mark).ok()?;
        Some(body.to_vec())
    }

    /// Every part has its length before it, so that no two lists of parts read alike.
    fn mac(&self, purpose: &str, parts: &[&[u8]]) -> Hmac<Sha256> {
        // RFC 2104, 2: a key shorter than a block is filled up with zeros.
        let mut block = Secret::new([0; 64]);
        block.expose_mut()[..SECRET_BYTES].copy_from_slice(self.0.expose());
        let mut mac = Hmac::<Sha256>::new(block.expose().into());
        for part in [purpose.as_bytes()].iter().chain(parts) {
            mac.update(&(part.len() as u64).to_le_bytes());
            mac.update(part);
        }
        mac
    }

    fn hash(&self, parts: &[&str]) -> OwnerId {
        let parts: Vec<&[u8]> = parts.iter().map(|part| part.as_bytes()).collect();
        let mac = self.mac(LOGIN, &parts);
        let id = format!("login-{}", hex(&mac.finalize().into_bytes()[..HASH_BYTES]));
        // Lowercase letters, digits and a hyphen are an id.
        OwnerId::parse(&id).unwrap_or_else(OwnerId::home)
    }

    /// The login of a handle.
    pub fn find(&self, vault: &Vault, handle: Handle<'_>) -> Result<Option<Login>, Error> {
        Login::open(vault, &self.owner(handle))
    }

    /// The login of a handle, or that of nobody, at the same cost.
    pub fn find_or_nobody(&self, vault: &Vault, handle: Handle<'_>) -> Result<Login, Error> {
        let nobody = Login::open(vault, &self.nobody())?;
        if let Some(found) = self.find(vault, handle)? {
            return Ok(found);
        }
        match nobody {
            Some(nobody) => Ok(nobody),
            None => Login::of_nobody(vault, &self.nobody()),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::clock::{Clock, Randomness};

    fn logins(seed: u64) -> Logins {
        let vault = Vault::in_memory(Clock::fixed(Timestamp::UNIX_EPOCH), Randomness::seeded(seed)).unwrap();
        let logins = Logins::open(&vault).unwrap();
        assert_eq!(Logins::open(&vault).unwrap().0.expose(), logins.0.expose(), "made once");
        logins
    }

    #[test]
    fn a_name_is_one_owner_in_an_installation_and_another_in_the_next() {
        let (anna, bert) = (Name::parse("Anna").unwrap(), Name::parse("Bert").unwrap());
        let (one, other) = (logins(1), logins(2));
        assert_eq!(one.owner(Handle::Name(&anna)), one.owner(Handle::Name(&Name::parse("ANNA").unwrap())));
        assert_ne!(one.owner(Handle::Name(&anna)), one.owner(Handle::Name(&bert)));
        assert_ne!(one.owner(Handle::Name(&anna)), other.owner(Handle::Name(&anna)));
        assert!(one.owner(Handle::Name(&anna)).as_str().starts_with("login-"));
    }

    #[test]
    fn a_subject_of_an_issuer_is_no_name_and_no_other_subject() {
        let logins = logins(1);
        let of = |issuer, subject| logins.owner(Handle::Subject { issuer, subject });
        assert_ne!(of("https://a.example", "b"), of("https://a.exampleb", ""));
        assert_ne!(of("https://a.example", "b"), of("https://a.example", "c"));
        assert_ne!(of("", "anna"), logins.owner(Handle::Name(&Name::parse("anna").unwrap())));
    }
}
