//! How often one address may try: a bucket of tries for each, kept in this process alone.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

use super::error::Error;

/// So many tries at once, and one more every so often.
const TRIES_MAX: f64 = 20.0;
const SECONDS_A_TRY: f64 = 6.0;
/// Addresses that are remembered. Above it, those with a full bucket go first, and then all.
const PEERS_MAX: usize = 20_000;

/// The tries that each address has left.
#[derive(Debug, Default)]
pub struct Peers(Mutex<HashMap<IpAddr, Bucket>>);

#[derive(Clone, Copy, Debug)]
struct Bucket {
    left: f64,
    at: Timestamp,
}

impl Peers {
    /// Takes one try, or refuses. Behind an address of an inner network there may be a proxy, and so everybody: one of
    /// them must not shut out the others, and no header of a proxy is believed. It limits its visitors itself.
    pub fn take(&self, peer: IpAddr, now: Timestamp) -> Result<(), Error> {
        if is_inner(peer) {
            return Ok(());
        }
        let peer = network(peer);
        let mut peers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if peers.len() >= PEERS_MAX && !peers.contains_key(&peer) {
            peers.retain(|_, bucket| bucket.left_at(now) < TRIES_MAX);
            if peers.len() >= PEERS_MAX {
                peers.clear();
            }
        }
        let bucket = peers.entry(peer).or_insert(Bucket { left: TRIES_MAX, at: now });
        let left = bucket.left_at(now);
        let is_allowed = left >= 1.0;
        *bucket = Bucket { left: if is_allowed { left - 1.0 } else { left }, at: now };
        if is_allowed { Ok(()) } else { Err(Error::TooMany) }
    }

    /// Gives a try back that went well.
    pub fn give_back(&self, peer: IpAddr) {
        let mut peers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bucket) = peers.get_mut(&network(peer)) {
            bucket.left += 1.0;
        }
    }
}

impl Bucket {
    fn left_at(&self, now: Timestamp) -> f64 {
        let seconds = now.duration_since(self.at).as_secs_f64().max(0.0);
        (self.left + seconds / SECONDS_A_TRY).min(TRIES_MAX)
    }
}

/// One subscriber has a whole network of IPv6 addresses (RFC 6177: at least a /64).
fn network(peer: IpAddr) -> IpAddr {
    match peer.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

fn is_inner(peer: IpAddr) -> bool {
    match peer.to_canonical() {
        IpAddr::V4(address) => {
            let [first, second, ..] = address.octets();
            // RFC 6598: what carriers and overlay networks share.
            let is_shared = first == 100 && second & 0xc0 == 64;
            is_shared || address.is_loopback() || address.is_private() || address.is_link_local()
        }
        IpAddr::V6(address) => {
            address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local()
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    fn tries(peers: &Peers, peer: &str, now: Timestamp) -> usize {
        let peer = peer.parse().unwrap();
        (0..5_000).take_while(|_| peers.take(peer, now).is_ok()).count()
    }

    #[test]
    fn an_address_has_twenty_tries_and_one_more_each_six_seconds() {
        let (peers, now) = (Peers::default(), Timestamp::UNIX_EPOCH);
        assert_eq!(tries(&peers, "203.0.113.7", now), 20);
        assert_eq!(tries(&peers, "203.0.113.7", now + SignedDuration::from_secs(13)), 2);
        assert_eq!(tries(&peers, "203.0.113.8", now), 20);
        assert_eq!(tries(&peers, "203.0.113.7", now + SignedDuration::from_hours(9)), 20);
    }

    #[test]
    fn a_network_of_ipv6_is_one() {
        let (peers, now) = (Peers::default(), Timestamp::UNIX_EPOCH);
        assert_eq!(tries(&peers, "2001:db8:1:2::1", now), 20);
        assert_eq!(tries(&peers, "2001:db8:1:2:ffff::9", now), 0);
        assert_eq!(tries(&peers, "::ffff:203.0.113.7", now), 20);
        assert_eq!(tries(&peers, "203.0.113.7", now), 0);
    }

    #[test]
    fn what_may_be_a_proxy_is_never_refused_for_what_one_of_its_visitors_does() {
        let (peers, now) = (Peers::default(), Timestamp::UNIX_EPOCH);
        for inner in ["127.0.0.1", "::1", "10.1.2.3", "172.20.0.2", "192.168.1.1", "100.64.0.1", "fd00::1"] {
            assert_eq!(tries(&peers, inner, now), 5_000, "{inner}");
        }
        for outer in ["100.128.0.1", "100.63.0.1", "172.32.0.1"] {
            assert_eq!(tries(&peers, outer, now), 20, "{outer}");
        }
    }

    #[test]
    fn a_try_that_went_well_is_given_back() {
        let (peers, now, peer) = (Peers::default(), Timestamp::UNIX_EPOCH, "203.0.113.7".parse().unwrap());
        for _ in 0..100 {
            peers.take(peer, now).unwrap();
            peers.give_back(peer);
        }
    }

    #[test]
    fn the_memory_is_bounded() {
        let (peers, now) = (Peers::default(), Timestamp::UNIX_EPOCH);
        for number in 0..(PEERS_MAX as u32 + 10) {
            peers.take(IpAddr::V4(number.into()), now).unwrap();
        }
        assert!(peers.0.lock().unwrap().len() <= PEERS_MAX);
    }
}
