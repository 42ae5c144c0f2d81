//! A fetch of 500 pages from a slow server against a client that only asks, and against an import of the same
//! resources from a file.

mod bare;
mod engine;
mod signed_in;
mod slow_server;

use std::time::Duration;

use crate::board::Board;
use crate::timing::{Times, timed};
use crate::{generator, world};

pub use slow_server::{SERVE, serve};

/// Pages of the record, each of so many resources, behind so many queries of the plan.
pub const PAGES: usize = 500;
pub const PER_PAGE: usize = 100;
pub const QUERIES: usize = 10;
/// What the server takes for an answer.
pub const DELAY_MS: u64 = 50;

const TIME_RATIO_MAX: f64 = 1.3;
const CPU_RATIO_MAX: f64 = 1.3;
const RUNS: usize = 5;

/// The resources as lines, the Patient first.
pub fn lines() -> impl Iterator<Item = String> {
    generator::bulk_ndjson(PAGES * PER_PAGE, 417)
}

/// Fetches, asks barely and imports in turn, so that a busy machine slows down all.
pub fn measure(board: &mut Board) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("same.ndjson");
    let bytes = world::write_lines(&path, lines());
    let server = slow_server::Child::spawn();
    let mut times = [const { Vec::new() }; 4];
    let mut cpu = [const { Vec::new() }; 4];
    for run in 0..RUNS {
        let home = |name: &str| folder.path().join(format!("{name}-{run}"));
        let import = || drop(world::on_disk(&home("import"), vec![path.clone()]));
        let imported = cpu_timed(import);
        let portal = signed_in::SignedIn::new(&home("fetch"), &server.base);
        let fetched = cpu_timed(|| portal.fetch());
        let bare = cpu_timed(|| bare::ask(&server.base));
        let engine = cpu_timed(|| engine::fetch_all(&server.base));
        for (at, (ms, of_it)) in [bare, engine, fetched, imported].into_iter().enumerate() {
            times[at].push(ms);
            cpu[at].push(of_it);
        }
    }
    let [bare, engine, fetch, import] = times.map(|times| Times::taken(times).best());
    let [bare_cpu, engine_cpu, fetch_cpu, import_cpu] = cpu.map(|cpu| Times::taken(cpu).best());
    board.notes("the resources", bytes as f64 / 1e6, "MB");
    board.notes("asking for all pages barely, 5 at a time, best of 5", bare, "ms");
    board.notes("fetching them, kept in memory, best of 5", engine, "ms");
    board.notes("fetching and saving them in SQLite, best of 5", fetch, "ms");
    board.notes("importing the same resources from a file, best of 5", import, "ms");
    board.holds("fetching against asking barely", engine / bare, TIME_RATIO_MAX, "times");
    board.holds("fetching and saving against asking barely", fetch / bare, TIME_RATIO_MAX, "times");
    if import_cpu > 0.0 {
        board.notes("processor time of asking barely", bare_cpu, "ms");
        board.notes("processor time of fetching, kept in memory", engine_cpu, "ms");
        board.notes("processor time of fetching and saving", fetch_cpu, "ms");
        board.notes("processor time of importing", import_cpu, "ms");
        // Near its limit: from 1.22 to 1.31 where it was measured, in steps of a hundredth of a second.
        board.expects("processor time of both", fetch_cpu / import_cpu, CPU_RATIO_MAX, "times");
    }
}

/// Milliseconds on the wall, and those of this process on all processors (0 where the system does not say).
/// What a run leaves to a thread of its own, such as giving back its memory, counts to it and not to the next.
fn cpu_timed(run: impl FnOnce()) -> (f64, f64) {
    const SETTLED: Duration = Duration::from_millis(100);
    let before = cpu_ms();
    let ((), ms) = timed(run);
    let mut after = cpu_ms();
    loop {
        std::thread::sleep(SETTLED);
        let now = cpu_ms();
        if now <= after {
            return (ms, after - before);
        }
        after = now;
    }
}

/// Linux counts in hundredths of a second.
fn cpu_ms() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    fields.skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() * 10.0
}
