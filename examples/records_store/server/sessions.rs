//! Codes and tokens that were given out. A family is all that came of one sign-in.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use super::keys::random;
use super::switches::SignIn;

/// What was agreed to at a sign-in.
#[derive(Clone, Debug)]
pub struct Agreed {
    pub client_id: String,
    pub who: SignIn,
    pub scope: String,
    pub nonce: Option<String>,
}

impl Agreed {
    pub fn patient(&self) -> &str {
        let (SignIn::Own(patient) | SignIn::Parent(patient)) = &self.who;
        patient
    }
}

/// A code, before it is exchanged.
#[derive(Clone, Debug)]
pub struct Code {
    pub agreed: Agreed,
    pub redirect_uri: String,
    pub challenge: Option<String>,
}

/// How often what happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub codes: usize,
    pub access_tokens: usize,
    pub refreshes: usize,
    /// A refresh token came a second time; its family was ended.
    pub reused_refresh_tokens: usize,
    /// A code came a second time; what it had brought was ended.
    pub reused_codes: usize,
    /// Requests of RFC 7009.
    pub revocations: usize,
}

#[derive(Debug)]
struct Family {
    agreed: Agreed,
    is_ended: bool,
}

#[derive(Debug)]
struct Token {
    family: usize,
    ends: Instant,
    is_spent: bool,
}

#[derive(Debug, Default)]
pub struct Sessions {
    codes: HashMap<String, (Code, Option<usize>)>,
    families: Vec<Family>,
    access: HashMap<String, Token>,
    expired: Vec<String>,
    refresh: HashMap<String, Token>,
    /// Tokens of somebody in front of this server that came, and whether they were ended since.
    others: HashMap<String, bool>,
    pub counts: Counts,
}

impl Sessions {
    pub fn new_code(&mut self, code: Code) -> String {
        self.counts.codes += 1;
        let letters = random();
        self.codes.insert(letters.clone(), (code, None));
        letters
    }

    /// The code, when it was not used. RFC 6749, 4.1.2: a second use ends what the first one brought.
    pub fn code(&mut self, letters: &str) -> Option<Code> {
        let (code, used) = self.codes.get(letters)?;
        if let Some(family) = *used {
            self.counts.reused_codes += 1;
            self.end(family);
            return None;
        }
        Some(code.clone())
    }

    /// Marks a code as used and begins the family of its tokens.
    pub fn use_code(&mut self, letters: &str, agreed: Agreed) -> usize {
        let family = self.begin(agreed);
        if let Some((_, used)) = self.codes.get_mut(letters) {
            *used = Some(family);
        }
        family
    }

    pub fn begin(&mut self, agreed: Agreed) -> usize {
        self.families.push(Family { agreed, is_ended: false });
        self.families.len() - 1
    }

    pub fn add_access(&mut self, family: usize, letters: String, seconds: u64) {
        self.counts.access_tokens += 1;
        self.access.insert(letters, token(family, seconds));
    }

    pub fn add_refresh(&mut self, family: usize, seconds: u64) -> String {
        let letters = random();
        self.refresh.insert(letters.clone(), token(family, seconds));
        letters
    }

    /// What an access token stands for, while it lasts.
    pub fn access(&self, letters: &str) -> Option<&Agreed> {
        let token = self.access.get(letters)?;
        let family = &self.families[token.family];
        let lives = !token.is_spent && !family.is_ended && Instant::now() < token.ends;
        lives.then_some(&family.agreed)
    }

    /// Whether a token that somebody in front of this server gave was ended here.
    pub fn is_ended_other(&mut self, letters: &str) -> bool {
        *self.others.entry(letters.to_owned()).or_default()
    }

    /// The family of a refresh token, which is spent by this when tokens are used once.
    pub fn refresh(&mut self, letters: &str, client_id: &str, is_once: bool) -> Option<(usize, Agreed)> {
        let token = self.refresh.get_mut(letters)?;
        let family = token.family;
        if token.is_spent {
            self.counts.reused_refresh_tokens += 1;
            self.end(family);
            return None;
        }
        let kept = &self.families[family];
        let lives = !kept.is_ended && kept.agreed.client_id == client_id && Instant::now() < token.ends;
        if !lives {
            return None;
        }
        token.is_spent = is_once;
        self.counts.refreshes += 1;
        Some((family, kept.agreed.clone()))
    }

    /// Every code and token, those that are over too.
    pub fn given(&self) -> Vec<String> {
        let tokens = self.access.keys().chain(self.refresh.keys()).chain(&self.expired);
        self.codes.keys().chain(tokens).cloned().collect()
    }

    /// RFC 7009: with a refresh token all goes, with an access token that one.
    pub fn revoke(&mut self, letters: &str) {
        self.counts.revocations += 1;
        if let Some(token) = self.access.get_mut(letters) {
            token.is_spent = true;
        }
        if let Some(family) = self.refresh.get(letters).map(|token| token.family) {
            self.end(family);
        }
    }

    pub fn expire_access(&mut self) {
        self.expired.extend(self.access.drain().map(|(letters, _)| letters));
        self.others.values_mut().for_each(|is_ended| *is_ended = true);
    }

    pub fn end_all(&mut self) {
        self.expire_access();
        self.families.iter_mut().for_each(|family| family.is_ended = true);
    }

    fn end(&mut self, family: usize) {
        self.families[family].is_ended = true;
    }
}

fn token(family: usize, seconds: u64) -> Token {
    Token { family, ends: Instant::now() + Duration::from_secs(seconds), is_spent: false }
}
