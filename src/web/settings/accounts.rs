//! For administrators: the accounts of this server, and invitations. None of it shows a record; a recovery link opens an
//! account to whoever has it, and its owner is told.

use askama::Template;

use super::fresh;
use crate::access::OwnerId;
use crate::access::account::{self, Listed, Policy, Role, Signed, State};
use crate::web::Error;
use crate::web::asked::Asked;
use crate::web::dates;
use crate::web::frame::{Frame, Here};
use crate::web::reply::Reply;
use crate::web::site::Site;

#[derive(Template)]
#[template(path = "accounts.html")]
struct AccountsPage {
    frame: Frame,
    policy: &'static str,
    accounts: Vec<Shown>,
    has_recovery: bool,
    link: Option<String>,
    link_heading: &'static str,
}

/// An account in the list.
struct Shown {
    id: String,
    name: String,
    state: &'static str,
    since: String,
    is_own: bool,
    is_locked: bool,
    is_administrator: bool,
}

/// A link to give away, and what it is.
type Link = (String, &'static str);

/// The page.
pub fn page(site: &Site, asked: &Asked) -> Result<Reply, Error> {
    let signed = administrator(site, asked)?;
    shown(site, asked, signed, None)
}

/// Something is to be done.
pub fn sent(site: &Site, asked: &Asked) -> Result<Reply, Error> {
    let signed = administrator(site, asked)?;
    let accounts = site.accounts();
    let link = match asked.form.text("act") {
        "invite" => {
            let role = match asked.form.text("role") {
                "administrator" => Role::Administrator,
                "person" => Role::Person,
                _ => return Err(Error::Forged),
            };
            let text = accounts.invite_as_administrator(signed, role)?;
            Some((site.public().at(&format!("/sign-up?invitation={}", text.expose())), "The invitation"))
        }
        "lock" => accounts.lock(&named(site, signed, asked)?).map(|()| None)?,
        "unlock" => accounts.unlock(&named(site, signed, asked)?).map(|()| None)?,
        "recovery" if !site.has_provider() => {
            let text = accounts.recovery_link(&named(site, signed, asked)?)?;
            Some((site.public().at(&format!("/recover?link={}", text.expose())), "The recovery link"))
        }
        _ => return Err(Error::Forged),
    };
    shown(site, asked, signed, link)
}

/// Somebody else is told that there is no such page.
fn administrator<'a>(site: &Site, asked: &'a Asked) -> Result<&'a Signed, Error> {
    match asked.signed()?.role() {
        Role::Administrator => fresh(site, asked),
        Role::Person => Err(Error::NotFound),
    }
}

/// The account that is meant. Nobody locks themself out.
fn named(site: &Site, signed: &Signed, asked: &Asked) -> Result<OwnerId, Error> {
    let id = asked.form.text("account");
    let mut others = site.accounts().list()?.into_iter().filter(|other| other.owner != *signed.owner());
    let found = others.find(|other| other.owner.as_str() == id);
    found.map(|other| other.owner).ok_or(Error::Account(account::Error::NotThere))
}

fn shown(site: &Site, asked: &Asked, signed: &Signed, link: Option<Link>) -> Result<Reply, Error> {
    let all = site.accounts().list()?;
    let (link, link_heading) = link.map_or((None, ""), |(link, heading)| (Some(link), heading));
    Reply::page(&AccountsPage {
        frame: asked.frame("Accounts").at(Here::Settings).of_width(""),
        policy: match site.accounts().policy() {
            Policy::Closed => {
                "Who has an invitation of yours, or of whoever runs this server, can make an account here."
            }
            Policy::Invitation => "Who has an invitation can make an account here.",
            Policy::Open => "Everybody can make an account here.",
        },
        accounts: all.into_iter().map(|listed| row(listed, signed)).collect(),
        has_recovery: !site.has_provider(),
        link,
        link_heading,
    })
}

fn row(listed: Listed, signed: &Signed) -> Shown {
    let (state, is_locked) = match listed.state {
        State::Open => ("In use", false),
        State::Locked { .. } => ("Locked", true),
        State::Joining { .. } => ("Being made", false),
        State::Leaving { .. } => ("Being deleted", false),
    };
    Shown {
        id: listed.owner.as_str().to_owned(),
        name: listed.name,
        state,
        since: dates::of(listed.made_at),
        is_own: listed.owner == *signed.owner(),
        is_locked,
        is_administrator: listed.role == Role::Administrator,
    }
}
