//! Before a record goes for good: the portals that were connected are told, so that nothing goes on there.

use super::site::Site;
use crate::access::account::Care;
use crate::ingest::portal;

/// Gives the access to every portal of a person back. What cannot be reached does not keep the record.
pub fn give_back(site: &Site, care: &Care) {
    let Ok(setting) = site.setting(care) else { return };
    let Ok(connected) = portal::list(&setting.rows) else { return };
    for status in connected {
        if let Err(error) = portal::remove(&setting, &status.id, false) {
            tracing::warn!(%error, "a portal could not be told that its access has ended");
        }
    }
}
