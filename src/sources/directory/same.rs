//! Words that mean the same in the name of a place: what signs shorten and people write out.

/// Short and long, as the names of United States hospitals and towns have them (`St. Mary's`, `Mt. Sinai`,
/// `Univ. Med. Ctr.`). `st` is a street nowhere in a name.
const SAME: &[(&str, &str)] = &[
    ("st", "saint"),
    ("ste", "sainte"),
    ("mt", "mount"),
    ("ft", "fort"),
    ("ctr", "center"),
    ("centre", "center"),
    ("hosp", "hospital"),
    ("univ", "university"),
    ("med", "medical"),
    ("assoc", "associates"),
    ("grp", "group"),
    ("peds", "pediatrics"),
    ("paediatrics", "pediatrics"),
];

/// Words that may be left out: people type them, and names have them or not.
const GLUE: &[&str] = &["of", "the", "at", "and", "in", "near", "for", "a"];

/// The other ways to write a folded word.
pub(super) fn same(word: &str) -> impl Iterator<Item = &'static str> {
    SAME.iter().filter_map(move |(short, long)| match word {
        _ if word == *short => Some(*long),
        _ if word == *long => Some(*short),
        _ => None,
    })
}

/// Whether a folded word of a question need not be found.
pub(super) fn is_glue(word: &str) -> bool {
    GLUE.contains(&word)
}
