//! The consent: who asks, where the answer goes, and what the person lets them see. It becomes a grant.

pub mod choice;
pub mod choices;
mod page;
pub mod returning;

use std::collections::BTreeSet;

use axum::Router;
use jiff::Timestamp;
use url::form_urlencoded;

use super::asked::Asked;
use super::reply::Reply;
use super::routes::{look, send};
use super::site::Site;
use super::{Error, others};
use crate::access::account::{Care, Signed, within};
use crate::access::authorization::{self, Allowed, Answer, BeginError, By, Grant};
use crate::record::Kind;
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
        Err(BeginError::SentBack(target)) => {
            return returning::stopped(asked, "It cannot be connected", &target);
        }
        Err(BeginError::Failed(error)) => return Err(error.into()),
    };
    let people = site.accounts().people(signed)?;
    let care = match (asked.query.one(PERSON).filter(|id| !id.is_empty()), people.as_slice()) {
        (Some(id), _) => site.named_person(signed, id)?,
        (None, [only]) => only.clone(),
        (None, _) => return page::whose(asked, &wanted, &people),
    };
    let request = site.server().carry(&wanted, &session(signed))?;
    let picked = before(site, signed, &care, &wanted)?;
    page::choose(site, asked, &page::Wish { wanted: &wanted, request, care: &care }, &picked, None)
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
            match allowed(site, asked, &care, &wanted.kinds(), None)? {
                Ok(allowed) => grant(site, asked, &wanted, &care, &allowed),
                Err(flaw) => {
                    let wish = page::Wish { wanted: &wanted, request: request.to_owned(), care: &care };
                    let picked = Picked::of_form(&asked.form, before(site, signed, &care, &wanted)?);
                    page::choose(site, asked, &wish, &picked, Some(flaw))
                }
            }
        }
        _ => Err(Error::Forged),
    }
}

/// What is picked before anybody touches the page: what the account lets this assistant see now, where it is connected
/// anew, so that nothing that was held back is ticked.
fn before(site: &Site, signed: &Signed, care: &Care, wanted: &authorization::Asked) -> Result<Picked, Error> {
    let is_it =
        |grant: &Grant| others::is_own(signed, grant) && grant.assistant.client == wanted.assistant.client;
    let found = site.grants(care)?.into_iter().find(|given| is_it(&given.grant));
    Ok(found.map_or_else(Picked::usual, |given| Picked::of_grant(&given.grant)))
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

/// What a form allows, cut to what the account may see; of these kinds, which were asked for, at least one. `kept` is
/// the end of a grant that is there, which a form may leave as it is.
pub fn allowed(
    site: &Site,
    asked: &Asked,
    care: &Care,
    kinds: &BTreeSet<Kind>,
    kept: Option<Timestamp>,
) -> Result<Result<Allowed, Flaw>, Error> {
    let view = site.view(care)?;
    let sources = site.sources(asked.signed()?, care, &view)?;
    let sources: Vec<String> = sources.iter().map(|source| source.id.to_string()).collect();
    let (now, today) = (site.clock().now(), site.clock().today());
    Ok(Choice::read(&asked.form, &sources, today).and_then(|choice| {
        let scope = within(&choice.scope, view.scope());
        if scope.kinds.is_disjoint(kinds) {
            return Err(Flaw::NoCategory);
        }
        let until = choice.term.and_then(|term| now.checked_add(term).ok()).or(kept).ok_or(Flaw::Unknown)?;
        let expires_at = care.ends_at_for(&scope, today).map_or(until, |ends_at| until.min(ends_at));
        Ok(Allowed { scope, may_update: choice.may_update, expires_at })
    }))
}

/// What only this browser session knows.
fn session(signed: &Signed) -> Vec<u8> {
    signed.forms().text().expose().clone().into_bytes()
}

fn query(target: &str) -> &str {
    target.split_once('?').map_or("", |(_, query)| query)
}
