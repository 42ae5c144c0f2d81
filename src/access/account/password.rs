//! Passwords: what may be one, and how it is kept (Argon2id).

use std::sync::{Condvar, Mutex, PoisonError};

use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version};
use unicode_normalization::UnicodeNormalization;

use super::error::{Error, Unusable};
use super::name::{Name, fold};
use crate::clock::Randomness;
use crate::secret::Secret;
use crate::store;

const CHARS_MIN: usize = 12;
const BYTES_MAX: usize = 1_024;
/// How many are computed at a time: each takes its 19 MiB.
const AT_A_TIME: usize = 4;
/// How many may wait for it. More are turned away.
const WAITING_MAX: usize = 64;

/// What guessing one password costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
}

/// OWASP's Password Storage Cheat Sheet: at least 19 MiB, two passes, one lane. It may be raised here; kept
/// hashes say their own cost, and are made anew as people sign in.
pub const COST: Cost = Cost { memory_kib: 19 << 10, passes: 2 };

/// A password that may be set.
#[derive(Clone, Debug)]
pub struct Password(Secret<String>);

impl Password {
    /// Reads a new password for an account of this name. Length alone makes a password good.
    pub fn parse(typed: &str, name: &Name) -> Result<Password, Unusable> {
        if typed.len() > BYTES_MAX {
            return Err(Unusable::LongPassword);
        }
        let password = normal(typed);
        let text = password.expose();
        if text.chars().count() < CHARS_MIN {
            return Err(Unusable::ShortPassword);
        }
        let folded = Secret::new(fold(text.trim()));
        let mut letters = folded.expose().chars();
        let first = letters.next();
        let is_one_letter = letters.all(|letter| Some(letter) == first);
        if is_one_letter || folded.expose() == name.folded() {
            return Err(Unusable::GuessedPassword);
        }
        Ok(Password(password))
    }
}

/// Keyboards send the same letters in several forms (NIST SP 800-63B, 3.1.1.2: NFKC).
fn normal(typed: &str) -> Secret<String> {
    Secret::new(typed.nfkc().collect())
}

/// Computes hashes, a few at a time.
#[derive(Debug)]
pub struct Hashing {
    cost: Cost,
    /// What an account without a password is compared with.
    dummy: String,
    gate: Gate,
}

impl Hashing {
    /// At this cost.
    pub fn new(cost: Cost, random: &Randomness) -> Result<Hashing, Error> {
        let mut hashing = Hashing { cost, dummy: String::new(), gate: Gate::default() };
        hashing.dummy = hashing.hash(&Password(Secret::new(random.hex(16))), random)?;
        Ok(hashing)
    }

    /// The hash of a new password, with its salt and cost (PHC string).
    pub fn hash(&self, password: &Password, random: &Randomness) -> Result<String, Error> {
        let mut salt = [0; 16];
        random.fill(&mut salt);
        let _turn = self.gate.enter()?;
        let hash = self.argon2()?.hash_password_with_salt(password.0.expose().as_bytes(), &salt);
        Ok(hash.map_err(store::Error::failed("hashing a password"))?.to_string())
    }

    /// Whether it is the password of this hash. Takes the same time where there is none.
    pub fn is_right(&self, typed: &str, hash: Option<&str>) -> Result<bool, Error> {
        let typed = normal(if typed.len() > BYTES_MAX { "" } else { typed });
        let kept = PasswordHash::new(hash.unwrap_or(&self.dummy));
        let kept = kept.map_err(|_| store::Error::Damaged(store::Kind::Login))?;
        let _turn = self.gate.enter()?;
        let is_right = self.argon2()?.verify_password(typed.expose().as_bytes(), &kept).is_ok();
        Ok(is_right && hash.is_some())
    }

    /// A new hash of a password that was right, where the kept one cost less or other than today's.
    pub fn raised(&self, typed: &str, hash: &str, random: &Randomness) -> Result<Option<String>, Error> {
        let present = self.params()?;
        let kept = PasswordHash::new(hash).ok().and_then(|hash| Params::try_from(&hash).ok());
        let cost = |params: &Params| (params.m_cost(), params.t_cost(), params.p_cost());
        if kept.is_some_and(|kept| cost(&kept) == cost(&present)) {
            return Ok(None);
        }
        self.hash(&Password(normal(typed)), random).map(Some)
    }

