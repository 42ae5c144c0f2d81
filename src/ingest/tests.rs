//! Stories of imports, on the engine in memory.

use std::path::PathBuf;

use super::*;
use crate::clock::{Clock, Randomness};
use crate::record::{Detail, EntryId, Kind, Lifecycle, Record, group};
use crate::store::pack::Opened;
use crate::store::records::{self, Originals};
use crate::store::{OwnerId, Sealed, Vault};

mod portal;

/// A store with one person, and a folder with files.
struct Story {
    sealed: Sealed,
    folder: tempfile::TempDir,
    at: i64,
}

impl Story {
    fn new() -> Story {
        let clock = Clock::fixed("2026-03-01T12:00:00Z".parse().unwrap());
        let vault = Vault::in_memory(clock, Randomness::seeded(7)).unwrap();
        let sealed = vault.create(&OwnerId::parse("anna").unwrap()).unwrap();
        Story { sealed, folder: tempfile::tempdir().unwrap(), at: 1_000 }
    }

    /// Writes resources as NDJSON and gives the path.
    fn file(&self, name: &str, resources: &[String]) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, resources.join("\n")).unwrap();
        path
    }

    fn request(&mut self, paths: &[PathBuf]) -> Request {
        self.at += 1;
        Request { paths: paths.to_vec(), at: self.at, ..Request::default() }
    }

    fn try_import(&mut self, request: &Request) -> Result<Report, Error> {
        import(&self.sealed, request, &mut |_| ())
    }

    fn import(&mut self, paths: &[PathBuf]) -> Report {
        let request = self.request(paths);
        self.try_import(&request).unwrap()
    }

    fn record(&self) -> std::sync::Arc<Record> {
        records::open(&self.sealed).unwrap().record
    }

    /// Every original that is stored, whether an entry names it or not.
    fn originals(&self) -> Vec<String> {
        let stored = self.sealed.load(|name| name.kind == crate::store::Kind::Original).unwrap();
        let packs = stored.pieces.iter().map(|(_, body)| Opened::read(body).unwrap().unwrap());
        packs
            .flat_map(|pack| {
                (0..)
                    .map_while(move |index| Some(String::from_utf8(pack.get(index)?.to_vec()).unwrap()))
                    .collect::<Vec<_>>()
            })
            .collect()
    }

    fn labs(&self) -> Vec<(EntryId, String)> {
        let record = self.record();
        let labs = record.entries.iter().filter(|entry| entry.kind() == Kind::Lab && entry.is_live());
        labs.map(|entry| (entry.id, entry.key.to_string())).collect()
    }

    fn groups(&self, kind: Kind) -> usize {
        let record = self.record();
        let of_kind = |index: &u32| {
            let entry = &record.entries[*index as usize];
            entry.kind() == kind && entry.is_live()
        };
        let indices: Vec<u32> = (0..record.entries.len() as u32).filter(of_kind).collect();
        group(&record.entries, &indices).len()
    }
}

fn patient(id: &str, given: &str, family: &str, birth: &str, sex: &str) -> String {
    format!(
        r#"{{"resourceType":"Patient","id":"{id}","identifier":[{{"system":"https://mrn.example/{id}","value":"M-{id}-77"}}],"name":[{{"family":"{family}","given":["{given}"]}}],"birthDate":"{birth}","gender":"{sex}"}}"#
    )
}

fn anna(id: &str) -> String {
    patient(id, "Anna", "Berg", "1980-02-03", "female")
}

