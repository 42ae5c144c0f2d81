//! The process is killed at any moment of an import: the record is as before or as after, never between.

use std::fs;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use crate::fixtures_are_generated::generator;
use crate::people::Home;

/// How often an import is killed, in each of the two stories.
const KILLS: u32 = 32;

/// A record of some thousand entries, in which every tenth value is another than in its sibling.
fn record(seed: u64, is_changed: bool) -> String {
    let lines = generator::bulk_ndjson(1_500, seed).enumerate().map(|(place, line)| {
        if is_changed && place % 10 == 1 { line.replace("\"final\"", "\"amended\"") } else { line }
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The kinds of the record with their counts; nothing where there is no record, or an empty one.
fn kinds(home: &Home) -> Vec<String> {
    let status = home.run(&["status"]);
    if status.code != 0 {
        assert!(status.err.contains("there is no record here yet"), "{}", status.err);
        return Vec::new();
    }
    status.out.lines().filter(|line| line.contains("(from")).map(str::to_owned).collect()
}

/// What tells an older record from a newer one of the same size: the amended results.
fn amended(home: &Home) -> u64 {
    if kinds(home).is_empty() {
        return 0;
    }
    home.call_json("get_labs", r#"{"status":"corrected","limit":1}"#)["total"].as_u64().unwrap()
}

/// Starts an import, kills it after a while, and tells whether it had ended by itself.
fn import_and_kill(home: &Home, file: &str, kill: u32, whole: Duration) -> bool {
    let mut command = home.command(&["import", file, "--json"]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    if kill.is_multiple_of(2) {
        // Anywhere, from the first moment to a little after the last.
        thread::sleep(whole.mul_f64(f64::from(kill) / f64::from(KILLS) * 1.1));
    } else {
        // While it writes: from the first byte of the log on, in small steps.
        let log = home.home().join("plainchart.db-wal");
        let size = || fs::metadata(&log).map_or(0, |log| log.len());
        let (before, began) = (size(), Instant::now());
        while size() <= before && began.elapsed() < whole * 4 && child.try_wait().unwrap().is_none() {
            thread::sleep(Duration::from_micros(200));
        }
        thread::sleep(Duration::from_micros(400) * kill);
    }
    // SIGKILL: nothing of the process runs any more.
    let had_ended = child.try_wait().unwrap().is_some();
    child.kill().unwrap();
    child.wait().unwrap();
    had_ended
}

/// Kills an import into copies of a home again and again; gives how often it was before and after.
fn kill_again_and_again(home: &Home, file: &str) -> (u32, u32) {
    let done = home.copy();
    let began = Instant::now();
    done.run(&["import", file]).ok();
    let whole = began.elapsed();
    let (before, after) = ((kinds(home), amended(home)), (kinds(&done), amended(&done)));
    assert_ne!(before, after, "the import changes something that can be seen");
    let (mut befores, mut afters) = (0, 0);
    for kill in 0..KILLS {
        let home = home.copy();
        let had_ended = import_and_kill(&home, file, kill, whole);
        let found = (kinds(&home), amended(&home));
        assert!(
            found == before || found == after,
            "kill {kill}: {found:#?}\nis neither {before:#?}\nnor {after:#?}"
        );
        assert!(!had_ended || found == after, "kill {kill}: it had ended, and is not there");
        if found == after {
            afters += 1
        } else {
            befores += 1
        }
        if kill % 8 == 7 {
            home.run(&["import", file]).ok();
            assert_eq!((kinds(&home), amended(&home)), after, "kill {kill}: the next import completes it");
        }
    }
    (befores, afters)
}

#[test]
fn a_first_import_that_is_killed_leaves_nothing_or_everything() {
    let home = Home::new();
    let file = home.file("record.ndjson", record(1, false));
    let (befores, afters) = kill_again_and_again(&home, &file);
    assert_eq!(befores + afters, KILLS);
    assert!(befores > 0, "no kill came in time");
}

#[test]
fn an_import_that_changes_things_and_is_killed_leaves_the_old_or_the_new() {
    let home = Home::new();
    let first = home.file("record.ndjson", record(1, false));
    home.run(&["import", &first]).ok();
    let second = home.file("record.ndjson", record(1, true));
    let (befores, afters) = kill_again_and_again(&home, &second);
    assert_eq!(befores + afters, KILLS);
    assert!(befores > 0, "no kill came in time");
}
