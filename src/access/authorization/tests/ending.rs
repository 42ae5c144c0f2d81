//! How a permission ends or changes, and what the person's audit tells of it.

use super::*;
use crate::record::Kind;
use crate::store::{Change, RowKey};

#[test]
fn a_disconnected_assistant_is_refused_at_its_next_call() {
    let desk = desk();
    let (client, tokens) = desk.connected();
    let id = desk.only().id;
    let ended = desk.server.end(&desk.person, &id, "own").unwrap().unwrap();
    assert!(matches!(ended.state, State::Ended { why: Why::Disconnected, .. }));
    assert!(!desk.is_let_in(&tokens));
    assert_eq!(refused(desk.refresh(&client, refresh(&tokens), &[])), Code::InvalidGrant);
    // Once more changes nothing and tells nothing.
    desk.server.end(&desk.person, &id, "own").unwrap();
    assert_eq!(
        desk.told(),
        [
            format!("the account (own): access_given: Claude {id}"),
            format!("Claude, grant {id}: access_connected: Claude {id}"),
            format!("the account (own): access_ended disconnected: Claude {id}"),
        ]
    );
}

#[test]
fn a_narrowed_grant_shows_less_at_the_next_call() {
    let desk = desk();
    let (_, tokens) = desk.connected();
    let id = desk.only().id;
    let mut allowed = desk.everything();
    allowed.scope.kinds = [Kind::Immunization].into();
    allowed.expires_at = desk.now() + SignedDuration::from_hours(3);
    let changed = desk.server.change(&desk.person, &id, "own", &allowed).unwrap().unwrap();
    assert_eq!(changed.scope.kinds.len(), 1);
    let inside = desk.server.bearer(access(&tokens)).unwrap();
    assert_eq!(inside.scope.kinds.into_iter().collect::<Vec<_>>(), [Kind::Immunization]);
    assert!(desk.told().pop().unwrap().starts_with("the account (own): access_changed: Claude"));
    // The same once more is no change.
    desk.server.change(&desk.person, &id, "own", &allowed).unwrap();
    assert_eq!(desk.told().len(), 3);
    desk.later(SignedDuration::from_hours(3));
    assert!(!desk.is_let_in(&tokens));
}

#[test]
fn a_grant_is_not_widened_beyond_what_was_asked_for_nor_opened_again() {
    let desk = desk();
    let client = desk.client();
    let asked = desk.ask(&client, &[("scope", Some("patient/Condition.rs"))]).unwrap();
    desk.exchange(&client, &field(&desk.yes(&asked), "code").unwrap(), &[]).unwrap();
    let id = desk.only().id;
    let allowed = Allowed { expires_at: desk.now() + LASTS_MAX * 2, ..desk.everything() };
    let changed = desk.server.change(&desk.person, &id, "own", &allowed).unwrap().unwrap();
    assert_eq!(changed.scope.kinds.into_iter().collect::<Vec<_>>(), [Kind::Condition]);
    assert_eq!(changed.expires_at, desk.now() + LASTS_MAX);
    desk.server.end(&desk.person, &id, "own").unwrap();
    let after = desk.server.change(&desk.person, &id, "own", &desk.everything()).unwrap().unwrap();
    assert!(matches!(after.state, State::Ended { .. }));
}

#[test]
fn a_refresh_token_that_is_given_back_ends_the_grant() {
    let desk = desk();
    let (client, tokens) = desk.connected();
    let form = pairs(&[("client_id", &client), ("token", refresh(&tokens))], &[]);
    desk.server.revoke(&form, None).unwrap();
    assert!(!desk.is_let_in(&tokens));
    assert!(matches!(desk.only().grant.state, State::Ended { why: Why::GivenBack, .. }));
    // What is gone already is as good as given back.
    desk.server.revoke(&form, None).unwrap();
    assert!(desk.told().pop().unwrap().contains(": access_ended given_back"));
}

#[test]
fn an_access_token_that_is_given_back_takes_nothing_else_with_it() {
    let desk = desk();
    let (client, tokens) = desk.connected();
    desk.server.revoke(&pairs(&[("client_id", &client), ("token", access(&tokens))], &[]), None).unwrap();
    assert!(!desk.is_let_in(&tokens));
    assert!(desk.told().pop().unwrap().contains(": access_token_given_back: Claude"));
    assert!(desk.refresh(&client, refresh(&tokens), &[]).is_ok());
}

#[test]
fn nobody_gives_back_what_is_anothers() {
    let desk = desk();
    let (client, tokens) = desk.connected();
    let other = desk.client();
    for token in [access(&tokens), refresh(&tokens)] {
        let form = pairs(&[("client_id", &other), ("token", token)], &[]);
        assert_eq!(refused(desk.server.revoke(&form, None)), Code::InvalidGrant);
    }
    let unknown = pairs(&[("client_id", "pc_client_x"), ("token", refresh(&tokens))], &[]);
    assert_eq!(refused(desk.server.revoke(&unknown, None)), Code::InvalidClient);
    assert_eq!(
        refused(desk.server.revoke(&pairs(&[("client_id", &client)], &[]), None)),
        Code::InvalidRequest
    );
    let nonsense = pairs(&[("client_id", &client), ("token", "nonsense")], &[]);
    desk.server.revoke(&nonsense, None).unwrap();
    assert!(desk.is_let_in(&tokens));
}

