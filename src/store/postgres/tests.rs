//! Stories that only a server tells, beside those of the contract.

mod contending;
mod losing;
pub mod server;
mod trusting;

use super::*;
use server::{PASSWORD, Server, database, database_with, number, sql};

fn owner(name: &str) -> OwnerId {
    OwnerId::parse(name).unwrap()
}

fn key(id: &str) -> RowKey {
    RowKey::new(Kind::Segment, id)
}

fn put(id: &str, expected: Option<u64>) -> Write {
    Write::Put { key: key(id), expected, body: b"sealed".to_vec(), due_at: None }
}

fn engine(url: &str) -> Postgres {
    Postgres::open(url, Clock::system()).unwrap()
}

fn versions(engine: &Postgres, name: &str) -> Vec<(String, u64)> {
    engine.list(&owner(name), Kind::Segment).unwrap()
}

/// An error as a person sees it, with all that is below it.
fn told(error: &Error) -> String {
    let mut told = error.to_string();
    let mut below = std::error::Error::source(error);
    while let Some(cause) = below {
        told += &format!(": {cause}");
        below = cause.source();
    }
    assert!(!format!("{told} {error:?}").contains(PASSWORD), "{error:?}");
    told
}

#[test]
fn another_programs_table_is_left_alone() {
    let url = database();
    sql(&url, "CREATE TABLE rows (theirs text)").unwrap();
    assert!(matches!(Postgres::open(&url, Clock::system()), Err(Error::Foreign)));
    let url = database();
    sql(&url, "CREATE TABLE plainchart (theirs text)").unwrap();
    assert!(matches!(Postgres::open(&url, Clock::system()), Err(Error::Foreign)));
}

#[test]
fn a_newer_schema_is_refused_by_name() {
    let url = database();
    drop(engine(&url));
    sql(&url, "INSERT INTO plainchart (schema) VALUES (2)").unwrap();
    let error = Postgres::open(&url, Clock::system()).err().unwrap();
    insta::assert_snapshot!(error, @"this store has format 2, and this version knows 1 at most: update plainchart");
}

#[test]
fn a_call_may_be_made_inside_of_another_runtime() {
    let engine = engine(&database());
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async move {
        engine.write(&owner("anna"), &[put("a", None)]).unwrap();
        assert_eq!(versions(&engine, "anna"), [("a".into(), 1)]);
        // Dropped in here as well, where a runtime must not be.
        drop(engine);
    });
}

#[test]
fn a_user_with_the_rights_to_the_rows_alone_is_enough() {
    let url = database();
    let user = format!("user_{}", url.rsplit_once('_').unwrap().1);
    let as_user = url.replace("chart:", &format!("{user}:"));
    sql(&url, &format!("CREATE USER {user} PASSWORD '{PASSWORD}'")).unwrap();
    let refused = Postgres::open(&as_user, Clock::system()).err().unwrap();
    insta::assert_snapshot!(told(&refused), @"the database server refused: db error: ERROR: permission denied for schema public");
    drop(engine(&url));
    let rights = format!(
        "GRANT SELECT, INSERT, UPDATE, DELETE ON rows TO {user}; GRANT SELECT ON plainchart TO {user}"
    );
    sql(&url, &rights).unwrap();
    let engine = engine(&as_user);
    engine.write(&owner("anna"), &[put("a", None)]).unwrap();
    engine.write(&owner("anna"), &[Write::Expect { key: key("a"), version: 1 }, put("a", Some(1))]).unwrap();
    engine.forget(&owner("anna")).unwrap();
    assert_eq!(engine.owners().unwrap(), []);
}

#[test]
fn a_database_that_sorts_by_a_language_gives_the_same_order() {
    let english = "TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en-US'";
    let engine = engine(&database_with(english));
    let ids = ["b", "A", "a-c", "ab", "B"];
    engine.write(&owner("anna"), &ids.map(|id| put(id, None))).unwrap();
    let listed: Vec<String> = versions(&engine, "anna").into_iter().map(|(id, _)| id).collect();
    assert_eq!(listed, ["A", "B", "a-c", "ab", "b"]);
}
