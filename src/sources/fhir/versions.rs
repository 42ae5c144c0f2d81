//! What DSTU2, STU3 and R5 say in other elements than R4: a case each, above all where overlooking one would turn
//! what is told into its opposite.

use super::tests::read;
use crate::record::{Detail, Entry, Kind, LinkRole, Standing, VisitClass};

fn entry(json: &str) -> Entry {
    read(json).entry
}

#[test]
fn what_was_not_done_is_told_so_in_every_version() {
    for json in [
        r#"{"resourceType":"Immunization","status":"completed","wasNotGiven":true}"#,
        r#"{"resourceType":"Immunization","status":"completed","notGiven":true}"#,
        r#"{"resourceType":"Procedure","status":"completed","notPerformed":true}"#,
        r#"{"resourceType":"Procedure","status":"suspended","notDone":true}"#,
        r#"{"resourceType":"ProcedureRequest","status":"active","doNotPerform":true}"#,
        r#"{"resourceType":"DeviceRequest","status":"active","doNotPerform":true}"#,
        r#"{"resourceType":"Communication","status":"completed","notDone":true}"#,
        r#"{"resourceType":"Procedure","status":"completed","modifierExtension":[{"url":"http://hl7.org/fhir/us/qicore/StructureDefinition/qicore-notDone","valueBoolean":true}]}"#,
    ] {
        assert_eq!(entry(json).standing, Standing::NotDone, "{json}");
    }
    let done = entry(r#"{"resourceType":"Immunization","status":"completed","wasNotGiven":false}"#);
    assert_eq!(done.standing, Standing::Stated);
    let withdrawn = entry(r#"{"resourceType":"Procedure","status":"entered-in-error","notDone":true}"#);
    assert_eq!(withdrawn.standing, Standing::EnteredInError);
    let not_taken = entry(
        r#"{"resourceType":"FamilyMemberHistory","status":"completed","notDone":true,
        "notDoneReason":{"text":"adopted"},"relationship":{"text":"father"}}"#,
    );
    assert_eq!(
        (not_taken.standing, not_taken.extra("nothing known because")),
        (Standing::NotAsked, Some("adopted"))
    );
    let plan = entry(
        r#"{"resourceType":"CarePlan","activity":[{"detail":{"prohibited":true,"description":"smoke"}}]}"#,
    );
    assert!(matches!(plan.detail, Detail::Plan(activities) if activities == ["do not: smoke"]));
}

#[test]
fn an_allergy_of_dstu2_has_its_verification_in_the_status() {
    let allergy = |status: &str| {
        entry(&format!(
            r#"{{"resourceType":"AllergyIntolerance","status":"{status}","criticality":"CRITH","onset":"2015-03",
            "substance":{{"text":"Penicillin"}},"lastOccurence":"2016-01-02","reporter":{{"display":"Ann"}}}}"#
        ))
    };
    for (status, standing, shown) in [
        ("active", Standing::Stated, Some("active")),
        ("unconfirmed", Standing::Unconfirmed, None),
        ("confirmed", Standing::Stated, None),
        ("refuted", Standing::Refuted, None),
        ("entered-in-error", Standing::EnteredInError, Some("entered-in-error")),
    ] {
        let entry = allergy(status);
        assert_eq!((entry.standing, entry.status.as_deref()), (standing, shown), "{status}");
    }
    let entry = allergy("active");
    assert_eq!((entry.concept.label().as_str(), entry.actor("reporter")), ("Penicillin", Some("Ann")));
    assert_eq!(entry.date.unwrap().to_string(), "2015-03");
    let Detail::Allergy(allergy) = entry.detail else { panic!("no allergy") };
    assert_eq!(allergy.criticality.as_deref(), Some("high"));
    assert_eq!(allergy.last_on.unwrap().to_string(), "2016-01-02");
}

