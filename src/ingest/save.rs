//! Saves what an import would change.

use foldhash::HashSet;

use super::compare::{self, Plan};
use super::gather::{Hashes, Originals};
use super::import::{Request, id_key};
use super::mark;
use super::origin::Taken;
use super::{Error, Report, repack};
use crate::record::{Entry, EntryId, Import, Lifecycle, Record, Text, group};
use crate::sources::cards;
use crate::store::Sealed;
use crate::store::pack::Pack;
use crate::store::records::{self, Change, Opened};

/// Compares with the record and saves what is new or changed; nothing is written where nothing is.
pub(super) fn save(
    sealed: &Sealed,
    request: &Request,
    opened: &Opened,
    taken: Taken,
    originals: Originals,
    report: &mut Report,
) -> Result<(), Error> {
    let read = taken.entries.len() as u32;
    report.cards = cards_of(&taken);
    let mut plan =
        compare::compare(&opened.record, taken, &id_key(opened), request.at, request.portal.as_ref());
    report.sources = plan.touched.iter().map(|&place| plan.sources[place].name.to_string()).collect();
    report.marked = plan.marked.len();
    if plan.entries.is_empty() && plan.marked.is_empty() && request.portal.is_none() {
        report.count(&plan.counts);
        return Ok(());
    }
    let packs = place_originals(&mut plan, opened, originals)?;
    let left_out = report.left_out.len() as u32;
    let import = Import { at: request.at, file: Text::default(), read, left_out };
    match &request.portal {
        None => log_import(&mut plan, import),
        // Where nothing was answered nothing was read, and what is here is as old as before.
        Some(portal) if !portal.fetched.was_answered() => {}
        // A portal is read again every day: only the last time says something.
        Some(_) => plan.touched.iter().for_each(|&place| plan.sources[place].imports = vec![import.clone()]),
    }
    let live = plan.entries.iter().filter(|entry| entry.is_live());
    let ids: HashSet<EntryId> = live.map(|entry| entry.id).collect();
    let revealed = plan.entries.iter().map(|entry| entry.classes | entry.passages.classes());
    let classes = revealed.fold(0, |all, classes| all | classes);
    // In place: a collected chain would copy every entry once more.
    let mut entries = std::mem::take(&mut plan.entries);
    entries.append(&mut plan.marked);
    let changed = opened.with(Change {
        label: request.label.clone(),
        sources: Some(std::mem::take(&mut plan.sources)),
        entries,
        packs,
        ..Change::default()
    });
    if let Some(most) = request.entries_max.filter(|most| changed.record.entries.len() > *most) {
        return Err(Error::TooManyEntries(most));
    }
    count_groups(&changed.record, &ids, &mut plan);
    let saved = records::save(sealed, changed)?;
    // Giving back the memory of a large record takes a while, for which nobody has to wait.
    std::thread::spawn(move || drop(saved));
    report.is_saved = true;
    report.sensitive = mark::class_names(classes);
    report.leave_out(plan.notices);
    report.count(&plan.counts);
    Ok(())
}

/// Keeps of the originals those that are wanted, and points the entries to them.
fn place_originals(plan: &mut Plan, opened: &Opened, originals: Originals) -> Result<Vec<Pack>, Error> {
    let wanted: Hashes = plan.entries.iter().map(|entry| entry.original.hash).collect();
    let repack::Kept { places, packs } = repack::only(originals, &wanted)?;
    plan.place_originals(&opened.record, &places, opened.next_pack);
    Ok(packs)
}

/// What is told of each health card: who has issued it, and whether that was verified.
fn cards_of(taken: &Taken) -> Vec<String> {
    let of_card = |entry: &&Entry| entry.extra("policy") == Some(cards::POLICY);
    let mut told: Vec<String> =
        taken.entries.iter().filter(of_card).map(|entry| entry.concept.label()).collect();
    told.sort();
    told.dedup();
    told
}

/// Each source remembers what was read from it, and when.
fn log_import(plan: &mut Plan, import: Import) {
    for &place in &plan.touched {
        let of_source = |entry: &&Entry| usize::from(entry.source) == place;
        let file = plan.entries.iter().filter(of_source).filter_map(|entry| entry.file.as_ref()).min();
        let file = file.cloned().unwrap_or_default();
        plan.sources[place].imports.push(Import { file, ..import.clone() });
    }
}

/// Counts the new and changed entries that are the same fact as another one.
fn count_groups(record: &Record, ids: &HashSet<EntryId>, plan: &mut Plan) {
    for (kind, count) in &mut plan.counts.0 {
        let of_kind = |entry: &Entry| entry.kind() == *kind && entry.lifecycle == Lifecycle::Live;
        let indices: Vec<u32> = (0..record.entries.len() as u32)
            .filter(|&index| of_kind(&record.entries[index as usize]))
            .collect();
        let groups = group(&record.entries, &indices);
        let shared = groups.iter().filter(|group| group.members.len() > 1);
        let members = shared.flat_map(|group| group.members.iter());
        count.grouped = members.filter(|&&index| ids.contains(&record.entries[index as usize].id)).count();
    }
}
