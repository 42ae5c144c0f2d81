//! What statements of C-CDA become, by the reader of FHIR that gives them their meaning.

use crate::record::{
    Allergy, Condition, ConditionList, Detail, DocumentKind, Entry, FlagMeaning, Immunization, Kind,
    LinkRole, Measurement, Medication, Standing, Value, VisitClass,
};
use crate::sources::formats;
use crate::sources::{Draft, LeftOut, Limits, Receiver};

mod absences;
mod documents;

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
fn a_problem_says_on_which_side_it_is() {
    let value = r##"<value xsi:type="CD" code="396275006" codeSystem="2.16.840.1.113883.6.96" displayName="Osteoarthritis"/>
        <targetSiteCode code="72696002" displayName="Knee"><qualifier><name displayName="laterality"/>
        <value code="7771000" displayName="left"/></qualifier></targetSiteCode>"##;
    let (entry, _) = problem(value, "", "active");
    assert_eq!(entry.extra("qualifier"), Some("laterality: left"), "{:?}", entry.more);
}
