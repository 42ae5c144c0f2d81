//! Over a pair of streams: the end of the input ends the server, and a store that is not there is told, not fatal.

use std::time::{Duration, Instant};

use plainchart::access::{Access, Door};
use plainchart::clock::{Clock, Randomness};
use plainchart::config::Config;
use plainchart::mcp::stdio;
use plainchart::mcp::tool::{self, Limits, Refused};
use plainchart::store::{Vault, people};
use serde_json::Map;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};

use crate::conversation::World;

const HELLO: &str = r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"try","version":"1"}}}
{"jsonrpc":"2.0","method":"notifications/initialized"}
"#;
const ASK: &str = r#"{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"get_procedures","arguments":{"limit":1}}}
"#;

#[tokio::test]
async fn what_was_asked_before_the_input_ended_is_answered_and_then_the_server_ends() {
    let world = World::new();
    let (ours, theirs) = tokio::io::duplex(1 << 20);
    let (input, output) = tokio::io::split(ours);
    let served = tokio::spawn(stdio::converse(world.access(), Limits::default(), input, output));
    let (theirs, mut writer) = tokio::io::split(theirs);
    writer.write_all(HELLO.as_bytes()).await.unwrap();
    writer.write_all(ASK.as_bytes()).await.unwrap();
    writer.shutdown().await.unwrap();
    let began = Instant::now();
    let mut lines = BufReader::new(theirs).lines();
    let hello = lines.next_line().await.unwrap().unwrap();
    assert!(hello.contains(r#""protocolVersion":"2025-06-18""#), "{hello}");
    let answer = lines.next_line().await.unwrap().unwrap();
    assert!(answer.contains(r#""id":2"#) && answer.contains("[P100001]"), "{answer}");
    served.await.unwrap().unwrap();
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
}

#[tokio::test]
async fn an_input_that_ends_at_once_is_no_error_and_one_that_is_no_mcp_is() {
    let world = World::new();
    let silence =
        stdio::converse(world.access(), Limits::default(), tokio::io::empty(), tokio::io::sink()).await;
    assert!(silence.is_ok(), "{silence:?}");
    let noise: &[u8] = b"{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}\n";
    let noise = stdio::converse(world.access(), Limits::default(), noise, tokio::io::sink()).await;
    assert!(matches!(noise, Err(stdio::Error::NotMcp)), "{noise:?}");
}

fn config(folder: &std::path::Path) -> Config {
    let home = folder.join("home");
    let mut config = Config::from_lookup(|name| (name == "PLAINCHART_HOME").then(|| (&home).into())).unwrap();
    config.settings = folder.join("settings");
    config.uses_key_store = false;
    config
}

fn asked(config: &Config, person: Option<&str>) -> String {
    let (clock, random) = (Clock::system(), Randomness::system());
    let door = Door::to_store(config.clone(), clock.clone(), random, person.map(str::to_owned));
    let Err(Refused(sentence)) = tool::call(Access::new(door, clock), "get_labs", Map::new()) else {
        panic!("an empty store has answered")
    };
    sentence
}

#[test]
fn a_store_that_is_missing_empty_or_crowded_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let config = config(folder.path());
    insta::assert_snapshot!(asked(&config, None), @"There is no record here yet. Run `plainchart import PATH` with the files to read, then ask again.");
    assert!(!config.home.exists(), "looking has made a store");
    let vault = Vault::open(&config, &Clock::system(), &Randomness::system()).unwrap().vault;
    insta::assert_snapshot!(asked(&config, None), @"There is no record here yet. Run `plainchart import PATH` with the files to read, then ask again.");
    people::add(&vault, "Ada").unwrap();
    insta::assert_snapshot!(asked(&config, None), @"There is no record here yet. Run `plainchart import PATH` with the files to read, then ask again.");
    people::add(&vault, "Bert").unwrap();
    insta::assert_snapshot!(asked(&config, None), @"Several people are in this store. Start the server as `plainchart serve --person NAME`; `plainchart people` lists the names.");
    insta::assert_snapshot!(asked(&config, Some("Carla")), @"Nobody of this name is in the store. Run `plainchart people` to see the names, then `plainchart serve --person NAME`.");
}
