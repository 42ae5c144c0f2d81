//! Our own count of tokens against the real tokenizer, over every tool's answer about every synthetic person.

use plainchart::insight::tokens;
use plainchart::mcp::tools::TOOLS;
use tiktoken_rs::o200k_base;

use crate::board::Board;
use crate::world;

/// So much of every budget is kept free (`insight::ask`): what is promised is held as long as this is.
const BELOW_MAX: f64 = 5.5;
/// A budget that is promised should be used.
const ABOVE_MAX: f64 = 40.0;

const PEOPLE: [&str; 4] = ["adult", "child", "deceased", "awkward/awkward.json"];
/// Arguments that make answers of other shapes than none do.
const SHAPES: [(&str, &str); 6] = [
    ("search_records", r#"{"query":"sugar"}"#),
    ("search_records", r#"{"query":"pain","max_tokens":8000}"#),
    ("get_labs", r#"{"query":"glucose, hba1c"}"#),
    ("get_labs", r#"{"max_tokens":8000}"#),
    ("get_visits", r#"{"detail":"full"}"#),
    ("get_documents", r#"{"max_tokens":8000}"#),
];

/// Compares the two counts.
pub fn measure(board: &mut Board) {
    let tokenizer = o200k_base().unwrap();
    let (mut below, mut above, mut answers) = (0.0_f64, 0.0_f64, 0);
    for person in PEOPLE {
        let sealed = world::in_memory(vec![world::fixture(person)]);
        let plain = TOOLS.iter().map(|tool| (tool.name, "{}"));
        let calls = plain
            .filter(|(tool, _)| !["search_records", "get_record", "connect_source"].contains(tool))
            .chain(SHAPES);
        let mut texts: Vec<(String, String)> = Vec::new();
        for (tool, arguments) in calls {
            let answer = world::ask(&sealed, tool, arguments);
            if let Some(id) = answer.cited.first() {
                let entry = world::ask(&sealed, "get_record", &format!(r#"{{"id":"{id}"}}"#));
                texts.push((format!("get_record of {tool}"), entry.text));
            }
            texts.push((format!("{tool} {arguments}"), answer.text));
        }
        for (call, text) in texts {
            let (ours, real) = (tokens(&text) as f64, tokenizer.encode_ordinary(&text).len() as f64);
            let off = (ours / real - 1.0) * 100.0;
            if !(-BELOW_MAX..=ABOVE_MAX).contains(&off) {
                println!("    {person} {call}: {ours} for {real}, {off:+.1} %");
            }
            (below, above, answers) = (below.max(-off), above.max(off), answers + 1);
        }
    }
    board.holds(&format!("estimate below the truth at most, of {answers} answers"), below, BELOW_MAX, "%");
    board.holds("estimate above the truth at most", above, ABOVE_MAX, "%");
}
