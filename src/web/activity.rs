//! Who did what with a record, checked and to be taken away.

use askama::Template;

use super::Error;
use super::asked::Asked;
use super::frame::{Frame, Here};
use super::others;
use super::people::{self, Chosen};
use super::reply::Reply;
use super::site::Site;
use super::told::{self, Entries, Line};
use crate::access::audit::{self, Walked};

/// Lines that the page shows.
const LINES_MAX: usize = 200;
/// Lines that a file holds.
const FILE_LINES_MAX: usize = 100_000;

#[derive(Template)]
#[template(path = "activity.html")]
struct ActivityPage {
    frame: Frame,
    people: Vec<Chosen>,
    person: String,
    whose: String,
    is_whole: bool,
    lines: Vec<Line>,
    count: u64,
    broken_at: Option<u64>,
}

/// The page.
pub fn page(site: &Site, asked: &Asked) -> Result<Reply, Error> {
    let signed = asked.signed()?;
    let Some(care) = site.person(signed, asked.query.one("person"))? else { return Ok(Reply::to("/")) };
    let told = others::Told::of(site, signed, &care)?;
    let Walked { lines, count, broken_at } = audit::walked(&site.accounts().rows_of(&care)?, LINES_MAX)?;
    Reply::page(&ActivityPage {
        frame: asked.frame("Activity").at(Here::Activity).of_width(""),
        people: people::chosen(&site.accounts().people(signed)?, Some(&care)),
        person: care.owner.as_str().to_owned(),
        whose: people::whose(&care),
        is_whole: told.is_whole(),
        lines: lines.iter().rev().map(|line| Line::of(line, &told)).collect(),
        count,
        broken_at,
    })
}

/// The list as a file.
pub fn file(site: &Site, asked: &Asked) -> Result<Reply, Error> {
    let signed = asked.signed()?;
    let care = site.person(signed, asked.query.one("person"))?.ok_or(Error::NotFound)?;
    let walked = || audit::walked(&site.accounts().rows_of(&care)?, FILE_LINES_MAX).map_err(Error::from);
    let told = others::Told::of(site, signed, &care)?;
    match asked.id.as_str() {
        "activity.csv" => {
            let text = told::csv(&walked()?, &told);
            Ok(Reply::file("activity.csv", "text/csv; charset=utf-8", text.into_bytes()))
        }
        "activity.jsonl" => {
            let text = told::json_lines(&walked()?, &told);
            Ok(Reply::file("activity.jsonl", "application/jsonl", text.into_bytes()))
        }
        _ => Err(Error::NotFound),
    }
}
