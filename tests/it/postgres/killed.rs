//! One of two processes is killed with -9, again and again, while both are busy. What was acknowledged is there, what
//! was refused was not done, what got no answer is done wholly or not at all, and the other process goes on.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use plainchart::access::audit;
use plainchart::access::authorization::{Grant, State, Why};
use plainchart::clock::Randomness;
use plainchart::record::Kind;

use super::hosted::{At, Came, Hosted, below};
use super::person::{Offer, Person, Tokens, tokens};
use crate::serving::Answer;

const PEOPLE: [&str; 3] = ["anna@example.org", "bert@example.org", "carla@example.org"];
const KILLS: usize = 8;
/// Assistants of each person whose tokens are on their way whenever a process is killed.
const AIMED: usize = 4;
/// What an answer may wait for while the other process is killed, beyond what the load alone costs.
const WAIT_MAX: Duration = Duration::from_secs(3);
/// What the assistant is called whose grants come and go.
const NAME: &str = "Comes and goes";
/// The tool that narrowing shows at, and others, so that no tool is asked for too often.
const TOOL: &str = "get_immunizations";
const TOOLS: [&str; 4] = ["get_labs", "get_visits", "get_vitals", "summarize_history"];

/// Somebody whose assistants are at work, and what became of it.
struct Watched<'a> {
    person: Person<'a>,
    /// An assistant that stays, with its present tokens.
    steady: Mutex<Tokens>,
    /// One that comes and goes.
    client: String,
    calls: Mutex<Calls>,
    courses: Mutex<Vec<Course>>,
    number: AtomicUsize,
}

/// Calls by the names under which they are found in the audit.
#[derive(Default)]
struct Calls {
    answered: Vec<String>,
    refused: Vec<String>,
    lost: Vec<String>,
}

/// What became of an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    NotTried,
    /// It was on its way when its process was killed.
    Lost,
    Done,
}

/// A grant from the yes to the end.
#[derive(Debug)]
struct Course {
    grant: String,
    connected: Fate,
    narrowed: Fate,
    ended: Fate,
    /// By which way it was to end.
    why: Why,
}

/// Says that it is over, also where something has failed: the others must not go on for ever.
struct Over<'a>(&'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[test]
fn a_process_that_is_killed_under_load_loses_nothing_acknowledged_and_the_other_goes_on() {
    let hosted = Hosted::on(&super::database());
    let watched = PEOPLE.map(|name| Watched::of(Person::joins(&hosted, name)));
    let mut aimed: Vec<Tokens> =
        watched.iter().flat_map(|watched| (0..AIMED).map(|_| watched.person.connects("Aimed"))).collect();
    let is_over = AtomicBool::new(false);
    let mut lost = 0;
    thread::scope(|scope| {
        for watched in &watched {
            for work in [Watched::calls, Watched::calls, Watched::renews, Watched::gives] {
                let is_over = &is_over;
                scope.spawn(move || {
                    let (random, _over) = (Randomness::system(), Over(is_over));
                    while !is_over.load(Ordering::Relaxed) {
                        work(watched, &random);
                    }
                });
            }
        }
        let _over = Over(&is_over);
        let random = Randomness::system();
        hosted.take_wait();
        pause(&random, 2_000..3_000);
        let quiet = hosted.take_wait();
        for _ in 0..KILLS {
            pause(&random, 500..1_500);
            let at = At::random(&random);
            lost += kill(&hosted, at, &mut aimed, &random);
            pause(&random, 0..500);
            hosted.start_anew(at);
        }
        pause(&random, 500..1_500);
        let wait = hosted.take_wait();
        assert!(wait < WAIT_MAX + quiet * 2, "{wait:?}; while none was killed {quiet:?}");
    });
    assert!(lost >= KILLS, "only {lost} tokens were on their way when a process was killed");
    for tokens in &aimed {
        let both = At::BOTH.map(|at| hosted.call(at, &tokens.access, TOOL, "at-the-end").unwrap().status);
        assert_eq!(both, [200, 200]);
    }
    watched.iter().for_each(Watched::is_whole);
    assert!(!hosted.log().contains("panicked"), "{}", hosted.log());
    let acts: usize = watched.iter().map(|watched| watched.lost()).sum();
    assert!(acts >= KILLS, "only {acts} acts and calls were on their way when a process was killed");
}

/// Kills a process while tokens are being renewed at it; how many got no answer. With the same refresh token each of
/// them goes on at the other one.
fn kill(hosted: &Hosted, at: At, aimed: &mut [Tokens], random: &Randomness) -> usize {
    let came: Vec<Came> = thread::scope(|scope| {
        let renewals: Vec<_> =
            aimed.iter().map(|tokens| scope.spawn(|| tokens.refreshes(hosted, at))).collect();
        pause(random, 0..100);
        hosted.kill(at);
        renewals.into_iter().map(|renewal| renewal.join().unwrap()).collect()
    });
    for (tokens, came) in aimed.iter_mut().zip(&came) {
        let answer = came.clone().unwrap_or_else(|| tokens.refreshes(hosted, at.other()).unwrap());
        *tokens = tokens.renewed(&answer);
    }
    came.iter().filter(|came| came.is_none()).count()
}

