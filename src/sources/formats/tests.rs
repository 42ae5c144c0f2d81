//! Containers of resources as senders write them.

use std::io::BufReader;

use super::*;
use crate::sources::taken::Taken;
use crate::sources::{Limits, Subject};

/// Where something was left out, and why.
fn places(taken: &Taken) -> Vec<(&str, &str)> {
    taken.left_out.iter().map(|left_out| (left_out.path.as_str(), left_out.reason.as_str())).collect()
}

fn read_within(limits: &Limits, text: &str) -> Result<Taken, Fault> {
    let mut taken = Taken::default();
    let share = Share { packed: text.len() as u64, unpacked: text.len() as u64 };
    let format = find(&text.as_bytes()[..text.len().min(BEGINNING_BYTES)])?;
    let mut sink = Sink::new("file.json", share, limits, &mut taken);
    (format.read)(&mut BufReader::with_capacity(7, text.as_bytes()), &mut sink)?;
    sink.finish();
    assert_eq!(taken.bytes, text.len() as u64, "progress ends at the size of the file");
    Ok(taken)
}

fn read(text: &str) -> Taken {
    read_within(&Limits::default(), text).unwrap()
}

#[test]
fn a_resource_keeps_its_bytes() {
    let text =
        "\u{feff}  {\n  \"resourceType\": \"Patient\",\r\n \"id\": \"1\", \"multipleBirthInteger\": 1.0 }\n";
    let taken = read(text);
    assert_eq!(taken.keys(), ["Patient/1"]);
    assert_eq!(taken.drafts[0].original, text.trim_start_matches('\u{feff}').trim().as_bytes());
}

#[test]
fn lines_may_have_a_mark_carriage_returns_and_gaps_and_one_may_be_broken() {
    let text = "\u{feff}{\"resourceType\":\"Patient\",\"id\":\"1\"}\r\n\r\n{\"resourceType\":\"Observation\",\r\n\
                {\"no\":\"type\"}\n[1]\n{\"resourceType\":\"Observation\",\"id\":\"2\",\"x\":4.10}";
    let taken = read(text);
    assert_eq!(taken.keys(), ["Patient/1", "Observation/2"]);
    assert_eq!(taken.drafts[1].original, b"{\"resourceType\":\"Observation\",\"id\":\"2\",\"x\":4.10}");
    let expected = [
        ("line 3", "the JSON ends in the middle"),
        ("line 4", "this is no FHIR resource: it has no resourceType"),
        ("line 5", "this is no FHIR resource: it is no object"),
    ];
    assert_eq!(places(&taken), expected);
}

#[test]
fn a_line_beyond_the_limit_is_left_out_and_the_others_are_read() {
    let limits = Limits { document_bytes_max: 100, ..Limits::default() };
    let long = format!("{{\"resourceType\":\"Binary\",\"data\":\"{}\"}}", "x".repeat(200));
    let patient = "{\"resourceType\":\"Patient\",\"id\":\"1\"}";
    let taken = read_within(&limits, &format!("{patient}\n{long}\n{patient}\n")).unwrap();
    assert_eq!(taken.keys(), ["Patient/1", "Patient/1"]);
    assert_eq!(places(&taken), [("line 2", "this line is longer than 0 MB")]);
    let bundle = format!("[\n{patient},{patient},{patient},{patient}]");
    assert!(matches!(read_within(&limits, &bundle), Err(Fault::TooLarge(0))));
}

#[test]
fn a_transaction_resolves_its_addresses() {
    let taken = read(
        r#"{"resourceType":"Bundle","type":"transaction","entry":[
        {"fullUrl":"urn:uuid:AA-1","resource":{"resourceType":"Patient","id":"p"},"request":{"method":"POST"}},
        {"fullUrl":"urn:uuid:bb-2","resource":{"resourceType":"Condition","subject":{"reference":"urn:uuid:aa-1"}}},
        {"resource":{"resourceType":"Condition","id":"c","subject":{"reference":"http://x.org/Patient/p/_history/3"}}}]}"#,
    );
    assert_eq!(taken.keys(), ["Patient/p", "Condition/bb-2", "Condition/c"]);
    for draft in &taken.drafts[1..] {
        assert_eq!(draft.subject, Subject::Person("Patient/p".into()));
    }
}

