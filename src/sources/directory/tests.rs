use proptest::prelude::*;

use super::*;

mod finding;
mod hostile;

const BRANDS: &[u8] = include_bytes!("../../../fixtures/directory/brands.json");

pub(super) fn about(name: &str, published_at: Option<&str>) -> About {
    About {
        name: name.to_owned(),
        from: "brands.json".to_owned(),
        published_at: published_at.map(str::to_owned),
        etag: None,
        added_at: 0,
        checked_at: 0,
        counts: Counts::default(),
        skipped: Vec::new(),
    }
}

/// The directory of these bundles, each by its name.
pub(super) fn directory(bundles: &[(&str, &[u8])]) -> Directory {
    let mut directory = Directory::new();
    for (name, bundle) in bundles {
        let read = read(*bundle, &Limits::default()).unwrap();
        // As it comes out of a store.
        let tables = form::decode(&form::encode(&read.tables).unwrap()).unwrap();
        assert_eq!(tables, read.tables);
        directory.put(about(name, read.published_at.as_deref()), tables);
    }
    directory
}

pub(super) fn fixture() -> Directory {
    directory(&[("made-up", BRANDS)])
}

#[test]
fn a_bundle_gives_brands_portals_and_endpoints_and_counts_the_rest() {
    let read = read(BRANDS, &Limits::default()).unwrap();
    assert_eq!(read.published_at.as_deref(), Some("2026-08-30T04:15:00Z"));
    assert_eq!(read.counts, Counts { brands: 13, portals: 9, endpoints: 9, reachable: 5 });
    let skipped: Vec<(&str, u64, Option<u64>)> =
        read.skipped.iter().map(|skipped| (skipped.reason.as_str(), skipped.count, skipped.first)).collect();
    assert_eq!(
        skipped,
        [
            ("a facility whose organization is not in the bundle", 1, None),
            ("a reference to an endpoint that was not taken", 1, None),
            ("an endpoint without an address", 1, Some(23)),
            ("an entry without a resource", 1, Some(15)),
            ("an organization that is part of itself", 1, None),
            ("an organization that its publisher calls inactive", 1, Some(9)),
            ("an organization without a name", 1, Some(10)),
            ("neither an organization nor an endpoint", 1, Some(14)),
        ]
    );
}

#[test]
fn a_plain_list_of_endpoints_is_a_directory_too() {
    let list = br##"{"resourceType":"Bundle","entry":[
        {"resource":{"resourceType":"Endpoint","id":"1","status":"active","name":"Lakeside Health",
          "address":"https://a.example/api/FHIR/R4/"}},
        {"resource":{"resourceType":"Endpoint","id":"2","status":"active",
          "managingOrganization":{"display":"Riverton"},"address":"https://b.example/R4"}},
        {"resource":{"resourceType":"Endpoint","id":"3","status":"active","address":"https://c.example/R4"}}
    ],"timestamp":"2026-08-01"}"##;
    let read = read(&list[..], &Limits::default()).unwrap();
    assert_eq!(read.counts, Counts { brands: 2, portals: 2, endpoints: 3, reachable: 3 });
    assert_eq!(read.skipped[0].reason, "an endpoint that no organization refers to and that has no name");
    let found = directory(&[("list", list)]).search("lakeside", 5);
    assert_eq!(found.hits[0].portals[0].endpoints[0].reach, Reach::VersionNotSaid);
}

#[test]
fn endpoints_of_a_managing_organization_in_the_bundle_are_its_own() {
    let list = br##"{"resourceType":"Bundle","type":"searchset","link":[{"relation":"next","url":"x"}],"entry":[
        {"resource":{"resourceType":"Endpoint","id":"1","name":"North","address":"https://a.example/1",
          "managingOrganization":{"reference":"Organization/9"}}},
        {"resource":{"resourceType":"Endpoint","id":"2","name":"South","address":"https://a.example/2",
          "managingOrganization":{"reference":"Organization/9"}}},
        {"resource":{"resourceType":"Organization","id":"9","name":"Skin Practice","address":[{"city":"Fargate"}]}}
    ]}"##;
    let hits = directory(&[("list", list)]).search("skin fargate", 5).hits;
    let names: Vec<_> = hits[0].portals[0].endpoints.iter().map(|own| own.name.as_deref().unwrap()).collect();
    assert_eq!((hits.len(), names), (1, vec!["North", "South"]));
    let read = read(&list[..], &Limits::default()).unwrap();
    assert_eq!(read.skipped[0].reason, "a further page that the bundle names and that was not fetched");
}

