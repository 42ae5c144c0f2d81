//! Imports files into a record in memory and prints the report: what is new, and what was left out.
//!
//! `cargo run --example import_a_file -- fixtures/people/child/pediatrics.json`
#![expect(clippy::print_stdout, reason = "an example prints")]

use std::path::PathBuf;

use anyhow::Result;
use plainchart::clock::{Clock, Randomness};
use plainchart::ingest::{self, Request};
use plainchart::store::{OwnerId, Vault};

fn main() -> Result<()> {
    let paths: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    // A store in memory: everything is sealed as it would be on the disk, and gone at the end.
    let vault = Vault::in_memory(Clock::system(), Randomness::system())?;
    let rows = vault.create(&OwnerId::random(vault.random()))?;

    let request = Request { paths, at: vault.clock().now().as_second(), ..Request::default() };
    let first = ingest::import(&rows, &request, &mut |_bytes| {})?;
    print!("{}", first.text());

    let again = ingest::import(&rows, &request, &mut |_bytes| {})?;
    println!("Once more: {} new, {} unchanged.", again.new, again.unchanged);
    Ok(())
}
