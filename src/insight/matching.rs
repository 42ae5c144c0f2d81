//! Whether an entry is about the words that somebody asked for, whatever name it goes by.

use std::cell::RefCell;
use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeSet, HashMap};
use std::hash::{Hash, Hasher};

use crate::knowledge::analytes::{Analyte, analytes_matching};
use crate::knowledge::folding::fold;
use crate::knowledge::specialties::specialties_called;
use crate::knowledge::{lay_words, medicines};
use crate::record::{Code, Detail, Entry, System};

/// What a list was asked for: one or more wishes, of which an entry must fit one
/// (`HbA1c, glucose` are two).
#[derive(Debug)]
pub struct Words {
    wishes: Vec<Wish>,
    /// Entries share their names: each combination is judged once.
    judged: RefCell<HashMap<u64, bool>>,
}

#[derive(Debug)]
struct Wish {
    terms: Vec<Term>,
    analytes: Vec<&'static Analyte>,
}

/// One word or phrase with all its names, folded: the asked one first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// The names.
    pub names: Vec<String>,
}

/// Words of a question that name nothing in a record.
const IDLE: &[&str] = &[
    "a", "all", "and", "any", "are", "at", "been", "did", "do", "does", "for", "from", "had", "has", "have",
    "her", "his", "how", "i", "in", "is", "last", "latest", "level", "levels", "me", "my", "of", "on", "or",
    "over", "recent", "results", "she", "the", "their", "time", "to", "trend", "value", "values", "was",
    "were", "what", "when", "with",
];

/// The longest phrase, in words, that has other names.
const PHRASE_WORDS_MAX: usize = 4;

impl Words {
    /// Understands the words of a list: commas, semicolons, "and" and "or" part wishes.
    pub fn of(query: &str) -> Words {
        let parted = query.replace(" and ", ",").replace(" or ", ",");
        let wishes = parted.split([',', ';']).map(Wish::of).filter(|wish| !wish.terms.is_empty());
        Words { wishes: wishes.collect(), judged: RefCell::default() }
    }

    /// Whether these texts hold what was asked for.
    pub fn are_in<'a>(&self, texts: impl IntoIterator<Item = &'a str>) -> bool {
        let haystack = haystack(texts);
        self.wishes.iter().any(|wish| wish.stands_in(&haystack))
    }

    /// Whether an entry is named so: by its name, its codes, its displays, its categories or `further`.
    pub fn name(&self, entry: &Entry, further: &[&str]) -> bool {
        self.fit(entry, further, true)
    }

    /// As [`Words::name`], but not by its categories: "laboratory" is no name of a test.
    pub fn call(&self, entry: &Entry, further: &[&str]) -> bool {
        self.fit(entry, further, false)
    }

    fn fit(&self, entry: &Entry, further: &[&str], with_categories: bool) -> bool {
        let texts = || {
            let categories = entry.categories.iter().filter(move |_| with_categories);
            let categories = categories.map(|category| category.as_str());
            entry.concept.words().chain(categories).chain(further.iter().copied())
        };
        let mut hasher = DefaultHasher::new();
        texts().for_each(|text| (text.as_ptr() as usize, text.len()).hash(&mut hasher));
        let judged = self.judged.borrow().get(&hasher.finish()).copied();
        judged.unwrap_or_else(|| {
            let fits = self.wishes.iter().any(|wish| wish.fits(entry, texts()));
            self.judged.borrow_mut().insert(hasher.finish(), fits);
            fits
        })
    }
}

impl Wish {
    fn of(query: &str) -> Wish {
        Wish { terms: terms(query), analytes: analytes_matching(query) }
    }

    fn fits<'a>(&self, entry: &Entry, texts: impl Iterator<Item = &'a str>) -> bool {
        let mut codes = entry.concept.codes_in(&System::Loinc);
        if codes.any(|code| self.analytes.iter().any(|analyte| analyte.codes.contains(&code))) {
            return true;
        }
        let (tests, names): (Vec<&str>, Vec<&str>) = texts.partition(|text| is_test_name(entry, text));
        let (tests, names) = (tests.into_iter().map(fold).collect::<Vec<_>>(), haystack(names));
        self.terms.iter().all(|term| {
            let in_tests = || tests.iter().any(|test| term.names_test(test));
            term.names.iter().any(|name| begins_words(&names, name)) || in_tests()
        })
    }

    fn stands_in(&self, haystack: &str) -> bool {
        self.terms.iter().all(|term| term.names.iter().any(|name| begins_words(haystack, name)))
    }
}

/// Texts as one folded text, parted so that no name stands across two of them.
fn haystack<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    texts.into_iter().map(fold).collect::<Vec<_>>().join(" \n ")
}