#[test]
fn an_allergy_and_a_condition_of_r5_have_their_participants() {
    let allergy = entry(
        r#"{"resourceType":"AllergyIntolerance","type":{"coding":[{"code":"allergy","display":"Allergy"}]},
        "code":{"text":"Latex"},"participant":[{"function":{"text":"author"},"actor":{"display":"Dr. A"}}],
        "reaction":[{"manifestation":[{"concept":{"text":"Hives"}}]}]}"#,
    );
    assert_eq!(allergy.actor("author"), Some("Dr. A"));
    let Detail::Allergy(told) = allergy.detail else { panic!("no allergy") };
    assert_eq!(
        (told.kind.as_deref(), told.reactions[0].manifestations.as_slice()),
        (Some("Allergy"), &["Hives".into()][..])
    );
    let condition = entry(
        r#"{"resourceType":"Condition","clinicalStatus":{"coding":[{"code":"active"}]},"code":{"text":"Gout"},
        "participant":[{"actor":{"display":"Dr. B"}}],"evidence":[{"concept":{"text":"crystals"}}]}"#,
    );
    assert_eq!(
        (condition.actor("participant"), condition.extra("evidence")),
        (Some("Dr. B"), Some("crystals"))
    );
}

#[test]
fn a_condition_of_dstu2_has_plain_words_for_its_states() {
    let condition = entry(
        r#"{"resourceType":"Condition","patient":{"reference":"Patient/1"},"code":{"text":"Asthma"},
        "clinicalStatus":"active","verificationStatus":"provisional","category":{"coding":[{"code":"problem"}]},
        "onsetQuantity":{"value":12,"unit":"years","code":"a"},"dateRecorded":"2014-02-03","notes":"since school"}"#,
    );
    assert_eq!((condition.status.as_deref(), condition.standing), (Some("active"), Standing::Unconfirmed));
    assert_eq!(condition.recorded.unwrap().to_string(), "2014-02-03");
    assert_eq!(condition.notes, ["since school"]);
    let Detail::Condition(told) = condition.detail else { panic!("no condition") };
    assert_eq!(told.onset_text.as_deref(), Some("age 12 years"));
}

#[test]
fn a_vaccine_of_an_earlier_version_has_its_dose_and_whether_it_was_reported() {
    let vaccine = entry(
        r#"{"resourceType":"Immunization","status":"completed","date":"2015-10-01","wasNotGiven":true,"reported":true,
        "vaccineCode":{"text":"Flu"},"explanation":{"reasonNotGiven":[{"text":"egg allergy"}]},
        "performer":{"display":"Nurse"},"vaccinationProtocol":[{"doseSequence":2,"seriesDoses":3,"series":"Flu",
          "doseStatus":{"text":"does not count"}}]}"#,
    );
    assert_eq!(
        (vaccine.date.unwrap().to_string().as_str(), vaccine.actor("performer")),
        ("2015-10-01", Some("Nurse"))
    );
    assert_eq!(vaccine.extra("whether the dose counts"), Some("does not count"));
    let Detail::Immunization(told) = vaccine.detail else { panic!("no vaccine") };
    assert_eq!(
        (told.dose.as_deref(), told.reason.as_deref(), told.is_primary),
        (Some("2 of 3"), Some("egg allergy"), Some(false))
    );
    let r5 = entry(
        r#"{"resourceType":"Immunization","status":"completed","occurrenceDateTime":"2024-10-01","vaccineCode":{"text":"Flu"},
        "manufacturer":{"reference":{"display":"Maker"}},"reason":[{"concept":{"text":"travel"}}],
        "protocolApplied":[{"doseNumber":"1","seriesDoses":"2"}],"reaction":[{"manifestation":{"concept":{"text":"fever"}}}]}"#,
    );
    assert_eq!((r5.extra("reason"), r5.extra("reaction")), (Some("travel"), Some("fever")));
    let Detail::Immunization(told) = r5.detail else { panic!("no vaccine") };
    assert_eq!((told.dose.as_deref(), told.manufacturer.as_deref()), (Some("1 of 2"), Some("Maker")));
}

