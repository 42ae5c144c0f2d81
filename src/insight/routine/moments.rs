//! Beneath which headings of the day a medicine stands: by its recorded codes and the label's words, and by
//! nothing else.

use crate::insight::medications::HomeMedicine;
use crate::insight::medications::medication;
use crate::knowledge::dosage_times::{self, Timing};
use crate::record::Dosage;

/// A heading of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Moment {
    OtherDays,
    Morning,
    Midday,
    Evening,
    Night,
    Meals,
    Often,
    Daily,
    AsNeeded,
    NotRecorded,
}

/// Each heading with its words, in the order in which a day is read; what is not for every day comes first,
/// for there a slip does most harm.
pub(super) const HEADINGS: [(Moment, &str); 10] = [
    (Moment::OtherDays, "NOT EVERY DAY"),
    (Moment::Morning, "Morning"),
    (Moment::Midday, "Midday"),
    (Moment::Evening, "Afternoon and evening"),
    (Moment::Night, "Bedtime and night"),
    (Moment::Meals, "With meals or food, time not recorded"),
    (Moment::Often, "Several times a day, times not recorded"),
    (Moment::Daily, "Once a day, time not recorded"),
    (Moment::AsNeeded, "Only as needed"),
    (Moment::NotRecorded, "Time not recorded, or read the words as written"),
];

/// Where a medicine stands.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Placed {
    /// The headings, at least one, each once.
    pub moments: Vec<Moment>,
    /// True where the label's words and the recorded elements do not say the same.
    pub differs: bool,
}

/// Where a medicine for home stands.
pub(super) fn placed(medicine: &HomeMedicine<'_>) -> Placed {
    let dosage = medication(medicine.entry).map_or(&[][..], |medicine| &medicine.dosage);
    let of_words: Vec<Said> = dosage.iter().map(words_of).collect();
    let of_elements: Vec<Said> = dosage.iter().map(elements_of).collect();
    let (words, elements) = (Said::together(&of_words), Said::together(&of_elements));
    let mut all = Said::together(&[words.clone(), elements.clone()]);
    // A plan that changes over time is read by people only.
    if all.has(Timing::Changing) && !all.has(Timing::OtherDays) {
        all.timings.clear();
    }
    let moments = if medicine.is_as_needed { vec![Moment::AsNeeded] } else { all.moments() };
    Placed { moments, differs: words.differs_from(&elements) }
}

/// What a dosage says about when, with what is only as needed apart.
#[derive(Clone, Debug, Default)]
struct Said {
    timings: Vec<Timing>,
    is_needed: bool,
}

/// The words for the patient and the words of the order.
fn words_of(dosage: &Dosage) -> Said {
    let texts = dosage.text.iter().chain(&dosage.patient_text);
    Said::together(&texts.map(|text| Said::of(text)).collect::<Vec<_>>())
}

/// The recorded codes and times, and what the elements say in our words.
fn elements_of(dosage: &Dosage) -> Said {
    let mut said = dosage.structured.as_deref().map(Said::of).unwrap_or_default();
    said.timings.extend(dosage.times.iter().filter_map(|code| dosage_times::of_code(code)));
    said.is_needed |= dosage.as_needed.is_some();
    Said::together(&[said])
}

impl Said {
    fn of(text: &str) -> Said {
        let mut said = Said::default();
        for (sentence, timings) in dosage_times::of_sentences(text) {
            let is_needed = timings.contains(&Timing::Needed);
            said.is_needed |= is_needed;
            if !is_needed || dosage_times::is_beside(sentence) {
                said.timings.extend(timings);
            }
        }
        said
    }

    fn together(all: &[Said]) -> Said {
        let mut timings: Vec<Timing> = all.iter().flat_map(|said| said.timings.iter().copied()).collect();
        timings.retain(|timing| *timing != Timing::Needed);
        timings.sort_unstable();
        timings.dedup();
        Said { timings, is_needed: all.iter().any(|said| said.is_needed) }
    }

    fn has(&self, timing: Timing) -> bool {
        self.timings.contains(&timing)
    }

    /// The parts of the day that are named.
    fn parts(&self) -> Vec<Moment> {
        let part = |timing: &Timing| match timing {
            Timing::Morning => Some(Moment::Morning),
            Timing::Midday => Some(Moment::Midday),
            Timing::Evening => Some(Moment::Evening),
            Timing::Night => Some(Moment::Night),
            _ => None,
        };
        self.timings.iter().filter_map(part).collect()
    }

    /// How often, where it is said.
    fn often(&self) -> Option<Timing> {
        [Timing::OtherDays, Timing::Often, Timing::Daily].into_iter().find(|timing| self.has(*timing))
    }

    fn moments(&self) -> Vec<Moment> {
        if self.has(Timing::OtherDays) {
            return vec![Moment::OtherDays];
        }
        let mut moments = self.parts();
        if moments.is_empty() {
            let rest = [
                (Timing::Meals, Moment::Meals),
                (Timing::Often, Moment::Often),
                (Timing::Daily, Moment::Daily),
            ];
            let first = rest.into_iter().find(|(timing, _)| self.has(*timing));
            moments.extend(first.map(|(_, moment)| moment));
        }
        if self.is_needed {
            moments.push(Moment::AsNeeded);
        }
        if moments.is_empty() {
            moments.push(Moment::NotRecorded);
        }
        moments
    }

    /// Two sayings that cannot both be meant: other parts of the day, or another "how often".
    fn differs_from(&self, other: &Said) -> bool {
        let (own, others) = (self.parts(), other.parts());
        let other_parts = !own.is_empty() && !others.is_empty() && own != others;
        let other_often = self.often().zip(other.often()).is_some_and(|(own, other)| own != other);
        other_parts || other_often
    }
}
