//! The directory in memory: bundles side by side, asked as one.

use foldhash::{HashSet, HashSetExt};

use super::about::About;
use super::hit::{Hit, Hits};
use super::index::Index;
use super::matching::{Match, Question};
use super::tables::Tables;
use crate::knowledge::folding::fold;

/// Several bundles, opened.
#[derive(Debug, Default)]
pub struct Directory {
    pub(super) bundles: Vec<Opened>,
}

/// A bundle, opened.
#[derive(Debug)]
pub(super) struct Opened {
    pub about: About,
    pub tables: Tables,
    index: Index,
}

impl Directory {
    /// A directory without any bundle.
    pub fn new() -> Directory {
        Directory::default()
    }

    /// Puts a bundle in; one of the same name is replaced.
    pub fn put(&mut self, about: About, tables: Tables) {
        self.bundles.retain(|bundle| bundle.about.name != about.name);
        let index = Index::of(&tables);
        self.bundles.push(Opened { about, tables, index });
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.bundles.is_empty()
    }

    /// What is known of each bundle.
    pub fn bundles(&self) -> impl Iterator<Item = &About> {
        self.bundles.iter().map(|bundle| &bundle.about)
    }

    /// Finds brands by name, former name, town, state and portal. Every word counts, in any order, be it
    /// only the beginning of a word or misspelt (one wrong letter in four to seven, two in longer words).
    ///
    /// Words as they are come before beginnings, and these before misspelt ones; then words of the name come
    /// before those of a place. Facilities are told under the brand whose portals serve them, once.
    pub fn search(&self, words: &str, limit: usize) -> Hits {
        let Some(question) = Question::of(words) else { return Hits::default() };
        let mut found: Vec<(Match, usize)> = Vec::new();
        for (at, bundle) in self.bundles.iter().enumerate() {
            found.extend(best_of_each_owner(&question, bundle).into_iter().map(|found| (found, at)));
        }
        found.sort_unstable_by_key(|(found, at)| (*found, *at));
        let mut total = found.len();
        let mut hits: Vec<Hit> = Vec::new();
        let mut rest = found.into_iter();
        while hits.len() < limit
            && let Some((found, at)) = rest.next()
        {
            let Opened { about, tables, index } = &self.bundles[at];
            let hit = Hit::of(found, index.owners[found.brand as usize], &question, tables, about);
            match hits.iter_mut().find(|earlier| is_same(earlier, &hit)) {
                // Two bundles tell of the same: once is enough, and both are named.
                Some(earlier) => {
                    earlier.bundles.extend(hit.bundles);
                    total -= 1;
                }
                None => hits.push(hit),
            }
        }
        Hits { hits, total }
    }
}

/// The best match of each brand that has portals of its own, the best first.
fn best_of_each_owner(question: &Question, bundle: &Opened) -> Vec<Match> {
    let mut matches = question.matches(&bundle.index);
    matches.sort_unstable();
    let mut seen: HashSet<u32> = HashSet::with_capacity(matches.len().min(1 << 12));
    matches.retain(|found| seen.insert(bundle.index.owners[found.brand as usize]));
    matches
}

/// The same brand at the same endpoints, as another bundle tells it.
fn is_same(one: &Hit, other: &Hit) -> bool {
    let addresses = |hit: &Hit| {
        let endpoints = hit.portals.iter().flat_map(|portal| &portal.endpoints);
        let mut all: Vec<String> =
            endpoints.map(|endpoint| endpoint.address.trim_end_matches('/').to_ascii_lowercase()).collect();
        all.sort();
        all
    };
    one.bundles[0] != other.bundles[0]
        && fold(&one.brand) == fold(&other.brand)
        && !addresses(one).is_empty()
        && addresses(one) == addresses(other)
}
