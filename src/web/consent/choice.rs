//! What a person has chosen on the form of a consent: what may be seen, and for how long.

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::{SignedDuration, Span};

use crate::insight::{Class, Classes};
use crate::record::Scope;
use crate::web::categories::{self, Category};
use crate::web::form::Form;

/// A span that can be chosen: its name in a form, and how it reads.
#[derive(Debug, PartialEq, Eq)]
pub struct Period {
    /// Its name in a form.
    pub name: &'static str,
    /// How it reads.
    pub title: &'static str,
    /// Years back, or days ahead; `None` for no bound.
    length: Option<i64>,
}

/// How far back an assistant may look, in years.
pub const REACHES: [Period; 5] = [
    period("all", "All years", None),
    period("10", "The last 10 years", Some(10)),
    period("5", "The last 5 years", Some(5)),
    period("2", "The last 2 years", Some(2)),
    period("1", "The last year", Some(1)),
];

/// How long an assistant may look, in days: a year at most.
pub const TERMS: [Period; 5] = [
    period("day", "1 day", Some(1)),
    period("week", "1 week", Some(7)),
    period("month", "1 month", Some(30)),
    period("quarter", "3 months", Some(90)),
    period("year", "1 year", Some(365)),
];

/// The box by which portals may be asked for what is new.
pub const UPDATE: &str = "update";
/// What is chosen where a person changes nothing: of a grant that is there, its own end.
pub const KEPT: &str = "keep";
/// The same of a new one.
pub const USUAL_TERM: &str = "quarter";

const fn period(name: &'static str, title: &'static str, length: Option<i64>) -> Period {
    Period { name, title, length }
}

/// What was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What may be seen.
    pub scope: Scope,
    /// Whether portals may be asked for what is new.
    pub may_update: bool,
    /// For so long; as long as it was, where that is changed by nobody.
    pub term: Option<SignedDuration>,
}

/// Why a form says nothing that can be granted, by the field that has to be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// No category was chosen.
    NoCategory,
    /// No source was chosen, though only some should be seen.
    NoSource,
    /// No form of ours sends this.
    Unknown,
}

impl Flaw {
    /// In words, for the field.
    pub fn words(self) -> &'static str {
        match self {
            Flaw::NoCategory => "Choose at least one category, or do not allow it.",
            Flaw::NoSource => "Choose at least one source, or all of them.",
            Flaw::Unknown => "Something in this form could not be read. Please choose again.",
        }
    }
}

impl Choice {
    /// What the form says. `sources` are the sources that the person could choose from.
    ///
    /// What is beyond a ceiling is cut off later, where the grant is made: a form decides nothing.
    pub fn read(form: &Form, sources: &[String], today: Date) -> Result<Choice, Flaw> {
        let scope = Scope {
            kinds: kinds(form)?,
            classes: classes(form)?.bits(),
            sources: chosen_sources(form, sources)?,
            since: reach(form, today)?,
            reader: None,
        };
        Ok(Choice { scope, may_update: form.has(UPDATE), term: term(form)? })
    }
}

fn term(form: &Form) -> Result<Option<SignedDuration>, Flaw> {
    if form.one("term") == Some(KEPT) {
        return Ok(None);
    }
    let term = TERMS.iter().find(|term| form.one("term") == Some(term.name)).ok_or(Flaw::Unknown)?;
    let days = term.length.ok_or(Flaw::Unknown)?;
    Ok(Some(SignedDuration::from_hours(days * 24)))
}

fn kinds(form: &Form) -> Result<BTreeSet<crate::record::Kind>, Flaw> {
    let chosen: Option<Vec<_>> = form.all("category").map(Category::named).collect();
    let chosen = chosen.ok_or(Flaw::Unknown)?;
    if chosen.is_empty() { Err(Flaw::NoCategory) } else { Ok(categories::kinds(&chosen)) }
}

fn classes(form: &Form) -> Result<Classes, Flaw> {
    form.all("class").map(|name| Class::named(name).ok_or(Flaw::Unknown)).collect()
}

