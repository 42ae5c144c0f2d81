//! What an assistant asks for at `/authorize`, once it is certain who asks and where an answer may go.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use url::Url;

use super::client::Client;
use super::error::Code;
use super::grant::Assistant;
use super::pkce;
use super::public_url::PublicUrl;
use super::redirect::{Place, Redirect};
use super::scopes::Scopes;
use super::{Server, document};
use crate::access::Error;
use crate::record::Kind;

/// A state is at most so long: it comes back in an address.
const STATE_LENGTH_MAX: usize = 2048;
/// An address of a client is at most so long.
const CLIENT_ID_LENGTH_MAX: usize = 1024;
/// Pairs in a query.
const PAIRS_MAX: usize = 40;

/// What is asked for. It goes through the consent page and comes back sealed ([`Server::carry`]).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Who asks.
    pub assistant: Assistant,
    /// Whether the client names itself by a document at its own address, so that its host is who it says.
    pub is_document: bool,
    /// What is asked for: the ceiling.
    pub scopes: Scopes,
    pub(super) redirect: String,
    pub(super) was_named: bool,
    pub(super) state: String,
    pub(super) challenge: String,
    pub(super) resource: String,
    pub(super) is_lasting: bool,
}

/// Why there is nothing to consent to.
#[derive(Debug, thiserror::Error)]
pub enum BeginError {
    /// It is told to the person, here: where it would be sent is not certain.
    #[error("{0}")]
    Told(Told),
    /// It is told to the assistant: the browser goes there.
    #[error("the request is sent back to the assistant")]
    SentBack(Box<Url>),
    /// Something of ours or of the store failed.
    #[error(transparent)]
    Failed(#[from] Error),
}

/// What a person is told of a request that leads nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Told {
    /// Nobody of this id is registered (any more).
    #[error("this assistant is not registered here, or no longer")]
    UnknownClient,
    /// Its document could not be had or does not say what it must.
    #[error("what this assistant says about itself could not be read at its address")]
    BadDocument,
    /// It asks for an answer at a place that it has not named.
    #[error("this assistant asks for the answer at an address that it has not named before")]
    BadRedirect,
    /// A part of the request is there twice.
    #[error("this request contradicts itself")]
    Repeated,
    /// Too many unknown assistants at once.
    #[error("too many assistants ask at once; try again in a minute")]
    TooMany,
}

impl Server {
    /// Reads a request (RFC 6749, 4.1.1) with the pairs of its query. It may fetch the client's document: the
    /// pages ask for this after the person has signed in.
    pub fn begin(&self, query: &[(String, String)]) -> Result<Asked, BeginError> {
        let query = Query::read(query).ok_or(BeginError::Told(Told::Repeated))?;
        let id = query.get("client_id").filter(|id| id.len() <= CLIENT_ID_LENGTH_MAX);
        let id = id.ok_or(BeginError::Told(Told::UnknownClient))?;
        let client = self.client(id)?;
        let redirect = client.redirect(query.get("redirect_uri"));
        let redirect = redirect.ok_or(BeginError::Told(Told::BadRedirect))?;
        // From here on it is certain where an answer may go.
        let state = query.get("state").filter(|state| state.len() <= STATE_LENGTH_MAX);
        read(&query, &client, &redirect, state, &self.public).map_err(|(code, why)| {
            let fields = [("error", code.word()), ("error_description", why)];
            BeginError::SentBack(Box::new(self.answer(&redirect, &fields, state)))
        })
    }

    fn client(&self, id: &str) -> Result<Client, BeginError> {
        if let Some(url) = document::address(id, self.outgoing.reach()) {
            return self.documents.client(&self.outgoing, self.clock(), id, &url).map_err(BeginError::Told);
        }
        let found = super::client::find(&self.vault, id).map_err(Error::from)?;
        found.ok_or(BeginError::Told(Told::UnknownClient))
    }

