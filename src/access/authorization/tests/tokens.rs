//! Codes and tokens: what gives them, what they open, and when they no longer do.

use super::*;
use crate::record::Kind;
use crate::store::{Change, RowKey};

#[test]
fn a_code_gives_tokens_and_the_access_token_opens_the_record_for_an_hour() {
    let desk = desk();
    let (_, tokens) = desk.connected();
    assert_eq!((&tokens["token_type"], &tokens["expires_in"]), (&json!("Bearer"), &json!(3600)));
    assert!(access(&tokens).starts_with("pc_at_") && refresh(&tokens).starts_with("pc_rt_"));
    let inside = desk.server.bearer(access(&tokens)).unwrap();
    assert_eq!((inside.bearer.client.as_str(), &inside.bearer.owner), ("Claude", desk.person.owner()));
    assert_eq!((inside.version, inside.bearer.grant), (1, desk.only().id));
    desk.later(SignedDuration::from_secs(3599));
    assert!(desk.is_let_in(&tokens));
    desk.later(SignedDuration::from_secs(1));
    assert!(!desk.is_let_in(&tokens));
}

#[test]
fn no_token_lies_in_the_store_in_clear() {
    let desk = desk();
    let (_, tokens) = desk.connected();
    let row = RowKey::new(crate::store::Kind::Grant, desk.only().id);
    let body = String::from_utf8(desk.person.read_one(&row).unwrap().unwrap().bytes).unwrap();
    for token in [access(&tokens), refresh(&tokens)] {
        let random = &token[token.len() - 72..token.len() - 8];
        assert!(!body.contains(random));
    }
}

#[test]
fn a_code_used_twice_is_refused_and_ends_what_it_gave() {
    let desk = desk();
    let client = desk.client();
    let code = desk.code(&client);
    let tokens = desk.exchange(&client, &code, &[]).unwrap();
    assert_eq!(refused(desk.exchange(&client, &code, &[])), Code::InvalidGrant);
    assert!(!desk.is_let_in(&tokens));
    assert_eq!(refused(desk.refresh(&client, refresh(&tokens), &[])), Code::InvalidGrant);
    assert!(matches!(desk.only().grant.state, State::Ended { why: Why::CodeReused, .. }));
    assert!(desk.told().pop().unwrap().starts_with("plainchart: access_ended code_used_twice: Claude "));
}

#[test]
fn a_code_runs_out() {
    let desk = desk();
    let client = desk.client();
    let code = desk.code(&client);
    desk.later(SignedDuration::from_mins(5));
    assert_eq!(refused(desk.exchange(&client, &code, &[])), Code::InvalidGrant);
}

#[test]
fn a_wrong_or_missing_verifier_is_refused() {
    let desk = desk();
    let client = desk.client();
    let code = desk.code(&client);
    let other = VERIFIER.replace('d', "e");
    for verifier in [None, Some(""), Some("short"), Some(other.as_str()), Some(CHALLENGE)] {
        let answer = desk.exchange(&client, &code, &[("code_verifier", verifier)]);
        assert_eq!(refused(answer), Code::InvalidGrant, "{verifier:?}");
    }
    // Whoever has only the code has not used it up for the one who has the verifier.
    assert!(desk.exchange(&client, &code, &[]).is_ok());
}

#[test]
fn a_code_is_good_for_its_client_and_its_redirect_alone() {
    let desk = desk();
    let (client, other) = (desk.client(), desk.client());
    let code = desk.code(&client);
    assert_eq!(refused(desk.exchange(&other, &code, &[])), Code::InvalidGrant);
    for redirect in [None, Some("https://claude.ai/api/mcp/auth_callback/"), Some("https://evil.example/")] {
        assert_eq!(refused(desk.exchange(&client, &code, &[("redirect_uri", redirect)])), Code::InvalidGrant);
    }
    assert!(desk.exchange(&client, &code, &[]).is_ok());
}

