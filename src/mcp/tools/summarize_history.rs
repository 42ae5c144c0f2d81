//! `summarize_history`: the whole record on one page.

use super::{Run, Tool};
use crate::insight::sheet::Sheet;
use crate::insight::summary::summary;
use crate::insight::{Answer, Context, Refusal};
use crate::mcp::Arguments;
use crate::mcp::parameter::{ADDED_SINCE, Form, MAX_TOKENS, Parameter, SINCE, optional};
use crate::mcp::schema;

const DETAIL: Parameter =
    optional("detail", "700 or 2000 tokens; else one page between", Form::Choice(&["brief", "full"]));

pub const TOOL: Tool = Tool {
    name: "summarize_history",
    title: "Summary of the record",
    description: "The whole record on one page: what is dangerous to miss, problems, medicines, what changed, stays, results, vaccines, procedures, visits, family, care team, and what is missing.",
    parameters: &[DETAIL, SINCE, ADDED_SINCE, MAX_TOKENS.saying("")],
    output: schema::of::<Sheet>,
    run: Run::OfView(run),
};

fn run(context: &Context<'_>, arguments: &Arguments) -> Result<Answer, Refusal> {
    summary(context, &arguments.read_as()?)
}
