//! `plainchart export`, `backup`, `restore` and `erase`: keeping a record, and letting it go.

use std::io::{BufRead, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use serde_json::{Map, json};

use super::exit::Usage;
use super::place::Place;
use crate::ingest::portal;
use crate::mcp::tool::{self, Refused};
use crate::store::backup::{self, Overwrite};
use crate::store::{Vault, people};
use crate::{access, ingest};

/// Where a readable copy goes.
#[derive(Debug, Args)]
pub struct ExportArguments {
    /// A folder; it is made if need be.
    path: PathBuf,
}

/// Where a backup goes.
#[derive(Debug, Args)]
pub struct BackupArguments {
    /// The file to write.
    file: PathBuf,
}

/// Which backup comes back.
#[derive(Debug, Args)]
pub struct RestoreArguments {
    /// The file that `plainchart backup` wrote.
    file: PathBuf,
    /// Replace the store that is there. What it holds is lost.
    #[arg(long)]
    overwrite: bool,
}

/// What is erased.
#[derive(Debug, Args)]
pub struct EraseArguments {
    /// Do not ask.
    #[arg(long)]
    yes: bool,
}

/// Writes a FHIR bundle per source and a Markdown summary.
pub fn export(place: Place, arguments: &ExportArguments) -> Result<ExitCode> {
    let vault = place.open()?.vault;
    let person = place.whose(&vault)?;
    let rows = place.rows(&vault, &person)?;
    let at = place.clock.now().as_second();
    let arguments_of_summary = Map::from_iter([("max_tokens".to_owned(), json!(13_000))]);
    let access = access::Access::new(access::Door::to_rows(rows.clone()), place.clock.clone());
    let summary = tool::call(access, "summarize_history", arguments_of_summary);
    let summary = summary.map_err(|Refused(sentence)| anyhow::anyhow!(sentence))?;
    let written = ingest::export(&rows, &arguments.path, &summary.text, at)?;
    for path in written {
        println!("{}", path.display());
    }
    eprintln!("These files are readable by anyone who gets them: keep them as you keep the record.");
    Ok(ExitCode::SUCCESS)
}

/// Writes a sealed backup.
pub fn backup(place: &Place, arguments: &BackupArguments) -> Result<ExitCode> {
    let contents = backup::take(&store_file(place)?, &arguments.file)?;
    println!(
        "{} rows in {}. It does not hold the key: keep that apart (plainchart keys).",
        contents.rows,
        arguments.file.display()
    );
    Ok(ExitCode::SUCCESS)
}

/// Puts a backup in the place of the store.
pub fn restore(place: &Place, arguments: &RestoreArguments) -> Result<ExitCode> {
    let overwrite = if arguments.overwrite { Overwrite::Allowed } else { Overwrite::Never };
    let contents = backup::restore(&arguments.file, &store_file(place)?, overwrite)?;
    println!("{} rows are back. `plainchart status` checks that they open.", contents.rows);
    Ok(ExitCode::SUCCESS)
}

/// Asks, then forgets the person's rows and key.
pub fn erase(place: &Place, arguments: &EraseArguments) -> Result<ExitCode> {
    let vault = place.open()?.vault;
    let person = place.whose(&vault)?;
    if !arguments.yes {
        print!("Forget the whole record of \"{}\" for good? Type the name to confirm: ", person.label);
        std::io::stdout().flush()?;
        let mut typed = String::new();
        std::io::stdin().lock().read_line(&mut typed)?;
        if typed.trim() != person.label {
            return Err(Usage("nothing was erased".into()).into());
        }
    }
    give_back(place, &vault, &person)?;
    people::remove(&vault, &person.owner)?;
    println!(
        "The record of \"{}\" and its key are gone. Backups and exports made before still hold it.",
        person.label
    );
    Ok(ExitCode::SUCCESS)
}

/// Gives the access to every connected portal back, so that nothing goes on there in the person's name.
pub fn give_back(place: &Place, vault: &Vault, person: &people::Person) -> Result<()> {
    let setting = place.setting(vault, person)?;
    for status in portal::list(&setting.rows)? {
        match portal::remove(&setting, &status.id, false) {
            Ok(removed) => {
                if let Some(why) = removed.not_revoked {
                    eprintln!("{} could not be told ({why}): end the access there.", removed.name);
                }
            }
            // What cannot be reached does not keep the record.
            Err(error) => eprintln!("{}: {error}; end the access there.", status.name),
        }
    }
    Ok(())
}

fn store_file(place: &Place) -> Result<PathBuf> {
    let only = || {
        Usage("this store is not a file: take and restore a backup of a database with pg_dump and pg_restore (docs/postgresql.md)".into())
    };
    Ok(place.config.store_file().ok_or_else(only)?)
}
