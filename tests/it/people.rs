//! The synthetic people as files, and the program run on them in a home of its own.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use plainchart::access::{Access, Door};
use plainchart::clock::{Clock, Randomness};
use plainchart::config::Config;
use plainchart::ingest::{self, Request};
use plainchart::insight::Answer;
use plainchart::mcp::server::listed_tools;
use plainchart::mcp::tool::{self, Refused};
use plainchart::record::{Entry, EntryId};
use plainchart::store::{OwnerId, Sealed, Vault, people, records};
use serde_json::{Map, Value, json};
use tempfile::TempDir;

/// A master key, so that no key store of the machine is ever asked.
pub const KEY: &str = "cGxhaW5jaGFydCB0ZXN0IGtleSwgMzIgYnl0ZXMhIS4=";

/// The day on which all of them are asked.
pub const TODAY: &str = "2026-11-23";

/// Every file of the people, with what `--patient` says where a file holds several.
pub const FILES: &[(&str, Option<&str>)] = &[
    ("adult/lakeside.json", None),
    ("adult/riverton.ndjson", None),
    ("child/pediatrics.json", None),
    ("deceased/mercy-hill.json", None),
    ("awkward/awkward.json", Some("Patient/robin-ashdown")),
    ("awkward/second-source.ndjson", None),
    ("awkward/tall-child.json", None),
    ("insured/prairie.json", None),
];

/// A file of the synthetic people.
pub fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/people").join(name)
}

/// The bytes of such a file.
pub fn fixture_text(name: &str) -> String {
    fs::read_to_string(fixture(name)).unwrap()
}

/// A home folder that vanishes with the test, and a folder beside it for input and output.
pub struct Home {
    folder: TempDir,
    key: Option<String>,
    store: Option<String>,
}

