//! What reveals one of the six sensitive classes: codes, labels, medicines,
//! kinds of notes and words.

use foldhash::HashMap;
use std::sync::LazyLock;

use super::medicines;
use super::phrases::Phrases;
use super::table::{list, rows};

mod classes;
mod passages;

pub use classes::{Class, Classes};
pub use passages::passages_of;

pub(super) const CODES: &str = include_str!("tables/sensitive_codes.tsv");
pub(super) const LOINC: &str = include_str!("tables/sensitive_loinc.tsv");
pub(super) const WORDS: &str = include_str!("tables/sensitive_words.tsv");

/// The classes of each code, by the table's name of the system.
struct Codes {
    exact: HashMap<(&'static str, &'static str), Classes>,
    /// Codes that stand for everything below them, without their `*`.
    stems: HashMap<(&'static str, &'static str), Classes>,
}

static CODE_INDEX: LazyLock<Codes> = LazyLock::new(|| {
    let mut index = Codes { exact: HashMap::default(), stems: HashMap::default() };
    let loinc = rows(LOINC).map(|[code, class]| ["loinc", code, class]);
    for [system, code, classes] in rows(CODES).chain(loinc) {
        let classes: Classes = list(classes).filter_map(Class::named).collect();
        match code.strip_suffix('*') {
            Some(stem) => index.stems.insert((system, stem), classes),
            None => index.exact.insert((system, code), classes),
        };
    }
    index
});

/// A phrase without a class hides the phrases inside it: `non alcoholic`.
static PASSAGES: LazyLock<Phrases<Option<Class>>> = LazyLock::new(|| {
    let medicines = medicines::ingredients().iter().flat_map(|known| {
        // Some birth control brands are given names; those that are not stand in the table.
        let brands: &[&str] =
            if known.sensitive.contains(Class::SexualReproductive) { &[] } else { &known.brands };
        known.sensitive.iter().flat_map(move |class| {
            std::iter::once(known.name)
                .chain(known.other_names.iter().copied())
                .chain(brands.iter().copied())
                .map(move |words| (words, Some(class)))
        })
    });
    let pairs: Vec<(String, Option<Class>)> = pairs().collect();
    let fixed: Vec<(&str, Option<Class>)> =
        words_of("passage").chain(words_of("plain")).chain(medicines).collect();
    let pairs = pairs.iter().map(|(words, class)| (words.as_str(), *class));
    Phrases::new(fixed.into_iter().chain(pairs))
});

static NOTES: LazyLock<Phrases<Option<Class>>> = LazyLock::new(|| Phrases::new(words_of("note")));

fn words_of(wanted: &'static str) -> impl Iterator<Item = (&'static str, Option<Class>)> {
    rows(WORDS)
        .filter(move |[kind, _, _]| *kind == wanted)
        .flat_map(|[_, class, phrases]| list(phrases).map(move |phrase| (phrase, Class::named(class))))
}

/// Every beginning of a row with every end of it: `husband; father > hits; beat` are four phrases.
fn pairs() -> impl Iterator<Item = (String, Option<Class>)> {
    rows(WORDS).filter(|[kind, _, _]| *kind == "pair").flat_map(|[_, class, cell]| {
        let (beginnings, ends) = cell.split_once('>').unwrap_or((cell, ""));
        let join = move |beginning| list(ends).map(move |end| format!("{beginning} {end}"));
        list(beginnings).flat_map(join).map(move |words| (words, Class::named(class)))
    })
}

/// The table's names for a code system, as vendors write its address.
fn short_system(system: &str) -> Option<&'static str> {
    Some(match system {
        "http://hl7.org/fhir/sid/icd-10-cm"
        | "http://hl7.org/fhir/sid/icd-10"
        | "urn:oid:2.16.840.1.113883.6.90" => "icd-10-cm",
        "http://www.cms.gov/Medicare/Coding/ICD10" | "urn:oid:2.16.840.1.113883.6.4" => "icd-10-pcs",
        "http://hl7.org/fhir/sid/icd-9-cm" | "urn:oid:2.16.840.1.113883.6.103" => "icd-9-cm",
        "http://www.cms.gov/Medicare/Coding/ICD9" | "urn:oid:2.16.840.1.113883.6.104" => "icd-9-pcs",
        "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
        | "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
        | "https://bluebutton.cms.gov/resources/codesystem/hcpcs"
        | "urn:oid:2.16.840.1.113883.6.285" => "hcpcs",
        "https://www.cms.gov/Medicare/Medicare-Fee-for-Service-Payment/AcuteInpatientPPS/MS-DRG-Classifications-and-Software" => {
            "ms-drg"
        }
        "http://loinc.org" | "urn:oid:2.16.840.1.113883.6.1" => "loinc",
        "http://terminology.hl7.org/CodeSystem/v3-ActCode"
        | "http://hl7.org/fhir/v3/ActCode"
        | "urn:oid:2.16.840.1.113883.5.4" => "act",
        _ => return None,
    })
}

/// The classes that a code reveals, privacy labels and RxNorm codes included.
pub fn classes_of_code(system: &str, code: &str) -> Classes {
    let code = code.trim();
    let Some(system) = short_system(system) else {
        return classes_of_medicine(&[(system, code)], "");
    };
    // Claims leave the point out of diagnoses: F1010 is F10.10.
    let pointed = match system {
        "icd-10-cm" if !code.contains('.') && code.len() > 3 && code.is_ascii() => {
            format!("{}.{}", &code[..3], &code[3..])
        }
        "icd-10-cm" | "act" => code.to_uppercase(),
        _ => code.to_owned(),
    };
    let index = &*CODE_INDEX;
    let exact = index.exact.get(&(system, pointed.as_str()));
    let stems = (1..=pointed.len())
        .filter_map(|end| pointed.get(..end))
        .filter_map(|stem| index.stems.get(&(system, stem)));
    exact.into_iter().chain(stems).fold(Classes::NONE, |all, classes| all.with(*classes))
}

