//! One fetch: everything that the portal has, compared with what is here; what it brings is on the disk before
//! it counts, and the record changes once, at the end.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::checkpoint::Place;
use super::hold::Hold;
use super::setting::Setting;
use super::staging::Staging;
use super::{Error, schedule, trouble};
use crate::ingest::{self, FromPortal, Report, Request};
use crate::record::{Fetched, Queried, QueryState, Text, Trouble};
use crate::sources::formats::packed::{self, Packed};
use crate::sources::smart::connection::{Connection, Fetch};
use crate::sources::smart::fetch::{self, Job, Kept, Page, Progress, Stop};
use crate::sources::smart::{plan, scopes, vendors};
use crate::sources::{self, FileFailure, Limits, Receiver};
use crate::store::records;

/// What a fetch that was cut off has kept is taken up again for so long; what is older is fetched anew.
const RESUME_S: i64 = 6 * 60 * 60;
/// The lease is renewed so often: well within its life.
const BEAT: Duration = Duration::from_millis(1_000);
/// A beat looks so often whether it is over.
const BEAT_LOOK: Duration = Duration::from_millis(20);

/// What a fetch did.
#[derive(Clone, Debug)]
pub struct Refreshed {
    /// What the source is called.
    pub name: String,
    /// What it brought.
    pub report: Report,
    /// What became of its queries.
    pub fetched: Fetched,
}

/// Fetches from a portal and brings the record up to date. What went wrong is noted at the connection and at
/// the source, so that every answer says so.
pub fn refresh(
    setting: &Setting,
    id: &str,
    progress: &(dyn Fn(Progress) + Sync),
    is_stopped: &(dyn Fn() -> bool + Sync),
) -> Result<Refreshed, Error> {
    let hold = Hold::take(setting, id)?;
    let is_over = AtomicBool::new(false);
    let is_lost = AtomicBool::new(false);
    let done = std::thread::scope(|scope| {
        scope.spawn(|| beat(&hold, &is_over, &is_lost));
        let ends = || is_stopped() || is_lost.load(Ordering::Relaxed);
        let done = run(setting, &hold, progress, &ends);
        is_over.store(true, Ordering::Relaxed);
        done
    });
    let name = hold.connection().name;
    if let Err(error) = &done
        && !matches!(error, Error::Stopped | Error::TakenOver)
    {
        let (at, why) = (setting.now(), error.to_string());
        let needs_sign_in = matches!(error, Error::SignInEnded(_));
        hold.update(|connection| connection.failed = Some((at, why.clone())))?;
        trouble::note(setting, id, &name, Trouble { at, why: why.into(), needs_sign_in })?;
    }
    match hold.release() {
        Err(Error::TakenOver) if done.is_err() => {}
        released => released?,
    }
    done
}

/// Renews the lease for as long as the work goes on.
fn beat(hold: &Hold<'_>, is_over: &AtomicBool, is_lost: &AtomicBool) {
    let mut waited = Duration::ZERO;
    while !is_over.load(Ordering::Relaxed) {
        std::thread::sleep(BEAT_LOOK);
        waited += BEAT_LOOK;
        if waited >= BEAT {
            waited = Duration::ZERO;
            if let Err(Error::TakenOver) = hold.update(|_| ()) {
                is_lost.store(true, Ordering::Relaxed);
                return;
            }
        }
    }
}

fn run(
    setting: &Setting,
    hold: &Hold<'_>,
    progress: &(dyn Fn(Progress) + Sync),
    is_stopped: &(dyn Fn() -> bool + Sync),
) -> Result<Refreshed, Error> {
    let begun = begin(setting, hold)?;
    let connection = hold.connection();
    let client = setting.client(&connection.base)?;
    let staging = Staging::open(&setting.rows, hold.id(), begun.number)?;
    let kept = Place::new(hold, &client, &staging, progress, is_stopped)?;
    let vendor = vendors::of_name(&connection.vendor);
    let job = Job {
        client: &client,
        base: &connection.base,
        patient: &connection.patient,
        vendor,
        queries: plan::queries(vendor),
        supported: (!connection.types.is_empty()).then(|| connection.types.iter().cloned().collect()),
        limits: fetch::Limits::default(),
        random: &setting.random,
    };
    let (queries, trouble) = match fetch::fetch(&job, &kept) {
        Ok(queries) => {
            let trouble = unanswered(setting, &queries);
            (queries, trouble)
        }
        Err(Stop::Asked) => return Err(Error::Stopped),
        Err(Stop::NotKept(_)) => return Err(kept.into_error()),
        Err(Stop::SignedOut(_)) => {
            // What came until then counts, and the rest is told as what it is.
            let error = kept.into_error();
            let ended = cut_off(&staging, &job)?;
            if ended.iter().all(|query| query.read == 0) {
                return Err(error);
            }
            let (at, needs_sign_in) = (setting.now(), matches!(error, Error::SignInEnded(_)));
            (ended, Some(Trouble { at, why: error.to_string().into(), needs_sign_in }))
        }
    };
    let fetched = fetched(setting, hold.id(), &connection, queries, trouble)?;
    let report = import(setting, hold.id(), &connection, &staging, &fetched)?;
    let at = setting.now();
    hold.update(|connection| {
        connection.fetch = None;
        if fetched.trouble.is_none() {
            connection.fetched_at = Some(at);
        }
        connection.failed = fetched.trouble.as_ref().map(|trouble| (trouble.at, trouble.why.to_string()));
    })?;
    staging.clear()?;
    schedule::next(setting, hold.id(), vendor, &fetched.queries)?;
    Ok(Refreshed { name: connection.name, report, fetched })
}

