//! What completes an argument of a prompt: asked through the same gate as every tool, and never listed.

use serde_json::{Map, Value};

use super::{Run, Tool};
use crate::insight::completion::{Of, completion};
use crate::insight::{Answer, Context, Refusal};
use crate::mcp::Arguments;
use crate::mcp::parameter::{Form, QUERY, required};

/// Its name, for the audit.
pub const NAME: &str = "complete_argument";

pub const TOOL: Tool = Tool {
    name: NAME,
    title: "Names that complete what is typed",
    description: "Names of tests or specialties that begin with the words typed.",
    parameters: &[required("of", "", Form::Choice(&["tests", "specialties"])), QUERY],
    output: serde_json::Map::new,
    run: Run::OfView(run),
};

/// The arguments that ask for names of a kind that begin so.
pub fn asked(of: Of, typed: &str) -> Map<String, Value> {
    let of = match of {
        Of::Tests => "tests",
        Of::Specialties => "specialties",
    };
    Map::from_iter([("of".to_owned(), of.into()), ("query".to_owned(), typed.into())])
}

fn run(context: &Context<'_>, arguments: &Arguments) -> Result<Answer, Refusal> {
    let of = if arguments.text("of") == Some("specialties") { Of::Specialties } else { Of::Tests };
    completion(context, of, arguments.text("query").unwrap_or_default())
}
