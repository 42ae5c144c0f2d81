//! Medicines told honestly: an order is an order, and what nobody has confirmed is marked.

mod asking;
mod confirmed;
mod course;
mod drug;
mod filled;
mod form;
mod home;
mod part;
mod review;
mod same;
mod told;

use schemars::JsonSchema;
use serde::Serialize;

use super::ask::BY_ORDER;
use super::lifetime::Lifetime;
use super::matching::Words;
use super::rows::{self, Shown, name_cell};
use super::{Answer, Asked, Context, Coverage, Item, Page, Refusal, Section, plain};
use crate::knowledge::medicine_facts::class_of;
use crate::knowledge::medicines::HighRisk;
use crate::record::{Detail, Entry, EntryId, Kind, Medication, Standing};

pub use course::lasts_until;
use drug::{Drug, by_drug, high_risk, lead, other_doses};
pub use home::{ActiveMedicine, HomeMedicine, active, home, home_lines};
use part::{PARTS, Part, part_of};
pub use review::{Review, ReviewTopic, reviews};
use told::told_on;
pub use told::{dosage, told};

/// One medicine order, statement, dose or dispense.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct MedicationRow {
    /// The entry to cite.
    pub id: String,
    /// active, as needed, status not known, proposed, single dose, in care, past, do not give or not given.
    pub part: &'static str,
    /// The medicine as recorded.
    pub name: String,
    /// What kind of medicine it is, in plain words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<&'static str>,
    /// Why a slip with it does harm soonest: blood thinner, insulin, opioid and the like.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub high_risk: Option<&'static str>,
    /// How it is to be taken, as recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dosage: Option<String>,
    /// What the record says of it, with the date, and who says otherwise: an order proves no taking.
    pub told: String,
    /// The date of the order, statement or dose.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// Why, as recorded.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<String>,
    /// All sources, where there are several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
    /// Dispenses, earlier orders of the same medicine, disagreements, own notes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub beneath: Vec<String>,
    #[serde(skip)]
    entry: EntryId,
}

/// The medicines by what the record says of them.
pub fn medications(context: &Context<'_>, asked: &Asked) -> Result<Answer, Refusal> {
    list(context, asked, false)
}

/// The same, with what is known in general of those listed.
pub fn medications_explained(context: &Context<'_>, asked: &Asked) -> Result<Answer, Refusal> {
    list(context, asked, true)
}

fn list(context: &Context<'_>, asked: &Asked, is_explained: bool) -> Result<Answer, Refusal> {
    let words = asked.query.as_deref().map(Words::of);
    let parts = parts_asked(asked.status.as_deref())?;
    let mut coverage = Coverage::of(context, &[Kind::Medication]);
    let keep = |entry: &Entry| {
        entry.standing != Standing::EnteredInError && words.as_ref().is_none_or(|words| names(words, entry))
    };
    let shown = listed(context, rows::select(context, Kind::Medication, asked, &mut coverage, keep)?);
    let drugs = by_drug(context, &shown)?;
    if let Some(cursor) = asked.cursor.filter(|_| asked.is_by_order) {
        return one_by_one(context, asked, &drugs, cursor, coverage);
    }
    let unknown = drugs.iter().filter(|drug| drug.part == Part::Unknown).count();
    if unknown > 0 && !parts.contains(&Part::Unknown) {
        coverage.notices.push(format!("{unknown} whose status is not known: status \"all\""));
    }
    let in_parts = || drugs.iter().filter(|drug| parts.contains(&drug.part));
    coverage.period = rows::period(in_parts().flat_map(Drug::entries));
    // What is told in general is told of the active ones first.
    let mut by_part: Vec<&Drug<'_>> = in_parts().collect();
    by_part.sort_by_key(|drug| drug.part);
    let leads: Vec<&Entry> = by_part.into_iter().map(Drug::lead).collect();
    let said = statements(context);
    let is_page = asked.cursor.is_some();
    let beside = if is_page { Vec::new() } else { beside(context, asked, &leads, is_explained)? };
    let sections = PARTS.iter().filter(|(part, _, _)| parts.contains(part)).map(|(part, _, heading)| {
        let here = drugs.iter().filter(|drug| drug.part == *part);
        let items: Vec<MedicationRow> = here.map(|drug| row(context, drug)).collect();
        Section { heading: (*heading).into(), columns: COLUMNS, items }
    });
    // A statement above says which kind of nothing it is; to say another beneath would contradict it.
    let nothing = match said.is_empty() {
        true => nothing(context, asked),
        false => "Nothing else that fits what was asked.".into(),
    };
    let first = [said, beside].concat();
    let title = asked.title("Medications");
    let page = Page { title, first, sections: sections.collect(), nothing, coverage, cursor_begins: "" };
    page.answer(context, asked.cursor, asked.budget)
}

