//! Signing in, sessions, and tries that go wrong.

use super::*;

#[test]
fn who_signs_up_is_signed_in_and_signs_in_again_however_the_name_is_typed() {
    let accounts = open();
    let signed = anna(&accounts);
    assert_eq!((signed.name(), signed.role()), (NAME, Role::Person));
    let token = accounts.sign_in(" ANNA@example.org", &password(), PEER).unwrap();
    let again = accounts.session(token.text().expose()).unwrap().unwrap();
    assert_eq!(again.owner(), signed.owner());
    assert_eq!(acts(signed.rows()), ["sign_up", "sign_in"]);
}

#[test]
fn a_wrong_password_an_unknown_name_and_an_impossible_one_are_refused_alike() {
    let accounts = open();
    anna(&accounts);
    for (name, typed) in
        [(NAME, "wrong horse .."), ("bert", "correct horse"), ("", "correct horse"), (NAME, "")]
    {
        let refused = accounts.sign_in(name, &secret(typed), PEER).unwrap_err();
        assert!(matches!(refused, Error::NotSignedIn), "{refused}");
        assert!(!refused.to_string().contains(NAME));
    }
}

#[test]
fn an_unknown_name_costs_the_same_writes_and_reads_as_a_known_one() {
    let accounts = open();
    anna(&accounts);
    let version = |handle: &str| {
        let login =
            accounts.logins.find_or_nobody(&accounts.vault, Handle::Name(&Name::parse(handle).unwrap()));
        login.unwrap().failed()
    };
    accounts.sign_in(NAME, &secret("wrong horse .."), PEER).unwrap_err();
    accounts.sign_in("bert", &secret("wrong horse .."), PEER).unwrap_err();
    accounts.sign_in("carla", &secret("wrong horse .."), PEER).unwrap_err();
    assert_eq!((version(NAME), version("bert")), (1, 2), "the tries of nobody are written too");
}

#[test]
fn after_some_wrong_tries_even_the_right_password_must_wait_and_the_audit_counts_them() {
    let accounts = open();
    let signed = anna(&accounts);
    for _ in 0..7 {
        sign_in(&accounts, "wrong horse ..").err().unwrap();
        pass(&accounts, SignedDuration::from_secs(2));
    }
    assert!(matches!(sign_in(&accounts, "correct horse"), Err(Error::NotSignedIn)), "too early");
    pass(&accounts, SignedDuration::from_secs(4));
    sign_in(&accounts, "correct horse").unwrap();
    assert_eq!(acts(signed.rows()), ["sign_up", "failed_sign_ins 7", "sign_in"]);
    sign_in(&accounts, "correct horse").unwrap();
}

#[test]
fn guesses_at_once_are_counted_each() {
    let accounts = open();
    anna(&accounts);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| sign_in(&accounts, "wrong horse ..").err().unwrap());
        }
    });
    let name = Name::parse(NAME).unwrap();
    let login = accounts.logins.find(&accounts.vault, Handle::Name(&name)).unwrap().unwrap();
    assert_eq!(login.failed(), 4);
}

#[test]
fn one_address_may_not_try_without_end() {
    let accounts = open();
    let peer = "203.0.113.7".parse().unwrap();
    let tries = (0..100).take_while(|number| {
        let name = format!("somebody {number}");
        matches!(accounts.sign_in(&name, &password(), peer), Err(Error::NotSignedIn))
    });
    assert_eq!(tries.count(), 20);
    assert!(matches!(accounts.sign_in(NAME, &password(), peer), Err(Error::TooMany)));
}

#[test]
fn a_session_ends_by_itself_after_half_a_day_unused_and_after_a_week_of_use() {
    let accounts = open();
    let token =
        accounts.sign_up(Joiner { name: NAME, password: &password(), invitation: None }, PEER).unwrap();
    let cookie = token.text();
    let is_there = || accounts.session(cookie.expose()).unwrap().is_some();
    for _ in 0..15 {
        assert!(is_there());
        pass(&accounts, SignedDuration::from_hours(11));
    }
    pass(&accounts, SignedDuration::from_hours(3));
    assert!(!is_there(), "a week is over");

    let cookie = accounts.sign_in(NAME, &password(), PEER).unwrap().text();
    pass(&accounts, SignedDuration::from_hours(12));
    assert!(accounts.session(cookie.expose()).unwrap().is_none());
    accounts.sweep().unwrap();
    let signed = sign_in(&accounts, "correct horse").unwrap();
    assert_eq!(signed.rows().list(Kind::Session).unwrap().len(), 1, "the rows of the others are gone");
}

#[test]
fn what_is_no_cookie_of_ours_is_nobody() {
    let accounts = open();
    let signed = anna(&accounts);
    let owner = signed.owner().as_str();
    for cookie in
        ["", ".", "x.y", owner, &format!("{owner}.{}", "0".repeat(64)), &format!("home.{}", "0".repeat(64))]
    {
        assert!(accounts.session(cookie).unwrap().is_none(), "{cookie}");
    }
}

