//! What the rows of all lists have in common: the newest first, dates, sources, what stands beside a row.

use std::collections::BTreeMap;

use super::lifetime::Lifetime;
use super::portals::Nothing;
use super::{Asked, Context, Coverage, Refusal, naming, plain, shortened};
use crate::record::{Detail, Entry, EntryId, Group, Import, Kind, MedicationRole, Source, Standing, When};

/// A group that is to be shown, with its face.
#[derive(Clone, Copy)]
pub struct Shown<'a> {
    /// The group.
    pub group: &'a Group,
    /// The member that is shown.
    pub face: &'a Entry,
    /// Its place among the newest first: the smaller, the nearer to the top. No two have the same.
    pub order: u128,
}

impl<'a> Shown<'a> {
    /// A group with its face, which by its date can be or not.
    pub fn of(group: &'a Group, face: &'a Entry, is_impossible: bool) -> Shown<'a> {
        Shown { group, face, order: order(face, is_impossible) }
    }

    /// True where its date cannot be: it is listed last, and nothing is made of it.
    pub fn is_impossible(&self) -> bool {
        self.order & IMPOSSIBLE != 0
    }
}

/// Set in the order of what cannot be by its date.
const IMPOSSIBLE: u128 = 1 << 127;

/// The groups of a kind that lie in the period and pass `keep`, the newest first; undated ones last.
/// Groups that a limited period leaves out because they have no date are counted in the coverage.
pub fn select<'a>(
    context: &Context<'a>,
    kind: Kind,
    asked: &Asked,
    coverage: &mut Coverage,
    keep: impl Fn(&Entry) -> bool,
) -> Result<Vec<Shown<'a>>, Refusal> {
    let mut shown = in_any_order(context, kind, asked, coverage, keep)?;
    newest_first(&mut shown);
    Ok(shown)
}

/// Sorts what [`in_any_order`] has found.
pub fn newest_first(shown: &mut [Shown<'_>]) {
    shown.sort_unstable_by_key(|shown| shown.order);
}

/// As [`select`], but not yet sorted.
pub fn in_any_order<'a>(
    context: &Context<'a>,
    kind: Kind,
    asked: &Asked,
    coverage: &mut Coverage,
    keep: impl Fn(&Entry) -> bool,
) -> Result<Vec<Shown<'a>>, Refusal> {
    let view = context.view;
    let lifetime = Lifetime::of(view, context.today);
    let mut shown = Vec::new();
    let mut undated = 0;
    let mut impossible: BTreeMap<&str, u32> = BTreeMap::new();
    for group in view.groups(kind) {
        context.check()?;
        let face = view.face(group);
        if !keep(face) {
            continue;
        }
        let is_dated = face.date.or(face.recorded).is_some();
        if !is_dated && (asked.period.since.is_some() || asked.period.until.is_some()) {
            undated += 1;
            continue;
        }
        // What came in lately may be any member: another source's word on an old fact is news too.
        if view.members(group).any(|member| asked.period.holds(member)) {
            let objection = lifetime.objection(face);
            objection.into_iter().for_each(|why| *impossible.entry(why).or_default() += 1);
            shown.push(Shown::of(group, face, objection.is_some()));
        }
    }
    if undated > 0 {
        coverage.notices.push(format!("{undated} without a date left out by the period asked for"));
    }
    tell_impossible(coverage, impossible);
    Ok(shown)
}

/// Says how many are dated as they cannot be, and why they cannot.
pub fn tell_impossible(coverage: &mut Coverage, counts: BTreeMap<&str, u32>) {
    for (why, count) in counts {
        coverage.notices.push(format!("{count} dated {why}, which cannot be: listed last"));
    }
}

/// Says that there is more than is listed: what devices tell of each day is listed only where it is asked for.
pub fn tell_logged(
    context: &Context<'_>,
    kind: Kind,
    coverage: &mut Coverage,
    is_unasked: impl Fn(&Entry) -> bool,
) {
    let faces = context.view.groups(kind).iter().map(|group| context.view.face(group));
    let mut names: BTreeMap<&str, u32> = BTreeMap::new();
    for entry in faces.filter(|entry| is_unasked(entry)) {
        *names.entry(entry.concept.name().unwrap_or_default()).or_default() += 1;
    }
    if names.is_empty() {
        return;
    }
    let days: u32 = names.values().sum();
    let told: Vec<String> = names.keys().take(LOGGED_NAMES_MAX).map(|name| plain(name)).collect();
    let more = names.len().saturating_sub(told.len());
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    coverage.notices.push(format!(
        "not listed here: {days} values of single days, as the person's devices tell them ({}{more}); ask with a query by name",
        told.join("; ")
    ));
}