/// How a run of the program ended.
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Home {
    /// A home whose key is handed in.
    pub fn new() -> Home {
        Home { folder: tempfile::tempdir().unwrap(), key: Some(KEY.into()), store: None }
    }

    /// A home whose key lies in a file, since no key store may be asked and none is handed in.
    pub fn with_key_file() -> Home {
        Home { key: None, ..Home::new() }
    }

    /// A home whose store is elsewhere.
    pub fn on(store: &str) -> Home {
        Home { store: Some(store.into()), ..Home::new() }
    }

    /// The store, as another process opens it.
    pub fn vault(&self) -> Vault {
        let folder = self.home();
        let config = Config::from_lookup(|name| match name {
            "PLAINCHART_HOME" => Some(folder.clone().into()),
            "PLAINCHART_KEY" => Some(KEY.into()),
            "PLAINCHART_KEY_STORE" => Some("off".into()),
            _ => None,
        });
        Vault::open(&config.unwrap(), &Clock::system(), &Randomness::system()).unwrap().vault
    }

    /// The rows of the only person, as another process has them.
    pub fn rows(&self) -> Sealed {
        let vault = self.vault();
        let person = people::list(&vault).unwrap().pop().unwrap();
        vault.owner(&person.owner).unwrap().unwrap()
    }

    /// A home with both sources of the ordinary adult.
    pub fn of_adult() -> Home {
        let home = Home::new();
        home.import(&["adult/lakeside.json", "adult/riverton.ndjson"]);
        home
    }

    /// A home with both sources of the awkward person.
    pub fn of_awkward() -> Home {
        let home = Home::new();
        let file = fixture("awkward/awkward.json").display().to_string();
        home.run(&["import", &file, "--patient", "Patient/robin-ashdown"]).ok();
        let file = fixture("awkward/second-source.ndjson").display().to_string();
        home.run(&["import", &file, "--same-person"]).input_refused_in_part();
        home
    }

    /// The folder of the store.
    pub fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// A copy of it, with all files as they are now.
    pub fn copy(&self) -> Home {
        let copy =
            Home { folder: tempfile::tempdir().unwrap(), key: self.key.clone(), store: self.store.clone() };
        copy_folder(self.folder.path(), copy.folder.path());
        copy
    }

    /// The file of the store.
    pub fn store(&self) -> PathBuf {
        self.home().join("plainchart.db")
    }

    /// A path beside the store.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file beside the store and gives its path as an argument.
    pub fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path.display().to_string()
    }

    /// The program in this home, with nothing of the machine's own settings.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_plainchart"));
        for name in [
            "PLAINCHART_KEY",
            "PLAINCHART_KEY_FILE",
            "PLAINCHART_KEY_PREVIOUS",
            "PLAINCHART_PASSPHRASE",
            "PLAINCHART_STORE",
            "XDG_CONFIG_HOME",
            "XDG_DATA_HOME",
            "XDG_RUNTIME_DIR",
        ] {
            command.env_remove(name);
        }
        command.env("HOME", self.path("user")).env("PLAINCHART_HOME", self.home());
        command.env("PLAINCHART_KEY_STORE", "off");
        if let Some(key) = &self.key {
            command.env("PLAINCHART_KEY", key);
        }
        if let Some(store) = &self.store {
            command.env("PLAINCHART_STORE", store);
        }
        command.args(["--today", TODAY]).args(arguments).stdin(Stdio::null());
        command
    }

    /// Runs the program to its end.
    pub fn run(&self, arguments: &[&str]) -> Ran {
        ran(&mut self.command(arguments))
    }

    /// Runs it with these lines on its standard input.
    pub fn run_with_input(&self, arguments: &[&str], input: &str) -> Ran {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        Ran::of(&child.wait_with_output().unwrap())
    }

    /// Imports files of the synthetic people at once.
    pub fn import(&self, names: &[&str]) -> String {
        let files: Vec<String> = names.iter().map(|name| fixture(name).display().to_string()).collect();
        let arguments: Vec<&str> = ["import"].into_iter().chain(files.iter().map(String::as_str)).collect();
        self.run(&arguments).ok()
    }

    /// Imports paths and gives the report as JSON.
    pub fn import_json(&self, arguments: &[&str]) -> Value {
        let ran = self.run(&[&["import", "--json"], arguments].concat());
        serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{}{}", ran.out, ran.err))
    }

    /// The text of an answer.
    pub fn call(&self, tool: &str, arguments: &str) -> String {
        self.run(&["call", tool, arguments]).ok()
    }

    /// The typed form of an answer.
    pub fn call_json(&self, tool: &str, arguments: &str) -> Value {
        let whole = self.run(&["call", tool, arguments, "--json"]).ok();
        serde_json::from_str::<Value>(&whole).unwrap()["structuredContent"].take()
    }

    /// What `status` says of the record: its version, and how many entries of each kind.
    pub fn counts(&self) -> Vec<String> {
        let status = self.run(&["status"]).ok();
        let lines = status.lines().skip_while(|line| !line.contains("record version"));
        lines.filter(|line| !line.contains("activity:")).map(str::to_owned).collect()
    }
}

/// Copies a folder with all that is in it.
pub fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for item in fs::read_dir(from).unwrap() {
        let item = item.unwrap();
        let target = to.join(item.file_name());
        if item.file_type().unwrap().is_dir() {
            copy_folder(&item.path(), &target);
        } else {
            fs::copy(item.path(), target).unwrap();
        }
    }
}

fn ran(command: &mut Command) -> Ran {
    Ran::of(&command.output().unwrap())
}

