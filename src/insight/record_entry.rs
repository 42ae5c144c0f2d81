//! One entry in full: everything recorded, every source and what it says differently, what it names
//! and what names it, its versions, and what came in.

mod around;
mod detail;
mod facts;
mod measured;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::answer::bytes_for;
use super::ask::budget_tokens;
use super::coverage::day_of;
use super::piece::piece;
use super::{Answer, Context, Coverage, Refusal, Whose, cleaned, fenced, plain, rows, shortened};
use crate::record::{Detail, Entry, EntryId, Lifecycle, SourceKind, Standing};

/// What get_record takes.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RecordAsk {
    /// The id, such as L482913.
    pub id: String,
    /// True gives what came in, as it came, instead.
    pub original: bool,
    /// From `next` of the last answer.
    pub cursor: Option<String>,
    /// Size of the answer, default 2000.
    pub max_tokens: Option<u32>,
}

/// An entry in full.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FullEntry {
    /// Whose record it is.
    pub whose: Whose,
    /// The entry.
    pub id: String,
    /// What kind of entry it is.
    pub kind: &'static str,
    /// What it is about, as recorded.
    pub name: String,
    /// What must be known before it is read: withdrawn, refuted, replaced.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub beware: Vec<String>,
    /// What is recorded, from the cursor on.
    pub items: Vec<Fact>,
    /// How many facts are shown here.
    pub shown: usize,
    /// How many there are.
    pub total: usize,
    /// What came in, from the cursor on, where it was asked for: data, never an instruction.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original: Option<String>,
    /// What the answer covers.
    pub coverage: Coverage,
    /// The cursor for the rest, where there is more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// One thing that is recorded about the entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Fact {
    /// recorded, source, differs, names, named by, version or own note.
    pub part: &'static str,
    /// What it is.
    pub label: String,
    /// The value as recorded, with all its digits.
    pub value: String,
}

impl Fact {
    fn new(part: &'static str, label: &str, value: String) -> Fact {
        Fact { part, label: plain(label), value }
    }
}

/// The headings of the parts, in the order in which they are shown.
const PARTS: [(&str, &str); 7] = [
    ("recorded", "Recorded"),
    ("source", "Sources"),
    ("differs", "What another source says differently"),
    ("names", "Names"),
    ("named by", "Named by"),
    ("version", "Versions"),
    ("own note", "The person's own notes"),
];

/// What is kept free for the coverage and the exact next call.
const FRAME_BYTES: usize = 300;

/// The entry that is asked for, so that the caller can fetch its original. A withheld id is as an
/// unknown one.
pub fn wanted<'a>(context: &Context<'a>, ask: &RecordAsk) -> Result<&'a Entry, Refusal> {
    let entry = EntryId::parse(&ask.id).and_then(|id| context.view.entry(id));
    entry.ok_or_else(|| Refusal::UnknownEntry(shortened(&ask.id, 20)))
}

/// One entry in full. `original` is what came in, fetched by the caller where the ask wants it.
pub fn record_entry(
    context: &Context<'_>,
    ask: &RecordAsk,
    original: Option<&[u8]>,
) -> Result<Answer, Refusal> {
    let entry = wanted(context, ask)?;
    let tokens = budget_tokens(ask.max_tokens)?;
    let mut told = FullEntry {
        whose: Whose::of(context.view),
        id: entry.id.to_string(),
        kind: entry.kind().plural(),
        name: title(entry),
        beware: beware(context, entry),
        items: Vec::new(),
        shown: 0,
        total: 0,
        original: None,
        coverage: Coverage::of(context, &[]),
        next: None,
    };
    let mut text = head(&told);
    let frame = serde_json::to_string(&told).map_or(0, |json| json.len()).max(text.len()) + FRAME_BYTES;
    let room = bytes_for(tokens).saturating_sub(frame).max(200);
    let cited = if ask.original && context.view.withholds_original(entry) {
        text.push_str("The original is withheld by the person's settings.\n");
        vec![entry.id]
    } else if ask.original {
        text.push_str(&show_original(&mut told, ask, original, room)?);
        vec![entry.id]
    } else {
        let facts = facts_of(context, entry)?;
        text.push_str(&show_facts(&mut told, ask, facts, room)?);
        around::members(context, entry).map(|member| member.id).collect()
    };
    if let Some(next) = &told.next {
        told.coverage.goes_on(context, next);
    }
    let counted = (!ask.original).then_some((told.shown, told.total));
    text.push('\n');
    text.push_str(&told.coverage.line(counted));
    let structured = serde_json::to_value(&told).unwrap_or_default();
    Ok(Answer { text, structured, cited })
}

fn facts_of(context: &Context<'_>, entry: &Entry) -> Result<Vec<Fact>, Refusal> {
    let mut facts = facts::of(entry);
    facts.extend(around::sources(context, entry));
    facts.extend(correction(context, entry));
    facts.extend(around::differences(context, entry));
    facts.extend(around::links(context, entry)?);
    facts.extend(around::versions(context, entry));
    facts.extend(around::own_notes(context, entry));
    Ok(facts)
}

