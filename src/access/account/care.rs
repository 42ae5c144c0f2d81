//! Who acts for whom, and how far that reaches.

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use serde::{Deserialize, Serialize};

use crate::record::Scope;
use crate::store::OwnerId;

/// From this age on a minor decides about sensitive classes with, or in the place of, a parent. States differ.
const DECIDES_AT: i64 = 12;
/// At this age a parent acts for the person no longer.
const ADULT_AT: i64 = 18;

/// What an account is to the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// The person themself.
    Own,
    /// Parent or guardian of a minor.
    Parent,
    /// Acts for an adult, by their authority.
    ForAdult,
}

/// A person in the care of an account.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Care {
    /// The owner of the person's rows.
    pub owner: OwnerId,
    /// What the account calls the person. Personal.
    pub label: String,
    /// What the account is to the person.
    pub relation: Relation,
    /// The day of birth: from the record where it is known there, else as it was given.
    pub born: Option<Date>,
    /// Since when.
    pub since: Timestamp,
    /// The version of the record at which the day of birth was last looked for.
    pub(super) looked_at: u64,
}

impl Care {
    /// The most that this account may see, or let an assistant see, today; `None` once its care has ended.
    ///
    /// 45 CFR 164.502(g): a parent acts for a minor, but not where the minor may decide alone. That differs by
    /// state and by service, so from twelve on all that is sensitive is off.
    pub fn ceiling(&self, today: Date) -> Option<Scope> {
        if self.ends_on().is_some_and(|ends_on| today >= ends_on) {
            return None;
        }
        let scope = Scope::everything();
        let is_whole = match (self.relation, self.born) {
            (Relation::Own, _) | (Relation::ForAdult, None) => true,
            (Relation::Parent, None) => false,
            (Relation::Parent | Relation::ForAdult, Some(born)) => {
                let decides_on = birthday(born, DECIDES_AT);
                today < decides_on || today >= birthday(born, ADULT_AT)
            }
        };
        Some(if is_whole { scope } else { Scope { classes: 0, ..scope } })
    }

    /// The instant at which something that the account lets see with this scope ends by the person's age: the care
    /// itself, or what is sensitive.
    pub fn ends_at_for(&self, scope: &Scope, today: Date) -> Option<Timestamp> {
        let decides_on = self.decides_on().filter(|day| scope.classes != 0 && *day > today);
        decides_on.and_then(first_midnight).into_iter().chain(self.ends_at()).min()
    }
    /// The day on which the person begins to decide about what is sensitive.
    fn decides_on(&self) -> Option<Date> {
        (self.relation != Relation::Own).then_some(())?;
        self.born.map(|born| birthday(born, DECIDES_AT))
    }

    /// The first day on which the care holds no longer.
    pub fn ends_on(&self) -> Option<Date> {
        (self.relation == Relation::Parent).then_some(())?;
        self.born.map(|born| birthday(born, ADULT_AT))
    }

    /// The instant at which the care ends, at the latest: where the world's first midnight of that day is.
    pub fn ends_at(&self) -> Option<Timestamp> {
        first_midnight(self.ends_on()?)
    }
}

impl Relation {
    /// The word for it in the audit.
    pub fn word(self) -> &'static str {
        match self {
            Relation::Own => "own",
            Relation::Parent => "parent",
            Relation::ForAdult => "for_adult",
        }
    }
}

fn first_midnight(day: Date) -> Option<Timestamp> {
    Some(day.to_zoned(TimeZone::fixed(jiff::tz::offset(14))).ok()?.timestamp())
}

/// Two scopes at once: what both allow.
pub fn within(scope: &Scope, ceiling: &Scope) -> Scope {
    let sources = match (&scope.sources, &ceiling.sources) {
        (Some(one), Some(other)) => Some(one.intersection(other).cloned().collect::<BTreeSet<_>>()),
        (one, other) => one.clone().or_else(|| other.clone()),
    };
    Scope {
        kinds: scope.kinds.intersection(&ceiling.kinds).copied().collect(),
        classes: scope.classes & ceiling.classes,
        sources,
        since: scope.since.max(ceiling.since),
        reader: None,
    }
}