/// The classes that a medicine reveals, by its codes or else by its text.
pub fn classes_of_medicine(codes: &[(&str, &str)], text: &str) -> Classes {
    medicines::ingredients_of(codes, text)
        .into_iter()
        .fold(Classes::NONE, |all, known| all.with(known.sensitive))
}

/// The classes that the words of a passage reveal; the passage is to be withheld,
/// not the note, for most notes repeat some history.
pub fn classes_of_words(text: &str) -> Classes {
    gather(&PASSAGES, text)
}

/// The classes that the type, title or department of a note reveals; the whole
/// note is to be withheld.
pub fn classes_of_note(kind_or_department: &str) -> Classes {
    gather(&NOTES, kind_or_department)
}

fn gather(phrases: &Phrases<Option<Class>>, text: &str) -> Classes {
    let mut found = Classes::NONE;
    phrases.each(text, |classes| {
        found = found.with(classes.iter().copied().flatten().collect());
    });
    found
}

#[cfg(test)]
mod tests {
    mod measured;

    use super::*;

    const ICD_10_CM: &str = "http://hl7.org/fhir/sid/icd-10-cm";
    const ACT: &str = "http://terminology.hl7.org/CodeSystem/v3-ActCode";

    fn names(classes: Classes) -> Vec<&'static str> {
        classes.iter().map(Class::name).collect()
    }

    #[test]
    fn diagnoses_are_classed_by_chapter() {
        for (code, expected) in [
            ("F10.20", "substance-use"),
            ("F1020", "substance-use"),
            ("F32.9", "mental-health"),
            ("B20", "hiv"),
            ("O98.711", "hiv"),
            ("A54.00", "sexual-reproductive"),
            ("T74.21XA", "abuse"),
            ("Z15.01", "genetic"),
        ] {
            assert_eq!(names(classes_of_code(ICD_10_CM, code)), [expected], "{code}");
        }
    }

    #[test]
    fn what_must_stay_visible_is_not_classed() {
        for code in ["F17.210", "F03.90", "F84.0", "Z34.90", "I10", "E11.9", "B201", ""] {
            assert!(classes_of_code(ICD_10_CM, code).is_empty(), "{code}");
        }
        let drg = "https://www.cms.gov/Medicare/Medicare-Fee-for-Service-Payment/AcuteInpatientPPS/MS-DRG-Classifications-and-Software";
        assert!(classes_of_code(drg, "522").is_empty(), "a hip replacement");
        assert!(!classes_of_code(drg, "897").is_empty());
        assert!(classes_of_code("http://example.org", "F10.20").is_empty());
    }

    #[test]
    fn labels_tests_claims_and_medicines_are_classed() {
        assert_eq!(names(classes_of_code(ACT, "BH")), ["substance-use", "mental-health"]);
        assert_eq!(names(classes_of_code(ACT, "SDV")), ["abuse"]);
        for past in ["Z86.59", "Z91.49"] {
            assert_eq!(names(classes_of_code("http://hl7.org/fhir/sid/icd-10-cm", past)), ["mental-health"]);
        }
        assert_eq!(names(classes_of_code("http://loinc.org", "56888-1")), ["hiv"]);
        assert_eq!(
            names(classes_of_code("https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets", "H0020")),
            ["substance-use"]
        );
        assert_eq!(names(classes_of_medicine(&[], "Biktarvy 50-200-25 mg")), ["hiv"]);
        assert_eq!(
            names(classes_of_code("http://www.nlm.nih.gov/research/umls/rxnorm", "36437")),
            ["mental-health"]
        );
    }

    #[test]
    fn words_mark_passages_and_notes() {
        assert_eq!(
            names(classes_of_words("Pt reports heavy drinking and takes Zoloft.")),
            ["substance-use", "mental-health"]
        );
        assert_eq!(names(classes_of_words("HIV: non-reactive")), ["hiv"]);
        assert!(classes_of_words("Hearing aid; takes lisinopril for blood pressure.").is_empty());
        assert!(classes_of_words("Camila was seen for a cough.").is_empty());
        assert!(classes_of_words("PCP aware. Hearing aids. Non-alcoholic fatty liver.").is_empty());
        assert!(classes_of_words("ECG: ST depression; depression screening done").is_empty());
        assert_eq!(names(classes_of_words("screening for domestic abuse; victim of abuse")), ["abuse"]);
        assert_eq!(names(classes_of_note("Psychiatry Progress Note")), ["mental-health"]);
        assert!(classes_of_note("Cardiology Consult").is_empty());
    }

    #[test]
    fn every_row_names_a_known_class() {
        for [_, code, classes] in rows(CODES) {
            assert!(list(classes).all(|class| Class::named(class).is_some()), "{code}");
        }
        for [code, class] in rows(LOINC) {
            assert!(Class::named(class).is_some(), "{code}");
        }
        for [kind, class, phrases] in rows(WORDS) {
            assert_eq!(kind == "pair", phrases.contains('>'), "{phrases}");
            assert!(matches!(kind, "passage" | "pair" | "note" | "plain"), "{kind}");
            assert_eq!(Class::named(class).is_none(), kind == "plain", "{class}");
        }
    }
}
