//! Where calls are noted: lines of one person that come while another is being written share the next commit. Nobody
//! waits for it on a thread of their own: whoever writes also says to the others that it is done.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::audit::{self, Head};
use super::{Error, Event};
use crate::store::{self, OwnerId, Sealed};

/// Lines of one commit.
const LINES_MAX: usize = 64;

/// What is done when a line has been committed, or could not be.
type Then = Box<dyn FnOnce(Result<(), Error>) + Send>;

/// What calls that which waits for the disk.
type Waiting<'a> = dyn Fn(&mut dyn FnMut()) + 'a;

/// Lines on their way into the audits of all people.
#[derive(Default)]
pub struct Ledger {
    queues: Mutex<HashMap<OwnerId, Arc<Queue>>>,
}

/// Lines on their way into one audit. Of those who bring them, one writes for all.
#[derive(Default)]
struct Queue(Mutex<Lines>);

#[derive(Default)]
struct Lines {
    waiting: Vec<(Event, Then)>,
    is_led: bool,
}

impl Ledger {
    /// Adds a line. It is committed when this returns.
    pub fn append(&self, sealed: &Sealed, event: Event) -> Result<(), Error> {
        let (sender, receiver) = sync_channel(1);
        // Whoever asked waits for it below.
        self.append_then(sealed, event, Box::new(move |written| drop(sender.send(written))), &|write| {
            write()
        });
        receiver.recv().unwrap_or(Err(store::Error::Busy.into()))
    }

    /// Adds a line, and does something when it is committed: here, or where another line is being written already.
    /// Writing, which waits for the disk, is done within `waiting`.
    pub fn append_then(&self, sealed: &Sealed, event: Event, then: Then, waiting: &Waiting<'_>) {
        let queue = Arc::clone(self.lock().entry(sealed.owner().clone()).or_default());
        queue.append(sealed, event, then, waiting);
        self.let_go(sealed.owner(), queue);
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
    /// Brings a line. If nobody writes, this writes until nobody waits.
    fn append(&self, sealed: &Sealed, event: Event, then: Then, waiting: &Waiting<'_>) {
        let mut lines = self.lock();
        lines.waiting.push((event, then));
        if lines.is_led {
            return;
        }
        lines.is_led = true;
        drop(lines);
        waiting(&mut || self.lead(sealed));
    }

    /// Writes until nobody waits.
    fn lead(&self, sealed: &Sealed) {
        let mut head = None;
        let mut lines = self.lock();
        while !lines.waiting.is_empty() {
            let most = lines.waiting.len().min(LINES_MAX);
            let taken: Vec<(Event, Then)> = lines.waiting.drain(..most).collect();
            drop(lines);
            write(sealed, taken, &mut head);
            lines = self.lock();
        }
        lines.is_led = false;
    }

    fn lock(&self) -> MutexGuard<'_, Lines> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Writes lines in one commit; if that fails each alone, so that each hears why its own was not written.
fn write(sealed: &Sealed, taken: Vec<(Event, Then)>, head: &mut Option<Head>) {
    let mut append = |events: &[&Event]| {
        // Whoever writes must come back to those who wait.
        let appended = catch_unwind(AssertUnwindSafe(|| audit::append_after(sealed, events, head)));
        appended.unwrap_or(Err(store::Error::Busy.into()))
    };
    let events: Vec<&Event> = taken.iter().map(|(event, _)| event).collect();
    if append(&events).is_ok() {
        taken.into_iter().for_each(|(_, then)| then(Ok(())));
    } else {
        taken.into_iter().for_each(|(event, then)| then(append(&[&event])));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::sync::atomic::{AtomicUsize, Ordering};

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
    fn what_comes_while_a_line_is_written_is_written_with_the_next() {
        let (queue, sealed) = (Queue::default(), person());
        let written = Arc::new(AtomicUsize::new(0));
        let then = || -> Then {
            let written = Arc::clone(&written);
            Box::new(move |line| {
                line.unwrap();
                written.fetch_add(1, Ordering::SeqCst);
            })
        };
        queue.lock().is_led = true;
        (0..5).for_each(|number| queue.append(&sealed, event(&number.to_string()), then(), &|write| write()));
        assert_eq!(written.load(Ordering::SeqCst), 0, "nobody is told before it is written");
        queue.lock().is_led = false;
        queue.append(&sealed, event("5"), then(), &|write| write());
        assert_eq!((written.load(Ordering::SeqCst), audit::verify(&sealed).unwrap()), (6, 6));
        let head = sealed.read_one(&audit::head_row()).unwrap().unwrap();
        assert_eq!(head.version, 1, "six lines were one commit");
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
