//! What statements of C-CDA become, by the reader of FHIR that gives them their meaning.

use crate::record::{
    Allergy, Condition, ConditionList, Detail, DocumentKind, Entry, FlagMeaning, Immunization, Kind,
    LinkRole, Measurement, Medication, Standing, Value, VisitClass,
};
use crate::sources::formats;
use crate::sources::{Draft, LeftOut, Limits, Receiver};

#[derive(Default)]
struct Seen {
    entries: Vec<Entry>,
    originals: Vec<String>,
    left_out: Vec<String>,
}

impl Receiver for Seen {
    fn draft(&mut self, draft: Draft) {
        self.entries.push(draft.entry);
        self.originals.push(String::from_utf8(draft.original).unwrap());
    }
    fn left_out(&mut self, left_out: LeftOut) {
        self.left_out.push(format!("{}: {}", left_out.path, left_out.reason));
    }
    fn progress(&mut self, _: u64) {}
}

fn read(xml: &str) -> Seen {
    let mut seen = Seen::default();
    let whole = formats::Share { packed: u64::MAX, unpacked: u64::MAX };
    let limits = Limits::default();
    let mut sink = formats::Sink::new("a.xml", whole, &limits, &mut seen);
    let format = formats::find(xml.as_bytes()).unwrap();
    assert_eq!(format.name, "C-CDA (XML)");
    (format.read)(&mut xml.as_bytes(), &mut sink).unwrap();
    sink.finish();
    seen
}

/// A section with a narrative and entries.
fn section(code: &str, narrative: &str, entries: &str) -> String {
    format!(
        r##"<section><code code="{code}" codeSystem="2.16.840.1.113883.6.1"/><title>A section</title>
        <text>{narrative}</text>{entries}</section>"##
    )
}

/// The entries of one kind in a section.
fn of(kind: Kind, code: &str, narrative: &str, entries: &str) -> Vec<Entry> {
    let seen = read(&section(code, narrative, entries));
    seen.entries.into_iter().filter(|entry| entry.kind() == kind).collect()
}

