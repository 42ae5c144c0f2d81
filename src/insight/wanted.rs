//! The words of a search and where in an entry they stand.

mod meaning;
mod needles;
mod spelled;
mod texts;

use std::borrow::Cow;

use super::matching::{Term, begins_words, terms};
use super::{Refusal, shortened};
use crate::knowledge::folding::fold;
use crate::knowledge::spelling;
use crate::record::Entry;
use meaning::Meaning;
use needles::{Mention, Needles};
use texts::{Place, each_text, prose};

/// A search, understood.
pub struct Wanted {
    terms: Vec<Term>,
    /// What each term means beyond its names.
    meanings: Vec<Meaning>,
    /// Folded words that must not stand in what is found.
    without: Vec<String>,
    needles: Needles,
}

/// Where the words of a search stand in an entry.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// How well the entry fits: the higher the better.
    pub score: f64,
    /// The byte of its prose around which most words stand; `None` where they stand in its name.
    at: Option<usize>,
}

/// What a hit is worth by where it stands.
const IN_NAME: f64 = 10.0;
const IN_COMMENT: f64 = 4.0;
const IN_PROSE: f64 = 3.0;
const IN_KIND: f64 = 2.0;
/// Another name than the asked one is worth less.
const OTHER_NAME: f64 = 0.7;
/// The length of a passage in bytes.
const PASSAGE: usize = 240;
/// Words of a search.
const TERMS_MAX: usize = 16;

impl Wanted {
    /// Understands `words "a phrase" -without`.
    pub fn of(query: &str) -> Result<Wanted, Refusal> {
        let (mut wanted, mut without) = (Vec::new(), Vec::new());
        for (is_quoted, part) in parts(query) {
            match part.strip_prefix('-').filter(|rest| !rest.trim().is_empty() && !is_quoted) {
                Some(word) => without.push(fold(word)),
                // What is quoted is meant to the letter.
                None if is_quoted => wanted.push((Term { names: vec![fold(&part)] }, Meaning::default())),
                None => wanted.extend(terms(&part).into_iter().map(|term| {
                    let meaning = Meaning::of(&term);
                    (term, meaning)
                })),
            }
        }
        wanted.retain(|(term, _)| !term.names[0].is_empty());
        let (wanted, meanings): (Vec<Term>, Vec<Meaning>) = wanted.into_iter().unzip();
        if wanted.is_empty() || wanted.len() > TERMS_MAX {
            let reason = format!(
                "query must hold from 1 to {TERMS_MAX} words that name something, such as \"knee pain\""
            );
            return Err(Refusal::BadArgument(reason));
        }
        without.retain(|word| !word.is_empty());
        let needles = Needles::of(&wanted).ok_or_else(|| Refusal::BadArgument("query is too long".into()))?;
        Ok(Wanted { terms: wanted, meanings, without, needles })
    }

    /// The same search with its unknown words spelt as the known ones nearest to them, and what was
    /// respelt; `None` where none comes near.
    pub fn respelt(&self) -> Option<(Wanted, String)> {
        let mut told = Vec::new();
        let respelt = self.terms.iter().zip(&self.meanings).map(|(term, meaning)| {
            let is_known = term.names.len() > 1 || meaning.is_known();
            let near = if is_known { Vec::new() } else { spelling::nearest(&term.names[0]) };
            let mut names = term.names.clone();
            for word in near {
                told.push(format!("\"{}\" as \"{word}\"", term.names[0]));
                names.extend(Term::of(word.to_owned()).names);
            }
            Term { names }
        });
        let terms: Vec<Term> = respelt.collect();
        let needles = Needles::of(&terms)?;
        // The second name is the known word; what it means is meant.
        let meant = |term: &Term| Term { names: term.names.get(1..).unwrap_or_default().to_vec() };
        let meanings = terms.iter().map(|term| match term.names.len() {
            1 => Meaning::default(),
            _ => Meaning::of(&meant(term)),
        });
        let meanings = meanings.collect();
        let words = format!("not found as spelt, so looked for {}", told.join(", "));
        (!told.is_empty())
            .then(|| (Wanted { terms, meanings, without: self.without.clone(), needles }, words))
    }

