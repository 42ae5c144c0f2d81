//! Asks a server from several connections at once, each of which asks again as soon as it is answered.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Instant;

use super::served::Child;

/// What a run has cost.
pub struct Load {
    /// Processor time of the server for a request, on all processors.
    pub cpu_us: f64,
    /// The time of the whole run, by requests.
    pub wall_us: f64,
    /// What all but a hundredth of the requests stayed below.
    pub p99_ms: f64,
    /// Bytes of one answer.
    pub bytes: usize,
}

/// Asks so often in all.
pub fn ask(child: &Child, connections: usize, requests: usize) -> Load {
    let each = requests / connections;
    let cpu_before = child.cpu_us();
    let began = Instant::now();
    let answered: Vec<(Vec<f64>, usize)> = std::thread::scope(|scope| {
        let askers: Vec<_> = (0..connections).map(|_| scope.spawn(|| one(child, each))).collect();
        askers.into_iter().map(|asker| asker.join().unwrap()).collect()
    });
    let (wall_us, cpu_us) = (began.elapsed().as_secs_f64() * 1e6, child.cpu_us() - cpu_before);
    let mut times_ms: Vec<f64> = answered.iter().flat_map(|(times, _)| times.iter().copied()).collect();
    times_ms.sort_by(f64::total_cmp);
    let all = times_ms.len() as f64;
    let p99_ms = times_ms[times_ms.len() * 99 / 100];
    Load { cpu_us: cpu_us / all, wall_us: wall_us / all, p99_ms, bytes: answered[0].1 }
}

/// Asks over one connection. Milliseconds of each request, and the bytes of the last answer.
fn one(child: &Child, requests: usize) -> (Vec<f64>, usize) {
    let mut stream = TcpStream::connect(child.address).unwrap();
    stream.set_nodelay(true).unwrap();
    let mut buffer = vec![0; 1 << 20];
    let mut bytes = 0;
    let times = (0..requests).map(|_| {
        let began = Instant::now();
        stream.write_all(child.request.as_bytes()).unwrap();
        bytes = answer(&mut stream, &mut buffer);
        began.elapsed().as_secs_f64() * 1e3
    });
    (times.collect(), bytes)
}

/// Reads one answer to its end; bytes of its body.
fn answer(stream: &mut TcpStream, buffer: &mut [u8]) -> usize {
    let mut filled = 0;
    loop {
        filled += stream.read(&mut buffer[filled..]).unwrap();
        let Some(head) = buffer[..filled].windows(4).position(|end| end == b"\r\n\r\n") else { continue };
        let text = std::str::from_utf8(&buffer[..head]).unwrap().to_ascii_lowercase();
        assert!(text.starts_with("http/1.1 200"), "{text}");
        let length = text.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
        let length: usize = length.parse().unwrap();
        while filled < head + 4 + length {
            filled += stream.read(&mut buffer[filled..]).unwrap();
        }
        let body = &buffer[head + 4..head + 4 + length];
        assert!(!body.windows(14).any(|words| words == br#""isError":true"#), "an answer was refused");
        return length;
    }
}
