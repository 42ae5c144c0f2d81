//! Why a page was not shown, and the page that says so: one sentence and a next step. The cause is logged once, here.

use askama::Template;
use axum::http::StatusCode;
use axum::http::request::Parts;

use super::asked::{Asked, encoded};
use super::frame::Frame;
use super::reply::Reply;
use super::site::Site;
use super::visitor::Visitor;
use crate::access::account::{self, FormKey, Unusable};
use crate::ingest::portal;
use crate::{access, ingest};

/// A refusal or failure of a page.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such page, or nothing of this name for this account.
    #[error("there is no such page")]
    NotFound,
    /// Somebody has to sign in first.
    #[error("nobody is signed in")]
    NotSignedIn {
        /// Where they wanted to go.
        next: String,
    },
    /// The sign-in was too long ago for what was asked.
    #[error("the sign-in was too long ago")]
    NotFresh {
        /// Where they come back to.
        next: String,
    },
    /// No page of ours has sent this form, or it was open for too long.
    #[error("the form was not sent by a page of this server")]
    Forged,
    /// More was sent than is taken.
    #[error("more was sent than is taken")]
    TooLarge,
    /// Others are being served just now.
    #[error("others are being served just now")]
    Busy,
    /// The account has as much going on as it may.
    #[error("this account has too much going on")]
    BusyYourself,
    /// What was sent did not come to its end.
    #[error("what was sent did not come to its end")]
    CutOff,
    /// The account refused.
    #[error(transparent)]
    Account(#[from] account::Error),
    /// The record could not be seen.
    #[error(transparent)]
    Access(#[from] access::Error),
    /// The record could not be changed or written out.
    #[error(transparent)]
    Ingest(#[from] ingest::Error),
    /// A portal could not be asked.
    #[error(transparent)]
    Portal(#[from] ingest::portal::Error),
    /// A page could not be made.
    #[error("a page could not be made")]
    Page(#[source] askama::Error),
    /// Something of ours is broken.
    #[error("something of plainchart is broken")]
    Broken,
}

/// What is said of it.
struct Words {
    status: StatusCode,
    heading: &'static str,
    says: &'static str,
    back: (&'static str, &'static str),
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    frame: Frame,
    heading: &'static str,
    says: &'static str,
    back: &'static str,
    back_says: &'static str,
}

/// The answer to somebody of whom it is known who they are.
pub fn answer(asked: &Asked, error: Error) -> Reply {
    match error {
        Error::NotSignedIn { next } => Reply::to(format!("/sign-in?next={}", encoded(&next))),
        Error::NotFresh { next } => Reply::to(format!("/sign-in/again?next={}", encoded(&next))),
        other => shown(asked.frame(words(&other).heading), &other),
    }
}

/// The answer to a request that could not be read.
pub fn page(site: &Site, parts: &Parts, error: Error) -> Reply {
    match Visitor::of(site, &parts.headers) {
        Ok(visitor) => {
            let who = visitor.signed.as_ref().map(|signed| signed.name().to_owned());
            shown(Frame::new(words(&error).heading, who, visitor.forms), &error)
        }
        Err(_) => bare(&error),
    }
}

/// The answer where it was not looked who asks.
pub fn of_nobody(site: &Site, error: &Error) -> Reply {
    shown(Frame::new(words(error).heading, None, FormKey::random(site.random())), error)
}

/// The answer where not even a page can be made.
fn bare(error: &Error) -> Reply {
    let Words { status, says, .. } = words(error);
    log(error, status);
    Reply::words(says).with_status(status)
}

fn shown(frame: Frame, error: &Error) -> Reply {
    let Words { status, heading, says, back: (back, back_says) } = words(error);
    log(error, status);
    let page = ErrorPage { frame: frame.of_width("narrow"), heading, says, back, back_says };
    Reply::page(&page).map_or_else(|error| bare(&error), |reply| reply.with_status(status))
}

/// Only what is ours to mend is logged. Errors hold nothing of a record and no name.
fn log(error: &Error, status: StatusCode) {
    if status.is_server_error() {
        if let Error::Portal(error) = error {
            return tracing::warn!(error = error.kind(), "a portal could not be asked");
        }
        let cause = std::error::Error::source(error).map(ToString::to_string);
        tracing::warn!(%error, cause, "a page failed");
    }
}

fn words(error: &Error) -> Words {
    const HOME: (&str, &str) = ("/", "To the record");
    let of = |status, heading, says| Words { status, heading, says, back: HOME };
    match error {
        Error::NotFound => {
            of(StatusCode::NOT_FOUND, "Not here", "There is no such page, or it is not yours to see.")
        }
        Error::NotSignedIn { .. } | Error::NotFresh { .. } => {
            of(StatusCode::UNAUTHORIZED, "Sign in first", "Sign in, then try again.")
        }
        Error::Forged => of(
            StatusCode::FORBIDDEN,
            "Please try again",
            "This form was open for too long, or it did not come from here. Nothing was changed.",
        ),
        Error::TooLarge => of(
            StatusCode::PAYLOAD_TOO_LARGE,
            "Too much at once",
            "That is more than fits. Send it in smaller parts.",
        ),
        Error::Busy => of(
            StatusCode::SERVICE_UNAVAILABLE,
            "Busy just now",
            "Too much is going on here at this moment. Nothing was changed. Try again in a minute.",
        ),
        Error::BusyYourself => of(
            StatusCode::TOO_MANY_REQUESTS,
            "One thing at a time",
            "Something that you have begun is still going on. Nothing was changed. Try again when it is done.",
        ),
        Error::CutOff => of(
            StatusCode::REQUEST_TIMEOUT,
            "It did not all arrive",
            "The connection was too slow, or it broke off. Nothing was added. Try again, or with fewer files.",
        ),
        Error::Account(error) => of_account(error),
        Error::Access(access::Error::BrokenAudit(_)) => broken_audit(),
        Error::Access(_) | Error::Page(_) | Error::Broken => failed(),
        Error::Ingest(error) => of_ingest(error),
        Error::Portal(error) => of_portal(error),
    }
}

fn of_ingest(error: &ingest::Error) -> Words {
    use ingest::Error as E;
    match error {
        E::Contended => Words {
            status: StatusCode::SERVICE_UNAVAILABLE,
            heading: "Busy just now",
            says: "The record is being changed by others at this moment. Nothing was changed. Try again in a minute.",
            back: ("/sources", "To the sources"),
        },
        E::SeveralPeople { .. }
        | E::NoSuchPerson { .. }
        | E::SomebodyElse { .. }
        | E::Unconfirmed { .. }
        | E::NoSuchEntry
        | E::EmptyNote
        | E::Export(_)
        | E::TooManyEntries(_)
        | E::Files(_)
        | E::Link(_)
        | E::Store(_) => failed(),
    }
}

fn of_portal(error: &portal::Error) -> Words {
    use portal::Error as E;
    let of = |status, heading, says| Words { status, heading, says, back: ("/sources", "To the sources") };
    match error {
        E::NoSuchPortal => {
            of(StatusCode::NOT_FOUND, "Not here", "This portal is not connected, or not any more.")
        }
        E::Busy | E::TakenOver | E::Stopped => of(
            StatusCode::CONFLICT,
            "It is being read just now",
            "The portal is being read at this moment. Nothing was removed. Try again when that is done.",
        ),
        E::SignInEnded(_) => of(
            StatusCode::CONFLICT,
            "The sign-in has ended",
            "The portal no longer takes the sign-in from before. Sign in there again.",
        ),
        E::NotSignedIn | E::Callback(_) => of(
            StatusCode::BAD_REQUEST,
            "It was not connected",
            "The sign-in at the portal did not come to its end. Nothing was kept. Try again.",
        ),
        E::Portal(error) => of_peer(error),
        E::Import(error) => of_ingest(error),
        E::Listen(_) | E::Directory(_) | E::Store(_) => failed(),
    }
}

/// Some of it is over in a minute, and some of it never, however often it is tried.
fn of_peer(error: &portal::PeerError) -> Words {
    use portal::PeerError as E;
    let of = |says| Words {
        status: StatusCode::BAD_GATEWAY,
        heading: "It cannot be connected",
        says,
        back: ("/sources", "To the sources"),
    };
    match error {
        E::NotRegistered { .. } => of(
            "This portal connects only to those that are registered there. Whoever runs this server has to do that first.",
        ),
        E::MissingParameter(_) | E::BadKey => of(
            "Something is missing that only whoever runs this server can set. Tell them which portal it is.",
        ),
        E::NotThere(_) => of("Nothing that can be read answers at the address of this portal."),
        E::Unsafe { .. } => of("This portal does not offer what a safe sign-in needs."),
        E::Refused { .. } => of("The portal refused. Try again, and sign in there once more."),
        E::NotUnderstood { .. } => of("The portal answered in a way that is not understood here."),
        E::NoPatient(_) => of("The portal does not say whose record it is, so nothing was kept."),
        E::Http(_) => Words {
            heading: "The portal did not answer",
            ..of("It could not be reached. Nothing was changed. Try again later.")
        },
    }
}

fn broken_audit() -> Words {
    Words {
        status: StatusCode::INTERNAL_SERVER_ERROR,
        heading: "The list of activity was changed",
        says: "The list of who did what was changed outside of plainchart, so nothing can be added to it. Ask whoever runs this server.",
        back: ("/activity", "To the activity"),
    }
}

/// What is wrong with something that was typed.
pub fn of_typed(unusable: Unusable) -> &'static str {
    match unusable {
        Unusable::Name => "A name is one line of 3 to 200 characters.",
        Unusable::Label => "A name is one line of at most 100 characters.",
        Unusable::ShortPassword => "This is too short: 12 characters or more.",
        Unusable::LongPassword => "This is too long.",
        Unusable::GuessedPassword => "This is too easy to guess. Choose something else.",
        Unusable::Birth => "A parent gives the day of birth, and it is not in the future.",
        Unusable::TooManyPeople => "An account cares for at most 20 people. Remove somebody first.",
        Unusable::TooManyInvitations => "An account makes at most 20 invitations in seven days.",
        Unusable::TooManyPasskeys => "An account has at most 20 passkeys. Remove one first.",
    }
}

fn of_account(error: &account::Error) -> Words {
    const SETTINGS: (&str, &str) = ("/settings", "To settings");
    use account::Error as E;
    let of = |status, heading, says| Words { status, heading, says, back: SETTINGS };
    match error {
        E::NotThere => {
            of(StatusCode::NOT_FOUND, "Not here", "There is no such account or person, or not any more.")
        }
        E::TooMany => {
            of(StatusCode::TOO_MANY_REQUESTS, "Too many tries", "Wait a few minutes, then try again.")
        }
        E::NotFresh => of(StatusCode::UNAUTHORIZED, "Sign in again", "Sign in once more, then try again."),
        E::Unusable(unusable) => of(StatusCode::BAD_REQUEST, "That did not work", of_typed(*unusable)),
        E::NotSignedIn | E::Locked | E::NotInvited | E::NameTaken | E::AnotherAccount => of(
            StatusCode::BAD_REQUEST,
            "That did not work",
            "Something that was typed cannot be used. Try again.",
        ),
        E::Audit(error) if matches!(**error, access::Error::BrokenAudit(_)) => broken_audit(),
        E::Provider(_) | E::Audit(_) | E::Store(_) => failed(),
    }
}

fn failed() -> Words {
    Words {
        status: StatusCode::INTERNAL_SERVER_ERROR,
        heading: "That did not work",
        says: "Something went wrong on this server. Nothing was lost. Try again in a minute.",
        back: ("/", "To the record"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::portal::{Error as Portal, PeerError};

    #[test]
    fn what_will_never_work_is_not_told_to_be_tried_again_and_what_is_busy_not_as_unreachable() {
        let says = |error: Portal| words(&Error::Portal(error)).says;
        assert!(says(PeerError::NotRegistered { page: None }.into()).contains("Whoever runs this server"));
        assert!(!says(PeerError::NotRegistered { page: None }.into()).contains("Try again"));
        assert!(says(Portal::Busy).contains("being read at this moment"));
        let broken = access::Error::BrokenAudit(3);
        assert!(!words(&Error::Access(broken)).says.contains("Try again"));
    }

    #[test]
    fn what_is_logged_of_a_portal_names_no_clinic() {
        let error = Portal::from(PeerError::NotThere("harbor-positive.example".into()));
        assert!(error.to_string().contains("harbor") && !error.kind().contains("harbor"));
    }
}
