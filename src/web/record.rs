//! The first page: the record at a glance, or what to do where there is none yet.

use askama::Template;

use super::Error;
use super::asked::Asked;
use super::frame::{Frame, Here};
use super::glance::Glance;
use super::people::{self, Adding, Chosen};
use super::reply::Reply;
use super::site::Site;
use crate::access::account::Relation;

#[derive(Template)]
#[template(path = "record.html")]
struct RecordPage {
    frame: Frame,
    people: Vec<Chosen>,
    person: String,
    relation: &'static str,
    glance: Option<Glance>,
    is_limited: bool,
    adding: Adding,
    assistants: usize,
    address: String,
}

/// The page.
pub fn page(site: &Site, asked: &Asked) -> Result<Reply, Error> {
    let signed = asked.signed()?;
    let care = site.person(signed, asked.query.one("person"))?;
    let people = people::chosen(&site.accounts().people(signed)?, care.as_ref());
    let title = care.as_ref().map_or("Welcome", |care| care.label.as_str());
    let mut page = RecordPage {
        frame: asked.frame(title).at(Here::Record).of_width("").saying(notice(asked.query.text("done"))),
        people,
        person: String::new(),
        relation: "",
        glance: None,
        is_limited: false,
        adding: Adding::begun(true),
        assistants: 0,
        address: site.public().resource(),
    };
    if let Some(care) = &care {
        let view = site.view(care)?;
        page.person = care.owner.as_str().to_owned();
        page.relation = people::relation(care.relation);
        page.is_limited = care.relation != Relation::Own && view.scope().withholds();
        let sources = site.sources(signed, care, &view)?;
        page.glance = Some(Glance::of(&view, &sources, site.clock().today()));
        page.assistants = site.grants(care)?.len();
    }
    Reply::page(&page)
}

fn notice(done: &str) -> Option<&'static str> {
    (done == "added").then_some("The person was added. Now bring in their records.")
}
