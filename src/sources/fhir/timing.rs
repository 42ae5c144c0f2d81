//! How often and when a medicine is taken, as words.
//!
//! Codes of the moments of a day: FHIR R4 event-timing and HL7 v3 TimingEvent (CC0); units of time: UCUM.

use super::elements::{quantity_words, range_words};
use super::node::Node;
use crate::record::{Text, When};

/// A timing in words (`twice a day, before breakfast, for 10 days`).
pub(super) fn words(timing: Option<Node>) -> Option<Text> {
    let timing = timing?;
    let code = timing.label("code");
    let Some(repeat) = timing.node("repeat") else {
        return code.or_else(|| Text::trimmed(&timing.texts("event").collect::<Vec<_>>().join(", ")));
    };
    let mut parts: Vec<String> = frequency(repeat).into_iter().collect();
    let moments: Vec<String> = repeat.texts("when").map(|code| moment(&code)).collect();
    if !moments.is_empty() {
        let offset = repeat.count("offset").filter(|offset| *offset > 0);
        let offset = offset.map(|minutes| format!("{minutes} minutes ")).unwrap_or_default();
        parts.push(format!("{offset}{}", moments.join(" and ")));
    }
    let list = |key| repeat.texts(key).collect::<Vec<Text>>().join(", ");
    for (key, before) in [("timeOfDay", "at "), ("dayOfWeek", "on ")] {
        let list = list(key);
        if !list.is_empty() {
            parts.push(format!("{before}{list}"));
        }
    }
    parts.extend(limits(repeat));
    // The code repeats what the elements say; alone it is all there is.
    let says_when = parts.iter().any(|part| !part.starts_with("for ") && !part.starts_with("from "));
    let words = if says_when { None } else { code.map(|code| code.to_string()) };
    Text::trimmed(&words.into_iter().chain(parts).collect::<Vec<_>>().join(", "))
}

/// The moments of a day, as recorded codes.
pub(super) fn moments(timing: Option<Node>) -> Vec<Text> {
    let Some(repeat) = timing.and_then(|timing| timing.node("repeat")) else { return Vec::new() };
    repeat.texts("when").chain(repeat.texts("timeOfDay")).collect()
}

/// `twice a day`, `every 8 hours`, `1 to 2 times a day`.
fn frequency(repeat: Node) -> Option<String> {
    let text = |key| repeat.text(key);
    let times = match (text("frequency"), text("frequencyMax")) {
        (Some(least), Some(most)) if least != most => format!("{least} to {most} times"),
        (Some(times), _) => times_words(&times),
        (None, _) => "once".to_owned(),
    };
    let period = text("period")?;
    let unit = text("periodUnit")?;
    let period = match text("periodMax") {
        Some(most) if most != period => format!("{period} to {most}"),
        _ => period.to_string(),
    };
    let is_one = matches!(period.as_str(), "1" | "1.0");
    Some(match (is_one, times.as_str()) {
        (true, "once") if unit.as_str() == "d" => "once a day".to_owned(),
        (true, "once") => format!("once {} {}", article(&unit), unit_of_time(&unit, true)),
        (true, _) => format!("{times} {} {}", article(&unit), unit_of_time(&unit, true)),
        (false, "once") => format!("every {period} {}", unit_of_time(&unit, false)),
        (false, _) => format!("{times} every {period} {}", unit_of_time(&unit, false)),
    })
}

fn times_words(times: &str) -> String {
    match times {
        "1" | "1.0" => "once".to_owned(),
        "2" => "twice".to_owned(),
        other => format!("{other} times"),
    }
}

fn article(unit: &str) -> &'static str {
    if unit == "h" { "an" } else { "a" }
}

fn unit_of_time(unit: &str, is_one: bool) -> String {
    let word = match unit {
        "s" => "second",
        "min" => "minute",
        "h" => "hour",
        "d" => "day",
        "wk" => "week",
        "mo" => "month",
        "a" => "year",
        other => return other.to_owned(),
    };
    if is_one { word.to_owned() } else { format!("{word}s") }
}

