//! Stories of a sign-in at an identity provider on this machine that says what a test wants it to say.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::*;
use crate::clock::{Clock, Randomness};
use crate::secret::Secret;

mod provider;
mod refused;

use provider::{Idp, NOW, SECRET};

/// A server, its provider and a browser.
struct Story {
    idp: Idp,
    provider: Provider,
    vault: Vault,
    browser: FormKey,
}

impl Story {
    fn new() -> Story {
        Story::with(Idp::start())
    }

    fn with(idp: Idp) -> Story {
        let clock = Clock::fixed(NOW.parse::<Timestamp>().unwrap());
        let vault = Vault::in_memory(clock, Randomness::seeded(1)).unwrap();
        let provider = beside(&vault, &idp);
        let browser = FormKey::random(vault.random());
        Story { idp, provider, vault, browser }
    }

    fn begin(&self, purpose: Purpose) -> Url {
        let wish = Wish { purpose, next: "/settings".into() };
        self.provider.begin(wish, &self.browser).unwrap()
    }

    /// Signs in with a token that says this beside what is right.
    fn comes_back(&self, address: &Url, says: Value) -> Result<(Who, Wish), Error> {
        self.idp.will_say(&asked(address, "nonce"), says);
        self.finish(address)
    }

    fn finish(&self, address: &Url) -> Result<(Who, Wish), Error> {
        self.provider.finish(answer(&asked(address, "state")), &self.browser)
    }

    fn pass(&self, time: SignedDuration) {
        self.vault.clock().advance(time);
    }
}

/// The same store in another process.
fn beside(vault: &Vault, idp: &Idp) -> Provider {
    let secret = Some(Secret::new(SECRET.to_owned()));
    let registration = Registration::parse(&idp.issuer, Some("plainchart"), secret).unwrap();
    let public = PublicUrl::parse("https://chart.example.org").unwrap();
    Provider::new(vault.clone(), &public, registration).unwrap()
}

fn asked(address: &Url, name: &str) -> String {
    address.query_pairs().find(|(own, _)| own == name).map(|(_, value)| value.into_owned()).unwrap()
}

fn answer(state: &str) -> Returned<'_> {
    Returned { state, code: Some("the-code"), ..Returned::default() }
}

#[test]
fn who_signs_in_is_who_the_provider_says() {
    let story = Story::new();
    let address = story.begin(Purpose::SignIn);
    assert!(address.as_str().starts_with(&format!("{}/auth?", story.idp.issuer)));
    assert_eq!(asked(&address, "redirect_uri"), "https://chart.example.org/sign-in/return");
    assert_eq!(asked(&address, "response_type"), "code");
    assert_eq!(asked(&address, "scope"), "openid profile email");
    assert_eq!(asked(&address, "code_challenge_method"), "S256");
    assert_eq!(asked(&address, "max_age"), "604800");
    let (who, wish) =
        story.comes_back(&address, json!({ "auth_time": 1795430000, "roles": [1, 2.5] })).unwrap();
    assert_eq!((who.subject.as_str(), who.issuer.as_str()), ("anna-7", story.idp.issuer.as_str()));
    assert_eq!(who.name.as_deref(), Some("anna@example.org"));
    assert_eq!(who.proven_at.map(Timestamp::as_second), Some(1795430000));
    assert_eq!(wish, Wish { purpose: Purpose::SignIn, next: "/settings".into() });

    let token = story.idp.asked("/token").pop().unwrap();
    let challenge =
        PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(token.field("code_verifier")));
    assert_eq!(challenge.as_str(), asked(&address, "code_challenge"));
    assert_eq!(token.field("code"), "the-code");
    assert!(token.head.contains("authorization: Basic "), "{}", token.head);
}

#[test]
fn another_process_ends_what_one_has_begun() {
    let story = Story::new();
    let address = story.begin(Purpose::SignIn);
    story.idp.will_say(&asked(&address, "nonce"), json!({}));
    let other = beside(&story.vault, &story.idp);
    let (who, _) = other.finish(answer(&asked(&address, "state")), &story.browser).unwrap();
    assert_eq!(who.subject, "anna-7");
}

