//! The figures this program is held to, each with its limit: `cargo bench --bench marks`.
//!
//! Counts and ratios that miss their limit end the run with an error. Times, memory and the size of the
//! binary depend on the machine: they are printed, and marked where they miss theirs. Names as arguments
//! (`cargo bench --bench marks -- start large`) run only these parts.
#![expect(clippy::print_stdout, reason = "a benchmark prints")]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a benchmark that cannot run ends")]

mod apple;
mod board;
mod crowd;
mod directory;
mod documents;
mod estimate;
mod fetching;
#[path = "../../examples/synthetic_people/generator/mod.rs"]
#[expect(dead_code, reason = "the people are read from their files")]
mod generator;
mod importing;
mod large;
mod listed;
mod postgres;
mod process;
mod questions;
mod searching;
mod serving;
mod start;
mod surface;
mod timing;
mod world;

use std::process::ExitCode;

use board::Board;
use world::Place;

/// A part: its name, and what measures it.
type Part = (&'static str, fn(&mut Board));

const PARTS: &[Part] = &[
    ("questions", questions::measure),
    ("surface", surface::measure),
    ("estimate", estimate::measure),
    ("start", start::measure),
    ("large", large::measure),
    ("searching", searching::measure),
    ("importing", importing::measure),
    ("apple", apple::measure),
    ("directory", directory::measure),
    ("documents", documents::measure),
    ("fetching", fetching::measure),
    ("serving", serving::measure),
    ("crowd", crowd::measure),
    ("postgres", postgres::measure),
];

fn main() -> ExitCode {
    // `cargo bench` adds a flag of its own.
    let asked: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    if asked == [fetching::SERVE] {
        fetching::serve();
    }
    if let [word, place] = asked.as_slice()
        && word == crowd::ASK
    {
        return crowd::ask(&Place::of(place));
    }
    if let [word, what, place] = asked.as_slice()
        && word == serving::SERVE
    {
        serving::serve(what, &Place::of(place));
        return ExitCode::SUCCESS;
    }
    let mut board = Board::default();
    for (name, measure) in PARTS {
        if asked.is_empty() || asked.iter().any(|word| word == name) {
            println!("\n{name}");
            measure(&mut board);
        }
    }
    board.end()
}
