//! How one vendor behaves: a row of `vendors.json`. The server reads rows and never asks for a name.

use std::collections::BTreeMap;

use serde::Deserialize;

const ROWS: &str = include_str!("../vendors.json");

/// One vendor. What a row leaves out behaves as the specification wants it.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Vendor {
    /// The name in addresses.
    pub name: String,
    /// The name for people.
    pub title: String,
    /// The name of the software in the CapabilityStatement; empty: the title.
    pub software: String,
    /// The path of the base below the name.
    pub path: String,
    /// Each quirk of the row and the section of `fhir.md` that says so.
    pub known: BTreeMap<String, String>,
    /// Where the endpoints of the authorization server can be found.
    pub discovery: Vec<Discovery>,
    /// Whether the base address is told with a slash at its end.
    pub base_has_slash: bool,
    /// What `aud` has to be.
    pub aud: Aud,
    /// The scopes that are understood: `permission-v1`, `permission-v2`.
    pub dialects: Vec<Dialect>,
    /// The scopes for the record that are advertised; empty: the wildcard of each dialect.
    pub record_scopes: Vec<String>,
    /// Scopes at which authorize answers `invalid_scope`.
    pub refused_scopes: Vec<String>,
    /// Further capabilities of the SMART configuration.
    pub capabilities: Vec<String>,
    /// Where a client learns who the patient is.
    pub patient: PatientIn,
    /// How clients may prove who they are.
    pub clients: Vec<ClientProof>,
    /// The algorithms for `private_key_jwt`.
    pub algorithms: Vec<String>,
    /// How a client becomes known.
    pub registration: Registration,
    /// Further parameters that authorize needs, and how their values begin.
    pub authorize_needs: BTreeMap<String, String>,
    /// Whether PKCE is needed.
    pub pkce: Pkce,
    /// Whether the answer of authorize names its issuer (RFC 9207).
    pub names_issuer: bool,
    /// The algorithm of the id token.
    pub id_token: IdToken,
    /// What becomes of a refresh token when it is used.
    pub refresh: Refresh,
    /// How long an access token lasts.
    pub access_seconds: u64,
    /// How long a refresh token lasts.
    pub refresh_seconds: u64,
    /// Searches that are refused.
    pub needs: Vec<Need>,
    /// Types that are not served, and the status that says so.
    pub unsupported: Unsupported,
    /// What is said about a type that the scopes do not cover.
    pub forbidden: Forbidden,
    /// Whether an issue of an OperationOutcome has its `code`.
    pub outcome_has_code: bool,
    /// OperationOutcome entries in bundles.
    pub outcomes: Vec<OutcomeEntry>,
    /// How a long answer is cut into pages.
    pub paging: Paging,
    /// What happens to resources before they are served: names of `reshape.rs`.
    pub reshape: Vec<super::reshape::Reshape>,
    /// Whether a Binary is served raw and not as FHIR.
    pub raw_binary: bool,
    /// The content type of FHIR answers.
    pub content_type: String,
    /// Calls that are allowed in a time.
    pub rate: Option<Rate>,
    /// Whether there is `Patient/ID/$everything`.
    pub everything: bool,
}

impl Vendor {
    /// Whether there are id tokens. Where the patient is told in another way there are none.
    pub fn has_id_tokens(&self) -> bool {
        matches!(self.patient, PatientIn::TokenAnswer | PatientIn::IdToken)
    }

    pub fn software(&self) -> &str {
        if self.software.is_empty() { &self.title } else { &self.software }
    }
}

