//! The quirks of a vendor, as its row names them.

use serde::Deserialize;

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
    /// Whether `Retry-After` says when there is room again.
    #[serde(default)]
    pub tells_when: bool,
    /// The start of the headers that tell what is left: `x-ratelimit`.
    #[serde(default)]
    pub headers: Option<String>,
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
