//! QuestionnaireResponse: questions and answers, in their order.

use super::base::{self, add_one};
use super::node::Node;
use super::references::{add_actors, add_links};
use crate::record::{Detail, Entry, Kind, LinkRole, Text};

/// Reads the answers to a questionnaire.
pub(super) fn read(node: Node) -> Entry {
    let mut answers = Vec::new();
    for item in node.nodes("item") {
        add_answers(item, &mut answers);
    }
    let mut coded = Vec::new();
    for item in node.nodes("item") {
        add_coded(item, &mut coded);
    }
    let mut entry = base::start(node, Kind::Background, Detail::Answers(answers));
    let name = node.node("_questionnaire").and_then(|node| node.extension("display"));
    let name = name.and_then(|display| display.text("valueString"));
    let inside = node.word("questionnaire").and_then(|id| title_inside(node, id.strip_prefix('#')?));
    let address = node.text("questionnaire").or_else(|| node.reference("questionnaire")?.name);
    // Without a title, the end of the address names it (`…/Questionnaire/AUDIT-C`).
    let tail = || Text::trimmed(address.as_deref()?.rsplit('/').next()?.split('|').next()?);
    entry.concept.text = name.or(inside).or_else(tail);
    entry.more.append(&mut coded);
    add_one(&mut entry, "questionnaire", address);
    entry.date = node.when("authored");
    add_actors(&mut entry, node, "author", "author");
    add_actors(&mut entry, node, "source", "answered by");
    add_links(&mut entry, node, "parent", LinkRole::PartOf);
    entry
}

fn title_inside(node: Node, id: &str) -> Option<Text> {
    let mut inside = node.nodes("contained");
    let questionnaire = inside.find(|inside| inside.word("id") == Some(id))?;
    questionnaire.text("title").or_else(|| questionnaire.text("name"))
}

/// Flattens an item and all below it: a group that asks nothing is told by its items.
fn add_answers(item: Node, answers: &mut Vec<(Text, Text)>) {
    let question = item.text("text").or_else(|| item.text("linkId")).unwrap_or_default();
    let given: Vec<Text> = item.nodes("answer").filter_map(answer).collect();
    if !given.is_empty() {
        answers.push((question, given.join("; ").into()));
    }
    let below = item.nodes("answer").flat_map(|answer| answer.nodes("item"));
    for inner in below.chain(item.nodes("item")) {
        add_answers(inner, answers);
    }
}

/// Answers to questions that carry a LOINC code in their `linkId` (`/44249-1/44260-8`), by that code:
/// rules know questions by code and not by their words.
fn add_coded(item: Node, coded: &mut Vec<(Text, Text)>) {
    let code = item.word("linkId").and_then(|id| id.rsplit('/').next()).filter(|code| is_loinc(code));
    if let Some(code) = code {
        let given = item.nodes("answer").filter_map(answer);
        coded.extend(given.map(|given| (format!("LOINC {code}").into(), given)));
    }
    let below = item.nodes("answer").flat_map(|answer| answer.nodes("item"));
    for inner in below.chain(item.nodes("item")) {
        add_coded(inner, coded);
    }
}

/// The shape of a LOINC code: up to seven digits, a hyphen, a check digit.
fn is_loinc(code: &str) -> bool {
    code.split_once('-').is_some_and(|(digits, check)| {
        let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        (3..=7).contains(&digits.len()) && check.len() == 1 && is_number(digits) && is_number(check)
    })
}

fn answer(node: Node) -> Option<Text> {
    node.choices("value").find_map(|(key, _, _)| node.words(key).next())
}

#[cfg(test)]
mod tests {
    use super::super::tests::read;
    use super::*;

    #[test]
    fn nested_questions_are_told_in_their_order() {
        let entry = read(
            r#"{"resourceType":"QuestionnaireResponse","id":"1","questionnaire":"http://x.org/q",
            "_questionnaire":{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/display",
              "valueString":"Intake"}]},"authored":"2024-01-02",
            "item":[{"linkId":"g","text":"Group","item":[{"linkId":"1","text":"Smoke?",
              "answer":[{"valueBoolean":false,"item":[{"linkId":"1.1","text":"Ever?",
                "answer":[{"valueCoding":{"display":"Never"}}]}]}]}]},
              {"linkId":"2","answer":[{"valueInteger":3},{"valueQuantity":{"value":4,"unit":"h"}}]}]}"#,
        )
        .entry;
        assert_eq!(entry.concept.label(), "Intake");
        let Detail::Answers(answers) = entry.detail else { panic!("no answers") };
        let lines: Vec<String> = answers.iter().map(|(asked, said)| format!("{asked} {said}")).collect();
        assert_eq!(lines, ["Smoke? no", "Ever? Never", "2 3; 4 h"]);
    }

    #[test]
    fn an_answer_can_be_found_by_the_code_of_its_question() {
        let entry = read(
            r#"{"resourceType":"QuestionnaireResponse","questionnaire":"http://x.org/Questionnaire/PHQ-9|1",
            "item":[{"linkId":"/44249-1","item":[{"linkId":"/44249-1/44260-8","text":"Thoughts?",
              "answer":[{"valueCoding":{"code":"LA6569-3","display":"Several days"}}]}]}]}"#,
        )
        .entry;
        assert_eq!(entry.extra("LOINC 44260-8"), Some("Several days"));
        assert_eq!(entry.concept.label(), "PHQ-9");
    }
}