/// Names of what devices tell that are named.
const LOGGED_NAMES_MAX: usize = 8;

/// What cannot be comes last, then what has no date; of all others the newest first, and of one moment
/// the greatest id. Entries lie far apart in memory: sorting by a number reads each of them once.
fn order(face: &Entry, is_impossible: bool) -> u128 {
    const ID_BITS: u32 = 32;
    let date = face.date.or(face.recorded).map_or(0, |when| when.order() + 1);
    let newest_last = date << ID_BITS | u128::from(face.id.order());
    (IMPOSSIBLE - 1 - newest_last) | if is_impossible { IMPOSSIBLE } else { 0 }
}

/// The first and last date of what is shown, for the coverage.
pub fn period<'a>(shown: impl IntoIterator<Item = &'a Shown<'a>>) -> Option<String> {
    let mut dates = shown.into_iter().filter_map(|shown| shown.face.date).map(|date| (date.order(), date));
    let first = dates.next()?;
    let ((_, first), (_, last)) = dates.fold((first, first), |(first, last), date| {
        (if date.0 < first.0 { date } else { first }, if date.0 > last.0 { date } else { last })
    });
    let (first, last) = (first.date_text(), last.date_text());
    Some(if first == last { first } else { format!("{first} to {last}") })
}

/// A date as it stands in a cell; `date not recorded` where there is none.
pub fn date_cell(date: Option<When>) -> String {
    date.map_or_else(|| "not dated".into(), |when| when.date_text())
}

/// The name as recorded, cleaned for a cell. Of what has none, the comment says what is meant.
pub fn name_cell(entry: &Entry) -> String {
    let comment = entry.notes.first().filter(|_| entry.concept.is_empty());
    match comment {
        Some(comment) => shortened(&format!("not named; comment: {}", plain(comment)), COMMENT_CHARS),
        None => naming::name(&entry.concept),
    }
}

/// Characters of a comment that stands in for a name.
const COMMENT_CHARS: usize = 80;

/// The names of the sources of a group.
pub fn sources(context: &Context<'_>, group: &Group) -> Vec<String> {
    let mut names: Vec<String> =
        context.view.members(group).map(|member| plain(&context.view.source(member).name)).collect();
    names.sort();
    names.dedup();
    names
}

/// The names only where there are several: that one source says something is the rule.
pub fn several(names: Vec<String>) -> Vec<String> {
    if names.len() > 1 { names } else { Vec::new() }
}

/// The sources in a cell: nothing for one, `both` or `all 3` where every source says it, else the names.
pub fn sources_cell(context: &Context<'_>, names: &[String]) -> String {
    let all = context.view.sources().count();
    match names.len() {
        0 | 1 => String::new(),
        2 if all == 2 => "both".into(),
        several if several == all => format!("all {all}"),
        _ => names.join(", "),
    }
}

/// The comments of all members of a group, each once; a long one is cut and stands whole in `get_record`.
pub fn comments(context: &Context<'_>, group: &Group) -> Vec<String> {
    const CHARACTERS_MAX: usize = 400;
    let mut comments: Vec<String> = Vec::new();
    for member in context.view.members(group) {
        for note in &member.notes {
            let line = format!("↳ comment: {}", shortened(note, CHARACTERS_MAX));
            if !comments.contains(&line) {
                comments.push(line);
            }
        }
    }
    comments
}

/// One of the words that an argument accepts; the error names them all.
pub fn one_of<T: Copy>(name: &str, given: &str, accepted: &[(&str, T)]) -> Result<T, Refusal> {
    let given = given.trim().to_lowercase().replace(['_', ' '], "-");
    let found = accepted.iter().find(|(word, _)| *word == given);
    found.map(|(_, value)| *value).ok_or_else(|| {
        let words: Vec<&str> = accepted.iter().map(|(word, _)| *word).collect();
        Refusal::BadArgument(format!("{name} must be one of: {}", words.join(", ")))
    })
}

/// How many things were left out of what was imported. The same file read again leaves the same things out, so only
/// its last import counts; and an import of several sources has one count for all of them.
pub fn left_out<'a>(sources: impl Iterator<Item = &'a Source>) -> u64 {
    let mut by_import: BTreeMap<(i64, u32), u64> = BTreeMap::new();
    for source in sources {
        let last: BTreeMap<&str, &Import> =
            source.imports.iter().map(|import| (import.file.as_str(), import)).collect();
        by_import
            .extend(last.into_values().map(|import| ((import.at, import.read), u64::from(import.left_out))));
    }
    by_import.into_values().sum()
}

