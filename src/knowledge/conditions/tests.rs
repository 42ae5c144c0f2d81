//! The table of conditions holds together, and lookups worked out by hand.

use super::*;
use crate::knowledge::{analytes, specialties};

#[test]
fn keys_prefixes_and_wordings_are_unique() {
    let rows = rows::<11>(CONDITIONS).count();
    assert_eq!(conditions().len(), rows, "a kind or course is not known");
    assert_eq!(INDEX.by_key.len(), rows);
    assert_eq!(
        INDEX.by_prefix.len(),
        conditions().iter().map(|condition| condition.icd10.len()).sum::<usize>()
    );
    let mut seen: HashMap<String, &str> = HashMap::default();
    for condition in conditions() {
        for words in &condition.words {
            let known = seen.insert(fold(words), condition.key);
            assert!(known.is_none_or(|known| known == condition.key), "{words}: {known:?} {}", condition.key);
        }
    }
}

#[test]
fn codes_are_shaped_like_icd_10_cm() {
    for code in conditions().iter().flat_map(|condition| &condition.icd10) {
        let (category, rest) = code.split_once('.').unwrap_or((code, ""));
        let letters = category.as_bytes();
        assert!(
            letters.len() == 3
                && letters[0].is_ascii_uppercase()
                && letters[1].is_ascii_digit()
                && (letters[2].is_ascii_digit() || letters[2].is_ascii_uppercase()),
            "{code}"
        );
        assert_eq!(code.contains('.'), !rest.is_empty(), "{code}");
        assert!(rest.len() <= 4, "{code}");
        assert!(rest.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase()), "{code}");
    }
}

#[test]
fn rows_refer_to_what_is_there() {
    assert!(conditions().len() >= 300);
    assert!(GUARDS.iter().all(|key| condition(key).is_some_and(Condition::is_guard)));
    for row in conditions() {
        assert!(!row.name.is_empty() && !row.words.is_empty() && row.source.contains("20"), "{}", row.key);
        assert!(row.stages.iter().all(|key| condition(key).is_some() && *key != row.key), "{}", row.key);
        assert!(row.results.iter().all(|key| analytes::analyte_by_key(key).is_some()), "{}", row.key);
        assert!(specialties::specialty(row.specialty).is_some(), "{}", row.key);
    }
}

#[test]
fn no_row_supersedes_one_that_supersedes_it() {
    for row in conditions() {
        for stage in &row.stages {
            assert!(!condition(stage).unwrap().stages.contains(&row.key), "{} {stage}", row.key);
        }
    }
}

fn by_code(code: &str) -> Option<&'static str> {
    condition_of(&[code], "").map(|condition| condition.key)
}

fn by_words(text: &str) -> Option<&'static str> {
    condition_of(&[], text).map(|condition| condition.key)
}

#[test]
fn the_longest_prefix_wins() {
    assert_eq!(by_code("E11.22"), Some("diabetes-kidney"));
    assert_eq!(by_code("e1122"), Some("diabetes-kidney"));
    assert_eq!(by_code("E11.9"), Some("type-2-diabetes"));
    assert_eq!(by_code("J45.901"), Some("asthma-attack"));
    assert_eq!(by_code("J45.909"), Some("asthma"));
    assert_eq!(by_code("Z80.3"), Some("family-history-cancer"));
    assert_eq!(by_code("Z85.3"), Some("breast-cancer-past"));
    assert_eq!(by_code("I10"), Some("high-blood-pressure"));
    assert_eq!(by_code("44054006"), None);
    assert_eq!(by_code(""), None);
    let both = condition_of(&["E11.9", "E11.22"], "").map(|condition| condition.key);
    assert_eq!(both, Some("diabetes-kidney"));
}

/// Each code beside what the tabular list says of it: a row's plain name must be true of
/// every code beneath its prefixes.
#[test]
fn a_plain_name_never_says_more_than_the_code() {
    for (code, key) in [
        // Any mental disorder of the past, not depression.
        ("Z86.59", "history-other"),
        // Pre-excitation (Wolff-Parkinson-White) is no slow signal; right bundle-branch block is.
        ("I45.6", "heart-rhythm-problem"),
        ("I45.10", "heart-block"),
        ("I45.81", "long-qt"),
        // Thromboembolism in pregnancy, and in the weeks after birth.
        ("O88.211", "pregnancy-problem"),
        ("O88.23", "after-birth-problem"),
        // Genetic counselling before a pregnancy says nothing about trouble getting pregnant.
        ("Z31.41", "infertility"),
        // Anogenital warts, and other infections of that chapter.
        ("A63.0", "genital-herpes"),
        ("A63.8", "sti"),
        // A dislocated lens is not inflamed; noise harms hearing, not balance.
        ("H27.10", "eye-problem-other"),
        ("H83.3X1", "ear-problem-other"),
        ("H83.02", "dizziness"),
        // Bronchitis from fumes leaves no scar by its code; radiation can.
        ("J68.0", "lung-disease-other"),
        ("J70.1", "lung-scarring"),
    ] {
        assert_eq!(by_code(code), Some(key), "{code}");
    }
    assert_eq!(by_code("Z31.5"), None);
    // Other psychological trauma is not abuse: its category is of personal risks.
    assert_eq!(by_code("Z91.49"), Some("at-risk"));
}

#[test]
fn a_known_code_goes_before_the_wording() {
    assert_eq!(condition_of(&["I10"], "Asthma").map(|found| found.key), Some("high-blood-pressure"));
    assert_eq!(condition_of(&["??"], "Asthma").map(|found| found.key), Some("asthma"));
}

#[test]
fn guards_win_over_what_follows_them() {
    for (text, key) in [
        ("Family history of breast cancer", "family-history-cancer"),
        ("family history of diabetes", "family-history"),
        ("FH of melanoma", "family-history"),
        ("At risk for falls", "at-risk"),
        ("Screening for colon cancer", "screening"),
        ("Suspected pneumonia", "suspected"),
        ("Exposure to COVID-19", "exposure"),
        ("No evidence of breast cancer", "not-found"),
        ("Carrier of cystic fibrosis", "carrier"),
        ("Status post appendicitis", "history-other"),
    ] {
        assert_eq!(by_words(text), Some(key), "{text}");
    }
}

#[test]
fn the_longest_wording_wins() {
    for (text, key) in [
        ("Breast cancer (left)", "breast-cancer"),
        ("History of breast cancer", "breast-cancer-past"),
        ("Type 2 diabetes mellitus with diabetic nephropathy", "diabetes-kidney"),
        ("Asthma without status asthmaticus", "asthma"),
        ("ASTHMA, acute exacerbation of asthma", "asthma-attack"),
        ("HTN", "high-blood-pressure"),
    ] {
        assert_eq!(by_words(text), Some(key), "{text}");
    }
    assert_eq!(by_words("something nobody has named"), None);
    assert_eq!(by_words(""), None);
}
