//! Tools that misbehave, so that the tests can try the gate. Never in a release.

use std::sync::atomic::Ordering;
use std::time::Duration;

use super::{Run, Tool};
use crate::insight::{Answer, Context, Refusal};
use crate::mcp::Arguments;

/// Answered and never listed.
pub const TOOLS: &[Tool] = &[PANICS, LOOPS, HANGS];

const PANICS: Tool = Tool {
    name: "misbehave_panic",
    title: "Panics",
    description: "Panics with a word of the record.",
    parameters: &[],
    output: serde_json::Map::new,
    run: Run::OfView(panics),
};

const LOOPS: Tool = Tool {
    name: "misbehave_loop",
    title: "Loops",
    description: "Loops until it is stopped.",
    parameters: &[],
    output: serde_json::Map::new,
    run: Run::OfView(loops),
};

const HANGS: Tool = Tool {
    name: "misbehave_hang",
    title: "Hangs",
    description: "Ignores that it is stopped.",
    parameters: &[],
    output: serde_json::Map::new,
    run: Run::OfView(hangs),
};

#[expect(clippy::panic, reason = "this is what the gate is tried with")]
fn panics(context: &Context<'_>, _: &Arguments) -> Result<Answer, Refusal> {
    panic!("the record of {}", crate::insight::Whose::of(context.view).name)
}

fn loops(context: &Context<'_>, _: &Arguments) -> Result<Answer, Refusal> {
    loop {
        context.check()?;
    }
}

fn hangs(context: &Context<'_>, _: &Arguments) -> Result<Answer, Refusal> {
    // It ends with the process, or once nobody has waited for it for a long time.
    for _ in 0..6_000 {
        std::thread::sleep(Duration::from_millis(10));
    }
    assert!(context.stop.load(Ordering::Relaxed), "nobody has stopped a tool that hangs");
    Err(Refusal::OutOfTime)
}