/// The words and phrases of a query with their other names; idle words left out.
pub fn terms(query: &str) -> Vec<Term> {
    let folded = fold(query);
    let words: Vec<&str> = folded.split(' ').filter(|word| !word.is_empty()).collect();
    let mut terms = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let longest = (2..=PHRASE_WORDS_MAX.min(words.len() - at)).rev();
        let phrase = longest.map(|count| (count, words[at..at + count].join(" ")));
        let phrase =
            phrase.map(|(count, phrase)| (count, Term::of(phrase))).find(|(_, term)| term.names.len() > 1);
        match phrase {
            Some((count, term)) => {
                terms.push(term);
                at += count;
            }
            None => {
                if !IDLE.contains(&words[at]) {
                    terms.push(Term::of(words[at].to_owned()));
                }
                at += 1;
            }
        }
    }
    terms
}

impl Term {
    /// A folded word or phrase with its lay and medical names, and those of the medicine it names.
    pub fn of(phrase: String) -> Term {
        let mut names: Vec<String> = lay_words::expand(&phrase).iter().map(|name| fold(name)).collect();
        // `kidney doctor` finds the nephrologist.
        names.extend(specialties_called(&phrase).flat_map(|known| &known.words).map(|words| fold(words)));
        let medicines = medicines::ingredients_of(&[], &phrase);
        // A phrase that merely holds a medicine's name ("aspirin allergy") is not another name of it.
        if let [medicine] = medicines.as_slice() {
            let is_the_name = |name: &str| fold(name) == phrase;
            if is_the_name(medicine.name) || medicine.brands.iter().any(|brand| is_the_name(brand)) {
                names.push(fold(medicine.name));
                names.extend(medicine.brands.iter().map(|brand| fold(brand)));
            }
        }
        let mut seen = BTreeSet::from([phrase.clone()]);
        names.retain(|name| !name.is_empty() && seen.insert(name.clone()));
        names.insert(0, phrase);
        Term { names }
    }

    /// Whether it names what the folded name of a laboratory's code says: in the word asked for, or with
    /// another name at its beginning.
    fn names_test(&self, test: &str) -> bool {
        let (asked, others) = self.names.split_first().unzip();
        asked.is_some_and(|asked| begins_words(test, asked))
            || others
                .unwrap_or_default()
                .iter()
                .any(|name| test.starts_with(name.as_str()) && begins_words(test, name))
    }
}

/// Whether a text is what a laboratory's code is called: a word in the middle of it ("[Mass/volume]")
/// says how something was measured, so other names of what was asked for must stand at its beginning.
pub fn is_test_name(entry: &Entry, text: &str) -> bool {
    let is_loinc = |code: &Code| code.system == System::Loinc && code.display.as_deref() == Some(text);
    matches!(entry.detail, Detail::Measurement(_))
        && (text.contains('[') || entry.concept.codes.iter().any(is_loinc))
}

/// A name of so many letters or fewer must be a whole word, or `mi` would find `milk`.
pub const SHORT: usize = 3;

/// Whether words of a folded text begin with a folded name: `diabet` finds `diabetes`. A [`SHORT`]
/// name must be a whole word.
pub fn begins_words(folded: &str, name: &str) -> bool {
    let stands = |start: usize| {
        let end = start + name.len();
        let begins = start == 0 || folded.as_bytes()[start - 1] == b' ';
        let ends = folded.as_bytes().get(end).is_none_or(|byte| *byte == b' ');
        begins && (ends || name.len() > SHORT)
    };
    if name.is_empty() {
        return false;
    }
    // One place may overlap the next: in `aa a a` the name `a a` stands at the second word.
    let mut from = 0;
    while let Some(at) =
        memchr::memmem::find(folded.as_bytes().get(from..).unwrap_or_default(), name.as_bytes())
    {
        if stands(from + at) {
            return true;
        }
        from += at + 1;
    }
    false
}

/// Recorded names that come near to words that found nothing, each once, at most eight: they share a
/// word's beginning with the query.
pub fn near(query: &str, names: impl Iterator<Item = String>) -> Vec<String> {
    const MOST: usize = 8;
    const BEGINNING: usize = 4;
    let query = fold(query);
    let beginnings: Vec<&str> = query.split_whitespace().filter_map(|word| word.get(..BEGINNING)).collect();
    let mut near = BTreeSet::new();
    for name in names {
        let folded = fold(&name);
        if beginnings
            .iter()
            .any(|beginning| folded.split_whitespace().any(|word| word.starts_with(beginning)))
        {
            near.insert(name);
        }
    }
    near.into_iter().take(MOST).collect()
}
