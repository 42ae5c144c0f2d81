//! Everything of one person, to take away: a zip archive with a FHIR bundle per source and a summary.

use crate::access::account::Care;
use crate::access::audit::{self, Event, Outcome};
use crate::ingest;
use crate::insight::summary::{SummaryAsk, summary};
use crate::web::Error;
use crate::web::asked::Asked;
use crate::web::reply::Reply;
use crate::web::room::What;
use crate::web::site::Site;

/// The longest summary there is.
const TOKENS: u32 = 13_000;

/// The archive.
pub fn file(site: &Site, asked: &Asked) -> Result<Reply, Error> {
    let signed = super::fresh(site, asked)?;
    let care = site.person(signed, asked.query.one("person"))?.ok_or(Error::NotFound)?;
    let view = site.view(&care)?;
    // The originals hold what a parent of an older child may not see.
    if view.scope().withholds() {
        return Err(Error::NotFound);
    }
    // An archive is held in memory until it has been taken.
    let place = site.room().of_account(signed.owner(), What::Export)?;
    let rows = site.accounts().rows_of(&care)?;
    let arguments = serde_json::Map::new();
    let context = site.context(&view, &arguments);
    let ask = SummaryAsk { max_tokens: Some(TOKENS), ..SummaryAsk::default() };
    // A record of which there is no summary can still be taken away.
    let told = summary(&context, &ask).map_or_else(|_| String::new(), |answer| answer.text);
    let at = site.clock().now().as_second();
    let archive = ingest::export_zip(&rows, &told, at)?;
    // It leaves only after its line is in the audit.
    audit::append(&rows, &exported(&care, at))?;
    Ok(Reply::file("plainchart-export.zip", "application/zip", archive).holding(place))
}

fn exported(care: &Care, at: i64) -> Event {
    let who = format!("the account ({})", care.relation.word());
    Event { at, who, tool: "export".into(), entries: Vec::new(), outcome: Outcome::Answered }
}
