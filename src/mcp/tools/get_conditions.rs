//! `get_conditions`: problems and diagnoses.

use super::{Run, Tool};
use crate::insight::conditions::{ConditionRow, conditions};
use crate::insight::{Answer, Context, Listing, Refusal};
use crate::mcp::Arguments;
use crate::mcp::parameter::{ADDED_SINCE, CURSOR, LIMIT, MAX_TOKENS, QUERY, SINCE, STATUS, UNTIL};
use crate::mcp::schema;

pub const TOOL: Tool = Tool {
    name: "get_conditions",
    title: "Conditions",
    description: "Problems and diagnoses: current first, then past, visit diagnoses and refuted ones, each told apart.",
    parameters: &[
        QUERY,
        STATUS.saying("active, past, refuted"),
        SINCE,
        UNTIL,
        ADDED_SINCE,
        LIMIT,
        CURSOR,
        MAX_TOKENS,
    ],
    output: schema::of::<Listing<ConditionRow>>,
    run: Run::OfView(run),
};

fn run(context: &Context<'_>, arguments: &Arguments) -> Result<Answer, Refusal> {
    conditions(context, &arguments.asked()?)
}
