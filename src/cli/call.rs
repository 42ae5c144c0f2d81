//! `plainchart call`: one tool, as an assistant would ask it.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use serde_json::{Map, Value};

use super::exit::Usage;
use super::place::Place;
use crate::mcp::tool::{self, Gate, Limits, Refused};

/// Which tool, with which arguments.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The tool, such as get_labs.
    tool: String,
    /// Its arguments as a JSON object, such as '{"query":"glucose"}'.
    #[arg(value_name = "JSON")]
    arguments: Option<String>,
    /// Print the whole result, the typed form too.
    #[arg(long)]
    json: bool,
}

/// Asks the tool through the same gate as an assistant, and prints its answer.
pub fn run(place: Place, arguments: &Arguments) -> Result<ExitCode> {
    let given: Map<String, Value> = match &arguments.arguments {
        Some(json) => serde_json::from_str(json).map_err(|_| {
            Usage("the arguments are no JSON object: write them like '{\"query\":\"glucose\"}'".into())
        })?,
        None => Map::new(),
    };
    // A store that cannot be opened is told with its own exit code; the gate would only refuse.
    place.open()?;
    let desk = place.desk();
    let gate = Gate::with(place.access(), Limits::default(), Some(desk));
    match tool::call_through(&gate, &arguments.tool, given) {
        Ok(answer) if arguments.json => {
            let result = serde_json::json!({
                "content": [{ "type": "text", "text": answer.text }],
                "structuredContent": answer.structured,
            });
            println!("{}", serde_json::to_string_pretty(&result)?);
            Ok(ExitCode::SUCCESS)
        }
        Ok(answer) => {
            println!("{}", answer.text);
            Ok(ExitCode::SUCCESS)
        }
        Err(Refused(sentence)) => {
            eprintln!("plainchart: {sentence}");
            Ok(ExitCode::FAILURE)
        }
    }
}
