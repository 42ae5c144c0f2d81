//! Whose token a request carries. Without a valid one it ends here, with the word where to get one.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{HeaderValue, WWW_AUTHENTICATE};
use axum::http::{Response, StatusCode};
use axum::middleware::Next;

use super::refusal::{refuse, refuse_with};
use crate::access::authorization::{Inside, PublicUrl, Unauthorized, challenge};
use crate::mcp::callers::{self, Authorize};
use crate::mcp::step_up::Lacking;

/// The way in for those with tokens.
#[derive(Clone)]
pub struct Door {
    authorize: Authorize,
    public: PublicUrl,
}

impl Door {
    /// A door that says where tokens are to be had.
    pub fn new(authorize: Authorize, public: &PublicUrl) -> Door {
        Door { authorize, public: public.clone() }
    }

    /// What a token opens, or the refusal.
    async fn opened(&self, token: Option<String>) -> Result<Inside, Box<Response<Body>>> {
        let Some(token) = token else {
            let sentence = "A token is needed: see the WWW-Authenticate header.";
            return Err(Box::new(self.unauthorized(sentence, false)));
        };
        let authorize = Arc::clone(&self.authorize);
        let refusal = match tokio::task::spawn_blocking(move || authorize(&token)).await {
            Ok(Ok(inside)) => return Ok(inside),
            Ok(Err(Unauthorized::BadToken | Unauthorized::NoPerson)) => {
                self.unauthorized("The token is not valid, has run out or was ended.", true)
            }
            Ok(Err(Unauthorized::Failed(error))) => {
                let cause = std::error::Error::source(&error).map(ToString::to_string);
                tracing::warn!(%error, cause, "a token could not be checked");
                unavailable()
            }
            Err(_) => unavailable(),
        };
        Err(Box::new(refusal))
    }

    fn unauthorized(&self, sentence: &'static str, had_token: bool) -> Response<Body> {
        challenged(StatusCode::UNAUTHORIZED, sentence, &challenge::unauthorized(&self.public, had_token))
    }

    fn insufficient(&self, scopes: &str) -> Response<Body> {
        let sentence = "The assistant never asked for this part of a record.";
        challenged(StatusCode::FORBIDDEN, sentence, &challenge::insufficient(&self.public, scopes))
    }
}

/// Checks the token, and sends on with what it opens.
pub async fn check(State(door): State<Door>, mut request: Request, next: Next) -> Response<Body> {
    match door.opened(callers::token(request.headers()).map(str::to_owned)).await {
        Ok(inside) => {
            let lacking = Lacking::default();
            request.extensions_mut().insert(inside);
            request.extensions_mut().insert(lacking.clone());
            let response = next.run(request).await;
            lacking.scopes().map_or(response, |scopes| door.insufficient(&scopes))
        }
        Err(refusal) => *refusal,
    }
}

fn challenged(status: StatusCode, sentence: &'static str, challenge: &str) -> Response<Body> {
    // Public addresses and scopes are of visible characters.
    let challenge = HeaderValue::from_str(challenge).unwrap_or(HeaderValue::from_static("Bearer"));
    refuse_with(status, sentence, WWW_AUTHENTICATE, challenge)
}

fn unavailable() -> Response<Body> {
    refuse(StatusCode::SERVICE_UNAVAILABLE, "The token could not be checked. Try again in a moment.")
}
