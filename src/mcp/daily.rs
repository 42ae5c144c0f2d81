//! While a server runs, portals are fetched from once a day, and what has run out is removed. Several processes share the work: what comes due is
//! claimed by one of them.

use std::time::Duration;

use super::tool::Gate;
use crate::ingest::portal;

/// So often it is looked whether something has come due: one query.
const LOOK_EVERY: Duration = Duration::from_secs(60);
/// The looking ends within this after the server has.
const BREATH: Duration = Duration::from_secs(1);

/// Looks for work that has come due, on a thread of its own, for as long as the gate is there.
pub fn begin(gate: &Gate) {
    if gate.desk().is_none() {
        return;
    }
    let gate = gate.downgrade();
    std::thread::spawn(move || {
        loop {
            for _ in 0..LOOK_EVERY.as_secs() {
                std::thread::sleep(BREATH);
                if gate.upgrade().is_none() {
                    return;
                }
            }
            let Some(setting) = gate.upgrade().and_then(|gate| gate.setting()) else { continue };
            let has_ended = || gate.upgrade().is_none();
            if let Err(error) = portal::run_due(&setting, &has_ended) {
                // The connection itself says why, where the person looks.
                tracing::warn!(error = error.kind(), "a portal could not be fetched from");
            }
            let tidied = gate.upgrade().map_or(Ok(()), |gate| gate.access().tidy());
            if let Err(error) = tidied {
                tracing::warn!(%error, "what has run out could not be removed");
            }
        }
    });
}
