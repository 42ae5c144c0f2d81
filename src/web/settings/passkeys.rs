//! The passkeys of an account: added by a script and the device, removed by a form.

use askama::Template;
use axum::http::StatusCode;

use super::fresh;
use crate::access::account::{self, Passkey, Unusable};
use crate::web::Error;
use crate::web::account::signed_in;
use crate::web::asked::Asked;
use crate::web::dates;
use crate::web::frame::{Frame, Here};
use crate::web::reply::Reply;
use crate::web::site::Site;

#[derive(Template)]
#[template(path = "passkeys.html")]
struct PasskeysPage {
    frame: Frame,
    passkeys: Vec<Shown>,
}

/// A passkey in the list.
struct Shown {
    id: String,
    label: String,
    made: String,
    used: Option<String>,
}

/// The page.
pub fn page(site: &Site, asked: &Asked) -> Result<Reply, Error> {
    fresh(site, asked)?;
    shown(site, asked, None)
}

/// A challenge, for the script.
pub fn begin(site: &Site, asked: &Asked) -> Result<Reply, Error> {
    let signed = match fresh(site, asked) {
        // The script goes there: what it asks for is no page.
        Err(Error::NotFresh { .. } | Error::NotSignedIn { .. }) => {
            let again = r#"{"again":"/sign-in/again?next=%2Fsettings%2Fpasskeys"}"#;
            return Ok(Reply::json(again.to_owned()).with_status(StatusCode::UNAUTHORIZED));
        }
        signed => signed?,
    };
    let options = site.accounts().begin_passkey(signed)?;
    Ok(Reply::json(format!("{{\"options\":{options}}}")))
}

/// One is added, with what the device has answered, or removed.
pub fn sent(site: &Site, asked: &Asked) -> Result<Reply, Error> {
    let signed = fresh(site, asked)?;
    if let Some(id) = asked.form.one("remove") {
        let token = site.accounts().remove_passkey(signed, id)?;
        return Ok(signed_in(site, &token, "/settings/passkeys"));
    }
    use account::Error as E;
    match site.accounts().finish_passkey(signed, asked.form.text("label"), asked.form.text("answer")) {
        Ok(()) => Ok(Reply::to("/settings/passkeys")),
        Err(E::NotSignedIn) => shown(site, asked, Some("The passkey was not added. Please try again.")),
        Err(E::Unusable(Unusable::Label)) => shown(site, asked, Some("Give the passkey a name of one line.")),
        Err(other) => Err(other.into()),
    }
}

fn shown(site: &Site, asked: &Asked, error: Option<&'static str>) -> Result<Reply, Error> {
    let passkeys = site.accounts().passkeys(asked.signed()?)?.into_iter().map(row);
    let frame = asked.frame("Passkeys").at(Here::Settings).of_width("narrow").failing(error);
    let status = if error.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    let page = PasskeysPage { frame, passkeys: passkeys.collect() };
    Ok(Reply::page(&page)?.with_script().with_status(status))
}

fn row(passkey: Passkey) -> Shown {
    let Passkey { id, label, made_at, used_at } = passkey;
    Shown { id, label, made: dates::of(made_at), used: used_at.map(dates::of) }
}
