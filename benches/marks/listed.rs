//! A User-access Brands bundle of any size. Every name in it is made up of parts.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;

use serde_json::{Value, json};

/// How the organizations hang together.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Each has a portal and an endpoint of its own.
    Alone,
    /// One in a hundred has; the others are facilities of it, as in the largest list there is.
    Facilities,
}

const FIRST: [&str; 30] = [
    "Alder", "Amber", "Ash", "Birch", "Bright", "Cedar", "Clear", "Copper", "Crane", "Dawn", "Elder", "Fern",
    "Fox", "Glen", "Golden", "Hazel", "Heron", "Ivy", "Juniper", "Kestrel", "Lark", "Linden", "Maple",
    "Marsh", "Oak", "Pine", "Quarry", "Rowan", "Silver", "Willow",
];
const SECOND: [&str; 24] = [
    "brook", "bury", "crest", "dale", "field", "ford", "gate", "grove", "haven", "hill", "holm", "land",
    "leigh", "march", "mead", "moor", "ridge", "shore", "stead", "stone", "vale", "water", "wick", "wood",
];
const THIRD: [&str; 20] = [
    "Family Clinic",
    "Hospital",
    "Medical Center",
    "Childrens Hospital",
    "Pediatrics",
    "Family Practice",
    "Health System",
    "Orthopedic Group",
    "Heart Clinic",
    "Eye Associates",
    "Dermatology",
    "Urgent Care Clinic",
    "Cancer Institute",
    "Womens Health",
    "Internal Medicine",
    "Community Clinic",
    "Behavioral Health",
    "Imaging",
    "Laboratory",
    "Dental Group",
];
const TOWN_FIRST: [&str; 26] = [
    "Arden", "Bell", "Carl", "Dun", "East", "Far", "Grand", "Hal", "Inver", "Jas", "Kil", "Lang", "Mar",
    "New", "Old", "Port", "Quin", "Ridge", "South", "Thorn", "Up", "Val", "West", "Yar", "Zell", "Glad",
];
const TOWN_SECOND: [&str; 20] = [
    "bourne", "bridge", "by", "combe", "cross", "den", "ham", "hurst", "ington", "ley", "mere", "mouth",
    "ness", "port", "ton", "view", "ville", "ward", "worth", "yard",
];
const STATES: [&str; 10] = ["WI", "MN", "NY", "Texas", "OR", "UT", "CA", "North Carolina", "PA", "GA"];

/// Writes a bundle of so many organizations; how many bytes it has.
pub fn write_bundle(path: &Path, organizations: usize, kind: Kind) -> u64 {
    let mut file = BufWriter::new(File::create(path).unwrap());
    let head = r#"{"resourceType":"Bundle","type":"collection","timestamp":"2026-08-30T00:00:00Z","entry":["#;
    write!(file, "{head}").unwrap();
    for at in 0..organizations {
        let has_own = kind == Kind::Alone || at % 100 == 0;
        let between = if at == 0 { "" } else { "," };
        write!(file, "{between}{}", entry("Organization", organization(at, has_own))).unwrap();
        if has_own {
            write!(file, ",{}", entry("Endpoint", endpoint(at))).unwrap();
        }
    }
    writeln!(file, "]}}").unwrap();
    file.flush().unwrap();
    fs::metadata(path).unwrap().len()
}

fn entry(kind: &str, mut resource: Value) -> Value {
    resource["resourceType"] = kind.into();
    let id = resource["id"].as_str().unwrap();
    json!({ "fullUrl": format!("https://list.example/{kind}/{id}"), "resource": resource })
}

/// One of the parts, the same for the same number, and spread over all of them.
fn part<'a>(parts: &[&'a str], at: usize, step: usize) -> &'a str {
    parts[(at / step + at.wrapping_mul(step * 7 + 1)) % parts.len()]
}

/// The first word of an organization's name.
pub fn stem(at: usize) -> String {
    format!("{}{}", part(&FIRST, at, 1), part(&SECOND, at, 30))
}

/// The town of an organization.
pub fn town(at: usize) -> String {
    format!("{}{}", part(&TOWN_FIRST, at, 3), part(&TOWN_SECOND, at, 78))
}

fn organization(at: usize, has_own: bool) -> Value {
    let (stem, town) = (stem(at), town(at));
    let name = format!("{stem} {}", part(&THIRD, at, 720));
    let site = format!("{}-{at}.example", stem.to_lowercase());
    let mut organization = json!({
        "id": format!("organization-{at}"),
        "active": true,
        "name": name,
        "alias": [format!("{stem} of {town}")],
        "identifier": [{ "system": "urn:ietf:rfc:3986", "value": format!("https://{site}") }],
        "telecom": [{ "system": "url", "value": format!("https://www.{site}") }],
        "address": [{ "line": ["1 Main Street"], "city": town, "state": part(&STATES, at, 11), "country": "US" }],
    });
    if has_own {
        let reference = json!({ "reference": format!("Endpoint/endpoint-{at}") });
        organization["endpoint"] = json!([reference]);
        organization["extension"] = json!([{
            "url": "http://hl7.org/fhir/StructureDefinition/organization-portal",
            "extension": [
                { "url": "portalName", "valueString": format!("My{stem}") },
                { "url": "portalUrl", "valueUrl": format!("https://my.{site}") },
                { "url": "portalEndpoint", "valueReference": reference },
            ],
        }]);
    } else {
        organization["partOf"] =
            json!({ "reference": format!("Organization/organization-{}", at - at % 100) });
    }
    organization
}

fn endpoint(at: usize) -> Value {
    let host = part(&FIRST, at, 1).to_lowercase();
    json!({
        "id": format!("endpoint-{at}"),
        "extension": [{
            "url": "http://hl7.org/fhir/StructureDefinition/endpoint-fhir-version",
            "valueCode": "4.0.1",
        }],
        "status": "active",
        "connectionType": {
            "system": "http://terminology.hl7.org/CodeSystem/endpoint-connection-type",
            "code": "hl7-fhir-rest",
        },
        "name": format!("FHIR R4 endpoint {at}"),
        "payloadType": [{ "coding": [{
            "system": "http://terminology.hl7.org/CodeSystem/endpoint-payload-type", "code": "none",
        }] }],
        "address": format!("https://fhir.{host}-{at}.example/interconnect/api/FHIR/R4/"),
    })
}
