//! The audit as a person reads it: who did what, when, and how it ended.

use super::dates;
use crate::access::audit::{Event, Line, Outcome};

/// What calls and acts are called in a list. What is not here is told by its own name.
const WORDS: &[(&str, &str)] = &[
    ("summarize_history", "Read a summary of the record"),
    ("explain_labs", "Explained lab results"),
    ("prep_appointment_questions", "Made questions for a visit"),
    ("plan_daily_routine", "Planned a day"),
    ("check_preventive_care", "Checked screenings and shots"),
    ("get_conditions", "Read diagnoses"),
    ("get_medications", "Read medications"),
    ("get_allergies", "Read allergies"),
    ("get_immunizations", "Read immunizations"),
    ("get_procedures", "Read procedures"),
    ("get_visits", "Read visits"),
    ("get_labs", "Read lab results"),
    ("get_vitals", "Read vitals"),
    ("get_documents", "Read notes and reports"),
    ("get_care_plan", "Read the care plan"),
    ("get_background", "Read background"),
    ("get_coverage", "Read coverage"),
    ("search_records", "Searched the record"),
    ("get_record", "Opened one entry"),
    ("check_records_status", "Looked at how fresh the record is"),
    ("update_records", "Fetched what is new"),
    ("connect_source", "Asked for a way to connect a source"),
    ("care_begun", "The record came into an account's care"),
    ("care_ended", "An account gave up the care"),
    ("export", "Took a copy of everything"),
];

/// Acts that change who may read, which are told with the assistant's name and the id of the grant.
const ACTS: &[(&str, &str)] = &[
    ("access_given", "Allowed"),
    ("access_connected", "Connected"),
    ("access_changed", "Changed what it may see:"),
    ("access_ended disconnected", "Disconnected"),
    ("access_ended given_back", "It gave its access back:"),
    ("access_ended expired", "Its time was over:"),
    ("access_ended replaced", "Connected anew:"),
    ("access_ended code_used_twice", "Ended to be safe:"),
    ("access_ended refresh_token_used_again", "Ended to be safe:"),
];

/// What an account is called by what it is to the person.
const ACCOUNTS: &[(&str, &str)] = &[
    ("the account (own)", "The person"),
    ("the account (parent)", "A parent or guardian"),
    ("the account (for_adult)", "Someone who acts for the person"),
    ("the account", "The account"),
];

/// One line of the audit.
#[derive(Debug, PartialEq, Eq)]
pub struct Told {
    /// Its number in the chain.
    pub number: u64,
    /// When.
    pub at: String,
    /// Who.
    pub who: String,
    /// What was done.
    pub what: String,
    /// How many entries were told of, where that was asked for.
    pub entries: Option<usize>,
    /// How it ended, where not with an answer.
    pub ended: Option<&'static str>,
}

impl Told {
    /// A line in words.
    pub fn of(line: &Line) -> Told {
        let Event { at, who, tool, entries, outcome } = &line.event;
        Told {
            number: line.number,
            at: dates::minute_of_second(*at),
            who: who_in_words(who),
            what: words(tool),
            entries: (!is_act(tool, who)).then_some(entries.len()),
            ended: match outcome {
                Outcome::Answered => None,
                Outcome::Refused => Some("Refused"),
                Outcome::Failed => Some("Failed"),
                Outcome::TimedOut => Some("Took too long"),
                Outcome::Panicked => Some("Failed"),
            },
        }
    }
}

/// Whether something was done that tells of no entry.
fn is_act(tool: &str, who: &str) -> bool {
    tool.contains(": ") || ACCOUNTS.iter().any(|(name, _)| *name == who)
}

/// Who it was, without the id of the grant, which no person knows.
fn who_in_words(who: &str) -> String {
    if let Some((_, words)) = ACCOUNTS.iter().find(|(name, _)| *name == who) {
        return (*words).to_owned();
    }
    let name = who.rsplit_once(", grant ").map_or(who, |(name, _)| name);
    name.strip_suffix(" ()").unwrap_or(name).to_owned()
}

