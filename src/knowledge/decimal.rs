//! Exact decimal numbers, as small as unit conversion needs them.

use std::cmp::Ordering;
use std::fmt;

/// A decimal number: `digits` times ten to the power of minus `scale`.
///
/// Floating point would make `0.1 + 0.2` differ from `0.3`, and two results that
/// are equal on paper would be told as different.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Decimal {
    digits: i128,
    scale: u32,
}

/// A double printed in full has 17 digits and some zeros; what is longer is no measurement.
const DIGITS_MAX: usize = 24;

impl Decimal {
    /// Reads plain decimal notation; anything else is nothing.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (negative, unsigned) = match text.as_bytes().first()? {
            b'-' => (true, &text[1..]),
            b'+' => (false, &text[1..]),
            _ => (false, text),
        };
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let all = format!("{whole}{fraction}");
        if all.is_empty() || all.len() > DIGITS_MAX || !all.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let digits: i128 = all.parse().ok()?;
        Some(
            Self {
                digits: if negative { -digits } else { digits },
                scale: u32::try_from(fraction.len()).ok()?,
            }
            .shortest(),
        )
    }

    /// The same number without trailing zeros after the point.
    fn shortest(mut self) -> Self {
        while self.scale > 0 && self.digits % 10 == 0 {
            self.digits /= 10;
            self.scale -= 1;
        }
        self
    }

    pub(super) fn times(self, other: Self) -> Option<Self> {
        Some(
            Self {
                digits: self.digits.checked_mul(other.digits)?,
                scale: self.scale.checked_add(other.scale)?,
            }
            .shortest(),
        )
    }

    pub(super) fn plus(self, other: Self) -> Option<Self> {
        let scale = self.scale.max(other.scale);
        Some(Self { digits: self.at_scale(scale)?.checked_add(other.at_scale(scale)?)?, scale }.shortest())
    }

    /// The quotient, cut to ten digits more than the dividend has; exact when
    /// the divisor is made of twos and fives, as powers of ten are.
    pub(super) fn divided_by(self, other: Self) -> Option<Self> {
        const MORE: u32 = 12;
        let scale = self.scale.checked_add(MORE)?;
        let raised = self.digits.checked_mul(10_i128.checked_pow(MORE + other.scale)?)?;
        let quotient = raised.checked_div(other.digits)?;
        Some(Self { digits: quotient, scale }.shortest())
    }

    /// The nearest number with that many significant digits, halves away from zero.
    pub(super) fn rounded(self, significant: u32) -> Option<Self> {
        let length = self.digits.unsigned_abs().checked_ilog10().unwrap_or(0) + 1;
        if length <= significant {
            return Some(self);
        }
        let excess = length - significant;
        let unit = 10_i128.checked_pow(excess)?;
        let half = if self.digits < 0 { -(unit / 2) } else { unit / 2 };
        let kept = self.digits.checked_add(half)? / unit;
        let whole = if excess > self.scale {
            Self { digits: kept.checked_mul(10_i128.checked_pow(excess - self.scale)?)?, scale: 0 }
        } else {
            Self { digits: kept, scale: self.scale - excess }
        };
        Some(whole.shortest())
    }

    /// How many digits count in this number as written shortest.
    pub(super) fn significant_digits(self) -> u32 {
        let mut digits = self.digits.unsigned_abs();
        while digits != 0 && digits.is_multiple_of(10) {
            digits /= 10;
        }
        digits.checked_ilog10().map_or(1, |log| log + 1)
    }

    fn at_scale(self, scale: u32) -> Option<i128> {
        self.digits.checked_mul(10_i128.checked_pow(scale.checked_sub(self.scale)?)?)
    }
}

impl PartialOrd for Decimal {
    /// Nothing only for numbers far longer than any measurement.
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        let scale = self.scale.max(other.scale);
        Some(self.at_scale(scale)?.cmp(&other.at_scale(scale)?))
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.digits < 0 { "-" } else { "" };
        let digits = self.digits.unsigned_abs().to_string();
        let scale = self.scale as usize;
        if scale == 0 {
            return write!(formatter, "{sign}{digits}");
        }
        let padded = format!("{digits:0>width$}", width = scale + 1);
        let (whole, fraction) = padded.split_at(padded.len() - scale);
        write!(formatter, "{sign}{whole}.{fraction}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        Decimal::parse(text).unwrap()
    }

    #[test]
    fn plain_notation_is_read_and_nothing_else() {
        assert_eq!(decimal("5.50").to_string(), "5.5");
        assert_eq!(decimal("-0.040").to_string(), "-0.04");
        assert_eq!(decimal("100").to_string(), "100");
        for text in ["", "-", ".", "<5", "1,234", "1e3", "5.5.5", "NaN", "1234567890123456789012345"] {
            assert_eq!(Decimal::parse(text), None, "{text}");
        }
    }

    #[test]
    fn arithmetic_is_exact() {
        assert_eq!(decimal("0.1").plus(decimal("0.2")), Some(decimal("0.3")));
        assert_eq!(decimal("5.5").times(decimal("18.016")), Some(decimal("99.088")));
        assert_eq!(decimal("90718").divided_by(decimal("1000")), Some(decimal("90.718")));
        assert_eq!(decimal("1").divided_by(decimal("0")), None);
    }

    #[test]
    fn numbers_are_compared_by_size_and_not_by_spelling() {
        assert!(decimal("9.9") < decimal("10"));
        assert!(decimal("-2.5") < decimal("-2.49"));
        assert!(decimal("6.20") <= decimal("6.2") && decimal("6.20") >= decimal("6.2"));
    }

    #[test]
    fn rounding_keeps_significant_digits() {
        assert_eq!(decimal("99.088").rounded(3), Some(decimal("99.1")));
        assert_eq!(decimal("1234").rounded(3), Some(decimal("1230")));
        assert_eq!(decimal("0.0099951").rounded(3), Some(decimal("0.01")));
        assert_eq!(decimal("-37.05").rounded(3), Some(decimal("-37.1")));
        assert_eq!(decimal("7").rounded(3), Some(decimal("7")));
    }

    #[test]
    fn significant_digits_are_counted() {
        assert_eq!(decimal("0.45359237").significant_digits(), 8);
        assert_eq!(decimal("1000").significant_digits(), 1);
        assert_eq!(decimal("0").significant_digits(), 1);
    }
}
