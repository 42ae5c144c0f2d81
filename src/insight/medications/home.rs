//! The medicines that the record has the person take at home now, for answers that reason about them.

use std::collections::HashSet;
use std::ops::Deref;
use std::sync::Arc;

use super::drug::{Drug, by_drug, high_risk, lead, other_doses, role};
use super::listed;
use super::medication;
use super::part::{Part, is_active, part_of};
use super::told::{dosage, is_unconfirmed};
use crate::insight::lifetime::Lifetime;
use crate::insight::rows::{self, Shown};
use crate::insight::{Asked, Context, Coverage, Refusal, plain};
use crate::knowledge::medicines::{HighRisk, Ingredient, ingredients_named, ingredients_of};
use crate::record::{Entry, EntryId, Kind, MedicationRole, Standing, When};

/// A medicine for home that stands as active: its entry, and what follows from all that is recorded of it.
pub struct HomeMedicine<'a> {
    /// The order or statement that leads.
    pub entry: &'a Entry,
    known: Arc<Known>,
}

/// What follows from all that is recorded of a medicine for home.
pub struct Known {
    /// What is in it, as the table of medicines knows it; empty for what it does not know.
    pub ingredients: Vec<&'static Ingredient>,
    /// Why a slip with it does harm soonest, where it does.
    pub high_risk: Option<HighRisk>,
    /// True where it is to be taken only when needed.
    pub is_as_needed: bool,
    /// True where neither the order nor anything since is recent enough: nobody knows whether it is taken.
    pub is_unconfirmed: bool,
    /// When it was confirmed, by which entry, and how.
    pub confirmed: Option<(When, EntryId, &'static str)>,
    /// What the record says of it, in words, and who says otherwise.
    pub told: String,
    /// True where somebody says otherwise: that it was stopped, is not taken, is not to be given.
    pub is_disputed: bool,
    /// The person's own notes about any entry of it, each with its citation.
    pub own_notes: Vec<String>,
}

impl Deref for HomeMedicine<'_> {
    type Target = Known;

    fn deref(&self) -> &Known {
        &self.known
    }
}

impl Known {
    /// The names of its ingredients, as the tables know them.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.ingredients.iter().map(|ingredient| ingredient.name)
    }
}

/// Every medicine for home whose date can be; those of the newest orders first.
pub fn home<'a>(context: &Context<'a>) -> Result<Vec<HomeMedicine<'a>>, Refusal> {
    let kept = context.derived(|| kept(context))?;
    let medicine = |(id, known): &(EntryId, Arc<Known>)| {
        let entry = context.view.entry(*id)?;
        Some(HomeMedicine { entry, known: Arc::clone(known) })
    };
    Ok(kept.medicines.iter().filter_map(medicine).collect())
}

/// The medicines for home whose dates can be, a line each with its citation, for a page: the dose, what the
/// record says, what confirms it and who says otherwise.
pub fn home_lines(context: &Context<'_>) -> Result<Vec<String>, Refusal> {
    Ok(context.derived(|| kept(context))?.lines.clone())
}

/// The medicines for home, worked out once for a view.
struct Kept {
    medicines: Vec<(EntryId, Arc<Known>)>,
    lines: Vec<String>,
}

fn kept(context: &Context<'_>) -> Result<Kept, Refusal> {
    let keep = |entry: &Entry| entry.standing != Standing::EnteredInError;
    let shown = rows::select(context, Kind::Medication, &Asked::default(), &mut Coverage::default(), keep)?;
    let drugs = of_home(context, shown)?;
    let lines = drugs.iter().map(|drug| line(context, drug)).collect();
    let medicine = |drug: &Drug<'_>| (drug.lead().id, Arc::new(known(context, drug)));
    Ok(Kept { medicines: drugs.iter().map(medicine).collect(), lines })
}

fn of_home<'a>(context: &Context<'a>, shown: Vec<Shown<'a>>) -> Result<Vec<Drug<'a>>, Refusal> {
    let mut shown = listed(context, shown);
    // Nothing is made of an order before the birth or after the death: the list tells it last.
    shown.retain(|one| !one.is_impossible());
    let mut drugs = by_drug(context, &shown)?;
    drugs.retain(|drug| drug.part.is_home());
    Ok(drugs)
}

