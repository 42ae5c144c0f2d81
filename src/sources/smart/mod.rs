//! Servers of health records that speak SMART on FHIR: what is known of their makers, how a person signs in to
//! them, and what is fetched from them.
//!
//! The path of a sign-in: [`discovery`] finds out how, [`registration`] gets a client id, [`authorize`] makes
//! the address that the person opens and looks at what comes back, [`tokens`] exchanges it, and [`patient`]
//! finds whose record was opened. A [`connection`] is what is kept of it.

pub mod address;
pub mod authorize;
pub mod callback;
mod carrier;
mod cells;
pub mod client;
pub mod connection;
pub mod discovery;
mod error;
pub mod fetch;
mod id_token;
mod kept;
pub mod patient;
pub mod plan;
pub mod registration;
pub mod rules;
pub mod scopes;
pub mod server;
pub mod tokens;
pub mod vendors;

use serde::de::DeserializeOwned;
use url::Url;

pub use error::Error;

use crate::http::{Client, Request};

/// JSON from an address; `None` where there is none.
fn http_json<T: DeserializeOwned>(client: &Client, url: &Url) -> Result<Option<T>, Error> {
    let answered = client.send(&Request::get(url.clone()))?;
    if answered.status != 200 {
        return Ok(None);
    }
    Ok(serde_json::from_slice(&answered.bytes()?).ok())
}

/// JSON as the answer to a request that must succeed.
fn http_json_of<T: DeserializeOwned>(
    client: &Client,
    request: &Request,
    doing: &'static str,
) -> Result<T, Error> {
    #[derive(serde::Deserialize)]
    struct Refusal {
        error: String,
    }
    let answered = client.send(request)?;
    let status = answered.status;
    let bytes = answered.bytes()?;
    if !(200..300).contains(&status) {
        let refusal = serde_json::from_slice::<Refusal>(&bytes).map(|refusal| error::code(&refusal.error));
        return Err(Error::Refused { doing, code: refusal.unwrap_or_else(|_| format!("status {status}")) });
    }
    serde_json::from_slice(&bytes).map_err(|_| Error::NotUnderstood { doing })
}
