//! C-CDA documents, read on one thread: at least 20 MB of document in a second.

use std::hint::black_box;

use plainchart::sources::{Draft, LeftOut, Limits, Receiver, files};

use crate::board::Board;
use crate::timing::{Times, timed};
use crate::world;

const BYTES: usize = 20_000_000;
const MS_MAX: f64 = 1000.0;
const RUNS: usize = 5;

/// Takes what is read and keeps nothing of it.
#[derive(Default)]
struct Counting(usize);

impl Receiver for Counting {
    fn draft(&mut self, draft: Draft) {
        black_box(&draft);
        self.0 += 1;
    }
    fn left_out(&mut self, _: LeftOut) {}
    fn progress(&mut self, _: u64) {}
}

/// Reads the made-up person's document so often that it is 20 MB.
pub fn measure(board: &mut Board) {
    let document = std::fs::read(world::fixture("adult-other-ways/lakeside-ccd.xml")).unwrap();
    let times = BYTES.div_ceil(document.len());
    let read = || {
        let mut counting = Counting::default();
        for _ in 0..times {
            let failures =
                files::read_held(&[("a.xml", &document)], &Limits::default(), &mut counting).unwrap();
            assert!(failures.is_empty());
        }
        counting.0
    };
    let runs: Vec<_> = (0..RUNS).map(|_| timed(read)).collect();
    board.notes("entries in these documents", runs[0].0 as f64, "");
    let ms = Times::taken(runs.into_iter().map(|run| run.1).collect()).best();
    let per_20_mb = ms * BYTES as f64 / (times * document.len()) as f64;
    board.notes("C-CDA in a second, one thread", 20_000.0 / per_20_mb, "MB");
    board.expects("reading 20 MB of C-CDA, best of 5", per_20_mb, MS_MAX, "ms");
}
