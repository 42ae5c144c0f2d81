//! A served process, and requests as they go over the wire: written by hand, so that a test can send what no client
//! would.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

/// Longer than any answer takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// `plainchart serve --http` at a free port of this machine.
pub struct Served {
    pub child: Child,
    pub address: SocketAddr,
    /// The host that requests name.
    pub host: String,
    /// The token of the demo.
    pub token: String,
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Served {
    /// Serves the made-up person.
    pub fn demo() -> Served {
        Served::start(&["--demo"])
    }

    pub fn start(arguments: &[&str]) -> Served {
        Served::start_in(&[], arguments)
    }

    pub fn start_in(environment: &[(&str, &str)], arguments: &[&str]) -> Served {
        Served::logging(environment, arguments, Stdio::piped())
    }

    /// The same with its log elsewhere: one that nobody reads stops a process that has much to say.
    pub fn logging(environment: &[(&str, &str)], arguments: &[&str], log: Stdio) -> Served {
        let mut command = Command::new(env!("CARGO_BIN_EXE_plainchart"));
        command.args(["serve", "--http", "127.0.0.1:0"]).args(arguments);
        command
            .env("PLAINCHART_KEY_STORE", "off")
            .envs(environment.iter().copied())
            .stdout(Stdio::piped())
            .stderr(log);
        let mut child = command.spawn().unwrap();
        let (mut address, mut token) = (None, String::new());
        for line in BufReader::new(child.stdout.take().unwrap()).lines() {
            let line = line.unwrap();
            if let Some((_, bearer)) = line.split_once("Bearer ") {
                token = bearer.trim_end_matches(['"', '\\', ' ']).split('"').next().unwrap().to_owned();
            }
            if let Some(at) = line.strip_prefix("Listening at ") {
                address = Some(at.parse().unwrap());
                break;
            }
        }
        let address: SocketAddr = address.unwrap();
        Served { child, address, host: address.to_string(), token }
    }

    /// A connection of which nothing was sent yet.
    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    /// Sends these bytes and reads one answer.
    pub fn send(&self, request: &str) -> Answer {
        let mut stream = self.connect();
        // What is refused early is not read to its end.
        let _ = stream.write_all(request.as_bytes());
        answer(&mut stream)
    }

    /// A request of the endpoint: these headers in place of, or beside, the usual ones.
    pub fn post(&self, headers: &[(&str, &str)], body: &str) -> Answer {
        self.send(&self.request("POST", "/mcp", headers, body))
    }

    /// The same without a body.
    pub fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send(&self.request("GET", path, headers, ""))
    }

    pub fn request(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> String {
        let bearer = format!("Bearer {}", self.token);
        let is_given = headers.iter().any(|(given, _)| given.eq_ignore_ascii_case("Authorization"));
        let own = [("Authorization", bearer.as_str())];
        let headers: Vec<_> = own.iter().filter(|_| !is_given).chain(headers).copied().collect();
        request(&self.host, method, path, &headers, body)
    }

    /// Calls a tool as 2026-07-28 does.
    pub fn call(&self, tool: &str, arguments: Value) -> Answer {
        self.post(
            &modern("tools/call", Some(tool)),
            &modern_body("tools/call", json!({ "name": tool, "arguments": arguments })),
        )
    }

    /// Calls a tool as 2025-11-25 does.
    pub fn call_older(&self, tool: &str, arguments: Value) -> Answer {
        let params = json!({ "name": tool, "arguments": arguments });
        self.post(&[("MCP-Protocol-Version", "2025-11-25")], &older_body("tools/call", params))
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    /// The text of a tool's answer.
    pub fn text(&self) -> String {
        self.json()["result"]["content"][0]["text"]
            .as_str()
            .unwrap_or_else(|| panic!("no text: {self:?}"))
            .to_owned()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(given, _)| given.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

/// The headers that a request of 2026-07-28 has.
pub fn modern<'a>(method: &'a str, name: Option<&'a str>) -> Vec<(&'a str, &'a str)> {
    let mut headers = vec![("MCP-Protocol-Version", "2026-07-28"), ("Mcp-Method", method)];
    headers.extend(name.map(|name| ("Mcp-Name", name)));
    headers
}

pub fn modern_body(method: &str, mut params: Value) -> String {
    params["_meta"] = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": { "name": "story", "version": "1" },
        "io.modelcontextprotocol/clientCapabilities": {},
    });
    json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params }).to_string()
}

pub fn older_body(method: &str, params: Value) -> String {
    json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params }).to_string()
}

/// A request as it goes over the wire: these headers in place of, or beside, the usual ones.
pub fn request(host: &str, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> String {
    let length = body.len().to_string();
    let usual = [
        ("Host", host),
        ("Content-Type", "application/json"),
        ("Accept", "application/json, text/event-stream"),
        ("Content-Length", &length),
        ("Connection", "close"),
    ];
    let is_given = |name: &str| headers.iter().any(|(given, _)| given.eq_ignore_ascii_case(name));
    let mut request = format!("{method} {path} HTTP/1.1\r\n");
    for (name, value) in usual.iter().filter(|(name, _)| !is_given(name)).chain(headers) {
        // A header that is given as nothing is left out.
        if !value.is_empty() {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
    }
    format!("{request}\r\n{body}")
}

/// Sends these bytes and reads one answer; none where the process has gone before all of it came.
#[cfg(feature = "postgres-peer")]
pub fn exchange(address: SocketAddr, request: &str) -> Option<Answer> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.write_all(request.as_bytes()).ok()?;
    let answer = answer(&mut stream);
    let length: usize = answer.header("Content-Length").map_or(0, |length| length.parse().unwrap());
    (answer.status != 0 && answer.body.len() == length).then_some(answer)
}

/// Reads one answer; the connection ends with it.
pub fn answer(stream: &mut TcpStream) -> Answer {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        match stream.read(&mut chunk) {
            Ok(0) => break,
            Ok(read) => bytes.extend(&chunk[..read]),
            // The other side has closed while we were still sending.
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => break,
            Err(error) => panic!("no answer: {error}"),
        }
    }
    // Where it was cut off, perhaps within a letter.
    let text = String::from_utf8_lossy(&bytes);
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    Answer { status, head: head.to_owned(), body: body.to_owned() }
}
