//! Which person of the input is the one asked for, and whether that is the person of the record.

use super::Error;
use super::error::Doubt;
use super::names::{Difference, difference, fold};
use super::people::People;
use crate::record::Person;

/// What is known of the person before the input is read.
#[derive(Debug, Default)]
pub struct Known<'a> {
    /// What the record's own Patients say.
    pub persons: Vec<&'a Person>,
    /// True where nothing was ever imported.
    pub is_empty: bool,
}

/// What was asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked<'a> {
    /// Words of the name, or the Patient id (`--patient`).
    pub patient: Option<&'a str>,
    /// What the person is called on this machine (`--person`).
    pub label: Option<&'a str>,
    /// The person says that it is the same person under another name or sex (`--same-person`).
    pub is_same: bool,
}

/// The person to take, by their place in [`People::people`]; `None` where the input names nobody.
/// `is_known` tells whether an identity belongs to a source of the record.
pub fn choose(
    people: &People,
    known: &Known,
    asked: Asked,
    is_known: impl Fn(usize) -> bool,
) -> Result<Option<usize>, Error> {
    if people.people.is_empty() {
        return Ok(None);
    }
    let person_known = |person: usize| people.people[person].iter().any(|&identity| is_known(identity));
    let person = pick(people, known, asked, &person_known)?;
    check(people, person, known, asked, person_known(person))?;
    Ok(Some(person))
}

fn pick(
    people: &People,
    known: &Known,
    asked: Asked,
    is_known: &dyn Fn(usize) -> bool,
) -> Result<usize, Error> {
    let all = 0..people.people.len();
    let only = |matching: Vec<usize>| match matching[..] {
        [one] => Some(one),
        _ => None,
    };
    if let Some(text) = asked.patient {
        // An id is meant as one, though its letters may read like a name that two people have.
        let by_id = only(all.clone().filter(|&person| has_id(people, person, text)).collect());
        let by_name = || only(all.clone().filter(|&person| is_named(people, person, text)).collect());
        return by_id.or_else(by_name).ok_or_else(|| Error::NoSuchPerson { people: listed(people) });
    }
    if people.people.len() == 1 {
        return Ok(0);
    }
    let same = |person: &usize| {
        let persons = people.persons(*person);
        !persons.is_empty() && difference(&persons, &known.persons) == Difference::default()
    };
    let by_key: Vec<usize> = all.clone().filter(|&person| is_known(person)).collect();
    let by_description = || -> Vec<usize> {
        if known.persons.is_empty() { Vec::new() } else { all.clone().filter(same).collect() }
    };
    let by_label = || -> Vec<usize> {
        let named = |text| all.clone().filter(move |&person| is_named(people, person, text)).collect();
        if known.is_empty { asked.label.map(named).unwrap_or_default() } else { Vec::new() }
    };
    only(by_key)
        .or_else(|| only(by_description()))
        .or_else(|| only(by_label()))
        .ok_or_else(|| Error::SeveralPeople { people: listed(people) })
}

/// True where the text is an id of the person.
fn has_id(people: &People, person: usize, text: &str) -> bool {
    let mut ids = people.people[person].iter().map(|&place| &people.identities[place].key);
    ids.any(|key| key == text || key.rsplit('/').next() == Some(text))
}

/// True where all words of the text are words of one of the person's names.
fn is_named(people: &People, person: usize, text: &str) -> bool {
    let wanted = fold(text);
    let has_words = |name: &str| {
        let name = fold(name);
        wanted.split(' ').all(|word| name.split(' ').any(|part| part == word))
    };
    let persons = people.persons(person);
    let mut names = persons.iter().flat_map(|person| &person.names);
    !wanted.is_empty() && names.any(|name| has_words(&name.shown()))
}

fn check(people: &People, person: usize, known: &Known, asked: Asked, is_known: bool) -> Result<(), Error> {
    if known.is_empty {
        return Ok(());
    }
    let persons = people.persons(person);
    if persons.is_empty() || known.persons.is_empty() {
        // Nothing to compare: it must be an id that the record knows, or the person must say so.
        return match is_known || asked.is_same {
            true => Ok(()),
            false => Err(Error::Unconfirmed { doubt: Doubt::NoPatient, found: Some(people.listed(person)) }),
        };
    }
    let difference = difference(&persons, &known.persons);
    if difference.is_somebody_else() {
        return Err(Error::SomebodyElse { difference, found: people.listed(person) });
    }
    // Whoever exports a collection brings what is their own; its birth date says that it is.
    let is_own = people.is_exporter(person) && have_birth(&persons) && have_birth(&known.persons);
    let is_compared = is_own || is_comparable(&persons, &known.persons);
    if !is_compared && !is_known && !asked.is_same {
        return Err(Error::Unconfirmed { doubt: Doubt::TooLittle, found: Some(people.listed(person)) });
    }
    if difference.needs_a_word() && !asked.is_same {
        let doubt = if difference.name { Doubt::OtherName } else { Doubt::OtherSex };
        return Err(Error::Unconfirmed { doubt, found: Some(people.listed(person)) });
    }
    Ok(())
}

/// True where both sides have what two people are told apart by: a name and a birth date.
fn is_comparable(one: &[&Person], other: &[&Person]) -> bool {
    let has =
        |persons: &[&Person]| persons.iter().any(|person| person.name().is_some()) && have_birth(persons);
    has(one) && has(other)
}

fn have_birth(persons: &[&Person]) -> bool {
    persons.iter().any(|person| person.birth.is_some())
}

fn listed(people: &People) -> Vec<super::PersonFound> {
    (0..people.people.len()).map(|person| people.listed(person)).collect()
}
