//! Dates as they were written: to the year, month, day or second, never shifted to another zone.

use std::cmp::Ordering;
use std::fmt;

use serde::{Deserialize, Serialize};

/// A date or an instant, known as far as the record says.
///
/// The day is the day as written: `2024-03-02T02:30:00Z` is on 2024-03-02 here, although the
/// person's own day may have been the first; the offset is kept so that instants can be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct When {
    year: i16,
    month: u8, // 0: not recorded
    day: u8,   // 0: not recorded
    time: Option<Time>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
struct Time {
    second: u32,
    has_seconds: bool,
    offset_min: Option<i16>,
}

impl When {
    /// A calendar day.
    pub fn day(date: jiff::civil::Date) -> When {
        When { year: date.year(), month: date.month() as u8, day: date.day() as u8, time: None }
    }

    /// Reads FHIR's `date`, `dateTime` and `instant` (`2024`, `2024-03`, `2024-03-02`,
    /// `2024-03-02T02:30:00.123+01:00`), and the same with a space for the `T` or without an offset.
    /// `None` where it is no date (a month 13, a day 31 in June), so that nothing is guessed.
    pub fn parse(text: &str) -> Option<When> {
        let text = text.trim();
        let (date, time) = match text.find(['T', ' ']) {
            Some(at) => (&text[..at], Some(&text[at + 1..])),
            None => (text, None),
        };
        let mut parts = date.split('-');
        let year = digits(parts.next()?, 4)? as i16;
        let month =
            parts.next().map_or(Some(0), |part| digits(part, 2).filter(|m| (1..=12).contains(m)))? as u8;
        let day = parts.next().map_or(Some(0), |part| digits(part, 2))? as u8;
        if parts.next().is_some() || year == 0 {
            return None;
        }
        if day > 0 {
            jiff::civil::Date::new(year, month as i8, day as i8).ok()?;
        } else if date.len() > 7 || time.is_some() {
            return None;
        }
        let time = time.map_or(Some(None), |time| Time::parse(time).map(Some))?;
        Some(When { year, month, day, time })
    }

    /// The year.
    pub fn year(&self) -> i16 {
        self.year
    }

    /// The civil day, where the day is known.
    pub fn civil(&self) -> Option<jiff::civil::Date> {
        jiff::civil::Date::new(self.year, self.month as i8, self.day as i8).ok()
    }

    /// The first day that this date can mean: `2024` begins on 2024-01-01.
    pub fn earliest(&self) -> jiff::civil::Date {
        let month = self.month.max(1) as i8;
        jiff::civil::Date::new(self.year, month, self.day.max(1) as i8).unwrap_or(jiff::civil::Date::MIN)
    }

    /// The last day that this date can mean: `2024` ends on 2024-12-31.
    pub fn latest(&self) -> jiff::civil::Date {
        match (self.month, self.day) {
            (0, _) => jiff::civil::Date::new(self.year, 12, 31).unwrap_or(jiff::civil::Date::MAX),
            (_, 0) => self.earliest().last_of_month(),
            _ => self.earliest(),
        }
    }

    /// True where a time of day was written too.
    pub fn has_time(&self) -> bool {
        self.time.is_some()
    }

    /// Minutes since 1970 in UTC, where day, time and offset are known.
    pub fn minute_utc(&self) -> Option<i64> {
        let time = self.time?;
        let offset_min = i64::from(time.offset_min?);
        let day = i64::from(days_since_epoch(self.civil()?));
        Some(day * 1440 + i64::from(time.second / 60) - offset_min)
    }

    /// Days from 1970-01-01 to the day as written, where the day is known.
    pub fn day_number(&self) -> Option<i32> {
        self.civil().map(days_since_epoch)
    }

    /// The day (or month, or year) alone, as written.
    pub fn date_text(&self) -> String {
        When { time: None, ..*self }.to_string()
    }

    /// The day and, where it was written, the time to the minute: `2024-03-02 02:30Z`.
    pub fn minute_text(&self) -> String {
        let Some(time) = self.time else { return self.to_string() };
        let clock = format!("{:02}:{:02}", time.second / 3600, time.second / 60 % 60);
        format!("{} {clock}{}", self.date_text(), time.offset_text())
    }

    /// What dates are sorted by, a number of 88 bits: the day as written, then the instant (a time without
    /// an offset is taken as it stands). An unknown month, day or time sorts before the known ones. It is
    /// one key and no case by case comparison, since a sort must never meet an order that contradicts itself.
    pub fn order(&self) -> u128 {
        // Signed numbers are moved up to where they are positive.
        let year = (i32::from(self.year) - i32::from(i16::MIN)) as u128;
        let day = year << 16 | u128::from(self.month) << 8 | u128::from(self.day);
        day << 56 | self.time.map_or(0, |time| u128::from(time.order()))
    }
}

