//! The stories that every engine lives up to, run against each engine that there is.

use jiff::{SignedDuration, Timestamp};

use super::*;

/// Tells a story to every engine of this build, each empty and on a clock that stands still.
fn each_engine(story: impl Fn(&dyn Engine, &Clock)) {
    let folder = tempfile::tempdir().unwrap();
    let sqlite = format!("sqlite:{}", folder.path().join("contract.db").display());
    for url in [String::from("memory:"), sqlite].into_iter().chain(on_servers()) {
        let clock = Clock::fixed("2026-05-01T08:00:00Z".parse().unwrap());
        let engine = open(&url, clock.clone()).unwrap();
        story(engine.as_ref(), &clock);
    }
}

/// A new database on each server that the tests were built to need.
fn on_servers() -> Vec<String> {
    vec![
        #[cfg(feature = "postgres-peer")]
        super::postgres::tests::server::database(),
    ]
}

fn owner(name: &str) -> OwnerId {
    OwnerId::parse(name).unwrap()
}

fn put(id: &str, expected: Option<u64>, body: &str) -> Write {
    Write::Put { key: RowKey::new(Kind::Segment, id), expected, body: body.into(), due_at: None }
}

fn job(id: &str, due_at: Timestamp) -> Write {
    let (key, body) = (RowKey::new(Kind::Job, id), b"job".to_vec());
    Write::Put { key, expected: None, body, due_at: Some(due_at) }
}

fn body(engine: &dyn Engine, owner: &OwnerId, id: &str) -> Option<(u64, String)> {
    let mut rows = engine.get(owner, &[RowKey::new(Kind::Segment, id)]).unwrap();
    rows.remove(0).map(|row| (row.version, String::from_utf8(row.body).unwrap()))
}

fn seen(version: u64, body: &str) -> Option<(u64, String)> {
    Some((version, body.to_owned()))
}

#[test]
fn several_rows_come_back_in_the_order_they_were_asked_for() {
    each_engine(|engine, _| {
        let anna = owner("anna");
        engine.write(&anna, &[put("a", None, "one"), put("b", None, "two")]).unwrap();
        let keys = ["b", "missing", "a"].map(|id| RowKey::new(Kind::Segment, id));
        let rows = engine.get(&anna, &keys).unwrap();
        let bodies: Vec<_> = rows.into_iter().map(|row| row.map(|row| row.body)).collect();
        assert_eq!(bodies, [Some(b"two".to_vec()), None, Some(b"one".to_vec())]);
        assert_eq!(engine.list(&anna, Kind::Segment).unwrap(), [("a".into(), 1), ("b".into(), 1)]);
        assert_eq!(engine.list(&anna, Kind::Original).unwrap(), []);
    });
}

#[test]
fn a_row_is_seen_with_the_version_of_another() {
    each_engine(|engine, _| {
        let (anna, key) = (owner("anna"), |id| RowKey::new(Kind::Segment, id));
        engine.write(&anna, &[put("a", None, "one"), put("b", None, "two")]).unwrap();
        engine.write(&anna, &[put("a", Some(1), "three")]).unwrap();
        let (version, row) = engine.get_beside(&anna, &key("a"), &key("b")).unwrap().unwrap();
        assert_eq!((version, row), (2, engine.get(&anna, &[key("b")]).unwrap().remove(0)));
        assert_eq!(engine.get_beside(&anna, &key("a"), &key("missing")).unwrap(), Some((2, None)));
        assert_eq!(engine.get_beside(&anna, &key("missing"), &key("b")).unwrap(), None);
        assert_eq!(engine.get_beside(&owner("ben"), &key("a"), &key("b")).unwrap(), None);
    });
}

