//! Bundles that are none, are broken, or mean harm.

use std::io::{self, Read};

use super::{BRANDS, about};
use crate::sources::directory::{Directory, Error, Limits, Reading, read};

fn of(bundle: &str) -> Result<Reading, Error> {
    read(bundle.as_bytes(), &Limits::default())
}

fn bundle(entries: &str) -> String {
    format!(r#"{{"resourceType":"Bundle","entry":[{entries}]}}"#)
}

#[test]
fn what_is_no_bundle_is_refused_by_what_it_is() {
    assert!(matches!(of("<!doctype html><html>sign in</html>"), Err(Error::Syntax(1))));
    assert!(matches!(of(""), Err(Error::CutOff(_))));
    for other in ["[]", "7", "\"Bundle\"", "null", r#"{"resourceType":"Patient"}"#, "{}", r#"{"entry":{}}"#] {
        assert!(matches!(of(other), Err(Error::NotABundle)), "{other}");
    }
    let patient = bundle(r#"{"resource":{"resourceType":"Patient","name":[{"family":"Lakeside"}]}}"#);
    assert!(matches!(of(&patient), Err(Error::Empty)));
    assert!(matches!(of(&bundle("")), Err(Error::Empty)));
}

#[test]
fn of_a_bundle_that_is_cut_off_or_goes_on_nothing_is_taken() {
    for cut in (1..BRANDS.len() - 2).step_by(997) {
        let read = read(&BRANDS[..cut], &Limits::default());
        assert!(matches!(read, Err(Error::CutOff(_))), "{cut}: {read:?}");
    }
    let twice = [BRANDS, BRANDS].concat();
    assert!(matches!(read(&twice[..], &Limits::default()), Err(Error::Syntax(_))));
}

#[test]
fn a_reader_that_fails_fails_the_bundle() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("gone"))
        }
    }
    let read = read(BRANDS[..5_000].chain(Broken), &Limits::default());
    assert!(matches!(read, Err(Error::Unreadable(_))), "{read:?}");
}

#[test]
fn a_name_of_a_megabyte_is_counted_and_not_kept() {
    let long = "x".repeat(1 << 20);
    let entries = format!(
        r#"{{"resource":{{"resourceType":"Organization","id":"1","name":"{long}"}}}},
           {{"resource":{{"resourceType":"Organization","id":"2","name":"Short","alias":["{long}"]}}}}"#
    );
    let read = of(&bundle(&entries)).unwrap();
    let skipped: Vec<_> =
        read.skipped.iter().map(|skipped| (skipped.reason.as_str(), skipped.count)).collect();
    assert_eq!(skipped, [("a name of more than 300 characters", 2), ("an organization without a name", 1)]);
    assert_eq!(read.counts.brands, 1);
}

#[test]
fn too_much_of_anything_is_refused() {
    let limits =
        Limits { bundle_bytes_max: 100_000, entry_bytes_max: 70_000, entries_max: 3, text_bytes_max: 1_000 };
    let refused = |bundle: String| match read(bundle.as_bytes(), &limits) {
        Err(Error::TooLarge(what)) => what,
        other => panic!("{other:?}"),
    };
    let entry = |id: usize, name: &str| {
        format!(r#"{{"resource":{{"resourceType":"Organization","id":"{id}","name":"{name}"}}}}"#)
    };
    let many: Vec<String> = (0..4).map(|id| entry(id, "Lakeside")).collect();
    assert_eq!(refused(bundle(&many.join(","))), "it has too many entries");
    let aliases: Vec<String> =
        (0..50).map(|alias| format!(r#""Lakeside the {alias}th of its name""#)).collect();
    let wordy = format!(
        r#"{{"resource":{{"resourceType":"Organization","name":"Lakeside","alias":[{}]}}}}"#,
        aliases.join(",")
    );
    assert_eq!(refused(bundle(&wordy)), "its names and addresses have too many bytes");
    // The reader fetches 64 KiB at a time, so that a little more than the limit may be read.
    let one = entry(1, &"x".repeat(200_000));
    assert_eq!(refused(bundle(&one)), "it has too many bytes");
    let limits = Limits { bundle_bytes_max: 1 << 30, ..limits };
    let read = read(bundle(&one).as_bytes(), &limits);
    assert!(matches!(read, Err(Error::TooLarge("one entry has too many bytes"))), "{read:?}");
}

#[test]
fn an_endless_body_ends_at_the_limit() {
    let limits = Limits { bundle_bytes_max: 1 << 20, ..Limits::default() };
    let endless = br#"{"resourceType":"Bundle","text":""#.chain(io::repeat(b'x'));
    assert!(matches!(read(endless, &limits), Err(Error::TooLarge("it has too many bytes"))));
}

#[test]
fn links_in_a_circle_are_cut_and_lead_to_an_end() {
    // A circle longer than any chain that is followed, and one of one.
    let mut entries: Vec<String> = (0..20)
        .map(|at| {
            let next = (at + 1) % 20;
            format!(
                r#"{{"resource":{{"resourceType":"Organization","id":"o{at}","name":"Circle {at}","partOf":{{"reference":"Organization/o{next}"}}}}}}"#
            )
        })
        .collect();
    entries.push(
        r#"{"resource":{"resourceType":"Organization","id":"self","name":"Selfish","partOf":{"reference":"Organization/self"}}}"#.into(),
    );
    let read = of(&bundle(&entries.join(","))).unwrap();
    assert_eq!(read.skipped[0].reason, "an organization that is part of itself");
    let mut directory = Directory::new();
    directory.put(about("circle", None), read.tables);
    assert_eq!(directory.search("circle", 50).total, 20);
    assert_eq!(directory.search("selfish", 50).total, 1);
}

#[test]
fn an_entry_nested_without_an_end_costs_only_itself() {
    let deep = format!(r#"{{"resource":{}1{}}}"#, r#"{"a":"#.repeat(100_000), "}".repeat(100_000));
    let read = of(&bundle(&format!(
        r#"{deep},{{"resource":{{"resourceType":"Organization","name":"Lakeside"}}}}, 7, [1]"#
    )))
    .unwrap();
    assert_eq!((read.counts.brands, read.skipped[0].count), (1, 3), "{:?}", read.skipped);
}

#[test]
fn the_mark_at_the_beginning_of_a_windows_file_does_no_harm() {
    let marked = ["\u{feff}".as_bytes(), BRANDS].concat();
    assert_eq!(read(&marked[..], &Limits::default()).unwrap().counts.brands, 13);
}
