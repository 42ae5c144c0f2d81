//! `plainchart import`: files, health cards and what health links lead to, into the record.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use serde_json::json;

use super::exit;
use super::given::{self, Given};
use super::place::Place;
use super::progress;
use crate::http::{Client, Reach};
use crate::ingest::{self, Report, Request};
use crate::sources::Limits;
use crate::sources::links::{Asked, Link};
use crate::store::{Sealed, people};

/// What is read.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Files, folders, zip or gz archives; the text of a SMART Health Card (shc:/…) or Link (shlink:/…); or - for
    /// standard input.
    ///
    /// A health link is a secret: give it by - (paste it, then Ctrl-D), and it stays out of the shell's history. A
    /// passcode is asked for, and typed unseen.
    #[arg(required = true, value_name = "PATH|TEXT")]
    inputs: Vec<PathBuf>,
    /// What to call this source in answers [default: the file's name, or who shares the link].
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    /// Which person of the input is meant, where it holds several: words of the name, or an id.
    #[arg(long, value_name = "TEXT")]
    patient: Option<String>,
    /// It is the same person under another name or recorded sex.
    #[arg(long)]
    same_person: bool,
    /// Ask the issuers of health cards whether they have signed them. They learn that somebody has a card of theirs.
    #[arg(long)]
    verify: bool,
    /// As whom to ask at a health link: the sharer sees it.
    #[arg(long, value_name = "WORDS", default_value = "plainchart")]
    recipient: String,
    /// Print the report as JSON.
    #[arg(long)]
    json: bool,
}

/// Imports, and prints the report.
pub fn run(place: &Place, arguments: &Arguments) -> Result<ExitCode> {
    // What nobody can read makes no store and no person.
    let given = given::of(&arguments.inputs)?;
    let vault = place.open_or_make()?.vault;
    let (person, is_new) = place.whose_or_new(&vault)?;
    let rows = place.rows(&vault, &person)?;
    let imported = import(place, arguments, &rows, given);
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
        if !report.cards.is_empty() && !arguments.verify {
            println!("To ask issuers whether they have signed their cards: --verify.");
        }
    }
    for failure in &report.failures {
        eprintln!("plainchart: {}: {}", failure.file, failure.reason);
    }
    Ok(if report.failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(exit::INPUT) })
}

fn import(
    place: &Place,
    arguments: &Arguments,
    rows: &Sealed,
    given: Given,
) -> Result<Report, ingest::Error> {
    let client = || -> Result<Client, ingest::Error> {
        let private_hosts = place.config.private_hosts.clone();
        Ok(Client::new(Reach { private_hosts, ..Reach::default() })
            .map_err(crate::sources::links::Error::Http)?)
    };
    let mut request = Request {
        source: arguments.source.clone(),
        patient: arguments.patient.clone(),
        label: place.person.clone(),
        is_same_person: arguments.same_person,
        at: place.clock.now().as_second(),
        limits: Limits::default(),
        issuers: arguments.verify.then(client).transpose()?,
        ..Request::default()
    };
    match given {
        Given::Paths(paths) => {
            let bar = progress::bar(&paths);
            request.paths = paths;
            let imported = ingest::import(rows, &request, &mut |bytes| bar.inc(bytes));
            bar.finish_and_clear();
            imported
        }
        Given::Held(name, bytes) => ingest::import_held(rows, &request, &[(&name, &bytes)]),
        Given::Link { text, passcode } => {
            let link = Link::read(text.expose())?;
            let recipient = arguments.recipient.clone();
            let mut asked = Asked { recipient, passcode, now: place.clock.now() };
            if link.needs_passcode && asked.passcode.is_none() && !link.is_over(asked.now) {
                asked.passcode = given::passcode(&link);
            }
            let bar = progress::arriving();
            let imported = ingest::import_link(rows, &request, &client()?, &link, &asked);
            bar.finish_and_clear();
            imported
        }
    }
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
