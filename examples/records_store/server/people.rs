//! The synthetic people: their resources, found by person, type and id.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::reshape::{self, Reshape};

/// A resource as it is served.
#[derive(Debug)]
pub struct Resource {
    pub kind: String,
    pub id: String,
    /// Whose it is. Doctors and places are nobody's.
    pub patient: Option<String>,
    /// What searches look at: the parameter and a value.
    pub tokens: Vec<(&'static str, String)>,
    pub text: String,
}

/// All resources of a server. Ids repeat among people, as their files came from different clinics.
#[derive(Debug, Default)]
pub struct People {
    of_kind: BTreeMap<String, Vec<Arc<Resource>>>,
    by_id: BTreeMap<(String, String), Vec<Arc<Resource>>>,
}

impl People {
    /// Takes resources in, reshaped.
    pub fn of(resources: &[Value], shapes: &[Reshape], base: &str) -> Self {
        let mut people = Self::default();
        for (nth, resource) in resources.iter().enumerate() {
            let mut shaped = vec![resource.clone()];
            reshape::apply(shapes, &mut shaped, base, nth);
            for resource in &shaped {
                people.put(resource);
            }
        }
        people
    }

    /// Adds a resource beside those with the same id.
    fn put(&mut self, resource: &Value) {
        let Some(resource) = Resource::read(resource, self) else { return };
        let resource = Arc::new(resource);
        self.of_kind.entry(resource.kind.clone()).or_default().push(resource.clone());
        self.by_id.entry((resource.kind.clone(), resource.id.clone())).or_default().push(resource);
    }

    /// Puts a resource in the place of that person's resource of that id.
    pub fn replace(&mut self, resource: &Value) {
        let Some(new) = Resource::read(resource, self) else { return };
        self.retain(&new.kind, &new.id, |old| old.patient != new.patient);
        self.put(resource);
    }

    /// Takes all resources of that type and id away.
    pub fn remove(&mut self, kind: &str, id: &str) {
        self.retain(kind, id, |_| false);
    }

    fn retain(&mut self, kind: &str, id: &str, keeps: impl Fn(&Resource) -> bool) {
        if let Some(all) = self.of_kind.get_mut(kind) {
            all.retain(|old| old.id != id || keeps(old));
        }
        if let Some(named) = self.by_id.get_mut(&(kind.to_owned(), id.to_owned())) {
            named.retain(|old| keeps(old));
        }
    }

    /// The resource of that id: the person's own, or one that is nobody's.
    pub fn read(&self, kind: &str, id: &str, patient: Option<&str>) -> Option<&Arc<Resource>> {
        let named = self.by_id.get(&(kind.to_owned(), id.to_owned()))?;
        let is_own = |found: &&Arc<Resource>| patient.is_none() || found.patient.as_deref() == patient;
        named.iter().find(is_own).or_else(|| named.iter().find(|found| found.patient.is_none()))
    }

    /// The resources of a type that are the person's.
    pub fn search<'a>(&'a self, kind: &str, patient: &'a str) -> impl Iterator<Item = &'a Arc<Resource>> {
        let all = self.of_kind.get(kind).map(Vec::as_slice).unwrap_or_default();
        all.iter().filter(move |found| found.patient.as_deref() == Some(patient))
    }

    /// All that is the person's, type by type.
    pub fn everything<'a>(&'a self, patient: &'a str) -> impl Iterator<Item = &'a Arc<Resource>> {
        self.of_kind.keys().flat_map(move |kind| self.search(kind, patient))
    }

    /// All that is the person's or nobody's.
    pub fn shown_to<'a>(&'a self, patient: &'a str) -> impl Iterator<Item = &'a Arc<Resource>> {
        let all = self.of_kind.values().flatten();
        all.filter(move |found| found.patient.as_deref().is_none_or(|own| own == patient))
    }

    pub fn patients(&self) -> &[Arc<Resource>] {
        self.of_kind.get("Patient").map(Vec::as_slice).unwrap_or_default()
    }

    pub fn kinds(&self) -> impl Iterator<Item = &String> {
        self.of_kind.keys()
    }
}

impl Resource {
    fn read(resource: &Value, people: &People) -> Option<Self> {
        let kind = resource["resourceType"].as_str()?.to_owned();
        let id = resource["id"].as_str()?.to_owned();
        let patient = if kind == "Patient" { Some(id.clone()) } else { whose(resource, people) };
        Some(Self { tokens: tokens(resource), text: resource.to_string(), kind, id, patient })
    }
}

fn whose(resource: &Value, people: &People) -> Option<String> {
    let named = ["subject", "patient", "beneficiary", "securityContext"]
        .iter()
        .filter_map(|field| resource[*field]["reference"].as_str())
        .find_map(|reference| reference.rsplit_once("Patient/"));
    if let Some((_, id)) = named {
        return Some(id.to_owned());
    }
    // A Provenance is of the one whose entry it tells of.
    let target = resource["target"][0]["reference"].as_str()?;
    let (kind, id) = target.rsplit_once('/')?;
    let kind = kind.rsplit('/').next()?;
    people.read(kind, id, None)?.patient.clone()
}

fn tokens(resource: &Value) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    let coded =
        [("category", "category"), ("code", "code"), ("type", "type"), ("clinical-status", "clinicalStatus")];
    for (parameter, field) in coded {
        let field = &resource[field];
        for concept in field.as_array().map_or(std::slice::from_ref(field), Vec::as_slice) {
            for coding in concept["coding"].as_array().into_iter().flatten() {
                found.extend(coding["code"].as_str().map(|code| (parameter, code.to_owned())));
            }
            found.extend(concept.as_str().map(|code| (parameter, code.to_owned())));
        }
    }
    for parameter in ["status", "intent"] {
        found.extend(resource[parameter].as_str().map(|code| (parameter, code.to_owned())));
    }
    found
}