/// Where all may be seen, those that come later may be too.
fn chosen_sources(form: &Form, known: &[String]) -> Result<Option<BTreeSet<String>>, Flaw> {
    match form.one("sources") {
        Some("all") => Ok(None),
        Some("some") => {
            let chosen: BTreeSet<String> = form.all("source").map(str::to_owned).collect();
            if !chosen.iter().all(|source| known.contains(source)) {
                return Err(Flaw::Unknown);
            }
            if chosen.is_empty() { Err(Flaw::NoSource) } else { Ok(Some(chosen)) }
        }
        _ => Err(Flaw::Unknown),
    }
}

fn reach(form: &Form, today: Date) -> Result<Option<Date>, Flaw> {
    // A bound that was set before and is kept.
    if let Some(day) = form.one("reach").and_then(|reach| reach.strip_prefix("since-")) {
        return day.parse().map(Some).map_err(|_| Flaw::Unknown);
    }
    let reach = REACHES.iter().find(|reach| form.one("reach") == Some(reach.name)).ok_or(Flaw::Unknown)?;
    let since = |years| today.checked_sub(Span::new().years(years)).map_err(|_| Flaw::Unknown);
    reach.length.map(since).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Kind;

    const TODAY: Date = jiff::civil::date(2026, 11, 29);

    fn read(body: &str) -> Result<Choice, Flaw> {
        Choice::read(&Form::parse(body.as_bytes()).unwrap(), &["s1".into(), "s2".into()], TODAY)
    }

    #[test]
    fn what_is_ticked_becomes_the_scope_and_nothing_else() {
        let choice =
            read("category=labs&category=coverage&sources=some&source=s2&reach=2&term=week").unwrap();
        let scope = Scope {
            kinds: [Kind::Lab, Kind::Coverage, Kind::Claim].into(),
            classes: 0,
            sources: Some(["s2".to_owned()].into()),
            since: Some(jiff::civil::date(2024, 11, 29)),
            reader: None,
        };
        let term = Some(SignedDuration::from_hours(7 * 24));
        assert_eq!(choice, Choice { scope, may_update: false, term });
    }

    #[test]
    fn sensitive_classes_are_off_until_they_are_ticked() {
        let usual = "category=labs&sources=all&reach=all&term=day";
        assert_eq!(read(usual).unwrap().scope.classes, 0);
        let hiv = Classes::from_iter([Class::Hiv]).bits();
        assert_eq!(read(&format!("{usual}&class=hiv")).unwrap().scope.classes, hiv);
    }

    #[test]
    fn nothing_chosen_is_asked_again() {
        assert_eq!(read("sources=all&reach=all&term=day"), Err(Flaw::NoCategory));
        assert_eq!(read("category=labs&sources=some&reach=all&term=day"), Err(Flaw::NoSource));
    }

    #[test]
    fn what_no_form_of_ours_sends_grants_nothing() {
        for body in [
            "category=labs&category=everything&sources=all&reach=all&term=day",
            "category=labs&class=all&sources=all&reach=all&term=day",
            "category=labs&sources=some&source=s3&reach=all&term=day",
            "category=labs&sources=all&reach=100&term=day",
            "category=labs&sources=all&reach=all&term=century",
            "category=labs&sources=all&reach=all&term=day&term=year",
            "category=labs&sources=all&sources=some&source=s1&reach=all&term=day",
            "category=labs&reach=all&term=day",
            "category=labs&sources=all&reach=since-soon&term=day",
        ] {
            assert_eq!(read(body), Err(Flaw::Unknown), "{body}");
        }
    }

    #[test]
    fn no_term_is_longer_than_a_year() {
        assert!(TERMS.iter().all(|term| term.length.is_some_and(|days| (1..=365).contains(&days))));
        assert!(TERMS.iter().any(|term| term.name == USUAL_TERM));
    }

    #[test]
    fn a_grant_that_is_there_may_keep_its_end() {
        assert_eq!(read("category=labs&sources=all&reach=all&term=keep").unwrap().term, None);
    }

    #[test]
    fn a_bound_that_was_set_before_is_kept_to_the_day() {
        let kept = read("category=labs&sources=all&reach=since-2019-03-02&term=day").unwrap();
        assert_eq!(kept.scope.since, Some(jiff::civil::date(2019, 3, 2)));
    }
}
