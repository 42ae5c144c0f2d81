//! Two medicines at once: one ingredient twice, two of a class, the pairs of the table.

use std::collections::HashSet;

use super::ground::{Ground, Taken};
use super::{Review, ReviewTopic};
use crate::insight::medications::told::{dosage, told_on};
use crate::knowledge::folding::fold;
use crate::knowledge::identity::strength;
use crate::knowledge::medicine_facts::{class_of, two_of_a_kind};
use crate::knowledge::medicines::Ingredient;
use crate::knowledge::pairs::{Pair, pairs_between};

/// So many products with one ingredient are named; the others are counted.
const PRODUCTS_MAX: usize = 4;
/// Lines of one plan are ordered within so many days.
const PLAN_DAYS: i32 = 31;

pub(super) fn reviews(ground: &Ground<'_>) -> Vec<Review> {
    let names: Vec<&str> = ground.acting().iter().map(|known| known.name).collect();
    let mut found: Vec<Review> =
        ground.ingredients().iter().filter_map(|known| twice(ground, known)).collect();
    let mut told: HashSet<[&str; 2]> = HashSet::new();
    if let Some((review, pairs)) = triple_hit(ground, &names) {
        found.push(review);
        told.extend(pairs);
    }
    let mut rows: Vec<MetRow<'_, '_>> = Vec::new();
    for met in pairs_between(&names, &names) {
        // The row that names an ingredient comes before the row that names two classes, and says enough.
        if !told.insert(in_order(met.one, met.other)) {
            continue;
        }
        let Some((one, other)) = ground.holders(met.one, met.other) else { continue };
        let (one, other) = ((one, met.one), (other, met.other));
        // In the order of the row, so that several stand on their side of it.
        let is_in_order = [met.one, class_key(met.one)].contains(&met.pair.one);
        let pair = if is_in_order { (one, other) } else { (other, one) };
        // What one row says of several is told once.
        match rows.iter_mut().find(|(row, _)| std::ptr::eq(*row, met.pair)) {
            Some((_, all)) => all.push(pair),
            None => rows.push((met.pair, vec![pair])),
        }
    }
    found.extend(rows.iter().map(|(row, all)| pair(ground, row, all)));
    for two in two_of_a_kind(&names) {
        if !told.insert(in_order(two.one, two.other)) {
            continue;
        }
        if let Some((one, other)) = ground.holders(two.one, two.other) {
            let says = format!("{}, beside {}.", one.says(ground.context), other.says(ground.context));
            let briefly = format!("{} with {}", one.briefly(two.one), other.briefly(two.other));
            let class = two.class.name;
            found.push(Review::of(
                ReviewTopic::SameClass,
                2,
                format!("{says} Both are of one kind: {class}."),
                format!("{briefly}: two of one kind, {class}."),
                "Are both meant at the same time?",
                two.class.sources.join("; "),
            ));
        }
    }
    found
}

/// Classes of the triple hit beside the pain medicines of the NSAID kind.
const PRESSURE: [&str; 3] = ["ace-inhibitor", "arb", "neprilysin-inhibitor"];
const WATER: [&str; 3] = ["thiazide-diuretic", "loop-diuretic", "potassium-sparing-diuretic"];

