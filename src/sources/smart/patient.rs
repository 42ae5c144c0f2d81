//! Whose record was opened: by the vendor's rule, one way after the other, and never by a guess.

use url::Url;

use super::address::below;
use super::authorize::SignIn;
use super::discovery::Found;
use super::rules::PatientRule;
use super::tokens::Tokens;
use super::{Error, id_token};
use crate::clock::Clock;
use crate::http::{Client, Request};
use crate::sources::json::{Json, Object};

/// The record that was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// The id of the Patient.
    pub patient: String,
    /// Who signed in, where that is somebody else: `RelatedPerson/7`.
    pub acts_as: Option<String>,
}

/// Longer ids are not FHIR's (64 signs), but some servers give them.
const ID_SIGNS_MAX: usize = 128;

/// Finds it. Every rule of the vendor is tried in its order.
pub fn find(
    client: &Client,
    found: &Found,
    client_id: &str,
    sign_in: &SignIn,
    tokens: &Tokens,
    clock: &Clock,
) -> Result<Opened, Error> {
    let nonce = sign_in.nonce.as_deref();
    let claims = tokens
        .id_token
        .as_ref()
        .map(|token| id_token::read(client, &found.server, token, client_id, nonce, clock));
    // An id token that does not hold is no word about anybody.
    let claims = claims.and_then(Result::ok);
    let user = claims.as_ref().and_then(|claims| claims.user());
    for rule in &found.vendor.patient {
        let patient = match rule {
            PatientRule::Token => tokens.patient.as_deref().and_then(id_of),
            PatientRule::IdToken => user.and_then(|user| id_in(user, "Patient")),
            PatientRule::AccessToken(claim) => in_access_token(tokens, claim),
            PatientRule::Search => Some(search(client, &found.base, tokens)?),
        };
        if let Some(patient) = patient {
            let is_own = user.and_then(|user| id_in(user, "Patient")).is_some_and(|own| own == patient);
            let acts_as = user.filter(|_| !is_own).map(tail);
            return Ok(Opened { patient, acts_as });
        }
    }
    Err(Error::NoPatient(""))
}

/// The Patient as the server gives it, as text.
pub fn read(client: &Client, base: &Url, tokens: &Tokens, patient: &str) -> Result<Vec<u8>, Error> {
    const DOING: &str = "reading who the person is at the portal";
    let url = below(base, &format!("Patient/{patient}"));
    let request = Request { accept: "application/fhir+json", ..Request::get(url).bearing(&tokens.access) };
    let answered = client.send(&request)?;
    match answered.status {
        200 => Ok(answered.bytes()?),
        status => Err(Error::Refused { doing: DOING, code: format!("status {status}") }),
    }
}

/// The id in `Patient/1`, `https://…/Patient/1` or `1`.
fn id_of(text: &str) -> Option<String> {
    let id = text.trim().rsplit('/').next()?;
    let is_plain = |sign: char| sign.is_ascii_alphanumeric() || "-._~".contains(sign);
    (!id.is_empty() && id.len() <= ID_SIGNS_MAX && id.chars().all(is_plain)).then(|| id.to_owned())
}

/// The id, if the address is that of a resource of this type.
fn id_in(address: &str, type_name: &str) -> Option<String> {
    let (before, id) = address.rsplit_once('/')?;
    (before.rsplit('/').next() == Some(type_name)).then(|| id_of(id)).flatten()
}

/// The last two parts of an address: `RelatedPerson/7`.
fn tail(address: &str) -> String {
    let mut parts: Vec<&str> = address.rsplit('/').take(2).collect();
    parts.reverse();
    parts.join("/").chars().filter(|sign| !sign.is_control()).take(ID_SIGNS_MAX).collect()
}

fn in_access_token(tokens: &Tokens, claim: &str) -> Option<String> {
    // It is not ours to check an access token; the server that gave it over TLS is believed.
    let claims: serde_json::Value =
        jsonwebtoken::dangerous::insecure_decode_claims(tokens.access.expose()).ok()?;
    let value = claims.get(claim)?;
    id_of(&value.as_str().map_or_else(|| value.to_string(), str::to_owned))
}

/// The one Patient that may be seen.
fn search(client: &Client, base: &Url, tokens: &Tokens) -> Result<String, Error> {
    let request = Request::get(below(base, "Patient")).bearing(&tokens.access);
    let answered = client.send(&Request { accept: "application/fhir+json", ..request })?;
    if answered.status != 200 {
        return Err(Error::NoPatient(": its search for patients is refused"));
    }
    let bytes = answered.bytes()?;
    let text = String::from_utf8_lossy(&bytes);
    let bundle: Object<'_> = serde_json::from_str(&text)
        .map_err(|_| Error::NotUnderstood { doing: "searching for the patient" })?;
    let entries = bundle.get("entry").and_then(Json::as_array).unwrap_or_default();
    let patients = entries
        .iter()
        .filter_map(|entry| entry.get("resource"))
        .filter(|resource| resource.get("resourceType").and_then(Json::as_str) == Some("Patient"));
    let ids: Vec<String> = patients.filter_map(|patient| id_of(patient.get("id")?.as_str()?)).collect();
    match &ids[..] {
        [one] => Ok(one.clone()),
        [] => Err(Error::NoPatient(": it shows none")),
        _ => Err(Error::NoPatient(": it shows several")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_taken_from_any_way_of_writing_it_and_never_with_foreign_signs() {
        for written in ["eXq-1.2", "Patient/eXq-1.2", "https://a.example/r4/Patient/eXq-1.2"] {
            assert_eq!(id_of(written).as_deref(), Some("eXq-1.2"));
        }
        for bad in ["", "Patient/", "a?b", "../x y", "a%2f", "1\n2"] {
            assert_eq!(id_of(bad), None, "{bad}");
        }
    }

    #[test]
    fn who_signed_in_is_the_patient_only_as_a_patient() {
        assert_eq!(id_in("https://a.example/r4/Patient/7", "Patient").as_deref(), Some("7"));
        assert_eq!(id_in("https://a.example/r4/RelatedPerson/7", "Patient"), None);
        assert_eq!(tail("https://a.example/r4/RelatedPerson/7"), "RelatedPerson/7");
    }
}
