//! `get_procedures`: operations and procedures.

use super::{Run, Tool};
use crate::insight::procedures::{ProcedureRow, procedures};
use crate::insight::{Answer, Context, Listing, Refusal};
use crate::mcp::Arguments;
use crate::mcp::parameter::{ADDED_SINCE, CURSOR, LIMIT, MAX_TOKENS, QUERY, SINCE, UNTIL};
use crate::mcp::schema;

pub const TOOL: Tool = Tool {
    name: "get_procedures",
    title: "Procedures",
    description: "Operations and procedures, newest first; those not done apart.",
    parameters: &[QUERY, SINCE, UNTIL, ADDED_SINCE, LIMIT, CURSOR, MAX_TOKENS],
    output: schema::of::<Listing<ProcedureRow>>,
    run: Run::OfView(run),
};

fn run(context: &Context<'_>, arguments: &Arguments) -> Result<Answer, Refusal> {
    procedures(context, &arguments.asked()?)
}
