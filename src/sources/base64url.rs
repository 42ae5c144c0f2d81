//! Base64url, as signed and encrypted texts have it.

use base64::Engine as _;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Some writers pad it, which is harmless.
const TOLERANT: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The bytes; `None` for what is no base64url.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    TOLERANT.decode(text).ok()
}
