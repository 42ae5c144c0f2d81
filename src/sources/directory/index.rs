//! The words of a bundle and the brands that have them, in memory only.

use foldhash::{HashMap, HashMapExt};

use super::building::row;
use super::near;
use super::tables::Tables;
use super::texts::{Interner, TextId, Texts};
use crate::knowledge::folding::fold;
use crate::knowledge::states;

/// Where a brand has a word: the sooner, the more it says about the brand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Field {
    /// In its name or in one of its other names.
    Name = 0,
    /// In the name of a town or state where it is.
    Place = 1,
    /// In the name of a portal.
    Portal = 2,
    /// In the name of a brand that it is part of.
    Above = 3,
}

/// Every word once, sorted, with the brands that have it.
#[derive(Debug, Default)]
pub(super) struct Index {
    words: Texts,
    order: Vec<TextId>,
    letters: Vec<u32>,
    /// Where the brands of each word begin in `postings`; one more at the end.
    starts: Vec<u32>,
    /// A brand's row times four, and the field.
    postings: Vec<u32>,
    /// How many words each brand's name has.
    pub name_words: Vec<u8>,
    /// Whose portals serve each brand.
    pub owners: Vec<u32>,
}

/// How many brands an index holds: two bits of 32 are the field.
const BRANDS_MAX: usize = 1 << 30;

impl Index {
    /// The index of these tables.
    pub fn of(tables: &Tables) -> Index {
        assert!(tables.brands.len() < BRANDS_MAX, "the limit of entries is far below");
        let mut making = Making { words: Interner::default(), pairs: Vec::new(), states: HashMap::new() };
        let mut name_words = Vec::with_capacity(tables.brands.len());
        for (at, brand) in tables.brands.iter().enumerate() {
            let at = row(at);
            let words = making.name(tables.text(brand.name), at, Field::Name);
            name_words.push(u8::try_from(words).unwrap_or(u8::MAX));
            for alias in &brand.aliases {
                making.name(tables.text(*alias), at, Field::Name);
            }
            for place in &brand.places {
                if let Some(town) = place.town {
                    making.name(tables.text(town), at, Field::Place);
                }
                if let Some(state) = place.state {
                    making.state(state, tables, at);
                }
            }
            for portal in tables.portals_of(at) {
                if let Some(name) = portal.name {
                    making.name(tables.text(name), at, Field::Portal);
                }
            }
            for above in tables.lineage(at).skip(1) {
                let above = &tables.brands[above as usize];
                for name in std::iter::once(&above.name).chain(&above.aliases) {
                    making.name(tables.text(*name), at, Field::Above);
                }
            }
        }
        let owners = (0..row(tables.brands.len())).map(|at| tables.owner(at)).collect();
        making.finish(name_words, owners)
    }

    /// How many words there are.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// The word at this place of the sorted list.
    pub fn word(&self, at: usize) -> &str {
        self.words.get(self.order[at])
    }

    /// The places of the words that begin so; a word that is equal comes first.
    pub fn beginning(&self, with: &str) -> std::ops::Range<usize> {
        let start = self.order.partition_point(|id| self.words.get(*id) < with);
        let length = self.order[start..].partition_point(|id| self.words.get(*id).starts_with(with));
        start..start + length
    }

    /// Which letters the word has.
    pub fn letters(&self, at: usize) -> u32 {
        self.letters[at]
    }

    /// The brands that have the word, and where.
    pub fn brands(&self, at: usize) -> impl Iterator<Item = (u32, Field)> {
        let (start, end) = (self.starts[at] as usize, self.starts[at + 1] as usize);
        self.postings[start..end].iter().map(|posting| (posting >> 2, field(*posting)))
    }
}

fn field(posting: u32) -> Field {
    match posting & 3 {
        0 => Field::Name,
        1 => Field::Place,
        2 => Field::Portal,
        _ => Field::Above,
    }
}

/// An index under construction.
struct Making {
    words: Interner,
    /// Word and posting.
    pairs: Vec<(TextId, u32)>,
    /// The words of each state, which few brands do not share.
    states: HashMap<TextId, Vec<TextId>>,
}

impl Making {
    /// Notes the words of a name; how many there are.
    fn name(&mut self, name: &str, brand: u32, field: Field) -> usize {
        let folded = fold(name);
        let mut words = 0;
        for word in folded.split(' ').filter(|word| !word.is_empty()) {
            let word = self.words.id(word);
            self.pairs.push((word, brand << 2 | field as u32));
            words += 1;
        }
        words
    }

    /// A state is found by its name and by its abbreviation, however the bundle writes it.
    fn state(&mut self, state: TextId, tables: &Tables, brand: u32) {
        let words = self.states.entry(state).or_insert_with(|| {
            let written = tables.text(state);
            let both = [fold(written), fold(states::other_way(written).unwrap_or_default())];
            let words = both.iter().flat_map(|way| way.split(' ')).filter(|word| !word.is_empty());
            words.map(|word| self.words.id(word)).collect()
        });
        self.pairs.extend(words.iter().map(|word| (*word, brand << 2 | Field::Place as u32)));
    }

    fn finish(self, name_words: Vec<u8>, owners: Vec<u32>) -> Index {
        let words = self.words.finish();
        let mut order: Vec<TextId> = words.ids().collect();
        order.sort_unstable_by(|one, other| words.get(*one).cmp(words.get(*other)));
        let mut places = vec![0; order.len()];
        order.iter().enumerate().for_each(|(place, id)| places[id.at()] = row(place));
        let mut pairs: Vec<(u32, u32)> =
            self.pairs.into_iter().map(|(word, posting)| (places[word.at()], posting)).collect();
        pairs.sort_unstable();
        // A brand that has a word in several fields has it in the best: they come in that order.
        pairs.dedup_by_key(|(word, posting)| (*word, *posting >> 2));
        let mut starts = Vec::with_capacity(order.len() + 1);
        let mut begin = 0;
        for place in 0..=order.len() {
            begin += pairs[begin..].partition_point(|(word, _)| (*word as usize) < place);
            starts.push(row(begin));
        }
        let letters = order.iter().map(|id| near::letters(words.get(*id))).collect();
        let postings = pairs.into_iter().map(|(_, posting)| posting).collect();
        Index { words, order, letters, starts, postings, name_words, owners }
    }
}
