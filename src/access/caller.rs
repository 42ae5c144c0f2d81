//! Who calls.

/// Somebody who asks for a view of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caller {
    /// Whoever runs this program at the machine where the key is: over stdio or on the command line.
    LocalOwner,
}

impl Caller {
    /// How the audit names the caller.
    pub fn name(&self) -> &'static str {
        match self {
            Caller::LocalOwner => "the owner at this machine",
        }
    }
}
