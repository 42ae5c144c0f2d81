//! What a person is told about a query that did not end well: our words, never the server's.

use crate::record::Text;

/// Why a query was refused, by the status of the answer.
pub fn refused(status: u16) -> Text {
    let why = match status {
        401 => "the portal did not accept the sign-in for it",
        403 => "the portal does not permit this to plainchart",
        404 | 405 | 410 | 501 => "this portal does not offer it",
        _ => "this portal does not answer the question for it",
    };
    format!("{why} (status {status})").into()
}

/// A type that the server does not list.
pub const NOT_OFFERED: &str = "this portal does not offer it";
/// 404 for a single read.
pub const GONE: &str = "the portal does not hold it under that name";
/// Deeper than what is named is followed.
pub const TOO_FAR: &str = "they are named too far from the person's own entries";
/// HTML, where data was due.
pub const WEB_PAGE: &str = "the portal answered with a web page instead of data";
/// XML, where JSON was asked for.
pub const XML: &str = "the portal answered in XML, which was not asked for";
/// Something else.
pub const NOT_JSON: &str = "the portal answered with something that is not FHIR JSON";
/// A resource, or JSON of another make.
pub const NO_BUNDLE: &str = "the portal answered with something else than a list of entries";
/// A single read gave another type.
pub const ANOTHER_TYPE: &str = "the portal answered with something else than was asked for";
/// Entries without a resource in them.
pub const UNREADABLE: &str = "a part of the portal's answer cannot be read";
/// A Patient read gave something else.
pub const NO_PATIENT: &str = "the portal answered with something else than the person who signed in";
/// An OperationOutcome in place of an answer.
pub const ONLY_NOTICE: &str = "the portal answered with a notice instead of data";
/// A link that was followed before.
pub const RING: &str = "its pages lead back to a page that came before; what came until then was kept";
/// A next page elsewhere.
pub const FOREIGN: &str = "its next page lies on another server, which is not asked";
/// A redirect to another server.
pub const SENT_ON: &str = "the portal sends on to another server, whose answer does not count";
/// A next page that is no address.
pub const NO_ADDRESS: &str = "its next page has no address that can be asked";
/// A session that ended twice.
pub const EXPIRED: &str = "the portal no longer held its pages, twice";
/// The whole fetch has come to a limit.
pub const FULL: &str = "the portal sends more than one fetch takes";
/// The time of the whole fetch is over.
pub const TOO_LONG: &str = "the fetch took too long as a whole";
/// Nobody answered before.
pub const GIVEN_UP: &str = "it was not asked for, since the portal had stopped answering";
/// 429 or 503 at every try.
pub const ALWAYS_WAIT: &str = "the portal asked to wait at every try";

/// More pages, entries or bytes than one query may have.
pub fn more_than(count: u64, of: &str) -> Text {
    format!("the portal has more of it than {count} {of}; the rest was not fetched").into()
}

/// A wait that is longer than anybody waits here.
pub fn wait_of(seconds: u64) -> Text {
    format!("the portal asks to come back in {} minutes", seconds.div_ceil(60)).into()
}

/// A server that fails at every try.
pub fn failed(status: u16) -> Text {
    format!("the portal failed at every try (status {status})").into()
}
