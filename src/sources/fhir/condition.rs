//! Condition: problems, visit diagnoses and health concerns.

use super::base::{self, add_more};
use super::elements::label;
use super::node::Node;
use super::people;
use super::references::{add_actors, add_links};
use crate::record::{Condition, ConditionList, Detail, Entry, Kind, LinkRole, Standing, Text};

/// Reads a condition.
pub(super) fn read(node: Node) -> Entry {
    let verification = node.concept("verificationStatus").as_ref().and_then(base::status_word);
    let (onset, end) = (node.moment("onset"), node.moment("abatement"));
    let mut entry = base::start(node, Kind::Condition, Detail::Plain);
    entry.status = node.concept("clinicalStatus").as_ref().and_then(base::status_word).or(entry.status);
    if entry.standing == Standing::Stated {
        entry.standing = base::verified(verification.as_deref());
    }
    entry.concept = node.concept("code").unwrap_or_default();
    entry.date = onset.start;
    entry.end = end.start.or(end.end);
    let asserted = node.extension("condition-assertedDate");
    let asserted = asserted.and_then(|extension| extension.when("valueDateTime"));
    entry.recorded = node
        .when("recordedDate")
        .or(asserted)
        .or_else(|| node.when("assertedDate"))
        .or_else(|| node.when("dateRecorded"));
    if let Some(asserted) = asserted.filter(|asserted| entry.recorded != Some(*asserted)) {
        base::add_one(&mut entry, "asserted on", Some(asserted.to_string().into()));
    }
    let has_ended = node.flag("abatementBoolean") == Some(true);
    // An onset over a period ends where the illness was no longer beginning, not where it was over.
    let onset_text = onset.words.or_else(|| onset.end.map(|end| format!("until {end}").into()));
    entry.detail = Detail::Condition(Box::new(Condition {
        list: list(&entry.categories),
        verification,
        severity: node.label("severity"),
        stage: stage(node),
        body_site: joined(node.labels("bodySite")),
        onset_text,
        end_text: end.words.or_else(|| has_ended.then(|| "has ended".into())),
    }));
    base::add_status_text(&mut entry, node, "clinicalStatus", "status in words");
    base::add_status_text(&mut entry, node, "verificationStatus", "verification in words");
    add_actors(&mut entry, node, "recorder", "recorder");
    add_actors(&mut entry, node, "asserter", "asserter");
    people::add_participants(&mut entry, node);
    for evidence in node.nodes("evidence") {
        // R5 has a concept or a reference under its own name, not below `code` and `detail`.
        base::add_one(&mut entry, "evidence", evidence.label("concept"));
        add_links(&mut entry, evidence, "reference", LinkRole::Related);
        add_more(&mut entry, evidence, &[("code", "evidence")]);
        add_links(&mut entry, evidence, "detail", LinkRole::Related);
    }
    entry
}

fn list(categories: &[Text]) -> ConditionList {
    let has = |part: &str| categories.iter().any(|category| category.to_lowercase().contains(part));
    if has("problem") {
        ConditionList::Problem
    } else if has("encounter") || has("visit") || has("diagnosis") {
        ConditionList::Visit
    } else if has("concern") || has("sdoh") {
        ConditionList::Concern
    } else {
        ConditionList::Problem
    }
}

fn stage(node: Node) -> Option<Text> {
    joined(node.nodes("stage").filter_map(|stage| {
        let summary = stage.label("summary");
        let kind = stage.concept("type").as_ref().and_then(label);
        match (kind, summary) {
            (Some(kind), Some(summary)) => Some(format!("{summary} ({kind})").into()),
            (kind, summary) => summary.or(kind),
        }
    }))
}

fn joined(words: impl Iterator<Item = Text>) -> Option<Text> {
    let words: Vec<Text> = words.collect();
    Text::trimmed(&words.join(", "))
}

#[cfg(test)]
mod tests {
    use super::super::tests::read;
    use crate::record::{Condition, ConditionList, Detail, Entry, Standing};

    fn condition(elements: &str) -> (Entry, Condition) {
        let json = format!(
            r#"{{"resourceType":"Condition","id":"1","subject":{{"reference":"Patient/1"}},{elements}}}"#
        );
        let entry = read(&json).entry;
        let Detail::Condition(condition) = &entry.detail else { panic!("no condition") };
        let condition = (**condition).clone();
        (entry, condition)
    }

    #[test]
    fn the_category_tells_the_list() {
        for (code, list) in [
            ("problem-list-item", ConditionList::Problem),
            ("encounter-diagnosis", ConditionList::Visit),
            ("health-concern", ConditionList::Concern),
        ] {
            let (_, condition) = condition(&format!(r#""category":[{{"coding":[{{"code":"{code}"}}]}}]"#));
            assert_eq!(condition.list, list);
        }
    }

    #[test]
    fn onset_and_end_are_dates_or_words() {
        let (entry, condition) = condition(
            r#""onsetAge":{"value":40,"code":"a"},"abatementPeriod":{"start":"2020-02","end":"2021"},
            "verificationStatus":{"coding":[{"code":"provisional"}]},
            "extension":[{"url":"http://hl7.org/fhir/StructureDefinition/condition-assertedDate",
              "valueDateTime":"2019-05-01"}]"#,
        );
        assert_eq!(condition.onset_text.as_deref(), Some("age 40 years"));
        assert_eq!(entry.end.unwrap().to_string(), "2020-02");
        assert_eq!(entry.recorded.unwrap().to_string(), "2019-05-01");
        assert_eq!(entry.standing, Standing::Unconfirmed);
        let (entry, _) = self::condition(r#""verificationStatus":{"coding":[{"code":"refuted"}]}"#);
        assert_eq!(entry.standing, Standing::Refuted);
    }
}
