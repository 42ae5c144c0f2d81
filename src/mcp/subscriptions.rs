//! Clients that subscribed hear that the record has changed, whoever changed it: a fetch, an import, a note.
//!
//! Both eras: `resources/subscribe` up to 2025-11-25, `subscriptions/listen` of 2026-07-28.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rmcp::model::{ResourceUpdatedNotification, ResourceUpdatedNotificationParam, ServerNotification};
use rmcp::service::SubscriptionContext;
use rmcp::{Peer, RoleServer};

use super::callers::Callers;
use super::tool::Gate;
use crate::access::Caller;

/// So often the version of the record is looked at: one row.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// So long a subscription over HTTP holds its connection.
const HOSTED_FOR: Duration = Duration::from_secs(600);
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
    pub fn add(
        &self,
        address: String,
        gate: &Gate,
        caller: &Caller,
        peer: &Peer<RoleServer>,
    ) -> Result<(), TooMany> {
        let mut addresses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if addresses.len() >= ADDRESSES_MAX {
            return Err(TooMany);
        }
        let is_first = addresses.is_empty();
        addresses.insert(address);
        if is_first {
            tokio::spawn(watch(self.clone(), gate.clone(), caller.clone(), peer.clone()));
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
async fn watch(subscriptions: Subscriptions, gate: Gate, caller: Caller, peer: Peer<RoleServer>) {
    let mut known = version(&gate, &caller).await;
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        let addresses = subscriptions.all();
        if addresses.is_empty() || peer.is_transport_closed() {
            return;
        }
        let present = version(&gate, &caller).await;
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

/// Tells a subscription of the newer era of every change, until it ends. One that came with a token ends with it,
/// with the server, and after some minutes: its client asks again.
pub async fn listen(gate: Gate, callers: Callers, subscription: SubscriptionContext) {
    let addresses = subscription.accepted().resource_subscriptions.clone().unwrap_or_default();
    let request = &subscription.request_context().extensions;
    let Some(caller) = callers.of(request) else { return };
    let mut known = version(&gate, &caller).await;
    let mut looks = 0..looks_max(&callers);
    while looks.next().is_some() {
        tokio::select! {
            () = subscription.cancelled() => return,
            () = callers.ending() => return,
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
        let Some(caller) = callers.again(request).await else { return };
        let present = version(&gate, &caller).await;
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

/// How often it is looked before a subscription has to be asked for again.
fn looks_max(callers: &Callers) -> u64 {
    match callers {
        Callers::One(_) => u64::MAX,
        Callers::ByToken(_) => HOSTED_FOR.as_secs() / LOOK_EVERY.as_secs(),
    }
}

/// The record's version: as of the check of the token, or looked at on a thread that may block.
async fn version(gate: &Gate, caller: &Caller) -> Option<u64> {
    if let Caller::Assistant(inside) = caller {
        return Some(inside.version);
    }
    let (gate, caller) = (gate.clone(), caller.clone());
    tokio::task::spawn_blocking(move || gate.version(&caller)).await.ok().flatten()
}
