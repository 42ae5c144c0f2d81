//! For tests: a receiver that keeps all that it is given.

use super::{Draft, FileFailure, LeftOut, Receiver};

/// What was read.
#[derive(Default)]
pub struct Taken {
    pub drafts: Vec<Draft>,
    pub left_out: Vec<LeftOut>,
    /// What could not be read, to be set by whoever reads files.
    pub failures: Vec<FileFailure>,
    pub bytes: u64,
}

impl Receiver for Taken {
    fn draft(&mut self, draft: Draft) {
        self.drafts.push(draft);
    }
    fn left_out(&mut self, left_out: LeftOut) {
        self.left_out.push(left_out);
    }
    fn progress(&mut self, bytes: u64) {
        self.bytes += bytes;
    }
}

impl Taken {
    pub fn keys(&self) -> Vec<&str> {
        self.drafts.iter().map(|draft| draft.entry.key.as_str()).collect()
    }

    pub fn reasons(&self) -> Vec<&str> {
        self.left_out.iter().map(|left_out| left_out.reason.as_str()).collect()
    }
}