#[test]
fn an_assistant_that_asks_anew_each_time_has_four_grants_and_no_more() {
    let desk = desk();
    let (client, other) = (desk.client(), desk.client());
    let connect = |client: &str| {
        desk.later(SignedDuration::from_hours(1));
        desk.exchange(client, &desk.code(client), &[]).unwrap()
    };
    let (first, of_other) = (connect(&client), connect(&other));
    let second = connect(&client);
    // The first is in use: it was renewed since.
    desk.later(SignedDuration::from_mins(1));
    let first = desk.refresh(&client, refresh(&first), &[]).unwrap();
    let later: Vec<Value> = (0..3).map(|_| connect(&client)).collect();
    assert_eq!(refused(desk.refresh(&client, refresh(&second), &[])), Code::InvalidGrant);
    for tokens in later.iter().chain([&first]) {
        assert!(desk.refresh(&client, refresh(tokens), &[]).is_ok());
    }
    assert!(desk.refresh(&other, refresh(&of_other), &[]).is_ok());
    assert!(desk.told().pop().unwrap().starts_with("plainchart: access_ended replaced: Claude"));
}

#[test]
fn a_grant_runs_out_and_is_told_so() {
    let desk = desk();
    let client = desk.client();
    let allowed = Allowed { expires_at: desk.now() + SignedDuration::from_mins(30), ..desk.everything() };
    let asked = desk.ask(&client, &[]).unwrap();
    let Answer::SentOn(url) = desk.server.grant(&asked, &desk.person, own(), &allowed).unwrap() else {
        panic!()
    };
    let tokens = desk.exchange(&client, &field(&url, "code").unwrap(), &[]).unwrap();
    assert_eq!(tokens["expires_in"], 1800);
    desk.later(SignedDuration::from_mins(30));
    assert!(!desk.is_let_in(&tokens));
    assert_eq!(refused(desk.refresh(&client, refresh(&tokens), &[])), Code::InvalidGrant);
    assert_eq!(tidy(desk.server.vault()).unwrap(), 1);
    assert!(matches!(desk.only().grant.state, State::Ended { why: Why::Expired, .. }));
    assert!(desk.told().pop().unwrap().starts_with("plainchart: access_ended expired: Claude"));
    // A month later it is shown no longer; the audit still tells of it.
    desk.later(SignedDuration::from_hours(24 * 30));
    tidy(desk.server.vault()).unwrap();
    assert_eq!(desk.server.grants(&desk.person).unwrap(), []);
    assert_eq!(desk.told().len(), 3);
}

#[test]
fn a_code_that_nobody_exchanged_leaves_nothing_behind() {
    let desk = desk();
    desk.code(&desk.client());
    desk.later(SignedDuration::from_mins(5));
    assert_eq!(tidy(desk.server.vault()).unwrap(), 1);
    assert_eq!(desk.person.list(crate::store::Kind::Grant).unwrap(), []);
}

#[test]
fn a_forgotten_person_leaves_nobody_let_in() {
    let desk = desk();
    let (client, tokens) = desk.connected();
    desk.server.vault().forget(desk.person.owner()).unwrap();
    assert!(!desk.is_let_in(&tokens));
    let token = access_token(access(&tokens)).unwrap();
    assert!(matches!(desk.server.inside(&token, desk.person.clone()), Err(Unauthorized::NoPerson)));
    assert_eq!(refused(desk.refresh(&client, refresh(&tokens), &[])), Code::InvalidGrant);
}

#[test]
fn an_assistant_that_takes_the_name_of_an_account_does_not_sign_as_one() {
    let desk = desk();
    let metadata = json!({
        "client_name": "the account (own)",
        "redirect_uris": [CALLBACK],
        "grant_types": ["authorization_code", "refresh_token"],
        "token_endpoint_auth_method": "none",
    });
    let client = desk.register(&metadata).unwrap()["client_id"].as_str().unwrap().to_owned();
    desk.exchange(&client, &desk.code(&client), &[]).unwrap();
    let id = desk.only().id;
    let connected = desk.told().pop().unwrap();
    assert_eq!(connected, format!("the account (own), grant {id}: access_connected: the account (own) {id}"));
}

#[test]
fn one_grant_that_cannot_be_read_holds_up_no_other() {
    let desk = desk();
    let (client, _) = desk.connected();
    desk.yes(&desk.ask(&client, &[]).unwrap());
    let broken = "0123456789abcdef";
    let change = Change::put(RowKey::new(crate::store::Kind::Grant, broken), None, b"{}".to_vec());
    desk.person.write(&[change.due(desk.now())]).unwrap();
    desk.later(SignedDuration::from_hours(24 * 91));
    tidy(desk.server.vault()).unwrap();
    let left: Vec<String> =
        desk.person.list(crate::store::Kind::Grant).unwrap().into_iter().map(|(id, _)| id).collect();
    assert_eq!(left.len(), 2, "what was only offered is gone: {left:?}");
    assert!(desk.told().pop().unwrap().starts_with("plainchart: access_ended expired"));
}
