//! The short ids that an assistant can cite, and the kinds of entry behind their letters.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What an entry is, in the person's words. Each kind has the letter that begins its ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Kind {
    /// A problem, diagnosis or health concern.
    Condition,
    /// An order, statement, dose given or dispense of a medicine.
    Medication,
    /// An allergy, an intolerance, or a statement that there is none.
    Allergy,
    /// A laboratory result or another clinical test.
    Lab,
    /// A vital sign or body measure.
    Vital,
    /// A vaccine, given or not.
    Immunization,
    /// An operation or procedure.
    Procedure,
    /// A visit, stay or call.
    Visit,
    /// A note or report.
    Document,
    /// An imaging report or study.
    Imaging,
    /// Care team, goals, care plans, orders and referrals.
    CarePlan,
    /// Illness in the family.
    FamilyHistory,
    /// Social history, function, questionnaires, preferences.
    Background,
    /// An implant or device.
    Device,
    /// A living will, POLST, proxy or consent.
    Directive,
    /// Insurance.
    Coverage,
    /// A bill or claim.
    Claim,
    /// Who the record is about.
    Demographics,
    /// A clinician, organisation, place or related person.
    Contact,
    /// The person's own words.
    Note,
    /// Anything else a source sent: kept, and found by search.
    Other,
}

impl Kind {
    /// Every kind, in the order in which lists name them.
    pub const ALL: [Kind; 21] = [
        Kind::Condition,
        Kind::Medication,
        Kind::Allergy,
        Kind::Lab,
        Kind::Vital,
        Kind::Immunization,
        Kind::Procedure,
        Kind::Visit,
        Kind::Document,
        Kind::Imaging,
        Kind::CarePlan,
        Kind::FamilyHistory,
        Kind::Background,
        Kind::Device,
        Kind::Directive,
        Kind::Coverage,
        Kind::Claim,
        Kind::Demographics,
        Kind::Contact,
        Kind::Note,
        Kind::Other,
    ];

    /// The letter that begins an id of this kind. Released ids keep their letters for ever.
    pub fn letter(self) -> char {
        match self {
            Kind::Condition => 'C',
            Kind::Medication => 'M',
            Kind::Allergy => 'A',
            Kind::Lab => 'L',
            Kind::Vital => 'V',
            Kind::Immunization => 'I',
            Kind::Procedure => 'P',
            Kind::Visit => 'E',
            Kind::Document => 'D',
            Kind::Imaging => 'R',
            Kind::CarePlan => 'G',
            Kind::FamilyHistory => 'F',
            Kind::Background => 'B',
            Kind::Device => 'X',
            Kind::Directive => 'W',
            Kind::Coverage => 'U',
            Kind::Claim => 'K',
            Kind::Demographics => 'S',
            Kind::Contact => 'N',
            Kind::Note => 'Y',
            Kind::Other => 'O',
        }
    }

    /// The word for several of this kind.
    pub fn plural(self) -> &'static str {
        match self {
            Kind::Condition => "conditions",
            Kind::Medication => "medications",
            Kind::Allergy => "allergies",
            Kind::Lab => "labs",
            Kind::Vital => "vitals",
            Kind::Immunization => "immunizations",
            Kind::Procedure => "procedures",
            Kind::Visit => "visits",
            Kind::Document => "documents",
            Kind::Imaging => "imaging",
            Kind::CarePlan => "care plan",
            Kind::FamilyHistory => "family history",
            Kind::Background => "background",
            Kind::Device => "devices",
            Kind::Directive => "directives",
            Kind::Coverage => "coverage",
            Kind::Claim => "claims",
            Kind::Demographics => "demographics",
            Kind::Contact => "contacts",
            Kind::Note => "own notes",
            Kind::Other => "other",
        }
    }

    fn from_letter(letter: char) -> Option<Kind> {
        let letter = letter.to_ascii_uppercase();
        Kind::ALL.into_iter().find(|kind| kind.letter() == letter)
    }
}

/// A short stable id: the letter of the kind and six digits, such as `L482913`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct EntryId {
    kind: Kind,
    number: u32,
}

/// How many ids a kind has.
const IDS: u32 = 1_000_000;

impl EntryId {
    /// The id at a place of the circle of a million; the next place is tried when it is taken.
    pub fn new(kind: Kind, place: u32) -> EntryId {
        EntryId { kind, number: place % IDS }
    }

    /// The id one further, for probing when an id is taken.
    pub fn next(self) -> EntryId {
        EntryId::new(self.kind, self.number + 1)
    }

    /// Where it lies on the circle of its kind.
    pub fn number(self) -> u32 {
        self.number
    }

    /// What kind of entry has this id.
    pub fn kind(self) -> Kind {
        self.kind
    }

    /// A number that is sorted as ids are.
    pub fn order(self) -> u32 {
        // A number has six digits, and so fewer bits than these.
        (self.kind as u32) << 24 | self.number
    }

    /// Reads `L482913`, `l482913` and `[L482913]`.
    pub fn parse(text: &str) -> Option<EntryId> {
        let text = text.trim().trim_start_matches('[').trim_end_matches(']');
        let kind = Kind::from_letter(text.chars().next()?)?;
        let digits = text.get(1..)?;
        let six = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_digit());
        six.then(|| digits.parse().ok())?.map(|number| EntryId { kind, number })
    }
}

impl fmt::Display for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{:06}", self.kind.letter(), self.number)
    }
}

impl fmt::Debug for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_own_letter() {
        let letters: std::collections::HashSet<char> = Kind::ALL.into_iter().map(Kind::letter).collect();
        assert_eq!(letters.len(), Kind::ALL.len());
    }

    #[test]
    fn an_id_reads_back() {
        let id = EntryId::new(Kind::Lab, 482_913);
        assert_eq!(id.to_string(), "L482913");
        assert_eq!(EntryId::parse("[l482913]"), Some(id));
        assert_eq!(EntryId::parse("L48291"), None);
        assert_eq!(EntryId::parse("J482913"), None);
        assert_eq!(EntryId::new(Kind::Lab, 999_999).next().to_string(), "L000000");
    }
}
