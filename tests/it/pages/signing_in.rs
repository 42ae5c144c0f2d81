//! Coming in: by policy, by invitation, back without a password, and out.

use super::*;

#[test]
fn nobody_sees_a_page_before_they_have_signed_in() {
    let served = Served::new(Policy::Open);
    let pages =
        ["/", "/sources", "/assistants", "/activity", "/settings", "/settings/export", "/authorize?a=b"];
    for page in pages {
        let next = url::form_urlencoded::byte_serialize(page.as_bytes()).collect::<String>();
        served.browser().get(page).leads_to(&format!("/sign-in?next={next}"));
    }
}

#[test]
fn who_signs_in_gets_a_new_session_and_the_old_one_opens_nothing() {
    let served = Served::new(Policy::Open);
    let mut browser = served.signed_up("anna@example.org");
    let first = browser.cookies.clone();
    let page = browser.get("/settings/password");
    let fields = [("password", "another set of words")];
    browser.send(&page, "/settings/password", &fields).leads_to("/settings?done=password");
    assert_ne!(first, browser.cookies, "session fixation: a session changes with the password");
    let mut left_behind = Browser { served: &served, cookies: first };
    assert_eq!(left_behind.get("/settings").status, 303);

    // A session that somebody else has put into the browser does not become that of who signs in.
    let mut victim = served.browser();
    victim.cookies.push(("__Host-plainchart".into(), "0123.00".into()));
    let page = victim.get("/sign-in");
    let fields = [("name", "anna@example.org"), ("password", "another set of words"), ("next", "/settings")];
    victim.send(&page, "/sign-in", &fields).leads_to("/settings");
    assert!(victim.cookies.iter().all(|(_, value)| value != "0123.00"));
}

#[test]
fn the_cookie_of_a_session_is_of_this_host_by_https_and_read_by_no_script() {
    let served = Served::new(Policy::Open);
    let mut browser = served.browser();
    let page = browser.get("/sign-up");
    let fields = [("name", "anna@example.org"), ("password", PASSWORD)];
    let answered = browser.send(&page, "/sign-up", &fields);
    let cookie = answered.header("set-cookie");
    assert!(cookie.starts_with("__Host-plainchart="), "{cookie}");
    for attribute in ["; Path=/;", "; HttpOnly", "; SameSite=Lax", "; Secure"] {
        assert!(cookie.contains(attribute), "{attribute}");
    }
}

#[test]
fn signing_up_follows_the_operators_policy() {
    let closed = Served::new(Policy::Invitation);
    let mut browser = closed.browser();
    assert!(browser.get("/sign-up").html.contains("You need an invitation"));
    let text = closed.site.accounts().first_administrator_invitation().unwrap().unwrap();
    let page = browser.get(&format!("/sign-up?invitation={}", text.expose()));
    let fields = [("name", "op@example.org"), ("password", PASSWORD), ("invitation", text.expose())];
    browser.send(&page, "/sign-up", &fields).leads_to("/");
    assert!(browser.get("/settings").html.contains("Accounts and invitations"));
    let again = closed.browser().get(&format!("/sign-up?invitation={}", text.expose()));
    assert!(again.html.contains("You need an invitation"));
}

#[test]
fn where_signing_up_is_closed_only_whoever_runs_the_server_invites() {
    let closed = Served::new(Policy::Closed);
    let first = closed.site.accounts().first_administrator_invitation().unwrap().unwrap();
    let mut operator = closed.browser();
    let page = operator.get(&format!("/sign-up?invitation={}", first.expose()));
    let fields = [("name", "op@example.org"), ("password", PASSWORD), ("invitation", first.expose())];
    operator.send(&page, "/sign-up", &fields).leads_to("/");

    let mut stranger = closed.browser();
    let shown = stranger.get("/sign-up");
    assert!(shown.html.contains("You need an invitation") && !shown.html.contains("<form"));
    assert!(!stranger.get("/sign-in").html.contains("Make an account"));
    // The form is forged: the page has offered none.
    let mark = stranger.get("/sign-in").mark("/sign-in");
    let forged = [("name", "eve@example.org"), ("password", PASSWORD), ("csrf", &*mark)];
    assert_eq!(stranger.post("/sign-up", HTTPS, &forged).status, 403);

    let own = format!("/settings/people/{}", operator.add_person("Op", "own", ""));
    let shared = operator.get(&own);
    assert!(
        shared.html.contains("only whoever runs it invites") && !shared.html.contains("name=\"relation\"")
    );
    assert_eq!(operator.send(&shared, &own, &[("act", "invite"), ("relation", "parent")]).status, 403);
    let page = operator.get("/settings/accounts");
    for (name, role) in [("bert@example.org", "person"), ("second@example.org", "administrator")] {
        let invited = operator.send(&page, "/settings/accounts", &[("act", "invite"), ("role", role)]);
        let text = invited.html.split("/sign-up?invitation=").nth(1).unwrap().split('<').next().unwrap();
        let mut invited = closed.browser();
        let page = invited.get(&format!("/sign-up?invitation={text}"));
        let fields = [("name", name), ("password", PASSWORD), ("invitation", text)];
        invited.send(&page, "/sign-up", &fields).leads_to("/");
    }
    assert_eq!(closed.site.accounts().list().unwrap().len(), 3);
}

