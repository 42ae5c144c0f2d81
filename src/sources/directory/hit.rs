//! What a search gives back: brand, portal and endpoint apart, and where they were found.

use serde::Serialize;

use super::about::About;
use super::matching::{Match, Question};
use super::tables::{Place, Portal, Reach, Tables};

/// What was found, the best first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Hits {
    /// The best.
    pub hits: Vec<Hit>,
    /// How many there are.
    pub total: usize,
}

/// A brand that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hit {
    /// The brand to whose portals one signs in.
    pub brand: String,
    /// The facility or smaller brand by whose name or place it was found, where that is not the brand itself.
    pub facility: Option<String>,
    /// Its town and state: those of the question, else its first.
    pub place: Option<String>,
    /// The brand's website, which is no portal.
    pub website: Option<String>,
    /// Where one signs in; empty where the bundle names no portal.
    pub portals: Vec<PortalFound>,
    /// The bundles that say so, the best first.
    pub bundles: Vec<String>,
    /// When the first of them was last changed by its publisher, as written.
    pub published_at: Option<String>,
    /// How near it is to what was asked.
    pub closeness: Closeness,
}

/// How near a brand is to what was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Closeness {
    /// It has every word.
    Exact,
    /// It has words that begin so.
    Beginning,
    /// It has every word if some are misspelt.
    Misspelt,
}

/// A portal of a brand that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PortalFound {
    /// What people know it by; `None` for endpoints that the bundle names outside of any portal.
    pub name: Option<String>,
    /// Its own address in a browser.
    pub url: Option<String>,
    /// Who it is for, in the publisher's words.
    pub description: Option<String>,
    /// What answers there; empty where the bundle does not say.
    pub endpoints: Vec<EndpointFound>,
}

/// An endpoint of a portal that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EndpointFound {
    /// The base address.
    pub address: String,
    /// What its publisher calls it.
    pub name: Option<String>,
    /// The FHIR versions it is said to speak.
    pub versions: Vec<String>,
    /// Whether it can be connected to.
    pub reach: Reach,
}

impl Hit {
    /// Whether one of its endpoints can be connected to.
    pub fn can_connect(&self) -> bool {
        self.portals.iter().flat_map(|portal| &portal.endpoints).any(|endpoint| endpoint.reach.can_connect())
    }

    pub(super) fn of(found: Match, owner: u32, question: &Question, tables: &Tables, about: &About) -> Hit {
        let own = &tables.brands[found.brand as usize];
        let brand = &tables.brands[owner as usize];
        let text = |id| tables.text(id).to_owned();
        let places = if own.places.is_empty() { &brand.places } else { &own.places };
        Hit {
            brand: text(brand.name),
            facility: (found.brand != owner && text(own.name) != text(brand.name)).then(|| text(own.name)),
            place: place(places, question, tables),
            website: brand.website.map(text),
            portals: tables.portals_of(owner).iter().map(|portal| portal_found(portal, tables)).collect(),
            bundles: vec![about.name.clone()],
            published_at: about.published_at.clone(),
            closeness: match found.distance {
                0 => Closeness::Exact,
                _ if found.is_misspelt() => Closeness::Misspelt,
                _ => Closeness::Beginning,
            },
        }
    }
}

pub(super) fn portal_found(portal: &Portal, tables: &Tables) -> PortalFound {
    let text = |id| tables.text(id).to_owned();
    let endpoints = portal.endpoints.iter().filter_map(|at| tables.endpoints.get(*at as usize));
    let endpoints = endpoints.map(|endpoint| EndpointFound {
        address: text(endpoint.address),
        name: endpoint.name.map(text),
        versions: endpoint.versions.iter().copied().map(text).collect(),
        reach: tables.reach(endpoint),
    });
    PortalFound {
        name: portal.name.map(text),
        url: portal.url.map(text),
        description: portal.description.map(text),
        endpoints: endpoints.collect(),
    }
}

/// The place that has most of the words, else the first.
fn place(places: &[Place], question: &Question, tables: &Tables) -> Option<String> {
    let told = places.iter().map(|place| {
        let parts: Vec<&str> = place.town.iter().chain(&place.state).map(|part| tables.text(*part)).collect();
        parts.join(", ")
    });
    // The last of equals wins in `max_by_key`, and the first is wanted.
    told.rev().max_by_key(|place| question.found_in(place))
}
