//! Moments of the stories, and the ways sources write them down.

use jiff::{
    ToSpan,
    civil::{Date, DateTime, date},
};

/// A moment in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct When(DateTime);

impl When {
    /// A moment by its date and its hour and minute in UTC.
    pub fn at(year: i16, month: i8, day: i8, hour: i8, minute: i8) -> Self {
        Self(date(year, month, day).at(hour, minute, 0, 0))
    }

    /// A morning visit: 15:10 in UTC, 9:10 or 10:10 in Chicago.
    pub fn on(year: i16, month: i8, day: i8) -> Self {
        Self::at(year, month, day, 15, 10)
    }

    /// Some days later, or earlier when negative.
    pub fn plus_days(self, days: i64) -> Self {
        Self(self.0.saturating_add(days.days()))
    }

    /// Some minutes later, or earlier when negative.
    pub fn plus_minutes(self, minutes: i64) -> Self {
        Self(self.0.saturating_add(minutes.minutes()))
    }

    /// The civil date in UTC.
    pub fn civil(self) -> Date {
        self.0.date()
    }

    /// `2026-10-06`.
    pub fn day(self) -> String {
        self.0.date().to_string()
    }

    /// `20261006`, for ids.
    pub fn stamp(self) -> String {
        self.day().replace('-', "")
    }

    /// `2026-10-06T15:10:00Z`, as Lakeside writes it.
    pub fn utc(self) -> String {
        format!("{}Z", self.0)
    }

    /// `2026-10-06T10:10:00-05:00`, as Riverton writes it, summer and winter alike.
    pub fn central(self) -> String {
        format!("{}-05:00", self.plus_minutes(-300).0)
    }

    /// `10/06/2026`, for notes.
    pub fn american(self) -> String {
        let day = self.civil();
        format!("{:02}/{:02}/{}", day.month(), day.day(), day.year())
    }
}
