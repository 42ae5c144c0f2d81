//! What plainchart does about the ways of each vendor: a test for each row of the store's `vendors.json`.

use std::collections::BTreeMap;

use jsonwebtoken::Algorithm;
use plainchart::clock::Clock;
use plainchart::record::{Detail, Entry, Kind, Lifecycle, Measurement, QueryState, Value};
use serde_json::json;

use crate::connect::{
    CLINIC, Connected, KNOWN, KNOWN_BY_SECRET, PATIENT, SigningIn, elliptic, entries, facts, fetched, follow,
    is_as_imported, kinds, open, options, query, rsa, way_back,
};
use crate::people::{Home, fixture};
use crate::records_store::clients::Client;
use crate::records_store::running::{CLIENT_ID, CLIENT_SECRET, Options, Store};
use crate::records_store::serving::Seen;
use crate::records_store::switches::{SignIn, Switch};
use crate::records_store::vendor;

/// The scopes of a grant that leaves out all but results of laboratories.
const LABS_ALONE: &str =
    "openid fhirUser launch/patient offline_access patient/Patient.read patient/Observation.read";

/// What holds of every sign-in: a challenge by S256, a state, and nothing secret in the address.
fn is_safe(connected: &Connected) -> BTreeMap<String, String> {
    let asked = connected.authorize();
    assert_eq!(asked["response_type"], "code");
    assert_eq!(asked["code_challenge_method"], "S256");
    assert_eq!((asked["code_challenge"].len(), asked["state"].len()), (43, 43));
    assert!(asked["redirect_uri"].starts_with("http://127.0.0.1:"), "{asked:?}");
    let exchanged = connected.tokens("authorization_code");
    assert_eq!(exchanged.len(), 1);
    assert_eq!(exchanged[0].call.field("code_verifier").unwrap().len(), 43);
    for secret in [CLIENT_SECRET, exchanged[0].call.field("code_verifier").unwrap()] {
        assert!(asked.values().all(|value| value != secret));
    }
    // Pages are asked for by a size, on every first page.
    let log = connected.running.log().into_iter().map(|seen| seen.call.query.into_iter().collect());
    let firsts: Vec<BTreeMap<String, String>> = log.filter(is_first).collect();
    let searched = firsts.iter().filter(|query| query.contains_key("patient"));
    assert!(searched.clone().count() >= 2);
    assert!(searched.clone().all(|query| query["_count"] == "100"));
    asked
}

/// Whether a query is not one that the server wrote for a next page.
fn is_first(query: &BTreeMap<String, String>) -> bool {
    let paging = ["page", "cursor", "sessionID", "-pageContext", "continue", "startIndex"];
    paging.iter().all(|name| !query.contains_key(*name))
}

/// First pages of searches of a type; what follows them is asked as the server wrote it.
fn searches(connected: &Connected, kind: &str) -> Vec<BTreeMap<String, String>> {
    let queries = connected.asked_for(kind).into_iter().map(|seen| seen.call.query.into_iter().collect());
    queries.filter(is_first).collect()
}

fn scopes(asked: &BTreeMap<String, String>) -> Vec<&str> {
    asked["scope"].split(' ').collect()
}

/// The proof that a client gave: `basic`, `post`, `private_key_jwt` with its algorithm, or none.
fn proof(seen: &Seen) -> String {
    if let Some(assertion) = seen.call.field("client_assertion") {
        return format!("{:?}", jsonwebtoken::decode_header(assertion).unwrap().alg);
    }
    match (seen.call.basic(), seen.call.field("client_secret")) {
        (Some((id, secret)), None) if (id.as_str(), secret.as_str()) == (CLIENT_ID, CLIENT_SECRET) => {
            "basic".to_owned()
        }
        (None, Some(CLIENT_SECRET)) => "post".to_owned(),
        (None, None) => "none".to_owned(),
        other => panic!("{other:?}"),
    }
}

fn lab(entry: &Entry) -> Option<&Measurement> {
    match &entry.detail {
        Detail::Measurement(measurement) if entry.kind() == Kind::Lab => Some(measurement),
        _ => None,
    }
}

/// The digits and units of each result, as the clinic's file holds them.
fn results(home: &Home) -> BTreeMap<String, String> {
    let facts = facts(home);
    let found =
        facts.iter().filter_map(|(key, entry)| Some((key.clone(), shown(lab(entry)?.value.as_ref()?))));
    found.collect()
}

