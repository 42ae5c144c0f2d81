//! `get_background`: who the person is, and what surrounds the illness.

use super::{Run, Tool};
use crate::insight::background::{BackgroundRow, background};
use crate::insight::{Answer, Context, Listing, Refusal};
use crate::mcp::Arguments;
use crate::mcp::parameter::{
    ADDED_SINCE, CURSOR, Form, LIMIT, MAX_TOKENS, Parameter, QUERY, SINCE, UNTIL, optional,
};
use crate::mcp::schema;

const KIND: Parameter = optional(
    "kind",
    "",
    Form::Choice(&[
        "demographics",
        "directives",
        "devices",
        "family-history",
        "social-history",
        "function",
        "questionnaires",
    ]),
);

pub const TOOL: Tool = Tool {
    name: "get_background",
    title: "Background",
    description: "Who the person is, and what surrounds the illness.",
    parameters: &[KIND, QUERY, SINCE, UNTIL, ADDED_SINCE, LIMIT, CURSOR, MAX_TOKENS],
    output: schema::of::<Listing<BackgroundRow>>,
    run: Run::OfView(run),
};

fn run(context: &Context<'_>, arguments: &Arguments) -> Result<Answer, Refusal> {
    background(context, &arguments.read_as()?)
}
