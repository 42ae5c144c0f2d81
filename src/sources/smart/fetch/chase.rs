//! Reads singly what entries name and no query brought: clinicians, places, medicines, the bytes of documents.
//!
//! A failure here is counted, and never one of the whole.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

use url::Url;

use super::ask::{Answer, Answered, DOCUMENT, FHIR, Question};
use super::cut::{self, Held, Member};
use super::hand::Hand;
use super::scan::{self, BYTES, CHASED, Found};
use super::workers::Fetch;
use super::{Mark, Page, Stop, address, chase_id, document, words};
use crate::record::{Queried, QueryState, Text};
use crate::sources::formats::packed::Packer;

/// What is read by one thread and kept as one page.
const BATCH: usize = 20;
/// A page is kept before it grows larger.
const PAGE_BYTES: usize = 4 << 20;
/// So many refusals with nothing in between: all of the type is refused.
const REFUSALS_MAX: u32 = 3;

/// What became of what was named of one type.
#[derive(Default)]
struct Tally {
    number: AtomicU32,
    named: AtomicU32,
    read: AtomicU32,
    refused: AtomicU32,
    missed: AtomicU32,
    why: Mutex<Option<Text>>,
}

/// Why one was not read, and where that is counted.
type Miss = (fn(&Tally) -> &AtomicU32, Text);

/// Some of one type.
struct Batch<'a> {
    kind: &'static str,
    tally: &'a Tally,
    named: Vec<String>,
}

/// Reads what was named, and what that names, to the depth of the limits.
pub fn chase(fetch: &Fetch<'_>) -> Result<(), Stop> {
    let tallies: BTreeMap<&str, Tally> =
        CHASED.iter().map(|(kind, _)| (*kind, Tally::begun(fetch, kind))).collect();
    let mut asked = HashSet::new();
    for _ in 0..fetch.job.limits.depth_max {
        let open: Vec<String> =
            fetch.brought.open().into_iter().filter(|named| asked.insert(named.clone())).collect();
        if open.is_empty() {
            break;
        }
        let batches = batches(fetch, open, &tallies);
        fetch.run(&batches, |batch, hand| batch.read(fetch, hand))?;
    }
    let too_deep: Vec<String> =
        fetch.brought.open().into_iter().filter(|named| !asked.contains(named)).collect();
    let mut chased = Vec::new();
    for (kind, name) in CHASED {
        let left = too_deep.iter().filter(|named| scan::kind_of(named) == kind).count();
        let left = if is_known_whole(fetch, kind) { 0 } else { left };
        if let Some(tally) = tallies.get(kind)
            && let Some(queried) = tally.outcome(fetch, kind, name, left)
        {
            chased.push(queried);
        }
    }
    fetch.keep_chased(chased)
}

fn batches<'a>(
    fetch: &Fetch<'_>,
    open: Vec<String>,
    tallies: &'a BTreeMap<&'static str, Tally>,
) -> Vec<Batch<'a>> {
    let mut of_kind: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
    for named in open {
        of_kind.entry(scan::kind_of(&named)).or_default().push(named);
    }
    let mut batches = Vec::new();
    for (kind, named) in of_kind {
        let Some(tally) = tallies.get(kind).filter(|_| !is_known_whole(fetch, kind)) else { continue };
        tally.named.fetch_add(named.len() as u32, Ordering::Relaxed);
        fetch.expect(named.len());
        batches.extend(named.chunks(BATCH).map(|named| Batch { kind, tally, named: named.to_vec() }));
    }
    batches
}

/// True where a query of the plan has brought all there is of a type: what is missing then is not there.
fn is_known_whole(fetch: &Fetch<'_>, kind: &str) -> bool {
    let mut of_kind = fetch.job.queries.iter().filter(|query| query.resource == kind).peekable();
    let is_whole = |id: &str| fetch.outcome(id).is_some_and(|queried| queried.state.is_complete());
    of_kind.peek().is_some() && of_kind.all(|query| is_whole(query.id))
}

