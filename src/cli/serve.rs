//! `plainchart serve`: the record over standard input and output.

use std::process::ExitCode;

use anyhow::Result;
use tracing::level_filters::LevelFilter;

use super::place::Place;
use crate::mcp::{log, stdio};

/// Serves until the assistant ends the conversation. Logs go to standard error and hold no health data.
pub fn run(place: Place) -> Result<ExitCode> {
    // Nobody else sets a subscriber in this process.
    let _ = tracing::subscriber::set_global_default(log::subscriber(LevelFilter::INFO, std::io::stderr));
    let desk = place.desk();
    stdio::serve(place.access(), Some(desk))?;
    Ok(ExitCode::SUCCESS)
}
