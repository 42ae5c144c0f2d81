//! Search over 10 MB of notes.

use std::cell::Cell;
use std::sync::atomic::AtomicBool;

use plainchart::insight::search::{SearchAsk, search};
use plainchart::insight::{Context, Ways};
use plainchart::record::View;
use plainchart::store::records;
use serde_json::Map;

use crate::board::Board;
use crate::timing::{Times, timed};
use crate::{generator, world};

const NOTES_BYTES: usize = 10_000_000;
const SEARCH_MS: f64 = 30.0;

/// A common word, lay words with many names, a phrase, and words that stand nowhere.
const QUERIES: [&str; 5] = ["dizziness", "heart attack", "knee swollen", "\"muscle aches\" -fever", "zebra"];

/// Searches.
pub fn measure(board: &mut Board) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.ndjson");
    // One patient's line, so that the notes are somebody's.
    let patient = generator::bulk_ndjson(0, 417);
    world::write_lines(&path, patient.chain(generator::notes(NOTES_BYTES, 417)));
    let sealed = world::in_memory(vec![path]);
    let record = records::open(&sealed).unwrap().record;
    let view = View::everything(record);
    for query in QUERIES {
        let (_, first) = timed(|| searched(&view, query));
        let later = Times::of(10, || searched(&view, query));
        board.notes(&format!("search for {query}, the first time"), first, "ms");
        board.expects(&format!("search for {query}"), later.median(), SEARCH_MS, "ms");
    }
}

fn searched(view: &View, query: &str) -> String {
    let (arguments, stop) = (Map::new(), AtomicBool::new(false));
    let (tool, today) = ("search_records", world::TODAY);
    let (ways, checked) = (&Ways::Commands, Cell::new(0));
    let context = Context { view, today, tool, arguments: &arguments, ways, stop: &stop, checked };
    search(&context, &SearchAsk { query: query.into(), ..SearchAsk::default() }).unwrap().text
}
