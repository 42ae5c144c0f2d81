//! Signing in with a passkey. A script asks for the challenge; what the device answers comes with an ordinary form.

use super::sign_in;
use super::signed_in;
use crate::web::Error;
use crate::web::asked::{Asked, own_path};
use crate::web::reply::Reply;
use crate::web::site::Site;

/// A challenge, for the script.
pub fn begin(site: &Site, _: &Asked) -> Result<Reply, Error> {
    let challenge = site.accounts().begin_passkey_sign_in()?;
    // The id is of letters, digits, `-` and `_`, and the options are JSON already.
    Ok(Reply::json(format!("{{\"id\":\"{}\",\"options\":{}}}", challenge.id, challenge.options)))
}

/// The device has answered.
pub fn sent(site: &Site, asked: &Asked) -> Result<Reply, Error> {
    let next = own_path(asked.form.text("next"));
    let (id, answer) = (asked.form.text("id"), asked.form.text("answer"));
    match site.accounts().finish_passkey_sign_in(id, answer) {
        Ok(token) => {
            // Once more, or as somebody else: the session before is over.
            if let Some(before) = &asked.visitor.signed {
                site.accounts().sign_out(before)?;
            }
            Ok(signed_in(site, &token, next))
        }
        Err(error) => sign_in::refused(site, asked, next, sign_in::refusal(error)?),
    }
}
