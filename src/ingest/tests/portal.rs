//! What a fetch from a portal does to a record: what stands there now stands here, and what is gone is told.

use super::*;
use crate::record::{Fetched, Queried, QueryState};

fn fetched(states: &[(&str, QueryState)]) -> FromPortal {
    let queries = states.iter().map(|(asks_for, state)| Queried {
        id: (*asks_for).into(),
        asks_for: (*asks_for).into(),
        name: (*asks_for).into(),
        state: *state,
        why: "".into(),
        read: 1,
        has_brought: true,
    });
    let fetched = Fetched { queries: queries.collect(), ..Fetched::default() };
    FromPortal { id: "c0ffee".into(), name: "Grumbleton Clinic".into(), fetched }
}

impl Story {
    /// A fetch that brings these resources, and whose queries ended so.
    fn fetch(&mut self, resources: &[String], states: &[(&str, QueryState)]) -> Report {
        let path = self.file("page.ndjson", resources);
        let request =
            Request { portal: Some(fetched(states)), patient: Some("1".into()), ..self.request(&[path]) };
        self.try_import(&request).unwrap()
    }

    fn lab(&self, key: &str) -> (Lifecycle, EntryId, String) {
        let record = self.record();
        let mut of_key = record.entries.iter().filter(|entry| entry.key.as_str() == key);
        let standing = of_key.clone().find(|entry| entry.is_live()).or_else(|| of_key.next()).unwrap();
        let crate::record::Detail::Measurement(measurement) = &standing.detail else { panic!("no lab") };
        (standing.lifecycle, standing.id, format!("{:?}", measurement.value))
    }
}

const WHOLE: &[(&str, QueryState)] = &[("Patient", QueryState::Whole), ("Observation", QueryState::Whole)];

#[test]
fn what_a_portal_no_longer_has_is_gone_only_after_everything_of_its_type_came() {
    let mut story = Story::new();
    let all = [anna("1"), a1c("a", "1", "4.1", ""), a1c("b", "1", "4.2", "")];
    assert_eq!(story.fetch(&all, WHOLE).new, 3);
    let (_, id, _) = story.lab("Observation/b");
    for state in [QueryState::Partial, QueryState::Failed, QueryState::Refused] {
        let report = story.fetch(&all[..2], &[("Patient", QueryState::Whole), ("Observation", state)]);
        assert_eq!((report.gone, story.lab("Observation/b").0), (0, Lifecycle::Live), "{state:?}");
    }
    let report = story.fetch(&all[..2], WHOLE);
    assert_eq!((report.gone, report.unchanged), (1, 2));
    assert_eq!(story.lab("Observation/b").0, Lifecycle::Gone);
    assert_eq!(story.fetch(&all[..2], WHOLE).gone, 0, "it is told once");
    let report = story.fetch(&all, WHOLE);
    assert_eq!((report.new, report.changed), (0, 1));
    let back = story.lab("Observation/b");
    assert_eq!((back.0, back.1), (Lifecycle::Live, id), "it has its id again");
}

#[test]
fn what_stands_at_a_portal_now_stands_here_though_it_stood_there_before() {
    let mut story = Story::new();
    let with = |value: &str| [anna("1"), a1c("a", "1", value, "")];
    story.fetch(&with("4.1"), WHOLE);
    let first = story.lab("Observation/a");
    story.fetch(&with("5.5"), WHOLE);
    assert!(story.lab("Observation/a").2.contains("5.5"));
    let report = story.fetch(&with("4.1"), WHOLE);
    assert_eq!(report.changed, 1);
    assert_eq!(story.lab("Observation/a"), first);
}

#[test]
fn a_source_that_is_dropped_takes_its_originals_along_and_leaves_the_others_whole() {
    let mut story = Story::new();
    story.fetch(&[anna("1"), a1c("a", "1", "4.1", ""), a1c("b", "1", "7.7", "")], WHOLE);
    let own = [anna("1"), a1c("a", "1", "4.1", ""), a1c("c", "1", "9.9", "")];
    let path = story.file("clinic.ndjson", &own);
    story.import(&[path]);
    let before = story.record();
    assert_eq!((before.sources.len(), before.entries.len()), (2, 6));
    assert_eq!(drop_source(&story.sealed, "c0ffee").unwrap(), 3);
    let after = story.record();
    assert_eq!((after.sources.len(), after.entries.len()), (1, 3));
    assert!(after.entries.iter().all(|entry| entry.source == 0 && before.by_id(entry.id).is_some()));
    let originals = story.originals();
    assert!(originals.iter().all(|original| !original.contains("7.7")), "{originals:?}");
    let mut reader = Originals::new(&story.sealed).unwrap();
    let read =
        |entry: &crate::record::Entry| String::from_utf8(reader.read(&entry.original).unwrap()).unwrap();
    let mut kept: Vec<String> = after.entries.iter().map(read).collect();
    kept.sort();
    let mut own = own.to_vec();
    own.sort();
    assert_eq!(kept, own);
    assert_eq!(drop_source(&story.sealed, "c0ffee").unwrap(), 0);
}

#[test]
fn a_fetch_that_was_answered_with_nothing_makes_nothing_fresher() {
    let mut story = Story::new();
    let all = [anna("1"), a1c("a", "1", "4.1", "")];
    story.fetch(&all, WHOLE);
    let read_at = |story: &Story| story.record().sources[0].last_at();
    let first = read_at(&story);
    story.fetch(&[], &[("Patient", QueryState::Failed), ("Observation", QueryState::Refused)]);
    assert_eq!(read_at(&story), first);
    assert_eq!(story.lab("Observation/a").0, Lifecycle::Live);
    story.fetch(&all, WHOLE);
    assert!(read_at(&story) > first);
}