#[test]
fn an_order_of_a_medicine_is_read_in_every_version() {
    let dstu2 = entry(
        r#"{"resourceType":"MedicationOrder","status":"stopped","dateWritten":"2014-01-02","dateEnded":"2014-05-06",
        "reasonEnded":{"text":"cough"},"prescriber":{"display":"Dr. A"},"reasonCodeableConcept":{"text":"blood pressure"},
        "medicationCodeableConcept":{"text":"lisinopril 10 mg"},"note":"take with food"}"#,
    );
    assert_eq!(
        (dstu2.actor("requester"), dstu2.end.unwrap().to_string().as_str()),
        (Some("Dr. A"), "2014-05-06")
    );
    assert_eq!(dstu2.notes, ["take with food"]);
    let Detail::Medication(told) = dstu2.detail else { panic!("no medicine") };
    assert_eq!(
        (told.reasons.as_slice(), told.status_reason.as_deref()),
        (&["blood pressure".into()][..], Some("cough"))
    );
    let stu3 = entry(
        r#"{"resourceType":"MedicationRequest","requester":{"agent":{"display":"Dr. B"}},"context":{"reference":"Encounter/7"},
        "medicationCodeableConcept":{"text":"lisinopril 10 mg"}}"#,
    );
    assert_eq!(
        (stu3.actor("requester"), stu3.linked(LinkRole::Visit).next()),
        (Some("Dr. B"), Some("Encounter/7"))
    );
    let r5 = entry(
        r#"{"resourceType":"MedicationRequest","medication":{"concept":{"text":"lisinopril 10 mg"}},"reported":true,
        "reason":[{"concept":{"text":"blood pressure"}},{"reference":{"reference":"Condition/1","display":"hypertension"}}]}"#,
    );
    assert_eq!(
        (r5.concept.label().as_str(), r5.linked(LinkRole::Reason).next()),
        ("lisinopril 10 mg", Some("Condition/1"))
    );
    let Detail::Medication(told) = r5.detail else { panic!("no medicine") };
    assert_eq!(
        (told.reasons.as_slice(), told.is_reported),
        (&["blood pressure".into(), "hypertension".into()][..], true)
    );
}

#[test]
fn a_statement_of_r5_is_recorded_and_its_adherence_says_whether_it_is_taken() {
    let status = |adherence: &str| {
        entry(&format!(
            r#"{{"resourceType":"MedicationStatement","status":"recorded","medication":{{"concept":{{"text":"x"}}}}{adherence}}}"#
        ))
        .status
    };
    let adherence = |code: &str| format!(r#","adherence":{{"code":{{"coding":[{{"code":"{code}"}}]}}}}"#);
    assert_eq!(status("").as_deref(), Some("recorded"));
    assert_eq!(status(&adherence("taking-as-directed")).as_deref(), Some("active"));
    assert_eq!(status(&adherence("stopped")).as_deref(), Some("stopped"));
}

#[test]
fn a_result_of_an_earlier_version_has_its_flag_members_and_comment() {
    let result = entry(
        r#"{"resourceType":"Observation","status":"final","code":{"text":"Potassium"},"valueQuantity":{"value":5.60,"unit":"mmol/L"},
        "interpretation":{"coding":[{"code":"H"}]},"comments":"hemolyzed","context":{"reference":"Encounter/7"},
        "referenceRange":[{"low":{"value":3.5},"high":{"value":5.1},"meaning":{"coding":[{"code":"normal"}]}}],
        "related":[{"type":"has-member","target":{"reference":"Observation/2"}},{"type":"derived-from","target":{"reference":"Observation/3"}}]}"#,
    );
    assert_eq!(
        (result.notes.as_slice(), result.linked(LinkRole::Visit).next()),
        (&["hemolyzed".into()][..], Some("Encounter/7"))
    );
    assert_eq!(result.linked(LinkRole::Result).collect::<Vec<_>>(), ["Observation/2"]);
    let Detail::Measurement(found) = result.detail else { panic!("no result") };
    assert_eq!((found.flags.len(), found.ranges[0].purpose.as_deref()), (1, Some("normal")));
    let report = entry(
        r#"{"resourceType":"DiagnosticReport","code":{"text":"CBC"},"performer":[{"role":{"text":"laboratory"},"actor":{"display":"Lab Inc"}}],
        "codedDiagnosis":[{"text":"anemia"}]}"#,
    );
    assert_eq!(report.actor("laboratory"), Some("Lab Inc"));
}

