//! C-CDA documents inside of FHIR: portals send them as attachments, and what they state is part of the record.

use super::cda;
use super::sink::{Place, Sink};
use crate::record::{Standing, Text};
use crate::sources::Subject;
use crate::sources::fhir::{self, decode_attachment};
use crate::sources::json::{Json, Object};

/// What the resource that carries a document says of it.
pub struct Carrier {
    /// Whom it is about.
    pub subject: Subject,
    /// Its identity.
    pub key: Text,
    /// Marks that withhold it, and with it what it states.
    pub marks: Vec<Text>,
    /// Withdrawn, or replaced by another.
    is_void: bool,
}

impl Carrier {
    /// Of a resource that was read.
    pub fn of(read: &fhir::Read) -> Carrier {
        let is_void = read.entry.standing == Standing::EnteredInError
            || read.entry.status.as_deref() == Some("superseded");
        let (subject, key, marks) =
            (read.subject.clone(), read.entry.key.clone(), read.entry.security.clone());
        Carrier { subject, key, marks, is_void }
    }
}

/// Reads what the attachments of a resource state, if they are C-CDA.
pub fn read(resource: &Object<'_>, carrier: &Carrier, at: &Place<'_>, sink: &mut Sink<'_>) {
    for attachment in attachments(resource) {
        let Some(data) = attachment.get("data").and_then(Json::as_str).filter(|_| may_be_cda(attachment))
        else {
            continue;
        };
        if let Some(bytes) = decode_attachment(data).filter(|bytes| cda::begins(bytes)) {
            match carrier.is_void {
                true => sink.leave_out(at.path, "the C-CDA document in it was withdrawn or replaced with it"),
                false => cda::read_attached(&bytes, carrier, at, sink),
            }
        }
    }
}

/// What a resource of these types carries.
fn attachments<'a>(resource: &'a Object<'a>) -> Vec<&'a Object<'a>> {
    let kind = resource.get("resourceType").and_then(Json::as_str);
    let every = |name: &str| resource.get(name).and_then(Json::as_array).unwrap_or_default();
    match kind {
        Some("Binary") => vec![resource],
        Some("DocumentReference") => {
            let carried = every("content").iter().filter_map(|content| content.get("attachment"));
            carried.filter_map(Json::as_object).collect()
        }
        Some("DiagnosticReport") => every("presentedForm").iter().filter_map(Json::as_object).collect(),
        _ => Vec::new(),
    }
}

/// By its type; bytes of another type need not be decoded to know.
fn may_be_cda(attachment: &Object<'_>) -> bool {
    let kind = attachment.get("contentType").and_then(Json::as_str).unwrap_or_default();
    kind.is_empty() || kind.contains("xml") || kind.contains("hl7") || kind.contains("octet-stream")
}
