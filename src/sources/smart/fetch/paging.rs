//! Follows one query from page to page, to its end or to the line that says why not.

use std::collections::HashSet;

use url::Url;

use super::address::{self, Next};
use super::ask::{Answer, Answered, FHIR, Question};
use super::cut::{self, Bundle, Held, Member};
use super::hand::Hand;
use super::mark::Place;
use super::notices::Heard;
use super::scan;
use super::workers::Fetch;
use super::{Job, Mark, Page, Stop, words};
use crate::record::{Queried, QueryState, Text};
use crate::sources::formats::packed::Packer;

/// The id of the query that reads the person.
const PATIENT: &str = "patient";

/// A query of the plan, as it is asked.
#[derive(Debug)]
pub struct Task {
    /// Its id.
    pub id: Text,
    /// The type that it asks for.
    pub kind: Text,
    /// What a person calls that.
    pub name: Text,
    /// The address of its first page.
    first: Url,
    /// Whether it reads the one Patient.
    is_patient: bool,
}

/// The Patient, and the plan after it.
pub fn tasks(job: &Job<'_>) -> Vec<Task> {
    let patient = Task {
        id: PATIENT.into(),
        kind: "Patient".into(),
        name: "the person".into(),
        first: address::below(job.base, &["Patient", job.patient]),
        is_patient: true,
    };
    let count = job.vendor.page_size.to_string();
    let plan = job.queries.iter().map(|query| {
        let mut first = address::below(job.base, &[query.resource]);
        first.query_pairs_mut().append_pair("patient", job.patient);
        for (name, value) in &query.parameters {
            first.query_pairs_mut().append_pair(name, value);
        }
        first.query_pairs_mut().append_pair("_count", &count);
        let (id, kind, name) = (query.id.into(), query.resource.into(), query.name.into());
        Task { id, kind, name, first, is_patient: false }
    });
    std::iter::once(patient).chain(plan).collect()
}

/// A query under way.
struct Following<'a> {
    fetch: &'a Fetch<'a>,
    task: &'a Task,
    hand: &'a Hand<'a>,
    place: Place,
    /// Links of this round, so that a ring is seen.
    links: HashSet<Url>,
    /// True while the link is one of an earlier run: the server may hold it no longer.
    is_resumed: bool,
}

/// Why a query ends before its last page.
type End = (QueryState, Text);

/// What comes after a page.
enum Step {
    Next(Url),
    Again,
    Last,
    End(End),
}

/// Follows a query, and hands over its pages and how it ended.
pub fn follow(fetch: &Fetch<'_>, task: &Task, hand: &Hand<'_>) -> Result<(), Stop> {
    if let Some(ended) = fetch.begun.ended(&task.id) {
        fetch.remember(ended.clone());
        return Ok(());
    }
    let mut following = Following {
        fetch,
        task,
        hand,
        place: fetch.begun.place(&task.id).unwrap_or_default(),
        links: HashSet::new(),
        is_resumed: false,
    };
    let end = following.reach_the_end()?;
    hand.ended(following.outcome(end))
}

