use std::collections::BTreeSet;
use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::record::{Document, EntryId, Kind, Original, Record, Scope, Source, SourceKind, View};

const HIV: u8 = 0b100;
const MOOD: u8 = 0b10;

fn passage(from: u32, to: u32, classes: u8) -> Passage {
    Passage { from, to, classes }
}

fn note(number: u32, text: &str, passages: Vec<Passage>) -> Entry {
    let document = Document { text: Some(text.into()), ..Document::default() };
    let mut entry = Entry::new(EntryId::new(Kind::Document, number), Detail::Document(Box::new(document)));
    entry.key = format!("DocumentReference/{number}").into();
    entry.original = Original { hash: [number as u8; 16], ..Original::default() };
    entry.passages = Passages {
        is_marked: true,
        original: 0,
        texts: Box::new([Revealing { text: text.into(), passages }]),
    };
    entry
}

fn text_of(entry: &Entry) -> &str {
    let Detail::Document(document) = &entry.detail else { panic!() };
    document.text.as_deref().unwrap()
}

fn view(entries: Vec<Entry>, withheld: u8) -> View {
    let (patient_keys, imports) = (Vec::new(), Vec::new());
    let source = Source {
        id: "a".into(),
        name: "A".into(),
        kind: SourceKind::Files,
        patient_keys,
        imports,
        fetched: None,
    };
    let record = Record::new("x".into(), vec![source], entries, 1);
    View::new(Arc::new(record), Scope { classes: !withheld, ..Scope::everything() })
}

#[test]
fn each_passage_of_a_withheld_class_leaves_one_gap_in_the_same_words() {
    let text = "One. Two. Three. Four.";
    let marks = vec![passage(0, 4, HIV), passage(5, 9, HIV), passage(10, 16, MOOD), passage(17, 22, HIV)];
    let entry = note(1, text, marks);
    let shown = |classes| without(&entry, classes).map(|entry| text_of(&entry).to_owned());
    assert_eq!(shown(HIV).unwrap(), format!("{WITHHELD} Three. {WITHHELD}"));
    assert_eq!(shown(MOOD).unwrap(), format!("One. Two. {WITHHELD} Four."));
    assert_eq!(shown(HIV | MOOD).unwrap(), WITHHELD);
    assert_eq!(shown(0b1000), None, "nothing to withhold, no copy");
}

#[test]
fn the_same_words_are_withheld_wherever_the_entry_repeats_them() {
    let mut entry = note(1, "He said it.", vec![passage(0, 11, MOOD)]);
    entry.notes = vec!["He said it.".into(), "Knee.".into()];
    let shown = without(&entry, MOOD).unwrap();
    assert_eq!(shown.notes, [WITHHELD, "Knee."]);
}

#[test]
fn prose_that_nobody_has_marked_is_withheld_whole_and_says_what_to_do() {
    let mut entry = note(1, "Anything.", Vec::new());
    entry.passages = Passages::default();
    entry.notes = vec!["A comment.".into()];
    entry.more = vec![("short".into(), "kept".into()), ("long".into(), "x".repeat(300).into())];
    let shown = without(&entry, HIV).unwrap();
    assert_eq!(text_of(&shown), UNMARKED);
    assert_eq!(shown.notes, [UNMARKED]);
    assert_eq!((&*shown.more[0].1, &*shown.more[1].1), ("kept", UNMARKED));
    assert!(view(vec![entry], 0).entries(Kind::Document).all(|entry| text_of(entry) == "Anything."));
}

#[test]
fn marks_that_do_not_fit_their_text_withhold_all_of_it() {
    for odd in [passage(2, 999, HIV), passage(3, 1, HIV), passage(1, 2, HIV)] {
        let shown = without(&note(1, "éa b", vec![odd]), HIV).unwrap();
        assert_eq!(text_of(&shown), WITHHELD, "{odd:?}");
    }
}

