//! The gate that every call passes: caller → grant → view → limits → run → audit committed → answer.
//!
//! A tool is a pure function of a view and runs on a thread of its own with a deadline, so that a panic or an
//! endless loop ends that call and nothing else. Every way out is audited, and a refusal becomes a sentence for the
//! assistant in `refused`.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use serde_json::{Map, Value};
use tokio::sync::{Notify, oneshot};

use super::desk::Desk;
use super::places::Places;
use super::pool::{Pool, Stay};
use super::rate::{PerMinute, Rate};
pub use super::refused::Refused;
use super::refused::{before, failed, next_step, refused, told, unknown_tool, unseen};
use super::tally::Tally;
use super::tools::Run;
use super::waiting::Waiting;
use super::{Arguments, Portals, aliases, portals};
use crate::access::{self, Access, Caller, Event, Outcome, OwnerId, Seen};
use crate::ingest::portal::Setting;
use crate::insight::{Answer, Context, Refusal, Ways, alarm, plain};

/// A call that has waited so long for a thread gets another.
const PATIENCE: Duration = Duration::from_millis(20);

/// How long and how large a call may be.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// After this a tool is told to stop.
    pub deadline: Duration,
    /// After this much more its thread is given up.
    pub grace: Duration,
    /// Threads that run tools.
    pub threads: usize,
    /// Bytes of the arguments.
    pub arguments_bytes: usize,
    /// How often is answered.
    pub rate: PerMinute,
}

impl Default for Limits {
    fn default() -> Limits {
        let deadline = Duration::from_secs(10);
        let (grace, rate) = (Duration::from_secs(5), PerMinute::default());
        Limits { deadline, grace, threads: 2, arguments_bytes: 32 << 10, rate }
    }
}

impl Limits {
    /// For a server of many people. A thread mostly waits for the disk, which all who wait share.
    pub fn of_many() -> Limits {
        Limits { threads: 32, ..Limits::default() }
    }
}

/// One call of a tool.
#[derive(Clone)]
pub struct Call {
    /// Who asks.
    pub caller: Caller,
    /// How whoever reads the answer can act on it.
    pub ways: Ways,
    /// The assistant, as it names itself.
    pub assistant: Option<String>,
    /// The tool, by any name it is known under.
    pub tool: String,
    /// The arguments, as they came.
    pub arguments: Map<String, Value>,
}

/// The gate. Cheap to clone.
#[derive(Clone)]
pub struct Gate(Arc<Inner>);

/// A gate, for as long as somebody else holds it.
pub struct WeakGate(Weak<Inner>);

impl WeakGate {
    /// The gate, if it is still there.
    pub fn upgrade(&self) -> Option<Gate> {
        self.0.upgrade().map(Gate)
    }
}

struct Inner {
    access: Access,
    limits: Limits,
    pool: Pool,
    rate: Rate,
    places: Places,
    worn_out: Notify,
    desk: Option<Desk>,
    tally: Tally,
}

/// Answers one call outside of a conversation, through which nothing goes out: `plainchart demo`.
pub fn call(access: Access, tool: &str, arguments: Map<String, Value>) -> Result<Answer, Refused> {
    call_through(&Gate::new(access, Limits::default()), tool, arguments)
}

/// The same through a gate that is there: `plainchart call`. What it begins at the desk is waited for to its end.
pub fn call_through(gate: &Gate, tool: &str, arguments: Map<String, Value>) -> Result<Answer, Refused> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    let runtime =
        runtime.map_err(|_| Refused("This machine has no room for another thread. Ask again".into()))?;
    let assistant = Some("the command line".into());
    let (caller, ways) = (Caller::LocalOwner, Ways::Commands);
    let call = Call { caller, ways, assistant, tool: tool.into(), arguments };
    runtime.block_on(async {
        let answered = gate.call(call.clone(), std::future::pending()).await;
        let Some(mut waiting) = Waiting::after(gate, &call.caller, tool, &answered, None) else {
            return answered;
        };
        while waiting.next().await.is_some() {}
        gate.call(call, std::future::pending()).await
    })
}

impl Gate {
    /// A gate before a record, through which nothing goes out.
    pub fn new(access: Access, limits: Limits) -> Gate {
        Gate::with(access, limits, None)
    }

