//! Money, exactly: digits are added, never rounded.

use std::cmp::Ordering;
use std::str::FromStr;

use crate::insight::{plain, shortened};
use crate::record::{Amount, AmountKind, Claim};

/// Characters of what a sender calls an amount, where two must be told apart.
const NAME_CHARS: usize = 60;

/// So many digits before the point are money.
const WHOLE_MAX: usize = 12;
/// So many digits after it can be read; more than three came out of a calculation, and are rounded to two.
const FRACTION_MAX: usize = 20;
const FRACTION_SHOWN: usize = 3;

/// An amount of money in one currency.
#[derive(Clone, Debug)]
pub(super) struct Money {
    /// In units of the last digit.
    units: i128,
    /// Digits after the point.
    decimals: u32,
    currency: String,
}

/// The text is no amount of money.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NoMoney;

impl FromStr for Money {
    type Err = NoMoney;

    fn from_str(text: &str) -> Result<Money, NoMoney> {
        let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let is_plain = |digits: &str, most: usize| {
            digits.len() <= most && digits.bytes().all(|byte| byte.is_ascii_digit())
        };
        if whole.is_empty() || !is_plain(whole, WHOLE_MAX) || !is_plain(fraction, FRACTION_MAX) {
            return Err(NoMoney);
        }
        let (fraction, rounds_up) = match fraction.get(..2).filter(|_| fraction.len() > FRACTION_SHOWN) {
            Some(cents) => (cents, fraction.as_bytes()[2] >= b'5'),
            None => (fraction, false),
        };
        let units: i128 = format!("{whole}{fraction}").parse().map_err(|_| NoMoney)?;
        let units = units + i128::from(rounds_up);
        Ok(Money { units: sign * units, decimals: fraction.len() as u32, currency: String::new() })
    }
}

impl Money {
    /// The amount of a claim; nothing where its digits are no money.
    pub fn of(amount: &Amount) -> Option<Money> {
        let money: Money = amount.number.as_written().parse().ok()?;
        Some(Money { currency: amount.currency.as_deref().unwrap_or_default().to_owned(), ..money })
    }

    /// The same number, however many zeros are behind the point; a currency that was not said fits any.
    pub fn is_equal(&self, other: &Money) -> bool {
        let decimals = self.decimals.max(other.decimals);
        let fits = self.currency == other.currency || self.currency.is_empty() || other.currency.is_empty();
        fits && self.scaled(decimals).cmp(&other.scaled(decimals)) == Ordering::Equal
    }

    /// True of nothing.
    pub fn is_zero(&self) -> bool {
        self.units == 0
    }

    /// The sum of amounts in one currency; nothing where they are of several, or there is none.
    pub fn sum(amounts: &[Money]) -> Option<Money> {
        let first = amounts.first()?;
        let decimals = amounts.iter().map(|money| money.decimals).max()?;
        let mut units: i128 = 0;
        for money in amounts {
            if money.currency != first.currency {
                return None;
            }
            units = units.checked_add(money.scaled(decimals))?;
        }
        Some(Money { units, decimals, currency: first.currency.clone() })
    }

    /// The digits with the currency.
    pub fn shown(&self) -> String {
        let sign = if self.units < 0 { "-" } else { "" };
        let digits = format!("{:0width$}", self.units.abs(), width = self.decimals as usize + 1);
        let (whole, fraction) = digits.split_at(digits.len() - self.decimals as usize);
        let point = if fraction.is_empty() { "" } else { "." };
        let currency = if self.currency.is_empty() { String::new() } else { format!(" {}", self.currency) };
        format!("{sign}{whole}{point}{fraction}{currency}")
    }

    fn scaled(&self, decimals: u32) -> i128 {
        self.units * 10_i128.pow(decimals - self.decimals)
    }
}

/// What a claim says of one kind of amount.
pub(super) struct Told {
    /// In words: the digits, and where it is a sum of lines, that it is one.
    pub words: String,
    /// The amount, where it is one.
    pub money: Option<Money>,
}

