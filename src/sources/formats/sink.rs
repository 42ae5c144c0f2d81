//! Where the resources of one file go: to the FHIR reader, and what comes of them to the receiver.

use serde_json::{Map, Value};

use crate::sources::fhir::{self, Context};
use crate::sources::references::References;
use crate::sources::{Draft, LeftOut, Receiver};

/// Parts of one file that are named singly when they are left out; the others are counted.
const LEFT_OUT_MAX: usize = 1000;

/// How many bytes on the disk a document stands for, and how many it has once unpacked.
#[derive(Clone, Copy, Debug)]
pub struct Share {
    /// Bytes on the disk.
    pub packed: u64,
    /// Bytes once unpacked.
    pub unpacked: u64,
}

/// Takes the resources of one file.
pub struct Sink<'a> {
    /// Bytes of one document, or of one line, at the most.
    pub document_bytes_max: u64,
    /// How deep bundles may lie in each other.
    pub depth_max: usize,
    file: &'a str,
    receiver: &'a mut dyn Receiver,
    resources: usize,
    // Before the first resource nobody knows whether the file is a record at all: a log of an export
    // is passed over as a whole, not line by line.
    waiting: Vec<LeftOut>,
    left_out: usize,
    share: Share,
    read: u64,
    reported: u64,
}

impl<'a> Sink<'a> {
    /// For the resources of this file.
    pub fn new(
        file: &'a str,
        share: Share,
        limits: &crate::sources::Limits,
        receiver: &'a mut dyn Receiver,
    ) -> Sink<'a> {
        Sink {
            document_bytes_max: limits.document_bytes_max,
            depth_max: limits.depth_max,
            file,
            receiver,
            resources: 0,
            waiting: Vec::new(),
            left_out: 0,
            share,
            read: 0,
            reported: 0,
        }
    }

    /// How many resources there were.
    pub fn resources(&self) -> usize {
        self.resources
    }

    /// Notes that the file holds a resource, whatever becomes of it.
    pub fn found_resource(&mut self) {
        self.resources += 1;
        for left_out in std::mem::take(&mut self.waiting) {
            self.receiver.left_out(left_out);
        }
    }

    /// Takes a resource with the bytes it was read from.
    pub fn resource(&mut self, raw: &str, resource: &Map<String, Value>, at: &Place<'_>) {
        self.found_resource();
        let references = |written: &str| at.references.resolve(written);
        let context = Context { file: self.file, full_url: at.full_url, references: &references };
        match fhir::read_resource(resource, &context) {
            Ok(read) => self.hand_over(raw, read, at.path),
            Err(reason) => self.leave_out(at.path, &reason),
        }
    }

    /// Hands over what a resource says, and after it the results that it carries inside itself.
    fn hand_over(&mut self, raw: &str, read: fhir::Read, at: &str) {
        for (path, reason) in read.notices {
            let path = if at.is_empty() { path } else { format!("{at}.{path}") };
            self.leave_out(&path, &reason);
        }
        let original = raw.as_bytes().to_vec();
        self.receiver.draft(Draft { entry: read.entry, subject: read.subject, original });
        for contained in read.contained {
            self.hand_over(raw, contained, at);
        }
    }

    /// Names something that does not become an entry.
    pub fn leave_out(&mut self, path: &str, reason: &str) {
        self.left_out += 1;
        if self.left_out > LEFT_OUT_MAX {
            return;
        }
        let left_out = LeftOut { file: self.file.into(), path: path.into(), reason: reason.into() };
        match self.resources {
            0 => self.waiting.push(left_out),
            _ => self.receiver.left_out(left_out),
        }
    }

    /// Notes that so many more bytes of the unpacked document have been read.
    pub fn advance(&mut self, bytes: u64) {
        self.read = (self.read + bytes).min(self.share.unpacked);
        let Share { packed, unpacked } = self.share;
        let due = u128::from(self.read) * u128::from(packed) / u128::from(unpacked.max(1));
        self.report(due as u64);
    }

    /// How many bytes have been reported.
    pub fn reported(&self) -> u64 {
        self.reported
    }

    /// Ends the file: what is left of its bytes counts as read.
    pub fn finish(mut self) {
        if let Some(more) = self.left_out.checked_sub(LEFT_OUT_MAX + 1).filter(|_| self.resources > 0) {
            let reason = format!("{} further parts were left out as well", more + 1);
            let file = self.file.to_owned();
            self.receiver.left_out(LeftOut { file, path: String::new(), reason });
        }
        self.report(self.share.packed);
    }

    fn report(&mut self, due: u64) {
        if due > self.reported {
            self.receiver.progress(due - self.reported);
            self.reported = due;
        }
    }
}

/// Where in its file a resource stands.
pub struct Place<'a> {
    /// A line or an entry, for people.
    pub path: &'a str,
    /// Its address in the bundle.
    pub full_url: Option<&'a str>,
    /// What the addresses of its bundle stand for.
    pub references: &'a References<'a>,
}
