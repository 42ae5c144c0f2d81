//! Who did what with a record, checked and to be taken away.

use askama::Template;

use super::Error;
use super::asked::Asked;
use super::frame::{Frame, Here};
use super::people::{self, Chosen};
use super::reply::Reply;
use super::site::Site;
use super::told::{self, Told};
use crate::access::{self, audit};

/// Lines that the page shows.
const LINES_MAX: u64 = 200;
/// Lines that a file holds.
const FILE_LINES_MAX: u64 = 100_000;

#[derive(Template)]
#[template(path = "activity.html")]
struct ActivityPage {
    frame: Frame,
    people: Vec<Chosen>,
    person: String,
    whose: String,
    lines: Vec<Told>,
    count: u64,
    broken_at: Option<u64>,
}

/// The page.
pub fn page(site: &Site, asked: &Asked) -> Result<Reply, Error> {
    let signed = asked.signed()?;
    let Some(care) = site.person(signed, asked.query.one("person"))? else { return Ok(Reply::to("/")) };
    let rows = site.accounts().rows_of(&care)?;
    let (count, broken_at) = match audit::verify(&rows) {
        Ok(count) => (count, None),
        Err(access::Error::BrokenAudit(line)) => (0, Some(line)),
        Err(error) => return Err(error.into()),
    };
    let lines = match broken_at {
        None => audit::read(&rows, LINES_MAX)?,
        Some(_) => Vec::new(),
    };
    Reply::page(&ActivityPage {
        frame: asked.frame("Activity").at(Here::Activity).of_width(""),
        people: people::chosen(&site.accounts().people(signed)?, Some(&care)),
        person: care.owner.as_str().to_owned(),
        whose: people::whose(&care),
        lines: lines.iter().rev().map(Told::of).collect(),
        count,
        broken_at,
    })
}

/// The list as a file.
pub fn file(site: &Site, asked: &Asked) -> Result<Reply, Error> {
    let care = site.person(asked.signed()?, asked.query.one("person"))?.ok_or(Error::NotFound)?;
    let lines = audit::read(&site.accounts().rows_of(&care)?, FILE_LINES_MAX)?;
    match asked.id.as_str() {
        "activity.csv" => {
            Ok(Reply::file("activity.csv", "text/csv; charset=utf-8", told::csv(&lines).into_bytes()))
        }
        "activity.jsonl" => {
            Ok(Reply::file("activity.jsonl", "application/jsonl", told::json_lines(&lines).into_bytes()))
        }
        _ => Err(Error::NotFound),
    }
}