impl Ran {
    pub fn of(output: &std::process::Output) -> Ran {
        Ran {
            // A process that was killed has no code.
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// What it printed, where it succeeded.
    pub fn ok(self) -> String {
        assert_eq!(self.code, 0, "{}{}", self.out, self.err);
        self.out
    }

    /// What it said on standard error, where it ended with this code and a next step or a sentence of ours.
    pub fn fails(self, code: i32) -> String {
        assert_eq!(self.code, code, "{}{}", self.out, self.err);
        assert!(self.err.starts_with("plainchart: ") || self.err.starts_with("error:"), "{}", self.err);
        self.err
    }

    fn input_refused_in_part(self) -> String {
        assert!(self.code == 0 || self.code == 3, "{}{}", self.out, self.err);
        self.out
    }
}

/// An assistant's conversation with the program over its standard input and output.
pub struct Conversation {
    child: std::process::Child,
    answers: std::io::Lines<BufReader<std::process::ChildStdout>>,
    asked: u64,
}

impl Conversation {
    /// Starts a command that serves, and greets it.
    pub fn start(mut command: Command, log: Stdio) -> Conversation {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(log);
        let mut child = command.spawn().unwrap();
        let answers = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut conversation = Conversation { child, answers, asked: 0 };
        let hello = json!({ "protocolVersion": "2025-06-18", "capabilities": {},
            "clientInfo": { "name": "story", "version": "1" } });
        conversation.request("initialize", &hello);
        conversation.send(&json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }));
        conversation
    }

    fn send(&mut self, message: &Value) {
        let input = self.child.stdin.as_mut().unwrap();
        writeln!(input, "{message}").and_then(|()| input.flush()).unwrap();
    }

    fn request(&mut self, method: &str, parameters: &Value) -> Value {
        self.asked += 1;
        let id = self.asked;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": parameters }));
        loop {
            let line = self.answers.next().unwrap_or_else(|| panic!("the server has gone")).unwrap();
            let mut message: Value = serde_json::from_str(&line).unwrap();
            if message["id"] == json!(id) {
                assert!(message["error"].is_null(), "{message}");
                return message["result"].take();
            }
        }
    }

    /// Calls a tool and gives the whole result.
    pub fn call(&mut self, tool: &str, arguments: Value) -> Value {
        self.request("tools/call", &json!({ "name": tool, "arguments": arguments }))
    }

    /// Ends the input and waits for the server to end.
    pub fn end(mut self) -> i32 {
        drop(self.child.stdin.take());
        self.child.wait().unwrap().code().unwrap_or(-1)
    }
}

/// The text of a result.
pub fn result_text(result: &Value) -> &str {
    result["content"][0]["text"].as_str().unwrap()
}

/// A record in memory, asked through the same gate as an assistant asks.
pub struct Chart {
    pub sealed: Sealed,
    clock: Clock,
}

/// When the first file of a chart was read (2026-11-01T00:00:00Z).
pub const FIRST_READ_AT: i64 = 1_793_491_200;

impl Chart {
    /// A record with nothing in it. The ids of two of them are drawn alike.
    pub fn empty() -> Chart {
        let clock = Clock::fixed(format!("{TODAY}T10:00:00Z").parse().unwrap());
        let vault = Vault::in_memory(clock.clone(), Randomness::seeded(1)).unwrap();
        let sealed = vault.create(&OwnerId::random(vault.random())).unwrap();
        Chart { sealed, clock }
    }

    /// The record of a synthetic person: all files of a folder.
    pub fn of(person: &str) -> Chart {
        let chart = Chart::empty();
        for (name, patient) in FILES.iter().filter(|(name, _)| name.starts_with(person)) {
            // Of the awkward folder the child is somebody else.
            if *name != "awkward/tall-child.json" {
                chart.import(&fixture(name), *patient, FIRST_READ_AT);
            }
        }
        chart
    }

    /// The record of the tall child of the awkward folder.
    pub fn of_tall_child() -> Chart {
        let chart = Chart::empty();
        chart.import(&fixture("awkward/tall-child.json"), None, FIRST_READ_AT);
        chart
    }

    /// A woman born in 1980, and these resources about her, whose references are `Patient/1`.
    pub fn with(resources: &[Value]) -> Chart {
        let patient = json!({ "resourceType": "Patient", "id": "1", "birthDate": "1980-02-03",
            "gender": "female", "name": [{ "given": ["Ann"], "family": "Oak" }] });
        let lines: Vec<String> = [&patient].into_iter().chain(resources).map(Value::to_string).collect();
        let chart = Chart::empty();
        chart.import_text("clinic.ndjson", &lines.join("\n"));
        chart
    }