/// An NSAID with a water pill and an ACE inhibitor or ARB, in one question instead of its pairs.
fn triple_hit<'n>(ground: &Ground<'_>, names: &[&'n str]) -> Option<(Review, Vec<[&'n str; 2]>)> {
    let of = |keys: &[&str]| -> Vec<&'n str> {
        let in_body = names.iter().copied().filter(|name| keys.contains(&class_key(name)));
        in_body.filter(|name| ground.acting_with(name).next().is_some()).collect()
    };
    let (pain, pressure, water) = (of(&["nsaid"]), of(&PRESSURE), of(&WATER));
    if pain.is_empty() || pressure.is_empty() || water.is_empty() {
        return None;
    }
    let all: Vec<&'n str> = [&pain[..], &pressure, &water].concat();
    let holders = || all.iter().filter_map(|name| Some((*name, ground.acting_with(name).next()?)));
    // A combination holds two of them, and is told once.
    let mut said: Vec<String> = Vec::new();
    for (_, taken) in holders() {
        let says = taken.says(ground.context);
        if !said.contains(&says) {
            said.push(says);
        }
    }
    let cited: Vec<String> = holders().map(|(name, taken)| taken.briefly(name)).collect();
    let why = "A pain medicine of the NSAID kind, a water pill and an ACE inhibitor or ARB: all three at once \
               strain the kidneys most (the triple hit).";
    let review = Review::of(
        ReviewTopic::TripleHit,
        1,
        format!("{}. {why}", said.join("; ")),
        format!("{}: {why}", cited.join(", ")),
        "Are all three meant at the same time, and when are kidneys and potassium tested?",
        "bpac New Zealand, triple whammy, 2018".into(),
    );
    let others = || pressure.iter().chain(&water);
    let pairs = pain.iter().flat_map(|one| others().map(move |other| in_order(one, other)));
    Some((review, pairs.collect()))
}

fn in_order<'a>(one: &'a str, other: &'a str) -> [&'a str; 2] {
    if one <= other { [one, other] } else { [other, one] }
}

