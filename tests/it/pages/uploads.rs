//! Files that come with a form: what fits is added, and of what does not it is said why.

use super::*;

const BUNDLE: &str = r#"{"resourceType":"Bundle","type":"collection","entry":[
    {"resource":{"resourceType":"Patient","id":"p","name":[{"text":"Anna Berg"}],"birthDate":"1980-02-03"}},
    {"resource":{"resourceType":"Immunization","id":"i","status":"completed","patient":{"reference":"Patient/p"},
        "occurrenceDateTime":"2020-09-01","vaccineCode":{"text":"Influenza"}}}]}"#;

#[test]
fn files_are_read_at_once_and_the_page_says_what_came() {
    let served = Served::new(Policy::Open);
    let mut browser = served.signed_up("anna@example.org");
    browser.add_person("Anna Berg", "own", "");
    let page = browser.get("/sources");
    let shown = browser.upload(&page, &[], &[("clinic.json", BUNDLE.as_bytes())]);
    assert_eq!(shown.status, 200, "{}", shown.html);
    assert!(shown.html.contains("2 entries added"), "{}", shown.html);
    // One after the other: the place of the first is free again.
    assert!(browser.upload(&page, &[], &[("clinic.json", BUNDLE.as_bytes())]).html.contains("Nothing new"));
}

#[test]
fn more_than_fits_is_told_on_a_page_and_the_next_is_taken() {
    let served = Served::new(Policy::Open);
    let mut browser = served.signed_up("anna@example.org");
    browser.add_person("Anna Berg", "own", "");
    let page = browser.get("/sources");
    let shown = browser.upload(&page, &[], &[("large.json", &vec![b' '; 65 << 20])]);
    assert_eq!(shown.status, 413, "{}", shown.html);
    assert!(shown.html.contains("Send it in smaller parts"), "{}", shown.html);
    let many: Vec<_> = (0..101).map(|_| ("one.json", b"{}".as_slice())).collect();
    assert_eq!(browser.upload(&page, &[], &many).status, 413);
    assert_eq!(browser.upload(&page, &[], &[("clinic.json", BUNDLE.as_bytes())]).status, 200);
}

#[test]
fn what_breaks_off_is_told_as_that() {
    let served = Served::new(Policy::Open);
    let mut browser = served.signed_up("anna@example.org");
    browser.add_person("Anna Berg", "own", "");
    let page = browser.get("/sources");
    let fields = [("x", "y\r\n--border\r\nContent-Disp")];
    let shown = browser.upload(&page, &fields, &[]);
    assert_eq!(shown.status, 408, "{}", shown.html);
    assert!(shown.html.contains("It did not all arrive"), "{}", shown.html);
}
