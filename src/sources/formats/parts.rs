//! Reads a file part by part on several threads, and hands over what they say in the order of the file.

use std::thread;

use super::in_order::InOrder;
use super::sink::{PartRead, Setting, Sink};
use crate::record;
use crate::sources::error::Fault;

/// A file in parts, each read by itself.
pub trait Parts: Sync {
    /// What is to be read of one part.
    type Part: Send;

    /// What the file of a part is called, where not all are of one file.
    fn file(_: &Self::Part) -> Option<String> {
        None
    }

    /// Reads one part; the number of resources in it that are no JSON.
    fn read(&self, part: Self::Part, sink: &mut Sink<'_>) -> usize;
}

/// Reads what `next` gives until it gives nothing more; how many resources were no JSON.
pub fn read<P: Parts>(
    parts: &P,
    sink: &mut Sink<'_>,
    mut next: impl FnMut() -> Result<Option<P::Part>, Fault>,
) -> Result<usize, Fault> {
    let Some(first) = next()? else { return Ok(0) };
    let Some(second) = next()? else {
        if P::file(&first).is_none() {
            return Ok(record::shared(|| parts.read(first, sink)));
        }
        let (read, broken) = record::shared(|| read_part(parts, first, sink.setting));
        sink.absorb(read);
        return Ok(broken);
    };
    thread::scope(|scope| {
        let setting = sink.setting;
        let mut under_way = InOrder::start(scope, move |part| read_part(parts, part, setting));
        let mut waiting = [first, second].into_iter();
        let mut broken = 0;
        loop {
            let part = match waiting.next() {
                Some(part) => Some(part),
                None => next()?,
            };
            let is_last = part.is_none();
            part.into_iter().for_each(|part| under_way.give(part));
            while is_last || under_way.is_full() {
                let Some((read, of_it)) = under_way.take() else { break };
                sink.absorb(read);
                broken += of_it;
            }
            if is_last {
                return Ok(broken);
            }
        }
    })
}

fn read_part<P: Parts>(parts: &P, part: P::Part, setting: Setting<'_>) -> (PartRead, usize) {
    let file = P::file(&part);
    let setting = Setting { file: file.as_deref().unwrap_or(setting.file), ..setting };
    PartRead::of(setting, |sink| parts.read(part, sink))
}
