//! Nothing of a record lies in clear in the folders of the program or in its log.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Stdio;

use aho_corasick::AhoCorasick;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use plainchart::mcp::server::listed_tools;
use plainchart::record::Detail;
use serde_json::{Value, json};

use crate::people::{Chart, Conversation, FILES, Home, fixture, result_text};

const WORDS_MIN: usize = 40;
/// Shorter words stand in random bytes by chance.
const LETTERS_MIN: usize = 6;

/// The words of a text that are long enough to be told from chance.
fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    let words = text.split(|letter: char| !letter.is_alphanumeric() && letter != '-');
    words.filter(|word| word.len() >= LETTERS_MIN).map(str::to_lowercase)
}

/// Family and given names, birth dates, and every long word of the people's records.
fn told() -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut names, mut told) = (BTreeSet::new(), BTreeSet::new());
    for person in ["adult", "child", "deceased", "awkward"] {
        for entry in Chart::of(person).entries() {
            told.extend(words(&entry.concept.label()));
            entry.notes.iter().for_each(|note| told.extend(words(note)));
            match &entry.detail {
                Detail::Person(person) => {
                    names.extend(
                        person.names.iter().flat_map(|name| words(&name.shown()).collect::<Vec<_>>()),
                    );
                    names.extend(
                        person.birth.iter().flat_map(|birth| words(&birth.to_string()).collect::<Vec<_>>()),
                    );
                }
                Detail::Document(document) => {
                    told.extend(document.text.iter().flat_map(|text| words(text).collect::<Vec<_>>()))
                }
                _ => {}
            }
        }
    }
    (names, told)
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for item in fs::read_dir(folder).unwrap() {
        let path = item.unwrap().path();
        if path.is_dir() {
            files.extend(self::files(&path));
        } else {
            files.push((path.display().to_string(), fs::read(&path).unwrap()));
        }
    }
    files
}

/// The letters that stand for a word in base64, whatever stands before and behind it.
fn in_base64(word: &str) -> Vec<String> {
    let with = |before: usize| {
        let encoded = STANDARD.encode([vec![b'-'; before], word.as_bytes().to_vec()].concat());
        let whole = (before + word.len()) * 8 / 6;
        // The first letters and the last one share bits with their neighbours.
        encoded[(before * 8).div_ceil(6)..whole].to_owned()
    };
    [0, 1, 2].map(with).to_vec()
}

fn search(patterns: &[String], folds_case: bool, files: &[(String, Vec<u8>)]) -> BTreeSet<String> {
    let finder = AhoCorasick::builder().ascii_case_insensitive(folds_case).build(patterns).unwrap();
    let mut found = BTreeSet::new();
    for (name, bytes) in files {
        found.extend(
            finder.find_iter(bytes).map(|hit| format!("{} in {name}", patterns[hit.pattern().as_usize()])),
        );
    }
    found
}

/// All tools with words of the record as arguments, and mistakes that name them; gives how much was said.
fn ask_everything(home: &Home, person: &str, log: &Path) -> usize {
    let mut command = home.command(&["serve", "--person", person]);
    command.env("RUST_LOG", "trace");
    let log = fs::File::options().create(true).append(true).open(log).unwrap();
    let mut conversation = Conversation::start(command, Stdio::from(log));
    let mut said = 0;
    for tool in listed_tools() {
        for arguments in [
            json!({}),
            json!({ "query": "metformin Alvarez" }),
            json!({ "id": "Brannigan" }),
            json!({ "since": "Okafor-Lind" }),
        ] {
            said += result_text(&conversation.call(&tool.name, arguments)).len();
        }
    }
    conversation.call("Ashdown", json!({ "Alvarez": "Brannigan" }));
    assert_eq!(conversation.end(), 0);
    said
}

#[test]
fn no_name_date_or_word_of_a_record_lies_in_clear_anywhere() {
    let home = Home::with_key_file();
    let log = home.path("log");
    for (name, patient) in FILES {
        let person = name.split('.').next().unwrap().replace('/', " ");
        let path = fixture(name).display().to_string();
        let mut arguments = vec!["import", &path, "--person", &person];
        arguments.extend(patient.iter().flat_map(|patient| ["--patient", patient]));
        let ran = home.run(&arguments);
        // One of them is cut off in its last line, and gives what was whole.
        let expected = if name.ends_with("second-source.ndjson") { 3 } else { 0 };
        assert!(ran.code == expected, "{}{}", ran.out, ran.err);
        home.run(&["note", "Xylofrondine tastes of Quillfeathers", "--person", &person]).ok();
        assert!(ask_everything(&home, &person, &log) > 5_000);
    }
    // The program reads what it is given where it lies; only what it has made is looked at.
    let mut kept = files(&home.home());
    kept.extend(files(&home.path("user")));
    assert!(
        kept.iter().any(|(name, _)| name.ends_with("plainchart.db")) && kept.len() >= 3,
        "a store and a key file"
    );
    kept.push(("the log".into(), fs::read(&log).unwrap()));
    let (names, told) = told();
    assert!(names.len() >= 8, "{names:?}");
    // What stands in a store without these people is the store's own.
    let other = Home::with_key_file();
    let unlike: Value = json!({ "resourceType": "Patient", "id": "zz", "name": [{ "family": "Zzyzx" }] });
    other.run(&["import", &other.file("other.json", unlike.to_string())]).ok();
    let own = files(&other.home());
    let own: Vec<u8> = own.into_iter().flat_map(|(_, bytes)| bytes.to_ascii_lowercase()).collect();
    let is_own = |word: &String| own.windows(word.len()).any(|window| window == word.as_bytes());
    let told = told.into_iter().filter(|word| !is_own(word));
    let words: Vec<String> =
        names.into_iter().chain(told).chain(["quillfeathers".into(), "xylofrondine".into()]).collect();
    assert!(words.len() >= WORDS_MIN * 5, "{} words", words.len());
    assert_eq!(search(&words, true, &kept), BTreeSet::new());
    let capitalised = words.iter().map(|word| word[..1].to_uppercase() + &word[1..]);
    let encoded: Vec<String> = words
        .iter()
        .cloned()
        .chain(capitalised)
        .flat_map(|word| in_base64(&word))
        .filter(|word| word.len() >= 8)
        .collect();
    assert_eq!(search(&encoded, false, &kept), BTreeSet::new());
}

#[test]
fn the_search_for_words_finds_them_where_they_are() {
    let file = |bytes: &str| vec![("file".to_owned(), bytes.as_bytes().to_vec())];
    let words = ["brannigan".to_owned()];
    assert_eq!(search(&words, true, &file("xx Brannigan yy")).len(), 1);
    for before in ["", "a", "ab", "abc"] {
        let text = STANDARD.encode(format!("{before}brannigan and more"));
        assert_eq!(search(&in_base64("brannigan"), false, &file(&text)).len(), 1, "{text}");
    }
}
