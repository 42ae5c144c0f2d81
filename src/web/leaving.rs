//! Before a record goes for good: the portals that were connected are told, so that nothing goes on there.

use super::Error;
use super::site::Site;
use crate::access::account::Care;
use crate::ingest::portal;

/// Gives the access to every portal of a person back. What cannot be reached does not keep the record; what another
/// process reads just now does, for as long as it takes.
pub fn give_back(site: &Site, care: &Care) -> Result<(), Error> {
    let setting = site.setting(care)?;
    let connected = portal::list(&setting.rows).unwrap_or_default();
    for status in connected {
        site.jobs().stop(&status.id);
        match portal::remove(&setting, &status.id, false) {
            Ok(_) => {}
            Err(error @ (portal::Error::Busy | portal::Error::TakenOver)) => return Err(error.into()),
            Err(error) => {
                tracing::warn!(error = error.kind(), "a portal could not be told that its access has ended");
            }
        }
    }
    Ok(())
}
