//! `plainchart portals`: portals listed by hand, with the clients that were registered there.

use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Subcommand};
use url::Url;

use super::connect::Client;
use super::exit::Usage;
use super::place::Place;
use crate::ingest::portal::{self, Listed};

/// What to do.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Every listed portal.
    List,
    /// List a portal, so that it can be connected by name, by an assistant too.
    Add {
        /// What to call it.
        #[arg(value_name = "NAME")]
        name: String,
        /// The FHIR address of its server.
        #[arg(value_name = "URL")]
        address: Url,
        #[command(flatten)]
        client: Box<Client>,
    },
    /// Take a portal off the list. What is connected stays so.
    Remove {
        /// What it is called.
        #[arg(value_name = "NAME")]
        name: String,
    },
}

/// Lists, adds or removes.
pub fn run(place: &Place, arguments: &Arguments) -> Result<ExitCode> {
    let vault = place.open_or_make()?.vault;
    match &arguments.what {
        None | Some(What::List) => {
            for listed in portal::list_listed(&vault)? {
                let client =
                    listed.client.as_ref().map_or("registers by itself", |client| client.id.as_str());
                println!("{}: {} ({client})", listed.name, listed.address);
            }
        }
        Some(What::Add { name, address, client }) => {
            let wanted = client.wanted()?;
            portal::add_listed(&vault, &Listed::new(name.clone(), address.clone(), wanted))?;
            println!("{name} is listed: plainchart connect {name:?}");
        }
        Some(What::Remove { name }) => {
            if !portal::remove_listed(&vault, name)? {
                return Err(Usage("no portal of this name is listed".into()).into());
            }
            println!("{name} is no longer listed.");
        }
    }
    Ok(ExitCode::SUCCESS)
}
