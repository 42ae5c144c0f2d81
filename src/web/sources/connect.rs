//! Connects a portal.

use crate::web::Error;
use crate::web::asked::Asked;
use crate::web::reply::Reply;
use crate::web::site::Site;

/// A portal was chosen.
pub fn sent(_: &Site, _: &Asked) -> Result<Reply, Error> {
    Err(Error::NotFound)
}

/// The browser comes back from the portal.
pub fn came_back(_: &Site, _: &Asked) -> Result<Reply, Error> {
    Err(Error::NotFound)
}
