//! Opens an encrypted file: a compact JWE with the key of the link (`alg: dir`, `enc: A256GCM`).

use std::io::Read;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use flate2::read::DeflateDecoder;
use serde::Deserialize;

use crate::secret::Secret;
use crate::sources::base64url;

/// How many times larger a file may become when it is unpacked.
const RATIO_MAX: u64 = 100;

#[derive(Deserialize)]
struct Header {
    alg: Option<String>,
    enc: Option<String>,
    zip: Option<String>,
}

/// The plain file. The error says what is wrong, without a word of it.
pub fn open(jwe: &str, key: &Secret<[u8; 32]>, bytes_max: u64) -> Result<Vec<u8>, &'static str> {
    const NO_JWE: &str = "it is not encrypted as shared files are";
    let mut parts = jwe.trim().split('.');
    let (Some(written), Some(""), Some(nonce), Some(text), Some(tag), None) =
        (parts.next(), parts.next(), parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(NO_JWE);
    };
    let decode = |part: &str| base64url::decode(part).ok_or(NO_JWE);
    let header: Header = serde_json::from_slice(&decode(written)?).map_err(|_| NO_JWE)?;
    if header.alg.as_deref() != Some("dir") || header.enc.as_deref() != Some("A256GCM") {
        return Err("it is encrypted in a way that shared files are not");
    }
    let nonce = Nonce::try_assume_unique_for_key(&decode(nonce)?).map_err(|_| NO_JWE)?;
    let tag = decode(tag)?;
    if tag.len() != AES_256_GCM.tag_len() {
        return Err(NO_JWE);
    }
    let mut bytes = decode(text)?;
    bytes.extend_from_slice(&tag);
    let key = UnboundKey::new(&AES_256_GCM, key.expose()).map_err(|_| NO_JWE)?;
    // RFC 7516, 5.2: the header as it was written is authenticated with the text.
    let opened = LessSafeKey::new(key).open_in_place(nonce, Aad::from(written.as_bytes()), &mut bytes);
    let length = opened.map_err(|_| "the key of the link does not open it")?.len();
    bytes.truncate(length);
    match header.zip.as_deref() {
        None => Ok(bytes),
        Some("DEF") => {
            let max = bytes_max.min((bytes.len() as u64).saturating_mul(RATIO_MAX).max(1 << 20));
            let mut plain = Vec::new();
            match DeflateDecoder::new(&bytes[..]).take(max + 1).read_to_end(&mut plain) {
                _ if plain.len() as u64 > max => {
                    Err("it becomes larger than a record can be when it is unpacked")
                }
                Ok(_) => Ok(plain),
                Err(_) => Err("it cannot be unpacked"),
            }
        }
        Some(_) => Err("it is packed in a way that shared files are not"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7516 has no example of this kind: the header, text and tag are those of NIST's AES-GCM case of an
    /// empty text under a key of zeros, but with a header.
    #[test]
    fn what_is_no_jwe_of_a_link_is_refused_with_the_reason() {
        let key = Secret::new([0; 32]);
        let told = |jwe: &str| open(jwe, &key, 1 << 20).unwrap_err();
        assert_eq!(told("a.b.c"), "it is not encrypted as shared files are");
        assert_eq!(told("e30..AAAA.AAAA.AAAA"), "it is encrypted in a way that shared files are not");
        let header = "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0";
        assert_eq!(
            told(&format!("{header}..AAAAAAAAAAAAAAAA.AAAA.AAAA")),
            "it is not encrypted as shared files are"
        );
        let zeros = "AAAAAAAAAAAAAAAAAAAAAA";
        assert_eq!(
            told(&format!("{header}..AAAAAAAAAAAAAAAA.AAAA.{zeros}")),
            "the key of the link does not open it"
        );
        assert_eq!(
            told(&format!("{header}.AA.AAAAAAAAAAAAAAAA.AAAA.{zeros}")),
            "it is not encrypted as shared files are"
        );
    }
}
