//! Stories that only a file tells: what is left in it, and who else has it open.

use super::*;

/// The bytes of the file and of its log.
fn bytes(folder: &Path) -> Vec<u8> {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.flat_map(|path| std::fs::read(path).unwrap()).collect()
}

fn has(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|window| window == text)
}

#[test]
fn of_a_forgotten_person_not_a_byte_is_left_in_the_file_or_its_log() {
    let folder = tempfile::tempdir().unwrap();
    let engine = Sqlite::open(&folder.path().join("chart.db"), Clock::system()).unwrap();
    let (anna, bert) = (OwnerId::parse("anna").unwrap(), OwnerId::parse("bert").unwrap());
    let put = |id: &str, body: &[u8]| {
        let (key, body) = (RowKey::new(Kind::Segment, id), body.to_vec());
        Write::Put { key, expected: None, body, due_at: None }
    };
    engine
        .write(&anna, &[put("a", b"ANNAS SMALL ROW"), put("b", &b"ANNAS LARGE ROW".repeat(9_000))])
        .unwrap();
    engine.write(&bert, &[put("a", b"BERTS ROW")]).unwrap();
    assert!(has(&bytes(folder.path()), b"ANNAS"));
    engine.forget(&anna).unwrap();
    let bytes = bytes(folder.path());
    assert!(!has(&bytes, b"ANNAS") && !has(&bytes, b"anna"));
    assert!(has(&bytes, b"BERTS ROW"));
}

#[test]
fn forgetting_waits_for_a_reader_only_so_long_and_can_be_asked_again() {
    let folder = tempfile::tempdir().unwrap();
    let engine = Sqlite::open(&folder.path().join("chart.db"), Clock::system()).unwrap();
    let anna = OwnerId::parse("anna").unwrap();
    let (key, body) = (RowKey::new(Kind::Segment, "a"), b"row".to_vec());
    engine.write(&anna, &[Write::Put { key: key.clone(), expected: None, body, due_at: None }]).unwrap();
    let mut reader = connect(&folder.path().join("chart.db")).unwrap();
    let reading = reader.transaction().unwrap();
    reading.query_row("SELECT count(*) FROM rows", [], |row| row.get::<_, i64>(0)).unwrap();
    assert!(matches!(engine.forget(&anna), Err(Error::Busy)));
    drop(reading);
    engine.forget(&anna).unwrap();
    assert_eq!(engine.get(&anna, &[key]).unwrap(), [None]);
}

#[test]
fn several_processes_may_make_the_store_at_once() {
    for _ in 0..10 {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("home").join("chart.db");
        std::thread::scope(|scope| {
            let open = || Sqlite::open(&path, Clock::system()).map(|_| ()).unwrap();
            let starts = [(); 6].map(|()| scope.spawn(open));
            starts.into_iter().for_each(|start| start.join().unwrap());
        });
    }
}

#[test]
fn writers_of_several_processes_all_get_their_turn() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("chart.db");
    std::thread::scope(|scope| {
        for name in ["anna", "bert", "carla", "dora"] {
            // An engine each, so that they meet in the file and not in this process.
            let engine = Sqlite::open(&path, Clock::system()).unwrap();
            scope.spawn(move || {
                for number in 0..50 {
                    let key = RowKey::new(Kind::Segment, number.to_string());
                    let body = vec![0; 10_000];
                    let write = Write::Put { key, expected: None, body, due_at: None };
                    engine.write(&OwnerId::parse(name).unwrap(), &[write]).unwrap();
                }
            });
        }
    });
    let engine = Sqlite::open(&path, Clock::system()).unwrap();
    for owner in engine.owners().unwrap() {
        assert_eq!(engine.list(&owner, Kind::Segment).unwrap().len(), 50);
    }
    assert_eq!(engine.owners().unwrap().len(), 4);
}

#[test]
fn those_who_wait_are_written_together_and_a_conflict_is_of_one_alone() {
    let folder = tempfile::tempdir().unwrap();
    let engine = Sqlite::open(&folder.path().join("chart.db"), Clock::system()).unwrap();
    let owner = |number: usize| OwnerId::parse(&format!("person-{number}")).unwrap();
    let put = |expected| {
        let key = RowKey::new(Kind::Setting, "a");
        [Write::Put { key, expected, body: b"row".to_vec(), due_at: None }]
    };
    let turn = engine.turn.wait();
    std::thread::scope(|scope| {
        let writers: Vec<_> = (0..6)
            .map(|number| {
                let (engine, put) = (&engine, &put);
                // Every second one expects a row that is not there.
                let expected = (number % 2 == 1).then_some(7);
                scope.spawn(move || engine.write(&owner(number), &put(expected)))
            })
            .collect();
        while engine.turn.are_waiting() < 6 {
            std::thread::yield_now();
        }
        drop(turn);
        let written: Vec<bool> = writers.into_iter().map(|writer| writer.join().unwrap().is_ok()).collect();
        assert_eq!(written, [true, false, true, false, true, false]);
    });
    for number in 0..6 {
        let rows = engine.get(&owner(number), &[RowKey::new(Kind::Setting, "a")]).unwrap();
        assert_eq!(rows[0].is_some(), number % 2 == 0, "{number}");
    }
}
