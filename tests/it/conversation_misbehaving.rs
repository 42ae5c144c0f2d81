//! Tools that panic or never end: each ends its own call and nothing else.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use plainchart::access::{Outcome, audit};
use plainchart::mcp::{log, stdio, tool::Limits};
use rmcp::model::ProtocolVersion;
use rmcp::service::{ClientLifecycleMode, ClientServiceExt};
use serde_json::json;
use tracing::level_filters::LevelFilter;

use crate::conversation::{UNUSUAL, World, call, refusal, text};

fn short() -> Limits {
    // Long enough for a tool that behaves on a busy machine.
    let deadline = Duration::from_secs(1);
    Limits { deadline, grace: Duration::from_secs(1), ..Limits::default() }
}

fn modern() -> ClientLifecycleMode {
    ClientLifecycleMode::Discover { preferred_versions: vec![ProtocolVersion::V_2026_07_28] }
}

fn outcomes(world: &World) -> Vec<Outcome> {
    audit::read(&world.sealed, 100).unwrap().iter().map(|line| line.event.outcome).collect()
}

#[tokio::test]
async fn a_panic_ends_one_call_and_is_audited() {
    let world = World::new();
    let client = world.client().await;
    insta::assert_snapshot!(refusal(&client, "misbehave_panic", json!({})).await, @"Something in plainchart failed, and this call with it. Other tools still answer.");
    assert_ne!(call(&client, "get_procedures", json!({})).await.is_error, Some(true));
    assert_eq!(outcomes(&world), [Outcome::Panicked, Outcome::Answered]);
}

#[tokio::test]
async fn an_endless_loop_is_stopped_at_its_deadline_while_others_are_answered() {
    let world = World::new();
    let client = world.client_of(modern(), short()).await;
    let began = Instant::now();
    let other = async {
        call(&client, "get_procedures", json!({})).await;
        began.elapsed()
    };
    let (stopped, other) = tokio::join!(refusal(&client, "misbehave_loop", json!({})), other);
    assert!(stopped.starts_with("The answer took too long and was stopped. Ask for less"), "{stopped}");
    assert!(began.elapsed() >= short().deadline);
    assert!(other < short().deadline, "{other:?}");
    assert_eq!(outcomes(&world), [Outcome::Answered, Outcome::TimedOut]);
}

#[tokio::test]
async fn a_thread_that_ignores_its_deadline_is_given_up_and_at_two_the_server_ends() {
    let world = World::new();
    let (ours, theirs) = tokio::io::duplex(1 << 20);
    let (input, output) = tokio::io::split(ours);
    let served = tokio::spawn(stdio::converse(world.access(), short(), input, output));
    let client = ().serve_with_lifecycle(theirs, modern()).await.unwrap();
    let stopped = refusal(&client, "misbehave_hang", json!({})).await;
    assert!(stopped.starts_with("The answer took too long"), "{stopped}");
    let answer = call(&client, "get_procedures", json!({})).await;
    assert!(text(&answer).contains("[P100001]"));
    refusal(&client, "misbehave_hang", json!({})).await;
    let ended = tokio::time::timeout(Duration::from_secs(5), served).await.unwrap().unwrap();
    assert!(matches!(ended, Err(stdio::Error::WornOut)), "{ended:?}");
    assert_eq!(outcomes(&world), [Outcome::TimedOut, Outcome::Answered, Outcome::TimedOut]);
}

#[tokio::test]
async fn a_call_that_the_client_cancels_is_stopped_at_once() {
    let world = World::new();
    let limits = Limits { deadline: Duration::from_secs(60), ..short() };
    let client = world.client_of(ClientLifecycleMode::Initialize, limits).await;
    let peer = client.peer().clone();
    let request =
        rmcp::model::CallToolRequest::new(rmcp::model::CallToolRequestParams::new("misbehave_loop"));
    let options = rmcp::service::PeerRequestOptions::no_options();
    let handle = peer.send_cancellable_request(request.into(), options).await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    handle.cancel(Some("never mind".into())).await.unwrap();
    for _ in 0..100 {
        if outcomes(&world) == [Outcome::TimedOut] {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("it went on: {:?}", outcomes(&world));
}

/// Where a panic is logged: for the whole process, since tools run on their own threads.
#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_panic_is_logged_without_its_words() {
    let captured = Captured::default();
    let writer = captured.clone();
    let subscriber = log::subscriber(LevelFilter::TRACE, move || writer.clone());
    tracing::subscriber::set_global_default(subscriber).unwrap();
    log::without_panic_messages();
    let world = World::new();
    let client = world.client().await;
    refusal(&client, "misbehave_panic", json!({})).await;
    let _ = std::panic::take_hook();
    let logged = String::from_utf8(captured.0.lock().unwrap().clone()).unwrap();
    assert!(logged.contains("something panicked"), "{logged}");
    assert!(logged.contains("misbehave.rs"), "{logged}");
    for word in UNUSUAL {
        assert!(!logged.contains(word), "{word} in {logged}");
    }
}