fn a1c(id: &str, person: &str, value: &str, updated: &str) -> String {
    let meta = match updated {
        "" => String::new(),
        updated => format!(r#""meta":{{"lastUpdated":"{updated}"}},"#),
    };
    format!(
        r#"{{"resourceType":"Observation","id":"{id}",{meta}"status":"final","category":[{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"laboratory"}}]}}],"code":{{"coding":[{{"system":"http://loinc.org","code":"4548-4"}}],"text":"Hemoglobin A1c"}},"subject":{{"reference":"Patient/{person}"}},"effectiveDateTime":"2025-05-06T08:00:00Z","performer":[{{"reference":"Practitioner/p1"}}],"valueQuantity":{{"value":{value},"unit":"%"}}}}"#
    )
}

fn practitioner(id: &str, family: &str) -> String {
    format!(
        r#"{{"resourceType":"Practitioner","id":"{id}","name":[{{"family":"{family}","given":["Kim"]}}]}}"#
    )
}

#[test]
fn importing_the_same_again_changes_nothing_and_says_so() {
    let mut story = Story::new();
    let file =
        story.file("clinic.ndjson", &[anna("1"), a1c("a", "1", "6.80", ""), practitioner("p1", "Lee")]);
    let first = story.import(std::slice::from_ref(&file));
    assert_eq!((first.new, first.unchanged, first.changed), (3, 0, 0));
    assert_eq!(first.sources, ["clinic"]);
    let before = story.record();
    let again = story.import(std::slice::from_ref(&file));
    assert_eq!((again.new, again.unchanged, again.changed, again.grouped), (0, 3, 0, 0));
    assert!(again.is_unchanged() && again.text().contains("Nothing changed"));
    assert_eq!(story.record().version, before.version, "nothing was written");

    let renamed = story.file("other name.ndjson", &[anna("1"), a1c("a", "1", "6.80", "")]);
    assert!(story.import(&[renamed]).is_unchanged(), "the Patient tells the source, not the file");
}

#[test]
fn a_record_takes_no_more_entries_than_it_may_and_then_takes_none() {
    let mut story = Story::new();
    let lines = |ids: &[&str]| -> Vec<String> {
        std::iter::once(anna("1")).chain(ids.iter().map(|id| a1c(id, "1", "6.80", ""))).collect()
    };
    let (few, more) =
        (story.file("few.ndjson", &lines(&["a", "b"])), story.file("more.ndjson", &lines(&["c"])));
    let many = story.file("many.ndjson", &lines(&["a", "b", "c"]));
    let mut within = |paths: &[PathBuf]| {
        let request = Request { entries_max: Some(3), ..story.request(paths) };
        (story.try_import(&request), story.record().entries.len())
    };
    assert!(matches!(within(&[many]), (Err(Error::TooManyEntries(3)), 0)));
    assert!(matches!(within(std::slice::from_ref(&few)), (Ok(_), 3)));
    assert!(matches!(within(&[more]), (Err(Error::TooManyEntries(3)), 3)));
    assert!(matches!(within(&[few]), (Ok(_), 3)), "what is there already takes no room");
}

#[test]
fn the_same_resource_in_another_layout_is_the_same() {
    let mut story = Story::new();
    let without_id = a1c("", "1", "6.9", "").replace(r#""id":"","#, "");
    let compact = story.file("clinic.ndjson", &[anna("1"), a1c("a", "1", "6.80", ""), without_id.clone()]);
    story.import(&[compact]);
    let [(id, _), _] = story.labs()[..] else { panic!() };
    let original = |story: &Story| {
        let record = story.record();
        Originals::new(&story.sealed).unwrap().read(&record.by_id(id).unwrap().original).unwrap()
    };
    let before = original(&story);
    let resources = [anna("1"), a1c("a", "1", "6.80", ""), without_id].map(|resource| {
        let turned = resource.replacen('{', "{\n  ", 1).replace(r#""status":"final","#, "");
        turned.replace(
            r#""resourceType":"Observation","#,
            r#""status" : "final", "resourceType": "Observation","#,
        )
    });
    let spaced = story.folder.path().join("spaced.json");
    std::fs::write(&spaced, format!("[{}]", resources.join(",\n"))).unwrap();
    let again = story.import(std::slice::from_ref(&spaced));
    assert_eq!((again.new, again.unchanged, again.changed), (0, 3, 0), "{again:?}");
    assert_eq!(original(&story), before, "the bytes that came first are kept");
    // Both layouts in one input are one resource, too.
    let mut story = Story::new();
    let compact = story.file("clinic.ndjson", &[anna("1"), a1c("a", "1", "6.80", "")]);
    let both = story.import(&[compact, spaced]);
    assert!(both.left_out.is_empty(), "{:?}", both.left_out);
}

#[test]
fn two_versions_without_dates_stay_as_they_are_however_they_come_again() {
    let mut story = Story::new();
    let first = story.file("n1.ndjson", &[anna("1"), a1c("a", "1", "6.8", "")]);
    let second = story.file("n2.ndjson", &[anna("1"), a1c("a", "1", "7.1", "")]);
    let pair = [first.clone(), second.clone()];
    story.import(&pair);
    let before = story.labs();
    assert_eq!(before.len(), 2);
    for again in [vec![second.clone()], pair.to_vec(), vec![first.clone()], pair.to_vec()] {
        assert!(story.import(&again).is_unchanged(), "{again:?}");
        assert_eq!(story.labs(), before);
    }
    // Where they came one after the other, the later stands and the pair changes nothing.
    let mut story = Story::new();
    let first = story.file("n1.ndjson", &[anna("1"), a1c("a", "1", "6.8", "")]);
    let second = story.file("n2.ndjson", &[anna("1"), a1c("a", "1", "7.1", "")]);
    story.import(std::slice::from_ref(&first));
    story.import(std::slice::from_ref(&second));
    let before = story.labs();
    assert!(story.import(&[first, second]).is_unchanged());
    assert_eq!(story.labs(), before);
}

#[test]
fn the_same_fact_of_two_files_is_one_group_with_both_sources() {
    let mut story = Story::new();
    let clinic = story.file("clinic.ndjson", &[anna("1"), a1c("a", "1", "6.80", "")]);
    let hospital = story.file("hospital.ndjson", &[anna("x9"), a1c("77", "x9", "6.8", "")]);
    story.import(&[clinic]);
    let second = story.import(&[hospital]);
    assert_eq!((second.new, second.grouped), (2, 1));
    assert_eq!((story.labs().len(), story.groups(Kind::Lab)), (2, 1));
    let record = story.record();
    let names: Vec<&str> = record.sources.iter().map(|source| source.name.as_str()).collect();
    assert_eq!(names, ["clinic", "hospital"]);
}

#[test]
fn a_changed_value_keeps_the_id_and_the_version_before_it_stays() {
    let mut story = Story::new();
    let first = story.file("clinic.ndjson", &[anna("1"), a1c("a", "1", "6.8", "2025-05-07T00:00:00Z")]);
    story.import(&[first]);
    let [(id, _)] = story.labs()[..] else { panic!() };
    let second = story.file("later.ndjson", &[anna("1"), a1c("a", "1", "7.1", "2025-05-09T00:00:00Z")]);
    let report = story.import(&[second]);
    assert_eq!((report.new, report.unchanged, report.changed), (0, 1, 1));
    assert_eq!(story.labs().iter().map(|(id, _)| *id).collect::<Vec<_>>(), [id]);

    let record = story.record();
    let mut originals = Originals::new(&story.sealed).unwrap();
    let live = originals.read(&record.by_id(id).unwrap().original).unwrap();
    assert!(String::from_utf8(live).unwrap().contains("7.1"));
    let replaced = record.entries.iter().find(|entry| entry.lifecycle == Lifecycle::Replaced).unwrap();
    assert_eq!((replaced.key.as_str(), replaced.id == id), ("Observation/a", false));
    let older = originals.read(&replaced.original).unwrap();
    assert!(String::from_utf8(older).unwrap().contains("6.8"));

    // The older file once more: known, and older than what stands.
    let first = story.file("clinic.ndjson", &[anna("1"), a1c("a", "1", "6.8", "2025-05-07T00:00:00Z")]);
    assert!(story.import(&[first]).is_unchanged());
}

#[test]
fn an_older_export_does_not_replace_what_is_newer() {
    let mut story = Story::new();
    let newer = story.file("b.ndjson", &[anna("1"), a1c("a", "1", "7.1", "2025-05-09T00:00:00Z")]);
    let older = story.file("a.ndjson", &[anna("1"), a1c("a", "1", "6.8", "2025-05-07T00:00:00Z")]);
    story.import(&[newer]);
    let [(id, _)] = story.labs()[..] else { panic!() };
    let report = story.import(&[older]);
    assert_eq!(report.left_out.len(), 1, "{:?}", report.left_out);
    let record = story.record();
    let original = records::original(&story.sealed, &record.by_id(id).unwrap().original).unwrap();
    assert!(String::from_utf8(original).unwrap().contains("7.1"));
}

#[test]
fn somebody_else_is_refused_and_a_changed_name_is_asked_about() {
    let mut story = Story::new();
    let own = story.file("own.ndjson", &[anna("1"), a1c("a", "1", "6.8", "")]);
    story.import(&[own]);
    let before = story.record().version;
    for other in [
        patient("2", "Anna", "Berg", "1981-02-03", "female"),
        patient("2", "Paul", "Stone", "1980-02-03", "male"),
    ] {
        let file = story.file("other.ndjson", &[other, a1c("b", "2", "9.9", "")]);
        let mut request = story.request(&[file]);
        request.is_same_person = true;
        assert!(matches!(story.try_import(&request), Err(Error::SomebodyElse { .. })));
    }
    let married = [patient("3", "Anna", "Stone", "1980-02-03", "female"), a1c("c", "3", "6.6", "")];
    let file = story.file("married.ndjson", &married);
    let mut request = story.request(&[file]);
    let refused = story.try_import(&request);
    assert!(matches!(refused, Err(Error::Unconfirmed { doubt: Doubt::OtherName, .. })));
    assert_eq!(story.record().version, before, "nothing was stored");
    request.is_same_person = true;
    assert_eq!(story.try_import(&request).unwrap().new, 2);
    request.is_same_person = false;
    assert!(story.try_import(&request).unwrap().is_unchanged(), "both names are known now");
}

#[test]
fn of_several_people_only_the_one_asked_for_is_taken() {
    let mut story = Story::new();
    let paul = patient("2", "Paul", "Stone", "1979-01-01", "male");
    let of_paul = a1c("b", "2", "9.9", "").replace("Practitioner/p1", "Practitioner/p2");
    let shared = [practitioner("p1", "Lee"), practitioner("p2", "Rossi")];
    story.file("bulk/Patient.ndjson", &[anna("1"), paul]);
    story.file("bulk/Observation.ndjson", &[a1c("a", "1", "6.8", ""), of_paul]);
    story.file("bulk/Practitioner.ndjson", &shared);
    let folder = story.folder.path().join("bulk");
    let mut request = story.request(&[folder]);
    let Err(Error::SeveralPeople { people }) = story.try_import(&request) else { panic!() };
    assert_eq!(people.len(), 2);
    assert!(story.record().entries.is_empty());

    request.patient = Some("nobody".into());
    assert!(matches!(story.try_import(&request), Err(Error::NoSuchPerson { .. })));
    request.patient = Some("berg anna".into());
    let report = story.try_import(&request).unwrap();
    assert_eq!(
        (report.new, report.others, report.sources.as_slice()),
        (3, 3, ["bulk".to_owned()].as_slice())
    );
    let record = story.record();
    assert!(record.entries.iter().all(|entry| !entry.key.ends_with("p2") && !entry.key.ends_with("/2")));
    assert!(record.by_key(0, "Practitioner/p1").is_some());
    assert!(
        story.originals().iter().all(|original| !original.contains("Stone") && !original.contains("9.9"))
    );
    request.patient = None;
    assert!(story.try_import(&request).unwrap().is_unchanged(), "the record knows which of them it is");
}

#[test]
fn a_label_chooses_the_person_of_an_empty_record() {
    let mut story = Story::new();
    let paul = patient("2", "Paul", "Stone", "1979-01-01", "male");
    let file = story.file("both.ndjson", &[anna("1"), paul, a1c("a", "1", "6.8", "")]);
    let mut request = story.request(&[file]);
    request.label = Some("Anna".into());
    assert_eq!(story.try_import(&request).unwrap().new, 2);
    assert_eq!(story.record().label, "Anna");
}

#[test]
fn two_people_with_one_id_are_told_apart_by_their_files() {
    let mut story = Story::new();
    let own = story.file("f/a.ndjson", &[anna("1"), a1c("a", "1", "6.8", "")]);
    let other = patient("1", "Paul", "Stone", "1979-01-01", "male");
    story.file("f/b.ndjson", &[other, a1c("a", "1", "9.9", "")]);
    story.file("f/c.ndjson", &[a1c("c", "1", "5.5", "")]);
    let mut request = story.request(&[own.parent().unwrap().to_owned()]);
    request.patient = Some("Anna".into());
    let report = story.try_import(&request).unwrap();
    assert_eq!((report.new, report.others, report.left_out.len()), (2, 2, 1));
}

#[test]
fn a_file_without_patient_needs_a_word_unless_the_record_knows_its_references() {
    let mut story = Story::new();
    let (drawn, counted) = ("5f1c2d3e-8a9b-4c7d-a1b2-c3d4e5f60718", "1");
    let own = story.file("own.ndjson", &[anna(drawn), a1c("a", drawn, "6.8", "")]);
    let old = story.file("old.ndjson", &[anna(counted), a1c("o", counted, "7.8", "")]);
    story.import(&[own, old]);
    let known = story.file("more.ndjson", &[a1c("b", drawn, "6.6", "")]);
    assert_eq!(story.import(&[known]).new, 1);
    assert_eq!(story.record().sources.len(), 2);
    // Another system may count its patients too: its `Patient/1` is somebody else.
    for id in [counted, "55"] {
        let unknown = story.file("unknown.ndjson", &[a1c("c", id, "6.5", "")]);
        let request = story.request(&[unknown]);
        let refused = story.try_import(&request);
        assert!(matches!(refused, Err(Error::Unconfirmed { doubt: Doubt::NoPatient, .. })), "{id}");
        let said = Request { is_same_person: true, ..request };
        assert_eq!(story.try_import(&said).unwrap().new, 1);
    }
}

#[test]
fn a_document_that_the_person_names_is_theirs_and_is_one_however_it_is_called() {
    let mut story = Story::new();
    let page = crate::sources::document_text::words_on_page(&[(72.0, 700.0, "CT of the chest: clear.")]);
    let pdf = crate::sources::document_text::made_pdf(&[&page], false);
    let anna = story.file("a.ndjson", &[anna("1")]);
    story.import(&[anna]);
    let paths = ["ct.pdf", "again.pdf"].map(|name| story.folder.path().join(name));
    paths.iter().for_each(|path| std::fs::write(path, &pdf).unwrap());
    let report = story.import(&paths[..1]);
    assert_eq!(report.sources, ["documents"]);
    assert!(!story.import(&paths).is_saved);
    let record = story.record();
    let document = record.entries.iter().find(|entry| entry.kind() == Kind::Document).unwrap();
    let Detail::Document(detail) = &document.detail else { panic!("no document") };
    assert_eq!(detail.text.as_deref(), Some("CT of the chest: clear."));
    assert_eq!(document.concept.name(), Some("Chest CT report"));
    assert_eq!((document.date, document.file.as_deref()), (None, Some("ct.pdf")));
    assert!(document.extra("description").unwrap().contains("made on 2024-03-02"));
}

#[test]
fn what_lacks_a_name_or_a_birth_date_needs_a_word() {
    let mut story = Story::new();
    let own = story.file("own.ndjson", &[anna("1")]);
    story.import(&[own]);
    let nameless = r#"{"resourceType":"Patient","id":"7","birthDate":"1980-02-03","gender":"female"}"#;
    let dateless = r#"{"resourceType":"Patient","id":"8","name":[{"family":"Berg","given":["Anna"]}]}"#;
    for patient in [nameless, dateless] {
        let file = story.file("other.ndjson", &[patient.to_owned()]);
        let request = story.request(&[file]);
        let refused = story.try_import(&request);
        assert!(matches!(refused, Err(Error::Unconfirmed { doubt: Doubt::TooLittle, .. })), "{refused:?}");
        let said = Request { is_same_person: true, ..request };
        assert_eq!(story.try_import(&said).unwrap().new, 1);
    }
}

#[test]
fn names_come_with_a_later_file() {
    let mut story = Story::new();
    let labs = story.file("labs.ndjson", &[anna("1"), a1c("a", "1", "6.8", "")]);
    story.import(&[labs]);
    let people = story.file("people.ndjson", &[anna("1"), practitioner("p1", "Lee")]);
    let report = story.import(&[people]);
    assert_eq!((report.new, report.unchanged, report.changed), (1, 1, 0));
    let record = story.record();
    assert_eq!(record.by_key(0, "Observation/a").unwrap().actor("performer"), Some("Kim Lee"));
}

#[test]
fn nothing_depends_on_the_order_of_the_input() {
    let mut resources = vec![
        anna("1"),
        practitioner("p1", "Lee"),
        a1c("a", "1", "6.8", "2025-05-07T00:00:00Z"),
        a1c("a", "1", "7.1", "2025-05-09T00:00:00Z"),
        a1c("b", "1", "6.0", ""),
        a1c("b", "1", "6.1", ""),
        a1c("b", "1", "6.1", ""),
    ];
    let mut seen = Vec::new();
    for turn in 0..4 {
        let mut story = Story::new();
        resources.rotate_left(2);
        if turn % 2 == 1 {
            resources.reverse();
        }
        let file = story.file("clinic.ndjson", &resources);
        let report = story.import(&[file]);
        assert_eq!((report.new, report.unchanged, report.changed), (6, 1, 0));
        assert_eq!(report.left_out.len(), 1, "two versions of `b` cannot be told apart");
        let record = story.record();
        let entries = record
            .entries
            .iter()
            .map(|entry| (entry.id, entry.key.clone(), entry.lifecycle, entry.original.hash));
        seen.push(entries.collect::<Vec<_>>());
    }
    assert!(seen.windows(2).all(|pair| pair[0] == pair[1]));
}

#[test]
fn an_import_that_was_second_applies_its_change_again() {
    let mut story = Story::new();
    let file = story.file("clinic.ndjson", &[anna("1"), a1c("a", "1", "6.8", "")]);
    let other = story.file("hospital.ndjson", &[anna("x9"), a1c("77", "x9", "6.8", "")]);
    let request = story.request(&[file]);
    let first = story.request(&[other]);
    let sealed = story.sealed.clone();
    let report = import_from(&story.sealed, &request, &mut |_| (), |receiver| {
        // Between the reading and the saving of the one, the other is faster.
        import(&sealed, &first, &mut |_| ()).unwrap();
        crate::sources::files::read_paths(&request.paths, &request.limits, receiver)
    });
    let report = report.unwrap();
    assert_eq!((report.new, report.grouped), (2, 1));
    assert_eq!((story.record().sources.len(), story.labs().len()), (2, 2));
}

#[test]
fn a_file_that_cannot_be_read_is_named_and_the_others_are_taken() {
    let mut story = Story::new();
    let good = story.file("good.ndjson", &[anna("1"), a1c("a", "1", "6.8", "")]);
    let bad = story.file("bad.json", &["{\"resourceType\":\"Bundle\",\"entry\":[".to_owned()]);
    let report = story.import(&[good, bad]);
    assert_eq!((report.new, report.failures.len()), (2, 1));
    assert!(report.left_out.iter().any(|left| left.file == "bad.json"));
    let json = serde_json::to_value(&report).unwrap();
    for key in ["new", "unchanged", "changed", "grouped", "categories", "left_out"] {
        assert!(json.get(key).is_some(), "{key}");
    }
    assert_eq!(json["categories"]["labs"]["new"], 1);
}

#[test]
fn a_note_is_the_persons_own_and_about_an_entry_of_the_record() {
    let mut story = Story::new();
    let file = story.file("clinic.ndjson", &[anna("1"), a1c("a", "1", "6.8", "")]);
    story.import(&[file]);
    let [(lab, _)] = story.labs()[..] else { panic!() };
    let id = note(&story.sealed, " This one was before breakfast. ", Some(lab), 2_000).unwrap();
    let again = note(&story.sealed, "This one was before breakfast.", None, 2_001).unwrap();
    assert_ne!(id, again);
    let record = story.record();
    let entry = record.by_id(id).unwrap();
    assert_eq!(record.sources[usize::from(entry.source)].kind, crate::record::SourceKind::Own);
    assert_eq!(record.sources[usize::from(entry.source)].name, "you");
    let crate::record::Detail::Note { text, about } = &entry.detail else { panic!() };
    assert_eq!((text.as_str(), *about), ("This one was before breakfast.", Some(lab)));
    let words = records::original(&story.sealed, &entry.original).unwrap();
    assert_eq!(words, b"This one was before breakfast.");

    let unknown = EntryId::new(Kind::Lab, 1);
    assert!(matches!(note(&story.sealed, "x", Some(unknown), 1), Err(Error::NoSuchEntry)));
    assert!(matches!(note(&story.sealed, "  ", None, 1), Err(Error::EmptyNote)));
}

#[test]
fn an_import_after_a_note_goes_into_the_empty_record() {
    let mut story = Story::new();
    note(&story.sealed, "I stopped the aspirin.", None, 2_000).unwrap();
    let file = story.file("clinic.ndjson", &[anna("1"), a1c("a", "1", "6.8", "")]);
    assert_eq!(story.import(&[file]).new, 2);
    assert_eq!(story.record().sources.len(), 2);
}

#[test]
fn an_export_reads_back_as_the_same_record() {
    let mut story = Story::new();
    let resources = [anna("1"), a1c("a", "1", "6.80", ""), practitioner("p1", "Lee")];
    let file = story.file("clinic.ndjson", &resources);
    story.import(&[file]);
    note(&story.sealed, "Before breakfast.", None, 2_000).unwrap();
    let out = story.folder.path().join("out");
    let written = export(&story.sealed, &out, "# Anna", 3_000).unwrap();
    let names: Vec<_> = written.iter().map(|path| path.file_name().unwrap().to_str().unwrap()).collect();
    assert_eq!(names, ["source-1-clinic.json", "source-2-you.md", "summary.md"]);
    assert_eq!(std::fs::read_to_string(&written[2]).unwrap(), "# Anna\n");
    assert!(std::fs::read_to_string(&written[1]).unwrap().contains("Before breakfast."));
    let bundle = std::fs::read_to_string(&written[0]).unwrap();
    assert!(resources.iter().all(|resource| bundle.contains(resource)), "byte for byte");
    assert!(story.import(&written[..1]).is_unchanged());
    let nowhere = story.folder.path().join("clinic.ndjson");
    assert!(matches!(export(&story.sealed, &nowhere, "", 0), Err(Error::Export(_))));
}

#[test]
fn an_order_gets_the_name_and_ingredients_of_a_medicine_that_comes_later() {
    let mut story = Story::new();
    let order = r#"{"resourceType":"MedicationRequest","id":"m1","status":"active","intent":"order","medicationReference":{"reference":"Medication/l10"},"subject":{"reference":"Patient/1"},"authoredOn":"2025-01-02"}"#;
    let medicine = r#"{"resourceType":"Medication","id":"l10","code":{"coding":[{"system":"http://www.nlm.nih.gov/research/umls/rxnorm","code":"314076"}],"text":"lisinopril 10 mg"}}"#;
    let first = story.file("orders.ndjson", &[anna("1"), order.to_owned()]);
    let second = story.file("medicines.ndjson", &[anna("1"), medicine.to_owned()]);
    story.import(&[first]);
    story.import(&[second]);
    let record = story.record();
    let order = record.by_key(0, "MedicationRequest/m1").unwrap();
    assert_eq!(order.concept.name(), Some("lisinopril 10 mg"));
    let crate::record::Detail::Medication(found) = &order.detail else { panic!() };
    assert_eq!(found.ingredients, ["lisinopril"]);
}

#[test]
fn what_is_sensitive_is_named_with_the_way_to_withhold_it() {
    let mut story = Story::new();
    let condition = r#"{"resourceType":"Condition","id":"c1","code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"F32.9"}]},"subject":{"reference":"Patient/1"}}"#;
    let file = story.file("clinic.ndjson", &[anna("1"), condition.to_owned()]);
    let report = story.import(&[file]);
    assert_eq!(report.sensitive, ["mental health"]);
    assert!(report.text().contains("plainchart grants"));
    let record = story.record();
    assert_ne!(record.by_key(0, "Condition/c1").unwrap().classes, 0);
}

#[test]
fn a_class_marks_an_entry_by_every_code_and_name_in_it() {
    let icd = r#""coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"B20"}]"#;
    let revealing = [
        r#""resourceType":"Observation","code":{"text":"Serology"},"valueCodeableConcept":{"text":"HIV-1 positive"}"#,
        r#""resourceType":"Observation","code":{"text":"Serology"},"valueString":"HIV-1 positive""#,
        r#""resourceType":"Observation","code":{"text":"Panel"},"component":[{"code":{"text":"HIV-1 antibody"}}]"#,
        r#""resourceType":"Procedure","code":{"text":"Counselling"},"reasonCode":[{CODED}]"#,
        r#""resourceType":"Procedure","code":{"text":"Blood draw"},"reasonReference":[{"reference":"Condition/x","display":"HIV disease"}]"#,
        r#""resourceType":"ServiceRequest","code":{"text":"Referral"},"reasonCode":[{CODED}]"#,
        r#""resourceType":"ExplanationOfBenefit","type":{"text":"professional"},"diagnosis":[{"diagnosisCodeableConcept":{CODED}}]"#,
        r#""resourceType":"DiagnosticReport","code":{"text":"Lab report"},"conclusionCode":[{CODED}]"#,
        r#""resourceType":"CarePlan","title":"Plan","activity":[{"detail":{"description":"HIV adherence counselling"}}]"#,
        r#""resourceType":"CareTeam","participant":[{"role":[{"text":"HIV specialist"}],"member":{"display":"Dr Q"}}]"#,
        r#""resourceType":"Encounter","type":[{"text":"Office visit"}],"reasonCode":[{CODED}]"#,
        r#""resourceType":"QuestionnaireResponse","item":[{"linkId":"1","text":"Do you have HIV?","answer":[{"valueString":"yes"}]}]"#,
        r#""resourceType":"QuestionnaireResponse","item":[{"linkId":"/56888-1","text":"Question","answer":[{"valueString":"yes"}]}]"#,
        r#""resourceType":"List","title":"Problems","entry":[{"item":{"reference":"Condition/x","display":"HIV disease"}}]"#,
    ];
    let plain = [
        r#""resourceType":"Procedure","code":{"text":"Counselling"},"reasonCode":[{"text":"Diabetes"}]"#,
        r#""resourceType":"Observation","code":{"text":"Glucose"},"valueString":"high","note":[{"text":"taken while fasting"}]"#,
        // The words of prose mark a passage of it.
        r#""resourceType":"DiagnosticReport","code":{"text":"Lab report"},"conclusion":"HIV-1 antibodies detected""#,
    ];
    let mut story = Story::new();
    let resource = |(place, elements): (usize, &&str)| {
        let elements = elements.replace("CODED", icd);
        format!(
            r#"{{"id":"r{place}","subject":{{"reference":"Patient/1"}},"patient":{{"reference":"Patient/1"}},{elements}}}"#
        )
    };
    let all = revealing.iter().chain(&plain).enumerate().map(resource);
    let file = story.file("clinic.ndjson", &[anna("1")].into_iter().chain(all).collect::<Vec<_>>());
    assert_eq!(story.import(&[file]).sensitive, ["HIV"]);
    let record = story.record();
    for (place, elements) in revealing.iter().chain(&plain).enumerate() {
        let name = format!("/r{place}");
        let entry = record.entries.iter().find(|entry| entry.key.ends_with(&name)).unwrap();
        assert_eq!(entry.classes != 0, place < revealing.len(), "{elements}");
    }
    assert!(record.entries.iter().all(|entry| entry.kind() != Kind::Demographics || entry.classes == 0));
}

#[test]
fn resources_without_ids_are_told_apart_by_their_bytes() {
    let mut story = Story::new();
    let without = |value: &str| a1c("", "1", value, "").replace(r#""id":"","#, "");
    let file = story.file("clinic.ndjson", &[anna("1"), without("6.8"), without("6.9"), without("6.8")]);
    let report = story.import(std::slice::from_ref(&file));
    assert_eq!((report.new, report.unchanged, report.left_out.len()), (3, 1, 0), "{:?}", report.left_out);
    assert!(story.import(&[file]).is_unchanged());
}
