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

/// What an account is to a person, and since which day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Acting {
    /// As it was called.
    pub relation: Relation,
    /// Since when.
    pub since: Date,
}

impl Acting {
    /// The person themself.
    pub const OWN: Acting = Acting { relation: Relation::Own, since: Date::MIN };

    /// By the word of a grant. What is not known may no more than a parent.
    pub fn named(word: &str, since: Timestamp) -> Acting {
        Acting { relation: Relation::named(word).unwrap_or(Relation::Parent), since: day_of(since) }
    }

    /// What it is by the birth: who began to act for a minor is a parent or guardian, however it was called.
    pub fn relation(self, born: Option<Date>) -> Relation {
        let was_minor = born.is_some_and(|born| self.since < birthday(born, ADULT_AT));
        match self.relation {
            Relation::ForAdult if was_minor => Relation::Parent,
            relation => relation,
        }
    }

    /// The most that may be seen today of somebody born then; `None` once the care has ended.
    ///
    /// 45 CFR 164.502(g): a parent acts for a minor, but not where the minor may decide alone. That differs by
    /// state and by service, so from twelve on all that is sensitive is off.
    pub fn ceiling(self, born: Option<Date>, today: Date) -> Option<Scope> {
        let whole = Scope::everything();
        let without = Scope { classes: 0, ..Scope::everything() };
        match (self.relation(born), born) {
            (Relation::Own | Relation::ForAdult, _) => Some(whole),
            (Relation::Parent, None) => Some(without),
            (Relation::Parent, Some(born)) if today >= birthday(born, ADULT_AT) => None,
            (Relation::Parent, Some(born)) if today >= birthday(born, DECIDES_AT) => Some(without),
            (Relation::Parent, Some(_)) => Some(whole),
        }
    }
}

impl Care {
    /// What the account is to the person, and since when.
    pub fn acting(&self) -> Acting {
        Acting { relation: self.relation, since: day_of(self.since) }
    }

    /// The most that this account may see, or let an assistant see, today; `None` once its care has ended.
    pub fn ceiling(&self, today: Date) -> Option<Scope> {
        self.acting().ceiling(self.born, today)
    }

    /// The instant at which something that the account lets see with this scope ends by the person's age: the care
    /// itself, or what is sensitive.
    pub fn ends_at_for(&self, scope: &Scope, today: Date) -> Option<Timestamp> {
        let decides_on = self.birthday_of_minor(DECIDES_AT).filter(|day| scope.classes != 0 && *day > today);
        decides_on.into_iter().chain(self.ends_on()).filter_map(first_midnight).min()
    }

    /// The first day on which the care holds no longer.
    pub fn ends_on(&self) -> Option<Date> {
        self.birthday_of_minor(ADULT_AT)
    }

    fn birthday_of_minor(&self, years: i64) -> Option<Date> {
        let born = self.born.filter(|_| self.acting().relation(self.born) == Relation::Parent);
        born.map(|born| birthday(born, years))
    }
}

impl Relation {
    /// The relation of this word.
    pub fn named(word: &str) -> Option<Relation> {
        [Relation::Own, Relation::Parent, Relation::ForAdult].into_iter().find(|own| own.word() == word)
    }

    /// The word for it in the audit.
    pub fn word(self) -> &'static str {
        match self {
            Relation::Own => "own",
            Relation::Parent => "parent",
            Relation::ForAdult => "for_adult",
        }
    }
}

fn day_of(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}

/// The instant at which a day begins where it begins first: what ends then is open nowhere on that day.
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
        let begun = |since| Acting { relation: Relation::ForAdult, since };
        let for_minor = begun(date(2028, 5, 19));
        assert_eq!(for_minor.relation(born), Relation::Parent);
        assert_eq!(for_minor.ceiling(born, date(2028, 5, 19)).map(|scope| scope.classes), Some(0));
        assert_eq!(for_minor.ceiling(born, date(2028, 5, 20)), None, "it ends like a parent's");
        assert_eq!(begun(date(2028, 5, 20)).ceiling(born, date(2030, 1, 1)), Some(Scope::everything()));
    }

    #[test]
    fn a_word_that_nobody_knows_gives_no_more_than_a_parent_has() {
        let unknown = Acting::named("nurse", Timestamp::UNIX_EPOCH);
        assert_eq!(unknown.ceiling(Some(date(2010, 5, 20)), date(2028, 5, 20)), None);
        for relation in [Relation::Own, Relation::Parent, Relation::ForAdult] {
            assert_eq!(Acting::named(relation.word(), Timestamp::UNIX_EPOCH).relation, relation);
        }
    }

    #[test]
    fn what_a_parent_lets_see_of_a_small_child_ends_when_the_child_may_decide() {
        let child = care(Relation::Parent, Some(date(2015, 5, 20)));
        let ends = |scope: &Scope, today| child.ends_at_for(scope, today).map(|at| at.to_string());
        let (whole, plain) = (Scope::everything(), Scope { classes: 0, ..Scope::everything() });
        assert_eq!(ends(&whole, date(2026, 1, 1)).unwrap(), "2027-05-19T10:00:00Z");
        assert_eq!(ends(&plain, date(2026, 1, 1)).unwrap(), "2033-05-19T10:00:00Z");
        assert_eq!(care(Relation::Own, Some(date(2015, 5, 20))).ends_at_for(&whole, date(2026, 1, 1)), None);
        let adult = care(Relation::ForAdult, Some(date(1940, 5, 20)));
        assert_eq!(adult.ends_at_for(&whole, date(2026, 1, 1)), None);
    }

    #[test]
    fn only_a_parents_care_ends_and_where_the_day_begins_first() {
        let born = Some(date(2008, 2, 29));
        assert_eq!(care(Relation::Parent, born).ends_on(), Some(date(2026, 2, 28)));
        let plain = Scope { classes: 0, ..Scope::everything() };
        let ends_at = care(Relation::Parent, born).ends_at_for(&plain, date(2026, 1, 1)).unwrap();
        assert_eq!(ends_at.to_string(), "2026-02-27T10:00:00Z");
        let adult = Care { since: Timestamp::MAX, ..care(Relation::ForAdult, born) };
        assert_eq!(adult.ends_on(), None);
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
