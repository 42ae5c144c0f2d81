//! One question to the server, asked again where that may help.

use std::time::{Duration, Instant};

use url::Url;

use super::pace::Turn;
use super::workers::Fetch;
use super::{Stop, retry_after, words};
use crate::http::{Limits, Request, Response};
use crate::record::Text;
use crate::secret::Secret;

/// What JSON is asked for as.
pub const FHIR: &str = "application/fhir+json";
/// A document comes as it is where the server does not wrap it.
pub const DOCUMENT: &str = "application/fhir+json, */*;q=0.5";
/// Bytes of a refusal that are read, for its codes.
const REFUSAL_BYTES_MAX: u64 = 256 << 10;
/// How finely a wait looks whether somebody wants the fetch to end.
const SLICE: Duration = Duration::from_millis(50);

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The address.
    pub url: &'a Url,
    /// The `Accept` header.
    pub accept: &'static str,
    /// Bytes of the answer.
    pub bytes_max: u64,
}

/// What came of a question.
#[derive(Debug)]
pub enum Answered {
    /// An answer with a status of success.
    Well(Answer),
    /// The server does not answer this, or not to us.
    Refused {
        /// The status.
        status: u16,
        /// The beginning of what it says about it.
        body: Vec<u8>,
    },
    /// It could not be had, in words for the person.
    Failed(Text),
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    /// The address that answered.
    pub url: Url,
    /// The media type, as it was written.
    pub content_type: Option<String>,
    /// The media type alone, in small letters.
    pub media_type: String,
    /// The body.
    pub bytes: Vec<u8>,
}

/// One try.
enum Tried {
    Done(Answered),
    /// The token may have run out.
    Unauthorized(Vec<u8>),
    /// The server wants to be left alone, for so long where it says.
    Wait(Option<Duration>, Text),
    /// It may go well another time: the server failed.
    Again(Text),
    /// It may go well another time: the server did not answer.
    Silent(Text),
}

impl Fetch<'_> {
    /// Asks, waits and asks again, and gives what came of it in the end.
    pub fn ask(&self, question: Question<'_>) -> Result<Answered, Stop> {
        let limits = &self.job.limits;
        let mut token = self.checkpoint.token(None)?;
        let mut is_renewed = false;
        let mut tries = 0;
        loop {
            if let Some(why) = self.wait_for_turn()? {
                return Ok(Answered::Failed(why));
            }
            let mut pause = Duration::ZERO;
            let (why, is_answered) = match self.try_once(question, &token) {
                Tried::Done(answered) => {
                    self.pace.answered();
                    return Ok(answered);
                }
                Tried::Unauthorized(body) => {
                    self.pace.answered();
                    match self.renewed(&token)?.filter(|_| !is_renewed) {
                        Some(new) => (token, is_renewed) = (new, true),
                        None => return Ok(Answered::Refused { status: 401, body }),
                    }
                    continue;
                }
                Tried::Wait(Some(wait), _) if wait.as_millis() > u128::from(limits.wait_max_ms) => {
                    self.pace.unanswered();
                    return Ok(Answered::Failed(words::wait_of(wait.as_secs())));
                }
                Tried::Wait(wait, why) => {
                    pause = wait.unwrap_or_else(|| self.back_off(tries));
                    self.pace.hold(Instant::now() + pause);
                    (why, false)
                }
                Tried::Again(why) => (why, true),
                Tried::Silent(why) => (why, false),
            };
            tries += 1;
            if tries >= limits.tries_max {
                if is_answered {
                    self.pace.answered();
                } else {
                    self.pace.unanswered();
                }
                return Ok(Answered::Failed(why));
            }
            // Not all threads at once when the wait is over.
            self.sleep_until(Instant::now() + pause + self.back_off(tries - 1))?;
            token = self.checkpoint.token(None)?;
        }
    }

    fn try_once(&self, question: Question<'_>, token: &Secret<String>) -> Tried {
        let limits = Limits { bytes_max: question.bytes_max, timeout_ms: self.job.limits.request_ms };
        let request = Request { accept: question.accept, limits, ..Request::get(question.url.clone()) };
        let answered = match self.job.client.send(&request.bearing(token)) {
            Ok(answered) => answered,
            Err(error) if error.may_pass() => return Tried::Silent(error.to_string().into()),
            Err(error) => return Tried::Done(Answered::Failed(error.to_string().into())),
        };
        let status = answered.status;
        match status {
            // Entries of another server are not the portal's, though it sends on there. Documents may lie apart.
            200..=299 if question.accept == FHIR && answered.url.origin() != question.url.origin() => {
                Tried::Done(Answered::Failed(words::SENT_ON.into()))
            }
            200..=299 => read(answered),
            401 => Tried::Unauthorized(beginning(answered)),
            429 | 503 => Tried::Wait(retry_after::of(&answered), words::ALWAYS_WAIT.into()),
            408 => Tried::Again(words::failed(status)),
            501 => Tried::Done(Answered::Refused { status, body: beginning(answered) }),
            500.. if !self.job.vendor.refused_status.contains(&status) => Tried::Again(words::failed(status)),
            _ => Tried::Done(Answered::Refused { status, body: beginning(answered) }),
        }
    }

    /// Waits until it is this request's turn; the words where it will never be.
    fn wait_for_turn(&self) -> Result<Option<Text>, Stop> {
        loop {
            let now = Instant::now();
            if now >= self.until {
                return Ok(Some(words::TOO_LONG.into()));
            }
            match self.pace.turn(now) {
                Turn::Now => return self.go_on().map(|()| None),
                Turn::Never => return Ok(Some(words::GIVEN_UP.into())),
                Turn::Later(then) => self.sleep_until(then)?,
            }
        }
    }

    /// Waits, unless somebody wants the fetch to end or its time is over.
    fn sleep_until(&self, then: Instant) -> Result<(), Stop> {
        let then = then.min(self.until);
        loop {
            self.go_on()?;
            let left = then.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(());
            }
            std::thread::sleep(left.min(SLICE));
        }
    }

    /// The wait after a failed try: it doubles, and is not the same for everybody.
    fn back_off(&self, tries: u32) -> Duration {
        let mut random = [0; 2];
        self.job.random.fill(&mut random);
        let whole = self.job.limits.back_off_ms.saturating_mul(1 << tries.min(16));
        let whole = whole.min(self.job.limits.wait_max_ms);
        Duration::from_millis(whole / 2 + whole * u64::from(u16::from_le_bytes(random)) / (1 << 16))
    }
}

fn read(answered: Response) -> Tried {
    let (url, media_type) = (answered.url.clone(), answered.media_type());
    let content_type = answered.header("content-type").map(str::to_owned);
    match answered.bytes() {
        Ok(bytes) => Tried::Done(Answered::Well(Answer { url, content_type, media_type, bytes })),
        Err(error) if error.may_pass() => Tried::Silent(error.to_string().into()),
        Err(error) => Tried::Done(Answered::Failed(error.to_string().into())),
    }
}

/// As much of a refusal as its codes may stand in; a broken one says nothing.
fn beginning(answered: Response) -> Vec<u8> {
    use std::io::Read as _;
    let mut bytes = Vec::new();
    match answered.body().take(REFUSAL_BYTES_MAX).read_to_end(&mut bytes) {
        Ok(_) => bytes,
        Err(_) => Vec::new(),
    }
}
