//! The texts of an entry in which a search looks: all that `get_record` shows in words.

use super::super::matching::is_test_name;
use crate::record::{Detail, Entry, Kind, Part, each_text as each_part};

/// What a text is of an entry, by which it weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// What it is called: names, codes, displays, ingredients.
    Name,
    /// What a laboratory's code is called ("Glucose [Mass/volume] in Blood"): a word in the middle of it
    /// says how something was measured and is no other name of it.
    TestName,
    /// What was found, comments, reasons, further elements, people: what stands beside the name.
    Comment,
    /// What things of its kind are called, and the source's own categories.
    Kind,
}

/// Hands on every text of an entry but its prose.
pub fn each_text<'e>(entry: &'e Entry, see: &mut dyn FnMut(Place, &'e str)) {
    each_part(entry, &mut |part, text| {
        let place = match part {
            Part::Name if is_test_name(entry, text) => Place::TestName,
            Part::Name => Place::Name,
            Part::Told | Part::Further | Part::Identifier | Part::Actor => Place::Comment,
            Part::Conclusion | Part::Comment => Place::Comment,
            Part::Category => Place::Kind,
        };
        see(place, text);
    });
    see(Place::Kind, called(entry));
}

/// What people call things of this kind; a name in a search must stand whole in it.
fn called(entry: &Entry) -> &'static str {
    match (entry.kind(), &entry.detail) {
        (_, Detail::Team(_)) => "care team",
        (_, Detail::Goal(_)) => "goal goals",
        (_, Detail::Order(told)) if told.is_referral => "referral referrals order orders",
        (_, Detail::Order(_)) => "order orders",
        (_, Detail::Plan(_)) => "care plan care plans",
        (Kind::Condition, _) => "condition conditions problem problems diagnosis diagnoses",
        (Kind::Medication, _) => {
            "medicine medicines medication medications med meds drug drugs pill pills prescription prescriptions"
        }
        (Kind::Allergy, _) => "allergy allergies",
        (Kind::Immunization, _) => {
            "vaccine vaccines vaccination vaccinations immunization immunizations shot shots"
        }
        (Kind::Procedure, _) => "procedure procedures",
        (Kind::Visit, _) => "visit visits appointment appointments",
        (Kind::FamilyHistory, _) => "family history",
        (Kind::Device, _) => "device devices",
        (Kind::Coverage, _) => "insurance coverage",
        (Kind::Claim, _) => "claim claims bill bills",
        _ => "",
    }
}

/// The text of an entry that is read as prose.
pub fn prose(entry: &Entry) -> Option<&str> {
    match &entry.detail {
        Detail::Document(document) => document.text.as_deref(),
        Detail::Note { text, .. } => Some(text.as_str()),
        _ => None,
    }
}
