//! Who measured: watches, phones, other devices and apps, in the order in which they are believed.

use foldhash::HashMap;

/// Names that are told apart; what comes after so many is one.
pub const SOURCES_MAX: usize = 1000;
/// Bytes of a name that are kept.
const NAME_BYTES_MAX: usize = 200;

/// What a source is, by which it is believed: on the wrist before in the pocket before anything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    Watch,
    Phone,
    Other,
}

#[derive(Debug)]
struct Source {
    name: Box<str>,
    class: Class,
}

/// The sources of an export, by number.
#[derive(Debug, Default)]
pub struct Sources {
    all: Vec<Source>,
    by_name: HashMap<Box<str>, u16>,
    last: u16,
}

impl Sources {
    /// The number of a source. `device` says what it is where its name does not: people rename their watches.
    pub fn number(&mut self, name: &str, device: &str) -> u16 {
        let last = usize::from(self.last);
        let place = match self.all.get(last).filter(|source| &*source.name == name) {
            Some(_) => last,
            None => self.place(name),
        };
        if let Some(source) = self.all.get_mut(place).filter(|source| source.class == Class::Other) {
            source.class = class(device);
        }
        self.last = place as u16;
        self.last
    }

    /// Adds those of the next piece: the number that each of them has here.
    pub fn absorb(&mut self, next: &Sources) -> Vec<u16> {
        let number = |source: &Source| {
            let place = self.place(&source.name);
            let own = &mut self.all[place];
            if own.class == Class::Other {
                own.class = source.class;
            }
            place as u16
        };
        next.all.iter().map(number).collect()
    }

    fn place(&mut self, name: &str) -> usize {
        if let Some(number) = self.by_name.get(name) {
            return usize::from(*number);
        }
        let is_full = self.all.len() >= SOURCES_MAX;
        let name = if is_full || name.len() > NAME_BYTES_MAX { "another source" } else { name };
        if let Some(number) = self.by_name.get(name) {
            return usize::from(*number);
        }
        let number = self.all.len();
        self.all.push(Source { name: name.into(), class: class(name) });
        self.by_name.insert(name.into(), number as u16);
        number
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.all.len()
    }

    /// What a source is called.
    pub fn name(&self, number: u16) -> &str {
        self.all.get(usize::from(number)).map_or("", |source| &source.name)
    }

    /// The place of each source in the order in which they are believed. It depends on names alone, so that
    /// the next export, in which they come otherwise, gives the same totals.
    pub fn ranks(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.all.len()).collect();
        order.sort_by_key(|&place| (self.all[place].class, &self.all[place].name));
        let mut ranks = vec![0; order.len()];
        for (rank, place) in order.into_iter().enumerate() {
            ranks[place] = rank;
        }
        ranks
    }
}

fn class(words: &str) -> Class {
    let has = |word: &str| memchr::memmem::find(words.as_bytes(), word.as_bytes()).is_some();
    match () {
        () if has("Watch") => Class::Watch,
        () if has("iPhone") => Class::Phone,
        () => Class::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_watch_is_believed_before_a_phone_by_whatever_name() {
        let mut sources = Sources::default();
        let app = sources.number("Pedometer", "");
        let phone = sources.number("Maria’s iPhone", "");
        let watch = sources.number("Armbanduhr", "");
        assert_eq!(sources.number("Armbanduhr", "<<HKDevice>, name:Apple Watch, model:Watch>"), watch);
        let ranks = sources.ranks();
        let rank = |number: u16| ranks[usize::from(number)];
        assert_eq!((rank(watch), rank(phone), rank(app)), (0, 1, 2));
        assert_eq!(sources.name(phone), "Maria’s iPhone");
    }

    #[test]
    fn sources_without_number_are_one() {
        let mut sources = Sources::default();
        let numbers: Vec<u16> =
            (0..2000).map(|number| sources.number(&format!("app {number}"), "")).collect();
        assert_eq!((numbers[1500], numbers[1999]), (1000, 1000));
        assert_eq!(sources.name(1000), "another source");
    }
}
