//! The tokens of one grant. They lie in its row, so that a step of theirs and of the grant are one write, and with
//! the end of the grant all are gone at once.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::grant::Why;
use super::scopes::Scopes;
use super::steps::Refusal;
use super::token::Hash;

/// An access token is good for so long.
pub const ACCESS: SignedDuration = SignedDuration::from_hours(1);
/// A refresh token is good for so long if it is not used.
const REFRESH: SignedDuration = SignedDuration::from_hours(24 * 90);
/// A refresh token that was just replaced still gives new ones for so long: the answer may have been lost.
const GRACE: SignedDuration = SignedDuration::from_secs(30);
/// So often, and no more: whoever has it must not draw tokens from it.
const AGAIN_MAX: u8 = 3;
/// Access tokens that are good at one time. With one more the oldest is not.
const ACCESS_MAX: usize = 8;
/// Refresh tokens that are good at one time: more than one only after a use within the grace. With one more the
/// oldest is not: its answer was lost, and nobody has it.
const REFRESH_MAX: usize = 4;
/// Refresh tokens that may be replaced within one time of grace.
const REPLACED_MAX: usize = 8;

/// The tokens of a grant: hashes alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tokens {
    access: Vec<Access>,
    refresh: Vec<Refresh>,
    replaced: Vec<Replaced>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Access {
    hash: Hash,
    /// Until when it is good.
    pub until: Timestamp,
    /// The refresh token that was given out with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    with: Option<Hash>,
    /// Fewer than those of the grant, where the client asked for fewer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scopes: Option<Scopes>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Refresh {
    hash: Hash,
    until: Timestamp,
    /// The one that it took the place of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    of: Option<Hash>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Replaced {
    hash: Hash,
    at: Timestamp,
    /// How often it was used after that.
    again: u8,
    /// Whether one that took its place was used, so that its answer has arrived.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    is_over: bool,
}

/// Hashes of new tokens.
#[derive(Clone, Copy)]
pub(super) struct Pair {
    pub access: Hash,
    pub refresh: Hash,
}

impl Tokens {
    /// When the last of them runs out.
    pub(super) fn until(&self) -> Option<Timestamp> {
        let access = self.access.iter().map(|access| access.until);
        access.chain(self.refresh.iter().map(|refresh| refresh.until)).max()
    }

    /// The access token of this hash.
    pub(super) fn access(&self, hash: Hash) -> Option<&Access> {
        self.access.iter().find(|access| access.hash == hash)
    }

    /// An access token is good no longer.
    pub(super) fn drop_access(&mut self, hash: Hash) {
        self.access.retain(|access| access.hash != hash);
    }

    /// Whether this is one of the refresh tokens that are good, or was just replaced.
    pub(super) fn holds_refresh(&self, hash: Hash) -> bool {
        let held = self.refresh.iter().map(|refresh| refresh.hash);
        held.chain(self.replaced.iter().map(|replaced| replaced.hash)).any(|own| own == hash)
    }

    /// A refresh token is used, and replaced; one that was just replaced is let through a few times more.
    pub(super) fn replace(&mut self, used: Hash, now: Timestamp) -> Result<(), Refusal> {
        self.replaced.retain(|replaced| now < replaced.at + GRACE);
        if let Some(place) = self.refresh.iter().position(|refresh| refresh.hash == used) {
            if now >= self.refresh[place].until {
                return Err(Refusal::NotGood("this refresh token was not used for too long"));
            }
            if self.replaced.len() >= REPLACED_MAX {
                return Err(Refusal::TooOften);
            }
            let Refresh { of, .. } = self.refresh.remove(place);
            if let Some(of) = of {
                self.drop_siblings(of);
            }
            self.replaced.push(Replaced { hash: used, at: now, again: 0, is_over: false });
            return Ok(());
        }
        let known = self.replaced.iter_mut().find(|replaced| replaced.hash == used);
        if let Some(replaced) = known.filter(|replaced| !replaced.is_over) {
            replaced.again += 1;
            return if replaced.again <= AGAIN_MAX { Ok(()) } else { Err(Refusal::TooOften) };
        }
        // It names the grant, which only those know who were given a token of it or may end it on the page: it is taken
        // for one of this family, from before.
        Err(Refusal::Reused(Why::RefreshReused))
    }

    /// One of those that took the place of this token was used: the others go, each with its access token. Who comes with
    /// one of them later, or with this once more, is somebody else, and ends the grant.
    fn drop_siblings(&mut self, of: Hash) {
        let (others, kept): (Vec<Refresh>, Vec<Refresh>) =
            self.refresh.drain(..).partition(|refresh| refresh.of == Some(of));
        self.refresh = kept;
        let is_of_others = |access: &Access| others.iter().any(|refresh| access.with == Some(refresh.hash));
        self.access.retain(|access| !is_of_others(access));
        let replaced = self.replaced.iter_mut().filter(|replaced| replaced.hash == of);
        replaced.for_each(|replaced| replaced.is_over = true);
    }

    /// A new pair, between now and the end of the grant. The refresh token only where access is to last, in the place of
    /// the one that was used.
    pub(super) fn issue(
        &mut self,
        pair: Pair,
        scopes: Option<Scopes>,
        (is_lasting, of): (bool, Option<Hash>),
        (now, expires_at): (Timestamp, Timestamp),
    ) {
        self.access.retain(|access| now < access.until);
        if self.access.len() >= ACCESS_MAX {
            self.access.remove(0);
        }
        let with = is_lasting.then_some(pair.refresh);
        self.access.push(Access { hash: pair.access, until: expires_at.min(now + ACCESS), with, scopes });
        if is_lasting {
            if self.refresh.len() >= REFRESH_MAX {
                self.refresh.remove(0);
            }
            self.refresh.push(Refresh { hash: pair.refresh, until: expires_at.min(now + REFRESH), of });
        }
    }
}