    /// True where more than one word was asked for.
    pub fn has_several_terms(&self) -> bool {
        self.terms.len() > 1
    }

    /// The other names that were looked for, for the coverage.
    pub fn also_looked_for(&self) -> Option<String> {
        const MOST: usize = 8;
        let names = self.terms.iter().flat_map(|term| term.names.iter().skip(1));
        let names: Vec<&str> = names.map(String::as_str).take(MOST).collect();
        (!names.is_empty()).then(|| format!("also looked for: {}", names.join(", ")))
    }

    /// The words asked for, in quotes.
    pub fn in_words(&self) -> String {
        let words: Vec<String> = self.terms.iter().map(|term| format!("\"{}\"", term.names[0])).collect();
        words.join(" and ")
    }

    /// Where the words stand in an entry: all of them, or with `all` false any.
    pub fn find(&self, entry: &Entry, all: bool) -> Option<Found> {
        let mut marks = Marks { scores: vec![0.0; self.terms.len()], places: Vec::new(), lower: Vec::new() };
        each_text(entry, &mut |place, text| marks.take(&self.needles, text, Some(place)));
        for (score, meaning) in marks.scores.iter_mut().zip(&self.meanings) {
            *score = score.max(meaning.worth(entry));
        }
        marks.places.clear();
        if let Some(prose) = prose(entry) {
            marks.take(&self.needles, &searchable(prose), None);
        }
        let Marks { scores, places, .. } = marks;
        let found = scores.iter().filter(|score| **score > 0.0).count();
        if found == 0 || all && found < self.terms.len() || self.is_left_out(entry) {
            return None;
        }
        let at = densest(&places, self.terms.len());
        // Words that stand together in one passage belong together.
        let together = at.map_or(0.0, |(_, count)| count.saturating_sub(1) as f64);
        Some(Found { score: scores.iter().sum::<f64>() + together, at: at.map(|(at, _)| at) })
    }

    /// The passage where the words stand, cut at words, with marks where it goes on.
    pub fn passage(&self, entry: &Entry, found: &Found) -> Option<String> {
        let Some(at) = found.at else { return self.comment(entry) };
        let text = prose(entry)?;
        let at = original_place(text, at);
        let from = floor(text, at.saturating_sub(PASSAGE / 3));
        let to = floor(text, (from + PASSAGE).min(text.len()));
        let from = if from == 0 {
            0
        } else {
            text[from..at].find(char::is_whitespace).map_or(from, |space| from + space)
        };
        let to = if to == text.len() {
            to
        } else {
            text[at..to].rfind(char::is_whitespace).map_or(to, |space| at + space)
        };
        let (before, after) = (if from > 0 { "… " } else { "" }, if to < text.len() { " …" } else { "" });
        Some(format!("{before}{}{after}", text[from..to].trim()))
    }

    /// What stands beside the name and holds words that the name does not.
    fn comment(&self, entry: &Entry) -> Option<String> {
        let (mut named, mut beside) = (vec![false; self.terms.len()], Vec::new());
        let mut lower = Vec::new();
        each_text(entry, &mut |place, text| {
            self.needles.mentions(text, &mut lower, |Mention { term, .. }| match place {
                Place::Name | Place::TestName => named[term] = true,
                Place::Comment => beside.push((term, text)),
                Place::Kind => {}
            });
        });
        let (_, text) = beside.into_iter().find(|(term, _)| !named[*term])?;
        Some(shortened(text, PASSAGE))
    }

    fn is_left_out(&self, entry: &Entry) -> bool {
        let holds = |text: &str| self.without.iter().any(|word| holds(text, word));
        if self.without.is_empty() {
            return false;
        }
        let mut is_left_out = prose(entry).is_some_and(holds);
        each_text(entry, &mut |place, text| is_left_out |= place != Place::Kind && holds(text));
        is_left_out
    }
}

