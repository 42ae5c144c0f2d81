//! Homes that connect to the records store: the sign-in driven as a browser drives it, and what came of it.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::{Algorithm, EncodingKey};
use plainchart::record::{Entry, EntryId, Fetched, Lifecycle, Queried};
use plainchart::store::records;
use reqwest::blocking::Client;
use serde_json::Value;

use crate::people::{Home, Ran, fixture};
use crate::records_store::keys;
use crate::records_store::running::{CLIENT_ID, CLIENT_SECRET, Options, Running, Store};
use crate::records_store::serving::Seen;
use crate::records_store::switches::SignIn;

/// Who signs in, where a test says nothing else.
pub const PATIENT: &str = "eMariaAlvarez61";
/// What the source is called.
pub const CLINIC: &str = "Clinic";
/// The client that every vendor of the store knows, and its secret.
pub const KNOWN: &[&str] = &["--client-id", CLIENT_ID];
pub const KNOWN_BY_SECRET: &[&str] = &["--client-id", CLIENT_ID, "--secret"];
/// A browser waits no longer for a page.
const PAGE_TIMEOUT: Duration = Duration::from_secs(20);

/// A store with one vendor and the clinic of the ordinary adult, who signs in without a page.
pub fn options(vendor: &str) -> Options {
    Options {
        people: vec![fixture("adult/lakeside.json")],
        sign_in: Some(SignIn::Own(PATIENT.to_owned())),
        ..Options::of(vendor)
    }
}

/// A store and a home that is connected to it.
pub struct Connected {
    pub running: Running,
    pub home: Home,
    /// What `connect` said.
    pub said: Ran,
}

impl Connected {
    /// Connects to a vendor as it stands in its row.
    pub fn to(vendor: &str, arguments: &[&str], input: &str) -> Connected {
        Connected::with(&options(vendor), arguments, input)
    }

    /// Connects to a vendor with the secret of the known client.
    pub fn by_secret(vendor: &str, arguments: &[&str]) -> Connected {
        Connected::to(vendor, &[arguments, KNOWN_BY_SECRET].concat(), CLIENT_SECRET)
    }

    /// Connects a new home.
    pub fn with(options: &Options, arguments: &[&str], input: &str) -> Connected {
        let (running, home) = (Store::start(options).unwrap(), Home::new());
        let said = connect(&home, &running, arguments, input);
        assert_eq!(said.code, 0, "{}{}", said.out, said.err);
        Connected { running, home, said }
    }

    /// Fetches again.
    pub fn refresh(&self) -> Ran {
        self.home.run(&["refresh"])
    }

    /// What `sources show` says.
    pub fn shown(&self) -> String {
        self.home.run(&["sources", "show", CLINIC]).ok()
    }

    /// The searches and reads that were answered with this path.
    pub fn asked_for(&self, kind: &str) -> Vec<Seen> {
        self.running.log_of(&format!("/{kind}"))
    }

    /// The one request of the sign-in.
    pub fn authorize(&self) -> BTreeMap<String, String> {
        let seen = self.running.log_of("/authorize");
        assert_eq!(seen.len(), 1);
        seen[0].call.query.iter().cloned().collect()
    }

    /// The requests for tokens of one grant.
    pub fn tokens(&self, grant: &str) -> Vec<Seen> {
        let all = self.running.log_of("/token").into_iter();
        all.filter(|seen| seen.call.field("grant_type") == Some(grant)).collect()
    }
}

/// Connects and signs in; gives how the program ended.
pub fn connect(home: &Home, running: &Running, arguments: &[&str], input: &str) -> Ran {
    let base = running.base();
    let signing_in =
        SigningIn::begin(home, &[&[base.as_str(), "--source", CLINIC], arguments].concat(), input);
    if let Some(start) = &signing_in.start {
        follow(start);
    }
    signing_in.end()
}