    fn argon2(&self) -> Result<Argon2<'static>, Error> {
        Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, self.params()?))
    }

    fn params(&self) -> Result<Params, Error> {
        let params = Params::new(self.cost.memory_kib, self.cost.passes, 1, None);
        Ok(params.map_err(store::Error::failed("hashing a password"))?)
    }
}

/// Lets a few through at a time.
#[derive(Debug, Default)]
struct Gate {
    inside: Mutex<(usize, usize)>, // computing, waiting
    freed: Condvar,
}

struct Turn<'a>(&'a Gate);

impl Gate {
    fn enter(&self) -> Result<Turn<'_>, Error> {
        let mut counts = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.1 >= WAITING_MAX {
            return Err(Error::TooMany);
        }
        counts.1 += 1;
        while counts.0 >= AT_A_TIME {
            counts = self.freed.wait(counts).unwrap_or_else(PoisonError::into_inner);
        }
        *counts = (counts.0 + 1, counts.1 - 1);
        Ok(Turn(self))
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.inside.lock().unwrap_or_else(PoisonError::into_inner).0 -= 1;
        self.0.freed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUICK: Cost = Cost { memory_kib: 64, passes: 1 };

    fn name() -> Name {
        Name::parse("anna@example.org").unwrap()
    }

    #[test]
    fn only_length_the_name_and_one_letter_all_along_are_looked_at() {
        let parse = |typed: &str| Password::parse(typed, &name()).map(|_| ());
        assert_eq!(parse("correct horse"), Ok(()));
        assert_eq!(parse("ひらがなひらがなひらがな"), Ok(()));
        assert_eq!(parse("elevenchars"), Err(Unusable::ShortPassword));
        assert_eq!(parse("            "), Err(Unusable::GuessedPassword));
        assert_eq!(parse("aaaaaaaaaaaaA"), Err(Unusable::GuessedPassword));
        assert_eq!(parse("Anna@Example.org"), Err(Unusable::GuessedPassword));
        assert_eq!(parse(&"ab".repeat(513)), Err(Unusable::LongPassword));
    }

    #[test]
    fn the_hash_says_its_cost_and_opens_for_the_password_alone() {
        let random = Randomness::seeded(1);
        let hashing = Hashing::new(COST, &random).unwrap();
        let hash = hashing.hash(&Password::parse("cafe\u{301} du monde", &name()).unwrap(), &random).unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(hashing.is_right("café du monde", Some(&hash)).unwrap(), "another way to type it");
        assert!(!hashing.is_right("café du mondé", Some(&hash)).unwrap());
        assert!(!hashing.is_right("café du monde", None).unwrap());
        assert!(!hashing.is_right(&"x".repeat(2_000), Some(&hash)).unwrap());
    }

    #[test]
    fn a_hash_that_cost_less_is_made_anew() {
        let random = Randomness::seeded(1);
        let (quick, present) = (
            Hashing::new(QUICK, &random).unwrap(),
            Hashing::new(Cost { passes: 2, ..QUICK }, &random).unwrap(),
        );
        let old = quick.hash(&Password::parse("correct horse", &name()).unwrap(), &random).unwrap();
        assert_eq!(quick.raised("correct horse", &old, &random).unwrap(), None);
        let new = present.raised("correct horse", &old, &random).unwrap().unwrap();
        assert!(present.is_right("correct horse", Some(&new)).unwrap());
        assert_eq!(present.raised("correct horse", &new, &random).unwrap(), None);
    }

    #[test]
    fn more_at_once_than_there_is_memory_for_wait_and_too_many_are_turned_away() {
        let gate = Gate::default();
        let turns: Vec<_> = (0..AT_A_TIME).map(|_| gate.enter().unwrap()).collect();
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| gate.enter().is_ok());
            while gate.inside.lock().unwrap().1 == 0 {
                std::thread::yield_now();
            }
            drop(turns);
            assert!(waiting.join().unwrap());
        });
        gate.inside.lock().unwrap().1 = WAITING_MAX;
        assert!(matches!(gate.enter(), Err(Error::TooMany)));
    }
}