/// What is said where a list has no row. That a kind is withheld, that part of the record may be, and
/// that nothing was sent are three sayings.
pub fn nothing(context: &Context<'_>, asked: &Asked, kinds: &[Kind], what: &str) -> String {
    let scope = context.view.scope();
    if !kinds.iter().any(|kind| scope.kinds.contains(kind)) {
        return format!(
            "Withheld by the person's settings: no {what} can be seen here, whether there is one or not."
        );
    }
    let nothing = Nothing::of(context, kinds);
    let gap = nothing.gap();
    if scope.withholds() {
        return format!(
            "No {what} can be seen here{gap}. Some entries may be withheld by the person's settings."
        );
    }
    let unread = match left_out(context.view.sources()) {
        0 => String::new(),
        1 => " One thing of what was imported was left out: see check_records_status.".into(),
        count => format!(" {count} things of what was imported were left out: see check_records_status."),
    };
    let others: usize = kinds.iter().map(|kind| context.view.groups(*kind).len()).sum();
    if asked.is_narrowed() && others > 0 {
        return format!("No {what} that fits what was asked, of {others} in these records{gap}.{unread}");
    }
    format!("{}{unread}", asked.nothing(what, &nothing))
}

/// Statements about a whole list, which are no rows of it: that none is known, that nobody asked. Each
/// with its source and citation; beside listed facts they are told as what they are, statements.
pub fn absences(context: &Context<'_>, kind: Kind) -> Vec<String> {
    let faces = context.view.groups(kind).iter().map(|group| context.view.face(group));
    let lines = faces.filter_map(|entry| {
        let word = match entry.standing {
            Standing::NoneKnown => "None known",
            Standing::NotAsked => "Not asked",
            _ => return None,
        };
        let source = plain(&context.view.source(entry).name);
        let date =
            entry.recorded.or(entry.date).map_or_else(String::new, |when| format!(", {}", when.date_text()));
        Some(format!("**{word}**, as recorded: \"{}\" ({source}{date}) [{}]", name_cell(entry), entry.id))
    });
    lines.collect()
}

/// What the members of a group say differently in one respect: every distinct saying but the face's,
/// with its citation.
pub fn disagreements(
    context: &Context<'_>,
    shown: Shown<'_>,
    what: &str,
    say: impl Fn(&Entry) -> Option<String>,
) -> Option<String> {
    let ours = say(shown.face);
    let mut others: Vec<String> = Vec::new();
    let mut is_other_source = false;
    for member in context.view.members(shown.group).filter(|member| member.id != shown.face.id) {
        let theirs = say(member);
        if let Some(theirs) = theirs.filter(|theirs| Some(theirs) != ours.as_ref()) {
            others.push(format!("{theirs} [{}]", member.id));
            is_other_source |= member.source != shown.face.source;
        }
    }
    let who = if is_other_source { "another source" } else { "another entry" };
    (!others.is_empty()).then(|| format!("↳ {who} records {what}: {}", others.join("; ")))
}

/// The person's own notes about any member of a group.
pub fn own_notes(context: &Context<'_>, group: &Group) -> Vec<String> {
    let ids: Vec<EntryId> = context.view.members(group).map(|member| member.id).collect();
    let notes = context.view.entries(Kind::Note).filter_map(|note| match &note.detail {
        Detail::Note { text, about: Some(about) } if ids.contains(about) => {
            Some(format!("↳ the person's own note: \"{}\" [{}]", plain(text), note.id))
        }
        _ => None,
    });
    notes.collect()
}

/// The word for an entry that is not a plain fact: `refuted`, `not done`; nothing for a fact. An order not
/// to do something is no report that it was left undone.
pub fn standing_word(entry: &Entry) -> Option<String> {
    let word = match forbidden(entry) {
        Some(word) => word,
        None => entry.standing.words(),
    };
    (entry.standing != Standing::Stated).then(|| word.to_owned())
}

/// The word for an order NOT to do or to give something.
pub fn forbidden(entry: &Entry) -> Option<&'static str> {
    let is_not_done = entry.standing == Standing::NotDone;
    match &entry.detail {
        Detail::Order(_) if is_not_done => Some("do not do"),
        Detail::Medication(medicine) if is_not_done && medicine.role == MedicationRole::Order => {
            Some("do not give")
        }
        _ => None,
    }
}
