//! The cells of the vendors' table, read into the rules that they say.
//!
//! Each reads its cell or gives nothing: a slip in a cell costs its row, and a test fails.

use super::rules::{
    AudRule, AuthorizeExtra, ClientKind, Dialect, KnownBy, NoticeMeaning, PatientRule, Registration, Scopes,
    Signing, TokenAuth,
};
use crate::knowledge::folding::fold;
use crate::knowledge::table::list;

pub(super) fn known_by(entry: &'static str) -> Option<KnownBy> {
    match entry.split_once(':')? {
        ("host", host) => Some(KnownBy::Host(host)),
        ("path", path) => Some(KnownBy::Path(path)),
        ("software", name) => Some(KnownBy::Software(fold(name))),
        _ => None,
    }
}

pub(super) fn aud(cell: &str) -> Option<AudRule> {
    match cell {
        "base" => Some(AudRule::Base),
        "no-slash" => Some(AudRule::NoSlash),
        "absent" => Some(AudRule::Absent),
        _ => None,
    }
}

pub(super) fn patient(entry: &'static str) -> Option<PatientRule> {
    match entry {
        "token" => Some(PatientRule::Token),
        "id-token" => Some(PatientRule::IdToken),
        "search" => Some(PatientRule::Search),
        _ => entry.strip_prefix("access-token:").map(PatientRule::AccessToken),
    }
}

pub(super) fn client(cell: &str) -> Option<ClientKind> {
    match cell {
        "public" => Some(ClientKind::Public),
        "confidential" => Some(ClientKind::Confidential),
        "either" => Some(ClientKind::Either),
        _ => None,
    }
}

pub(super) fn auth(entry: &str) -> Option<TokenAuth> {
    match entry {
        "none" => Some(TokenAuth::None),
        "basic" => Some(TokenAuth::Basic),
        "post" => Some(TokenAuth::Post),
        "private_key_jwt" => Some(TokenAuth::PrivateKeyJwt(None)),
        "private_key_jwt:RS384" => Some(TokenAuth::PrivateKeyJwt(Some(Signing::Rs384))),
        "private_key_jwt:ES384" => Some(TokenAuth::PrivateKeyJwt(Some(Signing::Es384))),
        _ => None,
    }
}

pub(super) fn scopes(cell: &'static str) -> Option<Scopes> {
    let mut scopes = Scopes::default();
    for entry in entries(cell) {
        match entry.split_once(':') {
            None => scopes.extra.push(entry),
            Some(("dialect", "v1")) => scopes.dialect = Some(Dialect::V1),
            Some(("dialect", "v2")) => scopes.dialect = Some(Dialect::V2),
            Some(("types", types)) => scopes.types.extend(types.split(',')),
            Some(("without", word)) => scopes.without.push(word),
            Some(_) => return None,
        }
    }
    Some(scopes)
}

pub(super) fn authorize_extra(entry: &'static str) -> Option<AuthorizeExtra> {
    match entry {
        "nonce" => return Some(AuthorizeExtra::Nonce),
        "consent" => return Some(AuthorizeExtra::Consent),
        _ => {}
    }
    let (name, value) = entry.split_once('=')?;
    let by = value.strip_prefix('{')?.strip_suffix('}')?;
    Some(AuthorizeExtra::Given { name, by })
}

pub(super) fn registration(cell: &str) -> Option<Registration> {
    match cell {
        "-" => Some(Registration::Unknown),
        "rfc7591" => Some(Registration::Rfc7591),
        "epic-device" => Some(Registration::EpicDevice),
        _ => None,
    }
}

pub(super) fn notice(entry: &'static str) -> Option<(&'static str, NoticeMeaning)> {
    let (code, meaning) = entry.split_once('=')?;
    let meaning = match meaning {
        "withheld" => NoticeMeaning::Withheld,
        "capped" => NoticeMeaning::Capped,
        "expired" => NoticeMeaning::Expired,
        "none" => NoticeMeaning::Nothing,
        "ignore" => NoticeMeaning::Ignore,
        _ => return None,
    };
    Some((code, meaning))
}

/// The text of a cell, where it is not left empty.
pub(super) fn text(cell: &'static str) -> Option<&'static str> {
    (cell != "-").then_some(cell)
}

/// A number that is 0 where it is not known.
pub(super) fn number(cell: &str) -> Option<Option<u32>> {
    cell.parse().ok().map(|number| (number != 0).then_some(number))
}

/// All entries of a cell, or nothing where one of them cannot be read.
pub(super) fn each<T>(cell: &'static str, read: impl Fn(&'static str) -> Option<T>) -> Option<Vec<T>> {
    entries(cell).map(read).collect()
}

fn entries(cell: &'static str) -> impl Iterator<Item = &'static str> {
    list(cell).filter(|entry| *entry != "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_a_word_of_the_table_is_not_read() {
        assert_eq!(known_by("port:443"), None);
        assert_eq!(aud("none"), None);
        assert_eq!(patient("cookie"), None);
        assert_eq!(client("secret"), None);
        assert_eq!(auth("private_key_jwt:HS256"), None);
        assert_eq!(scopes("dialect:v3"), None);
        assert_eq!(authorize_extra("ah-practice=practice"), None);
        assert_eq!(registration("udap"), None);
        assert_eq!(notice("4100=strange"), None);
        assert_eq!(number("many"), None);
        assert_eq!(each("none;strange", auth), None);
    }

    #[test]
    fn an_empty_cell_holds_nothing() {
        assert_eq!(each("-", auth), Some(Vec::new()));
        assert_eq!(scopes("-"), Some(Scopes::default()));
        assert_eq!(text("-"), None);
        assert_eq!(number("0"), Some(None));
        assert_eq!(number("250"), Some(Some(250)));
    }

    #[test]
    fn scopes_are_told_apart_by_what_stands_before_them() {
        let read = scopes("dialect:v1;types:Patient,Coverage;without:fhirUser;profile").unwrap();
        assert_eq!(read.dialect, Some(Dialect::V1));
        assert_eq!(read.types, ["Patient", "Coverage"]);
        assert_eq!(read.without, ["fhirUser"]);
        assert_eq!(read.extra, ["profile"]);
    }
}
