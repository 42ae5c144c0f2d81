//! One card: a compact JWS whose payload is packed, and what that says.

use std::io::Read;

use flate2::read::{DeflateDecoder, ZlibDecoder};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;
use url::Url;

use super::Fault;
use crate::sources::base64url;

/// Bytes of what was signed, unpacked: documents may hold a picture or two.
const UNPACKED_BYTES_MAX: u64 = 64 << 20;
/// How many times larger it may become. What a card says is dense.
const RATIO_MAX: u64 = 100;
/// Characters of an issuer's address.
const ISSUER_CHARS_MAX: usize = 300;
/// Seconds since 1970 are no larger until the year 5138: what is larger counts milliseconds.
const SECONDS_MAX: f64 = 1e11;

/// A signed text, and what it says.
#[derive(Clone, Debug)]
pub struct Card {
    /// The text that came in.
    pub jws: String,
    /// The key that is said to have signed it.
    pub key: Option<String>,
    /// The 64 bytes of the signature.
    pub signature: [u8; 64],
    /// What was signed.
    pub said: Said,
    /// Where its form is not as specified, harmlessly.
    pub flaws: Vec<&'static str>,
}

/// What an issuer is said to have signed.
#[derive(Clone, Debug)]
pub struct Said {
    /// Where the issuer is.
    pub issuer: Url,
    /// Under which name the issuer may take it back.
    pub revocation: Option<String>,
    /// From when on it is valid.
    pub from: Option<Timestamp>,
    /// Until when.
    pub until: Option<Timestamp>,
    /// The FHIR bundle.
    pub bundle: String,
}

#[derive(Deserialize)]
struct Header {
    alg: Option<String>,
    kid: Option<String>,
    zip: Option<String>,
}

#[derive(Deserialize)]
struct Payload<'a> {
    iss: Option<String>,
    #[serde(borrow)]
    nbf: Option<&'a RawValue>,
    #[serde(borrow)]
    exp: Option<&'a RawValue>,
    #[serde(borrow)]
    vc: Option<Credential<'a>>,
}

#[derive(Deserialize)]
struct Credential<'a> {
    #[serde(default)]
    r#type: Vec<String>,
    rid: Option<String>,
    #[serde(borrow, rename = "credentialSubject")]
    subject: Option<Subject<'a>>,
}

#[derive(Deserialize)]
struct Subject<'a> {
    #[serde(borrow, rename = "fhirBundle")]
    bundle: Option<&'a RawValue>,
}

impl Card {
    /// Reads a compact JWS. Who signed it is not known by that.
    pub fn read(jws: &str) -> Result<Card, Fault> {
        let jws = jws.trim();
        let mut parts = jws.split('.');
        let (Some(header), Some(payload), Some(signature), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(Fault::NotACard("a signed text has three parts"));
        };
        let decode = |part: &str| base64url::decode(part).ok_or(Fault::NotACard("it is not base64url"));
        let header: Header = serde_json::from_slice(&decode(header)?)
            .map_err(|_| Fault::NotACard("its header cannot be read"))?;
        if header.alg.as_deref() != Some("ES256") {
            return Err(Fault::Signature("it is not of the kind that health cards have (ES256)"));
        }
        // RFC 7518, 3.4: the two numbers as 32 bytes each, not as DER.
        let signature = decode(signature)?
            .try_into()
            .map_err(|_| Fault::Signature("it is not the 64 bytes that ES256 has"))?;
        let mut flaws = Vec::new();
        let text = unpacked(&decode(payload)?, header.zip.as_deref(), &mut flaws)?;
        let said = Said::read(&text, &mut flaws)?;
        if header.kid.is_none() {
            flaws.push("it does not name its key");
        }
        Ok(Card { jws: jws.to_owned(), key: header.kid, signature, said, flaws })
    }

    /// The bytes that were signed.
    pub fn signed(&self) -> &[u8] {
        self.jws.rsplit_once('.').map_or(&[], |(signed, _)| signed.as_bytes())
    }
}

