//! A new connection, from an address to tokens: nothing is stored before the person has signed in and it is
//! clear that the record is theirs.

use std::collections::BTreeMap;

use url::Url;

use super::kept::{self, Kept};
use super::setting::Setting;
use super::{Error, hold, whose};
use crate::http::Client;
use crate::secret::Secret;
use crate::sources::smart;
use crate::sources::smart::authorize::{Code, SignIn, Wish};
use crate::sources::smart::callback::Callback;
use crate::sources::smart::client::{Identity, Key, Proof};
use crate::sources::smart::connection::{Access, Connection, Held};
use crate::sources::smart::discovery::{Found, discover};
use crate::sources::smart::rules::TokenAuth;
use crate::sources::smart::tokens::{Endpoint, Tokens};
use crate::sources::smart::vendors::{self, Vendor};
use crate::sources::smart::{patient, plan, registration, scopes};
use crate::store::{Change, Error as StoreError};

/// What a person wants to connect.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// What the source is to be called.
    pub name: Option<String>,
    /// The maker of the server, where the person says it.
    pub vendor: Option<String>,
    /// The client that was registered by hand, where there is one.
    pub client: Option<Given>,
    /// The address at which that client's sign-ins come back, where it was registered with one.
    pub redirect: Option<Url>,
    /// What a portal asks to be told.
    pub parameters: BTreeMap<String, String>,
}

impl Wanted {
    /// What is said here; what is not said is as it is known.
    #[must_use]
    pub fn or(self, known: Wanted) -> Wanted {
        let mut parameters = known.parameters;
        parameters.extend(self.parameters);
        Wanted {
            name: self.name.or(known.name),
            vendor: self.vendor.or(known.vendor),
            client: self.client.or(known.client),
            redirect: self.redirect.or(known.redirect),
            parameters,
        }
    }
}

/// A client that the person or the operator has registered by hand.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Given {
    /// The client id.
    pub id: String,
    /// How it proves who it is.
    pub proof: Proof,
}

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

/// A person who has signed in; nothing is stored yet.
pub struct SignedIn<'a> {
    setting: &'a Setting,
    client: Client,
    connection: Connection,
    /// The Patient of the portal, as it came.
    patient: Vec<u8>,
}

/// What a person wants who signs in again where they were connected, and the address of it.
pub fn again(setting: &Setting, name: &str) -> Result<(Url, Wanted), Error> {
    let all = kept::all(&setting.rows)?;
    let (_, _, kept) =
        all.into_iter().find(|(id, _, kept)| kept.is_called(id, name)).ok_or(Error::NoSuchPortal)?;
    let Connection { name, base, vendor, identity, by_hand, redirect, parameters, .. } = kept.connection;
    // What was registered by itself was registered for another port; it is had again.
    let client = by_hand.then_some(Given { id: identity.id, proof: identity.proof });
    Ok((base, Wanted { name: Some(name), vendor: Some(vendor), client, redirect, parameters }))
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
    /// `Stopped` once `is_over` says so.
    pub fn wait(
        self,
        is_over: &dyn Fn() -> bool,
        pasted: &dyn Fn() -> Option<Url>,
    ) -> Result<SignedIn<'a>, Error> {
        let came = self.callback.wait(&self.sign_in, is_over, pasted).map_err(Error::Listen)?;
        let code = came.ok_or(Error::Stopped)??;
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

impl SignedIn<'_> {
    /// What was not granted: types of resource, and `offline_access`.
    pub fn not_granted(&self) -> &[String] {
        &self.connection.not_granted
    }

    /// Who signed in, where that is somebody else than the patient.
    pub fn acts_as(&self) -> Option<&str> {
        self.connection.acts_as.as_deref()
    }

    /// Whether the patient of the portal is the person of the record, by the rule of an import.
    pub fn check(&self, label: Option<&str>, is_same_person: bool) -> Result<(), Error> {
        whose::check(self.setting, &self.connection, &self.patient, label, is_same_person)
    }

    /// Keeps the connection, and gives its id. One to the same record at the same server takes the place of
    /// the one before.
    pub fn keep(mut self, is_same_person: bool) -> Result<String, Error> {
        self.connection.is_same_person = is_same_person;
        let rows = &self.setting.rows;
        for (id, version, before) in kept::all(rows)? {
            let (old, new) = (&before.connection, &self.connection);
            if old.base != new.base || old.patient != new.patient {
                continue;
            }
            let connection = Connection {
                name: old.name.clone(),
                fetch: old.fetch.clone(),
                fetches: old.fetches,
                tried_at: None,
                fetched_at: old.fetched_at,
                is_same_person: is_same_person || old.is_same_person,
                ..self.connection.clone()
            };
            let kept = Kept { connection, busy: before.busy };
            let written = rows.write(&[Change::put(hold::row(&id), Some(version), kept.encode()?)]);
            match written {
                Err(StoreError::Conflict) => return Err(Error::Busy),
                written => written?,
            }
            // Nobody holds the old access any more. One of the same client may be the new one's too.
            if old.identity.id != new.identity.id {
                // That it could not be given back changes nothing for the new one.
                let _ = give_back(self.setting, &self.client, old);
            }
            return Ok(id);
        }
        let id = self.setting.random.hex(8);
        let kept = Kept { connection: self.connection, busy: None };
        rows.write(&[Change::put(hold::row(&id), None, kept.encode()?)])?;
        Ok(id)
    }

    /// Gives the access back: the person has said no.
    pub fn give_back(self) -> Result<(), Error> {
        give_back(self.setting, &self.client, &self.connection)
    }
}

