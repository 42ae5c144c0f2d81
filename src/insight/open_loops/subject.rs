//! What an order or a piece of advice is about, and whether something later is of the same kind.

use crate::insight::specialists::Specialists;
use crate::knowledge::analytes::{analyte_by_code, analytes, analytes_matching, panel_by_code};
use crate::knowledge::folding::{fold, holds_words};
use crate::knowledge::specialties::{specialties_named, specialty};
use crate::record::{Detail, Entry, Kind, System};

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Subject {
    /// A look into or at the body: how, and which part of it where that is said.
    Look { how: &'static str, places: Vec<&'static str> },
    /// Tests, by the keys of their analytes: any of them answers.
    Tests(Vec<&'static str>),
    /// A blood or urine test that is not named.
    AnyTest,
    /// A visit with one of these specialties; with any where there is none.
    Visit(Vec<&'static str>),
    /// Anything else, by its folded name.
    Named(String),
}

/// Whether something later is what was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    No,
    /// Of the same kind, but nothing says which part of the body one of them is of.
    Perhaps,
    Yes,
}

/// Ways to look, each with the folded words for it; the first that is found counts.
const LOOKS: [(&str, &[&str]); 22] = [
    ("PET scan", &["pet ct", "pet scan"]),
    ("CT", &["ct", "ct scan", "cat scan", "computed tomography", "ldct", "cta"]),
    ("MRI", &["mri", "magnetic resonance", "mrcp", "mra", "mr brain", "mr breast", "mr spine", "mr abdomen"]),
    ("mammogram", &["mammogram", "mammograms", "mammography", "mg breast", "tomosynthesis", "mammo"]),
    ("stress test", &["stress test", "stress echo", "nuclear stress", "treadmill test"]),
    ("heart ultrasound", &["echo", "echocardiogram", "echocardiography", "tte", "tee"]),
    (
        "ultrasound",
        &[
            "ultrasound",
            "sonogram",
            "sonography",
            "ultrasonography",
            "duplex",
            "us abdomen",
            "us pelvis",
            "us breast",
        ],
    ),
    ("bone density scan", &["dxa", "dexa", "bone density", "densitometry"]),
    ("biopsy", &["biopsy", "biopsies", "fna", "fine needle aspiration", "tissue sampling"]),
    ("colonoscopy", &["colonoscopy"]),
    ("endoscopy", &["egd", "upper endoscopy", "esophagogastroduodenoscopy", "endoscopy", "gastroscopy"]),
    ("cystoscopy", &["cystoscopy"]),
    ("colposcopy", &["colposcopy"]),
    ("cervical screening test", &["pap", "pap smear", "pap test", "cervical cytology", "hpv test"]),
    ("heart tracing", &["ecg", "ekg", "electrocardiogram"]),
    ("heart monitor", &["holter", "event monitor"]),
    ("sleep study", &["sleep study", "polysomnography", "polysomnogram"]),
    ("lung function test", &["pulmonary function", "spirometry", "pft", "pfts"]),
    ("eye exam", &["eye exam", "eye examination", "retinal exam", "retinal imaging", "dilated exam"]),
    ("angiogram", &["angiogram", "angiography", "catheterization"]),
    ("x-ray", &["x ray", "x rays", "xray", "radiograph", "radiographs", "radiography", "xr", "cxr"]),
    ("scan", &["imaging", "scan", "scans", "radiology"]),
];

/// A look that is not named more exactly: any scan can answer it, and never surely.
const ANY_SCAN: &str = "scan";

/// Parts of the body, each with the folded words for it.
const PLACES: [(&str, &[&str]); 14] = [
    ("chest", &["chest", "lung", "lungs", "pulmonary", "thorax", "thoracic"]),
    (
        "belly",
        &["abdomen", "abdominal", "liver", "hepatic", "pancreas", "pancreatic", "gallbladder", "spleen"],
    ),
    ("belly", &["kidney", "kidneys", "renal", "adrenal", "bowel", "bladder", "aorta", "retroperitoneum"]),
    ("pelvis", &["pelvis", "pelvic", "ovary", "ovarian", "ovaries", "uterus", "uterine", "prostate"]),
    ("head", &["head", "brain", "sinus", "sinuses", "orbit", "pituitary"]),
    ("neck", &["neck", "thyroid", "carotid"]),
    ("breast", &["breast", "breasts", "mammary", "axilla"]),
    ("spine", &["spine", "lumbar", "cervical spine"]),
    ("heart", &["heart", "cardiac", "coronary"]),
    ("knee", &["knee"]),
    ("hip", &["hip"]),
    ("shoulder", &["shoulder"]),
    ("foot", &["foot", "ankle"]),
    ("hand", &["hand", "wrist"]),
];

/// Looks that are of one part of the body by what they are.
const OF_ONE_PLACE: [&str; 12] = [
    "mammogram",
    "heart ultrasound",
    "stress test",
    "colonoscopy",
    "cystoscopy",
    "colposcopy",
    "cervical screening test",
    "heart tracing",
    "heart monitor",
    "sleep study",
    "lung function test",
    "eye exam",
];

/// Words for a test that is not named more exactly.
const ANY_TEST: [&str; 8] = [
    "blood test",
    "blood tests",
    "labs",
    "lab work",
    "blood work",
    "bloodwork",
    "lab tests",
    "laboratory tests",
];

/// Words for a visit that is not named more exactly.
const ANY_VISIT: [&str; 12] = [
    "visit",
    "appointment",
    "clinic",
    "office",
    "follow up with",
    "followup with",
    "rtc",
    "return to clinic",
    "return to office",
    "see me",
    "see you",
    "pcp",
];

/// Words for coming again.
const RETURN: [&str; 20] = [
    "return in",
    "return to clinic",
    "return to the clinic",
    "return to office",
    "return visit",
    "return appointment",
    "return within",
    "return after",
    "return for",
    "to return",
    "rtc",
    "come back",
    "follow up visit",
    "follow up appointment",
    "follow up in clinic",
    "follow up in the clinic",
    "follow up in office",
    "clinic follow up",
    "see me",
    "see you",
];

/// Words by which somebody comes again for a test.
const FOR_TEST: [&str; 7] = ["for", "repeat", "recheck", "re check", "redraw", "labs", "blood"];

/// What stands behind these brings a visit forward.
const SOONER: [&str; 2] = [" sooner ", " earlier "];

impl Subject {
    /// What an order asks for.
    pub fn of_order<'a>(entry: &'a Entry, specialists: &Specialists<'a>) -> Subject {
        let words = name_words(entry);
        if matches!(&entry.detail, Detail::Order(order) if order.is_referral) {
            return Subject::Visit(specialists.of_entry(entry));
        }
        if let Some(look) = look(&words) {
            return look;
        }
        let name = entry.concept.name().unwrap_or_default();
        let codes = || entry.concept.codes_in(&System::Loinc);
        let mut coded: Vec<&'static str> =
            codes().filter_map(analyte_by_code).map(|known| known.key).collect();
        let panels: Vec<&str> = codes().filter_map(panel_by_code).map(|panel| panel.key).collect();
        let members = analytes().iter().filter(|one| one.panels.iter().any(|panel| panels.contains(panel)));
        coded.extend(members.map(|member| member.key));
        let named: Vec<&'static str> = analytes_matching(name).into_iter().map(|known| known.key).collect();
        // A panel that is ordered for one of its tests ("Repeat potassium") is answered by that test.
        let both: Vec<&'static str> = coded.iter().copied().filter(|key| named.contains(key)).collect();
        match [both, coded, named].into_iter().find(|keys| !keys.is_empty()) {
            Some(keys) => Subject::Tests(keys),
            None => Subject::of_other(name),
        }
    }

    fn of_other(name: &str) -> Subject {
        let folded = fold(name);
        let specialties: Vec<&'static str> =
            specialties_named(name).into_iter().map(|specialty| specialty.key).collect();
        match specialties.is_empty() {
            _ if holds_one(&folded, &ANY_TEST) => Subject::AnyTest,
            false => Subject::Visit(specialties),
            true => Subject::Named(folded),
        }
    }

    /// What a folded sentence asks for; `None` where it names nothing that is known.
    pub fn of_sentence(folded: &str) -> Option<Subject> {
        if let Some(look) = look(folded) {
            return Some(look);
        }
        // "Return in three months, sooner for the potassium": what brings it forward is not what is asked for.
        let folded = SOONER.iter().find_map(|word| Some(folded.split_once(word)?.0)).unwrap_or(folded);
        if is_return(folded) {
            return Some(Subject::Visit(specialties_named(folded).into_iter().map(|one| one.key).collect()));
        }
        if holds_one(folded, &ANY_TEST) {
            return Some(Subject::AnyTest);
        }
        let tests: Vec<&'static str> = analytes_matching(folded).into_iter().map(|known| known.key).collect();
        if !tests.is_empty() {
            return Some(Subject::Tests(tests));
        }
        let specialties: Vec<&'static str> =
            specialties_named(folded).into_iter().map(|specialty| specialty.key).collect();
        (!specialties.is_empty() || holds_one(folded, &ANY_VISIT)).then_some(Subject::Visit(specialties))
    }

    /// What something that was done is.
    pub fn of_done<'a>(entry: &'a Entry, specialists: &Specialists<'a>) -> Option<Subject> {
        match entry.kind() {
            Kind::Visit => Some(Subject::Visit(specialists.of_entry(entry))),
            Kind::Lab | Kind::Vital => {
                let keys: Vec<&'static str> = entry
                    .concept
                    .codes_in(&System::Loinc)
                    .filter_map(analyte_by_code)
                    .map(|it| it.key)
                    .collect();
                match keys.is_empty() {
                    false => Some(Subject::Tests(keys)),
                    true => Some(Subject::Named(fold(entry.concept.name()?))),
                }
            }
            _ => look(&name_words(entry)).or_else(|| Some(Subject::Named(fold(entry.concept.name()?)))),
        }
    }

    /// Whether something later is what was asked for.
    pub fn is_met_by(&self, later: &Subject) -> Fit {
        match (self, later) {
            (Subject::Look { how, places }, Subject::Look { how: later, places: there }) => {
                let is_same = how == later;
                let is_perhaps = *how == ANY_SCAN || *later == ANY_SCAN;
                let is_known = !places.is_empty() && !there.is_empty() || OF_ONE_PLACE.contains(how);
                let meets = places.iter().any(|place| there.contains(place)) || OF_ONE_PLACE.contains(how);
                match (is_same, is_known) {
                    (true, true) if meets => Fit::Yes,
                    (_, true) if !meets => Fit::No,
                    (true, _) => Fit::Perhaps,
                    (false, _) if is_perhaps => Fit::Perhaps,
                    _ => Fit::No,
                }
            }
            (Subject::Tests(asked), Subject::Tests(done)) => yes(asked.iter().any(|key| done.contains(key))),
            (Subject::Visit(asked), Subject::Visit(seen)) => {
                yes(asked.is_empty() || asked.iter().any(|key| seen.contains(key)))
            }
            (Subject::Named(asked), Subject::Named(done)) => yes(asked == done),
            (Subject::AnyTest, Subject::Tests(_)) => Fit::Yes,
            _ => Fit::No,
        }
    }

    /// What it is called in a sentence that says that none stands later in the record.
    pub fn called(&self) -> String {
        match self {
            Subject::Look { how, places } if OF_ONE_PLACE.contains(how) || places.is_empty() => {
                (*how).to_owned()
            }
            Subject::Look { how, places } => format!("{how} of the {}", places.join(" or ")),
            Subject::Tests(_) => "result of it".into(),
            Subject::AnyTest => "lab result".into(),
            Subject::Visit(keys) => match keys.first().and_then(|key| specialty(key)) {
                Some(specialty) => format!("visit with a {}", specialty.name),
                None => "visit".into(),
            },
            Subject::Named(_) => "entry of that name".into(),
        }
    }
}

