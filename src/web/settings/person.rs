//! One person in care: another name, an invitation to the record, an end to the care.

use askama::Template;
use axum::http::StatusCode;

use super::fresh;
use crate::access::account::{Care, Relation, Signed};
use crate::web::Error;
use crate::web::asked::Asked;
use crate::web::frame::{Frame, Here};
use crate::web::leaving;
use crate::web::people::{self, named_relation};
use crate::web::reply::Reply;
use crate::web::site::Site;

#[derive(Template)]
#[template(path = "person.html")]
struct PersonPage {
    frame: Frame,
    id: String,
    label: String,
    relation: &'static str,
    is_own: bool,
    is_grown: bool,
    is_alone: bool,
    may_invite: bool,
    link: Option<String>,
    typed_error: Option<&'static str>,
}

/// The page.
pub fn page(site: &Site, asked: &Asked) -> Result<Reply, Error> {
    let signed = fresh(site, asked)?;
    shown(site, asked, &Person::of(site, signed, &asked.id)?, None, None)
}

/// Something is to be done.
pub fn sent(site: &Site, asked: &Asked) -> Result<Reply, Error> {
    let signed = fresh(site, asked)?;
    let person = Person::of(site, signed, &asked.id)?;
    let owner = &person.care.owner;
    match asked.form.text("act") {
        "rename" => {
            site.accounts().rename_person(signed, owner, asked.form.text("label"))?;
            Ok(Reply::to("/settings?done=renamed"))
        }
        "invite" if site.may_invite() => {
            let relation = named_relation(asked.form.text("relation")).ok_or(Error::Forged)?;
            let text = site.accounts().invite_to(signed, owner, relation)?;
            let link = site.public().at(&format!("/sign-up?invitation={}", text.expose()));
            shown(site, asked, &person, Some(link), None)
        }
        "remove" if asked.form.text("typed").trim() != person.care.label => {
            let error = Some("This is not the name. Nothing was removed.");
            Ok(shown(site, asked, &person, None, error)?.with_status(StatusCode::BAD_REQUEST))
        }
        "remove" => {
            if person.is_alone {
                leaving::give_back(site, &person.care);
            }
            site.accounts().remove_person(signed, owner)?;
            Ok(Reply::to("/settings?done=removed"))
        }
        _ => Err(Error::Forged),
    }
}

/// A person of the account.
struct Person {
    care: Care,
    is_grown: bool,
    is_alone: bool,
}

impl Person {
    fn of(site: &Site, signed: &Signed, id: &str) -> Result<Person, Error> {
        let accounts = site.accounts();
        let in_care = accounts.people(signed)?.into_iter().map(|care| (care, false));
        let grown = accounts.grown_up(signed)?.into_iter().map(|care| (care, true));
        let mut all = in_care.chain(grown);
        let (care, is_grown) = all.find(|(care, _)| care.owner.as_str() == id).ok_or(Error::NotFound)?;
        let alone = accounts.cared_for_alone(signed.owner())?;
        let is_alone = alone.iter().any(|other| other.owner == care.owner);
        Ok(Person { care, is_grown, is_alone })
    }
}

fn shown(
    site: &Site,
    asked: &Asked,
    person: &Person,
    link: Option<String>,
    typed_error: Option<&'static str>,
) -> Result<Reply, Error> {
    let Person { care, is_grown, is_alone } = person;
    Reply::page(&PersonPage {
        frame: asked.frame(care.label.clone()).at(Here::Settings),
        id: care.owner.as_str().to_owned(),
        label: care.label.clone(),
        relation: people::relation(care.relation),
        is_own: care.relation == Relation::Own,
        is_grown: *is_grown,
        is_alone: *is_alone,
        may_invite: site.may_invite(),
        link,
        typed_error,
    })
}
