//! Notes at the source in the record what has gone wrong, so that answers say it, whoever asks.

use super::Error;
use super::setting::Setting;
use crate::record::{Source, SourceKind, Text, Trouble};
use crate::store::Error as StoreError;
use crate::store::records::{self, Change};

const TRIES_MAX: usize = 8;

/// Notes it. A portal that nothing was ever fetched from becomes a source with nothing in it.
pub fn note(setting: &Setting, id: &str, name: &str, trouble: Trouble) -> Result<(), Error> {
    for _ in 0..TRIES_MAX {
        let opened = records::open(&setting.rows)?;
        let mut sources = opened.record.sources.clone();
        let place = sources.iter().position(|source| source.id == id).unwrap_or_else(|| {
            sources.push(Source {
                id: id.into(),
                name: Text::from(name),
                kind: SourceKind::Portal,
                patient_keys: Vec::new(),
                imports: Vec::new(),
                fetched: None,
            });
            sources.len() - 1
        });
        let source = &mut sources[place];
        source.fetched.get_or_insert_default().trouble = Some(trouble.clone());
        let change = Change { sources: Some(sources), ..Change::default() };
        match records::save(&setting.rows, opened.with(change)) {
            Err(StoreError::Conflict) => {}
            saved => return Ok(saved.map(drop)?),
        }
    }
    Err(crate::ingest::Error::Contended.into())
}
