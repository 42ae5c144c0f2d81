//! Who the page is about, in its first line: how old, alive or not.

use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::insight::Context;
use crate::insight::portrait::Portrait;
use crate::insight::whose::people;
use crate::record::{Death, When};

/// The first line behind the name: `65 years old, no death recorded; summary as of 2026-11-01`.
pub(super) fn title(context: &Context<'_>, portrait: &Portrait) -> String {
    let today = context.today;
    let deaths = people(context.view).filter_map(|person| match person.death {
        Death::Died(when) => when,
        Death::NotRecorded => None,
    });
    let died = deaths.max();
    let age = match (portrait.born, portrait.has_died) {
        (None, true) => String::new(),
        (None, false) => "age not recorded, no death recorded; ".into(),
        (Some(born), true) => {
            let age = died.and_then(|died| age(born, died.earliest()));
            age.map_or_else(String::new, |age| format!("{age} old at death; "))
        }
        (Some(born), false) => {
            let age = age(born, today).unwrap_or_else(|| "age not clear".into());
            format!("{age} old, no death recorded; ")
        }
    };
    format!("{age}summary as of {today}")
}

/// The age in the words that fit it: days, weeks, months or years, or two numbers where only the year is known.
fn age(born: When, on: Date) -> Option<String> {
    let Some(birth) = born.civil() else {
        let most = on.year() - born.year();
        return (most > 0).then(|| format!("{} or {most} years", most - 1));
    };
    let days = (on - birth).get_days();
    let months = (i32::from(on.year()) - i32::from(birth.year())) * 12 + i32::from(on.month())
        - i32::from(birth.month())
        - i32::from(on.day() < birth.day());
    match (days, months) {
        (..0, _) => None,
        (..28, _) => Some(format!("{days} days")),
        (_, ..=2) => Some(format!("{} weeks", days / 7)),
        (_, ..=23) => Some(format!("{months} months")),
        _ => Some(format!("{} years", months / 12)),
    }
}

/// The first day of the year that the page looks back on.
pub(super) fn a_year_before(day: Date) -> Date {
    day.saturating_sub(1.year())
}
