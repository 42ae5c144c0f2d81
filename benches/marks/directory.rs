//! A directory of 100,000 organizations: loaded from its bundle, opened, searched, and the memory of both.

use std::fs::File;
use std::path::Path;

use plainchart::clock::{Clock, Randomness};
use plainchart::ingest::directory::{self, Origin};
use plainchart::store::Vault;

use crate::board::Board;
use crate::listed;
use crate::process::{command, peak_mb};
use crate::timing::{Times, timed};
use crate::world;

const ORGANIZATIONS: usize = 100_000;
const LOAD_MS: f64 = 10_000.0;
const SEARCH_MS: f64 = 10.0;
const MEMORY_MB: f64 = 150.0;

/// A name with its town; a word that many have; a state; beginnings; misspelt words; glue; words nobody has.
fn queries() -> Vec<String> {
    let (name, town) = (listed::stem(NAMED), listed::town(NAMED));
    let beginning = |word: &str| word.chars().take(3).collect::<String>();
    vec![
        format!("{name} {town}"),
        "clinic".to_owned(),
        "family clinic minnesota".to_owned(),
        format!("{} {}", beginning(&name), beginning(&town)),
        format!("{} {}", misspelt(&name), misspelt(&town)),
        "chidlrens hosptial of wisconsin".to_owned(),
        format!("{name} in {town}"),
        NOBODY.to_owned(),
    ]
}

/// One of the organizations, for its name.
const NAMED: usize = 4_242;
const NOBODY: &str = "qqqqq zzzzzzzz";

/// The word with its third and fourth letter in each other's place.
fn misspelt(word: &str) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    letters.swap(2, 3);
    letters.into_iter().collect()
}

/// Loads and searches.
pub fn measure(board: &mut Board) {
    let folder = tempfile::tempdir().unwrap();
    let bundle = folder.path().join("brands.json");
    let bytes = listed::write_bundle(&bundle, ORGANIZATIONS, listed::Kind::Alone);
    board.notes("the bundle: 100,000 organizations, each with portal and endpoint", bytes as f64 / 1e6, "MB");
    let home = folder.path().join("home");
    let vault = vault(&home);
    let origin = Origin { name: "brands".into(), from: "brands.json".into(), etag: None };
    let (added, load) = timed(|| directory::add(&vault, origin, File::open(&bundle).unwrap(), 0).unwrap());
    assert_eq!((added.counts.brands, added.counts.reachable), (ORGANIZATIONS, ORGANIZATIONS));
    board.expects("loading it into SQLite", load, LOAD_MS, "ms");
    let (opened, open) = timed(|| directory::open(&vault).unwrap());
    board.notes("opening it", open, "ms");
    let mut slowest = (0.0, String::new());
    for query in queries() {
        let found = opened.search(&query, 20);
        assert_eq!(found.hits.is_empty(), query == NOBODY, "{query} finds {}", found.total);
        let median = Times::of(20, || opened.search(&query, 20)).median();
        board.notes(&format!("search for {query} ({} found)", found.total), median, "ms");
        slowest = if median > slowest.0 { (median, query) } else { slowest };
    }
    board.expects(&format!("the slowest search ({})", slowest.1), slowest.0, SEARCH_MS, "ms");
    drop(opened);
    memory(board, folder.path(), &bundle);
    let shared = folder.path().join("facilities.json");
    let bytes = listed::write_bundle(&shared, ORGANIZATIONS, listed::Kind::Facilities);
    board.notes("a bundle of 1,000 brands and 99,000 facilities", bytes as f64 / 1e6, "MB");
    let origin = Origin { name: "brands".into(), from: "facilities.json".into(), etag: None };
    let (_, load) = timed(|| directory::add(&vault, origin, File::open(&shared).unwrap(), 0).unwrap());
    board.expects("loading it in the place of the other", load, LOAD_MS, "ms");
}

/// The commands that a person types, as processes of their own.
fn memory(board: &mut Board, folder: &Path, bundle: &Path) {
    let home = folder.join("typed");
    let mut add = command(&home);
    add.args(["directory", "add"]).arg(bundle);
    let Some(peak) = peak_mb(add) else { return };
    board.expects("memory of loading it, at its peak", peak, MEMORY_MB, "MB");
    let mut search = command(&home);
    search.args(["directory", "search", &misspelt(&listed::stem(NAMED)), &misspelt(&listed::town(NAMED))]);
    let (peak, whole) = timed(|| peak_mb(search));
    board.notes("`directory search`, from start to end", whole, "ms");
    if let Some(peak) = peak {
        board.expects("memory of opening and searching it, at its peak", peak, MEMORY_MB, "MB");
    }
}

fn vault(home: &Path) -> Vault {
    let clock = Clock::fixed("2026-11-01T10:00:00Z".parse().unwrap());
    Vault::open(&world::config(home), &clock, &Randomness::seeded(417)).unwrap().vault
}
