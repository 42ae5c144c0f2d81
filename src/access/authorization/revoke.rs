//! Revocation (RFC 7009): an assistant gives back what it holds.

use super::Server;
use super::acts::{Act, Doer, event};
use super::asked::Query;
use super::error::{Code, OAuthError};
use super::grant::Why;
use super::kept::{self, Next};
use super::token::{Kind, Token};

impl Server {
    /// Answers a form. A refresh token takes the whole grant with it, an access token only itself; what is not
    /// known is as good as gone (RFC 7009, 2.2).
    pub fn revoke(&self, form: &[(String, String)], authorization: Option<&str>) -> Result<(), OAuthError> {
        let form = Query::read(form).ok_or_else(|| Code::InvalidRequest.because("a field is there twice"))?;
        let client = self.authenticated(&form, authorization)?;
        let text = form.get("token").ok_or_else(|| Code::InvalidRequest.because("token is missing"))?;
        let Some(token) = Token::parse(text) else { return Ok(()) };
        let Some(person) = self.vault.owner(&token.owner)? else { return Ok(()) };
        let now = self.clock().now();
        kept::change(&person, &token.grant, |grant| {
            let is_held = match token.kind {
                Kind::Access => grant.opened(token.hash, now).is_some(),
                Kind::Refresh => grant.holds_refresh(token.hash),
                Kind::Code => false,
            };
            if !is_held {
                return Ok(Next::Same);
            }
            if grant.assistant.client != client {
                return Err(Code::InvalidGrant.because("this token was given to another client"));
            }
            if token.kind == Kind::Access {
                let fewer = grant.without_access(token.hash);
                let told = event(&fewer, &token.grant, Doer::Assistant, Act::TokenGivenBack, now);
                return Ok(Next::Told(Box::new(fewer), told));
            }
            let ended = grant.ended(Why::GivenBack, now);
            let told = event(&ended, &token.grant, Doer::Assistant, Act::Ended(Why::GivenBack), now);
            Ok(Next::Told(Box::new(ended), told))
        })?;
        Ok(())
    }
}
