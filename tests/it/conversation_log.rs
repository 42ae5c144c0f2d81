//! No health data is ever logged: a whole conversation with the log wide open, and no word of the record in it.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use plainchart::mcp::log;
use serde_json::json;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::fmt::MakeWriter;

use crate::conversation::{UNUSUAL, World, call};

/// A log that can be read again.
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

impl MakeWriter<'_> for Captured {
    type Writer = Captured;

    fn make_writer(&self) -> Captured {
        self.clone()
    }
}

// Everything of the protocol runs on this thread, and tools log nothing of their own; that a panic on their
// thread is logged without its words is tried with the misbehaving tools.
#[test]
fn no_word_of_the_record_is_logged() {
    let captured = Captured::default();
    let subscriber = log::subscriber(LevelFilter::TRACE, captured.clone());
    tracing::subscriber::with_default(subscriber, || {
        tracing::info!(target: "plainchart::try", "the log is open");
        tracing::error!(target: "rmcp::service", "Quillfeather by another crate");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(converse());
    });
    let logged = String::from_utf8(captured.0.lock().unwrap().clone()).unwrap();
    assert!(logged.contains("the log is open"), "nothing was captured");
    for word in UNUSUAL {
        assert!(!logged.contains(word), "{word} in {logged}");
    }
}

async fn converse() {
    let client = World::new().client().await;
    let tools = client.list_tools(None).await.unwrap().tools;
    for tool in &tools {
        for arguments in [json!({}), json!({ "query": "Zorbectomy" }), json!({ "since": "Quillfeather" })] {
            call(&client, &tool.name, arguments).await;
        }
    }
    call(&client, "Quillfeather", json!({ "Zorbectomy": "xylofrond" })).await;
}
