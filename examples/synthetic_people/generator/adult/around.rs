//! The people and papers around her: team, plan, goals, insurance, device, family, questionnaires.

use serde_json::{Value, json};

use super::{
    super::{
        codes, document,
        json::{Resource, concept, hl7, hl7_system, named_reference, number, reference, text},
        when::When,
    },
    LAKESIDE,
};

/// Herself, as Lakeside knows her.
pub fn patient() -> Resource {
    let race = |name: &str, code: &str, display: &str| {
        json!({"url": format!("http://hl7.org/fhir/us/core/StructureDefinition/us-core-{name}"),
            "extension": [
                {"url": "ombCategory", "valueCoding": {"system": "urn:oid:2.16.840.1.113883.6.238",
                    "code": code, "display": display}},
                {"url": "text", "valueString": display}]})
    };
    Resource::new("Patient", LAKESIDE.patient)
        .with("extension", json!([
            race("race", "2106-3", "White"),
            race("ethnicity", "2135-2", "Hispanic or Latino"),
            {"url": "http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex", "valueCode": "F"}]))
        .with("identifier", json!([{"use": "usual", "type": {"coding": [
            {"system": hl7_system("v2-0203"), "code": "MR"}]},
            "system": "urn:oid:1.2.840.99999.7.1.14", "value": "LK-0061417"}]))
        .with("active", true)
        .with("name", json!([
            {"use": "official", "text": "Maria Elena Alvarez", "family": "Alvarez", "given": ["Maria", "Elena"]},
            {"use": "maiden", "text": "Maria Elena Quintero", "family": "Quintero", "given": ["Maria", "Elena"]}]))
        .with("telecom", json!([{"system": "phone", "value": "555-0142", "use": "mobile"}]))
        .with("gender", "female")
        .with("birthDate", "1961-04-17")
        .with("address", json!([{"line": ["12 Invented Lane"], "city": "Lakeside", "state": "IL",
            "postalCode": "60000", "country": "US"}]))
        .with("maritalStatus", hl7("v3-MaritalStatus", "M"))
        .with("communication", json!([{"language": {"coding": [
            {"system": "urn:ietf:bcp:47", "code": "es"}], "text": "Spanish"}, "preferred": true}]))
}

/// Team, plan and goals.
pub fn care() -> Vec<Resource> {
    let member = |role: &str, id: &str, name: &str| json!({"role": [text(role)], "member": named_reference("Practitioner", id, name)});
    let team = LAKESIDE
        .about("CareTeam", "team-alvarez")
        .with("status", "active")
        .with("name", "Care team of Maria Alvarez")
        .with(
            "participant",
            json!([
            member("Primary care doctor", "dr-imani-brook", "Imani Brook, MD"),
            member("Diabetes doctor", "dr-tobias-wren", "Tobias Wren, DO"),
            {"role": [text("Daughter, helps with appointments")], "member": {"display": "Lucia Alvarez"}}]),
        );
    let goal = |id: &str, words: &str, start: &str, target: Option<Value>| {
        let goal = LAKESIDE
            .about("Goal", id)
            .with("lifecycleStatus", "active")
            .with("description", text(words))
            .with("startDate", start)
            .with("expressedBy", reference("Patient", LAKESIDE.patient));
        match target {
            Some(target) => goal.with("target", json!([target])),
            None => goal,
        }
    };
    let below = json!({"measure": concept(codes::A1C, "A1c"), "dueDate": "2027-04-06",
        "detailQuantity": {"value": number("7.5"), "comparator": "<", "unit": "%"}});
    let plan = LAKESIDE
        .about("CarePlan", "plan-diabetes")
        .with("status", "active")
        .with("intent", "plan")
        .with(
            "category",
            json!([{"coding": [{
            "system": "http://hl7.org/fhir/us/core/CodeSystem/careplan-category", "code": "assess-plan"}]}]),
        )
        .with("title", "Diabetes and kidney plan")
        .with("period", json!({"start": "2026-10-06"}))
        .with(
            "text",
            json!({"status": "additional", "div":
            "<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>A1c below 7.5 %. Blood pressure below 130/80. \
             Repeat potassium within a week. Acetaminophen instead of ibuprofen. Kidney clinic.</p></div>"}),
        )
        .with("goal", json!([reference("Goal", "goal-a1c"), reference("Goal", "goal-pressure")]));
    vec![
        team,
        goal("goal-a1c", "A1c below 7.5 %", "2026-10-06", Some(below)),
        goal("goal-pressure", "Blood pressure below 130/80", "2022-05-17", None),
        goal("goal-walk", "Walk 30 minutes on five days a week", "2020-06-16", None),
        plan,
    ]
}

