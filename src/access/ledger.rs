//! Where calls are noted: lines of one person that come while another is being written share the next commit.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use super::{Error, Event, audit};
use crate::store::{OwnerId, Sealed};

/// Lines of one commit.
const LINES_MAX: usize = 64;

/// Lines on their way into the audits of all people.
#[derive(Default)]
pub struct Ledger {
    queues: Mutex<HashMap<OwnerId, Arc<Queue>>>,
}

/// Lines on their way into one audit. Of those who wait, one writes for all.
#[derive(Default)]
struct Queue {
    lines: Mutex<Lines>,
    moved: Condvar,
}

#[derive(Default)]
struct Lines {
    next: u64,
    waiting: Vec<(u64, Event)>,
    /// Written, and those who wait for it have not seen it yet.
    written: HashSet<u64>,
    /// Not written, because what they were to be written with failed: each tries alone.
    failed: HashSet<u64>,
    is_led: bool,
}

impl Ledger {
    /// Adds a line. It is committed when this returns.
    pub fn append(&self, sealed: &Sealed, event: Event) -> Result<(), Error> {
        let queue = Arc::clone(self.lock().entry(sealed.owner().clone()).or_default());
        let appended = queue.append(sealed, event);
        self.let_go(sealed.owner(), queue);
        appended
    }

    /// A queue lasts as long as somebody stands in it.
    fn let_go(&self, owner: &OwnerId, queue: Arc<Queue>) {
        let mut queues = self.lock();
        drop(queue);
        if queues.get(owner).is_some_and(|queue| Arc::strong_count(queue) == 1) {
            queues.remove(owner);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<OwnerId, Arc<Queue>>> {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Queue {
    fn append(&self, sealed: &Sealed, event: Event) -> Result<(), Error> {
        let mut lines = self.lock();
        let ticket = lines.next;
        lines.next += 1;
        lines.waiting.push((ticket, event.clone()));
        loop {
            if lines.written.remove(&ticket) {
                return Ok(());
            }
            if lines.failed.remove(&ticket) {
                drop(lines);
                return audit::append(sealed, &event);
            }
            if lines.is_led {
                lines = self.moved.wait(lines).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            lines.is_led = true;
            let most = lines.waiting.len().min(LINES_MAX);
            let taken: Vec<(u64, Event)> = lines.waiting.drain(..most).collect();
            drop(lines);
            let leading = Leading { queue: self, tickets: taken.iter().map(|(ticket, _)| *ticket).collect() };
            let events: Vec<&Event> = taken.iter().map(|(_, event)| event).collect();
            leading.end(audit::append_all(sealed, &events).is_ok());
            lines = self.lock();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Lines> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The turn of the one who writes. If it ends in a panic the others go on without it.
struct Leading<'a> {
    queue: &'a Queue,
    tickets: Vec<u64>,
}

impl Leading<'_> {
    fn end(mut self, is_written: bool) {
        let tickets = std::mem::take(&mut self.tickets);
        if is_written {
            self.queue.lock().written.extend(tickets);
        } else {
            self.tickets = tickets;
        }
    }
}

impl Drop for Leading<'_> {
    fn drop(&mut self) {
        let mut lines = self.queue.lock();
        lines.failed.extend(self.tickets.drain(..));
        lines.is_led = false;
        self.queue.moved.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::access::Outcome;
    use crate::clock::{Clock, Randomness};
    use crate::store::Vault;

    fn event(tool: &str) -> Event {
        let (who, tool, entries) = (String::new(), tool.to_owned(), Vec::new());
        Event { at: 0, who, tool, entries, outcome: Outcome::Answered }
    }

    fn person() -> Sealed {
        let clock = Clock::fixed(Timestamp::UNIX_EPOCH);
        let vault = Vault::in_memory(clock, Randomness::seeded(1)).unwrap();
        vault.create(&OwnerId::random(vault.random())).unwrap()
    }

    #[test]
    fn a_line_is_in_the_chain_when_its_note_returns_and_none_is_lost_or_doubled() {
        let (ledger, sealed) = (Ledger::default(), person());
        std::thread::scope(|scope| {
            for writer in 0..8 {
                let (ledger, sealed) = (&ledger, &sealed);
                scope.spawn(move || {
                    for call in 0..25 {
                        let tool = format!("{writer}.{call}");
                        ledger.append(sealed, event(&tool)).unwrap();
                        let lines = audit::read(sealed, 1_000).unwrap();
                        assert!(lines.iter().any(|line| line.event.tool == tool), "{tool} is not there yet");
                    }
                });
            }
        });
        assert_eq!(audit::verify(&sealed).unwrap(), 200);
        let tools: HashSet<_> =
            audit::read(&sealed, 1_000).unwrap().into_iter().map(|line| line.event.tool).collect();
        assert_eq!(tools.len(), 200);
        assert!(ledger.lock().is_empty());
    }

    #[test]
    fn whoever_waits_while_a_line_is_written_is_written_with_the_next() {
        let (queue, sealed) = (Queue::default(), person());
        queue.lock().is_led = true;
        std::thread::scope(|scope| {
            for number in 0..5 {
                let (queue, sealed) = (&queue, &sealed);
                scope.spawn(move || queue.append(sealed, event(&number.to_string())).unwrap());
            }
            while queue.lock().waiting.len() < 5 {
                std::thread::yield_now();
            }
            queue.lock().is_led = false;
            queue.moved.notify_all();
        });
        assert_eq!(audit::verify(&sealed).unwrap(), 5);
        let head = sealed.read_one(&audit::head_row()).unwrap().unwrap();
        assert_eq!(head.version, 1, "five lines were one commit");
    }

    #[test]
    fn a_line_that_cannot_be_written_says_so_to_each_who_waits() {
        let clock = Clock::fixed(Timestamp::UNIX_EPOCH);
        let vault = Vault::in_memory(clock, Randomness::seeded(1)).unwrap();
        let sealed = vault.create(&OwnerId::random(vault.random())).unwrap();
        vault.forget(sealed.owner()).unwrap();
        let ledger = Ledger::default();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                let refused = scope.spawn(|| ledger.append(&sealed, event("get_labs")));
                assert!(refused.join().unwrap().is_err());
            }
        });
    }
}
