//! What a person wants to connect, and the client that they have registered by hand.

use std::collections::BTreeMap;

use url::Url;

use super::{Error, Setting, kept};
use crate::secret::Secret;
use crate::sources::smart;
use crate::sources::smart::client::{Key, Proof};
use crate::sources::smart::connection::Connection;
use crate::sources::smart::discovery::Found;
use crate::sources::smart::rules::TokenAuth;

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

/// The proof that a person gave, in the way in which this server takes it.
pub(super) fn fitting(proof: &Proof, found: &Found) -> Result<Proof, Error> {
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
