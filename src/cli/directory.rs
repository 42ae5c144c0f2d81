//! `plainchart directory`: whom one can connect to, out of the lists that vendors publish.

use std::fs::File;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use url::Url;

use super::exit::Usage;
use super::place::Place;
use super::progress;
use crate::http::{Client, Reach};
use crate::ingest::directory::{
    self, About, Closeness, Directory, Fetched, Hit, Origin, PortalFound, published,
};
use crate::store::Vault;

/// What is done.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Load a list: a file, an address, or the name of one that a vendor publishes (see `list`).
    Add {
        /// The file, the address, or the name.
        #[arg(value_name = "FILE|URL|NAME")]
        what: String,
        /// What to call it here; a list of this name is replaced [default: the file's name, or the address].
        #[arg(long, value_name = "NAME")]
        name: Option<String>,
    },
    /// Find a clinic, hospital or insurer by name, town, state or portal; misspelt words are found too.
    Search {
        /// Every word counts: mayo rochester.
        #[arg(required = true, value_name = "WORDS")]
        words: Vec<String>,
        /// How many are shown.
        #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=200))]
        limit: u16,
        /// Print the hits as JSON.
        #[arg(long)]
        json: bool,
    },
    /// The lists that are loaded, and those that vendors publish.
    List,
    /// Take a list out.
    Remove {
        /// Its name, as `list` shows it.
        name: String,
    },
}

