//! What refers to what, once every entry is read.

use super::building::{Building, EndpointDraft, Manager, PortalDraft, row};
use super::keys::Reference;
use super::tables::{Brand, DEPTH_MAX, Portal, Tables};

/// The tables of what was read, with every reference followed. What leads nowhere is counted.
pub(super) fn link(mut building: Building) -> (Tables, Building) {
    let mut tables = Tables { texts: building.finish_texts(), ..Tables::default() };
    let parts = part_of(&mut building);
    let mut is_referred = vec![false; building.endpoints.len()];
    for (at, part_of) in parts.into_iter().enumerate() {
        let draft = &mut building.brands[at];
        let (portals, endpoints) = (std::mem::take(&mut draft.portals), std::mem::take(&mut draft.endpoints));
        let none = (Vec::new(), Vec::new());
        let brand = Brand {
            name: draft.brand.name,
            aliases: std::mem::replace(&mut draft.brand.aliases, none.0),
            places: std::mem::replace(&mut draft.brand.places, none.1),
            website: draft.brand.website,
            part_of,
        };
        tables.brands.push(brand);
        let own = own_portals(row(at), portals, &endpoints, &mut building);
        own.iter().flat_map(|portal| &portal.endpoints).for_each(|at| is_referred[*at as usize] = true);
        tables.portals.extend(own);
    }
    let drafts = std::mem::take(&mut building.endpoints);
    for (at, EndpointDraft { endpoint, manager }) in drafts.into_iter().enumerate() {
        let name = endpoint.name;
        tables.endpoints.push(endpoint);
        if is_referred[at] {
            continue;
        }
        let brand = match manager {
            Manager::Of(reference) => building.brand_keys.find(reference),
            Manager::Contained(brand) => Some(add(&mut tables, *brand)),
            Manager::Named(name) => Some(add(&mut tables, named(name))),
            Manager::Nobody => None,
        };
        let brand = brand.or_else(|| name.map(|name| add(&mut tables, named(name))));
        match brand {
            Some(brand) => tables.portals.push(nameless(brand, vec![row(at)])),
            None => building.skip("an endpoint that no organization refers to and that has no name"),
        }
    }
    join_nameless(&mut tables);
    (tables, building)
}

/// The row that each brand is part of. A circle is cut where it closes.
fn part_of(building: &mut Building) -> Vec<Option<u32>> {
    let mut parts = Vec::with_capacity(building.brands.len());
    for at in 0..building.brands.len() {
        let written = building.brands[at].part_of;
        let found = written.and_then(|written| building.brand_keys.find(written));
        if written.is_some() && found.is_none() {
            building.skip("a facility whose organization is not in the bundle");
        }
        parts.push(found);
    }
    for at in 0..parts.len() {
        let above = std::iter::successors(parts[at], |above| parts[*above as usize]).take(DEPTH_MAX);
        if above.into_iter().any(|above| above as usize == at) {
            parts[at] = None;
            building.skip("an organization that is part of itself");
        }
    }
    parts
}

/// The portals of a brand: those it names, and one without a name for endpoints outside of them.
fn own_portals(
    brand: u32,
    drafts: Vec<PortalDraft>,
    endpoints: &[Reference],
    building: &mut Building,
) -> Vec<Portal> {
    let mut portals: Vec<Portal> = Vec::with_capacity(drafts.len());
    for PortalDraft { name, url, description, endpoints } in drafts {
        let endpoints = found(&endpoints, building);
        portals.push(Portal { brand, name, url, description, endpoints });
    }
    let mut others = found(endpoints, building);
    others.retain(|at| !portals.iter().any(|portal| portal.endpoints.contains(at)));
    if !others.is_empty() {
        portals.push(nameless(brand, others));
    }
    portals
}

fn found(references: &[Reference], building: &mut Building) -> Vec<u32> {
    let mut rows = Vec::with_capacity(references.len());
    for reference in references {
        match building.endpoint_keys.find(*reference) {
            Some(row) if rows.contains(&row) => {}
            Some(row) => rows.push(row),
            None => building.skip("a reference to an endpoint that was not taken"),
        }
    }
    rows
}

/// Portals by brand, and of those without a name one a brand.
fn join_nameless(tables: &mut Tables) {
    tables.portals.sort_by_key(|portal| portal.brand);
    tables.portals.dedup_by(|later, earlier| {
        let are_nameless = |portal: &Portal| portal.name.is_none() && portal.url.is_none();
        let is_same = later.brand == earlier.brand && are_nameless(later) && are_nameless(earlier);
        if is_same {
            earlier.endpoints.append(&mut later.endpoints);
        }
        is_same
    });
}

fn nameless(brand: u32, endpoints: Vec<u32>) -> Portal {
    Portal { brand, name: None, url: None, description: None, endpoints }
}

fn named(name: super::texts::TextId) -> Brand {
    Brand { name, aliases: Vec::new(), places: Vec::new(), website: None, part_of: None }
}

fn add(tables: &mut Tables, brand: Brand) -> u32 {
    tables.brands.push(brand);
    row(tables.brands.len() - 1)
}
