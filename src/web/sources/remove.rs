//! Removes a source: its access is given back, and what it brought stays or goes.

use askama::Template;

use crate::access::account::Care;
use crate::ingest::{drop_source, portal};
use crate::record::{Kind, View};
use crate::web::Error;
use crate::web::asked::Asked;
use crate::web::frame::{Frame, Here};
use crate::web::others;
use crate::web::reply::Reply;
use crate::web::site::Site;

#[derive(Template)]
#[template(path = "source_remove.html")]
struct RemovePage {
    frame: Frame,
    person: String,
    source: String,
    name: String,
    is_connected: bool,
    entries: usize,
}

/// Asks what is to become of what it brought.
pub fn page(site: &Site, asked: &Asked) -> Result<Reply, Error> {
    let care = site.named_person(asked.signed()?, asked.query.text("person"))?;
    let id = asked.query.text("source");
    let view = site.view(&care)?;
    let Meant { name, is_connected } = meant(site, asked, &care, &view, id)?;
    let of_source = |kind| view.entries(kind).filter(|entry| view.source(entry).id == id).count();
    Reply::page(&RemovePage {
        frame: asked.frame("Remove a source").at(Here::Sources).of_width("narrow"),
        person: care.owner.as_str().to_owned(),
        source: id.to_owned(),
        name,
        is_connected,
        entries: Kind::ALL.into_iter().map(of_source).sum(),
    })
}

/// It was confirmed.
pub fn sent(site: &Site, asked: &Asked) -> Result<Reply, Error> {
    let care = site.named_person(asked.signed()?, asked.form.text("person"))?;
    let setting = site.setting(&care)?;
    let id = asked.form.text("source");
    let with_entries = match asked.form.text("entries") {
        "drop" => true,
        "keep" => false,
        _ => return Err(Error::Forged),
    };
    let meant = meant(site, asked, &care, &site.view(&care)?, id)?;
    site.jobs().stop(id);
    let is_told = match meant.is_connected {
        true => portal::remove(&setting, id, with_entries)?.not_revoked.is_none(),
        false if with_entries => drop_source(&setting.rows, id).map(|_| true)?,
        false => true,
    };
    let done = if is_told { "removed" } else { "told" };
    Ok(Reply::to(format!("/sources?person={}&done={done}", care.owner.as_str())))
}

/// A source that is to go.
struct Meant {
    name: String,
    is_connected: bool,
}

/// The source that is meant, where the account is told of it.
fn meant(site: &Site, asked: &Asked, care: &Care, view: &View, id: &str) -> Result<Meant, Error> {
    let told = others::Told::of(site, asked.signed()?, care)?;
    let connected = portal::list(&site.accounts().rows_of(care)?).map_err(portal::Error::Store)?;
    let status = connected.iter().find(|status| status.id == id);
    let source = told.sources(view, &connected).find(|source| source.id == id);
    let name = source.map(|source| source.name.to_string());
    let unread = status.filter(|status| told.shows_portal(status)).map(|status| status.name.clone());
    let name = name.or(unread).ok_or(Error::NotFound)?;
    Ok(Meant { name, is_connected: status.is_some() })
}
