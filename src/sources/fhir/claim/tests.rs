use super::super::tests::read;
use crate::record::{AmountKind, Claim, ClaimForm, Detail, Entry, Kind, LinkRole};

fn claim(json: &str) -> (Entry, Claim) {
    let entry = read(json).entry;
    let Detail::Claim(claim) = &entry.detail else { panic!("no claim") };
    let claim = (**claim).clone();
    (entry, claim)
}

fn shown(claim: &Claim, kind: AmountKind) -> Vec<String> {
    claim.every_amount().filter(|amount| amount.kind == kind).map(|amount| amount.shown()).collect()
}

#[test]
fn an_explanation_of_benefits_says_what_was_billed_decided_and_owed() {
    let (entry, claim) = claim(
        r#"{"resourceType":"ExplanationOfBenefit","id":"1","status":"active","use":"claim","outcome":"complete",
        "type":{"coding":[{"system":"https://x.org/kind","code":"71","display":"Local carrier claim"},
          {"system":"http://terminology.hl7.org/CodeSystem/claim-type","code":"professional","display":"Professional"}]},
        "patient":{"reference":"Patient/1"},"billablePeriod":{"start":"2024-01-02","end":"2024-01-02"},
        "identifier":[{"system":"https://payer.example/claim","value":"C-7"}],
        "provider":{"identifier":{"system":"http://hl7.org/fhir/sid/us-npi","value":"12"}},
        "insurer":{"display":"Sundial Health Plan"},
        "careTeam":[{"sequence":1,"provider":{"display":"Dr. A"},"role":{"coding":[{"code":"performing","display":"Performing provider"}]}}],
        "diagnosis":[{"diagnosisCodeableConcept":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"I10"}]},
          "type":[{"coding":[{"code":"principal","display":"principal"}]}]}],
        "item":[{"sequence":1,"productOrService":{"coding":[{"system":"http://www.ama-assn.org/go/cpt","code":"99213"}],"text":"Visit"},
          "modifier":[{"coding":[{"code":"25"}]}],"servicedDate":"2024-01-02","quantity":{"value":1},
          "encounter":[{"reference":"Encounter/7"}],
          "adjudication":[{"category":{"coding":[{"code":"submitted"}]},"amount":{"value":180.50,"currency":"USD"}},
            {"category":{"coding":[{"code":"denialreason","display":"Denial Reason"}]},
             "reason":{"coding":[{"code":"CO-50"}],"text":"Not deemed necessary"}},
            {"category":{"coding":[{"code":"allowedunits","display":"Allowed units"}]},"value":1}]}],
        "total":[{"category":{"coding":[{"code":"submitted"}]},"amount":{"value":180.50,"currency":"USD"}},
          {"category":{"coding":[{"code":"memberliability","display":"Member liability"}]},"amount":{"value":40.00,"currency":"USD"}}],
        "payment":{"amount":{"value":120.10,"currency":"USD"},"date":"2024-02-01"},
        "processNote":[{"text":"Thank you."}]}"#,
    );
    assert_eq!((entry.kind(), entry.concept.label().as_str()), (Kind::Claim, "Professional"));
    assert_eq!((claim.form, claim.is_decided), (ClaimForm::Professional, true));
    assert_eq!(
        (entry.actor("provider"), entry.actor("performing provider")),
        (Some("NPI 12"), Some("Dr. A"))
    );
    assert_eq!(claim.diagnoses[0].concept.label(), "ICD-10-CM I10");
    assert_eq!(claim.diagnoses[0].roles, ["principal"]);
    let line = &claim.items[0];
    assert_eq!((line.concept.label().as_str(), line.quantity.as_deref()), ("Visit", Some("1")));
    assert_eq!(line.denials, ["Not deemed necessary (CO-50)"]);
    assert_eq!(shown(&claim, AmountKind::Owed), ["40.00 USD"]);
    assert_eq!(shown(&claim, AmountKind::Billed), ["180.50 USD", "180.50 USD"]);
    assert_eq!(shown(&claim, AmountKind::Paid), ["120.10 USD"]);
    assert_eq!(claim.paid_on.unwrap().to_string(), "2024-02-01");
    assert_eq!(entry.extra("claim says: Allowed units"), Some("1"));
    assert_eq!(entry.linked(LinkRole::Visit).next(), Some("Encounter/7"));
    assert_eq!(entry.notes, ["Thank you."]);
}

