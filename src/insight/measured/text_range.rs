//! Ranges that a laboratory wrote in words: `70-99`, `<5.0`, `> OR = 60`, `Negative`. Anything else stays words.

use crate::knowledge::folding::fold;
use crate::knowledge::units;
use crate::record::Quantity;
use crate::record::Range;

/// Where a range ends, with the number as a range says it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bound {
    /// The number.
    pub number: f64,
    /// False where the number itself lies outside (`<5.0`).
    pub is_inside: bool,
}

/// The ends of a range, and the unit where it names one.
#[derive(Clone, Debug, PartialEq)]
pub struct Limits {
    /// The lower end.
    pub low: Option<Bound>,
    /// The upper end.
    pub high: Option<Bound>,
    /// The unit written behind it.
    pub unit: Option<String>,
}

/// What a laboratory expects where it is no number.
const EXPECTED: [&str; 10] = [
    "negative",
    "neg",
    "non reactive",
    "nonreactive",
    "not detected",
    "none detected",
    "none seen",
    "none",
    "absent",
    "no growth",
];

/// The numbers of a range: its own, else those of its words. Nothing where the two ends have different
/// units, lie the wrong way round, or the words say more than numbers.
pub fn limits(range: &Range) -> Option<Limits> {
    if range.low.is_none() && range.high.is_none() {
        return written(range.text.as_deref()?);
    }
    let bound = |bound: &Quantity| {
        bound.comparator.is_none().then(|| Bound { number: bound.number.value(), is_inside: true })
    };
    let (low, high) = (range.low.as_ref(), range.high.as_ref());
    let unit = |bound: Option<&Quantity>| bound.and_then(Quantity::unit).map(str::to_owned);
    let units = (unit(low), unit(high));
    let unit = match units {
        (Some(one), Some(other)) if one != other => return None,
        (one, other) => one.or(other),
    };
    let bounds = (low.map(bound), high.map(bound));
    let (low, high) = match bounds {
        (Some(None), _) | (_, Some(None)) => return None,
        (low, high) => (low.flatten(), high.flatten()),
    };
    in_order(Limits { low, high, unit })
}

/// The word that a range expects, folded: `negative`, `non reactive`.
pub fn expected_word(range: &Range) -> Option<String> {
    let word = fold(range.text.as_deref().filter(|_| range.low.is_none() && range.high.is_none())?);
    EXPECTED.contains(&word.as_str()).then_some(word)
}

/// The numbers of a range that came in words.
pub fn written(text: &str) -> Option<Limits> {
    let text = text.trim();
    let text = text.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')).unwrap_or(text).trim();
    let (sign, rest) = sign(text);
    let (number, rest) = number(rest)?;
    let rest = rest.trim_start();
    if let Some((is_upper, is_inside)) = sign {
        let bound = Some(Bound { number, is_inside });
        let unit = unit(rest)?;
        return Some(match is_upper {
            true => Limits { low: None, high: bound, unit },
            false => Limits { low: bound, high: None, unit },
        });
    }
    let rest = ["-", "–", "—", "to ", "TO "].iter().find_map(|dash| rest.strip_prefix(dash))?;
    let (other, rest) = self::number(rest.trim_start())?;
    let inside = |number| Some(Bound { number, is_inside: true });
    in_order(Limits { low: inside(number), high: inside(other), unit: unit(rest.trim_start())? })
}

fn in_order(limits: Limits) -> Option<Limits> {
    let is_swapped = limits.low.zip(limits.high).is_some_and(|(low, high)| low.number > high.number);
    let is_open = limits.low.is_none() && limits.high.is_none();
    (!is_swapped && !is_open).then_some(limits)
}

/// The sign before a number: whether it names the upper end, and whether the number itself is inside.
fn sign(text: &str) -> (Option<(bool, bool)>, &str) {
    const SIGNS: [(&str, bool, bool); 12] = [
        ("< or = ", true, true),
        ("<or=", true, true),
        ("< or =", true, true),
        ("> or = ", false, true),
        (">or=", false, true),
        ("> or =", false, true),
        ("<=", true, true),
        (">=", false, true),
        ("≤", true, true),
        ("≥", false, true),
        ("<", true, false),
        (">", false, false),
    ];
    let lower = text.to_ascii_lowercase();
    let found = SIGNS.iter().find(|(sign, ..)| lower.starts_with(sign));
    match found {
        Some((sign, is_upper, is_inside)) => {
            (Some((*is_upper, *is_inside)), text.get(sign.len()..).unwrap_or_default().trim_start())
        }
        None => (None, text),
    }
}

/// A plain number at the beginning, and what follows it.
fn number(text: &str) -> Option<(f64, &str)> {
    let sign = usize::from(text.starts_with('-'));
    let digits = text[sign..].find(|letter: char| !letter.is_ascii_digit() && letter != '.');
    let end = digits.map_or(text.len(), |end| sign + end);
    let (number, rest) = text.split_at(end);
    let is_plain = number.bytes().any(|byte| byte.is_ascii_digit()) && number.matches('.').count() <= 1;
    // `1,000` and `1:40` are no plain numbers.
    (is_plain && !rest.starts_with([',', ':', '/'])).then(|| Some((number.parse().ok()?, rest)))?
}

/// The unit behind the numbers, `Some(None)` for none; nothing where other words stand there.
fn unit(text: &str) -> Option<Option<String>> {
    let text = text.trim();
    if text.is_empty() {
        return Some(None);
    }
    units::normalise(text).map(|_| Some(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        let Some(limits) = written(text) else { return "words".into() };
        let bound = |bound: Option<Bound>| {
            bound.map_or("…".into(), |bound| {
                format!("{}{}", bound.number, if bound.is_inside { "" } else { " (not itself)" })
            })
        };
        format!("{} to {} {}", bound(limits.low), bound(limits.high), limits.unit.unwrap_or_default())
    }

    #[test]
    fn numbers_in_words_are_read_and_everything_else_stays_words() {
        for (text, expected) in [
            ("70-99", "70 to 99 "),
            ("70 – 99", "70 to 99 "),
            ("70 — 99 mg/dL", "70 to 99 mg/dL"),
            ("0.0 - 0.4", "0 to 0.4 "),
            ("(3.5-5.1 mmol/L)", "3.5 to 5.1 mmol/L"),
            ("-2.5 to -1.0", "-2.5 to -1 "),
            ("<5.0", "… to 5 (not itself) "),
            ("< OR = 5", "… to 5 "),
            ("<= 5 mg/dL", "… to 5 mg/dL"),
            ("≤5", "… to 5 "),
            (">=60", "60 to … "),
            ("> OR = 60 mL/min/1.73m2", "60 to … mL/min/1.73m2"),
            (">59", "59 (not itself) to … "),
            ("99-70", "words"),
            ("5-10 years: 3.5-5", "words"),
            ("Normal: 70-99", "words"),
            ("70-99 fasting", "words"),
            ("<1:40", "words"),
            ("1,000-2,000", "words"),
            ("Negative", "words"),
            ("", "words"),
            ("-", "words"),
            ("70-", "words"),
            (">", "words"),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn a_word_that_is_expected_is_known_as_that() {
        let range = |text: &str| Range { text: Some(text.into()), ..Range::default() };
        assert_eq!(expected_word(&range("NEGATIVE")).as_deref(), Some("negative"));
        assert_eq!(expected_word(&range("Non-Reactive")).as_deref(), Some("non reactive"));
        assert_eq!(expected_word(&range("see note")), None);
    }
}
