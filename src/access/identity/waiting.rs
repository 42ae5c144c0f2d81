//! A sign-in that is under way: a sealed row of the installation, so that any process ends what another has begun.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::error::Error;
use crate::access::account::FormKey;
use crate::clock::{Randomness, hex};
use crate::secret::Secret;
use crate::store::{self, Change, Kind, OwnerId, RowKey, Vault};

/// How long somebody may take at the provider.
const LIFE: SignedDuration = SignedDuration::from_mins(15);
const PREFIX: &str = "identity-";
/// No state of ours is longer.
const STATE_BYTES_MAX: usize = 64;

/// What a sign-in is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// To come in.
    SignIn,
    /// To make an account with this invitation.
    Join {
        /// Its text.
        invitation: String,
    },
    /// To show once more who one is, before something that is hard to undo.
    Again {
        /// Whose session asks for it.
        account: OwnerId,
    },
}

/// What a sign-in is for, and where it leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wish {
    /// What for.
    pub purpose: Purpose,
    /// The path to go on to.
    pub next: String,
}

/// What is kept while the person is at the provider.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Waiting {
    pub wish: Wish,
    pub verifier: String,
    pub nonce: String,
    pub begun_at: Timestamp,
    /// What only the browser that began it can show again.
    mark: String,
}

impl Waiting {
    /// A new one, and its state.
    pub fn new(wish: Wish, browser: &FormKey, vault: &Vault) -> (String, Waiting) {
        let random = vault.random();
        let (state, verifier, nonce) = (unguessable(random), unguessable(random), unguessable(random));
        let mark = browser.mark(&purpose(&state));
        (state, Waiting { wish, verifier, nonce, begun_at: vault.clock().now(), mark })
    }

    /// Keeps it until it is taken or over.
    pub fn keep(&self, vault: &Vault, state: &str) -> Result<(), Error> {
        let body = serde_json::to_vec(self).map_err(store::Error::failed("beginning a sign-in"))?;
        let row = Change::put(row(state), None, body).due(self.begun_at + LIFE);
        Ok(vault.home()?.write(&[row])?)
    }

    /// Takes it, once, in the browser that began it. Another browser takes nothing.
    pub fn take(vault: &Vault, state: &str, browser: &FormKey) -> Result<Waiting, Error> {
        if state.is_empty() || state.len() > STATE_BYTES_MAX {
            return Err(Error::NotWaiting);
        }
        let home = vault.home()?;
        let body = home.read_one(&row(state))?.ok_or(Error::NotWaiting)?;
        let waiting: Waiting =
            serde_json::from_slice(&body.bytes).map_err(|_| store::Error::Damaged(Kind::Session))?;
        if !browser.is_marked(&purpose(state), &waiting.mark) {
            return Err(Error::NotWaiting);
        }
        match home.write(&[Change::Delete { key: row(state), version: body.version }]) {
            // Another request has taken it.
            Err(store::Error::Conflict) => return Err(Error::NotWaiting),
            written => written?,
        }
        if vault.clock().now() < waiting.begun_at + LIFE { Ok(waiting) } else { Err(Error::NotWaiting) }
    }
}

fn purpose(state: &str) -> String {
    format!("sign-in at the identity provider {state}")
}

/// The row does not tell the state.
fn row(state: &str) -> RowKey {
    RowKey::new(Kind::Session, format!("{PREFIX}{}", hex(&Sha256::digest(state.as_bytes()))))
}

/// 32 random bytes: as many as RFC 7636, 4.1 recommends for a verifier.
fn unguessable(random: &Randomness) -> String {
    let mut bytes = Secret::new([0; 32]);
    random.fill(bytes.expose_mut());
    URL_SAFE_NO_PAD.encode(bytes.expose())
}