#[test]
fn portals_that_are_repeated_at_facilities_are_those_of_the_brand() {
    let portal = |name: &str| {
        format!(
            r#""extension":[{{"url":"http://hl7.org/fhir/StructureDefinition/organization-portal","extension":[
              {{"url":"portalName","valueString":"{name}"}},
              {{"url":"portalEndpoint","valueReference":{{"reference":"Endpoint/e"}}}}]}}]"#
        )
    };
    let entry = |id: &str, name: &str, more: String| {
        format!(r#"{{"resource":{{"resourceType":"Organization","id":"{id}","name":"{name}",{more}}}}}"#)
    };
    let part = r#""partOf":{"reference":"Organization/top"}"#;
    let entries = [
        entry("top", "Lakeside", portal("Online")),
        entry("same", "North", format!("{part},{}", portal("Online"))),
        entry("bare", "South", format!(r#"{part},"endpoint":[{{"reference":"Endpoint/e"}}]"#)),
        entry("own", "West", format!("{part},{}", portal("Its Own"))),
        r#"{"resource":{"resourceType":"Endpoint","id":"e","address":"https://a.example/r4"}}"#.to_owned(),
    ];
    let bundle = format!(r#"{{"resourceType":"Bundle","entry":[{}]}}"#, entries.join(","));
    let directory = directory(&[("repeated", bundle.as_bytes())]);
    for (words, brand) in [("north", "Lakeside"), ("south", "Lakeside"), ("west", "West")] {
        assert_eq!(directory.search(words, 9).hits[0].brand, brand, "{words}");
    }
    assert_eq!(directory.search("lakeside", 9).total, 2);
}

#[test]
fn a_replaced_bundle_leaves_nothing_of_what_it_brought() {
    let mut directory = fixture();
    assert_eq!(directory.search("lakeside", 5).total, 1);
    let other = br#"{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Organization","name":"Onlyhere"}}]}"#;
    let read = read(&other[..], &Limits::default()).unwrap();
    directory.put(about("made-up", None), read.tables);
    assert_eq!(directory.search("lakeside", 5), Hits::default());
    assert_eq!((directory.search("onlyhere", 5).total, directory.bundles().count()), (1, 1));
}

#[test]
fn what_two_bundles_tell_alike_is_told_once() {
    let directory = directory(&[("one", BRANDS), ("two", BRANDS)]);
    let found = directory.search("northgate", 5);
    assert_eq!((found.total, found.hits.len()), (1, 1));
    assert_eq!(found.hits[0].bundles, ["one", "two"]);
    assert!(matches!(directory.find("northgate pediatrics"), Found::One(_)));
}

#[test]
fn a_newer_form_is_refused_and_a_damaged_one_does_not_open() {
    let mut bytes = form::encode(&Tables::default()).unwrap();
    bytes[0] = form::FORMAT + 1;
    assert!(matches!(form::decode(&bytes), Err(Error::Newer { found: 2, known: 1 })));
    bytes[0] = form::FORMAT;
    for cut in 0..bytes.len() {
        assert!(matches!(form::decode(&bytes[..cut]), Err(Error::Damaged)), "{cut}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_panic_the_reader(bytes: Vec<u8>, at: prop::sample::Index, text: String) {
        let _ = read(&bytes[..], &Limits::default());
        let mut bundle = BRANDS.to_vec();
        let at = at.index(bundle.len());
        bundle.splice(at..(at + bytes.len()).min(BRANDS.len()), bytes);
        if let Ok(read) = read(&bundle[..], &Limits::default()) {
            let mut directory = Directory::new();
            directory.put(about("x", None), read.tables);
            directory.search(&text, 3);
            directory.find(&text);
        }
    }

    #[test]
    fn no_bytes_panic_the_stored_form(bytes: Vec<u8>, at: prop::sample::Index, flip: u8) {
        let _ = form::decode(&bytes);
        // What lies under the compression, damaged: nothing of it may be taken at its word.
        let tables = read(BRANDS, &Limits::default()).unwrap().tables;
        let mut plain = postcard::to_stdvec(&tables).unwrap();
        let at = at.index(plain.len());
        plain[at] ^= flip;
        if let Ok(tables) = postcard::from_bytes::<Tables>(&plain) {
            let mut directory = Directory::new();
            directory.put(about("x", None), tables);
            for words in ["lakeside", "rochester", "clinic", "riverton"] {
                directory.search(words, 20);
                directory.find(words);
            }
            directory.at_address("https://fhir.lakeside.example/r4");
        }
    }
}