#[test]
fn a_stale_write_changes_nothing() {
    each_engine(|engine, _| {
        let anna = owner("anna");
        engine.write(&anna, &[put("a", None, "one")]).unwrap();
        engine.write(&anna, &[put("a", Some(1), "two")]).unwrap();
        let delete = |version| Write::Delete { key: RowKey::new(Kind::Segment, "a"), version };
        let expect = |version| Write::Expect { key: RowKey::new(Kind::Segment, "a"), version };
        let gone = Write::Expect { key: RowKey::new(Kind::Segment, "gone"), version: 1 };
        for stale in [put("a", None, "x"), put("a", Some(1), "x"), put("gone", Some(1), "x")]
            .into_iter()
            .chain([delete(1), delete(3), expect(1), expect(3), gone])
        {
            // The good writes around the stale one are undone with it.
            let batch = [put("b", None, "new"), stale, put("c", None, "new")];
            assert!(matches!(engine.write(&anna, &batch), Err(Error::Conflict)), "{batch:?}");
            assert_eq!(engine.list(&anna, Kind::Segment).unwrap(), [("a".into(), 2)]);
            assert_eq!(body(engine, &anna, "a"), seen(2, "two"));
        }
        engine.write(&anna, &[expect(2), delete(2), put("a", None, "again")]).unwrap();
        assert_eq!(body(engine, &anna, "a"), seen(1, "again"));
    });
}

#[test]
fn a_failed_batch_leaves_what_it_had_replaced_and_removed() {
    each_engine(|engine, _| {
        let anna = owner("anna");
        engine.write(&anna, &[put("a", None, "one"), put("b", None, "two")]).unwrap();
        let delete = Write::Delete { key: RowKey::new(Kind::Segment, "b"), version: 1 };
        let batch = [put("a", Some(1), "changed"), delete, put("b", None, "new"), put("a", Some(1), "stale")];
        assert!(matches!(engine.write(&anna, &batch), Err(Error::Conflict)));
        assert_eq!(body(engine, &anna, "a"), seen(1, "one"));
        assert_eq!(body(engine, &anna, "b"), seen(1, "two"));
        // Nobody appears by a batch that failed.
        assert!(engine.write(&owner("bert"), &[put("a", None, "x"), put("a", None, "x")]).is_err());
        assert_eq!(engine.owners().unwrap(), [anna]);
    });
}

#[test]
fn of_two_writers_one_has_a_conflict() {
    each_engine(|engine, _| {
        let anna = owner("anna");
        engine.write(&anna, &[put("a", None, "start")]).unwrap();
        let won = std::thread::scope(|scope| {
            let write = |name| engine.write(&anna, &[put("a", Some(1), name)]).is_ok();
            let writers = ["one", "two", "three"].map(|name| scope.spawn(move || write(name)));
            writers.map(|writer| writer.join().unwrap()).into_iter().filter(|won| *won).count()
        });
        assert_eq!(won, 1);
        assert_eq!(body(engine, &anna, "a").unwrap().0, 2);
    });
}

#[test]
fn a_forgotten_person_is_gone_and_nobody_else() {
    each_engine(|engine, _| {
        let (anna, bert) = (owner("anna"), owner("bert"));
        let large = "x".repeat(700_000);
        for id in ["a", "b", "c", "d"] {
            engine.write(&anna, &[put(id, None, &large)]).unwrap();
        }
        engine.write(&bert, &[put("a", None, "bert's")]).unwrap();
        assert_eq!(engine.owners().unwrap(), [anna.clone(), bert.clone()]);
        engine.forget(&anna).unwrap();
        engine.forget(&anna).unwrap();
        assert_eq!(engine.owners().unwrap(), std::slice::from_ref(&bert));
        assert_eq!(engine.list(&anna, Kind::Segment).unwrap(), []);
        assert_eq!(body(engine, &bert, "a"), seen(1, "bert's"));
    });
}