    pub fn import(&self, path: &Path, patient: Option<&str>, at: i64) {
        let request = Request {
            paths: vec![path.to_owned()],
            patient: patient.map(str::to_owned),
            is_same_person: true,
            at,
            ..Request::default()
        };
        ingest::import(&self.sealed, &request, &mut |_| {}).unwrap();
    }

    pub fn import_text(&self, name: &str, text: &str) {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(name), text).unwrap();
        self.import(&folder.path().join(name), None, FIRST_READ_AT);
    }

    /// The answer of a tool, or the sentence of its refusal.
    pub fn try_ask(&self, tool: &str, arguments: Value) -> Result<Answer, String> {
        let access = Access::new(Door::to_rows(self.sealed.clone()), self.clock.clone());
        let Value::Object(arguments) = arguments else { panic!("arguments are an object") };
        tool::call(access, tool, arguments).map_err(|Refused(sentence)| sentence)
    }

    pub fn ask(&self, tool: &str, arguments: Value) -> Answer {
        self.try_ask(tool, arguments).unwrap_or_else(|sentence| panic!("{tool}: {sentence}"))
    }

    pub fn text(&self, tool: &str, arguments: Value) -> String {
        self.ask(tool, arguments).text
    }

    /// What every tool says, as wide as it can be asked.
    pub fn all_answers(&self) -> Vec<(String, Answer)> {
        let mut answers = Vec::new();
        for tool in listed_tools() {
            let mut asked = vec![Map::new()];
            match &*tool.name {
                "search_records" => {
                    asked = ["sugar", "heart", "note", "pill"]
                        .map(|query| Map::from_iter([("query".to_owned(), json!(query))]))
                        .to_vec();
                }
                "get_record" => continue,
                "connect_source" => asked = vec![Map::from_iter([("name".to_owned(), json!("Nowhere"))])],
                "get_visits" => asked.push(Map::from_iter([("detail".to_owned(), json!("full"))])),
                _ => {}
            }
            for mut arguments in asked {
                if tool.input_schema["properties"].get("max_tokens").is_some() {
                    arguments.insert("max_tokens".into(), json!(12_000));
                }
                answers.push((tool.name.to_string(), self.ask(&tool.name, Value::Object(arguments))));
            }
        }
        answers
    }

    /// Everything of the record, withdrawn and replaced entries too.
    pub fn entries(&self) -> Vec<Entry> {
        records::open(&self.sealed).unwrap().record.entries.clone()
    }

    /// The live entry with this identity at its source, such as `Observation/twin-1`.
    pub fn entry(&self, key: &str) -> Entry {
        let entries = self.entries().into_iter().find(|entry| entry.is_live() && entry.key.as_str() == key);
        entries.unwrap_or_else(|| panic!("{key} is not in the record"))
    }

    /// The id of that entry.
    pub fn id(&self, key: &str) -> String {
        self.entry(key).id.to_string()
    }
}

/// The ids in brackets of an answer.
pub fn cited(text: &str) -> BTreeSet<String> {
    let ids = text.split('[').skip(1).filter_map(|rest| rest.split_once(']')).map(|(id, _)| id);
    ids.filter(|id| id.len() == 7 && EntryId::parse(id).is_some()).map(str::to_owned).collect()
}

/// An answer without its ids, which every record draws for itself.
pub fn without_ids(text: &str) -> String {
    cited(text).iter().fold(text.to_owned(), |text, id| text.replace(id.as_str(), "…"))
}

/// The line of an answer that has all of these words.
pub fn line<'a>(text: &'a str, words: &[&str]) -> &'a str {
    let found = text.lines().find(|line| words.iter().all(|word| line.contains(word)));
    found.unwrap_or_else(|| panic!("no line has {words:?} in:\n{text}"))
}
