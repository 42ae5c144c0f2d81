//! What is kept of a fetch, and where it goes on.

use serde::{Deserialize, Serialize};

use crate::record::{Queried, Text};

/// Something that is to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    /// A page of a query.
    Page(Page),
    /// How a query ended, after all of its pages.
    Ended(Queried),
}

impl Kept {
    /// About how many bytes it has.
    pub fn size(&self) -> usize {
        match self {
            Kept::Page(page) => page.packed.len() + 512,
            Kept::Ended(_) => 512,
        }
    }
}

/// One page of answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Where the query stands after it.
    pub mark: Mark,
    /// The resources that no earlier page of this fetch brought, each byte for byte as it came, for
    /// [`packed::read`](crate::sources::formats::packed::read).
    pub packed: Vec<u8>,
}

/// Where a query stands after one of its pages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// The query's id.
    pub query: Text,
    /// The page's number in its query, from 0.
    pub number: u32,
    /// 0, or 1 where the query had to begin again: then the pages before it count no longer.
    pub round: u8,
    /// The address of the next page; `None` after the last one, and for what is read singly.
    pub next: Option<String>,
    /// Resources that the server sent; those that an earlier page brought byte for byte count too.
    pub read: u32,
    /// Bytes that the server sent, unpacked.
    pub bytes: u64,
    /// What the server said that it holds back, in words for the person.
    pub held_back: Option<Text>,
    /// What its resources name, is to be read singly, and was not named before.
    pub named: Vec<String>,
    /// What it brought of that which is read singly where it is named.
    pub brought: Vec<String>,
}

/// What an earlier run has kept.
#[derive(Clone, Debug, Default)]
pub struct Begun {
    /// The marks of all pages, in any order.
    pub marks: Vec<Mark>,
    /// The queries that had ended.
    pub ended: Vec<Queried>,
}

/// A query that was cut off in its middle.
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// The number that its next page gets.
    pub number: u32,
    /// Its round.
    pub round: u8,
    /// Pages of this round.
    pub pages: u32,
    /// Resources of this round.
    pub read: u32,
    /// Bytes of this round.
    pub bytes: u64,
    /// What was held back.
    pub held_back: Option<Text>,
    /// Where it goes on; `None` where it had come to its end, or has to begin anew.
    pub next: Option<String>,
}

impl Begun {
    /// Adds something that was kept.
    pub fn add(&mut self, kept: Kept) {
        match kept {
            Kept::Page(page) => self.marks.push(page.mark),
            Kept::Ended(queried) => self.ended.push(queried),
        }
    }

    /// Where a query goes on; `None` where nothing of it was kept.
    pub(super) fn place(&self, query: &str) -> Option<Place> {
        let mut marks: Vec<&Mark> = self.marks.iter().filter(|mark| mark.query == query).collect();
        marks.sort_by_key(|mark| mark.number);
        let last = marks.last()?;
        let mut place = Place { number: last.number + 1, round: last.round, ..Place::default() };
        for mark in marks.iter().filter(|mark| mark.round == last.round) {
            place.pages += 1;
            place.read += mark.read;
            place.bytes += mark.bytes;
            place.held_back = place.held_back.or_else(|| mark.held_back.clone());
        }
        place.next.clone_from(&last.next);
        Some(place)
    }

    /// How a query had ended.
    pub(super) fn ended(&self, query: &str) -> Option<&Queried> {
        self.ended.iter().find(|ended| ended.id == query)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_goes_on_after_its_last_page_and_counts_the_pages_of_its_last_round() {
        let mark = |number, round, next: Option<&str>, held_back: Option<&str>| Mark {
            query: "labs".into(),
            number,
            round,
            next: next.map(Into::into),
            read: 10,
            bytes: 100,
            held_back: held_back.map(Into::into),
            ..Mark::default()
        };
        let marks = vec![
            mark(2, 1, Some("c"), None),
            mark(0, 0, Some("a"), Some("of the round before")),
            mark(1, 1, Some("b"), Some("a part")),
        ];
        let begun = Begun { marks, ended: Vec::new() };
        let place = begun.place("labs").unwrap();
        assert_eq!((place.number, place.round, place.pages, place.read, place.bytes), (3, 1, 2, 20, 200));
        assert_eq!((place.next.as_deref(), place.held_back.as_deref()), (Some("c"), Some("a part")));
        assert!(begun.place("visits").is_none());
    }
}
