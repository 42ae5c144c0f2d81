//! One database that two processes serve, each of which may be killed at any moment, and people who come to either.

use std::fs::File;
use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

use plainchart::access::authorization::{PublicUrl, Server};
use plainchart::clock::{Clock, Randomness};
use plainchart::config::Config;
use plainchart::http::{Client, Reach};
use plainchart::store::Vault;
use serde_json::{Value, json};
use tempfile::TempDir;
use url::form_urlencoded;

use crate::people::KEY;
use crate::serving::{Answer, Served, exchange, modern, request};

pub const PUBLIC: &str = "https://chart.example.org";
const HOST: &str = "chart.example.org";
const FORM: &str = "application/x-www-form-urlencoded";
/// One of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    One,
    Other,
}

/// What came of a request: an answer, or nothing, because the process was killed meanwhile.
pub type Came = Option<Answer>;

/// The installation. The vault and the server are a look at it from outside of both processes.
pub struct Hosted {
    folder: TempDir,
    url: String,
    pub vault: Vault,
    pub server: Server,
    processes: [Mutex<Process>; 2],
    /// How long each answer took.
    waits: Mutex<Vec<Duration>>,
}

struct Process {
    served: Served,
    /// It is being killed, or is dead.
    is_dying: bool,
    /// How often one was started in this place.
    lives: u32,
}

impl At {
    pub const BOTH: [At; 2] = [At::One, At::Other];

    pub fn other(self) -> At {
        if self == At::One { At::Other } else { At::One }
    }

    /// Either.
    pub fn random(random: &Randomness) -> At {
        At::BOTH[below(random, 2) as usize]
    }
}

/// A random number below this one.
pub fn below(random: &Randomness, end: u64) -> u64 {
    let mut bytes = [0; 8];
    random.fill(&mut bytes);
    u64::from_le_bytes(bytes) % end
}

impl Hosted {
    pub fn on(url: &str) -> Hosted {
        let folder = tempfile::tempdir().unwrap();
        let config = Config::from_lookup(|name| match name {
            "PLAINCHART_HOME" => Some(folder.path().into()),
            "PLAINCHART_KEY" => Some(KEY.into()),
            "PLAINCHART_KEY_STORE" => Some("off".into()),
            "PLAINCHART_STORE" => Some(url.into()),
            _ => None,
        });
        let vault = Vault::open(&config.unwrap(), &Clock::system(), &Randomness::system()).unwrap().vault;
        let public = PublicUrl::parse(PUBLIC).unwrap();
        let outgoing = Client::new(Reach::of(&public.root(), &[])).unwrap();
        let server = Server::new(vault.clone(), public, outgoing);
        let begin = || Mutex::new(Process { served: serve(&folder, url), is_dying: false, lives: 1 });
        let processes = [begin(), begin()];
        Hosted { folder, url: url.to_owned(), vault, server, processes, waits: Mutex::default() }
    }

    /// Sends a request and waits for its answer. Who is not killed answers, and with no error of its own.
    pub fn send(&self, at: At, request: &str) -> Came {
        let (address, life) = self.address(at);
        let began = Instant::now();
        let came = exchange(address, request);
        let process = self.process(at);
        match &came {
            Some(answer) => {
                assert!(answer.status < 500, "{answer:?}");
                self.waits.lock().unwrap().push(began.elapsed());
            }
            None => assert!(process.is_dying || process.lives > life, "a living process does not answer"),
        }
        came
    }

    pub fn get(&self, at: At, path: &str, headers: &[(&str, &str)]) -> Came {
        self.send(at, &request(HOST, "GET", path, headers, ""))
    }

    pub fn post_form(&self, at: At, path: &str, headers: &[(&str, &str)], fields: &[(&str, &str)]) -> Came {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let headers = [&[("Content-Type", FORM)], headers].concat();
        self.send(at, &request(HOST, "POST", path, &headers, &body))
    }

    /// Calls a tool, under a name by which the call's line is found again.
    pub fn call(&self, at: At, token: &str, tool: &str, name: &str) -> Came {
        let meta = json!({
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientInfo": { "name": name, "version": "1" },
            "io.modelcontextprotocol/clientCapabilities": {},
        });
        let params = json!({ "name": tool, "arguments": {}, "_meta": meta });
        let body = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params });
        let bearer = format!("Bearer {token}");
        let headers = [modern("tools/call", Some(tool)), vec![("Authorization", bearer.as_str())]].concat();
        self.send(at, &request(HOST, "POST", "/mcp", &headers, &body.to_string()))
    }

    /// Asks for tokens.
    pub fn token(&self, at: At, fields: &[(&str, &str)]) -> Came {
        self.post_form(at, "/token", &[], fields)
    }

    /// A client of this name; its id.
    pub fn register(&self, name: &str, callback: &str) -> String {
        let metadata = json!({
            "client_name": name, "redirect_uris": [callback], "token_endpoint_auth_method": "none",
        });
        let registered: Value = self.server.register(metadata.to_string().as_bytes()).unwrap();
        registered["client_id"].as_str().unwrap().to_owned()
    }

    /// The wait that all but two of a hundred answers since the last look stayed below: a busy machine stalls a process
    /// now and then, whatever it does.
    pub fn take_wait(&self) -> Duration {
        let mut waits = std::mem::take(&mut *self.waits.lock().unwrap());
        waits.sort_unstable();
        waits[waits.len() * 98 / 100]
    }

    /// What all processes have logged.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap()
    }

    /// Ends a process as a crash does.
    pub fn kill(&self, at: At) {
        let mut process = self.process(at);
        process.is_dying = true;
        // SIGKILL.
        process.served.child.kill().unwrap();
        process.served.child.wait().unwrap();
    }

    /// Starts one in place of one that was killed.
    pub fn start_anew(&self, at: At) {
        let served = serve(&self.folder, &self.url);
        let mut process = self.process(at);
        (process.served, process.is_dying) = (served, false);
        process.lives += 1;
    }

    fn address(&self, at: At) -> (SocketAddr, u32) {
        let process = self.process(at);
        (process.served.address, process.lives)
    }

    fn process(&self, at: At) -> MutexGuard<'_, Process> {
        self.processes[at as usize].lock().unwrap()
    }
}

fn serve(folder: &TempDir, url: &str) -> Served {
    let home = folder.path().to_str().unwrap();
    let environment = [("PLAINCHART_HOME", home), ("PLAINCHART_KEY", KEY), ("PLAINCHART_STORE", url)];
    let log = File::options().append(true).create(true).open(folder.path().join("log")).unwrap();
    Served::logging(&environment, &["--public-url", PUBLIC, "--sign-up", "open"], log.into())
}
