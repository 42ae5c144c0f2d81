//! The three tables of a bundle: brands, portals, endpoints. One brand may have several portals, one portal
//! several endpoints, and many brands may share one endpoint, so none of them stands for another.

use serde::{Deserialize, Serialize};

use super::texts::{TextId, Texts};

/// Everything that is kept of a bundle.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tables {
    pub(super) texts: Texts,
    pub(super) brands: Vec<Brand>,
    /// By brand.
    pub(super) portals: Vec<Portal>,
    pub(super) endpoints: Vec<Endpoint>,
}

/// What a person knows an organization by; a facility is a brand that is part of another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brand {
    pub name: TextId,
    pub aliases: Vec<TextId>,
    pub places: Vec<Place>,
    pub website: Option<TextId>,
    /// A row of `brands`. A chain of these is followed [`DEPTH_MAX`] steps at the most.
    pub part_of: Option<u32>,
}

/// Where a brand is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub town: Option<TextId>,
    pub state: Option<TextId>,
}

/// Where a person signs in. Endpoints that a brand names outside of any portal have one without a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Portal {
    /// A row of `brands`.
    pub brand: u32,
    pub name: Option<TextId>,
    pub url: Option<TextId>,
    pub description: Option<TextId>,
    /// Rows of `endpoints`.
    pub endpoints: Vec<u32>,
}

/// What answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endpoint {
    pub address: TextId,
    pub name: Option<TextId>,
    /// The FHIR versions it is said to speak.
    pub versions: Vec<TextId>,
    /// Its status, where that is not `active`.
    pub status: Option<TextId>,
    /// False where it is said to speak something other than FHIR's REST.
    pub is_fhir: bool,
}

/// Whether an endpoint can be connected to, and why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// FHIR R4 over https, and active.
    Ready,
    /// The list does not say which FHIR it speaks; the server will.
    VersionNotSaid,
    /// An older or newer FHIR.
    OtherVersion,
    /// Not over https.
    NotHttps,
    /// Switched off, suspended or for tests.
    NotActive,
    /// Something other than FHIR.
    NotFhir,
}

impl Reach {
    /// Whether it is worth a try.
    pub fn can_connect(self) -> bool {
        matches!(self, Reach::Ready | Reach::VersionNotSaid)
    }

    /// For people.
    pub fn words(self) -> &'static str {
        match self {
            Reach::Ready => "FHIR R4",
            Reach::VersionNotSaid => "its FHIR version is not said; the server will be asked",
            Reach::OtherVersion => "not FHIR R4, so it cannot be connected to",
            Reach::NotHttps => "not over https, so it cannot be connected to",
            Reach::NotActive => "marked as not active, so it cannot be connected to",
            Reach::NotFhir => "no FHIR interface, so it cannot be connected to",
        }
    }
}

/// No chain of `part_of` is followed further. The specification allows a depth of two.
pub const DEPTH_MAX: usize = 8;

impl Tables {
    /// How many brands there are.
    pub fn brand_count(&self) -> usize {
        self.brands.len()
    }

    /// How many endpoints can be connected to.
    pub fn reachable_count(&self) -> usize {
        self.endpoints.iter().filter(|endpoint| self.reach(endpoint).can_connect()).count()
    }

    pub(super) fn text(&self, id: TextId) -> &str {
        self.texts.get(id)
    }

    pub(super) fn reach(&self, endpoint: &Endpoint) -> Reach {
        let is_r4 = |version: &TextId| is_r4(self.text(*version));
        if !endpoint.is_fhir {
            Reach::NotFhir
        } else if endpoint.status.is_some() {
            Reach::NotActive
        } else if !is_https(self.text(endpoint.address)) {
            Reach::NotHttps
        } else if endpoint.versions.is_empty() {
            Reach::VersionNotSaid
        } else if endpoint.versions.iter().any(is_r4) {
            Reach::Ready
        } else {
            Reach::OtherVersion
        }
    }

    /// The brand and those that it is part of, the nearest first.
    pub(super) fn lineage(&self, brand: u32) -> impl Iterator<Item = u32> {
        let is_here = |at: &u32| (*at as usize) < self.brands.len();
        let above = move |at: &u32| self.brands.get(*at as usize)?.part_of.filter(is_here);
        std::iter::successors(Some(brand), above).take(DEPTH_MAX)
    }

    /// The brand's own portals.
    pub(super) fn portals_of(&self, brand: u32) -> &[Portal] {
        let start = self.portals.partition_point(|portal| portal.brand < brand);
        let length = self.portals[start..].partition_point(|portal| portal.brand == brand);
        &self.portals[start..start + length]
    }

    /// Whose portals serve this brand: its own where one of them has an endpoint, else those of the nearest
    /// brand that it is part of and that has one. The brand itself where there is none at all.
    ///
    /// Publishers may repeat the portals of a brand at each of its facilities: these are the brand's.
    pub(super) fn owner(&self, brand: u32) -> u32 {
        let leads = |at: &u32| self.portals_of(*at).iter().any(|portal| !portal.endpoints.is_empty());
        let mut leading = self.lineage(brand).filter(leads);
        let Some(mut owner) = leading.next() else { return brand };
        for above in leading {
            if self.repeats(owner, above) {
                owner = above;
            }
        }
        owner
    }

    /// Whether a brand has no portal that the one above it has not.
    fn repeats(&self, brand: u32, above: u32) -> bool {
        let of_above = self.portals_of(above);
        self.portals_of(brand).iter().all(|own| {
            of_above.iter().any(|portal| {
                (own.name.is_none() || own.name == portal.name)
                    && own.endpoints.iter().all(|at| portal.endpoints.contains(at))
            })
        })
    }
}

/// `4.0.1`, as `Endpoint.extension(endpoint-fhir-version)` says it, and what others write.
fn is_r4(version: &str) -> bool {
    version == "4.0" || version.starts_with("4.0.") || version.eq_ignore_ascii_case("r4")
}

/// Over https, to a host, and without a name or password in it.
fn is_https(address: &str) -> bool {
    let Some((scheme, rest)) = address.split_once("://") else { return false };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    scheme.eq_ignore_ascii_case("https") && !host.is_empty() && !host.contains('@')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_r4_over_https_that_is_active_is_ready() {
        let mut tables = Tables::default();
        let mut of = |address: &str, version: Option<&str>, status: Option<&str>, is_fhir: bool| {
            let address = tables.texts.push(address);
            let versions = version.map(|version| tables.texts.push(version)).into_iter().collect();
            let status = status.map(|status| tables.texts.push(status));
            tables.reach(&Endpoint { address, name: None, versions, status, is_fhir })
        };
        assert_eq!(of("https://a.example/r4", Some("4.0.1"), None, true), Reach::Ready);
        assert_eq!(of("HTTPS://a.example/r4", Some("R4"), None, true), Reach::Ready);
        assert_eq!(of("https://a.example/r4", None, None, true), Reach::VersionNotSaid);
        assert_eq!(of("https://a.example/r2", Some("1.0.2"), None, true), Reach::OtherVersion);
        assert_eq!(of("http://a.example/r4", Some("4.0.1"), None, true), Reach::NotHttps);
        assert_eq!(of("https://a:b@c.example/", Some("4.0.1"), None, true), Reach::NotHttps);
        assert_eq!(of("https://a.example/r4", Some("4.0.1"), Some("off"), true), Reach::NotActive);
        assert_eq!(of("https://a.example/xca", None, None, false), Reach::NotFhir);
    }
}
