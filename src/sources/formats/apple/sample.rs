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
    /// What is known of the device.
    pub device: Cow<'a, str>,
    /// When it was written down.
    pub created: Cow<'a, str>,
    /// When it began.
    pub start: Cow<'a, str>,
    /// When it ended.
    pub end: Cow<'a, str>,
}

impl<'a> Sample<'a> {
    /// The sample of this element.
    pub fn of(element: &'a BytesStart<'_>) -> Sample<'a> {
        let mut sample = Sample::default();
        for_each(element, |name, value| match name {
            "type" | "workoutActivityType" => sample.kind = value,
            "unit" => sample.unit = value,
            "value" => sample.value = value,
            "sourceName" => sample.source = value,
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
        let start = Moment::parse(&self.start)?;
        Some((start, Moment::parse(&self.end).unwrap_or(start)))
    }

    /// When it was written down, in seconds since 1970; where that is not said, when it ended.
    pub fn updated(&self, end: Moment) -> i64 {
        Moment::parse(&self.created).unwrap_or(end).utc
    }
}

/// Hands over each attribute of an element that can be read. Only the five entities of XML stand for
/// something: a value with one that the file declares itself is not read.
///
/// An export has thirty million attributes: they are cut here, which takes a third of what the library's own
/// way through them takes. What ends them early ends the element for us.
pub fn for_each<'a>(element: &'a BytesStart<'_>, mut see: impl FnMut(&'a str, Cow<'a, str>)) {
    let mut rest = element.attributes_raw();
    while let Some((name, after)) = rest.split_once('=') {
        let after = after.trim_ascii_start();
        let Some(quote @ (b'"' | b'\'')) = after.bytes().next() else { return };
        let Some(end) = memchr::memchr(quote, &after.as_bytes()[1..]) else { return };
        let value = &after[1..=end];
        if memchr::memchr(b'&', value.as_bytes()).is_none() {
            see(name.trim_ascii(), Cow::Borrowed(value));
        } else if let Ok(value) = unescape(value) {
            see(name.trim_ascii(), Cow::Owned(value.into_owned()));
        }
        rest = &after[end + 2..];
    }
}
