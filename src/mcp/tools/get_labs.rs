//! `get_labs`: laboratory results.

use super::{Run, Tool};
use crate::insight::measurements::{ResultRow, labs};
use crate::insight::series::SeriesRow;
use crate::insight::{Answer, Context, Listing, Refusal};
use crate::mcp::Arguments;
use crate::mcp::parameter::{ADDED_SINCE, CURSOR, LIMIT, MAX_TOKENS, QUERY, SINCE, STATUS, UNTIL};
use crate::mcp::schema;

pub const TOOL: Tool = Tool {
    name: "get_labs",
    title: "Lab results",
    description: "Lab results with the report's own range and flag: all where they fit, else one row a test with first, latest, least and greatest.",
    parameters: &[
        QUERY.saying("Test, lay or medical"),
        STATUS.saying("abnormal, final, preliminary, corrected, not-done"),
        SINCE,
        UNTIL,
        ADDED_SINCE,
        LIMIT,
        CURSOR,
        MAX_TOKENS,
    ],
    output: schema::either::<Listing<ResultRow>, Listing<SeriesRow>>,
    run: Run::OfView(run),
};

fn run(context: &Context<'_>, arguments: &Arguments) -> Result<Answer, Refusal> {
    labs(context, &arguments.asked()?)
}
