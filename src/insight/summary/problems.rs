//! Problems: what is an illness now, what happened, what is past, and what is no illness at all.

use std::collections::{HashMap, HashSet};

use super::body::{is_implant, is_limit};
use super::part::name_of;
use crate::insight::problems::{Problem, is_of_a_visit};
use crate::insight::sheet::Part;
use crate::insight::{Asked, Context, Refusal, plain, rows, shortened};
use crate::knowledge::conditions::{Condition, Course, Kind as ProblemKind};
use crate::knowledge::folding::fold;
use crate::record::{Detail, Entry, Standing};

/// The parts of the page about problems.
pub(super) struct Told {
    pub active: Part,
    pub events: Part,
    pub apart: Part,
    pub long_ago: Part,
    pub past: Part,
}

/// Where a problem is told.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Told among the directives.
    First,
    Active,
    Event,
    Apart,
    LongAgo,
    Past,
}

/// Each problem in its part, the newest first, each name once; on a brief page a row of names.
pub(super) fn told(
    context: &Context<'_>,
    asked: &Asked,
    problems: &[Problem<'_>],
    is_brief: bool,
) -> Result<Told, Refusal> {
    let mut sorted: Vec<(Place, &Problem<'_>)> = Vec::new();
    let mut met: HashSet<(bool, String)> = HashSet::new();
    // The diagnosis of a visit is no problem of the list. Some sources have no other list: then it is all
    // there is, and the status it was given decides.
    let listed =
        problems.iter().filter(|problem| !is_of_a_visit(problem.entry) || problem.entry.status.is_some());
    let mut newest: Vec<&Problem<'_>> = listed.collect();
    newest.sort_by_key(|problem| {
        let entry = problem.entry;
        let order = entry.date.or(entry.recorded).map(|when| when.order());
        std::cmp::Reverse((order, entry.id.order()))
    });
    for problem in newest {
        context.check()?;
        let place = place(problem);
        // A long illness is still there though it began before the period asked for.
        let is_asked = place == Place::Active || asked.period.holds(problem.entry);
        if is_asked && met.insert((place == Place::Past, problem.entry.concept.label().to_lowercase())) {
            sorted.push((place, problem));
        }
    }
    let of = |wanted: Place| -> Vec<&Problem<'_>> {
        sorted.iter().filter(|(place, _)| *place == wanted).map(|(_, problem)| *problem).collect()
    };
    let call = "get_conditions";
    let lines =
        |problems: Vec<&Problem<'_>>| problems.iter().map(|problem| line(problem)).collect::<Vec<_>>();
    let mut events = of(Place::Event);
    events.sort_by_key(|problem| is_minor(problem));
    let apart = of(Place::Apart).iter().map(|problem| apart_line(problem)).collect();
    let past = "get_conditions {\"status\":\"past\"}";
    let names = |problems: &[&Problem<'_>]| -> Vec<String> {
        problems.iter().map(|problem| format!("{} [{}]", named(problem, true), problem.entry.id)).collect()
    };
    let row = |part: Part, names: Vec<String>| if is_brief { part.as_row(names) } else { part };
    let (active, leading) = active_lines(&of(Place::Active));
    let active = Part::of("Problems recorded as active", call, 15, active).keeping(12);
    let happened = names(&events);
    let events = Part::of("Events and history", call, 8, lines(events)).keeping(3);
    Ok(Told {
        active: row(active, names(&leading)),
        events: row(events, happened),
        apart: Part::of("On the problem list, but no established illness", call, 6, apart).keeping(1),
        long_ago: Part::of(
            "Recorded as active long ago, commonly passing",
            call,
            4,
            lines(of(Place::LongAgo)),
        )
        .keeping(1),
        past: Part::of("Past problems", past, 8, lines(of(Place::Past))),
    })
}

fn place(problem: &Problem<'_>) -> Place {
    let entry = problem.entry;
    let is_over =
        matches!(entry.status.as_deref(), Some("resolved" | "inactive" | "remission" | "completed"))
            || entry.end.is_some();
    match () {
        () if is_limit(entry) => Place::First,
        () if problem.no_illness.is_some() => Place::Apart,
        () if is_implant(problem) => Place::Event,
        () if problem.is_event() && !is_over => Place::Event,
        () if problem.is_event() && !is_minor(problem) => Place::Event,
        () if is_over => Place::Past,
        () if entry.standing == Standing::Unconfirmed => Place::Apart,
        () if problem.is_long_ago => Place::LongAgo,
        () => Place::Active,
    }
}

/// Events that leave nothing behind as a rule: told after the others.
const MINOR: [&str; 17] = [
    "cut",
    "bruise",
    "sprain",
    "sprained-ankle",
    "animal-bite",
    "burn",
    "foreign-body",
    "eye-injury",
    "injury-other",
    "broken-bone",
    "broken-arm",
    "broken-wrist-hand",
    "broken-leg",
    "broken-ankle-foot",
    "broken-face-skull",
    "dislocation",
    "dehydration",
];

fn is_minor(problem: &Problem<'_>) -> bool {
    problem.known.is_some_and(|known| MINOR.contains(&known.key))
}

/// The present problems: of several stages of one illness the latest leads, and of several names of one
/// illness the newest; the others stand behind it.
fn active_lines<'a, 'r>(active: &[&'r Problem<'a>]) -> (Vec<String>, Vec<&'r Problem<'a>>) {
    let mut behind: HashMap<usize, Vec<(&str, usize)>> = HashMap::new();
    let mut is_behind: HashSet<usize> = HashSet::new();
    for (place, problem) in active.iter().enumerate() {
        let Some(known) = problem.known else { continue };
        let leads = |other: &usize| {
            *other != place && !is_behind.contains(other) && supersedes(active[*other], problem)
        };
        let leader = (0..active.len()).filter(leads).max_by_key(|other| stage(active[*other].known));
        let same = || (0..place).find(|other| is_same(active[*other], problem) && !is_behind.contains(other));
        let (word, leader) = match leader {
            Some(leader) => ("earlier stage", leader),
            None => match same().filter(|_| is_one_thing(known)) {
                Some(leader) => ("also recorded as", leader),
                None => continue,
            },
        };
        is_behind.insert(place);
        behind.entry(leader).or_default().push((word, place));
    }
    let mut plain_said: HashSet<&str> = HashSet::new();
    let leading = || (0..active.len()).filter(|place| !is_behind.contains(place));
    let lines = leading().map(|place| {
        let plain = active[place].known.map_or("", |known| known.key);
        let first = told_line(active[place], plain_said.insert(plain));
        let followers = behind.get(&place).map_or(&[][..], Vec::as_slice);
        let told: Vec<String> = followers
            .iter()
            .take(BEHIND_MOST)
            .map(|(word, other)| format!("; {word}: {}", told_line(active[*other], false)))
            .collect();
        let more = followers.len().saturating_sub(BEHIND_MOST);
        let more = if more > 0 { format!("; {more} more names of it") } else { String::new() };
        format!("{first}{}{more}", told.concat())
    });
    (lines.collect(), leading().map(|place| active[place]).collect())
}

/// Earlier stages and other names that a line has room for.
const BEHIND_MOST: usize = 3;

/// True where one is a later stage of the other and was recorded on the same day or later (the table of
/// conditions: stages).
fn supersedes(later: &Problem<'_>, earlier: &Problem<'_>) -> bool {
    let (Some(of_later), Some(of_earlier)) = (later.known, earlier.known) else { return false };
    let on = |problem: &Problem<'_>| problem.entry.date.or(problem.entry.recorded).map(|when| when.latest());
    of_earlier.stages.contains(&of_later.key)
        && on(later).zip(on(earlier)).is_some_and(|(later, earlier)| later >= earlier)
}

/// The later the stage, the fewer stages follow it.
fn stage(known: Option<&Condition>) -> std::cmp::Reverse<usize> {
    std::cmp::Reverse(known.map_or(0, |known| known.stages.len()))
}

fn is_same(one: &Problem<'_>, other: &Problem<'_>) -> bool {
    one.known.zip(other.known).is_some_and(|(one, other)| one.key == other.key)
}

/// True of an illness of which a person has one: two cancers or two broken bones are two.
fn is_one_thing(known: &Condition) -> bool {
    known.kind == ProblemKind::Illness
        && known.course == Course::Chronic
        && !["cancer", "lymphoma", "leukemia", "tumor", "arthritis"]
            .iter()
            .any(|word| known.name.contains(word))
        && !known.key.contains("other")
}

fn line(problem: &&Problem<'_>) -> String {
    told_line(problem, true)
}

fn apart_line(problem: &&Problem<'_>) -> String {
    let entry = problem.entry;
    let what = problem.no_illness.map_or_else(String::new, |what| format!(" (no illness: {what})"));
    format!("{}{}{what}{} [{}]", name_of(entry), marks(entry), dates(entry), entry.id)
}

/// The recorded name, its plain name where the words differ, and when.
fn told_line(problem: &Problem<'_>, with_plain: bool) -> String {
    let entry = problem.entry;
    let dates = dates(entry);
    // What happened once has a day, not a beginning.
    let dates = if problem.is_event() { dates.replacen(", since", ",", 1) } else { dates };
    format!("{}{}{dates} [{}]", named(problem, with_plain), marks(entry), entry.id)
}

/// The recorded name and its plain one.
fn named(problem: &Problem<'_>, with_plain: bool) -> String {
    let name = name_of(problem.entry);
    // What stands in parentheses is for those who look the table up.
    let plain = problem.plain.map(|plain| plain.split(" (").next().unwrap_or(plain));
    let plain = plain.filter(|plain| with_plain && says_otherwise(&name, plain));
    plain.map_or_else(|| name.clone(), |plain| format!("{name} = {plain}"))
}

/// Words by which a recorded name says more than the plain name of the illness.
const SAYS_MORE: [&str; 4] = ["remission", "history", "past", "without"];

/// True where the plain name says it in other words: less than half of its words stand in the recorded one.
fn says_otherwise(recorded: &str, plain: &str) -> bool {
    let (recorded, plain) = (fold(recorded), fold(plain));
    let own = || recorded.split(' ');
    let words = || {
        plain.split(' ').filter(|word| word.len() > 2 && !matches!(*word, "the" | "with" | "from" | "and"))
    };
    let known = words().filter(|word| own().any(|own| own == *word)).count();
    let is_part = own().all(|own| plain.split(' ').any(|word| word == own));
    let says_more = SAYS_MORE.iter().any(|more| own().any(|own| own == *more));
    !is_part && !says_more && known * 2 < words().count()
}

/// What marks it: unconfirmed, no status, severity and stage as recorded.
fn marks(entry: &Entry) -> String {
    const CHARS: usize = 40;
    let standing = rows::standing_word(entry);
    let status = match entry.status.as_deref() {
        None => Some("status not recorded".to_owned()),
        Some("active" | "resolved" | "inactive") => None,
        Some(other) => Some(plain(other)),
    };
    let stage = match &entry.detail {
        Detail::Condition(condition) => {
            condition.stage.as_deref().map(|stage| format!("stage: {}", shortened(stage, CHARS)))
        }
        _ => None,
    };
    let marks: Vec<String> = [standing, status, stage].into_iter().flatten().collect();
    if marks.is_empty() { String::new() } else { format!(" ({})", marks.join(", ")) }
}

/// Since when and until when, in the recorded words where there is no date.
fn dates(entry: &Entry) -> String {
    const CHARS: usize = 40;
    let condition = match &entry.detail {
        Detail::Condition(condition) => Some(condition),
        _ => None,
    };
    let words = |text: Option<&str>| text.map(|text| shortened(text, CHARS));
    let since = entry.date.map(|when| format!(", since {}", when.date_text()));
    let since =
        since.or_else(|| words(condition?.onset_text.as_deref()).map(|words| format!(", since: {words}")));
    let since = since.or_else(|| entry.recorded.map(|when| format!(", recorded {}", when.date_text())));
    let until = entry.end.map(|when| format!(", to {}", when.date_text()));
    let until = until.or_else(|| words(condition?.end_text.as_deref()).map(|words| format!(", to: {words}")));
    format!("{}{}", since.unwrap_or_default(), until.unwrap_or_default())
}