/// What stands above the rows: what is worth asking, and what is known in general.
fn beside(
    context: &Context<'_>,
    asked: &Asked,
    leads: &[&Entry],
    is_explained: bool,
) -> Result<Vec<String>, Refusal> {
    let mut lines = asking::questions(context, asked, leads)?;
    if is_explained {
        lines.extend(asking::explained(leads));
    }
    Ok(lines)
}

/// What is said where no row fits: of a medicine that is asked about by name, also what it is.
fn nothing(context: &Context<'_>, asked: &Asked) -> String {
    let nothing = rows::nothing(context, asked, &[Kind::Medication], "medication");
    let known = asked.query.as_deref().and_then(asking::not_listed);
    known.map_or_else(|| nothing.clone(), |known| format!("{nothing}\n{known}"))
}

const COLUMNS: &[&str] = &["medicine", "how", "what the record says"];

fn parts_asked(status: Option<&str>) -> Result<Vec<Part>, Refusal> {
    Ok(match status {
        None | Some("all") => PARTS.iter().map(|(part, _, _)| *part).collect(),
        Some("active" | "current") => vec![Part::Active, Part::AsNeeded],
        Some("past" | "stopped" | "completed") => vec![Part::Past],
        Some(_) => return Err(Refusal::BadArgument("status must be active, past or all".into())),
    })
}

/// What is a medicine at all, each group with the member that speaks for it.
fn listed<'a>(context: &Context<'a>, shown: Vec<Shown<'a>>) -> Vec<Shown<'a>> {
    let lifetime = Lifetime::of(context.view, context.today);
    let spoken = shown.into_iter().map(|one| {
        let face = lead(context, &lifetime, one.group, one.face);
        if face.id == one.face.id {
            one
        } else {
            Shown::of(one.group, face, lifetime.objection(face).is_some())
        }
    });
    spoken.filter(|one| part_of(one.face, context) != Part::Statement).collect()
}

