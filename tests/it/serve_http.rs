//! Stories of the endpoint over HTTP: both eras, and everything that is refused before a record is looked at.

use std::io::{Read, Write};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::serving::{Served, answer, modern, modern_body, older_body};

#[test]
fn both_eras_are_answered_by_one_endpoint_without_a_session() {
    let served = Served::demo();
    let initialize = json!({ "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": { "name": "story", "version": "1" } });
    let greeted = served.post(&[], &older_body("initialize", initialize));
    assert_eq!(greeted.status, 200, "{greeted:?}");
    assert_eq!(greeted.json()["result"]["protocolVersion"], "2025-11-25");
    // What needs a conversation is not offered where there is none.
    assert!(greeted.json()["result"]["capabilities"]["resources"]["subscribe"].is_null());
    assert!(greeted.header("Mcp-Session-Id").is_none());

    let older = served.call_older("get_immunizations", json!({}));
    let newer = served.call("get_immunizations", json!({}));
    assert_eq!((older.status, newer.status), (200, 200), "{older:?} {newer:?}");
    assert_eq!(newer.header("Content-Type"), Some("application/json"));
    assert!(older.text().contains("Coverage"), "{}", older.text());
    assert_eq!(older.text(), newer.text());
    assert_eq!(newer.json()["result"]["resultType"], "complete");

    let discovered =
        served.post(&modern("server/discover", None), &modern_body("server/discover", json!({})));
    let versions = discovered.json()["result"]["supportedVersions"].clone();
    assert!(versions.as_array().unwrap().contains(&json!("2026-07-28")), "{versions}");
}

#[test]
fn an_assistant_reads_and_has_nothing_done() {
    let served = Served::demo();
    insta::assert_snapshot!(
        served.call("update_records", json!({})).text(),
        @"the person has let this assistant read the record, not fetch or connect anything. The person does it themself on the page /sources of this server."
    );
    let connecting = served.call("connect_source", json!({ "name": "Riverton" }));
    assert!(connecting.text().contains("/sources"), "{}", connecting.text());
}

#[test]
fn without_a_token_one_is_told_where_to_get_it() {
    let served = Served::demo();
    let origin = format!("http://{}", served.address);
    let body = older_body("tools/list", json!({}));
    let none = served.post(&[("Authorization", "")], &body);
    assert_eq!(none.status, 401);
    let document = format!("resource_metadata=\"{origin}/.well-known/oauth-protected-resource/mcp\"");
    let challenge = format!("Bearer {document}, scope=\"patient/*.rs\"");
    assert_eq!(none.header("WWW-Authenticate"), Some(challenge.as_str()));
    for bad in ["Bearer nonsense", "Basic abc", "Bearer", "Bearer pc_at_0000"] {
        let refused = served.post(&[("Authorization", bad)], &body);
        assert_eq!(refused.status, 401, "{bad}");
    }
    let bad = served.post(&[("Authorization", "Bearer nonsense")], &body);
    let challenge = bad.header("WWW-Authenticate").unwrap();
    assert!(challenge.contains("error=\"invalid_token\"") && challenge.contains(&document), "{challenge}");
    for path in ["/.well-known/oauth-protected-resource/mcp", "/.well-known/oauth-protected-resource"] {
        let told = served.get(path, &[("Authorization", "")]);
        assert_eq!(told.status, 200, "{path}");
        assert_eq!(told.json()["resource"], format!("{origin}/mcp"));
        assert_eq!(told.json()["authorization_servers"], json!([origin]));
    }
}

