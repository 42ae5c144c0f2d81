//! `prep_appointment_questions`: what to ask, tell and bring at the next visit.

use super::{Run, Tool};
use crate::insight::appointment::{AppointmentSheet, appointment};
use crate::insight::{Answer, Context, Refusal};
use crate::mcp::Arguments;
use crate::mcp::parameter::{Form, LIMIT, MAX_TOKENS, Parameter, optional};
use crate::mcp::schema;

const REASON: Parameter = optional("reason", "Why the visit", Form::Words);
const SPECIALTY: Parameter = optional("specialty", "Kind of clinician, or a name", Form::Words);
const DATE: Parameter = optional("date", "Day of the visit; default the next booked", Form::Date);
const CONCERNS: Parameter = optional("concerns", "The person's own words; several parted by ;", Form::Words);

pub const TOOL: Tool = Tool {
    name: "prep_appointment_questions",
    title: "Prepare a visit",
    description: "Questions for a doctor's visit, the person's own concern first, each with why (cited) and what a useful answer would hold; what to tell, bring and do before.",
    parameters: &[REASON, SPECIALTY, DATE, CONCERNS, LIMIT.saying("Most questions, default 8"), MAX_TOKENS],
    output: schema::of::<AppointmentSheet>,
    run: Run::OfView(run),
};

fn run(context: &Context<'_>, arguments: &Arguments) -> Result<Answer, Refusal> {
    appointment(context, &arguments.read_as()?)
}
