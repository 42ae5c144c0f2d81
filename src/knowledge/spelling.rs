//! Known words that a misspelt one may mean: medicines, vaccines, and what people call illnesses.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::folding::fold;
use super::table::{list, rows};
use super::{lay_words, medicines, vaccines};

/// A shorter word has too many neighbours.
const LETTERS_MIN: usize = 5;
/// From so many letters on, two may be wrong.
const TWO_WRONG_FROM: usize = 8;

static WORDS: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let of_medicines = medicines::ingredients().iter().flat_map(|known| {
        std::iter::once(known.name)
            .chain(known.brands.iter().copied())
            .chain(known.other_names.iter().copied())
    });
    let lay = rows(lay_words::LAY_WORDS)
        .flat_map(|[lay, medical, narrower]| list(lay).chain(list(medical)).chain(list(narrower)));
    let of_vaccines = rows::<2>(vaccines::WORDS).flat_map(|[_, words]| list(words));
    let words = of_medicines.chain(lay).chain(of_vaccines).map(fold);
    words.filter(|word| word.len() >= LETTERS_MIN && !word.contains(' ')).collect()
});

/// The known words nearest to a folded word that is none of them: with one wrong letter, with two in a
/// long word, and the same first letter. Empty for a known word, and where no known word comes near.
pub fn nearest(word: &str) -> Vec<&'static str> {
    const MOST: usize = 3;
    if word.len() < LETTERS_MIN || !word.is_ascii() || word.contains(' ') || WORDS.contains(word) {
        return Vec::new();
    }
    let most = if word.len() >= TWO_WRONG_FROM { 2 } else { 1 };
    let is_near = |known: &&String| {
        known.as_bytes().first() == word.as_bytes().first() && known.len().abs_diff(word.len()) <= most
    };
    let near = WORDS.iter().filter(is_near);
    let near: Vec<(usize, &str)> =
        near.map(|known| (wrong_letters(word.as_bytes(), known.as_bytes()), known.as_str())).collect();
    let best = near.iter().map(|(wrong, _)| *wrong).filter(|wrong| *wrong <= most).min();
    near.iter().filter(|(wrong, _)| Some(*wrong) == best).map(|(_, known)| *known).take(MOST).collect()
}

/// How many letters are wrong, missing, too many, or have changed places with their neighbour.
fn wrong_letters(one: &[u8], other: &[u8]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=other.len()).collect();
    for (row, letter) in one.iter().enumerate() {
        let mut line = vec![row + 1];
        for (column, theirs) in other.iter().enumerate() {
            let changed = above[column] + usize::from(letter != theirs);
            let mut least = changed.min(above[column + 1] + 1).min(line[column] + 1);
            let swapped = row > 0 && column > 0 && *letter == other[column - 1] && one[row - 1] == *theirs;
            if swapped {
                least = least.min(before[column - 1] + 1);
            }
            line.push(least);
        }
        before = std::mem::replace(&mut above, line);
    }
    above[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_medicine_is_known_by_its_letters() {
        for (misspelt, meant) in [
            ("metforman", "metformin"),
            ("losarten", "losartan"),
            ("lisinoprol", "lisinopril"),
            ("asprin", "aspirin"),
            ("warafrin", "warfarin"),
        ] {
            assert_eq!(nearest(misspelt), [meant], "{misspelt}");
        }
    }

    #[test]
    fn a_known_word_a_short_one_and_a_strange_one_mean_nothing_else() {
        for word in ["metformin", "zebra", "mass", "xyzzyxyzzy", "", "käse", "left arm"] {
            assert!(nearest(word).is_empty(), "{word}: {:?}", nearest(word));
        }
    }
}
