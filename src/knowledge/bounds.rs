//! One limit with its sign, as in `>=38.0`.

use super::decimal::Decimal;

/// On which side of its limit a bound is met, and whether at the limit too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sign {
    /// Less than the limit.
    Below,
    /// The limit or less.
    AtOrBelow,
    /// More than the limit.
    Above,
    /// The limit or more.
    AtOrAbove,
}

impl Sign {
    /// In plain words, as in `at or above`.
    pub fn plain(self) -> &'static str {
        match self {
            Self::Below => "below",
            Self::AtOrBelow => "at or below",
            Self::Above => "above",
            Self::AtOrAbove => "at or above",
        }
    }
}

/// A limit and its sign.
#[derive(Clone, Copy, Debug)]
pub struct Bound {
    /// The side.
    pub sign: Sign,
    /// The limit as its source writes it.
    pub limit: &'static str,
    number: Decimal,
}

impl Bound {
    pub(super) fn read(text: &'static str) -> Option<Self> {
        const SIGNS: [(&str, Sign); 4] =
            [("<=", Sign::AtOrBelow), (">=", Sign::AtOrAbove), ("<", Sign::Below), (">", Sign::Above)];
        let (sign, limit) =
            SIGNS.iter().find_map(|(written, sign)| Some((*sign, text.strip_prefix(written)?)))?;
        Some(Self { sign, limit, number: Decimal::parse(limit)? })
    }

    pub(super) fn is_met_by(&self, number: Decimal) -> bool {
        match self.sign {
            Sign::Below => number < self.number,
            Sign::AtOrBelow => number <= self.number,
            Sign::Above => number > self.number,
            Sign::AtOrAbove => number >= self.number,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sign_says_whether_the_limit_itself_counts() {
        let is_met = |bound, number| Bound::read(bound).unwrap().is_met_by(Decimal::parse(number).unwrap());
        assert!(!is_met(">6.2", "6.2") && is_met(">6.2", "6.21"));
        assert!(is_met(">=50.0", "50") && !is_met(">=50.0", "49.9"));
        assert!(!is_met("<7", "7.0") && is_met("<7", "6.9"));
        assert!(is_met("<=1.0", "1") && !is_met("<=1.0", "1.01"));
        assert!(Bound::read("6.2").is_none() && Bound::read(">x").is_none());
        assert_eq!(Bound::read(">=38.0").map(|bound| bound.sign.plain()), Some("at or above"));
    }
}
