//! Why somebody may not sign up, sign in or change an account, named by what they can do about it.

use crate::access::identity;
use crate::{access, store};

/// A refusal or failure. No message says whether there is an account of a name, and none holds one.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The name, the password or the code is wrong, or it was tried too often of late.
    #[error("the name or the password is wrong, or there were too many tries")]
    NotSignedIn,
    /// The operator has locked the account.
    #[error("this account is locked")]
    Locked,
    /// Too many tries came from one place, or too many come at this moment.
    #[error("there are too many tries at the moment")]
    TooMany,
    /// Signing up needs an invitation that holds.
    #[error("signing up here needs a valid invitation")]
    NotInvited,
    /// The name is already that of another account.
    #[error("this name is already taken")]
    NameTaken,
    /// What was typed cannot be used.
    #[error(transparent)]
    Unusable(#[from] Unusable),
    /// It must be done within ten minutes of typing the password.
    #[error("this needs a sign-in within the last ten minutes")]
    NotFresh,
    /// There is no such account, or nobody of this kind in its care (any more).
    #[error("there is no such account or person")]
    NotThere,
    /// Somebody else has signed in at the identity provider than whose session asked for it.
    #[error("this is another account than the one that is signed in")]
    AnotherAccount,
    /// The identity provider, or what came from it.
    #[error(transparent)]
    Provider(#[from] identity::Error),
    /// A line of the audit could not be written, or the chain does not hold.
    #[error("the audit could not be written")]
    Audit(#[source] Box<access::Error>),
    /// The store refused or failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// Why something that was typed cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// A name for signing in.
    #[error("a name is one line of 3 to 200 characters")]
    Name,
    /// What a person is called.
    #[error("what a person is called is one line of at most 100 characters")]
    Label,
    /// A short password.
    #[error("a password has at least 12 characters")]
    ShortPassword,
    /// A long password.
    #[error("a password has at most 1024 bytes")]
    LongPassword,
    /// A password that anybody would try first.
    #[error("a password is neither the name nor the same character all along")]
    GuessedPassword,
    /// A day of birth that cannot be, or none where one is needed.
    #[error("a parent gives the child's day of birth, and it is not in the future")]
    Birth,
    /// More people than one account may care for.
    #[error("one account cares for at most 20 people")]
    TooManyPeople,
    /// More invitations than one account may make.
    #[error("one account makes at most 20 invitations in seven days")]
    TooManyInvitations,
    /// More passkeys than one account may have.
    #[error("one account has at most 20 passkeys")]
    TooManyPasskeys,
}

impl From<access::Error> for Error {
    fn from(error: access::Error) -> Error {
        match error {
            access::Error::Store(error) => Error::Store(error),
            other => Error::Audit(Box::new(other)),
        }
    }
}
