//! Who may read a record: what each may see, a change of that, and an end to it.

use askama::Template;
use axum::Router;
use axum::http::StatusCode;

use super::asked::Asked;
use super::categories;
use super::consent::choice::{Flaw, KEPT, TERMS};
use super::consent::choices::{Ceiling, Choices, Choosable, Picked, choosable, periods};
use super::frame::{Frame, Here};
use super::people::{self, Chosen};
use super::reply::Reply;
use super::routes::{look, send};
use super::site::Site;
use super::{Error, consent, dates, others};
use crate::access;
use crate::access::account::{Care, Signed};
use crate::access::audit::{self, Line};
use crate::access::authorization::{Given, Grant, State, Why};
use crate::insight::Classes;

/// Lines of the audit in which the last use is looked for.
const LINES_MAX: u64 = 1_000;

#[derive(Template)]
#[template(path = "assistants.html")]
struct AssistantsPage {
    frame: Frame,
    people: Vec<Chosen>,
    person: String,
    whose: String,
    assistants: Vec<Shown>,
    over: Vec<Over>,
    address: String,
}

#[derive(Template)]
#[template(path = "assistant.html")]
struct AssistantPage {
    frame: Frame,
    person: String,
    person_label: String,
    id: String,
    name: String,
    facts: Facts,
    choices: Choices,
    terms: Vec<Choosable>,
}

/// An assistant that may read the record.
struct Shown {
    id: String,
    name: String,
    given_by: &'static str,
    /// Whether the account let it in, and so may change what it sees.
    is_own: bool,
    facts: Option<Facts>,
}

/// What is told of an assistant where nothing is given away by it.
struct Facts {
    place: String,
    is_local: bool,
    sees: String,
    classes: String,
    updates: &'static str,
    since: String,
    until: String,
    used: String,
}

/// An assistant that may read it no longer.
struct Over {
    name: String,
    why: &'static str,
    on: String,
}

/// The routes.
pub fn router() -> Router<Site> {
    Router::new()
        .route("/assistants", look(page))
        .route("/assistants/{grant}", look(one).merge(send("/assistants/change", changed)))
        .route("/assistants/{grant}/disconnect", send("/assistants/disconnect", disconnected))
}

fn page(site: &Site, asked: &Asked) -> Result<Reply, Error> {
    let signed = asked.signed()?;
    let Some(care) = site.person(signed, asked.query.one("person"))? else { return Ok(Reply::to("/")) };
    let (used, now) = (Used::of(site, &care)?, site.clock().now());
    let given = site.server().grants(&site.accounts().rows_of(&care)?)?;
    let told = others::Told::with(site, signed, &care, &given);
    let live = given.iter().filter(|given| given.grant.is_live_at(now)).map(|given| Shown {
        id: given.id.clone(),
        name: given.grant.assistant.name.clone(),
        given_by: given_by(signed, &given.grant),
        is_own: others::is_own(signed, &given.grant),
        facts: told.shows(given).then(|| facts(given, &used)),
    });
    Reply::page(&AssistantsPage {
        frame: asked.frame("Assistants").at(Here::Assistants).saying(notice(asked.query.text("done"))),
        people: people::chosen(&site.accounts().people(signed)?, Some(&care)),
        person: care.owner.as_str().to_owned(),
        whose: people::whose(&care),
        assistants: live.collect(),
        over: given.iter().filter_map(|given| over(&given.grant)).collect(),
        address: site.public().resource(),
    })
}

fn one(site: &Site, asked: &Asked) -> Result<Reply, Error> {
    let signed = asked.signed()?;
    let care = match asked.query.one("person") {
        Some(person) => site.named_person(signed, person)?,
        // The address that an assistant gives names the grant alone.
        None => whose(site, signed, &asked.id)?,
    };
    let given = own(site, asked, &care)?;
    shown_one(site, asked, &care, &given, &Picked::of_grant(&given.grant), None)
}

/// The person in care whose grant this is.
fn whose(site: &Site, signed: &Signed, grant: &str) -> Result<Care, Error> {
    for care in site.accounts().people(signed)? {
        if site.server().given(&site.accounts().rows_of(&care)?, grant)?.is_some() {
            return Ok(care);
        }
    }
    Err(Error::NotFound)
}

fn changed(site: &Site, asked: &Asked) -> Result<Reply, Error> {
    let care = site.named_person(asked.signed()?, asked.form.text("person"))?;
    let given = own(site, asked, &care)?;
    let Given { id, grant } = &given;
    match consent::allowed(site, asked, &care, &grant.scopes.kinds(), Some(grant.expires_at))? {
        Ok(allowed) => {
            let rows = site.accounts().rows_of(&care)?;
            site.server().change(&rows, id, care.relation.word(), &allowed)?.ok_or(Error::NotFound)?;
            Ok(back(&care, "changed"))
        }
        Err(flaw) => {
            let picked = Picked::of_form(&asked.form, Picked::of_grant(grant));
            shown_one(site, asked, &care, &given, &picked, Some(flaw))
        }
    }
}

