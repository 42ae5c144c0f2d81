//! The document itself: its header, its text, its marks.

use super::*;

#[test]
fn a_result_that_is_withheld_until_a_day_carries_the_mark_and_so_does_its_document() {
    let seen = read(&section(
        "30954-2",
        "positive",
        &format!(
            r##"<entry><organizer classCode="BATTERY" moodCode="EVN">{}<code code="1" displayName="A panel"/>
            <component><observation classCode="OBS" moodCode="EVN"><code code="2" displayName="A test"/>
              <value xsi:type="ST">positive</value></observation></component>
            <component><observation classCode="OBS" moodCode="EVN"><templateId root="2.16.840.1.113883.3.445.21"/>
              <code code="SECCONOBS"/><effectiveTime><high value="20230129120000-0600"/></effectiveTime>
              <value xsi:type="CE" code="NOPAT"/></observation></component></organizer></entry>"##,
            template("1")
        ),
    ));
    assert_eq!(seen.entries.len(), 3, "the result, its report and the document");
    for entry in &seen.entries {
        assert_eq!(entry.security, ["NOPAT until 2023-01-29"], "{:?}", entry.kind());
    }
}

#[test]
fn a_document_tells_whom_it_is_about_who_wrote_it_and_its_text() {
    let sections = section(
        "8648-8",
        "<paragraph>Fever of 39°C.</paragraph><table><tr><td>Day 1</td><td>Rest</td></tr></table>",
        "",
    );
    let xml = format!(
        r##"<ClinicalDocument xmlns="urn:hl7-org:v3">{HEADER}<component><structuredBody><component>{sections}</component>
        </structuredBody></component></ClinicalDocument>"##
    );
    let seen = read(&xml);
    let one = |kind: Kind| seen.entries.iter().find(|entry| entry.kind() == kind).unwrap();
    let Detail::Person(person) = &one(Kind::Demographics).detail else { panic!("no person") };
    assert_eq!(one(Kind::Demographics).key, "Patient/7.7|42", "a social security number is no identity");
    assert_eq!((person.name().as_deref(), person.sex.as_deref()), (Some("Ana Sol"), Some("female")));
    assert_eq!(one(Kind::Demographics).actor("custodian"), Some("Riverton Hospital"));
    let Detail::Visit(visit) = &one(Kind::Visit).detail else { panic!("no visit") };
    assert_eq!(visit.class, VisitClass::Inpatient);
    let document = one(Kind::Document);
    let Detail::Document(text) = &document.detail else { panic!("no document") };
    assert_eq!(text.kind, DocumentKind::Discharge);
    assert!(text.text.as_deref().unwrap().contains("Fever of 39°C."), "{:?}", text.text);
    assert!(text.text.as_deref().unwrap().contains("Day 1 | Rest"), "{:?}", text.text);
    assert_eq!(document.actor("author"), Some("Kim Lee"));
    assert_eq!(one(Kind::Contact).concept.label(), "Kim Lee");
    assert!(
        seen.entries.iter().all(|entry| entry.document_date().is_some()),
        "each is as old as its document"
    );
    assert!(seen.originals.iter().all(|original| xml.contains(original.as_str())));
}

#[test]
fn an_unstructured_document_is_a_document_with_its_text() {
    let xml = format!(
        r##"<ClinicalDocument xmlns="urn:hl7-org:v3">{HEADER}<component><nonXMLBody>
        <text mediaType="text/plain" representation="B64">S25lZSBwYWluLg==</text></nonXMLBody></component>
        </ClinicalDocument>"##
    );
    let seen = read(&xml);
    let document = seen.entries.iter().find(|entry| entry.kind() == Kind::Document).unwrap();
    let Detail::Document(text) = &document.detail else { panic!("no document") };
    assert_eq!(text.text.as_deref(), Some("Knee pain."));
    assert_eq!(text.kind, DocumentKind::Discharge);
}

#[test]
fn the_sex_at_birth_is_a_fact_of_the_person() {
    let observed = r##"<entry><observation classCode="OBS" moodCode="EVN"><code code="76689-9"
        codeSystem="2.16.840.1.113883.6.1" displayName="Sex Assigned At Birth"/><statusCode code="completed"/>
        <value xsi:type="CD" code="F" codeSystem="2.16.840.1.113883.5.1" displayName="Female"/></observation></entry>"##;
    let xml = format!(
        r##"<ClinicalDocument xmlns="urn:hl7-org:v3">{HEADER}<component><structuredBody><component>{}</component>
        </structuredBody></component></ClinicalDocument>"##,
        section("29762-2", "", observed)
    );
    let seen = read(&xml);
    let person = seen.entries.iter().find_map(|entry| match &entry.detail {
        Detail::Person(person) => Some(person),
        _ => None,
    });
    assert_eq!(person.unwrap().birth_sex.as_deref(), Some("F"));
}
