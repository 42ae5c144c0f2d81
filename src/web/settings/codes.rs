//! New recovery codes, shown once.

use askama::Template;

use super::fresh;
use crate::web::Error;
use crate::web::asked::Asked;
use crate::web::frame::{Frame, Here};
use crate::web::reply::Reply;
use crate::web::site::Site;

#[derive(Template)]
#[template(path = "codes.html")]
struct CodesPage {
    frame: Frame,
    left: usize,
    codes: Vec<String>,
}

/// The page.
pub fn page(site: &Site, asked: &Asked) -> Result<Reply, Error> {
    let left = site.accounts().recovery_codes_left(fresh(site, asked)?)?;
    Reply::page(&CodesPage { frame: frame(asked), left, codes: Vec::new() })
}

/// New codes are wanted.
pub fn sent(site: &Site, asked: &Asked) -> Result<Reply, Error> {
    let codes = site.accounts().new_recovery_codes(fresh(site, asked)?)?;
    let codes: Vec<String> = codes.0.iter().map(|code| code.expose().clone()).collect();
    Reply::page(&CodesPage { frame: frame(asked), left: codes.len(), codes })
}

fn frame(asked: &Asked) -> Frame {
    asked.frame("Recovery codes").at(Here::Settings).of_width("narrow")
}
