//! Medicines told honestly: an order is an order, and what nobody has confirmed is marked.

use schemars::JsonSchema;
use serde::Serialize;

use super::matching::{Words, begins_words};
use super::rows::{self, Shown, date_cell};
use super::{Answer, Asked, Context, Coverage, Item, Page, Refusal, Section, plain};
use crate::knowledge::folding::fold;
use crate::knowledge::vaccines::vaccine_by_cvx;
use crate::record::{Detail, Entry, EntryId, Kind, Medication, MedicationRole, Setting, Standing, System};

/// One medicine order, statement, dose or dispense.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct MedicationRow {
    /// The entry to cite.
    pub id: String,
    /// The medicine as recorded.
    pub name: String,
    /// How it is to be taken, as recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dosage: Option<String>,
    /// What the record says of it, with the date: an order is not proof that it is taken.
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
    /// Earlier orders of the same medicine, disagreements, own notes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub beneath: Vec<String>,
    #[serde(skip)]
    entry: EntryId,
}

/// Which part of the list a medicine belongs to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Active,
    AsNeeded,
    Proposed,
    InCare,
    Past,
    NotGiven,
}

/// Days after which an "active" order that nothing has confirmed is marked. A year is the longest
/// that a prescription of a non-controlled drug commonly runs; the mark says what it means.
const UNCONFIRMED_DAYS: i32 = 365;

/// The medicines by what the record says of them.
pub fn medications(context: &Context<'_>, asked: &Asked) -> Result<Answer, Refusal> {
    let words = asked.query.as_deref().map(Words::of);
    let parts = parts_asked(asked.status.as_deref())?;
    let mut coverage = Coverage::of(context);
    let keep = |entry: &Entry| {
        entry.standing != Standing::EnteredInError && words.as_ref().is_none_or(|words| names(words, entry))
    };
    let shown = rows::select(context, Kind::Medication, asked, &mut coverage, keep)?;
    let shown: Vec<Shown<'_>> =
        shown.into_iter().filter(|shown| parts.contains(&part_of(shown.face, context))).collect();
    coverage.period = rows::period(&shown);
    let drugs = by_drug(context, &shown)?;
    let mut sections = Vec::new();
    for (part, heading) in HEADINGS {
        let items: Vec<MedicationRow> =
            drugs.iter().filter(|drug| drug.part == *part).map(|drug| row(context, drug)).collect();
        if !items.is_empty() {
            let columns = &["medicine", "how", "what the record says"];
            sections.push(Section { heading: (*heading).into(), columns, items });
        }
    }
    let page = Page {
        title: asked.title("Medications"),
        first: Vec::new(),
        sections,
        nothing: rows::nothing(context, asked, &[Kind::Medication], "medication"),
        coverage,
        cursor_begins: "",
    };
    page.answer(context, asked.cursor, asked.budget)
}

const HEADINGS: &[(Part, &str)] = &[
    (Part::Active, "Active per the record (an order does not prove that it is taken)"),
    (Part::AsNeeded, "Active, as needed"),
    (Part::Proposed, "Proposed or planned, not ordered"),
    (Part::InCare, "Given or ordered in a hospital or clinic"),
    (Part::Past, "Past"),
    (Part::NotGiven, "Not given"),
];

fn parts_asked(status: Option<&str>) -> Result<Vec<Part>, Refusal> {
    Ok(match status {
        None | Some("all") => HEADINGS.iter().map(|(part, _)| *part).collect(),
        Some("active" | "current") => vec![Part::Active, Part::AsNeeded],
        Some("past" | "stopped" | "completed") => vec![Part::Past],
        Some(_) => return Err(Refusal::BadArgument("status must be active, past or all".into())),
    })
}

/// The orders of one drug in one part of the list: the newest leads, the earlier ones stand beneath.
struct Drug<'a> {
    part: Part,
    orders: Vec<Shown<'a>>,
}

