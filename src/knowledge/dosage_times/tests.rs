use super::Timing::{Changing, Daily, Evening, Meals, Midday, Morning, Needed, Night, Often, OtherDays};
use super::*;

fn of_words(text: &str) -> Vec<Timing> {
    let mut all: Vec<Timing> = of_sentences(text).into_iter().flat_map(|(_, said)| said).collect();
    all.sort_unstable();
    all.dedup();
    all
}

#[test]
fn every_row_is_read_and_names_a_source_with_its_year() {
    for [form, entries, when, source] in rows::<4>(TIMES) {
        assert!(matches!(form, "code" | "words") && Timing::named(when).is_some(), "{entries}");
        assert!(!entries.is_empty() && source.contains("20"), "{entries}");
    }
    assert_eq!(of_code("HS"), Some(Night));
    assert_eq!(of_code("MORN.early"), Some(Morning));
    assert_eq!(of_code("08:00:00"), Some(Morning));
    assert_eq!(of_code("21:30"), Some(Night));
    assert_eq!(of_code("constellation"), None);
}

#[test]
fn only_what_is_for_nothing_but_need_is_as_needed() {
    for words in [
        "Take 1 tablet by mouth once a day as needed for allergies.",
        "1-2 tabs q6h PRN pain",
        "2 puffs every 4 hours if needed",
        "1 tab p.r.n. headache",
    ] {
        assert!(is_only_as_needed(words), "{words}");
    }
    for words in [
        "Take 1 tablet by mouth once a day",
        "1 tablet daily; may take an extra one as needed",
        "Take 1 tablet every morning. Take 1 more at night if needed.",
        "Do not take as needed; take every day.",
        "",
    ] {
        assert!(!is_only_as_needed(words), "{words}");
    }
}

#[test]
fn words_are_read_as_written_and_no_further() {
    for (words, expected) in [
        ("Take 1 tablet by mouth every morning", &[Morning][..]),
        ("1 tab PO QHS", &[Night]),
        ("Take one tablet at bedtime.", &[Night]),
        ("Take 1 tablet (500 mg) by mouth twice daily with meals.", &[Meals, Often]),
        ("10 mL bid", &[Often]),
        ("1 tab b.i.d.", &[Often]),
        ("Take 1 tablet twice a day", &[Often]),
        ("1 capsule q12h", &[Often]),
        ("1 q 4-6 h prn pain", &[Often, Needed]),
        ("every 4 to 6 hours as needed", &[Often, Needed]),
        ("Take 1 tablet (10 mg total) by mouth once daily.", &[Daily]),
        ("1 tab q.d.", &[Daily]),
        ("every 24 hours", &[Daily]),
        ("Take 6 tablets once a week", &[OtherDays]),
        ("15 mg weekly", &[OtherDays]),
        ("1 tablet every other day", &[OtherDays]),
        ("apply 1 patch every 72 hours", &[OtherDays]),
        ("3 times a week", &[OtherDays]),
        ("one tablet on Mondays", &[OtherDays]),
        ("5 mg daily except 7.5 mg on Monday", &[Daily, OtherDays]),
        ("every 3 months", &[OtherDays]),
        ("8 units before breakfast and 6 units before supper", &[Morning, Evening]),
        ("at noon", &[Midday]),
        ("at 8 am and 8 pm", &[Morning, Evening]),
        ("at 08:00 and 20:00", &[Morning, Evening]),
        ("Take every morning. Do not take at bedtime.", &[Morning]),
        ("Take every morning, not at bedtime", &[Morning]),
        ("Do not crush. Take with food", &[Meals]),
        ("as directed", &[]),
        ("Tome 1 tableta (500 mg) por vía oral dos veces al día con las comidas", &[]),
        ("1 Tablette am Morgen", &[]),
        ("40 mg daily for 5 days, then 20 mg daily", &[Daily, Changing]),
        ("", &[]),
    ] {
        assert_eq!(of_words(words), expected, "{words}");
    }
}

proptest::proptest! {
    #[test]
    fn no_words_stop_the_reading(text in "\\PC{0,60}") {
        let _ = of_words(&text);
        let _ = of_code(&text);
    }
}
