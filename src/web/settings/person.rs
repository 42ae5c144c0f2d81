//! One person in care: another name, an invitation to the record, an end to the care.

use askama::Template;
use axum::http::StatusCode;

use super::fresh;
use crate::access::OwnerId;
use crate::access::account::{self, Care, Carer, Relation, Signed};
use crate::web::asked::Asked;
use crate::web::dates;
use crate::web::frame::{Frame, Here};
use crate::web::leaving;
use crate::web::people::{self, named_relation};
use crate::web::reply::Reply;
use crate::web::site::Site;
use crate::web::{Error, error};

#[derive(Template)]
#[template(path = "person.html")]
struct PersonPage {
    frame: Frame,
    id: String,
    label: String,
    new_label: String,
    label_error: Option<&'static str>,
    relation: &'static str,
    is_own: bool,
    is_grown: bool,
    is_minor: bool,
    is_limited: bool,
    is_alone: bool,
    carers: Vec<Shown>,
    may_invite: bool,
    link: Option<String>,
    typed_error: Option<&'static str>,
}

/// Somebody else who cares.
struct Shown {
    account: String,
    name: String,
    relation: &'static str,
    since: String,
    may_be_ended: bool,
}

/// The page.
pub fn page(site: &Site, asked: &Asked) -> Result<Reply, Error> {
    let signed = fresh(site, asked)?;
    let person = Person::of(site, signed, &asked.id)?;
    shown(site, asked, &person, None, Typed::none(&person))
}

/// Something is to be done.
pub fn sent(site: &Site, asked: &Asked) -> Result<Reply, Error> {
    let signed = fresh(site, asked)?;
    let person = Person::of(site, signed, &asked.id)?;
    let owner = &person.care.owner;
    match asked.form.text("act") {
        "rename" => {
            let label = asked.form.text("label");
            match site.accounts().rename_person(signed, owner, label) {
                Ok(()) => Ok(Reply::to("/settings?done=renamed")),
                Err(account::Error::Unusable(unusable)) => {
                    let typed =
                        Typed { label, label_error: Some(error::of_typed(unusable)), ..Typed::none(&person) };
                    Ok(shown(site, asked, &person, None, typed)?.with_status(StatusCode::BAD_REQUEST))
                }
                Err(other) => Err(other.into()),
            }
        }
        "invite" if site.may_invite() => {
            let relation = named_relation(asked.form.text("relation")).ok_or(Error::Forged)?;
            let text = site.accounts().invite_to(signed, owner, relation)?;
            let link = site.public().at(&format!("/sign-up?invitation={}", text.expose()));
            shown(site, asked, &person, Some(link), Typed::none(&person))
        }
        "end" => {
            let account = OwnerId::parse(asked.form.text("account")).ok_or(Error::Forged)?;
            site.accounts().end_care(signed, owner, &account)?;
            shown(site, asked, &person, None, Typed::none(&person))
        }
        "remove" if asked.form.text("typed").trim() != person.care.label => {
            let typed_error = Some("This is not the name. Nothing was removed.");
            let typed = Typed { typed_error, ..Typed::none(&person) };
            Ok(shown(site, asked, &person, None, typed)?.with_status(StatusCode::BAD_REQUEST))
        }
        "remove" => {
            if person.is_alone {
                leaving::give_back(site, &person.care)?;
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

/// What was typed, and what is wrong with it.
struct Typed<'a> {
    label: &'a str,
    label_error: Option<&'static str>,
    typed_error: Option<&'static str>,
}

impl<'a> Typed<'a> {
    fn none(person: &'a Person) -> Typed<'a> {
        Typed { label: &person.care.label, label_error: None, typed_error: None }
    }
}

fn shown(
    site: &Site,
    asked: &Asked,
    person: &Person,
    link: Option<String>,
    typed: Typed<'_>,
) -> Result<Reply, Error> {
    let Person { care, is_grown, is_alone } = person;
    let today = site.clock().today();
    let carers = match is_grown {
        true => Vec::new(),
        false => site.accounts().carers(asked.signed()?, &care.owner)?,
    };
    Reply::page(&PersonPage {
        frame: asked.frame(care.label.clone()).at(Here::Settings),
        id: care.owner.as_str().to_owned(),
        label: care.label.clone(),
        new_label: typed.label.to_owned(),
        label_error: typed.label_error,
        relation: people::relation(care.relation),
        is_own: care.relation == Relation::Own,
        is_grown: *is_grown,
        is_minor: care.acting().relation(care.born) == Relation::Parent,
        is_limited: care.ceiling(today).is_none_or(|ceiling| ceiling.withholds()),
        is_alone: *is_alone,
        carers: carers.into_iter().map(row).collect(),
        may_invite: site.may_invite(),
        link,
        typed_error: typed.typed_error,
    })
}

fn row(carer: Carer) -> Shown {
    Shown {
        account: carer.account.as_str().to_owned(),
        name: carer.name,
        relation: match carer.relation {
            Relation::Own => "the person’s own account",
            Relation::Parent => "a parent or guardian",
            Relation::ForAdult => "acts for this adult",
        },
        since: dates::of(carer.since),
        may_be_ended: carer.may_be_ended,
    }
}
