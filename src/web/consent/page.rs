//! The pages of a consent.

use askama::Template;
use axum::http::StatusCode;

use super::PERSON;
use super::choice::{Flaw, TERMS, USUAL_TERM};
use super::choices::{Ceiling, Choices, Choosable, Picked, periods};
use crate::access::account::Care;
use crate::access::authorization::{self, Told};
use crate::web::Error;
use crate::web::asked::{Asked, encoded};
use crate::web::dates;
use crate::web::frame::Frame;
use crate::web::people::{self, Chosen, chosen};
use crate::web::reply::Reply;
use crate::web::site::Site;

/// What is asked for, of whose record.
pub struct Wish<'a> {
    /// What is asked for.
    pub wanted: &'a authorization::Asked,
    /// The same, as a field of the form.
    pub request: String,
    /// Whose record.
    pub care: &'a Care,
}

/// Who asks.
struct Asker {
    /// What it calls itself: anybody can choose it.
    name: String,
    /// The host at which it says so, where it says so at an address of its own.
    document: Option<String>,
    /// Where the answer goes: a host, or a program on the person's own machine.
    place: String,
    is_local: bool,
}

#[derive(Template)]
#[template(path = "consent.html")]
struct ConsentPage {
    frame: Frame,
    asker: Asker,
    whose: String,
    person: String,
    person_label: String,
    relation: &'static str,
    others: bool,
    other_person: String,
    request: String,
    choices: Choices,
    terms: Vec<Choosable>,
    ends_by: Option<String>,
}

#[derive(Template)]
#[template(path = "whose.html")]
struct WhosePage {
    frame: Frame,
    asker: Asker,
    people: Vec<Linked>,
}

/// A person with the address that chooses them.
struct Linked {
    person: Chosen,
    path: String,
}

#[derive(Template)]
#[template(path = "error.html")]
struct RefusedPage {
    frame: Frame,
    heading: &'static str,
    says: String,
    back: &'static str,
    back_says: &'static str,
}

/// The page on which a person chooses.
pub fn choose(
    site: &Site,
    asked: &Asked,
    wish: &Wish<'_>,
    picked: &Picked,
    flaw: Option<Flaw>,
) -> Result<Reply, Error> {
    let Wish { wanted, request, care } = wish;
    let (signed, view, kinds) = (asked.signed()?, site.view(care)?, wanted.kinds());
    let sources = site.sources(signed, care, &view)?;
    let people = site.accounts().people(signed)?;
    let term = asked.form.one("term").unwrap_or(USUAL_TERM).to_owned();
    let page = ConsentPage {
        frame: asked.frame("Allow an assistant"),
        asker: asker(wanted),
        whose: people::whose(care),
        person: care.owner.as_str().to_owned(),
        person_label: care.label.clone(),
        relation: people::relation(care.relation),
        // From the page that answers a form there is no way back to the question.
        others: people.len() > 1 && asked.target.contains('?'),
        other_person: format!("{}&{PERSON}=", without_person(&asked.target)),
        request: request.clone(),
        choices: Choices::of(
            &Ceiling {
                kinds: &kinds,
                may_update: wanted.scopes.may_update(),
                view: &view,
                sources: &sources,
            },
            picked,
            flaw,
        ),
        terms: periods(&TERMS, &term).collect(),
        ends_by: care.ends_on().map(dates::day),
    };
    let status = if flaw.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    Ok(Reply::page(&page)?.with_status(status))
}

/// The page on which a person chooses whose record it is about.
pub fn whose(asked: &Asked, wanted: &authorization::Asked, people: &[Care]) -> Result<Reply, Error> {
    let target = without_person(&asked.target);
    let linked =
        |person: Chosen| Linked { path: format!("{target}&{PERSON}={}", encoded(&person.id)), person };
    Reply::page(&WhosePage {
        frame: asked.frame("Whose record?").of_width("narrow"),
        asker: asker(wanted),
        people: chosen(people, None).into_iter().map(linked).collect(),
    })
}

/// A request that leads nowhere, told here: where an answer would be sent is not certain.
pub fn refused(asked: &Asked, told: Told) -> Result<Reply, Error> {
    let says = match told {
        Told::UnknownClient => {
            "This assistant is not known here, or not any more. Add plainchart to it once more."
        }
        Told::BadDocument => "What this assistant says about itself could not be read at its address.",
        Told::BadRedirect => {
            "This assistant wants the answer at an address that it has not named before. Nothing was sent."
        }
        Told::Repeated => "This request contradicts itself. Nothing was sent.",
        Told::TooMany => "Too many assistants ask at the moment. Try again in a minute.",
    };
    failed(asked, "It cannot be connected", says, StatusCode::BAD_REQUEST)
}

/// As many assistants as one may let in are let in.
pub fn too_many(asked: &Asked) -> Result<Reply, Error> {
    let says = "Too many assistants may read this record already. Disconnect some first.";
    failed(asked, "It was not connected", says, StatusCode::CONFLICT)
}

fn failed(asked: &Asked, heading: &'static str, says: &str, status: StatusCode) -> Result<Reply, Error> {
    let frame = asked.frame(heading).of_width("narrow");
    let (back, back_says) = ("/assistants", "To the assistants");
    let page = RefusedPage { frame, heading, says: says.to_owned(), back, back_says };
    Ok(Reply::page(&page)?.with_status(status))
}

fn asker(wanted: &authorization::Asked) -> Asker {
    let assistant = &wanted.assistant;
    Asker {
        name: assistant.name.clone(),
        place: assistant.place.clone(),
        is_local: assistant.is_local,
        document: wanted.document_host(),
    }
}

/// The request without the person that was chosen on it before.
fn without_person(target: &str) -> &str {
    target.split(&format!("&{PERSON}=")).next().unwrap_or(target)
}
