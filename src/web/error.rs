//! Why a page was not shown, and the page that says so: one sentence and a next step. The cause is logged once, here.

use askama::Template;
use axum::http::StatusCode;
use axum::http::request::Parts;

use super::asked::{Asked, encoded};
use super::frame::Frame;
use super::reply::Reply;
use super::site::Site;
use super::visitor::Visitor;
use crate::access::account;
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

/// The answer where not even a page can be made.
pub fn bare(error: &Error) -> Reply {
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
            "Others are adding files at this moment. Try again in a minute.",
        ),
        Error::Account(error) => of_account(error),
        Error::Access(_) | Error::Ingest(_) | Error::Page(_) | Error::Broken => failed(),
        Error::Portal(_) => of(
            StatusCode::BAD_GATEWAY,
            "The portal did not answer",
            "It could not be reached, or did not do what was asked. Try again later.",
        ),
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
        E::NotSignedIn | E::Locked | E::NotInvited | E::NameTaken | E::AnotherAccount | E::Unusable(_) => of(
            StatusCode::BAD_REQUEST,
            "That did not work",
            "Something that was typed cannot be used. Try again.",
        ),
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
