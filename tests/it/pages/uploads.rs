//! Files that come with a form: what fits is added, and of what does not it is said why.

use super::*;

const PATH: &str = "/sources/upload";
const BUNDLE: &str = r#"{"resourceType":"Bundle","type":"collection","entry":[
    {"resource":{"resourceType":"Patient","id":"p","name":[{"text":"Anna Berg"}],"birthDate":"1980-02-03"}},
    {"resource":{"resourceType":"Immunization","id":"i","status":"completed","patient":{"reference":"Patient/p"},
        "occurrenceDateTime":"2020-09-01","vaccineCode":{"text":"Influenza"}}}]}"#;

impl Browser<'_> {
    /// Sends files of a person from the page of their sources.
    fn upload_of(&mut self, person: &str, files: &[(&str, &str)]) -> Shown {
        let page = self.get(&format!("/sources?person={person}"));
        let files: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
        self.upload(&page, &[], &files)
    }
}

#[test]
fn files_are_read_at_once_and_the_page_says_what_came() {
    let served = Served::new(Policy::Open);
    let mut browser = served.signed_up("anna@example.org");
    let person = browser.add_person("Anna Berg", "own", "");
    let shown = browser.upload_of(&person, &[("clinic.json", BUNDLE)]);
    assert_eq!(shown.status, 200, "{}", shown.html);
    assert!(shown.html.contains("2 entries added"), "{}", shown.html);
    // One after the other: the place of the first is free again.
    assert!(browser.upload_of(&person, &[("clinic.json", BUNDLE)]).html.contains("Nothing new"));
}

#[test]
fn more_than_fits_is_read_to_its_end_and_told_on_a_page() {
    let served = Served::new(Policy::Open);
    let mut browser = served.signed_up("anna@example.org");
    let person = browser.add_person("Anna Berg", "own", "");
    let shown = browser.upload_of(&person, &[("large.json", &" ".repeat(65 << 20))]);
    assert_eq!(shown.status, 413, "{}", shown.html);
    assert!(shown.html.contains("Send it in smaller parts"), "{}", shown.html);
    let many: Vec<_> = (0..101).map(|_| ("one.json", "{}")).collect();
    assert_eq!(browser.upload_of(&person, &many).status, 413);
    assert_eq!(browser.upload_of(&person, &[("clinic.json", BUNDLE)]).status, 200);
}

#[test]
fn what_breaks_off_is_told_as_that() {
    let served = Served::new(Policy::Open);
    let mut browser = served.signed_up("anna@example.org");
    let person = browser.add_person("Anna Berg", "own", "");
    let cut = format!(
        "--x\r\nContent-Disposition: form-data; name=\"person\"\r\n\r\n{person}\r\n--x\r\nContent-Disp"
    );
    let request =
        Request::post(PATH).header(CONTENT_TYPE, "multipart/form-data; boundary=x").header(ORIGIN, HTTPS);
    let shown = served.send(browser.with_cookies(request).body(Body::from(cut)).unwrap());
    assert_eq!(shown.status, 408, "{}", shown.html);
    assert!(shown.html.contains("It did not all arrive"), "{}", shown.html);
}