fn disconnected(site: &Site, asked: &Asked) -> Result<Reply, Error> {
    let care = site.named_person(asked.signed()?, asked.form.text("person"))?;
    let rows = site.accounts().rows_of(&care)?;
    site.server().end(&rows, &asked.id, care.relation.word())?.ok_or(Error::NotFound)?;
    Ok(back(&care, "disconnected"))
}

fn back(care: &Care, done: &str) -> Reply {
    Reply::to(format!("/assistants?person={}&done={done}", care.owner.as_str()))
}

/// The grant that is meant, where the account gave it. Through the choice of somebody who sees less, or more, that of
/// another would become another one unseen.
fn own(site: &Site, asked: &Asked, care: &Care) -> Result<Given, Error> {
    let (signed, now) = (asked.signed()?, site.clock().now());
    let given = site.server().given(&site.accounts().rows_of(care)?, &asked.id)?;
    let is_own = |given: &Given| others::is_own(signed, &given.grant) && given.grant.is_live_at(now);
    given.filter(is_own).ok_or(Error::NotFound)
}

fn shown_one(
    site: &Site,
    asked: &Asked,
    care: &Care,
    given: &Given,
    picked: &Picked,
    flaw: Option<Flaw>,
) -> Result<Reply, Error> {
    let (view, kinds) = (site.view(care)?, given.grant.scopes.kinds());
    let sources = site.sources(asked.signed()?, care, &view)?;
    let used = Used::of(site, care)?;
    let term = asked.form.one("term").unwrap_or(KEPT).to_owned();
    let until = format!("{}, as now", dates::of(given.grant.expires_at));
    let kept = choosable(KEPT, until, term == KEPT);
    let page = AssistantPage {
        frame: asked.frame("Change what it may see").at(Here::Assistants),
        person: care.owner.as_str().to_owned(),
        person_label: care.label.clone(),
        id: given.id.clone(),
        name: given.grant.assistant.name.clone(),
        facts: facts(given, &used),
        choices: Choices::of(
            &Ceiling {
                kinds: &kinds,
                may_update: given.grant.scopes.may_update(),
                view: &view,
                sources: &sources,
            },
            picked,
            flaw,
        ),
        terms: std::iter::once(kept).chain(periods(&TERMS, &term)).collect(),
    };
    let status = if flaw.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    Ok(Reply::page(&page)?.with_status(status))
}

fn facts(given: &Given, used: &Used) -> Facts {
    let Given { id, grant } = given;
    let scope = &grant.scope;
    let classes: Vec<&str> =
        Classes::from_bits(scope.classes).iter().map(crate::insight::Class::plain).collect();
    let mut sees = categories::in_words(scope);
    if let Some(since) = scope.since {
        sees.push_str(&format!(", since {}", dates::day(since)));
    }
    if scope.sources.is_some() {
        sees.push_str(", from some sources only");
    }
    Facts {
        place: grant.assistant.place.clone(),
        is_local: grant.assistant.is_local,
        sees,
        classes: if classes.is_empty() { "None".into() } else { classes.join(", ") },
        updates: if grant.may_update { "May ask for what is new" } else { "May not be asked" },
        since: dates::of(grant.given_at),
        until: dates::of(grant.expires_at),
        used: used.by(id),
    }
}

fn given_by(signed: &Signed, grant: &Grant) -> &'static str {
    if others::is_own(signed, grant) {
        return "You";
    }
    match grant.by.relation.as_str() {
        "own" => "The person",
        "parent" => "A parent or guardian",
        _ => "Someone who acts for the person",
    }
}

/// When assistants last asked, by the audit. One that was changed from outside tells nothing, and keeps nobody from
/// ending what they allowed.
struct Used(Option<Vec<Line>>);

impl Used {
    fn of(site: &Site, care: &Care) -> Result<Used, Error> {
        match audit::read(&site.accounts().rows_of(care)?, LINES_MAX) {
            Ok(lines) => Ok(Used(Some(lines))),
            Err(access::Error::BrokenAudit(_)) => Ok(Used(None)),
            Err(error) => Err(error.into()),
        }
    }

    fn by(&self, id: &str) -> String {
        let Some(lines) = &self.0 else { return "Unknown".into() };
        let own = format!(", grant {id}");
        let used = lines.iter().rev().find(|line| line.event.who.ends_with(&own));
        used.map_or_else(|| "Not lately".into(), |line| dates::minute_of_second(line.event.at))
    }
}

fn over(grant: &Grant) -> Option<Over> {
    let State::Ended { why, at } = grant.state else { return None };
    let why = match why {
        Why::Disconnected => "It was disconnected",
        Why::GivenBack => "It gave its access back",
        Why::Expired => "Its time was over",
        Why::Replaced => "It was connected anew",
        Why::CodeReused | Why::RefreshReused => "Its access was used twice, so it was ended to be safe",
    };
    Some(Over { name: grant.assistant.name.clone(), why, on: dates::of(at) })
}

fn notice(done: &str) -> Option<&'static str> {
    match done {
        "changed" => Some("Saved. It holds from the next question on."),
        "disconnected" => Some("It is disconnected. Its next question is refused."),
        _ => None,
    }
}
