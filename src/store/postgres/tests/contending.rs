//! Several processes on one database: an engine each, so that they meet in the server and not in this process.

use std::collections::BTreeSet;
use std::thread;
use std::time::Duration;

use super::*;

/// One engine opens and makes the tables first.
fn engines<const N: usize>() -> (String, [Postgres; N]) {
    let url = database();
    let engines = std::array::from_fn(|_| engine(&url));
    (url, engines)
}

fn job(id: usize) -> Write {
    let key = RowKey::new(Kind::Job, format!("{id:03}"));
    Write::Put { key, expected: None, body: b"job".to_vec(), due_at: Some(Timestamp::UNIX_EPOCH) }
}

#[test]
fn several_processes_may_make_the_store_at_once() {
    for _ in 0..5 {
        let url = database();
        thread::scope(|scope| {
            let starts = [(); 6].map(|()| scope.spawn(|| drop(engine(&url))));
            starts.into_iter().for_each(|start| start.join().unwrap());
        });
        assert_eq!(number(&url, "SELECT count(*) FROM plainchart"), 1);
    }
}

#[test]
fn of_two_processes_one_wins_a_row() {
    let (_, engines) = engines::<2>();
    let anna = owner("anna");
    for version in 0..50 {
        let expected = (version > 0).then_some(version);
        let written: Vec<_> = thread::scope(|scope| {
            let write = |engine: &Postgres| engine.write(&anna, &[put("a", expected), put("b", expected)]);
            let writers = engines.each_ref().map(|engine| scope.spawn(move || write(engine)));
            writers.into_iter().map(|writer| writer.join().unwrap()).collect()
        });
        assert_eq!(written.iter().filter(|written| written.is_ok()).count(), 1);
        assert!(
            written.iter().all(|written| matches!(written, Ok(()) | Err(Error::Conflict))),
            "{written:?}"
        );
        assert_eq!(versions(&engines[0], "anna"), [("a".into(), version + 1), ("b".into(), version + 1)]);
    }
}

#[test]
fn batches_that_lock_each_other_out_are_sent_again() {
    let (_, engines) = engines::<2>();
    let anna = owner("anna");
    engines[0].write(&anna, &[put("a", None), put("b", None)]).unwrap();
    let expect = |id: &str| Write::Expect { key: key(id), version: 1 };
    // Each holds what the other wants next, unless one is through before.
    let batches = [[expect("a"), put("b", Some(1))], [expect("b"), put("a", Some(1))]];
    for _ in 0..30 {
        let written: Vec<_> = thread::scope(|scope| {
            let writers = [0, 1].map(|at| {
                let (engine, batch) = (&engines[at], &batches[at]);
                let anna = &anna;
                scope.spawn(move || engine.write(anna, batch))
            });
            writers.into_iter().map(|writer| writer.join().unwrap()).collect()
        });
        assert_eq!(written.iter().filter(|written| written.is_ok()).count(), 1, "{written:?}");
        assert!(written.iter().any(|written| matches!(written, Err(Error::Conflict))), "{written:?}");
        let delete = |(id, version): (String, u64)| Write::Delete { key: key(&id), version };
        let mut again: Vec<_> = versions(&engines[0], "anna").into_iter().map(delete).collect();
        again.extend([put("a", None), put("b", None)]);
        engines[0].write(&anna, &again).unwrap();
    }
}

#[test]
fn nothing_is_written_for_a_person_who_is_being_forgotten() {
    let (url, engines) = engines::<2>();
    let (anna, presence) = (owner("anna"), RowKey::new(Kind::Presence, "here"));
    for _ in 0..40 {
        let body = Vec::new();
        engines[0]
            .write(&anna, &[Write::Put { key: presence.clone(), expected: None, body, due_at: None }])
            .unwrap();
        thread::scope(|scope| {
            scope.spawn(|| {
                let expect = Write::Expect { key: presence.clone(), version: 1 };
                let mut number = 0..;
                let mut write = || {
                    engines[0].write(&anna, &[expect.clone(), put(&number.next().unwrap().to_string(), None)])
                };
                while write().is_ok() {}
            });
            thread::sleep(Duration::from_millis(5));
            engines[1].write(&anna, &[Write::Delete { key: presence.clone(), version: 1 }]).unwrap();
            engines[1].forget(&anna).unwrap();
        });
        assert_eq!(number(&url, "SELECT count(*) FROM rows"), 0);
    }
}

#[test]
fn work_goes_to_one_process_each() {
    let (_, engines) = engines::<3>();
    let jobs: Vec<Write> = (0..60).map(job).collect();
    engines[0].write(&owner("anna"), &jobs[..30]).unwrap();
    engines[0].write(&owner("bert"), &jobs[30..]).unwrap();
    let claimed: Vec<String> = thread::scope(|scope| {
        let workers = engines.each_ref().map(|engine| {
            scope.spawn(move || {
                let mut mine = Vec::new();
                loop {
                    let claims = engine.due(Kind::Job, 60_000, 3).unwrap();
                    if claims.is_empty() {
                        return mine;
                    }
                    for claim in claims {
                        engine.settle(&claim, Settlement::Keep).unwrap();
                        mine.push(claim.key.id);
                    }
                }
            })
        });
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    assert_eq!(claimed.len(), 60);
    assert_eq!(claimed.into_iter().collect::<BTreeSet<_>>().len(), 60);
}

#[test]
fn leases_run_on_the_databases_clock() {
    let (url, [one, other]) = engines();
    one.write(&owner("anna"), &[job(1)]).unwrap();
    let clock = || number(&url, "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint");
    let before = clock();
    let slow = one.due(Kind::Job, 500, 1).unwrap().remove(0);
    let leased_at = slow.expires_at.as_millisecond() - 500;
    assert!((before - 1..=clock() + 1).contains(&leased_at), "{before} {leased_at}");
    assert_eq!(other.due(Kind::Job, 500, 1).unwrap(), []);
    thread::sleep(Duration::from_millis(600));
    let quick = other.due(Kind::Job, 500, 1).unwrap().remove(0);
    assert!(quick.fence > slow.fence);
    assert!(matches!(one.settle(&slow, Settlement::Remove), Err(Error::Fenced)));
    other.settle(&quick, Settlement::Remove).unwrap();
}
