//! The text of a link, and what it says.

use std::fmt;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;
use url::Url;

use super::Error;
use crate::http;
use crate::secret::Secret;
use crate::sources::base64url;

/// What every link has, behind the address of a viewer or not.
const SCHEME: &str = "shlink:/";
/// Characters of a link. Its address has 128 at the most, its label 80.
const TEXT_CHARS_MAX: usize = 8_000;
/// Characters of a label that are shown.
const LABEL_CHARS_MAX: usize = 80;
/// The version of the protocol that is spoken.
const VERSION: u64 = 1;
/// Seconds since 1970 are no larger until the year 5138: what is larger counts milliseconds.
const SECONDS_MAX: f64 = 1e11;

/// A link that was given.
#[derive(Clone)]
pub struct Link {
    /// Where it leads. It is as secret as the key: it alone says who may ask.
    pub(super) url: Secret<String>,
    /// What opens the files.
    pub(super) key: Secret<[u8; 32]>,
    /// Until when it is valid.
    pub expires: Option<Timestamp>,
    /// What the sharer calls it.
    pub label: Option<String>,
    /// Whether it asks for a passcode.
    pub needs_passcode: bool,
    /// Whether what it leads to may change, and may be fetched again.
    pub is_long_term: bool,
    /// Whether it leads to one file, not to a list.
    pub(super) is_direct: bool,
}

#[derive(Deserialize)]
struct Payload<'a> {
    url: Option<String>,
    key: Option<String>,
    // Some writers make a text of it.
    #[serde(borrow)]
    exp: Option<&'a RawValue>,
    flag: Option<String>,
    label: Option<String>,
    v: Option<u64>,
}

/// True for the text of a link: alone, or behind the address of a viewer.
pub fn is_link(text: &str) -> bool {
    let text = text.trim();
    !text.contains(char::is_whitespace) && payload_of(text).is_some()
}

/// What stands behind the scheme. A viewer's address ends with `#`, so that no viewer is told what follows.
fn payload_of(text: &str) -> Option<&str> {
    let after = |text: &'_ str| -> Option<usize> {
        text.get(..SCHEME.len()).filter(|scheme| scheme.eq_ignore_ascii_case(SCHEME)).map(str::len)
    };
    if let Some(scheme) = after(text) {
        return text.get(scheme..);
    }
    let (viewer, rest) = text.split_once('#')?;
    let is_viewer = viewer.starts_with("https://") || viewer.starts_with("http://");
    after(rest).filter(|_| is_viewer).and_then(|scheme| rest.get(scheme..))
}

impl Link {
    /// Reads the text of a link.
    pub fn read(text: &str) -> Result<Link, Error> {
        let text = text.trim();
        if text.len() > TEXT_CHARS_MAX {
            return Err(Error::NotALink("it is too long"));
        }
        let payload = payload_of(text).ok_or(Error::NotALink("it does not begin with shlink:/"))?;
        let bytes = Secret::new(
            base64url::decode(payload).ok_or(Error::NotALink("what follows shlink:/ is not base64url"))?,
        );
        let payload: Payload<'_> = serde_json::from_slice(bytes.expose())
            .map_err(|_| Error::NotALink("what follows shlink:/ is no JSON of a link"))?;
        if payload.v.is_some_and(|version| version != VERSION) {
            return Err(Error::NotALink("it is of a newer version than this program knows"));
        }
        let key = payload.key.map(Secret::new).ok_or(Error::NotALink("it has no key"))?;
        let key = base64url::decode(key.expose()).and_then(|key| key.try_into().ok());
        let key = Secret::new(key.ok_or(Error::NotALink("its key is not 32 bytes"))?);
        let url = Secret::new(payload.url.ok_or(Error::NotALink("it has no address"))?);
        parsed(&url).ok_or(Error::NotALink("its address is none"))?;
        let flag = payload.flag.unwrap_or_default();
        let (needs_passcode, is_direct) = (flag.contains('P'), flag.contains('U'));
        if needs_passcode && is_direct {
            return Err(Error::NotALink("it wants a passcode for what takes none"));
        }
        let expires =
            payload.exp.and_then(|written| written.get().trim_matches('"').parse().ok()).and_then(instant);
        let label = payload.label.map(|label| shown(&label)).filter(|label| !label.is_empty());
        let is_long_term = flag.contains('L');
        Ok(Link { url, key, expires, label, needs_passcode, is_long_term, is_direct })
    }

