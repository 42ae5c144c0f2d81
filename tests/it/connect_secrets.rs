//! After the whole life of a connection no token, code, verifier, secret, key or state is found in clear: on the
//! disk, in what is printed or logged, in what other processes see.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use crate::connect::{CLINIC, KNOWN_BY_SECRET, SigningIn, follow, open, options};
use crate::people::{Conversation, Home, Ran};
use crate::records_store::clients::Client;
use crate::records_store::hostile::Hostile;
use crate::records_store::running::{CLIENT_SECRET, Options, Running, Store};
use crate::records_store::switches::Switch;

/// A home, and everything that anybody could see of it.
struct Seen {
    running: Running,
    home: Home,
    /// What was printed, logged, and shown as arguments.
    told: Vec<String>,
}

impl Seen {
    fn of(options: &Options) -> Seen {
        Seen { running: Store::start(options).unwrap(), home: Home::new(), told: Vec::new() }
    }

    /// The program with all that makes programs talk.
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.home.command(arguments);
        for name in ["RUST_LOG", "PLAINCHART_LOG", "REQWEST_LOG"] {
            command.env(name, "trace");
        }
        command.env("RUST_BACKTRACE", "full");
        command
    }

    fn run(&mut self, arguments: &[&str]) -> i32 {
        let ran = Ran::of(&self.command(arguments).output().unwrap());
        self.told.extend([ran.out, ran.err]);
        ran.code
    }

    /// Signs in with a browser that notes how it was called.
    fn connect(&mut self, arguments: &[&str], input: &str) -> i32 {
        let folder = self.home.path("bin");
        let noted = self.home.path("browser-arguments");
        fs::create_dir_all(&folder).unwrap();
        let script = format!("#!/bin/sh\nprintf '%s\\n' \"$0\" \"$@\" >> '{}'\n", noted.display());
        for name in ["xdg-open", "browser"] {
            fs::write(folder.join(name), &script).unwrap();
            fs::set_permissions(folder.join(name), fs::Permissions::from_mode(0o755)).unwrap();
        }
        let mut command = self.command(&[&["connect"], arguments].concat());
        let path = format!("{}:/usr/local/bin:/usr/bin:/bin", folder.display());
        command.env("PATH", path).env("BROWSER", folder.join("browser"));
        let mut signing_in = SigningIn::of(command, input);
        if let Some(start) = signing_in.start.clone() {
            self.told.push(start.clone());
            self.note_arguments(signing_in.child.id());
            let page = open(&start).unwrap();
            assert_eq!(page.status, 302);
            follow(&start);
            self.note_arguments(signing_in.child.id());
            signing_in.wait_for("noted");
        }
        let ran = signing_in.end();
        self.told.extend([ran.out, ran.err]);
        let noted = fs::read_to_string(&noted).unwrap_or_default();
        assert!(noted.is_empty() || noted.contains("/start"), "{noted}");
        self.told.push(noted);
        ran.code
    }

    /// What every other process of the machine can read.
    fn note_arguments(&mut self, id: u32) {
        let arguments = fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
        self.told.push(String::from_utf8_lossy(&arguments).into_owned());
    }

    /// All that must be nowhere: what the store gave out, and what came to it as a proof.
    fn secrets(&self) -> BTreeSet<String> {
        let mut secrets: BTreeSet<String> = self.running.secrets().into_iter().collect();
        secrets.insert(CLIENT_SECRET.to_owned());
        for seen in self.running.log() {
            for name in ["state", "nonce", "code", "code_verifier", "client_assertion", "assertion", "token"]
            {
                secrets.extend(seen.call.field(name).map(str::to_owned));
            }
            secrets.extend(
                seen.call
                    .headers
                    .get("authorization")
                    .map(|header| header.rsplit(' ').next().unwrap_or_default().to_owned()),
            );
        }
        secrets.retain(|secret| secret.len() >= 16);
        secrets
    }

    /// Looks for them everywhere.
    fn is_clean(&self, also: &[&str]) -> usize {
        let mut secrets = self.secrets();
        secrets.extend(also.iter().map(|secret| (*secret).to_owned()));
        for told in &self.told {
            let found = secrets.iter().find(|secret| told.contains(*secret));
            assert!(found.is_none(), "{found:?} was told: {told}");
        }
        let mut forms = BTreeSet::new();
        for secret in &secrets {
            forms.insert(secret.as_bytes().to_vec());
            forms.insert(STANDARD.encode(secret).trim_end_matches('=').as_bytes().to_vec());
        }
        assert_eq!(found_below(&self.home.home(), &forms), Vec::<String>::new());
        // The search itself can find.
        let planted = tempfile::tempdir().unwrap();
        let one = forms.first().unwrap();
        fs::write(planted.path().join("plain"), [b"before ", one.as_slice(), b" after"].concat()).unwrap();
        assert_eq!(found_below(planted.path(), &forms), ["plain"]);
        secrets.len()
    }
}

/// The files below a folder that hold one of these, byte for byte.
fn found_below(folder: &Path, secrets: &BTreeSet<Vec<u8>>) -> Vec<String> {
    let patterns: Vec<&Vec<u8>> = secrets.iter().collect();
    let search = aho_corasick::AhoCorasick::new(&patterns).unwrap();
    let mut found = Vec::new();
    for file in fs::read_dir(folder).unwrap() {
        let file = file.unwrap();
        if file.file_type().unwrap().is_dir() {
            found.extend(found_below(&file.path(), secrets));
        } else if search.is_match(&fs::read(file.path()).unwrap()) {
            found.push(file.file_name().to_string_lossy().into_owned());
        }
    }
    found
}

