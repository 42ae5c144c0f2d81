//! The page of sources: what each brought, how fresh it is, and ways to add one.

use std::collections::HashMap;

use askama::Template;

use super::found::{self, Found};
use super::received;
use super::report::{Other, Told};
use crate::access::account::Care;
use crate::ingest::portal::{self, Status};
use crate::record::{Kind, QueryState, Source, SourceKind, View};
use crate::web::Error;
use crate::web::asked::Asked;
use crate::web::dates;
use crate::web::frame::{Frame, Here};
use crate::web::glance;
use crate::web::others;
use crate::web::people::{self, Chosen};
use crate::web::reply::Reply;
use crate::web::site::Site;

#[derive(Template)]
#[template(path = "sources.html")]
struct SourcesPage {
    frame: Frame,
    people: Vec<Chosen>,
    person: String,
    person_label: String,
    whose: String,
    report: Option<Told>,
    sources: Vec<Shown>,
    megabytes: usize,
    file_error: Option<String>,
    asks_same: bool,
    others: Vec<Other>,
    search: String,
    found: Option<Vec<Found>>,
}

/// What an upload has to say on the page.
#[derive(Default)]
pub struct Said {
    /// What was brought in.
    pub report: Option<Told>,
    /// What was wrong with the files.
    pub file_error: Option<String>,
    /// Whether the person has to say that it is the same person.
    pub asks_same: bool,
    /// Who else is in the files, where the person has to choose.
    pub others: Vec<Other>,
}

/// A source.
struct Shown {
    id: String,
    name: String,
    what: String,
    read_on: Option<String>,
    entries: usize,
    trouble: Option<String>,
    gaps: Vec<String>,
    is_connected: bool,
    needs_sign_in: bool,
    is_working: bool,
    progress: Option<String>,
}

/// The page.
pub fn page(site: &Site, asked: &Asked) -> Result<Reply, Error> {
    let Some(care) = site.person(asked.signed()?, asked.query.one("person"))? else {
        return Ok(Reply::to("/"));
    };
    shown(site, asked, &care, Said::default())
}

/// The page of a person's sources, with what an upload has to say.
pub fn shown(site: &Site, asked: &Asked, care: &Care, said: Said) -> Result<Reply, Error> {
    let view = site.view(care)?;
    let connected = portal::list(&site.accounts().rows_of(care)?).map_err(portal::Error::Store)?;
    let signed = asked.signed()?;
    let sources = sources(site, &view, &connected, &others::Told::of(site, signed, care)?);
    let search = asked.query.text("search").trim();
    let found = if search.is_empty() { None } else { Some(found::search(site, search)?) };
    let page = SourcesPage {
        frame: asked.frame("Sources").at(Here::Sources).saying(notice(asked.query.text("done"))),
        people: people::chosen(&site.accounts().people(signed)?, Some(care)),
        person: care.owner.as_str().to_owned(),
        person_label: care.label.clone(),
        whose: people::whose(care),
        report: said.report,
        sources,
        megabytes: received::FILE_BYTES_MAX >> 20,
        file_error: said.file_error,
        asks_same: said.asks_same,
        others: said.others,
        search: search.to_owned(),
        found,
    };
    Ok(Reply::page(&page)?.with_script())
}

/// The sources of the record, and the portals of which nothing has come yet.
fn sources(site: &Site, view: &View, connected: &[Status], told: &others::Told) -> Vec<Shown> {
    let mut entries: HashMap<&str, usize> = HashMap::new();
    for kind in Kind::ALL {
        for entry in view.entries(kind) {
            *entries.entry(view.source(entry).id.as_str()).or_default() += 1;
        }
    }
    let status_of = |id: &str| connected.iter().find(|status| status.id == id);
    let read = told.sources(view, connected).map(|source| {
        let count = entries.get(source.id.as_str()).copied().unwrap_or_default();
        of_record(site, source, status_of(&source.id), count)
    });
    let is_unread = |status: &&Status| view.sources().all(|source| source.id != status.id.as_str());
    let others = connected.iter().filter(is_unread).filter(|status| told.shows_portal(status));
    let unread = others.map(|status| unread(site, status));
    read.chain(unread).collect()
}

fn of_record(site: &Site, source: &Source, status: Option<&Status>, entries: usize) -> Shown {
    let fetched = source.fetched.as_ref();
    let trouble = fetched.and_then(|fetched| fetched.trouble.as_ref());
    let bad = |state| matches!(state, QueryState::Failed | QueryState::Partial | QueryState::Refused);
    let queries = fetched.map(|fetched| fetched.queries.as_slice()).unwrap_or_default();
    let gaps = queries.iter().filter(|query| bad(query.state));
    Shown {
        id: source.id.to_string(),
        name: source.name.to_string(),
        what: match source.kind {
            SourceKind::Files => "Files".into(),
            SourceKind::Own => "Your own entries".into(),
            SourceKind::Portal => portal_words(status),
        },
        read_on: glance::read_on(source),
        entries,
        trouble: trouble
            .map(|trouble| format!("Since {}: {}.", dates::of_second(trouble.at), trouble.why))
            .or_else(|| of_status(status)),
        gaps: gaps.map(|query| format!("{}: {}", query.name, query.why)).collect(),
        is_connected: status.is_some(),
        needs_sign_in: status.is_some_and(|status| status.needs_sign_in.is_some()),
        is_working: site.jobs().is_running(&source.id),
        progress: site.jobs().progress(&source.id),
    }
}

fn unread(site: &Site, status: &Status) -> Shown {
    Shown {
        id: status.id.clone(),
        name: status.name.clone(),
        what: portal_words(Some(status)),
        read_on: None,
        entries: 0,
        trouble: of_status(Some(status)),
        gaps: Vec::new(),
        is_connected: true,
        needs_sign_in: status.needs_sign_in.is_some(),
        is_working: site.jobs().is_running(&status.id),
        progress: site.jobs().progress(&status.id),
    }
}

fn portal_words(status: Option<&Status>) -> String {
    let Some(status) = status else { return "A portal, no longer connected".into() };
    let how = if status.acts_as.is_some() { ", signed in on the person's behalf" } else { "" };
    format!("Portal at {}{how}", status.host)
}

fn of_status(status: Option<&Status>) -> Option<String> {
    let status = status?;
    if status.needs_sign_in.is_some() {
        return Some("The sign-in there has ended. Sign in again to read it.".into());
    }
    status.failed.as_ref().map(|why| format!("The last try failed: {why}."))
}

fn notice(done: &str) -> Option<&'static str> {
    match done {
        "refresh" => Some("It is being read now. This page shows when it is done."),
        "busy" => Some("Others are being read just now. Try again in a minute."),
        "connected" => Some("It is connected. What it has is read at once."),
        "connected-only" => {
            Some("It is connected. Others are being read just now, so press “Read again” in a minute.")
        }
        "denied" => Some("The portal did not let plainchart in. Nothing was changed."),
        "other" => Some(
            "The record at this portal is about someone else, or it does not say enough. It was not connected, and its access was given back.",
        ),
        "removed" => Some("The source was removed."),
        "told" => Some(
            "The source was removed. The portal could not be told: end the access there too, at its page of connected apps.",
        ),
        _ => None,
    }
}
