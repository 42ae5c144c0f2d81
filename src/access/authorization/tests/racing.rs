//! Two processes over one store, at the same moment.

use std::sync::{Arc, Barrier};

use super::*;
use crate::store;
use crate::store::keys::Masters;

/// Two servers that share nothing but a file, and the folder that it is in.
fn two() -> (Desk, Server, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("chart.db").display());
    let clock = Clock::fixed("2026-03-01T12:00:00Z".parse().unwrap());
    let random = Randomness::system();
    let masters = Masters::new(&random);
    let vault = || {
        let engine = store::open(&url, clock.clone()).unwrap();
        Vault::new(engine, masters.clone(), None, clock.clone(), random.clone()).unwrap()
    };
    (desk_over(vault()), server(vault()), folder)
}

/// Does the same on both at once.
fn at_once<T: Send>(one: &Server, other: &Server, work: impl Fn(&Server) -> T + Sync) -> [T; 2] {
    let barrier = Arc::new(Barrier::new(2));
    std::thread::scope(|scope| {
        let [one, other] = [one, other].map(|server| {
            let (barrier, work) = (Arc::clone(&barrier), &work);
            scope.spawn(move || {
                barrier.wait();
                work(server)
            })
        });
        [one.join().unwrap(), other.join().unwrap()]
    })
}

#[test]
fn of_two_that_exchange_one_code_one_wins_and_what_it_won_has_ended() {
    let (desk, other, _folder) = two();
    let client = desk.client();
    for _ in 0..5 {
        let code = desk.code(&client);
        let usual = [
            ("grant_type", "authorization_code"),
            ("client_id", client.as_str()),
            ("code", code.as_str()),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
        ];
        let form = pairs(&usual, &[]);
        let answers = at_once(&desk.server, &other, |server| server.token(&form, None));
        let won: Vec<&Value> = answers.iter().filter_map(|answer| answer.as_ref().ok()).collect();
        assert_eq!(won.len(), 1);
        assert!(!desk.is_let_in(won[0]));
    }
}

#[test]
fn of_two_that_use_one_refresh_token_one_replaces_it_and_the_other_is_let_through() {
    let (desk, other, _folder) = two();
    let (client, first) = desk.connected();
    let usual =
        [("grant_type", "refresh_token"), ("client_id", client.as_str()), ("refresh_token", refresh(&first))];
    let form = pairs(&usual, &[]);
    let answers = at_once(&desk.server, &other, |server| server.token(&form, None).unwrap());
    assert_ne!(refresh(&answers[0]), refresh(&answers[1]));
    assert!(answers.iter().all(|tokens| desk.is_let_in(tokens)));
    // It was replaced once: after the grace its use ends everything that came of it.
    desk.later(SignedDuration::from_secs(30));
    assert_eq!(refused(other.token(&form, None)), Code::InvalidGrant);
    assert!(!answers.iter().any(|tokens| desk.is_let_in(tokens)));
}

#[test]
fn a_disconnection_on_one_is_refused_by_the_other_whatever_is_refreshed_meanwhile() {
    let (desk, other, _folder) = two();
    let (client, mut tokens) = desk.connected();
    let id = desk.only().id;
    std::thread::scope(|scope| {
        let refreshing = scope.spawn(|| {
            for _ in 0..5 {
                let usual = [
                    ("grant_type", "refresh_token"),
                    ("client_id", client.as_str()),
                    ("refresh_token", refresh(&tokens)),
                ];
                match other.token(&pairs(&usual, &[]), None) {
                    Ok(next) => tokens = next,
                    Err(_) => return tokens,
                }
            }
            tokens
        });
        desk.server.end(&desk.person, &id, "own").unwrap();
        let tokens = refreshing.join().unwrap();
        assert!(matches!(other.bearer(access(&tokens)), Err(Unauthorized::BadToken)));
    });
    assert!(matches!(desk.only().grant.state, State::Ended { why: Why::Disconnected, .. }));
}
