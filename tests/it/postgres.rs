//! Several processes on one PostgreSQL database, each with a home of its own: they have nothing else in common but
//! the key.

mod due;
mod hosted;
mod killed;
mod person;
mod revoked;

use std::process::{Command, Stdio};
use std::thread;

use serde_json::{Value, json};

use crate::people::{Conversation, Home, fixture};

/// The URL of the server that the tests were given.
fn server() -> String {
    #[expect(clippy::disallowed_methods, reason = "which server it is, is the tests' own setting")]
    std::env::var("PLAINCHART_TEST_POSTGRES").unwrap_or_else(|_| {
        panic!("PLAINCHART_TEST_POSTGRES names a server; tests/peers/postgres.sh starts one")
    })
}

/// The URL of a new, empty database.
fn database() -> String {
    let name = format!("it_{}", plainchart::clock::Randomness::system().hex(8));
    run("psql", &[&server(), "--quiet", "--command", &format!("CREATE DATABASE {name}")]);
    format!("{}/{name}", server().rsplit_once('/').unwrap().0)
}

fn run(program: &str, arguments: &[&str]) {
    let output = Command::new(program).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn import(home: &Home, file: &str) {
    home.run(&["import", &fixture(file).display().to_string()]).ok();
}

/// The sources of the record as a server tells of them, whom nobody has told that there is something new.
fn sources(conversation: &mut Conversation) -> Value {
    let answer = conversation.call("check_records_status", json!({}));
    answer["structuredContent"]["sources"].clone()
}

#[test]
fn what_one_process_imports_every_other_answers_from() {
    let url = database();
    let importing = Home::on(&url);
    import(&importing, "adult/lakeside.json");
    let homes = [Home::on(&url), Home::on(&url)];
    let mut servers =
        homes.each_ref().map(|home| Conversation::start(home.command(&["serve"]), Stdio::null()));
    let before = servers.each_mut().map(sources);
    assert_eq!(before[0], before[1]);
    assert_eq!(before[0].as_array().unwrap().len(), 1);
    import(&importing, "adult/riverton.ndjson");
    let after = servers.each_mut().map(sources);
    assert_eq!(after[0], after[1]);
    assert_eq!(after[0].as_array().unwrap().len(), 2);
    for server in servers {
        assert_eq!(server.end(), 0);
    }
    // Nothing of the record lies where a process ran.
    assert!(homes.iter().all(|home| !home.store().exists()));
}

#[test]
fn what_several_processes_write_at_once_is_all_there() {
    let url = database();
    let homes = [Home::on(&url), Home::on(&url), Home::on(&url)];
    import(&homes[0], "adult/lakeside.json");
    thread::scope(|scope| {
        for (place, home) in homes.iter().enumerate() {
            scope.spawn(move || {
                for number in 0..4 {
                    home.run(&["note", &format!("Walked {place}{number} steps.")]).ok();
                }
            });
        }
    });
    let found = homes[0].call("search_records", r#"{"query": "walked", "max_tokens": 8000}"#);
    for place in 0..3 {
        for number in 0..4 {
            assert!(found.contains(&format!("Walked {place}{number} steps.")), "{found}");
        }
    }
}

#[test]
fn a_database_is_shown_without_its_password() {
    let url = database();
    let home = Home::on(&url);
    import(&home, "adult/lakeside.json");
    let status = home.run(&["status"]).ok();
    let shown = format!("Store: postgres://localhost/{}\n", url.rsplit_once('/').unwrap().1);
    assert!(status.contains(&shown) && !status.contains("hunter2"), "{status}");
    let wrong = Home::on(&url.replace("hunter2", "hunter2-mistyped")).run(&["status"]).fails(1);
    assert!(wrong.contains("password authentication failed") && wrong.contains("next: "), "{wrong}");
    assert!(!wrong.contains("hunter2"), "{wrong}");
}

#[test]
fn a_record_on_a_server_can_be_dumped_restored_and_erased() {
    let (url, other) = (database(), database());
    let (home, again) = (Home::on(&url), Home::on(&other));
    import(&home, "adult/lakeside.json");
    let counts = home.counts();
    let dump = home.path("chart.dump").display().to_string();
    run("pg_dump", &["--format=custom", "--file", &dump, &url]);
    home.run(&["erase", "--yes"]).ok();
    assert!(home.run(&["call", "get_labs"]).fails(1).contains("plainchart import"));
    run("pg_restore", &["--dbname", &other, &dump]);
    assert_eq!(again.counts(), counts);
}