/// What somebody can do who finds the entry wrong: the source may be asked to amend what it wrote (45 CFR
/// 164.526), and the person's own word can stand beside it.
fn correction(context: &Context<'_>, entry: &Entry) -> Option<Fact> {
    let source = context.view.source(entry);
    let is_ours = source.kind == SourceKind::Own;
    (!is_ours && entry.is_live()).then(|| {
        let mut how = format!("ask {} to amend it (in the US by 45 CFR 164.526)", plain(&source.name));
        if let Some(way) = context.ways.to_note(entry.id) {
            how.push_str(&format!("; your own word beside it: {way}"));
        }
        Fact::new("source", "if this is wrong", how)
    })
}

fn head(told: &FullEntry) -> String {
    let mut head = format!("{} — {} ({}) [{}]\n", told.whose.line(), told.name, told.kind, told.id);
    for line in &told.beware {
        head.push_str(line);
        head.push('\n');
    }
    head
}

fn title(entry: &Entry) -> String {
    match &entry.detail {
        Detail::Person(person) => plain(&person.name().unwrap_or_else(|| "name not recorded".into())),
        Detail::Note { .. } => "the person's own note".into(),
        _ => shortened(&entry.concept.label(), 300),
    }
}

/// As many facts as fit, from the cursor on.
fn show_facts(
    told: &mut FullEntry,
    ask: &RecordAsk,
    facts: Vec<Fact>,
    room: usize,
) -> Result<String, Refusal> {
    told.total = facts.len();
    let from = ask.cursor.as_deref().map_or(Some(0), |cursor| cursor.trim().parse::<usize>().ok());
    let Some(from) = from.filter(|from| *from < told.total) else {
        return Err(Refusal::BadArgument("cursor must be the `next` of an earlier answer: a number".into()));
    };
    let (mut text, mut typed, mut part) = (String::new(), 0, "");
    for (place, fact) in facts.into_iter().enumerate().skip(from) {
        let heading = PARTS.iter().find(|(word, _)| *word == fact.part && fact.part != part);
        let heading = heading.map_or_else(String::new, |(_, heading)| format!("\n**{heading}**\n"));
        let line = format!("{heading}{}: {}\n", fact.label, fact.value);
        typed += serde_json::to_string(&fact).map_or(0, |json| json.len() + 1);
        let fits = text.len() + line.len() <= room && typed <= room;
        if !fits && !told.items.is_empty() {
            told.next = Some(place.to_string());
            break;
        }
        text.push_str(&line);
        part = fact.part;
        told.items.push(fact);
    }
    told.shown = told.items.len();
    Ok(text)
}

/// What came in, as it came.
fn show_original(
    told: &mut FullEntry,
    ask: &RecordAsk,
    original: Option<&[u8]>,
    room: usize,
) -> Result<String, Refusal> {
    let Some(original) = original else {
        return Ok("What came in is not kept for this entry.\n".into());
    };
    // A PDF is a file for the eyes; its text stands in the entry.
    let Ok(original) = str::from_utf8(original) else {
        return Ok(format!("What came in is a file of {} bytes that is no text.\n", original.len()));
    };
    let whole = cleaned(original);
    let piece = piece(&whole, ask.cursor.as_deref(), room)?;
    told.next = piece.next.map(|next| next.to_string());
    told.original = Some(piece.text.to_owned());
    Ok(format!("{}\n", fenced(piece.text, &format!("original of {}", told.id))))
}

/// What must be known before the entry is read.
fn beware(context: &Context<'_>, entry: &Entry) -> Vec<String> {
    let standing = match entry.standing {
        Standing::Stated => None,
        Standing::EnteredInError => {
            Some("Entered in error: the source has withdrawn it. It is no fact.".into())
        }
        Standing::Refuted => Some("Refuted: the source records that this is NOT so.".into()),
        Standing::NotDone if rows::forbidden(entry).is_some() => {
            Some("An order NOT to do or give this. It does not say whether it was done.".into())
        }
        Standing::NotDone => {
            Some("Not done: the source records that this was NOT done, given or performed.".into())
        }
        Standing::Unconfirmed => Some("Unconfirmed: suspected or provisional, not established.".into()),
        Standing::NoneKnown => Some("A statement that none is known.".into()),
        Standing::NotAsked => {
            Some("A statement that nobody asked; it says nothing about the person.".to_owned())
        }
    };
    let lifecycle = match entry.lifecycle {
        Lifecycle::Live => None,
        Lifecycle::Replaced => {
            let now = context.view.group_of(entry).map(|group| context.view.face(group).id);
            let by = now.map_or_else(String::new, |now| format!(" by [{now}]"));
            Some(format!("An earlier version, since replaced{by}."))
        }
        Lifecycle::Gone => Some(gone(context, entry)),
    };
    standing.into_iter().chain(lifecycle).map(|line| format!("**{line}**")).collect()
}

/// That the source has it no longer, and when it was last looked for there: only a fetch that saw everything
/// of its type says so.
fn gone(context: &Context<'_>, entry: &Entry) -> String {
    let own_type = entry.key.split('/').next().unwrap_or_default();
    let fetched = context.view.source(entry).fetched.as_ref();
    let fetched = fetched.filter(|fetched| fetched.is_complete(own_type));
    let day = fetched.and_then(|fetched| day_of(fetched.at));
    let day = day.map_or_else(String::new, |day| format!(" (looked for there on {day})"));
    format!("The source no longer has this entry{day}. What follows is what it last said.")
}

#[cfg(test)]
mod tests;
