//! Passkeys (WebAuthn): a key that never leaves the person's device or its keeper, instead of the password.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use url::Url;
use webauthn_rs::prelude::{
    DiscoverableAuthentication, Passkey as Credential, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, Uuid, Webauthn, WebauthnBuilder,
};

use super::Accounts;
use super::acts::{self, Act, Doer};
use super::error::{Error, Unusable};
use super::session::{self, SessionToken, Signed};
use super::stored::{Opened, again, put, read};
use crate::clock::hex;
use crate::store::{self, Change, Kind, OwnerId, RowKey, people};

const PASSKEYS_MAX: usize = 20;
/// How long a person may take to find and touch the device.
const CEREMONY: SignedDuration = SignedDuration::from_mins(5);
/// What a browser answers is a few thousand bytes.
const ANSWER_BYTES_MAX: usize = 64 << 10;
const PREFIX: &str = "passkey-";

/// A passkey of an account.
#[derive(Clone, PartialEq, Eq)]
pub struct Passkey {
    /// Its id here.
    pub id: String,
    /// What the person calls it.
    pub label: String,
    /// When it was added.
    pub made_at: Timestamp,
    /// When it last signed in.
    pub used_at: Option<Timestamp>,
}

/// A sign-in that has begun.
pub struct PasskeyChallenge {
    /// What comes back with the answer, for [`Accounts::finish_passkey_sign_in`].
    pub id: String,
    /// What `navigator.credentials.get` is asked with, as JSON.
    pub options: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    label: String,
    made_at: Timestamp,
    used_at: Option<Timestamp>,
    credential: Credential,
}

/// What is kept between the two halves of a ceremony.
#[derive(Serialize, Deserialize)]
struct Begun<T> {
    expires_at: Timestamp,
    state: T,
}

impl Accounts {
    /// The same accounts, with passkeys for the server at this address. Passkeys are bound to a name: at an address
    /// of numbers there are none.
    #[must_use]
    pub fn with_passkeys(self, public_url: &Url) -> Accounts {
        let site = public_url.domain().and_then(|name| WebauthnBuilder::new(name, public_url).ok());
        let passkeys = site.and_then(|site| site.rp_name("plainchart").build().ok());
        Accounts { passkeys, ..self }
    }

    /// Whether there can be passkeys here.
    pub fn has_passkeys(&self) -> bool {
        self.passkeys.is_some()
    }

    /// Begins to add a passkey: what `navigator.credentials.create` is asked with, as JSON. Needs a fresh sign-in.
    pub fn begin_passkey(&self, signed: &Signed) -> Result<String, Error> {
        signed.require_fresh(self.now())?;
        let known = kept(&signed.account)?;
        if known.len() >= PASSKEYS_MAX {
            return Err(Unusable::TooManyPasskeys.into());
        }
        let known = known.into_iter().map(|(_, _, kept)| kept.credential.cred_id().clone()).collect();
        // The device gives the id back at sign-in: so the account is found without a name.
        let id = Uuid::parse_str(signed.owner().as_str()).map_err(|_| Error::NotThere)?;
        let started = self.site()?.start_passkey_registration(id, signed.name(), signed.name(), Some(known));
        let (options, state) = started.map_err(store::Error::failed("beginning a passkey"))?;
        let begun = Begun { expires_at: self.now() + CEREMONY, state };
        let version = signed.rows().read_one(&begun_row())?.map(|body| body.version);
        signed.rows().write(&[put(begun_row(), version, &begun)?])?;
        let mut options = to_value(&options)?;
        // Only a key that the device can find by itself signs in without a name. The library asks for none.
        options["publicKey"]["authenticatorSelection"]["residentKey"] = "required".into();
        options["publicKey"]["authenticatorSelection"]["requireResidentKey"] = true.into();
        Ok(options.to_string())
    }

    /// Adds the passkey that the browser answers with. Each beginning is ended once.
    pub fn finish_passkey(&self, signed: &Signed, label: &str, answer: &str) -> Result<(), Error> {
        signed.require_fresh(self.now())?;
        let label = people::checked(label).map_err(|_| Unusable::Label)?.to_owned();
        let answer: RegisterPublicKeyCredential = from_answer(answer)?;
        again(|| {
            let body = signed.rows().read_one(&begun_row())?.ok_or(Error::NotSignedIn)?;
            let begun: Begun<PasskeyRegistration> = read(&body.bytes, Kind::Login)?;
            if self.now() >= begun.expires_at {
                return Err(Error::NotSignedIn);
            }
            let finished = self.site()?.finish_passkey_registration(&answer, &begun.state);
            let credential = finished.map_err(|_| Error::NotSignedIn)?;
            let row = row_of(credential.cred_id().as_ref());
            let kept = Kept { label: label.clone(), made_at: self.now(), used_at: None, credential };
            let used_up = Change::Delete { key: begun_row(), version: body.version };
            let line = (Doer::Account, Act::NewPasskey, self.now());
            acts::told(signed.rows(), line, &[used_up, put(row, None, &kept)?])
        })
    }

    /// The passkeys of an account, in the order in which they were added.
    pub fn passkeys(&self, signed: &Signed) -> Result<Vec<Passkey>, Error> {
        let mut passkeys: Vec<Passkey> = kept(&signed.account)?
            .into_iter()
            .map(|(id, _, Kept { label, made_at, used_at, .. })| Passkey { id, label, made_at, used_at })
            .collect();
        passkeys.sort_by_key(|passkey| passkey.made_at);
        Ok(passkeys)
    }