/// True of a sentence that asks somebody to come again, and for no test.
fn is_return(folded: &str) -> bool {
    let is_for_test = holds_one(folded, &FOR_TEST)
        && (holds_one(folded, &ANY_TEST) || !analytes_matching(folded).is_empty());
    holds_one(folded, &RETURN) && !is_for_test
}

fn yes(is_met: bool) -> Fit {
    if is_met { Fit::Yes } else { Fit::No }
}

/// Every word of the name, folded.
fn name_words(entry: &Entry) -> String {
    entry.concept.words().map(fold).collect::<Vec<_>>().join(" ")
}

fn holds_one(folded: &str, phrases: &[&str]) -> bool {
    phrases.iter().any(|phrase| holds_words(folded, phrase))
}

/// The look that a folded text names.
pub(super) fn look(folded: &str) -> Option<Subject> {
    let how = LOOKS.iter().find(|(_, words)| holds_one(folded, words)).map(|(how, _)| *how)?;
    Some(Subject::Look { how, places: places(folded) })
}

/// The parts of the body that a folded text names.
pub(super) fn places(folded: &str) -> Vec<&'static str> {
    let mut found: Vec<&'static str> =
        PLACES.iter().filter(|(_, words)| holds_one(folded, words)).map(|(place, _)| *place).collect();
    found.dedup();
    found
}
