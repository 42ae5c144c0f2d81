//! `plan_daily_routine`: the day from the record, with published guidance apart.

use super::{Run, Tool};
use crate::insight::routine::routine;
use crate::insight::sheet::Sheet;
use crate::insight::{Answer, Context, Refusal};
use crate::mcp::Arguments;
use crate::mcp::parameter::{Form, MAX_TOKENS, Parameter, optional};
use crate::mcp::schema;

const FOCUS: Parameter =
    optional("focus", "food, activity, medicines, sleep, measuring, or a condition", Form::Words);

pub const TOOL: Tool = Tool {
    name: "plan_daily_routine",
    title: "Daily routine",
    description: "The day from the record: medicines by recorded time, what to measure, own goals, published guidance for recorded conditions, cautions, what falls due.",
    parameters: &[FOCUS, MAX_TOKENS],
    output: schema::of::<Sheet>,
    run: Run::OfView(run),
};

fn run(context: &Context<'_>, arguments: &Arguments) -> Result<Answer, Refusal> {
    routine(context, &arguments.read_as()?)
}
