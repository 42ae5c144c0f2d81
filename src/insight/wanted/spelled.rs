//! Whether a folded name stands at a place of a text as it was written, read sign by sign: nothing is
//! folded or copied for it, so that a word may stand in a record ten thousand times.

use super::super::matching::SHORT;

/// A sign of a text, as folding would leave it.
#[derive(PartialEq)]
enum Sign {
    /// A letter or digit, in lower case.
    Letter(u8),
    /// Whatever parts two words.
    Gap,
    /// There is no further one.
    End,
    /// Not ASCII: only folding can tell.
    Foreign,
}

/// Whether `name` stands in `text` so that its byte `within` is the byte `at` of the text, by the rules of
/// [`begins_words`](super::super::matching::begins_words). `None` where signs beyond ASCII decide.
pub fn stands_at(text: &str, at: usize, name: &str, within: usize) -> Option<bool> {
    let (text, name) = (text.as_bytes(), name.as_bytes());
    let (mut from, mut to) = (at, at);
    let (before, behind) = name.split_at(within);
    if !reads(behind.iter(), || ahead(text, &mut to))?
        || !reads(before.iter().rev(), || back(text, &mut from))?
        || !parts(back(text, &mut from))?
    {
        return Some(false);
    }
    if name.len() > SHORT { Some(true) } else { parts(ahead(text, &mut to)) }
}

/// Whether a folded name stands anywhere in a text of ASCII signs alone.
pub fn stands_in(text: &str, name: &str) -> bool {
    let Some(&first) = name.as_bytes().first() else { return false };
    memchr::memchr2_iter(first, first.to_ascii_uppercase(), text.as_bytes())
        .any(|at| stands_at(text, at, name, 0) == Some(true))
}

/// Whether the signs that come are these letters.
fn reads<'a>(letters: impl Iterator<Item = &'a u8>, mut next: impl FnMut() -> Sign) -> Option<bool> {
    for &letter in letters {
        match next() {
            Sign::Foreign => return None,
            Sign::Letter(found) if found == letter => {}
            Sign::Gap if letter == b' ' => {}
            _ => return Some(false),
        }
    }
    Some(true)
}

fn parts(sign: Sign) -> Option<bool> {
    (sign != Sign::Foreign).then_some(matches!(sign, Sign::Gap | Sign::End))
}

/// The sign at a place, and the place moved behind it.
fn ahead(text: &[u8], at: &mut usize) -> Sign {
    let rest = text.get(*at..).unwrap_or_default();
    let (sign, read) = sign(rest.iter());
    *at += read;
    sign
}

/// The sign before a place, and the place moved before it.
fn back(text: &[u8], at: &mut usize) -> Sign {
    let before = text.get(..*at).unwrap_or_default();
    let (sign, read) = sign(before.iter().rev());
    *at -= read;
    sign
}

/// The first sign of these bytes, and how many make it up.
fn sign<'a>(bytes: impl Iterator<Item = &'a u8>) -> (Sign, usize) {
    let mut is_parted = false;
    let mut read = 0;
    for &byte in bytes {
        match byte {
            0x80.. if !is_parted => return (Sign::Foreign, read),
            _ if byte.is_ascii_alphanumeric() && !is_parted => {
                return (Sign::Letter(byte.to_ascii_lowercase()), read + 1);
            }
            0x80.. => return (Sign::Gap, read),
            _ if byte.is_ascii_alphanumeric() => return (Sign::Gap, read),
            // An apostrophe parts nothing.
            b'\'' => {}
            _ => is_parted = true,
        }
        read += 1;
    }
    // What stands between a word and the end of the text is left off.
    (Sign::End, read)
}

#[cfg(test)]
mod tests {
    use super::super::super::matching::begins_words;
    use super::*;
    use crate::knowledge::folding::fold;
    use proptest::prelude::*;

    #[test]
    fn a_name_is_read_over_line_breaks_hyphens_and_apostrophes() {
        assert_eq!(stands_at("of Crohn's\n Disease", 12, "crohns disease", 7), Some(true));
        assert_eq!(stands_at("left-sided", 5, "left sided", 5), Some(true));
        assert_eq!(stands_at("milk", 0, "mi", 0), Some(false));
        assert_eq!(stands_at("had an MI.", 7, "mi", 0), Some(true));
        assert_eq!(stands_at("prediabetes", 3, "diabet", 0), Some(false));
        assert_eq!(stands_at("“dizziness”", 3, "dizziness", 0), None);
    }

    proptest! {
        #[test]
        fn reading_finds_what_folding_finds(
            text in "[abAB' .\n-]{0,40}",
            name in "[ab]{1,4}( [ab]{1,4}){0,2}",
        ) {
            prop_assert_eq!(stands_in(&text, &name), begins_words(&fold(&text), &name), "{:?} {:?}", text, name);
        }
    }
}
