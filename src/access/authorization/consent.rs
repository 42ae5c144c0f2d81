//! What the person says to a request, and later to a grant: the acts behind the pages.

use url::Url;

use super::Server;
use super::acts::{Act, Doer, event};
use super::asked::Asked;
use super::client;
use super::error::Code;
use super::grant::{Allowed, By, CODE, Grant, Offer, Why};
use super::kept::{self, Given, Next};
use super::redirect::Redirect;
use super::token::{Kind, Token, new_grant_id};
use crate::access::Error;
use crate::store::Sealed;

/// What became of a yes.
#[derive(Debug)]
pub enum Answer {
    /// The browser goes there.
    SentOn(Url),
    /// The person has given as many as one may: some must be disconnected first.
    TooMany,
}

impl Server {
    /// The person says yes. The grant and its line in the audit are kept, and a code goes to the assistant.
    pub fn grant(&self, asked: &Asked, person: &Sealed, by: By, allowed: &Allowed) -> Result<Answer, Error> {
        let now = self.clock().now();
        let id = new_grant_id(self.random());
        let code = Token::new(Kind::Code, person.owner(), &id, self.random());
        let offer = Offer {
            code: code.hash,
            challenge: asked.challenge.clone(),
            redirect: asked.redirect.clone(),
            was_named: asked.was_named,
            until: now + CODE,
            is_lasting: asked.is_lasting,
        };
        let relation = by.relation.clone();
        let (assistant, scopes) = (asked.assistant.clone(), asked.scopes.clone());
        let grant = Grant::offered(assistant, by, scopes, asked.resource.clone(), allowed, offer, now);
        let told = event(&grant, &id, Doer::Account(&relation), Act::Given, now);
        // First, so that a client is never swept between the yes and the code's exchange.
        client::used(&self.vault, &asked.assistant.client)?;
        match kept::add(person, &id, &grant, &told, now)? {
            None => Ok(Answer::TooMany),
            Some(()) => Ok(Answer::SentOn(self.send(asked, &[("code", code.expose())]))),
        }
    }

    /// The person says no.
    pub fn deny(&self, asked: &Asked) -> Url {
        self.send(asked, &[("error", Code::AccessDenied.word())])
    }

    /// A person's grants to assistants, the newest first, with those that ended lately.
    pub fn grants(&self, person: &Sealed) -> Result<Vec<Given>, Error> {
        kept::list(person)
    }

    /// One of them.
    pub fn given(&self, person: &Sealed, id: &str) -> Result<Option<Given>, Error> {
        kept::find(person, id)
    }

    /// The person allows something else, with effect at the next call. What the grant is now; `None` if there is
    /// none of this id. One that has ended stays ended.
    pub fn change(
        &self,
        person: &Sealed,
        id: &str,
        relation: &str,
        allowed: &Allowed,
    ) -> Result<Option<Grant>, Error> {
        let now = self.clock().now();
        kept::change(person, id, |grant| {
            let changed = grant.clone().changed(allowed, now);
            if changed == grant || !grant.is_live_at(now) {
                return Ok(Next::Same);
            }
            let told = event(&changed, id, Doer::Account(relation), Act::Changed, now);
            Ok(Next::Told(Box::new(changed), told))
        })
    }

    /// The person disconnects the assistant: its next call is refused.
    pub fn end(&self, person: &Sealed, id: &str, relation: &str) -> Result<Option<Grant>, Error> {
        let now = self.clock().now();
        kept::change(person, id, |grant| {
            if !grant.is_live_at(now) {
                return Ok(Next::Same);
            }
            let ended = grant.ended(Why::Disconnected, now);
            let act = Act::Ended(Why::Disconnected);
            let told = event(&ended, id, Doer::Account(relation), act, now);
            Ok(Next::Told(Box::new(ended), told))
        })
    }

    fn send(&self, asked: &Asked, fields: &[(&str, &str)]) -> Url {
        match Redirect::parse(&asked.redirect) {
            Some(redirect) => self.answer(&redirect, fields, Some(&asked.state)),
            // It was looked at when the request came in; whatever it has become since, nothing is sent there.
            None => self.public.root(),
        }
    }
}
