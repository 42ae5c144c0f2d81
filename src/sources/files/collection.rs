//! Files that are parts of one export. The file that says what the others are is read before them, wherever
//! its name sorts, and in an archive in the same pass in which the archive is checked.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufReader, Read};

use super::checked::Checked;
use super::{Found, Import, names};
use crate::record::Text;
use crate::sources::LeftOut;
use crate::sources::error::Fault;
use crate::sources::formats::apple::beside::{Beside, Neighbour};
use crate::sources::formats::apple::{self, APPLE_HEALTH, Export};
use crate::sources::formats::{BEGINNING_BYTES, Share, Sink};

/// An export, and what it says of the files beside it.
pub(super) struct Collection {
    /// How the names of its files begin.
    folder: String,
    /// The file that holds the export itself.
    file: String,
    /// What it holds, until it is handed over.
    export: Option<Box<Export>>,
    /// Bytes that were reported while it was read.
    reported: u64,
    beside: Beside,
    /// Records of clinics that were seen.
    clinical: usize,
    /// Files that are passed over and counted, by folder and reason.
    counted: BTreeMap<(&'static str, &'static str), usize>,
}

/// What a file is of a collection.
pub(super) enum Part {
    /// Of none.
    None,
    /// Nothing more is to be done with it.
    Done,
    /// It is read, and came from this system.
    Of(Text),
}

impl Import<'_> {
    /// Looks for an export among the files of a folder, and reads it.
    pub(super) fn gather_folder(&mut self, items: &[fs::DirEntry], folder: &str) -> Result<(), Fault> {
        for item in items {
            let own = names::clean(&item.file_name().to_string_lossy());
            let is_xml = own.rsplit_once('.').is_some_and(|(_, end)| end.eq_ignore_ascii_case("xml"));
            if !is_xml || !item.file_type()?.is_file() {
                continue;
            }
            let Ok(mut file) = fs::File::open(item.path()) else { continue };
            let mut beginning = Vec::with_capacity(BEGINNING_BYTES);
            if Read::by_ref(&mut file).take(BEGINNING_BYTES as u64).read_to_end(&mut beginning).is_err()
                || !apple::begins(&beginning)
            {
                continue;
            }
            let size = item.metadata()?.len();
            self.count_bytes(size)?;
            let share = Share { packed: size, unpacked: size };
            let mut whole = BufReader::with_capacity(BEGINNING_BYTES, beginning.as_slice().chain(file));
            // What is wrong with it is found again, and told, when its turn comes.
            if let Ok((export, reported)) = self.read_export(&mut whole, share) {
                self.collect(format!("{folder}/{own}"), export, reported);
            }
        }
        Ok(())
    }

    /// Checks a member of an archive; an export is read by that. `share` is of the whole archive.
    pub(super) fn check_member(
        &mut self,
        member: &mut dyn Read,
        (name, packed): (&str, u64),
        share: Share,
    ) -> Result<u64, Fault> {
        let mut beginning = Vec::with_capacity(BEGINNING_BYTES);
        (&mut *member).take(BEGINNING_BYTES as u64).read_to_end(&mut beginning)?;
        let mut whole = beginning.as_slice().chain(member);
        if !apple::begins(&beginning) {
            return self.check(&mut whole, packed);
        }
        let Import { receiver, limits, bytes, .. } = self;
        let mut checked = Checked::new(&mut whole, packed, limits, bytes);
        let due = u128::from(share.packed) * u128::from(packed) / u128::from(share.unpacked.max(1));
        let mut progress =
            Steady { due: due as u64, reported: 0, read: 0, unpacked: packed.saturating_mul(RATIO) };
        let mut advance = |bytes| receiver.progress(progress.advance(bytes));
        let read = apple::read(&mut BufReader::new(checked.by_ref()), &mut advance);
        // Whatever the document is, the file must be whole.
        let size = checked.read_through();
        if let Some(fault) = checked.fault() {
            return Err(fault);
        }
        let size = size?;
        let reported = progress.reported;
        match read {
            Ok(export) => {
                self.collect(name.to_owned(), Box::new(export), reported);
                Ok(size)
            }
            Err(_) => Err(Fault::Xml),
        }
    }

    fn read_export(
        &mut self,
        input: &mut dyn std::io::BufRead,
        share: Share,
    ) -> Result<(Box<Export>, u64), Fault> {
        let Share { packed, unpacked } = share;
        let mut progress = Steady { due: packed, reported: 0, read: 0, unpacked };
        let mut advance = |bytes| self.receiver.progress(progress.advance(bytes));
        let export = apple::read(input, &mut advance)?;
        Ok((Box::new(export), progress.reported))
    }

    fn collect(&mut self, file: String, mut export: Box<Export>, reported: u64) {
        let folder = file.rfind(['/', '!']).map_or("", |at| &file[..=at]).to_owned();
        let beside = Beside::of(std::mem::take(&mut export.clinical));
        let (export, counted) = (Some(export), BTreeMap::new());
        self.collections.push(Collection { folder, file, export, reported, beside, clinical: 0, counted });
    }

    /// What a file is of a collection. The export itself is handed over, what is passed over is named.
    pub(super) fn of_collection(&mut self, found: &Found<'_>) -> Part {
        let of = |collection: &&mut Collection| found.name.starts_with(&collection.folder);
        let Some(collection) = self.collections.iter_mut().rev().find(of) else { return Part::None };
        if found.name == collection.file {
            let Some(export) = collection.export.take() else { return Part::Done };
            let reported = collection.reported.min(found.packed);
            self.receiver.progress(found.packed - reported);
            let share = Share { packed: 0, unpacked: 0 };
            let mut sink = Sink::new(found.name, share, self.limits, self.receiver);
            sink.of_system(APPLE_HEALTH);
            export.hand_over(&mut sink);
            self.resources += sink.resources();
            sink.finish();
            return Part::Done;
        }
        match collection.beside.neighbour(&found.name[collection.folder.len()..]) {
            Neighbour::Of(system) => {
                collection.clinical += usize::from(system != APPLE_HEALTH);
                return Part::Of(system);
            }
            Neighbour::PassedOver(reason) => self.leave_out(found.name, reason),
            Neighbour::Counted(folder, reason) => {
                *collection.counted.entry((folder, reason)).or_default() += 1;
            }
        }
        self.receiver.progress(found.packed);
        Part::Done
    }

    /// Tells what was counted.
    pub(super) fn end_collections(&mut self) {
        for collection in std::mem::take(&mut self.collections) {
            let Collection { folder, file, beside, clinical, counted, .. } = collection;
            for ((own, reason), count) in counted {
                self.leave_out(&format!("{folder}{own}"), &format!("{reason}: {count}"));
            }
            let missing = beside.missing(clinical);
            if missing > 0 {
                let reason = format!("records of clinics that the export names and does not hold: {missing}");
                self.receiver.left_out(LeftOut { file, path: String::new(), reason });
            }
        }
    }
}

/// How many times larger XML becomes, about, for the progress of what says its size only at its end.
const RATIO: u64 = 16;

/// Bytes on the disk that what was read stands for.
struct Steady {
    due: u64,
    reported: u64,
    read: u64,
    unpacked: u64,
}

impl Steady {
    /// How many more they are after so many bytes.
    fn advance(&mut self, bytes: u64) -> u64 {
        self.read = (self.read + bytes).min(self.unpacked);
        let now = u128::from(self.due) * u128::from(self.read) / u128::from(self.unpacked.max(1));
        let more = (now as u64).saturating_sub(self.reported);
        self.reported += more;
        more
    }
}
