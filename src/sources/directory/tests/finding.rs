//! What a person types, and what is found by it.

use super::{directory, fixture};
use crate::sources::directory::{Closeness, Found, Hit, Reach};

fn brands(words: &str) -> Vec<String> {
    fixture().search(words, 20).hits.into_iter().map(|hit| hit.brand).collect()
}

fn only(words: &str) -> Hit {
    let mut found = fixture().search(words, 20);
    assert_eq!((found.hits.len(), found.total), (1, 1), "{words}: {:?}", found.hits);
    found.hits.remove(0)
}

#[test]
fn a_brand_is_found_by_name_former_name_town_state_and_portal() {
    for words in [
        "lakeside",
        "Lakeside Health",
        "health lakeside",
        "LAKESIDE MEMORIAL",
        "rosefield mn",
        "lakeside minnesota",
        "duluth bay mn",
        "lakeside in duluth",
        "lakeside kids",
        "lake",
    ] {
        assert_eq!(only(words).brand, "Lakeside Health", "{words}");
    }
    assert_eq!(brands("lakeside texas"), Vec::<String>::new());
    assert_eq!(brands("lakeside nowhere"), Vec::<String>::new(), "every word counts");
    assert_eq!(brands(""), Vec::<String>::new());
    assert_eq!(only("albany new york").brand, "Ménard Family Practice");
}

#[test]
fn a_facility_is_told_under_the_brand_whose_portals_serve_it() {
    let hit = only("lakeside rochester");
    assert_eq!(
        (hit.brand.as_str(), hit.facility.as_deref()),
        ("Lakeside Health", Some("Saint Brendan's Hospital"))
    );
    assert_eq!(hit.place.as_deref(), Some("Rochester, MN"));
    assert_eq!(hit.website.as_deref(), Some("https://www.lakeside.example"));
    let portals: Vec<_> = hit.portals.iter().map(|portal| portal.name.as_deref().unwrap()).collect();
    assert_eq!(portals, ["Lakeside Online", "Lakeside Kids"]);
    let reach: Vec<_> = hit.portals[0].endpoints.iter().map(|endpoint| endpoint.reach).collect();
    assert_eq!(reach, [Reach::Ready, Reach::OtherVersion]);
    assert_eq!(
        (hit.bundles, hit.published_at.as_deref()),
        (vec!["made-up".into()], Some("2026-08-30T04:15:00Z"))
    );
    for words in ["st brendans hospital", "St. Brendan’s Hosp", "saint brendan's"] {
        assert_eq!(only(words).facility.as_deref(), Some("Saint Brendan's Hospital"), "{words}");
    }
}

#[test]
fn the_place_of_the_question_is_the_one_that_is_shown() {
    assert_eq!(only("lakeside health duluth").place.as_deref(), Some("Duluth Bay, Minnesota"));
    assert_eq!(only("lakeside health").place.as_deref(), Some("Rosefield, MN"));
}

#[test]
fn misspelt_words_are_found_and_short_ones_are_not_guessed_at() {
    for (misspelt, brand) in [
        ("lakesdie", "Lakeside Health"),
        ("laekside rochestr", "Lakeside Health"),
        ("menard famly", "Ménard Family Practice"),
        ("menart", "Ménard Family Practice"),
        ("Oldfeild Hosptial", "Oldfield Hospital"),
        ("northgtae pediatircs", "Northgate Pediatrics"),
    ] {
        let hit = only(misspelt);
        assert_eq!((hit.brand.as_str(), hit.closeness), (brand, Closeness::Misspelt), "{misspelt}");
    }
    // Two wrong letters in seven, one in three, and another number are another word.
    for other in ["mmnart", "kidz lakeside health mm", "oldfxxxx"] {
        assert_eq!(brands(other), Vec::<String>::new(), "{other}");
    }
}

