//! What a person can pick from a menu instead of typing: a message to the assistant in their own name.

use rmcp::model::{GetPromptResult, Prompt, PromptArgument, PromptMessage, Role};
use serde_json::{Map, Value};

use crate::insight::completion::Of;
use crate::insight::shortened;

/// A message with room for what the person adds to it.
struct Message {
    name: &'static str,
    title: &'static str,
    description: &'static str,
    /// What is said whatever is added.
    says: &'static str,
    additions: &'static [Addition],
}

/// What the person may add: an argument, and the sentence it stands in.
struct Addition {
    name: &'static str,
    description: &'static str,
    /// `{}` is where the words go.
    sentence: &'static str,
    /// What of the record completes it, where something does.
    from: Option<Of>,
}

/// Characters of an addition: a question, not an essay.
const ADDITION_CHARS: usize = 400;

/// How every message ends: what is asked of the answer.
const ASKING: &str = "Say what is dangerous first. Use plain words. Put the id of each fact, such as \
    [L482913], behind what you say of it. Keep what my record says apart from what is known in general, and \
    say what is missing. I will decide with my care team.";

const MESSAGES: &[Message] = &[
    Message {
        name: "understand_my_history",
        title: "Understand my history",
        description: "My health record on one page, in plain words.",
        says: "Help me understand my health history. Read it with summarize_history.",
        additions: &[Addition {
            name: "since",
            description: "Only what is new since this date (YYYY, YYYY-MM or YYYY-MM-DD)",
            sentence: "Tell me what has changed since {}.",
            from: None,
        }],
    },
    Message {
        name: "explain_my_latest_labs",
        title: "Explain my latest labs",
        description: "What my results measure, where they stand and how they moved.",
        says: "Explain my latest lab results. Read them with explain_labs.",
        additions: &[Addition {
            name: "test",
            description: "One test or panel, such as potassium or cholesterol",
            sentence: "I want to know about this test: {}.",
            from: Some(Of::Tests),
        }],
    },
    Message {
        name: "prepare_my_appointment",
        title: "Prepare my appointment",
        description: "Questions for my next visit, each with its reason in my record.",
        says: "Help me prepare my next appointment. Read my questions with prep_appointment_questions.",
        additions: &[
            Addition {
                name: "specialty",
                description: "Whom I will see, such as cardiology",
                sentence: "I will see: {}.",
                from: Some(Of::Specialties),
            },
            Addition {
                name: "reason",
                description: "Why I go",
                sentence: "I go because of: {}.",
                from: None,
            },
            Addition {
                name: "concerns",
                description: "What worries me, in my own words",
                sentence: "What worries me: {}.",
                from: None,
            },
        ],
    },
    Message {
        name: "plan_my_day",
        title: "Plan my day",
        description: "How my record bears on the day: medicines, measuring, food, activity.",
        says: "Help me plan an ordinary day with my health in mind. Read how with plan_daily_routine.",
        additions: &[Addition {
            name: "focus",
            description: "What matters most to me, such as food or sleep",
            sentence: "What matters most to me: {}.",
            from: None,
        }],
    },
];

/// The prompts as they are listed.
pub fn listed() -> Vec<Prompt> {
    let arguments = |message: &Message| {
        let arguments = message.additions.iter().map(|addition| {
            PromptArgument::new(addition.name).with_description(addition.description).with_required(false)
        });
        arguments.collect()
    };
    let prompt = |message: &Message| {
        Prompt::new(message.name, Some(message.description), Some(arguments(message)))
            .with_title(message.title)
    };
    MESSAGES.iter().map(prompt).collect()
}

/// The message with what the person added; or why not, in words that hold nothing of theirs.
pub fn get(name: &str, arguments: &Map<String, Value>) -> Result<GetPromptResult, String> {
    let names = || MESSAGES.iter().map(|message| message.name).collect::<Vec<_>>().join(", ");
    let message = MESSAGES.iter().find(|message| message.name == name);
    let message = message.ok_or_else(|| format!("there is no such prompt. There are: {}", names()))?;
    let is_known = |name: &String| message.additions.iter().any(|addition| addition.name == name);
    if !arguments.keys().all(is_known) {
        let known: Vec<&str> = message.additions.iter().map(|addition| addition.name).collect();
        return Err(format!("{} takes: {}", message.name, known.join(", ")));
    }
    let mut text = message.says.to_owned();
    for addition in message.additions {
        let words = arguments.get(addition.name).and_then(Value::as_str).unwrap_or_default();
        let words = shortened(words, ADDITION_CHARS);
        if !words.is_empty() {
            text.push(' ');
            text.push_str(&addition.sentence.replace("{}", &words));
        }
    }
    let message_to = PromptMessage::new_text(Role::User, format!("{text} {ASKING}"));
    Ok(GetPromptResult::new(vec![message_to]).with_description(message.description))
}

/// What of the record completes an argument of a prompt.
pub fn completed_from(prompt: &str, argument: &str) -> Option<Of> {
    let message = MESSAGES.iter().find(|message| message.name == prompt)?;
    message.additions.iter().find(|addition| addition.name == argument)?.from
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::mcp::tools::TOOLS;

    fn text(name: &str, arguments: Value) -> Result<String, String> {
        let got = get(name, arguments.as_object().unwrap())?;
        Ok(got.messages[0].content.as_text().unwrap().text.clone())
    }

    #[test]
    fn a_message_says_what_the_person_added_and_no_more() {
        let bare = text("prepare_my_appointment", json!({})).unwrap();
        assert!(!bare.contains('{') && !bare.contains("I will see"), "{bare}");
        let said = text(
            "prepare_my_appointment",
            json!({"specialty": "cardiology", "concerns": "short of breath\nat night"}),
        );
        let said = said.unwrap();
        assert!(
            said.contains("I will see: cardiology. What worries me: short of breath at night."),
            "{said}"
        );
    }

    #[test]
    fn every_message_names_a_tool_that_there_is() {
        for message in MESSAGES {
            let named = message.says.split([' ', '.']).filter(|word| word.contains('_'));
            let named: Vec<&str> = named.collect();
            assert!(!named.is_empty(), "{}", message.name);
            assert!(named.iter().all(|name| TOOLS.iter().any(|tool| tool.name == *name)), "{named:?}");
        }
    }

    #[test]
    fn what_is_not_known_is_refused_without_repeating_it() {
        let wrong = text("steal my data", json!({})).unwrap_err();
        assert!(wrong.contains("plan_my_day") && !wrong.contains("steal"), "{wrong}");
        let wrong = text("plan_my_day", json!({"secret": "x"})).unwrap_err();
        assert_eq!(wrong, "plan_my_day takes: focus");
    }

    #[test]
    fn tests_and_specialties_are_completed_from_the_record() {
        assert_eq!(completed_from("explain_my_latest_labs", "test"), Some(Of::Tests));
        assert_eq!(completed_from("prepare_my_appointment", "specialty"), Some(Of::Specialties));
        assert_eq!(completed_from("prepare_my_appointment", "reason"), None);
        assert_eq!(completed_from("nothing", "test"), None);
    }
}