fn pause(random: &Randomness, ms: Range<u64>) {
    thread::sleep(Duration::from_millis(ms.start + below(random, ms.end - ms.start)));
}

impl Watched<'_> {
    fn of(person: Person<'_>) -> Watched<'_> {
        let (steady, client) = (Mutex::new(person.connects("Steady")), person.meets(NAME));
        let (calls, courses, number) = (Mutex::default(), Mutex::default(), AtomicUsize::new(0));
        Watched { person, steady, client, calls, courses, number }
    }

    /// Calls a tool, and notes what became of it.
    fn call(&self, at: At, access: &str, tool: &str) -> Came {
        let name = format!("call{}", self.number.fetch_add(1, Ordering::Relaxed));
        let came = self.person.hosted.call(at, access, tool, &name);
        let mut calls = self.calls.lock().unwrap();
        match &came {
            None => calls.lost.push(name),
            Some(answer) if is_refused(answer) => calls.refused.push(name),
            Some(_) => calls.answered.push(name),
        }
        came
    }

    /// Calls by the assistant that stays: they are let in.
    fn calls(&self, random: &Randomness) {
        let access = self.steady.lock().unwrap().access.clone();
        let tool = TOOLS[below(random, TOOLS.len() as u64) as usize];
        let came = self.call(At::random(random), &access, tool);
        assert!(came.is_none_or(|answer| answer.status == 200));
        pause(random, 0..30);
    }

    /// The assistant that stays renews its tokens. One whose answer was lost is used again, at the other process.
    fn renews(&self, random: &Randomness) {
        let (held, mut at) = (self.steady.lock().unwrap().clone(), At::random(random));
        let answer = loop {
            match held.refreshes(self.person.hosted, at) {
                Some(answer) => break answer,
                None => at = at.other(),
            }
        };
        let renewed = held.renewed(&answer);
        let came = self.call(at.other(), &renewed.access, TOOLS[0]);
        assert!(came.is_none_or(|answer| answer.status == 200));
        *self.steady.lock().unwrap() = renewed;
        // More often would be refused.
        thread::sleep(Duration::from_secs(4));
    }

    /// A grant is given, narrowed and ended.
    fn gives(&self, random: &Randomness) {
        let at = At::random(random);
        let Some(offer) = self.person.allows(at, &self.client) else { return };
        let why = if below(random, 2) == 0 { Why::GivenBack } else { Why::Disconnected };
        let (connected, narrowed, ended) = (Fate::NotTried, Fate::NotTried, Fate::NotTried);
        let mut course = Course { grant: offer.grant.clone(), connected, narrowed, ended, why };
        let _cut_short = self.goes(at, &offer, &mut course);
        self.courses.lock().unwrap().push(course);
    }

    /// The way of a grant, until an answer is lost: what one process does the other knows at once.
    fn goes(&self, at: At, offer: &Offer, course: &mut Course) -> Option<()> {
        let (person, other) = (&self.person, at.other());
        // Refused: the code is as good as before.
        assert_eq!(person.exchanges(other, offer, false)?.status, 400);
        course.connected = Fate::Lost;
        let tokens = tokens(&person.exchanges(at, offer, true)?, &offer.client, &offer.grant);
        course.connected = Fate::Done;
        assert!(self.total(other, &tokens)?.is_none_or(|total| total > 0));
        // Refused: the assistant is still connected.
        assert_eq!(person.disconnects(other, &tokens.grant, false)?.status, 403);
        course.narrowed = Fate::Lost;
        assert_eq!(person.narrows(at, &tokens.grant, &["labs"])?.status, 303);
        course.narrowed = Fate::Done;
        assert!(self.total(other, &tokens)?.is_none_or(|total| total == 0));
        course.ended = Fate::Lost;
        match course.why {
            Why::GivenBack => assert_eq!(tokens.gives_back(person.hosted, at)?.status, 200),
            _ => assert_eq!(person.disconnects(at, &tokens.grant, true)?.status, 303),
        }
        course.ended = Fate::Done;
        assert_eq!(self.call(other, &tokens.access, TOOL)?.status, 401);
        assert_eq!(tokens.refreshes(person.hosted, other)?.status, 400);
        Some(())
    }

    /// How many vaccines an assistant sees; not said where it has asked too often.
    fn total(&self, at: At, tokens: &Tokens) -> Option<Option<u64>> {
        let answer = self.call(at, &tokens.access, TOOL)?;
        assert_eq!(answer.status, 200, "{answer:?}");
        Some(answer.json()["result"]["structuredContent"]["total"].as_u64())
    }

    /// How much was on its way when a process was killed.
    fn lost(&self) -> usize {
        let is_lost =
            |course: &Course| [course.connected, course.narrowed, course.ended].contains(&Fate::Lost);
        let courses = self.courses.lock().unwrap();
        self.calls.lock().unwrap().lost.len() + courses.iter().filter(|course| is_lost(course)).count()
    }

    /// Each act stands in the chain as it stands in the rows, and what was acknowledged stands there.
    fn is_whole(&self) {
        let lines = audit::read(&self.person.rows, u64::MAX).unwrap();
        assert_eq!(audit::verify(&self.person.rows).unwrap(), lines.len() as u64);
        let mut told: HashMap<&str, usize> = HashMap::new();
        for line in &lines {
            // "Steady (call12 1), grant …"
            let name = line.event.who.split('(').nth(1).and_then(|name| name.split(' ').next());
            *told.entry(name.unwrap_or_default()).or_default() += 1;
        }
        let calls = self.calls.lock().unwrap();
        let lines_of = |name: &String| told.get(name.as_str()).copied().unwrap_or_default();
        assert!(calls.answered.iter().all(|name| lines_of(name) == 1), "an acknowledged call has no line");
        assert!(calls.refused.iter().all(|name| lines_of(name) == 0), "a refused call has a line");
        assert!(calls.lost.iter().all(|name| lines_of(name) <= 1), "a call has two lines");
        assert!(calls.answered.len() > 50, "only {} calls were answered", calls.answered.len());
        let acts: Vec<&str> = lines.iter().map(|line| line.event.tool.as_str()).collect();
        let courses = self.courses.lock().unwrap();
        assert!(courses.iter().any(|course| course.ended == Fate::Done), "{courses:?}");
        courses.iter().for_each(|course| self.course_is_whole(course, &acts));
        // No line without its grant, and no family ended because a token was taken for stolen.
        for given in acts.iter().filter(|act| act.starts_with("access_given")) {
            let (_, id) = given.rsplit_once(' ').unwrap();
            let grant = self.grant(id);
            let is_taken_for_stolen =
                matches!(grant.state, State::Ended { why: Why::CodeReused | Why::RefreshReused, .. });
            assert!(!is_taken_for_stolen, "{id}: {acts:?}");
            assert!(grant.is_connected() || grant.assistant.name == NAME, "{id}: {acts:?}");
        }
    }

    fn course_is_whole(&self, course: &Course, acts: &[&str]) {
        let grant = self.grant(&course.grant);
        let own = format!("{NAME} {}", course.grant);
        let told =
            |act: &str| acts.iter().filter(|line| line.starts_with(act) && line.ends_with(&own)).count();
        let is_done = |fate: Fate, times: usize| match fate {
            Fate::NotTried => times == 0,
            Fate::Lost => times <= 1,
            Fate::Done => times == 1,
        };
        let context = format!("{course:?}: {grant:?}");
        assert_eq!(told("access_given"), 1, "{context}");
        assert!(is_done(course.connected, told("access_connected")), "{context}");
        assert!(is_done(course.narrowed, told("access_changed")), "{context}");
        assert_eq!(told("access_changed") == 1, grant.scope.kinds == [Kind::Lab].into(), "{context}");
        let has_ended = match grant.state {
            State::Offered(_) => false,
            State::Connected { .. } => {
                assert_eq!(told("access_connected"), 1, "{context}");
                false
            }
            // What was cut short made room for what came later.
            State::Ended { why: Why::Replaced, .. } => {
                assert!(course.ended != Fate::Done, "{context}");
                assert_eq!(told("access_ended replaced"), 1, "{context}");
                return;
            }
            State::Ended { why, .. } => {
                assert_eq!(why, course.why, "{context}");
                true
            }
        };
        assert!(is_done(course.ended, usize::from(has_ended)), "{context}");
        assert_eq!(told("access_ended"), usize::from(has_ended), "{context}");
    }

    fn grant(&self, id: &str) -> Grant {
        let given = self.person.hosted.server.given(&self.person.rows, id).unwrap();
        given.unwrap_or_else(|| panic!("{id} is not there")).grant
    }
}

/// Whether nothing was answered: the token has ended, or it was asked too often. There is no third reason.
fn is_refused(answer: &Answer) -> bool {
    if answer.status == 200 && answer.json()["result"]["isError"] != true {
        return false;
    }
    let is_slowed = answer.status == 200 && answer.text().starts_with("Too many calls");
    assert!(is_slowed || answer.status == 401, "{answer:?}");
    true
}