/// A document that names the endpoints.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Discovery {
    SmartConfiguration,
    OauthAuthorizationServer,
    OpenidConfiguration,
    CapabilityStatement,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Aud {
    /// Exactly the base address as it is told.
    Base,
    /// The base address without the slash at its end.
    WithoutSlash,
    /// Not there at all.
    Absent,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
pub enum Dialect {
    #[serde(rename = "permission-v1")]
    V1,
    #[serde(rename = "permission-v2")]
    V2,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum PatientIn {
    /// `patient` in the token answer.
    TokenAnswer,
    /// Only as `fhirUser` in the id token.
    IdToken,
    /// This claim of the access token, which is a JWT.
    AccessToken(String),
    /// Nowhere: the client has to search `Patient`.
    Search,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum ClientProof {
    None,
    ClientSecretBasic,
    ClientSecretPost,
    PrivateKeyJwt,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Registration {
    /// By hand, at a portal.
    Portal,
    /// RFC 7591, open.
    Open,
    /// Epic's: a device registers a key with its first access token.
    Device,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Pkce {
    Required,
    Accepted,
    Ignored,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Hash)]
pub enum IdToken {
    ES256,
    RS256,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Refresh {
    /// Each is used once; a second use ends the family.
    Once,
    /// The same one is used again and again.
    Kept,
    /// There is none.
    Absent,
}

/// A search that is refused unless one of `one_of` is in its query (`category`, or `category=LAB`).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Need {
    #[serde(rename = "type")]
    pub kind: String,
    pub one_of: Vec<String>,
    pub status: u16,
    pub text: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unsupported {
    pub types: Vec<String>,
    pub status: u16,
}

/// A status of 200 answers with nothing, as if there were no data.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Forbidden {
    pub status: u16,
    pub text: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutcomeEntry {
    pub when: When,
    pub code: String,
    pub text: String,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum When {
    Always,
    Empty,
    /// When a switch withholds part of the type.
    Withheld,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Paging {
    /// The parameter that says where a page begins.
    pub parameter: String,
    pub place: Place,
    /// Whether the next address repeats the query beside that parameter.
    pub keeps_query: bool,
    pub count: usize,
    pub count_max: usize,
    pub total: Total,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// The number of the page, from 1.
    Page,
    /// The number of resources before it.
    Offset,
    /// Random letters that only the server understands.
    Opaque,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Total {
    All,
    OfPage,
    Absent,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    pub calls: usize,
    pub seconds: u64,
    /// What `Retry-After` says; without it the header is missing.
    #[serde(default)]
    pub retry_after: Option<u64>,
    /// The start of the headers that tell what is left: `x-ratelimit`.
    #[serde(default)]
    pub headers: Option<String>,
}

impl Default for Vendor {
    fn default() -> Self {
        Self {
            name: String::new(),
            title: String::new(),
            software: String::new(),
            path: "fhir".to_owned(),
            known: BTreeMap::new(),
            discovery: vec![Discovery::SmartConfiguration, Discovery::CapabilityStatement],
            base_has_slash: false,
            aud: Aud::Base,
            dialects: vec![Dialect::V1, Dialect::V2],
            record_scopes: Vec::new(),
            refused_scopes: Vec::new(),
            capabilities: Vec::new(),
            patient: PatientIn::TokenAnswer,
            clients: vec![ClientProof::None],
            algorithms: vec!["RS384".to_owned(), "ES384".to_owned()],
            registration: Registration::Portal,
            authorize_needs: BTreeMap::new(),
            pkce: Pkce::Required,
            names_issuer: false,
            id_token: IdToken::RS256,
            refresh: Refresh::Once,
            access_seconds: 3600,
            refresh_seconds: 90 * 24 * 3600,
            needs: Vec::new(),
            unsupported: Unsupported::default(),
            forbidden: Forbidden { status: 403, text: "the scopes do not cover this type".to_owned() },
            outcome_has_code: true,
            outcomes: Vec::new(),
            paging: Paging::default(),
            reshape: Vec::new(),
            raw_binary: false,
            content_type: "application/fhir+json".to_owned(),
            rate: None,
            everything: false,
        }
    }
}

impl Default for Paging {
    fn default() -> Self {
        Self {
            parameter: "page".to_owned(),
            place: Place::Page,
            keeps_query: true,
            count: 50,
            count_max: 1000,
            total: Total::All,
        }
    }
}

/// All rows, in the order of the file.
pub fn rows() -> Vec<Vendor> {
    serde_json::from_str(ROWS).unwrap()
}

/// The row of that name.
pub fn row(name: &str) -> Vendor {
    let known = || rows().into_iter().map(|row| row.name).collect::<Vec<_>>();
    let found = rows().into_iter().find(|row| row.name == name);
    found.unwrap_or_else(|| panic!("there is no vendor {name:?}; there are {:?}", known()))
}
