//! `get_vitals`: vital signs and body measures.

use super::{Run, Tool};
use crate::insight::measurements::{ResultRow, vitals};
use crate::insight::series::SeriesRow;
use crate::insight::{Answer, Context, Listing, Refusal};
use crate::mcp::Arguments;
use crate::mcp::parameter::{ADDED_SINCE, CURSOR, LIMIT, MAX_TOKENS, QUERY, SINCE, UNTIL};
use crate::mcp::schema;

pub const TOOL: Tool = Tool {
    name: "get_vitals",
    title: "Vital signs",
    description: "Blood pressure, weight and other vital signs and body measures: all where they fit, else one row a measure.",
    parameters: &[QUERY, SINCE, UNTIL, ADDED_SINCE, LIMIT, CURSOR, MAX_TOKENS],
    output: schema::either::<Listing<ResultRow>, Listing<SeriesRow>>,
    run: Run::OfView(run),
};

fn run(context: &Context<'_>, arguments: &Arguments) -> Result<Answer, Refusal> {
    vitals(context, &arguments.asked()?)
}
