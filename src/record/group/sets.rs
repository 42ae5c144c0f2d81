//! Which entries were joined so far, and the groups they make in the end.

use super::super::{Abnormality, Detail, Dosage, Entry, Standing};
use super::apart::apart;
use super::{Group, Members};

/// Union-find over places.
pub struct Sets {
    parent: Vec<u32>,
}

impl Sets {
    /// Every place by itself.
    pub fn new(count: usize) -> Sets {
        Sets { parent: (0..count as u32).collect() }
    }

    /// The place that stands for the set of this one.
    pub fn root(&mut self, place: u32) -> u32 {
        let mut root = place;
        while self.parent[root as usize] != root {
            let grandparent = self.parent[self.parent[root as usize] as usize];
            self.parent[root as usize] = grandparent;
            root = grandparent;
        }
        root
    }

    /// Makes one set of two.
    pub fn join(&mut self, left: u32, right: u32) {
        let (left, right) = (self.root(left), self.root(right));
        self.parent[left.max(right) as usize] = left.min(right);
    }

    /// The sets as groups, in the order of their first places.
    pub fn groups(mut self, entries: &[Entry], indices: &[u32]) -> Vec<Group> {
        let mut place_of: Vec<u32> = vec![u32::MAX; indices.len()];
        let mut groups: Vec<Group> = Vec::new();
        for place in 0..indices.len() as u32 {
            let (root, index) = (self.root(place), indices[place as usize]);
            let slot = &mut place_of[root as usize];
            if *slot == u32::MAX {
                *slot = groups.len() as u32;
                groups.push(Group { face: index, members: Members::One([index]) });
            } else {
                groups[*slot as usize].members.push(index);
            }
        }
        let mut faced_groups = Vec::with_capacity(groups.len());
        for group in groups {
            match group.members {
                Members::One(_) => faced_groups.push(group),
                Members::Several(members) => faced_groups.extend(faced(entries, members)),
            }
        }
        faced_groups
    }
}

/// The group with the member that is shown; two of them where some must not stand behind others.
fn faced(entries: &[Entry], mut members: Vec<u32>) -> impl Iterator<Item = Group> {
    members.sort_unstable_by_key(|&index| entries[index as usize].id);
    apart(entries, members).into_iter().filter_map(|members| {
        let face = members.iter().copied().max_by_key(|&index| face_rank(&entries[index as usize]))?;
        let members = if let [only] = members[..] { Members::One([only]) } else { Members::Several(members) };
        Some(Group { face, members })
    })
}

/// Which member is shown: a stated one, the allergy of the highest criticality, one that is final, one with
/// range and flag, an exact date, one from where it is kept and not from a document,
/// the newest, the one whose instruction says more; last what came in decides, so that the choice depends neither on
/// the order of the input nor on ids, which are others in every store.
fn face_rank(entry: &Entry) -> impl Ord + use<> {
    let told = match &entry.detail {
        // A flag that says high or low tells more than a mere star.
        Detail::Measurement(found) => {
            let is_clear = found.flags.iter().any(|flag| flag.meaning.abnormality() != Abnormality::Unknown);
            2 * is_clear as u8 + !found.flags.is_empty() as u8 + !found.ranges.is_empty() as u8
        }
        Detail::Medication(medicine) => !medicine.dosage.is_empty() as u8,
        Detail::Allergy(allergy) => !allergy.reactions.is_empty() as u8,
        Detail::Immunization(vaccine) => (vaccine.is_primary == Some(true)) as u8,
        Detail::Document(document) => document.text.is_some() as u8,
        // What the insurer decided tells more than what was sent to it.
        Detail::Claim(claim) => claim.is_decided as u8,
        _ => 0,
    };
    let status = match entry.status.as_deref() {
        // Of the versions of a claim the newest stands, also where it was cancelled.
        _ if matches!(entry.detail, Detail::Claim(_)) => 0,
        Some("corrected" | "amended") => 3,
        Some("final" | "active" | "completed" | "finished") => 2,
        Some("preliminary" | "registered" | "unknown") | None => 0,
        _ => 1,
    };
    // What warns the most is shown, unless the source says that it is over.
    let danger = match &entry.detail {
        Detail::Allergy(allergy) if !matches!(entry.status.as_deref(), Some("inactive" | "resolved")) => {
            1 + match allergy.criticality.as_deref() {
                Some("high") => 3,
                Some("low") => 2,
                Some(_) => 1,
                None => 0,
            }
        }
        _ => 0,
    };
    let instruction = match &entry.detail {
        Detail::Medication(medicine) => {
            medicine.dosage.iter().filter_map(Dosage::shown).map(str::len).sum::<usize>()
        }
        _ => 0,
    };
    let is_stated = entry.standing == Standing::Stated;
    let exact = entry.date.map(|when| when.civil().is_some() as u8 + when.has_time() as u8);
    (
        is_stated,
        danger,
        status,
        told,
        exact,
        entry.document_date().is_none(),
        entry.updated.or(entry.recorded),
        instruction,
        entry.added_at,
        entry.original.hash,
        std::cmp::Reverse(entry.id),
    )
}
