//! The audit as a person reads it: who did what, when, and how it ended.

use super::{dates, others};
use crate::access::account::Relation;
use crate::access::audit::{self, Event, Outcome, Walked};

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
    ("get_coverage", "Read insurance and claims"),
    ("search_records", "Searched the record"),
    ("get_record", "Opened one entry"),
    ("check_records_status", "Looked at how fresh the record is"),
    ("update_records", "Fetched what is new"),
    ("connect_source", "Asked for a way to connect a source"),
    ("export", "Took a copy of everything"),
    ("sign_up", "Made the account"),
    ("sign_in", "Signed in"),
    ("sign_in_with_passkey", "Signed in with a passkey"),
    ("sign_in_at_provider", "Signed in at the identity provider"),
    ("sign_out", "Signed out"),
    ("new_password", "Set another password"),
    ("new_passkey", "Added a passkey"),
    ("removed_passkey", "Removed a passkey"),
    ("new_recovery_codes", "Made new recovery codes"),
    ("recovery_link", "Made a link to recover the account"),
    ("recovery", "Recovered the account with a code or a link"),
    ("invitation", "Made or used an invitation"),
    ("lock", "Locked the account"),
    ("unlock", "Unlocked the account"),
];

/// Acts that change who cares, which are told with what the account is to the person and the beginning of its id.
const CARE: &[(&str, &str)] = &[
    ("care_begun", "The record came into the care of"),
    ("care_offered", "Made an invitation to the record for"),
    ("care_ended", "Ended the care of"),
];

/// Acts that change who may read, which are told with the assistant's name and the id of the grant.
const ACTS: &[(&str, &str)] = &[
    ("access_given", "Allowed"),
    ("access_connected", "Connected"),
    ("access_changed", "Changed what it may see:"),
    ("access_token_given_back", "It gave one of its tokens back:"),
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
    ("the administrator", "An administrator"),
];

/// How many entries a line tells of.
#[derive(Debug, PartialEq, Eq)]
pub enum Entries {
    /// So many.
    Count(usize),
    /// More than the account is told.
    NotShown,
    /// It is about none.
    None,
}

/// One line of the audit.
#[derive(Debug, PartialEq, Eq)]
pub struct Line {
    /// Its number in the chain.
    pub number: u64,
    /// When.
    pub at: String,
    /// Who.
    pub who: String,
    /// What was done.
    pub what: String,
    /// How many entries were told of.
    pub entries: Entries,
    /// How it ended, where not with an answer.
    pub ended: Option<&'static str>,
}

impl Line {
    /// A line in words, as far as an account is told of it.
    pub fn of(line: &audit::Line, told: &others::Told) -> Line {
        let shows_entries = told.shows_entries(&line.event);
        Line::in_words(line, shows_entries)
    }

    /// A line of an account's own audit, in which nothing of a record stands.
    pub fn of_account(line: &audit::Line) -> Line {
        Line::in_words(line, false)
    }