/// The amount of this kind: that of the whole claim; where it says none, the sum of its lines, told as that. Several
/// that differ are told one by one and not added: nobody says that they are parts of one.
pub(super) fn of_kind(claim: &Claim, kind: AmountKind) -> Option<Told> {
    let mut distinct: Vec<&Amount> = Vec::new();
    for amount in claim.amounts_of(kind) {
        let same = |own: &&Amount| {
            Money::of(own).zip(Money::of(amount)).is_some_and(|(own, other)| own.is_equal(&other))
        };
        if !distinct.iter().any(same) {
            distinct.push(amount);
        }
    }
    match distinct[..] {
        [] => {}
        [only] => return Some(Told { words: in_words(only), money: Money::of(only) }),
        _ => {
            let named = distinct
                .iter()
                .map(|amount| format!("{} ({})", in_words(amount), shortened(&amount.label, NAME_CHARS)));
            return Some(Told { words: plain(&named.collect::<Vec<_>>().join(" and ")), money: None });
        }
    }
    let lines = claim.items.iter().flat_map(|item| &item.amounts).filter(|amount| amount.kind == kind);
    let lines: Vec<Money> = lines.map(Money::of).collect::<Option<_>>()?;
    let sum = Money::sum(&lines)?;
    let words =
        if lines.len() > 1 { format!("{} (sum of {} lines)", sum.shown(), lines.len()) } else { sum.shown() };
    Some(Told { words: plain(&words), money: Some(sum) })
}

/// The digits with the currency; what came out of a calculation, to the cent (get_record has all of its digits).
pub(super) fn in_words(amount: &Amount) -> String {
    plain(&Money::of(amount).map_or_else(|| amount.shown(), |money| money.shown()))
}

/// What the insurer pays; of a claim that says only to whom it goes, what goes to the provider.
pub(super) fn paid(claim: &Claim) -> Option<Told> {
    // What was paid says more than what the benefit comes to.
    let payment = claim.amounts_of(AmountKind::Paid).find(|amount| amount.label == "payment");
    let payment = payment.map(|amount| Told { words: in_words(amount), money: Money::of(amount) });
    payment
        .or_else(|| of_kind(claim, AmountKind::Paid))
        .or_else(|| of_kind(claim, AmountKind::PaidToProvider))
}

/// The sum of what claims say that the person owes: only where each says one amount, all in one currency.
pub(super) fn sum_of_owed(counted: &[Option<Money>]) -> Option<String> {
    let owed: Vec<Money> = counted.iter().flatten().cloned().collect();
    let sum = Money::sum(&owed).filter(|_| owed.len() > 1)?;
    let silent = counted.len() - owed.len();
    let silent = if silent == 0 { String::new() } else { format!("; {silent} more say no such amount") };
    Some(format!(
        "Sum of what {} of these claims say the person owes: {}{silent} (whether it was paid since is not in a claim).",
        owed.len(),
        plain(&sum.shown())
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money(text: &str) -> Money {
        text.parse().unwrap()
    }

    #[test]
    fn digits_are_added_exactly_and_shown_as_they_are() {
        let sum = Money::sum(&[money("0.10"), money("0.2"), money("-5")]).unwrap();
        assert_eq!(sum.shown(), "-4.70");
        assert_eq!(Money::sum(&[money("99999999.99"), money("0.01")]).unwrap().shown(), "100000000.00");
        assert!(money("340").is_equal(&money("340.00")) && !money("340").is_equal(&money("34.00")));
        assert_eq!(Money::sum(&[]).map(|sum| sum.shown()), None);
        for (written, shown) in
            [("112.41600000000001", "112.42"), ("0.9996", "1.00"), ("-2.3449", "-2.34"), ("7.125", "7.125")]
        {
            assert_eq!(money(written).shown(), shown);
        }
        for text in ["", "1e3", "1,000", ".5", "--1", "1234567890123"] {
            assert!(text.parse::<Money>().is_err(), "{text}");
        }
    }

    #[test]
    fn two_currencies_have_no_sum() {
        let in_currency = |currency: &str| Money { currency: currency.into(), ..money("1") };
        assert!(Money::sum(&[in_currency("USD"), in_currency("CAD")]).is_none());
        assert_eq!(sum_of_owed(&[Some(in_currency("USD")), Some(in_currency("CAD"))]), None);
    }
}
