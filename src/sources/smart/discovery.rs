//! Finds out how a server is signed in to, and whose make it is, from its address alone.
//!
//! In this order: `.well-known/smart-configuration` (SMART App Launch 2.2.0, "Conformance"), metadata by
//! RFC 8414 or OpenID Connect Discovery, and the extension of the CapabilityStatement.

use std::collections::BTreeSet;

use url::Url;

use super::Error;
use super::address::{base_of, below};
use super::server::Server;
use super::vendors::{self, Vendor};
use crate::http::{self, Client, Request};
use crate::sources::json::{Json, Object};

/// What was found at an address.
#[derive(Clone, Debug)]
pub struct Found {
    /// The FHIR base.
    pub base: Url,
    /// How it is signed in to.
    pub server: Server,
    /// Whose make it is.
    pub vendor: &'static Vendor,
    /// The types of resource that it says it has; `None` where it does not say.
    pub types: Option<BTreeSet<String>>,
}

/// Asks the server at this address, or below it. `vendor` is what the person says of its make.
pub fn discover(client: &Client, address: &Url, vendor: Option<&'static Vendor>) -> Result<Found, Error> {
    let base = base_of(address);
    let mut configuration = get(client, &below(&base, ".well-known/smart-configuration"))?;
    if configuration.is_none() {
        // Some serve it for the whole host.
        let mut root = base.clone();
        root.set_path("/.well-known/smart-configuration");
        configuration = get(client, &root)?;
    }
    let capabilities = Capabilities::of(get(client, &below(&base, "metadata"))?.as_deref());
    let server = configuration
        .and_then(|text| Server::from_metadata(&serde_json::from_str::<Object<'_>>(&text).ok()?))
        .map_or_else(|| from_metadata(client, &base), |server| Ok(Some(server)))?
        .or_else(|| capabilities.server.clone());
    let Some(server) = server else {
        let host = http::host(&base);
        return Err(match capabilities.is_fhir {
            true => Error::Unsafe { host, why: "it publishes no way to sign in" },
            false => Error::NotThere(host),
        });
    };
    check(client, &base, &server)?;
    let known =
        || vendors::of(base.as_str(), capabilities.software.as_deref(), capabilities.publisher.as_deref());
    let vendor = vendor.unwrap_or_else(known);
    Ok(Found { base, server, vendor, types: capabilities.types })
}

/// Metadata by RFC 8414 (its well-known part stands before the path) and by OpenID Connect Discovery (behind
/// it), for the base and for the host alone.
fn from_metadata(client: &Client, base: &Url) -> Result<Option<Server>, Error> {
    let path = base.path().trim_end_matches('/');
    let names = ["oauth-authorization-server", "openid-configuration"];
    let places = names.iter().flat_map(|name| {
        [
            format!("/.well-known/{name}{path}"),
            format!("{path}/.well-known/{name}"),
            format!("/.well-known/{name}"),
        ]
    });
    let mut tried = BTreeSet::new();
    for place in places {
        let mut url = base.clone();
        url.set_path(&place);
        if !tried.insert(place) {
            continue;
        }
        let Some(text) = get(client, &url)? else { continue };
        let Ok(metadata) = serde_json::from_str::<Object<'_>>(&text) else { continue };
        // RFC 8414, 3.3: who publishes it must be who it names.
        let issuer = metadata.get("issuer").and_then(Json::as_str).and_then(|text| Url::parse(text).ok());
        if issuer.is_some_and(|issuer| issuer.origin() == url.origin())
            && let Some(server) = Server::from_metadata(&metadata)
        {
            return Ok(Some(server));
        }
    }
    Ok(None)
}

/// What the server names must be fit to be asked, before a person is sent there.
fn check(client: &Client, base: &Url, server: &Server) -> Result<(), Error> {
    for address in server.addresses() {
        client.reach().check(address)?;
    }
    // RFC 7636, 4.2: S256 is what a server must offer; one that lists only `plain` does not.
    let lists_others =
        !server.pkce_methods.is_empty() && !server.pkce_methods.iter().any(|own| own == "S256");
    if lists_others {
        return Err(Error::Unsafe { host: http::host(base), why: "it does not offer PKCE with S256" });
    }
    Ok(())
}

/// A page, where there is one that is text; a server that cannot be reached at all is an error.
fn get(client: &Client, url: &Url) -> Result<Option<String>, Error> {
    let request = Request { accept: "application/json, application/fhir+json", ..Request::get(url.clone()) };
    let answered = match client.send(&request) {
        Ok(answered) => answered,
        // Some send on to a page for people where there is no such thing.
        Err(http::Error::TooManyRedirects(_) | http::Error::Redirected(_)) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    if answered.status != 200 {
        return Ok(None);
    }
    Ok(String::from_utf8(answered.bytes()?).ok())
}

/// What a CapabilityStatement says of a server.
#[derive(Default)]
struct Capabilities {
    is_fhir: bool,
    server: Option<Server>,
    software: Option<String>,
    publisher: Option<String>,
    types: Option<BTreeSet<String>>,
}

impl Capabilities {
    fn of(text: Option<&str>) -> Capabilities {
        let statement = text.and_then(|text| serde_json::from_str::<Object<'_>>(text).ok());
        let Some(statement) = statement else { return Capabilities::default() };
        if statement.get("resourceType").and_then(Json::as_str) != Some("CapabilityStatement") {
            return Capabilities::default();
        }
        let text = |value: Option<&Json<'_>>| value.and_then(Json::as_str).map(str::to_owned);
        let rest = statement.get("rest").and_then(Json::as_array).unwrap_or_default();
        let resources = rest.iter().filter_map(|rest| rest.get("resource")?.as_array()).flatten();
        let types: BTreeSet<String> = resources.filter_map(|own| text(own.get("type"))).collect();
        Capabilities {
            is_fhir: true,
            server: Server::from_capabilities(&statement),
            software: text(statement.get("software").and_then(|software| software.get("name"))),
            publisher: text(statement.get("publisher")),
            types: (!types.is_empty()).then_some(types),
        }
    }
}
