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

    /// The address of the system, as tables know it; empty where none was given.
    pub fn address(&self) -> &str {
        match self {
            System::Loinc => "http://loinc.org",
            System::Snomed => "http://snomed.info/sct",
            System::Icd10 => "http://hl7.org/fhir/sid/icd-10-cm",
            System::Icd9 => "http://hl7.org/fhir/sid/icd-9-cm",
            System::Icd10Pcs => "http://www.cms.gov/Medicare/Coding/ICD10",
            System::RxNorm => "http://www.nlm.nih.gov/research/umls/rxnorm",
            System::Ndc => "http://hl7.org/fhir/sid/ndc",
            System::Cvx => "http://hl7.org/fhir/sid/cvx",
            System::Cpt => "http://www.ama-assn.org/go/cpt",
            System::Hcpcs => "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets",
            System::Unii => "http://fdasis.nlm.nih.gov",
            System::Other(address) => address.as_deref().unwrap_or_default(),
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

    /// Every word of it: its text, its codes and what the sender called them.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        let codes = self.codes.iter().flat_map(|code| [Some(code.code.as_str()), code.display.as_deref()]);
        self.text.as_deref().into_iter().chain(codes.flatten())
    }

    /// True where nothing was recorded.
    pub fn is_empty(&self) -> bool {
        self.text.is_none() && self.codes.is_empty()
    }
}