#[test]
fn work_comes_due_in_order_and_to_one_worker() {
    each_engine(|engine, clock| {
        let (anna, bert, now) = (owner("anna"), owner("bert"), clock.now());
        let minute = SignedDuration::from_mins(1);
        engine.write(&anna, &[job("later", now + minute), job("now", now)]).unwrap();
        engine.write(&bert, &[job("before", now - minute), put("never", None, "x")]).unwrap();
        let claims = engine.due(Kind::Job, 1_000, 1).unwrap();
        assert_eq!((&claims[0].owner, claims[0].key.id.as_str()), (&bert, "before"));
        assert_eq!(claims[0].row.body, b"job");
        let claims = engine.due(Kind::Job, 1_000, 9).unwrap();
        assert_eq!(claims.iter().map(|claim| claim.key.id.as_str()).collect::<Vec<_>>(), ["now"]);
        assert_eq!(engine.due(Kind::Job, 1_000, 9).unwrap(), []);
        assert_eq!(engine.due(Kind::Segment, 1_000, 9).unwrap(), []);
    });
}

#[test]
fn a_claim_runs_out_and_its_worker_is_fenced_off() {
    each_engine(|engine, clock| {
        let anna = owner("anna");
        engine.write(&anna, &[job("a", clock.now())]).unwrap();
        let slow = engine.due(Kind::Job, 1_000, 1).unwrap().remove(0);
        clock.advance(SignedDuration::from_millis(999));
        assert_eq!(engine.due(Kind::Job, 1_000, 1).unwrap(), []);
        clock.advance(SignedDuration::from_millis(1));
        let quick = engine.due(Kind::Job, 1_000, 1).unwrap().remove(0);
        assert!(quick.fence > slow.fence);
        assert!(matches!(engine.settle(&slow, Settlement::Remove), Err(Error::Fenced)));
        engine.settle(&quick, Settlement::Remove).unwrap();
        assert!(matches!(engine.settle(&quick, Settlement::Keep), Err(Error::Fenced)));
        // The same work, put there anew, is not the slow worker's either.
        engine.write(&anna, &[job("a", clock.now())]).unwrap();
        engine.due(Kind::Job, 1_000, 1).unwrap();
        assert!(matches!(engine.settle(&slow, Settlement::Remove), Err(Error::Fenced)));
    });
}

#[test]
fn settled_work_stays_goes_or_comes_again() {
    each_engine(|engine, clock| {
        let anna = owner("anna");
        engine.write(&anna, &[job("again", clock.now()), job("kept", clock.now())]).unwrap();
        let claims = engine.due(Kind::Job, 1_000, 9).unwrap();
        let next = clock.now() + SignedDuration::from_hours(1);
        engine.settle(&claims[0], Settlement::DueAt(next)).unwrap();
        engine.settle(&claims[1], Settlement::Keep).unwrap();
        clock.advance(SignedDuration::from_mins(59));
        assert_eq!(engine.due(Kind::Job, 1_000, 9).unwrap(), []);
        clock.advance(SignedDuration::from_mins(1));
        assert_eq!(engine.due(Kind::Job, 1_000, 9).unwrap()[0].key.id, "again");
        assert_eq!(engine.list(&anna, Kind::Job).unwrap(), [("again".into(), 1), ("kept".into(), 1)]);
    });
}

#[test]
fn a_write_to_claimed_work_ends_the_claim() {
    each_engine(|engine, clock| {
        let (anna, key) = (owner("anna"), RowKey::new(Kind::Job, "a"));
        engine.write(&anna, &[job("a", clock.now())]).unwrap();
        let claim = engine.due(Kind::Job, 60_000, 1).unwrap().remove(0);
        let due_at = Some(clock.now());
        let write = Write::Put { key, expected: Some(1), body: b"new".to_vec(), due_at };
        engine.write(&anna, &[write]).unwrap();
        assert!(matches!(engine.settle(&claim, Settlement::Keep), Err(Error::Fenced)));
        assert_eq!(engine.due(Kind::Job, 60_000, 1).unwrap()[0].row.version, 2);
    });
}

#[test]
fn an_unknown_url_is_refused() {
    for url in ["", "memory", "sqlite:", "postgres:x", "/a/path"] {
        assert!(matches!(open(url, Clock::system()), Err(Error::UnknownEngine)), "{url}");
    }
}
