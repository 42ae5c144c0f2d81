//! Threads that work on one piece after another. What comes of the pieces is taken in the order in which they
//! were given, so that nothing depends on which thread was faster.

use std::num::NonZero;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, Scope};

use crate::record;

/// Pieces that one thread may be ahead.
const AHEAD_MAX: usize = 3;
/// More threads than this would wait for the one that packs.
const THREADS_MAX: usize = 8;

/// Pieces under way.
pub struct InOrder<Piece, Done> {
    workers: Vec<(Sender<Piece>, Receiver<Done>)>,
    given: usize,
    taken: usize,
}

impl<Piece: Send, Done: Send> InOrder<Piece, Done> {
    /// Starts a thread for each core.
    pub fn start<'scope>(
        scope: &'scope Scope<'scope, '_>,
        work: impl Fn(Piece) -> Done + Clone + Send + 'scope,
    ) -> InOrder<Piece, Done>
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
            scope.spawn(move || record::shared(work_all).is_ok());
            (give, taken)
        };
        InOrder { workers: (0..count).map(start).collect(), given: 0, taken: 0 }
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
