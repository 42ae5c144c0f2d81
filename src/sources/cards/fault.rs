//! Why nothing is taken from a health card.

/// A card that is not what it says, or that cannot be read. Nothing here holds a word of the card but its issuer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It is not a signed text at all, or what was signed is no card.
    #[error("this is no health card: {0}")]
    NotACard(&'static str),
    /// The digits of a QR code do not stand for a text.
    #[error("this is not the whole text of its QR code: {0}")]
    Digits(&'static str),
    /// One of several QR codes is not there.
    #[error("{have} of its {total} QR codes are here; give all of them together")]
    Missing {
        /// How many there are.
        have: usize,
        /// How many it has.
        total: usize,
    },
    /// It becomes larger than any card.
    #[error("this health card becomes larger than a record can be when it is unpacked")]
    TooLarge,
    /// No verifier could accept its signature, whoever signed it.
    #[error("the signature of this health card cannot be right: {0}")]
    Signature(&'static str),
    /// Nobody can be asked for the keys.
    #[error("the issuer of this health card is no https address, so nobody can say who signed it")]
    Issuer,
    /// The issuer's keys say that it did not sign this.
    #[error("this health card is forged or damaged: {0} did not sign it")]
    Forged(String),
    /// The issuer has taken it or its key back, or never had the key.
    #[error("{0} does not stand by this health card: {1}")]
    Disowned(String, &'static str),
}
