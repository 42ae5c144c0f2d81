//! Imports a file into a record in memory and asks one tool, through the gate that every assistant passes.
//!
//! `cargo run --example ask_a_question -- fixtures/people/adult get_labs '{"query": "hba1c"}'`
#![expect(clippy::print_stdout, reason = "an example prints")]

use std::path::PathBuf;

use anyhow::{Context, Result, anyhow};
use plainchart::access::{Access, Door};
use plainchart::clock::{Clock, Randomness};
use plainchart::ingest::{self, Request};
use plainchart::mcp::tool::{self, Refused};
use plainchart::store::{OwnerId, Vault};

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().context("usage: FILE TOOL [JSON]")?;
    let tool = arguments.next().context("usage: FILE TOOL [JSON]")?;
    let asked = serde_json::from_str(&arguments.next().unwrap_or_else(|| "{}".into()))?;

    let vault = Vault::in_memory(Clock::system(), Randomness::system())?;
    let rows = vault.create(&OwnerId::random(vault.random()))?;
    let paths = vec![PathBuf::from(file)];
    let request = Request { paths, at: vault.clock().now().as_second(), ..Request::default() };
    ingest::import(&rows, &request, &mut |_bytes| {})?;

    // What comes back is the text that a model reads, and the same facts typed.
    let access = Access::new(Door::to_rows(rows), vault.clock().clone());
    let answer = tool::call(access, &tool, asked).map_err(|Refused(sentence)| anyhow!(sentence))?;
    println!("{}", answer.text);
    println!("\ntyped: {} of {} rows", answer.structured["shown"], answer.structured["total"]);
    Ok(())
}