    /// A gate before a record, with a desk at which work on portals goes on.
    pub fn with(access: Access, limits: Limits, desk: Option<Desk>) -> Gate {
        let (pool, rate, worn_out) = (Pool::new(limits.threads), Rate::new(limits.rate), Notify::new());
        let (places, tally) = (Places::default(), Tally::default());
        Gate(Arc::new(Inner { access, limits, pool, rate, places, worn_out, desk, tally }))
    }

    /// A gate that does not keep its work alive.
    pub fn downgrade(&self) -> WeakGate {
        WeakGate(Arc::downgrade(&self.0))
    }

    /// The desk, where there is one.
    pub fn desk(&self) -> Option<&Desk> {
        self.0.desk.as_ref()
    }

    /// The way to the records.
    pub fn access(&self) -> &Access {
        &self.0.access
    }

    /// What became of the calls so far.
    pub fn tally(&self) -> &Tally {
        &self.0.tally
    }

    /// Whether so many threads were given up that nothing is answered any more.
    pub fn is_worn_out(&self) -> bool {
        self.0.pool.is_worn_out()
    }

    /// Whose record a caller asks about; `None` while it cannot be opened.
    pub fn owner(&self, caller: &Caller) -> Option<OwnerId> {
        self.0.access.owner(caller).ok()
    }

    /// The version of a caller's record; `None` while it cannot be opened.
    pub fn version(&self, caller: &Caller) -> Option<u64> {
        self.0.access.version(caller).ok()
    }

    /// What work that comes due needs; `None` while the store cannot be opened, or where nothing goes out.
    pub fn setting(&self) -> Option<Setting> {
        let work = self.0.access.due_work().ok()?;
        Some(portals::setting(Some(self.0.desk.as_ref()?), work))
    }

    /// Opens the record for a caller while nobody waits for it. If that fails the first call says so.
    pub fn warm(&self, caller: Caller) {
        let inner = Arc::clone(&self.0);
        let job = move || {
            let _ = inner.access.see(&caller);
            Stay::Yes
        };
        // No room is no harm: the first call opens the record then.
        let _ = self.0.pool.run(Box::new(job));
    }

    /// Answers one call, or says why not. `cancelled` ends when nobody waits for the answer any more.
    pub async fn call(&self, call: Call, cancelled: impl Future<Output = ()>) -> Result<Answer, Refused> {
        let gate = &self.0;
        if gate.pool.is_worn_out() {
            return Err(refused(
                "Too many calls did not end, and nothing more is answered",
                "Restart the server",
            ));
        }
        if let Err(wait_s) = gate.rate.take(call.caller.person(), tool_name(&call), gate.access.clock().now())
        {
            gate.tally.slowed();
            let wait = if wait_s == 1 { "a second".to_owned() } else { format!("{wait_s} seconds") };
            let next_step = format!("Wait {wait}, then ask again");
            return Err(refused("Too many calls in a short time", &next_step));
        }
        let Some(_place) = gate.places.take(call.caller.person()) else {
            gate.tally.slowed();
            return Err(refused(
                "Too many calls of this person are being answered",
                "Ask again when some have been answered",
            ));
        };
        let call = Arc::new(call);
        let turn = Arc::new(Turn::default());
        let (sender, mut receiver) = oneshot::channel();
        let job = {
            let (inner, call, turn) = (Arc::clone(gate), Arc::clone(&call), Arc::clone(&turn));
            move || inner.work(&call, &turn, sender)
        };
        if gate.pool.run(Box::new(job)).is_err() {
            return Err(refused("Too many calls are waiting", "Ask again when some have been answered"));
        }
        if let Ok(answered) = tokio::time::timeout(PATIENCE, &mut receiver).await {
            return answered.unwrap_or_else(|_| Err(failed()));
        }
        gate.pool.hurry();
        tokio::select! {
            answered = &mut receiver => return answered.unwrap_or_else(|_| Err(failed())),
            () = tokio::time::sleep(gate.limits.deadline) => {}
            () = cancelled => {}
        }
        turn.stop.store(true, Ordering::Relaxed);
        match tokio::time::timeout(gate.limits.grace, &mut receiver).await {
            Ok(answered) => answered.unwrap_or_else(|_| Err(failed())),
            Err(_) => self.give_up(&call, &turn).await,
        }
    }