impl Said {
    fn read(text: &str, flaws: &mut Vec<&'static str>) -> Result<Said, Fault> {
        let payload: Payload<'_> = serde_json::from_str(text)
            .map_err(|_| Fault::NotACard("what was signed is no JSON of a card"))?;
        let credential = payload.vc.ok_or(Fault::NotACard("what was signed is no credential"))?;
        let bundle = credential.subject.and_then(|subject| subject.bundle);
        let bundle = bundle.ok_or(Fault::NotACard("it holds no record"))?.get().to_owned();
        if !credential.r#type.iter().any(|kind| kind == super::POLICY) {
            flaws.push("it does not say that it is a health card");
        }
        let issuer = issuer(payload.iss.as_deref().unwrap_or_default(), flaws)?;
        let (from, until) = (instant(payload.nbf, flaws), instant(payload.exp, flaws));
        if until.is_some() && until < from {
            flaws.push("it ends before it begins");
        }
        Ok(Said { issuer, revocation: credential.rid, from, until, bundle })
    }

    /// The issuer, as people read it: host and path.
    pub fn issuer_name(&self) -> String {
        let path = self.issuer.path().trim_end_matches('/');
        format!("{}{path}", crate::http::host(&self.issuer))
    }
}

/// The payload as text. Its signature covers it as it came, so that how it was packed changes nothing.
fn unpacked(bytes: &[u8], zip: Option<&str>, flaws: &mut Vec<&'static str>) -> Result<String, Fault> {
    const PACKED: Fault = Fault::NotACard("what was signed cannot be unpacked");
    let bytes = match bytes {
        [b'{' | b' ' | b'\n' | b'\t' | b'\r', ..] => {
            flaws.push("it is not packed");
            bytes.to_vec()
        }
        [0x78, ..] => match inflated(ZlibDecoder::new(bytes), bytes.len()) {
            Ok(Some(plain)) => {
                flaws.push("it is packed with a header");
                plain
            }
            // Raw DEFLATE may begin with the same byte.
            _ => inflated(DeflateDecoder::new(bytes), bytes.len())?.ok_or(PACKED)?,
        },
        _ => inflated(DeflateDecoder::new(bytes), bytes.len())?.ok_or(PACKED)?,
    };
    if zip != Some("DEF") {
        flaws.push("its header does not say how it is packed");
    }
    let text = String::from_utf8(bytes).map_err(|_| Fault::NotACard("what was signed is no text"))?;
    Ok(match text.strip_prefix('\u{feff}') {
        Some(rest) => {
            flaws.push("its text begins with a byte order mark");
            rest.to_owned()
        }
        None => text,
    })
}

/// The unpacked bytes; `None` for what is not packed so.
fn inflated(decoder: impl Read, packed: usize) -> Result<Option<Vec<u8>>, Fault> {
    let max = UNPACKED_BYTES_MAX.min((packed as u64).saturating_mul(RATIO_MAX).max(1 << 20));
    let mut bytes = Vec::new();
    match decoder.take(max + 1).read_to_end(&mut bytes) {
        _ if bytes.len() as u64 > max => Err(Fault::TooLarge),
        Ok(_) => Ok(Some(bytes)),
        Err(_) => Ok(None),
    }
}

fn issuer(written: &str, flaws: &mut Vec<&'static str>) -> Result<Url, Fault> {
    let url = Url::parse(written).ok().filter(|_| written.len() <= ISSUER_CHARS_MAX);
    let url =
        url.filter(|url| url.scheme() == "https" && url.username().is_empty() && url.password().is_none());
    let url = url.filter(|url| url.host_str().is_some() && url.query().is_none() && url.fragment().is_none());
    if written.ends_with('/') {
        flaws.push("the issuer's address ends with a slash");
    }
    url.ok_or(Fault::Issuer)
}

fn instant(written: Option<&RawValue>, flaws: &mut Vec<&'static str>) -> Option<Timestamp> {
    let number: f64 = written?.get().trim_matches('"').parse().ok()?;
    let seconds = if number > SECONDS_MAX {
        flaws.push("a date counts milliseconds");
        number / 1000.0
    } else {
        number
    };
    Timestamp::from_second(seconds as i64).ok()
}
