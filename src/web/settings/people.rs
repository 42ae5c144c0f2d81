//! A new person in care.

use askama::Template;
use axum::http::StatusCode;

use crate::access::account::{self, Unusable};
use crate::web::asked::Asked;
use crate::web::frame::{Frame, Here};
use crate::web::people::{Adding, named_relation};
use crate::web::reply::Reply;
use crate::web::site::Site;
use crate::web::{Error, error};

#[derive(Template)]
#[template(path = "add_person_again.html")]
struct AgainPage {
    frame: Frame,
    adding: Adding,
}

/// A person was sent.
pub fn add(site: &Site, asked: &Asked) -> Result<Reply, Error> {
    let signed = asked.signed()?;
    let Some(relation) = named_relation(asked.form.text("relation")) else {
        let relation_error = Some("Choose what you are to this person.");
        return again(asked, None, Adding { relation_error, ..Adding::of_form(&asked.form) });
    };
    let born = Some(asked.form.text("born")).filter(|day| !day.is_empty()).map(str::parse).transpose();
    let added = match born {
        Ok(born) => site.accounts().add_person(signed, asked.form.text("label"), relation, born),
        Err(_) => Err(Unusable::Birth.into()),
    };
    let unusable = match added {
        Ok(care) => return Ok(Reply::to(format!("/?done=added&person={}", care.owner.as_str()))),
        Err(account::Error::Unusable(unusable)) => unusable,
        Err(other) => return Err(other.into()),
    };
    let (adding, says) = (Adding::of_form(&asked.form), Some(error::of_typed(unusable)));
    match unusable {
        Unusable::Label => again(asked, None, Adding { label_error: says, ..adding }),
        Unusable::Birth => again(asked, None, Adding { born_error: says, ..adding }),
        _ => again(asked, says, adding),
    }
}

/// The form once more, with what was typed and what has to be looked at.
fn again(asked: &Asked, says: Option<&'static str>, adding: Adding) -> Result<Reply, Error> {
    let frame = asked.frame("Add a person").at(Here::Settings).of_width("narrow").failing(says);
    Ok(Reply::page(&AgainPage { frame, adding })?.with_status(StatusCode::BAD_REQUEST))
}
