//! `plainchart demo`: what an assistant would get, on a made-up person, and how to connect one.

use std::io::Read;
use std::process::ExitCode;

use anyhow::{Result, anyhow};
use flate2::read::GzDecoder;
use serde_json::{Map, Value, json};

use super::place::Place;
use crate::access::{Access, Door};
use crate::config;
use crate::ingest::{self, Report, Request};
use crate::mcp::tool::{self, Refused};
use crate::sources::{Limits, files};
use crate::store::{Sealed, Vault, people};

/// The made-up person: two providers that overlap. Packed, since a megabyte of the program would be theirs.
const FILES: &[(&str, &[u8])] = &[
    ("lakeside.json", include_bytes!("../../fixtures/demo/lakeside.json.gz")),
    ("riverton.ndjson", include_bytes!("../../fixtures/demo/riverton.ndjson.gz")),
];

/// The day on which the made-up person's record is read.
const TODAY: jiff::civil::Date = jiff::civil::date(2026, 11, 1);

/// What people ask first, and the call that an assistant makes of it.
const QUESTIONS: &[(&str, &str, &str)] = &[
    ("Summarise my history.", "summarize_history", "{}"),
    ("Which medicines am I on?", "get_medications", r#"{"status":"active"}"#),
    ("How did my HbA1c and glucose go over time?", "get_labs", r#"{"query":"HbA1c, glucose"}"#),
    ("Which vaccines have I had?", "get_immunizations", "{}"),
    ("What happened at my last visit?", "get_visits", r#"{"detail":"full","limit":1}"#),
    ("Explain my potassium.", "explain_labs", r#"{"query":"potassium"}"#),
    (
        "I see the kidney doctor soon and am always tired. What should I ask?",
        "prep_appointment_questions",
        r#"{"specialty":"nephrology","concerns":"I am always tired"}"#,
    ),
    ("What does my day look like?", "plan_daily_routine", "{}"),
    ("Which check-ups are due?", "check_preventive_care", "{}"),
];

/// Imports the made-up person into memory, asks, and prints how to connect an assistant.
pub fn run(place: &Place) -> Result<ExitCode> {
    println!("A made-up person with records from two providers, held in memory; nothing is stored.\n");
    let (vault, rows, report) = made_up(place)?;
    let clock = vault.clock();
    println!("{}", report.text());
    for (question, tool, arguments) in QUESTIONS {
        println!("────────────────────────────────────────────────────────────");
        println!("Question: {question}\nThe assistant calls: {tool} {arguments}\nIt gets:\n");
        let arguments: Map<String, Value> = serde_json::from_str(arguments)?;
        let access = Access::new(Door::to_rows(rows.clone()), clock.clone());
        let answer = tool::call(access, tool, arguments).map_err(|Refused(sentence)| anyhow!(sentence))?;
        println!("{}\n", answer.text);
    }
    println!("────────────────────────────────────────────────────────────");
    connect()?;
    Ok(ExitCode::SUCCESS)
}

fn unpacked() -> std::io::Result<Vec<(&'static str, Vec<u8>)>> {
    let unpack = |(name, packed): &(&'static str, &[u8])| {
        let mut bytes = Vec::new();
        GzDecoder::new(*packed).read_to_end(&mut bytes)?;
        Ok((*name, bytes))
    };
    FILES.iter().map(unpack).collect()
}

/// The made-up person, held in memory on the day of the demo, and what was read of them.
pub fn made_up(place: &Place) -> Result<(Vault, Sealed, Report)> {
    let clock = place.clock.clone().with_today(TODAY);
    let vault = Vault::in_memory(clock.clone(), place.random.clone())?;
    let person = people::add(&vault, "demo")?;
    let rows = place.rows(&vault, &person)?;
    let request = Request { at: clock.now().as_second(), ..Request::default() };
    let files = unpacked()?;
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect();
    let read =
        |receiver: &mut dyn crate::sources::Receiver| files::read_held(&files, &Limits::default(), receiver);
    let report = ingest::import_from(&rows, &request, &mut |_| {}, read)?;
    Ok((vault, rows, report))
}

/// The exact lines for each assistant.
fn connect() -> Result<()> {
    let program = config::program()?.display().to_string();
    let server = json!({ "command": program, "args": ["serve"] });
    let desktop = json!({ "mcpServers": { "plainchart": server } });
    let mut code = server.clone();
    if let Some(object) = code.as_object_mut() {
        object.insert("type".into(), "stdio".into());
    }
    let code = json!({ "servers": { "plainchart": code } });
    println!("Your own record: plainchart import FILES, then connect an assistant.\n");
    println!(
        "Claude Desktop (Settings, Developer, Edit Config: claude_desktop_config.json):\n{}\n",
        serde_json::to_string_pretty(&desktop)?
    );
    println!("Claude Code:\n  claude mcp add plainchart -- \"{program}\" serve\n");
    println!("VS Code with Copilot (.vscode/mcp.json):\n{}\n", serde_json::to_string_pretty(&code)?);
    println!("MCP Inspector:\n  npx @modelcontextprotocol/inspector \"{program}\" serve");
    Ok(())
}