#[test]
fn a_refusal_leaves_the_connection_to_what_comes_next() {
    let served = Served::demo();
    let body = older_body("tools/list", json!({}));
    let refused = [
        ("POST", "/mcp", ("Authorization", ""), 401),
        ("POST", "/mcp", ("Authorization", "Bearer x"), 401),
        ("POST", "/mcp", ("Origin", "https://evil.example"), 403),
        ("POST", "/activity", ("Accept", "*/*"), 405),
        ("PUT", "/nowhere", ("Accept", "*/*"), 405),
        ("POST", "/sign-in", ("Origin", "https://evil.example"), 403),
        ("POST", "/sources/upload", ("Origin", "https://evil.example"), 403),
        ("POST", "/token?x=y", ("Accept", "*/*"), 400),
    ];
    for (method, path, header, status) in refused {
        let request = served.request(method, path, &[header, ("Connection", "")], &body);
        let (head, body) = request.split_at(request.find("\r\n\r\n").unwrap() + 4);
        let mut stream = served.connect();
        // Many clients send the two apart, so that the first could be refused before the second is there.
        stream.write_all(head.as_bytes()).unwrap();
        std::thread::sleep(Duration::from_millis(100));
        stream.write_all(body.as_bytes()).unwrap();
        let mut told = [0; 16 << 10];
        let read = stream.read(&mut told).unwrap();
        assert!(told[..read].starts_with(format!("HTTP/1.1 {status}").as_bytes()), "{method} {path}");
        let next = served.request("GET", "/.well-known/oauth-protected-resource/mcp", &[], "");
        stream.write_all(next.as_bytes()).unwrap();
        let next = answer(&mut stream);
        assert!(next.status == 200 || next.body.contains("HTTP/1.1 200"), "{method} {path}: {next:?}");
    }
}

#[test]
fn a_client_in_a_browser_may_ask_every_endpoint_and_hears_every_refusal() {
    let served = Served::demo();
    for path in ["/.well-known/oauth-protected-resource/mcp", "/.well-known/oauth-protected-resource"] {
        for (method, status) in [("GET", 200), ("OPTIONS", 204)] {
            let told =
                served.send(&served.request(method, path, &[("Origin", "https://inspector.example")], ""));
            assert_eq!(
                (told.status, told.header("Access-Control-Allow-Origin")),
                (status, Some("*")),
                "{told:?}"
            );
        }
    }
    let form = [("Content-Type", "application/x-www-form-urlencoded")];
    for path in ["/token", "/register", "/revoke"] {
        let other = served.send(&served.request("GET", path, &[], ""));
        assert_eq!(other.header("Allow"), Some("POST,OPTIONS"), "{other:?}");
        let large = served.send(&served.request("POST", path, &form, &"x".repeat(128 << 10)));
        for (refused, status) in [(other, 405), (large, 413)] {
            assert_eq!(
                (refused.status, refused.header("Cache-Control")),
                (status, Some("no-store")),
                "{path}"
            );
            assert_eq!(refused.header("Access-Control-Allow-Origin"), Some("*"), "{path}");
            assert_eq!(refused.json()["error"], "invalid_request", "{path}");
        }
    }
}

#[test]
fn who_sends_much_that_is_refused_still_hears_why() {
    let served = Served::demo();
    let large = "x".repeat(40 << 20);
    for (path, status) in [("/nowhere", 405), ("/sign-in", 413), ("/token", 413), ("/sources/upload", 401)] {
        let own = format!("http://{}", served.address);
        let form = [("Origin", own.as_str()), ("Content-Type", "application/x-www-form-urlencoded")];
        let request = served.request("POST", path, &form, &large);
        let mut stream = served.connect();
        stream.write_all(request.as_bytes()).unwrap();
        assert_eq!(answer(&mut stream).status, status, "{path}");
    }
    // Who asks first whether to send it is not asked for it.
    let head =
        served.request("POST", "/nowhere", &[("Content-Length", "9000"), ("Expect", "100-continue")], "");
    assert!(served.send(&head).head.starts_with("HTTP/1.1 405"));
}

#[test]
fn a_token_in_the_address_is_not_taken() {
    let served = Served::demo();
    for query in [format!("access_token={}", served.token), format!("x={}", served.token)] {
        let request =
            served.request("POST", &format!("/mcp?{query}"), &[], &older_body("tools/list", json!({})));
        let refused = served.send(&request);
        assert_eq!(refused.status, 400, "{refused:?}");
        assert!(!refused.body.contains(&served.token));
    }
}