fn words(tool: &str) -> String {
    if let Some((act, of)) = tool.split_once(": ")
        && let Some((_, words)) = ACTS.iter().find(|(name, _)| *name == act)
    {
        let name = of.rsplit_once(' ').map_or(of, |(name, _)| name);
        return format!("{words} {name}");
    }
    match WORDS.iter().find(|(name, _)| *name == tool) {
        Some((_, words)) => (*words).to_owned(),
        None => {
            let spaced = tool.replace('_', " ");
            let mut letters = spaced.chars();
            letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
        }
    }
}

/// The lines as comma-separated values (RFC 4180), for a spreadsheet.
pub fn csv(lines: &[Line]) -> String {
    let mut text = String::from("number,at,who,what,entries,outcome\r\n");
    for Line { number, event } in lines {
        let at = jiff::Timestamp::from_second(event.at).map_or_else(|_| String::new(), |at| at.to_string());
        let outcome = format!("{:?}", event.outcome).to_lowercase();
        let entries = event.entries.join(" ");
        let cells = [number.to_string(), at, event.who.clone(), event.tool.clone(), entries, outcome];
        text.push_str(&cells.iter().map(|own| cell(own)).collect::<Vec<_>>().join(","));
        text.push_str("\r\n");
    }
    text
}

/// A cell in quotes. What a spreadsheet would take for a formula is marked as text.
fn cell(value: &str) -> String {
    let is_formula = value.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let mark = if is_formula { "'" } else { "" };
    format!("\"{mark}{}\"", value.replace('"', "\"\""))
}

/// The lines as JSON, one a line.
pub fn json_lines(lines: &[Line]) -> String {
    let told = lines.iter().map(|Line { number, event }| {
        serde_json::json!({ "number": number, "event": event }).to_string() + "\n"
    });
    told.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(tool: &str, who: &str) -> Line {
        let entries = vec!["L482913".into(), "L482914".into()];
        let event = Event { at: 60, who: who.into(), tool: tool.into(), entries, outcome: Outcome::Answered };
        Line { number: 3, event }
    }

    #[test]
    fn a_call_is_told_in_plain_words() {
        let told = Told::of(&line("get_labs", "Claude"));
        assert_eq!((told.what.as_str(), told.entries, told.ended), ("Read lab results", Some(2), None));
        assert_eq!(Told::of(&line("sign_in", "the account")).what, "Sign in");
    }

    #[test]
    fn an_act_is_told_by_the_name_of_the_assistant_and_not_by_ids() {
        let told = Told::of(&line("access_given: Claude Desktop 1f2e3d", "the account (own)"));
        assert_eq!((told.what.as_str(), told.who.as_str()), ("Allowed Claude Desktop", "The person"));
        assert_eq!((told.entries, Told::of(&line("export", "the account (own)")).entries), (None, None));
        assert_eq!(Told::of(&line("get_labs", "Claude (), grant 1f2e3d")).who, "Claude");
        assert_eq!(Told::of(&line("get_labs", "Claude (web 2), grant 1f2e3d")).who, "Claude (web 2)");
    }

    #[test]
    fn a_file_for_a_spreadsheet_holds_no_formula_and_breaks_at_no_quote() {
        let text = csv(&[line("get_labs", "=HYPERLINK(\"x\")")]);
        assert!(text.starts_with("number,at,who"));
        assert!(text.contains(r#""'=HYPERLINK(""x"")""#), "{text}");
        assert!(text.ends_with("\"answered\"\r\n"));
    }

    #[test]
    fn json_has_one_line_a_line() {
        let text = json_lines(&[line("get_labs", "a\nb"), line("get_visits", "c")]);
        assert_eq!(text.lines().count(), 2);
        assert!(text.contains(r#""tool":"get_visits""#));
    }
}
