//! Who plainchart is at one server: its id, and how it proves it.

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::jwk::{Jwk, ThumbprintHash};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde::{Deserialize, Serialize};

use super::rules::Signing;
use super::{Error, kept};
use crate::clock::Randomness;
use crate::secret::Secret;

/// How long an assertion holds: five minutes at the most (SMART App Launch 2.2.0, "Client Authentication:
/// Asymmetric").
const ASSERTION_S: i64 = 240;

/// plainchart as one server knows it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Identity {
    /// The client id.
    pub id: String,
    /// How it proves to be that client.
    pub proof: Proof,
}

/// How a client proves who it is at the token endpoint.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Proof {
    /// Not at all: a public client, whose proof is PKCE alone.
    Public,
    /// By a secret.
    Secret {
        /// The secret.
        #[serde(with = "kept")]
        secret: Secret<String>,
        /// Whether it is sent in the body and not in the header.
        in_body: bool,
    },
    /// By a signed assertion (`private_key_jwt`).
    Key(Key),
    /// By a key made here, with which new access tokens are had without a refresh token.
    Device(Key),
}

/// A private key, and how it signs.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Key {
    /// PKCS #8, PEM.
    #[serde(with = "kept")]
    pem: Secret<String>,
    signing: Kind,
    /// The name under which the server knows the public key.
    kid: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Kind {
    Rs384,
    Es384,
}

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    jti: String,
    iat: i64,
    exp: i64,
}

impl Key {
    /// A new RSA key of 2,048 bits: the kind that every vendor takes.
    pub fn generate() -> Result<Key, Error> {
        let pair = KeyPair::generate(KeySize::Rsa2048).map_err(|_| Error::BadKey)?;
        let der = pair.as_der().map_err(|_| Error::BadKey)?;
        let body = STANDARD.encode(der.as_ref());
        let pem = format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n");
        let key = Key { pem: Secret::new(pem), signing: Kind::Rs384, kid: None };
        let kid = key.public()?.thumbprint(ThumbprintHash::SHA256).map_err(|_| Error::BadKey)?;
        Ok(Key { kid: Some(kid), ..key })
    }

    /// A key that the person has, with the name under which the server knows it.
    pub fn read(pem: Secret<String>, kid: Option<String>) -> Result<Key, Error> {
        let is_rsa = EncodingKey::from_rsa_pem(pem.expose().as_bytes()).is_ok();
        let signing = if is_rsa { Kind::Rs384 } else { Kind::Es384 };
        let key = Key { pem, signing, kid };
        // A key on another curve is noticed here, and not at the portal.
        key.public()?;
        Ok(key)
    }

    /// Whether it can sign so.
    pub fn signs(&self, signing: Option<Signing>) -> bool {
        match signing {
            None => true,
            Some(Signing::Rs384) => self.signing == Kind::Rs384,
            Some(Signing::Es384) => self.signing == Kind::Es384,
        }
    }

    /// The public key.
    pub fn public(&self) -> Result<Jwk, Error> {
        let mut jwk =
            Jwk::from_encoding_key(&self.encoding()?, self.algorithm()).map_err(|_| Error::BadKey)?;
        jwk.common.key_id.clone_from(&self.kid);
        Ok(jwk)
    }

    /// An assertion of `client_id` for the server at `audience` (RFC 7523, 3).
    pub fn assertion(
        &self,
        client_id: &str,
        audience: &str,
        at: i64,
        random: &Randomness,
    ) -> Result<Secret<String>, Error> {
        let claims = Claims {
            iss: client_id,
            sub: client_id,
            aud: audience,
            jti: random.hex(16),
            iat: at,
            exp: at + ASSERTION_S,
        };
        let header = Header { kid: self.kid.clone(), ..Header::new(self.algorithm()) };
        let signed = jsonwebtoken::encode(&header, &claims, &self.encoding()?);
        Ok(Secret::new(signed.map_err(|_| Error::BadKey)?))
    }

    fn algorithm(&self) -> Algorithm {
        match self.signing {
            Kind::Rs384 => Algorithm::RS384,
            Kind::Es384 => Algorithm::ES384,
        }
    }

    fn encoding(&self) -> Result<EncodingKey, Error> {
        let pem = self.pem.expose().as_bytes();
        let key = match self.signing {
            Kind::Rs384 => EncodingKey::from_rsa_pem(pem),
            Kind::Es384 => EncodingKey::from_ec_pem(pem),
        };
        key.map_err(|_| Error::BadKey)
    }
}

#[cfg(test)]
mod tests {
    use jsonwebtoken::{DecodingKey, Validation};

    use super::*;

    #[test]
    fn an_assertion_is_signed_by_the_key_that_is_published() {
        let key = Key::generate().unwrap();
        let random = Randomness::seeded(1);
        let now = jsonwebtoken::get_current_timestamp() as i64;
        let signed = key.assertion("the-client", "https://a.example/token", now, &random).unwrap();
        let public = key.public().unwrap();
        let mut validation = Validation::new(Algorithm::RS384);
        validation.set_audience(&["https://a.example/token"]);
        let decoding = DecodingKey::from_jwk(&public).unwrap();
        let read =
            jsonwebtoken::decode::<serde_json::Value>(signed.expose(), &decoding, &validation).unwrap();
        assert_eq!(read.header.kid, public.common.key_id);
        assert_eq!((&read.claims["iss"], &read.claims["sub"]), (&"the-client".into(), &"the-client".into()));
        let other = Key::generate().unwrap().public().unwrap();
        let other = DecodingKey::from_jwk(&other).unwrap();
        assert!(jsonwebtoken::decode::<serde_json::Value>(signed.expose(), &other, &validation).is_err());
    }

    #[test]
    fn what_is_no_key_is_refused_and_not_repeated() {
        let error = Key::read(Secret::new("hunter2".into()), None).unwrap_err();
        assert!(matches!(error, Error::BadKey));
        assert!(!format!("{error} {error:?}").contains("hunter2"));
    }
}
