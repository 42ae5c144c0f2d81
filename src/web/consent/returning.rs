//! The way back to the assistant, through a page of our own: a browser does not follow a form that is answered with a
//! redirect to a place that `form-action` does not name.

use askama::Template;
use url::Url;

use crate::web::Error;
use crate::web::asked::Asked;
use crate::web::frame::Frame;
use crate::web::reply::Reply;

#[derive(Template)]
#[template(path = "returning.html")]
struct ReturningPage {
    frame: Frame,
    heading: String,
    host: String,
    target: String,
    says: &'static str,
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
    Reply::page(&ReturningPage {
        says,
        frame: asked.frame(heading).of_width("narrow"),
        heading: heading.to_owned(),
        host: target.host_str().unwrap_or("the program that asked").to_owned(),
        target: target.as_str().to_owned(),
    })
}
