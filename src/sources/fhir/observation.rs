//! Observation: labs, vital signs, social history, surveys, preferences and clinical findings.

use super::base::{self, add_more, add_one};
use super::measurement;
use super::node::Node;
use super::observation_kind::kind;
use super::references::{add_actors, add_links};
use crate::record::{
    Detail, Document, DocumentKind, Entry, EntryId, Kind, LinkRole, Measurement, Standing, Value,
};

/// Reads an observation.
pub(super) fn read(node: Node) -> Entry {
    let measurement = measurement::read(node);
    let concept = node.concept("code").unwrap_or_default();
    let has_words = matches!(measurement.value, Some(Value::Text(_)) | None);
    let is_not_done = is_not_done(node, &measurement);
    // The kind is told by the categories, which every entry has.
    let mut entry = base::start(node, Kind::Other, Detail::Plain);
    let kind = kind(&entry.categories, &concept, has_words);
    (entry.id, entry.detail) = (EntryId::new(kind, 0), detail(kind, measurement));
    entry.concept = concept;
    if is_not_done && entry.standing == Standing::Stated {
        entry.standing = Standing::NotDone;
    }
    let moment = node.moment("effective");
    (entry.date, entry.end) = (moment.start, moment.end);
    add_one(&mut entry, "time", moment.words);
    entry.recorded = node.when("issued");
    // Without any other date, a result is of the day on which it was issued.
    entry.date = entry.date.or(entry.recorded);
    add_actors(&mut entry, node, "performer", "performer");
    add_actors(&mut entry, node, "device", "device");
    for (key, role) in [
        ("hasMember", LinkRole::Result),
        ("derivedFrom", LinkRole::Related),
        ("specimen", LinkRole::Related),
        ("focus", LinkRole::Related),
        ("valueReference", LinkRole::Related),
    ] {
        add_links(&mut entry, node, key, role);
    }
    // Before R4, members and sources of a result are related things, told apart by a word.
    for related in node.nodes("related") {
        let role = match related.word("type") {
            Some("has-member") => LinkRole::Result,
            Some("replaces") => LinkRole::Replaces,
            _ => LinkRole::Related,
        };
        add_links(&mut entry, related, "target", role);
    }
    for document in node.extensions("supportingInfo").chain(node.extensions("supporting-info")) {
        add_links(&mut entry, document, "valueReference", LinkRole::Related);
        add_more(&mut entry, document, &[("valueReference", "document")]);
    }
    entry
}

/// An imaging finding in words is read as a report; everything else is measured.
fn detail(kind: Kind, measurement: Measurement) -> Detail {
    match (kind, measurement.value) {
        (Kind::Imaging, Some(Value::Text(text))) => Detail::Document(Box::new(Document {
            kind: DocumentKind::Imaging,
            text: Some(text),
            ..Document::default()
        })),
        (_, value) => Detail::Measurement(Box::new(Measurement { value, ..measurement })),
    }
}

/// A cancelled test has no result, unless a result was sent all the same.
fn is_not_done(node: Node, measurement: &Measurement) -> bool {
    let is_empty = measurement.value.is_none() && measurement.components.is_empty();
    (node.word("status") == Some("cancelled") && is_empty) || measurement::is_not_done(measurement)
}

#[cfg(test)]
mod tests {
    use super::super::tests::read;
    use super::*;
    use crate::record::FlagMeaning;

