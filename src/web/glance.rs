//! The record at a glance: how much there is of each category, and how new it is.

use jiff::civil::Date;

use super::categories::{CATEGORIES, Category};
use super::dates;
use crate::insight::Whose;
use crate::record::{Source, SourceKind, View, When};

/// The record of one person, counted.
#[derive(Debug, PartialEq, Eq)]
pub struct Glance {
    /// The person as recorded.
    pub whose: Whose,
    /// What there is.
    pub counted: Vec<Counted>,
    /// Categories of which nothing has come in.
    pub missing: Vec<&'static str>,
    /// Where it came from.
    pub sources: Vec<Fresh>,
}

/// A category and how much there is of it.
#[derive(Debug, PartialEq, Eq)]
pub struct Counted {
    /// What it is called.
    pub title: &'static str,
    /// How many, the same fact from several sources counted once.
    pub count: usize,
    /// The day of the newest.
    pub newest: Option<String>,
}

/// A source and how fresh it is.
#[derive(Debug, PartialEq, Eq)]
pub struct Fresh {
    /// What it is called.
    pub name: String,
    /// When it was last read.
    pub read_on: Option<String>,
    /// What is wrong with it.
    pub trouble: Option<String>,
}

impl Glance {
    /// What a view holds, with the sources that are told of.
    pub fn of(view: &View, sources: &[&Source], today: Date) -> Glance {
        let all = CATEGORIES.iter().map(|category| count(view, category, today));
        let (counted, empty): (Vec<_>, Vec<_>) = all.partition(|counted| counted.count > 0);
        Glance {
            whose: Whose::of(view),
            counted,
            // A person's own notes, and what fits nowhere, are not missed.
            missing: empty
                .into_iter()
                .map(|counted| counted.title)
                .filter(|title| !["Your own notes", "Everything else"].contains(title))
                .collect(),
            sources: sources.iter().copied().map(fresh).collect(),
        }
    }

    /// Whether nothing has come in.
    pub fn is_empty(&self) -> bool {
        self.counted.is_empty()
    }
}

fn count(view: &View, category: &Category, today: Date) -> Counted {
    let kinds = || category.kinds.iter().copied();
    // A date that is yet to come, of an appointment or a slip, makes nothing newer.
    let dates = kinds().flat_map(|kind| view.entries(kind)).filter_map(|entry| entry.date);
    let newest: Option<When> = dates.filter(|date| date.earliest() <= today).max();
    Counted {
        title: category.title,
        count: kinds().map(|kind| view.groups(kind).len()).sum(),
        newest: newest.map(dates::when),
    }
}

/// The day on which a source was last read.
pub fn read_on(source: &Source) -> Option<String> {
    let read_at = match source.kind {
        SourceKind::Portal => source.fetched.as_ref().map(|fetched| fetched.at).filter(|at| *at > 0),
        SourceKind::Files | SourceKind::Own => source.last_at(),
    };
    read_at.map(dates::of_second)
}

fn fresh(source: &Source) -> Fresh {
    let trouble = source.fetched.as_ref().and_then(|fetched| fetched.trouble.as_ref());
    Fresh {
        name: source.name.to_string(),
        read_on: read_on(source),
        trouble: trouble.map(|trouble| trouble.why.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insight::testing::{entry, record};
    use crate::record::{Detail, Entry, Kind, Scope};

    const TODAY: Date = jiff::civil::date(2026, 11, 29);

    fn visit(id: &str, date: &str) -> Entry {
        entry(id, "Check-up", date, Detail::Visit(Box::default()))
    }

    #[test]
    fn a_category_tells_how_many_and_the_newest_that_can_be() {
        let entries =
            vec![visit("E000001", "2024-01-05"), visit("E000002", "2025-03"), visit("E000003", "2031-01-01")];
        let view = View::everything(record(entries));
        let glance = Glance::of(&view, &view.sources().collect::<Vec<_>>(), TODAY);
        let visits = Counted { title: "Hospital records", count: 3, newest: Some("2025-03".into()) };
        assert_eq!(glance.counted, [visits]);
        assert!(glance.missing.contains(&"Lab results") && !glance.missing.contains(&"Everything else"));
        assert_eq!(glance.whose.name, "Maria Alvarez");
        assert_eq!(glance.sources[0].name, "Riverton Clinic");
    }

    #[test]
    fn what_is_withheld_is_not_counted() {
        let mut scope = Scope::everything();
        scope.kinds.remove(&Kind::Visit);
        let view = View::new(record(vec![visit("E000001", "2024-01-05")]), scope);
        assert!(Glance::of(&view, &[], TODAY).is_empty());
    }
}