#[test]
fn a_foreign_host_or_origin_is_refused_by_name() {
    let served = Served::demo();
    let body = older_body("tools/list", json!({}));
    let port = served.address.port();
    for host in ["evil.example", "127.0.0.1", "localhost:1", "127.0.0.1.evil.example"] {
        let refused = served.post(&[("Host", host)], &body);
        assert_eq!(refused.status, 403, "{host}");
        insta::allow_duplicates!(
            insta::assert_snapshot!(refused.body, @"This server is not known under this Host.")
        );
    }
    // What a proxy says is not believed.
    let forwarded =
        [("Host", "evil.example"), ("X-Forwarded-Host", "127.0.0.1"), ("Forwarded", "host=127.0.0.1")];
    assert_eq!(served.post(&forwarded, &body).status, 403);
    for origin in ["http://evil.example", "null", "https://localhost", "http://localhost:1"] {
        let refused = served.post(&[("Origin", origin)], &body);
        assert_eq!(refused.status, 403, "{origin}");
        insta::allow_duplicates!(
            insta::assert_snapshot!(refused.body, @"Pages of this Origin may not call this server.")
        );
    }
    for own in [format!("localhost:{port}"), format!("127.0.0.1:{port}")] {
        let origin = format!("http://{own}");
        assert_eq!(served.post(&[("Host", &own), ("Origin", &origin)], &body).status, 200, "{own}");
    }
}

#[test]
fn only_posts_are_taken_and_only_so_large_ones() {
    let served = Served::demo();
    for method in ["GET", "DELETE", "PUT"] {
        let refused = served.send(&served.request(method, "/mcp", &[], ""));
        assert_eq!(refused.status, 405, "{method}");
        assert_eq!(refused.header("Allow"), Some("POST"));
    }
    let large = " ".repeat(300 << 10);
    assert_eq!(served.post(&[], &large).status, 413);
    // In parts it is not announced how large it is.
    let chunk = format!("{:x}\r\n{}\r\n", 64 << 10, " ".repeat(64 << 10));
    let parts = format!("{}0\r\n\r\n", chunk.repeat(6));
    let mut headers = vec![("Transfer-Encoding", "chunked"), ("Content-Length", "")];
    assert_eq!(served.post(&headers, &parts).status, 413);
    headers[0] = ("X-Large", &large);
    assert_eq!(served.post(&headers[..1], "").status, 431);
}

#[test]
fn slow_bodies_are_ended_wherever_they_are_sent_and_hold_up_nobody() {
    let served = Served::demo();
    let own = format!("http://{}", served.address);
    let form = [("Origin", own.as_str()), ("Content-Type", "application/x-www-form-urlencoded")];
    let slow = ["/mcp", "/sign-in", "/token", "/register", "/nowhere"].map(|path| {
        let given: &[_] = if path == "/mcp" { &[] } else { &form };
        let given = [given, &[("Content-Length", "1000")]].concat();
        let mut stream = served.connect();
        stream.write_all(served.request("POST", path, &given, "{").as_bytes()).unwrap();
        (path, stream)
    });
    assert_eq!(served.call("get_immunizations", json!({})).status, 200);
    let began = Instant::now();
    for (path, mut stream) in slow {
        let status = answer(&mut stream).status;
        assert_eq!(status, if path == "/nowhere" { 405 } else { 408 }, "{path}");
    }
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
}

#[test]
fn fifty_slow_or_silent_connections_do_not_keep_a_normal_one_waiting() {
    let served = Served::demo();
    served.call("get_immunizations", json!({}));
    let alone = best_of_ten(&served);
    let begun = served.request("POST", "/mcp", &[("Content-Length", "100000")], "{");
    let asked = served.request("GET", "/sign-in", &[("Connection", "")], "");
    // Some say nothing, some begin a head, some a body, and some ask and ask and read no answer.
    let said = ["".into(), begun[..20].to_owned(), begun, asked.repeat(20)];
    let mut held: Vec<_> = (0..50)
        .map(|number| {
            let mut stream = served.connect();
            stream.write_all(said[number % said.len()].as_bytes()).unwrap();
            stream
        })
        .collect();
    // And the bodies come by the byte.
    let trickles = held.iter_mut().skip(2).step_by(said.len());
    trickles.for_each(|stream| stream.write_all(b" ").unwrap());
    let among = best_of_ten(&served);
    assert!(among < alone * 3 + Duration::from_millis(50), "{among:?} among 50, {alone:?} alone");
    assert_eq!(held.len(), 50, "they are still there");
}

