//! Problems that are not facts, events that never end, dates that are not days.

use serde_json::json;

use super::{
    super::{
        codes::{self, Code},
        json::{Resource, concept, hl7, number, text},
        when::When,
    },
    Case, ODD, case,
};

fn problem(id: &str, code: Code, words: &str, onset: &str) -> Resource {
    ODD.problem(id, concept(code, words), "active", onset)
}

fn verified(resource: Resource, status: &str) -> Resource {
    resource.with("verificationStatus", hl7("condition-ver-status", status))
}

pub fn cases() -> Vec<Case> {
    let mut cases = not_facts();
    cases.extend(dates());
    cases.extend(pregnancy());
    cases
}

#[rustfmt::skip] // One case a row.
fn not_facts() -> Vec<Case> {
    let relative = ODD
        .about("FamilyMemberHistory", "family-unknown")
        .with("status", "health-unknown")
        .with("relationship", text("Father"))
        .with("dataAbsentReason", hl7("history-absent-reason", "unable-to-obtain"));
    vec![
        case("Refuted: she does not have it", verified(problem("refuted", codes::EPILEPSY, "Epilepsy", "2014"), "refuted")),
        case("Entered in error, with no clinical status", verified(problem("error", codes::BREAST_CANCER, "Breast cancer", "2019"), "entered-in-error").without("clinicalStatus")),
        case("Provisional: being looked into", verified(problem("provisional", codes::ANEMIA, "Anemia", "2026-08"), "provisional")),
        case("Differential: one of several possibilities", verified(problem("differential", codes::GALLSTONES, "Gallstones", "2026-08"), "differential")),
        case("A possibility in the words only", problem("rule-out", codes::KIDNEY_STONE, "Rule out kidney stone", "2026-08")),
        case("Family history in the problem list", problem("family-in-list", codes::FAMILY_HISTORY_BREAST, "Family history of breast cancer (aunt)", "2015")),
        case("A relative of whom nothing could be learned", relative),
        case("A stroke of 2012, still active: an event, not a state", problem("stroke-active", codes::STROKE, "Stroke", "2012-02-11")),
        case("A heart attack of 2016, still active", problem("heart-attack-active", codes::HEART_ATTACK, "Heart attack", "2016-07-30")),
        case("Active and with an end date", problem("ended-active", codes::BACK_PAIN, "Low back pain", "2018").with("abatementDateTime", "2019-01")),
        case("Inactive", ODD.problem("inactive", concept(codes::ASTHMA, "Childhood asthma"), "inactive", "1986")),
        case("No clinical status at all", problem("no-status", codes::HYPOTHYROIDISM, "Hypothyroidism", "2010").without("clinicalStatus")),
        case("Words without any code", ODD.problem("words-only", text("Gluten something, see outside notes"), "active", "2020")),
        case("A code without words or display", ODD.problem("code-only", json!({"coding": [{"system": codes::ICD10CM, "code": codes::HYPERTENSION.code}]}), "active", "2021")),
        case("The same problem again under other words", problem("again", codes::HYPOTHYROIDISM, "Underactive thyroid", "2010-05")),
        case("No code element", problem("no-code", codes::ASTHMA, "", "2020").without("code")),
    ]
}

#[rustfmt::skip] // One case a row.
fn dates() -> Vec<Case> {
    let age =
        json!({"value": number("31"), "unit": "years", "system": "http://unitsofmeasure.org", "code": "a"});
    let undated = |id: &str, words: &str| problem(id, codes::BACK_PAIN, words, "").without("onsetDateTime");
    vec![
        case("Onset known to the year", problem("year", codes::ASTHMA, "Asthma", "1991")),
        case("Onset known to the month", problem("month", codes::BACK_PAIN, "Back pain", "2004-03")),
        case("Onset as an age", undated("onset-age", "Migraine").with("onsetAge", age)),
        case("Onset as words", undated("onset-string", "Hay fever").with("onsetString", "as a teenager")),
        case("Onset as a period that never ends", undated("onset-period", "Tinnitus").with("onsetPeriod", json!({"start": "2015"}))),
        case("Onset is the database null of 1899-12-30", problem("onset-null", codes::BACK_PAIN, "Scar", "1899-12-30")),
        case("Onset before birth", problem("before-birth", codes::ASTHMA, "Allergic asthma", "1969-01-01")),
        case("Onset that is no date", problem("onset-invalid", codes::BACK_PAIN, "Sciatica", "0000-00-00")),
        case("Onset with a time and an odd offset", problem("onset-offset", codes::BACK_PAIN, "Knee sprain", "2017-03-01T00:00:00+14:00")),
        case("No onset, only recorded", undated("recorded-only", "Flat feet").with("recordedDate", "2013-05-05")),
    ]
}

#[rustfmt::skip] // One case a row.
fn pregnancy() -> Vec<Case> {
    let status = ODD
        .observation(
            "pregnancy-status-2008",
            "social-history",
            concept(codes::PREGNANCY_STATUS, "Pregnancy status"),
            When::on(2008, 1, 9),
        )
        .with("valueCodeableConcept", text("Pregnant"));
    let test = ODD
        .result(
            "pregnancy-test-2026",
            concept(codes::PREGNANCY_TEST, "Urine pregnancy test"),
            When::on(2026, 8, 20),
        )
        .with("valueString", "Negative");
    vec![
        case("A pregnancy of 2008, still active", problem("pregnant-2008", codes::PREGNANT, "Pregnancy", "2008-01-09")),
        case("Its loss, still active: past, and to be spoken of with care", problem("loss-2008", codes::MISCARRIAGE, "Miscarriage", "2008-03-02")),
        case("A pregnancy status of long ago", status),
        case("A negative test of this year", test),
    ]
}
