//! `summarize_history`: the whole record on one page.

use super::{Run, Tool};
use crate::insight::sheet::Sheet;
use crate::insight::summary::summary;
use crate::insight::{Answer, Context, Refusal};
use crate::mcp::Arguments;
use crate::mcp::parameter::{MAX_TOKENS, SINCE};
use crate::mcp::schema;

pub const TOOL: Tool = Tool {
    name: "summarize_history",
    title: "Summary of the record",
    description: "The whole record on one page: allergies, problems, medicines, latest results and vitals, vaccines, procedures, visits, and what is missing.",
    parameters: &[SINCE, MAX_TOKENS],
    output: schema::of::<Sheet>,
    run: Run::OfView(run),
};

fn run(context: &Context<'_>, arguments: &Arguments) -> Result<Answer, Refusal> {
    summary(context, &arguments.read_as()?)
}
