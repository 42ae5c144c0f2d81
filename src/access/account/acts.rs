//! What an account did, in its own audit: a chain under the account's owner, beside those of the people in
//! its care.

use jiff::Timestamp;

use super::care::Relation;
use super::error::Error;
use crate::access::audit::{self, Event, Outcome};
use crate::store::{Change, OwnerId, Sealed};

/// Digits of an account's id that tell it from the others who care for a person.
const ID_DIGITS: usize = 8;

/// Who did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doer {
    /// Whoever signs in with the account.
    Account,
    /// The same, in the chain of a person: by what the account is to them.
    Carer(Relation),
    /// The operator.
    Administrator,
}

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act<'a> {
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
    /// In the chain of the person: an account has come to care for them.
    CareBegun(Relation, &'a OwnerId),
    /// In the chain of the person: an account has made an invitation to the record.
    CareOffered(Relation, &'a OwnerId),
    /// In the chain of the person: an account cares for them no longer.
    CareEnded(Relation, &'a OwnerId),
}

impl Act<'_> {
    fn words(self) -> String {
        let of = |act: &str, relation: Relation, account: &OwnerId| {
            let id: String = account.as_str().chars().take(ID_DIGITS).collect();
            format!("{act}: {} {id}", relation.word())
        };
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
            Act::CareBegun(relation, account) => return of("care_begun", relation, account),
            Act::CareOffered(relation, account) => return of("care_offered", relation, account),
            Act::CareEnded(relation, account) => return of("care_ended", relation, account),
        };
        word.to_owned()
    }
}

/// Adds a line about what changes no row of this owner.
pub(super) fn note(sealed: &Sealed, who: Doer, act: Act<'_>, now: Timestamp) -> Result<(), Error> {
    Ok(audit::append(sealed, &event(who, act, now))?)
}

/// Adds a line together with the changes that it tells of: all of it is committed, or nothing. It is tried once.
pub(super) fn told(
    sealed: &Sealed,
    (who, act, now): (Doer, Act<'_>, Timestamp),
    changes: &[Change],
) -> Result<(), Error> {
    Ok(audit::append_with(sealed, &event(who, act, now), changes)?)
}

fn event(who: Doer, act: Act<'_>, now: Timestamp) -> Event {
    let who = match who {
        Doer::Account => "the account".to_owned(),
        Doer::Carer(relation) => format!("the account ({})", relation.word()),
        Doer::Administrator => "the administrator".to_owned(),
    };
    Event { at: now.as_second(), who, tool: act.words(), entries: Vec::new(), outcome: Outcome::Answered }
}
