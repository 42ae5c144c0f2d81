//! What the operator and administrators may do.

use super::*;

#[test]
fn a_locked_account_has_no_session_and_no_way_in_until_it_is_unlocked() {
    let accounts = open();
    let signed = anna(&accounts);
    let cookie = accounts.sign_in(NAME, &password(), PEER).unwrap().text();
    let codes = accounts.new_recovery_codes(&signed).unwrap().0;
    accounts.lock(signed.owner()).unwrap();
    assert!(accounts.session(cookie.expose()).unwrap().is_none());
    assert!(matches!(sign_in(&accounts, "correct horse"), Err(Error::Locked)));
    assert!(
        matches!(sign_in(&accounts, "wrong horse .."), Err(Error::NotSignedIn)),
        "only its owner is told"
    );
    let recovered = accounts.recover(NAME, &codes[0], &secret("battery staple"), PEER);
    assert!(matches!(recovered, Err(Error::Locked)));
    assert!(matches!(accounts.change_password(&signed, &secret("battery staple")), Err(Error::Locked)));

    accounts.unlock(signed.owner()).unwrap();
    assert!(accounts.session(cookie.expose()).unwrap().is_none(), "what has ended stays ended");
    sign_in(&accounts, "correct horse").unwrap();
    assert!(acts(signed.rows()).windows(2).any(|two| two == ["lock", "unlock"]));
}

#[test]
fn accounts_are_listed_in_the_order_in_which_they_were_made() {
    let accounts = open();
    for name in ["Carla", "Anna", "Bert"] {
        sign_up(&accounts, name, None).unwrap();
        pass(&accounts, SignedDuration::from_secs(1));
    }
    let bert = accounts.find("bert").unwrap().unwrap();
    accounts.lock(&bert).unwrap();
    let listed = accounts.list().unwrap();
    let names: Vec<_> = listed.iter().map(|listed| listed.name.as_str()).collect();
    assert_eq!(names, ["Carla", "Anna", "Bert"]);
    assert!(matches!(listed[2].state, State::Locked { .. }));
    accounts.remove(&bert).unwrap();
    assert_eq!(accounts.list().unwrap().len(), 2);
    assert_eq!(accounts.find("bert").unwrap(), None);
    assert!(matches!(accounts.lock(&bert), Err(Error::NotThere)));
}

#[test]
fn only_an_administrator_invites_others() {
    let accounts = with(Policy::Invitation);
    let first = accounts.first_administrator_invitation().unwrap().unwrap();
    let administrator = sign_up(&accounts, NAME, Some(first.expose())).unwrap();
    let text = accounts.invite_as_administrator(&administrator, Role::Person).unwrap();
    let person = sign_up(&accounts, "Bert", Some(text.expose())).unwrap();
    assert!(matches!(accounts.invite_as_administrator(&person, Role::Administrator), Err(Error::NotThere)));
    pass(&accounts, SignedDuration::from_mins(11));
    assert!(matches!(accounts.invite_as_administrator(&administrator, Role::Person), Err(Error::NotFresh)));
}