    /// Ends when so many threads were given up that the process should end.
    pub async fn worn_out(&self) {
        self.0.worn_out.notified().await;
    }

    /// Leaves a thread that has ignored its deadline to itself, and notes that it did.
    async fn give_up(&self, call: &Arc<Call>, turn: &Turn) -> Result<Answer, Refused> {
        let was = turn.state.swap(Turn::SETTLED, Ordering::SeqCst);
        if was != Turn::WAITING {
            self.0.pool.abandon_one();
            tracing::error!("a tool ignored its deadline and was left to itself");
        }
        if self.0.pool.is_worn_out() {
            self.0.worn_out.notify_one();
        }
        let (sender, receiver) = oneshot::channel();
        let (inner, call) = (Arc::clone(&self.0), Arc::clone(call));
        let job = move || {
            let tool = tool_name(&call);
            let _ = sender.send(inner.note(&call, tool, Outcome::TimedOut));
            Stay::Yes
        };
        let noted = match self.0.pool.run(Box::new(job)) {
            Ok(()) => tokio::time::timeout(self.0.limits.grace, receiver).await.is_ok(),
            Err(_) => false,
        };
        if !noted {
            tracing::error!("a call that timed out could not be audited");
        }
        Err(told(&Refusal::OutOfTime))
    }
}

/// Whose turn it is to end a call: the thread that runs it, or the one that waits for it.
#[derive(Default)]
struct Turn {
    state: AtomicU8,
    stop: AtomicBool,
}

impl Turn {
    const WAITING: u8 = 0;
    const RUNNING: u8 = 1;
    const SETTLED: u8 = 2;

    /// Moves on, unless the other side was first.
    fn moves(&self, from: u8, to: u8) -> bool {
        self.state.compare_exchange(from, to, Ordering::SeqCst, Ordering::SeqCst).is_ok()
    }
}

impl Inner {
    /// One call on its thread. What it sends has been audited.
    fn work(&self, call: &Arc<Call>, turn: &Turn, sender: oneshot::Sender<Result<Answer, Refused>>) -> Stay {
        if !turn.moves(Turn::WAITING, Turn::RUNNING) {
            return Stay::Yes;
        }
        let seen = match catch_unwind(AssertUnwindSafe(|| self.see(&call.caller))) {
            Ok(Ok(seen)) if seen.is_empty() && !begins_work(call) => {
                return self.end(turn, sender, || Err(before(call, unseen(call, &access::Error::NoRecord))));
            }
            Ok(Ok(seen)) => seen,
            // Without a view there is no key, and so no chain in which this could be noted.
            Ok(Err(error)) => {
                return self.end(turn, sender, || Err(before(call, unseen(call, &error))));
            }
            Err(_) => return self.end(turn, sender, || Err(failed())),
        };
        let ran = catch_unwind(AssertUnwindSafe(|| self.run(call, &seen, &turn.stop)));
        if !turn.moves(Turn::RUNNING, Turn::SETTLED) {
            return Stay::No;
        }
        let (outcome, answered) = match ran {
            Ok(Ok(answer)) => (Outcome::Answered, Ok(answer)),
            Ok(Err(refusal)) => (outcome_of(&refusal), Err(told(&refusal))),
            Err(_) => (Outcome::Panicked, Err(failed())),
        };
        let answered = answered.map_err(|refused| before(call, refused));
        let cited = answered.as_ref().map_or(&[][..], |answer: &Answer| &answer.cited);
        let event = self.event(call, tool_name(call), outcome, cited);
        let asked = Arc::clone(call);
        let then = move |noted: Result<(), access::Error>| {
            // What could not be audited is not answered. Nobody waits for it any more if sending fails.
            let noted = noted.map_err(|error| unseen(&asked, &error));
            let _ = sender.send(noted.and(answered));
        };
        self.access.note_then(&call.caller, event, then, |write| self.pool.wait_for(write));
        Stay::Yes
    }

