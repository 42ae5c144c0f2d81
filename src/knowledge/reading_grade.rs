//! How hard the tables' sentences are to read: the Flesch-Kincaid grade.
//!
//! grade = 0.39 * words per sentence + 11.8 * syllables per word - 15.59
//! (Kincaid and others, 1975). Syllables are counted by a common simple rule: runs of
//! vowels (a, e, i, o, u, y), less a silent `e` at the end (not after `l` as in
//! "table") and less the `e` of `-es` and `-ed` that is not spoken; at least one. It is right for about nine
//! words in ten, which is enough for a mean over a table.
//!
//! Names that cannot be said more simply (a medicine, a test, a body or a law) are no
//! measure of how a sentence is built: a name out of the tables, and a word that is
//! capital inside a sentence, count as one word of two syllables.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::tables_hold::said;
use super::{analytes, medicine_facts, medicines, table};

/// No table's mean may be harder than this: about the eighth year of school.
const GRADE_MAX: f64 = 8.0;

/// What a name counts for.
const SYLLABLES_OF_A_NAME: usize = 2;

static NAMES: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let medicines = table::rows::<7>(medicines::MEDICINES).flat_map(|row| [row[0], row[4], row[5]]);
    let explained = table::rows::<11>(medicine_facts::MEDICINE_FACTS).map(|row| row[0]);
    let analytes = analytes::analytes().iter().map(|analyte| analyte.key);
    let words = medicines.chain(explained).chain(analytes);
    let parts = words.flat_map(|text| text.split(|letter: char| !letter.is_alphabetic()));
    parts.filter(|word| word.len() > 6).map(str::to_lowercase).collect()
});

fn syllables(word: &str) -> usize {
    let word: String = word.to_lowercase().chars().filter(char::is_ascii_alphabetic).collect();
    let is_vowel = |letter: u8| b"aeiouy".contains(&letter);
    let bytes = word.as_bytes();
    // An `i` before a, o or u is spoken on its own ("potassium"), not in "-tion" or "social".
    let is_parted = |at: usize| {
        at > 1 && b"aou".contains(&bytes[at]) && bytes[at - 1] == b'i' && !b"tscgx".contains(&bytes[at - 2])
    };
    let starts =
        |at: &usize| is_vowel(bytes[*at]) && (*at == 0 || !is_vowel(bytes[at - 1]) || is_parted(*at));
    let runs = (0..bytes.len()).filter(starts).count();
    let is_spoken_le = word.ends_with("le") && bytes.len() > 2 && !is_vowel(bytes[bytes.len() - 3]);
    let is_silent_e = word.ends_with('e') && !is_spoken_le && !word.ends_with("ee");
    let spoken_ending = ["ses", "xes", "zes", "ches", "shes", "ces", "ges", "ted", "ded"];
    let is_silent_ending = (word.ends_with("es") || word.ends_with("ed"))
        && bytes.len() > 3
        && !is_vowel(bytes[bytes.len() - 3])
        && !spoken_ending.iter().any(|ending| word.ends_with(ending))
        && !word.ends_with("les");
    runs.saturating_sub(usize::from(is_silent_e || is_silent_ending)).max(1)
}

/// The grade of a text of one or more sentences; nothing without a word.
fn grade(text: &str) -> Option<f64> {
    let (mut words, mut sentences, mut spoken) = (0_usize, 0_usize, 0_usize);
    for sentence in text.split(['.', '?', '!', ':']) {
        let parts = sentence.split(|letter: char| !letter.is_alphanumeric() && letter != '\'');
        let parts: Vec<_> = parts.filter(|word| word.chars().any(char::is_alphabetic)).collect();
        sentences += usize::from(!parts.is_empty());
        words += parts.len();
        for (at, word) in parts.iter().enumerate() {
            let is_capital = word.starts_with(char::is_uppercase);
            let is_name = (at > 0 && is_capital) || NAMES.contains(&word.to_lowercase());
            spoken += if is_name { SYLLABLES_OF_A_NAME.min(syllables(word)) } else { syllables(word) };
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "counts of words in a cell")]
    let share = |part: usize, whole: usize| part as f64 / whole as f64;
    (words > 0).then(|| 0.39 * share(words, sentences) + 11.8 * share(spoken, words) - 15.59)
}

/// A name or a list of words is no sentence: a grade is for what is read as one.
fn is_sentence(text: &str) -> bool {
    text.split_whitespace().count() > 4 && (text.ends_with('.') || text.ends_with('?'))
}

/// Sources name papers and bodies as these are called.
fn is_source(text: &str) -> bool {
    text.contains("202") || text.contains("201")
}

#[test]
fn sentences_can_be_read_after_eight_years_of_school() {
    let sentences: Vec<_> = said()
        .into_iter()
        .filter(|(_, text)| is_sentence(text) && !is_source(text))
        .filter_map(|(table, text)| Some((table, text, grade(text)?)))
        .collect();
    let mut tables: Vec<_> = sentences.iter().map(|(table, ..)| *table).collect();
    tables.dedup();
    for table in tables {
        let mut of: Vec<_> = sentences.iter().filter(|(name, ..)| *name == table).collect();
        of.sort_by(|one, other| other.2.total_cmp(&one.2));
        #[expect(clippy::cast_precision_loss, reason = "counts of sentences in a table")]
        let mean = of.iter().map(|(.., grade)| grade).sum::<f64>() / of.len() as f64;
        let harder = of.iter().filter(|(.., grade)| *grade > GRADE_MAX).count();
        println!("{table}: mean grade {mean:.1}, {harder} of {} above {GRADE_MAX}", of.len());
        for (_, text, grade) in of.iter().take(3) {
            println!("    {grade:.1} {text}");
        }
        assert!(mean <= GRADE_MAX, "{table}: mean grade {mean:.1}");
    }
}

#[test]
fn syllables_are_counted_as_they_are_spoken() {
    for (word, count) in
        [("cat", 1), ("blood", 1), ("table", 2), ("kidney", 2), ("make", 1), ("used", 1), ("tested", 2)]
    {
        assert_eq!(syllables(word), count, "{word}");
    }
    for (word, count) in
        [("doses", 2), ("medium", 3), ("action", 2), ("the", 1), ("see", 1), ("pregnancy", 3)]
    {
        assert_eq!(syllables(word), count, "{word}");
    }
}

#[test]
fn a_hard_sentence_has_a_high_grade() {
    // Six words of one syllable: 0.39 * 6 + 11.8 * 1 - 15.59 = -1.45.
    assert!((grade("The cat sat on the mat.").unwrap() + 1.45).abs() < 0.01);
    assert!(grade("Immunological deterioration necessitates multidisciplinary evaluation.").unwrap() > 12.0);
    assert_eq!(grade("12 - 5"), None);
}
