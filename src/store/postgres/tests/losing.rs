//! A connection that is killed, a server that stops, a lock that is not given up: a clear word, nothing half done,
//! and the next call works.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use super::*;

/// Ends every connection to this database but the one that asks.
const KILL: &str = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                    WHERE datname = current_database() AND pid <> pg_backend_pid()";

/// Holds the row "a" of anna until it is told to let go.
fn while_the_row_is_held(url: &str, work: impl FnOnce()) {
    let holder = Connections::new(&Address::parse(url).unwrap()).unwrap();
    let (held, is_held) = mpsc::channel();
    let (let_go, told) = tokio::sync::oneshot::channel::<()>();
    thread::scope(|scope| {
        scope.spawn(|| {
            holder.run(async move |client: &mut Client| {
                let transaction = client.transaction().await?;
                transaction.execute("SELECT 1 FROM rows WHERE id = 'a' FOR UPDATE", &[]).await?;
                held.send(()).unwrap();
                let _ = told.await;
                // The connection may have been killed with the others.
                let _ = transaction.rollback().await;
                Ok(())
            })
        });
        is_held.recv().unwrap();
        work();
        let_go.send(()).unwrap();
    });
}

/// Waits until a statement of the engine waits for a lock.
fn until_it_waits(url: &str) {
    let waiting = "SELECT count(*) FROM pg_stat_activity
                   WHERE datname = current_database() AND wait_event_type = 'Lock'";
    while number(url, waiting) == 0 {
        thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn a_connection_that_is_killed_in_the_middle_of_a_write_changes_nothing_and_the_next_one_works() {
    let url = database();
    let engine = engine(&url);
    engine.write(&owner("anna"), &[put("a", None)]).unwrap();
    while_the_row_is_held(&url, || {
        let batch = [put("b", None), put("a", Some(1)), put("c", None)];
        let written = thread::scope(|scope| {
            let writer = scope.spawn(|| engine.write(&owner("anna"), &batch));
            until_it_waits(&url);
            number(&url, KILL);
            writer.join().unwrap()
        });
        let error = written.unwrap_err();
        assert!(matches!(error, Error::Unreachable(_)), "{error:?}");
        let told = told(&error);
        assert!(
            told.starts_with("the database server cannot be reached, or has ended the connection: "),
            "{told}"
        );
    });
    assert_eq!(versions(&engine, "anna"), [("a".into(), 1)]);
    engine.write(&owner("anna"), &[put("b", None), put("a", Some(1))]).unwrap();
}

#[test]
fn an_idle_connection_that_is_killed_is_replaced() {
    let url = database();
    let engine = engine(&url);
    engine.write(&owner("anna"), &[put("a", None)]).unwrap();
    for _ in 0..5 {
        assert!(number(&url, KILL) > 0);
        // What the server says on the way out takes a moment to come.
        thread::sleep(Duration::from_millis(200));
        assert_eq!(versions(&engine, "anna"), [("a".into(), 1)]);
    }
}

#[test]
fn a_lock_that_is_not_given_up_makes_the_store_busy_and_changes_nothing() {
    let url = database();
    let impatient = engine(&format!("{url}?options=-c%20lock_timeout%3D200ms"));
    let hasty = engine(&format!("{url}?options=-c%20statement_timeout%3D200ms"));
    impatient.write(&owner("anna"), &[put("a", None)]).unwrap();
    while_the_row_is_held(&url, || {
        for engine in [&impatient, &hasty] {
            let written = engine.write(&owner("anna"), &[put("b", None), put("a", Some(1))]);
            assert!(matches!(written, Err(Error::Busy)), "{written:?}");
            assert_eq!(versions(engine, "anna"), [("a".into(), 1)]);
        }
    });
    impatient.write(&owner("anna"), &[put("b", None), put("a", Some(1))]).unwrap();
}

#[test]
fn a_server_that_was_away_is_found_again() {
    let server = Server::start("plain");
    let engine = engine(&server.url);
    engine.write(&owner("anna"), &[put("a", None)]).unwrap();
    server.halt();
    for _ in 0..2 {
        let error = engine.write(&owner("anna"), &[put("b", None)]).unwrap_err();
        assert!(matches!(error, Error::Unreachable(_)), "{error:?}");
        told(&error);
    }
    assert!(matches!(Postgres::open(&server.url, Clock::system()), Err(Error::Unreachable(_))));
    server.resume();
    assert_eq!(versions(&engine, "anna"), [("a".into(), 1)]);
    engine.write(&owner("anna"), &[put("b", None)]).unwrap();
}
