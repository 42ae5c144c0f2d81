//! What stands before every answer: danger words in a question, and results that cannot wait.
//!
//! There is no national list of critical values: the laboratory's own flag comes first, then one named
//! list. The windows (seven days for results, since yesterday for vital signs) are the project's own.

use serde_json::{Map, Value as Json};

use super::lifetime::Lifetime;
use super::measurements::measurement;
use super::plausible::is_possible;
use super::telling::in_few_words;
use super::trend::stated;
use super::whose::people;
use super::{Answer, Context, Refusal, Whose};
use crate::knowledge::analytes::{Analyte, analyte_by_code};
use crate::knowledge::danger::dangers_of;
use crate::knowledge::units;
use crate::knowledge::urgent::{Urgent, urgent};
use crate::record::{Concept, Entry, EntryId, FlagMeaning, Kind, Measurement, Standing, System, Value};

/// Arguments in which a person says something of their own.
const SAID_IN: [&str; 4] = ["query", "reason", "concerns", "focus"];
/// For so many days a result is told as urgent.
const LAB_DAYS: i32 = 7;
/// Vital signs of today and yesterday: of many only the day is known.
const VITAL_DAYS: i32 = 1;
/// So many urgent results are told singly.
const URGENT_MOST: usize = 4;
/// Bytes that alarms may take of an answer.
pub const ALARM_BYTES_MAX: usize = 3_000;

/// What the words of a question call for, whatever the record holds: empty for most.
pub fn danger(arguments: &Map<String, Json>) -> Vec<String> {
    let said = SAID_IN.iter().filter_map(|name| arguments.get(*name));
    let texts = said.flat_map(|value| match value {
        Json::Array(items) => items.iter().filter_map(Json::as_str).collect(),
        value => value.as_str().into_iter().collect::<Vec<&str>>(),
    });
    let mut lines: Vec<String> = Vec::new();
    for danger in texts.flat_map(dangers_of) {
        let line = format!("**{}**", danger.says);
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines
}

/// The answer with what cannot wait before everything else: danger in the question, then urgent results
/// that the answer tells of.
pub fn lead(context: &Context<'_>, mut answer: Answer) -> Answer {
    let mut lines = danger(context.arguments);
    let cited = answer.cited.iter().filter_map(|id| context.view.entry(*id));
    lines.extend(urgent_results(context, cited));
    // An answer about everything has said it already.
    lines.retain(|line| !answer.text.contains(line.as_str()));
    if lines.is_empty() {
        return answer;
    }
    let (head, rest) = answer.text.split_once('\n').unwrap_or((&answer.text, ""));
    answer.text = format!("{head}\n\n{}\n{rest}", lines.join("\n"));
    if let Json::Object(typed) = &mut answer.structured {
        typed.insert("alarms".into(), lines.into());
    }
    answer.cited = super::answer::cited_in(&answer.text);
    answer
}

/// The urgent results of the whole record.
pub fn urgent_of_all(context: &Context<'_>) -> Result<Vec<String>, Refusal> {
    let strands = stated(context, &[Kind::Lab, Kind::Vital])?;
    let late = strands.iter().flat_map(|strand| strand.of_last_days(DAYS_MOST, context.today));
    Ok(urgent_results(context, late))
}

/// Those of these results that cannot wait, the newest first, each with what is said of it.
pub fn urgent_of<'a>(
    context: &Context<'_>,
    entries: impl Iterator<Item = &'a Entry>,
) -> Vec<(EntryId, String)> {
    let alarms = Alarms::of(context);
    let found = found_urgent(context, &alarms, entries);
    found.iter().map(|(entry, why)| (entry.id, alarms.line(context, entry, why))).collect()
}

/// Results older than so many days are never urgent.
pub const DAYS_MOST: i32 = if LAB_DAYS > VITAL_DAYS { LAB_DAYS } else { VITAL_DAYS };

fn found_urgent<'a>(
    context: &Context<'_>,
    alarms: &Alarms,
    entries: impl Iterator<Item = &'a Entry>,
) -> Vec<(&'a Entry, Why)> {
    if Whose::of(context.view).died.is_some() {
        return Vec::new();
    }
    let mut found: Vec<(&Entry, Why)> =
        entries.filter_map(|entry| Some((entry, alarms.why(entry)?))).collect();
    found.retain(|(entry, _)| !is_followed_by_better(context, alarms, entry));
    found.sort_by_key(|(entry, _)| std::cmp::Reverse((entry.date, entry.id)));
    found
}

fn urgent_results<'a>(context: &Context<'_>, entries: impl Iterator<Item = &'a Entry>) -> Vec<String> {
    let alarms = Alarms::of(context);
    let found = found_urgent(context, &alarms, entries);
    let more = found.len().saturating_sub(URGENT_MOST);
    let told = found.into_iter().take(URGENT_MOST);
    let mut lines: Vec<String> = told.map(|(entry, why)| alarms.line(context, entry, &why)).collect();
    if more > 0 {
        lines.push(format!("**{more} more results of these days are urgent by the same rules.**"));
    }
    lines
}