impl Following<'_> {
    fn reach_the_end(&mut self) -> Result<Option<End>, Stop> {
        let supported = self.fetch.job.supported.as_ref();
        if supported.is_some_and(|supported| !supported.contains(self.task.kind.as_str())) {
            return Ok(Some((QueryState::Refused, words::NOT_OFFERED.into())));
        }
        let mut url = self.task.first.clone();
        if self.place.pages > 0 {
            // What was kept after the last page is a query that had come to its end.
            let Some(next) = self.place.next.take() else { return Ok(None) };
            match next.parse() {
                Ok(next) => (url, self.is_resumed) = (next, true),
                Err(_) => self.begin_again(),
            }
        }
        loop {
            if let Some(end) = self.limit() {
                return Ok(Some(end));
            }
            self.links.insert(url.clone());
            match self.page(&url)? {
                Step::Next(next) => url = next,
                Step::Again if self.place.round == 0 => {
                    self.begin_again();
                    url = self.task.first.clone();
                }
                Step::Again => return Ok(Some((QueryState::Failed, words::EXPIRED.into()))),
                Step::Last => return Ok(None),
                Step::End(end) => return Ok(Some(end)),
            }
        }
    }

    fn begin_again(&mut self) {
        self.place = Place { number: self.place.number, round: 1, ..Place::default() };
        self.links.clear();
        self.is_resumed = false;
    }

    /// The words where no further page may be asked for.
    fn limit(&self) -> Option<End> {
        let limits = &self.fetch.job.limits;
        let Place { pages, read, bytes, .. } = self.place;
        let why = match () {
            () if self.fetch.is_full() => words::FULL.into(),
            () if pages >= limits.pages_max => words::more_than(pages.into(), "pages"),
            () if read >= limits.resources_max => words::more_than(read.into(), "entries"),
            () if bytes >= limits.bytes_max => words::more_than(bytes >> 20, "MB"),
            () => return None,
        };
        Some((QueryState::Failed, why))
    }

    fn page(&mut self, url: &Url) -> Result<Step, Stop> {
        let bytes_max = self.fetch.job.limits.page_bytes_max;
        match self.fetch.ask(Question { url, accept: FHIR, bytes_max })? {
            Answered::Well(answer) => self.take(&answer),
            Answered::Failed(why) => Ok(Step::End((QueryState::Failed, why))),
            Answered::Refused { status, body } => {
                let is_later = self.place.pages > 0;
                let said = str::from_utf8(&body).unwrap_or_default();
                let heard = Heard::of(&[said], self.fetch.job.vendor);
                if is_later && (heard.is_expired || self.is_resumed || matches!(status, 404 | 410)) {
                    return Ok(Step::Again);
                }
                Ok(Step::End((QueryState::Refused, words::refused(status))))
            }
        }
    }

    /// Takes a page, and says what comes after it.
    fn take(&mut self, answer: &Answer) -> Result<Step, Stop> {
        let failed = |why: &str| Ok(Step::End((QueryState::Failed, why.into())));
        let held = cut::text_of(answer).and_then(cut::cut);
        let bundle = match held {
            Err(why) => return failed(why),
            Ok(Held::Bundle(_)) if self.task.is_patient => return failed(words::NO_PATIENT),
            Ok(Held::Bundle(bundle)) => bundle,
            Ok(Held::Resource { kind, text }) if kind == "OperationOutcome" => {
                return Ok(self.notice(&Heard::of(&[text], self.fetch.job.vendor)));
            }
            Ok(Held::Resource { kind, text }) if self.task.is_patient => {
                let is_other = cut::id_of(text).is_some_and(|id| id != self.fetch.job.patient);
                if kind != "Patient" || is_other {
                    return failed(words::NO_PATIENT);
                }
                let member = Member { full_url: None, kind, text, is_resource: true };
                Bundle { entries: vec![member], ..Bundle::default() }
            }
            Ok(Held::Resource { .. }) => return failed(words::NO_BUNDLE),
        };
        let heard = Heard::of(&bundle.outcomes, self.fetch.job.vendor);
        if heard.is_expired && self.place.pages > 0 {
            return Ok(Step::Again);
        }
        let step = self.step_after(&bundle, &answer.url);
        let next = match &step {
            Step::Next(next) => Some(next.to_string()),
            _ => None,
        };
        self.hand_over(&bundle, answer.bytes.len(), heard, next)?;
        Ok(step)
    }

    /// What follows where a notice came in place of a bundle.
    fn notice(&self, heard: &Heard) -> Step {
        if heard.is_expired && self.place.pages > 0 {
            return Step::Again;
        }
        if heard.is_nothing && heard.held_back.is_none() {
            return Step::Last;
        }
        let why = heard.held_back.clone().unwrap_or_else(|| words::ONLY_NOTICE.into());
        Step::End((QueryState::Refused, why))
    }

    fn step_after(&self, bundle: &Bundle<'_>, at: &Url) -> Step {
        let Some(written) = &bundle.next else { return Step::Last };
        let end = |why: &str| Step::End((QueryState::Partial, why.into()));
        match address::next(self.fetch.job.base, at, written) {
            Next::Here(next) if self.links.contains(&next) => end(words::RING),
            Next::Here(next) => Step::Next(next),
            Next::Elsewhere => end(words::FOREIGN),
            Next::Nowhere => end(words::NO_ADDRESS),
        }
    }

    fn hand_over(
        &mut self,
        bundle: &Bundle<'_>,
        bytes: usize,
        heard: Heard,
        next: Option<String>,
    ) -> Result<(), Stop> {
        let found = scan::page(self.fetch.job.base, &bundle.entries);
        let texts: Vec<&str> = bundle.entries.iter().map(|member| member.text).collect();
        let are_new = self.fetch.brought.are_new(&texts);
        let mut packer = Packer::with_room(bytes);
        for (member, _) in bundle.entries.iter().zip(are_new).filter(|(_, is_new)| *is_new) {
            match member.is_resource {
                true => packer.add(member.full_url, member.text),
                false => packer.add_other(member.text),
            }
        }
        let read = bundle.entries.iter().filter(|member| member.is_resource).count();
        let mark = Mark {
            query: self.task.id.clone(),
            number: self.place.number,
            round: self.place.round,
            next,
            read: u32::try_from(read).unwrap_or(u32::MAX),
            bytes: bytes as u64,
            held_back: heard.held_back.or_else(|| self.oddity(&bundle.entries)),
            named: self.fetch.brought.note(&found),
            brought: found.brought,
        };
        self.place.number += 1;
        self.place.pages += 1;
        self.place.read = self.place.read.saturating_add(mark.read);
        self.place.bytes += mark.bytes;
        if self.place.held_back.is_none() {
            self.place.held_back.clone_from(&mark.held_back);
        }
        self.is_resumed = false;
        self.fetch.count(&mark);
        self.hand.page(Page { mark, packed: packer.finish() })
    }

    /// Why a page that came cannot be all that was asked for: what is missing in it may be there.
    fn oddity(&self, entries: &[Member<'_>]) -> Option<Text> {
        if entries.iter().any(|member| !member.is_resource) {
            return Some(words::UNREADABLE.into());
        }
        let is_other = !entries.is_empty() && entries.iter().all(|member| member.kind != *self.task.kind);
        is_other.then(|| words::ANOTHER_TYPE.into())
    }

    /// How it ended: with what came, a refusal or a failure is a part.
    fn outcome(&self, end: Option<End>) -> Queried {
        let read = self.place.read;
        let (state, why) = match (end, &self.place.held_back) {
            (Some((_, why)), _) if read > 0 => (QueryState::Partial, why),
            (Some(end), _) => end,
            (None, Some(held_back)) => (QueryState::Partial, held_back.clone()),
            (None, None) if read > 0 => (QueryState::Whole, "".into()),
            (None, None) => (QueryState::Empty, "".into()),
        };
        let Task { id, kind, name, .. } = self.task;
        let (id, asks_for, name) = (id.clone(), kind.clone(), name.clone());
        Queried { id, asks_for, name, state, why, read, has_brought: read > 0 }
    }
}
