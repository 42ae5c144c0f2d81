//! The checks for a person: one for each rule of each body and for each vaccine, what needs attention first.

use std::sync::Arc;

use super::evidence::Evidence;
use super::shown::Tokens;
use super::state::{Judged, State, judged};
use super::vaccines::{Series, series};
use super::{told, told_vaccine};
use crate::insight::portrait::Portrait;
use crate::insight::{Context, Refusal};
use crate::knowledge::prevention::{Rule, rules};
use crate::knowledge::sensitive::Classes;

/// One check by one body.
#[derive(Clone, Debug)]
pub struct Check {
    /// Stable name: of the rule, or of the vaccine's diseases.
    pub key: String,
    /// Plain name; several bodies may speak about a check of one name.
    pub name: String,
    /// Who says so, with the grade and the day of release.
    pub body: String,
    /// Where the person stands.
    pub state: State,
    /// The fact, with its citation.
    pub says: String,
    /// What to ask about it.
    pub ask: String,
}

/// Everything an answer about prevention is made of.
pub(super) struct Found {
    /// Rules of screening with where the person stands, what needs attention first.
    pub rules: Vec<Judged>,
    /// Vaccines, likewise.
    pub vaccines: Vec<Series>,
    /// Rules whose upper age the person has passed.
    pub outgrown: Vec<&'static Rule>,
    /// The person.
    pub portrait: Portrait,
}

/// Why no check is listed at all.
pub(super) enum Listing {
    /// What there is.
    Checks(Box<Found>),
    /// The person has died.
    Died,
    /// Comfort comes first; what shows it.
    Hospice(super::shown::Because),
}

/// The checks for the person, what needs attention first; none for who has died or is in hospice care. What
/// several bodies say of one check stands together, where its most pressing state puts it: whoever reads one of
/// them sees that another body differs.
pub fn checks(context: &Context<'_>) -> Result<Vec<Check>, Refusal> {
    let listing = find(context)?;
    let Listing::Checks(found) = &*listing else { return Ok(Vec::new()) };
    let rules = found.rules.iter().filter(|judged| !judged.rule.is_about_violence());
    let mut checks: Vec<Check> = rules.map(|judged| told::check(judged, context.today)).collect();
    checks.extend(found.vaccines.iter().map(|series| told_vaccine::check(series, context.today)));
    sort(&mut checks, |check| (check.name.clone(), check.state.rank()));
    Ok(checks)
}

/// Looks at the record once.
pub(super) fn find(context: &Context<'_>) -> Result<Arc<Listing>, Refusal> {
    context.derived(|| found(context))
}

fn found(context: &Context<'_>) -> Result<Listing, Refusal> {
    let portrait = Portrait::of(context)?;
    if portrait.has_died {
        return Ok(Listing::Died);
    }
    let tokens = Tokens::of(context, &portrait)?;
    if let Some(hospice) = tokens.get("hospice") {
        return Ok(Listing::Hospice(hospice.clone()));
    }
    let allowed = Classes::from_bits(context.view.scope().classes);
    let may_show = |rule: &&'static Rule| rule.classes().iter().all(|class| allowed.contains(class));
    let age = portrait.age_years();
    let all: Vec<&'static Rule> = rules().iter().filter(may_show).collect();
    let apply: Vec<&'static Rule> =
        all.iter().copied().filter(|rule| rule.is_for(age, portrait.sex)).collect();
    let evidence = Evidence::of(context, &apply)?;
    let judged = apply.iter().filter_map(|rule| judged(rule, &tokens, &evidence, &portrait, context.today));
    let mut judged: Vec<Judged> = judged.collect();
    sort(&mut judged, |one| (one.rule.name, one.state.rank()));
    let mut vaccines = series(context, &portrait)?;
    vaccines.sort_by_key(|series| (series.is_for_some(), series.state.rank()));
    let outgrown = outgrown(&all, &portrait);
    Ok(Listing::Checks(Box::new(Found { rules: judged, vaccines, outgrown, portrait })))
}

/// By the most pressing state of each check; those of one name together, in the order in which they came.
fn sort<T, N: PartialEq>(all: &mut [T], of: impl Fn(&T) -> (N, u8)) {
    let firsts: Vec<(N, u8)> = all.iter().map(&of).collect();
    let pressing = |name: &N| firsts.iter().filter(|(other, _)| other == name).map(|(_, rank)| *rank).min();
    let place = |name: &N| firsts.iter().position(|(other, _)| other == name);
    all.sort_by_cached_key(|one| {
        let (name, _) = of(one);
        (pressing(&name), place(&name))
    });
}

/// Checks of adults whose age the person has passed, each body's last; none where a later rule of the same body
/// takes over.
fn outgrown(all: &[&'static Rule], portrait: &Portrait) -> Vec<&'static Rule> {
    const ADULT_CHECKS_END_FROM: f64 = 50.0;
    let Some(age) = portrait.age_years() else { return Vec::new() };
    let is_past =
        |rule: &Rule| rule.ages.below.is_some_and(|below| below <= age && below >= ADULT_CHECKS_END_FROM);
    let goes_on = |rule: &Rule| {
        let same = |other: &&&Rule| other.name == rule.name && other.body == rule.body;
        let is_later = |other: &&Rule| other.ages.below.is_none() || other.ages.below > rule.ages.below;
        all.iter().filter(same).any(is_later)
    };
    let has_sex = |rule: &Rule| rule.sex.is_none_or(|sex| portrait.sex == Some(sex));
    let past = all.iter().copied().filter(|rule| is_past(rule) && has_sex(rule) && !goes_on(rule));
    past.filter(|rule| rule.needs.is_empty() && !rule.is_about_violence()).collect()
}
