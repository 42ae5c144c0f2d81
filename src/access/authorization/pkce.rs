//! Proof Key for Code Exchange (RFC 7636), S256 alone.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// Whether this can be a challenge: the base64 of a SHA-256.
pub(super) fn is_challenge(text: &str) -> bool {
    URL_SAFE_NO_PAD.decode(text).is_ok_and(|bytes| bytes.len() == 32)
}

/// Whether the verifier is the one that the challenge was made of.
pub(super) fn holds(challenge: &str, verifier: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    (43..=128).contains(&verifier.len())
        && verifier.bytes().all(is_allowed)
        && URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)) == challenge
}

#[cfg(test)]
mod tests {
    use super::*;

    // RFC 7636, appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn the_verifier_of_the_challenge_holds_and_no_other() {
        assert!(is_challenge(CHALLENGE));
        assert!(holds(CHALLENGE, VERIFIER));
        assert!(!holds(CHALLENGE, &VERIFIER.replace('d', "e")));
        // `plain` would take the challenge itself.
        assert!(!holds(CHALLENGE, CHALLENGE));
    }

    #[test]
    fn what_is_too_short_too_long_or_of_other_signs_is_none() {
        for bad in ["", "short", &"x".repeat(129), &format!("{VERIFIER}ä"), &format!("{VERIFIER} ")] {
            assert!(!holds(CHALLENGE, bad), "{bad}");
        }
        for bad in ["", "E9Mel", &"x".repeat(44), &format!("{CHALLENGE}=")] {
            assert!(!is_challenge(bad), "{bad}");
        }
    }
}
