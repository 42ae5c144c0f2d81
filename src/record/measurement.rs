//! What was measured or observed, with the report's own ranges and flags.

use serde::{Deserialize, Serialize};

use super::{Concept, Number, Text};

/// A measurement: a lab, a vital sign, an observation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Measurement {
    /// What was found.
    pub value: Option<Value>,
    /// Why there is no value, as recorded.
    pub absent: Option<Text>,
    /// The report's flags, as recorded.
    pub flags: Vec<Flag>,
    /// Every range of the report, with its purpose, sex and age.
    pub ranges: Vec<Range>,
    /// The specimen.
    pub specimen: Option<Text>,
    /// The method.
    pub method: Option<Text>,
    /// The body site.
    pub body_site: Option<Text>,
    /// Parts measured together (systolic and diastolic).
    pub components: Vec<Component>,
}

/// A part of a measurement.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Component {
    /// What it is.
    pub concept: Concept,
    /// What was found.
    pub value: Option<Value>,
    /// Why there is no value.
    pub absent: Option<Text>,
    /// The report's flags.
    pub flags: Vec<Flag>,
    /// The report's ranges.
    pub ranges: Vec<Range>,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Value {
    /// A number with its unit.
    Quantity(Quantity),
    /// A coded answer.
    Concept(Concept),
    /// Words.
    Text(Text),
}

/// A number with its unit and, perhaps, a comparator.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quantity {
    /// `<`, `<=`, `>`, `>=` or `~`.
    pub comparator: Option<Text>,
    /// The digits.
    pub number: Number,
    /// The unit as recorded for people.
    pub unit: Option<Text>,
    /// The unit's UCUM code, where the source gave one.
    pub ucum: Option<Text>,
}

/// A range that the report gives.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Range {
    /// The lower end.
    pub low: Option<Quantity>,
    /// The upper end.
    pub high: Option<Quantity>,
    /// The range in words, where the report gives it so.
    pub text: Option<Text>,
    /// What it is for (`normal`, `treatment`), as recorded.
    pub purpose: Option<Text>,
    /// To whom it applies (a sex, a group), as recorded.
    pub applies_to: Vec<Text>,
    /// At which ages, as words.
    pub ages: Option<Text>,
}

/// A flag of the report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Flag {
    /// What it means.
    pub meaning: FlagMeaning,
    /// The word or code as recorded.
    pub text: Text,
}

/// What a flag means (HL7 v3 ObservationInterpretation).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum FlagMeaning {
    /// N.
    Normal,
    /// A.
    Abnormal,
    /// AA.
    CriticallyAbnormal,
    /// L.
    Low,
    /// LL.
    CriticallyLow,
    /// H.
    High,
    /// HH.
    CriticallyHigh,
    /// POS, DET, R for reactive.
    Positive,
    /// NEG, ND, NR.
    Negative,
    /// S: an organism is susceptible.
    Susceptible,
    /// I: intermediate.
    Intermediate,
    /// R: resistant.
    Resistant,
    /// Another, or one that is not understood: neither normal nor abnormal.
    Other,
}

/// Whether a result is out of range, by the report itself. No flag and no range is `Unknown`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Abnormality {
    /// The report marks it.
    Abnormal,
    /// The report says it is within its range.
    Normal,
    /// The report does not say.
    Unknown,
}

impl FlagMeaning {
    /// Three-valued: a positive or negative finding is neither normal nor abnormal by itself.
    pub fn abnormality(self) -> Abnormality {
        use FlagMeaning::*;
        match self {
            Normal => Abnormality::Normal,
            Abnormal | CriticallyAbnormal | Low | CriticallyLow | High | CriticallyHigh => {
                Abnormality::Abnormal
            }
            Positive | Negative | Susceptible | Intermediate | Resistant | Other => Abnormality::Unknown,
        }
    }

    /// True for the flags that a laboratory calls about.
    pub fn is_critical(self) -> bool {
        matches!(self, Self::CriticallyAbnormal | Self::CriticallyLow | Self::CriticallyHigh)
    }

    /// The short mark that stands behind a value; the recorded word where there is none.
    pub fn mark(self) -> Option<&'static str> {
        Some(match self {
            Self::Normal => "normal",
            Self::Abnormal => "abnormal",
            Self::CriticallyAbnormal => "CRITICAL",
            Self::Low => "low",
            Self::CriticallyLow => "CRITICALLY LOW",
            Self::High => "high",
            Self::CriticallyHigh => "CRITICALLY HIGH",
            Self::Positive => "positive",
            Self::Negative => "negative",
            Self::Susceptible => "susceptible",
            Self::Intermediate => "intermediate",
            Self::Resistant => "resistant",
            Self::Other => return None,
        })
    }
}

impl Quantity {
    /// The unit, as recorded for people or else its code.
    pub fn unit(&self) -> Option<&str> {
        self.unit.as_deref().or(self.ucum.as_deref())
    }

    /// The comparator and the digits a laboratory can mean: `<5`, `24.08`.
    pub fn shown_number(&self) -> String {
        format!("{}{}", self.comparator.as_deref().unwrap_or(""), self.number.shown())
    }
}
