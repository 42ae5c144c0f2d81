//! Addresses of one server: what is asked, and which of those that it names are followed.

use url::Url;

use crate::sources::references::identity;

/// The address of something below the base.
pub fn below(base: &Url, segments: &[&str]) -> Url {
    let mut url = base.clone();
    url.set_query(None);
    url.set_fragment(None);
    // An address that has no path below it is no https address; the client refuses it.
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(segments);
    }
    url
}

/// A next page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// On the same server.
    Here(Url),
    /// On another one, which gets neither the token nor the question.
    Elsewhere,
    /// No address.
    Nowhere,
}

/// What the link to a next page, as it is written in the answer from `at`, leads to.
///
/// Any path of the base's own origin is allowed: servers page at their root, or at a path of their own.
pub fn next(base: &Url, at: &Url, written: &str) -> Next {
    let Ok(mut url) = at.join(written.trim()) else { return Next::Nowhere };
    url.set_fragment(None);
    // Behind a proxy some servers take themselves for http.
    if url.scheme() == "http" && base.scheme() == "https" && url.host() == base.host() && url.port().is_none()
    {
        let _ = url.set_scheme("https");
        let _ = url.set_port(base.port());
    }
    if url.origin() == base.origin() { Next::Here(url) } else { Next::Elsewhere }
}

/// What a reference names below the base, as `Type/id`; `None` for what lies elsewhere or is no identity.
pub fn named<'a>(base: &Url, written: &'a str) -> Option<&'a str> {
    let inside = inside(base, written)?;
    let (kind, id) = identity(inside)?;
    let is_bare = inside.starts_with(kind) && id.bytes().any(|byte| byte != b'.');
    is_bare.then(|| inside.get(..kind.len() + 1 + id.len())).flatten()
}

/// The part of an address below the base. It may still lead out of it again, by `..`.
pub fn inside<'a>(base: &Url, written: &'a str) -> Option<&'a str> {
    let root = if written.contains("://") {
        base.as_str()
    } else if written.starts_with('/') {
        base.path()
    } else {
        return Some(written);
    };
    let root = root.trim_end_matches('/');
    written.strip_prefix(root)?.strip_prefix('/')
}

/// The address of a document below the base, however it is written.
pub fn document(base: &Url, written: &str) -> Option<Url> {
    let rest = inside(base, written)?;
    let mut root = base.clone();
    root.set_path(&format!("{}/", root_path(base)));
    // `..`, in any way of writing it, would lead out of the base again.
    let url = root.join(&format!("./{rest}")).ok()?;
    (url.origin() == base.origin() && url.path().starts_with(root.path())).then_some(url)
}

fn root_path(base: &Url) -> &str {
    base.path().trim_end_matches('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base() -> Url {
        "https://fhir.example.org/r4/tenant/".parse().unwrap()
    }

    #[test]
    fn what_is_asked_lies_below_the_base_whatever_the_id_holds() {
        let url = below(&base(), &["Patient", "a/../b?c"]);
        assert_eq!(url.as_str(), "https://fhir.example.org/r4/tenant/Patient/a%2F..%2Fb%3Fc");
        let bare: Url = "https://fhir.example.org/r4".parse().unwrap();
        assert_eq!(below(&bare, &["Observation"]).as_str(), "https://fhir.example.org/r4/Observation");
    }

    #[test]
    fn a_next_page_is_followed_on_the_same_server_alone() {
        let at: Url = "https://fhir.example.org/r4/tenant/Observation?patient=1".parse().unwrap();
        let here = |written: &str, url: &str| {
            assert_eq!(next(&base(), &at, written), Next::Here(url.parse().unwrap()), "{written}");
        };
        here("?page=2", "https://fhir.example.org/r4/tenant/Observation?page=2");
        here("Observation?page=2", "https://fhir.example.org/r4/tenant/Observation?page=2");
        here("https://fhir.example.org/r4?_getpages=x", "https://fhir.example.org/r4?_getpages=x");
        here("http://fhir.example.org/r4?_getpages=x", "https://fhir.example.org/r4?_getpages=x");
        for foreign in [
            "https://other.example.org/r4",
            "//other.example.org/r4",
            "https://fhir.example.org:8443/r4",
            "http://fhir.example.org:80443/",
            "ftp://fhir.example.org/r4",
            "data:text/plain,x",
        ] {
            assert!(!matches!(next(&base(), &at, foreign), Next::Here(_)), "{foreign}");
        }
    }

    #[test]
    fn a_reference_is_followed_below_the_base_alone() {
        for (written, expected) in [
            ("Practitioner/7", Some("Practitioner/7")),
            ("Practitioner/7/_history/2", Some("Practitioner/7")),
            ("https://fhir.example.org/r4/tenant/Practitioner/7", Some("Practitioner/7")),
            ("/r4/tenant/Practitioner/7", Some("Practitioner/7")),
            ("https://fhir.example.org/r4/other/Practitioner/7", None),
            ("https://fhir.example.org/r4/tenant/../other/Practitioner/7", None),
            ("https://other.example.org/r4/tenant/Practitioner/7", None),
            ("Practitioner?identifier=7", None),
            ("#contained", None),
            ("urn:uuid:7777", None),
            ("Practitioner/..", None),
        ] {
            assert_eq!(named(&base(), written), expected, "{written}");
        }
    }

    #[test]
    fn a_document_lies_below_the_base_in_every_way_of_writing_it() {
        let url = |written: &str| document(&base(), written).map(|url| url.to_string());
        let expected = Some("https://fhir.example.org/r4/tenant/files/a.pdf?x=1".to_owned());
        assert_eq!(url("files/a.pdf?x=1"), expected);
        assert_eq!(url("/r4/tenant/files/a.pdf?x=1"), expected);
        assert_eq!(url("https://fhir.example.org/r4/tenant/files/a.pdf?x=1"), expected);
        for outside in
            ["../other/a.pdf", "a/../../other/a.pdf", ".%2e/other/a.pdf", "//other.example.org/a", "/r4/a"]
        {
            assert_eq!(url(outside), None, "{outside}");
        }
        let path = "https://fhir.example.org/r4/tenant/%2E%2e/other/a.pdf";
        assert_eq!(url(path), None);
    }
}
