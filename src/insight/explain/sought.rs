//! What was asked for: tests by plain words, panel or LOINC code. A wrong name finds nothing, never everything.

use super::Scene;
use super::scene::Test;
use crate::insight::matching::{Words, near, terms};
use crate::insight::measurements::{measurement, test_name};
use crate::insight::{Asked, rows};
use crate::knowledge::analytes::{analyte_by_code, analytes, analytes_matching, panel_by_code};
use crate::record::Kind;

/// What was asked for.
pub struct Sought {
    query: String,
    /// The words, for names.
    pub words: Words,
    /// Keys of the analytes that a code names.
    keys: Vec<&'static str>,
    /// Keys of the analytes that the words name; a known test is one of these or none.
    named: Vec<&'static str>,
}

/// Words that mean results as such: who asks for these names no test.
const ANY: [&str; 16] = [
    "lab",
    "labs",
    "result",
    "test",
    "tests",
    "blood",
    "work",
    "bloodwork",
    "laboratory",
    "explain",
    "new",
    "newest",
    "all",
    "out",
    "stands",
    "abnormal",
];

impl Sought {
    /// What the words name; nothing where they mean results as such.
    pub fn of(query: &str) -> Option<Sought> {
        let is_any = terms(query).iter().all(|term| ANY.contains(&term.names[0].as_str()));
        let code = query.trim();
        let of_panel = panel_by_code(code).into_iter().flat_map(|panel| {
            analytes().iter().filter(|known| known.panels.contains(&panel.key)).map(|known| known.key)
        });
        let keys: Vec<&'static str> =
            analyte_by_code(code).map(|known| known.key).into_iter().chain(of_panel).collect();
        if is_any && keys.is_empty() {
            return None;
        }
        let named = analytes_matching(query).into_iter().map(|known| known.key).collect();
        Some(Sought { query: query.to_owned(), words: Words::of(query), keys, named })
    }

    /// True where a test is one of those.
    pub fn names(&self, test: &Test<'_>) -> bool {
        if !self.keys.is_empty() {
            return test.key().is_some_and(|key| self.keys.contains(&key));
        }
        // "A1c" means that test alone, although the words for it ("blood sugar") name others too.
        if let Some(key) = test.key().filter(|_| !self.named.is_empty()) {
            return self.named.contains(&key);
        }
        let specimen = measurement(test.latest).and_then(|found| found.specimen.as_deref());
        self.words.call(test.latest, specimen.as_slice())
    }

    /// That nothing fits, and which recorded names come near.
    pub fn nothing(&self, scene: &Scene<'_, '_>, asked: &Asked) -> String {
        let context = scene.context;
        let nothing = rows::nothing(context, asked, &[Kind::Lab, Kind::Vital], "result");
        let names = scene.tests.iter().flat_map(|test| {
            let known = test.strand.analyte.map(|known| known.name.to_owned());
            [Some(test_name(test.latest)), known].into_iter().flatten()
        });
        let near = near(&self.query, names);
        if near.is_empty() {
            return nothing;
        }
        format!("{nothing} Names in the record that come near: {}.", near.join("; "))
    }
}
