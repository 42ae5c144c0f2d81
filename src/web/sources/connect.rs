//! Connects a portal: the person signs in there, comes back here, and is asked where it is not certain whose record it
//! is.

use url::Url;

use super::found;
use crate::access::account::Care;
use crate::ingest::{self, portal};
use crate::web::Error;
use crate::web::asked::Asked;
use crate::web::consent::returning;
use crate::web::reply::Reply;
use crate::web::site::Site;

/// Where portals send browsers back to.
const CALLBACK: &str = "/sources/callback";

/// A portal was chosen: by its address in the directory, or one that is to be signed in to again.
pub fn sent(site: &Site, asked: &Asked) -> Result<Reply, Error> {
    let signed = asked.signed()?;
    let care = site.named_person(signed, asked.form.text("person"))?;
    let setting = site.setting(&care)?;
    let (address, wanted) = match asked.form.one("again") {
        Some(id) => portal::again(&setting, id)?,
        // Only what is in the directory: a form chooses no address of its own.
        None => found::wanted(site, asked.form.text("search"), asked.form.text("address"))?
            .ok_or(Error::NotFound)?,
    };
    let redirect: Url = site.public().at(CALLBACK).parse().map_err(|_| Error::Broken)?;
    let waiting = portal::sign_in::begin_at(&setting, &address, wanted, &redirect)?;
    let target = waiting.address().clone();
    portal::pending::keep(signed.rows(), waiting, &care.owner, setting.now())
        .map_err(portal::Error::Store)?;
    returning::on(asked, "Sign in at the portal", &target)
}

/// The browser comes back from the portal.
pub fn came_back(site: &Site, asked: &Asked) -> Result<Reply, Error> {
    let signed = asked.signed()?;
    let address: Url = site.public().at(&asked.target).parse().map_err(|_| Error::NotFound)?;
    let now = site.clock().now().as_second();
    let taken = portal::pending::take(signed.rows(), &address, now).map_err(portal::Error::Store)?;
    let (waiting, person) = taken.ok_or(Error::NotFound)?;
    let care = site.named_person(signed, person.as_str())?;
    let setting = site.setting(&care)?;
    let signed_in = match waiting.came_back(&setting, &address) {
        Ok(signed_in) => signed_in.by(signed.owner()),
        Err(portal::Error::Callback(_)) => return Ok(back(&care, "denied")),
        Err(error) => return Err(error.into()),
    };
    match signed_in.check(Some(&care.label), false) {
        Ok(()) => {
            let id = signed_in.keep(false)?;
            let begun = site.jobs().begin(setting.clone(), &id);
            Ok(back(&care, if begun { "connected" } else { "connected-only" }))
        }
        // Somebody else's record, or one that cannot be told apart, is not taken: its access goes back at once.
        Err(portal::Error::Import(
            ingest::Error::SomebodyElse { .. }
            | ingest::Error::Unconfirmed { .. }
            | ingest::Error::SeveralPeople { .. }
            | ingest::Error::NoSuchPerson { .. },
        )) => {
            let _ = signed_in.give_back();
            Ok(back(&care, "other"))
        }
        Err(error) => {
            let _ = signed_in.give_back();
            Err(error.into())
        }
    }
}

fn back(care: &Care, done: &str) -> Reply {
    Reply::to(format!("/sources?person={}&done={done}", care.owner.as_str()))
}
