//! A record is brought in by files, and taken away as an export.

use std::collections::BTreeSet;
use std::io::{Cursor, Read};

use super::*;
use crate::people::fixture;

/// A file of the made-up people.
fn file(path: &str) -> Vec<u8> {
    std::fs::read(fixture(path)).unwrap()
}

/// The files of an archive, by name.
fn opened(archive: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(archive)).unwrap();
    let files = 0..archive.len();
    let read = |number| {
        let mut file = archive.by_index(number).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        (file.name().unwrap().into_owned(), bytes)
    };
    files.map(read).collect()
}

/// The resources of a bundle: type and id.
fn resources(bundle: &[u8]) -> BTreeSet<String> {
    let bundle: serde_json::Value = serde_json::from_slice(bundle).unwrap();
    let of = |entry: &serde_json::Value| {
        format!("{}/{}", entry["resource"]["resourceType"], entry["resource"]["id"])
    };
    bundle["entry"].as_array().unwrap().iter().map(of).collect()
}

#[test]
fn an_export_opens_holds_everything_and_is_in_the_activity() {
    let served = Served::new(Policy::Open);
    let mut browser = served.signed_up("maria@example.org");
    let person = browser.add_person("Maria", "own", "");
    let (lakeside, riverton) = (file("adult/lakeside.json"), file("adult/riverton.ndjson"));
    let page = browser.get("/sources");
    let first = browser.upload(&page, &[("source", "Lakeside")], &[("a.json", &lakeside)]);
    let second = browser.upload(&first, &[("source", "Riverton")], &[("b.ndjson", &riverton)]);
    assert_eq!((first.status, second.status), (200, 200), "{}", second.html);

    let export = browser.get(&format!("/settings/export?person={person}"));
    assert_eq!((export.status, export.header("content-type")), (200, "application/zip"));
    assert_eq!(export.header("content-disposition"), "attachment; filename=\"plainchart-export.zip\"");
    let files = opened(&export.bytes);
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    insta::assert_debug_snapshot!(names, @r#"
    [
        "source-1-Lakeside.json",
        "source-2-Riverton.json",
        "summary.md",
    ]
    "#);
    let summary = String::from_utf8_lossy(&files.iter().find(|(name, _)| name == "summary.md").unwrap().1);
    assert!(summary.contains("Type 2 diabetes"), "{summary}");
    // Everything that has become part of the record: who brings the archive in again has nothing new.
    let again = browser.get("/sources");
    let again = browser.upload(&again, &[], &[("plainchart-export.zip", &export.bytes)]);
    assert!(again.html.contains("Nothing new") || again.html.contains("0 entries added"), "{}", again.html);
    let kept = resources(&files[0].1);
    let sent = resources(&lakeside);
    assert!(kept.len() > 700 && kept.is_subset(&sent), "{} of {}", kept.len(), sent.len());

    let activity = browser.get(&format!("/activity?person={person}"));
    assert!(activity.html.contains("Took a copy of everything"), "{}", activity.html);
    assert!(activity.html.contains("The list is whole"));
}

#[test]
fn files_about_several_people_ask_which_one_it_is() {
    let served = Served::new(Policy::Open);
    let mut browser = served.signed_up("maria@example.org");
    // A name that stands in none of the files: by that of one of them it would be known.
    browser.add_person("Mum", "own", "");
    let (adult, child) = (file("adult/lakeside.json"), file("child/pediatrics.json"));
    let files: [(&str, &[u8]); 2] = [("adult.json", &adult), ("child.json", &child)];
    let page = browser.get("/sources");
    let asked = browser.upload(&page, &[], &files);
    assert_eq!(asked.status, 422);
    assert!(asked.html.contains("about several people"), "{}", asked.html);
    assert!(asked.html.contains("Which person of the files is Mum?"));
    let offered: Vec<&str> = asked.html.split("name=\"patient\" value=\"").skip(1).collect();
    assert_eq!(offered.len(), 2, "nothing is chosen beforehand, and both are offered");
    let maria = offered.iter().find(|one| one.split("</label>").next().unwrap().contains("Alvarez")).unwrap();
    let id = maria.split('"').next().unwrap().to_owned();
    assert!(browser.get("/sources").html.contains("No source yet"), "nothing was kept");

    let added = browser.upload(&asked, &[("patient", &id)], &files);
    assert_eq!(added.status, 200, "{}", added.html);
    assert!(added.html.contains("about other people were left out"), "{}", added.html);
    assert!(!added.html.contains("Theo"), "of the other person nothing is kept");
}

#[test]
fn files_about_somebody_else_are_not_added() {
    let served = Served::new(Policy::Open);
    let mut browser = served.signed_up("maria@example.org");
    browser.add_person("Maria", "own", "");
    let page = browser.get("/sources");
    let adult = file("adult/lakeside.json");
    let added = browser.upload(&page, &[], &[("adult.json", &adult)]);
    let child = file("child/pediatrics.json");
    let refused = browser.upload(&added, &[], &[("child.json", &child)]);
    assert_eq!(refused.status, 422);
    assert!(refused.html.contains("Nothing was added"), "{}", refused.html);
}

#[test]
fn injected_html_in_notes_and_in_names_of_files_is_text() {
    let served = Served::new(Policy::Open);
    let mut browser = served.signed_up("maria@example.org");
    browser.add_person("Maria", "own", "");
    let mark = "<img src=x onerror=alert(1)>";
    let note = format!("<script>alert(1)</script>{mark}");
    let bundle = serde_json::json!({ "resourceType": "Bundle", "type": "collection", "entry": [
        { "resource": { "resourceType": "Patient", "id": "p", "name": [{ "text": mark }], "birthDate": "1990-01-01" } },
        { "resource": { "resourceType": "Condition", "id": "c", "subject": { "reference": "Patient/p" },
            "code": { "text": mark }, "note": [{ "text": note }] } },
        { "resource": { "resourceType": "Observation", "id": "o", "subject": { "reference": "Patient/p" },
            "status": note, "code": { "text": note } } },
        { "resource": { "resourceType": mark } },
    ] });
    let bytes = bundle.to_string().into_bytes();
    let page = browser.get("/sources");
    let name = format!("\">{mark}.json");
    let shown = browser.upload(&page, &[], &[(&name, &bytes)]);
    assert!(shown.html.contains("&#60;img") && !shown.html.contains("<img"), "{}", shown.html);
    let added = browser.upload(&shown, &[("same", "yes"), ("source", mark)], &[(&name, &bytes)]);
    assert_eq!(added.status, 200, "{}", added.html);
    let names = [added.html.clone(), browser.get("/sources").html];
    assert!(names.iter().all(|html| html.contains("&#60;img")), "the name is shown, as text");
    for path in ["/", "/sources", "/assistants", "/activity", "/settings", "/settings/delete"] {
        let html = browser.get(path).html;
        assert!(!html.contains("<img") && !html.contains("<script>"), "{path}: {html}");
    }
    assert!(!added.html.contains("<img") && !added.html.contains("<script>"), "{}", added.html);
}

#[test]
fn more_than_fits_is_told_and_nothing_of_it_is_kept() {
    let served = Served::new(Policy::Open);
    let mut browser = served.signed_up("maria@example.org");
    browser.add_person("Maria", "own", "");
    let page = browser.get("/sources");
    let large = vec![b' '; (64 << 20) + 1];
    let refused = browser.upload(&page, &[], &[("large.json", &large)]);
    assert_eq!(refused.status, 413);
    assert!(refused.html.contains("more than fits"), "{}", refused.html);
    let many: Vec<(&str, &[u8])> = vec![("a.json", b"{}"); 101];
    assert_eq!(browser.upload(&page, &[], &many).status, 413);
    let long = "x".repeat(2 << 10);
    assert_eq!(browser.upload(&page, &[("source", &long)], &many[..1]).status, 413);
    assert!(browser.get("/sources").html.contains("No source yet"));
}
