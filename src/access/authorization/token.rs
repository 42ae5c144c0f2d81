//! Tokens as text: what they are for, whose they are, and a checksum, so that a bad one is refused without a
//! look at the store. Only the hash of the random part is kept.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::clock::{Randomness, hex};
use crate::secret::Secret;
use crate::store::OwnerId;

/// Hexadecimal digits of the parts: the person's owner, the grant, the random part, the checksum.
const OWNER: usize = 32;
const GRANT: usize = 16;
const RANDOM: usize = 64;
const CHECK: usize = 8;

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It is shown with every call.
    Access,
    /// It gives new tokens.
    Refresh,
    /// It gives the first tokens.
    Code,
}

impl Kind {
    const ALL: [Kind; 3] = [Kind::Access, Kind::Refresh, Kind::Code];

    /// The beginning of the text, by which scanners for leaked secrets know it as well.
    fn prefix(self) -> &'static str {
        match self {
            Kind::Access => "pc_at_",
            Kind::Refresh => "pc_rt_",
            Kind::Code => "pc_code_",
        }
    }
}

/// A token that is well formed. Whether it is good is for the grant to say.
#[derive(Clone, Debug)]
pub struct Token {
    /// What it is for.
    pub kind: Kind,
    /// Whose record it is about.
    pub owner: OwnerId,
    /// Which of the person's grants it belongs to.
    pub grant: String,
    /// The hash of the token.
    pub hash: Hash,
    text: Secret<String>,
}

/// The SHA-256 of a secret. Secrets are compared by it, so the time a comparison takes tells nothing of them.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Hash([u8; 32]);

impl Token {
    /// A new one. The owner is a person's: random, so that it says nothing about anyone.
    pub fn new(kind: Kind, owner: &OwnerId, grant: &str, random: &Randomness) -> Token {
        let body = format!("{}{}{grant}{}", kind.prefix(), owner.as_str(), random.hex(RANDOM / 2));
        let text = format!("{body}{}", checksum(&body));
        let hash = Hash::of(&text);
        Token { kind, owner: owner.clone(), grant: grant.to_owned(), hash, text: Secret::new(text) }
    }

    /// Reads what came in; `None` for whatever this program has not made.
    pub fn parse(text: &str) -> Option<Token> {
        let kind = Kind::ALL.into_iter().find(|kind| text.starts_with(kind.prefix()))?;
        let rest = &text[kind.prefix().len()..];
        let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if rest.len() != OWNER + GRANT + RANDOM + CHECK || !rest.bytes().all(is_hex) {
            return None;
        }
        let (body, check) = text.split_at(text.len() - CHECK);
        if checksum(body) != check {
            return None;
        }
        Some(Token {
            kind,
            owner: OwnerId::parse(&rest[..OWNER])?,
            grant: rest[OWNER..OWNER + GRANT].to_owned(),
            hash: Hash::of(text),
            text: Secret::new(text.to_owned()),
        })
    }

    /// The text, for whom it was made for.
    pub fn expose(&self) -> &str {
        self.text.expose()
    }
}

/// A new grant's id, of the length that tokens carry.
pub(super) fn new_grant_id(random: &Randomness) -> String {
    random.hex(GRANT / 2)
}

fn checksum(body: &str) -> String {
    hex(&Sha256::digest(body)[..CHECK / 2])
}

impl Hash {
    /// The hash of a secret with at least 128 bits of randomness in it.
    pub fn of(secret: &str) -> Hash {
        Hash(Sha256::digest(secret).into())
    }
}

impl std::fmt::Debug for Hash {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Hash(…)")
    }
}

impl From<Hash> for String {
    fn from(hash: Hash) -> String {
        URL_SAFE_NO_PAD.encode(hash.0)
    }
}

impl TryFrom<String> for Hash {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Hash, Self::Error> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| "this is no hash")?;
        Ok(Hash(bytes.try_into().map_err(|_| "this is no hash")?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(kind: Kind) -> Token {
        let random = Randomness::seeded(1);
        Token::new(kind, &OwnerId::random(&random), &new_grant_id(&random), &random)
    }

    #[test]
    fn a_token_says_what_it_is_and_is_read_again() {
        for kind in Kind::ALL {
            let token = token(kind);
            let read = Token::parse(token.expose()).unwrap();
            assert_eq!((read.kind, &read.owner, &read.grant), (kind, &token.owner, &token.grant));
            assert_eq!(read.hash, token.hash);
        }
    }

    #[test]
    fn a_token_that_was_touched_or_made_up_is_none() {
        let good = token(Kind::Access).expose().to_owned();
        for place in 0..good.len() {
            let mut bad = good.clone().into_bytes();
            bad[place] = if bad[place] == b'a' { b'b' } else { b'a' };
            assert!(Token::parse(&String::from_utf8(bad).unwrap()).is_none(), "{place}");
        }
        let other_kind = good.replace("pc_at_", "pc_rt_");
        let long = format!("{good}0");
        for bad in ["", "pc_at_", "Bearer x", "pc_at_ä", other_kind.as_str(), &long, &good.to_uppercase()] {
            assert!(Token::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_token_does_not_show_itself() {
        let token = token(Kind::Refresh);
        let shown = format!("{token:?}");
        assert!(
            !shown.contains(&token.expose()[60..]) && !shown.contains(&String::from(token.hash)),
            "{shown}"
        );
    }
}
