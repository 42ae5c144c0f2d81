//! The one that is meant, or those to choose from: for `plainchart connect NAME` and for `connect_source`.

use serde::Serialize;

use super::hit::{Closeness, EndpointFound, Hit, PortalFound, portal_found};
use super::matching::Question;
use super::search::Directory;

/// More are not offered to choose from: more words are asked for.
const CHOICES_MAX: usize = 20;

/// A brand, a portal and an endpoint to connect to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// The brand that a person knows.
    pub brand: String,
    /// The facility by which it was found.
    pub facility: Option<String>,
    /// Town and state.
    pub place: Option<String>,
    /// The portal at which the person signs in, by name.
    pub portal: Option<String>,
    /// The portal's address in a browser; not what is connected to.
    pub portal_url: Option<String>,
    /// Who the portal is for.
    pub description: Option<String>,
    /// What is connected to.
    pub endpoint: EndpointFound,
    /// The bundle that says so.
    pub bundle: String,
    /// When its publisher last changed it, as written.
    pub published_at: Option<String>,
}

/// What [`Directory::find`] found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// This one is meant: the only brand, or the only one of exactly this name, and the only endpoint to
    /// connect to. Never a guess at a misspelt word.
    One(Box<Choice>),
    /// One of these is meant: the person says which. A single one where a word was misspelt.
    Several {
        /// The best first.
        choices: Vec<Choice>,
        /// How many brands there are, those without anything to connect to among them.
        total: usize,
    },
    /// There are such brands, and none has an endpoint that can be connected to; each says why.
    Unreachable(Vec<Hit>),
    /// No bundle of the directory knows such a brand.
    Nothing,
}

impl Directory {
    /// The brand, portal and endpoint that are meant by these words.
    ///
    /// A brand whose name is what was asked, word for word, wins over those that only have the words. Words
    /// may name the portal too, where a brand has several. Two endpoints of one address are one choice.
    pub fn find(&self, words: &str) -> Found {
        let Some(question) = Question::of(words) else { return Found::Nothing };
        let found = self.search(words, CHOICES_MAX);
        let hits = narrowed(found.hits, &question);
        let Some(first) = hits.first() else { return Found::Nothing };
        let closeness = first.closeness;
        let mut choices: Vec<Choice> = Vec::new();
        for choice in hits.iter().flat_map(|hit| choices_of(hit, &question)) {
            if !choices.iter().any(|known| is_same(known, &choice)) {
                choices.push(choice);
            }
        }
        match choices.len() {
            0 => Found::Unreachable(hits),
            1 if hits.len() == 1 && closeness != Closeness::Misspelt => {
                Found::One(Box::new(choices.remove(0)))
            }
            _ => Found::Several { choices, total: found.total },
        }
    }

    /// Every brand of its own portal at this address: whether the directory knows an address at all, and
    /// what it is called. From an assistant only such addresses are taken.
    pub fn at_address(&self, address: &str) -> Vec<Choice> {
        let mut choices = Vec::new();
        for bundle in &self.bundles {
            let tables = &bundle.tables;
            for portal in &tables.portals {
                let has = |at: &u32| {
                    tables
                        .endpoints
                        .get(*at as usize)
                        .is_some_and(|own| is_address(tables.text(own.address), address))
                };
                if !portal.endpoints.iter().any(has) {
                    continue;
                }
                let Some(brand) = tables.brands.get(portal.brand as usize) else { continue };
                let told = portal_found(portal, tables);
                let own = told.endpoints.iter().filter(|own| is_address(&own.address, address));
                choices.extend(own.filter(|own| own.reach.can_connect()).map(|endpoint| Choice {
                    brand: tables.text(brand.name).to_owned(),
                    facility: None,
                    place: None,
                    portal: told.name.clone(),
                    portal_url: told.url.clone(),
                    description: told.description.clone(),
                    endpoint: endpoint.clone(),
                    bundle: bundle.about.name.clone(),
                    published_at: bundle.about.published_at.clone(),
                }));
            }
        }
        choices
    }
}

/// Those of exactly this name, where there are any; else those as near as the nearest.
fn narrowed(mut hits: Vec<Hit>, question: &Question) -> Vec<Hit> {
    let is_named = |hit: &Hit| question.is(&hit.brand);
    if hits.iter().any(is_named) {
        hits.retain(is_named);
    }
    let nearest = hits.iter().map(|hit| hit.closeness).min();
    hits.retain(|hit| Some(hit.closeness) == nearest);
    hits
}

/// What can be connected to of a brand: of the portals that the words name, where they name one.
fn choices_of(hit: &Hit, question: &Question) -> Vec<Choice> {
    let named = |portal: &PortalFound| portal.name.as_deref().map_or(0, |name| question.found_in(name));
    let most = hit.portals.iter().map(named).max().unwrap_or(0);
    let portals = hit.portals.iter().filter(|portal| named(portal) == most);
    let choices = portals.flat_map(|portal| portal.endpoints.iter().map(move |endpoint| (portal, endpoint)));
    let choices = choices.filter(|(_, endpoint)| endpoint.reach.can_connect());
    choices.map(|(portal, endpoint)| choice(hit, portal, endpoint)).collect()
}

fn choice(hit: &Hit, portal: &PortalFound, endpoint: &EndpointFound) -> Choice {
    Choice {
        brand: hit.brand.clone(),
        facility: hit.facility.clone(),
        place: hit.place.clone(),
        portal: portal.name.clone(),
        portal_url: portal.url.clone(),
        description: portal.description.clone(),
        endpoint: endpoint.clone(),
        bundle: hit.bundles[0].clone(),
        published_at: hit.published_at.clone(),
    }
}

fn is_same(one: &Choice, other: &Choice) -> bool {
    one.brand == other.brand
        && one.portal == other.portal
        && is_address(&one.endpoint.address, &other.endpoint.address)
}

fn is_address(one: &str, other: &str) -> bool {
    one.trim_end_matches('/') == other.trim().trim_end_matches('/')
}
