//! Signing in with a name and a password, and setting another password.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::Accounts;
use super::acts::{self, Act, Doer};
use super::error::Error;
use super::login::Login;
use super::logins::Handle;
use super::name::Name;
use super::password::Password;
use super::recovery;
use super::session::{self, SessionToken, Signed};
use super::stored::{Changed, Opened, put, read};
use crate::secret::Secret;
use crate::store::{self, Change, Kind, RowKey};

/// How the password of an account is kept.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    hash: String,
}

impl Accounts {
    /// Signs in. Whether the name, the password or the time was wrong is not told, nor by how long it takes.
    pub fn sign_in(
        &self,
        name: &str,
        password: &Secret<String>,
        peer: IpAddr,
    ) -> Result<SessionToken, Error> {
        let name = Name::parse(name).map_err(|_| Error::NotSignedIn)?;
        self.peers.take(peer, self.now())?;
        let mut login = self.logins.find_or_nobody(&self.vault, Handle::Name(&name))?;
        let may_try = login.begin(self.now())?;
        let account = self.of_login(&login)?;
        let kept = account.as_ref().map(password_of).transpose()?.flatten();
        let hash = kept.as_ref().map(|(_, hash)| hash.as_str());
        let is_right = self.hashing.is_right(password.expose(), hash)?;
        let (Some(account), Some((version, hash)), true, true) = (account, kept, is_right, may_try) else {
            return Err(Error::NotSignedIn);
        };
        account.require_open()?;
        if let Some(raised) = self.hashing.raised(password.expose(), &hash, self.random())? {
            match account.sealed.write(&[password_row(&raised, Some(version))?]) {
                // It was changed meanwhile, and is not to be changed back.
                Ok(()) | Err(store::Error::Conflict) => {}
                Err(error) => return Err(error.into()),
            }
        }
        let token = self.signed_in(&account, &mut login, Act::SignIn)?;
        self.peers.give_back(peer);
        Ok(token)
    }

    /// The password once more, before something that is hard to undo: this session ends and a new one begins.
    pub fn confirm(
        &self,
        signed: &Signed,
        password: &Secret<String>,
        peer: IpAddr,
    ) -> Result<SessionToken, Error> {
        let token = self.sign_in(signed.name(), password, peer)?;
        session::end(signed.rows(), &signed.row())?;
        Ok(token)
    }

    /// Sets another password: every session ends, and a new one begins. Needs a fresh sign-in.
    pub fn change_password(&self, signed: &Signed, password: &Secret<String>) -> Result<SessionToken, Error> {
        signed.require_fresh(self.now())?;
        let account = self.set_password(&signed.account, Act::NewPassword, password, &|account| {
            Ok((account.stored.clone(), recovery::without_link(account)?))
        })?;
        session::begin(&account, self.random(), self.now(), Some(self.now()))
    }

    /// Ends every session but a new one, after a browser was lost. Nobody has typed a password for it: what needs a
    /// fresh sign-in needs one as before.
    pub fn end_sessions(&self, signed: &Signed) -> Result<SessionToken, Error> {
        let sessions = signed.account.stored.sessions;
        let line = (Doer::Account, Act::SignOut, self.now());
        let account = signed.account.change(Some(line), |account| {
            account.require_open()?;
            // The session that asks has ended itself meanwhile, by a new password or a lock.
            if account.stored.sessions != sessions {
                return Err(Error::NotSignedIn);
            }
            Ok((account.stored.without_sessions(), Vec::new()))
        })?;
        session::go_on(signed, &account, self.random(), self.now())
    }

    /// Sets a password and ends every session, all or nothing with the other changes and the line that tells of it.
    pub(super) fn set_password(
        &self,
        account: &Opened,
        act: Act<'_>,
        password: &Secret<String>,
        others: &dyn Fn(&Opened) -> Result<Changed, Error>,
    ) -> Result<Opened, Error> {
        let password = Password::parse(password.expose(), &Name::parse(&account.stored.name)?)?;
        let hash = self.hashing.hash(&password, self.random())?;
        account.change(Some((Doer::Account, act, self.now())), |account| {
            account.require_open()?;
            let (stored, mut changes) = others(account)?;
            let version = password_of(account)?.map(|(version, _)| version);
            changes.push(password_row(&hash, version)?);
            Ok((stored.without_sessions(), changes))
        })
    }

    /// The account of a login. Where there is none it takes as long to find that out.
    pub(super) fn of_login(&self, login: &Login) -> Result<Option<Opened>, Error> {
        Opened::of(&self.vault, login.account().unwrap_or(login.owner()))
    }

    /// The try went well: the account's audit says so, and a session begins.
    pub(super) fn signed_in(
        &self,
        account: &Opened,
        login: &mut Login,
        act: Act<'_>,
    ) -> Result<SessionToken, Error> {
        // The one that went well is counted with them.
        let failed = login.failed().saturating_sub(1);
        login.went_well()?;
        if failed > 0 {
            acts::note(&account.sealed, Doer::Account, Act::FailedSignIns(failed), self.now())?;
        }
        acts::note(&account.sealed, Doer::Account, act, self.now())?;
        session::begin(account, self.random(), self.now(), Some(self.now()))
    }
}

/// The row of a password.
pub(super) fn password_row(hash: &str, version: Option<u64>) -> Result<Change, Error> {
    put(RowKey::new(Kind::Login, "password"), version, &Kept { hash: hash.to_owned() })
}

/// The hash of an account's password, with the version of its row.
fn password_of(account: &Opened) -> Result<Option<(u64, String)>, Error> {
    let body = account.sealed.read_one(&RowKey::new(Kind::Login, "password"))?;
    body.map(|body| Ok((body.version, read::<Kept>(&body.bytes, Kind::Login)?.hash))).transpose()
}