/// Gives the access of a connection back at its server.
pub fn give_back(setting: &Setting, client: &Client, connection: &Connection) -> Result<(), Error> {
    let Some(held) = connection.access.held() else { return Ok(()) };
    let Setting { clock, random, .. } = setting;
    let (server, identity) = (&connection.server, &connection.identity);
    let endpoint = Endpoint { client, server, identity, clock, random };
    let token = held.refresh.as_ref().unwrap_or(&held.access);
    Ok(endpoint.revoke(token, held.refresh.is_some())?)
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

/// The proof that a person gave, in the way in which this server takes it.
fn fitting(proof: &Proof, found: &Found) -> Result<Proof, Error> {
    let takes = |method: &str| found.server.auth_methods.iter().any(|own| own == method);
    match proof {
        Proof::Secret { secret, .. } => {
            let of_vendor = found.vendor.auth.iter().find_map(|auth| match auth {
                TokenAuth::Basic => Some(false),
                TokenAuth::Post => Some(true),
                TokenAuth::None | TokenAuth::PrivateKeyJwt(_) => None,
            });
            let advertised = takes("client_secret_post") && !takes("client_secret_basic");
            Ok(Proof::Secret { secret: secret.clone(), in_body: of_vendor.unwrap_or(advertised) })
        }
        Proof::Key(key) | Proof::Device(key) => {
            let wanted = found.vendor.auth.iter().find_map(|auth| match auth {
                TokenAuth::PrivateKeyJwt(signing) => Some(*signing),
                _ => None,
            });
            let fits = key.signs(wanted.flatten());
            if fits { Ok(Proof::Key(key.clone())) } else { Err(smart::Error::BadKey.into()) }
        }
        Proof::Public => Ok(Proof::Public),
    }
}

impl Given {
    /// A public client.
    pub fn public(id: String) -> Given {
        Given { id, proof: Proof::Public }
    }

    /// One with a secret.
    pub fn with_secret(id: String, secret: Secret<String>) -> Given {
        Given { id, proof: Proof::Secret { secret, in_body: false } }
    }

    /// One with a private key (PEM), and the name under which the portal knows it.
    pub fn with_key(id: String, pem: Secret<String>, kid: Option<String>) -> Result<Given, Error> {
        Ok(Given { id, proof: Proof::Key(Key::read(pem, kid)?) })
    }
}
