//! Reads a file part by part on several threads, and hands over what they say in the order of the file.

use std::num::NonZero;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, Scope};

use super::sink::{PartRead, Setting, Sink};
use crate::record;
use crate::sources::error::Fault;

/// Parts that one thread may be ahead.
const AHEAD_MAX: usize = 3;
/// More threads than this would wait for the one that packs.
const THREADS_MAX: usize = 8;

/// A file in parts, each read by itself.
pub trait Parts: Sync {
    /// What is to be read of one part.
    type Part: Send;

    /// What the file of a part is called, where not all are of one file.
    fn file(_: &Self::Part) -> Option<String> {
        None
    }

    /// Reads one part; the number of resources in it that are no JSON.
    fn read(&self, part: Self::Part, sink: &mut Sink<'_>) -> usize;
}

/// Reads what `next` gives until it gives nothing more; how many resources were no JSON.
pub fn read<P: Parts>(
    parts: &P,
    sink: &mut Sink<'_>,
    mut next: impl FnMut() -> Result<Option<P::Part>, Fault>,
) -> Result<usize, Fault> {
    let Some(first) = next()? else { return Ok(0) };
    let Some(second) = next()? else {
        if P::file(&first).is_none() {
            return Ok(record::shared(|| parts.read(first, sink)));
        }
        let (read, broken) = record::shared(|| read_part(parts, first, sink.setting));
        sink.absorb(read);
        return Ok(broken);
    };
    thread::scope(|scope| {
        let count = thread::available_parallelism().map_or(1, NonZero::get).min(THREADS_MAX);
        let workers: Vec<Worker<P>> = (0..count).map(|_| Worker::start(scope, parts, sink.setting)).collect();
        let (mut sent, mut taken, mut broken) = (0, 0, 0);
        let mut waiting = [first, second].into_iter();
        loop {
            let part = match waiting.next() {
                Some(part) => Some(part),
                None => next()?,
            };
            let is_last = part.is_none();
            if let Some(part) = part {
                workers[sent % count].give(part);
                sent += 1;
            }
            while taken < sent && (is_last || sent - taken >= count * AHEAD_MAX) {
                let Some((read, of_it)) = workers[taken % count].take() else { break };
                sink.absorb(read);
                broken += of_it;
                taken += 1;
            }
            if is_last {
                return Ok(broken);
            }
        }
    })
}

fn read_part<P: Parts>(parts: &P, part: P::Part, setting: Setting<'_>) -> (PartRead, usize) {
    let file = P::file(&part);
    let setting = Setting { file: file.as_deref().unwrap_or(setting.file), ..setting };
    PartRead::of(setting, |sink| parts.read(part, sink))
}

/// A thread that reads parts, one after another.
struct Worker<P: Parts> {
    parts: Sender<P::Part>,
    read: Receiver<(PartRead, usize)>,
}

impl<P: Parts> Worker<P> {
    fn start<'scope>(
        scope: &'scope Scope<'scope, '_>,
        parts: &'scope P,
        setting: Setting<'scope>,
    ) -> Worker<P>
    where
        P::Part: 'scope,
    {
        let (sender, to_read) = channel::<P::Part>();
        let (done, read) = channel();
        scope.spawn(move || {
            record::shared(|| {
                for part in to_read {
                    // Nobody waits for more where the import has ended early.
                    if done.send(read_part(parts, part, setting)).is_err() {
                        break;
                    }
                }
            });
        });
        Worker { parts: sender, read }
    }

    /// A thread that has panicked takes nothing; the panic goes on when the threads are joined.
    fn give(&self, part: P::Part) {
        let _ = self.parts.send(part);
    }

    fn take(&self) -> Option<(PartRead, usize)> {
        self.read.recv().ok()
    }
}
