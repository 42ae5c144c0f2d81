//! Numbers with their digits as written: `4.10` is not `4.1`.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Text;

/// A decimal number as it was recorded.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Number(Text);

/// Digits after which a laboratory can mean nothing: a longer number came out of a calculation.
const SIGNIFICANT_DIGITS: usize = 4;

impl Number {
    /// Reads a decimal number: digits with at most one point and an exponent, a sign before.
    /// `None` for anything else (`<5`, `1,000`, `1/2`).
    pub fn parse(text: &str) -> Option<Number> {
        let text = text.trim();
        let plain = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
        let starts = text
            .trim_start_matches(['-', '+'])
            .starts_with(|first: char| first.is_ascii_digit() || first == '.');
        (plain && starts && text.len() <= 64 && text.parse::<f64>().ok()?.is_finite())
            .then(|| Number(text.into()))
    }

    /// The digits as written.
    pub fn as_written(&self) -> &str {
        &self.0
    }

    /// The value, for comparing within a tolerance and for drawing, never for showing.
    pub fn value(&self) -> f64 {
        self.0.parse().unwrap_or(f64::NAN)
    }

    /// The digits up to the precision that a laboratory can mean: `24.07564201110548` reads `24.08`,
    /// `4.10` stays `4.10`, whole numbers stay whole.
    pub fn shown(&self) -> String {
        let Some((whole, fraction)) = self.0.split_once('.') else { return self.0.to_string() };
        let leading = whole.trim_start_matches(['-', '+', '0']).len();
        let zeros = if leading == 0 { fraction.len() - fraction.trim_start_matches('0').len() } else { 0 };
        let keep = (SIGNIFICANT_DIGITS.saturating_sub(leading) + zeros).max(1);
        // Numbers of up to three digits after the point are how laboratories write; longer ones are rounded.
        if fraction.len() <= 3 || fraction.len() <= keep || fraction.contains(['e', 'E']) {
            return self.0.to_string();
        }
        format!("{:.keep$}", self.value())
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_kept_as_written_and_shown_as_a_laboratory_means_them() {
        for (written, shown) in [
            ("4.10", "4.10"),
            ("24.07564201110548", "24.08"),
            ("140", "140"),
            ("0.0004512345", "0.0004512"),
            ("162.53481234", "162.5"),
            ("-1.23456789", "-1.235"),
            ("12345.678", "12345.678"),
            ("98765.4321", "98765.4"),
            ("1.015", "1.015"),
            ("1e3", "1e3"),
        ] {
            let number = Number::parse(written).unwrap();
            assert_eq!(number.shown(), shown);
            assert_eq!(number.as_written(), written);
        }
    }

    #[test]
    fn what_is_no_plain_number_is_none() {
        for text in ["", "<5", "1,000", "1/2", "abc", "e5", "inf", "NaN", "--", "1e999"] {
            assert!(Number::parse(text).is_none(), "{text}");
        }
    }
}
