//! What to tell, what to bring, and what to do before: only what the record gives reason for.

use super::super::allergies::{is_present, stance};
use super::super::medications::HomeMedicine;
use super::super::whose::people;
use super::medicines::{stated, unconfirmed};
use super::visit::Visits;
use crate::insight::rows::name_cell;
use crate::insight::{Context, Refusal, plain, shortened};
use crate::knowledge::folding::{fold, holds_words, may_hold};
use crate::record::{Detail, Entry, Kind, Standing};

/// Lines of one sort.
const MOST: usize = 4;
/// Characters of an own note.
const NOTE_CHARS: usize = 200;

/// What to tell: own notes, what is taken from the store, what nobody has confirmed, allergies.
pub(super) fn tell(context: &Context<'_>, home: &[HomeMedicine<'_>]) -> Result<Vec<String>, Refusal> {
    let mut lines = Vec::new();
    let mut notes: Vec<&Entry> = context.view.entries(Kind::Note).collect();
    notes.sort_by_key(|note| std::cmp::Reverse((note.date.or(note.recorded), note.id)));
    for note in notes {
        context.check()?;
        if let Detail::Note { text, about } = &note.detail
            && lines.len() < MOST
        {
            let about = about.map_or_else(String::new, |about| format!(", about [{about}]"));
            lines.push(format!("Own note{about}: \"{}\" [{}]", shortened(text, NOTE_CHARS), note.id));
        }
    }
    lines.extend(of_many("Taken without an order, as recorded; say how often", &stated(home)));
    lines.extend(of_many(
        "Whether it is still taken, since nothing has confirmed it for long",
        &unconfirmed(home),
    ));
    lines.extend(allergies(context));
    Ok(lines)
}

fn of_many(says: &str, all: &[String]) -> Option<String> {
    let more = all.len().saturating_sub(MOST);
    let more = if more > 0 { format!("; and {more} more: get_medications") } else { String::new() };
    (!all.is_empty()).then(|| format!("{says}: {}{more}", all[..all.len().min(MOST)].join("; ")))
}

fn allergies(context: &Context<'_>) -> Option<String> {
    let faces = context.view.groups(Kind::Allergy).iter().map(|group| context.view.face(group));
    let mut present: Vec<&Entry> = faces.filter(|entry| is_present(entry)).collect();
    present.sort_by_key(|entry| entry.id);
    let named: Vec<String> =
        present.iter().map(|entry| format!("{} [{}]", name_cell(entry), entry.id)).collect();
    let listed = of_many("The recorded allergies; say what is missing", &named);
    let listed = listed.map(|line| line.replace("get_medications", "get_allergies"));
    let nothing = || stance(context).lines.into_iter().next().map(|line| line.replace("**", ""));
    let is_empty = context.view.groups(Kind::Allergy).is_empty() && home_or_problems(context);
    listed.or_else(|| nothing().filter(|_| is_empty))
}

/// Of an empty record, nothing is to be told about what is missing from it line by line.
fn home_or_problems(context: &Context<'_>) -> bool {
    [Kind::Medication, Kind::Condition].iter().any(|kind| !context.view.groups(*kind).is_empty())
}

