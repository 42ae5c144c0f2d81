//! Who comes from the identity provider: whose account that is, and who may have one.

use super::*;
use crate::access::identity::{Purpose, Who};

fn who(subject: &str) -> Who {
    Who {
        issuer: "https://login.example.org".into(),
        subject: subject.into(),
        name: Some(NAME.into()),
        proven_at: Some("2026-11-23T12:00:00Z".parse().unwrap()),
    }
}

fn comes(accounts: &Accounts, who: &Who, purpose: &Purpose) -> Result<Signed, Error> {
    let token = accounts.come_in(who, purpose, None)?;
    Ok(accounts.session(token.text().expose()).unwrap().unwrap())
}

fn join(text: &Secret<String>) -> Purpose {
    Purpose::Join { invitation: text.expose().clone() }
}

#[test]
fn a_subject_comes_back_to_the_same_account_and_another_to_another() {
    let accounts = open();
    let first = comes(&accounts, &who("7"), &Purpose::SignIn).unwrap();
    assert_eq!((first.name(), first.role()), (NAME, Role::Person));
    let renamed = Who { name: Some("other@example.org".into()), ..who("7") };
    let again = comes(&accounts, &renamed, &Purpose::SignIn).unwrap();
    assert_eq!(first.owner(), again.owner());
    assert_ne!(first.row(), again.row(), "each sign-in is a session of its own");
    assert_eq!(acts(first.rows()), ["sign_up", "sign_in_at_provider"]);

    let other = comes(&accounts, &who("8"), &Purpose::SignIn).unwrap();
    assert_ne!(first.owner(), other.owner(), "the name is only shown: nobody is found by it");
    let elsewhere = Who { issuer: "https://evil.example".into(), ..who("7") };
    let elsewhere = comes(&accounts, &elsewhere, &Purpose::SignIn).unwrap();
    assert_ne!(first.owner(), elsewhere.owner());
}

#[test]
fn an_account_with_a_password_is_not_opened_by_who_has_its_name() {
    let accounts = open();
    let anna = anna(&accounts);
    let subject = Who { subject: NAME.into(), ..who("") };
    let other = comes(&accounts, &subject, &Purpose::SignIn).unwrap();
    assert_ne!(anna.owner(), other.owner());
}

#[test]
fn who_has_no_account_comes_in_as_the_operator_lets_them() {
    for policy in [Policy::Closed, Policy::Invitation] {
        let accounts = with(policy);
        let before = owners(&accounts);
        let refused = comes(&accounts, &who("7"), &Purpose::SignIn);
        assert!(matches!(refused, Err(Error::NotInvited)), "{policy:?}");
        assert_eq!(owners(&accounts), before, "nothing is left of them");
    }
    let invited = with(Policy::Invitation);
    let text = invited.invite_as_operator(&Invitation::to(Role::Person)).unwrap();
    let signed = comes(&invited, &who("7"), &join(&text)).unwrap();
    assert_eq!(signed.role(), Role::Person);
    let used = comes(&invited, &who("8"), &join(&text));
    assert!(matches!(used, Err(Error::NotInvited)), "it makes one account");
    comes(&invited, &who("7"), &Purpose::SignIn).unwrap();

    let closed = with(Policy::Closed);
    let text = closed.invite_as_operator(&Invitation::to(Role::Person)).unwrap();
    assert_eq!(comes(&closed, &who("7"), &join(&text)).unwrap().role(), Role::Person, "the operator's own");
}

#[test]
fn the_first_administrator_comes_by_the_link_that_the_server_prints() {
    let accounts = with(Policy::Closed);
    let text = accounts.first_administrator_invitation().unwrap().unwrap();
    let signed = comes(&accounts, &who("7"), &join(&text)).unwrap();
    assert_eq!(signed.role(), Role::Administrator);
    assert!(accounts.first_administrator_invitation().unwrap().is_none());
    assert_eq!(accounts.find(NAME).unwrap().as_ref(), Some(signed.owner()), "the command line finds it");
}

