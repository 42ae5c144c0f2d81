//! Signing up, races for a name or an invitation, deleting, and what is left when a process dies in between.

use super::*;
use crate::store::people;

#[test]
fn the_operator_says_who_may_sign_up() {
    let (closed, invited, open) = (with(Policy::Closed), with(Policy::Invitation), open());
    let uninvited = |accounts: &Accounts| sign_up(accounts, NAME, None).map(|_| ());
    assert!(matches!(uninvited(&closed), Err(Error::NotInvited)));
    assert!(matches!(uninvited(&invited), Err(Error::NotInvited)));
    uninvited(&open).unwrap();
    for (accounts, role) in [(&closed, Role::Person), (&invited, Role::Person), (&open, Role::Administrator)]
    {
        let text = accounts.invite_as_operator(&Invitation::to(role)).unwrap();
        assert_eq!(sign_up(accounts, "Bert", Some(text.expose())).unwrap().role(), role);
    }
    // What an account gives away makes no account where the operator alone invites.
    let text = invited.invite_as_operator(&Invitation::to(Role::Person)).unwrap();
    let signed = sign_up(&invited, NAME, Some(text.expose())).unwrap();
    let mother = invited.add_person(&signed, "Mother", Relation::ForAdult, None).unwrap();
    let text = invited.invite_to(&signed, &mother.owner, Relation::Own).unwrap();
    for (accounts, is_let_in) in [(&beside(&invited, Policy::Closed), false), (&invited, true)] {
        assert_eq!(accounts.invitation(text.expose()).unwrap().is_some(), is_let_in);
        assert_eq!(sign_up(accounts, "Carla", Some(text.expose())).is_ok(), is_let_in);
    }
}

#[test]
fn a_refused_sign_up_leaves_nothing_behind() {
    let accounts = open();
    anna(&accounts);
    let before = owners(&accounts);
    let refuse = |name: &str, typed: &str| {
        let joiner = Joiner { name, password: &secret(typed), invitation: None };
        accounts.sign_up(joiner, PEER).unwrap_err()
    };
    assert!(matches!(refuse("ANNA@example.org", "correct horse"), Error::NameTaken));
    assert!(matches!(refuse("x", "correct horse"), Error::Unusable(Unusable::Name)));
    assert!(matches!(refuse("Bert", "horse"), Error::Unusable(Unusable::ShortPassword)));
    assert!(matches!(refuse("Bert Alexander", "BERT alexander"), Error::Unusable(Unusable::GuessedPassword)));
    assert_eq!(owners(&accounts), before);
    assert_eq!(accounts.list().unwrap().len(), 1);
}

#[test]
fn one_address_makes_only_so_many_accounts() {
    let accounts = open();
    let peer = "203.0.113.7".parse().unwrap();
    let made = (0..100).take_while(|number| {
        let name = format!("somebody {number}");
        accounts.sign_up(Joiner { name: &name, password: &password(), invitation: None }, peer).is_ok()
    });
    assert_eq!(made.count(), 20);
}

#[test]
fn of_many_who_take_one_name_at_once_one_wins() {
    let one = open();
    let other = beside(&one, Policy::Open);
    let won = std::thread::scope(|scope| {
        let threads: Vec<_> = [&one, &other, &one, &other]
            .into_iter()
            .map(|accounts| scope.spawn(|| sign_up(accounts, NAME, None).is_ok()))
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).filter(|won| *won).count()
    });
    assert_eq!(won, 1);
    assert_eq!(one.list().unwrap().len(), 1);
    assert_eq!(owners(&one), 2, "the account and the way to it");
}

#[test]
fn of_many_who_use_one_invitation_at_once_one_wins() {
    let one = with(Policy::Invitation);
    let text = one.invite_as_operator(&Invitation::to(Role::Person)).unwrap();
    let won = std::thread::scope(|scope| {
        let threads: Vec<_> = ["Anna", "Bert", "Carla", "Dora"]
            .into_iter()
            .map(|name| scope.spawn(|| sign_up(&one, name, Some(text.expose())).is_ok()))
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).filter(|won| *won).count()
    });
    assert_eq!(won, 1);
    assert_eq!(one.list().unwrap().len(), 1);
    assert_eq!(owners(&one), 2);
}

#[test]
fn an_invitation_holds_for_seven_days_and_one_account() {
    let accounts = with(Policy::Invitation);
    let text = accounts.invite_as_operator(&Invitation::to(Role::Person)).unwrap();
    assert!(accounts.invitation(text.expose()).unwrap().is_some());
    sign_up(&accounts, NAME, Some(text.expose())).unwrap();
    assert!(accounts.invitation(text.expose()).unwrap().is_none());
    assert!(matches!(sign_up(&accounts, "Bert", Some(text.expose())), Err(Error::NotInvited)));
    assert!(matches!(sign_up(&accounts, "Bert", Some("nothing")), Err(Error::NotInvited)));

    let late = accounts.invite_as_operator(&Invitation::to(Role::Person)).unwrap();
    pass(&accounts, SignedDuration::from_hours(7 * 24));
    assert!(matches!(sign_up(&accounts, "Bert", Some(late.expose())), Err(Error::NotInvited)));
    accounts.sweep().unwrap();
    assert!(accounts.vault.home().unwrap().list(Kind::Invitation).unwrap().is_empty());
}