/// Changes or asks the directory.
pub fn run(place: &Place, arguments: &Arguments) -> Result<ExitCode> {
    match &arguments.command {
        Command::Add { what, name } => add(place, what, name.as_deref())?,
        Command::Search { words, limit, json } => search(place, &words.join(" "), *limit, *json)?,
        Command::List => list(place)?,
        Command::Remove { name } => {
            directory::remove(&place.open()?.vault, name)?;
            println!("{name} is taken out of the directory.");
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn add(place: &Place, what: &str, name: Option<&str>) -> Result<()> {
    let path = Path::new(what);
    let at = place.clock.now().as_second();
    // A file of that name lies nearer than a list on the network.
    if path.exists() {
        let of_file = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let origin = Origin { name: name.unwrap_or(&of_file).to_owned(), from: of_file, etag: None };
        let file = File::open(path).with_context(|| format!("{what} cannot be read"))?;
        let vault = place.open_or_make()?.vault;
        let bar = progress::bar(&[path.to_path_buf()]);
        let told = directory::Told { inner: file, progress: &mut |bytes| bar.inc(bytes) };
        let added = directory::add(&vault, origin, told, at);
        bar.finish_and_clear();
        show_added(&added?);
        return Ok(());
    }
    let listed = published::find(what);
    let address = listed.map_or(what, |list| list.url);
    let url = Url::parse(address).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    let url = url.ok_or_else(|| {
        Usage(format!("{what} is no file, no address and no list that is known: plainchart directory list"))
    })?;
    let of_url = listed.map_or_else(|| called(&url), |list| list.name.to_owned());
    let name = name.unwrap_or(&of_url);
    let vault = place.open_or_make()?.vault;
    let client = Client::new(Reach::of(&url, &[]))?;
    let bar = progress::arriving();
    let fetched = directory::fetch(&vault, &client, (name, &url), at, &mut |bytes| bar.inc(bytes));
    bar.finish_and_clear();
    match fetched? {
        Fetched::Added(about) => show_added(&about),
        Fetched::Unchanged(about) => println!("{}: unchanged since it was last fetched.", about.name),
    }
    Ok(())
}

/// What an address is called: without what it is reached by and what is asked of it.
fn called(url: &Url) -> String {
    format!("{}{}", crate::http::host(url), url.path().trim_end_matches('/'))
}

fn show_added(about: &About) {
    println!("{}: {}.", about.name, counted(about));
    show_skipped(about);
}

fn counted(about: &About) -> String {
    let counts = about.counts;
    let published = about.published_at.as_deref().unwrap_or("at a time it does not say");
    format!(
        "{} organizations, {} portals, {} endpoints ({} can be connected to), published {published}",
        counts.brands, counts.portals, counts.endpoints, counts.reachable
    )
}

fn show_skipped(about: &About) {
    for skipped in &about.skipped {
        let first = skipped.first.map_or_else(String::new, |at| format!(" (first in entry {at})"));
        println!("  left out: {} × {}{first}", skipped.count, skipped.reason);
    }
}

/// The store, where there is one: looking makes none.
fn store(place: &Place) -> Result<Option<Vault>> {
    let is_missing = place.config.store_file().is_some_and(|file| !file.exists());
    if is_missing { Ok(None) } else { Ok(Some(place.open()?.vault)) }
}

fn list(place: &Place) -> Result<()> {
    let loaded = store(place)?.map_or_else(|| Ok(Vec::new()), |vault| directory::list(&vault))?;
    if loaded.is_empty() {
        println!("No list is loaded.");
    }
    for about in &loaded {
        let day = |at| jiff::Timestamp::from_second(at).map(|at| at.strftime("%Y-%m-%d").to_string());
        println!("{}: {}", about.name, counted(about));
        println!(
            "  from {}, added {}, last asked for {}",
            about.from,
            day(about.added_at)?,
            day(about.checked_at)?
        );
        show_skipped(about);
    }
    println!("\nPublished by vendors (plainchart directory add NAME):");
    for list in published::all() {
        println!("  {:<16} {}: {}", list.name, list.vendor, list.what);
        println!("  {:<16} {} (source: {}, {})", "", list.url, list.source, list.year);
    }
    Ok(())
}

fn search(place: &Place, words: &str, limit: u16, is_json: bool) -> Result<()> {
    let opened = store(place)?.map_or_else(|| Ok(Directory::new()), |vault| directory::open(&vault))?;
    let found = opened.search(words, limit.into());
    if is_json {
        println!("{}", serde_json::to_string_pretty(&found)?);
        return Ok(());
    }
    if opened.is_empty() {
        println!("The directory is empty. Load a list first: plainchart directory list");
        return Ok(());
    }
    if found.hits.is_empty() {
        println!("No list of the directory has all of these words: {}", names(&opened));
    }
    found.hits.iter().for_each(show);
    if found.total > found.hits.len() {
        println!("{} of {} shown: add a word, or --limit", found.hits.len(), found.total);
    }
    Ok(())
}

fn names(directory: &Directory) -> String {
    let names: Vec<&str> = directory.bundles().map(|about| about.name.as_str()).collect();
    names.join(", ")
}

fn show(hit: &Hit) {
    let place = hit.place.as_deref().map_or_else(String::new, |place| format!(" ({place})"));
    let similar = if hit.closeness == Closeness::Misspelt { ", similar" } else { "" };
    println!("{}{}", hit.brand, if hit.facility.is_none() { &place } else { "" });
    if let Some(facility) = &hit.facility {
        println!("  found by {facility}{place}");
    }
    hit.portals.iter().for_each(show_portal);
    if hit.portals.is_empty() {
        println!("  no portal and no endpoint is published for it");
    }
    let published = hit.published_at.as_deref().map_or_else(String::new, |at| format!(", published {at}"));
    println!("  from {}{published}{similar}", hit.bundles.join(" and "));
}

fn show_portal(portal: &PortalFound) {
    match (&portal.name, &portal.url) {
        (Some(name), Some(url)) => println!("  portal {name}: {url}"),
        (Some(only), None) | (None, Some(only)) => println!("  portal {only}"),
        (None, None) => {}
    }
    if let Some(description) = &portal.description {
        println!("    {description}");
    }
    for endpoint in &portal.endpoints {
        let name = endpoint.name.as_deref().map_or_else(String::new, |name| format!("{name}: "));
        println!("    {name}{} ({})", endpoint.address, endpoint.reach.words());
    }
    if portal.endpoints.is_empty() {
        println!("    no endpoint is published for this portal");
    }
}
