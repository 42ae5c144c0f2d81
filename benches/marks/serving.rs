//! A list of a record that is kept open, asked for over HTTP in 2026-07-28, against an empty tool of the protocol
//! library behind the same router. Both are processes of their own, so that asking is not counted.

mod granted;
mod load;
mod served;

use crate::board::Board;
use crate::timing::Times;
use crate::world::Place;
use load::{Load, ask};
use served::Child;
pub use served::{SERVE, serve};

/// Connections that ask at the same time.
const CONNECTIONS: usize = 16;
/// Requests of one run.
const REQUESTS: usize = 6_000;
const RUNS: usize = 5;

const CPU_RATIO_MAX: f64 = 3.0;
const RATE_RATIO_MAX: f64 = 3.0;
const P99_RATIO_MAX: f64 = 5.0;

/// What a request of the empty tool and one of the list have cost, in this order: the best of several runs.
pub struct Compared {
    /// Bytes of an answer of the list.
    bytes: f64,
    cpu_us: [f64; 2],
    wall_us: [f64; 2],
    p99_ms: [f64; 2],
    ratios: Ratios,
}

/// The list against the empty tool that was asked just before it, in the middle of all runs: a machine that changes its
/// pace changes it for both.
struct Ratios {
    cpu: f64,
    wall: f64,
    p99: f64,
}

/// The list of a record in SQLite, which is held to its limits.
pub fn measure(board: &mut Board) {
    let folder = tempfile::tempdir().unwrap();
    let compared = compared(&Place::Folder(folder.path().into()));
    board.notes("an answer of the list", compared.bytes, "bytes");
    board.notes("processor time of the empty tool, a request", compared.cpu_us[0], "µs");
    board.notes("requests of the empty tool in a second, 16 at once", 1e6 / compared.wall_us[0], "");
    board.notes("p99 of the empty tool, 16 at once", compared.p99_ms[0], "ms");
    compared.note_list(board);
    if compared.cpu_us[0] > 0.0 {
        board.expects(
            "processor time of the list against the empty tool",
            compared.ratios.cpu,
            CPU_RATIO_MAX,
            "times",
        );
    }
    board.expects(
        "time of a request against the empty tool, 16 at once",
        compared.ratios.wall,
        RATE_RATIO_MAX,
        "times",
    );
    board.expects("p99 of the list against the empty tool", compared.ratios.p99, P99_RATIO_MAX, "times");
}

/// Asks both in turn, so that a busy machine slows down both.
pub fn compared(place: &Place) -> Compared {
    let servers = ["empty", "list"].map(|what| Child::spawn(what, place));
    // The record is opened and the threads are started before anything is counted.
    for child in &servers {
        ask(child, CONNECTIONS, CONNECTIONS * 20);
    }
    let mut runs = [const { Vec::new() }; 2];
    for _ in 0..RUNS {
        for (runs, child) in runs.iter_mut().zip(&servers) {
            runs.push(ask(child, CONNECTIONS, REQUESTS));
        }
    }
    let best =
        |of: fn(&Load) -> f64| runs.each_ref().map(|runs| Times::taken(runs.iter().map(of).collect()).best());
    let ratio = |of: fn(&Load) -> f64| {
        let ratios = runs[0].iter().zip(&runs[1]).map(|(empty, list)| of(list) / of(empty));
        Times::taken(ratios.collect()).median()
    };
    Compared {
        bytes: runs[1][0].bytes as f64,
        cpu_us: best(|load| load.cpu_us),
        wall_us: best(|load| load.wall_us),
        p99_ms: best(|load| load.p99_ms),
        ratios: Ratios {
            cpu: ratio(|load| load.cpu_us),
            wall: ratio(|load| load.wall_us),
            p99: ratio(|load| load.p99_ms),
        },
    }
}

impl Compared {
    /// The figures of the list.
    pub fn note_list(&self, board: &mut Board) {
        board.notes("processor time of the list, a request", self.cpu_us[1], "µs");
        board.notes("requests of the list in a second, 16 at once", 1e6 / self.wall_us[1], "");
        board.notes("p99 of the list, 16 at once", self.p99_ms[1], "ms");
    }

    /// The same against the empty tool, where nothing is expected of it.
    pub fn note_ratios(&self, board: &mut Board) {
        if self.cpu_us[0] > 0.0 {
            board.notes("processor time of the list against the empty tool", self.ratios.cpu, "times");
        }
        board.notes("time of a request against the empty tool, 16 at once", self.ratios.wall, "times");
        board.notes("p99 of the list against the empty tool", self.ratios.p99, "times");
    }
}
