//! A record of 50,000 entries: how long it takes to open, and to answer a list from.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use plainchart::access::Caller;
use plainchart::insight::Ways;
use plainchart::insight::appointment::{self, AppointmentAsk};
use plainchart::insight::explain::explain;
use plainchart::insight::prevention::{self, PreventionAsk};
use plainchart::insight::routine::{self, RoutineAsk};
use plainchart::insight::summary::SummaryAsk;
use plainchart::insight::{Answer, Asked, Context, Refusal, conditions, measurements, summary};
use plainchart::mcp::tool::{Call, Gate, Limits};
use plainchart::record::{Record, View};
use plainchart::store::{Sealed, records};
use serde_json::Map;

use crate::board::Board;
use crate::timing::{Times, timed};
use crate::{generator, world};

const ENTRIES: usize = 50_000;
const OPEN_MS: f64 = 60.0;
const LIST_MS: f64 = 10.0;

/// A list, as insight has it.
type List = fn(&Context<'_>, &Asked) -> Result<Answer, Refusal>;
const LISTS: [(&str, List); 7] = [
    ("get_labs", measurements::labs),
    ("get_conditions", conditions::conditions),
    ("explain_labs", explain),
    ("summarize_history", |context, _| summary::summary(context, &SummaryAsk::default())),
    ("prep_appointment_questions", |context, _| {
        appointment::appointment(context, &AppointmentAsk::default())
    }),
    ("check_preventive_care", |context, _| prevention::prevention(context, &PreventionAsk::default())),
    ("plan_daily_routine", |context, _| routine::routine(context, &RoutineAsk::default())),
];

/// Opens the record and asks it.
pub fn measure(board: &mut Board) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bulk.ndjson");
    world::write_lines(&path, generator::bulk_ndjson(ENTRIES, 417));
    let sealed = world::on_disk(&folder.path().join("home"), vec![path]);
    let opened = records::open(&sealed).unwrap();
    assert!(opened.record.entries.len() > ENTRIES);
    let opens = Times::of(10, || records::open(&sealed).unwrap());
    board.notes("opening 50,000 entries from SQLite, best of 10", opens.best(), "ms");
    board.expects("opening 50,000 entries from SQLite, median", opens.median(), OPEN_MS, "ms");
    for (name, list) in LISTS {
        through_insight(board, &opened.record, name, list);
    }
    through_insight(board, &opened.record, "explain_labs of one test", explain_one);
    for (name, _) in LISTS {
        through_the_gate(board, &sealed, name);
    }
}

fn explain_one(context: &Context<'_>, asked: &Asked) -> Result<Answer, Refusal> {
    explain(context, &Asked { query: Some("creatinine".into()), ..asked.clone() })
}

fn through_insight(board: &mut Board, record: &Arc<Record>, name: &str, list: List) {
    let mut view = View::everything(Arc::clone(record));
    let firsts = (0..5).map(|_| {
        view = View::everything(Arc::clone(record));
        timed(|| answered(&view, name, list)).1
    });
    let firsts = Times::taken(firsts.collect());
    let later = Times::of(10, || answered(&view, name, list));
    board.expects(&format!("{name}, the first list after opening"), firsts.median(), LIST_MS, "ms");
    board.expects(&format!("{name}, a later one"), later.median(), LIST_MS, "ms");
}

fn answered(view: &View, tool: &str, list: List) -> Answer {
    let (arguments, stop) = (Map::new(), AtomicBool::new(false));
    let context = Context {
        view,
        today: world::TODAY,
        tool,
        arguments: &arguments,
        ways: &Ways::Commands,
        stop: &stop,
        checked: Cell::new(0),
    };
    list(&context, &Asked::default()).unwrap()
}

fn through_the_gate(board: &mut Board, sealed: &Sealed, tool: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let gate = Gate::new(world::access(sealed), Limits::default());
    let ask = || {
        let (caller, arguments) = (Caller::LocalOwner, Map::new());
        let call = Call { caller, ways: Ways::Commands, assistant: None, tool: tool.to_owned(), arguments };
        runtime.block_on(gate.call(call, std::future::pending())).expect("the tool answers")
    };
    let (_, first) = timed(ask);
    board.notes(&format!("{tool} through the gate, opening and audit with it"), first, "ms");
    let later = Times::of(10, ask);
    board.expects(
        &format!("{tool} through the gate, a later one, audit committed"),
        later.median(),
        LIST_MS,
        "ms",
    );
}
