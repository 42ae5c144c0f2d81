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

/// A sign-in that waits for the person, wherever the browser comes back to.
pub struct Waiting {
    pub(super) found: Found,
    pub(super) identity: Identity,
    pub(super) sign_in: SignIn,
    pub(super) wanted: Wanted,
}

/// A sign-in that waits for the person at this machine.
pub struct Begun<'a> {
    setting: &'a Setting,
    waiting: Waiting,
    callback: Callback,
}

/// Finds out how the server is signed in to, gets a client id, and begins to listen.
pub fn begin<'a>(setting: &'a Setting, address: &Url, wanted: Wanted) -> Result<Begun<'a>, Error> {
    let found = found(setting, address, &wanted)?;
    let callback = Callback::listen(wanted.redirect.as_ref()).map_err(Error::Listen)?;
    let waiting = Waiting::of(setting, found, wanted, callback.redirect())?;
    Ok(Begun { setting, waiting, callback })
}

/// The same for a browser that comes back to an address of a server.
pub fn begin_at(setting: &Setting, address: &Url, wanted: Wanted, redirect: &Url) -> Result<Waiting, Error> {
    Waiting::of(setting, found(setting, address, &wanted)?, wanted, redirect)
}

fn found(setting: &Setting, address: &Url, wanted: &Wanted) -> Result<Found, Error> {
    let said = wanted.vendor.as_deref().and_then(vendors::named);
    Ok(discover(&setting.client(address)?, address, said)?)
}

impl Begun<'_> {
    /// The address that the person opens on this machine; it sends on to the portal.
    pub fn start(&self) -> Url {
        self.callback.start()
    }

    /// The address at the portal, for a person who opens it elsewhere.
    pub fn address(&self) -> &Url {
        self.waiting.address()
    }

    /// The host of the portal.
    pub fn host(&self) -> String {
        crate::http::host(&self.waiting.found.base)
    }

    /// The maker of the server, as a person reads it.
    pub fn vendor(&self) -> &'static str {
        self.waiting.found.vendor.title
    }
}

impl<'a> Begun<'a> {
    /// Waits until the browser comes back, or the person has pasted the address at which it ended elsewhere;
    /// `NotSignedIn` once `is_over` says so.
    pub fn wait(
        self,
        is_over: &dyn Fn() -> bool,
        pasted: &dyn Fn() -> Option<Url>,
    ) -> Result<SignedIn<'a>, Error> {
        let came = self.callback.wait(&self.waiting.sign_in, is_over, pasted).map_err(Error::Listen)?;
        let code = came.ok_or(Error::NotSignedIn)??;
        self.waiting.finish(self.setting, code)
    }
}

impl Waiting {
    fn of(setting: &Setting, found: Found, wanted: Wanted, redirect: &Url) -> Result<Waiting, Error> {
        let scopes = scopes::asked(&found.server, found.vendor, &types(found.vendor));
        let identity = match &wanted.client {
            Some(given) => Identity { id: given.id.clone(), proof: fitting(&given.proof, &found)? },
            None => registration::dynamic(&setting.client(&found.base)?, &found, redirect, &scopes)?,
        };
        let wish = Wish {
            found: &found,
            client_id: &identity.id,
            redirect: redirect.clone(),
            scopes,
            parameters: &wanted.parameters,
        };
        let sign_in = SignIn::begin(wish, &setting.random)?;
        Ok(Waiting { found, identity, sign_in, wanted })
    }

    /// The address at the portal.
    pub fn address(&self) -> &Url {
        &self.sign_in.address
    }

    /// Takes what the browser has brought back, once.
    pub fn came_back<'a>(self, setting: &'a Setting, address: &Url) -> Result<SignedIn<'a>, Error> {
        let code = self.sign_in.accept(address)?;
        self.finish(setting, code)
    }

    fn finish(self, setting: &Setting, code: Code) -> Result<SignedIn<'_>, Error> {
        let Setting { clock, random, .. } = setting;
        let client = setting.client(&self.found.base)?;
        let server = &self.found.server;
        let endpoint = Endpoint { client: &client, server, identity: &self.identity, clock, random };
        let tokens = endpoint.exchange(&self.sign_in, code)?;
        match self.connection(setting, &client, &tokens) {
            Ok((connection, patient)) => Ok(SignedIn { setting, client, connection, patient }),
            Err(error) => {
                // What is of no use is given back; that it could not be is no further harm.
                let token = tokens.refresh.as_ref().unwrap_or(&tokens.access);
                let _ = endpoint.revoke(token, tokens.refresh.is_some());
                Err(error)
            }
        }
    }

    fn connection(
        &self,
        setting: &Setting,
        client: &Client,
        tokens: &Tokens,
    ) -> Result<(Connection, Vec<u8>), Error> {
        let Waiting { found, identity, sign_in, wanted } = self;
        let opened = patient::find(client, found, &identity.id, sign_in, tokens, &setting.clock)?;
        let bytes = patient::read(client, &found.base, tokens, &opened.patient)?;
        let missing = scopes::not_granted(&sign_in.scopes, tokens.scopes.as_deref(), &types(found.vendor));
        let device = match tokens.refresh {
            Some(_) => None,
            None => registration::device(client, found, identity, &tokens.access)?,
        };
        let connection = Connection {
            name: wanted.name.clone().unwrap_or_else(|| crate::http::host(&found.base)),
            base: found.base.clone(),
            vendor: found.vendor.name.to_owned(),
            server: found.server.clone(),
            not_granted: match &device {
                // With a key of its own a device needs no offline access.
                Some(_) => missing.into_iter().filter(|scope| scope != "offline_access").collect(),
                None => missing,
            },
            identity: device.unwrap_or_else(|| identity.clone()),
            patient: opened.patient,
            acts_as: opened.acts_as,
            by_hand: wanted.client.is_some(),
            redirect: wanted.redirect.clone(),
            parameters: wanted.parameters.clone(),
            is_same_person: false,
            asked: sign_in.scopes.clone(),
            types: found.types.iter().flatten().cloned().collect(),
            connected_at: setting.now(),
            connected_by: None,
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
