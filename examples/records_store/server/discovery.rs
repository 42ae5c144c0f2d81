//! The documents in which a client finds the endpoints.

use axum::response::Response;
use serde_json::{Value, json};

use super::bundle::fhir;
use super::call::{answer, json_answer};
use super::quirks::{ClientProof, Dialect, Discovery, PatientIn, Pkce, Refresh, Registration};
use super::site::Site;

/// A document below `.well-known`, where the vendor publishes it.
pub fn document(site: &Site, name: &str) -> Response {
    let kind = match name {
        "smart-configuration" => Discovery::SmartConfiguration,
        "oauth-authorization-server" => Discovery::OauthAuthorizationServer,
        "openid-configuration" => Discovery::OpenidConfiguration,
        _ => return missing(),
    };
    if kind == Discovery::SmartConfiguration
        && let Some(other) = site.switches().smart_configuration.clone()
    {
        return json_answer(200, &other);
    }
    if site.vendor.discovery.contains(&kind) { json_answer(200, &metadata(site)) } else { missing() }
}

/// OpenID Connect Discovery, 4: whoever has an id token finds the keys below its issuer.
pub fn of_issuer(site: &Site) -> Response {
    json_answer(200, &metadata(site))
}

fn missing() -> Response {
    answer(404, "text/html", "<h1>Not found</h1>")
}

/// What all of these documents say.
fn metadata(site: &Site) -> Value {
    let vendor = &site.vendor;
    let proofs: Vec<Value> = vendor
        .clients
        .iter()
        .map(|proof| match proof {
            ClientProof::None => "none".into(),
            ClientProof::ClientSecretBasic => "client_secret_basic".into(),
            ClientProof::ClientSecretPost => "client_secret_post".into(),
            ClientProof::PrivateKeyJwt => "private_key_jwt".into(),
        })
        .collect();
    let mut document = json!({
        "issuer": site.issuer(),
        "authorization_endpoint": site.endpoint("authorize"),
        "token_endpoint": site.endpoint("token"),
        "revocation_endpoint": site.endpoint("revoke"),
        "jwks_uri": site.endpoint("jwks"),
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [format!("{:?}", vendor.id_token)],
        "token_endpoint_auth_methods_supported": proofs,
        "scopes_supported": scopes(site),
        "capabilities": capabilities(site),
    });
    if vendor.clients.contains(&ClientProof::PrivateKeyJwt) {
        document["token_endpoint_auth_signing_alg_values_supported"] = json!(vendor.algorithms);
    }
    // Epic's registration of devices is in no document.
    if vendor.registration == Registration::Open {
        document["registration_endpoint"] = site.endpoint("register").into();
    }
    if vendor.pkce != Pkce::Ignored {
        document["code_challenge_methods_supported"] = json!(["S256"]);
    }
    if vendor.names_issuer {
        document["authorization_response_iss_parameter_supported"] = true.into();
    }
    document
}

fn scopes(site: &Site) -> Vec<&str> {
    let mut scopes = vec!["launch/patient"];
    if site.vendor.has_id_tokens() {
        scopes.extend(["openid", "fhirUser"]);
    }
    if site.vendor.refresh != Refresh::Absent {
        scopes.push("offline_access");
    }
    scopes.retain(|scope| !site.vendor.refused_scopes.iter().any(|refused| refused == scope));
    if !site.vendor.record_scopes.is_empty() {
        scopes.extend(site.vendor.record_scopes.iter().map(String::as_str));
        return scopes;
    }
    for dialect in &site.vendor.dialects {
        scopes.push(if *dialect == Dialect::V1 { "patient/*.read" } else { "patient/*.rs" });
    }
    scopes
}

fn capabilities(site: &Site) -> Vec<String> {
    let vendor = &site.vendor;
    let mut all = vec!["launch-standalone", "permission-patient"];
    if vendor.has_id_tokens() {
        all.push("sso-openid-connect");
    }
    for dialect in &vendor.dialects {
        all.push(if *dialect == Dialect::V1 { "permission-v1" } else { "permission-v2" });
    }
    for proof in &vendor.clients {
        all.push(match proof {
            ClientProof::None => "client-public",
            ClientProof::ClientSecretBasic | ClientProof::ClientSecretPost => "client-confidential-symmetric",
            ClientProof::PrivateKeyJwt => "client-confidential-asymmetric",
        });
    }
    if vendor.patient == PatientIn::TokenAnswer {
        all.push("context-standalone-patient");
    }
    if vendor.refresh != Refresh::Absent {
        all.push("permission-offline");
    }
    all.dedup();
    all.into_iter().map(str::to_owned).chain(vendor.capabilities.iter().cloned()).collect()
}

/// `metadata`, with the endpoints in its extension where the vendor publishes them there.
pub fn capability_statement(site: &Site) -> Response {
    let people = site.people();
    let types: Vec<Value> = people
        .kinds()
        .filter(|kind| !site.vendor.unsupported.types.contains(kind))
        .map(|kind| json!({ "type": kind, "interaction": [{ "code": "read" }, { "code": "search-type" }] }))
        .collect();
    let mut rest = json!({ "mode": "server", "resource": types });
    if site.vendor.discovery.contains(&Discovery::CapabilityStatement) {
        let uri = |name: &str| json!({ "url": name, "valueUri": site.endpoint(name) });
        let extension = json!({
            "url": "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris",
            "extension": [uri("authorize"), uri("token"), uri("revoke")],
        });
        rest["security"] = json!({ "extension": [extension] });
    }
    let statement = json!({
        "resourceType": "CapabilityStatement", "status": "active", "kind": "instance", "fhirVersion": "4.0.1",
        "date": "2026-01-01", "format": ["json"], "software": { "name": site.vendor.software() },
        "implementation": { "description": "Synthetic people", "url": site.base() }, "rest": [rest],
    });
    fhir(site, 200, statement.to_string())
}
