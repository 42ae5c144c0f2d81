//! `plainchart accounts` as an operator types it.

use std::net::{IpAddr, Ipv4Addr};

use plainchart::access::account::{Accounts, COST, Joiner, Policy, SessionToken, Signed};
use plainchart::secret::Secret;
use plainchart::store::people;

use crate::people::{Home, fixture};

const PEER: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// The accounts of a home, as a server has them.
fn accounts(home: &Home) -> Accounts {
    Accounts::new(home.vault(), Policy::Invitation, COST).unwrap()
}

fn secret(text: &str) -> Secret<String> {
    Secret::new(text.into())
}

fn signed(accounts: &Accounts, token: &SessionToken) -> Signed {
    accounts.session(token.text().expose()).unwrap().unwrap()
}

/// Uses a link that the command printed.
fn sign_up(accounts: &Accounts, name: &str, link: &str) -> Signed {
    let (_, text) = link.trim().split_once("/sign-up?invitation=").unwrap();
    let password = secret("correct horse");
    let joiner = Joiner { name, password: &password, invitation: Some(text) };
    signed(accounts, &accounts.sign_up(joiner, PEER).unwrap())
}

#[test]
fn an_operator_invites_lists_locks_and_unlocks() {
    let home = Home::new();
    let link =
        home.run(&["accounts", "invite", "--administrator", "--public-url", "https://chart.example/"]).ok();
    assert!(link.starts_with("https://chart.example/sign-up?invitation="), "{link}");
    assert_eq!(link.lines().count(), 1);
    let accounts = accounts(&home);
    sign_up(&accounts, "Anna@example.org", &link);
    sign_up(&accounts, "Bert", &home.run(&["accounts", "invite"]).ok());
    home.run(&["accounts", "lock", "BERT"]).ok();
    let listed = home.run(&["accounts"]).ok();
    let lines: Vec<Vec<&str>> =
        listed.lines().map(|line| line.split_whitespace().take(3).collect()).collect();
    assert_eq!(lines, [["Anna@example.org", "administrator", "open"], ["Bert", "person", "LOCKED"]]);
    assert!(accounts.sign_in("Bert", &secret("correct horse"), PEER).is_err());
    home.run(&["accounts", "unlock", "bert"]).ok();
    accounts.sign_in("Bert", &secret("correct horse"), PEER).unwrap();
    let error = home.run(&["accounts", "lock", "Carla"]).fails(1);
    assert!(error.contains("plainchart accounts") && !error.contains("Carla"), "{error}");
}

#[test]
fn an_imported_record_is_handed_to_an_account_and_goes_with_it() {
    let home = Home::new();
    home.run(&["import", &fixture("child").display().to_string(), "--person", "Theo"]).ok();
    home.run(&["accounts", "invite", "--person", "Walter"]).fails(1);
    let link = home.run(&["accounts", "invite", "--person", "theo", "--relation", "parent"]).ok();
    assert!(!link.to_lowercase().contains("theo"), "no personal data in it: {link}");
    let accounts = accounts(&home);
    let anna = sign_up(&accounts, "Anna", &link);
    let care = accounts.people(&anna).unwrap().pop().unwrap();
    assert_eq!(care.label, "Theo");
    assert!(care.born.is_some(), "the record says it");
    assert!(people::list(&home.vault()).unwrap().is_empty());
    home.run(&["call", "get_labs", "--person", "Theo"]).fails(1);

    home.run_with_input(&["accounts", "remove", "Anna"], "Bert\n").fails(2);
    let asked = home.run_with_input(&["accounts", "remove", "Anna"], "anna\n").ok();
    assert!(asked.contains("and 1 record(s) for good"), "{asked}");
    assert!(home.vault().owner(&care.owner).unwrap().is_none());
    assert!(home.run(&["accounts"]).ok().is_empty());
    home.run(&["accounts", "remove", "Anna", "--yes"]).fails(1);
}

#[test]
fn a_recovery_link_sets_a_new_password() {
    let home = Home::new();
    let accounts_of_server = {
        let link = home.run(&["accounts", "invite"]).ok();
        let accounts = accounts(&home);
        sign_up(&accounts, "Anna", &link);
        accounts
    };
    let link = home.run(&["accounts", "recover", "anna"]).ok();
    let (_, text) = link.trim().split_once("/recover?link=").unwrap();
    let new = secret("battery staple");
    let token = accounts_of_server.recover_by_link(&secret(text), &new, PEER).unwrap();
    assert_eq!(signed(&accounts_of_server, &token).name(), "Anna");
    accounts_of_server.sign_in("Anna", &new, PEER).unwrap();
}

#[test]
fn of_two_servers_that_take_one_name_or_use_one_invitation_at_once_one_wins() {
    let home = Home::new();
    let invite = || {
        let link = home.run(&["accounts", "invite"]).ok();
        link.trim().split_once("/sign-up?invitation=").unwrap().1.to_owned()
    };
    let texts = [invite(), invite(), invite()];
    let servers = [accounts(&home), accounts(&home)];
    let password = secret("correct horse");
    let won = |names: [&str; 2], invitations: [&str; 2]| {
        std::thread::scope(|scope| {
            let threads: Vec<_> = (0..2)
                .map(|place| {
                    let (server, password) = (&servers[place], &password);
                    let invitation = Some(invitations[place]);
                    let joiner = Joiner { name: names[place], password, invitation };
                    scope.spawn(move || server.sign_up(joiner, PEER).is_ok())
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).filter(|won| *won).count()
        })
    };
    assert_eq!(won(["Anna", "ANNA"], [&texts[0], &texts[1]]), 1);
    assert_eq!(won(["Bert", "Carla"], [&texts[2], &texts[2]]), 1);
    assert_eq!(home.run(&["accounts"]).ok().lines().count(), 2);
}
