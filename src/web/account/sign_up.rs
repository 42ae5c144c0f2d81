//! Making an account, where the operator lets one in.

use askama::Template;
use axum::http::StatusCode;

use super::signed_in;
use crate::access::account::{self, Joiner, Policy, Unusable};
use crate::secret::Secret;
use crate::web::asked::{Asked, encoded, own_path};
use crate::web::frame::Frame;
use crate::web::reply::Reply;
use crate::web::site::Site;
use crate::web::{Error, error};

/// What was wrong with what was typed, by field.
#[derive(Clone, Copy, Default)]
pub struct Flaws {
    /// The name.
    pub name: Option<&'static str>,
    /// The password.
    pub password: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "sign_up.html")]
struct SignUpPage {
    frame: Frame,
    is_open: bool,
    handed: Option<String>,
    invitation: String,
    name: String,
    name_error: Option<&'static str>,
    password_error: Option<&'static str>,
    next: String,
    next_encoded: String,
}

/// The page to make an account at.
pub fn page(site: &Site, asked: &Asked) -> Result<Reply, Error> {
    shown(site, asked, Flaws::default(), None)
}

/// A name and a password were sent.
pub fn sent(site: &Site, asked: &Asked) -> Result<Reply, Error> {
    let password = Secret::new(asked.form.text("password").to_owned());
    let invitation = Some(asked.form.text("invitation")).filter(|text| !text.is_empty());
    let joiner = Joiner { name: asked.form.text("name"), password: &password, invitation };
    use account::Error as E;
    let (flaws, says) = match site.accounts().sign_up(joiner, asked.peer) {
        Ok(token) => return Ok(signed_in(site, &token, own_path(asked.form.text("next")))),
        Err(E::NameTaken) => {
            let name = Some("This name is taken here. Choose another, or sign in.");
            (Flaws { name, ..Flaws::default() }, None)
        }
        Err(E::Unusable(unusable)) => (flaws(unusable), None),
        Err(E::NotInvited) => {
            (Flaws::default(), Some("This invitation is used up or too old. Ask for a new one."))
        }
        Err(E::TooMany) => (Flaws::default(), Some("Too many tries at the moment. Wait a few minutes.")),
        Err(other) => return Err(other.into()),
    };
    Ok(shown(site, asked, flaws, says)?.with_status(StatusCode::BAD_REQUEST))
}

/// What is wrong with a name or password that was typed.
pub fn flaws(unusable: Unusable) -> Flaws {
    let name = |says| Flaws { name: Some(says), ..Flaws::default() };
    let password = |says| Flaws { password: Some(says), ..Flaws::default() };
    let says = error::of_typed(unusable);
    match unusable {
        Unusable::ShortPassword | Unusable::LongPassword | Unusable::GuessedPassword => password(says),
        Unusable::Name
        | Unusable::Label
        | Unusable::Birth
        | Unusable::TooManyPeople
        | Unusable::TooManyInvitations
        | Unusable::TooManyPasskeys => name(says),
    }
}

fn shown(site: &Site, asked: &Asked, flaws: Flaws, says: Option<&'static str>) -> Result<Reply, Error> {
    let text = asked.field("invitation");
    let invitation = if text.is_empty() { None } else { site.accounts().invitation(text)? };
    let is_open = site.accounts().policy() == Policy::Open || invitation.is_some();
    let next = own_path(asked.field("next"));
    Reply::page(&SignUpPage {
        frame: asked.frame("Make an account").of_width("narrow").failing(says),
        is_open,
        // One that holds no longer would refuse a sign-up that is open to everybody.
        invitation: if invitation.is_some() { text.to_owned() } else { String::new() },
        handed: invitation.and_then(|invitation| invitation.person).map(|handed| handed.label),
        name: asked.form.text("name").to_owned(),
        name_error: flaws.name,
        password_error: flaws.password,
        next: next.to_owned(),
        next_encoded: encoded(next),
    })
}
