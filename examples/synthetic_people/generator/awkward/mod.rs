//! Robin Ashdown, born 1979: one case for everything that real records do wrong.
//!
//! Each case is a resource and a sentence on what is awkward about it. The table of contents beside
//! the files is written from the same list, so it cannot fall behind.

mod allergies;
mod claims;
mod medicines;
mod papers;
mod person;
mod problems;
mod ranges;
mod results;
mod second;
mod sensitive;
mod structure;
mod vitals;
mod wrong_values;

use serde_json::{Value, json};

use super::{
    bundle::{self, File},
    json::Resource,
    random::Random,
    source::{Dialect, Source},
};

/// The provider that sends the transaction Bundle.
pub static ODD: Source = Source {
    base: "https://fhir.oddcreek.example/R4",
    patient: "robin-ashdown",
    organization: ("org-odd-creek", "Odd Creek Medical Group"),
    clinician: ("dr-noor-hale", "Noor Hale, MD"),
    oid: "1.2.840.99999.7.5",
    dialect: Dialect::Full,
};

/// One awkward thing.
pub struct Case {
    about: &'static str,
    resource: Resource,
    is_verbatim: bool,
}

/// A case: what is awkward, and the resource that does it.
pub fn case(about: &'static str, resource: Resource) -> Case {
    Case { about, resource, is_verbatim: false }
}

/// A case whose references stay exactly as written.
pub fn verbatim(about: &'static str, resource: Resource) -> Case {
    Case { about, resource, is_verbatim: true }
}

/// Both sources of the person, a tall child, and the table of contents.
pub fn files() -> Vec<File> {
    let chapters: [(&str, Vec<Case>); 11] = [
        ("The person and the people around", person::cases()),
        ("Values that cannot be, or are not there", wrong_values::cases()),
        ("Ranges, flags and statuses", ranges::cases()),
        ("Results of other shapes", results::cases()),
        ("Vital signs", vitals::cases()),
        ("Problems and pregnancy", problems::cases()),
        ("Allergies", allergies::cases()),
        ("Medicines", medicines::cases()),
        ("Notes, reports, images", papers::cases()),
        ("Sensitive entries", sensitive::cases()),
        ("Claims", claims::cases()),
    ];
    let structure = structure::cases();
    let second = second::cases();
    let mut contents = String::from(HEAD);
    for (title, cases) in &chapters {
        contents.push_str(&chapter(title, cases));
    }
    contents.push_str(&chapter("References, ids, broken resources", &structure));
    contents.push_str(&chapter("`second-source.ndjson`", &second));
    contents.push_str(&chapter("`tall-child.json`", &vitals::tall_child()));
    let all = chapters.into_iter().flat_map(|(_, cases)| cases).chain(structure).collect();
    let second = second.into_iter().map(|case| case.resource).collect();
    let child = vitals::tall_child().into_iter().map(|case| case.resource).collect();
    vec![
        File::new("awkward/README.md", contents),
        File::new("awkward/awkward.json", transaction(all)),
        File::new(
            "awkward/second-source.ndjson",
            format!("{}{}", bundle::ndjson(second), second::BROKEN_LINES),
        ),
        File::new(
            "awkward/tall-child.json",
            bundle::bundle("collection", ODD.base, "2026-10-20T14:00:00Z", child),
        ),
    ]
}

const HEAD: &str = "# Awkward things, one by one\n\n\
    All of it is invented. `awkward.json` is a transaction Bundle with `urn:uuid:` references; \
    `second-source.ndjson` is another provider's view of the same person, and ends in lines that are not \
    resources. This table is written by the generator from the same list as the files.\n";

fn chapter(title: &str, cases: &[Case]) -> String {
    let mut lines = format!("\n## {title}\n\n| resource | what is awkward |\n|---|---|\n");
    for case in cases {
        let id = case.resource.id().unwrap_or("(no id)");
        lines.push_str(&format!("| `{}/{id}` | {} |\n", case.resource.kind(), case.about));
    }
    lines
}

fn transaction(cases: Vec<Case>) -> String {
    let known: Vec<String> = cases
        .iter()
        .filter_map(|case| case.resource.id().map(|id| format!("{}/{id}", case.resource.kind())))
        .collect();
    let entries: Vec<Value> = cases
        .into_iter()
        .enumerate()
        .map(|(index, case)| {
            let kind = case.resource.kind().to_owned();
            // Resources without an id are known by their place; two with one id share an address.
            let name = match case.resource.id() {
                Some(id) => format!("{kind}/{id}"),
                None => format!("{kind}#{index}"),
            };
            let mut resource = case.resource.into_value();
            if !case.is_verbatim {
                link(&mut resource, &known);
            }
            json!({"fullUrl": urn(&name), "resource": resource, "request": {"method": "POST", "url": kind}})
        })
        .collect();
    bundle::with_entries(&json!({"resourceType": "Bundle", "type": "transaction"}), &entries)
}

/// The address of a resource in the transaction.
pub fn urn(name: &str) -> String {
    format!("urn:uuid:{}", Random::named(&format!("awkward/{name}")).uuid())
}

/// Turns relative references to known resources into `urn:uuid:` ones.
fn link(value: &mut Value, known: &[String]) {
    match value {
        Value::Object(members) => {
            for (key, member) in members.iter_mut() {
                match member.as_str() {
                    Some(name) if key == "reference" && known.iter().any(|known| known == name) => {
                        *member = urn(name).into();
                    }
                    _ => link(member, known),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| link(item, known)),
        _ => {}
    }
}
