//! Who calls through a server: over stdio always the same, over HTTP whoever's token came with the request.

use std::sync::Arc;

use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use rmcp::model::Extensions;
use tokio::sync::watch;

use crate::access::Caller;
use crate::access::authorization::{Inside, PublicUrl, Unauthorized, is_grant_id};
use crate::insight::{Pages, Ways};

/// What a token stands for. It asks the store, so it may block.
pub type Authorize = Arc<dyn Fn(&str) -> Result<Inside, Unauthorized> + Send + Sync>;

/// Where tokens are checked: here where the store is near, and otherwise on a thread that may wait.
#[derive(Clone)]
pub struct Checking {
    authorize: Authorize,
    is_near: bool,
}

impl Checking {
    /// The check of tokens of a store, which may be near.
    pub fn new(authorize: &Authorize, is_near: bool) -> Checking {
        Checking { authorize: Arc::clone(authorize), is_near }
    }

    /// What a token opens.
    pub async fn check(&self, token: &str) -> Result<Inside, Unauthorized> {
        if self.is_near {
            // Two threads that wake each other cost more than the look itself.
            return (self.authorize)(token);
        }
        let (authorize, token) = (Arc::clone(&self.authorize), token.to_owned());
        let checked = tokio::task::spawn_blocking(move || authorize(&token)).await;
        checked.unwrap_or(Err(Unauthorized::Unended))
    }
}

/// Who calls.
#[derive(Clone)]
pub enum Callers {
    /// Whoever has begun the conversation.
    One(Caller),
    /// Whoever's token comes with a request.
    ByToken(Hosted),
}

/// What a server knows of those who come with tokens.
#[derive(Clone)]
pub struct Hosted {
    /// What a token stands for.
    pub tokens: Checking,
    /// The address of the pages.
    pub public: PublicUrl,
    /// Becomes true when the server is to end.
    pub ending: watch::Receiver<bool>,
}

impl Callers {
    /// The caller of a request; `None` for one that came without a token, which has been refused before.
    pub fn of(&self, request: &Extensions) -> Option<Caller> {
        match self {
            Callers::One(caller) => Some(caller.clone()),
            Callers::ByToken(_) => {
                let inside = request.get::<Parts>()?.extensions.get::<Arc<Inside>>()?;
                Some(Caller::Assistant(Arc::clone(inside)))
            }
        }
    }

    /// The same after some time: the token is checked anew, so that an ended grant gives nothing more.
    pub async fn again(&self, request: &Extensions) -> Option<Caller> {
        let Callers::ByToken(hosted) = self else { return self.of(request) };
        let token = token(&request.get::<Parts>()?.headers)?;
        let inside = hosted.tokens.check(token).await.ok()?;
        Some(Caller::Assistant(Arc::new(inside)))
    }

    /// How a person acts on what a caller of theirs is answered.
    pub fn ways(&self, caller: &Caller) -> Ways {
        match (self, caller) {
            (Callers::ByToken(hosted), Caller::Assistant(inside)) => Ways::Pages(Pages {
                public: hosted.public.issuer().to_owned(),
                grant: Some(inside.bearer.grant.clone()).filter(|grant| is_grant_id(grant)),
            }),
            (Callers::One(_), _) | (Callers::ByToken(_), Caller::LocalOwner) => Ways::Commands,
        }
    }

    /// Ends when the server is to end; over stdio that is the end of the input.
    pub async fn ending(&self) {
        match self {
            Callers::One(_) => std::future::pending().await,
            // Whoever would say so is gone itself: that is an end, too.
            Callers::ByToken(hosted) => drop(hosted.ending.clone().wait_for(|is_ending| *is_ending).await),
        }
    }
}

/// The token of a request. RFC 6750, 2.1: in this header; the other two ways are not taken.
pub fn token(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let value = values.next().and_then(|value: &HeaderValue| value.to_str().ok())?;
    // Of two it cannot be said which is meant.
    if values.next().is_some() {
        return None;
    }
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim()).filter(|token| !token.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(values: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        values.iter().for_each(|value| {
            headers.append(AUTHORIZATION, value.parse().unwrap());
        });
        headers
    }

    #[test]
    fn a_token_is_read_from_the_one_header_and_from_nothing_else() {
        assert_eq!(token(&headers(&["Bearer abc"])), Some("abc"));
        assert_eq!(token(&headers(&["bearer  abc "])), Some("abc"));
        for other in [&[][..], &["abc"], &["Basic abc"], &["Bearer "], &["Bearer a", "Bearer b"]] {
            assert_eq!(token(&headers(other)), None, "{other:?}");
        }
    }
}
