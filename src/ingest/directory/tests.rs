use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::thread;

use jiff::Timestamp;

use super::*;
use crate::clock::{Clock, Randomness};

const BRANDS: &[u8] = include_bytes!("../../../fixtures/directory/brands.json");
const SMALL: &[u8] =
    br#"{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Organization","name":"Onlyhere"}}]}"#;

fn vault() -> Vault {
    Vault::in_memory(Clock::fixed(Timestamp::UNIX_EPOCH), Randomness::seeded(1)).unwrap()
}

fn origin(name: &str) -> Origin {
    Origin { name: name.to_owned(), from: "brands.json".to_owned(), etag: None }
}

fn rows(vault: &Vault) -> usize {
    vault.home().unwrap().list(Kind::Directory).unwrap().len()
}

#[test]
fn bundles_are_kept_side_by_side_replaced_and_removed() {
    let vault = vault();
    assert!(open(&vault).unwrap().is_empty());
    let added = add(&vault, origin("brands"), BRANDS, 7).unwrap();
    assert_eq!((added.counts.brands, added.added_at), (13, 7));
    add(&vault, origin("other"), SMALL, 8).unwrap();
    let names = |vault: &Vault| list(vault).unwrap().into_iter().map(|about| about.name).collect::<Vec<_>>();
    assert_eq!(names(&vault), ["brands", "other"]);
    let opened = open(&vault).unwrap();
    assert_eq!((opened.search("lakeside", 9).total, opened.search("onlyhere", 9).total), (1, 1));
    assert_eq!(rows(&vault), 4);
    // The same name again: what it brought before is gone, in the directory and as rows.
    let before = version(&vault).unwrap();
    add(&vault, origin("brands"), SMALL, 9).unwrap();
    assert!(version(&vault).unwrap() > before);
    let opened = open(&vault).unwrap();
    assert_eq!((opened.search("lakeside", 9).total, opened.search("onlyhere", 9).total), (0, 2));
    remove(&vault, "brands").unwrap();
    assert_eq!((names(&vault), rows(&vault)), (vec!["other".to_owned()], 2));
    assert!(matches!(remove(&vault, "brands"), Err(Error::NoSuchBundle)));
}

#[test]
fn what_is_refused_leaves_the_bundle_before_it() {
    let vault = vault();
    add(&vault, origin("brands"), BRANDS, 0).unwrap();
    let before = version(&vault).unwrap();
    assert!(matches!(add(&vault, origin("brands"), &BRANDS[..9_000], 1), Err(Error::Bundle(_))));
    assert!(matches!(add(&vault, origin("two\nlines"), BRANDS, 1), Err(Error::BadName)));
    assert_eq!((version(&vault).unwrap(), rows(&vault)), (before, 2));
    assert_eq!(open(&vault).unwrap().search("lakeside", 9).total, 1);
}

