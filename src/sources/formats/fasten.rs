//! Exports of Fasten Connect: FHIR NDJSON of one connection, sent on by a service that sits between.
//!
//! Its documentation promises one resource of one connection a line and no mark of its own, so an export that names
//! Fasten nowhere is what it is: FHIR NDJSON. One that does is told as having come through it. Whose the resources
//! are is told by the Patients in them, as everywhere: those of several connections in one file are several sources.

use std::io::BufRead;

use super::sink::Sink;
use super::{Format, fhir_ndjson};
use crate::sources::error::Fault;

/// NDJSON that names Fasten: its identifiers begin `urn:fastenhealth-id:`, its addresses lie below `fastenhealth.com`.
pub const FORMAT: Format = Format { name: "Fasten Connect export", begins, read };

/// What its own identifiers and addresses have in common.
const MARK: &[u8] = b"fastenhealth";

fn begins(beginning: &[u8]) -> bool {
    (fhir_ndjson::FORMAT.begins)(beginning) && memchr::memmem::find(beginning, MARK).is_some()
}

fn read(input: &mut dyn BufRead, sink: &mut Sink<'_>) -> Result<(), Fault> {
    sink.setting.through = Some("Fasten Connect");
    (fhir_ndjson::FORMAT.read)(input, sink)
}
