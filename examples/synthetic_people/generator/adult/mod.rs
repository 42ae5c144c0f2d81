//! Maria Elena Alvarez, born 1961: type 2 diabetes and high blood pressure over ten years, seen by
//! two clinics whose records overlap.
//!
//! Lakeside is her doctor and her hospital and speaks fully. Riverton is the diabetes clinic and
//! speaks sparsely: it repeats what Lakeside sent, in its own words, under ids of its own. Her insurer tells
//! what was billed, in a folder of its own.

mod around;
mod history;
mod hospital;
mod insurer;
mod lakeside;
mod notes;
mod reports;
mod riverton;
mod visits;

use super::{
    bundle::{self, File},
    ccda,
    source::{Dialect, Source},
};

/// Her doctor and her hospital.
pub static LAKESIDE: Source = Source {
    base: "https://fhir.lakeside.example/R4",
    patient: "eMariaAlvarez61",
    organization: ("org-lakeside", "Lakeside Health"),
    clinician: ("dr-imani-brook", "Imani Brook, MD"),
    oid: "1.2.840.99999.7.1",
    dialect: Dialect::Full,
};

/// The diabetes clinic.
pub static RIVERTON: Source = Source {
    base: "https://api.riverton.example/fhir/r4",
    patient: "a-4410.E-20771",
    organization: ("a-4410.org-1", "Riverton Diabetes & Family Clinic"),
    clinician: ("a-4410.prov-7", "Tobias Wren, DO"),
    oid: "1.2.840.99999.7.2",
    dialect: Dialect::Sparse,
};

/// What Lakeside knows of her, resource by resource.
pub fn lakeside_record() -> Vec<super::json::Resource> {
    lakeside::record()
}

/// Her doctor and her hospital once more, as an exchange between hospitals sends them.
const EXCHANGE: ccda::Header<'_> =
    ccda::Header { oid: "1.2.840.99999.7.1", custodian: "Lakeside Health", made_on: "20261020" };

/// The files of her folders.
pub fn files() -> Vec<File> {
    let lakeside = bundle::bundle("searchset", LAKESIDE.base, "2026-10-20T14:00:00Z", lakeside::record());
    let prairie =
        bundle::bundle("searchset", insurer::PRAIRIE.base, "2026-11-02T09:30:00Z", insurer::record());
    vec![
        File::new("insured/prairie.json", prairie),
        File::new("adult/lakeside.json", lakeside),
        File::new("adult/riverton.ndjson", bundle::ndjson(riverton::record())),
        File::new("adult-other-ways/lakeside-ccd.xml", ccda::document(&EXCHANGE, lakeside::record())),
    ]
}