/// The rest of what a row only counts: the orders, or the dispenses, of one drug, a row each.
fn one_by_one(
    context: &Context<'_>,
    asked: &Asked,
    drugs: &[Drug<'_>],
    cursor: EntryId,
    coverage: Coverage,
) -> Result<Answer, Refusal> {
    let has_it = |all: &[Shown<'_>]| all.iter().any(|one| one.face.id == cursor);
    let all = drugs.iter().find_map(|drug| {
        let lists = [&drug.orders[1..], &drug.dispensed];
        lists.into_iter().find(|all| has_it(all)).map(|all| (drug.part, all))
    });
    let (part, all) = all.unwrap_or((Part::Past, &[]));
    let items: Vec<MedicationRow> = all.iter().map(|&one| row(context, &Drug::of(part, one))).collect();
    let name = items.first().map_or_else(String::new, |item| format!("{}, ", item.name));
    let page = Page {
        title: format!("Medications, {name}one row each"),
        first: Vec::new(),
        sections: vec![Section { heading: String::new(), columns: COLUMNS, items }],
        nothing: String::new(),
        coverage: Coverage { period: rows::period(all), ..coverage },
        cursor_begins: BY_ORDER,
    };
    page.answer(context, Some(cursor), asked.budget)
}

/// Statements about the whole list, which are no medicines: that there is none, that nobody asked. Where
/// medicines are recorded as active beside it, that is told too.
pub fn statements(context: &Context<'_>) -> Vec<String> {
    let faces =
        || context.view.groups(Kind::Medication).iter().map(|group| (group, context.view.face(group)));
    let is_statement = |face: &&Entry| {
        medication(face).is_some() && matches!(face.standing, Standing::NoneKnown | Standing::NotAsked)
    };
    let statements = faces().map(|(_, face)| face).filter(is_statement);
    let statements: Vec<&Entry> = statements.collect();
    if statements.is_empty() {
        return Vec::new();
    }
    let lifetime = Lifetime::of(context.view, context.today);
    let active = faces().map(|(group, face)| lead(context, &lifetime, group, face));
    let counts = |entry: &&Entry| part_of(entry, context).is_home() && lifetime.objection(entry).is_none();
    let active: Vec<&Entry> = active.filter(counts).collect();
    let newest = active.iter().filter_map(|entry| told_on(entry)).max_by_key(|when| when.order());
    let told = statements.into_iter().map(|entry| {
        let on = told_on(entry);
        let said =
            if entry.standing == Standing::NoneKnown { "The record says" } else { "Not asked, as recorded" };
        let date = on.map_or_else(|| "not dated".into(), |when| when.date_text());
        let line = format!("{said}: \"{}\" ({date}) [{}]", name_cell(entry), entry.id);
        let is_older = on.zip(newest).is_some_and(|(on, newest)| on.latest() < newest.earliest());
        let conflict = if is_older || entry.standing == Standing::NotAsked { "but" } else { "CONFLICT:" };
        let newest = newest.map_or_else(String::new, |when| format!(", the newest of {}", when.date_text()));
        match active.len() {
            0 => line,
            1 => format!("{line}; {conflict} 1 is recorded as active{newest}"),
            many => format!("{line}; {conflict} {many} are recorded as active{newest}"),
        }
    });
    told.collect()
}

fn row(context: &Context<'_>, drug: &Drug<'_>) -> MedicationRow {
    let entry = drug.lead();
    let medicine = medication(entry);
    let mut beneath = Vec::new();
    beneath.extend(other_doses(context, drug));
    beneath.extend(entry.notes.iter().map(|note| format!("↳ comment: {}", plain(note))));
    beneath.extend(drug.lines(context));
    beneath.extend(drug.entries().flat_map(|one| rows::own_notes(context, one.group)));
    let part = PARTS.iter().find(|(part, _, _)| *part == drug.part).map_or("", |(_, word, _)| word);
    MedicationRow {
        id: entry.id.to_string(),
        part,
        name: plain(&entry.concept.label()),
        kind: home::ingredients(entry).first().and_then(|known| class_of(known.name)).map(|class| class.name),
        high_risk: high_risk(entry).map(HighRisk::plain),
        dosage: dosage(entry),
        told: drug.told(context),
        date: told_on(entry).map(|when| when.date_text()),
        reasons: medicine
            .map(|medicine| medicine.reasons.iter().map(|reason| plain(reason)).collect())
            .unwrap_or_default(),
        sources: rows::several(rows::sources(context, drug.orders[0].group)),
        beneath,
        entry: entry.id,
    }
}

fn names(words: &Words, entry: &Entry) -> bool {
    let Some(medicine) = medication(entry) else { return false };
    let further: Vec<&str> =
        medicine.reasons.iter().chain(&medicine.ingredients).map(|text| text.as_str()).collect();
    words.name(entry, &further)
}

/// The medicine of an entry that has one.
pub fn medication(entry: &Entry) -> Option<&Medication> {
    match &entry.detail {
        Detail::Medication(medicine) => Some(medicine),
        _ => None,
    }
}

impl Item for MedicationRow {
    fn id(&self) -> EntryId {
        self.entry
    }

    fn cells(&self) -> Vec<String> {
        let reasons = if self.reasons.is_empty() {
            String::new()
        } else {
            format!("; for {}", self.reasons.join(", "))
        };
        let sources =
            if self.sources.is_empty() { String::new() } else { format!("; {} sources", self.sources.len()) };
        let dosage = self.dosage.clone().unwrap_or_else(|| "dose not recorded".into());
        // "methotrexate (usually once a week)" beside its own name says the name twice.
        let is_named = self.name.to_lowercase().contains("methotrexate");
        let risk = self.high_risk.map(|why| match why.strip_prefix("methotrexate ") {
            Some(rest) if is_named => format!(" {rest}"),
            _ => format!(" ({why})"),
        });
        let risk = risk.unwrap_or_default();
        vec![format!("{}{risk}", self.name), dosage, format!("{}{reasons}{sources}", self.told)]
    }

    fn beneath(&self) -> Vec<String> {
        self.beneath.clone()
    }
}

#[cfg(test)]
mod tests;