#[test]
fn a_procedure_has_its_reasons_and_people_in_every_version() {
    for json in [
        r#""reasonCodeableConcept":{"text":"angina"},"performer":[{"role":{"text":"surgeon"},"actor":{"display":"Dr. A"}}]"#,
        r#""reasonCode":[{"text":"angina"}],"performer":[{"role":{"text":"surgeon"},"actor":{"display":"Dr. A"}}]"#,
        r#""reason":[{"concept":{"text":"angina"}}],"performer":[{"function":{"text":"surgeon"},"actor":{"display":"Dr. A"}}]"#,
    ] {
        let procedure = entry(&format!(r#"{{"resourceType":"Procedure","status":"completed",{json}}}"#));
        assert_eq!(
            (procedure.extra("reason"), procedure.actor("surgeon")),
            (Some("angina"), Some("Dr. A")),
            "{json}"
        );
    }
}

#[test]
fn a_visit_of_every_version_has_class_dates_and_reasons() {
    let dstu2 = entry(
        r#"{"resourceType":"Encounter","status":"finished","class":"inpatient","reason":[{"text":"pneumonia"}],
        "period":{"start":"2014-01-02"}}"#,
    );
    let r5 = entry(
        r#"{"resourceType":"Encounter","status":"completed","class":[{"coding":[{"code":"IMP"}]}],
        "actualPeriod":{"start":"2024-01-02"},"reason":[{"value":[{"concept":{"text":"pneumonia"}}]}],
        "diagnosis":[{"condition":[{"concept":{"text":"sepsis"}}]}],"participant":[{"actor":{"display":"Dr. A"}}]}"#,
    );
    assert_eq!((r5.extra("diagnosis"), r5.actor("participant")), (Some("sepsis"), Some("Dr. A")));
    for visit in [dstu2, r5] {
        assert!(visit.date.is_some());
        let Detail::Visit(told) = visit.detail else { panic!("no visit") };
        assert_eq!((told.class, told.reasons.as_slice()), (VisitClass::Inpatient, &["pneumonia".into()][..]));
    }
}

#[test]
fn orders_and_referrals_of_earlier_versions_are_orders() {
    let referral = entry(
        r#"{"resourceType":"ReferralRequest","status":"active","dateSent":"2014-01-02","reason":{"text":"rash"},
        "requester":{"display":"Dr. A"},"recipient":[{"display":"Dr. Skin"}],"serviceRequested":[{"text":"Dermatology"}]}"#,
    );
    assert_eq!((referral.kind(), referral.concept.label().as_str()), (Kind::CarePlan, "Dermatology"));
    assert_eq!(referral.actor("performer"), Some("Dr. Skin"));
    let Detail::Order(order) = referral.detail else { panic!("no order") };
    assert_eq!((order.is_referral, order.reasons.as_slice()), (true, &["rash".into()][..]));
    let ordered = entry(
        r#"{"resourceType":"DiagnosticOrder","status":"requested","orderer":{"display":"Dr. A"},
        "item":[{"code":{"text":"CBC"}}],"event":[{"status":"requested","dateTime":"2014-01-02"}]}"#,
    );
    assert_eq!(
        (ordered.concept.label().as_str(), ordered.date.unwrap().to_string().as_str()),
        ("CBC", "2014-01-02")
    );
}

