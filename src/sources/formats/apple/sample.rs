//! The attributes of an element of the export.

use std::borrow::Cow;

use quick_xml::escape::unescape;
use quick_xml::events::BytesStart;

use super::moment::Moment;

/// A sample as it stands in the export, nothing of it read yet.
#[derive(Default)]
pub struct Sample<'a> {
    /// Its type.
    pub kind: Cow<'a, str>,
    /// The unit of its value.
    pub unit: Cow<'a, str>,
    /// Its value.
    pub value: Cow<'a, str>,
    /// The app or device it came from.
    pub source: Cow<'a, str>,
    /// What is known of the device, as it is written.
    pub device: &'a str,
    /// When it was written down, as it is written.
    pub created: &'a str,
    /// When it began, as it is written.
    pub start: &'a str,
    /// When it ended, as it is written.
    pub end: &'a str,
}

impl<'a> Sample<'a> {
    /// The sample of this element.
    pub fn of(element: &'a BytesStart<'_>) -> Sample<'a> {
        let mut sample = Sample::default();
        for_each(element, |name, value| match name {
            "type" | "workoutActivityType" => sample.kind = text(value),
            "unit" => sample.unit = text(value),
            "value" => sample.value = text(value),
            "sourceName" => sample.source = text(value),
            "device" => sample.device = value,
            "creationDate" => sample.created = value,
            "startDate" => sample.start = value,
            "endDate" => sample.end = value,
            _ => {}
        });
        sample
    }

    /// From when to when; an end that is none is the beginning.
    pub fn times(&self) -> Option<(Moment, Moment)> {
        let start = moment(self.start)?;
        Some((start, self.beside(start, self.end).unwrap_or(start)))
    }

    /// When it was written down, in seconds since 1970; where that is not said, when it ended.
    pub fn updated(&self, start: Moment, end: Moment) -> i64 {
        self.beside(start, self.created).unwrap_or(end).utc
    }

    fn beside(&self, start: Moment, written: &str) -> Option<Moment> {
        start.of_same_day(self.start, written).or_else(|| moment(written))
    }
}

/// What a date says. Nobody writes one with entities, but who does is understood.
fn moment(written: &str) -> Option<Moment> {
    Moment::parse(written).or_else(|| Moment::parse(&unescape(written).ok()?))
}

/// Hands over each attribute of an element, its value as it is written.
///
/// An export has thirty million attributes: they are cut here, which takes a third of what the library's own
/// way through them takes. What ends them early ends the element for us.
pub fn for_each<'a>(element: &'a BytesStart<'_>, mut see: impl FnMut(&'a str, &'a str)) {
    let mut rest = element.attributes_raw();
    // Names are short: no search is faster than to look at each of their bytes.
    while let Some(at) = rest.bytes().position(|byte| byte == b'=') {
        let (name, after) = (&rest[..at], rest[at + 1..].trim_ascii_start());
        let Some(quote @ (b'"' | b'\'')) = after.bytes().next() else { return };
        let Some(end) = memchr::memchr(quote, &after.as_bytes()[1..]) else { return };
        see(name.trim_ascii(), &after[1..=end]);
        rest = &after[end + 2..];
    }
}

/// What a value says. Only the five entities of XML stand for something: a value with one that the file declares
/// itself says nothing.
pub fn text(value: &str) -> Cow<'_, str> {
    match memchr::memchr(b'&', value.as_bytes()) {
        None => Cow::Borrowed(value),
        Some(_) => unescape(value).unwrap_or_default(),
    }
}