#[test]
fn an_invitation_makes_one_account_and_no_administrator() {
    let served = Served::new(Policy::Invitation);
    let first = served.site.accounts().first_administrator_invitation().unwrap().unwrap();
    let mut operator = served.browser();
    let page = operator.get(&format!("/sign-up?invitation={}", first.expose()));
    let fields = [("name", "op@example.org"), ("password", PASSWORD), ("invitation", first.expose())];
    operator.send(&page, "/sign-up", &fields).leads_to("/");
    let page = operator.get("/settings/accounts");
    let invited = operator.send(&page, "/settings/accounts", &[("act", "invite"), ("role", "person")]);
    let text = invited.html.split("/sign-up?invitation=").nth(1).unwrap().split('<').next().unwrap();
    let mut guest = served.browser();
    let page = guest.get(&format!("/sign-up?invitation={text}"));
    let fields = [("name", "guest@example.org"), ("password", PASSWORD), ("invitation", text)];
    guest.send(&page, "/sign-up", &fields).leads_to("/");
    assert!(!guest.get("/settings").html.contains("Accounts and invitations"));
    // The form once more, which is still open in another browser.
    let mut late = served.browser();
    let page = late.get("/sign-in");
    let mark = page.mark("/sign-in");
    assert!(late.get(&format!("/sign-up?invitation={text}")).html.contains("You need an invitation"));
    assert_ne!(late.post("/sign-up", HTTPS, &[&fields[..], &[("csrf", &mark)]].concat()).status, 303);
    assert_eq!(served.site.accounts().list().unwrap().len(), 2);
}

#[test]
fn what_cannot_be_used_is_told_at_its_field_and_the_name_is_not_lost() {
    let served = Served::new(Policy::Open);
    let mut browser = served.browser();
    let page = browser.get("/sign-up");
    let shown = browser.send(&page, "/sign-up", &[("name", "anna \"x\""), ("password", "short")]);
    assert_eq!(shown.status, 400);
    assert!(shown.html.contains("id=\"password-error\"") && shown.html.contains("aria-invalid=\"true\""));
    assert!(shown.html.contains("value=\"anna &#34;x&#34;\""), "{}", shown.html);
}

#[test]
fn a_recovery_code_sets_a_new_password_once() {
    let served = Served::new(Policy::Open);
    let mut browser = served.signed_up("anna@example.org");
    let page = browser.get("/settings/codes");
    let shown = browser.send(&page, "/settings/codes", &[]);
    let code = shown.html.split("<li class=\"code\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let mut lost = served.browser();
    let fields = [("name", "anna@example.org"), ("code", &*code), ("password", "words that are new")];
    let page = lost.get("/recover");
    lost.send(&page, "/recover", &fields).leads_to("/settings?done=password");
    assert_eq!(browser.get("/settings").status, 303, "every other session has ended");
    let mut again = served.browser();
    let page = again.get("/recover");
    assert_eq!(again.send(&page, "/recover", &fields).status, 400);
}

#[test]
fn what_is_hard_to_undo_asks_for_the_password_once_more() {
    let served = Served::new(Policy::Open);
    let mut browser = served.signed_up("anna@example.org");
    served.clock.advance(jiff::SignedDuration::from_mins(11));
    browser.get("/settings/delete").leads_to("/sign-in/again?next=%2Fsettings%2Fdelete");
    let page = browser.get("/sign-in/again?next=%2Fsettings%2Fdelete");
    let fields = [("password", PASSWORD), ("next", "/settings/delete")];
    browser.send(&page, "/sign-in/again", &fields).leads_to("/settings/delete");
    assert_eq!(browser.get("/settings/delete").status, 200);
}

#[test]
fn who_signs_out_is_out() {
    let served = Served::new(Policy::Open);
    let mut browser = served.signed_up("anna@example.org");
    let kept = browser.cookies.clone();
    let page = browser.get("/settings");
    browser.send(&page, "/sign-out", &[]).leads_to("/sign-in");
    let mut back = Browser { served: &served, cookies: kept };
    assert_eq!(back.get("/settings").status, 303);
}