#[test]
fn one_bad_resource_does_not_sink_its_bundle() {
    let deep = format!("{{\"resourceType\":\"Basic\",\"x\":{}{}}}", "[".repeat(200), "]".repeat(200));
    let text = format!(
        r#"{{"resourceType":"Bundle","type":"searchset","link":[{{"relation":"next","url":"http://x"}}],"entry":[
        {{"resource":{deep}}}, null, {{"resource":[1]}}, {{"resource":{{"id":"1"}}}}, {{"response":{{"status":"404 Not Found"}}}},
        {{"request":{{"method":"DELETE"}}}}, {{"resource":{{"resourceType":"Patient","id":"p","x":"\ud800"}}}},
        {{"resource":{{"resourceType":"OperationOutcome","issue":[{{"severity":"warning","code":"suppressed",
            "details":{{"text":"Part of the data is withheld"}}}}]}},"search":{{"mode":"outcome"}}}},
        {{"fullUrl":7,"resource":{{"resourceType":"Patient","id":"p"}}}}]}}"#
    );
    let taken = read(&text);
    assert_eq!(taken.keys(), ["Patient/p"]);
    let reasons = places(&taken);
    assert_eq!(reasons[0], ("entry[0]", "this resource is nested deeper than 128 levels"));
    assert_eq!(reasons[1].1, "this entry of the bundle is no object");
    assert_eq!(reasons[2].1, "this is no FHIR resource: it is no object");
    assert_eq!(reasons[3].1, "this is no FHIR resource: it has no resourceType");
    assert_eq!(reasons[4].1, "the server answered 404 instead of sending a resource");
    assert_eq!(reasons[5].1, "the source has deleted this resource");
    assert!(reasons[6].1.starts_with("this is not valid JSON (at character"));
    assert_eq!(reasons[7], ("entry[7]", "the server says: Part of the data is withheld (warning)"));
    assert_eq!(reasons[8], ("link", "the bundle names a further page; see that it was saved too"));
}

