//! Rows that are made when they are looked at: of a list that does not fit, most never are.

use std::cell::OnceCell;

use serde::{Serialize, Serializer};

use super::Item;
use crate::record::EntryId;

/// A row that is made with the first look at more than its id.
pub struct Later<T, F> {
    id: EntryId,
    make: F,
    made: OnceCell<Box<T>>,
}

impl<T, F: Fn() -> T> Later<T, F> {
    /// A row of this entry, and how it is made.
    pub fn new(id: EntryId, make: F) -> Later<T, F> {
        Later { id, make, made: OnceCell::new() }
    }

    fn row(&self) -> &T {
        self.made.get_or_init(|| Box::new((self.make)()))
    }
}

impl<T: Serialize, F: Fn() -> T> Serialize for Later<T, F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.row().serialize(serializer)
    }
}

impl<T: Item, F: Fn() -> T> Item for Later<T, F> {
    fn id(&self) -> EntryId {
        self.id
    }

    fn cells(&self) -> Vec<String> {
        self.row().cells()
    }

    fn beneath(&self) -> Vec<String> {
        self.row().beneath()
    }
}
