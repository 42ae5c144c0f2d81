//! `get_immunizations`: vaccines given and not given.

use super::{Run, Tool};
use crate::insight::immunizations::{ImmunizationRow, immunizations};
use crate::insight::{Answer, Context, Listing, Refusal};
use crate::mcp::Arguments;
use crate::mcp::parameter::{ADDED_SINCE, CURSOR, LIMIT, MAX_TOKENS, QUERY, SINCE, STATUS, UNTIL};
use crate::mcp::schema;

pub const TOOL: Tool = Tool {
    name: "get_immunizations",
    title: "Vaccines",
    description: "Vaccines given, and those not given with the reason.",
    parameters: &[
        QUERY.saying("Vaccine or disease"),
        STATUS.saying("given, not-given"),
        SINCE,
        UNTIL,
        ADDED_SINCE,
        LIMIT,
        CURSOR,
        MAX_TOKENS,
    ],
    output: schema::of::<Listing<ImmunizationRow>>,
    run: Run::OfView(run),
};

fn run(context: &Context<'_>, arguments: &Arguments) -> Result<Answer, Refusal> {
    immunizations(context, &arguments.asked()?)
}
