//! How near a misspelt word is to another.

/// How many letters may be wrong in a word of so many letters.
pub(super) fn wrong_max(letters: usize) -> usize {
    match letters {
        0..=3 => 0,
        4..=7 => 1,
        _ => 2,
    }
}

/// Which letters a word has, one bit each. A wrong letter changes two bits at the most, so most words are
/// told apart without comparing them.
pub(super) fn letters(word: &str) -> u32 {
    word.chars().fold(0, |bits, letter| bits | 1 << (u32::from(letter) % 32))
}

/// Whether two words may be so near, by their letters alone.
pub(super) fn may_be_near(one: u32, other: u32, wrong_max: usize) -> bool {
    (one ^ other).count_ones() as usize <= 2 * wrong_max
}

/// How many letters are wrong, missing, too many, or have changed places with their neighbour; `None` where
/// these are more than `most`.
pub(super) fn wrong_letters(one: &[char], other: &[char], most: usize) -> Option<usize> {
    if one.len().abs_diff(other.len()) > most {
        return None;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=other.len()).collect();
    for (row, letter) in one.iter().enumerate() {
        let mut line = Vec::with_capacity(other.len() + 1);
        line.push(row + 1);
        for (column, theirs) in other.iter().enumerate() {
            let changed = above[column] + usize::from(letter != theirs);
            let mut least = changed.min(above[column + 1] + 1).min(line[column] + 1);
            let has_swapped =
                row > 0 && column > 0 && *letter == other[column - 1] && one[row - 1] == *theirs;
            if has_swapped {
                least = least.min(before[column - 1] + 1);
            }
            line.push(least);
        }
        if line.iter().all(|wrong| *wrong > most) {
            return None;
        }
        before = std::mem::replace(&mut above, line);
    }
    above.last().copied().filter(|wrong| *wrong <= most)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn wrong(one: &str, other: &str, most: usize) -> Option<usize> {
        let chars = |word: &str| word.chars().collect::<Vec<_>>();
        wrong_letters(&chars(one), &chars(other), most)
    }

    #[test]
    fn wrong_letters_are_counted_and_neighbours_may_change_places() {
        assert_eq!(wrong("rochester", "rochester", 2), Some(0));
        assert_eq!(wrong("rochster", "rochester", 2), Some(1));
        assert_eq!(wrong("rcohester", "rochester", 2), Some(1));
        assert_eq!(wrong("rocestr", "rochester", 2), Some(2));
        assert_eq!(wrong("mayo", "mojo", 1), None);
        assert_eq!(wrong("", "a", 1), Some(1));
    }

    proptest! {
        #[test]
        fn the_letters_alone_never_hide_a_near_word(one in "[a-zäöü0-9]{0,10}", other in "[a-zäöü0-9]{0,10}") {
            if wrong(&one, &other, 2).is_some() {
                prop_assert!(may_be_near(letters(&one), letters(&other), 2));
            }
        }

        #[test]
        fn it_does_not_matter_which_of_two_is_the_misspelt_one(one in "[a-d]{0,6}", other in "[a-d]{0,6}") {
            prop_assert_eq!(wrong(&one, &other, 2), wrong(&other, &one, 2));
        }
    }
}
