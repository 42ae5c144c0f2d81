//! The states, districts and territories of the United States, by abbreviation and by name.

use super::folding::fold;
use super::table::rows;

pub(super) const STATES: &str = include_str!("tables/states.tsv");

/// The other way to write a state: `MN` for `Minnesota`, and `Minnesota` for `MN`. `None` for what is neither.
pub fn other_way(state: &str) -> Option<&'static str> {
    let folded = fold(state);
    rows(STATES).find_map(|[short, name]: [&'static str; 2]| {
        if folded.eq_ignore_ascii_case(short) {
            Some(name)
        } else if folded == fold(name) {
            Some(short)
        } else {
            None
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_known_by_its_abbreviation_and_by_its_name() {
        assert_eq!(other_way("mn"), Some("Minnesota"));
        assert_eq!(other_way(" NEW  YORK "), Some("NY"));
        assert_eq!(other_way("Bavaria"), None);
        assert_eq!(rows::<2>(STATES).count(), 62);
    }
}
