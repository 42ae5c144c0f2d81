//! What lies beside `export.xml`, and what the export says of it.

use foldhash::HashMap;

use super::APPLE_HEALTH;
use crate::record::Text;

/// Where the records of clinics lie.
const CLINICAL: &str = "clinical-records/";

/// What is known of the files beside an export.
#[derive(Debug, Default)]
pub struct Beside {
    clinics: HashMap<Box<str>, Box<str>>,
}

/// What a file beside an export is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Neighbour {
    /// It is of the person who exported, and came from this system.
    Of(Text),
    /// It is passed over, and why.
    PassedOver(&'static str),
    /// It is one of many that are passed over and counted: the folder, and why.
    Counted(&'static str, &'static str),
}

impl Beside {
    /// What an export says of the records of clinics: the path of each, and whose it is.
    pub fn of(clinics: HashMap<Box<str>, Box<str>>) -> Beside {
        Beside { clinics }
    }

    /// What a file is, by its way from the folder of the export.
    pub fn neighbour(&self, path: &str) -> Neighbour {
        if let Some(clinic) = self.clinics.get(path).filter(|clinic| !clinic.is_empty()) {
            return Neighbour::Of(Text::from(&**clinic));
        }
        match path {
            path if path.starts_with(CLINICAL) => Neighbour::Of("a clinic (by Apple Health)".into()),
            path if path.starts_with("workout-routes/") && path.ends_with(".gpx") => Neighbour::Counted(
                "workout-routes",
                "routes of workouts, which are places where somebody was and no record",
            ),
            "export_cda.xml" => {
                Neighbour::PassedOver("repeats the samples of the export, which are read from there")
            }
            _ => Neighbour::Of(APPLE_HEALTH.into()),
        }
    }

    /// How many records of clinics the export names that were not seen.
    pub fn missing(&self, seen: usize) -> usize {
        self.clinics.len().saturating_sub(seen)
    }
}
