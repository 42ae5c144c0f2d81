//! The client against a real listener on this machine.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;

use super::*;

/// Answers each connection with the next of these texts, and gives what was asked.
fn serve(answers: Vec<String>) -> (Url, thread::JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
    let serving = thread::spawn(move || {
        let mut asked = Vec::new();
        for answer in answers {
            let (mut stream, _) = listener.accept().unwrap();
            let mut buffer = [0; 4096];
            let read = stream.read(&mut buffer).unwrap();
            asked.push(String::from_utf8_lossy(&buffer[..read]).into_owned());
            let _ = stream.write_all(answer.as_bytes());
        }
        asked
    });
    (base, serving)
}

fn answer(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {}\r\n{headers}\r\n{body}", body.len())
}

fn client(base: &Url) -> Client {
    Client::new(Reach::of(base, &[])).unwrap()
}

#[test]
fn an_answer_comes_with_its_status_headers_and_body() {
    let (base, serving) =
        serve(vec![answer("404 Not Found", "Content-Type: Application/JSON; x=y\r\n", "{}")]);
    let answered = client(&base).send(&Request::get(base.clone())).unwrap();
    assert_eq!((answered.status, answered.media_type().as_str()), (404, "application/json"));
    assert_eq!(answered.bytes().unwrap(), b"{}");
    assert!(serving.join().unwrap()[0].contains("user-agent: plainchart/"));
}

#[test]
fn a_redirect_inside_of_the_private_network_is_not_followed() {
    let (base, _serving) =
        serve(vec![answer("302 Found", "location: https://169.254.169.254/latest\r\n", "")]);
    let refused = client(&base).send(&Request::get(base.clone()));
    assert!(matches!(refused, Err(Error::Private(host)) if host == "169.254.169.254"));
}

#[test]
fn a_token_is_not_sent_on_to_another_server() {
    let (other, there) = serve(vec![answer("200 OK", "", "{}")]);
    let (base, here) = serve(vec![answer("307 Temporary Redirect", &format!("location: {other}\r\n"), "")]);
    let token = Secret::new("the-token".to_owned());
    let answered = client(&base).send(&Request::get(base.clone()).bearing(&token)).unwrap();
    assert_eq!(answered.url, other);
    assert!(here.join().unwrap()[0].contains("Bearer the-token"));
    assert!(!there.join().unwrap()[0].contains("the-token"));
}

#[test]
fn what_was_posted_is_not_sent_on_at_all() {
    let (base, _serving) = serve(vec![answer("308 Permanent Redirect", "location: /elsewhere\r\n", "")]);
    let refused = client(&base).send(&Request::form(base.clone(), &[("code", "secret")]));
    assert!(matches!(refused, Err(Error::Redirected(_))));
}

#[test]
fn redirects_in_a_ring_end() {
    let (base, _serving) = serve(vec![answer("302 Found", "location: /\r\n", ""); 6]);
    let refused = client(&base).send(&Request::get(base.clone()));
    assert!(matches!(refused, Err(Error::TooManyRedirects(_))));
}

#[test]
fn a_long_answer_ends_at_the_limit() {
    let (base, _serving) = serve(vec![answer("200 OK", "", &"x".repeat(5000))]);
    let limits = Limits { bytes_max: 1000, ..Limits::default() };
    let answered = client(&base).send(&Request { limits, ..Request::get(base.clone()) }).unwrap();
    assert!(matches!(answered.bytes(), Err(Error::TooLarge(1000))));
}

#[test]
fn a_silent_server_costs_its_time_and_no_more() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base: Url = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
    let limits = Limits { timeout_ms: 100, ..Limits::default() };
    let refused = client(&base).send(&Request { limits, ..Request::get(base.clone()) });
    assert!(matches!(refused, Err(Error::TimedOut(_))), "{refused:?}");
}

#[test]
fn an_error_names_a_host_and_nothing_of_the_address() {
    let base: Url = "http://127.0.0.1:9/Observation?patient=secret-id".parse().unwrap();
    let refused = client(&base).send(&Request::get(base.clone())).unwrap_err();
    assert!(refused.to_string().contains("127.0.0.1:9"));
    let mut told = format!("{refused} {refused:?}");
    let mut below = StdError::source(&refused);
    while let Some(error) = below {
        told.push_str(&format!("{error} {error:?}"));
        below = error.source();
    }
    assert!(!told.contains("secret-id"), "{told}");
}

use std::error::Error as StdError;
