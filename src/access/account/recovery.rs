//! The way back in without the password: ten codes that were shown once, or a link from the operator.

use std::net::IpAddr;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Accounts;
use super::acts::{self, Act, Doer};
use super::error::Error;
use super::logins::Handle;
use super::name::Name;
use super::session::{self, SessionToken, Signed};
use super::stored::{Opened, again, put, read};
use crate::clock::{Randomness, hex};
use crate::secret::Secret;
use crate::store::{Change, Kind, OwnerId, RowKey};

const CODES: usize = 10;
/// 80 bits: too many to guess, so that a plain hash keeps them and no wait is needed after a wrong one.
const CODE_BYTES: usize = 10;
const CODE_GROUP: usize = 5;
const LINK_LIFE: SignedDuration = SignedDuration::from_hours(24);
const LINK_BYTES: usize = 32;
/// What nobody types: no code is as long.
const TYPED_BYTES_MAX: usize = 200;

/// New codes, to be shown once.
pub struct RecoveryCodes(pub Vec<Secret<String>>);

/// What opens an account without its password. Each is used once.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    codes: Vec<String>,
    link: Option<Link>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Link {
    hash: String,
    expires_at: Timestamp,
}

impl Accounts {
    /// Ten new codes; those before hold no longer. Needs a fresh sign-in.
    pub fn new_recovery_codes(&self, signed: &Signed) -> Result<RecoveryCodes, Error> {
        signed.require_fresh(self.now())?;
        let codes: Vec<_> = (0..CODES).map(|_| new_code(self.random())).collect();
        let hashes: Vec<String> = codes.iter().map(|code| hash(code.expose())).collect();
        let line = (Doer::Account, Act::NewRecoveryCodes, self.now());
        change(&signed.account, line, |kept| kept.codes.clone_from(&hashes))?;
        Ok(RecoveryCodes(codes))
    }

    /// How many codes are left.
    pub fn recovery_codes_left(&self, signed: &Signed) -> Result<usize, Error> {
        Ok(kept(&signed.account)?.1.codes.len())
    }

    /// Sets a new password with a code: the code is used up, every session ends and a new one begins.
    pub fn recover(
        &self,
        name: &str,
        code: &Secret<String>,
        password: &Secret<String>,
        peer: IpAddr,
    ) -> Result<SessionToken, Error> {
        let name = Name::parse(name).map_err(|_| Error::NotSignedIn)?;
        let login = self.logins.find_or_nobody(&self.vault, Handle::Name(&name))?;
        let account = self.of_login(&login)?.ok_or(Error::NotSignedIn)?;
        self.use_up(&account, &|kept, _| kept.take_code(code.expose()), password, peer)
    }

    /// A link that sets a new password, once, within a day: the operator gives it to the person. The text goes
    /// behind `/recover?link=`.
    pub fn recovery_link(&self, account: &OwnerId) -> Result<Secret<String>, Error> {
        let account = self.opened(account)?;
        let secret = self.random().hex(LINK_BYTES);
        let (hash, expires_at) = (hash(&secret), self.now() + LINK_LIFE);
        let line = (Doer::Administrator, Act::RecoveryLink, self.now());
        change(&account, line, |kept| kept.link = Some(Link { hash: hash.clone(), expires_at }))?;
        Ok(Secret::new(format!("{}.{secret}", account.sealed.owner().as_str())))
    }

    /// Sets a new password with such a link.
    pub fn recover_by_link(
        &self,
        link: &Secret<String>,
        password: &Secret<String>,
        peer: IpAddr,
    ) -> Result<SessionToken, Error> {
        let (owner, secret) = link.expose().split_once('.').ok_or(Error::NotSignedIn)?;
        let owner = OwnerId::parse(owner).ok_or(Error::NotSignedIn)?;
        let account = Opened::of(&self.vault, &owner)?.ok_or(Error::NotSignedIn)?;
        self.use_up(&account, &|kept, now| kept.take_link(secret, now), password, peer)
    }

