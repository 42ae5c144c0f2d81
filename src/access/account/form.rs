//! Marks on forms, so that only a page of ours can send one (CSRF): an HMAC under the secret of the session.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::clock::{Randomness, hex};
use crate::secret::Secret;

const BYTES: usize = 32;

/// What the forms of one session are marked with. Before anybody is signed in, a cookie of its own holds one.
#[derive(Clone, Debug)]
pub struct FormKey(Secret<[u8; BYTES]>);

impl FormKey {
    /// A new one, for a browser that is not signed in.
    pub fn random(random: &Randomness) -> FormKey {
        let mut bytes = Secret::new([0; BYTES]);
        random.fill(bytes.expose_mut());
        FormKey(bytes)
    }

    pub(super) fn of(secret: Secret<[u8; BYTES]>) -> FormKey {
        FormKey(secret)
    }

    /// The text of the cookie.
    pub fn text(&self) -> Secret<String> {
        Secret::new(hex(self.0.expose()))
    }

    /// Reads a cookie; `None` for what was never one.
    pub fn parse(text: &str) -> Option<FormKey> {
        unhex(text).map(|bytes| FormKey(Secret::new(bytes)))
    }

    /// The mark of a form for one purpose (its path).
    pub fn mark(&self, purpose: &str) -> String {
        hex(&self.mac(purpose).finalize().into_bytes())
    }

    /// Whether a form carries the mark, in a time that does not tell how much of it was right.
    pub fn is_marked(&self, purpose: &str, mark: &str) -> bool {
        unhex::<BYTES>(mark).is_some_and(|mark| self.mac(purpose).verify_slice(&mark).is_ok())
    }

    fn mac(&self, purpose: &str) -> Hmac<Sha256> {
        // RFC 2104, 2: a key shorter than a block is filled up with zeros.
        let mut block = Secret::new([0; 64]);
        block.expose_mut()[..BYTES].copy_from_slice(self.0.expose());
        let mut mac = Hmac::<Sha256>::new(block.expose().into());
        mac.update(b"plainchart form 1 ");
        mac.update(purpose.as_bytes());
        mac
    }
}

/// Lowercase hexadecimal of so many bytes.
pub(super) fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let mut bytes = [0; N];
    if text.len() != 2 * N {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_holds_for_its_key_and_purpose_alone() {
        let random = Randomness::seeded(1);
        let (key, other) = (FormKey::random(&random), FormKey::random(&random));
        let mark = key.mark("/settings");
        assert!(key.is_marked("/settings", &mark));
        assert!(FormKey::parse(key.text().expose()).unwrap().is_marked("/settings", &mark));
        assert!(!key.is_marked("/delete", &mark));
        assert!(!other.is_marked("/settings", &mark));
        for bad in ["", "00", &mark[1..], &mark.to_uppercase(), &"é".repeat(32)] {
            assert!(!key.is_marked("/settings", bad), "{bad}");
        }
        assert!(FormKey::parse("nothing").is_none());
    }
}