fn shown(value: &Value) -> String {
    match value {
        Value::Quantity(quantity) => {
            let comparator = quantity.comparator.as_deref().unwrap_or_default();
            let unit = quantity.unit.as_deref().unwrap_or_default();
            format!("{comparator}{} {unit}", quantity.number.as_written()).trim_end().to_owned()
        }
        Value::Text(text) => text.to_string(),
        Value::Concept(concept) => concept.text.as_deref().unwrap_or_default().to_owned(),
    }
}

/// The clinic's own file.
fn from_file() -> Home {
    let home = Home::new();
    home.import(&["adult/lakeside.json"]);
    home
}

/// Options with a client that signs with a key, and the arguments that hand it over.
fn keyed(vendor: &str, public: serde_json::Value) -> Options {
    let kid = public["kid"].as_str().unwrap().to_owned();
    let jwks = Some(json!({ "keys": [public] }));
    let client = Client { id: format!("keyed-{kid}"), jwks, ..Client::default() };
    Options { clients: vec![client], ..options(vendor) }
}

/// Connects with a private key.
fn by_key(vendor: &str, (pem, public): (String, serde_json::Value)) -> Connected {
    let kid = public["kid"].as_str().unwrap().to_owned();
    let options = keyed(vendor, public);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("key.pem");
    std::fs::write(&file, pem).unwrap();
    let file = file.display().to_string();
    let id = format!("keyed-{kid}");
    Connected::with(&options, &["--client-id", &id, "--private-key", &file, "--key-id", &kid], "")
}

