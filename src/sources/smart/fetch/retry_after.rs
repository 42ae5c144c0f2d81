//! How long a server asks to be left alone: `Retry-After` (RFC 9110, 10.2.3).

use std::time::Duration;

use jiff::fmt::rfc2822::DateTimeParser;

use crate::http::Response;

/// The wait that an answer asks for. A date is counted from the answer's own `Date`, so that no clock has
/// to agree with the server's.
pub fn of(response: &Response) -> Option<Duration> {
    read(response.header("retry-after")?, response.header("date"))
}

fn read(after: &str, date: Option<&str>) -> Option<Duration> {
    let after = after.trim();
    if let Ok(seconds) = after.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let parse = |date: &str| DateTimeParser::new().parse_timestamp(date.trim()).ok();
    let seconds = parse(after)?.as_second() - parse(date?)?.as_second();
    Some(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_and_dates_are_read_and_nothing_else() {
        let date = Some("Sun, 06 Nov 1994 08:49:37 GMT");
        let seconds = |after: &str, date| read(after, date).map(|wait| wait.as_secs());
        assert_eq!(seconds("120", None), Some(120));
        assert_eq!(seconds("Sun, 06 Nov 1994 08:50:07 GMT", date), Some(30));
        assert_eq!(seconds("Sun, 06 Nov 1994 08:40:00 GMT", date), Some(0));
        assert_eq!(seconds("Sun, 06 Nov 1994 08:50:07 GMT", None), None);
        assert_eq!(seconds("soon", date), None);
        assert_eq!(seconds("-5", date), None);
    }
}
