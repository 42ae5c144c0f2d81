//! `check_preventive_care`: which published checks and vaccines are for the person, and what is on record.

use super::{Run, Tool};
use crate::insight::prevention::prevention;
use crate::insight::sheet::Sheet;
use crate::insight::{Answer, Context, Refusal};
use crate::mcp::Arguments;
use crate::mcp::parameter::{Form, MAX_TOKENS, Parameter, QUERY, optional};
use crate::mcp::schema;

const KIND: Parameter = optional("kind", "", Form::Choice(&["screening", "vaccines"]));

pub const TOOL: Tool = Tool {
    name: "check_preventive_care",
    title: "Preventive care",
    description: "Screenings, checks and vaccines by published rules (USPSTF, HRSA, Bright Futures, CDC, AAP) beside the record: overdue, due, no record here, follow-up, on record; vaccine doses counted.",
    parameters: &[QUERY, KIND, MAX_TOKENS],
    output: schema::of::<Sheet>,
    run: Run::OfView(run),
};

fn run(context: &Context<'_>, arguments: &Arguments) -> Result<Answer, Refusal> {
    prevention(context, &arguments.read_as()?)
}
