//! How each part of the background is told in a row.

use std::collections::HashMap;

use super::{BackgroundRow, Part, answers};
use crate::insight::matching::Words;
use crate::insight::rows::{self, Shown};
use crate::insight::{Context, Refusal, plain, shortened};
use crate::record::{Death, Detail, Entry, Family, Name, Person, Standing, Text};

/// Lines beneath a row; the rest stands in get_record.
const LINES_MAX: usize = 25;

/// Earlier answers to the same question that are told beneath the newest.
const EARLIER_MAX: usize = 4;

/// The rows of one part. An answer given again and again is one row: the newest, the earlier beneath.
pub(super) fn rows(
    context: &Context<'_>,
    part: Part,
    heading: &'static str,
    shown: &[Shown<'_>],
) -> Result<Vec<BackgroundRow>, Refusal> {
    let mut rows: Vec<BackgroundRow> = Vec::new();
    let mut places: HashMap<(String, bool), (usize, usize, Shown<'_>)> = HashMap::new();
    for &one in shown {
        context.check()?;
        let is_series = matches!(one.face.detail, Detail::Measurement(_));
        let name = one.face.concept.label().to_lowercase();
        let key = (name, one.face.standing == Standing::EnteredInError);
        match places.get_mut(&key).filter(|_| is_series) {
            Some((place, _, newest)) if is_of_one_day(newest.face, one.face) => {
                // None of them is the earlier one: what contradicts, and several answers, stand side by side.
                rows[*place].beneath.push(format!("↳ also {}", answer_line(context, newest.face, one.face)));
            }
            Some((place, earlier, _)) => {
                *earlier += 1;
                let row = &mut rows[*place];
                match *earlier {
                    count if count <= EARLIER_MAX => {
                        row.beneath.push(format!("↳ earlier: {}", earlier_line(one.face)))
                    }
                    count => {
                        row.beneath.retain(|line| !line.starts_with("↳ and earlier"));
                        let first = earlier_line(one.face);
                        row.beneath
                            .push(format!("↳ and earlier, {} more, first: {first}", count - EARLIER_MAX));
                    }
                }
            }
            None => {
                if is_series {
                    places.insert(key, (rows.len(), 0, one));
                }
                rows.push(row(context, part, heading, one));
            }
        }
    }
    Ok(rows)
}

fn is_of_one_day(one: &Entry, other: &Entry) -> bool {
    let day = |entry: &Entry| entry.date.or(entry.recorded).map(|when| when.date_text());
    day(one).is_some() && day(one) == day(other)
}

/// Another answer of the same day, with its source where that is another one.
fn answer_line(context: &Context<'_>, newest: &Entry, entry: &Entry) -> String {
    let source = if entry.source == newest.source {
        String::new()
    } else {
        format!(" ({})", plain(&context.view.source(entry).name))
    };
    format!("{}: {}{source} [{}]", rows::date_cell(entry.date.or(entry.recorded)), value(entry), entry.id)
}

fn earlier_line(entry: &Entry) -> String {
    format!("{} {} [{}]", rows::date_cell(entry.date.or(entry.recorded)), value(entry), entry.id)
}

fn row(context: &Context<'_>, part: Part, heading: &'static str, shown: Shown<'_>) -> BackgroundRow {
    let entry = shown.face;
    let sources = rows::several(rows::sources(context, shown.group));
    let from = rows::sources_cell(context, &sources);
    let date = entry.date.or(entry.recorded).map(|when| when.date_text());
    let dated = date.clone().unwrap_or_else(|| rows::date_cell(None));
    let status = entry.status.as_deref().map(plain);
    let expected = ["final", "completed", "active", "current", "amended", "corrected"];
    let mark = match entry.standing {
        Standing::Stated => {
            status.clone().filter(|word| part == Part::Directives || !expected.contains(&word.as_str()))
        }
        // A portable order not to resuscitate is an order not to do: it stands, as what it is.
        Standing::NotDone if part == Part::Directives => Some("order NOT to do".into()),
        standing => Some(standing.words().to_uppercase()),
    };
    let mark = mark.unwrap_or_default();
    let name = name(entry);
    let value = value(entry);
    let mut beneath = lines(entry);
    beneath.extend(rows::disagreements(context, shown, "it so", |entry| {
        (part != Part::Demographics).then(|| self::value(entry)).filter(|value| !value.is_empty())
    }));
    beneath.extend(rows::comments(context, shown.group));
    beneath.extend(rows::own_notes(context, shown.group));
    let cells = match part {
        Part::Demographics => {
            let only = plain(&context.view.source(entry).name);
            vec![name.clone(), value.clone(), if from.is_empty() { only } else { from }]
        }
        Part::Directives => vec![dated, name.clone(), mark, value.clone(), from],
        Part::Devices => vec![name.clone(), value.clone(), date.clone().unwrap_or_default(), mark, from],
        Part::Family => vec![name.clone(), value.clone(), mark, from],
        Part::Social | Part::Function | Part::Questionnaires => {
            vec![dated, name.clone(), value.clone(), mark, from]
        }
    };
    let (id, entry, part) = (entry.id.to_string(), entry.id, heading);
    BackgroundRow { id, part, name, value, date, status, sources, beneath, cells, entry }
}

fn name(entry: &Entry) -> String {
    match &entry.detail {
        Detail::Person(person) => plain(&person.name().unwrap_or_else(|| "name not recorded".into())),
        Detail::Family(family) => {
            let relation = family.relation.as_deref().map(plain);
            relation.unwrap_or_else(|| rows::name_cell(entry))
        }
        _ => shortened(&entry.concept.label(), 200),
    }
}

pub(super) fn value(entry: &Entry) -> String {
    match &entry.detail {
        Detail::Person(person) => person_words(person),
        Detail::Family(family) => family_words(family, entry),
        Detail::Measurement(found) => answers::in_words(found),
        Detail::Answers(answers) => format!("{} answers", answers.len()),
        Detail::Document(document) if document.text.is_some() => {
            format!("text: get_documents {{\"id\":\"{}\"}}", entry.id)
        }
        Detail::Document(_) => "no readable text".into(),
        Detail::Order(order) => {
            let reasons = order.reasons.iter().map(|reason| format!("for {}", plain(reason)));
            reasons.collect::<Vec<_>>().join("; ")
        }
        _ => more_words(entry),
    }
}

/// Recorded sex, sex at birth and gender identity are three things, and told as three.
fn person_words(person: &Person) -> String {
    let or_not = |text: &Option<Text>| text.as_deref().map_or_else(|| "not recorded".into(), plain);
    let born = person.birth.map_or_else(|| "not recorded".into(), |when| when.to_string());
    let died = match person.death {
        Death::Died(Some(when)) => format!("; DIED {}", when.date_text()),
        Death::Died(None) => "; DIED, date not recorded".into(),
        Death::NotRecorded => String::new(),
    };
    format!(
        "born {born}{died}; recorded sex: {}; sex at birth: {}; gender identity: {}",
        or_not(&person.sex),
        or_not(&person.birth_sex),
        or_not(&person.gender_identity)
    )
}

fn family_words(family: &Family, entry: &Entry) -> String {
    let conditions = family.conditions.iter().map(|condition| {
        let onset = condition.onset.as_deref().map(plain);
        let outcome = condition.outcome.as_deref().map(plain);
        let fatal = (condition.was_fatal == Some(true)).then(|| "cause of death".to_owned());
        let about: Vec<String> = onset.into_iter().chain(outcome).chain(fatal).collect();
        let about = if about.is_empty() { String::new() } else { format!(" ({})", about.join(", ")) };
        format!("{}{about}", plain(&condition.concept.label()))
    });
    let death = family.death.as_deref().map(plain);
    let unknown = entry.extra("nothing known because").map(|why| format!("nothing known: {}", plain(why)));
    let told: Vec<String> = conditions.chain(death).chain(unknown).collect();
    if told.is_empty() { "no illness recorded".into() } else { told.join("; ") }
}

/// Further recorded elements; of a device what tells which one it is.
fn more_words(entry: &Entry) -> String {
    const MOST: usize = 10;
    let shown = entry.more.iter().filter(|(label, _)| !matches!(label.as_str(), "identifier" | "address"));
    let told = shown.take(MOST).map(|(label, value)| format!("{}: {}", plain(label), shortened(value, 160)));
    told.collect::<Vec<_>>().join("; ")
}

fn lines(entry: &Entry) -> Vec<String> {
    let pair = |(label, value): &(Text, Text)| format!("↳ {}: {}", plain(label), shortened(value, 300));
    let mut lines: Vec<String> = match &entry.detail {
        Detail::Person(person) => {
            let other = person.names.iter().skip(1).map(other_name);
            let reach = person.reach.iter().map(|line| format!("↳ {}", plain(line)));
            other.chain(person.facts.iter().map(pair)).chain(reach).collect()
        }
        Detail::Answers(answers) => answers.iter().map(pair).collect(),
        Detail::Document(document) => {
            let unread = document.attachments.iter().filter_map(|attachment| attachment.unread.as_deref());
            unread.map(|why| format!("↳ attached but not readable here: {}", shortened(why, 200))).collect()
        }
        _ => Vec::new(),
    };
    if lines.len() > LINES_MAX {
        let rest = lines.len() - LINES_MAX;
        lines.truncate(LINES_MAX);
        lines.push(format!("↳ {rest} more: get_record {{\"id\":\"{}\"}}", entry.id));
    }
    lines
}

fn other_name(name: &Name) -> String {
    let usage = name.usage.as_deref().map_or_else(String::new, |usage| format!(" ({})", plain(usage)));
    format!("↳ also recorded as {}{usage}", plain(&name.shown()))
}

/// Whether an entry bears the words: in its name, a relative's illness, a question or an answer.
pub(super) fn is_about(words: &Words, entry: &Entry) -> bool {
    let mut further: Vec<String> = vec![name(entry), value(entry)];
    match &entry.detail {
        Detail::Family(family) => {
            let concepts = family.conditions.iter().flat_map(|condition| condition.concept.words());
            further.extend(concepts.map(str::to_owned));
        }
        Detail::Answers(answers) => {
            further.extend(
                answers.iter().flat_map(|(question, answer)| [question.to_string(), answer.to_string()]),
            );
        }
        Detail::Person(person) => {
            further.extend(person.facts.iter().map(|(label, value)| format!("{label} {value}")));
        }
        _ => {}
    }
    words.name(entry, &further.iter().map(String::as_str).collect::<Vec<_>>())
}
