//! A connection to a portal: what is kept, sealed, from one day to the next.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use url::Url;

use super::client::Identity;
use super::kept;
use super::server::Server;
use super::tokens::Tokens;
use crate::secret::Secret;

/// A portal that a person has connected.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Connection {
    /// What the source is called in answers.
    pub name: String,
    /// The FHIR base.
    pub base: Url,
    /// The vendor's name in the table of vendors.
    pub vendor: String,
    /// How it is signed in to.
    pub server: Server,
    /// plainchart there.
    pub identity: Identity,
    /// The id of the Patient there.
    pub patient: String,
    /// Who signed in, where that is somebody else than the patient.
    pub acts_as: Option<String>,
    /// Whether the client was registered by hand, and so is used again at the next sign-in.
    pub by_hand: bool,
    /// Where that client's sign-ins come back to, where it was registered with an address.
    pub redirect: Option<Url>,
    /// What the portal asked to be told.
    pub parameters: BTreeMap<String, String>,
    /// The person has said that it is the same person under another name or sex.
    pub is_same_person: bool,
    /// What was asked for.
    pub asked: Vec<String>,
    /// What of it was not granted.
    pub not_granted: Vec<String>,
    /// The types of resource that the server says it has; empty where it does not say.
    pub types: Vec<String>,
    /// When it was connected (seconds since 1970).
    pub connected_at: i64,
    /// By which account, where accounts connect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connected_by: Option<String>,
    /// The right to read.
    pub access: Access,
    /// A fetch that has begun and not ended.
    pub fetch: Option<Fetch>,
    /// How many have begun.
    pub fetches: u64,
    /// When the last one was begun or taken up (seconds since 1970).
    pub tried_at: Option<i64>,
    /// When it was last fetched to the end, and how that went.
    pub fetched_at: Option<i64>,
    /// Why the last try failed, and when; gone with the next success.
    pub failed: Option<(i64, String)>,
}

/// A fetch under way: what it has brought waits in rows of its own until it is whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fetch {
    /// Names its rows.
    pub number: u64,
    /// When it began.
    pub began_at: i64,
}

/// The right to read, and where it stands. The methods are the only way from one to the other.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Access {
    /// Tokens that were not used up.
    Held(Held),
    /// A refresh token is on its way to the server: it may or may not have been used.
    Renewing(Held),
    /// Only a new sign-in helps.
    Ended {
        /// Why, in words for the person.
        why: String,
    },
}

/// Tokens.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Held {
    /// The access token.
    #[serde(with = "kept")]
    pub access: Secret<String>,
    /// Until when it is used (seconds since 1970).
    pub expires_at: i64,
    /// The refresh token: to be used once.
    #[serde(with = "kept::maybe")]
    pub refresh: Option<Secret<String>>,
}

impl Held {
    /// Tokens as they came. A server that sends no new refresh token means the old one to stay
    /// (RFC 6749, 6).
    pub fn from_tokens(tokens: &Tokens, before: Option<&Held>) -> Held {
        let old = before.and_then(|held| held.refresh.clone());
        Held {
            access: tokens.access.clone(),
            expires_at: tokens.expires_at,
            refresh: tokens.refresh.clone().or(old),
        }
    }
}

impl Access {
    /// The access token, if it is good at this moment and not the one that was refused.
    pub fn token(&self, now: i64, refused: Option<&Secret<String>>) -> Option<&Secret<String>> {
        let Access::Held(held) = self else { return None };
        let is_refused = refused.is_some_and(|refused| refused.expose() == held.access.expose());
        (held.expires_at > now && !is_refused).then_some(&held.access)
    }

    /// What is on its way from now on. What a process left on its way when it died is tried once more: the
    /// server may never have seen it.
    pub fn renewing(&self) -> Option<Access> {
        match self {
            Access::Held(held) | Access::Renewing(held) => Some(Access::Renewing(held.clone())),
            Access::Ended { .. } => None,
        }
    }

    /// The tokens, used up or not.
    pub fn held(&self) -> Option<&Held> {
        match self {
            Access::Held(held) | Access::Renewing(held) => Some(held),
            Access::Ended { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(refresh: Option<&str>) -> Held {
        let access = Secret::new("access".to_owned());
        Held { access, expires_at: 1000, refresh: refresh.map(|text| Secret::new(text.to_owned())) }
    }

    #[test]
    fn a_token_is_good_until_its_time_is_over_and_not_once_it_was_refused() {
        let access = Access::Held(held(None));
        assert!(access.token(999, None).is_some());
        assert!(access.token(1000, None).is_none());
        assert!(access.token(0, Some(&Secret::new("access".into()))).is_none());
        assert!(access.token(0, Some(&Secret::new("an older one".into()))).is_some());
    }

    #[test]
    fn nothing_is_read_with_tokens_that_are_on_their_way() {
        let access = Access::Held(held(Some("r1"))).renewing().unwrap();
        assert!(access.token(0, None).is_none());
        assert!(matches!(access.renewing(), Some(Access::Renewing(_))));
        assert!(Access::Ended { why: String::new() }.renewing().is_none());
    }

    #[test]
    fn a_refresh_token_stays_only_where_no_new_one_came() {
        let tokens = |refresh: Option<&str>| Tokens {
            access: Secret::new("new".into()),
            expires_at: 2000,
            refresh: refresh.map(|text| Secret::new(text.to_owned())),
            scopes: None,
            patient: None,
            id_token: None,
        };
        let refresh = |held: Held| held.refresh.map(|token| token.expose().clone());
        let before = held(Some("r1"));
        assert_eq!(refresh(Held::from_tokens(&tokens(None), Some(&before))).as_deref(), Some("r1"));
        assert_eq!(refresh(Held::from_tokens(&tokens(Some("r2")), Some(&before))).as_deref(), Some("r2"));
    }

    #[test]
    fn a_connection_does_not_print_its_secrets() {
        assert!(!format!("{:?}", Access::Held(held(Some("r1-s3cret")))).contains("s3cret"));
    }
}
