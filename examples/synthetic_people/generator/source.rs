//! A provider's system: its address, its patient, and the dialect of FHIR it speaks.

use serde_json::{Value, json};

use super::{
    json::{Resource, hl7_system, named_reference, reference},
    when::When,
};

/// How much a provider's system says about each fact. Modelled on what vendors really send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Several codings, UCUM units, numeric ranges, coded flags, instants in UTC.
    Full,
    /// One coding or none, units as printed, ranges and flags as words, instants with an offset.
    Sparse,
}

/// One provider's system, as far as one person's record goes.
#[derive(Clone, Copy, Debug)]
pub struct Source {
    /// Its FHIR base, without a trailing slash.
    pub base: &'static str,
    /// The id of the person there.
    pub patient: &'static str,
    /// The id and the name of the organization.
    pub organization: (&'static str, &'static str),
    /// The id and the name of the clinician who signs unless somebody else does.
    pub clinician: (&'static str, &'static str),
    /// The root of its own identifiers and local codes.
    pub oid: &'static str,
    /// Its dialect.
    pub dialect: Dialect,
}

impl Source {
    /// A resource about the person, in the element its type calls them by.
    pub fn about(&self, kind: &str, id: &str) -> Resource {
        let element = match kind {
            "AllergyIntolerance"
            | "Immunization"
            | "FamilyMemberHistory"
            | "Device"
            | "Claim"
            | "ExplanationOfBenefit"
            | "RelatedPerson" => "patient",
            "Coverage" => "beneficiary",
            _ => "subject",
        };
        Resource::new(kind, id).with(element, reference("Patient", self.patient))
    }

    /// An instant in this system's way of writing.
    pub fn instant(&self, at: When) -> String {
        match self.dialect {
            Dialect::Full => at.utc(),
            Dialect::Sparse => at.central(),
        }
    }

    /// Who signs here.
    pub fn signer(&self) -> Value {
        named_reference("Practitioner", self.clinician.0, self.clinician.1)
    }

    /// The organization itself.
    pub fn place(&self) -> Value {
        named_reference("Organization", self.organization.0, self.organization.1)
    }

    /// An identifier of this system's own.
    pub fn identifier(&self, branch: &str, value: &str) -> Value {
        json!([{"system": format!("urn:oid:{}.{branch}", self.oid), "value": value}])
    }

    /// A visit. `class` is AMB, EMER, IMP or VR.
    pub fn visit(&self, id: &str, class: &str, kind: &str, start: When, minutes: i64) -> Resource {
        let period = json!({"start": self.instant(start), "end": self.instant(start.plus_minutes(minutes))});
        let visit = self
            .about("Encounter", id)
            .with("status", "finished")
            .with("class", json!({"system": hl7_system("v3-ActCode"), "code": class}))
            .with("type", json!([{"text": kind}]))
            .with("period", period)
            .with("serviceProvider", self.place());
        match self.dialect {
            Dialect::Sparse => visit,
            Dialect::Full => visit
                .with("identifier", self.identifier("8", id))
                .with("participant", json!([{"individual": self.signer()}])),
        }
    }

    /// The organization and the clinician as resources of their own.
    pub fn staff(&self, npi: (&str, &str), city: &str) -> Vec<Resource> {
        let npi_of = |value: &str| json!([{"system": "http://hl7.org/fhir/sid/us-npi", "value": value}]);
        let (given, family) = self.clinician.1.rsplit_once(' ').unwrap_or(("", self.clinician.1));
        vec![
            Resource::new("Organization", self.organization.0)
                .with("identifier", npi_of(npi.0))
                .with("active", true)
                .with("name", self.organization.1)
                .with("telecom", json!([{"system": "phone", "value": "555-0100"}]))
                .with("address", json!([{"city": city, "state": "IL", "country": "US"}])),
            Resource::new("Practitioner", self.clinician.0)
                .with("identifier", npi_of(npi.1))
                .with("active", true)
                .with("name", json!([{"text": self.clinician.1, "family": family, "given": [given]}])),
        ]
    }
}
