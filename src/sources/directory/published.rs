//! Where vendors publish their lists: the table that ships. The lists do not.

/// A list that a vendor publishes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Published {
    /// What to type.
    pub name: &'static str,
    /// Whose it is.
    pub vendor: &'static str,
    /// Where it is.
    pub url: &'static str,
    /// What it is.
    pub what: &'static str,
    /// Where the address was read.
    pub source: &'static str,
    /// In which year.
    pub year: &'static str,
}

const TABLE: &str = include_str!("published.tsv");

/// Every list that is known.
pub fn all() -> impl Iterator<Item = Published> {
    TABLE.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).filter_map(|line| {
        let cells: [&str; 6] = line.split('\t').collect::<Vec<_>>().try_into().ok()?;
        let [name, vendor, url, what, source, year] = cells;
        Some(Published { name, vendor, url, what, source, year })
    })
}

/// The list of this name.
pub fn find(name: &str) -> Option<Published> {
    all().find(|list| list.name.eq_ignore_ascii_case(name.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_read_and_says_where_it_was_found() {
        let rows = TABLE.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).count();
        assert_eq!(all().count(), rows);
        for list in all() {
            assert!(list.url.starts_with("https://"), "{}", list.name);
            assert!(!list.source.is_empty() && list.year.len() == 4, "{}", list.name);
            assert_eq!(find(list.name), Some(list), "a name stands for one list");
        }
        assert_eq!(find("EPIC ").map(|list| list.vendor), Some("Epic"));
    }
}
