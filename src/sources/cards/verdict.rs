//! What is known about who signed a card.

use std::fmt;

/// What came of checking a signature. What was found wrong is no verdict: it is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The issuer's published key has signed it.
    Verified,
    /// Nobody could say; why.
    Unchecked(String),
}

impl fmt::Display for Verdict {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Verdict::Verified => formatter.write_str("signature verified with the issuer's published key"),
            Verdict::Unchecked(why) => write!(formatter, "signature not verified ({why})"),
        }
    }
}