#[test]
fn a_name_that_is_taken_does_not_cost_the_invitation() {
    let accounts = open();
    anna(&accounts);
    let text = accounts.invite_as_operator(&Invitation::to(Role::Person)).unwrap();
    assert!(matches!(sign_up(&accounts, NAME, Some(text.expose())), Err(Error::NameTaken)));
    sign_up(&accounts, "Bert", Some(text.expose())).unwrap();
}

#[test]
fn the_first_account_is_an_administrators_and_its_links_end_with_it() {
    let accounts = with(Policy::Closed);
    let one = accounts.first_administrator_invitation().unwrap().unwrap();
    let other = accounts.first_administrator_invitation().unwrap().unwrap();
    let signed = sign_up(&accounts, NAME, Some(one.expose())).unwrap();
    assert_eq!(signed.role(), Role::Administrator);
    assert!(accounts.invitation(other.expose()).unwrap().is_none());
    assert!(matches!(sign_up(&accounts, "Bert", Some(other.expose())), Err(Error::NotInvited)));
    assert!(accounts.first_administrator_invitation().unwrap().is_none());
}

/// A sign-up that goes as far as its name, and then its process dies.
fn cut_off(accounts: &Accounts, invitation: Option<&str>) -> OwnerId {
    let name = Name::parse(NAME).unwrap();
    let login = accounts.logins.owner(Handle::Name(&name));
    let invitation = invitation.map(invitation::id);
    let now = accounts.now();
    let stored = stored::Stored::joining(NAME.into(), login, Role::Person, invitation.clone(), now);
    let owner = OwnerId::random(accounts.random());
    let listed = crate::store::Change::put(sign_up::listed(&owner), None, Vec::new());
    let home = accounts.vault.home().unwrap();
    home.write(&[listed.due(now + SignedDuration::from_mins(10))]).unwrap();
    let sealed = accounts.vault.create(&owner).unwrap();
    sealed.write(&[stored::put(stored::row(), None, &stored).unwrap()]).unwrap();
    login::Login::take(&accounts.vault, &stored.login, &owner).unwrap();
    if let Some(id) = &invitation {
        let account = stored::Opened { sealed, version: 1, stored };
        let invitation = invitation::claim(&accounts.vault, id, &owner).unwrap();
        accounts.hand_over(&account, &invitation).unwrap();
    }
    owner
}

#[test]
fn a_sign_up_that_was_cut_off_gives_name_and_invitation_back_and_takes_no_record_with_it() {
    let accounts = with(Policy::Invitation);
    let person = people::add(&accounts.vault, "Theo").unwrap();
    let handed =
        Handed { owner: person.owner.clone(), label: "Theo".into(), relation: Relation::Own, born: None };
    let text = accounts.invite_as_operator(&Invitation::to(Role::Person).with(handed)).unwrap();
    cut_off(&accounts, Some(text.expose()));
    accounts.sweep().unwrap();
    assert!(accounts.invitation(text.expose()).unwrap().is_none(), "it may still be under way");
    pass(&accounts, SignedDuration::from_mins(10));
    accounts.sweep().unwrap();

    assert_eq!(people::find(&accounts.vault, "Theo").unwrap().as_ref(), Some(&person));
    assert_eq!(owners(&accounts), 1, "only Theo is left");
    let signed = sign_up(&accounts, NAME, Some(text.expose())).unwrap();
    assert_eq!(accounts.people(&signed).unwrap()[0].owner, person.owner);
    assert!(people::list(&accounts.vault).unwrap().is_empty(), "handed over");
}

#[test]
fn what_fails_after_an_account_is_open_takes_nothing_back_and_the_sweep_ends_it() {
    let (accounts, refuses) = refusing(|owner, write| {
        *owner == OwnerId::home() && matches!(write, Write::Put { key, .. } if key.kind == Kind::People)
    });
    let person = people::add(&accounts.vault, "Theo").unwrap();
    let handed =
        Handed { owner: person.owner.clone(), label: "Theo".into(), relation: Relation::Own, born: None };
    let text = accounts.invite_as_operator(&Invitation::to(Role::Person).with(handed)).unwrap();
    refuses.store(true, SeqCst);
    let signed = sign_up(&accounts, NAME, Some(text.expose())).unwrap();
    assert_eq!(accounts.people(&signed).unwrap()[0].owner, person.owner);
    assert_eq!(people::list(&accounts.vault).unwrap().len(), 1, "not taken off yet");

    accounts.take_back(signed.owner()).err().unwrap();
    refuses.store(false, SeqCst);
    pass(&accounts, SignedDuration::from_mins(11));
    accounts.sweep().unwrap();
    assert!(people::list(&accounts.vault).unwrap().is_empty());
    assert_eq!(accounts.people(&sign_in(&accounts, "correct horse").unwrap()).unwrap().len(), 1);
}