impl Batch<'_> {
    fn read(&self, fetch: &Fetch<'_>, hand: &Hand<'_>) -> Result<(), Stop> {
        let mut page = Collected::new();
        for named in &self.named {
            fetch.go_on()?;
            match self.read_one(fetch, named)? {
                Ok(resource) => {
                    self.tally.read.fetch_add(1, Ordering::Relaxed);
                    page.add(fetch.job.base, named, &resource);
                }
                Err(miss) => self.tally.miss(miss),
            }
            fetch.count_done();
            if page.packer.size() > PAGE_BYTES {
                std::mem::replace(&mut page, Collected::new()).hand_over(self, fetch, hand)?;
            }
        }
        page.hand_over(self, fetch, hand)
    }

    /// One resource, as it came or as its bytes were wrapped; else why not.
    fn read_one(&self, fetch: &Fetch<'_>, named: &str) -> Result<Result<String, Miss>, Stop> {
        let job = fetch.job;
        let is_document = self.kind == BYTES;
        let is_offered = |kind: &str| job.supported.as_ref().is_none_or(|all| all.contains(kind));
        if !is_document && !is_offered(self.kind) {
            return Ok(Err((refused, words::NOT_OFFERED.into())));
        }
        if let Some(why) = self.tally.gave_up() {
            return Ok(Err((refused, why)));
        }
        if fetch.is_full() {
            return Ok(Err((missed, words::FULL.into())));
        }
        let Some(url) = url_of(job.base, named) else {
            return Ok(Err((missed, words::NO_ADDRESS.into())));
        };
        let accept = if is_document { DOCUMENT } else { FHIR };
        let bytes_max = if is_document { job.limits.document_bytes_max } else { job.limits.page_bytes_max };
        let failed = |why: &str| -> Miss { (missed, why.into()) };
        Ok(match fetch.ask(Question { url: &url, accept, bytes_max })? {
            Answered::Well(answer) if is_document => bytes_of(&url, named, &answer).map_err(failed),
            Answered::Well(answer) => resource_of(self.kind, &answer).map_err(failed),
            Answered::Refused { status: 404 | 410, .. } => Err((missed, words::GONE.into())),
            Answered::Refused { status, .. } => Err((refused, words::refused(status))),
            Answered::Failed(why) => Err((missed, why)),
        })
    }
}

fn missed(tally: &Tally) -> &AtomicU32 {
    &tally.missed
}

fn refused(tally: &Tally) -> &AtomicU32 {
    &tally.refused
}

fn url_of(base: &Url, named: &str) -> Option<Url> {
    match named.split_once('/') {
        Some((kind, id)) if !id.contains('/') && CHASED.iter().any(|(chased, _)| *chased == kind) => {
            Some(address::below(base, &[kind, id]))
        }
        _ => address::document(base, named),
    }
}

/// The resource in an answer, where it is of the type that was asked for.
fn resource_of(kind: &str, answer: &Answer) -> Result<String, &'static str> {
    let text = cut::text_of(answer)?;
    match cut::cut(text)? {
        Held::Resource { kind: own, text } if own == kind => Ok(text.to_owned()),
        _ => Err(words::ANOTHER_TYPE),
    }
}

/// The document in an answer: a Binary, or the bytes themselves.
fn bytes_of(url: &Url, named: &str, answer: &Answer) -> Result<String, &'static str> {
    // A page to sign in at is no document; the way there leads over another address.
    if answer.media_type == "text/html" && answer.url != *url {
        return Err(words::WEB_PAGE);
    }
    if answer.media_type.contains("json")
        && let Ok(Held::Resource { kind, text }) = cut::text_of(answer).and_then(cut::cut)
    {
        match &*kind {
            BYTES => return Ok(text.to_owned()),
            "OperationOutcome" => return Err(words::ONLY_NOTICE),
            _ => {}
        }
    }
    Ok(document::wrapped(named, answer.content_type.as_deref(), &answer.bytes))
}

/// What a batch has read, until it is kept.
struct Collected {
    packer: Packer,
    found: Found,
    read: u32,
    bytes: u64,
}