#[test]
fn who_has_an_account_uses_no_invitation_up() {
    let accounts = open();
    comes(&accounts, &who("7"), &Purpose::SignIn).unwrap();
    let text = accounts.invite_as_operator(&Invitation::to(Role::Administrator)).unwrap();
    assert!(matches!(comes(&accounts, &who("7"), &join(&text)), Err(Error::NameTaken)));
    assert!(accounts.invitation(text.expose()).unwrap().is_some());
}

#[test]
fn a_locked_account_stays_out_and_one_that_is_gone_is_gone() {
    let accounts = with(Policy::Invitation);
    let text = accounts.invite_as_operator(&Invitation::to(Role::Person)).unwrap();
    let signed = comes(&accounts, &who("7"), &join(&text)).unwrap();
    accounts.lock(signed.owner()).unwrap();
    assert!(matches!(comes(&accounts, &who("7"), &Purpose::SignIn), Err(Error::Locked)));
    accounts.unlock(signed.owner()).unwrap();
    let signed = comes(&accounts, &who("7"), &Purpose::SignIn).unwrap();
    accounts.delete(&signed).unwrap();
    assert!(matches!(comes(&accounts, &who("7"), &Purpose::SignIn), Err(Error::NotInvited)));
}

#[test]
fn a_session_is_as_fresh_as_the_proof_that_the_provider_tells_of() {
    let accounts = open();
    let untold = Who { proven_at: None, ..who("7") };
    let signed = comes(&accounts, &untold, &Purpose::SignIn).unwrap();
    assert!(!signed.is_fresh(accounts.now()), "the provider may have known them since long ago");
    assert!(matches!(accounts.delete(&signed), Err(Error::NotFresh)));
    pass(&accounts, SignedDuration::from_mins(11));
    assert!(!comes(&accounts, &who("7"), &Purpose::SignIn).unwrap().is_fresh(accounts.now()));

    let again = Purpose::Again { account: signed.owner().clone() };
    let now = Who { proven_at: Some(accounts.now()), ..who("7") };
    let token = accounts.come_in(&now, &again, Some(&signed)).unwrap();
    let fresh = accounts.session(token.text().expose()).unwrap().unwrap();
    assert!(fresh.is_fresh(accounts.now()));
}

#[test]
fn nobody_shows_for_somebody_else_who_they_are() {
    let accounts = open();
    let anna = comes(&accounts, &who("7"), &Purpose::SignIn).unwrap();
    let bert = comes(&accounts, &who("8"), &Purpose::SignIn).unwrap();
    let again = Purpose::Again { account: anna.owner().clone() };
    assert!(matches!(accounts.come_in(&who("8"), &again, Some(&anna)), Err(Error::AnotherAccount)));
    assert!(matches!(accounts.come_in(&who("9"), &again, Some(&anna)), Err(Error::AnotherAccount)));
    assert!(matches!(accounts.come_in(&who("7"), &again, Some(&bert)), Err(Error::NotSignedIn)));
    assert!(matches!(accounts.come_in(&who("7"), &again, None), Err(Error::NotSignedIn)));
    assert_eq!(accounts.list().unwrap().len(), 2, "nobody is signed up on the way");
}

#[test]
fn a_name_that_cannot_be_shown_is_not_taken() {
    let accounts = open();
    for (name, subject, shown) in [
        (Some("an\u{202e}na"), "subject-1", "subject-1"),
        (None, "subject-2", "subject-2"),
        (Some("x"), "3", "Nameless"),
    ] {
        let who = Who { name: name.map(str::to_owned), ..who(subject) };
        assert_eq!(comes(&accounts, &who, &Purpose::SignIn).unwrap().name(), shown);
    }
}

#[test]
fn signing_out_everywhere_else_proves_nothing() {
    let accounts = open();
    let signed = anna(&accounts);
    pass(&accounts, SignedDuration::from_mins(11));
    let token = accounts.end_sessions(&signed).unwrap();
    let after = accounts.session(token.text().expose()).unwrap().unwrap();
    assert!(!after.is_fresh(accounts.now()), "no password was typed for it");
}
