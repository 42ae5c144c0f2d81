//! The id token: who signed in, as the server states it.

use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Deserialize;

use super::server::Server;
use super::{Error, http_json};
use crate::clock::Clock;
use crate::http::Client;
use crate::secret::Secret;

/// What is read of an id token.
#[derive(Clone, Debug, Deserialize)]
pub struct Claims {
    /// Who signed in, as a FHIR resource.
    #[serde(rename = "fhirUser")]
    fhir_user: Option<String>,
    /// The same in the first version of SMART.
    profile: Option<String>,
    nonce: Option<String>,
    exp: Option<i64>,
}

impl Claims {
    /// Who signed in: the address of a resource.
    pub fn user(&self) -> Option<&str> {
        self.fhir_user.as_deref().or(self.profile.as_deref()).filter(|user| user.contains('/'))
    }
}

/// Clocks differ by so much.
const LEEWAY_S: i64 = 120;
/// Algorithms that a public key can check. Others prove nothing to a client without a shared secret.
const ALGORITHMS: [Algorithm; 8] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::ES256,
    Algorithm::ES384,
];

/// Reads an id token and checks it (OpenID Connect Core, 3.1.3.7): signature where the server publishes its
/// keys, audience, issuer, life and nonce. It came straight from the token endpoint, over TLS.
pub fn read(
    client: &Client,
    server: &Server,
    token: &Secret<String>,
    client_id: &str,
    nonce: Option<&str>,
    clock: &Clock,
) -> Result<Claims, Error> {
    const NOT_UNDERSTOOD: Error = Error::NotUnderstood { doing: "reading who signed in" };
    let header = jsonwebtoken::decode_header(token.expose()).map_err(|_| NOT_UNDERSTOOD)?;
    let keys: Option<JwkSet> = match &server.jwks {
        Some(url) => http_json(client, url)?,
        None => None,
    };
    let mut validation = Validation::new(header.alg);
    // Held against our clock below, not the machine's.
    validation.validate_exp = false;
    validation.set_required_spec_claims(&["aud"]);
    validation.set_audience(&[client_id]);
    if let Some(issuer) = &server.issuer {
        validation.set_issuer(&[issuer]);
    }
    let claims = match keys {
        Some(keys) => {
            if !ALGORITHMS.contains(&header.alg) {
                return Err(NOT_UNDERSTOOD);
            }
            let by_name = header.kid.as_deref().and_then(|kid| keys.find(kid));
            let key = by_name.or_else(|| keys.keys.first()).ok_or(NOT_UNDERSTOOD)?;
            let key = DecodingKey::from_jwk(key).map_err(|_| NOT_UNDERSTOOD)?;
            jsonwebtoken::decode::<Claims>(token.expose(), &key, &validation)
                .map_err(|_| NOT_UNDERSTOOD)?
                .claims
        }
        None => {
            jsonwebtoken::dangerous::insecure_decode_claims(token.expose()).map_err(|_| NOT_UNDERSTOOD)?
        }
    };
    let is_over = claims.exp.is_some_and(|exp| exp + LEEWAY_S < clock.now().as_second());
    let is_other = nonce.is_some() && claims.nonce.is_some() && claims.nonce.as_deref() != nonce;
    if is_over || is_other { Err(NOT_UNDERSTOOD) } else { Ok(claims) }
}
