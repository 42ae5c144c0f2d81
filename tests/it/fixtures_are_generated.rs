//! The synthetic people in `fixtures/people` are exactly what the generator writes.

#[path = "../../examples/synthetic_people/generator/mod.rs"]
pub mod generator;

use std::io::Read;
use std::{collections::BTreeMap, fs, path::PathBuf};

#[test]
fn the_people_are_what_the_generator_writes() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/people");
    let mut kept = BTreeMap::new();
    let mut waiting = vec![folder.clone()];
    while let Some(inner) = waiting.pop() {
        for item in fs::read_dir(inner).unwrap() {
            let path = item.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
                continue;
            }
            let parts = path.strip_prefix(&folder).unwrap().iter().map(|part| part.to_str().unwrap());
            kept.insert(parts.collect::<Vec<_>>().join("/"), fs::read_to_string(&path).unwrap());
        }
    }
    let written: BTreeMap<String, String> =
        generator::people().into_iter().map(|file| (file.path, file.text)).collect();
    let names = |files: &BTreeMap<String, String>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&kept), names(&written));
    for (name, text) in &written {
        let differs = kept[name].lines().zip(text.lines()).position(|(kept, written)| kept != written);
        assert_eq!(differs, None, "{name} differs from that line on: run the example again");
        assert!(kept[name] == *text, "{name} differs in its length or its last line break");
    }
}

#[test]
fn the_person_of_the_demo_is_the_adult() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    for name in ["lakeside.json", "riverton.ndjson"] {
        let packed = fs::File::open(root.join(format!("demo/{name}.gz"))).unwrap();
        let mut text = String::new();
        flate2::read::GzDecoder::new(packed).read_to_string(&mut text).unwrap();
        let adult = fs::read_to_string(root.join("people/adult").join(name)).unwrap();
        assert!(
            text == adult,
            "pack it again: gzip -9n < fixtures/people/adult/{name} > fixtures/demo/{name}.gz"
        );
    }
}

#[test]
fn a_bulk_record_is_as_long_as_asked_and_the_same_each_time() {
    let lines: Vec<String> = generator::bulk_ndjson(500, 1).collect();
    assert_eq!(lines.len(), 501, "a patient and 500 entries");
    assert_eq!(lines, generator::bulk_ndjson(500, 1).collect::<Vec<_>>());
    assert_ne!(lines, generator::bulk_ndjson(500, 2).collect::<Vec<_>>());
    let labs = lines.iter().filter(|line| line.contains("\"laboratory\"")).count();
    assert!((300..=400).contains(&labs), "about seven in ten are laboratory results: {labs}");
    assert_eq!(generator::notes(20_000, 1).count(), 10, "notes of about 2 KB");
}
