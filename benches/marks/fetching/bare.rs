//! A client that asks the same questions, five at a time, and does nothing with the answers.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use plainchart::sources::smart::{plan, vendors};
use url::Url;

/// Asks for every page.
pub fn ask(base: &Url) {
    let client = reqwest::blocking::Client::builder().no_proxy().build().unwrap();
    let mut first = vec![format!("{base}/Patient/bulk-person")];
    for query in plan::queries(&vendors::vendors()[0]) {
        let mut url: Url = format!("{base}/{}?patient=bulk-person", query.resource).parse().unwrap();
        url.query_pairs_mut().extend_pairs(&query.parameters).append_pair("_count", "100");
        first.push(url.into());
    }
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..5 {
            scope.spawn(|| {
                while let Some(url) = first.get(next.fetch_add(1, Ordering::Relaxed)) {
                    follow(&client, url);
                }
            });
        }
    });
}

fn follow(client: &reqwest::blocking::Client, first: &str) {
    let mut url = Some(first.to_owned());
    while let Some(asked) = url {
        let body = client.get(&asked).bearer_auth("a").send().unwrap().bytes().unwrap();
        // The link stands at the beginning of these pages.
        let begin = String::from_utf8_lossy(&body[..body.len().min(300)]).into_owned();
        let next = begin.split_once(r#""next","url":""#).and_then(|(_, rest)| rest.split_once('"'));
        url = next.map(|(next, _)| next.to_owned());
    }
}
