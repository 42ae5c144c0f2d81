//! What published rules ask about a person: age, sex, whether they live, pregnancy.

mod pregnancy;

use std::convert::Infallible;
use std::ops::Deref;

use jiff::civil::Date;

use super::problems::problems;
use super::whose::people;
use super::{Context, Refusal};
use crate::knowledge::whom::Sex;
use crate::record::{Death, Person, When};

pub use pregnancy::Pregnancy;

/// Both, for a rule that must hold whichever it is.
const BOTH: [Sex; 2] = [Sex::Female, Sex::Male];

/// Who somebody is, as far as a range of a laboratory asks.
#[derive(Clone, Copy, Debug)]
pub struct Who {
    /// The day of birth, as exactly as it is recorded.
    pub born: Option<When>,
    /// The sex; `None` where it is not recorded or recorded in several ways.
    pub sex: Option<Sex>,
    /// True for a person who has died: no routine, prevention, question or notice.
    pub has_died: bool,
    today: Date,
}

/// The person as far as a published rule asks: who it is, and whether there is a pregnancy.
#[derive(Clone, Copy, Debug)]
pub struct Portrait {
    /// Who it is.
    pub who: Who,
    /// Pregnancy, a state with a date.
    pub pregnancy: Pregnancy,
}

impl Deref for Portrait {
    type Target = Who;

    fn deref(&self) -> &Who {
        &self.who
    }
}

impl Portrait {
    /// The person of a record.
    pub fn of(context: &Context<'_>) -> Result<Portrait, Refusal> {
        context.derived(|| Portrait::drawn(context)).map(|portrait| *portrait)
    }

    fn drawn(context: &Context<'_>) -> Result<Portrait, Refusal> {
        let pregnancy = Pregnancy::of(context, &problems(context)?)?;
        Ok(Portrait { who: Who::of(context), pregnancy })
    }
}

impl Who {
    /// The person of a record.
    pub fn of(context: &Context<'_>) -> Who {
        let Ok(who) = context.view.derived(context.today, || Ok::<Who, Infallible>(Who::told(context)));
        *who
    }

    fn told(context: &Context<'_>) -> Who {
        let people: Vec<&Person> = people(context.view).collect();
        let born = people.iter().find_map(|person| person.birth);
        let has_died = people.iter().any(|person| person.death != Death::NotRecorded);
        Who { born, sex: undisputed(&people), has_died, today: context.today }
    }

    /// The sexes a rule has to hold for: the one recorded, or both where that is not clear.
    pub fn sexes(&self) -> &[Sex] {
        match self.sex {
            Some(Sex::Female) => &BOTH[..1],
            Some(Sex::Male) => &BOTH[1..],
            None => &BOTH,
        }
    }

    /// The age in years with their fraction on a day; `None` where the birth is not known to the day, or
    /// lies later.
    pub fn age_years_on(&self, day: Date) -> Option<f64> {
        let born = self.born?.civil()?;
        let had_birthday = (day.month(), day.day()) >= (born.month(), born.day());
        let whole = day.year() - born.year() - i16::from(!had_birthday);
        let birthday = Date::new(born.year() + whole, born.month(), born.day().min(28)).ok()?;
        let days = f64::from((day - birthday).get_days()).max(0.0);
        (whole >= 0).then(|| f64::from(whole) + (days / 366.0).min(0.999))
    }

    /// The age today.
    pub fn age_years(&self) -> Option<f64> {
        self.age_years_on(self.today)
    }

    /// True where the person is known to be 18 or older.
    pub fn is_adult(&self) -> bool {
        self.age_years().is_some_and(|age| age >= 18.0)
    }

    /// True where the person is known to be younger than 18.
    pub fn is_child(&self) -> bool {
        self.age_years().is_some_and(|age| age < 18.0)
    }
}

/// The sex that every source and every kind of statement agrees on. Where recorded sex, birth sex and gender
/// identity differ, nothing sex-specific is computed (reference: clinical safety, section 2).
fn undisputed(people: &[&Person]) -> Option<Sex> {
    let stated = people.iter().flat_map(|person| [&person.sex, &person.birth_sex]).flatten();
    let stated = stated.filter(|word| !says_nothing(word)).map(|word| named(word));
    let identities = people.iter().filter_map(|person| person.gender_identity.as_ref());
    let identities = identities.filter(|word| !says_nothing(word)).map(|word| named(word));
    let mut all = stated.chain(identities).peekable();
    let first = (*all.peek()?)?;
    all.all(|sex| sex == Some(first)).then_some(first)
}

/// The sex that a word names alone: `transgender female` and `non-binary` name none.
fn named(word: &str) -> Option<Sex> {
    let word = word.to_lowercase();
    if ["trans", "non", "other", "neither", "queer", "another"].iter().any(|other| word.contains(other)) {
        return None;
    }
    let words = || word.split(|letter: char| !letter.is_alphanumeric());
    let female = words().any(|word| matches!(word, "female" | "f" | "woman" | "girl"));
    let male = words().any(|word| matches!(word, "male" | "m" | "man" | "boy"));
    match (female, male) {
        (true, false) => Some(Sex::Female),
        (false, true) => Some(Sex::Male),
        _ => None,
    }
}

fn says_nothing(word: &str) -> bool {
    let word = word.trim().to_lowercase();
    ["unk", "unknown", "asku", "ni", "asked", "not ", "decline", "choose"]
        .iter()
        .any(|nothing| if nothing.len() > 3 { word.contains(nothing) } else { word == *nothing })
}

#[cfg(test)]
mod tests;
