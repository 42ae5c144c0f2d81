//! Reads a portal again, in the background: the page of sources tells how far it is.

use crate::ingest::portal;
use crate::web::Error;
use crate::web::asked::Asked;
use crate::web::reply::Reply;
use crate::web::site::Site;

/// A portal is to be read again.
pub fn sent(site: &Site, asked: &Asked) -> Result<Reply, Error> {
    let care = site.named_person(asked.signed()?, asked.form.text("person"))?;
    let setting = site.setting(&care)?;
    let connected = portal::list(&setting.rows).map_err(portal::Error::Store)?;
    let id = asked.form.text("source");
    let status = connected.iter().find(|status| status.id == id).ok_or(Error::NotFound)?;
    let done = if site.jobs().begin(setting, &status.id) { "refresh" } else { "busy" };
    Ok(Reply::to(format!("/sources?person={}&done={done}", care.owner.as_str())))
}