/// How long and how many times.
fn limits(repeat: Node) -> Vec<String> {
    let mut limits = Vec::new();
    if let Some(duration) = repeat.quantity("boundsDuration") {
        let unit = duration.ucum.as_deref().or(duration.unit.as_deref()).unwrap_or("");
        let number = duration.number.as_written();
        limits.push(format!("for {number} {}", unit_of_time(unit, number == "1")));
    }
    if let Some(range) = repeat.node("boundsRange").and_then(range_words) {
        limits.push(format!("for {range}"));
    }
    let bounds = repeat.node("boundsPeriod");
    // The first and the last minute are how some systems write a whole day.
    for (end, words, minute) in [("start", "from", "T00:00"), ("end", "until", "T23:59")] {
        if let Some(written) = bounds.and_then(|bounds| bounds.text(end)) {
            let when = When::parse(&written).map(|when| match written.contains(minute) {
                true => when.date_text(),
                false => when.minute_text(),
            });
            limits.push(format!("{words} {}", when.unwrap_or_else(|| written.to_string())));
        }
    }
    let most = repeat.text("countMax").map(|most| format!(" to {most}")).unwrap_or_default();
    match repeat.text("count") {
        Some(count) if count.as_str() == "1" && most.is_empty() => limits.push("one time only".to_owned()),
        Some(count) => limits.push(format!("{count}{most} times in all")),
        None => {}
    }
    if let (Some(duration), Some(unit)) = (repeat.text("duration"), repeat.text("durationUnit")) {
        limits.push(format!("over {duration} {}", unit_of_time(&unit, duration.as_str() == "1")));
    }
    limits
}

fn moment(code: &str) -> String {
    let words = match code {
        "MORN" => "in the morning",
        "MORN.early" => "early in the morning",
        "MORN.late" => "late in the morning",
        "NOON" => "at noon",
        "AFT" => "in the afternoon",
        "AFT.early" => "early in the afternoon",
        "AFT.late" => "late in the afternoon",
        "EVE" => "in the evening",
        "EVE.early" => "early in the evening",
        "EVE.late" => "late in the evening",
        "NIGHT" => "at night",
        "PHS" => "after going to sleep",
        "HS" => "at bedtime",
        "WAKE" => "on waking",
        "C" => "with a meal",
        "CM" => "with breakfast",
        "CD" => "with lunch",
        "CV" => "with dinner",
        "AC" => "before a meal",
        "ACM" => "before breakfast",
        "ACD" => "before lunch",
        "ACV" => "before dinner",
        "PC" => "after a meal",
        "PCM" => "after breakfast",
        "PCD" => "after lunch",
        "PCV" => "after dinner",
        other => other,
    };
    words.to_owned()
}

/// The greatest dose in a time (`at most 4 g per 24 h`).
pub(super) fn most(ratio: Node) -> Option<String> {
    let quantity = |key| ratio.quantity(key);
    let numerator = quantity_words(&quantity("numerator")?);
    let Some(denominator) = quantity("denominator") else { return Some(format!("at most {numerator}")) };
    let unit = denominator.ucum.as_deref().or(denominator.unit.as_deref()).unwrap_or("");
    let number = denominator.number.as_written();
    let time = match number {
        "1" => unit_of_time(unit, true),
        number => format!("{number} {}", unit_of_time(unit, false)),
    };
    Some(format!("at most {numerator} per {}", time.trim()))
}

#[cfg(test)]
mod tests {
    use super::super::tests::with_node;
    use super::*;

    #[test]
    fn a_timing_reads_as_a_person_would_say_it() {
        for (json, expected) in [
            (r#"{"repeat":{"frequency":2,"period":1,"periodUnit":"d"}}"#, "twice a day"),
            (r#"{"repeat":{"frequency":1,"period":8,"periodUnit":"h"}}"#, "every 8 hours"),
            (r#"{"repeat":{"period":4,"periodMax":6,"periodUnit":"h"}}"#, "every 4 to 6 hours"),
            (
                r#"{"repeat":{"frequency":1,"frequencyMax":2,"period":1,"periodUnit":"d"}}"#,
                "1 to 2 times a day",
            ),
            (r#"{"repeat":{"when":["CM","HS"]}}"#, "with breakfast and at bedtime"),
            (
                r#"{"repeat":{"frequency":"1","period":"1.0","periodUnit":"wk","dayOfWeek":"sun"}}"#,
                "once a week, on sun",
            ),
            (
                r#"{"repeat":{"boundsPeriod":{"start":"2024-01-02"}},"code":{"text":"BID"}}"#,
                "BID, from 2024-01-02",
            ),
            (
                r#"{"repeat":{"boundsPeriod":{"start":"2024-01-02T10:15:00Z","end":"2024-01-09T23:59:59Z"}}}"#,
                "from 2024-01-02 10:15Z, until 2024-01-09",
            ),
            (r#"{"code":{"coding":[{"code":"BID"}]}}"#, "BID"),
            (r#"{"repeat":{"count":1}}"#, "one time only"),
        ] {
            with_node(json, |node| assert_eq!(words(Some(node)).as_deref(), Some(expected), "{json}"));
        }
    }
}
