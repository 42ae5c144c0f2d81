//! The six sensitive classes, and sets of them in one byte.

/// One class of what a person may wish to keep to themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// Alcohol and drugs.
    SubstanceUse,
    /// Mental health.
    MentalHealth,
    /// HIV.
    Hiv,
    /// Sexual and reproductive health.
    SexualReproductive,
    /// Abuse, neglect and violence.
    Abuse,
    /// Genes and what they may bring.
    Genetic,
}

impl Class {
    /// All six.
    pub const ALL: [Self; 6] = [
        Self::SubstanceUse,
        Self::MentalHealth,
        Self::Hiv,
        Self::SexualReproductive,
        Self::Abuse,
        Self::Genetic,
    ];

    /// The stable name, as it stands in grants and tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::SubstanceUse => "substance-use",
            Self::MentalHealth => "mental-health",
            Self::Hiv => "hiv",
            Self::SexualReproductive => "sexual-reproductive",
            Self::Abuse => "abuse",
            Self::Genetic => "genetic",
        }
    }

    /// As a person reads it.
    pub fn plain(self) -> &'static str {
        match self {
            Self::SubstanceUse => "alcohol and drug use",
            Self::MentalHealth => "mental health",
            Self::Hiv => "HIV",
            Self::SexualReproductive => "sexual and reproductive health",
            Self::Abuse => "abuse and violence",
            Self::Genetic => "genetic information",
        }
    }

    /// The class with that stable name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.name() == name)
    }

    fn bit(self) -> u8 {
        1 << (self as u8)
    }
}

/// A set of sensitive classes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Classes(u8);

impl Classes {
    /// No class.
    pub const NONE: Self = Self(0);

    /// The set as bits, for storing; bit 0 is [`Class::SubstanceUse`], in the order of [`Class::ALL`].
    pub fn bits(self) -> u8 {
        self.0
    }

    /// The set of stored bits; bits that mean nothing are dropped.
    pub fn from_bits(bits: u8) -> Self {
        Class::ALL.into_iter().filter(|class| bits & class.bit() != 0).collect()
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether this class is among them.
    pub fn contains(self, class: Class) -> bool {
        self.0 & class.bit() != 0
    }

    /// Both sets together.
    pub fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The classes, in the order of [`Class::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Class> {
        Class::ALL.into_iter().filter(move |class| self.contains(*class))
    }
}

impl FromIterator<Class> for Classes {
    fn from_iter<I: IntoIterator<Item = Class>>(classes: I) -> Self {
        Self(classes.into_iter().fold(0, |bits, class| bits | class.bit()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_bits_go_there_and_back() {
        for class in Class::ALL {
            assert_eq!(Class::named(class.name()), Some(class));
            let set: Classes = [class].into_iter().collect();
            assert_eq!(Classes::from_bits(set.bits()), set);
            assert!(set.contains(class));
        }
        assert_eq!(Class::named("other"), None);
        assert_eq!(Classes::from_bits(0xC0), Classes::NONE);
    }
}
