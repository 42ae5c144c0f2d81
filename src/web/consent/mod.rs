//! The consent: who asks, where the answer goes, and what the person lets them see. It becomes a grant.

pub mod choice;
pub mod choices;
mod page;
pub mod returning;

use axum::Router;
use url::form_urlencoded;

use super::Error;
use super::asked::Asked;
use super::reply::Reply;
use super::routes::{look, send};
use super::site::Site;
use crate::access::account::{Care, Signed, within};
use crate::access::authorization::{self, Allowed, Answer, BeginError, By};
use crate::record::View;
use choice::{Choice, Flaw};
use choices::Picked;

/// The field with which a person is chosen. No name of the protocol begins so.
const PERSON: &str = "plainchart_person";

/// The routes.
pub fn router() -> Router<Site> {
    Router::new().route("/authorize", look(asked_for).merge(send("/authorize", answered)))
}

/// An assistant has sent a browser here.
fn asked_for(site: &Site, asked: &Asked) -> Result<Reply, Error> {
    let signed = asked.signed()?;
    let pairs: Vec<(String, String)> = form_urlencoded::parse(query(&asked.target).as_bytes())
        .into_owned()
        .filter(|(name, _)| name != PERSON)
        .collect();
    let wanted = match site.server().begin(&pairs) {
        Ok(wanted) => wanted,
        Err(BeginError::Told(told)) => return page::refused(asked, told),
        // Not by a redirect: a browser that has just sent the form of a sign-in would not follow it.
        Err(BeginError::SentBack(target)) => {
            return returning::page(asked, "It cannot be connected", &target);
        }
        Err(BeginError::Failed(error)) => return Err(error.into()),
    };
    let people = site.accounts().people(signed)?;
    let care = match (asked.query.one(PERSON), people.as_slice()) {
        (Some(id), _) => site.named_person(signed, id)?,
        (None, [only]) => only.clone(),
        (None, _) => return page::whose(asked, &wanted, &people),
    };
    let request = site.server().carry(&wanted, &session(signed))?;
    page::choose(site, asked, &page::Wish { wanted: &wanted, request, care: &care }, &Picked::usual(), None)
}

/// The person has answered.
fn answered(site: &Site, asked: &Asked) -> Result<Reply, Error> {
    let signed = asked.signed()?;
    let request = asked.form.text("request");
    // What was touched, or lay open for too long, is asked for anew by the assistant.
    let wanted = site.server().carried(request, &session(signed))?.ok_or(Error::Forged)?;
    match asked.form.one("answer") {
        Some("deny") => returning::page(asked, "You did not allow it", &site.server().deny(&wanted)),
        Some("allow") => {
            let care = site.named_person(signed, asked.form.text("person"))?;
            match allowed(site, asked, &wanted, &care)? {
                Ok(allowed) => grant(site, asked, &wanted, &care, &allowed),
                Err(flaw) => {
                    let wish = page::Wish { wanted: &wanted, request: request.to_owned(), care: &care };
                    let picked = Picked::of_form(&asked.form, Picked::usual());
                    page::choose(site, asked, &wish, &picked, Some(flaw))
                }
            }
        }
        _ => Err(Error::Forged),
    }
}

fn grant(
    site: &Site,
    asked: &Asked,
    wanted: &authorization::Asked,
    care: &Care,
    allowed: &Allowed,
) -> Result<Reply, Error> {
    let rows = site.accounts().rows_of(care)?;
    let by = By { account: asked.signed()?.owner().clone(), relation: care.relation.word().to_owned() };
    match site.server().grant(wanted, &rows, by, allowed)? {
        Answer::SentOn(target) => {
            returning::page(asked, &format!("{} is connected", wanted.assistant.name), &target)
        }
        Answer::TooMany => page::too_many(asked),
    }
}

/// What the form allows, cut to what the account may see and to the assistant's own ceiling.
fn allowed(
    site: &Site,
    asked: &Asked,
    wanted: &authorization::Asked,
    care: &Care,
) -> Result<Result<Allowed, Flaw>, Error> {
    let view = site.view(care)?;
    Ok(read(site, asked, care, &view).and_then(|(choice, allowed)| {
        let is_empty = allowed.scope.kinds.is_disjoint(&wanted.kinds());
        if is_empty || choice.term.is_none() { Err(Flaw::NoCategory) } else { Ok(allowed) }
    }))
}

/// What the form says, cut to what the account may see.
fn read(site: &Site, asked: &Asked, care: &Care, view: &View) -> Result<(Choice, Allowed), Flaw> {
    let sources: Vec<String> = view.sources().map(|source| source.id.to_string()).collect();
    let choice = Choice::read(&asked.form, &sources, site.clock().today())?;
    let scope = within(&choice.scope, view.scope());
    let (now, today) = (site.clock().now(), site.clock().today());
    let chosen = choice.term.and_then(|term| now.checked_add(term).ok()).unwrap_or(now);
    let expires_at = care.ends_at_for(&scope, today).map_or(chosen, |ends_at| chosen.min(ends_at));
    let may_update = choice.may_update;
    Ok((choice, Allowed { scope, may_update, expires_at }))
}

/// What only this browser session knows.
fn session(signed: &Signed) -> Vec<u8> {
    signed.forms().text().expose().clone().into_bytes()
}

fn query(target: &str) -> &str {
    target.split_once('?').map_or("", |(_, query)| query)
}
