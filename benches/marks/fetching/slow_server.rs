//! The server of the pages: a process of its own, so that its work is not counted.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child as Process, Command, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use plainchart::sources::smart::{plan, vendors};
use url::Url;

use super::{DELAY_MS, PAGES, PER_PAGE, QUERIES, lines};

/// The argument by which this benchmark becomes the server.
pub const SERVE: &str = "serve-pages";

/// The server, until this is dropped.
pub struct Child {
    process: Process,
    pub base: Url,
}

impl Child {
    pub fn spawn() -> Child {
        let mut command = Command::new(std::env::current_exe().unwrap());
        let mut process = command.arg(SERVE).stdout(Stdio::piped()).spawn().unwrap();
        let mut address = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut address).unwrap();
        Child { process, base: address.trim().parse().unwrap() }
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

struct Pages {
    base: String,
    patient: String,
    /// The resources of each page, as the entries of a bundle.
    entries: Vec<String>,
}

/// Answers for ever.
pub fn serve() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}/fhir", listener.local_addr().unwrap());
    let mut lines = lines();
    let patient = lines.next().unwrap();
    let resources: Vec<String> = lines.collect();
    let entries = resources.chunks(PER_PAGE).map(|page| {
        let entries = page.iter().map(|resource| format!("{{\"resource\":{resource}}}"));
        entries.collect::<Vec<_>>().join(",")
    });
    let pages = Arc::new(Pages { base: base.clone(), patient, entries: entries.collect() });
    println!("{base}");
    for stream in listener.incoming().flatten() {
        let pages = Arc::clone(&pages);
        thread::spawn(move || pages.serve(stream));
    }
}

impl Pages {
    fn serve(&self, mut stream: TcpStream) {
        stream.set_nodelay(true).unwrap();
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        while let Some(target) = target(&mut reader) {
            let (status, body) = self.answer(&target);
            let length = body.len();
            let head = format!(
                "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n"
            );
            if stream.write_all(&[head.as_bytes(), body.as_bytes()].concat()).is_err() {
                return;
            }
        }
    }

    fn answer(&self, target: &str) -> (u16, String) {
        let url: Url = format!("http://x{target}").parse().unwrap();
        match url.path() {
            "/fhir/.well-known/smart-configuration" => {
                let base = &self.base;
                let text = format!(
                    r#"{{"authorization_endpoint":"{base}/authorize","token_endpoint":"{base}/token",
                    "code_challenge_methods_supported":["S256"]}}"#
                );
                return (200, text);
            }
            "/fhir/token" => {
                let text = r#"{"access_token":"a","token_type":"bearer","expires_in":36000,"patient":"bulk-person"}"#;
                return (200, text.into());
            }
            _ => {}
        }
        thread::sleep(Duration::from_millis(DELAY_MS));
        match url.path() {
            "/fhir/Patient/bulk-person" => (200, self.patient.clone()),
            "/fhir/pages" => {
                let number = |name: &str| {
                    url.query_pairs().find(|(own, _)| own == name).unwrap().1.parse::<usize>().unwrap()
                };
                (200, self.page(number("part"), number("page")))
            }
            path if path.matches('/').count() == 2 => (200, self.first(&url)),
            _ => (404, String::new()),
        }
    }

    /// The first page of a query of the plan; most have none.
    fn first(&self, url: &Url) -> String {
        let queries = plan::queries(&vendors::vendors()[0]);
        let asked: Vec<(String, String)> = url
            .query_pairs()
            .filter(|(name, _)| name != "patient" && name != "_count")
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        let is_it = |query: &plan::Query| {
            url.path().ends_with(&format!("/{}", query.resource)) && query.parameters == asked
        };
        match queries.iter().position(is_it).filter(|part| *part < QUERIES) {
            Some(part) => self.page(part, 0),
            None => r#"{"resourceType":"Bundle","type":"searchset"}"#.into(),
        }
    }

    fn page(&self, part: usize, page: usize) -> String {
        let of_part = PAGES / QUERIES;
        let next = match page + 1 < of_part {
            true => format!(
                r#","link":[{{"relation":"next","url":"{}/pages?part={part}&page={}"}}]"#,
                self.base,
                page + 1
            ),
            false => String::new(),
        };
        let entries = &self.entries[part * of_part + page];
        format!(r#"{{"resourceType":"Bundle","type":"searchset"{next},"entry":[{entries}]}}"#)
    }
}

/// The target of the next request; its body is passed over.
fn target(reader: &mut impl BufRead) -> Option<String> {
    let mut first = String::new();
    reader.read_line(&mut first).ok().filter(|read| *read > 0)?;
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        if line.trim().is_empty() {
            break;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
    }
    std::io::copy(&mut reader.take(length), &mut std::io::sink()).ok()?;
    first.split(' ').nth(1).map(str::to_owned)
}
