//! `plainchart status` and `plainchart people`.

use std::process::ExitCode;

use anyhow::Result;

use super::place::Place;
use crate::access::audit;
use crate::record::{Kind, View};
use crate::store::people;
use crate::store::records;

/// What is in the record, from where, and whether the store and the audit are whole.
pub fn status(place: &Place) -> Result<ExitCode> {
    let opening = place.open()?;
    println!("Store: {}", place.config.store_url());
    println!("Key:   {}", opening.keychain.source());
    for person in people::list(&opening.vault)? {
        if place.person.as_ref().is_some_and(|name| !name.eq_ignore_ascii_case(&person.label)) {
            continue;
        }
        let rows = place.rows(&opening.vault, &person)?;
        let view = View::everything(records::open(&rows)?.record);
        println!("\n{}: record version {}", person.label, view.version());
        for source in view.sources() {
            let files: Vec<&str> = source.imports.iter().map(|import| import.file.as_str()).collect();
            println!("  source {}: {} import(s) of {}", source.name, files.len(), files.join(", "));
        }
        for kind in Kind::ALL {
            let (entries, groups) = (view.entries(kind).count(), view.groups(kind).len());
            if entries > 0 {
                println!("  {:<16} {groups:>6}  (from {entries} entries)", kind.plural());
            }
        }
        println!("  activity: {} lines, the chain holds", audit::verify(&rows)?);
    }
    Ok(ExitCode::SUCCESS)
}

/// Who has a record in this store.
pub fn people(place: &Place) -> Result<ExitCode> {
    let vault = place.open()?.vault;
    let everyone = people::list(&vault)?;
    for person in &everyone {
        println!("{}", person.label);
    }
    if everyone.is_empty() {
        eprintln!("Nobody has a record here yet: plainchart import PATH makes one.");
    }
    Ok(ExitCode::SUCCESS)
}