#[test]
fn epic_registers_this_device_and_renews_the_access_with_its_key() {
    let connected = Connected::to("epic", KNOWN, "");
    let asked = is_safe(&connected);
    assert_eq!(asked["aud"], connected.running.base());
    assert!(!scopes(&asked).contains(&"offline_access"), "it is not offered: {asked:?}");
    // Observations and care plans without a category are refused there, and not asked for.
    for kind in ["Observation", "CarePlan"] {
        let all = searches(&connected, kind);
        assert!(!all.is_empty() && all.iter().all(|query| query.contains_key("category")), "{kind}: {all:?}");
    }
    assert!(searches(&connected, "Observation").iter().all(|query| query["_count"] == "100"));
    assert!(connected.asked_for("Observation").iter().any(|seen| seen.call.field("sessionID").is_some()));
    is_as_imported(&connected, &[]);
    assert!(connected.home.call("search_records", r#"{"query":"health care agent"}"#).contains("Coverage"));
    let register = connected.asked_for("register");
    assert_eq!((register.len(), register[0].status), (1, Some(201)));
    assert!(register[0].call.bearer().is_some() && !register[0].call.body.contains("\"d\""));

    connected.running.set(Switch::ExpireAccess);
    let refreshed = connected.refresh().ok();
    assert!(refreshed.starts_with("Record of"), "{refreshed}");
    let renewed = connected.tokens("urn:ietf:params:oauth:grant-type:jwt-bearer");
    assert_eq!((renewed.len(), renewed[0].status), (1, Some(200)));
    let header = jsonwebtoken::decode_header(renewed[0].call.field("assertion").unwrap()).unwrap();
    assert_eq!(header.alg, Algorithm::RS384);
}

#[test]
fn epic_that_holds_back_a_part_makes_the_query_partial_and_nothing_is_gone() {
    let connected = Connected::to("epic", KNOWN, "");
    let before = facts(&connected.home);
    connected.running.set(Switch::Withhold { kind: "Observation".into(), keeps: 20 });
    let refreshed = connected.refresh().ok();
    let why = "partial: the portal held back a part of it (code 59204)";
    assert!(refreshed.contains(&format!("laboratory results: {why}")), "{refreshed}");
    assert!(connected.shown().contains("the portal held back a part of it (code 59204)"));
    assert_eq!(query(&connected.home, "labs").state, QueryState::Partial);
    let answer = connected.home.call("get_labs", r#"{"limit":1}"#);
    assert!(answer.contains("laboratory results") && answer.contains("came in part"), "{answer}");
    assert_eq!(facts(&connected.home), before);
    assert!(entries(&connected.home).iter().all(|entry| entry.lifecycle == Lifecycle::Live));
}

#[test]
fn epic_whose_pages_end_early_is_asked_once_more_from_the_first() {
    let connected = Connected::to("epic", KNOWN, "");
    let whole = facts(&connected.home);
    // A session that ends between two pages: 4113.
    let options = Options { delay_ms: 30, ..options("epic") };
    let running = Store::start(&options).unwrap();
    let home = Home::new();
    let base = running.base();
    let arguments = [&[base.as_str(), "--source", CLINIC], KNOWN].concat();
    let signing_in = SigningIn::begin(&home, &arguments, "");
    follow(signing_in.start.as_ref().unwrap());
    while running.log_of("/Observation").iter().all(|seen| seen.call.field("sessionID").is_none()) {
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    running.set(Switch::ExpirePages);
    signing_in.end().ok();
    assert!(
        running.log_of("/Observation").iter().any(|seen| seen.status == Some(400)),
        "no page was cut off"
    );
    assert_eq!(facts(&home), whole);
    assert_eq!(query(&home, "labs").state, QueryState::Whole);
}

#[test]
fn epic_with_refresh_tokens_is_proven_to_by_a_key_rs384() {
    let connected = by_key("epic-refresh", rsa());
    is_safe(&connected);
    assert_eq!(proof(&connected.tokens("authorization_code")[0]), "RS384");
    is_as_imported(&connected, &[]);
    connected.running.set(Switch::ExpireAccess);
    connected.refresh().ok();
    let renewed = connected.tokens("refresh_token");
    assert_eq!((renewed.len(), proof(&renewed[0])), (1, "RS384".to_owned()));
    assert!(connected.asked_for("register").is_empty(), "who has refresh tokens registers no device");
}

#[test]
fn oracle_tells_the_patient_in_its_id_token_alone_and_takes_a_key_es384() {
    let connected = by_key("cerner", elliptic());
    let asked = is_safe(&connected);
    assert_eq!(asked["aud"], connected.running.base());
    assert!(scopes(&asked).contains(&"patient/*.read"), "v1 is asked there: {asked:?}");
    assert!(asked.contains_key("nonce"));
    assert_eq!(proof(&connected.tokens("authorization_code")[0]), "ES384");
    assert!(connected.asked_for("jwks").len() == 1, "the id token is checked");
    assert!(connected.asked_for("Observation").iter().any(|seen| seen.call.field("-pageContext").is_some()));
    is_as_imported(&connected, &[]);
}

#[test]
fn athena_is_told_the_practice_and_a_nonce_and_its_ranges_and_flags_are_words() {
    let running = Store::start(&options("athena")).unwrap();
    let home = Home::new();
    let refused = crate::connect::connect(&home, &running, KNOWN_BY_SECRET, CLIENT_SECRET).refused(1);
    assert!(refused.contains("--parameter practice=VALUE"), "{refused}");

    let connected = Connected::by_secret("athena", &["--parameter", "practice=Organization/a-1.Practice-7"]);
    let asked = is_safe(&connected);
    assert_eq!(asked["ah-practice"], "Organization/a-1.Practice-7");
    assert_eq!(asked["nonce"].len(), 43);
    assert!(scopes(&asked).contains(&"patient/*.read"), "it knows v1 alone: {asked:?}");
    assert_eq!(proof(&connected.tokens("authorization_code")[0]), "basic");
    assert!(searches(&connected, "MedicationRequest").iter().all(|query| query["intent"] == "order,plan"));
    is_as_imported(&connected, &[]);
    // The values are those of the file, to the digit; ranges and flags are there, as words.
    assert_eq!(results(&connected.home), results(&from_file()));
    let facts = facts(&connected.home);
    let labs: Vec<&Measurement> = facts.values().filter_map(lab).collect();
    let ranged = labs.iter().filter(|lab| lab.ranges.iter().any(|range| range.text.is_some()));
    let flagged = labs.iter().filter(|lab| !lab.flags.is_empty());
    assert!(ranged.count() > 400 && flagged.count() > 50);
}

#[test]
fn athena_that_refuses_what_its_scopes_do_not_cover_is_told_type_by_type() {
    let mut options = options("athena");
    let parameters = ["--parameter", "practice=Organization/a-1.Practice-7"];
    options.vendors[0].dialects = vendor::row("old").dialects;
    let running = Store::start(&options).unwrap();
    running.set(Switch::Grant(Some(LABS_ALONE.into())));
    let home = Home::new();
    let arguments = [&parameters, KNOWN_BY_SECRET].concat();
    let said = crate::connect::connect(&home, &running, &arguments, CLIENT_SECRET);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.err.contains("Not granted: ") && said.err.contains("AllergyIntolerance"), "{}", said.err);
    let allergies = query(&home, "allergies");
    assert_eq!((allergies.state, allergies.read), (QueryState::Refused, 0));
    assert_eq!(&*allergies.why, "the portal does not permit this to plainchart (status 403)");
    assert_eq!(query(&home, "labs").state, QueryState::Whole);
    let shown = home.run(&["sources", "show", CLINIC]).ok();
    assert!(shown.contains("allergies: the portal does not permit this"), "{shown}");
    let answer = home.call("get_allergies", "{}");
    assert!(answer.contains("Allergies could not be fetched from Clinic"), "{answer}");
    assert!(answer.contains("allergies not permitted to plainchart at the sign-in"), "{answer}");
}

#[test]
fn eclinicalworks_wants_no_slash_a_key_and_single_types_and_its_labs_are_strings() {
    let connected = by_key("eclinicalworks", rsa());
    let asked = is_safe(&connected);
    assert_eq!(asked["aud"], connected.running.base().trim_end_matches('/'));
    assert!(connected.running.base().ends_with('/'));
    let scopes = scopes(&asked);
    assert!(scopes.contains(&"patient/Observation.rs") && !scopes.contains(&"patient/*.rs"), "{scopes:?}");
    assert_eq!(proof(&connected.tokens("authorization_code")[0]), "RS384");
    for kind in ["Observation", "CarePlan"] {
        assert!(searches(&connected, kind).iter().all(|query| query.contains_key("category")), "{kind}");
    }
    assert!(searches(&connected, "CareTeam").iter().all(|query| query["status"] == "active"));
    let not_asked = [
        "Coverage",
        "FamilyMemberHistory",
        "MedicationStatement",
        "QuestionnaireResponse",
        "ServiceRequest",
        "Specimen",
    ];
    is_as_imported(&connected, &not_asked);
    assert!(fetched(&connected.home).not_granted.is_empty(), "what was not asked for was not refused");
    // Digits and units are as they were, out of the strings.
    let (own, file) = (results(&connected.home), results(&from_file()));
    assert_eq!(own.len(), file.len());
    for (key, value) in &file {
        assert_eq!(&own[key], value, "{key}");
    }
}

#[test]
fn nextgen_gets_no_aud_and_its_notes_are_read_at_their_absolute_addresses() {
    let connected = Connected::by_secret("nextgen", &[]);
    let asked = is_safe(&connected);
    assert!(!asked.contains_key("aud"));
    assert_eq!(proof(&connected.tokens("authorization_code")[0]), "basic");
    for kind in ["Observation", "CarePlan"] {
        assert!(searches(&connected, kind).iter().all(|query| query.contains_key("category")), "{kind}");
    }
    let binaries: Vec<Seen> =
        connected.running.log().into_iter().filter(|seen| seen.call.path.contains("/Binary/")).collect();
    assert!(binaries.len() >= 15 && binaries.iter().all(|seen| seen.status == Some(200)));
    is_as_imported(&connected, &[]);
    // The notes read as those that came within the file.
    let text = |home: &Home| -> BTreeMap<String, Option<String>> {
        let facts = facts(home);
        let documents = facts.iter().filter_map(|(key, entry)| match &entry.detail {
            Detail::Document(document) if key.starts_with("DocumentReference/") => {
                Some((key.clone(), document.text.as_deref().map(str::to_owned)))
            }
            _ => None,
        });
        documents.collect()
    };
    let own = text(&connected.home);
    assert_eq!(own, text(&from_file()));
    assert!(own.values().flatten().any(|text| text.len() > 200));
    // A refresh token is lost there unless it is used within 48 hours.
    assert!(next_fetch(&connected.home) <= 24 * 3600);
}

/// In how many seconds the next fetch is due.
fn next_fetch(home: &Home) -> i64 {
    let database = rusqlite::Connection::open(home.store()).unwrap();
    let due_ms: i64 = database
        .query_row("SELECT max(due_at) FROM rows WHERE due_at IS NOT NULL", [], |row| row.get(0))
        .unwrap();
    due_ms / 1000 - Clock::system().now().as_second()
}

#[test]
fn nextgen_answers_404_where_it_does_not_permit_and_without_a_code() {
    let running = Store::start(&options("nextgen")).unwrap();
    running.set(Switch::Refuse {
        kind: "Procedure".into(),
        query: None,
        status: 404,
        text: "not found".into(),
    });
    let home = Home::new();
    let said = crate::connect::connect(&home, &running, KNOWN_BY_SECRET, CLIENT_SECRET);
    assert_eq!(said.code, 0, "{}", said.err);
    let procedures = query(&home, "procedures");
    assert_eq!(procedures.state, QueryState::Refused);
    assert_eq!(&*procedures.why, "this portal does not offer it (status 404)");
}

#[test]
fn meditech_registers_plainchart_which_shows_the_secret_it_was_given() {
    let connected = Connected::to("meditech", &[], "");
    is_safe(&connected);
    let register = connected.asked_for("register");
    assert_eq!((register.len(), register[0].status), (1, Some(201)));
    let asked: serde_json::Value = serde_json::from_str(&register[0].call.body).unwrap();
    assert_eq!(asked["client_name"], "plainchart");
    assert_eq!(asked["token_endpoint_auth_method"], "client_secret_basic");
    assert_eq!(asked["redirect_uris"][0], connected.authorize()["redirect_uri"].as_str());
    let (id, secret) = connected.tokens("authorization_code")[0].call.basic().unwrap();
    assert!(id.starts_with("client-") && secret.len() > 20);
    assert!(connected.asked_for("Observation").iter().any(|seen| seen.call.field("continue").is_some()));
    is_as_imported(&connected, &[]);
    connected.running.set(Switch::ExpireAccess);
    connected.refresh().ok();
    assert_eq!(connected.tokens("refresh_token").len(), 1);
}

#[test]
fn veradigm_tells_the_patient_inside_its_access_token() {
    let connected = Connected::to("veradigm", KNOWN, "");
    // It ignores PKCE, and gets it all the same.
    is_safe(&connected);
    assert!(connected.asked_for("Patient").is_empty(), "nobody was searched for");
    is_as_imported(&connected, &[]);
}

#[test]
fn onpatient_names_no_patient_so_the_only_one_is_searched_for() {
    let connected = Connected::by_secret("onpatient", &["--vendor", "onpatient"]);
    let asked = is_safe(&connected);
    assert!(!asked.contains_key("aud"));
    assert!(scopes(&asked).contains(&"patient/*.read"));
    assert_eq!(proof(&connected.tokens("authorization_code")[0]), "post");
    assert_eq!(connected.asked_for("Patient").len(), 1);
    is_as_imported(&connected, &["QuestionnaireResponse", "ServiceRequest", "FamilyMemberHistory"]);
    let orders = query(&connected.home, "orders");
    assert_eq!((orders.state, &*orders.why), (QueryState::Refused, "this portal does not offer it"));
    assert!(connected.asked_for("ServiceRequest").is_empty(), "what it does not list is not asked for");
}

#[test]
fn onpatient_says_500_where_it_means_no_and_is_not_asked_again() {
    let running = Store::start(&options("onpatient")).unwrap();
    running.set(Switch::Grant(Some(LABS_ALONE.into())));
    let home = Home::new();
    let arguments = [&["--vendor", "onpatient"], KNOWN_BY_SECRET].concat();
    let said = crate::connect::connect(&home, &running, &arguments, CLIENT_SECRET);
    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!(query(&home, "immunizations").state, QueryState::Refused);
    assert_eq!(running.log_of("/Immunization").len(), 1);
    assert_eq!(query(&home, "labs").state, QueryState::Whole);
}

#[test]
fn careevolution_puts_its_own_codes_first_and_the_known_ones_are_found() {
    let connected = Connected::by_secret("careevolution", &["--vendor", "careevolution"]);
    let asked = is_safe(&connected);
    assert_eq!(asked["aud"], connected.running.base().trim_end_matches('/'));
    assert_eq!(proof(&connected.tokens("authorization_code")[0]), "basic");
    is_as_imported(&connected, &[]);
    // Results under own codes first are found and told as those of the file.
    let total = |home: &Home| home.call_json("get_labs", r#"{"query":"hemoglobin a1c"}"#)["total"].clone();
    assert!(total(&connected.home).as_u64().unwrap() > 3);
    assert_eq!(total(&connected.home), total(&from_file()));
    assert_eq!(results(&connected.home), results(&from_file()));
}

#[test]
fn medhost_is_asked_for_all_observations_at_once_and_words_without_codes_are_kept() {
    let connected = Connected::to("medhost", &[KNOWN, &["--vendor", "medhost"]].concat(), "");
    let asked = is_safe(&connected);
    assert_eq!(asked["aud"], connected.running.base().trim_end_matches('/'));
    let observations = searches(&connected, "Observation");
    assert!(observations.len() == 1 && !observations[0].contains_key("category"), "{observations:?}");
    is_as_imported(&connected, &[]);
    let (own, file) = (facts(&connected.home), facts(&from_file()));
    let absent = own.values().filter_map(lab).filter(|lab| lab.absent.is_some() && lab.value.is_none());
    assert!(absent.count() > 50, "a result without its value says so");
    let is_uncoded =
        |key: &&String| own[*key].concept.codes.is_empty() && !file[*key].concept.codes.is_empty();
    let keys = own.keys().filter(|key| file.contains_key(*key));
    assert!(keys.filter(is_uncoded).count() > 100, "words alone are an entry too");
    let is_lost = |key: &&String| !own.contains_key(*key) && !key.starts_with("Provenance/");
    assert_eq!(file.keys().filter(is_lost).count(), 0);
}

#[test]
fn the_va_wants_no_aud_and_gets_its_time() {
    let connected = Connected::to("va", &[KNOWN, &["--vendor", "va"]].concat(), "");
    let asked = is_safe(&connected);
    assert!(!asked.contains_key("aud"));
    assert!(scopes(&asked).contains(&"patient/Observation.read"), "{asked:?}");
    let waited = connected.running.log().iter().filter(|seen| seen.status == Some(429)).count();
    assert!(waited > 0, "it never had to wait");
    let not_asked = [
        "CarePlan",
        "CareTeam",
        "Coverage",
        "FamilyMemberHistory",
        "Goal",
        "Location",
        "MedicationStatement",
        "Organization",
        "QuestionnaireResponse",
        "ServiceRequest",
        "Specimen",
        // He is named by what is not asked for.
        "Practitioner/dr-tobias-wren",
    ];
    is_as_imported(&connected, &not_asked);
    assert_eq!(query(&connected.home, "labs").state, QueryState::Whole);
}

#[test]
fn quest_is_asked_for_results_of_laboratories_and_nothing_else() {
    let connected = Connected::by_secret("quest", &["--vendor", "quest"]);
    let asked = is_safe(&connected);
    assert!(!asked.contains_key("aud"));
    assert_eq!(proof(&connected.tokens("authorization_code")[0]), "post");
    let categories = |kind| -> Vec<String> {
        searches(&connected, kind).iter().map(|query| query["category"].clone()).collect()
    };
    assert_eq!(categories("Observation"), ["laboratory"]);
    assert_eq!(categories("DiagnosticReport"), ["http://terminology.hl7.org/CodeSystem/v2-0074|LAB"]);
    let kinds = kinds(&connected.home).join("\n");
    assert!(kinds.contains("labs") && kinds.contains("(from 525 entries)"), "{kinds}");
    assert!(!kinds.contains("vitals") && !kinds.contains("medications"), "{kinds}");
    let file: BTreeMap<String, String> = results(&from_file());
    let own = results(&connected.home);
    assert!(own.len() > 500 && own.iter().all(|(key, value)| file[key] == *value));
    let prescriptions = query(&connected.home, "prescriptions");
    assert_eq!(
        (prescriptions.state, &*prescriptions.why),
        (QueryState::Refused, "this portal does not offer it")
    );
}

#[test]
fn medicare_is_asked_by_type_without_fhir_user_and_paged_by_its_index() {
    let claim = |number: usize| {
        json!({
            "resourceType": "ExplanationOfBenefit", "id": format!("claim-{number}"), "status": "active",
            "type": { "text": "carrier" }, "use": "claim", "outcome": "complete",
            "patient": { "reference": format!("Patient/{PATIENT}") }, "created": "2026-03-01",
            "billablePeriod": { "start": "2026-02-03", "end": "2026-02-03" },
            "provider": { "display": "Lakeside Health" }, "insurer": { "display": "Medicare" },
        })
    };
    let options = Options { resources: (0..120).map(claim).collect(), ..options("blue-button") };
    let connected = Connected::with(&options, KNOWN_BY_SECRET, CLIENT_SECRET);
    let asked = is_safe(&connected);
    let expected = [
        "launch/patient",
        "openid",
        "offline_access",
        "patient/Patient.rs",
        "patient/Coverage.rs",
        "patient/ExplanationOfBenefit.rs",
        "profile",
    ];
    assert_eq!(scopes(&asked), expected);
    assert_eq!(proof(&connected.tokens("authorization_code")[0]), "basic");
    let starts: Vec<String> = connected
        .asked_for("ExplanationOfBenefit")
        .iter()
        .filter_map(|seen| seen.call.field("startIndex").map(str::to_owned))
        .collect();
    assert_eq!(starts, ["50", "100"], "pages of 50, however many are asked for");
    let kinds = kinds(&connected.home).join("\n");
    assert!(kinds.contains("(from 120 entries)") && kinds.contains("coverage"), "{kinds}");
    assert_eq!(query(&connected.home, "claims").read, 120);
}

#[test]
fn advancedmd_gets_no_aud_and_its_refresh_token_stays_the_same() {
    let connected = Connected::to("advancedmd", &[KNOWN, &["--vendor", "advancedmd"]].concat(), "");
    assert!(!is_safe(&connected).contains_key("aud"));
    is_as_imported(&connected, &[]);
    for _ in 0..2 {
        connected.running.set(Switch::ExpireAccess);
        connected.refresh().ok();
    }
    let used = connected.tokens("refresh_token");
    assert_eq!(used.len(), 2);
    assert_eq!(used[0].call.field("refresh_token"), used[1].call.field("refresh_token"));
}

#[test]
fn the_healthit_sandbox_says_401_where_it_means_no_and_misspells_loinc() {
    let running = Store::start(&options("healthit")).unwrap();
    running.set(Switch::Grant(Some(LABS_ALONE.into())));
    let home = Home::new();
    let arguments = [KNOWN, &["--vendor", "healthit"]].concat();
    let said = crate::connect::connect(&home, &running, &arguments, "");
    assert_eq!(said.code, 0, "{}", said.err);
    let immunizations = query(&home, "immunizations");
    assert_eq!(immunizations.state, QueryState::Refused);
    assert_eq!(&*immunizations.why, "the portal did not accept the sign-in for it (status 401)");
    // It was no reason to renew the access for each of them, or to take the sign-in for ended.
    let renewals =
        running.log_of("/token").iter().filter(|seen| seen.call.field("refresh_token").is_some()).count();
    assert!(renewals <= 1, "{renewals}");
    assert!(!home.run(&["sources"]).ok().contains("sign in again"));
    // The results are those of the file, under their codes.
    assert_eq!(results(&home), results(&from_file()));
    let question = r#"{"query":"hemoglobin a1c"}"#;
    assert_eq!(
        home.call_json("get_labs", question)["total"],
        from_file().call_json("get_labs", question)["total"]
    );
}

#[test]
fn a_server_that_leaves_out_in_silence_is_told_by_what_it_granted_and_loses_nothing() {
    let connected = Connected::to("quiet", KNOWN, "");
    is_safe(&connected);
    is_as_imported(&connected, &[]);
    let before = facts(&connected.home);
    // At the next sign-in the person ticks only results of laboratories: 200 and nothing for the rest.
    connected.running.set(Switch::Grant(Some(LABS_ALONE.into())));
    let said = crate::connect::connect(&connected.home, &connected.running, KNOWN, "");
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.err.contains("Not granted: ") && said.err.contains("Immunization"), "{}", said.err);
    let shown = connected.shown();
    assert!(shown.contains("not granted: ") && shown.contains("Immunization"), "{shown}");
    assert_eq!(facts(&connected.home).len(), before.len(), "what may no longer be seen is not gone");
    let answer = connected.home.call("get_immunizations", "{}");
    assert!(answer.contains("immunizations not permitted to plainchart at the sign-in"), "{answer}");
}

#[test]
fn a_records_service_is_found_by_rfc_8414_and_registers_plainchart() {
    let connected = Connected::to("records", &[], "");
    is_safe(&connected);
    let found: Vec<String> = connected
        .running
        .log()
        .into_iter()
        .filter(|seen| seen.call.path.contains("oauth-authorization-server") && seen.status == Some(200))
        .map(|seen| seen.call.path)
        .collect();
    assert_eq!(found, ["/.well-known/oauth-authorization-server/records/fhir"]);
    let register = connected.asked_for("register");
    let asked: serde_json::Value = serde_json::from_str(&register[0].call.body).unwrap();
    assert_eq!(asked["token_endpoint_auth_method"], "none");
    assert!(asked["scope"].as_str().unwrap().contains("patient/*.rs"), "{asked}");
    assert_eq!(proof(&connected.tokens("authorization_code")[0]), "none");
    is_as_imported(&connected, &[]);
}

#[test]
fn a_server_is_found_by_openid_discovery() {
    let connected = Connected::to("openid", KNOWN, "");
    is_safe(&connected);
    let log = connected.running.log();
    let found =
        log.iter().find(|seen| seen.call.path.contains("well-known") && seen.status == Some(200)).unwrap();
    assert!(found.call.path.contains("/openid-configuration"), "{}", found.call.path);
    is_as_imported(&connected, &[]);
}

#[test]
fn an_old_server_is_found_by_its_capability_statement_and_asked_in_v1() {
    let connected = Connected::to("old", KNOWN, "");
    let asked = is_safe(&connected);
    assert!(scopes(&asked).contains(&"patient/*.read"), "{asked:?}");
    is_as_imported(&connected, &[]);
}

#[test]
fn a_parent_who_signs_in_for_a_child_is_noted_with_the_source() {
    let mut options = options("quiet");
    options.people = vec![fixture("child/pediatrics.json")];
    options.sign_in = Some(SignIn::Parent("theo-okafor-lind".into()));
    let connected = Connected::with(&options, KNOWN, "");
    assert!(connected.said.err.contains("You act for somebody else there"), "{}", connected.said.err);
    let shown = connected.shown();
    assert!(shown.contains("signed in as RelatedPerson/parent-of-theo-okafor-lind"), "{shown}");
    assert!(connected.said.out.contains("Theo"), "{}", connected.said.out);
    let own = Connected::to("quiet", KNOWN, "");
    assert!(!own.shown().contains("signed in as"), "who signs in for herself acts for nobody");
}

#[test]
fn an_answer_of_another_issuer_is_refused_and_the_wait_goes_on() {
    let running = Store::start(&options("records")).unwrap();
    let home = Home::new();
    let base = running.base();
    let signing_in = SigningIn::begin(&home, &[&base, "--source", CLINIC], "");
    let back = way_back(signing_in.start.as_ref().unwrap());
    let issuer = url::Url::parse(&back).unwrap();
    let issuer = issuer.query_pairs().find(|(name, _)| name == "iss").unwrap().1.into_owned();
    assert_eq!(issuer, base);
    let mut mixed_up = url::Url::parse(&back).unwrap();
    let pairs: Vec<(String, String)> = mixed_up.query_pairs().into_owned().collect();
    let without: Vec<&(String, String)> = pairs.iter().filter(|(name, _)| name != "iss").collect();
    for other in [Some("https://another.example"), None] {
        let mut query = mixed_up.query_pairs_mut();
        query.clear().extend_pairs(without.iter().map(|(name, value)| (name, value)));
        query.extend_pairs(other.map(|other| ("iss", other)));
        drop(query);
        let hop = open(mixed_up.as_str()).unwrap();
        assert_eq!(hop.status, 400, "{}", hop.page);
    }
    assert!(running.log_of("/token").is_empty(), "the code of a mixed-up answer went nowhere");
    assert_eq!(open(&back).unwrap().status, 200);
    signing_in.end().ok();
}

#[test]
fn a_mixed_up_state_and_a_repeated_callback_do_nothing() {
    let running = Store::start(&options("quiet")).unwrap();
    let (home, base) = (Home::new(), running.base());
    let signing_in = SigningIn::begin(&home, &[&[base.as_str(), "--source", CLINIC], KNOWN].concat(), "");
    let start = signing_in.start.clone().unwrap();
    let back = way_back(&start);
    let (before, after) = back.split_once("state=").unwrap();
    let state = &after[..43];
    for forged in [
        format!("{before}state=x{}", &after[1..]),
        before.trim_end_matches('&').to_owned(),
        format!("{back}&state={state}"),
        format!("{back}&code=another"),
    ] {
        let hop = open(&forged).unwrap();
        assert_eq!(hop.status, 400, "{forged}: {}", hop.page);
        assert!(!hop.page.contains(state));
    }
    assert!(running.log_of("/token").is_empty());
    assert_eq!(open(&back).unwrap().status, 200);
    // The same once more, while the code is being exchanged or after it: nobody answers, or not with a yes.
    assert!(open(&back).is_none_or(|hop| hop.status != 200));
    signing_in.end().ok();
    let counts = running.counts();
    assert_eq!((counts.codes, counts.reused_codes), (1, 0));
}

#[test]
fn a_person_who_says_no_at_the_portal_leaves_nothing_behind() {
    let running = Store::start(&options("quiet")).unwrap();
    running.set(Switch::Deny(Some("access_denied".into())));
    let home = Home::new();
    let said = crate::connect::connect(&home, &running, KNOWN, "").refused(1);
    assert!(said.contains("the portal did not grant access: access_denied"), "{said}");
    assert!(home.run(&["sources"]).refused(1).contains("there is no record here yet"));
}

#[test]
fn a_portal_that_registers_nobody_says_where_it_is_done() {
    let running = Store::start(&options("athena")).unwrap();
    let said = crate::connect::connect(&Home::new(), &running, &[], "").refused(1);
    assert!(said.contains("register an app for patients at https://mydata.athenahealth.com"), "{said}");
    assert!(said.contains("--client-id ID"), "{said}");
}

#[test]
fn every_row_of_the_store_is_tried_here() {
    let own = include_str!("connect_vendors.rs");
    for row in vendor::rows() {
        assert!(own.contains(&format!("\"{}\"", row.name)), "{}", row.name);
    }
}
