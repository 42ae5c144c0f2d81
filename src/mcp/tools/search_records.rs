//! `search_records`: entries and passages by words.

use super::{Run, Tool};
use crate::insight::search::{FoundRow, search};
use crate::insight::{Answer, Context, Listing, Refusal};
use crate::mcp::Arguments;
use crate::mcp::parameter::{
    ADDED_SINCE, CURSOR, Form, LIMIT, MAX_TOKENS, Parameter, SINCE, UNTIL, optional, required,
};
use crate::mcp::schema;

const WORDS: Parameter = required("query", "Words; \"a phrase\"; -word to leave out", Form::Words);
const KIND: Parameter = optional("kind", "documents, labs, conditions…", Form::Words);

pub const TOOL: Tool = Tool {
    name: "search_records",
    title: "Search the record",
    description: "Entries and passages of notes that hold the words, best first; lay words and misspelt drug names are understood.",
    parameters: &[WORDS, KIND, SINCE, UNTIL, ADDED_SINCE, LIMIT, CURSOR, MAX_TOKENS],
    output: schema::of::<Listing<FoundRow>>,
    run: Run::OfView(run),
};

fn run(context: &Context<'_>, arguments: &Arguments) -> Result<Answer, Refusal> {
    search(context, &arguments.read_as()?)
}