    fn see(&self, caller: &Caller) -> Result<Seen, access::Error> {
        match self.access.is_near() {
            true => self.access.see(caller),
            false => self.pool.wait_for(|| self.access.see(caller)),
        }
    }

    /// Sends what `answered` makes, unless the call was given up meanwhile.
    fn end(
        &self,
        turn: &Turn,
        sender: oneshot::Sender<Result<Answer, Refused>>,
        answered: impl FnOnce() -> Result<Answer, Refused>,
    ) -> Stay {
        if !turn.moves(Turn::RUNNING, Turn::SETTLED) {
            return Stay::No;
        }
        // Nobody waits for it any more if this fails.
        let _ = sender.send(answered());
        Stay::Yes
    }

    fn run(&self, call: &Call, seen: &Seen, stop: &AtomicBool) -> Result<Answer, Refusal> {
        let today = self.access.clock().today();
        let given = serde_json::to_string(&call.arguments).map_or(usize::MAX, |json| json.len());
        if given > self.limits.arguments_bytes {
            let most = self.limits.arguments_bytes;
            return Err(Refusal::BadArgument(format!("the arguments are too long: {given} bytes of {most}")));
        }
        let Some((tool, given)) = aliases::resolve(&call.tool, call.arguments.clone(), today) else {
            return Err(unknown_tool(&call.tool));
        };
        let arguments = Arguments::read(tool.name, tool.parameters, &given)?;
        let context = Context {
            view: seen.view(),
            today,
            tool: tool.name,
            arguments: arguments.as_map(),
            ways: &call.ways,
            stop,
            checked: Cell::new(0),
        };
        let answer = match tool.run {
            Run::OfView(run) => run(&context, &arguments),
            Run::OfOriginals(run) => run(&context, &arguments, seen),
            Run::OfPortals(run) => run(&context, &arguments, &|| self.portals(call)),
        }?;
        Ok(alarm::lead(&context, answer))
    }

    fn portals(&self, call: &Call) -> Result<Portals<'_>, Refusal> {
        let work = self.access.work(&call.caller);
        let work =
            work.map_err(|error| Refusal::BadArgument(format!("{error}. {}", next_step(call, &error))))?;
        Ok(Portals::new(self.desk.as_ref(), work))
    }

    fn note(&self, call: &Call, tool: &'static str, outcome: Outcome) -> Result<(), Refused> {
        let noted = self.access.note(&call.caller, self.event(call, tool, outcome, &[]));
        noted.map_err(|error| unseen(call, &error))
    }

    /// The line of a call.
    fn event(
        &self,
        call: &Call,
        tool: &'static str,
        outcome: Outcome,
        cited: &[crate::record::EntryId],
    ) -> Event {
        let assistant: String = call.assistant.as_deref().map(plain).unwrap_or_default();
        let assistant: String = assistant.chars().take(80).collect();
        self.tally.ended(tool, outcome);
        Event {
            at: self.access.clock().now().as_second(),
            who: who(&call.caller, &assistant),
            tool: tool.to_owned(),
            entries: cited.iter().map(ToString::to_string).collect(),
            outcome,
        }
    }
}

/// The tool as the audit names it. A name that is not ours is not repeated there.
fn tool_name(call: &Call) -> &'static str {
    let today = jiff::civil::Date::ZERO;
    aliases::resolve(&call.tool, Map::new(), today).map_or("unknown tool", |(tool, _)| tool.name)
}

/// Who asks, as the audit says it: with the grant, since two assistants may have one name.
fn who(caller: &Caller, assistant: &str) -> String {
    match caller {
        Caller::LocalOwner => format!("{} ({assistant})", caller.name()),
        Caller::Assistant(inside) => {
            format!("{} ({assistant}), grant {}", caller.name(), inside.bearer.grant)
        }
    }
}

/// Whether a call makes sense before anything was imported.
fn begins_work(call: &Call) -> bool {
    super::tools::find(&call.tool).is_some_and(|tool| !tool.is_read_only())
}

fn outcome_of(refusal: &Refusal) -> Outcome {
    match refusal {
        Refusal::BadArgument(_) | Refusal::UnknownEntry(_) => Outcome::Refused,
        Refusal::OutOfTime => Outcome::TimedOut,
    }
}
