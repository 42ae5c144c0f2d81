//! The map of DESIGN.md, held: no arrow between modules but those on it, and nothing in two places.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Each module and what it may use. Time, the environment, secrets and outgoing connections stand apart.
const MAP: &[(&str, &[&str])] = &[
    ("http", &[]),
    ("clock", &[]),
    ("config", &[]),
    ("secret", &[]),
    ("record", &[]),
    ("knowledge", &["record"]),
    ("insight", &["record", "knowledge"]),
    ("sources", &["record", "knowledge", "http"]),
    ("store", &["record"]),
    ("ingest", &["record", "knowledge", "sources", "store"]),
    ("access", &["record", "store"]),
    ("mcp", &["record", "insight", "ingest", "access"]),
    ("web", &["record", "insight", "ingest", "access"]),
    ("cli", &["record", "knowledge", "insight", "sources", "store", "ingest", "access", "mcp", "web"]),
];

/// Open to all but the pure ones.
const OPEN: &[&str] = &["http", "clock", "config", "secret"];
const PURE: &[&str] = &["record", "knowledge", "insight"];

/// Words that belong to one place: the word, and where it may stand.
const PLACES: &[(&str, &[&str])] = &[
    ("rmcp::", &["mcp"]),
    ("rusqlite", &["store"]),
    ("tokio_postgres", &["store"]),
    ("deadpool_postgres", &["store"]),
    ("rustls::", &["store"]),
    ("std::env", &["config", "main.rs"]),
    ("SystemTime", &["clock"]),
    ("Timestamp::now", &["clock"]),
    ("Zoned::now", &["clock"]),
    ("getrandom", &["clock"]),
    ("reqwest", &["http"]),
    ("TcpStream", &["http"]),
    ("oauth2::", &["access", "sources"]),
    ("jsonwebtoken", &["access", "sources"]),
    ("openidconnect::", &["access"]),
    ("resourceType", &["sources"]),
    ("process::", &["cli", "main.rs"]),
    ("println!", &["cli", "main.rs"]),
    ("eprintln!", &["cli", "main.rs"]),
    ("print!", &["cli", "main.rs"]),
    ("eprint!", &["cli", "main.rs"]),
    ("io::stdout", &["cli", "main.rs", "mcp"]),
    ("anyhow", &["cli", "main.rs"]),
    ("clap::", &["cli", "main.rs"]),
];

/// A source file: its place below `src`, its module, and its code without comments, strings kept.
struct File {
    path: String,
    module: String,
    code: String,
}

#[test]
fn no_arrow_is_drawn_that_is_not_on_the_map() {
    let modules: Vec<&str> = MAP.iter().map(|(module, _)| *module).collect();
    let mut wrong = Vec::new();
    for file in files() {
        if file.module == "lib.rs" || file.module == "main.rs" {
            continue;
        }
        let Some((_, uses)) = MAP.iter().find(|(module, _)| *module == file.module) else {
            wrong.push(format!("{} is in no module of the map", file.path));
            continue;
        };
        for used in arrows(&file.code) {
            let is_open = OPEN.contains(&used.as_str()) && !PURE.contains(&file.module.as_str());
            let is_known = modules.contains(&used.as_str());
            if is_known && used != file.module && !is_open && !uses.contains(&used.as_str()) {
                wrong.push(format!("{} uses {used}", file.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_belongs_to_one_place_stands_nowhere_else() {
    let mut wrong = Vec::new();
    for file in files().iter().filter(|file| !is_test(&file.path)) {
        let code = before_tests(&file.code);
        for (word, places) in PLACES {
            if holds(code, word) && !places.contains(&file.module.as_str()) {
                wrong.push(format!("{} says {word}", file.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_file_says_what_it_is_for_in_its_first_line() {
    let silent: Vec<String> = source_files()
        .into_iter()
        .filter(|path| !fs::read_to_string(path).unwrap().starts_with("//! "))
        .map(|path| path.display().to_string())
        // What these are for their name says.
        .filter(|path| !path.ends_with("tests.rs"))
        .collect();
    assert!(silent.is_empty(), "{silent:#?}");
}

/// The rules are tried on code that breaks them, so that a rule that no longer sees anything is noticed.
#[test]
fn the_rules_see_what_they_are_for() {
    let used = arrows("use crate::store::{self, Vault}; fn f() { crate::access::audit::read() }");
    assert_eq!(used.into_iter().collect::<Vec<_>>(), ["access", "store"]);
    let grouped = arrows("use crate::{insight::Answer, record::{View, Kind}, clock};");
    assert_eq!(grouped.into_iter().collect::<Vec<_>>(), ["clock", "insight", "record"]);
    assert!(holds("let it = println!(\"x\");", "println!"));
    assert!(!holds("eprintln!(\"x\")", "println!"));
    assert!(files().len() > 30, "the sources were not found");
    assert_eq!(without_comments("a // crate::store\nb /* x */ \"//\" c"), "a \nb /* x */ \"//\" c");
}

fn files() -> Vec<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let read = |path: PathBuf| {
        let place = path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
        let first = place.split('/').next().unwrap();
        let module = match first {
            "lib.rs" | "main.rs" => first,
            _ => first.trim_end_matches(".rs"),
        };
        let code = without_comments(&fs::read_to_string(&path).unwrap());
        File { module: module.to_owned(), path: place, code }
    };
    source_files().into_iter().map(read).collect()
}

fn source_files() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The modules that a file names as `crate::x`, alone or in a group.
fn arrows(code: &str) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        let after = &code[at + "crate::".len()..];
        match after.strip_prefix('{') {
            None => {
                used.insert(word(after));
            }
            Some(group) => {
                let mut depth = 0;
                let mut is_first = true;
                for (place, character) in group.char_indices() {
                    match character {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => is_first = true,
                        _ if is_first && depth == 0 && character.is_alphabetic() => {
                            used.insert(word(&group[place..]));
                            is_first = false;
                        }
                        _ => {}
                    }
                }
            }
        }
    }
    used
}

fn word(text: &str) -> String {
    text.chars().take_while(|character| character.is_alphanumeric() || *character == '_').collect()
}

/// Whether the code holds the word, and not as the end of a longer one.
fn holds(code: &str, word: &str) -> bool {
    code.match_indices(word).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        !before.is_some_and(|character| character.is_alphanumeric() || character == '_')
    })
}

fn is_test(path: &str) -> bool {
    // What counts and grades the tables is compiled for tests alone, and prints what it finds.
    let of_tables = ["knowledge/tables_counted.rs", "knowledge/reading_grade.rs"];
    path.ends_with("tests.rs")
        || path.contains("/tests/")
        || path.ends_with("contract.rs")
        || of_tables.iter().any(|own| path.ends_with(own))
}

/// Tests stand last in a file; fixtures in them may hold any word.
fn before_tests(code: &str) -> &str {
    code.split("#[cfg(test)]\nmod tests {").next().unwrap_or(code)
}

/// The code with its line comments taken out. A `//` inside of a string stays.
fn without_comments(code: &str) -> String {
    let lines = code.lines().map(|line| {
        let comment = line.match_indices("//").find(|(at, _)| line[..*at].matches('"').count() % 2 == 0);
        comment.map_or(line, |(at, _)| &line[..at])
    });
    lines.collect::<Vec<_>>().join("\n")
}
