//! Whether the patient of a portal is the person of the record: the rule of an import, before anything is kept.

use super::Error;
use super::setting::Setting;
use crate::ingest::import::{Request, check_whose};
use crate::sources::Limits;
use crate::sources::files::read_held;
use crate::sources::smart::connection::Connection;

/// Holds the Patient, as the portal gave it, against the record.
pub fn check(
    setting: &Setting,
    connection: &Connection,
    patient: &[u8],
    label: Option<&str>,
    is_same_person: bool,
) -> Result<(), Error> {
    let request = Request {
        patient: Some(connection.patient.clone()),
        label: label.map(str::to_owned),
        is_same_person,
        limits: Limits::default(),
        ..Request::default()
    };
    let read = |receiver: &mut dyn crate::sources::Receiver| {
        read_held(&[("Patient", patient)], &request.limits, receiver)
    };
    Ok(check_whose(&setting.rows, &request, read)?)
}
