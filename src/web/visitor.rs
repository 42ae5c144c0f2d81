//! Who is at a page: somebody signed in, or a browser of which nothing is known but the key to its forms.

use axum::http::HeaderMap;
use axum::http::header::COOKIE;

use super::Error;
use super::site::Site;
use crate::access::account::{FormKey, SessionToken, Signed};
use crate::access::authorization::PublicUrl;
use crate::clock::Randomness;

/// Seven days: no session is longer.
const SESSION_S: u32 = 7 * 24 * 60 * 60;
/// A form that was open for longer is asked for anew.
const FORM_S: u32 = 24 * 60 * 60;

/// Which cookies are ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cookie {
    Session,
    Form,
}

/// Who is at a page.
pub struct Visitor {
    /// Who is signed in.
    pub signed: Option<Signed>,
    /// The key to the forms that they are shown.
    pub forms: FormKey,
    /// A key that the browser does not have yet.
    new_key: Option<String>,
}

impl Visitor {
    /// Who the cookies of a request say it is.
    pub fn of(site: &Site, headers: &HeaderMap) -> Result<Visitor, Error> {
        let (public, random) = (site.public(), site.random());
        let session = cookie(headers, Cookie::Session.name(public));
        let signed = session.map(|text| site.accounts().session(text)).transpose()?.flatten();
        if let Some(signed) = signed {
            let forms = signed.forms();
            return Ok(Visitor { signed: Some(signed), forms, new_key: None });
        }
        Ok(Visitor::unknown(public, random, headers))
    }

    /// Nobody who is signed in.
    fn unknown(public: &PublicUrl, random: &Randomness, headers: &HeaderMap) -> Visitor {
        let kept = cookie(headers, Cookie::Form.name(public)).and_then(FormKey::parse);
        match kept {
            Some(forms) => Visitor { signed: None, forms, new_key: None },
            None => {
                let forms = FormKey::random(random);
                let new_key = Some(set(public, Cookie::Form, forms.text().expose(), FORM_S));
                Visitor { signed: None, forms, new_key }
            }
        }
    }

    /// The cookie that the browser is to be given, where it lacks one.
    pub fn take_new_key(&mut self) -> Option<String> {
        self.new_key.take()
    }
}

/// The cookie that signs a browser in.
pub fn session_cookie(public: &PublicUrl, token: &SessionToken) -> String {
    set(public, Cookie::Session, token.text().expose(), SESSION_S)
}

/// The cookie that signs it out.
pub fn no_session(public: &PublicUrl) -> String {
    set(public, Cookie::Session, "", 0)
}

impl Cookie {
    /// With its prefix a browser takes it only from this host, over https (RFC 6265bis, 4.1.3.2).
    fn name(self, public: &PublicUrl) -> &'static str {
        match (self, public.is_secure()) {
            (Cookie::Session, true) => "__Host-plainchart",
            (Cookie::Session, false) => "plainchart",
            (Cookie::Form, true) => "__Host-plainchart-form",
            (Cookie::Form, false) => "plainchart-form",
        }
    }
}

/// Lax, since assistants send the browser to `/authorize` from their own sites.
fn set(public: &PublicUrl, cookie: Cookie, value: &str, seconds: u32) -> String {
    let secure = if public.is_secure() { "; Secure" } else { "" };
    format!("{}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}", cookie.name(public))
}

/// The value of a cookie that was sent once. Two of one name may be another site's doing: then it is none.
fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let mut values = pairs.filter(|(own, _)| *own == name).map(|(_, value)| value);
    let value = values.next()?;
    values.next().is_none().then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(line: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(COOKIE, axum::http::HeaderValue::from_static(line))])
    }

    #[test]
    fn a_cookie_is_read_by_its_whole_name_and_only_once() {
        assert_eq!(cookie(&headers("a=1; plainchart=x.y; b=2"), "plainchart"), Some("x.y"));
        assert_eq!(cookie(&headers("xplainchart=x"), "plainchart"), None);
        assert_eq!(cookie(&headers("plainchart=x; plainchart=y"), "plainchart"), None);
    }

    #[test]
    fn a_cookie_over_https_is_of_this_host_and_secure_and_no_script_reads_it() {
        let public = PublicUrl::parse("https://chart.example.org").unwrap();
        assert_eq!(
            set(&public, Cookie::Session, "x", 60),
            "__Host-plainchart=x; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure"
        );
        let local = PublicUrl::parse("http://127.0.0.1:8080").unwrap();
        assert!(set(&local, Cookie::Session, "x", 60).starts_with("plainchart=x; "));
    }
}
