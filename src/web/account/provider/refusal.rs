//! Why somebody who comes from the identity provider was not signed in, in plain words.

use axum::http::StatusCode;

use crate::access::{account, identity};
use crate::web::Error;

/// What somebody is told, and the status. What is for the operator to put right is logged.
pub fn words(error: account::Error, host: &str) -> Result<(StatusCode, String), Error> {
    use account::Error as E;
    use identity::Error as P;
    Ok(match error {
        E::Provider(P::NotWaiting | P::NoCode) | E::NotSignedIn => (
            StatusCode::BAD_REQUEST,
            "This sign-in took too long, or it was begun in another browser. Start again.".to_owned(),
        ),
        E::Provider(P::OtherServer) => {
            (StatusCode::BAD_REQUEST, format!("This answer did not come from {host}. Nothing was done."))
        }
        E::Provider(error @ P::Denied(_)) => {
            tracing::info!(%error, "nobody was signed in");
            (StatusCode::UNAUTHORIZED, format!("{host} did not sign you in. You can try again."))
        }
        E::Provider(P::NotAnew) => (
            StatusCode::UNAUTHORIZED,
            format!("{host} does not say that you signed in anew just now, which this needs. Nothing was done."),
        ),
        E::Provider(P::Store(error)) => return Err(account::Error::Store(error).into()),
        E::Provider(error) => {
            tracing::warn!(%error, "nobody was signed in");
            let why = format!("{host} could not be asked. Try again in a minute, or tell whoever runs this server.");
            (StatusCode::BAD_GATEWAY, why)
        }
        E::AnotherAccount => (
            StatusCode::UNAUTHORIZED,
            format!("At {host} you signed in as somebody else than here. Nothing was done."),
        ),
        E::NotInvited => (
            StatusCode::FORBIDDEN,
            "You have no account here, and a new one needs an invitation that holds. Ask whoever runs this server."
                .to_owned(),
        ),
        E::NameTaken => (
            StatusCode::CONFLICT,
            "You have an account here already, so the invitation was not used. Sign in.".to_owned(),
        ),
        E::Locked => (
            StatusCode::UNAUTHORIZED,
            "This account is locked. Ask whoever runs this server.".to_owned(),
        ),
        E::TooMany => (
            StatusCode::TOO_MANY_REQUESTS,
            "Too many tries at the moment. Wait a few minutes.".to_owned(),
        ),
        other => return Err(other.into()),
    })
}
