//! The orders of one drug and dose: the newest leads, the earlier ones stand beneath, and what confirms or
//! contradicts them is told with them.

use std::collections::{HashMap, HashSet};

use super::medication;
use super::part::{Part, has_ended, is_active, part_of};
use super::same::{SameDrug, words};
use super::told::{dosage, told, told_confirmed, told_on};
use crate::insight::rows::{self, Shown, date_cell};
use crate::insight::{Context, Refusal};
use crate::record::{Entry, EntryId, Group, LinkRole, MedicationRole, Setting, Standing, When};

/// Entries that say otherwise and are told in the row; the others are counted.
const CONTRADICTIONS_MAX: usize = 2;

/// Earlier orders that are told beneath a row.
const EARLIER_MAX: usize = 6;

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
    confirmed: Option<(When, EntryId, &'static str)>,
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
pub(super) fn lead<'a>(context: &Context<'a>, group: &'a Group, face: &'a Entry) -> &'a Entry {
    if !matches!(part_of(face, context), Part::Past | Part::Unknown) {
        return face;
    }
    let active = context.view.members(group).find(|member| part_of(member, context).is_home());
    active.unwrap_or(face)
}

fn grouped<'a>(context: &Context<'a>, shown: &[Shown<'a>]) -> Result<Vec<Drug<'a>>, Refusal> {
    let mut drugs: Vec<(usize, Drug<'a>)> = Vec::new();
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
            let (_, drug): &mut (usize, Drug<'a>) = &mut drugs[place];
            drug.stated.push(one);
            continue;
        }
        // Two doses of one drug that are both active are both taken: neither stands behind the other.
        let dose = is_active(one.face, context).then(|| (dosage(one.face), one.face.status.clone()));
        let next = drugs.len();
        let first = *names.entry((part, name.clone())).or_insert(next);
        let place = *places.entry((part, name, dose)).or_insert(next);
        match drugs.get_mut(place) {
            Some((_, drug)) => drug.orders.push(one),
            None => drugs.push((first, Drug::of(part, one))),
        }
    }
    // The doses of one drug stand together.
    let newest: Vec<u128> = drugs.iter().map(|(_, drug)| drug.orders[0].order).collect();
    drugs.sort_by_key(|(first, drug)| (newest[*first], drug.orders[0].order));
    Ok(drugs.into_iter().map(|(_, drug)| drug).collect())
}

/// The drug and its strength: the recorded name, so that two strengths stay two rows.
fn drug_of(entry: &Entry) -> String {
    entry.concept.label().to_lowercase()
}

fn role(entry: &Entry) -> Option<MedicationRole> {
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
        told_confirmed(self.lead(), context, self.confirmed.map(|(when, _, _)| when))
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
            lines.push(format!("↳ also: {} [{}]", told(one.face, context), one.face.id));
        }
        let others: Vec<&Shown<'_>> =
            self.dispensed.iter().filter(|one| !is_confirmed_by(one.face.id)).collect();
        let line = |one: &Shown<'_>| format!("{} [{}]", date_cell(told_on(one.face)), one.face.id);
        let (dispensed, given): (Vec<&Shown<'_>>, Vec<_>) =
            others.into_iter().partition(|one| role(one.face) == Some(MedicationRole::Dispense));
        lines.extend(cut("dispensed", &dispensed, line));
        lines.extend(cut("given at home", &given, line));
        let earlier: Vec<&Shown<'_>> = self.orders.iter().skip(1).collect();
        lines.extend(cut("earlier", &earlier, |one| self.earlier(one.face)));
        lines
    }

    /// An earlier order: its date, and its status and dose where the order that leads has others.
    fn earlier(&self, entry: &Entry) -> String {
        let lead = self.lead();
        let status = entry.status.as_deref().filter(|_| entry.status != lead.status);
        let status = status.map_or_else(String::new, |status| format!(" {}", crate::insight::plain(status)));
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

/// What has confirmed an active order since: a dispense, a dose given at home, a statement that it is taken.
fn confirmation<'a>(
    context: &Context<'_>,
    all: &SameDrug<'a>,
    drug: &Drug<'a>,
) -> Option<(When, EntryId, &'static str)> {
    let lead = drug.lead();
    if !drug.part.is_home() || role(lead) != Some(MedicationRole::Order) {
        return None;
    }
    let ids: HashSet<EntryId> = drug.orders.iter().map(|order| order.face.id).collect();
    let since = told_on(lead);
    // What names another order, of another dose, confirms that one.
    let is_of_another = |other: &Entry| {
        let named = other.linked(LinkRole::Order).filter_map(|key| context.view.linked(other, key));
        let mut named = named.peekable();
        named.peek().is_some() && named.all(|order| !ids.contains(&order.id))
    };
    let others = all.others(lead).filter(|(_, other)| !ids.contains(&other.id) && !is_of_another(other));
    let confirming = others.filter_map(|(_, other)| {
        let how = confirms(other, context)?;
        let when = told_on(other)?;
        let is_later = since.is_none_or(|since| when.latest() >= since.earliest());
        let is_come = when.earliest() <= context.today;
        (is_later && is_come).then_some((when, other.id, how))
    });
    confirming.max_by_key(|(when, id, _)| (when.order(), std::cmp::Reverse(*id)))
}

fn confirms(entry: &Entry, context: &Context<'_>) -> Option<&'static str> {
    let medicine = medication(entry)?;
    let is_done = matches!(entry.status.as_deref(), None | Some("completed"));
    let is_home = matches!(medicine.setting, Setting::Home | Setting::Discharge);
    match medicine.role {
        _ if entry.standing != Standing::Stated => None,
        MedicationRole::Dispense if is_done => Some("last dispensed"),
        MedicationRole::Administration if is_done && is_home => Some("last given at home"),
        MedicationRole::Statement if part_of(entry, context).is_home() => Some("stated to be taken"),
        _ => None,
    }
}

/// Who says otherwise of a medicine that is told as active: another source of the same order, a newer order
/// or statement that it was stopped or is not taken, an order not to give it.
fn contradictions(context: &Context<'_>, all: &SameDrug<'_>, drug: &Drug<'_>) -> Vec<String> {
    let lead = drug.lead();
    if !drug.part.is_home() {
        return Vec::new();
    }
    let group = drug.orders[0].group;
    let since = told_on(lead);
    let is_later = |other: &Entry| match (told_on(other), since) {
        (Some(other), Some(since)) => other.latest() >= since.earliest(),
        _ => true,
    };
    let mut found: Vec<&Entry> = all
        .others(lead)
        .filter(|(of, other)| {
            let is_of_group = std::ptr::eq(*of, group);
            let is_forbidden = part_of(other, context) == Part::DoNotGive;
            let is_other_status = is_of_group && other.status != lead.status && is_active(other, context);
            is_other_status || denies(other, context) && (is_of_group || is_forbidden || is_later(other))
        })
        .map(|(_, other)| other)
        .collect();
    found.sort_by_key(|other| std::cmp::Reverse((told_on(other).map(|when| when.order()), other.id)));
    found.dedup_by_key(|other| other.id);
    let told = found.iter().take(CONTRADICTIONS_MAX).map(|other| {
        let who = if other.source == lead.source { "another entry" } else { "another source" };
        format!("{who}: {} [{}]", told(other, context), other.id)
    });
    let mut lines: Vec<String> = told.collect();
    if found.len() > CONTRADICTIONS_MAX {
        lines.push(format!("{} more say so", found.len() - CONTRADICTIONS_MAX));
    }
    lines
}

/// True of an order or statement for home by which it is not taken now.
fn denies(entry: &Entry, context: &Context<'_>) -> bool {
    let Some(medicine) = medication(entry) else { return false };
    let is_proposal =
        matches!(medicine.intent.as_deref(), Some("proposal" | "plan" | "option" | "instance-order"))
            && !medicine.is_reported;
    match (part_of(entry, context), medicine.role) {
        (Part::Past, MedicationRole::Order) => !is_proposal,
        (Part::Past | Part::NotGiven, MedicationRole::Statement) => true,
        (Part::DoNotGive, _) => {
            !has_ended(entry, context)
                && matches!(entry.status.as_deref(), None | Some("active" | "on-hold" | "unknown"))
        }
        _ => false,
    }
}

/// Moves dispenses and doses given at home beneath the order that they fill, as far as it is listed here.
fn beneath_orders<'a>(
    context: &Context<'a>,
    all: &SameDrug<'a>,
    drugs: &mut Vec<Drug<'a>>,
) -> Result<(), Refusal> {
    let place_of = filled(context, all, drugs)?;
    let mut moved: Vec<(usize, Shown<'a>)> = Vec::new();
    for drug in drugs.iter_mut().filter(|drug| drug.part == Part::Past) {
        for one in std::mem::take(&mut drug.orders) {
            match place_of.get(&one.face.id) {
                Some(place) => moved.push((*place, one)),
                None => drug.orders.push(one),
            }
        }
    }
    for (place, one) in moved {
        if let Some(drug) = drugs.get_mut(place) {
            drug.dispensed.push(one);
            drug.dispensed.sort_by_key(|one| one.order);
        }
    }
    drugs.retain(|drug| !drug.orders.is_empty());
    Ok(())
}

/// Which dispense fills an order of which drug: the order it names, else an order of the same drug before
/// it, and of these an active one first.
fn filled(
    context: &Context<'_>,
    all: &SameDrug<'_>,
    drugs: &[Drug<'_>],
) -> Result<HashMap<EntryId, usize>, Refusal> {
    let is_filling =
        |entry: &Entry| role(entry) != Some(MedicationRole::Statement) && confirms(entry, context).is_some();
    let mut named: HashSet<EntryId> = HashSet::new();
    let mut place_of: HashMap<EntryId, usize> = HashMap::new();
    let home = drugs.iter().enumerate().filter(|(_, drug)| drug.part.is_home());
    let past = drugs.iter().enumerate().filter(|(_, drug)| drug.part == Part::Past);
    for (place, drug) in home.chain(past) {
        context.check()?;
        let orders = || {
            let entries = drug.orders.iter().map(|one| one.face);
            entries.filter(|entry| role(entry) == Some(MedicationRole::Order))
        };
        let since = orders().filter_map(told_on).min_by_key(|when| when.order());
        // Orders of one name are mostly coded alike: each way is looked up once.
        let mut looked_up = HashSet::new();
        for order in orders() {
            context.check()?;
            for (_, other) in all.linked(order).filter(|(_, other)| is_filling(other)) {
                if named.insert(other.id) {
                    place_of.insert(other.id, place);
                }
            }
            if !looked_up.insert(words(order)) {
                continue;
            }
            for (_, other) in all.others(order).filter(|(_, other)| is_filling(other)) {
                let is_later = |when: When| since.is_none_or(|since| when.latest() >= since.earliest());
                if told_on(other).is_some_and(is_later) {
                    place_of.entry(other.id).or_insert(place);
                }
            }
        }
    }
    Ok(place_of)
}

/// What other sources say of the dose of the order that leads.
pub(super) fn other_doses(context: &Context<'_>, drug: &Drug<'_>) -> Option<String> {
    rows::disagreements(context, drug.orders[0], "the dose", dosage)
}
