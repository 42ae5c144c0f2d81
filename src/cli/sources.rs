//! `plainchart sources`: where the record comes from; ends a connection.

use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Subcommand};

use super::place::Place;
use crate::ingest::{drop_source, portal};
use crate::record::{Source, SourceKind};
use crate::store::records;

/// What to do.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Every source, how fresh it is and what is wrong with it.
    List,
    /// One source: what became of each query of its last fetch.
    Show {
        /// The source, by name.
        #[arg(value_name = "SOURCE")]
        source: String,
    },
    /// End a connection: the access is given back at the portal.
    Remove {
        /// The source, by name.
        #[arg(value_name = "SOURCE")]
        source: String,
        /// Everything that it brought goes too, for good.
        #[arg(long)]
        with_entries: bool,
    },
}

/// Lists, shows or removes.
pub fn run(place: &Place, arguments: &Arguments) -> Result<ExitCode> {
    match &arguments.what {
        None | Some(What::List) => list(place),
        Some(What::Show { source }) => show(place, source),
        Some(What::Remove { source, with_entries }) => remove(place, source, *with_entries),
    }
}

fn list(place: &Place) -> Result<ExitCode> {
    let vault = place.open()?.vault;
    let rows = place.rows(&vault, &place.whose(&vault)?)?;
    let record = records::open(&rows)?.record;
    let connected = portal::list(&rows)?;
    for source in record.sources.iter() {
        let kind = match source.kind {
            SourceKind::Files => "files",
            SourceKind::Own => "your own",
            SourceKind::Portal => "portal",
        };
        let read = source.last_at().map_or_else(|| "never read".into(), |at| format!("read {}", day(at)));
        println!("{:<10} {}: {read}", kind, source.name);
        let status = connected.iter().find(|status| source.id == status.id.as_str());
        trouble(source, status);
    }
    for status in
        connected.iter().filter(|status| record.sources.iter().all(|source| source.id != status.id.as_str()))
    {
        println!("{:<10} {}: connected, never read", "portal", status.name);
    }
    Ok(ExitCode::SUCCESS)
}

fn trouble(source: &Source, status: Option<&portal::Status>) {
    if let Some(trouble) = source.fetched.as_ref().and_then(|fetched| fetched.trouble.as_ref()) {
        println!("           since {}: {}", day(trouble.at), trouble.why);
    }
    if status.is_some_and(|status| status.is_cut_off) {
        println!("           a fetch was cut off; plainchart refresh goes on where it stopped");
    }
    if status.is_some_and(|status| status.needs_sign_in.is_some()) {
        println!("           sign in again: plainchart connect {:?}", source.name.as_str());
    }
}

fn show(place: &Place, name: &str) -> Result<ExitCode> {
    let vault = place.open()?.vault;
    let rows = place.rows(&vault, &place.whose(&vault)?)?;
    let record = records::open(&rows)?.record;
    let source = record.sources.iter().find(|source| source.name.to_lowercase() == name.to_lowercase());
    let source = source.ok_or(portal::Error::NoSuchPortal)?;
    let status = portal::list(&rows)?.into_iter().find(|status| source.id == status.id.as_str());
    println!("{}", source.name);
    if let Some(status) = &status {
        println!("  server: {} ({})", status.host, status.vendor);
    }
    trouble(source, status.as_ref());
    let Some(fetched) = &source.fetched else { return Ok(ExitCode::SUCCESS) };
    if let Some(user) = &fetched.acts_as {
        println!("  signed in as {user}");
    }
    if !fetched.not_granted.is_empty() {
        println!("  not granted: {}", fetched.not_granted.join(", "));
    }
    for query in &fetched.queries {
        let gap = if query.why.is_empty() { "" } else { ": " };
        println!("  {:<8} {:>6}  {}{gap}{}", query.state.word(), query.read, query.name, query.why);
    }
    Ok(ExitCode::SUCCESS)
}

fn remove(place: &Place, name: &str, with_entries: bool) -> Result<ExitCode> {
    let vault = place.open()?.vault;
    let setting = place.setting(&vault, &place.whose(&vault)?)?;
    if let Some(status) = portal::list(&setting.rows)?.into_iter().find(|status| status.is_called(name)) {
        let removed = portal::remove(&setting, &status.id, with_entries)?;
        match removed.not_revoked {
            None => println!("{} is no longer connected, and its access was given back.", removed.name),
            Some(why) => println!(
                "{} is no longer connected. The portal could not be told ({why}): end the access there, at its page of connected apps.",
                removed.name
            ),
        }
        match with_entries {
            true => println!("{} entries went with it.", removed.entries),
            false => println!("What it brought stays: --with-entries would have removed it too."),
        }
        return Ok(ExitCode::SUCCESS);
    }
    let record = records::open(&setting.rows)?.record;
    let source = record.sources.iter().find(|source| source.name.to_lowercase() == name.to_lowercase());
    let source = source.ok_or(portal::Error::NoSuchPortal)?;
    if !with_entries {
        println!("{} is not connected to anything; --with-entries removes what it brought.", source.name);
        return Ok(ExitCode::SUCCESS);
    }
    println!("{} entries of {} were removed.", drop_source(&setting.rows, &source.id)?, source.name);
    Ok(ExitCode::SUCCESS)
}

fn day(at: i64) -> String {
    jiff::Timestamp::from_second(at)
        .map_or_else(|_| "?".into(), |at| at.to_zoned(jiff::tz::TimeZone::UTC).date().to_string())
}
