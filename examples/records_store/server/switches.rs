//! What a test changes while the server runs.

use serde_json::Value;

use super::hostile::Hostile;

/// One change.
#[derive(Clone, Debug)]
pub enum Switch {
    /// Adds a resource, or puts it in the place of the one with its type, id and person.
    Put(Value),
    /// Takes the resources of that type and id away.
    Remove { kind: String, id: String },
    /// Refuses searches of a type, all or those whose query holds `query` (`category=laboratory`).
    Refuse { kind: String, query: Option<String>, status: u16, text: String },
    /// Serves only the first `keeps` resources of a type, and says so as the vendor does.
    Withhold { kind: String, keeps: usize },
    /// Ends all refusals and withholdings.
    AllowAll,
    /// Answers the next requests for `place` (a type, `token`, `authorize`, …; none: all) with a status.
    FailNext { place: Option<String>, requests: usize, status: u16, retry_after: Option<u64> },
    /// Grants these scopes, whatever is asked. None: what is asked.
    Grant(Option<String>),
    /// Ends all access tokens; refresh tokens live on.
    ExpireAccess,
    /// Ends all tokens, as when the person takes the app's access away.
    RevokeAll,
    /// Forgets the places of pages, as when a session ends.
    ExpirePages,
    /// Who signs in without a page. None: the page asks.
    SignIn(Option<SignIn>),
    /// Answers authorize with this OAuth error.
    Deny(Option<String>),
    /// Behaves badly at `place` (a type, `token`, `metadata`, …; none: all FHIR types).
    Hostile { mode: Option<Hostile>, place: Option<String> },
    /// Serves this as the SMART configuration: another authorization server stands in front.
    SmartConfiguration(Option<Value>),
    /// Holds answers of `place` (none: all FHIR types) back for so long, after all was done for them. At
    /// `token` a client that is killed meanwhile has spent its refresh token.
    Delay { place: Option<String>, delay_ms: u64 },
    /// Gives access tokens that have ended already, and the spent refresh token again.
    StaleTokens(bool),
    /// Names this issuer in the answer of authorize, as a server that mixes sign-ins up would.
    Issuer(Option<String>),
}

/// Who signs in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignIn {
    /// The patient.
    Own(String),
    /// A parent, for this patient.
    Parent(String),
}

/// What is switched at the moment.
#[derive(Debug, Default)]
pub struct Switches {
    refusals: Vec<Refusal>,
    withheld: Vec<(String, usize)>,
    failures: Vec<Failure>,
    pub grant: Option<String>,
    pub sign_in: Option<SignIn>,
    pub deny: Option<String>,
    hostile: Option<(Hostile, Option<String>)>,
    pub smart_configuration: Option<Value>,
    pub stale_tokens: bool,
    pub issuer: Option<String>,
    delays: Vec<(Option<String>, u64)>,
}

#[derive(Debug)]
struct Refusal {
    kind: String,
    query: Option<String>,
    status: u16,
    text: String,
}

#[derive(Debug)]
struct Failure {
    place: Option<String>,
    requests: usize,
    status: u16,
    retry_after: Option<u64>,
}

impl Switches {
    /// Takes those changes in that are no business of people and tokens.
    pub fn set(&mut self, switch: Switch) {
        match switch {
            Switch::Refuse { kind, query, status, text } => {
                self.refusals.push(Refusal { kind, query, status, text });
            }
            Switch::Withhold { kind, keeps } => self.withheld.push((kind, keeps)),
            Switch::AllowAll => {
                self.refusals.clear();
                self.withheld.clear();
            }
            Switch::FailNext { place, requests, status, retry_after } => {
                self.failures.push(Failure { place, requests, status, retry_after });
            }
            Switch::Grant(scopes) => self.grant = scopes,
            Switch::SignIn(who) => self.sign_in = who,
            Switch::Deny(error) => self.deny = error,
            Switch::Hostile { mode, place } => self.hostile = mode.map(|mode| (mode, place)),
            Switch::SmartConfiguration(document) => self.smart_configuration = document,
            Switch::Delay { place, delay_ms } => {
                self.delays.retain(|(known, _)| *known != place);
                self.delays.push((place, delay_ms));
            }
            Switch::StaleTokens(are_stale) => self.stale_tokens = are_stale,
            Switch::Issuer(issuer) => self.issuer = issuer,
            Switch::Put(_) | Switch::Remove { .. } => {}
            Switch::ExpireAccess | Switch::RevokeAll | Switch::ExpirePages => {}
        }
    }

    /// The status and words of a refusal of that search.
    pub fn refusal(&self, kind: &str, query: &[(String, String)]) -> Option<(u16, String)> {
        let holds = |wanted: &Option<String>| {
            wanted
                .as_ref()
                .is_none_or(|wanted| query.iter().any(|(key, value)| *wanted == format!("{key}={value}")))
        };
        let found = self.refusals.iter().find(|refusal| refusal.kind == kind && holds(&refusal.query));
        found.map(|refusal| (refusal.status, refusal.text.clone()))
    }

    /// How many resources of that type are served, when part is withheld.
    pub fn keeps(&self, kind: &str) -> Option<usize> {
        self.withheld.iter().find(|(withheld, _)| withheld == kind).map(|(_, keeps)| *keeps)
    }

    /// Uses one failure up.
    pub fn fails(&mut self, place: &str) -> Option<(u16, Option<u64>)> {
        let is_here = |failure: &&mut Failure| {
            failure.requests > 0 && failure.place.as_ref().is_none_or(|wanted| wanted == place)
        };
        let failure = self.failures.iter_mut().find(is_here)?;
        failure.requests -= 1;
        Some((failure.status, failure.retry_after))
    }

    /// How long an answer of that place is held back.
    pub fn delay_ms(&self, place: &str, is_type: bool) -> u64 {
        let is_here = |wanted: &Option<String>| wanted.as_ref().map_or(is_type, |wanted| wanted == place);
        self.delays.iter().filter(|(wanted, _)| is_here(wanted)).map(|(_, delay_ms)| *delay_ms).sum()
    }

    /// How to behave badly at that place.
    pub fn hostile(&self, place: &str, is_type: bool) -> Option<Hostile> {
        let (mode, wanted) = self.hostile.as_ref()?;
        wanted.as_ref().map_or(is_type, |wanted| wanted == place).then_some(*mode)
    }
}
