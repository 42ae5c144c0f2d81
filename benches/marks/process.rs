//! The released program as a process: spawned, spoken to, and its memory read from the system.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::world::KEY;

/// The program that was built with this benchmark.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_plainchart");

const HELLO: &str = r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"bench","version":"1"}}}
"#;
const READY: &str = r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#;

/// A server at the other end of two pipes.
pub struct Server {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Server {
    /// Spawns `plainchart serve` on a store and greets it.
    pub fn spawn(home: &Path) -> Server {
        let mut child = command(home).arg("serve").stdin(Stdio::piped()).spawn().unwrap();
        let input = child.stdin.take().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let mut server = Server { child, input, output };
        server.input.write_all(HELLO.as_bytes()).unwrap();
        server.line();
        server
    }

    /// Calls a tool and waits for the answer; the first call follows the greeting at once.
    pub fn call(&mut self, tool: &str) -> String {
        let call = format!(
            "{READY}\n{{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/call\",\"params\":{{\"name\":\"{tool}\",\"arguments\":{{}}}}}}\n"
        );
        self.input.write_all(call.as_bytes()).unwrap();
        self.line()
    }

    /// The most memory it has held, in MB.
    pub fn memory_mb(&self) -> Option<f64> {
        memory_mb(self.child.id())
    }

    /// Ends it, as a host does: by ending its input.
    pub fn end(self) {
        let Server { mut child, input, .. } = self;
        drop(input);
        child.wait().unwrap();
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        line
    }
}

/// The program on a store, with its key in the environment.
pub fn command(home: &Path) -> Command {
    let mut command = Command::new(PROGRAM);
    command.env("PLAINCHART_HOME", home).env("PLAINCHART_KEY", KEY).env("PLAINCHART_KEY_STORE", "off");
    command.stdout(Stdio::piped()).stderr(Stdio::null());
    command
}

/// Runs a command to its end and says the most memory it was seen to hold, in MB.
pub fn peak_mb(mut command: Command) -> Option<f64> {
    let mut child = command.stdout(Stdio::null()).spawn().unwrap();
    let mut peak = None;
    loop {
        peak = memory_mb(child.id()).or(peak);
        if let Some(status) = child.try_wait().unwrap() {
            assert!(status.success(), "the command has failed: {status}");
            return peak;
        }
        thread::sleep(Duration::from_millis(2));
    }
}

/// The most memory that this process has held, in MB.
pub fn own_memory_mb() -> Option<f64> {
    memory_mb(std::process::id())
}

/// The high-water mark of a process; `None` where the system does not say (only Linux does).
fn memory_mb(process: u32) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: f64 = line.trim().trim_end_matches(" kB").parse().ok()?;
    Some(kilobytes / 1024.0)
}