fn by_drug<'a>(context: &Context<'_>, shown: &[Shown<'a>]) -> Result<Vec<Drug<'a>>, Refusal> {
    let mut drugs: Vec<(String, Drug<'a>)> = Vec::new();
    let mut places = std::collections::HashMap::new();
    for &one in shown {
        context.check()?;
        let part = part_of(one.face, context);
        let name = drug_of(one.face);
        let place = *places.entry((part as u8, name.clone())).or_insert(drugs.len());
        if place == drugs.len() {
            drugs.push((name, Drug { part, orders: Vec::new() }));
        }
        drugs[place].1.orders.push(one);
    }
    Ok(drugs.into_iter().map(|(_, drug)| drug).collect())
}

/// The drug and its strength: the recorded name, so that two strengths stay two rows.
fn drug_of(entry: &Entry) -> String {
    entry.concept.label().to_lowercase()
}

fn part_of(entry: &Entry, context: &Context<'_>) -> Part {
    let Some(medicine) = medication(entry) else { return Part::Past };
    if entry.standing == Standing::NotDone {
        return Part::NotGiven;
    }
    let is_in_care = matches!(medicine.setting, Setting::Inpatient | Setting::Clinic)
        || medicine.role == MedicationRole::Administration;
    if is_in_care || is_vaccine(entry) {
        return Part::InCare;
    }
    if !is_active(entry, context) {
        return Part::Past;
    }
    if matches!(medicine.intent.as_deref(), Some("proposal" | "plan")) {
        return Part::Proposed;
    }
    let is_as_needed =
        !medicine.dosage.is_empty() && medicine.dosage.iter().all(|dosage| dosage.as_needed.is_some());
    if is_as_needed { Part::AsNeeded } else { Part::Active }
}

/// A vaccine that was ordered like a medicine is given in a clinic.
fn is_vaccine(entry: &Entry) -> bool {
    let has_code = entry.concept.codes_in(&System::Cvx).any(|code| vaccine_by_cvx(code).is_some());
    has_code || begins_words(&fold(&entry.concept.label()), "vaccine")
}

/// Active, and meant to be taken at home as far as the record says.
pub fn is_home_active(entry: &Entry, context: &Context<'_>) -> bool {
    matches!(part_of(entry, context), Part::Active | Part::AsNeeded)
}

/// Active by its own status, and not ended by its own dates.
pub fn is_active(entry: &Entry, context: &Context<'_>) -> bool {
    let by_status = matches!(entry.status.as_deref(), Some("active" | "intended" | "on-hold"));
    let has_ended = entry.end.is_some_and(|end| end.latest() < context.today);
    let is_dispense = medication(entry).is_some_and(|medicine| medicine.role == MedicationRole::Dispense);
    by_status && !has_ended && !is_dispense
}

fn row(context: &Context<'_>, drug: &Drug<'_>) -> MedicationRow {
    let newest = drug.orders[0];
    let entry = newest.face;
    let medicine = medication(entry);
    let mut beneath = Vec::new();
    beneath.extend(rows::disagreements(context, newest, "the dose", dosage));
    beneath.extend(entry.notes.iter().map(|note| format!("↳ comment: {}", plain(note))));
    beneath.extend(earlier(&drug.orders[1..]));
    beneath.extend(drug.orders.iter().flat_map(|order| rows::own_notes(context, order.group)));
    MedicationRow {
        id: entry.id.to_string(),
        name: plain(&entry.concept.label()),
        dosage: dosage(entry),
        told: told(entry, context),
        date: entry.date.map(|when| when.date_text()),
        reasons: medicine
            .map(|medicine| medicine.reasons.iter().map(|reason| plain(reason)).collect())
            .unwrap_or_default(),
        sources: rows::several(rows::sources(context, newest.group)),
        beneath,
        entry: entry.id,
    }
}

/// The earlier orders of the same medicine, in one line with their citations.
fn earlier(orders: &[Shown<'_>]) -> Option<String> {
    const MOST: usize = 6;
    let told = |order: &Shown<'_>| format!("{} [{}]", date_cell(order.face.date), order.face.id);
    let mut lines: Vec<String> = orders.iter().take(MOST).map(told).collect();
    if orders.len() > MOST {
        let first = told(&orders[orders.len() - 1]);
        lines.push(format!("… {} in all, first {first}", orders.len()));
    }
    (!lines.is_empty()).then(|| format!("↳ earlier: {}", lines.join(", ")))
}

/// The recorded instructions, word for word.
pub fn dosage(entry: &Entry) -> Option<String> {
    let lines: Vec<String> =
        medication(entry)?.dosage.iter().filter_map(|dosage| dosage.shown().map(plain)).collect();
    (!lines.is_empty()).then(|| lines.join("; "))
}

/// What the record says: `active per the order of 2024-03-02`, with a mark when nothing has
/// confirmed it for a year.
pub fn told(entry: &Entry, context: &Context<'_>) -> String {
    let Some(medicine) = medication(entry) else { return String::new() };
    let act = match medicine.role {
        MedicationRole::Order if medicine.intent.as_deref().is_some_and(|intent| intent != "order") => {
            medicine.intent.as_deref().unwrap_or("order")
        }
        MedicationRole::Order if medicine.is_reported => "reported order",
        MedicationRole::Order => "order",
        MedicationRole::Statement => "statement",
        MedicationRole::Administration => "dose",
        MedicationRole::Dispense => "dispense",
    };
    let status = plain(entry.status.as_deref().unwrap_or("status not recorded"));
    let act = entry
        .date
        .map_or_else(|| format!("an undated {act}"), |when| format!("the {act} of {}", when.date_text()));
    let ended = entry.end.map_or_else(String::new, |end| format!(", to {}", end.date_text()));
    let reason =
        medicine.status_reason.as_deref().map_or_else(String::new, |why| format!(" ({})", plain(why)));
    let status =
        if is_active(entry, context) || status != "active" { status } else { "recorded as active".into() };
    let stale = if is_active(entry, context) { stale(entry, context) } else { String::new() };
    format!("{status} per {act}{ended}{reason}{stale}")
}

fn stale(entry: &Entry, context: &Context<'_>) -> String {
    let last = entry.date.map(|when| when.latest());
    let days = last.map(|last| (context.today - last).get_days());
    match days {
        Some(days) if days <= UNCONFIRMED_DAYS => String::new(),
        Some(_) => ", NOT CONFIRMED since".into(),
        None => ", NOT CONFIRMED (no date)".into(),
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
        vec![self.name.clone(), dosage, format!("{}{reasons}{sources}", self.told)]
    }

    fn beneath(&self) -> Vec<String> {
        self.beneath.clone()
    }
}
