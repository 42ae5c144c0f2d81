//! `get_coverage`: insurance, and what claims say.

use super::{Run, Tool};
use crate::insight::insurance::{InsuranceRow, insurance};
use crate::insight::{Answer, Context, Listing, Refusal};
use crate::mcp::Arguments;
use crate::mcp::parameter::{
    ADDED_SINCE, CURSOR, Form, LIMIT, MAX_TOKENS, Parameter, QUERY, SINCE, STATUS, UNTIL, optional,
};
use crate::mcp::schema;

const KIND: Parameter = optional("kind", "", Form::Choice(&["insurance", "claims"]));

pub const TOOL: Tool = Tool {
    name: "get_coverage",
    title: "Insurance and claims",
    description: "Insurance, and claims: what was billed, paid and owed, as each claim says.",
    parameters: &[
        KIND,
        QUERY.saying("Words, a code, or an amount: $340"),
        STATUS.saying("active, cancelled, denied or all"),
        SINCE,
        UNTIL,
        ADDED_SINCE,
        LIMIT,
        CURSOR,
        MAX_TOKENS,
    ],
    output: schema::of::<Listing<InsuranceRow>>,
    run: Run::OfView(run),
};

fn run(context: &Context<'_>, arguments: &Arguments) -> Result<Answer, Refusal> {
    insurance(context, &arguments.read_as()?)
}
