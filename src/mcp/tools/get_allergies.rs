//! `get_allergies`: allergies and intolerances.

use super::{Run, Tool};
use crate::insight::allergies::{AllergyRow, allergies};
use crate::insight::{Answer, Context, Listing, Refusal};
use crate::mcp::Arguments;
use crate::mcp::parameter::{ADDED_SINCE, CURSOR, LIMIT, MAX_TOKENS, QUERY, SINCE, STATUS, UNTIL};
use crate::mcp::schema;

pub const TOOL: Tool = Tool {
    name: "get_allergies",
    title: "Allergies",
    description: "Allergies and intolerances with reaction and severity; none known, not asked and not recorded are told apart.",
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
    output: schema::of::<Listing<AllergyRow>>,
    run: Run::OfView(run),
};

fn run(context: &Context<'_>, arguments: &Arguments) -> Result<Answer, Refusal> {
    allergies(context, &arguments.asked()?)
}
