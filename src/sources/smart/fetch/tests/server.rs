//! A server on this machine that answers as a test says, and a checkpoint in memory.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use super::super::*;
use crate::http::Reach;
use crate::sources::smart::vendors;

/// What a request asks, and which it is.
pub struct Asked {
    /// Path and query.
    pub target: String,
    /// The bearer token.
    pub token: String,
    /// Its number in all requests, from 0.
    pub number: usize,
}

/// What is answered.
pub enum Reply {
    Json(u16, String),
    With(u16, &'static str, String),
    Endless,
    Silent,
    Cut,
}

pub struct Server {
    pub base: Url,
    pub asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub fn start(answer: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}/fhir", listener.local_addr().unwrap()).parse().unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (answer, log, count) = (Arc::new(answer), Arc::clone(&asked), Arc::new(AtomicUsize::new(0)));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (answer, log, count) = (Arc::clone(&answer), Arc::clone(&log), Arc::clone(&count));
                thread::spawn(move || serve(stream, &*answer, &log, &count));
            }
        });
        Server { base, asked }
    }

    /// How often something that begins so was asked.
    pub fn times(&self, target: &str) -> usize {
        self.asked.lock().unwrap().iter().filter(|asked| asked.starts_with(target)).count()
    }
}

fn serve(
    mut stream: TcpStream,
    answer: &(impl Fn(&Asked) -> Reply + ?Sized),
    log: &Mutex<Vec<String>>,
    count: &AtomicUsize,
) {
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
    let first = lines.next().unwrap().unwrap_or_default();
    let target = first.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut token = String::new();
    for line in lines.map_while(Result::ok).take_while(|line| !line.is_empty()) {
        if let Some(bearer) = line.strip_prefix("authorization: Bearer ") {
            token = bearer.to_owned();
        }
    }
    log.lock().unwrap().push(target.clone());
    let number = count.fetch_add(1, Ordering::SeqCst);
    let json = "content-type: application/fhir+json\r\n";
    let (status, headers, body) = match answer(&Asked { target, token, number }) {
        Reply::Json(status, body) => (status, json, body),
        Reply::With(status, headers, body) => (status, headers, body),
        Reply::Endless => {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/fhir+json\r\n\r\n{");
            while stream.write_all(&[b' '; 1 << 16]).is_ok() {}
            return;
        }
        Reply::Silent => return thread::sleep(Duration::from_secs(20)),
        Reply::Cut => {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{\"resource");
            return;
        }
    };
    let head = format!(
        "HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: {}\r\n{headers}\r\n",
        body.len()
    );
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes()));
}

/// A bundle of these resources, with a next page where there is one.
pub fn bundle(resources: &[String], next: Option<&str>) -> Reply {
    Reply::Json(200, bundle_text(resources, next))
}

pub fn bundle_text(resources: &[String], next: Option<&str>) -> String {
    let entries: Vec<String> =
        resources.iter().map(|resource| format!("{{\"resource\":{resource}}}")).collect();
    let link =
        next.map_or_else(String::new, |next| format!(r#","link":[{{"relation":"next","url":"{next}"}}]"#));
    format!(r#"{{"resourceType":"Bundle","type":"searchset","entry":[{}]{link}}}"#, entries.join(","))
}

pub fn resource(kind: &str, id: impl std::fmt::Display, more: &str) -> String {
    format!(r#"{{"resourceType":"{kind}","id":"{id}"{more}}}"#)
}

pub fn patient() -> Reply {
    Reply::Json(200, resource("Patient", "p1", ""))
}

/// A query for a type.
pub fn query(id: &'static str, resource: &'static str) -> Query {
    Query { id, resource, parameters: Vec::new(), name: id }
}

/// Limits under which nothing takes long.
pub fn quick() -> Limits {
    Limits {
        back_off_ms: 1,
        wait_max_ms: 2_000,
        request_ms: 300,
        tries_max: 3,
        keep_ms: 0,
        ..Limits::default()
    }
}

/// Keeps everything in memory.
#[derive(Default)]
pub struct Memory {
    pub pages: Mutex<Vec<Page>>,
    pub outcomes: Mutex<Vec<Queried>>,
    pub tokens: AtomicUsize,
    pub refreshes: AtomicUsize,
    /// The fetch is to end after so many pages.
    pub pages_max: Option<usize>,
    pub is_stopped: AtomicBool,
    pub told: Mutex<Vec<Progress>>,
}

impl Checkpoint for Memory {
    fn begun(&self) -> Begun {
        let marks = self.pages.lock().unwrap().iter().map(|page| page.mark.clone()).collect();
        Begun { marks, ended: self.outcomes.lock().unwrap().clone() }
    }

    fn keep(&self, batch: Vec<Kept>) -> Result<(), Stop> {
        for kept in batch {
            let mut pages = self.pages.lock().unwrap();
            match kept {
                Kept::Page(_) if self.pages_max.is_some_and(|max| pages.len() >= max) => {
                    return Err(Stop::NotKept("the disk is full".into()));
                }
                Kept::Page(page) => pages.push(page),
                Kept::Ended(queried) => self.outcomes.lock().unwrap().push(queried),
            }
        }
        Ok(())
    }

    fn token(&self, refused: Option<&Secret<String>>) -> Result<Secret<String>, Stop> {
        if refused.is_some() {
            self.refreshes.fetch_add(1, Ordering::SeqCst);
            self.tokens.fetch_add(1, Ordering::SeqCst);
        }
        Ok(Secret::new(format!("token-{}", self.tokens.load(Ordering::SeqCst))))
    }

    fn progress(&self, progress: Progress) {
        self.told.lock().unwrap().push(progress);
    }

    fn is_stopped(&self) -> bool {
        self.is_stopped.load(Ordering::SeqCst)
    }
}

impl Memory {
    /// All that was kept, as text.
    pub fn text(&self) -> String {
        let pages = self.pages.lock().unwrap();
        pages.iter().map(|page| String::from_utf8_lossy(&page.packed)).collect::<Vec<_>>().join("\n")
    }
}

/// Fetches these queries from a server of a vendor.
pub fn fetch_of(
    server: &Server,
    vendor: &str,
    queries: Vec<Query>,
    limits: Limits,
    memory: &Memory,
) -> Result<Vec<Queried>, Stop> {
    let client = Client::new(Reach::of(&server.base, &[])).unwrap();
    let random = Randomness::seeded(7);
    let job = Job {
        client: &client,
        base: &server.base,
        patient: "p1",
        vendor: vendors::named(vendor).unwrap(),
        queries,
        supported: None,
        limits,
        random: &random,
    };
    fetch(&job, memory)
}

/// Fetches one query, and gives how it ended.
pub fn one(server: &Server, vendor: &str, limits: Limits) -> Queried {
    let ended = fetch_of(server, vendor, vec![query("labs", "Observation")], limits, &Memory::default());
    ended.unwrap().into_iter().find(|queried| queried.id == "labs").unwrap()
}
