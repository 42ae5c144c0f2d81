//! What came so far: so that the same resource is not kept twice, and that what entries name is read once.

use std::hash::BuildHasher;
use std::sync::{Mutex, PoisonError};

use foldhash::quality::RandomState;
use foldhash::{HashMap, HashMapExt as _, HashSet, HashSetExt as _};

use super::Begun;
use super::scan::{self, Found};

/// What all threads have brought.
pub struct Brought {
    // Two seeds that nobody outside knows: a hash that another resource has too would lose it.
    seeds: [RandomState; 2],
    contents: Mutex<HashSet<[u64; 2]>>,
    references: Mutex<References>,
}

struct References {
    named: HashSet<String>,
    brought: HashSet<String>,
    left_out: HashMap<&'static str, usize>,
    elsewhere: usize,
    named_max: usize,
}

impl Brought {
    /// With what an earlier run has brought.
    pub fn new(begun: &Begun, named_max: usize) -> Brought {
        let all = |of: fn(&super::Mark) -> &Vec<String>| begun.marks.iter().flat_map(of).cloned().collect();
        let references = References {
            named: all(|mark| &mark.named),
            brought: all(|mark| &mark.brought),
            left_out: HashMap::new(),
            elsewhere: 0,
            named_max,
        };
        Brought {
            seeds: [RandomState::default(), RandomState::default()],
            contents: Mutex::new(HashSet::new()),
            references: Mutex::new(references),
        }
    }

    /// Which of these resources came for the first time, byte for byte.
    pub fn are_new(&self, resources: &[&str]) -> Vec<bool> {
        let hash = |text: &&str| [self.seeds[0].hash_one(*text), self.seeds[1].hash_one(*text)];
        let hashes: Vec<[u64; 2]> = resources.iter().map(hash).collect();
        let mut contents = self.contents.lock().unwrap_or_else(PoisonError::into_inner);
        hashes.into_iter().map(|hash| contents.insert(hash)).collect()
    }

    /// Notes what a page brought, and gives back what it names for the first time.
    pub fn note(&self, found: &Found) -> Vec<String> {
        let mut references = self.references.lock().unwrap_or_else(PoisonError::into_inner);
        references.elsewhere += found.elsewhere;
        for key in &found.brought {
            if !references.brought.contains(key) {
                references.brought.insert(key.clone());
            }
        }
        let mut first = Vec::new();
        for key in &found.named {
            if references.named.contains(key) {
                continue;
            }
            if references.named.len() >= references.named_max {
                *references.left_out.entry(scan::kind_of(key)).or_default() += 1;
                continue;
            }
            references.named.insert(key.clone());
            first.push(key.clone());
        }
        first
    }

    /// What was named and has not been brought, in an order that does not change from run to run.
    pub fn open(&self) -> Vec<String> {
        let references = self.references.lock().unwrap_or_else(PoisonError::into_inner);
        let mut open: Vec<String> = references.named.difference(&references.brought).cloned().collect();
        open.sort_unstable();
        open
    }

    /// How many documents lie on another server.
    pub fn elsewhere(&self) -> usize {
        self.references.lock().unwrap_or_else(PoisonError::into_inner).elsewhere
    }

    /// How often something of a type was named that was too much.
    pub fn left_out(&self, kind: &str) -> usize {
        let references = self.references.lock().unwrap_or_else(PoisonError::into_inner);
        references.left_out.get(kind).copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resource_is_new_once_and_a_single_byte_makes_another() {
        let brought = Brought::new(&Begun::default(), 10);
        assert_eq!(brought.are_new(&["{\"a\":1}", "{\"a\":1}", "{\"a\":1.0}"]), [true, false, true]);
        assert_eq!(brought.are_new(&["{\"a\":1}"]), [false]);
    }

    #[test]
    fn what_is_named_is_open_until_it_is_brought_and_never_more_than_the_limit() {
        let brought = Brought::new(&Begun::default(), 2);
        let found = |named: &[&str], brought: &[&str]| Found {
            named: named.iter().map(|key| (*key).to_owned()).collect(),
            brought: brought.iter().map(|key| (*key).to_owned()).collect(),
            elsewhere: 0,
        };
        assert_eq!(brought.note(&found(&["A/1", "A/2", "A/3"], &[])), ["A/1", "A/2"]);
        assert!(brought.note(&found(&["A/1"], &["A/2"])).is_empty());
        assert_eq!((brought.open(), brought.left_out("Binary")), (vec!["A/1".to_owned()], 1));
    }
}
