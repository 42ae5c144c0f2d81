//! The page of all settings.

use askama::Template;
use jiff::civil::Date;

use crate::access::account::{Care, Role};
use crate::access::identity::Provider;
use crate::web::Error;
use crate::web::asked::Asked;
use crate::web::dates;
use crate::web::frame::{Frame, Here};
use crate::web::people::{self, Adding};
use crate::web::reply::Reply;
use crate::web::site::Site;
use crate::web::told::Line;

#[derive(Template)]
#[template(path = "settings.html")]
struct SettingsPage {
    frame: Frame,
    people: Vec<Cared>,
    grown: Vec<Cared>,
    /// Where the account is signed in to, if not here.
    provider: Option<String>,
    codes: usize,
    passkeys: Option<usize>,
    adding: Adding,
    acts: Vec<Line>,
    is_administrator: bool,
}

/// A person in care.
struct Cared {
    id: String,
    label: String,
    relation: &'static str,
    born: Option<String>,
    ends: Option<String>,
    /// Whether all of the record may be taken away: what came in holds what an account may not see, too.
    can_export: bool,
}

/// The page.
pub fn page(site: &Site, asked: &Asked) -> Result<Reply, Error> {
    let signed = asked.signed()?;
    let (accounts, today) = (site.accounts(), site.clock().today());
    let people: Vec<Cared> = accounts.people(signed)?.iter().map(|care| cared(care, today)).collect();
    Reply::page(&SettingsPage {
        frame: asked.frame("Settings").at(Here::Settings).saying(notice(asked.query.text("done"))),
        adding: Adding::begun(people.is_empty()),
        people,
        grown: accounts.grown_up(signed)?.iter().map(|care| cared(care, today)).collect(),
        passkeys: if accounts.has_passkeys() { Some(accounts.passkeys(signed)?.len()) } else { None },
        provider: accounts.provider().map(Provider::host),
        codes: accounts.recovery_codes_left(signed)?,
        acts: accounts.acts(signed)?.iter().map(Line::of_account).collect(),
        is_administrator: signed.role() == Role::Administrator,
    })
}

/// The owner knows of the recovery.
pub fn know_of_recovery(site: &Site, asked: &Asked) -> Result<Reply, Error> {
    site.accounts().know_of_recovery(asked.signed()?)?;
    Ok(Reply::to("/settings"))
}

fn cared(care: &Care, today: Date) -> Cared {
    Cared {
        id: care.owner.as_str().to_owned(),
        label: care.label.clone(),
        relation: people::relation(care.relation),
        born: care.born.map(dates::day),
        ends: care.ends_on().map(dates::day),
        can_export: care.ceiling(today).is_some_and(|ceiling| !ceiling.withholds()),
    }
}

fn notice(done: &str) -> Option<&'static str> {
    match done {
        "password" => Some("The password was changed. You are signed out everywhere else."),
        "sessions" => Some("You are signed out everywhere else."),
        "renamed" => Some("The name was changed."),
        "removed" => Some("The person was removed from your account."),
        _ => None,
    }
}
