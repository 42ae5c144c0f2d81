//! The orders of one drug and dose: the newest leads, the earlier ones stand beneath, and what confirms or
//! contradicts them is told with them.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::confirmed::{Confirmation, confirmation, contradictions};
use super::filled::beneath_orders;
use super::form;
use super::home::ingredients;
use super::medication;
use super::part::{Part, is_active, part_of};
use super::same::SameDrug;
use super::told::{dosage, told, told_confirmed, told_on};
use crate::insight::lifetime::Lifetime;
use crate::insight::rows::{self, Shown, date_cell};
use crate::insight::{Context, Refusal, plain};
use crate::knowledge::medicines::HighRisk;
use crate::record::{Entry, Group, MedicationRole};

/// Earlier orders that are told beneath a row.
const EARLIER_MAX: usize = 6;
/// Of what lies before the birth or after the death.
const CANNOT_BE: &str = "dated as it cannot be";

/// The orders of one drug in one part of the list; among active ones, those of one dose.
pub(super) struct Drug<'a> {
    pub part: Part,
    /// The newest first.
    pub orders: Vec<Shown<'a>>,
    /// Statements of the drug without a dose of their own, beneath the order that has one.
    pub stated: Vec<Shown<'a>>,
    /// The newest first.
    pub dispensed: Vec<Shown<'a>>,
    /// What was said later, by itself: that it was handed out, given at home, or is taken.
    confirmed: Option<Confirmation>,
    /// Who says otherwise.
    pub contradictions: Vec<String>,
}

/// The medicines by drug and dose, the drug with the newest order first.
pub(super) fn by_drug<'a>(context: &Context<'a>, shown: &[Shown<'a>]) -> Result<Vec<Drug<'a>>, Refusal> {
    let all = SameDrug::of(context)?;
    let mut drugs = grouped(context, shown)?;
    for drug in &mut drugs {
        context.check()?;
        drug.confirmed = confirmation(context, &all, drug);
        drug.contradictions = contradictions(context, &all, drug);
    }
    beneath_orders(context, &all, &mut drugs)?;
    Ok(drugs)
}

/// The entry that speaks for the group: where one source says that it is active and another that it is
/// not, the active one stands among the active ones, and the other is told with it.
/// What is dated as it cannot be speaks for nothing as long as another member can be.
pub(super) fn lead<'a>(
    context: &Context<'a>,
    lifetime: &Lifetime,
    group: &'a Group,
    face: &'a Entry,
) -> &'a Entry {
    let can_be = |entry: &Entry| lifetime.objection(entry).is_none();
    let is_possible = can_be(face);
    if is_possible && !matches!(part_of(face, context), Part::Past | Part::Unknown) {
        return face;
    }
    let members = || context.view.members(group).filter(|member| can_be(member));
    let active = members().find(|member| part_of(member, context).is_home());
    let possible = || if is_possible { Some(face) } else { members().next() };
    active.or_else(possible).unwrap_or(face)
}

