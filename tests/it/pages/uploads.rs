//! Files that come with a form: what fits is added, and of what does not it is said why.

use super::*;

const PATH: &str = "/sources/upload";
const BOUNDARY: &str = "-----x";
const BUNDLE: &str = r#"{"resourceType":"Bundle","type":"collection","entry":[
    {"resource":{"resourceType":"Patient","id":"p","name":[{"text":"Anna Berg"}],"birthDate":"1980-02-03"}},
    {"resource":{"resourceType":"Immunization","id":"i","status":"completed","patient":{"reference":"Patient/p"},
        "occurrenceDateTime":"2020-09-01","vaccineCode":{"text":"Influenza"}}}]}"#;

fn part(name: &str, file: Option<&str>, content: &str) -> String {
    let file = file.map_or_else(String::new, |file| format!("; filename=\"{file}\""));
    format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{content}\r\n")
}

impl Browser<'_> {
    fn upload(&mut self, person: &str, files: &[(&str, &str)]) -> Shown {
        let mark = self.get("/sources").mark(PATH);
        let mut body = part("csrf", None, &mark) + &part("person", None, person);
        for (name, content) in files {
            body += &part("files", Some(name), content);
        }
        body += &format!("--{BOUNDARY}--\r\n");
        self.sent(body.into())
    }

    fn sent(&self, body: Body) -> Shown {
        let media = format!("multipart/form-data; boundary={BOUNDARY}");
        let request = Request::post(PATH).header(CONTENT_TYPE, media).header(ORIGIN, HTTPS);
        self.served.send(self.with_cookies(request).body(body).unwrap())
    }
}

#[test]
fn files_are_read_at_once_and_the_page_says_what_came() {
    let served = Served::new(Policy::Open);
    let mut browser = served.signed_up("anna@example.org");
    let person = browser.add_person("Anna Berg", "own", "");
    let shown = browser.upload(&person, &[("clinic.json", BUNDLE)]);
    assert_eq!(shown.status, 200, "{}", shown.html);
    assert!(shown.html.contains("2 entries added"), "{}", shown.html);
    // One after the other: the place of the first is free again.
    assert!(browser.upload(&person, &[("clinic.json", BUNDLE)]).html.contains("Nothing new"));
}

#[test]
fn more_than_fits_is_read_to_its_end_and_told_on_a_page() {
    let served = Served::new(Policy::Open);
    let mut browser = served.signed_up("anna@example.org");
    let person = browser.add_person("Anna Berg", "own", "");
    let shown = browser.upload(&person, &[("large.json", &" ".repeat(65 << 20))]);
    assert_eq!(shown.status, 413, "{}", shown.html);
    assert!(shown.html.contains("Send it in smaller parts"), "{}", shown.html);
    let many: Vec<_> = (0..101).map(|_| ("one.json", "{}")).collect();
    assert_eq!(browser.upload(&person, &many).status, 413);
    assert_eq!(browser.upload(&person, &[("clinic.json", BUNDLE)]).status, 200);
}

#[test]
fn what_breaks_off_is_told_as_that() {
    let served = Served::new(Policy::Open);
    let mut browser = served.signed_up("anna@example.org");
    let person = browser.add_person("Anna Berg", "own", "");
    let cut = part("person", None, &person) + "--" + BOUNDARY + "\r\nContent-Disp";
    let shown = browser.sent(cut.into());
    assert_eq!(shown.status, 408, "{}", shown.html);
    assert!(shown.html.contains("It did not all arrive"), "{}", shown.html);
}