#[test]
fn a_wrong_resource_is_refused_wherever_it_is_named() {
    let desk = desk();
    let client = desk.client();
    let code = desk.code(&client);
    let wrong = [("resource", Some("https://other.example/mcp"))];
    assert_eq!(refused(desk.exchange(&client, &code, &wrong)), Code::InvalidTarget);
    // RFC 8707, 2.2: one that is not named again is the one of the grant.
    let tokens = desk.exchange(&client, &code, &[("resource", None)]).unwrap();
    assert_eq!(refused(desk.refresh(&client, refresh(&tokens), &wrong)), Code::InvalidTarget);
    assert!(desk.is_let_in(&tokens));
}

#[test]
fn a_token_for_another_server_is_not_let_in() {
    let desk = desk();
    let (_, tokens) = desk.connected();
    let moved = Server::new(
        desk.server.vault().clone(),
        PublicUrl::parse("https://elsewhere.example.org").unwrap(),
        http::Client::new(Reach::default()).unwrap(),
    );
    assert!(matches!(moved.bearer(access(&tokens)), Err(Unauthorized::BadToken)));
    assert!(desk.is_let_in(&tokens));
}

#[test]
fn only_an_access_token_of_this_person_opens_the_record() {
    let desk = desk();
    let client = desk.client();
    let code = desk.code(&client);
    let tokens = desk.exchange(&client, &code, &[]).unwrap();
    for other in [refresh(&tokens), code.as_str(), "", "nonsense", "Bearer x"] {
        assert!(matches!(desk.server.bearer(other), Err(Unauthorized::BadToken)));
    }
    // The same grant under another person: the token is of the wrong rows.
    let vault = desk.server.vault();
    let other = vault.create(&OwnerId::random(vault.random())).unwrap();
    let token = access_token(access(&tokens)).unwrap();
    assert!(matches!(desk.server.inside(&token, other.clone()), Err(Unauthorized::BadToken)));
    let forged = Token::new(token::Kind::Access, other.owner(), &token.grant, vault.random());
    assert!(matches!(desk.server.bearer(forged.expose()), Err(Unauthorized::BadToken)));
    let guessed = Token::new(token::Kind::Access, &token.owner, &token.grant, vault.random());
    assert!(matches!(desk.server.bearer(guessed.expose()), Err(Unauthorized::BadToken)));
}

#[test]
fn the_grant_of_this_machine_is_none_of_an_assistants() {
    let desk = desk();
    crate::access::grant::local(&desk.person).unwrap();
    let (_, tokens) = desk.connected();
    assert!(desk.is_let_in(&tokens));
    assert!(desk.server.given(&desk.person, "local").unwrap().is_none());
    assert_eq!(desk.server.end(&desk.person, "local", "own").unwrap(), None);
    desk.only();
}

#[test]
fn a_refresh_token_is_replaced_with_each_use() {
    let desk = desk();
    let (client, first) = desk.connected();
    desk.later(SignedDuration::from_hours(2));
    let second = desk.refresh(&client, refresh(&first), &[]).unwrap();
    assert_ne!(refresh(&first), refresh(&second));
    assert!(desk.is_let_in(&second) && !desk.is_let_in(&first));
}

#[test]
fn a_refresh_token_that_was_just_replaced_still_works() {
    let desk = desk();
    let (client, first) = desk.connected();
    let second = desk.refresh(&client, refresh(&first), &[]).unwrap();
    desk.later(SignedDuration::from_secs(29));
    let again = desk.refresh(&client, refresh(&first), &[]).unwrap();
    assert!(desk.is_let_in(&second) && desk.is_let_in(&again));
    // Whichever of the two arrived, it goes on from there.
    let third = desk.refresh(&client, refresh(&again), &[]).unwrap();
    assert!(desk.is_let_in(&third) && desk.is_let_in(&again) && !desk.is_let_in(&second));
    desk.later(SignedDuration::from_hours(1));
    assert!(desk.refresh(&client, refresh(&third), &[]).is_ok());
}

