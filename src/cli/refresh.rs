//! `plainchart refresh`: fetches from the connected portals again.

use std::io::IsTerminal;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Result;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::exit::Usage;
use super::place::Place;
use super::{exit, interrupt};
use crate::ingest::portal::{self, Refreshed, Setting};
use crate::record::QueryState;

/// Which portal.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The source, by name [default: all that are connected].
    #[arg(value_name = "SOURCE")]
    source: Option<String>,
}

/// Refreshes one portal or all, and prints the reports.
pub fn run(place: &Place, arguments: &Arguments) -> Result<ExitCode> {
    let vault = place.open()?.vault;
    let setting = place.setting(&vault, &place.whose(&vault)?)?;
    let is_wanted = |status: &portal::Status| match &arguments.source {
        None => true,
        Some(name) => status.is_called(name),
    };
    let wanted: Vec<portal::Status> = portal::list(&setting.rows)?.into_iter().filter(is_wanted).collect();
    if wanted.is_empty() {
        return match &arguments.source {
            Some(_) => Err(portal::Error::NoSuchPortal.into()),
            None => Err(Usage("no portal is connected: plainchart connect NAME".into()).into()),
        };
    }
    let is_stopped = interrupt::flag();
    let mut code = ExitCode::SUCCESS;
    for status in wanted {
        match one(&setting, &status.id, &is_stopped) {
            Ok(ended) if ended == ExitCode::SUCCESS => {}
            Ok(ended) => code = ended,
            Err(error) => {
                eprintln!("{}:", status.name);
                code = exit::tell(&error);
            }
        }
        if is_stopped.load(Ordering::SeqCst) {
            break;
        }
    }
    Ok(code)
}

/// Fetches from one portal with a progress bar, and prints the report.
pub fn one(setting: &Setting, id: &str, is_stopped: &AtomicBool) -> Result<ExitCode> {
    let bar = bar();
    let progress = |progress: crate::sources::smart::fetch::Progress| {
        bar.set_length(progress.of.into());
        bar.set_position(progress.done.into());
        bar.set_message(format!("{} resources", progress.resources));
    };
    let refreshed = portal::refresh(setting, id, &progress, &|| is_stopped.load(Ordering::SeqCst));
    bar.finish_and_clear();
    let refreshed = refreshed?;
    tell(&refreshed);
    Ok(if refreshed.fetched.trouble.is_none() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn bar() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(0);
    let style = ProgressStyle::with_template("Fetching {bar:30} {pos}/{len} {msg}");
    style.map_or_else(|_| ProgressBar::hidden(), |style| bar.with_style(style))
}

fn tell(refreshed: &Refreshed) {
    print!("{}", refreshed.report.text());
    let queries = &refreshed.fetched.queries;
    let count = |state: QueryState| queries.iter().filter(|query| query.state == state).count();
    println!(
        "{}: {} queries answered, {} with nothing there, {} refused, {} in part, {} failed.",
        refreshed.name,
        count(QueryState::Whole),
        count(QueryState::Empty),
        count(QueryState::Refused),
        count(QueryState::Partial),
        count(QueryState::Failed),
    );
    for query in refreshed.fetched.not_whole().filter(|query| query.state != QueryState::Refused) {
        println!("  {}: {}: {}", query.name, query.state.word(), query.why);
    }
    if count(QueryState::Refused) > 0 {
        println!("What was refused, and why: plainchart sources show {:?}", refreshed.name);
    }
    if let Some(trouble) = &refreshed.fetched.trouble {
        println!("{}: {}", refreshed.name, trouble.why);
    }
}