#[test]
fn signing_out_ends_this_session_and_no_other() {
    let accounts = open();
    let (one, other) = (anna(&accounts), sign_in(&accounts, "correct horse").unwrap());
    accounts.sign_out(&one).unwrap();
    let rows = other.rows().list(Kind::Session).unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].0, other.row().id);
}

#[test]
fn an_account_has_at_most_twenty_sessions() {
    let accounts = open();
    let first =
        accounts.sign_up(Joiner { name: NAME, password: &password(), invitation: None }, PEER).unwrap();
    for _ in 0..20 {
        pass(&accounts, SignedDuration::from_secs(1));
        sign_in(&accounts, "correct horse").unwrap();
    }
    assert!(accounts.session(first.text().expose()).unwrap().is_none(), "the oldest made room");
    let signed = sign_in(&accounts, "correct horse").unwrap();
    assert_eq!(signed.rows().list(Kind::Session).unwrap().len(), 20);
}

#[test]
fn another_password_needs_a_fresh_sign_in_and_ends_every_session() {
    let accounts = open();
    let signed = anna(&accounts);
    let cookie = accounts.sign_in(NAME, &password(), PEER).unwrap().text();
    pass(&accounts, SignedDuration::from_mins(11));
    let new = secret("battery staple");
    assert!(matches!(accounts.change_password(&signed, &new), Err(Error::NotFresh)));
    let token = accounts.confirm(&signed, &password(), PEER).unwrap();
    assert!(accounts.session(token.text().expose()).unwrap().is_some());
    let signed = accounts.session(token.text().expose()).unwrap().unwrap();
    let short = accounts.change_password(&signed, &secret("short"));
    assert!(matches!(short, Err(Error::Unusable(Unusable::ShortPassword))));

    let token = accounts.change_password(&signed, &new).unwrap();
    assert!(accounts.session(cookie.expose()).unwrap().is_none());
    assert!(accounts.session(token.text().expose()).unwrap().is_some());
    assert!(sign_in(&accounts, "correct horse").is_err());
    sign_in(&accounts, "battery staple").unwrap();
}

#[test]
fn signing_out_everywhere_else_makes_nobody_fresh_and_lasts_no_longer() {
    let accounts = open();
    let (signed, other) = (anna(&accounts), accounts.sign_in(NAME, &password(), PEER).unwrap().text());
    pass(&accounts, SignedDuration::from_mins(11));
    let token = accounts.end_sessions(&signed).unwrap();
    assert!(accounts.session(other.expose()).unwrap().is_none());
    let anew = accounts.session(token.text().expose()).unwrap().unwrap();
    assert_eq!(anew.session.signed_in_at, signed.session.signed_in_at);
    assert!(matches!(accounts.delete(&anew), Err(Error::NotFresh)));

    accounts
        .change_password(&sign_in(&accounts, "correct horse").unwrap(), &secret("battery staple"))
        .unwrap();
    assert!(matches!(accounts.end_sessions(&anew), Err(Error::NotSignedIn)), "its own session is over");
    let signed = sign_in(&accounts, "battery staple").unwrap();
    accounts.lock(signed.owner()).unwrap();
    assert!(matches!(accounts.end_sessions(&signed), Err(Error::Locked)));
}

#[test]
fn a_session_that_begins_while_the_password_changes_is_none() {
    let accounts = open();
    let signed = anna(&accounts);
    let late = signed.account.clone();
    accounts.change_password(&signed, &secret("battery staple")).unwrap();
    let token = session::begin(&late, accounts.random(), accounts.now(), None).unwrap();
    assert!(accounts.session(token.text().expose()).unwrap().is_none());
}

#[test]
fn a_password_that_was_kept_at_a_lower_cost_is_kept_anew_at_sign_in() {
    let accounts = open();
    anna(&accounts);
    let dearer = Accounts::new(accounts.vault.clone(), Policy::Open, Cost { passes: 2, ..QUICK }).unwrap();
    let signed = sign_in(&dearer, "correct horse").unwrap();
    let kept = signed.rows().read_one(&crate::store::RowKey::new(Kind::Login, "password")).unwrap().unwrap();
    assert!(String::from_utf8(kept.bytes).unwrap().contains("m=64,t=2,p=1"));
    sign_in(&dearer, "correct horse").unwrap();
}

#[test]
fn a_form_is_known_by_the_mark_of_its_session() {
    let accounts = open();
    let (one, other) = (anna(&accounts), sign_in(&accounts, "correct horse").unwrap());
    let mark = one.forms().mark("/settings");
    assert!(one.forms().is_marked("/settings", &mark));
    assert!(!other.forms().is_marked("/settings", &mark));
}

#[test]
fn no_name_stands_in_an_id_and_no_secret_is_printed() {
    let accounts = open();
    let token =
        accounts.sign_up(Joiner { name: NAME, password: &password(), invitation: None }, PEER).unwrap();
    let secret = token.text().expose().split_once('.').unwrap().1.to_owned();
    assert_eq!(format!("{token:?}"), "SessionToken(…)");
    assert!(!ids(&accounts).contains("anna") && !ids(&accounts).contains(&secret));
}