#[test]
fn two_who_go_on_from_one_refresh_token_do_not_both_live_on() {
    for late in [0, 1] {
        let desk = desk();
        let (client, first) = desk.connected();
        let second = desk.refresh(&client, refresh(&first), &[]).unwrap();
        let other = desk.refresh(&client, refresh(&first), &[]).unwrap();
        let third = desk.refresh(&client, refresh(&second), &[]).unwrap();
        // The other pair, or the one that both have come from.
        let late = [&other, &first][late];
        assert_eq!(refused(desk.refresh(&client, refresh(late), &[])), Code::InvalidGrant);
        assert!(!desk.is_let_in(&third) && !desk.is_let_in(&other));
        assert!(matches!(desk.only().grant.state, State::Ended { why: Why::RefreshReused, .. }));
    }
}

#[test]
fn a_refresh_token_used_after_the_grace_ends_everything() {
    let desk = desk();
    let (client, first) = desk.connected();
    let second = desk.refresh(&client, refresh(&first), &[]).unwrap();
    desk.later(SignedDuration::from_secs(30));
    assert_eq!(refused(desk.refresh(&client, refresh(&first), &[])), Code::InvalidGrant);
    assert!(!desk.is_let_in(&first) && !desk.is_let_in(&second));
    assert_eq!(refused(desk.refresh(&client, refresh(&second), &[])), Code::InvalidGrant);
    assert!(matches!(desk.only().grant.state, State::Ended { why: Why::RefreshReused, .. }));
    assert!(desk.told().pop().unwrap().starts_with("plainchart: access_ended refresh_token_used_again: "));
}

#[test]
fn a_refresh_token_from_long_ago_ends_everything_too() {
    let desk = desk();
    let (client, first) = desk.connected();
    let mut present = first.clone();
    for _ in 0..20 {
        desk.later(SignedDuration::from_hours(24));
        present = desk.refresh(&client, refresh(&present), &[]).unwrap();
    }
    assert_eq!(refused(desk.refresh(&client, refresh(&first), &[])), Code::InvalidGrant);
    assert!(!desk.is_let_in(&present));
}

#[test]
fn tokens_cannot_be_drawn_without_end() {
    let desk = desk();
    let (client, first) = desk.connected();
    let again = (0..10).map(|_| desk.refresh(&client, refresh(&first), &[]));
    let (good, bad): (Vec<_>, Vec<_>) = again.partition(Result::is_ok);
    assert_eq!((good.len(), bad.len()), (4, 6));
    assert!(bad.into_iter().all(|answer| matches!(answer, Err(OAuthError::TooMany { .. }))));
    let mut present = good.into_iter().next_back().unwrap().unwrap();
    let mut refreshed = 0;
    while let Ok(next) = desk.refresh(&client, refresh(&present), &[]) {
        (present, refreshed) = (next, refreshed + 1);
    }
    assert!(refreshed < 10, "{refreshed}");
    // A little later it goes on, and nothing has ended.
    desk.later(SignedDuration::from_secs(30));
    assert!(desk.refresh(&client, refresh(&present), &[]).is_ok());
    let row = RowKey::new(crate::store::Kind::Grant, desk.only().id);
    assert!(desk.person.read_one(&row).unwrap().unwrap().bytes.len() < 4096);
}

#[test]
fn another_clients_refresh_token_is_refused_and_nothing_ends() {
    let desk = desk();
    let (client, tokens) = desk.connected();
    assert_eq!(refused(desk.refresh(&desk.client(), refresh(&tokens), &[])), Code::InvalidGrant);
    assert!(desk.refresh(&client, refresh(&tokens), &[]).is_ok());
}

#[test]
fn a_scope_is_not_widened_at_a_refresh_and_may_be_narrowed() {
    let desk = desk();
    let client = desk.client();
    let asked =
        desk.ask(&client, &[("scope", Some("patient/Condition.rs patient/Immunization.rs"))]).unwrap();
    let code = field(&desk.yes(&asked), "code").unwrap();
    let tokens = desk.exchange(&client, &code, &[]).unwrap();
    for wider in
        ["patient/*.rs", "patient/Condition.rs patient/Observation.rs", "patient/Condition.rs offline_access"]
    {
        assert_eq!(
            refused(desk.refresh(&client, refresh(&tokens), &[("scope", Some(wider))])),
            Code::InvalidScope
        );
    }
    let fewer = desk.refresh(&client, refresh(&tokens), &[("scope", Some("patient/Condition.rs"))]).unwrap();
    assert_eq!(fewer["scope"], "patient/Condition.rs");
    let inside = desk.server.bearer(access(&fewer)).unwrap();
    assert_eq!(inside.scope.kinds.into_iter().collect::<Vec<_>>(), [Kind::Condition]);
    // The grant is still what it was (RFC 6749, 6).
    let all = desk.refresh(&client, refresh(&fewer), &[]).unwrap();
    assert_eq!(desk.server.bearer(access(&all)).unwrap().scope.kinds.len(), 2);
}

