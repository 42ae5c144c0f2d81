//! Signing in at the operator's identity provider: sent there, and taken back. Nothing is typed here.

mod refusal;

use askama::Template;
use axum::Router;

use super::signed_in;
use crate::access::account::{self, Policy, Role};
use crate::access::identity::{self, Purpose, RETURN_PATH, Returned, Wish};
use crate::web::Error;
use crate::web::asked::{Asked, own_path};
use crate::web::consent::returning::leading;
use crate::web::frame::Frame;
use crate::web::reply::Reply;
use crate::web::routes::{look, send};
use crate::web::site::Site;

#[derive(Template)]
#[template(path = "provider.html")]
struct ProviderPage {
    frame: Frame,
    heading: &'static str,
    says: String,
    /// The text of an invitation that is to be used.
    invitation: Option<String>,
    next: String,
    host: String,
    /// Where the way leads on: the address and what it is called.
    links: Vec<(String, String)>,
}

/// The routes, in place of those of passwords and passkeys.
pub fn router() -> Router<Site> {
    Router::new()
        .route("/sign-in", look(sign_in))
        .route("/sign-in/again", look(again))
        .route(RETURN_PATH, look(returned))
        .route("/sign-up", look(invited).merge(send("/sign-up", join)))
}

/// On to the provider. Who has just left is not taken back in.
fn sign_in(site: &Site, asked: &Asked) -> Result<Reply, Error> {
    let next = own_path(asked.field("next"));
    if asked.visitor.signed.is_some() {
        return Ok(Reply::to(next));
    }
    match asked.query.text("done") {
        "" => begin(site, asked, Purpose::SignIn, next),
        done => left(site, asked, done),
    }
}

/// On to the provider, to sign in there anew.
fn again(site: &Site, asked: &Asked) -> Result<Reply, Error> {
    let account = asked.signed()?.owner().clone();
    begin(site, asked, Purpose::Again { account }, own_path(asked.field("next")))
}

/// Back from the provider.
fn returned(site: &Site, asked: &Asked) -> Result<Reply, Error> {
    let query = &asked.query;
    // What stands twice is there, and is nothing.
    let given = |name| query.has(name).then(|| query.text(name));
    let returned = Returned {
        state: query.text("state"),
        code: given("code"),
        iss: given("iss"),
        error: given("error"),
    };
    let visitor = &asked.visitor;
    let finished =
        site.accounts().finish_at_provider(returned, visitor.signed.as_ref(), &visitor.forms, asked.peer);
    match finished {
        Ok((token, next)) => Ok(signed_in(site, &token, own_path(&next))),
        Err(error) => refused(site, asked, error),
    }
}

/// The page to which an invitation leads.
fn invited(site: &Site, asked: &Asked) -> Result<Reply, Error> {
    let text = asked.query.text("invitation");
    let invitation = if text.is_empty() { None } else { site.accounts().invitation(text)? };
    let policy = site.accounts().policy();
    let invitation = invitation.filter(|own| policy != Policy::Closed || own.role == Role::Administrator);
    let host = host(site);
    let (says, links) = match &invitation {
        Some(invitation) => (
            match &invitation.person {
                Some(handed) => format!(
                    "You are invited to the record of {}. Sign in at {host}, and it comes into your care.",
                    handed.label
                ),
                None => format!("You are invited. Sign in at {host}, and you have an account here."),
            },
            Vec::new(),
        ),
        None if policy == Policy::Open => {
            (format!("Sign in at {host}, and you have an account here."), vec![way_in(site)])
        }
        None => (
            "You need an invitation. Ask whoever runs this server for one, and open the link in it."
                .to_owned(),
            vec![way_in(site)],
        ),
    };
    Reply::page(&ProviderPage {
        frame: asked.frame("Make an account").of_width("narrow"),
        heading: "Make an account",
        says,
        invitation: invitation.map(|_| text.to_owned()),
        next: own_path(asked.query.text("next")).to_owned(),
        host,
        links,
    })
}

/// On to the provider, with an invitation. A form is not answered with a redirect to another site.
fn join(site: &Site, asked: &Asked) -> Result<Reply, Error> {
    let purpose = Purpose::Join { invitation: asked.form.text("invitation").to_owned() };
    let wish = Wish { purpose, next: own_path(asked.form.text("next")).to_owned() };
    match site.accounts().begin_at_provider(wish, &asked.visitor.forms, asked.peer) {
        Ok(address) => leading(asked, "Sign in", &address, "You are brought back here."),
        Err(error) => refused(site, asked, error),
    }
}

fn begin(site: &Site, asked: &Asked, purpose: Purpose, next: &str) -> Result<Reply, Error> {
    let wish = Wish { purpose, next: next.to_owned() };
    match site.accounts().begin_at_provider(wish, &asked.visitor.forms, asked.peer) {
        Ok(address) => Ok(Reply::to(address)),
        Err(error) => refused(site, asked, error),
    }
}

/// Somebody has signed out, or their account is gone: they may still be signed in at the provider.
fn left(site: &Site, asked: &Asked, done: &str) -> Result<Reply, Error> {
    let heading = if done == "deleted" { "Your account is deleted" } else { "You are signed out" };
    let host = host(site);
    Reply::page(&ProviderPage {
        frame: asked.frame(heading).of_width("narrow"),
        heading,
        says: format!(
            "You may still be signed in at {host}. On a device that others use, sign out there too."
        ),
        invitation: None,
        next: String::new(),
        links: way_out(site).into_iter().chain([way_in(site)]).collect(),
        host,
    })
}

/// Why somebody was not signed in.
fn refused(site: &Site, asked: &Asked, error: account::Error) -> Result<Reply, Error> {
    use account::Error as E;
    let host = host(site);
    // As long as the provider knows somebody else, it says the same again.
    let is_another = matches!(error, E::NotInvited | E::NameTaken | E::AnotherAccount | E::Locked);
    let out = if is_another { way_out(site) } else { None };
    let (status, why) = refusal::words(error, &host)?;
    let on = match asked.visitor.signed {
        Some(_) => ("/".to_owned(), "To the record".to_owned()),
        None => way_in(site),
    };
    Reply::page(&ProviderPage {
        frame: asked.frame("Sign in").of_width("narrow").failing(Some(why)),
        heading: "Sign in",
        says: format!("You sign in to this server at {host}."),
        invitation: None,
        next: String::new(),
        links: out.into_iter().chain([on]).collect(),
        host,
    })
    .map(|reply| reply.with_status(status))
}

fn way_in(site: &Site) -> (String, String) {
    ("/sign-in".to_owned(), format!("Sign in at {}", host(site)))
}

/// Where one signs out at the provider, if it says so.
fn way_out(site: &Site) -> Option<(String, String)> {
    let address = site.accounts().provider()?.sign_out_address()?;
    Some((address.into(), format!("Sign out at {}", host(site))))
}

fn host(site: &Site) -> String {
    site.accounts().provider().map(identity::Provider::host).unwrap_or_default()
}
