//! `get_medications`: medicines by drug.

use super::{Run, Tool};
use crate::insight::medications::{MedicationRow, medications, medications_explained};
use crate::insight::{Answer, Context, Listing, Refusal};
use crate::mcp::Arguments;
use crate::mcp::parameter::{
    ADDED_SINCE, CURSOR, Form, LIMIT, MAX_TOKENS, Parameter, QUERY, SINCE, STATUS, UNTIL, optional,
};
use crate::mcp::schema;

const DETAIL: Parameter =
    optional("detail", "full: with uses, foods, tests and cautions", Form::Choice(&["brief", "full"]));

pub const TOOL: Tool = Tool {
    name: "get_medications",
    title: "Medications",
    description: "Medicines by drug: current, as needed, given in care, past, and those not given; dose, dates, how sure the status is, and what is worth asking a pharmacist.",
    parameters: &[
        QUERY,
        STATUS.saying("active, past or all"),
        SINCE,
        UNTIL,
        ADDED_SINCE,
        LIMIT,
        CURSOR,
        MAX_TOKENS,
        DETAIL,
    ],
    output: schema::of::<Listing<MedicationRow>>,
    run: Run::OfView(run),
};

fn run(context: &Context<'_>, arguments: &Arguments) -> Result<Answer, Refusal> {
    let asked = arguments.asked()?;
    match arguments.text("detail") {
        Some("full") => medications_explained(context, &asked),
        _ => medications(context, &asked),
    }
}
