//! Names and arguments that assistants know from elsewhere: answered, and never listed.

use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Map, Value};

use super::tools::{self, Tool};

/// A name that is known elsewhere, our tool for it, and what is asked of it unless something else is said.
struct Alias {
    name: &'static str,
    tool: &'static str,
    with: &'static [(&'static str, &'static str)],
}

const ALIASES: &[Alias] = &[
    Alias { name: "get_health_summary", tool: "summarize_history", with: &[] },
    Alias { name: "search_clinical_notes", tool: "search_records", with: &[("kind", "documents")] },
    Alias { name: "search", tool: "search_records", with: &[] },
];

/// Our tool for a name, with the arguments in our words.
pub fn resolve(
    name: &str,
    arguments: Map<String, Value>,
    today: Date,
) -> Option<(&'static Tool, Map<String, Value>)> {
    let alias = ALIASES.iter().find(|alias| alias.name == name);
    let tool = tools::find(alias.map_or(name, |alias| alias.tool))?;
    let mut arguments = translate(tool, arguments, today);
    for (parameter, value) in alias.map_or(&[][..], |alias| alias.with) {
        if takes(tool, parameter) && !arguments.contains_key(*parameter) {
            arguments.insert((*parameter).to_owned(), (*value).into());
        }
    }
    Some((tool, arguments))
}

/// `years: 3` as `since` three years ago, `beforeDate` as `until`.
fn translate(tool: &Tool, mut arguments: Map<String, Value>, today: Date) -> Map<String, Value> {
    if let Some(years) = arguments.remove("years")
        && let Some(since) = years_ago(&years, today)
        && takes(tool, "since")
    {
        arguments.entry("since").or_insert_with(|| since.to_string().into());
    }
    for name in ["beforeDate", "before_date"] {
        if let Some(before) = arguments.remove(name)
            && takes(tool, "until")
            && !before.is_null()
        {
            arguments.entry("until").or_insert(before);
        }
    }
    arguments
}

fn years_ago(years: &Value, today: Date) -> Option<Date> {
    let years = years.as_str().map_or_else(|| years.as_i64(), |text| text.trim().parse().ok())?;
    let years = years.try_into().ok().filter(|years: &i32| (0..=150).contains(years))?;
    today.checked_sub(years.years()).ok()
}

fn takes(tool: &Tool, name: &str) -> bool {
    tool.parameters.iter().any(|parameter| parameter.name == name)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use serde_json::json;

    use super::*;

    fn resolved(name: &str, arguments: Value) -> Option<(&'static str, Value)> {
        let arguments = arguments.as_object().unwrap().clone();
        let (tool, arguments) = resolve(name, arguments, date(2026, 2, 28))?;
        Some((tool.name, arguments.into()))
    }

    #[test]
    fn what_assistants_know_from_elsewhere_is_understood() {
        let asked = json!({ "years": "3", "beforeDate": "2025-06-01" });
        let ours = json!({ "since": "2023-02-28", "until": "2025-06-01" });
        assert_eq!(resolved("get_procedures", asked), Some(("get_procedures", ours)));
    }

    #[test]
    fn what_is_said_in_our_words_comes_first() {
        let asked = json!({ "years": 3, "since": "2001", "before_date": null });
        assert_eq!(resolved("get_procedures", asked), Some(("get_procedures", json!({ "since": "2001" }))));
    }

    #[test]
    fn every_alias_names_a_tool_and_no_tool() {
        for alias in ALIASES {
            assert!(tools::find(alias.tool).is_some(), "{}", alias.tool);
            assert!(tools::find(alias.name).is_none(), "{}", alias.name);
        }
        assert_eq!(resolved("drop_tables", json!({})), None);
    }
}
