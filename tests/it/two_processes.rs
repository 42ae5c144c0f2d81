//! Two processes on one store, one importing, one answering: nobody waits long, and nobody sees half a record.

use std::collections::BTreeSet;
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use plainchart::access::audit::{self, Event, Outcome};
use plainchart::store::Sealed;
use serde_json::{Value, json};

use crate::fixtures_are_generated::generator;
use crate::people::{Conversation, Home};

const ENTRIES: usize = 20_000;
const FILES: usize = 4;
/// What a call may wait for the store while another process imports.
const WAIT_MAX: Duration = Duration::from_millis(100);

/// The bulk record in several files, the person in each.
fn files(home: &Home) -> Vec<String> {
    let lines: Vec<String> = generator::bulk_ndjson(ENTRIES, 3).collect();
    let (patient, lines) = lines.split_first().unwrap();
    let parts = lines.chunks(lines.len().div_ceil(FILES)).enumerate();
    parts
        .map(|(place, part)| home.file(&format!("{place}.ndjson"), format!("{patient}\n{}", part.join("\n"))))
        .collect()
}

/// What each call does with the store besides opening a record that has changed: a look and a committed line.
fn look_and_commit(rows: &Sealed) -> Duration {
    let event = Event {
        at: 1,
        who: "story".into(),
        tool: "none".into(),
        entries: Vec::new(),
        outcome: Outcome::Answered,
    };
    let began = Instant::now();
    audit::read(rows, 1).unwrap();
    audit::append(rows, &event).unwrap();
    began.elapsed()
}

/// Says that the import is over, also where it has failed: the others must not go on for ever.
struct Over<'a>(&'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

#[test]
fn while_one_process_imports_the_other_answers_from_a_whole_record_and_does_not_wait() {
    let home = Home::new();
    let files = files(&home);
    home.run(&["import", &files[0]]).ok();
    home.call("get_labs", r#"{"limit":1}"#);
    let rows = home.rows();
    // The same with nobody importing: a busy machine is not the store's fault.
    let quiet = (0..100).map(|_| look_and_commit(&rows)).max().unwrap();
    let is_importing = AtomicBool::new(true);
    let (waits, totals, saved) = thread::scope(|scope| {
        let measuring = scope.spawn(|| {
            let mut waits = Vec::new();
            while is_importing.load(Ordering::Relaxed) {
                waits.push(look_and_commit(&rows));
                thread::sleep(Duration::from_millis(2));
            }
            waits
        });
        let answering = scope.spawn(|| {
            let mut conversation = Conversation::start(home.command(&["serve"]), Stdio::null());
            let mut totals = Vec::new();
            while is_importing.load(Ordering::Relaxed) {
                totals.push(counted(&mut conversation));
            }
            totals.push(counted(&mut conversation));
            assert_eq!(conversation.end(), 0);
            totals
        });
        let over = Over(&is_importing);
        let mut saved = vec![saved_now(&home)];
        for file in &files[1..] {
            home.run(&["import", file]).ok();
            saved.push(saved_now(&home));
        }
        drop(over);
        (measuring.join().unwrap(), answering.join().unwrap(), saved)
    });
    // A busy machine stalls a process now and then, whatever the store does: of a hundred looks two may.
    let mut sorted = waits.clone();
    sorted.sort_unstable();
    let slowest = sorted[sorted.len() * 98 / 100 - 1];
    assert!(waits.len() > 20, "the import was too short to be measured: {} looks", waits.len());
    assert!(slowest < WAIT_MAX + quiet, "a call waited {slowest:?}; with nobody importing at most {quiet:?}");
    let seen: BTreeSet<&String> = totals.iter().collect();
    assert!(seen.iter().all(|seen| saved.contains(seen)), "half a record was seen: {seen:?} of {saved:?}");
    assert_eq!(totals.last(), saved.last());
    assert!(seen.len() > 1, "no call fell between two imports: {seen:?}");
}

/// What an answer over stdio says the record holds: all kinds with their counts.
fn counted(conversation: &mut Conversation) -> String {
    loop {
        let answer = conversation.call("check_records_status", json!({}));
        let told = answer["content"][0]["text"].as_str().unwrap_or_default();
        // Whoever asks without a pause is asked to wait; that is not what is tried here.
        if told.starts_with("Too many calls") {
            std::thread::sleep(std::time::Duration::from_millis(250));
            continue;
        }
        return held(&answer["structuredContent"]);
    }
}

fn saved_now(home: &Home) -> String {
    held(&home.call_json("check_records_status", "{}"))
}

/// The part of a status that only a save changes.
fn held(status: &Value) -> String {
    status["sources"].to_string()
}
