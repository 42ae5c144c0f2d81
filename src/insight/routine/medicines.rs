//! The medicines of the day: the label's words as written, beneath headings that only the record gives.

use jiff::civil::Date;

use super::ground::{Ground, Whom};
use super::moments::{HEADINGS, Moment, Placed, placed};
use crate::insight::medications::{HomeMedicine, lasts_until, medication, statements};
use crate::insight::portals::Nothing;
use crate::insight::sheet::Part;
use crate::insight::{plain, shortened};
use crate::knowledge::folding::{fold, holds_words};
use crate::knowledge::medicine_facts::{class_of, facts};
use crate::record::{Detail, Dosage, Entry, Kind};

/// What stands above the medicines.
const HEAD: &str = "Only medicines that the record has for home and confirms within a year. Words in quotes are the label's, as recorded. An order does not prove that a medicine is taken. A missed dose: ask the pharmacist.";

/// What stands above those that no day can hold yet.
const APART: &str = "Recorded as active, not sure: ask before putting it in the day";

/// Characters of the words of a dosage; the whole stands in get_record.
const DOSAGE_CHARS: usize = 300;

/// The headings of the day with their medicines, then those to ask about.
pub(super) fn medicines(ground: &Ground<'_, '_>) -> Vec<Part> {
    let mut says = vec![HEAD.to_owned()];
    says.extend(statements(ground.context));
    if let Whom::Hospice(by) = ground.whom {
        says.push(format!(
            "Hospice or comfort care is recorded [{by}]: comfort comes first. Ask the hospice team about each line."
        ));
    }
    let mut wanted: Vec<&HomeMedicine<'_>> =
        ground.home.iter().filter(|medicine| is_wanted(ground, medicine)).collect();
    // Where a slip harms soonest comes first; within that the list's own order stays.
    wanted.sort_by_key(|medicine| medicine.high_risk.is_none());
    let (apart, sure): (Vec<_>, Vec<_>) =
        wanted.into_iter().partition(|medicine| doubt(medicine, ground.context.today).is_some());
    if ground.home.is_empty() {
        says.push(nothing(ground));
    }
    let is_asked = ground.wanted.is_all() || ground.wanted.takes_medicine([]);
    if !is_asked && sure.is_empty() && apart.is_empty() {
        return Vec::new();
    }
    let mut parts = vec![Part::fixed("Medicines by time of day", Vec::new()).saying(says.join(" "))];
    let placed: Vec<(&HomeMedicine<'_>, Placed)> =
        sure.into_iter().map(|medicine| (medicine, placed(medicine))).collect();
    for (moment, heading) in HEADINGS {
        let here = placed.iter().filter(|(_, placed)| placed.moments.contains(&moment));
        let lines: Vec<String> = here.map(|(medicine, placed)| line(medicine, placed)).collect();
        let most = lines.len();
        let part = Part::of(heading, CALL, most, lines).keeping(most);
        parts.push(Part { is_fixed: moment == Moment::OtherDays, ..part });
    }
    let lines: Vec<String> = apart.iter().filter_map(|medicine| apart_line(medicine, ground)).collect();
    let most = lines.len();
    parts.push(Part::of(APART, CALL, most, lines).keeping(most));
    parts.push(loose_notes(ground));
    parts
}

const CALL: &str = "get_medications {\"status\":\"active\"}";

/// Whether the focus takes it: all of them belong to a day.
pub(super) fn is_wanted(ground: &Ground<'_, '_>, medicine: &HomeMedicine<'_>) -> bool {
    let told = medication(medicine.entry);
    let reasons = told.into_iter().flat_map(|told| told.reasons.iter().map(|reason| reason.as_str()));
    let uses = medicine.names().filter_map(facts).flat_map(|facts| facts.used_for.iter().copied());
    let classes = medicine.names().filter_map(class_of).map(|class| class.name);
    let names: Vec<&str> = medicine.names().collect();
    let name = medicine.entry.concept.words();
    let texts: Vec<&str> = name.chain(reasons).chain(uses).chain(classes).chain(names).collect();
    ground.wanted.takes_medicine(texts)
}

fn nothing(ground: &Ground<'_, '_>) -> String {
    let scope = ground.context.view.scope();
    let gap = Nothing::of(ground.context, &[Kind::Medication]).gap();
    if scope.withholds() {
        return format!(
            "No medicine for home can be seen here{gap}; some entries may be withheld by the person's settings."
        );
    }
    format!(
        "No medicine for home is in these records{gap}. That does not mean there is none: ask the clinic or the pharmacy for the list, or add the labels as notes."
    )
}

/// Why a medicine that is recorded as active cannot simply stand in the day.
pub(super) fn doubt(medicine: &HomeMedicine<'_>, today: Date) -> Option<String> {
    let entry = medicine.entry;
    if medicine.is_disputed {
        return Some("another entry says otherwise".into());
    }
    if entry.status.as_deref() == Some("on-hold") {
        return Some("recorded as on hold".into());
    }
    if medicine.own_notes.iter().any(|note| speaks_of_an_end(note)) {
        return Some("the person's own note says otherwise".into());
    }
    if entry.date.is_some_and(|when| when.earliest() > today) {
        return Some("it begins on a later day".into());
    }
    if medicine.is_unconfirmed {
        // The words of the record say so already.
        return Some(String::new());
    }
    let end = lasts_until(entry).filter(|end| *end < today)?;
    let is_confirmed_later = medicine.confirmed.is_some_and(|(when, ..)| when.latest() > end);
    (!is_confirmed_later).then(|| format!("by its own words the course ran until about {end}"))
}

/// Words of a note after which nobody can take a medicine as taken.
const ENDS: [&str; 14] = [
    "stop",
    "stopped",
    "stops",
    "not taking",
    "doesnt take",
    "does not take",
    "quit",
    "no longer",
    "off",
    "changed",
    "discontinued",
    "hold",
    "held",
    "ran out",
];

fn speaks_of_an_end(note: &str) -> bool {
    let folded = fold(note);
    ENDS.iter().any(|word| holds_words(&folded, word))
}

fn line(medicine: &HomeMedicine<'_>, placed: &Placed) -> String {
    let differs = match placed.differs {
        true => "; THE WORDS AND THE RECORDED TIMES DIFFER: ask the pharmacist which counts",
        false => "",
    };
    format!("{}{differs}{}", told(medicine), notes(medicine))
}

fn apart_line(medicine: &HomeMedicine<'_>, ground: &Ground<'_, '_>) -> Option<String> {
    let why = doubt(medicine, ground.context.today)?;
    let why = if why.is_empty() { why } else { format!("; {why}") };
    Some(format!("{}{why}{}", told(medicine), notes(medicine)))
}

/// The name, the label's words, and what the record says of it.
fn told(medicine: &HomeMedicine<'_>) -> String {
    let entry = medicine.entry;
    let name = plain(&entry.concept.label());
    let dosage = medication(entry).map_or(&[][..], |medicine| &medicine.dosage);
    let words: Vec<String> = dosage.iter().filter_map(label).collect();
    let words = if words.is_empty() { "how to take it is not recorded".into() } else { words.join("; ") };
    let risk = medicine.high_risk.map_or_else(String::new, |risk| format!(" (high-risk: {})", risk.plain()));
    format!("{name}{risk}: {words}; {} [{}]", medicine.told, entry.id)
}

/// The words of a dosage: quoted where they are the label's own, told as recorded elements where they are not.
fn label(dosage: &Dosage) -> Option<String> {
    let quoted = |text: &str| format!("\"{}\"", shortened(text, DOSAGE_CHARS));
    let mut parts: Vec<String> = Vec::new();
    parts.extend(dosage.text.as_deref().map(quoted));
    let for_patient = dosage.patient_text.as_deref();
    parts.extend(for_patient.filter(|text| Some(*text) != dosage.text.as_deref()).map(quoted));
    match (parts.is_empty(), dosage.structured.as_deref()) {
        (true, Some(elements)) => parts.push(format!("recorded: {}", shortened(elements, DOSAGE_CHARS))),
        (false, _) if !dosage.times.is_empty() => {
            let times: Vec<String> = dosage.times.iter().map(|time| plain(time)).collect();
            parts.push(format!("recorded time: {}", times.join(", ")));
        }
        _ => {}
    }
    let reason = dosage.as_needed.as_deref().filter(|reason| !reason.is_empty());
    let is_said = |reason: &&str| parts.iter().any(|part| fold(part).contains(&fold(reason)));
    parts.extend(
        reason.filter(|reason| !is_said(reason)).map(|reason| format!("as needed for {}", plain(reason))),
    );
    (!parts.is_empty()).then(|| parts.join(", "))
}

fn notes(medicine: &HomeMedicine<'_>) -> String {
    medicine.own_notes.iter().map(|note| format!("; {}", note.trim_start_matches("↳ "))).collect()
}

/// Notes of the person that name no entry but speak of medicines.
fn loose_notes(ground: &Ground<'_, '_>) -> Part {
    const MOST: usize = 4;
    const CHARACTERS: usize = 160;
    let words = ["pill", "pills", "tablet", "tablets", "medicine", "medicines", "dose", "doses", "insulin"];
    let names: Vec<String> = ground.home.iter().flat_map(|one| one.names().map(fold)).collect();
    let notes = ground.context.view.entries(Kind::Note).filter_map(|note| match &note.detail {
        Detail::Note { text, about: None } => Some((note, text)),
        _ => None,
    });
    let mut about: Vec<(&Entry, &str)> = notes
        .filter(|(_, text)| {
            let folded = fold(text);
            let has = |word: &str| holds_words(&folded, word);
            words.iter().any(|word| has(word)) || names.iter().any(|name| has(name))
        })
        .map(|(note, text)| (note, text.as_str()))
        .collect();
    about.sort_by_key(|(note, text)| (std::cmp::Reverse(note.date.or(note.recorded)), *text));
    let lines =
        about.into_iter().map(|(note, text)| format!("\"{}\" [{}]", shortened(text, CHARACTERS), note.id));
    Part::of("The person's own notes on medicines", "search_records", MOST, lines.collect())
}
