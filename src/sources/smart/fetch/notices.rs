//! What a server says about its own answer, by codes alone: its texts may hold names.

use super::super::rules::NoticeMeaning;
use super::super::vendors::Vendor;
use crate::record::Text;
use crate::sources::json::Json;

const WITHHELD: &str = "the portal held back a part of it";
const CAPPED: &str = "the portal has more of it than it gives out";
const WARNED: &str = "the portal sent a warning with it, so that a part may be missing";
/// Longer codes are no codes.
const CODE_MAX: usize = 24;

/// What was heard with an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heard {
    /// That something of it is missing, in words for the person.
    pub held_back: Option<Text>,
    /// That the pages which were still to come are no longer held.
    pub is_expired: bool,
    /// That nothing was found.
    pub is_nothing: bool,
}

impl Heard {
    /// What these OperationOutcomes say; what cannot be read may have said that something is missing.
    pub fn of(outcomes: &[&str], vendor: &Vendor) -> Heard {
        let mut heard = Heard::default();
        for outcome in outcomes {
            let outcome: Option<Json<'_>> = serde_json::from_str(outcome).ok();
            let issues = outcome.as_ref().and_then(|outcome| outcome.get("issue")?.as_array());
            match issues {
                Some(issues) => issues.iter().for_each(|issue| heard.hear(issue, vendor)),
                None => heard.hold_back(WARNED, None),
            }
        }
        heard
    }

    fn hear(&mut self, issue: &Json<'_>, vendor: &Vendor) {
        let word = |name: &str| issue.get(name).and_then(Json::as_str).unwrap_or_default();
        let codings = issue.get("details").and_then(|details| details.get("coding")?.as_array());
        let codes = codings.unwrap_or_default().iter().filter_map(|coding| coding.get("code")?.as_str());
        let known: Vec<_> = codes.clone().filter_map(|code| Some((code, vendor.meaning(code)?))).collect();
        for (code, meaning) in &known {
            match meaning {
                NoticeMeaning::Withheld => self.hold_back(WITHHELD, Some(code)),
                NoticeMeaning::Capped => self.hold_back(CAPPED, Some(code)),
                NoticeMeaning::Expired => self.is_expired = true,
                NoticeMeaning::Nothing => self.is_nothing = true,
                NoticeMeaning::Ignore => {}
            }
        }
        if !known.is_empty() {
            return;
        }
        // FHIR R4, IssueType and IssueSeverity. What is not known may say that something is missing.
        match (word("code"), word("severity")) {
            ("suppressed" | "security" | "forbidden" | "login" | "unknown", _) => {
                self.hold_back(WITHHELD, None)
            }
            ("too-costly" | "throttled" | "incomplete", _) => self.hold_back(CAPPED, None),
            ("not-found", _) => self.is_nothing = true,
            (_, "information" | "success") | ("informational" | "success", "warning" | "") => {}
            (code, _) => self.hold_back(WARNED, codes.clone().next().or(Some(code))),
        }
    }

    /// The first words count; a code is added where it can be nothing else.
    fn hold_back(&mut self, words: &str, code: Option<&str>) {
        let is_plain = |code: &&str| {
            (1..=CODE_MAX).contains(&code.len())
                && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        };
        let code = code.filter(is_plain).map_or_else(String::new, |code| format!(" (code {code})"));
        self.held_back.get_or_insert_with(|| format!("{words}{code}").into());
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::vendors;
    use super::*;

    fn heard(vendor: &str, issue: &str) -> Heard {
        let outcome = format!(r#"{{"resourceType":"OperationOutcome","issue":[{issue}]}}"#);
        Heard::of(&[&outcome], vendors::named(vendor).unwrap())
    }

    fn epic(code: &str) -> Heard {
        heard(
            "epic",
            &format!(
                r#"{{"severity":"warning","code":"processing","details":{{"coding":[{{"code":"{code}","display":"Jane"}}]}}}}"#
            ),
        )
    }

    fn words(heard: &Heard) -> &str {
        heard.held_back.as_deref().unwrap_or("")
    }

    #[test]
    fn a_vendors_codes_say_what_its_row_says() {
        assert_eq!(words(&epic("59204")), "the portal held back a part of it (code 59204)");
        assert_eq!(words(&epic("4127")), "the portal has more of it than it gives out (code 4127)");
        assert!(epic("4113").is_expired && epic("4101").is_nothing);
        assert_eq!(epic("4119"), Heard::default());
    }

    #[test]
    fn codes_of_the_standard_say_that_something_is_missing() {
        for code in ["suppressed", "security", "forbidden"] {
            let heard = heard("any", &format!(r#"{{"severity":"information","code":"{code}"}}"#));
            assert_eq!(words(&heard), WITHHELD, "{code}");
        }
        assert_eq!(words(&heard("any", r#"{"severity":"warning","code":"too-costly"}"#)), CAPPED);
        assert!(heard("any", r#"{"severity":"warning","code":"not-found"}"#).is_nothing);
    }

    #[test]
    fn an_unknown_warning_may_say_it_and_information_does_not() {
        assert_eq!(words(&epic("77777")), format!("{WARNED} (code 77777)"));
        assert_eq!(words(&heard("any", r#"{"severity":"warning"}"#)), WARNED);
        assert_eq!(heard("any", r#"{"severity":"information","code":"informational"}"#), Heard::default());
        let broken = Heard::of(&[r#"{"issue":7}"#], vendors::named("any").unwrap());
        assert_eq!(words(&broken), WARNED);
    }

    #[test]
    fn nothing_that_could_be_a_name_is_told() {
        let issue = r#"{"severity":"error","code":"Jane Q. Public","diagnostics":"Jane",
            "details":{"text":"Jane","coding":[{"code":"Jane Q. Public"}]}}"#;
        assert_eq!(words(&heard("any", issue)), WARNED);
    }
}
