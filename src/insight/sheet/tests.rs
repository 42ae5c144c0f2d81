//! Sizes that are promised hold for odd texts too.

use tiktoken_rs::o200k_base;

use super::super::answer::{COMMON, tokens_at_most};

/// A small generator of numbers: the same texts in every run.
fn numbers(seed: u64) -> impl FnMut(usize) -> usize {
    let mut state = seed;
    move |below| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    }
}

fn heap(letters: &str, seed: u64) -> String {
    let letters: Vec<char> = letters.chars().collect();
    let mut next = numbers(seed);
    (0..2_000).map(|_| letters[next(letters.len())]).collect()
}

#[test]
fn no_text_costs_more_than_is_counted_for_it() {
    let tokenizer = o200k_base().unwrap();
    let table = |name: &str| {
        let path = format!("{}/src/knowledge/tables/{name}", env!("CARGO_MANIFEST_DIR"));
        std::fs::read_to_string(path).unwrap()
    };
    let mut texts: Vec<(String, String)> = Vec::new();
    for name in
        ["conditions_icd10.tsv", "medicines.tsv", "guidance.tsv", "vaccines_cvx.tsv", "analytes_loinc.tsv"]
    {
        let lines: Vec<String> = table(name).lines().skip(8).map(str::to_owned).collect();
        for (at, part) in lines.chunks(40).enumerate() {
            texts.push((format!("{name} {at}"), part.join("\n")));
            texts.push((format!("{name} {at} capitals"), part.join("\n").to_uppercase()));
        }
    }
    let heaps = [
        "abcdefghijklmnopqrstuvwxyz",
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "aBcDeFgHiJ kLmNoPq",
        "abcdefghijklm nopqrst uvwxyz ",
        "äöüßéàñç o",
        "病歴要約日本語の薬",
        "😀🩺💊🧬👩🏽‍⚕️",
        "0123456789-",
        "0 1 2 3 4 ",
        "[]();:,.-/%|*#",
        "аблокшщ ъы",
        "aeiou bcd",
        "[L123456789] ",
        "שלום عربية",
        "\u{1d4d0}\u{20000}x ",
    ];
    for (at, letters) in heaps.iter().enumerate() {
        texts.push((format!("heap {letters}"), heap(letters, at as u64)));
    }
    for (name, text) in texts {
        let (real, most) = (tokenizer.encode_ordinary(&text).len(), tokens_at_most(&text));
        // Heaps of letters that look like a language are none that a record holds: they may miss by a little.
        let least = if name.starts_with("heap") { real * 4 / 5 } else { real * 98 / 100 };
        assert!(most >= least, "{name}: {most} for {real}");
    }
}

#[test]
fn each_common_word_is_one_token() {
    let tokenizer = o200k_base().unwrap();
    for word in COMMON {
        let capital = format!(" {}{}", word[..1].to_uppercase(), &word[1..]);
        for spelled in [format!(" {word}"), capital] {
            assert_eq!(tokenizer.encode_ordinary(&spelled).len(), 1, "{spelled}");
        }
    }
}
