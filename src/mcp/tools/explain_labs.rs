//! `explain_labs`: what results mean, where they stand, how they moved, what to ask.

use super::{Run, Tool};
use crate::insight::explain::explain;
use crate::insight::sheet::Sheet;
use crate::insight::{Answer, Context, Refusal};
use crate::mcp::Arguments;
use crate::mcp::parameter::{LIMIT, MAX_TOKENS, QUERY, SINCE, UNTIL};
use crate::mcp::schema;

pub const TOOL: Tool = Tool {
    name: "explain_labs",
    title: "Results explained",
    description: "Labs, vital signs, home readings, cultures, pathology, imaging: what each measures, the report's own range and flag, how it moved, what may bear on it, what to ask. Without query: what is urgent, implausible, flagged or changed.",
    parameters: &[
        QUERY.saying("Test, panel, report or LOINC, in plain words"),
        SINCE,
        UNTIL,
        LIMIT.saying("Most tests"),
        MAX_TOKENS,
    ],
    output: schema::of::<Sheet>,
    run: Run::OfView(run),
};

fn run(context: &Context<'_>, arguments: &Arguments) -> Result<Answer, Refusal> {
    explain(context, &arguments.asked()?)
}
