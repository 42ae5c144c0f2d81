//! Who a record is about.

use serde::{Deserialize, Serialize};

use super::{Text, When};

/// The person as one source describes them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Person {
    /// Names: the official one first, then maiden, former and other names.
    pub names: Vec<Name>,
    /// The date of birth.
    pub birth: Option<When>,
    /// Recorded (administrative) sex.
    pub sex: Option<Text>,
    /// Sex recorded at birth.
    pub birth_sex: Option<Text>,
    /// Gender identity.
    pub gender_identity: Option<Text>,
    /// Whether the person has died.
    pub death: Death,
    /// Race, ethnicity, tribal affiliation, language, marital status, … : label and value.
    pub facts: Vec<(Text, Text)>,
    /// Telephone, mail and addresses, each as one line.
    pub reach: Vec<Text>,
    /// Medical record numbers and the like: system and value.
    pub identifiers: Vec<(Text, Text)>,
}

/// A name of a person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Name {
    /// The family name.
    pub family: Option<Text>,
    /// The given names.
    pub given: Vec<Text>,
    /// The whole name as recorded, where it was.
    pub text: Option<Text>,
    /// `official`, `maiden`, `old`, …
    pub usage: Option<Text>,
}

/// Whether a person has died, as recorded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Death {
    /// Nothing recorded, or recorded as living.
    #[default]
    NotRecorded,
    /// Died; the date where it is known.
    Died(Option<When>),
}

impl Name {
    /// The name in one line.
    pub fn shown(&self) -> String {
        if let Some(text) = &self.text {
            return text.to_string();
        }
        let given = self.given.iter().map(Text::as_str);
        given.chain(self.family.as_deref()).collect::<Vec<_>>().join(" ")
    }
}

impl Person {
    /// The name to show; `None` where none is recorded.
    pub fn name(&self) -> Option<String> {
        self.names.iter().map(Name::shown).find(|name| !name.is_empty())
    }

    /// Whole years from birth to `day`; `None` where the birth date is not known to the day,
    /// or lies later.
    pub fn age_on(&self, day: jiff::civil::Date) -> Option<i16> {
        let birth = self.birth?.civil()?;
        let had_birthday = (day.month(), day.day()) >= (birth.month(), birth.day());
        let age = day.year() - birth.year() - i16::from(!had_birthday);
        (age >= 0).then_some(age)
    }
}
