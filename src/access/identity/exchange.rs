//! The token endpoint: a code becomes who it is.

use openidconnect::core::{CoreClient, CoreUserInfoClaims};
use openidconnect::{
    AccessToken, AuthType, AuthorizationCode, ClientId, ClientSecret, EndpointMaybeSet, EndpointNotSet,
    EndpointSet, OAuth2TokenResponse as _, PkceCodeVerifier, SubjectIdentifier, TokenResponse as _,
};

use super::carrier::carry;
use super::claims::{self, Expected, Who};
use super::metadata::{self, Metadata};
use super::waiting::{Purpose, Waiting};
use super::{Error, Provider};

type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

impl Provider {
    /// Exchanges the code of a sign-in (RFC 6749, 4.1.3; RFC 7636, 4.5) and reads the id token.
    pub(super) fn exchange(
        &self,
        metadata: &Metadata,
        code: AuthorizationCode,
        waiting: &Waiting,
    ) -> Result<Who, Error> {
        let client = self.client(metadata);
        let request =
            client.exchange_code(code).map_err(|_| Error::unusable("it names no token endpoint"))?;
        let answer = request
            .set_pkce_verifier(PkceCodeVerifier::new(waiting.verifier.clone()))
            .request(&|request| carry(&self.outgoing, request))
            .map_err(Error::exchanging)?;
        let token = answer.id_token().ok_or(Error::BadToken("there is none"))?;
        let expected = Expected {
            client_id: &self.registration.client_id,
            nonce: &waiting.nonce,
            now: self.vault.clock().now(),
            anew_since: matches!(waiting.wish.purpose, Purpose::Again { .. }).then_some(waiting.begun_at),
        };
        let who = match expected.read(token, metadata) {
            Err(Error::UnknownKey) => {
                let anew = self.metadata_anew()?;
                expected.read(token, &anew)?
            }
            read => read?,
        };
        Ok(if who.name.is_none() { self.with_name(&client, who, answer.access_token()) } else { who })
    }

    /// Many providers tell the name only to who asks for it. Without one the person is still who they are.
    fn with_name(&self, client: &Client, who: Who, token: &AccessToken) -> Who {
        let subject = SubjectIdentifier::new(who.subject.clone());
        let Ok(request) = client.user_info(token.clone(), Some(subject)) else { return who };
        let answered: Result<CoreUserInfoClaims, _> =
            request.request(&|request| carry(&self.outgoing, request));
        match answered {
            Ok(claims) => Who {
                name: claims::name_of(claims.preferred_username(), claims.email(), claims.name()),
                ..who
            },
            Err(_) => who,
        }
    }

    /// This server as the library wants it.
    pub(super) fn client(&self, metadata: &Metadata) -> Client {
        let id = ClientId::new(self.registration.client_id.clone());
        let secret = self.registration.secret.as_ref();
        let secret = secret.map(|secret| ClientSecret::new(secret.expose().clone()));
        let how = match secret {
            Some(_) if metadata::takes_basic(metadata) => AuthType::BasicAuth,
            Some(_) | None => AuthType::RequestBody,
        };
        CoreClient::from_provider_metadata(metadata.clone(), id, secret)
            .set_auth_type(how)
            .set_redirect_uri(self.redirect.clone())
    }
}