#[test]
fn an_original_is_withheld_with_a_passage_and_with_what_it_shares_its_bytes() {
    let cut = note(1, "Secret.", vec![passage(0, 7, HIV)]);
    let mut inside = note(2, "Plain.", Vec::new());
    inside.original = cut.original;
    let mut narrated = note(3, "Plain.", Vec::new());
    narrated.passages.original = HIV;
    let entries = vec![cut, inside, narrated, note(4, "Plain.", Vec::new())];
    let withheld = |view: &View| {
        let entries = view.entries(Kind::Document).filter(|entry| view.withholds_original(entry));
        entries.map(|entry| entry.id.number()).collect::<Vec<u32>>()
    };
    assert_eq!(withheld(&view(entries.clone(), HIV)), [1, 2, 3]);
    assert!(withheld(&view(entries.clone(), MOOD)).is_empty());
    assert!(withheld(&view(entries, 0)).is_empty());
}

prop_compose! {
    fn any_entry(number: u32)(
        words in proptest::collection::vec(("[a-z]{1,6}", 0_u8..8), 1..8),
        classes in 0_u8..4,
        is_marked in proptest::bool::weighted(0.8),
    ) -> Entry {
        let (mut text, mut marks) = (String::new(), Vec::new());
        for (word, classes) in &words {
            let from = text.len() as u32;
            text.push_str(word);
            if *classes != 0 {
                marks.push(passage(from, text.len() as u32, *classes));
            }
            text.push(' ');
        }
        let mut entry = note(number, &text, marks);
        entry.classes = if classes == 3 { HIV } else { 0 };
        entry.passages.is_marked = is_marked;
        entry
    }
}

proptest! {
    #[test]
    fn what_is_withheld_changes_no_other_answer_than_by_its_absence(
        entries in (1..6_u32).prop_flat_map(|count| (0..count).map(any_entry).collect::<Vec<_>>()),
        withheld in 0_u8..8,
    ) {
        let (all, some) = (view(entries.clone(), 0), view(entries.clone(), withheld));
        let of = |view: &View| view.entries(Kind::Document).cloned().collect::<Vec<Entry>>();
        let (whole, seen) = (of(&all), of(&some));
        let ids = |entries: &[Entry]| entries.iter().map(|entry| entry.id).collect::<BTreeSet<_>>();
        let hidden = whole.iter().filter(|entry| entry.classes & withheld != 0).map(|entry| entry.id);
        let hidden: BTreeSet<EntryId> = hidden.collect();
        prop_assert_eq!(&ids(&whole) - &hidden, ids(&seen));
        prop_assert_eq!(some.groups(Kind::Document).len(), seen.len());
        for entry in &seen {
            let before = whole.iter().find(|other| other.id == entry.id).unwrap();
            // Whichever way leads to it, it is the same.
            prop_assert_eq!(Some(entry), some.entry(entry.id));
            prop_assert_eq!(Some(entry), some.linked(before, &before.key));
            let mut restored = entry.clone();
            (restored.detail, restored.passages) = (before.detail.clone(), before.passages.clone());
            prop_assert_eq!(&restored, before, "nothing but the text differs");
            let gaps = before.passages.texts[0].passages.iter().filter(|mark| mark.classes & withheld != 0);
            let gone: Vec<_> = gaps.map(|mark| mark.from as usize..mark.to as usize).collect();
            if !before.passages.is_marked && withheld != 0 {
                prop_assert_eq!(text_of(entry), UNMARKED);
            } else if gone.is_empty() {
                prop_assert_eq!(entry, before);
            } else {
                // What is left is what stood outside of the gaps, in its order.
                let text = text_of(before);
                let left: String = (text.char_indices())
                    .filter(|(at, _)| !gone.iter().any(|gap| gap.contains(at)))
                    .map(|(_, letter)| letter).collect();
                let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
                prop_assert_eq!(words(&text_of(entry).replace(WITHHELD, "")), words(&left));
            }
            prop_assert_eq!(some.withholds_original(entry), withheld != 0 && entry != before);
        }
    }
}
