//! Dates of HL7 v3 (`20240302101500-0500`) in the form of FHIR, known as far as they are written.

use super::json::{object, text};
use super::xml::Element;
use crate::record::When;
use crate::sources::json::Json;

/// A date as FHIR writes it; nothing where it is none.
///
/// A time that cannot be read leaves the day that stands before it.
pub fn date(written: &str) -> Option<String> {
    if written.get(4..5) == Some("-") {
        return When::parse(written).map(|when| when.to_string()); // some write dates as FHIR does
    }
    let zone = written.find(['+', '-', 'Z']).unwrap_or(written.len());
    let (digits, zone) = written.split_at(zone);
    let digits = digits.split('.').next().unwrap_or(digits);
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let part =
        |from: usize, to: usize| digits.get(from..to).filter(|part| part.bytes().any(|byte| byte != b'0'));
    let day = match (digits.get(..4)?, part(4, 6), part(6, 8)) {
        (year, Some(month), Some(day)) => format!("{year}-{month}-{day}"),
        (year, Some(month), None) => format!("{year}-{month}"),
        (year, None, _) => year.to_owned(),
    };
    let time = match digits.len() {
        12 => Some(format!("{day}T{}:{}{}", &digits[8..10], &digits[10..12], offset(zone))),
        14 => {
            let (hour, minute, second) = (&digits[8..10], &digits[10..12], &digits[12..14]);
            Some(format!("{day}T{hour}:{minute}:{second}{}", offset(zone)))
        }
        _ => None,
    };
    let is_date = |date: &String| When::parse(date).is_some();
    // Midnight to the second is how many systems write a day.
    let time = time.filter(|_| !(digits.len() == 14 && &digits[8..] == "000000" && zone.is_empty()));
    time.filter(is_date).or_else(|| Some(day).filter(is_date))
}

/// `-0500` as `-05:00`; nothing where it is not understood.
fn offset(zone: &str) -> String {
    match (zone.get(..3), zone.get(3..5)) {
        (Some(hours), Some(minutes)) if zone.len() == 5 => format!("{hours}:{minutes}"),
        (Some(_), Some(_)) if zone.len() == 6 && zone.get(3..4) == Some(":") => zone.to_owned(),
        _ if zone == "Z" => "Z".to_owned(),
        _ => String::new(),
    }
}

/// The date that an element states by itself.
pub fn of(element: Element<'_>) -> Option<String> {
    date(element.value()?)
}

/// The date of an element inside another.
pub fn at(element: Element<'_>, path: &[&str]) -> Option<String> {
    element.at(path).and_then(of)
}

/// When something began, or was: of an interval its beginning, else its middle.
pub fn begin(element: Element<'_>) -> Option<String> {
    of(element).or_else(|| at(element, &["low"])).or_else(|| at(element, &["center"]))
}

/// When something ended.
pub fn end(element: Element<'_>) -> Option<String> {
    at(element, &["high"])
}

/// The first time of a statement that begins, of several (a period and a frequency).
pub fn first(statement: Element<'_>) -> Option<String> {
    statement.all("effectiveTime").find_map(begin)
}

/// The end of a statement.
pub fn last(statement: Element<'_>) -> Option<String> {
    statement.all("effectiveTime").find_map(end)
}

/// A FHIR Period of an interval.
pub fn period<'a>(element: Element<'a>) -> Option<Json<'a>> {
    object([("start", begin(element).map(text)), ("end", end(element).map(text))])
}

#[cfg(test)]
mod tests {
    use super::date;

    #[test]
    fn a_date_is_known_as_far_as_it_is_written_and_no_further() {
        for (written, told) in [
            ("2014", "2014"),
            ("201404", "2014-04"),
            ("20140400", "2014-04"),
            ("20140402", "2014-04-02"),
            ("20140402-0500", "2014-04-02"),
            ("201404021015-0500", "2014-04-02T10:15-05:00"),
            ("201404021015-05:00", "2014-04-02T10:15-05:00"),
            ("20140402101530.123+0000", "2014-04-02T10:15:30+00:00"),
            ("20140402000000", "2014-04-02"),
            ("2014-04-02", "2014-04-02"),
            // A digit is missing, so nobody knows the time.
            ("2014032124536-0500", "2014-03-21"),
            ("20140402250000-0500", "2014-04-02"),
        ] {
            assert_eq!(date(written).as_deref(), Some(told), "{written}");
        }
        for written in ["", "unknown", "00000000", "20141302", "20140231", "201"] {
            assert_eq!(date(written), None, "{written}");
        }
    }
}
