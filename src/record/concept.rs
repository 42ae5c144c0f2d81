//! What an entry is about: a name as recorded, and the codes behind it.

use serde::{Deserialize, Serialize};

use super::Text;

/// A thing named by a person or a system, with its codes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Concept {
    /// The words of the record: its text, else the display of its first code.
    pub text: Option<Text>,
    /// Every code as recorded, in its order.
    pub codes: Vec<Code>,
}

/// A code with its system.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Code {
    /// Which code system.
    pub system: System,
    /// The code as written.
    pub code: Text,
    /// The name the sender gave the code.
    pub display: Option<Text>,
}

/// A code system. The well-known ones have names, so that no table repeats their addresses.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum System {
    /// LOINC: tests, documents, questions.
    Loinc,
    /// SNOMED CT: codes are kept; its names are not ours to give out.
    Snomed,
    /// ICD-10-CM (and ICD-10 where a sender says so).
    Icd10,
    /// ICD-9-CM.
    Icd9,
    /// ICD-10-PCS.
    Icd10Pcs,
    /// RxNorm.
    RxNorm,
    /// National Drug Code.
    Ndc,
    /// CVX: vaccines.
    Cvx,
    /// CPT.
    Cpt,
    /// HCPCS level II.
    Hcpcs,
    /// UNII: substances.
    Unii,
    /// Any other, by its address; `None` where none was given.
    Other(Option<Text>),
}

impl System {
    /// The short name people know, or the address.
    pub fn name(&self) -> &str {
        match self {
            System::Loinc => "LOINC",
            System::Snomed => "SNOMED CT",
            System::Icd10 => "ICD-10-CM",
            System::Icd9 => "ICD-9-CM",
            System::Icd10Pcs => "ICD-10-PCS",
            System::RxNorm => "RxNorm",
            System::Ndc => "NDC",
            System::Cvx => "CVX",
            System::Cpt => "CPT",
            System::Hcpcs => "HCPCS",
            System::Unii => "UNII",
            System::Other(address) => address.as_deref().unwrap_or("no system"),
        }
    }
}

impl Concept {
    /// A name without codes.
    pub fn named(text: &str) -> Concept {
        Concept { text: Text::trimmed(text), codes: Vec::new() }
    }

    /// The recorded name; `None` where there is neither text nor a display.
    pub fn name(&self) -> Option<&str> {
        let display = || self.codes.iter().find_map(|code| code.display.as_deref());
        self.text.as_deref().or_else(display)
    }

    /// The recorded name, else the first code, else "not named". What is shown is never empty.
    pub fn label(&self) -> String {
        match (self.name(), self.codes.first()) {
            (Some(name), _) => name.to_owned(),
            (None, Some(code)) => format!("{} {}", code.system.name(), code.code),
            (None, None) => "not named".to_owned(),
        }
    }

    /// The codes of one system.
    pub fn codes_in<'a>(&'a self, system: &'a System) -> impl Iterator<Item = &'a str> {
        self.codes.iter().filter(move |code| code.system == *system).map(|code| code.code.as_str())
    }

    /// True where nothing was recorded.
    pub fn is_empty(&self) -> bool {
        self.text.is_none() && self.codes.is_empty()
    }
}