    /// The host that it leads to: all of the address that is told.
    pub fn host(&self) -> String {
        parsed(&self.url).map_or_else(String::new, |url| http::host(&url))
    }

    /// What records that come by it are called: who shares them, as far as the link says.
    pub fn source_name(&self) -> String {
        match &self.label {
            Some(label) => format!("Shared link: {label} ({})", self.host()),
            None => format!("Shared link ({})", self.host()),
        }
    }

    /// Whether its time is over.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.expires.is_some_and(|over| over <= now)
    }

    pub(super) fn address(&self) -> Result<Url, Error> {
        parsed(&self.url).ok_or(Error::NotALink("its address is none"))
    }
}

/// The link is a secret, and so is what it says.
impl fmt::Debug for Link {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Link(…)")
    }
}

fn parsed(url: &Secret<String>) -> Option<Url> {
    Url::parse(url.expose()).ok().filter(Url::has_host)
}

fn instant(seconds: f64) -> Option<Timestamp> {
    let seconds = if seconds > SECONDS_MAX { seconds / 1000.0 } else { seconds };
    Timestamp::from_second(seconds as i64).ok()
}

/// A label as a name: one line, without signs that steer a terminal or turn the line around.
fn shown(label: &str) -> String {
    let is_unseen = |sign: char| {
        sign.is_control()
            || matches!(sign, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
    };
    let words = label.split_whitespace().collect::<Vec<_>>().join(" ");
    words.chars().filter(|sign| !is_unseen(*sign)).take(LABEL_CHARS_MAX).collect()
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::*;

    const KEY: &str = "rxTgYlOaKJPFtcEd0qcceN8wEU4p94SqAwIWQe6uX7Q";

    fn written(payload: &str) -> String {
        format!("shlink:/{}", URL_SAFE_NO_PAD.encode(payload))
    }

    fn of(more: &str) -> Result<Link, Error> {
        Link::read(&written(&format!(r#"{{"url":"https://share.example/secret-path","key":"{KEY}"{more}}}"#)))
    }

    #[test]
    fn a_link_says_what_it_is_alone_and_behind_a_viewer() {
        let link = of(r#","flag":"LP","label":"Shots for\nOliver","exp":1767225600,"v":1"#).unwrap();
        assert_eq!(link.source_name(), "Shared link: Shots for Oliver (share.example)");
        assert!(link.needs_passcode && link.is_long_term && !link.is_direct);
        assert_eq!(link.expires.unwrap().as_second(), 1_767_225_600);
        for exp in ["1767225600000", "\"1767225600\"", "1767225600.5"] {
            let link = of(&format!(r#","exp":{exp}"#)).unwrap();
            assert_eq!(link.expires.unwrap().as_second(), 1_767_225_600, "{exp}");
        }
        let bare =
            written(r#"{"url":"https://a.example/m","key":"rxTgYlOaKJPFtcEd0qcceN8wEU4p94SqAwIWQe6uX7Q"}"#);
        for text in
            [bare.clone(), format!(" https://viewer.example/x#{bare}\n"), bare.replace("shlink", "SHLINK")]
        {
            assert!(is_link(&text), "{text}");
            assert_eq!(Link::read(&text).unwrap().source_name(), "Shared link (a.example)");
        }
        for other in ["shlink", "https://viewer.example/#x", "see shlink:/abc", "#shlink:/abc", "{}"] {
            assert!(!is_link(other), "{other}");
        }
    }

    #[test]
    fn what_is_no_link_is_refused_with_the_reason_and_nothing_of_it_is_told() {
        let told = |link: Result<Link, Error>| link.unwrap_err().to_string();
        assert!(told(Link::read("shlink:/%%%")).ends_with("not base64url"));
        assert!(told(Link::read(&written("[]"))).ends_with("no JSON of a link"));
        assert!(told(Link::read(&written(r#"{"key":"x"}"#))).ends_with("its key is not 32 bytes"));
        assert!(told(Link::read(&written(&format!(r#"{{"key":"{KEY}"}}"#)))).ends_with("it has no address"));
        assert!(told(of(r#","v":2"#)).ends_with("newer version than this program knows"));
        assert!(told(of(r#","flag":"PU""#)).ends_with("a passcode for what takes none"));
        assert!(told(Link::read(&format!("shlink:/{}", "a".repeat(9000)))).ends_with("too long"));
        let shown = format!("{:?}", of("").unwrap());
        assert!(!shown.contains("secret-path") && !shown.contains(KEY), "{shown}");
    }
}
