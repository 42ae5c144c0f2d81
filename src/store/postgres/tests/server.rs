//! Real servers: the one that `PLAINCHART_TEST_POSTGRES` names, for whoever needs a database of its own, and such
//! as a test may halt.

use std::path::PathBuf;
use std::process::Command;

use super::super::{Address, Connections};
use crate::clock::Randomness;
use crate::store::Error;

/// The password of all of them, to be looked for where it must not be.
pub const PASSWORD: &str = "hunter2";

/// The URL of a new, empty database.
pub fn database() -> String {
    database_with("")
}

/// One with these words of `CREATE DATABASE`.
pub fn database_with(words: &str) -> String {
    #[expect(clippy::disallowed_methods, reason = "which server it is, is the tests' own setting")]
    let server = std::env::var("PLAINCHART_TEST_POSTGRES")
        .expect("PLAINCHART_TEST_POSTGRES names a server; tests/peers/postgres.sh starts one");
    let name = format!("chart_{}", Randomness::system().hex(8));
    sql(&server, &format!("CREATE DATABASE {name} {words}")).unwrap();
    format!("{}/{name}", server.rsplit_once('/').unwrap().0)
}

/// Runs SQL beside the engine.
pub fn sql(url: &str, sql: &str) -> Result<(), Error> {
    let connections = Connections::new(&Address::parse(url)?)?;
    connections.run(async |client| Ok(client.batch_execute(sql).await?))
}

/// A number that SQL gives.
pub fn number(url: &str, sql: &str) -> i64 {
    let connections = Connections::new(&Address::parse(url).unwrap()).unwrap();
    connections.run(async |client| Ok(client.query_one(sql, &[]).await?.get(0))).unwrap()
}

/// A server of a test's own. It ends with it.
pub struct Server {
    folder: PathBuf,
    pub url: String,
}

impl Server {
    pub fn start(kind: &str) -> Server {
        let told = script(&["start", kind]);
        let (folder, url) = told.trim().split_once('\n').unwrap();
        Server { folder: folder.into(), url: url.into() }
    }

    pub fn file(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }

    pub fn halt(&self) {
        script(&["halt", self.folder.to_str().unwrap()]);
    }

    pub fn resume(&self) {
        script(&["resume", self.folder.to_str().unwrap()]);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        script(&["end", self.folder.to_str().unwrap()]);
    }
}

fn script(arguments: &[&str]) -> String {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers/postgres.sh");
    let output = Command::new("bash").arg(script).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
