//! Cultures: which organism, and how it answers to which drug, as the laboratory wrote it.

use std::collections::BTreeSet;

use super::Sought;
use super::scene::{Scene, is_susceptibility};
use crate::insight::measurements::{measurement, test_name};
use crate::insight::rows::date_cell;
use crate::insight::sheet::Part;
use crate::insight::{Asked, Refusal, measured, naming, plain, shortened};
use crate::knowledge::folding::fold;
use crate::record::{
    Component, Detail, DocumentKind, Entry, EntryId, Flag, FlagMeaning, Kind, LinkRole, Standing, Value,
};

/// Characters of a comment.
const COMMENT_CHARS: usize = 300;

/// Words that a culture goes by, in the name a laboratory gives it.
const NAMES: [&str; 5] = ["culture", "identified", "organism", "gram stain", "isolate"];

/// True of a result that names what grew.
pub(super) fn is_culture(entry: &Entry) -> bool {
    let is_words = measurement(entry).is_some_and(|found| !matches!(found.value, Some(Value::Quantity(_))));
    entry.kind() == Kind::Lab
        && is_words
        && !is_susceptibility(entry)
        && entry.concept.words().any(|word| {
            let word = fold(word);
            NAMES.iter().any(|name| word.contains(name))
        })
}

/// One culture with its drugs.
struct Culture<'a> {
    organism: &'a Entry,
    drugs: Vec<&'a Entry>,
}

/// The cultures that were asked for, each as a table.
pub(super) fn parts(scene: &Scene<'_, '_>, sought: &Sought, asked: &Asked) -> Result<Vec<Part>, Refusal> {
    let cultures = cultures(scene, asked)?;
    let mut parts = Vec::new();
    for culture in &cultures {
        scene.context.check()?;
        if is_sought(sought, culture) {
            parts.push(part(scene, culture));
        }
    }
    Ok(parts)
}

/// A culture is asked for by its name, what grew, a drug that was tried, or "culture" and "antibiotic".
fn is_sought(sought: &Sought, culture: &Culture<'_>) -> bool {
    let found = measurement(culture.organism);
    let value = found.and_then(|found| found.value.as_ref()).map(measured::value).unwrap_or_default();
    let specimen = found.and_then(|found| found.specimen.as_deref()).unwrap_or("");
    let drugs: String = culture.drugs.iter().map(|drug| format!("{} ", drug.concept.label())).collect();
    let further = [
        value.as_str(),
        specimen,
        drugs.as_str(),
        "culture cultures antibiotic antibiotics susceptibility sensitivity",
    ];
    let own = || culture.organism.concept.words();
    let texts = || own().chain(further);
    sought.words.are_in(texts()) || sought.loose.are_in(texts())
}

/// Every culture of the period, the newest first.
fn cultures<'a>(scene: &Scene<'_, 'a>, asked: &Asked) -> Result<Vec<Culture<'a>>, Refusal> {
    let view = scene.context.view;
    let (mut organisms, mut drugs) = (Vec::new(), Vec::new());
    for group in view.groups(Kind::Lab) {
        scene.context.check()?;
        let entry = view.face(group);
        if entry.standing == Standing::EnteredInError || !asked.period.holds(entry) {
            continue;
        }
        let has_parts = measurement(entry)
            .is_some_and(|found| found.components.iter().any(|part| verdict(&part.flags).is_some()));
        if is_susceptibility(entry) {
            drugs.push(entry);
        } else if has_parts || is_culture(entry) {
            organisms.push(entry);
        }
    }
    let reports = reports(scene);
    let grown: BTreeSet<(u16, &str)> =
        organisms.iter().map(|entry: &&Entry| (entry.source, entry.key.as_str())).collect();
    // A report that names several organisms does not say to which a drug belongs.
    let of_one = |(source, results): &(u16, BTreeSet<&str>)| {
        results.iter().filter(|key| grown.contains(&(*source, **key))).count() == 1
    };
    let reports: Vec<_> = reports.into_iter().filter(of_one).collect();
    let mut taken: BTreeSet<EntryId> = BTreeSet::new();
    let mut cultures: Vec<Culture<'a>> = Vec::new();
    for organism in organisms {
        let own: Vec<&'a Entry> =
            drugs.iter().copied().filter(|drug| belongs(&reports, organism, drug)).collect();
        taken.extend(own.iter().map(|drug| drug.id));
        cultures.push(Culture { organism, drugs: own });
    }
    // A drug whose organism nobody names is told all the same.
    let alone = drugs.into_iter().filter(|drug| !taken.contains(&drug.id));
    cultures.extend(alone.map(|drug| Culture { organism: drug, drugs: Vec::new() }));
    cultures.sort_by_key(|culture| std::cmp::Reverse((culture.organism.date, culture.organism.id)));
    Ok(cultures)
}

