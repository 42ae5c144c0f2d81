//! How one vendor behaves: a row of `vendors.json`. The server reads rows and never asks for a name.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::quirks::{
    Aud, ClientProof, Dialect, Discovery, Forbidden, IdToken, Need, OutcomeEntry, Paging, PatientIn, Pkce,
    Rate, Refresh, Registration, Unsupported,
};
use super::reshape::Reshape;

const ROWS: &str = include_str!("../vendors.json");

/// One vendor. What a row leaves out behaves as the specification wants it.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Vendor {
    /// The name in addresses; where plainchart knows the vendor, its name in plainchart.
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
    pub reshape: Vec<Reshape>,
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
