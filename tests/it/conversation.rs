//! A conversation in memory: a person with a small record, a server, and rmcp's client on the other side.

use jiff::Timestamp;
use plainchart::access::{Access, Caller, Door};
use plainchart::clock::{Clock, Randomness};
use plainchart::mcp::server::Server;
use plainchart::mcp::tool::{Gate, Limits};
use plainchart::record::{
    Concept, Death, Detail, Entry, EntryId, Import, Kind, Name, Person, Source, SourceKind, When,
};
use plainchart::store::records::{self, Change};
use plainchart::store::{OwnerId, Sealed, Vault};
use rmcp::ServiceExt;
use rmcp::model::{CallToolRequestParams, CallToolResult, ContentBlock, ProtocolVersion};
use rmcp::service::{ClientLifecycleMode, ClientServiceExt, RoleClient, RunningService};
use serde_json::Value;

/// Words that stand in the record and nowhere else.
pub const UNUSUAL: &[&str] = &["Quillfeather", "Zorbectomy", "Grumbleton", "xylofrond"];

/// A person, and the rows of their record.
pub struct World {
    pub vault: Vault,
    pub sealed: Sealed,
}

/// The assistant's side.
pub type Client = RunningService<RoleClient, ()>;

impl World {
    pub fn new() -> World {
        let clock = Clock::fixed("2026-03-01T10:00:00Z".parse::<Timestamp>().unwrap());
        let vault = Vault::in_memory(clock, Randomness::seeded(1)).unwrap();
        let sealed = vault.create(&OwnerId::random(vault.random())).unwrap();
        let opened = records::open(&sealed).unwrap();
        let change = Change { sources: Some(vec![source()]), entries: entries(), ..Change::default() };
        records::save(&sealed, opened.with(change)).unwrap();
        World { vault, sealed }
    }

    pub fn access(&self) -> Access {
        Access::new(Door::to_rows(self.sealed.clone()), self.vault.clock().clone())
    }

    /// A conversation in the era of `server/discover`.
    pub async fn client(&self) -> Client {
        let lifecycle =
            ClientLifecycleMode::Discover { preferred_versions: vec![ProtocolVersion::V_2026_07_28] };
        self.client_of(lifecycle, Limits::default()).await
    }

    pub async fn client_of(&self, lifecycle: ClientLifecycleMode, limits: Limits) -> Client {
        let (ours, theirs) = tokio::io::duplex(1 << 20);
        let server = Server::new(Gate::new(self.access(), limits), Caller::LocalOwner);
        tokio::spawn(async move { server.serve(ours).await.unwrap().waiting().await });
        ().serve_with_lifecycle(theirs, lifecycle).await.unwrap()
    }
}

/// Calls a tool with arguments given as JSON.
pub async fn call(client: &Client, tool: &str, arguments: Value) -> CallToolResult {
    let arguments = arguments.as_object().unwrap().clone();
    client.call_tool(CallToolRequestParams::new(tool.to_owned()).with_arguments(arguments)).await.unwrap()
}

/// The text of a result.
pub fn text(result: &CallToolResult) -> &str {
    match result.content.as_slice() {
        [ContentBlock::Text(text)] => &text.text,
        other => panic!("one text was expected: {other:?}"),
    }
}

/// The sentence of a refusal.
pub async fn refusal(client: &Client, tool: &str, arguments: Value) -> String {
    let result = call(client, tool, arguments).await;
    assert_eq!(result.is_error, Some(true), "{result:?}");
    assert!(result.structured_content.is_none());
    text(&result).to_owned()
}

fn source() -> Source {
    Source {
        id: "source".into(),
        name: "Grumbleton Clinic".into(),
        kind: SourceKind::Files,
        patient_keys: Vec::new(),
        imports: vec![Import { at: 1_767_225_600, file: "clinic.json".into(), read: 2, left_out: 0 }],
        fetched: None,
    }
}

fn entries() -> Vec<Entry> {
    let person = Person {
        names: vec![Name { text: Some("Ada Quillfeather".into()), ..Name::default() }],
        birth: When::parse("1961-04-02"),
        death: Death::NotRecorded,
        ..Person::default()
    };
    let mut done = entry(Kind::Procedure, 100_001, "Zorbectomy of the left ear", Detail::Plain);
    done.date = When::parse("2024-05-06");
    done.notes = vec!["the xylofrond was left in place".into()];
    vec![entry(Kind::Demographics, 100_000, "", Detail::Person(Box::new(person))), done]
}

fn entry(kind: Kind, number: u32, name: &str, detail: Detail) -> Entry {
    Entry {
        key: format!("{kind:?}/{number}").into(),
        added_at: 1_767_225_600,
        status: Some("completed".into()),
        concept: Concept { text: Some(name.into()), codes: Vec::new() },
        ..Entry::new(EntryId::new(kind, number), detail)
    }
}