/// Why a result cannot wait.
enum Why {
    /// The laboratory itself marked it critical.
    Flagged,
    /// It passes a limit of a named list.
    Listed(Urgent),
}

/// What is known of the person that the rules ask for.
struct Alarms {
    lifetime: Lifetime,
    today: jiff::civil::Date,
    born: Option<jiff::civil::Date>,
}

impl Alarms {
    fn of(context: &Context<'_>) -> Alarms {
        let born = people(context.view).find_map(|person| person.birth).map(|birth| birth.earliest());
        Alarms { lifetime: Lifetime::of(context.view, context.today), today: context.today, born }
    }

    /// Living people, recent, finished and possible values only.
    fn why(&self, entry: &Entry) -> Option<Why> {
        let days = match entry.kind() {
            Kind::Lab => LAB_DAYS,
            Kind::Vital => VITAL_DAYS,
            _ => return None,
        };
        let when = entry.date?;
        let age = (self.today - when.latest()).get_days();
        if !(0..=days).contains(&age) || entry.standing != Standing::Stated {
            return None;
        }
        let found = measurement(entry).filter(|_| !entry.is_logged())?;
        if self.lifetime.objection(entry).is_some() || !is_possible(entry, found) {
            return None;
        }
        let flags = found.flags.iter().chain(found.components.iter().flat_map(|part| &part.flags));
        if flags.clone().any(|flag| flag.meaning.is_critical()) {
            return Some(Why::Flagged);
        }
        // What the laboratory calls normal for this person is no alarm of ours.
        let is_normal =
            !found.flags.is_empty() && flags.clone().all(|flag| flag.meaning == FlagMeaning::Normal);
        let years = self.born.map(|born| f64::from((when.latest() - born).get_days()) / 365.25);
        self.listed(&entry.concept, found, years).filter(|_| !is_normal).map(Why::Listed)
    }

    fn listed(&self, concept: &Concept, found: &Measurement, years: Option<f64>) -> Option<Urgent> {
        let own = found.value.as_ref().and_then(|value| judged(concept, value, years));
        let part =
            || found.components.iter().find_map(|part| judged(&part.concept, part.value.as_ref()?, years));
        own.or_else(part)
    }

    fn line(&self, context: &Context<'_>, entry: &Entry, why: &Why) -> String {
        let date = entry.date.map_or_else(String::new, |when| format!(" on {}", when.date_text()));
        let told = format!("**URGENT: {}{date} [{}].**", in_few_words(context, entry), entry.id);
        match why {
            Why::Flagged => format!(
                "{told} The laboratory marked it critical. Ask now how the person is, and call the clinic that ordered it today; with symptoms call 911."
            ),
            Why::Listed(urgent) => {
                let (sign, limit) = (urgent.sign.plain(), urgent.limit);
                let unit = units::printed(urgent.unit);
                let source = urgent.source.split(';').next().unwrap_or(urgent.source);
                let act = match entry.kind() {
                    Kind::Vital => {
                        "With symptoms (such as chest pain, short breath, weakness, trouble speaking or seeing) or in pregnancy call 911; without, measure again and call the doctor's office today."
                    }
                    _ => {
                        "Ask now how the person is, and call the clinic that ordered it today; with symptoms call 911."
                    }
                };
                format!(
                    "{told} It is {sign} {limit} {unit}, a limit for urgent calls ({source}); no critical mark was sent. {act}"
                )
            }
        }
    }
}

fn known(concept: &Concept) -> Option<&'static Analyte> {
    concept.codes_in(&System::Loinc).find_map(analyte_by_code)
}

fn judged(concept: &Concept, value: &Value, years: Option<f64>) -> Option<Urgent> {
    let Value::Quantity(quantity) = value else { return None };
    let ucum = units::normalise(quantity.unit()?)?;
    let found = urgent(known(concept)?.key, quantity.number.as_written(), ucum, years)?;
    // `<2.0` is surely below 2.8, but `<200` says nothing about being above 160.
    let is_below = found.sign.plain().contains("below");
    let is_sure = match quantity.comparator.as_deref() {
        None => true,
        Some("<" | "<=") => is_below,
        Some(">" | ">=") => !is_below,
        Some(_) => false,
    };
    is_sure.then_some(found)
}

/// True where a later result of the same test is not urgent.
fn is_followed_by_better(context: &Context<'_>, alarms: &Alarms, entry: &Entry) -> bool {
    let Some(test) = known(&entry.concept) else { return false };
    let faces = context.view.groups(entry.kind()).iter().map(|group| context.view.face(group));
    let mut later = faces.filter(|other| {
        other.date.zip(entry.date).is_some_and(|(other, own)| other.order() > own.order())
            && known(&other.concept).is_some_and(|known| known.key == test.key)
    });
    later.any(|other| {
        other.standing == Standing::Stated && measurement(other).is_some() && alarms.why(other).is_none()
    })
}

#[cfg(test)]
mod tests;
