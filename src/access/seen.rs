//! What a caller may see: a view, and the originals of what stands in it.

use std::sync::Arc;

use super::Error;
use crate::record::{EntryId, View};
use crate::store::{Sealed, records};

/// The version of the manifest with which every person begins.
const EMPTY_VERSION: u64 = 1;

/// A person's record as far as one caller may see it.
#[derive(Clone)]
pub struct Seen {
    view: Arc<View>,
    sealed: Sealed,
}

impl Seen {
    pub(super) fn new(view: Arc<View>, sealed: Sealed) -> Seen {
        Seen { view, sealed }
    }

    /// The view.
    pub fn view(&self) -> &View {
        &self.view
    }

    /// Whether nothing was ever saved here. A record whose entries are all withheld is not empty.
    pub fn is_empty(&self) -> bool {
        self.view.version() <= EMPTY_VERSION
    }

    /// What came in for an entry of the view, byte for byte. An entry that the view does not show has none,
    /// nor has one of which a passage is withheld.
    pub fn original(&self, id: EntryId) -> Result<Option<Vec<u8>>, Error> {
        let Some(entry) = self.view.entry(id) else { return Ok(None) };
        if self.view.withholds_original(entry) {
            return Ok(None);
        }
        Ok(Some(records::original(&self.sealed, &entry.original)?))
    }
}