#[test]
fn no_secret_of_a_client_with_a_secret_is_found_in_clear() {
    let mut seen = Seen::of(&options("blue-button"));
    let base = seen.running.base();
    let arguments = [&[base.as_str(), "--source", CLINIC], KNOWN_BY_SECRET].concat();
    assert_eq!(seen.connect(&arguments, CLIENT_SECRET), 0);
    seen.is_clean(&[]);
    for _ in 0..2 {
        seen.running.set(Switch::ExpireAccess);
        assert_eq!(seen.run(&["refresh"]), 0);
    }
    // In the midst of its work, with the log of the database beside it.
    seen.running.set(Switch::ExpireAccess);
    seen.running.set(Switch::Delay { place: None, delay_ms: 300 });
    let mut child = seen.command(&["refresh"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let renewed = |seen: &Seen| {
        let all = seen.running.log_of("/token");
        all.iter().filter(|token| token.call.field("refresh_token").is_some()).count()
    };
    while renewed(&seen) < 3 {
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    std::thread::sleep(std::time::Duration::from_millis(100));
    assert!(seen.home.home().join("plainchart.db-wal").exists());
    seen.note_arguments(child.id());
    seen.is_clean(&[]);
    child.wait().unwrap();
    seen.running.set(Switch::Delay { place: None, delay_ms: 0 });

    // An assistant's server with its log, and a tool that fetches.
    let log = seen.home.path("serve.log");
    let mut conversation =
        Conversation::start(seen.command(&["serve"]), Stdio::from(fs::File::create(&log).unwrap()));
    for tool in ["check_records_status", "update_records"] {
        seen.told.push(conversation.call(tool, json!({})).to_string());
    }
    conversation.end();
    seen.told.push(fs::read_to_string(&log).unwrap());

    // Errors of every make: answers with tokens that are no answers, a refusal, an end.
    for mode in [Hostile::HtmlForJson, Hostile::CutOff, Hostile::WrongTypes, Hostile::RedirectToForeign] {
        seen.running.set(Switch::Hostile { mode: Some(mode), place: Some("token".into()) });
        seen.running.set(Switch::ExpireAccess);
        assert_ne!(seen.run(&["refresh"]), 0, "{mode:?}");
        assert_ne!(seen.connect(&arguments, CLIENT_SECRET), 0, "{mode:?}");
    }
    seen.running.set(Switch::Hostile { mode: None, place: None });
    seen.running.set(Switch::RevokeAll);
    assert_ne!(seen.run(&["refresh"]), 0);
    seen.run(&["sources"]);
    seen.run(&["sources", "show", CLINIC]);
    assert_eq!(seen.connect(&[CLINIC], ""), 0);
    seen.run(&["export", "--to", &seen.home.path("export").display().to_string()]);
    seen.run(&["backup", &seen.home.path("backup").display().to_string()]);
    assert_eq!(seen.run(&["sources", "remove", CLINIC]), 0);
    let secrets = seen.is_clean(&[]);
    assert!(secrets > 25, "{secrets}");
    let forms: BTreeSet<Vec<u8>> = seen.secrets().into_iter().map(String::into_bytes).collect();
    // What lies beside the home too: exports, backups, logs.
    assert_eq!(found_below(seen.home.home().parent().unwrap(), &forms), Vec::<String>::new());
}

#[test]
fn no_private_key_or_assertion_is_found_in_clear() {
    let (pem, public) = crate::connect::rsa();
    let kid = public["kid"].as_str().unwrap().to_owned();
    let jwks = Some(json!({ "keys": [public] }));
    let client = Client { id: "keyed".into(), jwks, ..Client::default() };
    let mut seen = Seen::of(&Options { clients: vec![client], ..options("cerner") });
    let base = seen.running.base();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("key.pem");
    fs::write(&file, &pem).unwrap();
    let file = file.display().to_string();
    let arguments =
        [base.as_str(), "--source", CLINIC, "--client-id", "keyed", "--private-key", &file, "--key-id", &kid];
    assert_eq!(seen.connect(&arguments, ""), 0);
    seen.running.set(Switch::ExpireAccess);
    assert_eq!(seen.run(&["refresh"]), 0);
    let body: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    let parts: Vec<&str> = (0..4).map(|part| &body[200 + part * 300..][..64]).collect();
    assert!(seen.is_clean(&parts) > 6);
    assert_eq!(seen.run(&["sources", "remove", CLINIC]), 0);
    seen.is_clean(&parts);
}

#[test]
fn the_key_of_a_device_is_found_nowhere() {
    let mut seen = Seen::of(&options("epic"));
    let base = seen.running.base();
    assert_eq!(seen.connect(&[&base, "--source", CLINIC, "--client-id", "plainchart"], ""), 0);
    seen.running.set(Switch::ExpireAccess);
    assert_eq!(seen.run(&["refresh"]), 0);
    // PKCS #8 of an RSA key begins so, in every way of writing it.
    let marks = ["PRIVATE KEY", "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC", "MIIEvAIBADANBgkqhkiG9w0BAQEFAASC"];
    assert!(seen.is_clean(&marks) > 3);
}