#[test]
fn an_answer_counts_once_in_the_browser_that_began_and_for_a_while() {
    let story = Story::new();
    let address = story.begin(Purpose::SignIn);
    let state = asked(&address, "state");
    let other = FormKey::random(story.vault.random());
    assert!(matches!(story.provider.finish(answer(&state), &other), Err(Error::NotWaiting)));
    story.comes_back(&address, json!({})).unwrap();
    assert!(matches!(story.finish(&address), Err(Error::NotWaiting)), "used twice");
    for unknown in ["", "made-up", &"x".repeat(5000)] {
        assert!(matches!(story.provider.finish(answer(unknown), &story.browser), Err(Error::NotWaiting)));
    }
    assert_eq!(story.idp.asked("/token").len(), 1, "the provider hears nothing of them");
    let late = story.begin(Purpose::SignIn);
    story.pass(SignedDuration::from_mins(16));
    assert!(matches!(story.comes_back(&late, json!({})), Err(Error::NotWaiting)));
}

#[test]
fn several_sign_ins_of_one_browser_do_not_disturb_each_other() {
    let story = Story::new();
    let (one, other) = (story.begin(Purpose::SignIn), story.begin(Purpose::SignIn));
    story.comes_back(&one, json!({})).unwrap();
    story.comes_back(&other, json!({})).unwrap();
}

#[test]
fn to_show_once_more_who_one_is_needs_a_provider_that_says_so() {
    let story = Story::new();
    let now = story.vault.clock().now().as_second();
    let again =
        || story.begin(Purpose::Again { account: crate::store::OwnerId::random(story.vault.random()) });
    let address = again();
    assert_eq!((asked(&address, "prompt"), asked(&address, "max_age")), ("login".into(), "0".into()));
    story.comes_back(&address, json!({ "auth_time": now })).unwrap();
    for stale in [json!({}), json!({ "auth_time": now - 3600 }), json!({ "auth_time": null })] {
        assert!(matches!(story.comes_back(&again(), stale), Err(Error::NotAnew)));
    }
    for tomorrow in [now + 86_400, Timestamp::MAX.as_second()] {
        let (who, _) = story.comes_back(&again(), json!({ "auth_time": tomorrow })).unwrap();
        assert_eq!(who.proven_at.map(Timestamp::as_second), Some(now), "no proof is of tomorrow");
    }
    for odd in [json!(i64::MAX), json!(1e300), json!(-1), json!("now")] {
        assert!(story.comes_back(&again(), json!({ "auth_time": odd })).is_err());
    }
}

#[test]
fn a_name_that_no_token_tells_is_asked_for() {
    let story = Story::new();
    let nameless = json!({ "preferred_username": null });
    let (who, _) = story.comes_back(&story.begin(Purpose::SignIn), nameless.clone()).unwrap();
    assert_eq!(who.name.as_deref(), Some("Anna Example"));
    story.idp.answers("/me", 500, json!({}));
    let (who, _) = story.comes_back(&story.begin(Purpose::SignIn), nameless).unwrap();
    assert_eq!(who.name, None, "the person is still who they are");
}

#[test]
fn a_new_key_is_looked_for_but_not_without_end() {
    let story = Story::new();
    story.comes_back(&story.begin(Purpose::SignIn), json!({})).unwrap();
    assert_eq!(story.idp.asked("/jwks").len(), 1);
    story.idp.changes_its_key();
    let refused = story.comes_back(&story.begin(Purpose::SignIn), json!({}));
    assert!(matches!(refused, Err(Error::UnknownKey)), "it was asked a moment ago");
    story.pass(SignedDuration::from_secs(61));
    story.comes_back(&story.begin(Purpose::SignIn), json!({})).unwrap();
    assert_eq!(story.idp.asked("/jwks").len(), 2);
    story.pass(SignedDuration::from_mins(61));
    story.begin(Purpose::SignIn);
    assert_eq!(story.idp.asked("/jwks").len(), 3, "what is old is asked for anew");
}

#[test]
fn where_to_sign_out_at_the_provider_is_known() {
    let story = Story::new();
    assert!(story.provider.sign_out_address().is_none(), "nobody is asked for it");
    story.provider.look().unwrap();
    let address = story.provider.sign_out_address().unwrap();
    assert_eq!(address.as_str(), format!("{}/end?client_id=plainchart", story.idp.issuer));
}
