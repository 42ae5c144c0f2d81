//! Whether two descriptions are of one person: birth date, names, sex.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::record::{Name, Person};

/// A family name and the first given name, folded: what two systems write alike.
pub type Folded = (String, String);

/// What speaks against two descriptions being of one person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// Both birth dates are known, and they cannot be the same.
    pub birth: bool,
    /// Both are named, and no name of one is a name of the other.
    pub name: bool,
    /// One is recorded as female, the other as male.
    pub sex: bool,
}

impl Difference {
    /// Another birth date, or name and sex both different: somebody else.
    pub fn is_somebody_else(self) -> bool {
        self.birth || (self.name && self.sex)
    }

    /// Only the name or only the sex: the person must say.
    pub fn needs_a_word(self) -> bool {
        self.name || self.sex
    }
}

/// Compares descriptions from one side with those from another. A side may know several birth names,
/// maiden names and so on: one match is enough.
pub fn difference(left: &[&Person], right: &[&Person]) -> Difference {
    let any = |matches: fn(&Person, &Person) -> Option<bool>| {
        let pairs = left.iter().flat_map(|one| right.iter().filter_map(move |other| matches(one, other)));
        pairs.fold(None, |found: Option<bool>, same| Some(found.unwrap_or(false) || same))
    };
    let differs = |matches| any(matches) == Some(false);
    Difference { birth: differs(same_birth), name: differs(same_name), sex: differs(same_sex) }
}

/// Letters and digits in lower case, without accents; all else is a gap between words.
pub fn fold(text: &str) -> String {
    let plain: String = text.nfkd().filter(|letter| !is_combining_mark(*letter)).collect();
    let lower = plain.to_lowercase();
    lower
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// The folded names of a person, without those that lack a family name.
pub fn folded(person: &Person) -> Vec<Folded> {
    person.names.iter().filter_map(folded_name).collect()
}

fn folded_name(name: &Name) -> Option<Folded> {
    let (family, given) = match (&name.family, &name.text) {
        (Some(family), _) => (fold(family), name.given.first().map(|given| fold(given)).unwrap_or_default()),
        // A name in one line: `Family, Given` or `Given Middle Family`.
        (None, Some(text)) => match text.split_once(',') {
            Some((family, given)) => (fold(family), fold(given)),
            None => {
                fold(text).rsplit_once(' ').map(|(given, family)| (family.to_owned(), given.to_owned()))?
            }
        },
        (None, None) => return None,
    };
    let first = given.split(' ').next().unwrap_or_default().to_owned();
    (!family.is_empty()).then_some((family, first))
}

fn same_birth(left: &Person, right: &Person) -> Option<bool> {
    let (left, right) = (left.birth?, right.birth?);
    // A date known to the year is the same as any day of that year.
    Some(left.earliest() <= right.latest() && right.earliest() <= left.latest())
}

fn same_name(left: &Person, right: &Person) -> Option<bool> {
    let (left, right) = (folded(left), folded(right));
    let same = |one: &Folded, other: &Folded| {
        one.0 == other.0 && (one.1 == other.1 || one.1.is_empty() || other.1.is_empty())
    };
    let both_named = !left.is_empty() && !right.is_empty();
    both_named.then(|| left.iter().any(|one| right.iter().any(|other| same(one, other))))
}

fn same_sex(left: &Person, right: &Person) -> Option<bool> {
    Some(known_sex(left)? == known_sex(right)?)
}

/// The recorded sex, where it is one of the two that can contradict each other.
pub fn known_sex(person: &Person) -> Option<char> {
    match person.sex.as_deref().map(str::to_ascii_lowercase).as_deref() {
        Some("female" | "f") => Some('f'),
        Some("male" | "m") => Some('m'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::When;

    fn person(given: &str, family: &str, birth: &str, sex: &str) -> Person {
        let name = Name { family: Some(family.into()), given: vec![given.into()], ..Name::default() };
        Person {
            names: vec![name],
            birth: When::parse(birth),
            sex: (!sex.is_empty()).then(|| sex.into()),
            ..Person::default()
        }
    }

    #[test]
    fn accents_and_capitals_and_second_names_make_no_other_person() {
        let one = person("José", "Núñez-Ortega", "1970-02-03", "male");
        let other = person("JOSE LUIS", "Nunez Ortega", "1970", "");
        assert_eq!(difference(&[&one], &[&other]), Difference::default());
    }

    #[test]
    fn a_changed_name_is_asked_about_and_another_birth_date_is_somebody_else() {
        let maiden = person("Anna", "Berg", "1980-01-01", "female");
        let married = person("Anna", "Stone", "1980-01-01", "female");
        let brother = person("Paul", "Berg", "1980-01-01", "male");
        let sister = person("Anna", "Berg", "1981-01-01", "female");
        let changed = difference(&[&maiden], &[&married]);
        assert!(changed.needs_a_word() && !changed.is_somebody_else());
        assert!(difference(&[&maiden], &[&brother]).is_somebody_else());
        assert!(difference(&[&maiden], &[&sister]).is_somebody_else());
        assert_eq!(difference(&[&maiden, &married], &[&married]), Difference::default());
    }

    #[test]
    fn a_name_in_one_line_is_read_either_way_round() {
        let line = |text: &str| Person {
            names: vec![Name { text: Some(text.into()), ..Name::default() }],
            ..Person::default()
        };
        let anna = person("Anna", "Berg", "", "");
        assert!(!difference(&[&anna], &[&line("Berg, Anna M.")]).name);
        assert!(!difference(&[&anna], &[&line("Anna M. Berg")]).name);
        assert!(difference(&[&anna], &[&line("Paul Berg")]).name);
    }
}
