//! Where the resources of one file go: to the FHIR reader, and what comes of them to the receiver.

use super::attached;
use crate::record::{Entry, Text};
use crate::sources::cards::{self, Issuers};
use crate::sources::content::content_hash;
use crate::sources::error::Fault;
use crate::sources::fhir::{self, Context};
use crate::sources::json::Object;
use crate::sources::references::References;
use crate::sources::{Draft, EXPORTER, LeftOut, Limits, Receiver, Subject};

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

/// A resource that was put together from another format.
pub struct Converted<'a> {
    /// What it stands for, as it came in.
    pub raw: &'a [u8],
    /// The resource.
    pub resource: &'a Object<'a>,
    /// The hash of what it says.
    pub content: [u8; 16],
    /// Whom it is about, where that is not what it says itself.
    pub subject: Option<&'a Subject>,
    /// Adds to the entry what FHIR has no place for.
    pub beside: &'a dyn Fn(&mut Entry),
}

/// What is so for every part of a file.
#[derive(Clone, Copy)]
pub struct Setting<'a> {
    /// What the file is called.
    pub file: &'a str,
    /// Bytes of one document, or of one line, at the most.
    pub document_bytes_max: u64,
    /// How deep bundles may lie in each other.
    pub depth_max: usize,
    /// The system that it came from, where the collection that it is a part of says so. Then it is about the
    /// person who exported the collection.
    pub system: Option<&'a str>,
    /// The service through which it came from its source, where the file says so.
    pub through: Option<&'a str>,
    /// Who is asked whether they have signed a health card.
    pub issuers: &'a Issuers<'a>,
}

/// Takes the resources of one file, or of a part of it.
pub struct Sink<'a> {
    /// What is so for every part of the file.
    pub setting: Setting<'a>,
    receiver: &'a mut dyn Receiver,
    resources: usize,
    // Before the first resource nobody knows whether the file is a record at all: a log of an export
    // is passed over as a whole, not line by line.
    waiting: Vec<LeftOut>,
    left_out: usize,
    share: Share,
    read: u64,
    reported: u64,
    /// Resources that became entries, and those that could not be read at all.
    taken: usize,
    unreadable: usize,
    /// What is wrong with a file of which something was taken.
    flaw: Option<Fault>,
}

