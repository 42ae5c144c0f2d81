//! `get_visits`: visits, stays and calls.

use super::{Run, Tool};
use crate::insight::visits::{VisitRow, visits};
use crate::insight::{Answer, Context, Listing, Refusal};
use crate::mcp::Arguments;
use crate::mcp::parameter::{
    ADDED_SINCE, CURSOR, Form, LIMIT, MAX_TOKENS, Parameter, QUERY, SINCE, STATUS, UNTIL, optional,
};
use crate::mcp::schema;

const DETAIL: Parameter = optional(
    "detail",
    "full: with problems, results, procedures, medicines, documents",
    Form::Choice(&["brief", "full"]),
);

pub const TOOL: Tool = Tool {
    name: "get_visits",
    title: "Visits",
    description: "Visits, stays and calls with reason, place and people, newest first.",
    parameters: &[
        QUERY,
        STATUS.saying("inpatient, emergency, outpatient or virtual"),
        SINCE,
        UNTIL,
        ADDED_SINCE,
        LIMIT,
        CURSOR,
        MAX_TOKENS,
        DETAIL,
    ],
    output: schema::of::<Listing<VisitRow>>,
    run: Run::OfView(run),
};

fn run(context: &Context<'_>, arguments: &Arguments) -> Result<Answer, Refusal> {
    visits(context, &arguments.asked()?, arguments.text("detail") == Some("full"))
}
