//! The loopback address at which a sign-in comes back (RFC 8252, 7.3), on a free port.
//!
//! It serves two pages: `/start`, which sends the browser on to the portal, so that no process argument holds
//! the address of a sign-in; and the way back.

use std::io::{self, Read, Write};
use std::net::TcpListener;
use std::time::Duration;

use url::Url;

use super::authorize::{Code, Mismatch, SignIn};

/// Bytes of a request that are read: its first line is what matters.
const REQUEST_BYTES_MAX: usize = 16 << 10;
/// A browser that opens a connection and says nothing is given up.
const READ_TIMEOUT: Duration = Duration::from_secs(2);
/// So often somebody is asked whether to go on waiting.
const LOOK_EVERY: Duration = Duration::from_millis(50);

const DONE: &str = "You are signed in. You can close this page and go back to where you came from.";
const OTHER: &str = "This page belongs to a sign-in that is over, or to another one. Nothing has happened.";
const REFUSED: &str = "The portal did not grant access. Nothing has happened. You can close this page.";

/// The listener of one sign-in.
#[derive(Debug)]
pub struct Callback {
    listener: TcpListener,
    redirect: Url,
}

impl Callback {
    /// Listens on a free port of this machine, or on the port of an address that was registered by hand.
    pub fn listen(registered: Option<&Url>) -> io::Result<Callback> {
        let port = registered.map_or(Some(0), Url::port_or_known_default).unwrap_or(0);
        let listener = TcpListener::bind(("127.0.0.1", port))?;
        listener.set_nonblocking(true)?;
        let own =
            || format!("http://127.0.0.1:{}/callback", listener.local_addr().map_or(port, |own| own.port()));
        let redirect = registered.cloned().map_or_else(|| own().parse(), Ok).map_err(io::Error::other)?;
        Ok(Callback { listener, redirect })
    }

    /// Where the browser comes back to.
    pub fn redirect(&self) -> &Url {
        &self.redirect
    }

    /// The address for the person's browser: it holds nothing of the sign-in.
    pub fn start(&self) -> Url {
        let mut start = self.redirect.clone();
        start.set_path("/start");
        start.set_query(None);
        start
    }

    /// Waits for the answer to this sign-in; `None` once `is_over` says so. What belongs to another sign-in is
    /// refused, and the wait goes on. `pasted` gives an address that the person has copied from a browser
    /// elsewhere.
    pub fn wait(
        &self,
        sign_in: &SignIn,
        is_over: &dyn Fn() -> bool,
        pasted: &dyn Fn() -> Option<Url>,
    ) -> io::Result<Option<Result<Code, Mismatch>>> {
        while !is_over() {
            if let Some(url) = pasted() {
                return Ok(Some(sign_in.accept(&url)));
            }
            match self.listener.accept() {
                Ok((stream, _)) => {
                    stream.set_nonblocking(false)?;
                    stream.set_read_timeout(Some(READ_TIMEOUT))?;
                    stream.set_write_timeout(Some(READ_TIMEOUT))?;
                    // A browser that goes away in the middle has brought nothing.
                    if let Some(came) = self.answer(stream, sign_in).unwrap_or(None) {
                        return Ok(Some(came));
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => std::thread::sleep(LOOK_EVERY),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }

    /// Answers one request; gives what came back where it ends the wait.
    fn answer(
        &self,
        mut stream: impl Read + Write,
        sign_in: &SignIn,
    ) -> io::Result<Option<Result<Code, Mismatch>>> {
        let target = target(&mut stream)?;
        let url = target.and_then(|target| self.redirect.join(&target).ok());
        let url = url.filter(|url| url.origin() == self.redirect.origin());
        match url {
            Some(url) if url.path() == "/start" => {
                let location = format!("location: {}\r\n", sign_in.address);
                respond(&mut stream, "302 Found", &location, "")?;
                Ok(None)
            }
            Some(url) if url.path() == self.redirect.path() => {
                let came = sign_in.accept(&url);
                let (status, words) = match &came {
                    Ok(_) => ("200 OK", DONE),
                    Err(Mismatch::Denied(_)) => ("200 OK", REFUSED),
                    Err(_) => ("400 Bad Request", OTHER),
                };
                respond(&mut stream, status, "", words)?;
                Ok(match came {
                    Err(Mismatch::OtherSignIn | Mismatch::OtherServer | Mismatch::NoCode) => None,
                    ended => Some(ended),
                })
            }
            _ => {
                respond(&mut stream, "404 Not Found", "", OTHER)?;
                Ok(None)
            }
        }
    }
}

/// The path and query of a GET; `None` for anything else.
fn target(stream: &mut impl Read) -> io::Result<Option<String>> {
    let mut request = Vec::new();
    let mut buffer = [0; 2048];
    while !request.windows(4).any(|end| end == b"\r\n\r\n") && request.len() < REQUEST_BYTES_MAX {
        match stream.read(&mut buffer)? {
            0 => break,
            read => request.extend(&buffer[..read]),
        }
    }
    let text = String::from_utf8_lossy(&request);
    let line = text.lines().next().unwrap_or_default();
    let target = line.strip_prefix("GET ").and_then(|rest| rest.split(' ').next());
    Ok(target.filter(|target| target.starts_with('/') && !target.starts_with("//")).map(str::to_owned))
}

fn respond(stream: &mut impl Write, status: &str, headers: &str, words: &str) -> io::Result<()> {
    let page = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width\"><title>plainchart</title><main><h1>plainchart</h1><p>{words}</p></main></html>"
    );
    write!(
        stream,
        "HTTP/1.1 {status}\r\n{headers}content-type: text/html; charset=utf-8\r\ncontent-length: {}\r\n\
         cache-control: no-store\r\nreferrer-policy: no-referrer\r\ncontent-security-policy: default-src 'none'\r\n\
         x-content-type-options: nosniff\r\nconnection: close\r\n\r\n{page}",
        page.len()
    )?;
    stream.flush()
}
