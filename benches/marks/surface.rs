//! What it costs an assistant to know the tools.

use plainchart::mcp::server::listed_tools;
use serde_json::{Value, json};
use tiktoken_rs::o200k_base;

use crate::board::Board;

const TOKENS_MAX: f64 = 5_000.0;

/// Counts names, descriptions and input schemas: what a host shows its model.
pub fn measure(board: &mut Board) {
    let tools = listed_tools();
    let listed: Vec<Value> = tools
        .iter()
        .map(|tool| json!({ "name": tool.name, "description": tool.description, "inputSchema": *tool.input_schema }))
        .collect();
    let listed = serde_json::to_string(&listed).unwrap();
    let tokens = o200k_base().unwrap().encode_ordinary(&listed).len();
    board.holds(&format!("tokens of tools/list, {} tools", tools.len()), tokens as f64, TOKENS_MAX, "");
}
