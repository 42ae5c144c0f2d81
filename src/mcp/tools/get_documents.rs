//! `get_documents`: notes and reports.

use super::{Run, Tool};
use crate::insight::documents::{DocumentRow, DocumentText, documents};
use crate::insight::{Answer, Context, Listing, Refusal};
use crate::mcp::Arguments;
use crate::mcp::parameter::{
    ADDED_SINCE, CURSOR, Form, LIMIT, MAX_TOKENS, Parameter, QUERY, SINCE, UNTIL, optional,
};
use crate::mcp::schema;

const KIND: Parameter = optional(
    "kind",
    "",
    Form::Choice(&["note", "imaging", "pathology", "genetics", "microbiology", "discharge", "other"]),
);
const ID: Parameter = optional("id", "Gives the text of one", Form::Id);

pub const TOOL: Tool = Tool {
    name: "get_documents",
    title: "Notes and reports",
    description: "Notes and reports, newest first, with the impression or final diagnosis as written; with an id, the text.",
    parameters: &[
        KIND,
        ID,
        QUERY.saying("Title, author or conclusion"),
        SINCE,
        UNTIL,
        ADDED_SINCE,
        LIMIT,
        CURSOR,
        MAX_TOKENS,
    ],
    output: schema::either::<Listing<DocumentRow>, DocumentText>,
    run: Run::OfView(run),
};

fn run(context: &Context<'_>, arguments: &Arguments) -> Result<Answer, Refusal> {
    documents(context, &arguments.read_as()?)
}
