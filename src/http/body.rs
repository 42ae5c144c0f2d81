//! The body of an answer: read as it comes, and never longer or slower than was allowed.

use std::fmt;
use std::io::{self, Read};
use std::time::Instant;

use super::error::Error;

/// Room is made for so much before it has come: what a server tells of may never come.
const ROOM_BYTES_MAX: u64 = 1 << 20;

/// A body under its limits.
pub struct Body {
    inner: Box<dyn Read + Send>,
    /// How many bytes the server has told of: room for them, and no more than that.
    told: u64,
    left: u64,
    bytes_max: u64,
    until: Instant,
}

/// Why reading was stopped; [`Error::of_reading`] finds it again.
#[derive(Clone, Copy, Debug, thiserror::Error)]
pub(super) enum Stopped {
    #[error("the answer is longer than {0} bytes")]
    TooLarge(u64),
    #[error("the answer took too long")]
    TimedOut,
}

impl Body {
    pub(super) fn new(inner: impl Read + Send + 'static, told: u64, bytes_max: u64, until: Instant) -> Body {
        Body { inner: Box::new(inner), told, left: bytes_max, bytes_max, until }
    }

    /// All of it.
    pub fn read_whole(mut self) -> Result<Vec<u8>, Error> {
        let room = self.told.min(ROOM_BYTES_MAX);
        let mut bytes = Vec::with_capacity(usize::try_from(room).unwrap_or_default());
        self.read_to_end(&mut bytes).map_err(Error::of_reading)?;
        Ok(bytes)
    }
}

impl Read for Body {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if Instant::now() > self.until {
            return Err(io::Error::other(Stopped::TimedOut));
        }
        let read = self.inner.read(buffer)?;
        self.left = self
            .left
            .checked_sub(read as u64)
            .ok_or_else(|| io::Error::other(Stopped::TooLarge(self.bytes_max)))?;
        Ok(read)
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Body(at most {} bytes)", self.bytes_max)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn later() -> Instant {
        Instant::now() + Duration::from_secs(60)
    }

    #[test]
    fn a_body_ends_with_an_error_at_its_limit_and_not_before() {
        let exact = Body::new(&b"12345678"[..], 8, 8, later());
        assert_eq!(exact.read_whole().unwrap(), b"12345678");
        let endless = Body::new(io::repeat(b'x'), u64::MAX, 1 << 20, later());
        assert!(matches!(endless.read_whole(), Err(Error::TooLarge(_))));
    }

    #[test]
    fn a_body_that_drips_ends_at_its_time() {
        let body = Body::new(io::repeat(b'x'), 0, u64::MAX, Instant::now() + Duration::from_millis(20));
        assert!(matches!(body.read_whole(), Err(Error::TimedOut(_))));
    }
}
