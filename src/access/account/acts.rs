//! What an account did, in its own audit: a chain under the account's owner, beside those of the people in
//! its care.

use jiff::Timestamp;

use super::error::Error;
use crate::access::audit::{self, Event, Outcome};
use crate::store::Sealed;

/// Who did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doer {
    /// Whoever signs in with the account.
    Account,
    /// The operator.
    Administrator,
}

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    SignUp,
    SignIn,
    /// So many tries before a sign-in went wrong.
    FailedSignIns(u32),
    SignOut,
    NewPassword,
    PasskeySignIn,
    ProviderSignIn,
    NewPasskey,
    RemovedPasskey,
    NewRecoveryCodes,
    RecoveryLink,
    Recovery,
    Invitation,
    Lock,
    Unlock,
    /// In the chain of the person.
    CareBegun,
    CareEnded,
}

impl Act {
    fn word(self) -> String {
        let word = match self {
            Act::SignUp => "sign_up",
            Act::SignIn => "sign_in",
            Act::FailedSignIns(count) => return format!("failed_sign_ins {count}"),
            Act::SignOut => "sign_out",
            Act::NewPassword => "new_password",
            Act::PasskeySignIn => "sign_in_with_passkey",
            Act::ProviderSignIn => "sign_in_at_provider",
            Act::NewPasskey => "new_passkey",
            Act::RemovedPasskey => "removed_passkey",
            Act::NewRecoveryCodes => "new_recovery_codes",
            Act::RecoveryLink => "recovery_link",
            Act::Recovery => "recovery",
            Act::Invitation => "invitation",
            Act::Lock => "lock",
            Act::Unlock => "unlock",
            Act::CareBegun => "care_begun",
            Act::CareEnded => "care_ended",
        };
        word.to_owned()
    }
}

/// Adds a line.
pub(super) fn note(sealed: &Sealed, who: Doer, act: Act, now: Timestamp) -> Result<(), Error> {
    let who = match who {
        Doer::Account => "the account",
        Doer::Administrator => "the administrator",
    };
    let event = Event {
        at: now.as_second(),
        who: who.to_owned(),
        tool: act.word(),
        entries: Vec::new(),
        outcome: Outcome::Answered,
    };
    Ok(audit::append(sealed, &event)?)
}