#[test]
fn a_bundle_of_many_parts_is_opened_whole() {
    let vault = vault();
    // Names that do not compress, so that they need more than one part.
    let random = Randomness::seeded(7);
    let entries: Vec<String> = (0..14_000)
        .map(|at| {
            format!(r#"{{"resource":{{"resourceType":"Organization","name":"N{at} {}"}}}}"#, random.hex(60))
        })
        .collect();
    let bundle = format!(r#"{{"resourceType":"Bundle","entry":[{}]}}"#, entries.join(","));
    add(&vault, origin("many"), bundle.as_bytes(), 0).unwrap();
    assert!(rows(&vault) > 2, "{} rows", rows(&vault));
    assert_eq!(open(&vault).unwrap().search("n13999", 9).hits[0].brand.split(' ').next(), Some("N13999"));
    add(&vault, origin("many"), SMALL, 0).unwrap();
    assert_eq!(rows(&vault), 2);
}

#[test]
fn bundles_added_at_once_are_all_there() {
    let vault = vault();
    thread::scope(|scope| {
        for name in ["one", "two", "three"] {
            let vault = &vault;
            scope.spawn(move || add(vault, origin(name), SMALL, 0).unwrap());
        }
    });
    assert_eq!(list(&vault).unwrap().len(), 3);
}

/// A server that answers each request in turn with one of these, and gives the heads of the requests.
fn server(answers: Vec<String>) -> (Url, thread::JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/brands", listener.local_addr().unwrap()).parse().unwrap();
    let asked = thread::spawn(move || {
        let mut heads = Vec::new();
        for answer in answers {
            let mut stream = listener.accept().unwrap().0;
            let mut head = String::new();
            let mut lines = BufReader::new(stream.try_clone().unwrap());
            while lines.read_line(&mut head).unwrap() > 2 {}
            heads.push(head.to_ascii_lowercase());
            stream.write_all(answer.as_bytes()).unwrap();
        }
        heads
    });
    (url, asked)
}

fn answer(status: &str, etag: Option<&str>, body: &str) -> String {
    let etag = etag.map_or_else(String::new, |etag| format!("ETag: {etag}\r\n"));
    format!("HTTP/1.1 {status}\r\n{etag}Content-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
}

#[test]
fn a_fetched_bundle_is_asked_for_again_by_its_etag_and_told_unchanged() {
    let vault = vault();
    let body = String::from_utf8(SMALL.to_vec()).unwrap();
    let (url, asked) = server(vec![
        answer("200 OK", Some("W/\"v1\""), &body),
        answer("304 Not Modified", Some("W/\"v1\""), ""),
        answer("404 Not Found", None, "gone"),
        answer("200 OK", None, "<html>sign in</html>"),
    ]);
    let client = Client::new(http::Reach::of(&url, &[])).unwrap();
    let mut bytes = 0;
    let fetched = fetch(&vault, &client, ("list", &url), 1, &mut |more| bytes += more).unwrap();
    let Fetched::Added(about) = fetched else { panic!("{fetched:?}") };
    assert_eq!((about.etag.as_deref(), about.from.as_str()), (Some("W/\"v1\""), url.as_str()));
    assert_eq!(bytes, SMALL.len() as u64);
    let again = fetch(&vault, &client, ("list", &url), 2, &mut |_| {}).unwrap();
    let Fetched::Unchanged(about) = again else { panic!("{again:?}") };
    assert_eq!((about.added_at, about.checked_at), (1, 2));
    assert_eq!(list(&vault).unwrap(), [*about]);
    let refused = fetch(&vault, &client, ("list", &url), 3, &mut |_| {}).unwrap_err();
    assert!(matches!(refused, Error::Refused { status: 404, .. }), "{refused}");
    let refused = fetch(&vault, &client, ("list", &url), 4, &mut |_| {}).unwrap_err();
    assert!(matches!(refused, Error::Bundle(directory::Error::Syntax(1))), "{refused}");
    assert_eq!(open(&vault).unwrap().search("onlyhere", 9).total, 1);
    let heads = asked.join().unwrap();
    assert!(!heads[0].contains("if-none-match"), "{}", heads[0]);
    assert!(heads[1].contains("if-none-match: w/\"v1\""), "{}", heads[1]);
    assert!(heads[0].contains("accept: application/fhir+json"), "{}", heads[0]);
}

#[test]
fn an_unchanged_answer_to_nobody_s_question_and_an_inside_address_are_refused() {
    let vault = vault();
    let (url, asked) = server(vec![answer("304 Not Modified", None, "")]);
    let client = Client::new(http::Reach::of(&url, &[])).unwrap();
    let refused = fetch(&vault, &client, ("list", &url), 1, &mut |_| {}).unwrap_err();
    assert!(matches!(refused, Error::Refused { status: 304, .. }), "{refused}");
    asked.join().unwrap();
    let client = Client::new(http::Reach::default()).unwrap();
    let refused = fetch(&vault, &client, ("list", &url), 1, &mut |_| {}).unwrap_err();
    assert!(matches!(refused, Error::Http(_)), "{refused}");
}