#[test]
fn goals_documents_devices_and_relatives_keep_what_other_versions_name_otherwise() {
    let goal = entry(
        r#"{"resourceType":"Goal","status":"in-progress","description":"walk more","startDate":"2014-01-02","targetDate":"2014-06-01"}"#,
    );
    assert_eq!((goal.status.as_deref(), goal.concept.label().as_str()), (Some("in-progress"), "walk more"));
    assert!(matches!(goal.detail, Detail::Goal(goal) if goal.due.is_some()));
    let note = entry(
        r#"{"resourceType":"DocumentReference","status":"current","indexed":"2014-01-02T03:04:05Z","class":{"text":"clinical note"},
        "content":[{"attachment":{"title":"Letter"}}]}"#,
    );
    assert_eq!((note.recorded.is_some(), note.categories.as_slice()), (true, &["clinical note".into()][..]));
    let device = entry(
        r#"{"resourceType":"Device","udi":"(01)0950","type":{"text":"Pacemaker"},"version":"2.1","expiry":"2020-01-01"}"#,
    );
    assert_eq!((device.extra("UDI as printed"), device.extra("version")), (Some("(01)0950"), Some("2.1")));
    let r5 =
        entry(r#"{"resourceType":"Device","name":[{"value":"Pacer"}],"type":[{"coding":[{"code":"1"}]}]}"#);
    assert_eq!(r5.extra("device name"), Some("Pacer"));
    let relative = entry(
        r#"{"resourceType":"FamilyMemberHistory","relationship":{"text":"mother"},"gender":"female",
        "procedure":[{"code":{"text":"mastectomy"}}]}"#,
    );
    assert!(matches!(relative.detail, Detail::Family(family) if family.conditions.len() == 1));
}

#[test]
fn an_insurance_of_every_version_has_its_payer_and_plan() {
    let dstu2 = entry(
        r#"{"resourceType":"Coverage","issuer":{"display":"Payer"},"bin":{"value":"12"},"subscriberId":{"value":"S1"},
        "group":"G","plan":"Gold","dependent":1,"subscriber":{"reference":"Patient/1"}}"#,
    );
    assert_eq!(
        (dstu2.actor("payor"), dstu2.extra("plan"), dstu2.extra("bank number of the plan")),
        (Some("Payer"), Some("Gold"), Some("12"))
    );
    let stu3 = entry(
        r#"{"resourceType":"Coverage","payor":[{"display":"Payer"}],"grouping":{"plan":"P1","planDisplay":"Gold"}}"#,
    );
    assert_eq!(stu3.extra("plan"), Some("Gold (P1)"));
    let r5 = entry(
        r#"{"resourceType":"Coverage","kind":"insurance","insurer":{"display":"Payer"},
        "class":[{"type":{"coding":[{"code":"plan"}]},"value":{"value":"P1"},"name":"Gold"}],"paymentBy":[{"party":{"display":"Ann"}}]}"#,
    );
    assert_eq!((r5.extra("plan"), r5.extra("kind")), (Some("Gold (P1)"), Some("insurance")));
    assert!(r5.actors.iter().any(|actor| actor.name.as_deref() == Some("Payer")));
}

#[test]
fn an_extension_that_changes_the_meaning_is_told_even_where_nobody_knows_it() {
    let entry = entry(
        r#"{"resourceType":"Observation","status":"final","valueString":"x","modifierExtension":[
        {"url":"https://x.org/only-in-trial","valueCode":"yes"},{"url":"https://x.org/odd","extension":[]}]}"#,
    );
    let told: Vec<&str> = entry.more.iter().map(|(_, value)| value.as_str()).collect();
    assert_eq!(told, ["only-in-trial: yes", "odd: see the original"]);
    assert_eq!(entry.standing, Standing::Stated);
}

#[test]
fn an_element_that_no_reader_knows_is_told_in_words() {
    let result = entry(
        r#"{"resourceType":"Observation","status":"final","code":{"text":"Potassium"},"valueString":"normal",
        "triggeredBy":[{"observation":{"display":"Sodium"},"type":"reflex"}],"photo":{"contentType":"image/png","data":"AAAA"}}"#,
    );
    assert_eq!(result.extra("triggered by"), Some("observation Sodium, type reflex"));
    assert!(result.more.iter().all(|(_, value)| !value.contains("AAAA")), "bytes are no words");
    let vaccine = entry(
        r#"{"resourceType":"Immunization","status":"completed","vaccineCode":{"text":"Flu"},"lotNumber":"7"}"#,
    );
    assert!(vaccine.more.is_empty(), "what is read is not told twice: {:?}", vaccine.more);
}
