//! `get_medications`: medicines by drug.

use super::{Run, Tool};
use crate::insight::medications::{MedicationRow, medications};
use crate::insight::{Answer, Context, Listing, Refusal};
use crate::mcp::Arguments;
use crate::mcp::parameter::{ADDED_SINCE, CURSOR, LIMIT, MAX_TOKENS, QUERY, SINCE, STATUS, UNTIL};
use crate::mcp::schema;

pub const TOOL: Tool = Tool {
    name: "get_medications",
    title: "Medications",
    description: "Medicines by drug: current, as needed, given in care, past, and those not given; dose, dates and how sure the status is.",
    parameters: &[
        QUERY,
        STATUS.saying("active, past or all"),
        SINCE,
        UNTIL,
        ADDED_SINCE,
        LIMIT,
        CURSOR,
        MAX_TOKENS,
    ],
    output: schema::of::<Listing<MedicationRow>>,
    run: Run::OfView(run),
};

fn run(context: &Context<'_>, arguments: &Arguments) -> Result<Answer, Refusal> {
    medications(context, &arguments.asked()?)
}
