//! A new connection, from an address to tokens: nothing is stored before the person has signed in and it is
//! clear that the record is theirs.

use url::Url;

use super::setting::Setting;
use super::wanted::fitting;
use super::{Error, SignedIn, Wanted};
use crate::http::Client;
use crate::sources::smart::authorize::{Code, SignIn, Wish};
use crate::sources::smart::callback::Callback;
use crate::sources::smart::client::Identity;
use crate::sources::smart::connection::{Access, Connection, Held};
use crate::sources::smart::discovery::{Found, discover};
use crate::sources::smart::tokens::{Endpoint, Tokens};
use crate::sources::smart::vendors::{self, Vendor};
use crate::sources::smart::{patient, plan, registration, scopes};

/// A sign-in that waits for the person.
pub struct Begun<'a> {
    setting: &'a Setting,
    client: Client,
    found: Found,
    identity: Identity,
    callback: Callback,
    sign_in: SignIn,
    wanted: Wanted,
}

/// Finds out how the server is signed in to, gets a client id, and begins to listen.
pub fn begin<'a>(setting: &'a Setting, address: &Url, wanted: Wanted) -> Result<Begun<'a>, Error> {
    let client = setting.client(address)?;
    let said = wanted.vendor.as_deref().and_then(vendors::named);
    let found = discover(&client, address, said)?;
    let callback = Callback::listen(wanted.redirect.as_ref()).map_err(Error::Listen)?;
    let scopes = scopes::asked(&found.server, found.vendor, &types(found.vendor));
    let identity = match &wanted.client {
        Some(given) => Identity { id: given.id.clone(), proof: fitting(&given.proof, &found)? },
        None => registration::dynamic(&client, &found, callback.redirect(), &scopes)?,
    };
    let wish = Wish {
        found: &found,
        client_id: &identity.id,
        redirect: callback.redirect().clone(),
        scopes,
        parameters: &wanted.parameters,
    };
    let sign_in = SignIn::begin(wish, &setting.random)?;
    Ok(Begun { setting, client, found, identity, callback, sign_in, wanted })
}

impl<'a> Begun<'a> {
    /// The address that the person opens on this machine; it sends on to the portal.
    pub fn start(&self) -> Url {
        self.callback.start()
    }

    /// The address at the portal, for a person who opens it elsewhere.
    pub fn address(&self) -> &Url {
        &self.sign_in.address
    }

    /// The host of the portal.
    pub fn host(&self) -> String {
        crate::http::host(&self.found.base)
    }

    /// The maker of the server, as a person reads it.
    pub fn vendor(&self) -> &'static str {
        self.found.vendor.title
    }

    /// Waits until the browser comes back, or the person has pasted the address at which it ended elsewhere;
    /// `NotSignedIn` once `is_over` says so.
    pub fn wait(
        self,
        is_over: &dyn Fn() -> bool,
        pasted: &dyn Fn() -> Option<Url>,
    ) -> Result<SignedIn<'a>, Error> {
        let came = self.callback.wait(&self.sign_in, is_over, pasted).map_err(Error::Listen)?;
        let code = came.ok_or(Error::NotSignedIn)??;
        self.finish(code)
    }

    fn finish(self, code: Code) -> Result<SignedIn<'a>, Error> {
        let Setting { clock, random, .. } = self.setting;
        let (client, server) = (&self.client, &self.found.server);
        let endpoint = Endpoint { client, server, identity: &self.identity, clock, random };
        let tokens = endpoint.exchange(&self.sign_in, code)?;
        match self.connection(&tokens) {
            Ok((connection, patient)) => {
                Ok(SignedIn { setting: self.setting, client: self.client, connection, patient })
            }
            Err(error) => {
                // What is of no use is given back; that it could not be is no further harm.
                let token = tokens.refresh.as_ref().unwrap_or(&tokens.access);
                let _ = endpoint.revoke(token, tokens.refresh.is_some());
                Err(error)
            }
        }
    }

    fn connection(&self, tokens: &Tokens) -> Result<(Connection, Vec<u8>), Error> {
        let Begun { setting, client, found, identity, sign_in, .. } = self;
        let opened = patient::find(client, found, &identity.id, sign_in, tokens, &setting.clock)?;
        let bytes = patient::read(client, &found.base, tokens, &opened.patient)?;
        let missing = scopes::not_granted(&sign_in.scopes, tokens.scopes.as_deref(), &types(found.vendor));
        let identity = match tokens.refresh {
            Some(_) => None,
            None => registration::device(client, found, identity, &tokens.access)?,
        };
        let connection = Connection {
            name: self.wanted.name.clone().unwrap_or_else(|| crate::http::host(&found.base)),
            base: found.base.clone(),
            vendor: found.vendor.name.to_owned(),
            server: found.server.clone(),
            not_granted: match &identity {
                // With a key of its own a device needs no offline access.
                Some(_) => missing.into_iter().filter(|scope| scope != "offline_access").collect(),
                None => missing,
            },
            identity: identity.unwrap_or_else(|| self.identity.clone()),
            patient: opened.patient,
            acts_as: opened.acts_as,
            by_hand: self.wanted.client.is_some(),
            redirect: self.wanted.redirect.clone(),
            parameters: self.wanted.parameters.clone(),
            is_same_person: false,
            asked: sign_in.scopes.clone(),
            types: found.types.iter().flatten().cloned().collect(),
            connected_at: setting.now(),
            access: Access::Held(Held::from_tokens(tokens, None)),
            fetch: None,
            fetches: 0,
            tried_at: None,
            fetched_at: None,
            failed: None,
        };
        Ok((connection, bytes))
    }
}

/// The types of resource that are fetched, each once.
fn types(vendor: &Vendor) -> Vec<&'static str> {
    let mut types: Vec<&str> = vec!["Patient"];
    for query in plan::queries(vendor) {
        if !types.contains(&query.resource) {
            types.push(query.resource);
        }
    }
    types
}
