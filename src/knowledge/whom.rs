//! Whom a row of a table is for: ages and sex.

/// The sex a published rule is written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sex {
    /// Female.
    Female,
    /// Male.
    Male,
}

impl Sex {
    pub(super) fn read(word: &str) -> Option<Self> {
        match word {
            "female" => Some(Self::Female),
            "male" => Some(Self::Male),
            _ => None,
        }
    }
}

/// A span of ages in years; an end that is not there is open.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ages {
    /// The first age it holds for.
    pub from: Option<f64>,
    /// The age at which it holds no more.
    pub below: Option<f64>,
}

impl Ages {
    /// Reads two cells, the upper one not included.
    pub(super) fn below(from: &str, below: &str) -> Self {
        Self { from: from.parse().ok(), below: below.parse().ok() }
    }

    /// Reads two cells of which a whole upper age lasts until the next birthday
    /// and one with a fraction is the exact age.
    pub(super) fn through(from: &str, until: &str) -> Self {
        let years_more = if until.contains('.') { 0.0 } else { 1.0 };
        let below = until.parse::<f64>().ok().map(|until| until + years_more);
        Self { from: from.parse().ok(), below }
    }

    /// Whether it holds for every age.
    pub fn is_any(self) -> bool {
        self.from.is_none() && self.below.is_none()
    }

    /// Whether it holds at this age, in years with their fraction; an age that
    /// is not known lies in no span that has an end.
    pub fn holds(self, age_years: Option<f64>) -> bool {
        match age_years {
            None => self.is_any(),
            Some(age) => {
                self.from.is_none_or(|from| age >= from) && self.below.is_none_or(|below| age < below)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_age_lasts_until_the_next_birthday() {
        let adults = Ages::through("45", "49");
        assert!(adults.holds(Some(49.9)) && adults.holds(Some(45.0)));
        assert!(!adults.holds(Some(50.0)) && !adults.holds(Some(44.9)) && !adults.holds(None));
        let infants = Ages::through("0.11", "0.67");
        assert!(infants.holds(Some(0.5)) && !infants.holds(Some(0.7)));
    }

    #[test]
    fn an_open_end_holds_for_all() {
        assert!(Ages::below("", "").holds(None));
        assert!(Ages::below("16", "").holds(Some(90.0)));
        assert!(!Ages::below("", "16").holds(Some(16.0)));
    }
}
