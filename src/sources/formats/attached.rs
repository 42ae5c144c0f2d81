//! C-CDA documents inside of FHIR: portals send them as attachments, and what they state is part of the record.

use super::cda;
use super::sink::{Place, Sink};
use crate::sources::Subject;
use crate::sources::fhir::decode_attachment;
use crate::sources::json::{Json, Object};

/// Reads what the attachments of a resource state, if they are C-CDA.
pub fn read(resource: &Object<'_>, subject: &Subject, at: &Place<'_>, sink: &mut Sink<'_>) {
    for attachment in attachments(resource) {
        let Some(data) = attachment.get("data").and_then(Json::as_str).filter(|_| may_be_cda(attachment))
        else {
            continue;
        };
        if let Some(bytes) = decode_attachment(data).filter(|bytes| cda::begins(bytes)) {
            cda::read_attached(&bytes, subject, at, sink);
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
