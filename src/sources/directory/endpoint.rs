//! One Endpoint of a bundle.

use super::building::{Building, EndpointDraft, Manager};
use super::keys::Address;
use super::organization::{brand, extensions, list, value};
use super::tables::Endpoint;
use super::texts::TextId;
use crate::sources::json::{Json, Object};

/// Reads it into the tables, or counts why not.
pub(super) fn read(resource: &Object<'_>, place: Address<'_>, building: &mut Building) {
    let text = |name: &str| resource.get(name).and_then(Json::as_str);
    let Some(written) = text("address") else {
        return building.skip("an endpoint without an address");
    };
    let reason = "an endpoint whose address is no web address";
    let Some(address) = building.web_address(Some(written), reason) else { return };
    if !building.note_endpoint(place) {
        return building.skip("an endpoint that the bundle holds twice; the first counts");
    }
    let name = building.own_name(text("name"));
    let status = text("status").filter(|status| *status != "active");
    let status = status.and_then(|status| building.name(Some(status)));
    let versions = extensions(resource, "endpoint-fhir-version").filter_map(value).filter_map(Json::as_str);
    let versions: Vec<TextId> = versions.filter_map(|version| building.name(Some(version))).collect();
    let endpoint = Endpoint { address, name, versions, status, is_fhir: is_fhir(resource) };
    let manager = manager(resource, place, building);
    building.endpoints.push(EndpointDraft { endpoint, manager });
}

/// `connectionType`, one in R4, several in R5. What does not say is taken for FHIR.
fn is_fhir(resource: &Object<'_>) -> bool {
    let Some(types) = resource.get("connectionType") else { return true };
    let types = types.as_array().unwrap_or(std::slice::from_ref(types));
    let codes = types.iter().flat_map(|kind| {
        let codings = kind.get("coding").and_then(Json::as_array).unwrap_or(std::slice::from_ref(kind));
        codings.iter().filter_map(|coding| coding.get("code")).filter_map(Json::as_str)
    });
    let codes: Vec<&str> = codes.collect();
    codes.is_empty() || codes.iter().any(|code| code.starts_with("hl7-fhir-rest"))
}

fn manager(resource: &Object<'_>, place: Address<'_>, building: &mut Building) -> Manager {
    let Some(managing) = resource.get("managingOrganization") else { return Manager::Nobody };
    let written = managing.get("reference").and_then(Json::as_str);
    if let Some(inside) = written.and_then(|written| written.strip_prefix('#')) {
        let mut contained = list(resource, "contained").iter().filter_map(Json::as_object);
        let own = contained.find(|own| own.get("id").and_then(Json::as_str) == Some(inside));
        if let Some(brand) = own.and_then(|own| brand(own, building)) {
            return Manager::Contained(Box::new(brand));
        }
    } else if let Some(reference) = building.reference(written, place.full_url) {
        return Manager::Of(reference);
    }
    let display = building.name(managing.get("display").and_then(Json::as_str));
    display.map_or(Manager::Nobody, Manager::Named)
}
