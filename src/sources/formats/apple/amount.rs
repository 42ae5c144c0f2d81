//! Amounts in billionths: sums of them are the same in any order, which sums of floating numbers are not.

/// Billionths of one.
const ONE: i64 = 1_000_000_000;

/// An amount in billionths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Amount(pub i64);

impl Amount {
    /// Reads a decimal number; digits beyond the billionth are dropped. `as_part` for what Apple writes as a
    /// part of one and means as percent.
    pub fn parse(text: &str, as_part: bool) -> Option<Amount> {
        let scale = if as_part { 100 } else { 1 };
        let text = text.trim();
        let (sign, digits) = match text.strip_prefix('-') {
            Some(digits) => (-1, digits),
            None => (1, text),
        };
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let is_plain = |digits: &str| digits.bytes().all(|digit| digit.is_ascii_digit());
        if whole.is_empty() || whole.len() > 9 || !is_plain(whole) || !is_plain(part) {
            let number: f64 = text.parse().ok()?;
            let billionths = number * ONE as f64;
            let fits = billionths.is_finite() && billionths.abs() < 1e18;
            return fits.then_some(Amount((billionths.round() as i64).saturating_mul(scale)));
        }
        let mut billionths = whole.bytes().fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0')) * ONE;
        let mut worth = ONE;
        for digit in part.bytes().take(9) {
            worth /= 10;
            billionths += i64::from(digit - b'0') * worth;
        }
        Some(Amount(sign * billionths.saturating_mul(scale)))
    }

    /// As it is written, rounded to so many places and without zeros at the end.
    pub fn text(self, places: u32) -> String {
        let step = 10_i64.pow(9 - places.min(9));
        let rounded = (self.0.unsigned_abs() + step as u64 / 2) / step as u64;
        let (power, places) = (10_u64.pow(places.min(9)), places as usize);
        let sign = if self.0 < 0 && rounded > 0 { "-" } else { "" };
        let (whole, part) = (rounded / power, rounded % power);
        let text = match places {
            0 => format!("{sign}{whole}"),
            _ => format!("{sign}{whole}.{part:0places$}"),
        };
        if places == 0 { text } else { text.trim_end_matches('0').trim_end_matches('.').to_owned() }
    }
}

/// The digits as they were written; of a part of one the same digits as percent (`0.970` is `97.0`).
pub fn digits(text: &str, as_part: bool) -> Option<String> {
    let text = text.trim();
    Amount::parse(text, false)?;
    let is_plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || b".-".contains(&byte));
    if !as_part {
        // JSON knows no number such as `.5`, `5.` or `+5`, nor one with an exponent that is no JSON.
        let is_json = serde_json::from_str::<serde_json::Number>(text).is_ok();
        return Some(if is_json { text.to_owned() } else { Amount::parse(text, false)?.text(9) });
    }
    let Some((whole, part)) = text.split_once('.').filter(|_| is_plain(text)) else {
        return Some(Amount::parse(text, true)?.text(9));
    };
    let mut part = part.to_owned();
    while part.len() < 2 {
        part.push('0');
    }
    let (moved, rest) = part.split_at_checked(2)?;
    let whole = format!("{whole}{moved}");
    let (sign, whole) = whole.strip_prefix('-').map_or(("", whole.as_str()), |whole| ("-", whole));
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    Some(if rest.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{rest}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_exact_to_the_billionth() {
        for (text, shown) in [
            ("329", "329"),
            ("0.00288", "0.003"),
            ("139.3170000000021", "139.317"),
            ("6.1e-05", "0"),
            ("1.5e3", "1500"),
            ("-0.25", "-0.25"),
            ("0.0005", "0.001"),
        ] {
            assert_eq!(Amount::parse(text, false).unwrap().text(3), shown, "{text}");
        }
        for text in ["", "abc", "1.2.3", "--1", "1e99", "nan", "inf"] {
            assert_eq!(Amount::parse(text, false), None, "{text}");
        }
        assert_eq!(Amount::parse("2.5", false).unwrap().text(0), "3");
    }

    #[test]
    fn digits_stay_as_written_and_parts_become_percent() {
        for (text, shown) in [("86.80", "86.80"), ("4.10", "4.10"), (".5", "0.5"), ("7.", "7")] {
            assert_eq!(digits(text, false).as_deref(), Some(shown), "{text}");
        }
        for (text, shown) in [
            ("0.97", "97"),
            ("0.970", "97.0"),
            ("1", "100"),
            ("0.005", "0.5"),
            ("0.9", "90"),
            ("-0.015", "-1.5"),
        ] {
            assert_eq!(digits(text, true).as_deref(), Some(shown), "{text}");
        }
        assert_eq!(digits("unknown", false), None);
    }
}
