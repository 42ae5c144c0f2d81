//! The way back to the assistant, through a page of our own: a browser does not follow a form that is answered with a
//! redirect to a place that `form-action` does not name.

use askama::Template;
use url::Url;

use crate::access::authorization::Place;
use crate::web::Error;
use crate::web::asked::Asked;
use crate::web::frame::Frame;
use crate::web::reply::Reply;

#[derive(Template)]
#[template(path = "returning.html")]
struct ReturningPage {
    frame: Frame,
    heading: String,
    place: String,
    target: String,
    says: &'static str,
    goes_on: bool,
}

/// Back to an assistant.
pub fn page(asked: &Asked, heading: &str, target: &Url) -> Result<Reply, Error> {
    leading(asked, heading, target, "You can close this page when the assistant says that it is connected.")
}

/// On to a portal.
pub fn on(asked: &Asked, heading: &str, target: &Url) -> Result<Reply, Error> {
    leading(asked, heading, target, "The portal brings you back here.")
}

/// A page that goes on by itself, and by a link.
pub fn leading(asked: &Asked, heading: &str, target: &Url, says: &'static str) -> Result<Reply, Error> {
    shown(asked, heading, target, says, true)
}

/// Back with a request to which nothing was answered. Only whoever wants to goes there: anybody may register an
/// address, and nobody is made to open it by a request that fails (RFC 9700, 4.11.2).
pub fn stopped(asked: &Asked, heading: &str, target: &Url) -> Result<Reply, Error> {
    let says =
        "It asked for something that is not given here, so nothing was allowed. Go on only if you know it.";
    shown(asked, heading, target, says, false)
}

fn shown(
    asked: &Asked,
    heading: &str,
    target: &Url,
    says: &'static str,
    goes_on: bool,
) -> Result<Reply, Error> {
    Reply::page(&ReturningPage {
        says,
        goes_on,
        frame: asked.frame(heading).of_width("narrow"),
        heading: heading.to_owned(),
        place: match Place::of(target) {
            Place::Server(host) => host,
            Place::Program(name) => format!("a program on your own device ({name})"),
        },
        target: target.as_str().to_owned(),
    })
}
