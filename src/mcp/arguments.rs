//! The arguments of a call, read against the parameters of its tool.
//!
//! Assistants send numbers as strings, nulls for what they leave out, and names in camel case. What can
//! only mean one thing is taken so; anything else is refused with the accepted form.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::parameter::{Form, Parameter};
use crate::insight::{Asked, ListAsk, Refusal, plain};

/// Arguments that fit their tool: only its parameters, each in its form.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Arguments(Map<String, Value>);

impl Arguments {
    /// Reads what was given to a tool with these parameters.
    pub fn read(
        tool: &str,
        parameters: &[Parameter],
        given: &Map<String, Value>,
    ) -> Result<Arguments, Refusal> {
        let mut read = Map::new();
        for (name, value) in given {
            if is_absent(value) {
                continue;
            }
            let name = snake(name);
            let Some(parameter) = parameters.iter().find(|parameter| parameter.name == name) else {
                return Err(unknown(tool, &name, parameters));
            };
            let Some(value) = accepted(parameter.form, value) else {
                let form = parameter.form.accepts();
                return Err(Refusal::BadArgument(format!("{} must be {form}", parameter.name)));
            };
            read.insert(name, value);
        }
        let is_missing = |parameter: &&Parameter| parameter.is_required && !read.contains_key(parameter.name);
        if let Some(missing) = parameters.iter().find(is_missing) {
            let form = missing.form.accepts();
            return Err(Refusal::BadArgument(format!("{tool} needs {}: {form}", missing.name)));
        }
        Ok(Arguments(read))
    }

    /// The arguments as they may be sent again.
    pub fn as_map(&self) -> &Map<String, Value> {
        &self.0
    }

    /// The text of an argument.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Value::as_str)
    }

    /// The number of an argument.
    pub fn count(&self, name: &str) -> Option<u32> {
        self.0.get(name).and_then(Value::as_u64).and_then(|number| u32::try_from(number).ok())
    }

    /// What every list takes, as it was written.
    pub fn list(&self) -> ListAsk {
        let text = |name| self.text(name).map(str::to_owned);
        ListAsk {
            query: text("query"),
            since: text("since"),
            until: text("until"),
            added_since: text("added_since"),
            status: text("status"),
            limit: self.count("limit"),
            cursor: text("cursor"),
            max_tokens: self.count("max_tokens"),
        }
    }

    /// The arguments as the type that a tool takes: the parameters of the tool are its fields.
    pub fn read_as<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        serde_json::from_value(Value::Object(self.0.clone()))
            .map_err(|_| Refusal::BadArgument("these arguments cannot be read together".into()))
    }

    /// What every list takes, understood.
    pub fn asked(&self) -> Result<Asked, Refusal> {
        self.list().understood()
    }
}

/// A null or an empty text stands for an argument that was left out.
fn is_absent(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty())
}

/// The value in its form, or nothing where it does not fit.
fn accepted(form: Form, value: &Value) -> Option<Value> {
    match (form, value) {
        (Form::Words | Form::Date | Form::Id, Value::String(text)) => Some(text.trim().into()),
        // `since: 2024` can only be the year.
        (Form::Words | Form::Date, Value::Number(number)) => Some(number.to_string().into()),
        // What is too large for any range is refused by the range, not here.
        (Form::Count, value) => {
            count(value).map(|number| Value::from(u32::try_from(number).unwrap_or(u32::MAX)))
        }
        (Form::Flag, Value::Bool(is_so)) => Some((*is_so).into()),
        (Form::Flag, Value::String(text)) => folded(text).parse::<bool>().ok().map(Value::from),
        (Form::Choice(words), Value::String(text)) => {
            let text = folded(text);
            words.iter().find(|word| folded(word) == text).map(|word| Value::from(*word))
        }
        _ => None,
    }
}

/// A whole number, also where it came as text (`"10"`) or as `10.0`.
fn count(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => number.as_u64().or_else(|| whole(number.as_f64()?)),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

fn whole(number: f64) -> Option<u64> {
    let fits = number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&number);
    fits.then_some(number as u64)
}

/// `Family history`, `family-history` and `family_history` are one word.
fn folded(text: &str) -> String {
    text.trim().to_lowercase().replace([' ', '-'], "_")
}

/// `addedSince` and `added-since` as `added_since`.
fn snake(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 2);
    for character in name.trim().chars() {
        if character.is_ascii_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(if character == '-' { '_' } else { character.to_ascii_lowercase() });
    }
    snake
}

fn unknown(tool: &str, name: &str, parameters: &[Parameter]) -> Refusal {
    let name: String = plain(name).chars().take(40).collect();
    let names: Vec<&str> = parameters.iter().map(|parameter| parameter.name).collect();
    let accepted = if names.is_empty() {
        "It takes no arguments".into()
    } else {
        format!("It takes: {}", names.join(", "))
    };
    Refusal::BadArgument(format!("{tool} has no argument \"{name}\". {accepted}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::parameter::{ADDED_SINCE, CURSOR, LIMIT, SINCE, optional, required};
    use super::*;

    const KIND: Parameter = optional("kind", "", Form::Choice(&["note", "family_history"]));

    fn read(given: Value) -> Result<Arguments, String> {
        let parameters = [SINCE, ADDED_SINCE, LIMIT, CURSOR, KIND];
        Arguments::read("get_x", &parameters, given.as_object().unwrap())
            .map_err(|refusal| refusal.to_string())
    }

    #[test]
    fn what_can_only_mean_one_thing_is_taken_so() {
        let given = json!({ "since": 2024, "addedSince": "2025-01", "limit": "10", "cursor": null, "kind": "Family History" });
        let arguments = read(given).unwrap();
        assert_eq!(arguments.text("since"), Some("2024"));
        assert_eq!(arguments.text("added_since"), Some("2025-01"));
        assert_eq!(arguments.count("limit"), Some(10));
        assert_eq!(arguments.text("cursor"), None);
        assert_eq!(arguments.text("kind"), Some("family_history"));
        assert_eq!(read(json!({ "limit": 10.0, "since": "" })).unwrap().count("limit"), Some(10));
        assert_eq!(read(json!({ "limit": 99_999_999_999_u64 })).unwrap().count("limit"), Some(u32::MAX));
    }

    #[test]
    fn what_does_not_fit_is_refused_with_the_accepted_form() {
        insta::assert_snapshot!(read(json!({ "limit": "ten" })).unwrap_err(), @"limit must be a whole number");
        insta::assert_snapshot!(read(json!({ "limit": -1 })).unwrap_err(), @"limit must be a whole number");
        insta::assert_snapshot!(read(json!({ "since": ["2024"] })).unwrap_err(), @"since must be a date: YYYY, YYYY-MM or YYYY-MM-DD");
        insta::assert_snapshot!(read(json!({ "kind": "letter" })).unwrap_err(), @"kind must be one of: note, family_history");
        insta::assert_snapshot!(read(json!({ "from": "2024" })).unwrap_err(), @r#"get_x has no argument "from". It takes: since, added_since, limit, cursor, kind"#);
    }

    #[test]
    fn a_required_argument_is_asked_for() {
        let parameters = [required("id", "", Form::Id)];
        let refusal = Arguments::read("get_x", &parameters, &Map::new()).unwrap_err();
        insta::assert_snapshot!(refusal, @"get_x needs id: an id as it stands in brackets in an answer, such as L482913");
    }
}
