//! `plainchart activity`: who asked what of the record.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use super::place::Place;
use crate::access::audit;

/// How much is shown.
#[derive(Debug, Args)]
pub struct Arguments {
    /// How many of the last lines.
    #[arg(long, default_value_t = 50, value_name = "N")]
    last: u64,
    /// Print them as JSON, one a line.
    #[arg(long)]
    json: bool,
}

/// Checks the chain and prints its last lines.
pub fn run(place: &Place, arguments: &Arguments) -> Result<ExitCode> {
    let vault = place.open()?.vault;
    let rows = place.rows(&vault, &place.whose(&vault)?)?;
    let count = audit::verify(&rows)?;
    for line in audit::read(&rows, arguments.last)? {
        let event = &line.event;
        if arguments.json {
            println!("{}", serde_json::json!({ "number": line.number, "event": event, "hash": line.hash }));
            continue;
        }
        let at = jiff::Timestamp::from_second(event.at).map_or_else(|_| "?".into(), |at| at.to_string());
        let outcome = event.outcome.word();
        println!(
            "{at}  {}  {}  {outcome}, {} entries: {}",
            event.who,
            event.tool,
            event.entries.len(),
            event.entries.join(" ")
        );
    }
    if !arguments.json {
        println!("{count} lines in all; the chain holds.");
    }
    Ok(ExitCode::SUCCESS)
}