    fn in_words(line: &audit::Line, shows_entries: bool) -> Line {
        let Event { at, who, tool, entries, outcome } = &line.event;
        Line {
            number: line.number,
            at: dates::minute_of_second(*at),
            who: who_in_words(who),
            what: words(tool),
            entries: match shows_entries {
                _ if is_act(tool, who) => Entries::None,
                true => Entries::Count(entries.len()),
                false => Entries::NotShown,
            },
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
    if let Some(told) = care_in_words(tool) {
        return told;
    }
    if let Some(count) = tool.strip_prefix("failed_sign_ins ") {
        return format!("Wrong tries before the sign-in: {count}");
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

fn care_in_words(tool: &str) -> Option<String> {
    let (act, of) = tool.split_once(": ")?;
    let (_, words) = CARE.iter().find(|(name, _)| *name == act)?;
    let relation = of.split_once(' ').map_or(of, |(relation, _)| relation);
    let who = match Relation::named(relation)? {
        Relation::Own => "the person's own account",
        Relation::Parent => "a parent or guardian",
        Relation::ForAdult => "someone who acts for the person",
    };
    Some(format!("{words} {who}"))
}

/// The lines as comma-separated values (RFC 4180), for a spreadsheet. The last one says whether the chain holds.
pub fn csv(walked: &Walked, told: &others::Told) -> String {
    let mut text = row(&["number", "at", "who", "what", "entries", "outcome", "hash"].map(str::to_owned));
    for line in &walked.lines {
        let audit::Line { number, event, hash } = line;
        let at = jiff::Timestamp::from_second(event.at).map_or_else(|_| String::new(), |at| at.to_string());
        let entries = if told.shows_entries(event) { event.entries.join(" ") } else { "not shown".into() };
        let hash = if told.is_whole() { hash.clone() } else { String::new() };
        let outcome = event.outcome.word().to_owned();
        text +=
            &row(&[number.to_string(), at, event.who.clone(), event.tool.clone(), entries, outcome, hash]);
    }
    let whole = match walked.broken_at {
        None => format!("the list is whole: {} lines", walked.count),
        Some(number) => format!("the list was changed outside of plainchart, {}", place(&number)),
    };
    text + &row(&["", "", "plainchart", &whole, "", "", ""].map(str::to_owned))
}

/// Where a chain was changed.
pub fn place(broken_at: &u64) -> String {
    if *broken_at == 0 { "at its end".into() } else { format!("at line {broken_at}") }
}

fn row(cells: &[String; 7]) -> String {
    cells.iter().map(|own| cell(own)).collect::<Vec<_>>().join(",") + "\r\n"
}

/// A cell in quotes. What a spreadsheet would take for a formula is marked as text.
fn cell(value: &str) -> String {
    let is_formula = value.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let mark = if is_formula { "'" } else { "" };
    format!("\"{mark}{}\"", value.replace('"', "\"\""))
}

/// The lines as JSON, one a line; the last one counts them and says whether the chain holds. From the hash of a line
/// one could try out what stands in it, so that who is not told all has none.
pub fn json_lines(walked: &Walked, told: &others::Told) -> String {
    let lines = walked.lines.iter().map(|audit::Line { number, event, hash }| {
        let mut line = serde_json::json!({ "number": number, "event": event });
        if !told.shows_entries(event) {
            line["event"]["entries"] = serde_json::Value::Null;
        }
        if told.is_whole() {
            line["hash"] = hash.as_str().into();
        }
        line.to_string() + "\n"
    });
    let end = serde_json::json!({ "count": walked.count, "broken_at": walked.broken_at });
    lines.collect::<String>() + &end.to_string() + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(tool: &str, who: &str) -> audit::Line {
        let entries = vec!["L482913".into(), "L482914".into()];
        let event = Event { at: 60, who: who.into(), tool: tool.into(), entries, outcome: Outcome::TimedOut };
        audit::Line { number: 3, event, hash: "5e1f".into() }
    }

    fn in_words(tool: &str, who: &str) -> Line {
        Line::in_words(&line(tool, who), true)
    }

    fn walked(lines: Vec<audit::Line>, broken_at: Option<u64>) -> Walked {
        Walked { lines, count: 3, broken_at }
    }

    #[test]
    fn a_call_is_told_in_plain_words() {
        let told = in_words("get_labs", "Claude");
        let parts = (told.what.as_str(), told.entries, told.ended);
        assert_eq!(parts, ("Read lab results", Entries::Count(2), Some("Took too long")));
        assert_eq!(in_words("sign_in", "the account").what, "Signed in");
        assert_eq!(in_words("made_anew", "the account").what, "Made anew");
        assert_eq!(in_words("failed_sign_ins 7", "the account").what, "Wrong tries before the sign-in: 7");
    }

    #[test]
    fn who_came_to_care_is_told_by_what_they_are_to_the_person() {
        let told = in_words("care_offered: own 1f2e3d4c", "the account (parent)");
        assert_eq!(told.what, "Made an invitation to the record for the person's own account");
        assert_eq!(told.who, "A parent or guardian");
        assert_eq!(in_words("recovery_link", "the administrator").who, "An administrator");
    }

    #[test]
    fn an_act_is_told_by_the_name_of_the_assistant_and_not_by_ids() {
        let told = in_words("access_given: Claude Desktop 1f2e3d", "the account (own)");
        assert_eq!((told.what.as_str(), told.who.as_str()), ("Allowed Claude Desktop", "The person"));
        assert_eq!(
            (told.entries, in_words("export", "the account (own)").entries),
            (Entries::None, Entries::None)
        );
        assert_eq!(in_words("get_labs", "Claude (), grant 1f2e3d").who, "Claude");
        assert_eq!(in_words("get_labs", "Claude (web 2), grant 1f2e3d").who, "Claude (web 2)");
    }

    #[test]
    fn a_file_for_a_spreadsheet_holds_no_formula_and_breaks_at_no_quote() {
        let text = csv(&walked(vec![line("get_labs", "=HYPERLINK(\"x\")")], None), &others::Told::all());
        assert!(text.starts_with("\"number\",\"at\",\"who\""));
        assert!(text.contains(r#""'=HYPERLINK(""x"")""#), "{text}");
        assert!(text.contains(r#","L482913 L482914","timed_out","5e1f""#), "{text}");
        assert!(text.ends_with("\"the list is whole: 3 lines\",\"\",\"\",\"\"\r\n"), "{text}");
    }

    #[test]
    fn json_has_one_line_a_line_and_says_at_its_end_whether_the_chain_holds() {
        let lines = vec![line("get_labs", "a\nb"), line("get_visits", "c")];
        let text = json_lines(&walked(lines, Some(4)), &others::Told::all());
        assert_eq!(text.lines().count(), 3);
        assert!(text.contains(r#""tool":"get_visits""#) && text.contains(r#""hash":"5e1f""#), "{text}");
        assert!(text.ends_with("{\"broken_at\":4,\"count\":3}\n"), "{text}");
    }

    #[test]
    fn of_an_assistant_of_others_an_account_that_sees_less_is_told_no_entry_and_no_hash() {
        let lines = || vec![line("get_labs", "Claude (), grant aa"), line("get_labs", "Other (), grant bb")];
        let told = others::Told::less(&["aa"]);
        for text in [csv(&walked(lines(), None), &told), json_lines(&walked(lines(), None), &told)] {
            assert_eq!(text.matches("L482913").count(), 1, "{text}");
            assert!(!text.contains("5e1f"), "{text}");
        }
        assert_eq!(Line::of(&lines()[1], &told).entries, Entries::NotShown);
    }
}