    fn observation(elements: &str) -> (Entry, Measurement) {
        let json = format!(
            r#"{{"resourceType":"Observation","id":"1","status":"final",
            "subject":{{"reference":"Patient/1"}},{elements}}}"#
        );
        let entry = read(&json).entry;
        let measurement = match &entry.detail {
            Detail::Measurement(measurement) => (**measurement).clone(),
            _ => Measurement::default(),
        };
        (entry, measurement)
    }

    fn number(measurement: &Measurement) -> String {
        match &measurement.value {
            Some(Value::Quantity(quantity)) => super::super::elements::quantity_words(quantity).to_string(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn a_lab_keeps_its_digits_ranges_and_flags() {
        let (entry, lab) = observation(
            r#""category":{"coding":{"code":"laboratory"}},
            "code":{"coding":[{"system":"http://loinc","code":"4548-4"}],"text":"A1c"},
            "effectivePeriod":{"start":"2024-03-02T02:30:00Z"},"issued":"2024-03-03T00:00:00Z",
            "valueQuantity":{"value":4.10,"comparator":"<","unit":"%","code":"%",
              "system":"http://unitsofmeasure.org"},
            "interpretation":[{"text":"above high normal"}],
            "referenceRange":[{"text":"4.0-5.6"},{"low":{"value":"7.0"},"type":{"coding":[{"code":"treatment"}]},
              "appliesTo":[{"text":"female"}],"age":{"low":{"value":18,"code":"a"}}},{"low":{}}],
            "hasMember":[{"reference":"Observation/2"}],"encounter":{"reference":"Encounter/7"}"#,
        );
        assert_eq!(entry.kind(), Kind::Lab);
        assert_eq!(number(&lab), "<4.10 %");
        assert_eq!(lab.flags[0].meaning, FlagMeaning::High);
        assert_eq!(lab.ranges.len(), 2, "an empty range is none");
        assert_eq!(lab.ranges[0].text.as_deref(), Some("4.0-5.6"));
        assert_eq!(lab.ranges[1].purpose.as_deref(), Some("treatment"));
        assert_eq!(lab.ranges[1].applies_to, ["female"]);
        assert_eq!(lab.ranges[1].ages.as_deref(), Some("from age 18 years"));
        assert_eq!(lab.ranges[1].low.as_ref().unwrap().number.as_written(), "7.0");
        assert_eq!(entry.date.unwrap().to_string(), "2024-03-02T02:30:00Z");
        assert_eq!(entry.linked(LinkRole::Result).next(), Some("Observation/2"));
        assert_eq!(entry.linked(LinkRole::Visit).next(), Some("Encounter/7"));
    }

    #[test]
    fn a_result_that_was_not_done_is_no_result() {
        for elements in [
            r#""valueString":"QNS""#,
            r#""valueCodeableConcept":{"text":"Test not performed"}"#,
            r#""dataAbsentReason":{"text":"np"}"#,
            r#""dataAbsentReason":{"coding":[{"code":"not-performed"}]}"#,
            r#""component":[{"dataAbsentReason":{"coding":[{"code":"not-performed"}]}}]"#,
        ] {
            let (entry, lab) = observation(elements);
            assert_eq!(entry.standing, Standing::NotDone, "{elements}");
            assert_eq!(lab.value, None);
            assert!(lab.absent.is_some() || !lab.components.is_empty(), "the word is kept");
        }
        let (entry, _) = observation(r#""status":"cancelled""#);
        assert_eq!(entry.standing, Standing::NotDone);
    }

    #[test]
    fn a_value_hidden_among_the_reasons_is_found() {
        let (entry, lab) = observation(r#""dataAbsentReason":{"text":"7.25 mg/dL"}"#);
        assert_eq!((number(&lab).as_str(), entry.standing), ("7.25 mg/dL", Standing::Stated));
        let (_, lab) =
            observation(r#""dataAbsentReason":{"coding":[{"code":"unknown","display":"Unknown"}]}"#);
        assert_eq!((lab.value, lab.absent.as_deref()), (None, Some("Unknown")));
    }

    #[test]
    fn every_type_of_value_is_read() {
        for (value, shown) in [
            (r#""valueQuantity":{"value":"<0.10","unit":"ng/mL"}"#, "<0.10 ng/mL"),
            (r#""valueInteger":7"#, "7"),
            (r#""valueString":"5.40""#, "5.40"),
            (r#""valueQuantity":{"value":"Negative"}"#, r#"Some(Text("Negative"))"#),
            (r#""valueBoolean":true"#, r#"Some(Text("yes"))"#),
            (r#""valueRange":{"low":{"value":1},"high":{"value":2,"unit":"mg"}}"#, r#"Some(Text("1–2 mg"))"#),
            (
                r#""valueRatio":{"numerator":{"value":1},"denominator":{"value":128}}"#,
                r#"Some(Text("1:128"))"#,
            ),
            (r#""valueDateTime":"2024-05""#, r#"Some(Text("2024-05"))"#),
            (r#""valuePeriod":{"start":"2024","end":"2025"}"#, r#"Some(Text("2024 to 2025"))"#),
        ] {
            let (_, lab) = observation(value);
            assert_eq!(number(&lab), shown, "{value}");
        }
        let (_, lab) = observation(r#""valueCodeableConcept":{"coding":[{"code":"LA1-2","display":"Red"}]}"#);
        assert!(matches!(lab.value, Some(Value::Concept(concept)) if concept.name() == Some("Red")));
    }

    #[test]
    fn the_kind_is_told_by_category_or_else_by_code() {
        let kind = |category: &str, code: &str| {
            let coding = format!(r#"{{"coding":[{{"system":"http://loinc.org","code":"{code}"}}]}}"#);
            let category = format!(r#"{{"coding":[{{"code":"{category}"}}]}}"#);
            observation(&format!(r#""category":[{category}],"code":{coding},"valueString":"text""#)).0.kind()
        };
        assert_eq!(kind("laboratory", "8867-4"), Kind::Lab);
        assert_eq!(kind("vital-signs", "1"), Kind::Vital);
        assert_eq!(kind("exam", "8867-4"), Kind::Vital);
        assert_eq!(kind("", "72166-2"), Kind::Background);
        assert_eq!(kind("survey", "1"), Kind::Background);
        assert_eq!(kind("imaging", "1"), Kind::Imaging);
        assert_eq!(kind("observation-adi-documentation", "1"), Kind::Directive);
        assert_eq!(kind("", "1"), Kind::Lab);
    }
}
