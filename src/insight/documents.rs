//! Notes and reports: what was found, as written and first; with an id, the text.

mod list;
mod reading;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Answer, Context, ListAsk, Refusal};
use crate::record::{Detail, Document, Entry};

pub use list::DocumentRow;
pub use reading::DocumentText;

/// What get_documents takes.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DocumentsAsk {
    /// note, imaging, pathology, genetics, microbiology, discharge or other.
    pub kind: Option<String>,
    /// The id of a document: gives its text.
    pub id: Option<String>,
    /// Words of the title, author or conclusion (search_records looks into the texts).
    pub query: Option<String>,
    /// From this date (YYYY, YYYY-MM or YYYY-MM-DD).
    pub since: Option<String>,
    /// To this date.
    pub until: Option<String>,
    /// Only what came into the record since this date.
    pub added_since: Option<String>,
    /// final, preliminary, entered-in-error or all.
    pub status: Option<String>,
    /// Most rows to show.
    pub limit: Option<u32>,
    /// From `next` of the last answer.
    pub cursor: Option<String>,
    /// Size of the answer, default 2000.
    pub max_tokens: Option<u32>,
}

impl DocumentsAsk {
    fn list(&self) -> ListAsk {
        ListAsk {
            query: self.query.clone(),
            since: self.since.clone(),
            until: self.until.clone(),
            added_since: self.added_since.clone(),
            status: self.status.clone(),
            limit: self.limit,
            cursor: self.cursor.clone(),
            max_tokens: self.max_tokens,
        }
    }
}

/// The list of documents, or the text of one.
pub fn documents(context: &Context<'_>, ask: &DocumentsAsk) -> Result<Answer, Refusal> {
    match &ask.id {
        Some(id) => reading::read(context, id, ask),
        None => list::list(context, ask),
    }
}

/// What only a document has.
pub fn document(entry: &Entry) -> Option<&Document> {
    match &entry.detail {
        Detail::Document(document) => Some(document),
        _ => None,
    }
}

/// What could not be read of what was attached: type, title and why.
fn unread(document: &Document) -> impl Iterator<Item = String> {
    document.attachments.iter().filter_map(|attachment| {
        let reason = super::shortened(attachment.unread.as_deref()?, 200);
        let kind =
            attachment.content_type.as_deref().map_or_else(|| "type not recorded".into(), super::plain);
        let title = attachment.title.as_deref().map(|title| format!(" \"{}\"", super::shortened(title, 120)));
        Some(format!("{kind}{}: {reason}", title.unwrap_or_default()))
    })
}

#[cfg(test)]
mod tests;
