//! Threads that work on one piece after another. What comes of the pieces is taken in the order in which they
//! were given, so that nothing depends on which thread was faster.

use std::num::NonZero;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, Scope, ScopedJoinHandle};

use crate::record;

/// Pieces that one thread may be ahead.
const AHEAD_MAX: usize = 3;
/// More threads than this would wait for the one that packs.
const THREADS_MAX: usize = 8;

/// Pieces under way. Whoever lets go of it waits until its threads have ended.
pub struct InOrder<'scope, Piece, Done> {
    workers: Vec<(Sender<Piece>, Receiver<Done>)>,
    threads: Vec<ScopedJoinHandle<'scope, bool>>,
    given: usize,
    taken: usize,
}

impl<'scope, Piece: Send, Done: Send> InOrder<'scope, Piece, Done> {
    /// Starts a thread for each core.
    pub fn start(
        scope: &'scope Scope<'scope, '_>,
        work: impl Fn(Piece) -> Done + Clone + Send + 'scope,
    ) -> InOrder<'scope, Piece, Done>
    where
        Piece: 'scope,
        Done: 'scope,
    {
        let count = thread::available_parallelism().map_or(1, NonZero::get).min(THREADS_MAX);
        let start = |_| {
            let ((give, given), (done, taken)) = (channel(), channel());
            let work = work.clone();
            // Nobody waits for more where the import has ended early.
            let work_all = move || given.into_iter().map(work).try_for_each(|one| done.send(one));
            let thread = scope.spawn(move || record::shared(work_all).is_ok());
            ((give, taken), thread)
        };
        let (workers, threads) = (0..count).map(start).unzip();
        InOrder { workers, threads, given: 0, taken: 0 }
    }

    /// Gives the next piece. A thread that has panicked takes nothing; the panic goes on when the threads are
    /// joined.
    pub fn give(&mut self, piece: Piece) {
        let _ = self.workers[self.given % self.workers.len()].0.send(piece);
        self.given += 1;
    }

    /// Whether as many are under way as may be.
    pub fn is_full(&self) -> bool {
        self.given - self.taken >= self.workers.len() * AHEAD_MAX
    }

    /// Waits for what comes of the piece that was given first of those under way.
    pub fn take(&mut self) -> Option<Done> {
        if self.taken == self.given {
            return None;
        }
        self.taken += 1;
        self.workers[(self.taken - 1) % self.workers.len()].1.recv().ok()
    }
}

/// The scope waits for what the threads do, and not for their end. Memory that they have given back is taken by the next
/// threads only after that.
impl<Piece, Done> Drop for InOrder<'_, Piece, Done> {
    fn drop(&mut self) {
        self.workers.clear();
        for thread in self.threads.drain(..) {
            let ended = thread.join();
            if let Err(panic) = ended
                && !thread::panicking()
            {
                std::panic::resume_unwind(panic);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_of_the_pieces_comes_in_their_order() {
        let mut done = Vec::new();
        thread::scope(|scope| {
            let mut pieces = InOrder::start(scope, |piece: usize| piece * 2);
            for piece in 0..100 {
                pieces.give(piece);
                while pieces.is_full() {
                    done.extend(pieces.take());
                }
            }
            done.extend(std::iter::from_fn(|| pieces.take()));
        });
        assert_eq!(done, (0..200).step_by(2).collect::<Vec<_>>());
    }
}
