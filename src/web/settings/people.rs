//! A new person in care.

use crate::access::account::{self, Unusable};
use crate::web::Error;
use crate::web::asked::Asked;
use crate::web::people::named_relation;
use crate::web::reply::Reply;
use crate::web::site::Site;

/// A person was sent.
pub fn add(site: &Site, asked: &Asked) -> Result<Reply, Error> {
    let relation = named_relation(asked.form.text("relation")).ok_or(Error::Forged)?;
    let born = match asked.form.text("born") {
        "" => None,
        day => Some(day.parse().map_err(|_| account::Error::Unusable(Unusable::Birth))?),
    };
    let care = site.accounts().add_person(asked.signed()?, asked.form.text("label"), relation, born)?;
    Ok(Reply::to(format!("/?done=added&person={}", care.owner.as_str())))
}