#[test]
fn who_asks_for_no_lasting_access_gets_none() {
    let desk = desk();
    let registered = json!({"redirect_uris": [CALLBACK], "token_endpoint_auth_method": "none"});
    let client = desk.register(&registered).unwrap()["client_id"].as_str().unwrap().to_owned();
    let asked = desk.ask(&client, &[("scope", Some("patient/*.read"))]).unwrap();
    let code = field(&desk.yes(&asked), "code").unwrap();
    let tokens = desk.exchange(&client, &code, &[]).unwrap();
    assert_eq!((tokens.get("refresh_token"), &tokens["scope"]), (None, &json!("patient/*.read")));
    // With its only token the grant is over.
    desk.later(SignedDuration::from_hours(1));
    tidy(desk.server.vault()).unwrap();
    assert!(matches!(desk.only().grant.state, State::Ended { why: Why::Expired, .. }));
}

#[test]
fn a_refresh_token_that_is_not_used_for_long_runs_out() {
    let desk = desk();
    let (client, tokens) = desk.connected();
    desk.later(SignedDuration::from_hours(24 * 90));
    assert_eq!(refused(desk.refresh(&client, refresh(&tokens), &[])), Code::InvalidGrant);
    // That was no theft: it is over, and nothing else.
    assert!(desk.only().grant.is_connected());
    tidy(desk.server.vault()).unwrap();
    assert!(matches!(desk.only().grant.state, State::Ended { why: Why::Expired, .. }));
}

#[test]
fn a_form_is_read_strictly() {
    let desk = desk();
    let client = desk.client();
    let code = desk.code(&client);
    assert_eq!(refused(desk.exchange(&client, &code, &[("grant_type", None)])), Code::InvalidRequest);
    let password = [("grant_type", Some("password"))];
    assert_eq!(refused(desk.exchange(&client, &code, &password)), Code::UnsupportedGrantType);
    assert_eq!(refused(desk.exchange(&client, &code, &[("code", None)])), Code::InvalidRequest);
    assert_eq!(refused(desk.exchange(&client, "made-up", &[])), Code::InvalidGrant);
    assert_eq!(refused(desk.exchange("pc_client_made_up", &code, &[])), Code::InvalidClient);
    let mut twice = pairs(&[("client_id", &client), ("code", &code)], &[]);
    twice.push(("code".into(), code.clone()));
    assert_eq!(refused(desk.server.token(&twice, None)), Code::InvalidRequest);
}

#[test]
fn a_grant_of_a_newer_version_or_a_broken_one_opens_nothing() {
    let desk = desk();
    let (_, tokens) = desk.connected();
    let key = RowKey::new(crate::store::Kind::Grant, desk.only().id);
    let body = desk.person.read_one(&key).unwrap().unwrap();
    let mut newer: Value = serde_json::from_slice(&body.bytes).unwrap();
    newer["format"] = 2.into();
    newer["unheard_of"] = true.into();
    let change = Change::put(key.clone(), Some(body.version), newer.to_string().into_bytes());
    desk.person.write(&[change]).unwrap();
    let Err(Unauthorized::Failed(error)) = desk.server.bearer(access(&tokens)) else { panic!() };
    assert!(matches!(error, crate::access::Error::Store(crate::store::Error::Newer { .. })), "{error}");
    let change = Change::put(key, Some(body.version + 1), b"{}".to_vec());
    desk.person.write(&[change]).unwrap();
    assert!(matches!(desk.server.bearer(access(&tokens)), Err(Unauthorized::Failed(_))));
}
