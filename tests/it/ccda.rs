//! C-CDA with the program itself: what an exchange between hospitals, or a portal's download, brings.

use std::io::Write as _;
use std::path::PathBuf;

use base64::Engine as _;
use serde_json::{Value, json};
use zip::write::SimpleFileOptions;

use crate::people::Home;

/// A document of one day, of Ana Sol, with a problem and a result.
fn document(made_on: &str, problem: &str, potassium: &str) -> String {
    format!(
        r##"<?xml version="1.0" encoding="UTF-8"?>
<?xml-stylesheet type="text/xsl" href="STYLE.XSL"?>
<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<id root="1.2.3.4" extension="doc-{made_on}"/><code code="34133-9" codeSystem="2.16.840.1.113883.6.1"/>
<title>Summary of {made_on}</title><effectiveTime value="{made_on}"/>
<recordTarget><patientRole><id root="1.2.3.4.5" extension="MRN-0042"/><patient>
  <name use="L"><given>Ana</given><family>Sol</family></name><administrativeGenderCode code="F"/>
  <birthTime value="19610304"/></patient></patientRole></recordTarget>
<custodian><assignedCustodian><representedCustodianOrganization><id root="1.2.3.4"/><name>Riverton Hospital</name>
</representedCustodianOrganization></assignedCustodian></custodian>
<component><structuredBody>
<component><section><code code="11450-4" codeSystem="2.16.840.1.113883.6.1"/><title>Problems</title>
  <text><paragraph ID="p">Low back pain</paragraph></text>
  <entry><act classCode="ACT" moodCode="EVN"><templateId root="2.16.840.1.113883.10.20.22.4.3"/><statusCode code="active"/>
  <entryRelationship typeCode="SUBJ"><observation classCode="OBS" moodCode="EVN">
  <templateId root="2.16.840.1.113883.10.20.22.4.4"/><id root="1.2.3.4.6" extension="p1"/>
  <effectiveTime><low value="20240105"/>{problem}</effectiveTime>
  <value xsi:type="CD" code="M54.50" codeSystem="2.16.840.1.113883.6.90"><originalText><reference value="#p"/></originalText>
  </value></observation></entryRelationship></act></entry></section></component>
<component><section><code code="30954-2" codeSystem="2.16.840.1.113883.6.1"/><title>Results</title>
  <text><table><tr ID="r"><td>Potassium</td><td>4.2 mmol/L</td></tr></table></text>
  <entry><organizer classCode="BATTERY" moodCode="EVN"><templateId root="2.16.840.1.113883.10.20.22.4.1"/>
  <component><observation classCode="OBS" moodCode="EVN"><templateId root="2.16.840.1.113883.10.20.22.4.2"/>
  <id root="1.2.3.4.7" extension="r1"/><code code="2823-3" codeSystem="2.16.840.1.113883.6.1" displayName="Potassium"/>
  <text><reference value="#r"/></text><effectiveTime value="20240110"/>
  <value xsi:type="PQ" value="{potassium}" unit="mmol/L"/></observation></component></organizer></entry>
</section></component></structuredBody></component></ClinicalDocument>"##
    )
}