#[test]
fn words_as_they_are_come_before_beginnings_and_these_before_misspelt_ones() {
    let bundle = |names: &[&str]| {
        let entries: Vec<String> = names
            .iter()
            .map(|name| format!(r#"{{"resource":{{"resourceType":"Organization","name":"{name}"}}}}"#))
            .collect();
        format!(r#"{{"resourceType":"Bundle","entry":[{}]}}"#, entries.join(","))
    };
    let names = ["Hartleys Clinic", "Hartlez", "Big Hartley Clinic", "Hartley", "Harley", "Other"];
    let directory = directory(&[("order", bundle(&names).as_bytes())]);
    let found: Vec<String> = directory.search("hartley", 20).hits.into_iter().map(|hit| hit.brand).collect();
    assert_eq!(found, ["Hartley", "Big Hartley Clinic", "Hartleys Clinic", "Hartlez", "Harley"]);
}

#[test]
fn more_than_the_limit_are_counted() {
    let found = fixture().search("clinic", 1);
    assert_eq!((found.hits.len(), found.total), (1, 2));
}

#[test]
fn the_one_that_is_meant_is_chosen_and_others_are_asked_about() {
    let directory = fixture();
    let Found::One(choice) = directory.find("northgate") else { panic!("{:?}", directory.find("northgate")) };
    assert_eq!(
        (choice.brand.as_str(), choice.place.as_deref()),
        ("Northgate Pediatrics", Some("Fargate, ND"))
    );
    assert_eq!(choice.endpoint.address, "https://api.northgate.example/fhir/r4");
    // Two portals: the person says which. The older endpoint of the first is no choice.
    let Found::Several { choices, total } = directory.find("lakeside rochester") else { panic!() };
    let portals: Vec<_> = choices.iter().map(|choice| choice.portal.as_deref().unwrap()).collect();
    assert_eq!((portals, total), (vec!["Lakeside Online", "Lakeside Kids"], 1));
    let Found::One(choice) = directory.find("lakeside kids") else { panic!() };
    assert_eq!(choice.endpoint.address, "https://kids.lakeside.example/fhir/r4/");
    assert_eq!(choice.description.as_deref(), Some("For children under 18 and their parents."));
}

#[test]
fn two_brands_of_one_name_and_a_misspelt_name_are_asked_about() {
    let directory = fixture();
    let Found::Several { choices, .. } = directory.find("Riverton Medical Center") else { panic!() };
    let places: Vec<_> = choices.iter().map(|choice| choice.place.as_deref().unwrap()).collect();
    assert_eq!(places, ["Riverton, OR", "Riverton, UT"]);
    assert!(matches!(directory.find("riverton oregon"), Found::One(_)));
    let Found::Several { choices, .. } = directory.find("nortgate") else { panic!() };
    assert_eq!(choices.len(), 1, "a guess is asked about, be it the only one");
}

#[test]
fn what_cannot_be_connected_to_says_why() {
    let directory = fixture();
    for (words, reach) in [
        ("oldfield", Some(Reach::OtherVersion)),
        ("menard", Some(Reach::NotHttps)),
        ("switched off", Some(Reach::NotActive)),
        ("harbor dental", None),
        ("loopway west", None),
    ] {
        let Found::Unreachable(hits) = directory.find(words) else { panic!("{words}") };
        let endpoints = hits[0].portals.iter().flat_map(|portal| &portal.endpoints);
        assert_eq!(endpoints.map(|endpoint| endpoint.reach).next(), reach, "{words}");
        assert!(!hits[0].can_connect());
    }
    assert_eq!(directory.find("nobody of this name"), Found::Nothing);
    assert_eq!(directory.find("  "), Found::Nothing);
}

#[test]
fn an_address_is_known_or_not() {
    let directory = fixture();
    let known = directory.at_address("https://fhir.lakeside.example/r4/");
    assert_eq!((known.len(), known[0].brand.as_str()), (1, "Lakeside Health"));
    assert_eq!(directory.at_address("https://fhir.lakeside.example/r4/Patient"), []);
    assert_eq!(directory.at_address("https://fhir.lakeside.example/dstu2"), [], "not one to connect to");
}
