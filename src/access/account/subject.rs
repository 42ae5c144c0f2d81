//! Signing in at the operator's identity provider: whose account it is, and whether there may be one.

use std::net::IpAddr;

use url::Url;

use super::acts::{self, Act, Doer};
use super::error::Error;
use super::form::FormKey;
use super::logins::Handle;
use super::name::Name;
use super::session::{self, SessionToken, Signed};
use super::stored::{Opened, Stored};
use super::{Accounts, invitation};
use crate::access::identity::{Provider, Purpose, Returned, Who, Wish};

/// What somebody is called whose provider says nothing that can be shown.
const NAMELESS: &str = "Nameless";

impl Accounts {
    /// The same accounts, signed in to at this identity provider alone.
    #[must_use]
    pub fn with_provider(self, provider: Provider) -> Accounts {
        Accounts { provider: Some(provider), ..self }
    }

    /// The operator's identity provider, where there is one.
    pub fn provider(&self) -> Option<&Provider> {
        self.provider.as_ref()
    }

    /// Begins a sign-in at the provider for this browser: the address that it is to go to.
    pub fn begin_at_provider(&self, wish: Wish, browser: &FormKey, peer: IpAddr) -> Result<Url, Error> {
        self.peers.take(peer, self.now())?;
        Ok(self.provider().ok_or(Error::NotThere)?.begin(wish, browser)?)
    }

    /// Ends it with what the browser has brought back: a session, and the path to go on to.
    pub fn finish_at_provider(
        &self,
        returned: Returned<'_>,
        signed: Option<&Signed>,
        browser: &FormKey,
        peer: IpAddr,
    ) -> Result<(SessionToken, String), Error> {
        let (who, wish) = self.provider().ok_or(Error::NotThere)?.finish(returned, browser)?;
        let token = self.come_in(&who, &wish.purpose, signed)?;
        // Once more, or as somebody else: the session before is over.
        if let Some(before) = signed {
            session::end(before.rows(), &before.row())?;
        }
        self.peers.give_back(peer);
        Ok((token, wish.next))
    }

    /// Signs in whoever the provider says it is.
    pub(super) fn come_in(
        &self,
        who: &Who,
        purpose: &Purpose,
        signed: Option<&Signed>,
    ) -> Result<SessionToken, Error> {
        let account = self.account_of(who)?;
        match (purpose, account) {
            (Purpose::SignIn, Some(account)) => self.begin_as(&account, who),
            (Purpose::SignIn, None) => match self.join_as(who, None) {
                // Of two first sign-ins at once the other has made it.
                Err(Error::NameTaken) => {
                    self.begin_as(&self.account_of(who)?.ok_or(Error::NotSignedIn)?, who)
                }
                joined => joined,
            },
            (Purpose::Join { .. }, Some(_)) => Err(Error::NameTaken),
            (Purpose::Join { invitation }, None) => self.join_as(who, Some(invitation)),
            (Purpose::Again { account: own }, account) => {
                signed.filter(|signed| signed.owner() == own).ok_or(Error::NotSignedIn)?;
                let account = account.filter(|account| account.sealed.owner() == own);
                self.begin_as(&account.ok_or(Error::AnotherAccount)?, who)
            }
        }
    }

    fn account_of(&self, who: &Who) -> Result<Option<Opened>, Error> {
        let handle = Handle::Subject { issuer: &who.issuer, subject: &who.subject };
        let login = self.logins.find(&self.vault, handle)?;
        let owner = login.as_ref().and_then(|login| login.account());
        Ok(owner.map(|owner| Opened::of(&self.vault, owner)).transpose()?.flatten())
    }

    fn begin_as(&self, account: &Opened, who: &Who) -> Result<SessionToken, Error> {
        account.require_open()?;
        acts::note(&account.sealed, Doer::Account, Act::ProviderSignIn, self.now())?;
        session::begin(account, self.random(), self.now(), who.proven_at)
    }

    fn join_as(&self, who: &Who, invitation: Option<&str>) -> Result<SessionToken, Error> {
        let role = self.admitted(invitation)?;
        let login = self.logins.owner(Handle::Subject { issuer: &who.issuer, subject: &who.subject });
        let invitation = invitation.map(invitation::id);
        let account = self.join(Stored::joining(called(who), login, role, invitation, self.now()), &[])?;
        session::begin(&account, self.random(), self.now(), who.proven_at)
    }
}

/// What an account is called: never what it is found by.
fn called(who: &Who) -> String {
    let parsed = |text: &str| Name::parse(text).ok().map(|name| name.shown().to_owned());
    let name = who.name.as_deref().and_then(parsed).or_else(|| parsed(&who.subject));
    name.unwrap_or_else(|| NAMELESS.to_owned())
}
