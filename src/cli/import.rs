//! `plainchart import`: files into the record.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use serde_json::json;

use super::exit;
use super::place::Place;
use super::progress;
use crate::ingest::{self, Request};
use crate::sources::Limits;
use crate::store::people;

/// What is read.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Files, folders, zip or gz archives.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// What to call this source in answers [default: the file's name].
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    /// Which person of the input is meant, where it holds several: words of the name, or an id.
    #[arg(long, value_name = "TEXT")]
    patient: Option<String>,
    /// It is the same person under another name or recorded sex.
    #[arg(long)]
    same_person: bool,
    /// Print the report as JSON.
    #[arg(long)]
    json: bool,
}

/// Imports, and prints the report.
pub fn run(place: &Place, arguments: &Arguments) -> Result<ExitCode> {
    let vault = place.open_or_make()?.vault;
    let (person, is_new) = place.whose_or_new(&vault)?;
    let rows = place.rows(&vault, &person)?;
    let request = Request {
        paths: arguments.paths.clone(),
        source: arguments.source.clone(),
        patient: arguments.patient.clone(),
        label: place.person.clone(),
        is_same_person: arguments.same_person,
        at: place.clock.now().as_second(),
        limits: Limits::default(),
        entries_max: None,
        portal: None,
    };
    let bar = progress::bar(&arguments.paths);
    let imported = ingest::import(&rows, &request, &mut |bytes| bar.inc(bytes));
    bar.finish_and_clear();
    let has_saved = imported.as_ref().is_ok_and(|report| report.is_saved);
    if is_new && !has_saved {
        // An import that gave nothing leaves nobody behind.
        people::remove(&vault, &person.owner)?;
    }
    let report = match imported {
        Ok(report) => report,
        Err(error) => return refused(error, arguments.json),
    };
    if arguments.json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        print!("{}", report.text());
    }
    for failure in &report.failures {
        eprintln!("plainchart: {}: {}", failure.file, failure.reason);
    }
    Ok(if report.failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(exit::INPUT) })
}

/// With `--json` a refusal is JSON too: who is in the input, so that a program can choose.
fn refused(error: ingest::Error, is_json: bool) -> Result<ExitCode> {
    if is_json {
        let people = match &error {
            ingest::Error::SeveralPeople { people } | ingest::Error::NoSuchPerson { people } => {
                people.clone()
            }
            ingest::Error::SomebodyElse { found, .. } => vec![found.clone()],
            ingest::Error::Unconfirmed { found, .. } => found.clone().into_iter().collect(),
            _ => Vec::new(),
        };
        println!(
            "{}",
            serde_json::to_string_pretty(&json!({ "error": error.to_string(), "people": people }))?
        );
    }
    Err(error.into())
}
