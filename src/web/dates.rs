//! Dates as a person reads them: `Oct 3, 2026`.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::record::When;

/// A day.
pub fn day(date: Date) -> String {
    date.strftime("%b %-d, %Y").to_string()
}

/// A recorded date, as exactly as it is known.
pub fn when(when: When) -> String {
    // Known to the month or the year it stands as it was written.
    when.civil().map_or_else(|| when.date_text(), day)
}

/// The day of an instant, in UTC as the audit has it.
pub fn of(at: Timestamp) -> String {
    day(at.to_zoned(TimeZone::UTC).date())
}

/// The day of a second since 1970.
pub fn of_second(second: i64) -> String {
    Timestamp::from_second(second).map_or_else(|_| "an unknown day".into(), of)
}

/// A moment of that second, to the minute.
pub fn minute_of_second(second: i64) -> String {
    let told = |at: Timestamp| at.to_zoned(TimeZone::UTC).strftime("%b %-d, %Y, %H:%M UTC").to_string();
    Timestamp::from_second(second).map_or_else(|_| "an unknown time".into(), told)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_told_as_exactly_as_they_are_known() {
        assert_eq!(when(When::parse("2026-10-03").unwrap()), "Oct 3, 2026");
        assert_eq!(when(When::parse("2026-10").unwrap()), "2026-10");
        assert_eq!(when(When::parse("1999").unwrap()), "1999");
        assert_eq!(of_second(0), "Jan 1, 1970");
        assert_eq!(minute_of_second(60), "Jan 1, 1970, 00:01 UTC");
        assert_eq!(of_second(i64::MAX), "an unknown day");
    }
}