fn zipped(files: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in files {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[test]
fn an_exchange_of_two_documents_is_one_source_with_each_entry_once_as_the_newest_tells_it() {
    let (january, june) =
        (document("20240115", "", "4.2"), document("20240615", r#"<high value="20240601"/>"#, "4.2"));
    let exchange = zipped(&[
        ("IHE_XDM/SUBSET01/DOC0002.XML", &june),
        ("IHE_XDM/SUBSET01/DOC0001.XML", &january),
        (
            "IHE_XDM/SUBSET01/METADATA.XML",
            "<?xml version=\"1.0\"?><lcm:SubmitObjectsRequest xmlns:lcm=\"urn:x\"/>",
        ),
        (
            "IHE_XDM/SUBSET01/STYLE.XSL",
            "<xsl:stylesheet xmlns:xsl=\"http://www.w3.org/1999/XSL/Transform\"/>",
        ),
    ]);
    let home = Home::new();
    let path = home.file("exchange.zip", &exchange);
    let report = home.import_json(&[&path]);
    assert_eq!(report["sources"], json!(["Riverton Hospital"]));
    assert_eq!(report["failures"], json!([]));
    let named = left_out(&report);
    assert!(named.iter().any(|file| file.ends_with("METADATA.XML")), "{named:?}");
    assert!(named.iter().any(|file| file.ends_with("STYLE.XSL")), "{named:?}");
    let labs = home.call_json("get_labs", "{}");
    assert_eq!((&labs["total"], &labs["items"][0]["sources"]), (&json!(1), &Value::Null), "{labs}");
    let conditions = home.call("get_conditions", "{}");
    assert!(conditions.contains("past or resolved") && conditions.contains("2024-06-01"), "{conditions}");
    let again = home.import_json(&[&path]);
    assert_eq!((&again["new"], &again["changed"]), (&json!(0), &json!(0)));
}

fn left_out(report: &Value) -> Vec<&str> {
    report["left_out"].as_array().unwrap().iter().map(|left| left["file"].as_str().unwrap()).collect()
}

#[test]
fn a_document_in_utf_16_is_read_too() {
    let wide = format!("\u{feff}{}", document("20240115", "", "4.2"));
    let bytes: Vec<u8> = wide.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let home = Home::new();
    home.import_json(&[&home.file("a.xml", bytes)]);
    assert_eq!(home.call_json("get_labs", "{}")["total"], json!(1));
}

#[test]
fn numbers_that_each_document_gives_anew_do_not_make_one_thing_of_two() {
    let other =
        document("20240615", "", "4.2").replace("M54.50", "E11.9").replace("Low back pain", "Diabetes");
    let home = Home::new();
    home.import_json(&[&home.file("january.xml", document("20240115", "", "4.2"))]);
    home.import_json(&[&home.file("june.xml", &other)]);
    let conditions = home.call("get_conditions", "{}");
    assert!(conditions.contains("Low back pain") && conditions.contains("Diabetes"), "{conditions}");
    let again = home.import_json(&[&home.file("june.xml", &other)]);
    assert_eq!((&again["new"], &again["changed"]), (&json!(0), &json!(0)));
}

#[test]
fn what_a_withdrawn_attachment_states_is_not_taken() {
    let data = base64::prelude::BASE64_STANDARD.encode(document("20240115", "", "4.2"));
    let resource = json!({ "resourceType": "DocumentReference", "id": "d", "status": "entered-in-error",
        "content": [{ "attachment": { "contentType": "text/xml", "data": data } }] });
    let home = Home::new();
    let report = home.import_json(&[&home.file("portal.json", resource.to_string())]);
    assert_eq!(home.call_json("get_conditions", "{}")["total"], json!(0));
    let reason = report["left_out"][0]["reason"].as_str().unwrap();
    assert!(reason.contains("withdrawn or replaced"), "{reason}");
}

#[test]
fn an_older_document_that_comes_later_changes_nothing_that_stands() {
    let (january, june) =
        (document("20240115", "", "4.2"), document("20240615", r#"<high value="20240601"/>"#, "4.2"));
    let home = Home::new();
    home.import_json(&[&home.file("june.xml", june)]);
    home.import_json(&[&home.file("january.xml", january)]);
    let conditions = home.call("get_conditions", "{}");
    assert!(
        conditions.contains("past or resolved") && !conditions.contains("Problem list, active"),
        "{conditions}"
    );
}

#[test]
fn a_number_in_the_text_of_the_document_that_differs_from_the_coded_one_is_shown_beside_it() {
    let home = Home::new();
    home.import_json(&[&home.file("a.xml", document("20240115", "", "6.2"))]);
    let labs = home.call("get_labs", "{}");
    assert!(labs.contains("6.2 mmol/L") && labs.contains("tells it otherwise"), "{labs}");
    assert!(labs.contains("Potassium; 4.2 mmol/L"), "{labs}");
}

#[test]
fn a_document_inside_of_a_portals_attachment_is_part_of_the_record() {
    let data = base64::prelude::BASE64_STANDARD.encode(document("20240115", "", "4.2"));
    let bundle = json!({ "resourceType": "Bundle", "type": "collection", "entry": [
        { "resource": { "resourceType": "Patient", "id": "1", "birthDate": "1961-03-04", "gender": "female",
            "name": [{ "family": "Sol", "given": ["Ana"] }] } },
        { "resource": { "resourceType": "DocumentReference", "id": "d", "status": "current",
            "subject": { "reference": "Patient/1" }, "type": { "text": "Summary of care" },
            "content": [{ "attachment": { "contentType": "application/xml", "data": data } }] } },
    ]});
    let home = Home::new();
    let report = home.import_json(&[&home.file("portal.json", bundle.to_string())]);
    assert_eq!(report["sources"], json!(["portal"]), "what it states is of the source that carries it");
    assert_eq!(home.call_json("get_labs", "{}")["total"], json!(1));
    assert_eq!(home.call_json("get_conditions", "{}")["total"], json!(1));
    let documents = home.call_json("get_documents", "{}");
    assert_eq!(documents["total"], json!(1), "the document is told once: {documents}");
}

#[test]
fn what_could_harm_is_refused_in_words_and_nothing_is_taken() {
    let bomb =
        "<!DOCTYPE a [<!ENTITY b \"x\">]><ClinicalDocument xmlns=\"urn:hl7-org:v3\">&b;</ClinicalDocument>";
    let cut = &document("20240115", "", "4.2")[..1500];
    let deep = format!("<section>{}{}</section>", "<entry>".repeat(5000), "</entry>".repeat(5000));
    for (text, reason) in [(bomb, "document type"), (cut, "is not valid XML"), (&deep, "nests deeper")] {
        let home = Home::new();
        let said = home.run(&["import", &home.file("a.xml", text)]).fails(3);
        assert!(said.contains(reason) && said.contains("nothing was taken"), "{said}");
    }
}

#[test]
fn an_export_holds_the_documents_and_gives_the_same_record_again() {
    let home = Home::new();
    let first = home.import_json(&[&home.file("a.xml", document("20240115", "", "4.2"))]);
    let copy = tempfile::tempdir().unwrap();
    let out = copy.path().join("copy");
    home.run(&["export", &out.display().to_string()]).ok();
    let documents: Vec<PathBuf> = std::fs::read_dir(&out)
        .unwrap()
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "xml"))
        .collect();
    assert_eq!(documents.len(), 1, "what stands inside of the document is told with it");
    let other = Home::new();
    let again = other.import_json(&[&documents[0].display().to_string()]);
    assert_eq!(again["categories"], first["categories"]);
}

#[test]
fn the_text_of_an_attached_document_is_its_sections_and_not_its_markup() {
    let data = base64::prelude::BASE64_STANDARD.encode(document("20240115", "", "4.2"));
    let resource = json!({ "resourceType": "DocumentReference", "id": "d", "status": "current",
        "type": { "text": "Summary of care" },
        "content": [{ "attachment": { "contentType": "text/xml", "data": data } }] });
    let home = Home::new();
    home.import_json(&[&home.file("portal.json", resource.to_string())]);
    let documents = home.call_json("get_documents", "{}");
    let id = documents["items"][0]["id"].as_str().unwrap();
    let text = home.call("get_documents", &json!({ "id": id }).to_string());
    assert!(text.contains("Low back pain") && text.contains("Potassium | 4.2 mmol/L"), "{text}");
    assert!(!text.contains("MRN-0042") && !text.contains("codeSystem"), "{text}");
}
