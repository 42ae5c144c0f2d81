//! What an assistant can do about portals: have what is new fetched, and begin a sign-in by a name.

use std::io::{BufRead, BufReader, Lines, Write};
use std::process::{Child, ChildStdout, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::connect::{CLINIC, Connected, follow, options};
use crate::people::{Home, result_text};
use crate::records_store::running::Store;
use crate::records_store::switches::Switch;

/// A client that shows every message that comes.
struct Talk {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    asked: u64,
    /// What came besides answers.
    heard: Vec<Value>,
}

impl Talk {
    /// A conversation of the older era, with these abilities of the client.
    fn greeted(home: &Home, capabilities: Value) -> Talk {
        let mut talk = Talk::begun(home);
        let hello = json!({ "protocolVersion": "2025-11-25", "capabilities": capabilities,
            "clientInfo": { "name": "story", "version": "1" } });
        talk.request("initialize", hello);
        talk.send(&json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }));
        talk
    }

    fn begun(home: &Home) -> Talk {
        let mut command = home.command(&["serve"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Talk { child, lines, asked: 0, heard: Vec::new() }
    }

    fn send(&mut self, message: &Value) {
        let input = self.child.stdin.as_mut().unwrap();
        writeln!(input, "{message}").and_then(|()| input.flush()).unwrap();
    }

    fn ask(&mut self, method: &str, parameters: Value) -> u64 {
        self.asked += 1;
        let id = self.asked;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": parameters }));
        id
    }

    /// The next message; a question of the server is agreed to.
    fn next(&mut self) -> Value {
        let line = self.lines.next().unwrap_or_else(|| panic!("the server has gone")).unwrap();
        let message: Value = serde_json::from_str(&line).unwrap();
        if message["method"] == "elicitation/create" {
            let agreed = json!({ "jsonrpc": "2.0", "id": message["id"], "result": { "action": "accept" } });
            self.send(&agreed);
        }
        message
    }

    fn request(&mut self, method: &str, parameters: Value) -> Value {
        let id = self.ask(method, parameters);
        loop {
            let mut message = self.next();
            if message["id"] == json!(id) && message.get("method").is_none() {
                assert!(message["error"].is_null(), "{message}");
                return message["result"].take();
            }
            self.heard.push(message);
        }
    }

    fn call(&mut self, tool: &str, arguments: Value) -> Value {
        self.request("tools/call", json!({ "name": tool, "arguments": arguments }))
    }

    /// What was heard under this method.
    fn heard_of(&self, method: &str) -> Vec<&Value> {
        self.heard.iter().filter(|message| message["method"] == method).collect()
    }
}

impl Drop for Talk {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// A home in which the store's portal is listed by hand, and nobody has signed in yet.
fn listed(base: &str) -> Home {
    let home = Home::new();
    home.run(&["note", "I moved here in May."]).ok();
    home.run(&["portals", "add", CLINIC, base]).ok();
    home
}

#[test]
fn an_assistant_begins_a_sign_in_by_a_name_and_has_the_record_when_the_person_has_signed_in() {
    let running = Store::start(&options("records")).unwrap();
    let home = listed(&running.base());
    let mut talk = Talk::greeted(&home, json!({ "elicitation": { "url": {} } }));
    let begun = talk.call("connect_source", json!({ "name": "clinic" }));
    let start = begun["structuredContent"]["open"].as_str().unwrap().to_owned();
    let shown = talk.heard_of("elicitation/create");
    assert_eq!(shown.len(), 1);
    assert_eq!(
        (shown[0]["params"]["mode"].as_str(), shown[0]["params"]["url"].as_str()),
        (Some("url"), Some(&*start))
    );
    assert!(shown[0]["params"]["message"].as_str().unwrap().contains(CLINIC));
    let again = talk.call("connect_source", json!({ "name": CLINIC }));
    assert_eq!(again["structuredContent"]["open"], start.as_str(), "one sign-in waits, not two");
    follow(&start);
    let until = Instant::now() + Duration::from_secs(120);
    let updated = loop {
        let updated = talk.call("update_records", json!({}));
        match updated["structuredContent"]["portals"][0]["state"].as_str() {
            Some("fetched") => break updated,
            state => assert!(Instant::now() < until, "{state:?}: {updated}"),
        }
        std::thread::sleep(Duration::from_millis(200));
    };
    assert!(updated["structuredContent"]["portals"][0]["new"].as_u64().unwrap() > 800, "{updated}");
    assert!(result_text(&talk.call("get_labs", json!({ "query": "hba1c" }))).contains("Clinic (read"));
}

#[test]
fn an_address_is_never_taken_from_an_assistant_nor_a_name_that_nobody_knows() {
    let running = Store::start(&options("records")).unwrap();
    let home = listed("https://elsewhere.example/fhir");
    let mut talk = Talk::greeted(&home, json!({}));
    for address in [running.base(), "https://evil.example/fhir".into()] {
        let refused = talk.call("connect_source", json!({ "name": address }));
        assert_eq!(refused["isError"], true);
        assert!(result_text(&refused).contains("an address is not taken from an assistant"));
    }
    let unknown = talk.call("connect_source", json!({ "name": "Evil Clinic" }));
    assert!(unknown["structuredContent"].get("open").is_none());
    assert!(result_text(&unknown).contains("No portal of this name is known here"));
    assert!(running.log().is_empty(), "nobody was asked");
}

#[test]
fn an_update_is_had_once_in_a_quarter_of_an_hour() {
    let connected = Connected::to("records", &[], "");
    let mut talk = Talk::greeted(&connected.home, json!({}));
    let soon = talk.call("update_records", json!({}));
    let told = &soon["structuredContent"]["portals"][0];
    assert_eq!((told["name"].as_str(), told["state"].as_str()), (Some(CLINIC), Some("too soon")));
    assert!(told["next_at"].as_str().unwrap().ends_with("UTC"), "{told}");
}

#[test]
fn a_client_that_asked_for_it_hears_how_far_a_fetch_is() {
    let running = Store::start(&options("records")).unwrap();
    let home = listed(&running.base());
    let mut talk = Talk::greeted(&home, json!({}));
    let begun = talk.call("connect_source", json!({ "name": CLINIC }));
    // Each answer takes a while, so that there is something to tell.
    running.set(Switch::Delay { place: None, delay_ms: 100 });
    follow(begun["structuredContent"]["open"].as_str().unwrap());
    let until = Instant::now() + Duration::from_secs(120);
    loop {
        let asked =
            json!({ "name": "update_records", "arguments": {}, "_meta": { "progressToken": "so far" } });
        let updated = talk.request("tools/call", asked);
        if updated["structuredContent"]["portals"][0]["state"] == "fetched" {
            break;
        }
        assert!(Instant::now() < until, "{updated}");
        // Whoever asks more often is told to wait a second.
        std::thread::sleep(Duration::from_millis(if updated["isError"] == true { 1000 } else { 200 }));
    }
    let steps = talk.heard_of("notifications/progress");
    assert!(steps.iter().all(|step| step["params"]["progressToken"] == "so far"), "{steps:?}");
    let steps: Vec<f64> = steps.iter().map(|step| step["params"]["progress"].as_f64().unwrap()).collect();
    assert!(steps.len() > 2 && steps.is_sorted(), "{steps:?}");
}

#[test]
fn a_client_that_subscribed_hears_that_the_record_changed_in_both_eras() {
    let home = listed("https://elsewhere.example/fhir");
    let address = "plainchart://record/summary";
    let mut older = Talk::greeted(&home, json!({}));
    older.request("resources/subscribe", json!({ "uri": address }));
    let mut newer = Talk::begun(&home);
    let meta = json!({ "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
        "io.modelcontextprotocol/clientInfo": { "name": "story", "version": "1" } });
    let filter = json!({ "resourceSubscriptions": [address, "file:///etc/hosts"] });
    newer.ask("subscriptions/listen", json!({ "notifications": filter, "_meta": meta }));
    let accepted = newer.next();
    assert_eq!(accepted["method"], "notifications/subscriptions/acknowledged", "{accepted}");
    // Both have looked once before anything changes.
    std::thread::sleep(Duration::from_millis(500));
    home.run(&["note", "I started swimming."]).ok();
    for talk in [&mut older, &mut newer] {
        let heard = talk.next();
        assert_eq!(heard["method"], "notifications/resources/updated", "{heard}");
        assert_eq!(heard["params"]["uri"], address);
    }
}

#[test]
fn a_client_of_the_newer_era_is_asked_to_show_the_address_before_it_has_the_answer() {
    let running = Store::start(&options("records")).unwrap();
    let home = listed(&running.base());
    let mut talk = Talk::begun(&home);
    let meta = json!({ "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": { "elicitation": { "url": {} } },
        "io.modelcontextprotocol/clientInfo": { "name": "story", "version": "1" } });
    let mut call = json!({ "name": "connect_source", "arguments": { "name": CLINIC }, "_meta": meta });
    let asked = talk.request("tools/call", call.clone());
    assert_eq!(asked["resultType"], "input_required", "{asked}");
    let start = asked["inputRequests"]["sign_in"]["params"]["url"].as_str().unwrap().to_owned();
    call["inputResponses"] = json!({ "sign_in": { "action": "accept" } });
    let answered = talk.request("tools/call", call);
    assert_eq!(answered["structuredContent"]["open"], start.as_str(), "{answered}");
}