/// Of somebody born on a 29 February it is the last of the month.
fn birthday(born: Date, years: i64) -> Date {
    born.checked_add(Span::new().years(years)).unwrap_or(Date::MAX)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::clock::Randomness;

    fn care(relation: Relation, born: Option<Date>) -> Care {
        let owner = OwnerId::random(&Randomness::seeded(1));
        Care { owner, label: "Theo".into(), relation, born, since: Timestamp::UNIX_EPOCH, looked_at: 0 }
    }

    fn classes(relation: Relation, born: Option<Date>, today: Date) -> Option<u8> {
        care(relation, born).ceiling(today).map(|scope| scope.classes)
    }

    #[test]
    fn a_parent_sees_all_of_a_child_less_from_twelve_and_nothing_from_eighteen() {
        let born = Some(date(2010, 5, 20));
        let seen = |today| classes(Relation::Parent, born, today);
        assert_eq!(seen(date(2022, 5, 19)), Some(u8::MAX));
        assert_eq!(seen(date(2022, 5, 20)), Some(0));
        assert_eq!(seen(date(2028, 5, 19)), Some(0));
        assert_eq!(seen(date(2028, 5, 20)), None);
        assert_eq!(
            classes(Relation::Parent, None, date(2022, 5, 19)),
            Some(0),
            "an unknown age is taken as above twelve"
        );
    }

    #[test]
    fn oneself_and_an_adult_are_seen_whole_whatever_the_age_but_no_minor_by_that_way() {
        let born = Some(date(2010, 5, 20));
        assert_eq!(classes(Relation::Own, born, date(2024, 1, 1)), Some(u8::MAX));
        assert_eq!(classes(Relation::ForAdult, None, date(2024, 1, 1)), Some(u8::MAX));
        assert_eq!(classes(Relation::ForAdult, born, date(2024, 1, 1)), Some(0));
        assert_eq!(classes(Relation::ForAdult, born, date(2030, 1, 1)), Some(u8::MAX));
    }

    #[test]
    fn what_a_parent_lets_see_of_a_small_child_ends_when_the_child_may_decide() {
        let child = care(Relation::Parent, Some(date(2015, 5, 20)));
        let ends = |scope: &Scope, today| child.ends_at_for(scope, today).map(|at| at.to_string());
        let (whole, plain) = (Scope::everything(), Scope { classes: 0, ..Scope::everything() });
        assert_eq!(ends(&whole, date(2026, 1, 1)).unwrap(), "2027-05-19T10:00:00Z");
        assert_eq!(ends(&plain, date(2026, 1, 1)).unwrap(), "2033-05-19T10:00:00Z");
        assert_eq!(care(Relation::Own, Some(date(2015, 5, 20))).ends_at_for(&whole, date(2026, 1, 1)), None);
        let adult = care(Relation::ForAdult, Some(date(1950, 5, 20)));
        assert_eq!(adult.ends_at_for(&whole, date(2026, 1, 1)), None);
    }

    #[test]
    fn only_a_parents_care_ends_and_where_the_day_begins_first() {
        let born = Some(date(2008, 2, 29));
        assert_eq!(care(Relation::Parent, born).ends_on(), Some(date(2026, 2, 28)));
        let ends_at = care(Relation::Parent, born).ends_at().unwrap();
        assert_eq!(ends_at.to_string(), "2026-02-27T10:00:00Z");
        assert_eq!(care(Relation::ForAdult, born).ends_at(), None);
        assert_eq!(care(Relation::Own, born).ends_on(), None);
    }

    #[test]
    fn what_two_scopes_allow_together_is_in_both() {
        let one = Scope { since: Some(date(2020, 1, 1)), ..Scope::everything() };
        let other = Scope { classes: 0, sources: Some(["a".to_owned()].into()), ..Scope::everything() };
        let both = within(&one, &other);
        assert_eq!(both, Scope { since: Some(date(2020, 1, 1)), ..other.clone() });
        assert_eq!(within(&other, &one), both);
    }
}
