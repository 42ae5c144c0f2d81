//! The directory as a person types it: loaded, searched, listed, replaced and removed; and killed meanwhile.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::people::{Home, copy_folder};

fn brands() -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/directory/brands.json").display().to_string()
}

fn loaded() -> Home {
    let home = Home::new();
    home.run(&["directory", "add", &brands()]).ok();
    home
}

#[test]
fn a_list_is_loaded_searched_listed_and_taken_out() {
    let home = Home::new();
    insta::assert_snapshot!(home.run(&["directory", "add", &brands()]).ok(), @r#"
    brands.json: 13 organizations, 9 portals, 9 endpoints (5 can be connected to), published 2026-08-30T04:15:00Z.
      left out: 1 × a facility whose organization is not in the bundle
      left out: 1 × a reference to an endpoint that was not taken
      left out: 1 × an endpoint without an address (first in entry 23)
      left out: 1 × an entry without a resource (first in entry 15)
      left out: 1 × an organization that is part of itself
      left out: 1 × an organization that its publisher calls inactive (first in entry 9)
      left out: 1 × an organization without a name (first in entry 10)
      left out: 1 × neither an organization nor an endpoint (first in entry 14)
    "#);
    insta::assert_snapshot!(home.run(&["directory", "search", "lakesdie", "rochester"]).ok(), @r#"
    Lakeside Health
      found by Saint Brendan's Hospital (Rochester, MN)
      portal Lakeside Online: https://online.lakeside.example
        Lakeside FHIR R4: https://fhir.lakeside.example/r4 (FHIR R4)
        Lakeside FHIR DSTU2: https://fhir.lakeside.example/dstu2 (not FHIR R4, so it cannot be connected to)
      portal Lakeside Kids: https://kids.lakeside.example
        For children under 18 and their parents.
        https://kids.lakeside.example/fhir/r4/ (FHIR R4)
      from brands.json, published 2026-08-30T04:15:00Z, similar
    "#);
    insta::assert_snapshot!(home.run(&["directory", "search", "riverton", "medical", "--limit", "1"]).ok(), @r#"
    Riverton Medical Center (Riverton, OR)
      portal MyRiverton: https://my.riverton.example
        https://fhir.riverton.example/api/FHIR/R4 (FHIR R4)
      from brands.json, published 2026-08-30T04:15:00Z
    1 of 2 shown: add a word, or --limit
    "#);
    let list = home.run(&["directory", "list"]).ok();
    assert!(list.contains("brands.json: 13 organizations"), "{list}");
    assert!(list.contains("from brands.json, added 20"), "{list}");
    assert!(list.contains("https://open.epic.com/Endpoints/Brands"), "{list}");
    home.run(&["directory", "remove", "brands.json"]).ok();
    assert!(home.run(&["directory", "list"]).ok().starts_with("No list is loaded."));
    assert!(home.run(&["directory", "remove", "brands.json"]).fails(2).contains("plainchart directory list"));
}

#[test]
fn hits_are_json_too() {
    let home = loaded();
    let found = home.run(&["directory", "search", "northgate", "--json"]).ok();
    let found: Value = serde_json::from_str(&found).unwrap();
    assert_eq!(found["total"], json!(1));
    assert_eq!(found["hits"][0]["brand"], json!("Northgate Pediatrics"));
    let endpoint = &found["hits"][0]["portals"][0]["endpoints"][0];
    assert_eq!((&endpoint["reach"], &endpoint["versions"]), (&json!("ready"), &json!(["4.0.1"])));
}

#[test]
fn looking_makes_no_store_and_says_what_to_do() {
    let home = Home::new();
    assert!(home.run(&["directory", "list"]).ok().contains("plainchart directory add NAME"));
    let empty = home.run(&["directory", "search", "lakeside"]).ok();
    assert!(empty.contains("The directory is empty"), "{empty}");
    assert!(!home.home().exists(), "looking has made a store");
    let home = loaded();
    let none = home.run(&["directory", "search", "zzzz"]).ok();
    assert!(none.contains("brands.json"), "{none}");
}

#[test]
fn what_is_no_list_is_refused_and_changes_nothing() {
    let home = loaded();
    let page = home.file("page.html", "<html>sign in</html>");
    let cut = home.file("brands.json", &fs::read(brands()).unwrap()[..9_000]);
    for (what, code, says) in [
        (page.as_str(), 3, "this is not valid JSON (line 1)"),
        (&cut, 3, "ends in the middle of its JSON"),
        ("nobody-publishes-this", 2, "plainchart directory list"),
        ("http://192.168.0.1/brands.json", 1, "only https addresses are"),
        ("https://192.168.0.1/brands.json", 1, "inside of a private network"),
    ] {
        let error = home.run(&["directory", "add", what]).fails(code);
        assert!(error.contains(says), "{what}: {error}");
    }
    home.run(&["directory", "search"]).fails(2);
    // The broken file has the name of the one that is loaded, which stays.
    assert!(home.run(&["directory", "search", "lakeside"]).ok().contains("Lakeside Online"));
}

#[test]
fn a_store_of_the_first_version_takes_a_directory_and_nothing_of_it_is_in_clear() {
    let home = Home::new();
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/stores/v1/home");
    copy_folder(&kept, &home.home());
    home.run(&["directory", "add", &brands()]).ok();
    assert!(home.run(&["directory", "search", "lakeside"]).ok().contains("Lakeside Online"));
    assert!(home.run(&["status"]).ok().contains("Walter: record version"));
    for item in fs::read_dir(home.home()).unwrap() {
        let bytes = fs::read(item.unwrap().path()).unwrap();
        assert!(!String::from_utf8_lossy(&bytes).contains("Lakeside"));
    }
}

/// A bundle of so many brands, all of whose names have this word.
fn bundle(word: &str, brands: usize) -> String {
    let entries: Vec<String> = (0..brands)
        .map(|at| {
            let name = format!("{word} {at} {:x}", at.wrapping_mul(0x9e37_79b9_7f4a_7c15));
            format!(r#"{{"resource":{{"resourceType":"Organization","name":"{name}"}}}}"#)
        })
        .collect();
    format!(r#"{{"resourceType":"Bundle","entry":[{}]}}"#, entries.join(","))
}

#[test]
fn a_process_that_is_killed_leaves_one_whole_list() {
    const KILLS: u32 = 16;
    const BRANDS: usize = 8_000;
    let home = Home::new();
    let (first, second) = (bundle("First", BRANDS), bundle("Second", BRANDS));
    home.file("list.json", &first);
    home.file("other/list.json", &second);
    let paths = [home.path("list.json"), home.path("other/list.json")].map(|path| path.display().to_string());
    let began = Instant::now();
    home.run(&["directory", "add", &paths[0]]).ok();
    let whole = began.elapsed();
    let (mut killed, mut replaced) = (0, 0);
    for kill in 0..KILLS {
        let before = total(&home, "first");
        let path = &paths[usize::from(before > 0)];
        let mut child = home.command(&["directory", "add", path]);
        let mut child = child.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        thread::sleep(whole.mul_f64(f64::from(kill + 1) / f64::from(KILLS)) + Duration::from_millis(5));
        killed += u32::from(child.try_wait().unwrap().is_none());
        child.kill().unwrap();
        child.wait().unwrap();
        let after = (total(&home, "first"), total(&home, "second"));
        assert!(after == (BRANDS, 0) || after == (0, BRANDS), "{after:?} after kill {kill}");
        replaced += u32::from(after.0 != before);
    }
    assert!(killed >= KILLS / 2, "{killed} of {KILLS} were killed while they ran");
    // The one that is not killed finds its way, and sweeps what the others left.
    home.run(&["directory", "add", &paths[1]]).ok();
    assert_eq!((total(&home, "first"), total(&home, "second")), (0, BRANDS), "{replaced} were replaced");
}

fn total(home: &Home, word: &str) -> usize {
    let found = home.run(&["directory", "search", word, "--limit", "1", "--json"]).ok();
    let found: Value = serde_json::from_str(&found).unwrap();
    usize::try_from(found["total"].as_u64().unwrap()).unwrap()
}
