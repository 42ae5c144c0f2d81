//! The id token: checked (OpenID Connect Core 1.0, 3.1.3.7), and who it says the person is.

use std::time::{Duration, UNIX_EPOCH};

use jiff::{SignedDuration, Timestamp};
use openidconnect::core::{CoreIdToken, CoreIdTokenClaims, CoreIdTokenVerifier, CoreJwsSigningAlgorithm};
use openidconnect::{
    ClaimsVerificationError, ClientId, EndUserEmail, EndUserName, EndUserUsername, LocalizedClaim, Nonce,
    SignatureVerificationError,
};

use super::error::Error;
use super::metadata::Metadata;

/// Clocks differ by so much.
const LEEWAY: SignedDuration = SignedDuration::from_secs(60);
/// `sub` has at most 255 ASCII characters (OpenID Connect Core 1.0, 2).
const SUBJECT_BYTES_MAX: usize = 255;
/// Signatures that only the provider can make. `none` is no signature, and HMAC needs only our own secret.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// Who has signed in at the provider.
#[derive(Clone, PartialEq, Eq)]
pub struct Who {
    /// `iss`.
    pub issuer: String,
    /// `sub`: with the issuer, all by which the account is found.
    pub subject: String,
    /// What they are called there, to be shown and for nothing else. Personal.
    pub name: Option<String>,
    /// When they last showed who they are, where the provider says so (`auth_time`).
    pub proven_at: Option<Timestamp>,
}

/// What a token must be.
pub(super) struct Expected<'a> {
    pub client_id: &'a str,
    pub nonce: &'a str,
    pub now: Timestamp,
    /// Since when the person must have shown once more who they are.
    pub anew_since: Option<Timestamp>,
}

impl Expected<'_> {
    /// Checks a token against the provider's keys.
    pub fn read(&self, token: &CoreIdToken, metadata: &Metadata) -> Result<Who, Error> {
        let id = ClientId::new(self.client_id.to_owned());
        let issuer = metadata.issuer().clone();
        let keys = metadata.jwks().clone();
        // A token expires by our clock, and a little later.
        let now = u64::try_from((self.now - LEEWAY).as_second()).unwrap_or_default();
        let now = UNIX_EPOCH + Duration::from_secs(now);
        // As for a client without a secret: then no secret is ever a key.
        let verifier = CoreIdTokenVerifier::new_public_client(id, issuer, keys)
            .set_allowed_algs(ALGORITHMS)
            .set_time_fn(move || now.into());
        let claims = token.claims(&verifier, &Nonce::new(self.nonce.to_owned())).map_err(refused)?;
        if claims.authorized_party().is_some_and(|party| party.as_str() != self.client_id) {
            return Err(Error::BadToken("it was given to another client"));
        }
        self.who(claims)
    }

    fn who(&self, claims: &CoreIdTokenClaims) -> Result<Who, Error> {
        let subject = claims.subject().as_str();
        if subject.is_empty() || subject.len() > SUBJECT_BYTES_MAX {
            return Err(Error::BadToken("it names nobody"));
        }
        let proven_at = claims.auth_time().and_then(|at| Timestamp::from_second(at.timestamp()).ok());
        if let Some(since) = self.anew_since
            && proven_at.is_none_or(|at| at < since - LEEWAY)
        {
            return Err(Error::NotAnew);
        }
        Ok(Who {
            issuer: claims.issuer().as_str().to_owned(),
            subject: subject.to_owned(),
            name: name_of(claims.preferred_username(), claims.email(), claims.name()),
            proven_at: proven_at.map(|at| at.min(self.now)),
        })
    }
}

/// What somebody is called: as they know it from signing in there.
pub(super) fn name_of(
    username: Option<&EndUserUsername>,
    email: Option<&EndUserEmail>,
    name: Option<&LocalizedClaim<EndUserName>>,
) -> Option<String> {
    let username = username.map(|name| name.as_str());
    let email = email.map(|email| email.as_str());
    let name = name.and_then(|name| name.get(None)).map(|name| name.as_str());
    username.or(email).or(name).map(str::to_owned)
}

/// The library's words may hold what a token says.
fn refused(error: ClaimsVerificationError) -> Error {
    use ClaimsVerificationError as E;
    Error::BadToken(match error {
        E::SignatureVerification(SignatureVerificationError::NoMatchingKey) => return Error::UnknownKey,
        E::SignatureVerification(_) => "its signature does not hold",
        E::InvalidIssuer(_) => "it comes from another issuer",
        E::InvalidAudience(_) => "it is for another client",
        E::Expired(_) => "it has expired",
        E::InvalidNonce(_) => "it belongs to another sign-in",
        _ => "it is of no kind that is known",
    })
}
