//! Looks names up, and gives back only addresses that may be reached: a name that stands for an address
//! inside is caught at the moment of connecting, and so is one that changes between two looks.

use std::net::SocketAddr;
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::address::Reach;

/// The resolver of a client.
#[derive(Debug)]
pub struct Resolver(pub Arc<Reach>);

/// A name stands for nothing that may be reached.
#[derive(Debug, thiserror::Error)]
#[error("the name stands for no address that may be reached")]
pub struct Inside;

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = Arc::clone(&self.0);
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<SocketAddr> =
                found.filter(|address| reach.allows(address.ip(), name.as_str())).collect();
            if allowed.is_empty() {
                return Err(Inside.into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}
