//! One Organization of a bundle: a brand with its portals, or a facility.

use super::building::{BrandDraft, Building, PortalDraft};
use super::keys::{Address, Reference};
use super::tables::{Brand, Place};
use crate::sources::json::{Json, Object};

/// Reads it into the tables, or counts why not.
pub(super) fn read(organization: &Object<'_>, address: Address<'_>, building: &mut Building) {
    if organization.get("active") == Some(&Json::Bool(false)) {
        return building.skip("an organization that its publisher calls inactive");
    }
    let Some(brand) = brand(organization, building) else {
        return building.skip("an organization without a name");
    };
    if !building.note_brand(address) {
        return building.skip("an organization that the bundle holds twice; the first counts");
    }
    let base = address.full_url;
    let part_of = organization.get("partOf").and_then(|part_of| reference(part_of, base, building));
    let portals = extensions(organization, "organization-portal");
    let portals: Vec<PortalDraft> =
        tight(portals.map(|extension| portal(extension, base, building)).collect());
    let endpoints = list(organization, "endpoint");
    let endpoints = endpoints.iter().filter_map(|endpoint| reference(endpoint, base, building));
    // Those of its portals are repeated here, for those who know no portals.
    let is_other = |endpoint: &Reference| !portals.iter().any(|portal| portal.endpoints.contains(endpoint));
    let endpoints = tight(endpoints.filter(is_other).collect());
    building.brands.push(BrandDraft { brand, part_of, portals, endpoints });
}

/// What a brand is by itself; `None` without a name.
pub(super) fn brand(organization: &Object<'_>, building: &mut Building) -> Option<Brand> {
    let aliases = list(organization, "alias").iter();
    let mut aliases: Vec<_> = aliases.filter_map(|alias| building.own_name(alias.as_str())).collect();
    let name = match building.own_name(organization.get("name").and_then(Json::as_str)) {
        Some(name) => name,
        // A brand that is known by nothing but a former name.
        None if aliases.is_empty() => return None,
        None => aliases.remove(0),
    };
    // R5 moved address and telecom into `contact`, and some write that into R4.
    let contacts = list(organization, "contact");
    let within = |name| contacts.iter().filter_map(move |contact| contact.get(name));
    let mut places = Vec::new();
    for address in list(organization, "address").iter().chain(within("address").flat_map(each)) {
        let mut part = |name| building.name(address.get(name).and_then(Json::as_str));
        let place = Place { town: part("city"), state: part("state") };
        if (place.town.is_some() || place.state.is_some()) && !places.contains(&place) {
            places.push(place);
        }
    }
    let telecoms = list(organization, "telecom").iter().chain(within("telecom").flat_map(each));
    let mut websites = telecoms.filter(|telecom| telecom.get("system").and_then(Json::as_str) == Some("url"));
    let website = websites.next().and_then(|url| {
        let written = url.get("value").and_then(Json::as_str);
        building.web_address(written, "a website whose address is no web address")
    });
    Some(Brand { name, aliases: tight(aliases), places: tight(places), website, part_of: None })
}

/// `organization-portal`: its parts are extensions in turn.
fn portal(extension: &Json<'_>, base: Option<&str>, building: &mut Building) -> PortalDraft {
    let mut portal = PortalDraft { name: None, url: None, description: None, endpoints: Vec::new() };
    let parts = extension.get("extension").and_then(Json::as_array).unwrap_or_default();
    for part in parts {
        let text = || value(part).and_then(Json::as_str);
        match part.get("url").and_then(Json::as_str) {
            Some("portalName") => portal.name = building.name(text()),
            Some("portalUrl") => {
                portal.url = building.web_address(text(), "a portal whose address is no web address")
            }
            Some("portalDescription") => portal.description = building.description(text()),
            Some("portalEndpoint") => {
                portal.endpoints.extend(value(part).and_then(|value| reference(value, base, building)));
            }
            // Logos are not kept: their licences differ.
            _ => {}
        }
    }
    portal.endpoints = tight(portal.endpoints);
    portal
}

/// Without room for more: lists of one are made with room for four, and there are a hundred thousand of them.
fn tight<T>(mut list: Vec<T>) -> Vec<T> {
    list.shrink_to_fit();
    list
}

/// The extensions of this name, whoever defined it: the drafts of the specification had other addresses.
pub(super) fn extensions<'a, 'j>(
    resource: &'a Object<'j>,
    name: &'a str,
) -> impl Iterator<Item = &'a Json<'j>> {
    let is_named = move |extension: &&Json<'j>| {
        let url = extension.get("url").and_then(Json::as_str).unwrap_or_default();
        url.rsplit('/').next() == Some(name)
    };
    list(resource, "extension").iter().filter(is_named)
}

/// `value[x]`, whatever its type.
pub(super) fn value<'a, 'j>(extension: &'a Json<'j>) -> Option<&'a Json<'j>> {
    extension.as_object()?.each().find(|(name, _)| name.starts_with("value")).map(|(_, value)| value)
}

fn reference(reference: &Json<'_>, base: Option<&str>, building: &mut Building) -> Option<Reference> {
    building.reference(reference.get("reference").and_then(Json::as_str), base)
}

pub(super) fn list<'a, 'j>(resource: &'a Object<'j>, name: &str) -> &'a [Json<'j>] {
    resource.get(name).and_then(Json::as_array).unwrap_or_default()
}

/// The items of a list, or the one thing that stands where a list may.
fn each<'a, 'j>(json: &'a Json<'j>) -> &'a [Json<'j>] {
    json.as_array().unwrap_or(std::slice::from_ref(json))
}