impl Ran {
    /// What it said, where it ended with this code and a sentence of ours.
    pub fn refused(self, code: i32) -> String {
        assert_eq!(self.code, code, "{}{}", self.out, self.err);
        assert!(self.err.contains("plainchart: "), "{}", self.err);
        self.err
    }
}

/// A `connect` that waits for the person.
pub struct SigningIn {
    pub child: Child,
    /// The address that it asks to open; none where it ended before.
    pub start: Option<String>,
    said: String,
    lines: Receiver<String>,
    readers: Vec<JoinHandle<String>>,
}

impl SigningIn {
    /// Starts it, without a browser, and waits until it names the address.
    pub fn begin(home: &Home, arguments: &[&str], input: &str) -> SigningIn {
        SigningIn::of(home.command(&[&["connect", "--no-browser"], arguments].concat()), input)
    }

    /// The same of a command that is made already.
    pub fn of(mut command: Command, input: &str) -> SigningIn {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // A program that reads nothing may have ended already.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let (mut out, err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        let (sender, lines) = channel();
        let of_out = std::thread::spawn(move || {
            let mut text = String::new();
            out.read_to_string(&mut text).unwrap();
            text
        });
        std::thread::spawn(move || {
            for line in BufReader::new(err).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        let mut signing_in =
            SigningIn { child, start: None, said: String::new(), lines, readers: vec![of_out] };
        signing_in.start = signing_in.wait_for("/start");
        signing_in
    }

    /// Waits for a line on standard error that ends so.
    pub fn wait_for(&mut self, end: &str) -> Option<String> {
        while let Ok(line) = self.lines.recv() {
            self.said.push_str(&line);
            self.said.push('\n');
            if line.ends_with(end) {
                return Some(line.trim().to_owned());
            }
        }
        None
    }

    /// Waits until it has ended.
    pub fn end(mut self) -> Ran {
        self.wait_for("\0");
        let code = self.child.wait().unwrap().code().unwrap_or(-1);
        let out = self.readers.pop().unwrap().join().unwrap();
        Ran { code, out, err: self.said }
    }

    /// Sends a signal by its name.
    pub fn signal(&self, name: &str) {
        signal(self.child.id(), name);
    }
}

/// Sends a signal to a process.
pub fn signal(id: u32, name: &str) {
    let sent = Command::new("kill").args([&format!("-{name}"), &id.to_string()]).status().unwrap();
    assert!(sent.success(), "{name}");
}

/// A page that a browser has opened.
#[derive(Debug)]
pub struct Hop {
    pub status: u16,
    /// Where it sends the browser.
    pub to: Option<String>,
    pub page: String,
}

/// Opens one page; nothing where nobody answers.
pub fn open(address: &str) -> Option<Hop> {
    static BROWSER: OnceLock<Client> = OnceLock::new();
    let browser = BROWSER.get_or_init(|| {
        let builder = Client::builder().redirect(reqwest::redirect::Policy::none());
        builder.timeout(PAGE_TIMEOUT).pool_max_idle_per_host(0).build().unwrap()
    });
    let answer = browser.get(address).send().ok()?;
    let (status, to) = (answer.status().as_u16(), answer.headers().get("location").cloned());
    let to = to.map(|to| to.to_str().unwrap().to_owned());
    Some(Hop { status, to, page: answer.text().ok()? })
}

/// Opens a page and all that it leads to; gives the last address, and what was there.
pub fn follow(address: &str) -> (String, Hop) {
    let mut address = address.to_owned();
    loop {
        let hop = open(&address).unwrap_or_else(|| panic!("nobody answers at {address}"));
        match hop.to {
            Some(to) => address = to,
            None => return (address, hop),
        }
    }
}

/// The address at which the portal sends the browser back, not yet opened.
pub fn way_back(start: &str) -> String {
    let portal = open(start).unwrap().to.unwrap();
    let hop = open(&portal).unwrap();
    hop.to.unwrap_or_else(|| panic!("{}", hop.page))
}

/// Every entry of a home, those that no longer stand too.
pub fn entries(home: &Home) -> Vec<Entry> {
    records::open(&home.rows()).unwrap().record.entries.clone()
}

/// The entries that stand, by their identity at the source, without what differs from import to import.
pub fn facts(home: &Home) -> BTreeMap<String, Entry> {
    let same_id = EntryId::parse("L000000").unwrap();
    let live = entries(home).into_iter().filter(|entry| entry.lifecycle == Lifecycle::Live);
    let plain = live.map(|mut entry| {
        // A document that comes raw names nobody.
        if entry.key.starts_with("Binary/") {
            (entry.links, entry.keys) = (Vec::new(), Vec::new());
        }
        let (id, original) = (same_id, Default::default());
        Entry { id, source: 0, file: None, original, added_at: 0, ..entry }
    });
    plain.map(|entry| (entry.key.to_string(), entry)).collect()
}

/// What became of the last fetch.
pub fn fetched(home: &Home) -> Fetched {
    let record = records::open(&home.rows()).unwrap().record;
    record.sources.iter().find_map(|source| source.fetched.clone()).unwrap()
}

/// What became of one query of it.
pub fn query(home: &Home, id: &str) -> Queried {
    let fetched = fetched(home);
    let found = fetched.queries.iter().find(|query| query.id == id).cloned();
    found.unwrap_or_else(|| panic!("{id} was not asked: {fetched:?}"))
}

/// The kinds of a record with their counts, as `status` tells them.
pub fn kinds(home: &Home) -> Vec<String> {
    let status = home.run(&["status"]).ok();
    status.lines().filter(|line| line.contains("(from")).map(str::to_owned).collect()
}

/// A home into which these resources were imported from a file.
pub fn imported(resources: &[Value]) -> Home {
    let home = Home::new();
    let lines: Vec<String> = resources.iter().map(Value::to_string).collect();
    let file = home.file("portal.ndjson", lines.join("\n"));
    home.run(&["import", &file]).ok();
    home
}

/// What the person has is what the import of the same resources gives, entry by entry, but for these types.
pub fn is_as_imported(connected: &Connected, without: &[&str]) {
    let kind = |resource: &Value| resource["resourceType"].as_str().unwrap().to_owned();
    let mut served = connected.running.served(PATIENT);
    // Nobody asks for a Provenance; what it tells of is in the entries.
    served.retain(|resource| {
        let (kind, id) = (kind(resource), resource["id"].as_str().unwrap());
        kind != "Provenance" && without.iter().all(|other| *other != kind && *other != format!("{kind}/{id}"))
    });
    let imported = imported(&served);
    let (own, expected) = (facts(&connected.home), facts(&imported));
    let missing: Vec<&String> = expected.keys().filter(|key| !own.contains_key(*key)).collect();
    let more: Vec<&String> = own.keys().filter(|key| !expected.contains_key(*key)).collect();
    assert!(missing.is_empty() && more.is_empty(), "missing {missing:?}, more {more:?}");
    for (key, entry) in &expected {
        assert_eq!(&own[key], entry, "{key}");
    }
    assert_eq!(kinds(&connected.home), kinds(&imported));
    assert!(connected.running.foreign_log().is_empty(), "another host was asked");
}

/// A PEM of an RSA key, and its public half.
pub fn rsa() -> (String, Value) {
    let made = KeyPair::generate(KeySize::Rsa2048).unwrap();
    let pem = pem(made.as_der().unwrap().as_ref());
    let key = EncodingKey::from_rsa_pem(pem.as_bytes()).unwrap();
    (pem, keys::public_half(&key, Algorithm::RS384))
}

/// A PEM of a P-384 key, and its public half.
pub fn elliptic() -> (String, Value) {
    let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P384_SHA384_FIXED_SIGNING, &SystemRandom::new()).unwrap();
    let pem = pem(made.as_ref());
    let key = EncodingKey::from_ec_pem(pem.as_bytes()).unwrap();
    (pem, keys::public_half(&key, Algorithm::ES384))
}

fn pem(der: &[u8]) -> String {
    format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", STANDARD.encode(der))
}