/// A medicine with the ingredient of it that is meant.
type Holder<'g, 'a> = (&'g Taken<'a>, &'g str);
/// A row of the table with the medicines that meet it.
type MetRow<'g, 'a> = (&'static Pair, Vec<(Holder<'g, 'a>, Holder<'g, 'a>)>);

fn pair(ground: &Ground<'_>, row: &Pair, all: &[(Holder<'_, '_>, Holder<'_, '_>)]) -> Review {
    let topic = match (row.one, row.other) {
        ("anticoagulant", "anticoagulant") => ReviewTopic::TwoAnticoagulants,
        ("anticoagulant", "nsaid") => ReviewTopic::AnticoagulantWithNsaid,
        ("opioid", "benzodiazepine") => ReviewTopic::OpioidWithBenzodiazepine,
        _ => ReviewTopic::Pair,
    };
    let harm = match topic {
        ReviewTopic::TwoAnticoagulants | ReviewTopic::OpioidWithBenzodiazepine => 0,
        ReviewTopic::AnticoagulantWithNsaid => 1,
        _ => harm_of(row.why),
    };
    // The sides of the pairs, each medicine once: those of the second side that stand on the first are told there.
    let mut sides: [Vec<Holder<'_, '_>>; 2] = [Vec::new(), Vec::new()];
    for (one, other) in all {
        for (side, holder) in [(0, *one), (1, *other)] {
            if !sides.iter().flatten().any(|(_, name)| *name == holder.1) {
                sides[side].push(holder);
            }
        }
    }
    let on_sides = |tell: &dyn Fn(&Holder<'_, '_>) -> String, and: &str, with: &str| {
        let of = |side: &Vec<Holder<'_, '_>>| side.iter().map(tell).collect::<Vec<_>>().join(and);
        sides.iter().filter(|side| !side.is_empty()).map(of).collect::<Vec<_>>().join(with)
    };
    let says = on_sides(&|(taken, _)| taken.says(ground.context), "; ", ", beside ");
    let briefly = on_sides(&|(taken, name)| taken.briefly(name), ", ", " with ");
    let ask =
        if all.len() > 1 { "Are all meant at the same time?" } else { "Are both meant at the same time?" };
    let (says, briefly) = (format!("{says}. {}", row.why), format!("{briefly}: {}", row.why));
    Review::of(topic, harm, says, briefly, ask, row.sources.join("; "))
}

/// How much harm a row of the table speaks of, by its own words.
pub(super) fn harm_of(why: &str) -> u8 {
    let why = why.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| why.contains(word));
    // Many are meant together, and the row says so.
    let is_common =
        has(&["common in", "some plans", "some arthritis plans", "sometimes planned", "often planned"]);
    let harm = if has(&[
        "can kill",
        "deaths",
        "never together",
        "face and throat",
        "slow breathing",
        "has failed",
    ]) {
        0
    } else if has(&[
        "dangerous",
        "toxic",
        "not together",
        "bleeding",
        "breakdown",
        "seizures",
        "too much serotonin",
    ]) {
        1
    } else if has(&[
        "kidney",
        "potassium",
        "inr",
        "clots",
        "fall far",
        "fail",
        "infections",
        "twice",
        "can climb",
    ]) {
        2
    } else {
        3
    };
    if is_common { harm + 2 } else { harm }
}

/// One ingredient in several products or from several sources, where they are not one order told twice.
fn twice(ground: &Ground<'_>, known: &'static Ingredient) -> Option<Review> {
    // A cream and a tablet are no double: what acts in the body is counted apart from what stays on the skin.
    let (inside, outside): (Vec<&Taken<'_>>, Vec<_>) =
        ground.with(known.name).partition(|taken| taken.put.acts(known));
    let apart = [inside, outside].into_iter().map(orders_apart).find(|apart| apart.len() > 1)?;
    let said: Vec<String> = apart.iter().take(PRODUCTS_MAX).map(|taken| taken.says(ground.context)).collect();
    let more = match apart.len().saturating_sub(PRODUCTS_MAX) {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    let cited: Vec<String> = apart.iter().take(PRODUCTS_MAX).map(|taken| taken.product()).collect();
    let name = known.name;
    Some(Review::of(
        ReviewTopic::SameIngredient,
        if known.high_risk.is_some() { 1 } else { 2 },
        format!("{name} stands more than once: {}{more}.", said.join("; ")),
        format!("{name} stands more than once: {}{more}.", cited.join("; ")),
        "Which of these counts now, or are all meant?",
        "these records; general medical knowledge, 2026".into(),
    ))
}

fn orders_apart<'g, 'a>(holders: Vec<&'g Taken<'a>>) -> Vec<&'g Taken<'a>> {
    let mut apart: Vec<&Taken<'_>> = Vec::new();
    for taken in holders {
        if !apart.iter().any(|other| is_one_order(other, taken)) {
            apart.push(taken);
        }
    }
    apart
}

/// True for what is one order told twice, or one plan in several lines: from one source the same product
/// ordered within a month, or two strengths of it on one day; from two sources the same strength and words, or the same strength and day.
fn is_one_order(one: &Taken<'_>, other: &Taken<'_>) -> bool {
    let Some((one, other)) = one.home().zip(other.home()) else { return false };
    let (one, other) = (one.entry, other.entry);
    let on = told_on(one).zip(told_on(other));
    let names = [one, other].map(|entry| fold(&entry.concept.label()));
    let days = on.map(|(one, other)| (one.latest() - other.latest()).get_days().abs());
    if one.source == other.source {
        let is_one_plan = names[0] == names[1] && days.is_some_and(|days| days <= PLAN_DAYS);
        let bare = [one, other].map(|entry| without_strength(&entry.concept.label()));
        return is_one_plan || bare[0] == bare[1] && days == Some(0);
    }
    let is_one_strength = strength(one.concept.name().unwrap_or_default())
        == strength(other.concept.name().unwrap_or_default());
    let words = [one, other].map(|entry| dosage(entry).map(|words| fold(&words)));
    is_one_strength && (days == Some(0) || words[0].is_some() && words[0] == words[1])
}

/// A folded name without its numbers and units: `levothyroxine tablet`.
fn without_strength(name: &str) -> String {
    const UNITS: [&str; 10] = ["mg", "mcg", "ug", "g", "ml", "meq", "unit", "units", "iu", "l"];
    let folded = fold(name);
    let words = folded
        .split(' ')
        .filter(|word| !word.starts_with(|letter: char| letter.is_ascii_digit()) && !UNITS.contains(word));
    words.collect::<Vec<_>>().join(" ")
}

/// The class of an ingredient by its key.
pub(super) fn class_key(ingredient: &str) -> &'static str {
    class_of(ingredient).map_or("", |class| class.key)
}