#[test]
fn a_fill_of_a_medicine_tells_days_refill_and_whether_it_is_generic() {
    let (entry, claim) = claim(
        r#"{"resourceType":"ExplanationOfBenefit","type":{"coding":[{"code":"PDE"},{"code":"pharmacy"}]},
        "identifier":[{"system":"https://bluebutton.cms.gov/resources/variables/rx_srvc_rfrnc_num","value":"799"},
          {"system":"https://bluebutton.cms.gov/resources/variables/pde_id","value":"89"}],
        "supportingInfo":[{"category":{"coding":[{"code":"refillnum","display":"Refill Number"}]},"valueQuantity":{"value":3}},
          {"category":{"coding":[{"code":"dayssupply"}]},"valueQuantity":{"value":30}},
          {"category":{"coding":[{"code":"brandgenericindicator"}]},"code":{"coding":[{"code":"G","display":"Generic"}]}},
          {"category":{"coding":[{"code":"info","display":"Information"},{"code":"x","display":"Dispensing Status Code"}]},
           "code":{"coding":[{"code":"P","display":"Partial fill"}]}}],
        "item":[{"productOrService":{"coding":[{"system":"http://hl7.org/fhir/sid/ndc","code":"0093-1048-01","display":"Metformin"}]},
          "servicedDate":"2024-05-12","quantity":{"value":60.0},
          "adjudication":[{"category":{"coding":[{"code":"coinsurance","display":"Co-insurance"},
            {"system":"https://bluebutton.cms.gov/resources/codesystem/adjudication",
             "code":"https://bluebutton.cms.gov/resources/variables/gdc_blw_oopt_amt","display":"Gross Drug Cost"}]},
            "amount":{"value":995.34,"currency":"USD"}}]}]}"#,
    );
    assert_eq!((claim.form, entry.date.unwrap().to_string().as_str()), (ClaimForm::Pharmacy, "2024-05-12"));
    let fill: Vec<String> = claim.fill.iter().map(|(label, value)| format!("{label}: {value}")).collect();
    assert_eq!(fill, ["refill number: 3", "days of supply: 30", "brand or generic: Generic"]);
    assert_eq!(entry.extra("claim says: Dispensing Status Code"), Some("Partial fill"));
    assert_eq!(entry.extra("prescription number"), Some("799"), "all its fills share it");
    assert_eq!(entry.extra("identifier").map(|id| id.ends_with("pde_id|89")), Some(true));
    assert!(shown(&claim, AmountKind::Coinsurance).is_empty(), "the gross cost is no coinsurance");
    assert_eq!(shown(&claim, AmountKind::Other), ["995.34 USD"]);
}

#[test]
fn a_variable_of_cms_alone_is_understood_and_a_type_is_told_by_its_word() {
    let (entry, claim) = claim(
        r#"{"resourceType":"ExplanationOfBenefit","type":{"coding":[
        {"system":"http://terminology.hl7.org/CodeSystem/claim-type","code":"institutional"}]},
        "item":[{"service":{"text":"Visit"},"adjudication":[{"category":{"coding":[
          {"system":"https://bluebutton.cms.gov/resources/codesystem/adjudication",
           "code":"https://bluebutton.cms.gov/resources/variables/line_coinsrnc_amt"}]},"amount":{"value":28.10,"currency":"USD"}}]}]}"#,
    );
    assert_eq!((entry.concept.label().as_str(), claim.form), ("institutional", ClaimForm::Institutional));
    assert_eq!(shown(&claim, AmountKind::Coinsurance), ["28.10 USD"]);
}

#[test]
fn a_result_inside_a_claim_is_told_in_words_and_is_no_result_of_the_record() {
    let read = read(
        r##"{"resourceType":"ExplanationOfBenefit","contained":[{"resourceType":"Observation","id":"o","status":"unknown",
        "code":{"text":"Hemoglobin"},"valueQuantity":{"value":42.0}}],
        "supportingInfo":[{"category":{"coding":[{"code":"info"}]},"valueReference":{"reference":"#o"}}]}"##,
    );
    assert!(read.contained.is_empty());
    assert_eq!(read.entry.extra("claim says: Hemoglobin"), Some("42.0"));
}

#[test]
fn a_claim_that_was_sent_and_one_of_stu3_have_their_money() {
    let (_, sent) = claim(
        r#"{"resourceType":"Claim","use":"claim","total":{"value":85.55,"currency":"USD"},
        "item":[{"productOrService":{"text":"Encounter"},"net":{"value":85.55,"currency":"USD"}}]}"#,
    );
    assert!(!sent.is_decided);
    assert_eq!(shown(&sent, AmountKind::Billed), ["85.55 USD", "85.55 USD"]);
    let (entry, stu3) = claim(
        r#"{"resourceType":"ExplanationOfBenefit","status":"active","totalCost":{"value":100.0,"system":"urn:iso:std:iso:4217","code":"USD"},
        "information":[{"category":{"coding":[{"code":"dayssupply"}]},"valueQuantity":{"value":30}}],
        "insurance":{"coverage":{"reference":"Coverage/1"}},"related":[{"relationship":{"coding":[{"code":"prior"}]},"reference":{"value":"C-6"}}],
        "item":[{"service":{"coding":[{"system":"http://www.ama-assn.org/go/cpt","code":"99213"}]}}]}"#,
    );
    assert_eq!(shown(&stu3, AmountKind::Billed), ["100.0 USD"]);
    assert_eq!(stu3.fill.len(), 1);
    assert_eq!(stu3.items[0].concept.label(), "CPT 99213");
    assert_eq!(entry.extra("replaces claim"), Some("C-6"));
    assert_eq!(entry.linked(LinkRole::Related).next(), Some("Coverage/1"));
}
