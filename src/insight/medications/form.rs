//! Creams and drops: what acts where it is put, and hardly in the rest of the body.

use super::medication;
use crate::knowledge::folding::{fold, holds_words};
use crate::knowledge::medicine_facts::class_of;
use crate::knowledge::medicines::{HighRisk, Ingredient};
use crate::record::Entry;

/// Words of a name that say a form for the skin.
const SKIN: [&str; 8] = ["cream", "ointment", "lotion", "shampoo", "gel", "topical", "foam", "topically"];
/// Words of a name or a label that say drops for the eye or the ear.
const DROPS: [&str; 10] = [
    "ophthalmic",
    "ophth",
    "ophthalmic solution",
    "eye drop",
    "eye drops",
    "otic",
    "ear drop",
    "ear drops",
    "both eyes",
    "affected eye",
];
/// Classes whose creams and drops hardly reach the blood. Every other class is asked about in any form: a gel of
/// testosterone and an ointment of nitroglycerin act in the whole body, and so do a beta blocker's eye drops.
const STAYS: [&str; 16] = [
    "systemic-steroid",
    "calcineurin-inhibitor",
    "macrolide",
    "fluoroquinolone",
    "aminoglycoside",
    "sulfonamide-antibiotic",
    "trimethoprim-type",
    "tetracycline-antibiotic",
    "lincosamide",
    "nitroimidazole",
    "azole-antifungal",
    "nail-antifungal",
    "herpes-antiviral",
    "sedating-antihistamine",
    "antihistamine",
    "fluoropyrimidine",
];

/// Where a medicine is put, as far as its name and its label say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Put {
    /// On the skin.
    OnSkin,
    /// Into an eye or an ear.
    AsDrops,
    /// Taken, injected, or not said.
    In,
}

impl Put {
    /// By the name, and where that says nothing by the label.
    pub fn of(entry: &Entry) -> Put {
        let dosage = medication(entry).map_or(&[][..], |medicine| &medicine.dosage);
        let labels = dosage.iter().flat_map(|one| [&one.text, &one.patient_text, &one.structured]);
        let labels: Vec<&str> = labels.flatten().map(|text| text.as_str()).collect();
        match Put::named(&entry.concept.label()) {
            Put::In => Put::named(&labels.join(" ")),
            put => put,
        }
    }

    /// By words.
    pub fn named(words: &str) -> Put {
        let folded = fold(words);
        let says = |all: &[&str]| all.iter().any(|word| holds_words(&folded, word));
        match (says(&DROPS), says(&SKIN)) {
            (true, _) => Put::AsDrops,
            (false, true) => Put::OnSkin,
            _ => Put::In,
        }
    }

    /// True where an ingredient acts in the rest of the body too. The labels of pain gels of the NSAID kind warn of
    /// blood thinners, kidneys and other NSAIDs as those of the tablets do (diclofenac sodium topical gel, FDA label,
    /// section 7).
    pub fn acts(self, known: &Ingredient) -> bool {
        let class = class_of(known.name).map_or("", |class| class.key);
        match self {
            Put::In => true,
            Put::OnSkin => !STAYS.contains(&class),
            Put::AsDrops => !STAYS.contains(&class) && class != "nsaid",
        }
    }
}

/// Why a medicine stands first, where it does: a steroid cream is none of the steroids that act on the whole body.
pub(super) fn high_risk(entry: &Entry, ingredients: &[&'static Ingredient]) -> Option<HighRisk> {
    let mut risky = ingredients.iter().filter(|known| known.high_risk.is_some()).peekable();
    risky.peek()?;
    let put = Put::of(entry);
    risky.find(|known| put.acts(known)).and_then(|known| known.high_risk)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::medicines::ingredients_named;

    fn acts(name: &str, ingredient: &str) -> bool {
        Put::named(name).acts(ingredients_named(ingredient)[0])
    }

    #[test]
    fn a_cream_and_drops_stay_where_they_are_put_and_what_passes_the_skin_does_not() {
        assert!(!acts("hydrocortisone 1 % cream", "hydrocortisone"));
        assert!(acts("hydrocortisone 10 mg tablet", "hydrocortisone"));
        assert!(!acts("ciprofloxacin 0.3 % ophthalmic solution", "ciprofloxacin"));
        assert!(!acts("ketorolac 0.5 % eye drops", "ketorolac"));
        assert!(acts("diclofenac 1 % gel", "diclofenac"));
        assert!(acts("timolol 0.5 % eye drops", "timolol"), "drops of a beta blocker reach the blood");
        assert!(acts("testosterone 1 % gel", "testosterone"));
        assert!(acts("nitroglycerin 2 % ointment", "nitroglycerin"));
        assert!(acts("ibuprofen 200 mg gelcap", "ibuprofen"), "no gel");
    }
}
