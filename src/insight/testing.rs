//! Small hand-made records for the tests of the lists: everything is made up.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use serde_json::{Map, Value};

use super::{Answer, Asked, Context, ListAsk, Refusal, Ways};
use crate::record::{
    Concept, Dates, Detail, Entry, EntryId, Fetched, Import, Key, Kind, Name, Original, Person, Queried,
    QueryState, Record, Scope, Source, SourceKind, View, When,
};

/// A list tool.
pub type List = fn(&Context<'_>, &Asked) -> Result<Answer, Refusal>;

/// An entry of the first source: `entry("C000001", "Asthma", "2019-03-02", detail)`. An empty date is none.
pub fn entry(id: &str, name: &str, date: &str, detail: Detail) -> Entry {
    let id = EntryId::parse(id).unwrap();
    Entry {
        key: format!("{:?}/{id}", id.kind()).into(),
        file: Some("riverton.json".into()),
        original: Original { hash: [0xab; 16], pack: 0, index: 0 },
        added_at: 1_735_689_600, // 2025-01-01
        concept: Concept::named(name),
        date: When::parse(date),
        ..Entry::new(id, detail)
    }
}

/// The same, changed: `with(entry(…), |entry| entry.status = Some("active".into()))`.
pub fn with(mut entry: Entry, change: impl FnOnce(&mut Entry)) -> Entry {
    change(&mut entry);
    entry
}

/// The second entry from the second source, as the same fact as the first.
pub fn same(mut first: Entry, mut second: Entry) -> [Entry; 2] {
    let key = Key { bucket: first.id.to_string()[1..].parse().unwrap(), dates: Dates::Any };
    first.keys.push(key);
    second.keys.push(key);
    second.source = 1;
    [first, second]
}

/// The person, changed.
pub fn person(change: impl FnOnce(&mut Person)) -> Entry {
    let name = Name { given: vec!["Maria".into()], family: Some("Alvarez".into()), ..Name::default() };
    let mut person = Person { names: vec![name], birth: When::parse("1961-05-04"), ..Person::default() };
    change(&mut person);
    entry("S000001", "", "", Detail::Person(Box::new(person)))
}

/// Maria Alvarez with these entries, from Riverton Clinic (0), Lakeside Hospital (1) and herself (2).
pub fn record(mut entries: Vec<Entry>) -> Arc<Record> {
    if !entries.iter().any(|entry| entry.kind() == Kind::Demographics) {
        entries.push(person(|_| {}));
    }
    let source = |id: &str, name: &str, kind, file: &str| Source {
        id: id.into(),
        name: name.into(),
        kind,
        patient_keys: Vec::new(),
        imports: vec![Import { at: 1_735_689_600, file: file.into(), read: 10, left_out: 0 }],
        fetched: None,
    };
    let sources = vec![
        source("riverton", "Riverton Clinic", SourceKind::Files, "riverton.json"),
        source("lakeside", "Lakeside Hospital", SourceKind::Files, "lakeside.json"),
        source("you", "you", SourceKind::Own, "note"),
    ];
    Arc::new(Record::new("maria".into(), sources, entries, 1))
}

/// How a query of a portal ended: `queried("Observation/labs", QueryState::Failed, "the portal failed")`.
/// One that ended well has brought something.
pub fn queried(what: &str, state: QueryState, why: &str) -> Queried {
    let (asks_for, id) = what.split_once('/').unwrap();
    let read = u32::from(state == QueryState::Whole);
    Queried {
        id: id.into(),
        asks_for: asks_for.into(),
        name: id.replace('-', " ").into(),
        state,
        why: why.into(),
        read,
        has_brought: read > 0,
    }
}

/// Such a record in which Lakeside Hospital is a portal, fetched from on 2025-02-03 with these queries.
pub fn portal(entries: Vec<Entry>, queries: Vec<Queried>, change: impl FnOnce(&mut Fetched)) -> Arc<Record> {
    let of_files = record(entries);
    let mut sources = of_files.sources.clone();
    let mut fetched = Fetched { at: 1_738_584_000, queries, ..Fetched::default() };
    change(&mut fetched);
    (sources[1].kind, sources[1].fetched) = (SourceKind::Portal, Some(fetched));
    Arc::new(Record::new("maria".into(), sources, of_files.entries.clone(), 1))
}

/// All of such a record.
pub fn view(entries: Vec<Entry>) -> View {
    View::everything(record(entries))
}

/// Such a record without what a setting withholds.
pub fn view_without(entries: Vec<Entry>, change: impl FnOnce(&mut Scope)) -> View {
    let mut scope = Scope::everything();
    change(&mut scope);
    View::new(record(entries), scope)
}

/// Runs a tool on a view, on 2026-03-01.
pub fn run<R>(view: &View, arguments: Value, tool: impl FnOnce(&Context<'_>) -> R) -> R {
    run_for(&Ways::Commands, view, arguments, tool)
}

/// The same for somebody who acts on the answer in this way.
pub fn run_for<R>(ways: &Ways, view: &View, arguments: Value, tool: impl FnOnce(&Context<'_>) -> R) -> R {
    let arguments: Map<String, Value> = arguments.as_object().cloned().unwrap_or_default();
    let stop = AtomicBool::new(false);
    let today = jiff::civil::date(2026, 3, 1);
    tool(&Context {
        view,
        today,
        tool: "the_tool",
        arguments: &arguments,
        ways,
        stop: &stop,
        checked: Cell::new(0),
    })
}

/// Asks a list.
pub fn ask(view: &View, list: List, arguments: Value) -> Result<Answer, Refusal> {
    let ask: ListAsk = serde_json::from_value(arguments.clone()).unwrap();
    run(view, arguments, |context| list(context, &ask.understood()?))
}

/// The text of a list.
pub fn text(view: &View, list: List, arguments: Value) -> String {
    ask(view, list, arguments).unwrap().text
}

/// The ids of a list page by page with the smallest budget, in the order shown. A row that comes twice
/// or a walk that does not end fails.
pub fn walk(view: &View, ask: impl Fn(Value) -> Result<Answer, Refusal>) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    let mut arguments = serde_json::json!({"max_tokens": 300});
    for _ in 0..=view.version() + 1_000 {
        let answer = ask(arguments.clone()).unwrap();
        for item in answer.structured["items"].as_array().unwrap() {
            let id = item["id"].as_str().unwrap().to_owned();
            assert!(!ids.contains(&id), "{id} came twice");
            ids.push(id);
        }
        let Some(next) = answer.structured["next"].as_str() else { return ids };
        assert!(answer.text.contains(&format!("\"cursor\":\"{next}\"")), "{}", answer.text);
        arguments["cursor"] = next.into();
    }
    panic!("the walk does not end");
}