    /// Removes one, and ends every session but a new one: whoever has the device may be in one. Needs a fresh sign-in.
    pub fn remove_passkey(&self, signed: &Signed, id: &str) -> Result<SessionToken, Error> {
        signed.require_fresh(self.now())?;
        let line = (Doer::Account, Act::RemovedPasskey, self.now());
        let account = signed.account.change(Some(line), |account| {
            account.require_open()?;
            let known = kept(account)?.into_iter().find(|(known, ..)| known == id);
            let (id, version, _) = known.ok_or(Error::NotThere)?;
            let removed = Change::Delete { key: RowKey::new(Kind::Login, id), version };
            Ok((account.stored.without_sessions(), vec![removed]))
        })?;
        session::go_on(signed, &account, self.random(), self.now())
    }

    /// Begins to sign in with a passkey, whoever it may be. Nothing is kept of people who are not signed in: what is
    /// asked goes through their browser and back, marked.
    pub fn begin_passkey_sign_in(&self) -> Result<PasskeyChallenge, Error> {
        let started = self.site()?.start_discoverable_authentication();
        let (mut options, state) = started.map_err(store::Error::failed("beginning a sign-in"))?;
        // The page decides whether it asks at once or offers the passkey where the name is typed.
        options.mediation = None;
        let begun = Begun { expires_at: self.now() + CEREMONY, state };
        let body = serde_json::to_vec(&begun).map_err(store::Error::failed("beginning a sign-in"))?;
        Ok(PasskeyChallenge { id: self.logins.marked(&body), options: to_value(&options)?.to_string() })
    }

    /// Signs in with what the browser answers. Each beginning signs in once.
    pub fn finish_passkey_sign_in(&self, id: &str, answer: &str) -> Result<SessionToken, Error> {
        let begun = self.logins.unmarked(id).ok_or(Error::NotSignedIn)?;
        let begun: Begun<DiscoverableAuthentication> = read(&begun, Kind::Session)?;
        if self.now() >= begun.expires_at {
            return Err(Error::NotSignedIn);
        }
        let answer: PublicKeyCredential = from_answer(answer)?;
        let site = self.site()?;
        let (owner, credential) =
            site.identify_discoverable_authentication(&answer).map_err(|_| Error::NotSignedIn)?;
        let owner = OwnerId::parse(&owner.simple().to_string()).ok_or(Error::NotSignedIn)?;
        let account = Opened::of(&self.vault, &owner)?.ok_or(Error::NotSignedIn)?;
        let row = row_of(credential);
        let used = used_row(id);
        again(|| {
            // Another process may have let the same answer in, or the passkey may be gone.
            let rows = account.sealed.read(&[row.clone(), used.clone()])?;
            let [Some(body), None] = rows.as_slice() else { return Err(Error::NotSignedIn) };
            let mut kept: Kept = read(&body.bytes, Kind::Login)?;
            let finished =
                site.finish_discoverable_authentication_v2(&answer, begun.state.clone(), &kept.credential);
            let result = finished.map_err(|_| Error::NotSignedIn)?;
            account.require_open()?;
            kept.credential.update_credential(&result);
            kept.used_at = Some(self.now());
            let used = Change::put(used.clone(), None, Vec::new()).due(begun.expires_at);
            let line = (Doer::Account, Act::PasskeySignIn, self.now());
            acts::told(&account.sealed, line, &[put(row.clone(), Some(body.version), &kept)?, used])
        })?;
        session::begin(&account, self.random(), self.now(), Some(self.now()))
    }

    fn site(&self) -> Result<&Webauthn, Error> {
        self.passkeys.as_ref().ok_or(Error::NotThere)
    }
}

/// The passkeys of an account, with the ids and versions of their rows.
fn kept(account: &Opened) -> Result<Vec<(String, u64, Kept)>, Error> {
    let ids = account.sealed.list(Kind::Login)?.into_iter().map(|(id, _)| id);
    let ids: Vec<String> = ids.filter(|id| id.starts_with(PREFIX)).collect();
    let keys: Vec<RowKey> = ids.iter().map(|id| RowKey::new(Kind::Login, id)).collect();
    let mut all = Vec::new();
    for (id, body) in ids.into_iter().zip(account.sealed.read(&keys)?) {
        let Some(body) = body else { continue };
        all.push((id, body.version, read(&body.bytes, Kind::Login)?));
    }
    Ok(all)
}

/// The id of a key is the device's: hashed, it tells nothing and is short.
fn row_of(credential: &[u8]) -> RowKey {
    RowKey::new(Kind::Login, format!("{PREFIX}{}", hex(&Sha256::digest(credential)[..16])))
}

fn begun_row() -> RowKey {
    RowKey::new(Kind::Login, "begun-passkey")
}

/// Where it is kept that a beginning was ended, until its time is over.
fn used_row(id: &str) -> RowKey {
    RowKey::new(Kind::Login, format!("used-{}", hex(&Sha256::digest(id)[..16])))
}

fn to_value(options: &impl Serialize) -> Result<serde_json::Value, Error> {
    Ok(serde_json::to_value(options).map_err(store::Error::failed("beginning a passkey"))?)
}

fn from_answer<T: DeserializeOwned>(answer: &str) -> Result<T, Error> {
    let answer = Some(answer).filter(|answer| answer.len() <= ANSWER_BYTES_MAX).ok_or(Error::NotSignedIn)?;
    serde_json::from_str(answer).map_err(|_| Error::NotSignedIn)
}
