//! Something packed, held to the limits while it is read.

use std::io::{self, Read};

use crate::sources::Limits;
use crate::sources::error::{Error, Fault};
use crate::sources::formats::BEGINNING_BYTES;

/// Reads on until a limit is reached or it is broken; what it was is told by [`Checked::fault`].
pub struct Checked<'a> {
    inner: &'a mut dyn Read,
    /// Small files may become many times larger; a bomb needs some size to do harm.
    bomb: u64,
    limits: &'a Limits,
    counted: &'a mut u64,
    total: u64,
    fault: Option<Fault>,
}

impl<'a> Checked<'a> {
    /// Of something that has so many bytes while it is packed; what it becomes is added to `counted`.
    pub fn new(
        inner: &'a mut dyn Read,
        packed: u64,
        limits: &'a Limits,
        counted: &'a mut u64,
    ) -> Checked<'a> {
        let bomb = packed.saturating_mul(limits.ratio_max).max(1 << 20);
        Checked { inner, bomb, limits, counted, total: 0, fault: None }
    }

    /// Reads it to its end; how large it became.
    pub fn read_through(&mut self) -> Result<u64, Fault> {
        let mut buffer = vec![0; BEGINNING_BYTES];
        loop {
            match self.read(&mut buffer) {
                Ok(0) => return Ok(self.total),
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Which limit was reached, if one was, or how it is broken.
    pub fn fault(self) -> Option<Fault> {
        self.fault
    }
}

impl Read for Checked<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let over = || io::Error::other("it cannot be read on");
        if self.fault.is_some() {
            return Err(over());
        }
        let read = match self.inner.read(buffer) {
            Err(error) if error.kind() != io::ErrorKind::Interrupted => {
                self.fault = Some(error.into());
                return Err(over());
            }
            read => read?,
        };
        self.total += read as u64;
        *self.counted = self.counted.saturating_add(read as u64);
        let max = self.limits.total_bytes_max;
        if self.total > self.bomb {
            self.fault = Some(Fault::Bomb(self.limits.ratio_max));
        } else if *self.counted > max {
            self.fault = Some(Error::TooLarge(max >> 20).into());
        }
        match &self.fault {
            Some(_) => Err(over()),
            None => Ok(read),
        }
    }
}
