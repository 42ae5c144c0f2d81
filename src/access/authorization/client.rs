//! An assistant as this installation knows it, by registration or by its metadata document.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::redirect::Redirect;
use super::token::Hash;
use crate::clock::hex;
use crate::store::{self, Change, Kind, OwnerId, RowKey, Sealed, Vault};

/// The format of a row. A newer one is refused.
const FORMAT: u32 = 1;
/// A name is cut after so many characters.
const NAME_CHARS_MAX: usize = 80;
/// How ids of registered clients begin.
pub(super) const PREFIX: &str = "pc_client_";
/// A registration that nobody has given anything to goes after so long.
const UNUSED: SignedDuration = SignedDuration::from_hours(24);
/// One that was given something stays for so long after the last time: longer than any grant.
const USED: SignedDuration = SignedDuration::from_hours(24 * 400);
/// The time of its last use is written at most so often.
const USED_WRITTEN: SignedDuration = SignedDuration::from_hours(24 * 20);

/// An assistant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// Its id: one that was given here, or the address of its document.
    pub id: String,
    /// How it calls itself: text that anyone may have chosen.
    pub name: String,
    /// Where answers may be sent.
    pub redirects: Vec<Redirect>,
    /// How it proves who it is.
    pub proof: Proof,
    /// Whether it says that it uses refresh tokens.
    pub refreshes: bool,
}

/// How a client proves who it is at the token endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// Not at all: what it holds is PKCE's secret.
    Public,
    /// By a secret, of which the hash is kept.
    Secret(Hash),
}

/// A registered client as its row.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    format: u32,
    id: String,
    name: String,
    redirects: Vec<String>,
    secret: Option<Hash>,
    refreshes: bool,
}

impl Client {
    /// Where an answer to this request goes; `None` if the client has not named that place. One that has named
    /// a single place need not say which.
    pub fn redirect(&self, asked: Option<&str>) -> Option<Redirect> {
        match (asked, self.redirects.as_slice()) {
            (None, [only]) => Some(only.clone()),
            (None, _) => None,
            (Some(asked), all) => {
                let asked = Redirect::parse(asked)?;
                all.iter().any(|own| own.allows(&asked)).then_some(asked)
            }
        }
    }
}

/// A registered client; `None` if there is none of this id (any more).
pub(super) fn find(vault: &Vault, id: &str) -> Result<Option<Client>, store::Error> {
    let Some(sealed) = rows(vault, id)? else { return Ok(None) };
    let Some(body) = sealed.read_one(&row())? else { return Ok(None) };
    Stored::read(&body.bytes).map(Some)
}

/// Keeps a client that has just registered.
pub(super) fn keep(vault: &Vault, client: &Client) -> Result<(), store::Error> {
    let sealed = vault.create(&owner(&client.id)?)?;
    sealed.write(&[put(None, Stored::of(client).bytes()?, vault.clock().now() + UNUSED)])
}

/// Notes that somebody has given this client something, so that it does not go as unused.
pub(super) fn used(vault: &Vault, client: &str) -> Result<(), store::Error> {
    let Some(sealed) = rows(vault, client)? else { return Ok(()) };
    let Some(body) = sealed.read_one(&row())? else { return Ok(()) };
    let until = vault.clock().now() + USED;
    if body.due_at.is_some_and(|due_at| due_at + USED_WRITTEN > until) {
        return Ok(());
    }
    match sealed.write(&[put(Some(body.version), body.bytes, until)]) {
        // Somebody else has just noted it.
        Err(store::Error::Conflict) => Ok(()),
        written => written,
    }
}

/// How many are registered.
pub(super) fn count(vault: &Vault) -> Result<usize, store::Error> {
    Ok(vault.owners()?.iter().filter(|owner| is_client(owner)).count())
}

/// Whether these are the rows of a client and not of a person.
pub fn is_client(owner: &OwnerId) -> bool {
    owner.as_str().starts_with("client-")
}

/// A name that can be shown: one line of letters, digits and plain punctuation. `None` if nothing is left.
pub(super) fn plain_name(name: &str) -> Option<String> {
    let is_plain = |character: &char| character.is_alphanumeric() || " -_.,:()&+'/@#!".contains(*character);
    let spaced = name.chars().map(|character| if character.is_whitespace() { ' ' } else { character });
    let seen: String = spaced.filter(is_plain).take(NAME_CHARS_MAX).collect();
    let name = seen.split_whitespace().collect::<Vec<_>>().join(" ");
    (!name.is_empty()).then_some(name)
}

fn rows(vault: &Vault, id: &str) -> Result<Option<Sealed>, store::Error> {
    let is_ours = id.strip_prefix(PREFIX).is_some_and(|rest| rest.len() <= 64);
    if is_ours { vault.owner(&owner(id)?) } else { Ok(None) }
}

/// Clients lie apart from people and from each other, under a name that says nothing.
fn owner(id: &str) -> Result<OwnerId, store::Error> {
    let digits = hex(&Sha256::digest(id)[..16]);
    OwnerId::parse(&format!("client-{digits}")).ok_or(store::Error::NoPerson)
}

fn row() -> RowKey {
    RowKey::new(Kind::Client, "client")
}

fn put(expected: Option<u64>, body: Vec<u8>, due_at: Timestamp) -> Change {
    Change::Put { key: row(), expected, body, due_at: Some(due_at), packing: store::Packing::Plain }
}

impl Stored {
    fn of(client: &Client) -> Stored {
        Stored {
            format: FORMAT,
            id: client.id.clone(),
            name: client.name.clone(),
            redirects: client.redirects.iter().map(|redirect| redirect.as_str().to_owned()).collect(),
            secret: match client.proof {
                Proof::Public => None,
                Proof::Secret(hash) => Some(hash),
            },
            refreshes: client.refreshes,
        }
    }

    fn bytes(&self) -> Result<Vec<u8>, store::Error> {
        serde_json::to_vec(self).map_err(store::Error::failed("writing a client"))
    }

    fn read(bytes: &[u8]) -> Result<Client, store::Error> {
        let stored: Stored =
            serde_json::from_slice(bytes).map_err(|_| store::Error::Damaged(Kind::Client))?;
        if stored.format > FORMAT {
            let (found, known) = (stored.format.into(), FORMAT.into());
            return Err(store::Error::Newer { what: "a client", found, known });
        }
        Ok(Client {
            id: stored.id,
            name: stored.name,
            // A rule that has become stricter holds for those who are registered too.
            redirects: stored.redirects.iter().filter_map(|text| Redirect::parse(text)).collect(),
            proof: stored.secret.map_or(Proof::Public, Proof::Secret),
            refreshes: stored.refreshes,
        })
    }
}