fn best_of_ten(served: &Served) -> Duration {
    let time = |_| {
        let began = Instant::now();
        assert_eq!(served.call("get_immunizations", json!({})).status, 200);
        began.elapsed()
    };
    (0..10).map(time).min().unwrap()
}

#[test]
fn a_call_that_comes_too_often_is_told_when_to_come_again() {
    let served = Served::demo();
    let mut slowed = None;
    for _ in 0..200 {
        let answered = served.call("get_immunizations", json!({}));
        if answered.json()["result"]["isError"] == true {
            slowed = Some(answered.text());
            break;
        }
    }
    insta::assert_snapshot!(slowed.unwrap(), @"Too many calls in a short time. Wait a second, then ask again.");
    // Another tool has an allowance of its own.
    assert!(served.call("get_allergies", json!({})).text().contains("Coverage"));
}

#[test]
fn health_is_told_at_any_host_and_metrics_at_a_place_of_their_own() {
    let served = Served::start(&["--demo", "--metrics", "127.0.0.1:0"]);
    for path in ["/healthz", "/readyz"] {
        let told = served.get(path, &[("Host", "10.0.0.7"), ("Authorization", "")]);
        assert_eq!(told.status, 200, "{path}: {told:?}");
    }
    assert_eq!(served.get("/metrics", &[]).status, 404);
}

#[cfg(unix)]
#[test]
fn a_call_under_way_is_answered_when_the_server_is_told_to_end_and_logs_name_nothing() {
    let mut served = Served::demo();
    let (token, address) = (served.token.clone(), served.address);
    let body =
        modern_body("tools/call", json!({ "name": "search_records", "arguments": { "query": "xylofrond" } }));
    let request = served.request("POST", "/mcp", &modern("tools/call", Some("search_records")), &body);
    let mut stream = served.connect();
    let (first, last) = request.split_at(request.len() - 1);
    stream.write_all(first.as_bytes()).unwrap();
    // The request has begun: it is read to its end and answered.
    std::thread::sleep(Duration::from_millis(200));
    let pid = served.child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    std::thread::sleep(Duration::from_millis(200));
    assert!(std::net::TcpStream::connect(address).is_err(), "nobody new is let in");
    stream.write_all(last.as_bytes()).unwrap();
    assert_eq!(answer(&mut stream).status, 200);
    assert!(served.child.wait().unwrap().success());
    let mut log = String::new();
    served.child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
    let line: serde_json::Value = serde_json::from_str(log.lines().last().unwrap()).unwrap();
    assert_eq!(
        (&line["route"], &line["status"], &line["method"]),
        (&json!("/mcp"), &json!(200), &json!("POST"))
    );
    for word in [token.as_str(), "xylofrond", "search_records", "story"] {
        assert!(!log.contains(word), "{word} in {log}");
    }
}

#[test]
fn what_cannot_be_served_is_told_before_anything_is_opened() {
    let refused = |arguments: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_plainchart"));
        let ran = command.arg("serve").args(arguments).env("PLAINCHART_KEY_STORE", "off").output().unwrap();
        assert_eq!(ran.status.code(), Some(2), "{arguments:?}");
        String::from_utf8(ran.stderr).unwrap()
    };
    insta::assert_snapshot!(refused(&["--http", "0.0.0.0:0"]), @"plainchart: others reach this address: add --public-url");
    assert!(
        refused(&["--http", "0", "--public-url", "http://chart.example.org"]).contains("begins with https")
    );
    assert!(
        refused(&["--http", "0.0.0.0:0", "--public-url", "https://chart.example.org", "--demo"])
            .contains("this machine only")
    );
    assert!(refused(&["--http", "chart"]).contains("--http takes an address"));
}
