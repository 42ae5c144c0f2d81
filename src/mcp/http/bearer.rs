//! Whose token a request carries. Without a valid one it ends here, with the word where to get one.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{HeaderValue, WWW_AUTHENTICATE};
use axum::http::{Response, StatusCode};
use axum::middleware::Next;

use super::metadata::{self, Offer};
use super::public::Public;
use super::refusal::{refuse, refuse_with};
use crate::access::Unauthorized;
use crate::mcp::callers::{self, Authorize};

/// The way in for those with tokens.
#[derive(Clone)]
pub struct Door {
    authorize: Authorize,
    /// To whoever has no token: RFC 6750, 3: no error is named where nothing was tried.
    none: HeaderValue,
    /// To whoever has a bad one.
    invalid: HeaderValue,
}

impl Door {
    /// A door that says where tokens are to be had.
    pub fn new(authorize: Authorize, offer: &Offer, public: &Public) -> Door {
        let said = |error: &str| {
            let value = format!("Bearer {error}{}", metadata::challenge(offer, public));
            // Public addresses and scopes are of visible characters.
            HeaderValue::from_str(&value).unwrap_or(HeaderValue::from_static("Bearer"))
        };
        let invalid = said(
            r#"error="invalid_token", error_description="The token is not valid, has run out or was ended", "#,
        );
        Door { authorize, none: said(""), invalid }
    }
}

/// Checks the token, and sends on with what it stands for.
pub async fn check(State(door): State<Door>, mut request: Request, next: Next) -> Response<Body> {
    let refused = |sentence, challenge: HeaderValue| {
        refuse_with(StatusCode::UNAUTHORIZED, sentence, WWW_AUTHENTICATE, challenge)
    };
    let Some(token) = callers::token(request.headers()) else {
        return refused("A token is needed: see the WWW-Authenticate header.", door.none);
    };
    let (authorize, token) = (Arc::clone(&door.authorize), token.to_owned());
    match tokio::task::spawn_blocking(move || authorize(&token)).await {
        Ok(Ok(bearer)) => {
            request.extensions_mut().insert(bearer);
            next.run(request).await
        }
        Ok(Err(Unauthorized::Invalid)) => {
            refused("The token is not valid, has run out or was ended.", door.invalid)
        }
        Ok(Err(Unauthorized::Unavailable(error))) => {
            let cause = std::error::Error::source(&error).map(ToString::to_string);
            tracing::warn!(%error, cause, "a token could not be checked");
            unavailable()
        }
        Err(_) => unavailable(),
    }
}

fn unavailable() -> Response<Body> {
    refuse(StatusCode::SERVICE_UNAVAILABLE, "The token could not be checked. Try again in a moment.")
}
