//! What kind of document a note or report is: by its category and type, else by its words.
//!
//! Codes: HL7 v2 table 0074, diagnostic service sections (THO, CC0); LOINC parts for the report
//! categories of US Core; LOINC document types and directives from the US Core 9.0.0 examples (CC0)
//! and from open lists of LOINC discharge documents and advance directives.

use crate::record::{Concept, DocumentKind, System, Text};

/// LOINC: discharge summaries.
const DISCHARGE: [&str; 3] = ["18842-5", "28655-9", "59258-4"];

/// LOINC: advance directives, portable orders, living wills, powers of attorney.
const DIRECTIVES: [&str; 11] = [
    "42348-3", "81334-5", "86533-7", "93037-0", "84095-9", "75320-2", "64298-3", "92664-2", "81351-9",
    "89666-0", "89897-1",
];

/// True for a directive: by its type or by its category.
pub(super) fn is_directive(concepts: &[Concept]) -> bool {
    let has_code = |concept: &Concept| {
        concept.codes_in(&System::Loinc).any(|code| DIRECTIVES.contains(&code))
            || concept.codes.iter().any(|code| code.code == "PMO")
    };
    concepts.iter().any(has_code)
}

/// The kind of a document.
pub(super) fn document(concept: &Concept, categories: &[Text]) -> DocumentKind {
    if concept.codes_in(&System::Loinc).any(|code| DISCHARGE.contains(&code)) {
        return DocumentKind::Discharge;
    }
    let name = concept.name().unwrap_or_default().to_lowercase();
    if name.contains("discharge summ") {
        return DocumentKind::Discharge;
    }
    match by_sections(categories).or_else(|| by_words(&name)) {
        Some(kind) => kind,
        None if is_note(&name, categories) => DocumentKind::Note,
        None => DocumentKind::Other,
    }
}

/// The kind of a diagnostic report. A laboratory report that is nothing else is a panel.
pub(super) fn report(concept: &Concept, categories: &[Text]) -> DocumentKind {
    let name = concept.name().unwrap_or_default().to_lowercase();
    match by_sections(categories) {
        // A laboratory's culture, biopsy or gene test keeps its own kind.
        Some(DocumentKind::LabPanel) => {
            by_words(&name).filter(|kind| *kind != DocumentKind::Imaging).unwrap_or(DocumentKind::LabPanel)
        }
        Some(kind) => kind,
        None => by_words(&name).unwrap_or(DocumentKind::Other),
    }
}

/// By the section that made it. The strongest word wins, since many reports are also `LAB`.
fn by_sections(categories: &[Text]) -> Option<DocumentKind> {
    let kinds: Vec<DocumentKind> = categories.iter().filter_map(|word| by_section(word)).collect();
    kinds.iter().find(|kind| **kind != DocumentKind::LabPanel).or(kinds.first()).copied()
}

fn by_section(word: &str) -> Option<DocumentKind> {
    Some(match word {
        "RAD" | "RX" | "CT" | "NMR" | "NMS" | "RUS" | "OUS" | "VUS" | "CUS" | "XRC" => DocumentKind::Imaging,
        "SP" | "CP" => DocumentKind::Pathology,
        "GE" => DocumentKind::Genetics,
        "MB" | "MCB" | "MYC" | "VR" => DocumentKind::Microbiology,
        "LAB" | "CH" | "HM" | "IMM" | "BG" | "TX" | "SR" | "BLB" | "OSL" => DocumentKind::LabPanel,
        _ => match word.to_lowercase().as_str() {
            "radiology" | "imaging" => DocumentKind::Imaging,
            "pathology" => DocumentKind::Pathology,
            "genetics" => DocumentKind::Genetics,
            "microbiology" => DocumentKind::Microbiology,
            "laboratory" | "lab" => DocumentKind::LabPanel,
            // The LOINC parts themselves, where no name was sent.
            "lp29684-5" => DocumentKind::Imaging,
            "lp7839-6" => DocumentKind::Pathology,
            _ => return None,
        },
    })
}

fn by_words(name: &str) -> Option<DocumentKind> {
    let has = |parts: &[&str]| parts.iter().any(|part| name.contains(part));
    let words = || name.split(|letter: char| !letter.is_alphanumeric());
    let is_modality = || words().any(|word| ["xr", "ct", "mr", "mri", "us", "dxa", "pet"].contains(&word));
    if has(&["patholog", "cytolog", "biopsy", "histolog"]) && !has(&["speech", "language"]) {
        Some(DocumentKind::Pathology)
    } else if has(&["genetic", "genomic", "chromosom", "karyotyp"]) {
        Some(DocumentKind::Genetics)
    } else if has(&["culture", "gram stain", "microbiolog"]) {
        Some(DocumentKind::Microbiology)
    } else if has(&["x-ray", "mammogra", "ultrasound", "radiolog", "tomograph", "diagnostic imaging"])
        || is_modality()
    {
        Some(DocumentKind::Imaging)
    } else {
        None
    }
}

fn is_note(name: &str, categories: &[Text]) -> bool {
    let has = |part: &str| name.contains(part);
    categories.iter().any(|word| word.to_lowercase().replace(' ', "-") == "clinical-note")
        || ["note", "consult", "history and physical", "h&p", "progress"].into_iter().any(has)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_section_and_the_words_tell_the_kind() {
        let kind = |name: &str, section: &str| report(&Concept::named(name), &[section.into()]);
        assert_eq!(kind("CBC panel", "LAB"), DocumentKind::LabPanel);
        assert_eq!(kind("Urine culture", "LAB"), DocumentKind::Microbiology);
        assert_eq!(kind("XR Chest 2 Views", "Radiology"), DocumentKind::Imaging);
        assert_eq!(kind("CT Head", "unheard of"), DocumentKind::Imaging);
        assert_eq!(kind("Cardiology Note", "Cardiology"), DocumentKind::Other);
        let note = document(&Concept::named("Speech-language pathology note"), &["clinical-note".into()]);
        assert_eq!(note, DocumentKind::Note);
    }
}