impl Collected {
    fn new() -> Collected {
        Collected { packer: Packer::default(), found: Found::default(), read: 0, bytes: 0 }
    }

    fn add(&mut self, base: &Url, named: &str, resource: &str) {
        let kind = cut::kind_of(resource).unwrap_or_default();
        let full_url = address::below(base, &named.split('/').collect::<Vec<_>>());
        let full_url = serde_json::Value::from(full_url.as_str()).to_string();
        // The address of a document is its id already.
        let is_reference = scan::kind_of(named) != BYTES || named.starts_with("Binary/");
        let full_url = is_reference.then_some(full_url.as_str());
        let member = Member { full_url, kind: Cow::Borrowed(&kind), text: resource, is_resource: true };
        self.packer.add(full_url, resource);
        self.found.add(base, &member);
        self.found.brought.push(named.to_owned());
        self.read += 1;
        self.bytes += resource.len() as u64;
    }

    fn hand_over(self, batch: &Batch<'_>, fetch: &Fetch<'_>, hand: &Hand<'_>) -> Result<(), Stop> {
        if self.read == 0 {
            return Ok(());
        }
        let mark = Mark {
            query: chase_id(batch.kind),
            number: batch.tally.number.fetch_add(1, Ordering::Relaxed),
            read: self.read,
            bytes: self.bytes,
            named: fetch.brought.note(&self.found),
            brought: self.found.brought,
            ..Mark::default()
        };
        fetch.count(&mark);
        hand.page(Page { mark, packed: self.packer.finish() })
    }
}

impl Tally {
    /// With what an earlier run has read.
    fn begun(fetch: &Fetch<'_>, kind: &str) -> Tally {
        let place = fetch.begun.place(&chase_id(kind)).unwrap_or_default();
        Tally {
            number: place.number.into(),
            named: place.read.into(),
            read: place.read.into(),
            ..Tally::default()
        }
    }

    fn miss(&self, (count, why): Miss) {
        count(self).fetch_add(1, Ordering::Relaxed);
        self.why.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(why);
    }

    /// Why nothing more of this type is asked for.
    fn gave_up(&self) -> Option<Text> {
        let is_refused =
            self.refused.load(Ordering::Relaxed) >= REFUSALS_MAX && self.read.load(Ordering::Relaxed) == 0;
        is_refused.then(|| self.why()).flatten()
    }

    fn why(&self) -> Option<Text> {
        self.why.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How it ended; `None` where nothing of the type was named. It asks for no type of the plan: what it
    /// did not bring may be there.
    fn outcome(&self, fetch: &Fetch<'_>, kind: &str, name: &str, left: usize) -> Option<Queried> {
        let load = |count: &AtomicU32| count.load(Ordering::Relaxed);
        let (named, read) = (load(&self.named) as usize + left, load(&self.read));
        let elsewhere = if kind == BYTES { fetch.brought.elsewhere() } else { 0 };
        let too_many = fetch.brought.left_out(kind);
        if named + elsewhere + too_many == 0 {
            return None;
        }
        let unread = named.saturating_sub(read as usize);
        let mut parts = Vec::new();
        if unread > 0 {
            let why = self.why().or_else(|| (left > 0).then(|| words::TOO_FAR.into()));
            let why = why.map_or_else(String::new, |why| format!(": {why}"));
            parts.push(format!("{unread} of {named} could not be had{why}"));
        }
        if elsewhere > 0 {
            parts.push(format!("{elsewhere} lie on another server, which is not asked"));
        }
        if too_many > 0 {
            parts.push(format!("entries name more than {} things", fetch.job.limits.references_max));
        }
        let state = match () {
            () if parts.is_empty() => QueryState::Whole,
            () if read > 0 => QueryState::Partial,
            () if load(&self.refused) as usize == unread => QueryState::Refused,
            () => QueryState::Failed,
        };
        let id = chase_id(kind);
        let why = parts.join("; ").into();
        Some(Queried { asks_for: id.clone(), id, name: name.into(), state, why, read, has_brought: read > 0 })
    }
}
