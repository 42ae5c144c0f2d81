//! Each command as a person types it: what it does, and what it says with which code when it cannot.

use std::collections::BTreeSet;
use std::fs;
use std::process::Stdio;

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::people::{Conversation, Home, Ran, cited, fixture, line, result_text, without_ids};

/// The lines of an answer that are facts: without ids, and without what tells the sources and dates of import.
fn facts(home: &Home, person: Option<&str>) -> Vec<String> {
    let mut lines = Vec::new();
    for tool in
        ["get_conditions", "get_medications", "get_allergies", "get_labs", "get_immunizations", "get_visits"]
    {
        let person: Vec<&str> = person.iter().flat_map(|name| ["--person", name]).collect();
        let asked = [&["call", tool, r#"{"max_tokens":12000}"#], &person[..]].concat();
        let answer = without_ids(&home.run(&asked).ok());
        let told = answer.lines().filter(|line| !line.starts_with("Coverage:"));
        // "both" is said where there are two sources in all; the person's own notes are a third.
        let told = told.map(|line| {
            line.replace("|both|", "|lakeside, riverton|").replace("riverton, lakeside", "lakeside, riverton")
        });
        lines.extend(told.map(|line| format!("{tool}: {line}")));
    }
    lines.sort();
    lines
}

/// The bytes of every file of the store, as text that can be searched.
fn stored(home: &Home) -> String {
    let files = fs::read_dir(home.home()).unwrap().map(|item| fs::read(item.unwrap().path()).unwrap());
    files.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).collect()
}

#[test]
fn a_home_without_a_record_says_what_to_do_and_stays_empty() {
    let home = Home::new();
    for command in [
        &["status"][..],
        &["people"],
        &["grants"],
        &["activity"],
        &["export", "there"],
        &["erase", "--yes"],
        &["keys"],
        &["call", "get_labs"],
    ] {
        let error = home.run(command).fails(1);
        assert!(error.to_lowercase().contains("there is no record here yet"), "{command:?}: {error}");
        assert!(error.contains("plainchart import"), "{command:?} names no next step: {error}");
    }
    home.run(&["backup", &home.path("backup").display().to_string()]).fails(1);
    assert!(!home.home().exists(), "looking has made a store");
}

#[test]
fn wrong_usage_is_two_and_help_tells_the_codes() {
    let home = Home::new();
    for command in [
        &["remember"][..],
        &["import"],
        &["call"],
        &["status", "--today", "soon"],
        &["unlock", "--hours", "99"],
    ] {
        home.run(command).fails(2);
    }
    let help = home.run(&["--help"]).ok();
    let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
    for words in [
        "Exit codes: 0 done",
        "3 some input",
        "4 the store is locked",
        "5 the input is about another person",
        "911",
    ] {
        assert!(help.contains(words), "{words} is not in {help}");
    }
}

#[test]
fn a_call_answers_as_text_and_whole_and_refuses_with_what_would_be_right() {
    let home = Home::of_adult();
    assert!(home.call("get_allergies", "{}").starts_with("**Maria Elena Alvarez**, born 1961"));
    let whole: Value =
        serde_json::from_str(&home.run(&["call", "get_labs", r#"{"limit":2}"#, "--json"]).ok()).unwrap();
    assert_eq!(whole["content"][0]["type"], json!("text"));
    assert_eq!(whole["structuredContent"]["shown"], json!(2));
    for (arguments, code, says) in [
        (&["call", "get_labs", "{"][..], 2, "are no JSON object"),
        (&["call", "get_labs", "[1]"], 2, "are no JSON object"),
        (&["call", "get_lab"], 1, "get_labs"),
        (&["call", "get_labs", r#"{"since":"lately"}"#], 1, "YYYY-MM-DD"),
        (&["call", "get_labs", r#"{"colour":"red"}"#], 1, "has no argument \"colour\""),
        (&["call", "search_records"], 1, "query"),
        (&["call", "get_record", r#"{"id":"L000000"}"#], 1, "Ids look like"),
    ] {
        let error = home.run(arguments).fails(code);
        assert!(error.contains(says), "{arguments:?}: {error}");
    }
}

#[test]
fn a_note_is_the_persons_own_and_a_wrong_one_is_refused() {
    let home = Home::of_adult();
    let listed = cited(&home.call("get_medications", r#"{"limit":1}"#));
    let id = listed.into_iter().find(|id| id.starts_with('M')).unwrap();
    let noted = home.run(&["note", "Stopped in August, it made me cough.", "--about", &id]).ok();
    assert!(noted.contains("under the source \"you\""), "{noted}");
    let medicines = home.call("get_medications", r#"{"max_tokens":12000}"#);
    assert!(
        medicines.contains("the person's own note: \"Stopped in August, it made me cough.\""),
        "{medicines}"
    );
    assert!(home.run(&["note", "x", "--about", "L1"]).fails(2).contains("is no id"));
    assert!(home.run(&["note", "x", "--about", "L000000"]).fails(1).contains("next:"));
    home.run(&["note", "  "]).fails(2);
}

#[test]
fn several_people_are_kept_apart_and_one_must_be_named() {
    let home = Home::new();
    let import = |file: &str, person: &str| {
        home.run(&["import", &fixture(file).display().to_string(), "--person", person]).ok()
    };
    import("child", "Theo");
    import("deceased", "Walter");
    assert_eq!(home.run(&["people"]).ok().lines().collect::<Vec<_>>(), ["Theo", "Walter"]);
    let refused = home.run(&["call", "get_labs"]).fails(1);
    assert!(refused.contains("--person"), "{refused}");
    home.run(&["export", "there"]).fails(2);
    assert!(home.run(&["call", "get_labs", "--person", "theo"]).ok().contains("Theo Okafor-Lind"));
    assert!(home.run(&["call", "get_labs", "--person", "Ada"]).fails(1).contains("plainchart people"));
    let status = home.run(&["status"]).ok();
    assert!(status.contains("Theo: record version") && status.contains("Walter: record version"), "{status}");
    assert!(!home.run(&["status", "--person", "Walter"]).ok().contains("Theo:"));
}

/// What the tools say with one setting off; the text of each.
fn answers(home: &Home) -> Vec<String> {
    let tools = [
        "summarize_history",
        "get_conditions",
        "get_medications",
        "get_allergies",
        "get_immunizations",
        "get_procedures",
        "get_visits",
        "get_labs",
        "get_vitals",
        "get_documents",
        "get_care_plan",
        "get_background",
        "get_coverage",
    ];
    let mut answers: Vec<String> =
        tools.iter().map(|tool| home.call(tool, r#"{"max_tokens":12000}"#)).collect();
    answers.push(home.call("check_records_status", "{}"));
    answers.push(home.call("get_visits", r#"{"detail":"full","max_tokens":12000}"#));
    for query in ["sertraline depression", "potassium", "alcohol naltrexone", "psychotherapy"] {
        answers
            .push(home.call("search_records", &json!({ "query": query, "max_tokens": 12_000 }).to_string()));
    }
    answers
}

#[test]
fn a_kind_that_is_withheld_is_gone_from_every_answer() {
    let home = Home::of_adult();
    let id = cited(&home.call("get_labs", r#"{"limit":1}"#)).into_iter().next().unwrap();
    let shown = home.run(&["grants", "--withhold", "labs"]).ok();
    assert!(line(&shown, &["labs"]).contains("WITHHELD"), "{shown}");
    for answer in answers(&home) {
        let labs: Vec<String> = cited(&answer).into_iter().filter(|id| id.starts_with('L')).collect();
        assert!(labs.is_empty(), "{labs:?} in {answer}");
    }
    assert!(home.call("get_labs", "{}").contains("Withheld by the person's settings"));
    let refusal = |id: &str| {
        home.run(&["call", "get_record", &json!({ "id": id }).to_string()]).fails(1).replace(id, "…")
    };
    assert_eq!(refusal(&id), refusal("L000001"), "a withheld id answers like an unknown one");
    home.run(&["grants", "--everything"]).ok();
    assert!(home.run(&["call", "get_record", &json!({ "id": id }).to_string()]).ok().contains(&id));
    let wrong = home.run(&["grants", "--withhold", "moods"]).fails(2);
    assert!(wrong.contains("choose from") && wrong.contains("mental-health"), "{wrong}");
}

#[test]
fn a_sensitive_class_that_is_withheld_is_gone_with_what_reveals_it() {
    let home = Home::of_awkward();
    let before: BTreeSet<String> = answers(&home).iter().flat_map(|answer| cited(answer)).collect();
    home.run(&["grants", "--withhold", "mental-health"]).ok();
    let after = answers(&home);
    for answer in &after {
        for word in ["sertraline", "Recurrent depression", "Psychotherapy", "Mental health Outpatient"] {
            assert!(
                !answer.contains(word)
                    || answer.contains(&format!("Found for \"{word}"))
                    || answer.contains("for \"sertraline depression\""),
                "{word} in {answer}"
            );
        }
    }
    let left: BTreeSet<String> = after.iter().flat_map(|answer| cited(answer)).collect();
    assert!(before.difference(&left).count() >= 4, "{:?}", before.difference(&left));
}

#[test]
fn what_is_withheld_is_told_in_the_same_words_whether_or_not_anything_lies_behind() {
    let with = Home::of_awkward();
    let without = Home::new();
    without.import(&["awkward/tall-child.json"]);
    let told = |home: &Home, tool: &str| {
        home.run(&["grants", "--withhold", "hiv", "--withhold", "procedures"]).ok();
        let answer = home.call(tool, "{}");
        let coverage = line(&answer, &["Coverage:"]).split(';').map(str::trim);
        let told = coverage.filter(|part| part.contains("withheld"));
        told.map(|part| part.trim_end_matches('.').to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(
        with.call("get_allergies", "{}").contains("withheld"),
        without.call("get_allergies", "{}").contains("withheld")
    );
    for tool in ["get_procedures", "get_labs", "check_records_status"] {
        let (one, other) = (told(&with, tool), told(&without, tool));
        assert!(!one.is_empty(), "{tool} does not say that something is withheld");
        assert_eq!(one, other, "{tool}");
    }
}

#[test]
fn the_activity_lists_every_call_and_notices_tampering() {
    let home = Home::of_adult();
    home.call("get_labs", r#"{"limit":1}"#);
    home.run(&["call", "get_record", r#"{"id":"L000000"}"#]).fails(1);
    home.run(&["call", "no_such_tool"]).fails(1);
    let activity = home.run(&["activity"]).ok();
    for words in [
        ["get_labs", "answered, 1 entries: L"],
        ["get_record", "refused, 0 entries"],
        ["unknown tool", "refused"],
    ] {
        line(&activity, &words);
    }
    assert!(activity.contains("3 lines in all; the chain holds."), "{activity}");
    let lines = home.run(&["activity", "--json", "--last", "2"]).ok();
    let numbers: Vec<Value> =
        lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["number"].clone()).collect();
    assert_eq!(numbers, [json!(2), json!(3)]);
    assert!(
        !activity.contains("Alvarez") && !activity.contains("no_such"),
        "words from outside never stand in it"
    );
    for change in [
        "UPDATE rows SET body = CAST(substr(body, 1, length(body) - 1) || x'00' AS BLOB) WHERE kind = 'audit' AND rowid = (SELECT min(rowid) FROM rows WHERE kind = 'audit')",
        "DELETE FROM rows WHERE rowid = (SELECT min(rowid) FROM rows WHERE kind = 'audit')",
    ] {
        let home = home.copy();
        Connection::open(home.store()).unwrap().execute_batch(change).unwrap();
        let refused = home.run(&["activity"]).fails(1);
        assert!(refused.contains("next:") && refused.contains("restore"), "{refused}");
        assert!(refused.contains("the audit was changed outside plainchart"), "{refused}");
    }
}

#[test]
fn a_flipped_byte_of_the_record_is_noticed() {
    let home = Home::of_adult();
    for kind in ["segment", "manifest"] {
        let home = home.copy();
        let change = format!(
            "UPDATE rows SET body = CAST(substr(body, 1, length(body) - 9) || x'00' || substr(body, -8) AS BLOB) WHERE kind = '{kind}'"
        );
        Connection::open(home.store()).unwrap().execute_batch(&change).unwrap();
        let refused = home.run(&["call", "get_labs"]).fails(1);
        assert!(refused.contains("restore"), "{kind}: {refused}");
        home.run(&["status"]).fails(1);
    }
}

#[test]
fn an_export_is_readable_and_comes_back_as_the_same_facts() {
    let home = Home::of_adult();
    home.run(&["note", "I walk every day."]).ok();
    let folder = home.path("export");
    let written = home.run(&["export", &folder.display().to_string()]).ok();
    let files: Vec<&str> = written.lines().collect();
    assert_eq!(files.len(), 4, "a bundle a source, the notes, the summary: {written}");
    let bundles: Vec<&str> = files.iter().copied().filter(|file| file.ends_with(".json")).collect();
    for bundle in &bundles {
        let bundle: Value = serde_json::from_str(&fs::read_to_string(bundle).unwrap()).unwrap();
        assert_eq!(bundle["resourceType"], json!("Bundle"));
        assert!(bundle["entry"].as_array().unwrap().len() > 50);
    }
    let summary = fs::read_to_string(folder.join("summary.md")).unwrap();
    assert!(summary.contains("Maria Elena Alvarez"), "{summary}");
    assert!(files.iter().any(|file| fs::read_to_string(file).unwrap().contains("I walk every day.")));
    let arguments = [&["import"], &bundles[..], &["--person", "again"]].concat();
    home.run(&arguments).ok();
    home.run(&["note", "I walk every day.", "--person", "again"]).ok();
    // The sources are called after their files, whose names the export has made of the sources' names.
    let again = facts(&home, Some("again")).into_iter();
    let again = again.map(|line| line.replace("source-1-", "").replace("source-2-", ""));
    let again = again.map(|line| line.replace("riverton, lakeside", "lakeside, riverton"));
    let mut again: Vec<String> = again.collect();
    again.sort();
    assert_eq!(again, facts(&home, Some("me")));
}

#[test]
fn a_backup_brings_back_what_was_erased() {
    let home = Home::of_adult();
    let before = facts(&home, None);
    let backup = home.path("backup").display().to_string();
    assert!(home.run(&["backup", &backup]).ok().contains("It does not hold the key"));
    home.run(&["backup", &backup]).fails(1);
    home.run(&["restore", &backup]).fails(1);
    home.run(&["erase", "--yes"]).ok();
    home.run(&["call", "get_labs"]).fails(1);
    home.run(&["restore", &backup, "--overwrite"]).ok();
    assert_eq!(facts(&home, None), before);
    assert!(home.run(&["status"]).ok().contains("the chain holds"));
    home.run(&["restore", &home.file("no-backup", "hello"), "--overwrite"]).fails(1);
    assert_eq!(facts(&home, None), before, "a failed restore changes nothing");
}

#[test]
fn erasing_asks_and_then_forgets_rows_and_name() {
    let home = Home::new();
    let file = fixture("child").display().to_string();
    home.run(&["import", &file, "--person", "Theodosius"]).ok();
    let refused = home.run_with_input(&["erase"], "Theo\n").fails(2);
    assert!(refused.contains("nothing was erased"), "{refused}");
    assert!(home.run(&["people"]).ok().contains("Theodosius"));
    let done = home.run_with_input(&["erase"], "Theodosius\n");
    assert!(done.out.contains("Type the name to confirm") && done.out.contains("are gone"), "{}", done.out);
    assert!(home.run(&["people"]).ok().is_empty());
    assert!(!stored(&home).contains("Theodosius"));
    let rows: i64 = Connection::open(home.store())
        .unwrap()
        .query_row(
            "SELECT count(*) FROM rows WHERE kind IN ('segment', 'original', 'manifest', 'audit', 'grant')",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert!(rows <= 1, "{rows} rows of the record are left");
}

#[test]
fn the_key_can_be_rotated_and_moved() {
    let home = Home::with_key_file();
    let imported = home.run(&["import", &fixture("child").display().to_string()]);
    assert!(
        imported.err.contains("A new key was made") && imported.err.contains("keep a copy apart"),
        "{}",
        imported.err
    );
    imported.ok();
    let before = facts(&home, None);
    let id = |home: &Home| line(&home.run(&["keys"]).ok(), &["Key id:"]).to_owned();
    let first = id(&home);
    let rotated = home.run(&["keys", "rotate"]).ok();
    assert!(rotated.contains("A new key is in the key file"), "{rotated}");
    assert_ne!(id(&home), first);
    assert_eq!(facts(&home, None), before);
    let inside = home.home().join("key").display().to_string();
    home.run(&["keys", "to-file", &inside]).fails(4);
    let apart = home.path("apart/key").display().to_string();
    assert!(home.run(&["keys", "to-file", &apart]).ok().contains(&apart));
    assert_eq!(facts(&home, None), before);
    fs::remove_file(&apart).unwrap();
    let gone = home.run(&["call", "get_labs"]);
    assert!(gone.err.contains("key"), "{}", gone.err);
    home.run(&["status"]).fails(4);
}

/// A run with further words of the environment.
fn run_with(home: &Home, environment: &[(&str, &str)], arguments: &[&str]) -> Ran {
    let mut command = home.command(arguments);
    command.envs(environment.iter().copied());
    Ran::of(&command.output().unwrap())
}

#[test]
fn a_passphrase_locks_the_store_and_opens_it() {
    let home = Home::with_key_file();
    home.run(&["import", &fixture("child").display().to_string()]).ok();
    let before = facts(&home, None);
    let right = [("PLAINCHART_PASSPHRASE", "correct horse battery staple")];
    run_with(&home, &right, &["keys", "to-passphrase"]).ok();
    let locked = home.run(&["status"]).fails(4);
    assert!(locked.contains("plainchart unlock"), "{locked}");
    let wrong = run_with(&home, &[("PLAINCHART_PASSPHRASE", "wrong")], &["status"]).fails(4);
    assert!(wrong.contains("passphrase"), "{wrong}");
    assert!(run_with(&home, &right, &["call", "get_vitals"]).ok().contains("Theo Okafor-Lind"));
    // Over stdio nobody can type: the answer says what to do.
    let mut conversation = Conversation::start(home.command(&["serve"]), Stdio::null());
    let answer = conversation.call("get_vitals", json!({}));
    assert_eq!(answer["isError"], json!(true), "{answer}");
    assert!(result_text(&answer).contains("plainchart unlock"), "{answer}");
    if cfg!(target_os = "linux") {
        // A folder in memory, as a session has one; the conversation goes on in the opened store.
        let memory = tempfile::tempdir_in("/dev/shm").unwrap();
        let runtime = memory.path().display().to_string();
        let session = [("XDG_RUNTIME_DIR", runtime.as_str()), right[0]];
        assert!(run_with(&home, &session, &["unlock", "--hours", "1"]).ok().contains("Open until"));
        let open = [("XDG_RUNTIME_DIR", runtime.as_str())];
        assert!(run_with(&home, &open, &["call", "get_vitals"]).ok().contains("Theo Okafor-Lind"));
        run_with(&home, &open, &["unlock", "--lock"]).ok();
        run_with(&home, &open, &["call", "get_vitals"]).fails(4);
    }
    assert_eq!(conversation.end(), 0);
    // Back to a file: the same record.
    let apart = home.path("apart/key").display().to_string();
    run_with(&home, &right, &["keys", "to-file", &apart]).ok();
    assert_eq!(facts(&home, None), before);
}

#[test]
fn a_key_that_is_not_the_one_is_told_and_opens_nothing() {
    let home = Home::of_adult();
    let other = [("PLAINCHART_KEY", "b3RoZXIga2V5LCBvZiAzMiBieXRlcywgbm90IHRoZSE=")];
    let refused = run_with(&home, &other, &["status"]).fails(4);
    assert!(refused.contains("plainchart keys"), "{refused}");
    let bad = run_with(&home, &[("PLAINCHART_KEY", "short")], &["status"]).fails(4);
    assert!(bad.contains("head -c 32 /dev/urandom | base64"), "{bad}");
}

#[test]
fn a_reader_that_stops_reading_ends_the_command_without_a_word() {
    let home = Home::of_adult();
    let mut command = home.command(&["call", "get_labs", r#"{"max_tokens":12000}"#]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let ended = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&ended.stderr), "");
}

#[test]
fn the_demo_shows_answers_and_the_lines_for_every_assistant_and_stores_nothing() {
    let home = Home::new();
    let shown = home.run(&["demo"]).ok();
    for words in [
        "Summarise my history.",
        "What happened at my last visit?",
        "Maria Elena Alvarez",
        "claude_desktop_config.json",
        "claude mcp add plainchart",
        "mcp.json",
        "@modelcontextprotocol/inspector",
    ] {
        assert!(shown.contains(words), "{words}");
    }
    assert!(!home.home().exists());
}

#[test]
fn a_database_that_cannot_be_had_is_told_with_a_next_step_and_without_its_password() {
    // Port 1 is nobody's.
    let home = Home::on("postgres://anna:hunter2@127.0.0.1:1/chart");
    let away = home.run(&["status"]).fails(1);
    insta::assert_snapshot!(away.lines().next().unwrap(), @"plainchart: the database server cannot be reached, or has ended the connection");
    assert!(away.contains("Connection refused") && away.contains("next: "), "{away}");
    let called = home.run(&["call", "get_labs"]).fails(1);
    let backup = home.run(&["backup", "here"]).fails(2);
    assert!(backup.contains("pg_dump"), "{backup}");
    let wrong = Home::on("postgres://anna:hunter2@db.example.org/chart?sslmode=sometimes");
    let wrong = wrong.run(&["status"]).fails(2);
    assert!(wrong.contains("sslmode is disable, prefer, require, verify-ca or verify-full"), "{wrong}");
    for told in [away, called, backup, wrong] {
        assert!(!told.contains("hunter2"), "{told}");
    }
}