/// Insurance, devices, relatives, directives.
pub fn papers() -> Vec<Resource> {
    let relative = |id: &str, code: &str, words: &str, conditions: Value| {
        let relation =
            json!({"coding": [{"system": hl7_system("v3-RoleCode"), "code": code}], "text": words});
        LAKESIDE
            .about("FamilyMemberHistory", id)
            .with("status", "completed")
            .with("relationship", relation)
            .with("condition", conditions)
    };
    let at = |years: &str| json!({"value": number(years), "unit": "years", "system": "http://unitsofmeasure.org", "code": "a"});
    let coverage = LAKESIDE
        .about("Coverage", "coverage-prairie")
        .with("status", "active")
        .with("type", json!({"coding": [{"system": hl7_system("v3-ActCode"), "code": "PPO"}]}))
        .with("subscriberId", "PRA-5520417")
        .with("relationship", hl7("subscriber-relationship", "self"))
        .with("period", json!({"start": "2019-01-01"}))
        .with("payor", json!([{"display": "Prairie Mutual Health Plan"}]))
        .with(
            "class",
            json!([{"type": hl7("coverage-class", "plan"), "value": "PPO-2", "name": "Prairie PPO Silver"}]),
        );
    let meter = LAKESIDE
        .about("Device", "device-meter")
        .with("status", "active")
        .with(
            "udiCarrier",
            json!([{"deviceIdentifier": "00990000000014",
            "carrierHRF": "(01)00990000000014(11)240101(10)INV1"}]),
        )
        .with("deviceName", json!([{"name": "Invented SugarCheck 2 meter", "type": "user-friendly-name"}]))
        .with("type", text("Blood glucose meter"))
        .with("manufacturer", "Invented Devices");
    let will = LAKESIDE.note(
        "directive-2024",
        codes::LIVING_WILL,
        When::on(2024, 5, 14),
        "visit-20240514",
        &[document::plain(
            "Living will of Maria Elena Alvarez, signed 05/10/2024. Names her daughter Lucia \
            Alvarez to decide for her if she cannot.\n",
        )],
    );
    vec![
        coverage,
        meter,
        will,
        relative(
            "family-mother",
            "MTH",
            "Mother",
            json!([{"code": text("Type 2 diabetes"), "onsetAge": at("52")}]),
        ),
        relative(
            "family-father",
            "FTH",
            "Father",
            json!([{"code": text("Heart attack"), "onsetAge": at("58"), "contributedToDeath": true}]),
        )
        .with("deceasedAge", at("58")),
        relative(
            "family-sister",
            "SIS",
            "Sister",
            json!([{"code": text("Breast cancer"), "onsetAge": at("49")}]),
        ),
    ]
}

/// A depression questionnaire: nine answers and their sum. The items carry words of our own.
pub fn questionnaire(at: When, answers: [i64; 9], visit: &str) -> Vec<Resource> {
    let item: Vec<Value> = codes::PHQ9_ITEMS
        .iter()
        .zip(answers)
        .map(|((id, words), score)| {
            json!({"linkId": format!("/{id}"), "text": words,
                "answer": [{"valueInteger": number(&score.to_string())}]})
        })
        .collect();
    let id = format!("phq9-{}", at.stamp());
    let total = answers.iter().sum::<i64>().to_string();
    let response = LAKESIDE
        .about("QuestionnaireResponse", &id)
        .with("status", "completed")
        .with("questionnaire", "http://lakeside.example/Questionnaire/phq9")
        .with("authored", at.utc())
        .with("item", item);
    let score = LAKESIDE
        .observation(&format!("{id}-total"), "survey", concept(codes::PHQ9_TOTAL, "PHQ-9 total score"), at)
        .with(
            "valueQuantity",
            json!({"value": number(&total), "unit": "{score}",
            "system": "http://unitsofmeasure.org", "code": "{score}"}),
        )
        .with("derivedFrom", json!([reference("QuestionnaireResponse", &id)]));
    vec![response.in_visit(visit), score.in_visit(visit)]
}
