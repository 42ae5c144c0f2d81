//! What happened at visits: problems, results, medicines, documents that the record links to each.

use std::collections::HashMap;

use crate::insight::measurements::measurement;
use crate::insight::portrait::Who;
use crate::insight::rows::{self, Shown};
use crate::insight::telling::in_few_words;
use crate::insight::{Context, Refusal, measured, medications, plain};
use crate::record::{Detail, DocumentKind, Entry, Kind, LinkRole, Standing};

/// What happened at visits: what the record links to each.
pub(super) struct Happened<'a> {
    by_visit: HashMap<(u16, &'a str), Vec<&'a Entry>>,
}

/// The parts of a visit in the order in which they are told, with the most that one line names.
const PARTS: &[(&str, &[Kind], usize)] = &[
    ("problems", &[Kind::Condition], 12),
    ("results", &[Kind::Lab], 30),
    ("vitals", &[Kind::Vital], 12),
    ("procedures", &[Kind::Procedure, Kind::Imaging], 12),
    ("medicines", &[Kind::Medication], 12),
    ("vaccines", &[Kind::Immunization], 12),
    ("orders", &[Kind::CarePlan], 8),
    ("documents", &[Kind::Document], 8),
    ("other", &[Kind::Background, Kind::Allergy], 8),
];

impl<'a> Happened<'a> {
    /// Looks at every kind once.
    pub fn of(context: &Context<'a>) -> Result<Happened<'a>, Refusal> {
        let mut by_visit: HashMap<(u16, &'a str), Vec<&'a Entry>> = HashMap::new();
        for kind in PARTS.iter().flat_map(|(_, kinds, _)| *kinds) {
            // One fact once, though several sources tell it: the face of each group.
            for group in context.view.groups(*kind) {
                context.check()?;
                for member in context.view.members(group) {
                    for visit in member.linked(LinkRole::Visit) {
                        by_visit.entry((member.source, visit)).or_default().push(context.view.face(group));
                    }
                }
            }
        }
        Ok(Happened { by_visit })
    }

    /// Its lines for one visit.
    pub fn at(&self, context: &Context<'_>, shown: Shown<'_>) -> Vec<String> {
        let visits = context.view.members(shown.group);
        let keys = visits.map(|visit| (visit.source, visit.key.as_str()));
        let entries: Vec<&Entry> =
            keys.filter_map(|key| self.by_visit.get(&key)).flatten().copied().collect();
        let lines =
            PARTS.iter().filter_map(|(heading, kinds, most)| part(context, heading, kinds, *most, &entries));
        let lines: Vec<String> = lines.collect();
        if lines.is_empty() { vec!["↳ the record links nothing to this visit".into()] } else { lines }
    }
}

fn part(
    context: &Context<'_>,
    heading: &str,
    kinds: &[Kind],
    most: usize,
    entries: &[&Entry],
) -> Option<String> {
    let of_kind = entries.iter().filter(|entry| kinds.contains(&entry.kind()));
    let of_kind = of_kind.filter(|entry| entry.standing != Standing::EnteredInError && !is_repeating(entry));
    let mut told: Vec<(bool, String)> = of_kind
        .map(|entry| (!is_flagged(context, entry), format!("{} [{}]", say(context, entry), entry.id)))
        .collect();
    // What is flagged is never among those that are only counted.
    told.sort();
    let told: Vec<String> = told.into_iter().map(|(_, told)| told).collect();
    if told.is_empty() {
        return None;
    }
    let more = told.len().saturating_sub(most);
    let mut line = format!("↳ {heading}: {}", told[..told.len().min(most)].join("; "));
    if more > 0 {
        line.push_str(&format!("; and {more} more"));
    }
    Some(line)
}

/// What happened, in a few words. Of an order the visit itself says when: the name and the dose are enough.
fn say(context: &Context<'_>, entry: &Entry) -> String {
    let dosage = medications::dosage(entry).map_or_else(String::new, |dosage| format!(", {dosage}"));
    match entry.kind() {
        Kind::Medication => format!("{}{dosage}{}", rows::name_cell(entry), status_word(entry)),
        _ => in_few_words(context, entry),
    }
}

fn status_word(entry: &Entry) -> String {
    if let Some(word) = rows::forbidden(entry) {
        return format!(" ({})", word.to_uppercase());
    }
    let status = entry.status.as_deref().filter(|status| *status != "active");
    status.map_or_else(String::new, |status| format!(" ({})", plain(status)))
}

fn is_flagged(context: &Context<'_>, entry: &Entry) -> bool {
    let who = Who::of(context);
    let flag = measurement(entry).map(|found| measured::flag(entry, found, Some(&who)));
    flag.is_some_and(|flag| !matches!(flag.as_str(), "" | "normal"))
}

/// A panel whose results are named already only repeats them.
fn is_repeating(entry: &Entry) -> bool {
    matches!(&entry.detail, Detail::Document(document)
        if document.kind == DocumentKind::LabPanel && document.text.is_none() && document.conclusion.is_none())
}