impl<'a> Sink<'a> {
    /// For the resources of this file.
    pub fn new(file: &'a str, share: Share, limits: &Limits, receiver: &'a mut dyn Receiver) -> Sink<'a> {
        let Limits { document_bytes_max, depth_max, .. } = *limits;
        let issuers = &cards::NOT_ASKED;
        let setting = Setting { file, document_bytes_max, depth_max, system: None, through: None, issuers };
        Sink::of_part(setting, share, receiver)
    }

    /// Asks these issuers whether they have signed a health card.
    #[must_use]
    pub fn asking(mut self, issuers: &'a Issuers<'a>) -> Sink<'a> {
        self.setting.issuers = issuers;
        self
    }

    fn of_part(setting: Setting<'a>, share: Share, receiver: &'a mut dyn Receiver) -> Sink<'a> {
        Sink {
            setting,
            receiver,
            resources: 0,
            waiting: Vec::new(),
            left_out: 0,
            share,
            read: 0,
            reported: 0,
            taken: 0,
            unreadable: 0,
            flaw: None,
        }
    }

    /// What follows came from this system, and is about the person who exported it.
    pub fn of_system(&mut self, system: &'a str) {
        self.setting.system = Some(system);
    }

    /// Notes what is wrong with the file, though something was taken from it.
    pub fn flawed(&mut self, flaw: Fault) {
        self.flaw = Some(flaw);
    }

    /// What is wrong with a file that has been read to its end: its import has not wholly succeeded.
    pub fn flaw(&mut self) -> Option<Fault> {
        let nothing = (self.taken == 0 && self.unreadable > 0).then_some(Fault::NothingReadable);
        self.flaw.take().or(nothing)
    }

    /// Names a resource that cannot be read at all.
    pub fn leave_out_unread(&mut self, path: &str, reason: &str) {
        self.unreadable += 1;
        self.leave_out(path, reason);
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
    pub fn resource(&mut self, raw: &str, resource: &Object<'_>, at: &Place<'_>) {
        self.found_resource();
        let references = |written: &str| at.references.resolve(written);
        let context = Context { file: self.setting.file, full_url: at.full_url, references: &references };
        match fhir::read_resource(resource, &context) {
            Ok(read) => {
                let carrier = attached::Carrier::of(&read);
                self.hand_over(raw.as_bytes(), content_hash(resource), read, at.path);
                attached::read(resource, &carrier, at, self);
            }
            Err(reason) => self.leave_out(at.path, &reason),
        }
    }

    /// Takes a document that is a file: the resource that was made of it, and its bytes.
    pub fn document(&mut self, bytes: &[u8], content: [u8; 16], resource: &Object<'_>, at: &Place<'_>) {
        self.converted(Converted { raw: bytes, resource, content, subject: None, beside: &|_| () }, at);
    }

    /// Takes a resource that was put together from something else, with the bytes that it stands for.
    pub fn converted(&mut self, converted: Converted<'_>, at: &Place<'_>) {
        self.found_resource();
        let references = |written: &str| at.references.resolve(written);
        let context = Context { file: self.setting.file, full_url: at.full_url, references: &references };
        match fhir::read_resource(converted.resource, &context) {
            Ok(mut read) => {
                (converted.beside)(&mut read.entry);
                read.subject = converted.subject.cloned().unwrap_or(read.subject);
                self.hand_over(converted.raw, converted.content, read, at.path);
            }
            Err(reason) => self.leave_out(at.path, &reason),
        }
    }

    /// Hands over what a resource says, and after it the results that it carries inside itself.
    fn hand_over(&mut self, raw: &[u8], content: [u8; 16], mut read: fhir::Read, at: &str) {
        for (path, reason) in read.notices {
            let path = if at.is_empty() { path } else { format!("{at}.{path}") };
            self.leave_out(&path, &reason);
        }
        let through = self.setting.through.map(|service| ("came through".into(), service.into()));
        read.entry.more.extend(through);
        read.entry.shrink_to_fit();
        let original = raw.to_vec();
        self.taken += 1;
        let system = self.setting.system.map(Text::from);
        let exporter = || EXPORTER.into();
        let subject = match read.subject {
            Subject::IsPerson(_) if system.is_some() => Subject::IsPerson(exporter()),
            Subject::Person(_) if system.is_some() => Subject::Person(exporter()),
            subject => subject,
        };
        self.receiver.draft(Draft { entry: read.entry, subject, original, content, system });
        for contained in read.contained {
            self.hand_over(raw, content, contained, at);
        }
    }

    /// Names something that does not become an entry.
    pub fn leave_out(&mut self, path: &str, reason: &str) {
        let file = self.setting.file.into();
        self.take_left_out(LeftOut { file, path: path.into(), reason: reason.into() });
    }

    fn take_left_out(&mut self, left_out: LeftOut) {
        self.left_out += 1;
        if self.left_out > LEFT_OUT_MAX {
            return;
        }
        match self.resources {
            0 => self.waiting.push(left_out),
            _ => self.receiver.left_out(left_out),
        }
    }

    /// Takes what was read of a part of the file on another thread.
    pub fn absorb(&mut self, part: PartRead) {
        if part.resources > 0 {
            self.found_resource();
            self.resources += part.resources - 1;
        }
        self.taken += part.drafts.len();
        self.unreadable += part.unreadable;
        part.drafts.into_iter().for_each(|draft| self.receiver.draft(draft));
        self.left_out += part.uncounted;
        part.left_out.into_iter().for_each(|left_out| self.take_left_out(left_out));
        self.advance(part.bytes);
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
            let file = self.setting.file.to_owned();
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

/// What was read of a part of a file, to be handed over in its turn.
#[derive(Debug, Default)]
pub struct PartRead {
    drafts: Vec<Draft>,
    left_out: Vec<LeftOut>,
    /// Parts that were left out beyond those that are named singly.
    uncounted: usize,
    resources: usize,
    unreadable: usize,
    bytes: u64,
}

impl PartRead {
    /// Runs `read` on a sink of its own.
    pub fn of<R>(setting: Setting<'_>, read: impl FnOnce(&mut Sink<'_>) -> R) -> (PartRead, R) {
        let mut part = PartRead::default();
        let whole = Share { packed: u64::MAX, unpacked: u64::MAX };
        let mut sink = Sink::of_part(setting, whole, &mut part);
        let result = read(&mut sink);
        let Sink { resources, waiting, left_out, unreadable, .. } = sink;
        part.left_out.extend(waiting);
        part.uncounted = left_out - part.left_out.len();
        (part.resources, part.unreadable) = (resources, unreadable);
        (part, result)
    }
}

impl Receiver for PartRead {
    fn draft(&mut self, draft: Draft) {
        self.drafts.push(draft);
    }

    fn left_out(&mut self, left_out: LeftOut) {
        self.left_out.push(left_out);
    }

    fn progress(&mut self, bytes: u64) {
        self.bytes += bytes;
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
