//! A records store to try `plainchart connect` with, without an account anywhere.
//!
//!     cargo run --example records_store
//!     cargo run --example records_store -- --vendor epic --port 9480 --people fixtures/people/adult
//!
//! Everyone in it is made up. `--sign-in PATIENT` signs in without a page, `--delay-ms N` waits before
//! each answer, `--open` leaves the tokens to an authorization server in front.

#![expect(clippy::print_stdout, reason = "an example that tells where it listens")]

#[expect(dead_code, reason = "the tests use the rest of it")]
mod server;

use std::path::PathBuf;

use anyhow::Context;
use clap::Parser;
use server::running::{self, Options, Store};
use server::switches::SignIn;
use server::vendor;

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
    #[arg(long, default_value_t = 0)]
    delay_ms: u64,
    /// Tokens are not checked: another authorization server stands in front.
    #[arg(long)]
    open: bool,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let vendors = vendor::rows();
    let named = |row: &vendor::Vendor| arguments.vendor.as_ref().is_none_or(|name| *name == row.name);
    let vendors: Vec<_> = vendors.into_iter().filter(named).collect();
    anyhow::ensure!(!vendors.is_empty(), "vendors.json has no such vendor");
    let mut options =
        Options { port: arguments.port, delay_ms: arguments.delay_ms, ..Options::of_rows(vendors) };
    options.sign_in = arguments.sign_in.map(SignIn::Own);
    options.is_open = arguments.open;
    if !arguments.people.is_empty() {
        options.people = arguments.people;
    }
    let running = Store::start(&options).context("the server could not start")?;
    println!("A records store with synthetic people. To connect to one of its vendors:\n");
    for row in &options.vendors {
        let base = running.base_of(&row.name).unwrap_or_default();
        println!("{:<34} plainchart connect {base}{}", row.title, hint(row));
    }
    println!("\nCtrl-C ends it.");
    running.wait();
    Ok(())
}

/// What has to be handed over where clients are registered by hand.
fn hint(row: &vendor::Vendor) -> String {
    if row.registration == vendor::Registration::Open {
        return String::new();
    }
    let secret = if row.clients.contains(&vendor::ClientProof::None) {
        String::new()
    } else {
        format!(" (secret {})", running::CLIENT_SECRET)
    };
    format!(" --client-id {}{secret}", running::CLIENT_ID)
}
