//! The pages where people sign in at the operator's identity provider: nothing of passwords is there. That somebody signs
//! in is tried against a real provider (tests/peers/identity.mjs); the one named here does not answer.

use plainchart::access::identity::{Provider, Registration};

use super::*;

fn served(policy: Policy) -> Served {
    Served::with(policy, |accounts, vault, public| {
        let registration = Registration::parse("http://127.0.0.1:9", Some("plainchart"), None).unwrap();
        accounts.with_provider(Provider::new(vault.clone(), public, registration).unwrap())
    })
}

#[test]
fn no_page_takes_a_password_or_a_passkey() {
    let served = served(Policy::Open);
    let mut browser = served.browser();
    for page in ["/recover", "/settings/password", "/settings/passkeys", "/settings/codes"] {
        assert_eq!(browser.get(page).status, 404, "{page}");
    }
    let fields = [("name", "anna@example.org"), ("password", PASSWORD)];
    for page in ["/sign-in", "/sign-in/again"] {
        assert_eq!(browser.post(page, HTTPS, &fields).status, 405, "{page}");
    }
    for page in ["/sign-in/passkey", "/sign-in/passkey/begin", "/recover"] {
        assert_eq!(browser.post(page, HTTPS, &fields).status, 405, "{page}");
    }
}

#[test]
fn a_provider_that_does_not_answer_is_told_in_plain_words() {
    let served = served(Policy::Open);
    let shown = served.browser().get("/sign-in?next=/settings");
    assert_eq!(shown.status, 502);
    assert!(shown.html.contains("127.0.0.1:9 could not be asked"), "{}", shown.html);
}

#[test]
fn an_answer_that_nobody_waits_for_signs_nobody_in() {
    let served = served(Policy::Open);
    let mut browser = served.browser();
    for query in ["", "?state=a&code=b", "?state=a&state=b&code=c", "?error=access_denied"] {
        let shown = browser.get(&format!("/sign-in/return{query}"));
        assert_eq!(shown.status, 400, "{query}");
        assert!(shown.html.contains("Start again"));
    }
    assert!(browser.cookies.iter().all(|(name, _)| name == "__Host-plainchart-form"));
}

#[test]
fn an_invitation_leads_on_by_a_form_and_without_one_nothing_does() {
    let served = served(Policy::Invitation);
    let mut browser = served.browser();
    let without = browser.get("/sign-up");
    assert!(without.html.contains("You need an invitation") && !without.html.contains("<form"));
    let text = served.site.accounts().first_administrator_invitation().unwrap().unwrap();
    let page = browser.get(&format!("/sign-up?invitation={}", text.expose()));
    assert!(page.html.contains("You are invited"));
    let sent = browser.send(&page, "/sign-up", &[("invitation", text.expose())]);
    assert_eq!(sent.status, 502, "it goes to the provider");
    assert!(served.site.accounts().invitation(text.expose()).unwrap().is_some(), "and is not used up");
}

#[test]
fn who_has_left_is_not_sent_straight_back() {
    let served = served(Policy::Open);
    for (done, heading) in [("out", "You are signed out"), ("deleted", "Your account is deleted")] {
        let shown = served.browser().get(&format!("/sign-in?done={done}"));
        assert_eq!(shown.status, 200);
        assert!(shown.html.contains(heading) && shown.html.contains("may still be signed in at 127.0.0.1:9"));
    }
}
