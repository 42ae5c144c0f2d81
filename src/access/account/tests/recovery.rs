//! The way back in: codes and links.

use super::*;

#[test]
fn ten_codes_open_the_account_once_each_and_end_every_session() {
    let accounts = open();
    let signed = anna(&accounts);
    let cookie = accounts.sign_in(NAME, &password(), PEER).unwrap().text();
    let codes = accounts.new_recovery_codes(&signed).unwrap().0;
    assert_eq!(codes.len(), 10);
    let new = secret("battery staple");
    let shouted =
        secret(&codes[0].expose().to_uppercase().replace('-', " ").replace('0', "O").replace('1', "l"));
    let token = accounts.recover(NAME, &shouted, &new, PEER).unwrap();
    assert!(accounts.session(cookie.expose()).unwrap().is_none());
    let signed = accounts.session(token.text().expose()).unwrap().unwrap();
    assert_eq!(accounts.recovery_codes_left(&signed).unwrap(), 9);
    assert!(matches!(accounts.recover(NAME, &codes[0], &new, PEER), Err(Error::NotSignedIn)));
    sign_in(&accounts, "battery staple").unwrap();
    assert!(acts(signed.rows()).ends_with(&["recovery".into(), "sign_in".into()]));
}

#[test]
fn new_codes_end_the_old_and_need_a_fresh_sign_in() {
    let accounts = open();
    let signed = anna(&accounts);
    let old = accounts.new_recovery_codes(&signed).unwrap().0;
    accounts.new_recovery_codes(&signed).unwrap();
    let refused = accounts.recover(NAME, &old[0], &secret("battery staple"), PEER);
    assert!(matches!(refused, Err(Error::NotSignedIn)));
    pass(&accounts, SignedDuration::from_mins(11));
    assert!(matches!(accounts.new_recovery_codes(&signed), Err(Error::NotFresh)));
}

#[test]
fn a_password_that_cannot_be_used_does_not_cost_the_code() {
    let accounts = open();
    let codes = accounts.new_recovery_codes(&anna(&accounts)).unwrap().0;
    let short = accounts.recover(NAME, &codes[0], &secret("short"), PEER);
    assert!(matches!(short, Err(Error::Unusable(Unusable::ShortPassword))));
    accounts.recover(NAME, &codes[0], &secret("battery staple"), PEER).unwrap();
}

#[test]
fn of_many_who_use_one_code_at_once_one_wins() {
    let accounts = open();
    let codes = accounts.new_recovery_codes(&anna(&accounts)).unwrap().0;
    let won = std::thread::scope(|scope| {
        let code = &codes[0];
        let threads: Vec<_> = (0..4)
            .map(|number| {
                let (accounts, new) = (&accounts, secret(&format!("battery staple {number}")));
                scope.spawn(move || accounts.recover(NAME, code, &new, PEER).is_ok())
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).filter(|won| *won).count()
    });
    assert_eq!(won, 1);
}

#[test]
fn the_operators_link_holds_once_and_for_a_day() {
    let accounts = open();
    let signed = anna(&accounts);
    let new = secret("battery staple");
    let old = accounts.recovery_link(signed.owner()).unwrap();
    let link = accounts.recovery_link(signed.owner()).unwrap();
    assert!(
        matches!(accounts.recover_by_link(&old, &new, PEER), Err(Error::NotSignedIn)),
        "the last one holds"
    );
    accounts.recover_by_link(&link, &new, PEER).unwrap();
    assert!(matches!(accounts.recover_by_link(&link, &new, PEER), Err(Error::NotSignedIn)));
    let late = accounts.recovery_link(signed.owner()).unwrap();
    pass(&accounts, SignedDuration::from_hours(24));
    assert!(matches!(accounts.recover_by_link(&late, &new, PEER), Err(Error::NotSignedIn)));
    for bad in ["", "x", "home.x", &format!("{}.", signed.owner().as_str())] {
        assert!(
            matches!(accounts.recover_by_link(&secret(bad), &new, PEER), Err(Error::NotSignedIn)),
            "{bad}"
        );
    }
}

#[test]
fn no_code_opens_an_account_without_codes_or_of_nobody() {
    let accounts = open();
    anna(&accounts);
    for (name, code) in [(NAME, ""), (NAME, "00000-00000-00000-00000"), ("Bert", "00000"), ("", "")] {
        let refused = accounts.recover(name, &secret(code), &secret("battery staple"), PEER);
        assert!(matches!(refused, Err(Error::NotSignedIn)), "{name} {code}");
    }
}

#[test]
fn another_password_ends_the_operators_link() {
    let accounts = open();
    let signed = anna(&accounts);
    let (codes, new) = (accounts.new_recovery_codes(&signed).unwrap().0, secret("battery staple"));
    let link = accounts.recovery_link(signed.owner()).unwrap();
    let token = accounts.change_password(&signed, &new).unwrap();
    assert!(matches!(accounts.recover_by_link(&link, &new, PEER), Err(Error::NotSignedIn)));
    assert!(accounts.session(token.text().expose()).unwrap().is_some());

    let link = accounts.recovery_link(signed.owner()).unwrap();
    accounts.recover(NAME, &codes[0], &new, PEER).unwrap();
    assert!(matches!(accounts.recover_by_link(&link, &new, PEER), Err(Error::NotSignedIn)));
}

#[test]
fn the_owner_is_told_of_a_recovery_at_the_next_sign_in_and_sees_who_made_the_link() {
    let accounts = open();
    let signed = anna(&accounts);
    let link = accounts.recovery_link(signed.owner()).unwrap();
    let new = secret("battery staple");
    let token = accounts.recover_by_link(&link, &new, PEER).unwrap();
    let recovered = accounts.session(token.text().expose()).unwrap().unwrap();
    assert_eq!(recovered.recovered_at(), None, "who has just done it knows");
    let at = accounts.now();
    pass(&accounts, SignedDuration::from_secs(1));
    let owner = sign_in(&accounts, "battery staple").unwrap();
    assert_eq!(owner.recovered_at(), Some(at));
    let told: Vec<_> = accounts.acts(&owner).unwrap().into_iter().map(|line| line.event).collect();
    let told: Vec<_> = told.iter().map(|event| (event.who.as_str(), event.tool.as_str())).collect();
    assert_eq!(
        told[..3],
        [("the account", "sign_in"), ("the account", "recovery"), ("the administrator", "recovery_link")]
    );
    accounts.know_of_recovery(&owner).unwrap();
    assert_eq!(sign_in(&accounts, "battery staple").unwrap().recovered_at(), None);
}
