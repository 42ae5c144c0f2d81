//! The medicines that the record has the person take at home now, for answers that reason about them.

use super::drug::{Drug, by_drug};
use super::listed;
use super::medication;
use super::part::Part;
use super::told::is_unconfirmed;
use crate::insight::rows;
use crate::insight::{Asked, Context, Coverage, Refusal};
use crate::knowledge::medicines::{Ingredient, ingredients_named, ingredients_of};
use crate::record::{Entry, EntryId, Kind, Standing, When};

/// A medicine for home that stands as active.
pub struct HomeMedicine<'a> {
    /// The order or statement that leads.
    pub entry: &'a Entry,
    /// What is in it, as the table of medicines knows it; empty for what it does not know.
    pub ingredients: Vec<&'static Ingredient>,
    /// True where it is to be taken only when needed.
    pub is_as_needed: bool,
    /// True where neither the order nor anything since is recent enough: nobody knows whether it is taken.
    pub is_unconfirmed: bool,
    /// When it was confirmed, by which entry, and how.
    pub confirmed: Option<(When, EntryId, &'static str)>,
    /// What the record says of it, in words, and who says otherwise.
    pub told: String,
}

impl HomeMedicine<'_> {
    /// The names of its ingredients, as the tables know them.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.ingredients.iter().map(|ingredient| ingredient.name)
    }
}

/// Every medicine for home, whatever its date; those of the newest orders first.
pub fn home<'a>(context: &Context<'a>) -> Result<Vec<HomeMedicine<'a>>, Refusal> {
    let keep = |entry: &Entry| entry.standing != Standing::EnteredInError;
    let shown = rows::select(context, Kind::Medication, &Asked::default(), &mut Coverage::default(), keep)?;
    let shown = listed(context, shown);
    let drugs = by_drug(context, &shown)?;
    Ok(drugs.iter().filter(|drug| drug.part.is_home()).map(|drug| of_drug(context, drug)).collect())
}

fn of_drug<'a>(context: &Context<'a>, drug: &Drug<'a>) -> HomeMedicine<'a> {
    let entry = drug.lead();
    HomeMedicine {
        entry,
        ingredients: ingredients(entry),
        is_as_needed: drug.part == Part::AsNeeded,
        is_unconfirmed: is_unconfirmed(entry, context, drug.confirmation()),
        confirmed: drug.confirmation(),
        told: drug.told(context),
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
