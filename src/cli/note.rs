//! `plainchart note`: the person's own words.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use super::exit::Usage;
use super::place::Place;
use crate::ingest;
use crate::record::EntryId;

/// What is noted.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The note, in your own words.
    text: String,
    /// The entry it is about, such as M482913.
    #[arg(long, value_name = "ID")]
    about: Option<String>,
}

/// Adds a note; it is shown as the person's own, never mixed with a provider's entries.
pub fn run(place: &Place, arguments: &Arguments) -> Result<ExitCode> {
    let about = arguments.about.as_deref().map(|id| {
        EntryId::parse(id)
            .ok_or_else(|| Usage(format!("{id} is no id: ids look like M482913 and stand in every answer")))
    });
    let about = about.transpose()?;
    let vault = place.open_or_make()?.vault;
    let (person, _) = place.whose_or_new(&vault)?;
    let rows = place.rows(&vault, &person)?;
    let id = ingest::note(&rows, &arguments.text, about, place.clock.now().as_second())?;
    println!("Noted as {id}, under the source \"you\".");
    Ok(ExitCode::SUCCESS)
}