fn grouped<'a>(context: &Context<'a>, shown: &[Shown<'a>]) -> Result<Vec<Drug<'a>>, Refusal> {
    let mut drugs: Vec<Drug<'a>> = Vec::new();
    let mut places = HashMap::new();
    let mut names = HashMap::new();
    let has_no_dose =
        |entry: &Entry| dosage(entry).is_none() && role(entry) == Some(MedicationRole::Statement);
    let (without, with): (Vec<Shown<'a>>, Vec<_>) = shown.iter().partition(|one| has_no_dose(one.face));
    for one in with.into_iter().chain(without) {
        context.check()?;
        let part = part_of(one.face, context);
        let name = drug_of(one.face);
        let beneath = names.get(&(part, name.clone())).copied().filter(|_| has_no_dose(one.face));
        if let Some(place) = beneath {
            let drug: &mut Drug<'a> = &mut drugs[place];
            drug.stated.push(one);
            continue;
        }
        // Two doses of one drug that are both active are both taken: neither stands behind the other.
        let dose = is_active(one.face, context).then(|| (dosage(one.face), one.face.status.clone()));
        let next = drugs.len();
        names.entry((part, name.clone())).or_insert(next);
        let place = *places.entry((part, name, dose)).or_insert(next);
        match drugs.get_mut(place) {
            Some(drug) => drug.orders.push(one),
            None => drugs.push(Drug::of(part, one)),
        }
    }
    // Of one day the order leads: it says more than a list that repeats it.
    for drug in &mut drugs {
        let date = |one: &Shown<'_>| Reverse(one.face.date.or(one.face.recorded));
        let is_order = |one: &Shown<'_>| role(one.face) == Some(MedicationRole::Order);
        drug.orders.sort_by_key(|one| (one.is_impossible(), date(one), !is_order(one)));
    }
    Ok(by_ingredient(drugs))
}

/// High-risk ones for home first; what has one ingredient stands together, whatever its name, strength and dose.
fn by_ingredient(drugs: Vec<Drug<'_>>) -> Vec<Drug<'_>> {
    let mut newest: HashMap<(Part, Vec<&str>), (bool, u128)> = HashMap::new();
    let mut sorted: Vec<_> = drugs.into_iter().map(|drug| (kin(drug.lead()), drug)).collect();
    for (kin, drug) in &sorted {
        let is_usual = !drug.part.is_home() || high_risk(drug.lead()).is_none();
        let first = (is_usual, drug.orders[0].order);
        let known = newest.entry((drug.part, kin.clone())).or_insert(first);
        *known = (*known).min(first);
    }
    sorted.sort_by_cached_key(|(kin, drug)| {
        (newest.get(&(drug.part, kin.clone())).copied(), drug.lead().concept.label(), drug.orders[0].order)
    });
    sorted.into_iter().map(|(_, drug)| drug).collect()
}

/// Why a medicine stands first, where it does.
pub(super) fn high_risk(entry: &Entry) -> Option<HighRisk> {
    form::high_risk(entry, &ingredients(entry))
}

/// What a medicine stands together with: those of the same ingredients, else of the same name.
fn kin(entry: &Entry) -> Vec<&str> {
    let mut names: Vec<&str> = ingredients(entry).into_iter().map(|known| known.name).collect();
    if names.is_empty() {
        names.extend(entry.concept.name());
    }
    names.sort_unstable();
    names
}

/// The drug and its strength: the recorded name, so that two strengths stay two rows.
fn drug_of(entry: &Entry) -> String {
    entry.concept.label().to_lowercase()
}

pub(super) fn role(entry: &Entry) -> Option<MedicationRole> {
    medication(entry).map(|medicine| medicine.role)
}

impl<'a> Drug<'a> {
    pub fn of(part: Part, one: Shown<'a>) -> Drug<'a> {
        let (orders, stated, dispensed) = (vec![one], Vec::new(), Vec::new());
        Drug { part, orders, stated, dispensed, confirmed: None, contradictions: Vec::new() }
    }

    /// The order that leads.
    pub fn lead(&self) -> &'a Entry {
        self.orders[0].face
    }

    /// Every group in the row.
    pub fn entries(&self) -> impl Iterator<Item = &Shown<'a>> {
        self.orders.iter().chain(&self.stated).chain(&self.dispensed)
    }

    /// What the record says of it, and who says otherwise.
    pub fn told(&self, context: &Context<'_>) -> String {
        let told = std::iter::once(self.told_alone(context)).chain(self.contradictions.iter().cloned());
        told.collect::<Vec<_>>().join("; ")
    }

    /// What the record says of it.
    pub fn told_alone(&self, context: &Context<'_>) -> String {
        let told = told_confirmed(self.lead(), context, self.confirmed);
        if self.orders[0].is_impossible() { format!("{told}, {CANNOT_BE}") } else { told }
    }

    /// What confirms it: when, by which entry, and how.
    pub fn confirmation(&self) -> Option<Confirmation> {
        self.confirmed
    }

    /// What confirms it: `last dispensed 2026-10-15 [M482913]`.
    pub fn confirmed(&self) -> Option<String> {
        self.confirmed.map(|(when, id, how)| format!("{how} {} [{id}]", when.date_text()))
    }

    /// The lines about the same drug beneath the row: what confirms it, statements, dispenses, earlier orders.
    pub fn lines(&self, context: &Context<'_>) -> Vec<String> {
        let mut lines: Vec<String> = self.confirmed().map(|line| format!("↳ {line}")).into_iter().collect();
        let is_confirmed_by = |id| self.confirmed.is_some_and(|(_, by, _)| by == id);
        for one in self.stated.iter().filter(|one| !is_confirmed_by(one.face.id)) {
            let mark = if one.is_impossible() { format!(", {CANNOT_BE}") } else { String::new() };
            lines.push(format!("↳ also: {}{mark} [{}]", told(one.face, context), one.face.id));
        }
        let others: Vec<&Shown<'_>> =
            self.dispensed.iter().filter(|one| !is_confirmed_by(one.face.id)).collect();
        let line = |one: &Shown<'_>| format!("{} [{}]", date_cell(told_on(one.face)), one.face.id);
        let (dispensed, given): (Vec<&Shown<'_>>, Vec<_>) =
            others.into_iter().partition(|one| role(one.face) == Some(MedicationRole::Dispense));
        lines.extend(cut("dispensed", &dispensed, line));
        lines.extend(cut("given at home", &given, line));
        // What cannot be by its date is told apart: it is no first order, and counts with none.
        let (impossible, earlier): (Vec<&Shown<'_>>, Vec<_>) =
            self.orders.iter().skip(1).partition(|one| one.is_impossible());
        lines.extend(cut("earlier", &earlier, |one| self.earlier(one.face)));
        lines.extend(cut(CANNOT_BE, &impossible, |one| self.earlier(one.face)));
        lines
    }

    /// An earlier order: its date, and its status and dose where the order that leads has others.
    fn earlier(&self, entry: &Entry) -> String {
        let lead = self.lead();
        let status = entry.status.as_deref().filter(|_| entry.status != lead.status);
        let status = status.map_or_else(String::new, |status| format!(" {}", plain(status)));
        let dose = dosage(entry).filter(|dose| dosage(lead).as_ref() != Some(dose));
        let dose = dose.map_or_else(String::new, |dose| format!(" \"{dose}\""));
        format!("{}{status}{dose} [{}]", date_cell(told_on(entry)), entry.id)
    }
}

/// The first few in one line with their citations, and the cursor with which the others are listed.
fn cut(word: &str, all: &[&Shown<'_>], line: impl Fn(&Shown<'_>) -> String) -> Option<String> {
    let mut lines: Vec<String> = all.iter().take(EARLIER_MAX).map(|one| line(one)).collect();
    if let (Some(next), Some(last)) = (all.get(EARLIER_MAX), all.last()) {
        let cursor = format!("{}{}", crate::insight::ask::BY_ORDER, next.face.id);
        let count = all.len();
        lines.push(format!("… {count} in all, first {}; the rest: {{\"cursor\":\"{cursor}\"}}", line(last)));
    }
    (!lines.is_empty()).then(|| format!("↳ {word}: {}", lines.join(", ")))
}

/// What other sources say of the dose of the order that leads.
pub(super) fn other_doses(context: &Context<'_>, drug: &Drug<'_>) -> Option<String> {
    rows::disagreements(context, drug.orders[0], "the dose", dosage)
}
