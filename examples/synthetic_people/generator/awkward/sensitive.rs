//! Entries of the classes a person may want withheld, also where nobody looks for them.

use serde_json::json;

use super::{
    super::{
        clinical::Medicine,
        codes, document,
        json::{concept, quantity, text},
        when::When,
    },
    Case, ODD, case,
};

const ASIDE: &str = "Visit of 02/11/2026 for a sore ankle.\n\
    Sprain of the right ankle, no fracture. Ice and rest.\n\
    Past history: alcohol dependence, sober since 2022, takes naltrexone. Depression in 2019, saw a \
    therapist. HIV test in 2015 negative.\n\
    Social: safe at home now; had to leave a violent partner in 2013.\n\
    Plan: wrap, recheck in two weeks.\n";

const THERAPY: &str = "Mental health visit of 01/15/2026.\n\
    Mood low since November, sleeps badly. No thoughts of harming herself.\n\
    Plan: sertraline 50 mg, sessions every two weeks.\n";

#[rustfmt::skip] // One case a row.
pub fn cases() -> Vec<Case> {
    let day = When::on(2026, 1, 15);
    let problem = |id: &str, code: codes::Code, words: &str, onset: &str| {
        ODD.problem(id, concept(code, words), "active", onset)
    };
    let order = |id: &str, code: codes::Code, name: &'static str| {
        ODD.order(id, &Medicine { code, name, label: "Take as prescribed." }, "active", day)
    };
    let load = ODD
        .result("hiv-load", concept(codes::HIV_VIRAL_LOAD, "HIV-1 RNA"), day)
        .with("valueString", "Not detected")
        .with("meta", json!({"security": [{"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "R"},
            {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "HIV"}]}));
    let harm = ODD
        .observation(
            "self-harm-item",
            "survey",
            json!({"coding": [{"system": codes::LOINC, "code": "44260-8"}], "text": "Thoughts of self-harm"}),
            When::on(2026, 10, 1),
        )
        .with("valueQuantity", quantity("1", "{score}", "{score}"));
    let therapy = ODD
        .visit("visit-therapy", "AMB", "Psychotherapy", day, 50)
        .with("serviceType", text("Behavioral health"));
    vec![
        case("Substance use: alcohol", problem("alcohol", codes::ALCOHOL_DEPENDENCE, "Alcohol dependence, in remission since 2022", "2012")),
        case("Substance use: opioid", problem("opioid", codes::OPIOID_DEPENDENCE, "Opioid dependence", "2015")),
        case("A medicine that reveals it", order("order-buprenorphine", codes::BUPRENORPHINE_NALOXONE, "buprenorphine-naloxone 8-2 mg film")),
        case("Another medicine that reveals it", order("order-naltrexone", codes::NALTREXONE_50, "naltrexone 50 mg")),
        case("Mental health: a diagnosis", problem("depression", codes::MAJOR_DEPRESSION, "Recurrent depression", "2019")),
        case("Mental health: a medicine", order("order-sertraline", codes::SERTRALINE_50, "sertraline 50 mg")),
        case("Mental health: a note told by its type", ODD.note("note-therapy", codes::MENTAL_HEALTH_NOTE, day, "visit-therapy", &[document::plain(THERAPY)])),
        case("Mental health: a visit told by its department", therapy),
        case("An answer above zero on self-harm, 2026-10-01: said first, whatever is withheld", harm),
        case("Reproductive health: a contraceptive", order("order-contraceptive", codes::MEDROXYPROGESTERONE, "medroxyprogesterone 150 mg injection")),
        case("HIV: a diagnosis", problem("hiv", codes::HIV_DISEASE, "HIV", "2016")),
        case("HIV: a test that reveals it, labelled R and HIV", load),
        case("HIV: a medicine that reveals it", order("order-hiv", codes::HIV_COMBINATION, "bictegravir-emtricitabine-tenofovir")),
        case("An ankle note with one sensitive paragraph among others", ODD.note("note-ankle", codes::PROGRESS_NOTE, When::on(2026, 2, 11), "visit-odd", &[document::plain(ASIDE)])),
        case("Abuse, in the words of a problem without a code", ODD.problem("abuse", text("History of domestic violence"), "inactive", "2013")),
    ]
}