/// The results that each report of microbes names.
fn reports<'a>(scene: &Scene<'_, 'a>) -> Vec<(u16, BTreeSet<&'a str>)> {
    let documents = scene.context.view.entries(Kind::Document);
    let with_results = documents.filter(|entry| match &entry.detail {
        Detail::Document(document) => {
            matches!(document.kind, DocumentKind::Microbiology | DocumentKind::LabPanel)
        }
        _ => false,
    });
    with_results
        .map(|entry| (entry.source, entry.linked(LinkRole::Result).collect::<BTreeSet<&str>>()))
        .filter(|(_, results)| results.len() > 1)
        .collect()
}

/// True where the record links a drug to an organism: by either entry, or by a report with one organism.
fn belongs(reports: &[(u16, BTreeSet<&str>)], organism: &Entry, drug: &Entry) -> bool {
    if organism.source != drug.source {
        return false;
    }
    let names = |entry: &Entry, other: &Entry| entry.links.iter().any(|link| link.key == other.key);
    if names(drug, organism) || names(organism, drug) {
        return true;
    }
    let is_linked_elsewhere = drug.links.iter().any(|link| {
        matches!(link.role, LinkRole::Related | LinkRole::PartOf)
            && link.key.as_str().starts_with("Observation")
    });
    !is_linked_elsewhere
        && reports.iter().any(|(source, results)| {
            *source == drug.source
                && results.contains(organism.key.as_str())
                && results.contains(drug.key.as_str())
        })
}

fn part(scene: &Scene<'_, '_>, culture: &Culture<'_>) -> Part {
    let organism = culture.organism;
    let mut lines = Vec::new();
    let grew = measurement(organism).and_then(|found| found.value.as_ref()).map(measured::value);
    let status = measured::status(organism);
    if is_susceptibility(organism) {
        lines.push("The record links this drug to no organism".to_owned());
        lines.push(row("not linked", &test_name(organism), organism));
    } else {
        let grew = grew.unwrap_or_else(|| "no value recorded".into());
        lines.push(format!(
            "What was found, as written: {grew}{status}, {} [{}]",
            date_cell(organism.date),
            organism.id
        ));
        let specimen = measurement(organism).and_then(|found| found.specimen.as_deref());
        lines.extend(specimen.map(|specimen| format!("Specimen: {}", plain(specimen))));
        lines.extend(
            organism.notes.iter().map(|note| format!("Comment: \"{}\"", shortened(note, COMMENT_CHARS))),
        );
        let parts = measurement(organism).map_or(&[][..], |found| &found.components);
        if !culture.drugs.is_empty() || parts.iter().any(|part| verdict(&part.flags).is_some()) {
            lines.push("organism | drug | result".to_owned());
        }
        lines.extend(culture.drugs.iter().map(|drug| row(&grew, &test_name(drug), drug)));
        lines.extend(parts.iter().filter_map(|part| part_row(&grew, part, organism)));
    }
    if !culture.drugs.is_empty() {
        lines.push("S: the organism answered to the drug in the test; I: between; R: it did not. Which one suits a person is for the clinician".into());
    }
    let call = super::call_for(scene.context, &test_name(organism));
    let least = lines.len().min(8);
    Part::of(test_name(organism), call, usize::MAX, lines).keeping(least)
}

fn row(grew: &str, drug: &str, entry: &Entry) -> String {
    let found = measurement(entry);
    let verdict = found.and_then(|found| verdict(&found.flags));
    let value = found.and_then(|found| found.value.as_ref()).map(measured::value).unwrap_or_default();
    let is_said = |verdict: &str| value.eq_ignore_ascii_case(verdict.split(' ').next().unwrap_or(verdict));
    let told = match verdict {
        Some(verdict) if value.is_empty() || is_said(verdict) => verdict.to_owned(),
        Some(verdict) => format!("{verdict}, measured {value}"),
        None => value,
    };
    let status = measured::status(entry);
    format!("{} | {drug} | {told}{status} [{}]", shortened(grew, 80), entry.id)
}

fn part_row(grew: &str, part: &Component, organism: &Entry) -> Option<String> {
    let verdict = verdict(&part.flags)?;
    let value = part.value.as_ref().map(measured::value).unwrap_or_default();
    let value = if value.is_empty() { value } else { format!(", measured {value}") };
    Some(format!(
        "{} | {} | {verdict}{value} [{}]",
        shortened(grew, 80),
        naming::name(&part.concept),
        organism.id
    ))
}

/// The laboratory's verdict on a drug.
fn verdict(flags: &[Flag]) -> Option<&'static str> {
    flags.iter().find_map(|flag| match flag.meaning {
        FlagMeaning::Susceptible => Some("S (susceptible)"),
        FlagMeaning::Intermediate => Some("I (intermediate)"),
        FlagMeaning::Resistant => Some("R (resistant)"),
        _ => None,
    })
}
