//! `get_care_plan`: the care team, goals, orders and plans.

use super::{Run, Tool};
use crate::insight::care_plan::{CarePlanRow, care_plan};
use crate::insight::{Answer, Context, Listing, Refusal};
use crate::mcp::Arguments;
use crate::mcp::parameter::{ADDED_SINCE, CURSOR, LIMIT, MAX_TOKENS, QUERY, SINCE, STATUS, UNTIL};
use crate::mcp::schema;

pub const TOOL: Tool = Tool {
    name: "get_care_plan",
    title: "Care plan",
    description: "Care team and how to reach them, goals, orders and referrals, plans.",
    parameters: &[QUERY, STATUS.saying("active, past"), SINCE, UNTIL, ADDED_SINCE, LIMIT, CURSOR, MAX_TOKENS],
    output: schema::of::<Listing<CarePlanRow>>,
    run: Run::OfView(run),
};

fn run(context: &Context<'_>, arguments: &Arguments) -> Result<Answer, Refusal> {
    care_plan(context, &arguments.asked()?)
}