/// What to bring: the list of medicines, own readings, the signed directive, an interpreter.
pub(super) fn bring(context: &Context<'_>, home: &[HomeMedicine<'_>]) -> Result<Vec<String>, Refusal> {
    let mut lines = Vec::new();
    if !home.is_empty() {
        let count = home.len();
        let are = if count == 1 {
            "1 medicine for home is".into()
        } else {
            format!("{count} medicines for home are")
        };
        lines.push(format!(
            "All medicines or a list of them, also what comes from the store: {are} on record"
        ));
    }
    let mut reading: Option<&Entry> = None;
    for entry in context.view.entries(Kind::Vital) {
        context.check()?;
        if is_home_reading(context, entry)
            && reading.is_none_or(|last| (last.date, last.id) < (entry.date, entry.id))
        {
            reading = Some(entry);
        }
    }
    if let Some(last) = reading {
        let date = last.date.map_or_else(String::new, |when| format!(", last {}", when.date_text()));
        lines.push(format!("The readings from home{date} [{}]", last.id));
    }
    for group in context.view.groups(Kind::Directive).iter().take(MOST) {
        let entry = context.view.face(group);
        let is_over = matches!(
            entry.status.as_deref(),
            Some("superseded" | "inactive" | "rejected" | "revoked" | "entered-in-error")
        );
        if entry.standing == Standing::Stated && !is_over {
            lines.push(format!(
                "The signed paper of \"{}\"; a copy is on record [{}]",
                name_cell(entry),
                entry.id
            ));
        }
    }
    lines.extend(interpreter(context));
    Ok(lines)
}

fn is_home_reading(context: &Context<'_>, entry: &Entry) -> bool {
    let is_own = context.view.source(entry).kind == crate::record::SourceKind::Own;
    let words = entry.categories.iter().map(|word| word.as_str()).chain(entry.concept.name());
    is_own || words.into_iter().any(|words| may_hold(words, "home") && holds_words(&fold(words), "home"))
}

/// A preferred language that is not English, or an interpreter that is recorded as needed.
fn interpreter(context: &Context<'_>) -> Option<String> {
    let facts = || people(context.view).flat_map(|person| &person.facts);
    let fact =
        |label: &str| facts().find(|(name, _)| name.as_str() == label).map(|(_, value)| value.as_str());
    let language = fact("preferred language").or_else(|| fact("language"));
    // By its name, or by its code in ISO 639.
    let language = language.filter(|language| {
        let folded = fold(language);
        let first = folded.split(' ').next().unwrap_or_default();
        !folded.starts_with("english") && !matches!(first, "en" | "eng")
    });
    let need = fact("interpreter needed").map(fold);
    let is_needed = need.as_deref().is_some_and(|need| matches!(need, "yes" | "true" | "y"));
    let is_refused = need.as_deref().is_some_and(|need| matches!(need, "no" | "false" | "n"));
    match language {
        _ if is_refused => None,
        Some(language) => Some(format!(
            "An interpreter, to be asked for before the visit: the recorded preferred language is {}",
            plain(language)
        )),
        None if is_needed => {
            Some("An interpreter, to be asked for before the visit: one is recorded as needed".into())
        }
        None => None,
    }
}

/// What the record itself says to do before: instructions of the visit that is booked and of open orders.
pub(super) fn before(context: &Context<'_>, visits: &Visits<'_>) -> Result<Vec<String>, Refusal> {
    let mut lines = Vec::new();
    lines.extend(visits.booked.into_iter().flat_map(instructions));
    for group in context.view.groups(Kind::CarePlan) {
        context.check()?;
        let entry = context.view.face(group);
        let is_order = matches!(entry.detail, Detail::Order(_));
        let is_open = matches!(entry.status.as_deref(), None | Some("active"));
        if !is_order || !is_open || entry.standing != Standing::Stated {
            continue;
        }
        lines.extend(instructions(entry));
        let words = entry.concept.name().into_iter().chain(entry.notes.iter().map(|note| note.as_str()));
        if words.into_iter().any(|words| holds_words(&fold(words), "fasting")) {
            lines.push(format!("The order says fasting: \"{}\" [{}]", name_cell(entry), entry.id));
        }
    }
    lines.truncate(MOST);
    Ok(lines)
}

fn instructions(entry: &Entry) -> Vec<String> {
    let told = entry.more.iter().filter(|(label, _)| label.contains("instruction"));
    told.map(|(_, words)| {
        format!(
            "As recorded with \"{}\": \"{}\" [{}]",
            name_cell(entry),
            shortened(words, NOTE_CHARS),
            entry.id
        )
    })
    .collect()
}
