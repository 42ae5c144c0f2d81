//! Waits for what a call has begun at the desk, so that it can be asked once more when it is done: an assistant
//! gets one answer, and hears meanwhile how far it is.

use std::time::{Duration, Instant};

use super::desk::{Desk, Progress};
use super::tool::{Gate, Refused};
use super::tools;
use crate::access::{Caller, OwnerId};
use crate::insight::Answer;

/// So often it is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// A wait for the fetches of a desk.
pub struct Waiting<'a> {
    desk: &'a Desk,
    owner: OwnerId,
    until: Option<Instant>,
    told: Option<Progress>,
}

impl<'a> Waiting<'a> {
    /// The wait that follows this answer, for so long at the most; `None` where nothing was begun.
    pub fn after(
        gate: &'a Gate,
        caller: &Caller,
        tool: &str,
        answered: &Result<Answer, Refused>,
        patience: Option<Duration>,
    ) -> Option<Waiting<'a>> {
        let has_begun = tool == tools::UPDATE && answered.as_ref().is_ok_and(tools::is_under_way);
        let desk = gate.desk().filter(|_| has_begun)?;
        let owner = gate.owner(caller)?;
        desk.progress(&owner)?;
        let until = patience.map(|patience| Instant::now() + patience);
        Some(Waiting { desk, owner, until, told: None })
    }

    /// The next step that is to be told; `None` when all is done, or it has taken too long.
    pub async fn next(&mut self) -> Option<Progress> {
        while let Some(progress) = self.desk.progress(&self.owner) {
            if self.until.is_some_and(|until| Instant::now() > until) {
                return None;
            }
            if self.told != Some(progress) {
                self.told = Some(progress);
                return Some(progress);
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        None
    }

    /// Whether all is done.
    pub fn is_done(&self) -> bool {
        self.desk.progress(&self.owner).is_none()
    }
}
