//! Which portal a name means: one that is listed by hand, or one of the directory. Never a guess.

use url::Url;

use super::{Error, Wanted, listed};
use crate::ingest::directory;
use crate::sources::directory::{Choice, Found, Hit};
use crate::store::Vault;

/// What a name means.
#[derive(Debug)]
pub enum Named {
    /// This portal.
    One(Box<(Url, Wanted)>),
    /// One of these, each in a line of its own; and how many there are.
    Several {
        /// The best first.
        lines: Vec<String>,
        /// All of them.
        total: usize,
    },
    /// There is such a clinic, and nothing that can be connected to; each says why.
    Unreachable(Vec<String>),
    /// Nobody knows the name.
    Nothing,
}

/// The portal of this name.
pub fn named(vault: &Vault, name: &str) -> Result<Named, Error> {
    if let Some(listed) = listed::find(vault, name)? {
        return Ok(Named::One(Box::new(listed.wanted())));
    }
    Ok(match directory::open(vault)?.find(name) {
        Found::One(choice) => match choice.endpoint.address.parse() {
            Ok(address) => {
                let wanted = Wanted { name: Some(called(&choice)), ..Wanted::default() };
                Named::One(Box::new((address, wanted)))
            }
            Err(_) => Named::Unreachable(vec![format!("{}: its address cannot be read", choice.brand)]),
        },
        Found::Several { choices, total } => {
            Named::Several { lines: choices.iter().map(line).collect(), total }
        }
        Found::Unreachable(hits) => Named::Unreachable(hits.iter().map(why).collect()),
        Found::Nothing => Named::Nothing,
    })
}

/// What the source is called: the brand, and its portal where the brand alone does not tell.
fn called(choice: &Choice) -> String {
    choice.facility.clone().unwrap_or_else(|| choice.brand.clone())
}

fn line(choice: &Choice) -> String {
    let facility = choice.facility.as_ref().map_or_else(String::new, |own| format!("{own}, of "));
    let place = choice.place.as_ref().map_or_else(String::new, |place| format!(", {place}"));
    let portal = choice.portal.as_ref().map_or_else(String::new, |portal| format!(", portal {portal}"));
    format!("{facility}{}{place}{portal}", choice.brand)
}

fn why(hit: &Hit) -> String {
    let endpoints = hit.portals.iter().flat_map(|portal| &portal.endpoints);
    let reasons: Vec<&str> = endpoints.map(|endpoint| endpoint.reach.words()).collect();
    let why = reasons.first().copied().unwrap_or("it names no address that can be connected to");
    format!("{}: {why}", hit.brand)
}
