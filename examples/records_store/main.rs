//! A records store to try `plainchart connect` with, without an account anywhere.
//!
//!     cargo run --example records_store
//!     cargo run --example records_store -- --vendor cerner --port 9480 --people fixtures/people/adult
//!
//! Everyone in it is made up. `--sign-in PATIENT` signs in without a page, `--delay-ms N` holds each answer
//! with FHIR back, `--client-key FILE` (PEM) is for vendors that want assertions signed with that key, and
//! `--open` leaves the tokens to an authorization server in front.

#![expect(clippy::print_stdout, reason = "an example that tells where it listens")]

#[expect(dead_code, reason = "the tests use the rest of it")]
mod server;

use std::path::PathBuf;

use anyhow::Context;
use clap::Parser;
use jsonwebtoken::{Algorithm, EncodingKey};
use plainchart::sources::smart::vendors;
use serde_json::json;
use server::clients::Client;
use server::keys;
use server::quirks::{ClientProof, Registration};
use server::running::{self, Options, Store};
use server::switches::SignIn;
use server::vendor::{self, Vendor};

/// A records store with synthetic people and the quirks of real vendors.
#[derive(Parser)]
struct Arguments {
    /// One vendor; without it all of vendors.json are served.
    #[arg(long)]
    vendor: Option<String>,
    #[arg(long, default_value_t = 9480)]
    port: u16,
    /// A folder or file with bundles or NDJSON, instead of the people of this repository.
    #[arg(long)]
    people: Vec<PathBuf>,
    /// Signs this patient in without a page.
    #[arg(long)]
    sign_in: Option<String>,
    /// How long each answer with FHIR is held back.
    #[arg(long, default_value_t = 0)]
    delay_ms: u64,
    /// The private key (PEM) that plainchart signs with; its public half is what vendors know.
    #[arg(long)]
    client_key: Option<PathBuf>,
    /// Tokens are not checked: another authorization server stands in front.
    #[arg(long)]
    open: bool,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let rows = vendor::rows();
    let named = |row: &Vendor| arguments.vendor.as_ref().is_none_or(|name| *name == row.name);
    let rows: Vec<_> = rows.into_iter().filter(named).collect();
    anyhow::ensure!(!rows.is_empty(), "vendors.json has no such vendor");
    let mut options =
        Options { port: arguments.port, delay_ms: arguments.delay_ms, ..Options::of_rows(rows) };
    options.sign_in = arguments.sign_in.map(SignIn::Own);
    options.is_open = arguments.open;
    if !arguments.people.is_empty() {
        options.people = arguments.people;
    }
    if let Some(path) = arguments.client_key {
        let pem = std::fs::read(path).context("the key could not be read")?;
        options.clients.push(keyed(&pem).context("the key is neither RSA nor P-384")?);
    }
    let running = Store::start(&options).context("the server could not start")?;
    println!("A records store with synthetic people. To connect to one of its vendors:\n");
    for row in &options.vendors {
        let base = running.base_of(&row.name).unwrap_or_default();
        println!("{}\n    plainchart connect {base}{}", row.title, flags(row, &base));
    }
    println!("\nWhere --secret asks, it is {}. Ctrl-C ends it.", running::CLIENT_SECRET);
    running.wait();
    Ok(())
}

/// The client `plainchart`, known by the public half of that key.
fn keyed(pem: &[u8]) -> jsonwebtoken::errors::Result<Client> {
    let public = match EncodingKey::from_rsa_pem(pem) {
        Ok(key) => keys::public_half(&key, Algorithm::RS384),
        Err(_) => keys::public_half(&EncodingKey::from_ec_pem(pem)?, Algorithm::ES384),
    };
    let (id, secret) = (running::CLIENT_ID.to_owned(), Some(running::CLIENT_SECRET.to_owned()));
    Ok(Client { id, secret, jwks: Some(json!({ "keys": [public] })), ..Client::default() })
}

/// The flags that connect needs for this vendor.
fn flags(row: &Vendor, base: &str) -> String {
    let mut flags = String::new();
    // On this machine no host tells the maker of the server.
    if vendors::named(&row.name).is_some() && vendors::of(base, Some(row.software()), None).name != row.name {
        flags += &format!(" --vendor {}", row.name);
    }
    if row.authorize_needs.contains_key("ah-practice") {
        flags += " --parameter practice=Organization/1";
    }
    if row.registration == Registration::Open {
        return flags;
    }
    flags += &format!(" --client-id {}", running::CLIENT_ID);
    flags
        + match row.clients.first() {
            Some(ClientProof::None) | None => "",
            Some(ClientProof::PrivateKeyJwt) => " --private-key FILE",
            Some(ClientProof::ClientSecretBasic | ClientProof::ClientSecretPost) => " --secret",
        }
}
