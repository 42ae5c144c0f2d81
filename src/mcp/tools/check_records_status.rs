//! `check_records_status`: what is in the record, from where, how fresh, and what is missing.

use super::{Run, Tool};
use crate::insight::status::{RecordStatus, record_status};
use crate::insight::{Answer, Context, Refusal};
use crate::mcp::{Arguments, schema};

pub const TOOL: Tool = Tool {
    name: "check_records_status",
    title: "State of the record",
    description: "Sources with the day they were read, what there is of each kind, what is missing or withheld, how more is added.",
    parameters: &[],
    output: schema::of::<RecordStatus>,
    run: Run::OfView(run),
};

fn run(context: &Context<'_>, _: &Arguments) -> Result<Answer, Refusal> {
    record_status(context)
}
