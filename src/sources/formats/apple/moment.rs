//! The instants of the export: `2026-03-04 07:15:00 -0500`, always with the offset of the place.

/// Seconds of a day.
pub const DAY_S: i64 = 86_400;

/// An instant with the offset under which it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    /// Seconds since 1970 in UTC.
    pub utc: i64,
    /// Seconds by which the place is ahead of UTC.
    pub offset: i32,
}

impl Moment {
    /// Reads an instant; years that nobody alive has seen, or will see soon, are none.
    pub fn parse(text: &str) -> Option<Moment> {
        let bytes: &[u8; 25] = text.trim().as_bytes().try_into().ok()?;
        let [date @ .., _, _, _, _, _, _] = bytes;
        let is_laid_out = (date[4], date[7], date[10], bytes[19]) == (b'-', b'-', b' ', b' ');
        let two = |at: usize| two(bytes, at);
        let year = two(0)? * 100 + two(2)?;
        let (month, day) = (two(5)?, two(8)?);
        let sign = match bytes[20] {
            b'+' => 1,
            b'-' => -1,
            _ => return None,
        };
        let offset = sign * (two(21)? * 3600 + two(23)? * 60);
        let is_offset = offset.abs() <= 18 * 3600;
        let local = days(year, month, day)? * DAY_S + clock_s(bytes)?;
        (is_laid_out && is_offset).then_some(Moment { utc: local - offset, offset: offset as i32 })
    }

    /// Reads another instant of the same day and place, as most of one sample are; `None` where it is none, or of
    /// another day or place. `own` is how this one is written.
    pub fn of_same_day(self, own: &str, other: &str) -> Option<Moment> {
        let (own, other): (&[u8; 25], &[u8; 25]) =
            (own.as_bytes().try_into().ok()?, other.as_bytes().try_into().ok()?);
        let is_same = own[..11] == other[..11] && own[19..] == other[19..];
        let utc = self.utc + clock_s(other)? - clock_s(own)?;
        is_same.then_some(Moment { utc, ..self })
    }

    /// Seconds since 1970 by the clock of the place.
    pub fn local(self) -> i64 {
        self.utc + i64::from(self.offset)
    }

    /// As FHIR writes it, with the offset.
    pub fn text(self) -> String {
        let offset = self.offset.abs() / 60;
        let sign = if self.offset < 0 { '-' } else { '+' };
        format!("{}{sign}{:02}:{:02}", clock(self.local()), offset / 60, offset % 60)
    }
}

/// The seconds of the day by the clock.
fn clock_s(bytes: &[u8; 25]) -> Option<i64> {
    let (hour, minute, second) = (two(bytes, 11)?, two(bytes, 14)?, two(bytes, 17)?);
    let is_clock = (bytes[13], bytes[16]) == (b':', b':') && hour < 24 && minute < 60 && second < 61;
    is_clock.then_some(hour * 3600 + minute * 60 + second)
}

fn two(bytes: &[u8; 25], at: usize) -> Option<i64> {
    Some(digit(bytes[at])? * 10 + digit(bytes[at + 1])?)
}

fn digit(byte: u8) -> Option<i64> {
    byte.is_ascii_digit().then(|| i64::from(byte - b'0'))
}

/// The days from 1970 to a date of the calendar: by arithmetic, for an export has ten million dates.
fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let of_month = match month {
        2 => 28 + i64::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    if !(1..=of_month).contains(&day) || !(1900..2200).contains(&year) {
        return None;
    }
    // The year begins in March, so that the day that some years have more is its last.
    let (year, month) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
    let (era, year) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * month + 2) / 5 + day - 1;
    Some(era * 146_097 + year * 365 + year / 4 - year / 100 + of_year - 719_468)
}

/// A day as it is written: `2026-03-04`.
pub fn day_text(day: i32) -> String {
    let first = jiff::civil::date(1970, 1, 1);
    let date = first.checked_add(jiff::Span::new().days(day)).unwrap_or(first);
    date.to_string()
}

/// An instant in UTC as FHIR writes it.
pub fn utc_text(utc: i64) -> String {
    format!("{}Z", clock(utc))
}

/// An instant in UTC as it stands in an id: letters and digits alone.
pub fn utc_id(utc: i64) -> String {
    utc_text(utc).replace([':', '-'], "")
}

fn clock(seconds: i64) -> String {
    let (day, rest) = (seconds.div_euclid(DAY_S), seconds.rem_euclid(DAY_S));
    format!("{}T{:02}:{:02}:{:02}", day_text(day as i32), rest / 3600, rest / 60 % 60, rest % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_keeps_its_place() {
        let moment = Moment::parse("2026-03-04 23:15:30 -0500").unwrap();
        assert_eq!(moment.text(), "2026-03-04T23:15:30-05:00");
        assert_eq!(utc_text(moment.utc), "2026-03-05T04:15:30Z");
        assert_eq!(utc_id(moment.utc), "20260305T041530Z");
        assert_eq!(day_text(moment.local().div_euclid(DAY_S) as i32), "2026-03-04");
        assert_eq!(Moment::parse("2014-09-13 10:27:54 +0530").unwrap().text(), "2014-09-13T10:27:54+05:30");
    }

    #[test]
    fn another_instant_of_the_day_is_the_one_that_is_written() {
        let own = "2026-03-04 23:15:30 -0500";
        let moment = Moment::parse(own).unwrap();
        for other in ["2026-03-04 23:59:59 -0500", "2026-03-04 00:00:00 -0500", own] {
            assert_eq!(moment.of_same_day(own, other), Moment::parse(other), "{other}");
        }
        for other in [
            "2026-03-05 23:15:30 -0500",
            "2026-03-04 23:15:30 -0600",
            "2026-03-04 24:15:30 -0500",
            "2026",
            "",
        ] {
            assert_eq!(moment.of_same_day(own, other), None, "{other}");
        }
    }

    #[test]
    fn every_day_has_its_number() {
        for day in [-25_567, -1, 0, 59, 60, 11_016, 20_516, 84_005] {
            let text = format!("{} 00:00:00 +0000", day_text(day));
            assert_eq!(Moment::parse(&text).unwrap().utc, i64::from(day) * DAY_S, "{text}");
        }
    }

    #[test]
    fn what_is_no_instant_is_none() {
        for text in [
            "",
            "2026-03-04",
            "2026-02-30 10:00:00 +0000",
            "2026-03-04T10:00:00 +0000",
            "2026-03-04 24:00:00 +0000",
            "2026-03-04 10:00:00 +9900",
            "9999-03-04 10:00:00 +0000",
            "2026-03-04 10:00:00 +00é",
            "2026-03-04 10:00:00 00000",
        ] {
            assert_eq!(Moment::parse(text), None, "{text}");
        }
    }
}
