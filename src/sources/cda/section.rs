//! Which section a statement stands in: by the LOINC code of the section. Each code stands, with its name, in a
//! section of HL7's C-CDA examples (HL7/C-CDA-Examples).

use super::xml::Element;

/// What a section is about, as far as it bears on what its statements mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Section {
    /// Allergies.
    Allergies,
    /// The problem list, and what was on it.
    Problems,
    /// Health concerns.
    Concerns,
    /// Diagnoses of a visit: at admission, at discharge, before and after an operation.
    Diagnoses,
    /// Medicines.
    Medications,
    /// Medicines at discharge.
    DischargeMedications,
    /// Medicines at admission.
    AdmissionMedications,
    /// Medicines that were given.
    AdministeredMedications,
    /// Vaccines.
    Immunizations,
    /// Results.
    Results,
    /// Vital signs.
    VitalSigns,
    /// Procedures.
    Procedures,
    /// Visits.
    Encounters,
    /// What is planned.
    Plan,
    /// Social history.
    SocialHistory,
    /// Family history.
    FamilyHistory,
    /// How somebody gets through the day.
    FunctionalStatus,
    /// How somebody thinks and feels.
    MentalStatus,
    /// Devices.
    Equipment,
    /// Insurance.
    Payers,
    /// Directives.
    Directives,
    /// Any other.
    #[default]
    Other,
}

impl Section {
    /// What this section is about. A section without a code that is known is what the one around it is.
    pub fn of(section: Element<'_>, around: Section) -> Section {
        use Section::*;
        match section.child("code").and_then(Element::code).unwrap_or_default() {
            "48765-2" => Allergies,
            "11450-4" | "11348-0" => Problems,
            "75310-3" => Concerns,
            "46241-6" | "11535-2" | "10219-4" | "10218-6" | "59769-0" | "55109-3" => Diagnoses,
            "10160-0" => Medications,
            "10183-2" | "75311-1" => DischargeMedications,
            "42346-7" => AdmissionMedications,
            "29549-3" => AdministeredMedications,
            "11369-6" => Immunizations,
            "30954-2" | "11493-4" => Results,
            "8716-3" => VitalSigns,
            "47519-4" => Procedures,
            "46240-8" => Encounters,
            "18776-5" | "59772-4" => Plan,
            "29762-2" => SocialHistory,
            "10157-6" => FamilyHistory,
            "47420-5" => FunctionalStatus,
            "10190-7" => MentalStatus,
            "46264-8" => Equipment,
            "48768-6" => Payers,
            "42348-3" => Directives,
            _ => around,
        }
    }

    /// The category that FHIR gives to the observations of this section.
    pub fn category(self) -> Option<&'static str> {
        match self {
            Section::Results => Some("laboratory"),
            Section::VitalSigns => Some("vital-signs"),
            Section::SocialHistory => Some("social-history"),
            Section::FunctionalStatus => Some("functional-status"),
            Section::MentalStatus => Some("cognitive-status"),
            Section::Concerns => Some("survey"),
            _ => None,
        }
    }

    /// What a person would call it.
    pub fn plain(self) -> Option<&'static str> {
        Some(match self {
            Section::Allergies => "allergies",
            Section::Problems => "problems",
            Section::Concerns => "health concerns",
            Section::Diagnoses => "diagnoses of a visit",
            Section::Medications => "medicines",
            Section::DischargeMedications => "medicines at discharge",
            Section::AdmissionMedications => "medicines at admission",
            Section::AdministeredMedications => "medicines given",
            Section::Immunizations => "immunizations",
            Section::Results => "results",
            Section::VitalSigns => "vital signs",
            Section::Procedures => "procedures",
            Section::Encounters => "visits",
            Section::Plan => "plan of treatment",
            Section::SocialHistory => "social history",
            Section::FamilyHistory => "family history",
            Section::FunctionalStatus => "functional status",
            Section::MentalStatus => "mental status",
            Section::Equipment => "medical equipment",
            Section::Payers => "insurance",
            Section::Directives => "advance directives",
            Section::Other => return None,
        })
    }

    /// True where a coded observation without a template is a problem.
    pub fn is_of_problems(self) -> bool {
        matches!(self, Section::Problems | Section::Diagnoses | Section::Concerns)
    }
}
