//! Who calls.

use std::sync::Arc;

use super::authorization::Inside;
use crate::store::OwnerId;

/// Somebody who asks for a view of a record.
#[derive(Clone)]
pub enum Caller {
    /// Whoever runs this program at the machine where the key is: over stdio or on the command line.
    LocalOwner,
    /// An assistant that came over HTTP, with what its token opens.
    Assistant(Arc<Inside>),
}

impl Caller {
    /// Whose record an assistant may ask about. The owner at this machine has chosen it before.
    pub fn person(&self) -> Option<&OwnerId> {
        match self {
            Caller::LocalOwner => None,
            Caller::Assistant(inside) => Some(&inside.bearer.owner),
        }
    }

    /// How the audit names the caller.
    pub fn name(&self) -> &str {
        match self {
            Caller::LocalOwner => "the owner at this machine",
            Caller::Assistant(inside) => &inside.bearer.client,
        }
    }
}