    /// An answer in the address of the client: with its state, and with who answers (RFC 9207).
    pub(super) fn answer(&self, redirect: &Redirect, fields: &[(&str, &str)], state: Option<&str>) -> Url {
        let mut fields = fields.to_vec();
        fields.extend(state.map(|state| ("state", state)));
        fields.push(("iss", self.public.issuer()));
        redirect.answering(&fields)
    }
}

fn read(
    query: &Query<'_>,
    client: &Client,
    redirect: &Redirect,
    state: Option<&str>,
    public: &PublicUrl,
) -> Result<Asked, (Code, &'static str)> {
    if query.get("response_type") != Some("code") {
        return Err((Code::UnsupportedResponseType, "the response type is code"));
    }
    if query.get("response_mode").is_some_and(|mode| mode != "query") {
        return Err((Code::InvalidRequest, "the response mode is query"));
    }
    if query.get("request").is_some() || query.get("request_uri").is_some() {
        return Err((Code::InvalidRequest, "request objects are not read"));
    }
    let state = state.ok_or((Code::InvalidRequest, "state is missing or too long"))?;
    // RFC 7636, 4.3: what is not named is `plain`, which protects nothing.
    if query.get("code_challenge_method") != Some("S256") {
        return Err((Code::InvalidRequest, "code_challenge_method is S256"));
    }
    let challenge = query.get("code_challenge").filter(|challenge| pkce::is_challenge(challenge));
    let challenge = challenge.ok_or((Code::InvalidRequest, "code_challenge is missing or malformed"))?;
    let resource = public.resource();
    if !query.get("resource").is_some_and(|asked| is_resource(asked, &resource)) {
        return Err((Code::InvalidTarget, "resource is the address of this server's /mcp"));
    }
    let scopes = Scopes::parse(query.get("scope").unwrap_or_default())
        .map_err(|_| (Code::InvalidScope, "none of these scopes is known here"))?;
    let place = redirect.place();
    Ok(Asked {
        is_document: document::is_address(&client.id),
        assistant: Assistant {
            client: client.id.clone(),
            name: client.name.clone(),
            is_local: matches!(place, Place::Program(_)),
            place: match place {
                Place::Server(place) | Place::Program(place) => place,
            },
        },
        is_lasting: client.refreshes || scopes.is_lasting(),
        scopes,
        redirect: redirect.as_str().to_owned(),
        was_named: query.get("redirect_uri").is_some(),
        state: state.to_owned(),
        challenge: challenge.to_owned(),
        resource,
    })
}

/// Whether this names the resource: scheme and host in any case of letters, the rest exactly.
pub(super) fn is_resource(asked: &str, resource: &str) -> bool {
    asked == resource || Url::parse(asked).is_ok_and(|asked| asked.as_str() == resource)
}

impl Asked {
    /// The kinds of which something is asked for: more cannot be allowed.
    pub fn kinds(&self) -> BTreeSet<Kind> {
        self.scopes.kinds()
    }

    /// The host of the document in which the client says who it is.
    pub fn document_host(&self) -> Option<String> {
        let address = Url::parse(&self.assistant.client).ok().filter(|_| self.is_document)?;
        address.host_str().map(str::to_owned)
    }

    /// Whether the access shall last beyond the hour.
    pub fn is_lasting(&self) -> bool {
        self.is_lasting
    }
}

/// The pairs of a query or a form, none of them twice.
pub(super) struct Query<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Query<'a> {
    /// `None` where a name stands twice (RFC 6749, 3.1 and 3.2), or where there are too many.
    pub fn read(pairs: &'a [(String, String)]) -> Option<Query<'a>> {
        let mut names = BTreeSet::new();
        let is_once = pairs.len() <= PAIRS_MAX && pairs.iter().all(|(name, _)| names.insert(name));
        let pairs = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        is_once.then(|| Query(pairs.collect()))
    }

    /// A value; one that is empty counts as not there.
    pub fn get(&self, name: &str) -> Option<&'a str> {
        let found = self.0.iter().find(|pair| pair.0 == name).map(|pair| pair.1);
        found.filter(|value| !value.is_empty())
    }
}
