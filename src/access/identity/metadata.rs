//! What the provider says of itself (OpenID Connect Discovery 1.0), and its keys: kept for a while, in memory.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use openidconnect::core::{
    CoreAuthDisplay, CoreClaimName, CoreClaimType, CoreClientAuthMethod, CoreGrantType, CoreJsonWebKey,
    CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm, CoreResponseMode, CoreResponseType,
    CoreSubjectIdentifierType,
};
use openidconnect::{AdditionalProviderMetadata, DiscoveryError, ProviderMetadata};
use serde::{Deserialize, Serialize};
use url::Url;

use super::carrier::carry;
use super::error::{Error, Trouble};
use super::registration::Registration;
use crate::http;

/// What was found is good for so long.
const GOOD: SignedDuration = SignedDuration::from_hours(1);
/// A provider that did not answer is left alone for so long.
const BAD: SignedDuration = SignedDuration::from_secs(10);
/// A key that is not known is asked for, but not more often than so.
const ANEW_EVERY: SignedDuration = SignedDuration::from_mins(1);
/// Beside `openid`: how the person is called.
const SCOPES: [&str; 2] = ["profile", "email"];

/// The provider's own words.
pub(super) type Metadata = ProviderMetadata<
    Further,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

/// What other specifications add to them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Further {
    pub end_session_endpoint: Option<Url>,
    #[serde(default)]
    pub authorization_response_iss_parameter_supported: bool,
    code_challenge_methods_supported: Option<Vec<String>>,
}

impl AdditionalProviderMetadata for Further {}

/// What was found at the last look.
#[derive(Default)]
pub(super) struct Known(Mutex<Option<Look>>);

struct Look {
    at: Timestamp,
    found: Result<Arc<Metadata>, Trouble>,
}

impl Known {
    /// What was found of late, or is found now.
    pub fn metadata(
        &self,
        registration: &Registration,
        outgoing: &http::Client,
        now: Timestamp,
    ) -> Result<Arc<Metadata>, Error> {
        let good = |look: &Look| now < look.at + if look.found.is_ok() { GOOD } else { BAD };
        self.unless(good, registration, outgoing, now)
    }

    /// What is found now, unless that was a moment ago: for a key that is not among those that are known.
    pub fn anew(
        &self,
        registration: &Registration,
        outgoing: &http::Client,
        now: Timestamp,
    ) -> Result<Arc<Metadata>, Error> {
        self.unless(|look| now < look.at + ANEW_EVERY, registration, outgoing, now)
    }

    /// What was found last, where nobody looks just now: nothing waits for it.
    pub fn last(&self) -> Option<Arc<Metadata>> {
        self.0.try_lock().ok()?.as_ref()?.found.clone().ok()
    }

    /// Whoever comes while one looks waits for what that one finds.
    fn unless(
        &self,
        is_good: impl Fn(&Look) -> bool,
        registration: &Registration,
        outgoing: &http::Client,
        now: Timestamp,
    ) -> Result<Arc<Metadata>, Error> {
        let mut look = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(look) = look.as_ref().filter(|look| is_good(look)) {
            return look.found.clone().map_err(Error::from);
        }
        let found = discover(registration, outgoing).map(Arc::new);
        if let Err(trouble) = &found {
            tracing::warn!(%trouble, "the identity provider");
        }
        *look = Some(Look { at: now, found: found.clone() });
        found.map_err(Error::from)
    }
}

fn discover(registration: &Registration, outgoing: &http::Client) -> Result<Metadata, Trouble> {
    let found = Metadata::discover(&registration.issuer, &|request| carry(outgoing, request));
    let metadata = found.map_err(|error| match error {
        DiscoveryError::Request(error) => Trouble::Unreachable(error.to_string()),
        DiscoveryError::Response(status, ..) => Trouble::Unusable(format!("it answers with {status}")),
        other => Trouble::Unusable(other.to_string()),
    })?;
    let further = metadata.additional_metadata();
    // RFC 8414, 2: one that lists its methods lists S256, or does not have it.
    if further
        .code_challenge_methods_supported
        .as_ref()
        .is_some_and(|all| !all.iter().any(|one| one == "S256"))
    {
        return Err(Trouble::Unusable("it does not offer PKCE with S256".to_owned()));
    }
    let pages = [Some(metadata.authorization_endpoint().url()), further.end_session_endpoint.as_ref()];
    for page in pages.into_iter().flatten() {
        // People are sent there. Where this server itself goes is looked at when it goes.
        if page.scheme() != "https" && page.origin() != registration.url().origin() {
            return Err(Trouble::Unusable(format!("{} is not reached by https", http::host(page))));
        }
    }
    Ok(metadata)
}

/// The scopes to ask for, as far as the provider has them.
pub(super) fn wanted_scopes(metadata: &Metadata) -> impl Iterator<Item = String> {
    let has = |scope: &str| match metadata.scopes_supported() {
        Some(all) => all.iter().any(|own| own.as_str() == scope),
        None => true,
    };
    SCOPES.into_iter().filter(move |scope| has(scope)).map(str::to_owned)
}

/// Whether a secret goes into the header, which is what is meant where nothing is said.
pub(super) fn takes_basic(metadata: &Metadata) -> bool {
    let methods = metadata.token_endpoint_auth_methods_supported();
    methods.is_none_or(|all| {
        all.contains(&CoreClientAuthMethod::ClientSecretBasic)
            || !all.contains(&CoreClientAuthMethod::ClientSecretPost)
    })
}