#[test]
fn an_owner_without_a_row_does_not_keep_a_name() {
    let accounts = open();
    let login = accounts.logins.owner(Handle::Name(&Name::parse(NAME).unwrap()));
    accounts.vault.create(&login).unwrap();
    anna(&accounts);
}

#[test]
fn a_deleted_account_is_gone_with_its_name_its_people_and_every_key() {
    let accounts = open();
    let before = accounts.vault.home().unwrap().list(Kind::Account).unwrap().len();
    let signed = anna(&accounts);
    let care = accounts.add_person(&signed, "Anna", Relation::Own, None).unwrap();
    accounts.new_recovery_codes(&signed).unwrap();
    pass(&accounts, SignedDuration::from_mins(11));
    assert!(matches!(accounts.delete(&signed), Err(Error::NotFresh)));
    let signed = sign_in(&accounts, "correct horse").unwrap();
    accounts.delete(&signed).unwrap();

    assert!(accounts.vault.owner(&care.owner).unwrap().is_none(), "assistants are cut off");
    assert_eq!(accounts.vault.home().unwrap().list(Kind::Account).unwrap().len(), before);
    assert_eq!(owners(&accounts), 0);
    assert!(matches!(sign_in(&accounts, "correct horse"), Err(Error::NotSignedIn)));
    anna(&accounts);
}

#[test]
fn a_deletion_that_was_cut_off_is_gone_on_with() {
    let accounts = open();
    let signed = anna(&accounts);
    accounts.add_person(&signed, "Anna", Relation::Own, None).unwrap();
    let going = signed.account.stored.in_state(State::Leaving { invitation: None });
    signed.account.change(None, |_| Ok((going.clone(), Vec::new()))).unwrap();
    assert!(matches!(sign_in(&accounts, "correct horse"), Err(Error::NotSignedIn)));
    accounts.leave(signed.owner()).unwrap();
    accounts.leave(signed.owner()).unwrap();
    assert_eq!(owners(&accounts), 0);
}

#[test]
fn a_name_that_was_let_go_and_taken_by_another_stays_theirs() {
    let accounts = open();
    let signed = anna(&accounts);
    let (owner, login) = (signed.owner().clone(), signed.account.stored.login.clone());
    accounts.delete(&signed).unwrap();
    let again = anna(&accounts);
    login::Login::release(&accounts.vault, &login, &owner).unwrap();
    accounts.leave(&owner).unwrap();
    assert_eq!(accounts.find(NAME).unwrap().as_ref(), Some(again.owner()));
}

#[test]
fn what_cannot_be_told_in_the_audit_is_not_done() {
    let (accounts, refuses) =
        refusing(|_, write| matches!(write, Write::Put { key, .. } if key.kind == Kind::Audit));
    let signed = anna(&accounts);
    let codes = accounts.new_recovery_codes(&signed).unwrap().0;
    let cookie = accounts.sign_in(NAME, &password(), PEER).unwrap().text();
    let mother = accounts.add_person(&signed, "Mother", Relation::ForAdult, None).unwrap();
    refuses.store(true, SeqCst);
    let new = secret("battery staple");
    assert!(accounts.change_password(&signed, &new).is_err());
    assert!(accounts.recover(NAME, &codes[0], &new, PEER).is_err());
    assert!(accounts.lock(signed.owner()).is_err());
    assert!(accounts.end_sessions(&signed).is_err());
    assert!(accounts.recovery_link(signed.owner()).is_err());
    assert!(accounts.new_recovery_codes(&signed).is_err());
    assert!(accounts.invite_to(&signed, &mother.owner, Relation::Own).is_err());
    assert!(accounts.remove_person(&signed, &mother.owner).is_err());
    refuses.store(false, SeqCst);
    assert!(accounts.session(cookie.expose()).unwrap().is_some(), "no session has ended");
    assert!(accounts.vault.home().unwrap().list(Kind::Invitation).unwrap().is_empty());
    assert_eq!(acts(&accounts.rows_of(&mother).unwrap()), ["care_begun"]);
    sign_in(&accounts, "correct horse").unwrap();
    accounts.recover(NAME, &codes[0], &new, PEER).unwrap();
}

#[test]
fn one_row_that_cannot_be_read_holds_up_no_sweep() {
    let accounts = with(Policy::Closed);
    let broken = OwnerId::random(accounts.random());
    let now = accounts.now();
    let account = accounts.vault.create(&broken).unwrap();
    account.write(&[store::Change::put(stored::row(), None, b"{}".to_vec())]).unwrap();
    let listed = store::Change::put(sign_up::listed(&broken), None, Vec::new()).due(now);
    accounts.vault.home().unwrap().write(&[listed]).unwrap();
    cut_off(&accounts, None);
    for _ in 0..120 {
        accounts.invite_as_operator(&Invitation::to(Role::Person)).unwrap();
    }
    pass(&accounts, SignedDuration::from_hours(7 * 24));
    accounts.sweep().unwrap();
    assert!(accounts.vault.home().unwrap().list(Kind::Invitation).unwrap().is_empty(), "all of them at once");
    assert_eq!(owners(&accounts), 1, "only what cannot be read is left");
}
