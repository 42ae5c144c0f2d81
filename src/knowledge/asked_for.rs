//! Which kinds of entry a portal's query brings: so that an answer knows which of them bear on it.

use std::sync::LazyLock;

use super::sensitive::Class;
use super::table::{list, rows};
use crate::record::Kind;

pub(super) const ASKED_FOR: &str = include_str!("tables/asked_for.tsv");

/// What a query asks for.
#[derive(Debug)]
pub struct AskedFor {
    /// Kinds whose list is not the portal's without it.
    pub main: Vec<Kind>,
    /// Kinds of which it may bring some.
    pub also: Vec<Kind>,
    /// The sensitive class to which all of it belongs.
    pub class: Option<Class>,
}

impl AskedFor {
    /// Whether it may bring one of these.
    pub fn brings(&self, kinds: &[Kind]) -> bool {
        self.main.iter().chain(&self.also).any(|kind| kinds.contains(kind))
    }

    /// Whether without it the list of one of these is not the portal's.
    pub fn is_main_of(&self, kinds: &[Kind]) -> bool {
        self.main.iter().any(|kind| kinds.contains(kind))
    }
}

struct Row {
    asks_for: &'static str,
    query: &'static str,
    what: AskedFor,
}

/// A type of which nothing is known is kept as something else, and found by search.
static UNKNOWN: LazyLock<AskedFor> =
    LazyLock::new(|| AskedFor { main: Vec::new(), also: vec![Kind::Other], class: None });

static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| {
    rows(ASKED_FOR)
        .map(|[asks_for, query, main, also, class]| {
            let (main, also, class) = (kinds(main), kinds(also), Class::named(class));
            Row { asks_for, query, what: AskedFor { main, also, class } }
        })
        .collect()
});

/// What a query asks for, by its id in the plan, else by the type of resource.
pub fn asked_for(asks_for: &str, query: &str) -> &'static AskedFor {
    let of_type = |row: &&Row| row.asks_for == asks_for;
    let own = ROWS.iter().filter(of_type).find(|row| row.query == query);
    own.or_else(|| ROWS.iter().filter(of_type).find(|row| row.query == "-"))
        .map_or(&*UNKNOWN, |row| &row.what)
}

fn kinds(cell: &'static str) -> Vec<Kind> {
    list(cell).filter_map(|word| Kind::ALL.into_iter().find(|kind| kind.plural() == word)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cell_is_read() {
        for [asks_for, id, main, also, class] in rows::<5>(ASKED_FOR) {
            let words = |cell| list(cell).filter(|word| *word != "-").count();
            let read = asked_for(asks_for, id);
            assert_eq!((read.main.len(), read.also.len()), (words(main), words(also)), "{asks_for} {id}");
            assert_eq!(read.class.is_none(), class == "-", "{asks_for} {id}");
            assert!(read.brings(&Kind::ALL), "{asks_for} {id} brings nothing");
        }
    }

    #[test]
    fn a_query_is_known_by_its_id_and_else_by_its_type() {
        assert_eq!(asked_for("Observation", "labs").main, [Kind::Lab]);
        assert!(asked_for("Observation", "anything").is_main_of(&[Kind::Vital]));
        assert_eq!(asked_for("Appointment", "appointments").also, [Kind::Other]);
        // Documents whose contents could not be read are told where documents are.
        assert_eq!(asked_for("chase:Binary", "chase:Binary").also, [Kind::Document]);
    }
}
