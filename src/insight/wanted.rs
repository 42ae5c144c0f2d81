//! The words of a search and where in an entry they stand.

use std::borrow::Cow;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, MatchKind};

use super::Refusal;
use super::matching::{Term, begins_words, terms, words_of};
use super::search::prose;
use crate::knowledge::folding::fold;
use crate::record::{Detail, Entry};

/// A search, understood.
pub struct Wanted {
    terms: Vec<Term>,
    without: Vec<Term>,
    needles: Names,
    finder: AhoCorasick,
}

/// For each needle, the names that it may belong to: the term, and which of its names.
type Names = Vec<Vec<(usize, usize)>>;

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
/// Another name than the asked one is worth less.
const OTHER_NAME: f64 = 0.7;
/// Bytes around a needle within which its whole name must stand, line breaks and all.
const WINDOW: usize = 96;
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
                Some(word) => without.push(Term { names: vec![fold(word)] }),
                None if is_quoted => wanted.push(Term { names: vec![fold(&part)] }),
                None => wanted.extend(terms(&part)),
            }
        }
        wanted.retain(|term| !term.names[0].is_empty());
        if wanted.is_empty() || wanted.len() > TERMS_MAX {
            let reason = format!(
                "query must hold from 1 to {TERMS_MAX} words that name something, such as \"knee pain\""
            );
            return Err(Refusal::BadArgument(reason));
        }
        let (needles, finder) =
            needles(&wanted).ok_or_else(|| Refusal::BadArgument("query is too long".into()))?;
        Ok(Wanted { terms: wanted, without, needles, finder })
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
        let mut scores = vec![0.0_f64; self.terms.len()];
        for text in names_of(entry) {
            self.mark(text, IN_NAME, &mut scores, &mut Vec::new());
        }
        for text in comments_of(entry) {
            self.mark(text, IN_COMMENT, &mut scores, &mut Vec::new());
        }
        let mut places = Vec::new();
        if let Some(prose) = prose(entry) {
            self.mark(&searchable(prose), IN_PROSE, &mut scores, &mut places);
        }
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
        let text = prose(entry)?;
        let at = original_place(text, found.at?);
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

    /// Marks every name that stands in the text, and where.
    fn mark(&self, text: &str, worth: f64, scores: &mut [f64], places: &mut Vec<(usize, usize)>) {
        for hit in self.finder.find_overlapping_iter(text) {
            for &(term, name) in &self.needles[hit.pattern().as_usize()] {
                let words = &self.terms[term].names[name];
                if !stands_at(text, hit.start(), words) {
                    continue;
                }
                let worth = if name == 0 { worth } else { worth * OTHER_NAME };
                // A second mention adds a little, a hundredth nothing.
                scores[term] =
                    if scores[term] < worth { worth } else { (scores[term] + 0.1).min(worth + 1.0) };
                places.push((hit.start(), term));
            }
        }
    }

    fn is_left_out(&self, entry: &Entry) -> bool {
        let holds = |text: &str| {
            let folded = fold(text);
            self.without.iter().any(|term| begins_words(&folded, &term.names[0]))
        };
        !self.without.is_empty()
            && (names_of(entry).chain(comments_of(entry)).any(holds) || prose(entry).is_some_and(holds))
    }
}

/// Names, codes, displays, ingredients: what an entry is called.
fn names_of(entry: &Entry) -> impl Iterator<Item = &str> {
    let ingredients = match &entry.detail {
        Detail::Medication(medicine) => medicine.ingredients.as_slice(),
        _ => &[],
    };
    words_of(&entry.concept).chain(ingredients.iter().map(|name| name.as_str()))
}

/// Comments, reasons, further elements, people: what stands beside it.
fn comments_of(entry: &Entry) -> impl Iterator<Item = &str> {
    let reasons: Vec<&str> = match &entry.detail {
        Detail::Medication(medicine) => medicine.reasons.iter().map(|text| text.as_str()).collect(),
        Detail::Visit(visit) => visit.reasons.iter().map(|text| text.as_str()).collect(),
        Detail::Document(document) => document.conclusion.as_deref().into_iter().collect(),
        Detail::Allergy(allergy) => allergy
            .reactions
            .iter()
            .flat_map(|reaction| reaction.manifestations.iter().map(|text| text.as_str()))
            .collect(),
        Detail::Family(family) => {
            let conditions = family.conditions.iter().filter_map(|condition| condition.concept.name());
            conditions.chain(family.relation.as_deref()).collect()
        }
        Detail::Measurement(found) => {
            found.components.iter().filter_map(|part| part.concept.name()).collect()
        }
        Detail::Answers(answers) => {
            answers.iter().flat_map(|(question, answer)| [question.as_str(), answer.as_str()]).collect()
        }
        _ => Vec::new(),
    };
    let notes = entry.notes.iter().map(|note| note.as_str());
    let further = entry.more.iter().map(|(_, value)| value.as_str());
    let people = entry.actors.iter().filter_map(|actor| actor.name.as_deref());
    reasons.into_iter().chain(notes).chain(further).chain(people)
}

/// One needle for each different longest word of the names: what a plain scan of raw text can find,
/// though the words of a name are parted by a line break or a hyphen.
fn needles(terms: &[Term]) -> Option<(Names, AhoCorasick)> {
    let mut words: Vec<&str> = Vec::new();
    let mut names: Names = Vec::new();
    for (term, name) in
        terms.iter().enumerate().flat_map(|(term, all)| (0..all.names.len()).map(move |name| (term, name)))
    {
        let longest = terms[term].names[name].split(' ').max_by_key(|word| word.len()).unwrap_or("");
        // `crohns` stands as `Crohn's` in raw text.
        let word = if longest.len() > 4 { longest.strip_suffix('s').unwrap_or(longest) } else { longest };
        match words.iter().position(|known| *known == word) {
            Some(place) => names[place].push((term, name)),
            None => {
                words.push(word);
                names.push(vec![(term, name)]);
            }
        }
    }
    let finder = AhoCorasickBuilder::new()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::Standard)
        .build(&words)
        .ok()?;
    Some((names, finder))
}

/// Whether a whole name stands around a place where its longest word was found.
fn stands_at(text: &str, at: usize, name: &str) -> bool {
    let from = floor(text, at.saturating_sub(WINDOW));
    let to = floor(text, (at + WINDOW).min(text.len()));
    // The window must not begin inside a word, or its second half would pass for a word.
    let from = if from == 0 {
        0
    } else {
        text[from..at].find(|letter: char| !letter.is_alphanumeric()).map_or(at, |cut| from + cut)
    };
    begins_words(&fold(&text[from..to]), name)
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
        let mut seen: Vec<usize> = near.map(|(_, term)| *term).collect();
        seen.sort_unstable();
        seen.dedup();
        if best.is_none_or(|(_, count)| seen.len() > count) {
            best = Some((at, seen.len()));
        }
        if seen.len() == terms {
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
