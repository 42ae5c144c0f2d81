//! Clients that subscribed hear that the record has changed, whoever changed it: a fetch, an import, a note.
//!
//! Both eras: `resources/subscribe` up to 2025-11-25, `subscriptions/listen` of 2026-07-28.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rmcp::model::{ResourceUpdatedNotification, ResourceUpdatedNotificationParam, ServerNotification};
use rmcp::service::SubscriptionContext;
use rmcp::{Peer, RoleServer};

use super::tool::Gate;

/// So often the version of the record is looked at: one row.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// Addresses that one client may subscribe to.
const ADDRESSES_MAX: usize = 100;

/// The subscriptions of one client of the older era.
#[derive(Clone, Default)]
pub struct Subscriptions(Arc<Mutex<BTreeSet<String>>>);

/// A client wants to hear of more than it may.
#[derive(Debug)]
pub struct TooMany;

impl Subscriptions {
    /// Adds an address; the first one starts to look.
    pub fn add(&self, address: String, gate: &Gate, peer: &Peer<RoleServer>) -> Result<(), TooMany> {
        let mut addresses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if addresses.len() >= ADDRESSES_MAX {
            return Err(TooMany);
        }
        let is_first = addresses.is_empty();
        addresses.insert(address);
        if is_first {
            tokio::spawn(watch(self.clone(), gate.clone(), peer.clone()));
        }
        Ok(())
    }

    /// Takes an address away.
    pub fn remove(&self, address: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(address);
    }

    fn all(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }
}

/// Tells of every change until nobody wants to hear of it.
async fn watch(subscriptions: Subscriptions, gate: Gate, peer: Peer<RoleServer>) {
    let mut known = version(&gate).await;
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        let addresses = subscriptions.all();
        if addresses.is_empty() || peer.is_transport_closed() {
            return;
        }
        let present = version(&gate).await;
        if present != known {
            known = present;
            for address in addresses {
                let told = peer.notify_resource_updated(ResourceUpdatedNotificationParam::new(address));
                if told.await.is_err() {
                    return;
                }
            }
        }
    }
}

/// Tells a subscription of the newer era of every change, until it ends.
pub async fn listen(gate: Gate, subscription: SubscriptionContext) {
    let addresses = subscription.accepted().resource_subscriptions.clone().unwrap_or_default();
    let mut known = version(&gate).await;
    loop {
        tokio::select! {
            () = subscription.cancelled() => return,
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
        let present = version(&gate).await;
        if present == known {
            continue;
        }
        known = present;
        for address in &addresses {
            let update = ResourceUpdatedNotificationParam::new(address.clone());
            let update =
                ServerNotification::ResourceUpdatedNotification(ResourceUpdatedNotification::new(update));
            if subscription.sink().send(update).await.is_err() {
                return;
            }
        }
    }
}

/// The record's version, looked at on a thread that may block.
async fn version(gate: &Gate) -> Option<u64> {
    let gate = gate.clone();
    tokio::task::spawn_blocking(move || gate.version()).await.ok().flatten()
}