#[test]
fn bundles_lie_in_bundles_lists_and_lines() {
    let patient = r#"{"resourceType":"Patient","id":"p"}"#;
    let inner = concat!(
        r#"{"resourceType":"Bundle","type":"collection","entry":[{"resource":"#,
        r#"{"resourceType":"Device","id":"d","patient":{"reference":"urn:uuid:1"}}}]}"#
    );
    let outer = format!(
        r#"{{"resourceType":"Bundle","type":"document","entry":[{{"fullUrl":"urn:uuid:1","resource":{patient}}},{{"resource":{inner}}}]}}"#
    );
    for text in [outer.clone(), format!("[{outer}]"), format!("{patient}\n{outer}\n")] {
        let taken = read(&text);
        assert!(taken.keys().ends_with(&["Patient/p", "Device/d"]), "{text}");
        assert_eq!(taken.drafts.last().unwrap().subject, Subject::Person("Patient/p".into()));
        assert!(taken.left_out.is_empty());
    }
    let nested = (0..40).fold(patient.to_owned(), |inside, _| {
        format!(r#"{{"resourceType":"Bundle","entry":[{{"resource":{inside}}}]}}"#)
    });
    assert_eq!(places(&read(&nested))[0].1, "bundles lie inside each other too deep");
}

#[test]
fn resources_inside_parameters_are_read_and_what_is_about_a_thing_is_named() {
    let about = |subject: &str, id: &str| {
        format!(r#"{{"resourceType":"Observation","id":"{id}","subject":{{"reference":"{subject}"}}}}"#)
    };
    let (person, room) = (about("Patient/p", "o1"), about("Location/1", "o2"));
    let bundle =
        format!(r#"{{"resourceType":"Bundle","type":"collection","entry":[{{"resource":{room}}}]}}"#);
    let taken = read(&format!(
        r#"{{"resourceType":"Parameters","parameter":[{{"name":"return","resource":{person}}},
        {{"name":"more","part":[{{"name":"inner","resource":{bundle}}}]}}]}}"#
    ));
    assert_eq!(taken.keys(), ["Observation/o1"]);
    let place = "parameter[1].part[0].resource.entry[0]";
    assert_eq!(places(&taken), [(place, "it is about a place, a device or a group, not about a person")]);
    let plain =
        read(r#"{"resourceType":"Parameters","id":"x","parameter":[{"name":"result","valueBoolean":true}]}"#);
    assert_eq!(plain.keys(), ["Parameters/x"]);
}

#[test]
fn a_history_hands_over_the_newest_version_last() {
    let version = |number| {
        format!(r#"{{"resource":{{"resourceType":"Goal","id":"g","meta":{{"versionId":"{number}"}}}}}}"#)
    };
    let text = format!(
        r#"{{"resourceType":"Bundle","type":"history","entry":[{},{},{{"request":{{"method":"DELETE"}}}}]}}"#,
        version(2),
        version(1)
    );
    let taken = read(&text);
    assert!(str::from_utf8(&taken.drafts[1].original).unwrap().contains(r#""2""#));
    assert_eq!(places(&taken)[0].0, "entry[2]");
}

#[test]
fn one_document_is_read_however_its_lines_are_broken() {
    let patient = r#"{"resourceType":"Patient","id":"p"}"#;
    let note = format!(r#"{{"resourceType":"Basic","id":"b","x":"{}"}}"#, "x".repeat(BEGINNING_BYTES));
    let bundle = |between: &str| {
        format!(
            r#"{{"resourceType":"Bundle","type":"collection","entry":[{{"resource":{note}}},{between}{{"resource":{patient}}}]}}"#
        )
    };
    for between in ["", "\n", "\r\n\r\n"] {
        assert_eq!(read(&bundle(between)).keys(), ["Basic/b", "Patient/p"]);
    }
    let cut = bundle("");
    let fault = read_within(&Limits::default(), &cut[..cut.len() - 2]).map(|_| ()).unwrap_err();
    assert!(matches!(fault, Fault::CutOff(1)), "{fault}");
}

#[test]
fn what_is_no_record_is_a_fault_and_hands_nothing_over() {
    let fault = |text: &str| read_within(&Limits::default(), text).map(|_| ()).unwrap_err().to_string();
    assert_eq!(fault("{\"eventId\":\"kickoff\"}\n{\"eventId\":\"done\"}\n"), "holds no FHIR resource");
    assert_eq!(fault("{\"name\": \"package\"}"), "holds no FHIR resource");
    assert_eq!(fault("[]"), "holds no FHIR resource");
    assert!(fault("").starts_with("looks like an empty file: download it again"));
    assert!(fault("MSH|^~\\&|LAB").starts_with("looks like an HL7 version 2 message: ask"));
    let cut = r#"{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Patient","id":"p"}},"#;
    assert_eq!(fault(cut), "ends in the middle of its JSON (line 1); nothing was taken from it");
    assert_eq!(fault(&format!("{cut}\n}}]}}")), "is not valid JSON (line 2); nothing was taken from it");
    assert_eq!(fault("{\"resourceType\": oops}\n"), "is not valid JSON (line 1); nothing was taken from it");
    assert!(matches!(find(b"\xff\xfe{\0"), Err(Fault::Utf16)));
}

#[test]
fn thousands_of_parts_left_out_are_counted() {
    let text = format!("{{\"resourceType\":\"Patient\",\"id\":\"1\"}}\n{}", "{}\n".repeat(1500));
    let taken = read(&text);
    assert_eq!(taken.left_out.len(), 1001);
    assert_eq!(taken.left_out[1000].reason, "500 further parts were left out as well");
}

#[test]
fn the_list_of_formats_names_each_once() {
    let names: std::collections::HashSet<&str> = FORMATS.iter().map(|format| format.name).collect();
    assert_eq!(names.len(), FORMATS.len());
}

proptest::proptest! {
    #[test]
    fn no_text_panics_a_reader(text in "[\\[{]?(\"(resourceType|entry|resource|id)\":|\"Bundle\"|\"Patient\"|[\\[\\]{},:\n \"]|\\PC){0,40}") {
        let _ = read_within(&Limits::default(), &text);
    }
}

#[test]
fn an_export_of_fasten_connect_tells_through_whom_it_came_and_keeps_what_is_wrapped() {
    let lines = [
        r#"{"resourceType":"Patient","id":"1","identifier":[{"system":"urn:fastenhealth-id:abc","value":"Patient/1"}]}"#,
        r##"{"resourceType":"MedicationRequest","id":"m","subject":{"reference":"Patient/1"},"medicationReference":{"reference":"#synthetic-1"},
        "contained":[{"resourceType":"Medication","id":"synthetic-1","code":{"text":"Lisinopril"}}]}"##,
        r#"{"resourceType":"DocumentReference","id":"d","subject":{"reference":"Patient/1"},"content":[{"attachment":{"url":"Binary/b"}}]}"#,
        r#"{"resourceType":"Binary","id":"b","contentType":"text/plain","data":"SGVsbG8="}"#,
        r#"{"resourceType":"Patient","id":"77"}"#,
    ];
    let text = lines.map(|line| line.replace('\n', "")).join("\n");
    assert_eq!(find(text.as_bytes()).unwrap().name, "Fasten Connect export");
    let taken = read(&text);
    assert_eq!(
        taken.keys(),
        ["Patient/1", "MedicationRequest/m", "DocumentReference/d", "Binary/b", "Patient/77"]
    );
    assert!(taken.drafts.iter().all(|draft| draft.entry.extra("came through") == Some("Fasten Connect")));
    assert_eq!(taken.drafts[1].entry.concept.label(), "Lisinopril");
    let plain = text.replace("fastenhealth", "other");
    assert_eq!(find(plain.as_bytes()).unwrap().name, "FHIR NDJSON", "without a mark it is what it is");
    assert!(read(&plain).drafts.iter().all(|draft| draft.entry.extra("came through").is_none()));
}
