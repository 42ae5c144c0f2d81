//! `get_record`: one entry in full.

use super::{Run, Tool};
use crate::access::Seen;
use crate::insight::record_entry::{FullEntry, RecordAsk, record_entry, wanted};
use crate::insight::{Answer, Context, Refusal};
use crate::mcp::parameter::{CURSOR, MAX_TOKENS, optional, required};
use crate::mcp::schema;
use crate::mcp::{Arguments, Form, Parameter};

const ID: Parameter = required("id", "Such as L482913", Form::Id);
const ORIGINAL: Parameter = optional("original", "What came in, as it came", Form::Flag);

pub const TOOL: Tool = Tool {
    name: "get_record",
    title: "One entry in full",
    description: "One entry by its id: all that is recorded, every source and where they differ, what it names, earlier versions.",
    parameters: &[ID, ORIGINAL, CURSOR, MAX_TOKENS],
    output: schema::of::<FullEntry>,
    run: Run::OfOriginals(run),
};

fn run(context: &Context<'_>, arguments: &Arguments, seen: &Seen) -> Result<Answer, Refusal> {
    let ask: RecordAsk = arguments.read_as()?;
    let original = if ask.original { original(wanted(context, &ask)?.id, seen) } else { None };
    record_entry(context, &ask, original.as_deref())
}

/// What came in. Where it cannot be read the answer says so; the cause is logged here.
fn original(id: crate::record::EntryId, seen: &Seen) -> Option<Vec<u8>> {
    seen.original(id).unwrap_or_else(|error| {
        tracing::warn!(%error, "an original could not be read");
        None
    })
}
