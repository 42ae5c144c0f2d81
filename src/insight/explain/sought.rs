//! What was asked for: tests by plain words, panel or LOINC code. A wrong name finds nothing, never everything.

use super::Scene;
use super::scene::Test;
use crate::insight::matching::{Words, near, terms};
use crate::insight::measurements::{measurement, test_name};
use crate::insight::{Asked, rows};
use crate::knowledge::analytes::{analyte_by_code, analytes, analytes_matching, panel_by_code};
use crate::knowledge::folding::fold;
use crate::record::Kind;

/// What was asked for.
pub struct Sought {
    query: String,
    /// The words, for names.
    pub words: Words,
    /// The same without single letters: "E. coli" is Escherichia coli.
    pub loose: Words,
    /// Keys of the analytes that a code names.
    keys: Vec<&'static str>,
    /// Keys of the analytes that the words name; a known test is one of these or none.
    named: Vec<&'static str>,
}

/// Words that mean results as such: who asks for these alone names no test.
const ANY: [&str; 18] = [
    "lab",
    "labs",
    "laboratory",
    "result",
    "results",
    "test",
    "tests",
    "testing",
    "blood",
    "work",
    "bloodwork",
    "report",
    "reports",
    "number",
    "numbers",
    "abnormal",
    "flagged",
    "panel",
];

/// Words of a question beside what it is about.
const BESIDE: [&str; 28] = [
    "explain", "mean", "means", "meaning", "show", "tell", "about", "new", "newest", "stands", "out",
    "which", "works", "work", "grew", "grow", "it", "bad", "good", "high", "low", "today", "still", "say",
    "said", "please", "mom", "dad",
];

impl Sought {
    /// What the words name; nothing where they mean results as such.
    pub fn of(query: &str) -> Option<Sought> {
        let is_any = |word: &str| ANY.contains(&word);
        let said = query.split_whitespace().filter(|word| !BESIDE.contains(&fold(word).as_str()));
        let said: Vec<&str> = said.collect();
        let about = said.iter().copied().filter(|word| !is_any(&fold(word))).collect::<Vec<_>>().join(" ");
        let names_something = terms(&about).iter().any(|term| !is_any(&term.names[0]));
        let code = query.trim();
        let of_panel = panel_by_code(code).into_iter().flat_map(|panel| {
            analytes().iter().filter(|known| known.panels.contains(&panel.key)).map(|known| known.key)
        });
        let keys: Vec<&'static str> =
            analyte_by_code(code).map(|known| known.key).into_iter().chain(of_panel).collect();
        if !names_something && keys.is_empty() {
            return None;
        }
        // "blood test" alone says nothing, "stool blood test" does: whole where its words name a test.
        let whole = said.join(" ");
        let named = match analytes_matching(&whole) {
            named if named.is_empty() => analytes_matching(&about),
            named => named,
        };
        let named = named.into_iter().map(|known| known.key).collect();
        let longer =
            about.split_whitespace().filter(|word| fold(word).len() > 1).collect::<Vec<_>>().join(" ");
        let (words, loose) = (Words::of(&about), Words::of(&longer));
        Some(Sought { query: query.to_owned(), words, loose, keys, named })
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