/// What was found in the texts of an entry.
struct Marks {
    /// What each term is worth so far.
    scores: Vec<f64>,
    /// Where the terms stand.
    places: Vec<(usize, usize)>,
    /// Room for a copy of a text.
    lower: Vec<u8>,
}

impl Marks {
    /// Marks every name that stands in a text, and where; of prose where no place is given.
    fn take(&mut self, needles: &Needles, text: &str, place: Option<Place>) {
        let worth = match place {
            Some(Place::Name | Place::TestName) => IN_NAME,
            Some(Place::Comment) => IN_COMMENT,
            Some(Place::Kind) => IN_KIND,
            None => IN_PROSE,
        };
        let Marks { scores, places, lower } = self;
        needles.mentions(text, lower, |Mention { term, is_asked_one, at, is_first }| {
            if !is_asked_one && !is_first && place == Some(Place::TestName) {
                return;
            }
            let worth = if is_asked_one { worth } else { worth * OTHER_NAME };
            // A second mention adds a little, a hundredth nothing.
            scores[term] = if scores[term] < worth { worth } else { (scores[term] + 0.1).min(worth + 1.0) };
            places.push((at, term));
        });
    }
}

/// Whether words of a text begin with a folded name.
fn holds(text: &str, name: &str) -> bool {
    if text.is_ascii() { spelled::stands_in(text, name) } else { begins_words(&fold(text), name) }
}

/// The text as it can be scanned: accents off, letter for letter, so that places can be found again.
/// Most texts hold no accented letter (U+00C0 to U+017F begin with the bytes C3 to C5) and are not copied.
fn searchable(text: &str) -> Cow<'_, str> {
    match memchr::memchr3(0xC3, 0xC4, 0xC5, text.as_bytes()) {
        None => Cow::Borrowed(text),
        Some(_) => Cow::Owned(text.chars().map(without_accent).collect()),
    }
}

fn without_accent(letter: char) -> char {
    use unicode_normalization::char::decompose_canonical;
    let mut base = None;
    decompose_canonical(letter, |part| base = base.or(Some(part)));
    base.unwrap_or(letter)
}

/// The byte in the original of a byte in its searchable form.
fn original_place(text: &str, at: usize) -> usize {
    let searchable = searchable(text);
    match searchable {
        Cow::Borrowed(_) => floor(text, at),
        Cow::Owned(copy) => {
            let letters = copy[..floor(&copy, at)].chars().count();
            text.char_indices().nth(letters).map_or(text.len(), |(place, _)| place)
        }
    }
}

/// The place around which the most different words stand, and how many.
fn densest(places: &[(usize, usize)], terms: usize) -> Option<(usize, usize)> {
    let mut best: Option<(usize, usize)> = None;
    for (index, &(at, _)) in places.iter().enumerate().take(1_000) {
        let near = places[index..].iter().take_while(|(other, _)| *other < at + PASSAGE * 2 / 3);
        // A bit for each term: there are at most `TERMS_MAX`.
        let seen = near.fold(0_u32, |seen, (_, term)| seen | 1 << term).count_ones() as usize;
        if best.is_none_or(|(_, count)| seen > count) {
            best = Some((at, seen));
        }
        if seen == terms {
            break;
        }
    }
    best
}

fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|&place| text.is_char_boundary(place)).unwrap_or(0)
}

/// The parts of a query: what stands in quotes whole, the rest between them; `-word` by itself.
fn parts(query: &str) -> Vec<(bool, String)> {
    let mut parts = Vec::new();
    for (number, piece) in query.split('"').enumerate() {
        if number % 2 == 1 {
            parts.push((true, piece.to_owned()));
            continue;
        }
        let (minus, plain): (Vec<&str>, Vec<&str>) =
            piece.split_whitespace().partition(|word| word.starts_with('-') && word.len() > 1);
        parts.push((false, plain.join(" ")));
        parts.extend(minus.into_iter().map(|word| (false, word.to_owned())));
    }
    parts
}