/// What is told of an active medicine, in fewer words: `ordered 2024-03-02`.
fn short(told: &str) -> String {
    let acts = [("active per the order of ", "ordered "), ("active per the statement of ", "stated ")];
    let act = acts.into_iter().find_map(|(long, short)| Some((short, told.strip_prefix(long)?)));
    act.map_or_else(|| told.to_owned(), |(short, rest)| format!("{short}{rest}"))
}

fn line(context: &Context<'_>, drug: &Drug<'_>) -> String {
    let entry = drug.lead();
    let name = plain(&entry.concept.label());
    let dosage = dosage(entry)
        .map_or_else(String::new, |dosage| format!(": {}", dosage.strip_suffix('.').unwrap_or(&dosage)));
    let others = other_doses(context, drug);
    let others = others.map(|others| others.trim_start_matches("↳ ").to_owned());
    // Its own citation stands before those of what others say.
    let told = drug.told_alone(context);
    // That all are active the heading says, and where nothing says otherwise that is enough.
    let told = match drug.contradictions.is_empty() {
        true => short(&told),
        false => told,
    };
    let first = format!("{name}{dosage}; {told} [{}]", entry.id);
    let more = drug.confirmed().into_iter().chain(drug.contradictions.iter().cloned()).chain(others);
    std::iter::once(first).chain(more).collect::<Vec<_>>().join("; ")
}

/// A medicine for home that stands as active, for answers that only name it: nothing is said of who confirms it.
pub struct ActiveMedicine<'a> {
    /// The newest order or statement.
    pub entry: &'a Entry,
    /// What is in it, as the table of medicines knows it.
    pub ingredients: Vec<&'static Ingredient>,
}

impl ActiveMedicine<'_> {
    /// The names of its ingredients, as the tables know them.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.ingredients.iter().map(|ingredient| ingredient.name)
    }
}

/// The active medicines for home, each name once, those of the newest orders first. It costs far less than
/// [`home`], which looks at every dispense.
pub fn active<'a>(context: &Context<'a>) -> Result<Vec<ActiveMedicine<'a>>, Refusal> {
    let view = context.view;
    let lifetime = Lifetime::of(view, context.today);
    let mut orders: Vec<&'a Entry> = Vec::new();
    for group in view.groups(Kind::Medication) {
        context.check()?;
        let is_some_active = view.members(group).any(|member| is_active(member, context));
        let entry = view.face(group);
        if is_some_active && entry.standing != Standing::EnteredInError {
            orders.push(lead(context, &lifetime, group, entry));
        }
    }
    orders.retain(|entry| part_of(entry, context).is_home() && lifetime.objection(entry).is_none());
    let is_order = |entry: &Entry| role(entry) == Some(MedicationRole::Order);
    orders.sort_by_key(|entry| std::cmp::Reverse((entry.date, is_order(entry), entry.id)));
    let mut seen = HashSet::new();
    orders.retain(|entry| seen.insert(entry.concept.label().to_lowercase()));
    let ingredients = |entry: &Entry| {
        let names = medication(entry).map_or(&[][..], |medicine| &medicine.ingredients);
        names.iter().flat_map(|name| ingredients_named(name)).collect()
    };
    Ok(orders.into_iter().map(|entry| ActiveMedicine { entry, ingredients: ingredients(entry) }).collect())
}

fn known(context: &Context<'_>, drug: &Drug<'_>) -> Known {
    let entry = drug.lead();
    Known {
        ingredients: ingredients(entry),
        high_risk: high_risk(entry),
        is_as_needed: drug.part == Part::AsNeeded,
        is_unconfirmed: is_unconfirmed(entry, context, drug.confirmation()),
        confirmed: drug.confirmation(),
        told: drug.told(context),
        is_disputed: !drug.contradictions.is_empty(),
        own_notes: drug.entries().flat_map(|one| rows::own_notes(context, one.group)).collect(),
    }
}

/// The ingredients of a medicine: as the import found them, else as its codes and name tell.
pub(super) fn ingredients(entry: &Entry) -> Vec<&'static Ingredient> {
    let names = medication(entry).map_or(&[][..], |medicine| &medicine.ingredients);
    let found: Vec<_> = names.iter().flat_map(|name| ingredients_named(name)).collect();
    if !found.is_empty() {
        return found;
    }
    let codes = entry.concept.codes.iter().map(|code| (code.system.address(), code.code.as_str()));
    ingredients_of(&codes.collect::<Vec<_>>(), entry.concept.name().unwrap_or_default())
}