impl PartialOrd for When {
    fn partial_cmp(&self, other: &When) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for When {
    /// Oldest first.
    fn cmp(&self, other: &When) -> Ordering {
        self.order().cmp(&other.order())
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        if self.month > 0 {
            write!(f, "-{:02}", self.month)?;
        }
        if self.day > 0 {
            write!(f, "-{:02}", self.day)?;
        }
        if let Some(time) = self.time {
            write!(f, "T{:02}:{:02}", time.second / 3600, time.second / 60 % 60)?;
            if time.has_seconds {
                write!(f, ":{:02}", time.second % 60)?;
            }
            f.write_str(&time.offset_text())?;
        }
        Ok(())
    }
}

impl Time {
    fn parse(text: &str) -> Option<Time> {
        let at = text.find(['Z', 'z', '+', '-']).unwrap_or(text.len());
        let (clock, offset) = text.split_at(at);
        let mut parts = clock.trim().split(':');
        let hour = digits(parts.next()?, 2).filter(|hour| *hour < 24)?;
        let minute = digits(parts.next()?, 2).filter(|minute| *minute < 60)?;
        let second = match parts.next() {
            // 60 is a leap second. Fractions are dropped: no clinical fact turns on them.
            Some(part) => Some(digits(part.split('.').next()?, 2).filter(|second| *second <= 60)?),
            None => None,
        };
        Some(Time {
            second: hour * 3600 + minute * 60 + second.unwrap_or(0).min(59),
            has_seconds: second.is_some(),
            offset_min: offset_minutes(offset)?,
        })
    }

    /// A number of 56 bits above zero: the instant, then how it was written.
    fn order(&self) -> u64 {
        let offset_min = i64::from(self.offset_min.unwrap_or(0));
        let instant = i64::from(self.second) - offset_min * 60;
        let instant = (instant + (1 << 22)) as u64;
        let offset = (offset_min - i64::from(i16::MIN)) as u64;
        instant << 18 | offset << 2 | u64::from(self.has_seconds) << 1 | u64::from(self.offset_min.is_some())
    }

    fn offset_text(&self) -> String {
        match self.offset_min {
            None => String::new(),
            Some(0) => "Z".into(),
            Some(minutes) => {
                let sign = if minutes < 0 { '-' } else { '+' };
                format!("{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
            }
        }
    }
}

fn offset_minutes(text: &str) -> Option<Option<i16>> {
    match text {
        "" => Some(None),
        "Z" | "z" => Some(Some(0)),
        _ => {
            let (hour, minute) = text[1..].split_once(':').or_else(|| text[1..].split_at_checked(2))?;
            let minutes = (digits(hour, 2)? * 60 + digits(minute, 2)?) as i16;
            Some(Some(if text.starts_with('-') { -minutes } else { minutes }))
        }
    }
}

fn digits(text: &str, count: usize) -> Option<u32> {
    (text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

fn days_since_epoch(date: jiff::civil::Date) -> i32 {
    // Howard Hinnant's days_from_civil: cheaper than a difference of dates, and this runs per entry.
    let (year, month) = (i32::from(date.year()), i32::from(date.month()));
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + i32::from(date.day()) - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_reads_back_as_it_was_written() {
        for text in ["2024", "2024-03", "2024-03-02", "2024-03-02T02:30Z", "2024-03-02T02:30:07-05:00"] {
            assert_eq!(When::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in ["", "24", "2024-13", "2024-02-30", "2024-1-2", "yesterday", "2024-03-02T25:00Z", "0000"]
        {
            assert_eq!(When::parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_day_is_the_day_as_written_and_the_instant_is_in_utc() {
        let evening = When::parse("2024-03-01T21:30:00-05:00").unwrap();
        let in_utc = When::parse("2024-03-02T02:30:00Z").unwrap();
        assert_eq!(evening.date_text(), "2024-03-01");
        assert_eq!(in_utc.date_text(), "2024-03-02");
        assert_eq!(evening.minute_utc(), in_utc.minute_utc());
    }

    #[test]
    fn day_numbers_agree_with_the_calendar() {
        let epoch = jiff::civil::date(1970, 1, 1);
        for text in ["1970-01-01", "1899-12-30", "2000-02-29", "2024-12-31", "2100-03-01"] {
            let date = When::parse(text).unwrap().civil().unwrap();
            assert_eq!(days_since_epoch(date), (date - epoch).get_days(), "{text}");
        }
    }

    #[test]
    fn a_year_spans_its_days() {
        let year = When::parse("2023-02").unwrap();
        assert_eq!(year.earliest(), jiff::civil::date(2023, 2, 1));
        assert_eq!(year.latest(), jiff::civil::date(2023, 2, 28));
    }
}
