//! What a tool can be asked: its parameters, and the flat input schema that is made of them.
//!
//! Hosts drop tools whose schemas have `$ref`, type arrays or `oneOf`, so that nothing is derived here:
//! a table of parameters is both the schema and the check.

use serde_json::{Map, Value, json};

/// One parameter of a tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// What it means, in as few words as can be: every session pays for them.
    pub says: &'static str,
    /// What is accepted.
    pub form: Form,
    /// Whether the tool cannot answer without it.
    pub is_required: bool,
}

/// What a parameter accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Any words.
    Words,
    /// A date known to the year, month or day. `insight` checks it.
    Date,
    /// The id of an entry.
    Id,
    /// A whole number. `insight` checks its range.
    Count,
    /// Yes or no.
    Flag,
    /// One of these words.
    Choice(&'static [&'static str]),
}

/// Words to look for.
pub const QUERY: Parameter = optional("query", "Words, lay or medical", Form::Words);
/// The beginning of the period.
pub const SINCE: Parameter = optional("since", "From YYYY[-MM[-DD]]", Form::Date);
/// The end of the period.
pub const UNTIL: Parameter = optional("until", "To YYYY[-MM[-DD]]", Form::Date);
/// What came into the record lately.
pub const ADDED_SINCE: Parameter = optional("added_since", "Came in since this date", Form::Date);
/// A status.
pub const STATUS: Parameter = optional("status", "", Form::Words);
/// The number of rows.
pub const LIMIT: Parameter = optional("limit", "Most rows", Form::Count);
/// Where to go on.
pub const CURSOR: Parameter = optional("cursor", "`next` of the last answer", Form::Words);
/// The size of the answer.
pub const MAX_TOKENS: Parameter = optional("max_tokens", "Default 2000", Form::Count);

/// A parameter that may be left out.
pub const fn optional(name: &'static str, says: &'static str, form: Form) -> Parameter {
    Parameter { name, says, form, is_required: false }
}

/// A parameter without which there is no answer.
pub const fn required(name: &'static str, says: &'static str, form: Form) -> Parameter {
    Parameter { name, says, form, is_required: true }
}

impl Parameter {
    /// The same parameter in the words of one tool.
    #[must_use]
    pub const fn saying(self, says: &'static str) -> Parameter {
        Parameter { says, ..self }
    }
}

impl Form {
    /// What is accepted, in words, for an argument that is not.
    pub fn accepts(self) -> String {
        match self {
            Form::Words => "text".into(),
            Form::Date => "a date: YYYY, YYYY-MM or YYYY-MM-DD".into(),
            Form::Id => "an id as it stands in brackets in an answer, such as L482913".into(),
            Form::Count => "a whole number".into(),
            Form::Flag => "true or false".into(),
            Form::Choice(words) => format!("one of: {}", words.join(", ")),
        }
    }

    fn schema(self) -> Map<String, Value> {
        let schema = match self {
            Form::Words | Form::Date | Form::Id => json!({ "type": "string" }),
            Form::Count => json!({ "type": "integer" }),
            Form::Flag => json!({ "type": "boolean" }),
            Form::Choice(words) => json!({ "type": "string", "enum": words }),
        };
        object(schema)
    }
}

/// The input schema of a tool: flat, inlined, and nothing beside what is named.
pub fn schema(parameters: &[Parameter]) -> Map<String, Value> {
    let properties: Map<String, Value> = parameters
        .iter()
        .map(|parameter| {
            let mut schema = parameter.form.schema();
            if !parameter.says.is_empty() {
                schema.insert("description".into(), parameter.says.into());
            }
            (parameter.name.to_owned(), Value::Object(schema))
        })
        .collect();
    let required: Vec<&str> =
        parameters.iter().filter(|parameter| parameter.is_required).map(|parameter| parameter.name).collect();
    let mut schema =
        object(json!({ "type": "object", "properties": properties, "additionalProperties": false }));
    if !required.is_empty() {
        schema.insert("required".into(), required.into());
    }
    schema
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schema_is_flat_and_closed() {
        let kind = required("kind", "", Form::Choice(&["note", "imaging"]));
        insta::assert_snapshot!(Value::Object(schema(&[SINCE, LIMIT, kind])), @r#"{"additionalProperties":false,"properties":{"kind":{"enum":["note","imaging"],"type":"string"},"limit":{"description":"Most rows","type":"integer"},"since":{"description":"From YYYY[-MM[-DD]]","type":"string"}},"required":["kind"],"type":"object"}"#);
    }
}