    /// The owner has seen that the account was recovered.
    pub fn know_of_recovery(&self, signed: &Signed) -> Result<(), Error> {
        signed.account.change(None, |account| Ok((account.stored.recovered(None), Vec::new())))?;
        Ok(())
    }

    /// Takes what was shown off the list and sets the password in one batch: of two at once one wins.
    fn use_up(
        &self,
        account: &Opened,
        take: &dyn Fn(&mut Kept, Timestamp) -> bool,
        password: &Secret<String>,
        peer: IpAddr,
    ) -> Result<SessionToken, Error> {
        let now = self.now();
        let used_up = |account: &Opened| {
            let (version, mut kept) = kept(account)?;
            if !take(&mut kept, now) {
                return Err(Error::NotSignedIn);
            }
            // It was for the password that is changed now.
            kept.link = None;
            Ok((account.stored.recovered(Some(now)), vec![put(row(), version, &kept)?]))
        };
        // Looked at before a hash is computed for nothing, and again with the write.
        used_up(account)?;
        account.require_open()?;
        self.peers.take(peer, now)?;
        let account = self.set_password(account, Act::Recovery, password, &used_up)?;
        self.peers.give_back(peer);
        session::begin(&account, self.random(), now, Some(now))
    }
}

impl Kept {
    fn take_code(&mut self, typed: &str) -> bool {
        let before = self.codes.len();
        let hash = hash(typed);
        self.codes.retain(|code| *code != hash);
        self.codes.len() < before
    }

    fn take_link(&mut self, secret: &str, now: Timestamp) -> bool {
        let hash = hash(secret);
        self.link.take_if(|link| link.hash == hash && now < link.expires_at).is_some()
    }
}

/// Five letters and a hyphen, four times: in Crockford's base 32 nothing looks like something else.
fn new_code(random: &Randomness) -> Secret<String> {
    const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    // 16 letters of five bits each.
    let mut bytes = Secret::new([0; CODE_BYTES]);
    random.fill(bytes.expose_mut());
    let bits = bytes.expose().iter().fold(0_u128, |bits, byte| bits << 8 | u128::from(*byte));
    let letters = (0..CODE_BYTES * 8 / 5).map(|place| LETTERS[(bits >> (5 * place)) as usize & 31] as char);
    Secret::new(letters.enumerate().fold(String::new(), |mut text, (place, letter)| {
        if place > 0 && place % CODE_GROUP == 0 {
            text.push('-');
        }
        text.push(letter);
        text
    }))
}

/// The hash of a code however it is typed: no case, spaces or hyphens, and the letters that look alike as one.
fn hash(typed: &str) -> String {
    let typed = if typed.len() > TYPED_BYTES_MAX { "" } else { typed };
    let letters = typed.chars().filter(|letter| letter.is_ascii_alphanumeric());
    let plain: String = letters
        .map(|letter| match letter.to_ascii_lowercase() {
            'o' => '0',
            'i' | 'l' => '1',
            other => other,
        })
        .collect();
    let plain = Secret::new(plain);
    hex(&Sha256::digest(plain.expose().as_bytes()))
}

/// With another password the operator's link holds no longer.
pub(super) fn without_link(account: &Opened) -> Result<Vec<Change>, Error> {
    let (version, kept) = kept(account)?;
    if kept.link.is_none() {
        return Ok(Vec::new());
    }
    Ok(vec![put(row(), version, &Kept { link: None, ..kept })?])
}

fn row() -> RowKey {
    RowKey::new(Kind::Login, "recovery")
}

fn kept(account: &Opened) -> Result<(Option<u64>, Kept), Error> {
    let Some(body) = account.sealed.read_one(&row())? else { return Ok((None, Kept::default())) };
    Ok((Some(body.version), read(&body.bytes, Kind::Login)?))
}

fn change(
    account: &Opened,
    line: (Doer, Act<'_>, Timestamp),
    apply: impl Fn(&mut Kept),
) -> Result<(), Error> {
    again(|| {
        let (version, mut kept) = kept(account)?;
        apply(&mut kept);
        acts::told(&account.sealed, line, &[put(row(), version, &kept)?])
    })
}
