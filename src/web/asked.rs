//! What a page is asked: by whom, with which fields, and whether one of our own forms sent it.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::ConnectInfo;
use axum::http::header::{HOST, ORIGIN};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName};
use url::Url;

use super::Error;
use super::dates;
use super::form::Form;
use super::frame::Frame;
use super::site::Site;
use super::visitor::Visitor;
use crate::access::account::Signed;

/// Where a request came from, told by the browser itself (Fetch Metadata).
const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// A request to a page.
pub struct Asked {
    /// By whom.
    pub visitor: Visitor,
    /// The fields of its address.
    pub query: Form,
    /// The fields of the form that was sent.
    pub form: Form,
    /// The variable part of its path.
    pub id: String,
    /// The path and the query, to come back to after a sign-in.
    pub target: String,
    /// From where.
    pub peer: IpAddr,
}

impl Asked {
    /// Reads a request. `form` is the body of a POST.
    pub fn read(site: &Site, parts: &Parts, id: Option<String>, form: Form) -> Result<Asked, Error> {
        let query = parts.uri.query().unwrap_or_default();
        let target = parts.uri.path_and_query().map_or("/", |target| target.as_str());
        Ok(Asked {
            visitor: Visitor::of(site, &parts.headers)?,
            query: Form::parse(query.as_bytes()).ok_or(Error::TooLarge)?,
            form,
            id: id.unwrap_or_default(),
            target: target.to_owned(),
            peer: peer(parts),
        })
    }

    /// Who is signed in.
    pub fn signed(&self) -> Result<&Signed, Error> {
        // A form cannot be gone on with after a sign-in: what it was sent to may be no page.
        let next = if self.form.has("csrf") { "/" } else { &self.target };
        self.visitor.signed.as_ref().ok_or_else(|| Error::NotSignedIn { next: next.to_owned() })
    }

    /// Refuses a form that does not carry the mark of one of our pages.
    pub fn check_mark(&self, purpose: &str) -> Result<(), Error> {
        if self.visitor.forms.is_marked(purpose, self.form.text("csrf")) {
            Ok(())
        } else {
            Err(Error::Forged)
        }
    }

    /// The frame of the page that answers.
    pub fn frame(&self, title: impl Into<String>) -> Frame {
        let who = self.visitor.signed.as_ref().map(|signed| signed.name().to_owned());
        let recovered = self.visitor.signed.as_ref().and_then(Signed::recovered_at).map(dates::of);
        Frame::new(title, who, self.visitor.forms.clone()).recovered_on(recovered)
    }

    /// A field of the form, or of the address where there is no form.
    pub fn field(&self, name: &str) -> &str {
        self.form.one(name).unwrap_or_else(|| self.query.text(name))
    }
}

/// Refuses a POST that no page of ours has sent. Every browser says where a form comes from.
pub fn check_origin(site: &Site, headers: &HeaderMap) -> Result<(), Error> {
    let mut origins = headers.get_all(ORIGIN).iter();
    let is_own = match (origins.next(), origins.next()) {
        (Some(only), None) => only.as_bytes() == site.public().issuer().as_bytes(),
        (None, None) => headers.get(FETCH_SITE).is_some_and(|from| from == "same-origin"),
        (_, Some(_)) => false,
    };
    if is_own { Ok(()) } else { Err(Error::Forged) }
}

/// Where a page is looked at that was asked for under another name of this machine: cookies and forms are of one name.
pub fn elsewhere(site: &Site, parts: &Parts) -> Option<String> {
    let host = parts.headers.get(HOST)?.to_str().ok()?;
    let host = Url::parse(&format!("http://{host}")).ok()?;
    let is_other = host.host_str() != site.public().root().host_str();
    let target = parts.uri.path_and_query().map_or("/", |target| target.as_str());
    is_other.then(|| site.public().at(target))
}

/// The address at the other end of the connection. No header of a proxy is believed.
fn peer(parts: &Parts) -> IpAddr {
    let connected = parts.extensions.get::<ConnectInfo<SocketAddr>>();
    connected.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(address)| address.ip())
}

/// A path of ours to go on to; anything else leads to the first page.
pub fn own_path(path: &str) -> &str {
    let is_own = path.starts_with('/')
        && !path.starts_with("//")
        && path.len() <= 8 << 10
        && path.bytes().all(|byte| (0x21..=0x7e).contains(&byte) && byte != b'\\');
    if is_own { path } else { "/" }
}

/// A value inside of an address.
pub fn encoded(value: &str) -> String {
    url::form_urlencoded::byte_serialize(value.as_bytes()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_leads_on_to_our_own_pages_only() {
        for own in ["/", "/authorize?a=b&c=%2F%2Fx", "/settings"] {
            assert_eq!(own_path(own), own);
        }
        for other in
            ["", "//evil.example", "https://evil.example", "/\\evil.example", "/a\r\nb: c", "settings", "/ü"]
        {
            assert_eq!(own_path(other), "/", "{other:?}");
        }
        assert_eq!(own_path(&format!("/{}", "a".repeat(9 << 10))), "/");
    }
}