/// What is to be said of a fetch of which nothing was answered at all.
fn unanswered(setting: &Setting, queries: &[Queried]) -> Option<Trouble> {
    let is_unanswered = |query: &Queried| matches!(query.state, QueryState::Refused | QueryState::Failed);
    let first = queries.first().map(|query| &query.why)?;
    let is_all = queries.iter().all(is_unanswered);
    let why = format!("nothing of what was asked for was answered ({first})").into();
    is_all.then(|| Trouble { at: setting.now(), why, needs_sign_in: false })
}

/// The fetch that was cut off, or a new one.
fn begin(setting: &Setting, hold: &Hold<'_>) -> Result<Fetch, Error> {
    let now = setting.now();
    hold.update(|connection| connection.tried_at = Some(now))?;
    if let Some(fetch) = hold.connection().fetch {
        if now - fetch.began_at < RESUME_S {
            return Ok(fetch);
        }
        Staging::open(&setting.rows, hold.id(), fetch.number)?.clear()?;
    }
    let number = hold.connection().fetches + 1;
    let fetch = Fetch { number, began_at: now };
    hold.update(|connection| {
        connection.fetches = number;
        connection.fetch = Some(fetch.clone());
    })?;
    Ok(fetch)
}

/// How the queries stood when the access ended: those that had not ended have failed.
fn cut_off(staging: &Staging<'_>, job: &Job<'_>) -> Result<Vec<Queried>, Error> {
    let mut ended: Vec<Queried> = Vec::new();
    let mut read: Vec<(Text, u32)> = Vec::new();
    for row in staging.read()? {
        for kept in row? {
            match kept {
                Kept::Ended(query) => ended.push(query),
                Kept::Page(page) => read.push((page.mark.query, page.mark.read)),
            }
        }
    }
    for query in &job.queries {
        if ended.iter().all(|known| known.id != query.id) {
            let came: u32 = read.iter().filter(|(id, _)| *id == query.id).map(|(_, read)| read).sum();
            ended.push(Queried {
                id: query.id.into(),
                asks_for: query.resource.into(),
                name: query.name.into(),
                state: QueryState::Failed,
                why: "the sign-in ended before it was asked to its end".into(),
                read: came,
                has_brought: came > 0,
            });
        }
    }
    Ok(ended)
}

/// What became of the fetch; what a query brought at any time before counts on.
fn fetched(
    setting: &Setting,
    id: &str,
    connection: &Connection,
    mut queries: Vec<Queried>,
    trouble: Option<Trouble>,
) -> Result<Fetched, Error> {
    let record = records::open(&setting.rows)?.record;
    let before =
        record.sources.iter().find(|source| source.id == id).and_then(|source| source.fetched.as_ref());
    for query in &mut queries {
        let earlier = before.and_then(|fetched| fetched.queries.iter().find(|known| known.id == query.id));
        // A server may leave out in silence what a scope does not cover (SMART App Launch 2.2.0): then nothing
        // is no word about what it has.
        if query.state == QueryState::Empty
            && let Some(why) = scopes::not_covered(&connection.not_granted, &query.asks_for)
        {
            (query.state, query.why) = (QueryState::Refused, why.into());
        }
        query.has_brought = query.read > 0 || earlier.is_some_and(|earlier| earlier.has_brought);
    }
    Ok(Fetched {
        at: setting.now(),
        queries,
        not_granted: connection.not_granted.iter().map(|scope| scope.as_str().into()).collect(),
        acts_as: connection.acts_as.as_deref().map(Text::from),
        trouble,
    })
}

/// Imports the pages. Where another writer is first they are read once more.
fn import(
    setting: &Setting,
    id: &str,
    connection: &Connection,
    staging: &Staging<'_>,
    fetched: &Fetched,
) -> Result<Report, Error> {
    let request = Request {
        patient: Some(connection.patient.clone()),
        is_same_person: connection.is_same_person,
        at: setting.now(),
        limits: Limits::default(),
        portal: Some(FromPortal {
            id: id.into(),
            name: connection.name.as_str().into(),
            fetched: fetched.clone(),
        }),
        ..Request::default()
    };
    let name = |query: &str| {
        let known = fetched.queries.iter().find(|known| known.id == query);
        known.map_or("the portal", |known| known.name.as_str())
    };
    let broken = Mutex::new(None);
    let read = |receiver: &mut dyn Receiver| -> Result<Vec<FileFailure>, sources::Error> {
        let unavailable = |error| {
            *broken.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
            sources::Error::Unavailable
        };
        let mut rows = staging.read().map_err(unavailable)?;
        let mut waiting = Vec::new().into_iter();
        packed::read(&request.limits, receiver, || {
            loop {
                match waiting.next() {
                    Some(Kept::Page(Page { mark, packed })) => {
                        return Ok(Some(Packed { file: name(&mark.query).to_owned(), bytes: packed }));
                    }
                    Some(Kept::Ended(_)) => {}
                    None => match rows.next().transpose().map_err(unavailable)? {
                        Some(row) => waiting = row.into_iter(),
                        None => return Ok(None),
                    },
                }
            }
        })
    };
    let imported = ingest::import_from(&setting.rows, &request, &mut |_| (), read);
    imported.map_err(|error| match broken.into_inner().unwrap_or_else(PoisonError::into_inner) {
        Some(broken) => Error::Store(broken),
        None => error.into(),
    })
}