fn template(last: &str) -> String {
    format!(r##"<templateId root="2.16.840.1.113883.10.20.22.4.{last}"/>"##)
}

fn allergy(observation: &str, attributes: &str) -> (Entry, Allergy) {
    let entries = format!(
        r##"<entry><act classCode="ACT" moodCode="EVN">{}<code code="CONC"/><statusCode code="active"/>
        <entryRelationship typeCode="SUBJ"><observation classCode="OBS" moodCode="EVN" {attributes}>{}
        <id root="1.2.3" extension="a"/>{observation}</observation></entryRelationship></act></entry>"##,
        template("30"),
        template("7"),
    );
    let mut found = of(Kind::Allergy, "48765-2", r##"<paragraph ID="a1">As told</paragraph>"##, &entries);
    assert_eq!(found.len(), 1);
    let entry = found.remove(0);
    let Detail::Allergy(allergy) = entry.detail.clone() else { panic!("no allergy") };
    (entry, *allergy)
}

fn substance(code: &str) -> String {
    format!(
        r##"<participant typeCode="CSM"><participantRole><playingEntity>{code}</playingEntity></participantRole></participant>"##
    )
}

#[test]
fn an_allergy_has_its_substance_reaction_severity_and_criticality() {
    let (entry, allergy) = allergy(
        &format!(
            r##"<text><reference value="#a1"/></text><effectiveTime><low value="2006"/></effectiveTime>
            <value xsi:type="CD" code="416098002" codeSystem="2.16.840.1.113883.6.96"/>{}
            <entryRelationship typeCode="MFST" inversionInd="true"><observation classCode="OBS" moodCode="EVN">{}
              <value xsi:type="CD" code="247472004" codeSystem="2.16.840.1.113883.6.96" displayName="Wheal"/>
              <entryRelationship typeCode="SUBJ" inversionInd="true"><observation classCode="OBS" moodCode="EVN">{}
                <code code="SEV" codeSystem="2.16.840.1.113883.5.4"/>
                <value xsi:type="CD" code="6736007" displayName="Moderate"/></observation></entryRelationship>
              </observation></entryRelationship>
            <entryRelationship typeCode="SUBJ" inversionInd="true"><observation classCode="OBS" moodCode="EVN">{}
              <code code="82606-5" codeSystem="2.16.840.1.113883.6.1"/><value xsi:type="CD" code="CRITH"/>
              </observation></entryRelationship>"##,
            substance(
                r##"<code code="7980" codeSystem="2.16.840.1.113883.6.88" displayName="Penicillin G"/>"##
            ),
            template("9"),
            template("8"),
            template("145"),
        ),
        "",
    );
    assert_eq!(entry.key, "AllergyIntolerance/1.2.3|a");
    assert_eq!(entry.concept.label(), "Penicillin G");
    assert_eq!(entry.standing, Standing::Stated);
    assert_eq!(entry.status.as_deref(), Some("active"));
    assert_eq!(entry.date.unwrap().to_string(), "2006");
    assert_eq!(allergy.criticality.as_deref(), Some("high"));
    assert_eq!(allergy.reactions[0].manifestations, ["Wheal"]);
    assert_eq!(allergy.reactions[0].severity.as_deref(), Some("moderate"));
    assert_eq!(entry.extra("in the words of the document"), Some("As told"));
}

#[test]
fn no_known_allergies_is_a_statement_and_no_allergy() {
    let value = r##"<value xsi:type="CD" code="419199007" codeSystem="2.16.840.1.113883.6.96"/>"##;
    let none = format!("{value}{}", substance(r##"<code nullFlavor="NA"/>"##));
    let (entry, _) = allergy(&none, r##"negationInd="true""##);
    assert_eq!((entry.standing, entry.concept.label().as_str()), (Standing::NoneKnown, "No known allergies"));
    let drugs = none.replace("419199007", "416098002");
    let (entry, _) = allergy(&drugs, r##"negationInd="true""##);
    assert_eq!(
        (entry.standing, entry.concept.label().as_str()),
        (Standing::NoneKnown, "No known drug allergies")
    );
    // A substance that is denied is that one alone.
    let eggs = format!("{value}{}", substance(r##"<code code="1" displayName="Peanut"/>"##));
    let (entry, _) = allergy(&eggs, r##"negationInd="true""##);
    assert_eq!((entry.standing, entry.concept.label().as_str()), (Standing::Refuted, "Peanut"));
}

fn problem(observation: &str, attributes: &str, concern: &str) -> (Entry, Condition) {
    let entries = format!(
        r##"<entry><act classCode="ACT" moodCode="EVN">{}<statusCode code="{concern}"/>
        <entryRelationship typeCode="SUBJ"><observation classCode="OBS" moodCode="EVN" {attributes}>{}
        <code code="55607006" codeSystem="2.16.840.1.113883.6.96"/>{observation}</observation>
        </entryRelationship></act></entry>"##,
        template("3"),
        template("4"),
    );
    let narrative = r##"<table><tbody><tr ID="p1"><td>Sugar</td><td>since spring</td></tr></tbody></table>"##;
    let mut found = of(Kind::Condition, "11450-4", narrative, &entries);
    assert_eq!(found.len(), 1);
    let entry = found.remove(0);
    let Detail::Condition(condition) = entry.detail.clone() else { panic!("no condition") };
    (entry, *condition)
}

const DIABETES: &str = r##"<value xsi:type="CD" code="44054006" codeSystem="2.16.840.1.113883.6.96"
    displayName="a name of a code"><originalText><reference value="#p1"/></originalText>
    <translation code="E11.9" codeSystem="2.16.840.1.113883.6.90" displayName="Type 2"/></value>"##;

#[test]
fn a_problem_keeps_its_codes_beside_the_words_of_the_document() {
    let (entry, _) = problem(
        &format!(r##"<effectiveTime><low value="201404"/></effectiveTime>{DIABETES}"##),
        "",
        "active",
    );
    assert_eq!(entry.concept.text.as_deref(), Some("Sugar; since spring"));
    let codes: Vec<&str> = entry.concept.codes.iter().map(|code| code.code.as_str()).collect();
    assert_eq!(codes, ["44054006", "E11.9"]);
    assert_eq!(entry.concept.codes[1].system.name(), "ICD-10-CM");
    assert_eq!(entry.date.unwrap().to_string(), "2014-04");
    assert_eq!(entry.status.as_deref(), Some("active"));
}

#[test]
fn what_is_denied_ended_withdrawn_or_tracked_no_more_is_told_as_that() {
    let (entry, _) = problem(DIABETES, r##"negationInd="true""##, "active");
    assert_eq!(entry.standing, Standing::Refuted);
    let any = r##"<value xsi:type="CD" code="55607006" codeSystem="2.16.840.1.113883.6.96"/>"##;
    let (entry, _) = problem(any, r##"negationInd="true""##, "active");
    assert_eq!((entry.standing, entry.concept.label().as_str()), (Standing::NoneKnown, "No known problems"));
    let ended =
        format!(r##"<effectiveTime><low value="2010"/><high value="2011"/></effectiveTime>{DIABETES}"##);
    let (entry, _) = problem(&ended, "", "active");
    assert_eq!(
        (entry.status.as_deref(), entry.end.unwrap().to_string().as_str()),
        (Some("resolved"), "2011")
    );
    let unknown = format!(
        r##"<effectiveTime><low nullFlavor="UNK"/><high nullFlavor="UNK"/></effectiveTime>{DIABETES}"##
    );
    let (entry, condition) = problem(&unknown, "", "active");
    assert_eq!(entry.status.as_deref(), Some("resolved"));
    assert_eq!(condition.end_text.as_deref(), Some("has ended, on an unknown date"));
    assert_eq!(entry.extra("began"), Some("unknown"));
    let (entry, _) = problem(DIABETES, "", "nullified");
    assert_eq!(entry.standing, Standing::EnteredInError);
    // That nobody tracks it does not say that it has passed.
    let (entry, _) = problem(DIABETES, "", "completed");
    assert_eq!((entry.status, entry.more.iter().any(|(label, _)| label == "tracked as")), (None, true));
}

fn medicine(attributes: &str, inside: &str) -> (Entry, Medication) {
    let entries = format!(
        r##"<entry><substanceAdministration classCode="SBADM" {attributes}>{}<statusCode code="active"/>{inside}
        </substanceAdministration></entry>"##,
        template("16"),
    );
    let mut found = of(Kind::Medication, "10160-0", "", &entries);
    assert_eq!(found.len(), 1, "one medicine and not more");
    let entry = found.remove(0);
    let Detail::Medication(medicine) = entry.detail.clone() else { panic!("no medicine") };
    (entry, *medicine)
}

const IBUPROFEN: &str = r##"<consumable><manufacturedProduct><manufacturedMaterial>
    <code code="197806" codeSystem="2.16.840.1.113883.6.88" displayName="Ibuprofen 600 MG Oral Tablet"/>
    </manufacturedMaterial></manufacturedProduct></consumable>"##;

#[test]
fn a_medicine_has_its_dose_its_times_its_reason_and_the_words_of_the_prescription() {
    let inside = format!(
        r##"<effectiveTime xsi:type="IVL_TS"><low value="20240105"/></effectiveTime>
        <effectiveTime xsi:type="PIVL_TS" operator="A"><period value="6" unit="h"/></effectiveTime>
        <routeCode code="C38288" codeSystem="2.16.840.1.113883.3.26.1.1" displayName="Oral"/>
        <doseQuantity value="1"/><administrationUnitCode code="C48542" displayName="tablet"/>{IBUPROFEN}
        <entryRelationship typeCode="RSON"><observation classCode="OBS" moodCode="EVN">{}
          <value xsi:type="CD" code="57676002" displayName="Joint pain"/></observation></entryRelationship>
        <entryRelationship typeCode="COMP"><substanceAdministration classCode="SBADM" moodCode="INT">{}
          <code code="76662-6"/><text>Take one every 6 hours for joint pain</text></substanceAdministration>
        </entryRelationship>
        <precondition><criterion><value xsi:type="CD" nullFlavor="NI"/></criterion></precondition>"##,
        template("19"),
        template("147"),
    );
    let (entry, medicine) = medicine(r##"moodCode="EVN""##, &inside);
    assert_eq!(entry.concept.label(), "Ibuprofen 600 MG Oral Tablet");
    assert_eq!(
        (entry.status.as_deref(), entry.date.unwrap().to_string().as_str()),
        (Some("active"), "2024-01-05")
    );
    assert_eq!(medicine.dosage[0].shown(), Some("Take one every 6 hours for joint pain"));
    assert_eq!(medicine.dosage[0].structured.as_deref(), Some("1 tablet, Oral, every 6 hours, as needed"));
    assert_eq!(medicine.reasons, ["Joint pain"]);
}

#[test]
fn a_medicine_that_is_not_taken_and_no_medicine_at_all_are_two_things() {
    let (entry, _) = medicine(r##"moodCode="EVN" negationInd="true""##, IBUPROFEN);
    assert_eq!(entry.standing, Standing::NotDone);
    let none = r##"<consumable><manufacturedProduct><manufacturedMaterial><code nullFlavor="NA"/></manufacturedMaterial>
        </manufacturedProduct></consumable>"##;
    let (entry, _) = medicine(r##"moodCode="EVN" negationInd="true""##, none);
    assert_eq!(
        (entry.standing, entry.concept.label().as_str()),
        (Standing::NoneKnown, "No known medications")
    );
    let (entry, medicine) = self::medicine(r##"moodCode="INT""##, IBUPROFEN);
    assert_eq!((entry.key.as_str(), medicine.intent.as_deref()), ("", Some("order")));
}

#[test]
fn a_vaccine_that_was_refused_is_not_given() {
    let vaccine = |negation: &str| {
        let entries = format!(
            r##"<entry><substanceAdministration classCode="SBADM" moodCode="EVN" negationInd="{negation}">{}
            <statusCode code="completed"/><effectiveTime value="20101015"/>
            <consumable><manufacturedProduct><manufacturedMaterial>
              <code code="88" codeSystem="2.16.840.1.113883.12.292" displayName="Influenza"/>
              <lotNumberText>1</lotNumberText></manufacturedMaterial>
              <manufacturerOrganization><name>A maker</name></manufacturerOrganization>
            </manufacturedProduct></consumable>
            <entryRelationship typeCode="RSON"><observation classCode="OBS" moodCode="EVN">{}
              <code code="PATOBJ" displayName="Patient objection"/></observation></entryRelationship>
            </substanceAdministration></entry>"##,
            template("52"),
            template("53"),
        );
        let mut found = of(Kind::Immunization, "11369-6", "", &entries);
        let entry = found.remove(0);
        let Detail::Immunization(vaccine) = entry.detail.clone() else { panic!("no vaccine") };
        (entry, *vaccine)
    };
    let (entry, given): (Entry, Immunization) = vaccine("false");
    assert_eq!((entry.standing, entry.date.unwrap().to_string().as_str()), (Standing::Stated, "2010-10-15"));
    assert_eq!((given.lot.as_deref(), given.manufacturer.as_deref()), (Some("1"), Some("A maker")));
    let (entry, refused) = vaccine("true");
    assert_eq!((entry.standing, refused.reason.as_deref()), (Standing::NotDone, Some("Patient objection")));
}

fn result(value: &str) -> (Entry, Measurement) {
    let entries = format!(
        r##"<entry><organizer classCode="BATTERY" moodCode="EVN">{}<id root="9.9"/>
        <code code="24320-4" codeSystem="2.16.840.1.113883.6.1" displayName="A panel"/>
        <effectiveTime><low value="20240302"/><high value="20240302"/></effectiveTime>
        <component><observation classCode="OBS" moodCode="EVN">{}<id root="9.9.1"/>
          <code code="2823-3" codeSystem="2.16.840.1.113883.6.1" displayName="Potassium"/>
          <statusCode code="completed"/>{value}</observation></component></organizer></entry>"##,
        template("1"),
        template("2"),
    );
    let mut found = of(Kind::Lab, "30954-2", "", &entries);
    assert_eq!(found.len(), 1);
    let entry = found.remove(0);
    let Detail::Measurement(found) = entry.detail.clone() else { panic!("no result") };
    (entry, *found)
}

fn number(found: &Measurement) -> String {
    match &found.value {
        Some(Value::Quantity(quantity)) => {
            format!("{} {}", quantity.shown_number(), quantity.unit().unwrap_or_default())
        }
        Some(Value::Text(text)) => text.to_string(),
        Some(Value::Concept(concept)) => concept.label(),
        None => format!("none: {}", found.absent.as_deref().unwrap_or_default()),
    }
}

#[test]
fn a_result_keeps_its_digits_its_flag_its_range_and_takes_the_day_of_its_panel() {
    let (entry, found) = result(
        r##"<value xsi:type="PQ" value="4.10" unit="mmol/L"/><interpretationCode code="H"/>
        <referenceRange><observationRange><value xsi:type="IVL_PQ"><low value="3.5" unit="mmol/L"/>
        <high value="5.10" unit="mmol/L"/></value></observationRange></referenceRange>"##,
    );
    assert_eq!(number(&found), "4.10 mmol/L");
    assert_eq!(found.flags[0].meaning, FlagMeaning::High);
    assert_eq!(found.ranges[0].high.as_ref().unwrap().number.as_written(), "5.10");
    assert_eq!(entry.date.unwrap().to_string(), "2024-03-02");
}

#[test]
fn every_type_of_value_is_read_and_none_becomes_another() {
    for (value, told) in [
        (
            r##"<value xsi:type="IVL_PQ"><high value="5" unit="pg/mL" inclusive="false"/></value>"##,
            "<5 pg/mL",
        ),
        (r##"<value xsi:type="IVL_PQ"><low value="500" unit="mg/dL"/></value>"##, ">=500 mg/dL"),
        (r##"<value xsi:type="ST">Unable to calculate</value>"##, "Unable to calculate"),
        (r##"<value xsi:type="CD" code="260385009" displayName="Negative"/>"##, "Negative"),
        (r##"<value xsi:type="INT" value="7"/>"##, "7 "),
        (r##"<value xsi:type="PQ" value=".5" unit="mg"/>"##, "0.5 mg"),
        (r##"<value xsi:type="PQ" nullFlavor="UNK"/>"##, "none: unknown"),
        // The unit is none of UCUM: the number stands in the translation, as HL7's example has it.
        (
            r##"<value xsi:type="PQ" nullFlavor="OTH"><translation value="152" nullFlavor="OTH">
            <originalText>THOUS/MCL</originalText></translation></value>"##,
            "152 THOUS/MCL",
        ),
        (r##"<value xsi:type="RTO_PQ_PQ"><numerator value="1"/><denominator value="80"/></value>"##, "1:80"),
    ] {
        assert_eq!(number(&result(value).1), told, "{value}");
    }
}

#[test]
fn a_negated_observation_does_not_show_its_value_as_true() {
    let entries = r##"<entry><observation classCode="OBS" moodCode="EVN" negationInd="true">
        <code code="75325-1" codeSystem="2.16.840.1.113883.6.1" displayName="Symptom"/>
        <value xsi:type="CD" code="1" displayName="Chest pain"/></observation></entry>"##;
    let found = of(Kind::Background, "47420-5", "", entries);
    let Detail::Measurement(measured) = &found[0].detail else { panic!("no finding") };
    assert_eq!(number(measured), "not so: Chest pain");
}

#[test]
fn systolic_and_diastolic_of_one_reading_are_one_pressure() {
    let one = |code: &str, value: &str, time: &str| {
        format!(
            r##"<component><observation classCode="OBS" moodCode="EVN">{}<code code="{code}"
            codeSystem="2.16.840.1.113883.6.1"/><effectiveTime value="{time}"/>
            <value xsi:type="PQ" value="{value}" unit="mm[Hg]"/></observation></component>"##,
            template("27")
        )
    };
    let organizer = |inside: &str| {
        let entries = format!(
            r##"<entry><organizer classCode="CLUSTER" moodCode="EVN">{}{inside}</organizer></entry>"##,
            template("26")
        );
        of(Kind::Vital, "8716-3", "", &entries)
    };
    let together = organizer(&[one("8480-6", "132", "20240302"), one("8462-4", "80", "20240302")].concat());
    assert_eq!(together.len(), 1);
    let Detail::Measurement(pressure) = &together[0].detail else { panic!("no pressure") };
    assert_eq!((pressure.components.len(), &pressure.value), (2, &None));
    // Two readings in one organizer: nobody can say which belong together.
    let apart = organizer(&[one("8480-6", "132", "20240302"), one("8462-4", "80", "20240303")].concat());
    assert_eq!(apart.len(), 2);
}

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

const HEADER: &str = r##"<id root="1.1" extension="doc"/><code code="18842-5" codeSystem="2.16.840.1.113883.6.1"/>
    <title>Discharge Summary</title><effectiveTime value="20240305120000-0500"/><confidentialityCode code="N"/>
    <recordTarget><patientRole><id root="2.16.840.1.113883.4.1" extension="000-00-0000"/><id root="7.7" extension="42"/>
      <telecom value="tel:555-0100" use="HP"/><patient><name use="L"><given>Ana</given><family>Sol</family></name>
      <administrativeGenderCode code="F"/><birthTime value="19610304"/></patient></patientRole></recordTarget>
    <author><time value="20240305"/><assignedAuthor><id root="2.16.840.1.113883.4.6" extension="1"/>
      <telecom value="tel:555-0101"/><assignedPerson><name><given>Kim</given><family>Lee</family></name>
      </assignedPerson></assignedAuthor></author>
    <custodian><assignedCustodian><representedCustodianOrganization><id root="7"/><name>Riverton Hospital</name>
      </representedCustodianOrganization></assignedCustodian></custodian>
    <componentOf><encompassingEncounter><id root="7.8" extension="v"/><code code="IMP" codeSystem="2.16.840.1.113883.5.4"/>
      <effectiveTime><low value="20240301"/><high value="20240305"/></effectiveTime></encompassingEncounter></componentOf>"##;

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
fn statements_that_share_an_identifier_are_not_taken_for_versions_of_each_other() {
    let one = |code: &str| {
        format!(
            r##"<entry><observation classCode="OBS" moodCode="EVN"><id root="5.5"/><code code="{code}" displayName="{code}"/>
            <value xsi:type="ST">x</value></observation></entry>"##
        )
    };
    let found = of(Kind::Lab, "30954-2", "", &[one("a"), one("b"), one("a")].concat());
    assert_eq!(found.len(), 3);
    assert_ne!(found[0].key, found[1].key);
    assert_eq!(found[0].key, found[2].key, "the same statement once more is the same");
}

#[test]
fn the_denial_of_one_thing_is_not_the_statement_that_there_is_none() {
    let other = |code: &str| {
        format!(
            r##"<value xsi:type="CD" code="419199007" codeSystem="2.16.840.1.113883.6.96"/>{}"##,
            substance(code)
        )
    };
    let translated = r##"<code nullFlavor="OTH"><translation code="7980" displayName="Penicillin"/></code>"##;
    let named = r##"<code nullFlavor="UNK"/><name>Sulfonamide</name>"##;
    for code in [translated, named] {
        assert_eq!(allergy(&other(code), r##"negationInd="true""##).0.standing, Standing::Refuted, "{code}");
    }
    let peanut = r##"<value xsi:type="CD" code="91935009" displayName="Allergy to peanut"/>"##;
    let (entry, _) = allergy(peanut, r##"negationInd="true""##);
    assert_eq!((entry.standing, entry.concept.label().as_str()), (Standing::Refuted, "Allergy to peanut"));
    // To deny that there is none is no second negation.
    let none = other("<code nullFlavor=\"OTH\"><originalText>No known allergies</originalText></code>");
    assert_eq!(allergy(&none, r##"negationInd="true""##).0.standing, Standing::NoneKnown);
    let diabetes = r##"<value xsi:type="CD" nullFlavor="OTH"><translation code="E11.9" displayName="Diabetes"/></value>"##;
    assert_eq!(problem(diabetes, r##"negationInd="true""##, "active").0.standing, Standing::Refuted);
    let words = r##"<text>No history of seizures</text>"##;
    let (entry, _) = problem(words, r##"negationInd="true""##, "active");
    assert_eq!(entry.concept.label(), "denied: No history of seizures");
    let warfarin = r##"<consumable><manufacturedProduct><manufacturedMaterial><code nullFlavor="OTH">
        <translation code="11289" displayName="Warfarin"/></code></manufacturedMaterial></manufacturedProduct>
        </consumable>"##;
    let (entry, _) = medicine(r##"moodCode="EVN" negationInd="true""##, warfarin);
    assert_eq!((entry.standing, entry.concept.label().as_str()), (Standing::NotDone, "Warfarin"));
}

#[test]
fn what_a_relative_has_and_what_is_only_a_risk_are_no_problems_of_the_person() {
    let cancer = format!(
        r##"<entry><observation classCode="OBS" moodCode="EVN">{}<value xsi:type="CD" code="363406005"
        displayName="Colon cancer"/><subject><relatedSubject><code code="MTH" displayName="Mother"/></relatedSubject>
        </subject></observation></entry>"##,
        template("4")
    );
    for section in ["10157-6", "11450-4"] {
        assert!(of(Kind::Condition, section, "", &cancer).is_empty());
        assert_eq!(of(Kind::FamilyHistory, section, "", &cancer).len(), 1, "{section}");
    }
    let risk = format!(
        r##"<entry><act classCode="ACT" moodCode="EVN">{}<statusCode code="active"/><entryRelationship typeCode="REFR">
        <observation classCode="OBS" moodCode="EVN">{}<value xsi:type="CD" code="1" displayName="A fall"/></observation>
        </entryRelationship></act></entry>"##,
        template("136"),
        template("4")
    );
    let found = of(Kind::Condition, "75310-3", "", &risk);
    assert_eq!((found.len(), found[0].standing), (1, Standing::Unconfirmed));
}

#[test]
fn what_was_withdrawn_with_its_organizer_or_not_done_is_no_fact() {
    let organizer = format!(
        r##"<entry><organizer classCode="BATTERY" moodCode="EVN">{}<statusCode code="nullified"/><component>
        <observation classCode="OBS" moodCode="EVN"><code code="2823-3" codeSystem="2.16.840.1.113883.6.1"/>
        <value xsi:type="PQ" value="9.9"/></observation></component></organizer></entry>"##,
        template("1")
    );
    assert_eq!(of(Kind::Lab, "30954-2", "", &organizer)[0].standing, Standing::EnteredInError);
    let pacemaker = |attributes: &str, status: &str| {
        let entries = format!(
            r##"<entry><procedure classCode="PROC" moodCode="EVN" {attributes}><code code="1" displayName="Implantation"/>
            <statusCode code="{status}"/><participant typeCode="DEV"><participantRole><playingDevice>
            <code code="2" displayName="Pacemaker"/></playingDevice></participantRole></participant></procedure></entry>"##
        );
        of(Kind::Device, "47519-4", "", &entries).len()
    };
    assert_eq!(pacemaker("", "completed"), 1);
    assert_eq!(pacemaker("", "cancelled") + pacemaker(r##"negationInd="true""##, "completed"), 0);
}

#[test]
fn a_pressure_is_made_of_two_halves_that_stand() {
    let half = |code: &str, status: &str, attributes: &str| {
        format!(
            r##"<component><observation classCode="OBS" moodCode="EVN" {attributes}>{}<code code="{code}"
            codeSystem="2.16.840.1.113883.6.1"/><statusCode code="{status}"/><effectiveTime value="20240302"/>
            <value xsi:type="PQ" value="80" unit="mm[Hg]"/></observation></component>"##,
            template("27")
        )
    };
    for other in [half("8462-4", "nullified", ""), half("8462-4", "completed", r##"negationInd="true""##)] {
        let entries = format!(
            r##"<entry><organizer classCode="CLUSTER" moodCode="EVN">{}{}{other}</organizer></entry>"##,
            template("26"),
            half("8480-6", "completed", "")
        );
        assert_eq!(of(Kind::Vital, "8716-3", "", &entries).len(), 2);
    }
}

#[test]
fn words_that_name_another_medicine_than_the_code_are_told_beside_it() {
    let named = |words: &str| {
        let product = format!(
            r##"<consumable><manufacturedProduct><manufacturedMaterial><code code="11289"
            codeSystem="2.16.840.1.113883.6.88" displayName="Warfarin"><originalText>{words}</originalText></code>
            </manufacturedMaterial></manufacturedProduct></consumable>"##
        );
        medicine(r##"moodCode="EVN""##, &product).0.notes
    };
    assert_eq!(
        named("Aspirin 81 mg"),
        ["The words of the document and its code differ: the code says warfarin"]
    );
    assert!(named("Coumadin 5 mg").is_empty() && named("the blood thinner").is_empty());
}

#[test]
fn times_that_are_more_than_one_period_are_told() {
    let weekly = format!(
        r##"<effectiveTime xsi:type="SXPR_TS"><comp xsi:type="PIVL_TS"><period value="1" unit="wk"/></comp>
        <comp xsi:type="EIVL_TS"><event code="HS"/></comp></effectiveTime><doseQuantity value="4" unit="{{tablet}}"/>{IBUPROFEN}"##
    );
    let (entry, _) = medicine(r##"moodCode="INT""##, &weekly);
    let told: Vec<&str> =
        entry.more.iter().filter(|(label, _)| label == "times").map(|(_, it)| it.as_str()).collect();
    assert_eq!(told, ["every 1 wk", "at HS"]);
    let course = format!(
        r##"<effectiveTime xsi:type="IVL_TS"><low value="20240101"/><high value="20240110"/></effectiveTime>{IBUPROFEN}"##
    );
    let (entry, medicine) = medicine(r##"moodCode="INT""##, &course);
    assert_eq!(entry.end.unwrap().to_string(), "2024-01-10");
    assert_eq!(medicine.intent.as_deref(), Some("order"), "what a clinician intends somebody to take");
}

#[test]
fn what_is_about_a_fetus_or_about_several_people_is_not_the_persons() {
    let seen = read(&section(
        "30954-2",
        "",
        r##"<entry><observation classCode="OBS" moodCode="EVN"><code code="11727-5" displayName="Weight"/>
        <value xsi:type="PQ" value="500" unit="g"/><subject><relatedSubject classCode="PRS">
        <code code="121026" displayName="Fetus"/></relatedSubject></subject></observation></entry>"##,
    ));
    assert!(seen.entries.iter().all(|entry| entry.kind() == Kind::Document));
    assert_eq!(
        seen.left_out,
        ["entry 1 of results (section 30954-2): this entry is about somebody else: a fetus, a relative"]
    );
    let twice = format!("<ClinicalDocument>{HEADER}{HEADER}</ClinicalDocument>");
    let seen = read(&twice);
    assert!(seen.entries.is_empty() && seen.left_out[0].contains("several people"), "{:?}", seen.left_out);
}

#[test]
fn a_diagnosis_of_a_visit_belongs_to_the_visit_and_not_to_the_list_of_problems() {
    let entries = format!(
        r##"<entry><encounter classCode="ENC" moodCode="EVN">{}<id root="8.8" extension="v1"/>
        <effectiveTime value="20240302"/><entryRelationship typeCode="SUBJ"><act classCode="ACT" moodCode="EVN">{}
        <entryRelationship typeCode="SUBJ"><observation classCode="OBS" moodCode="EVN">{}
        <value xsi:type="CD" code="J18.9" codeSystem="2.16.840.1.113883.6.90" displayName="Pneumonia"/></observation>
        </entryRelationship></act></entryRelationship></encounter></entry>"##,
        template("49"),
        template("80"),
        template("4"),
    );
    let found = of(Kind::Condition, "46240-8", "", &entries);
    let Detail::Condition(condition) = &found[0].detail else { panic!("no condition") };
    assert_eq!(condition.list, ConditionList::Visit);
    assert_eq!(found[0].linked(LinkRole::Visit).next(), Some("Encounter/8.8|v1"));
}

#[test]
fn what_says_nothing_is_named_with_its_place() {
    let seen = read(&section("30954-2", "", "<entry><observationMedia/></entry><entry/>"));
    assert_eq!(
        seen.left_out,
        [
            "entry 1 of results (section 30954-2): this entry holds a picture or a region of one, not a statement",
            "entry 2 of results (section 30954-2): this entry is empty"
        ]
    );
}

/// As HL7's examples say that there are none at all: by denying "drug or medication", "vaccine", "procedure", "implant".
#[test]
fn to_deny_anything_of_a_kind_is_to_say_that_there_is_none() {
    let material = |code: &str| {
        format!(
            r##"<consumable><manufacturedProduct><manufacturedMaterial><code code="{code}"
            codeSystem="2.16.840.1.113883.6.96"/></manufacturedMaterial></manufacturedProduct></consumable>"##
        )
    };
    let act = |name: &str, inside: &str| {
        format!(r##"<entry><{name} moodCode="EVN" negationInd="true">{inside}</{name}></entry>"##)
    };
    let vaccine = format!("{}{}", template("52"), material("787859002"));
    let procedure = format!(r##"{}<code code="71388002" displayName="Procedure"/>"##, template("14"));
    let implant = format!(
        r##"{}<code code="71388002"/><participant typeCode="DEV"><participantRole classCode="MANU"><playingDevice>
        <code code="40388003"/></playingDevice></participantRole></participant>"##,
        template("14")
    );
    let said = [
        medicine(r##"moodCode="EVN" negationInd="true""##, &material("410942007")).0,
        of(Kind::Immunization, "11369-6", "", &act("substanceAdministration", &vaccine)).remove(0),
        of(Kind::Procedure, "47519-4", "", &act("procedure", &procedure)).remove(0),
        of(Kind::Device, "46264-8", "", &act("procedure", &implant)).remove(0),
    ];
    let told = said.each_ref().map(|entry| (entry.standing, entry.concept.label()));
    let names = ["No known medications", "No known immunizations", "No known procedures"].map(str::to_owned);
    for (place, name) in names.into_iter().enumerate() {
        assert_eq!(told[place], (Standing::NoneKnown, name));
    }
    assert_eq!(told[3].0, Standing::NoneKnown, "{}", told[3].1);
}

#[test]
fn what_the_source_does_not_know_is_no_fact() {
    let unknown = r##"<entry><procedure classCode="PROC" moodCode="EVN" nullFlavor="UNK"><code code="80146002"
        displayName="Appendectomy"/><statusCode code="completed"/></procedure></entry>"##;
    let seen = read(&section("47519-4", "", unknown));
    assert!(seen.entries.iter().all(|entry| entry.kind() != Kind::Procedure), "{:?}", seen.entries);
    assert_eq!(
        seen.left_out,
        [
            "entry 1 of procedures (section 47519-4): the source says of this entry that it does not know it, or has no information on it"
        ]
    );
    let smoking = r##"<entry><observation classCode="OBS" moodCode="EVN" nullFlavor="UNK">
        <code code="72166-2" codeSystem="2.16.840.1.113883.6.1" displayName="Tobacco smoking status"/>
        <value xsi:type="CD" code="1" displayName="Smokes every day"/></observation></entry>"##;
    let seen = read(&section("29762-2", "", smoking));
    let Some(Detail::Measurement(measured)) = seen.entries.first().map(|entry| &entry.detail) else {
        panic!("no finding: {:?} {:?}", seen.entries, seen.left_out)
    };
    assert_eq!(number(measured), "unknown: Smokes every day");
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

#[test]
fn that_nothing_is_planned_is_no_order_not_to_do_it() {
    let plan = |words: &str| {
        let entries = format!(
            r##"<entry><observation classCode="OBS" moodCode="RQO" negationInd="true"><code nullFlavor="NI">
            <originalText>{words}</originalText></code><statusCode code="active"/></observation></entry>"##
        );
        of(Kind::CarePlan, "18776-5", "", &entries).remove(0).standing
    };
    assert_eq!(plan("No planned tests"), Standing::NoneKnown);
    assert_eq!(plan("MRI of the head"), Standing::NotDone);
}

#[test]
fn words_that_name_another_operation_than_the_code_are_told_beside_it() {
    let named = |words: &str| {
        let entries = format!(
            r##"<entry><procedure classCode="PROC" moodCode="EVN">{}<code code="73761001"
            codeSystem="2.16.840.1.113883.6.96" displayName="Colonoscopy"><originalText>{words}</originalText></code>
            <statusCode code="completed"/></procedure></entry>"##,
            template("14")
        );
        of(Kind::Procedure, "47519-4", "", &entries).remove(0).notes
    };
    assert_eq!(
        named("Total hip replacement"),
        ["The words of the document and its code differ: the code says Colonoscopy"]
    );
    assert!(named("Screening colonoscopy").is_empty());
}

#[test]
fn a_procedure_that_was_tried_without_success_is_not_one_that_was_done() {
    let narrative = r##"<paragraph ID="why">Image unreadable</paragraph>"##;
    let entries = format!(
        r##"<entry><procedure classCode="PROC" moodCode="EVN">{}<code code="168731009"
        codeSystem="2.16.840.1.113883.6.96" displayName="Chest X-ray"/><statusCode code="completed"/>
        <entryRelationship typeCode="SUBJ" inversionInd="true"><act classCode="ACT" moodCode="EVN">
          <code code="103709008" codeSystem="2.16.840.1.113883.6.96" displayName="Failed attempted procedure"/>
          <text><reference value="#why"/></text><statusCode code="completed"/></act></entryRelationship>
        </procedure></entry>"##,
        template("14")
    );
    let tried = of(Kind::Procedure, "47519-4", narrative, &entries).remove(0);
    assert_eq!(tried.status.as_deref(), Some("stopped"));
    assert_eq!(tried.notes, ["Tried without success: Image unreadable"]);
}

#[test]
fn a_problem_says_on_which_side_it_is() {
    let value = r##"<value xsi:type="CD" code="396275006" codeSystem="2.16.840.1.113883.6.96" displayName="Osteoarthritis"/>
        <targetSiteCode code="72696002" displayName="Knee"><qualifier><name displayName="laterality"/>
        <value code="7771000" displayName="left"/></qualifier></targetSiteCode>"##;
    let (entry, _) = problem(value, "", "active");
    assert_eq!(entry.extra("qualifier"), Some("laterality: left"), "{:?}", entry.more);
}
