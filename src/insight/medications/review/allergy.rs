//! A medicine for home beside a recorded allergy to it, to its class, or to a class that goes with it.

use super::ground::{Ground, Taken};
use super::{Review, ReviewTopic};
use crate::insight::allergies::reactions;
use crate::insight::naming;
use crate::insight::rows::standing_word;
use crate::knowledge::medicine_classes::{MedicineClass, classes_by_allergy};
use crate::knowledge::medicine_facts::class_of;
use crate::knowledge::medicines::{Ingredient, ingredients_of};
use crate::record::Entry;

/// How near an allergy comes to a medicine.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Near {
    Itself,
    Class,
    Related,
}

/// What an allergy entry names.
struct Named<'a> {
    entry: &'a Entry,
    ingredients: Vec<&'static Ingredient>,
    classes: Vec<&'static MedicineClass>,
}

pub(super) fn reviews(ground: &Ground<'_>) -> Vec<Review> {
    let named: Vec<Named<'_>> = ground.allergies.iter().map(|entry| Named::of(entry)).collect();
    let mut found: Vec<Review> = Vec::new();
    for known in ground.ingredients() {
        let Some(taken) = ground.with(known.name).next() else { continue };
        // The nearest says enough.
        let near = named.iter().filter_map(|named| named.near(known).map(|near| (near, named)));
        if let Some((near, named)) = near.min_by_key(|(near, named)| (*near, named.entry.id)) {
            found.push(review(ground, taken, known, near, named));
        }
    }
    found
}

fn review(
    ground: &Ground<'_>,
    taken: &Taken<'_>,
    known: &'static Ingredient,
    near: Near,
    named: &Named<'_>,
) -> Review {
    let class = class_of(known.name);
    let kind = class.map_or(known.class, |class| class.name);
    let allergy = named.says();
    let link = match near {
        Near::Itself => String::new(),
        Near::Class => format!("; {} is of that kind: {kind}", known.name),
        Near::Related => {
            format!("; {} is of a kind that is sometimes asked about with it: {kind}", known.name)
        }
    };
    let says = format!(
        "{}. Recorded among allergies and intolerances: {allergy}{link}.",
        taken.says(ground.context)
    );
    let briefly = format!("{} beside the recorded allergy {allergy}{link}.", taken.briefly(known.name));
    let (topic, harm) = match near {
        Near::Itself => (ReviewTopic::AllergyToIt, 0),
        Near::Class => (ReviewTopic::AllergyToClass, 1),
        Near::Related => (ReviewTopic::AllergyToClass, 3),
    };
    let sources = class.map(|class| class.sources.join("; ")).filter(|_| near != Near::Itself);
    let source =
        sources.unwrap_or_else(|| "both entries of this record; general medical knowledge, 2026".into());
    Review::of(topic, harm, says, briefly, "Do the prescriber and the pharmacist know of both?", source)
}

impl<'a> Named<'a> {
    fn of(entry: &'a Entry) -> Named<'a> {
        let codes = entry.concept.codes.iter().map(|code| (code.system.address(), code.code.as_str()));
        let codes: Vec<(&str, &str)> = codes.collect();
        let name = entry.concept.name().unwrap_or_default();
        Named { entry, ingredients: ingredients_of(&codes, name), classes: classes_by_allergy(name) }
    }

    fn near(&self, known: &'static Ingredient) -> Option<Near> {
        if self.ingredients.iter().any(|named| named.name == known.name) {
            return Some(Near::Itself);
        }
        let own = class_of(known.name)?;
        let of_ingredients = self.ingredients.iter().filter_map(|named| class_of(named.name));
        let mut classes: Vec<&MedicineClass> = self.classes.iter().copied().chain(of_ingredients).collect();
        // An allergy to one diabetes pill says nothing of others: only classes that allergy lists name.
        classes.retain(|class| !class.allergy_words.is_empty());
        if classes.iter().any(|class| class.key == own.key) {
            return Some(Near::Class);
        }
        classes.iter().any(|class| class.cross.contains(&own.key)).then_some(Near::Related)
    }

    /// `"Penicillin" (Hives; high) [A000001]`.
    fn says(&self) -> String {
        let allergy = crate::insight::allergies::allergy(self.entry);
        let criticality = allergy.and_then(|allergy| allergy.criticality.as_deref());
        let criticality = criticality.filter(|word| *word == "high").map(str::to_owned);
        let words: Vec<String> =
            reactions(self.entry).into_iter().chain(criticality).chain(standing_word(self.entry)).collect();
        let words = if words.is_empty() { String::new() } else { format!(" ({})", words.join("; ")) };
        format!("\"{}\"{words} [{}]", naming::name(&self.entry.concept), self.entry.id)
    }
}
