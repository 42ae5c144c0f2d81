//! The records store of the tests does what its rows say, so that a test against it means something.

use std::collections::BTreeSet;
use std::io::Read;
use std::sync::OnceLock;
use std::time::Duration;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use reqwest::blocking::{Client, Response};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::records_store::clients;
use crate::records_store::hostile::Hostile;
use crate::records_store::keys;
use crate::records_store::quirks::{Aud, ClientProof, Dialect};
use crate::records_store::running::{CLIENT_ID, CLIENT_SECRET, Options, Running, Store};
use crate::records_store::switches::{SignIn, Switch};
use crate::records_store::vendor::{self, Vendor};

const PATIENT: &str = "eMariaAlvarez61";
const REDIRECT: &str = "http://127.0.0.1:7007/callback";

/// A bare client that signs in by the row and asks with the token that it got.
struct Visitor {
    running: Running,
    vendor: Vendor,
    http: Client,
    token: String,
}

impl Visitor {
    fn of(vendor: &str) -> Self {
        let mut options = Options::of(vendor);
        let vendor = options.vendors[0].clone();
        options.sign_in = Some(SignIn::Own(PATIENT.to_owned()));
        let jwks = json!({ "keys": [keys::public_half(key(), Algorithm::RS384)] });
        options.clients.push(clients::Client {
            id: "keyed".to_owned(),
            jwks: Some(jwks),
            ..Default::default()
        });
        let http = Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { running: Store::start(&options).unwrap(), vendor, http, token: String::new() }
    }

    fn signed_in(vendor: &str) -> Self {
        let mut visitor = Self::of(vendor);
        visitor.token = visitor.sign_in()["access_token"].as_str().unwrap().to_owned();
        visitor
    }

    /// What came back to the app.
    fn authorize(&self, aud: Option<&str>) -> Vec<(String, String)> {
        let letter = if self.vendor.dialects.contains(&Dialect::V2) { "rs" } else { "read" };
        let mut scope = format!("openid fhirUser offline_access patient/*.{letter}");
        if !self.vendor.record_scopes.is_empty() {
            scope = format!("openid offline_access {}", self.vendor.record_scopes.join(" "));
        }
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier()));
        let client = if self.proof() == ClientProof::PrivateKeyJwt { "keyed" } else { CLIENT_ID };
        let mut fields = vec![
            ("response_type", "code"),
            ("client_id", client),
            ("redirect_uri", REDIRECT),
            ("state", "a-state"),
            ("scope", &scope),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        let extra: Vec<(String, String)> = self
            .vendor
            .authorize_needs
            .iter()
            .map(|(name, start)| (name.clone(), format!("{start}1")))
            .collect();
        fields.extend(extra.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        fields.extend(aud.map(|aud| ("aud", aud)));
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let answer = self.http.get(format!("{}?{query}", self.running.endpoint("authorize"))).send().unwrap();
        let back = answer.headers()["location"].to_str().unwrap();
        url::Url::parse(back).unwrap().query_pairs().into_owned().collect()
    }

    fn right_aud(&self) -> Option<String> {
        let base = self.running.base();
        match self.vendor.aud {
            Aud::Base => Some(base),
            Aud::WithoutSlash => Some(base.trim_end_matches('/').to_owned()),
            Aud::Absent => None,
        }
    }

    fn proof(&self) -> ClientProof {
        self.vendor.clients[0]
    }

    fn sign_in(&self) -> Value {
        let back = self.authorize(self.right_aud().as_deref());
        let code = &back.iter().find(|(name, _)| name == "code").unwrap_or_else(|| panic!("{back:?}")).1;
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", REDIRECT),
            ("code_verifier", &verifier()),
        ];
        let answer = self.token(&fields);
        assert_eq!(answer.status(), 200, "{}", self.vendor.name);
        read(answer)
    }

    /// Asks the token endpoint, and proves itself as the row wants it.
    fn token(&self, fields: &[(&str, &str)]) -> Response {
        let assertion = self.assertion("keyed", key());
        let mut fields = fields.to_vec();
        let mut request = self.http.post(self.running.endpoint("token"));
        match self.proof() {
            ClientProof::None => fields.push(("client_id", CLIENT_ID)),
            ClientProof::ClientSecretBasic => request = request.basic_auth(CLIENT_ID, Some(CLIENT_SECRET)),
            ClientProof::ClientSecretPost => {
                fields.extend([("client_id", CLIENT_ID), ("client_secret", CLIENT_SECRET)]);
            }
            ClientProof::PrivateKeyJwt => fields.extend([
                ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
                ("client_assertion", &assertion),
            ]),
        }
        let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        request.header("content-type", "application/x-www-form-urlencoded").body(form).send().unwrap()
    }

    fn assertion(&self, client: &str, key: &EncodingKey) -> String {
        let ends = jsonwebtoken::get_current_timestamp() + 60;
        let address = self.running.endpoint("token");
        let claims =
            json!({ "iss": client, "sub": client, "aud": address, "exp": ends, "jti": keys::random() });
        jsonwebtoken::encode(&Header::new(Algorithm::RS384), &claims, key).unwrap()
    }

    fn get(&self, path: &str) -> Response {
        let base = self.running.base();
        let base = base.trim_end_matches('/');
        self.get_address(&format!("{base}/{path}"))
    }

    fn get_address(&self, address: &str) -> Response {
        self.http.get(address).bearer_auth(&self.token).send().unwrap()
    }
}

/// The client's own key: making one takes long.
fn key() -> &'static EncodingKey {
    static KEY: OnceLock<EncodingKey> = OnceLock::new();
    KEY.get_or_init(keys::new_rsa)
}

fn verifier() -> String {
    "v".repeat(43)
}

fn read(answer: Response) -> Value {
    serde_json::from_slice(&answer.bytes().unwrap()).unwrap()
}

fn matches(bundle: &Value) -> Vec<String> {
    let entries = bundle["entry"].as_array().unwrap();
    let found = entries.iter().filter(|entry| entry["search"]["mode"] == "match");
    found.map(|entry| entry["resource"]["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_row_says_of_each_quirk_where_it_is_known() {
    let rows: Vec<Value> =
        serde_json::from_str(include_str!("../../examples/records_store/vendors.json")).unwrap();
    assert_eq!(rows.len(), vendor::rows().len());
    for row in &rows {
        for quirk in row.as_object().unwrap().keys() {
            let is_name = ["name", "title", "software", "known", "base_has_slash"].contains(&quirk.as_str());
            assert!(is_name || row["known"][quirk].is_string(), "{}: {quirk}", row["name"]);
        }
    }
}

#[test]
fn each_vendor_is_signed_in_to_by_its_own_rules_alone() {
    for row in vendor::rows() {
        let visitor = Visitor::signed_in(&row.name);
        assert_eq!(matches(&read(visitor.get("Patient"))), [PATIENT], "{}", row.name);
        let wrong = if row.aud == Aud::Absent { visitor.running.base() } else { "http://other".to_owned() };
        let back = visitor.authorize(Some(&wrong));
        assert_eq!(back[0], ("error".to_owned(), "invalid_request".to_owned()), "{}", row.name);
        assert_eq!(
            visitor.http.get(format!("{}/Patient", visitor.running.base())).send().unwrap().status(),
            401
        );
    }
}

#[test]
fn the_pages_of_each_vendor_hold_all_that_was_found() {
    for row in vendor::rows().into_iter().filter(|row| row.name != "blue-button") {
        let visitor = Visitor::signed_in(&row.name);
        let mut found = Vec::new();
        let mut bundle =
            read(visitor.get(&format!("DiagnosticReport?patient={PATIENT}&category=LAB&_count=7")));
        loop {
            found.extend(matches(&bundle));
            let Some(next) = bundle["link"][0]["url"].as_str() else { break };
            bundle = read(visitor.get_address(next));
        }
        let all: BTreeSet<&String> = found.iter().collect();
        assert_eq!((found.len(), all.len()), (55, 55), "{}", row.name);
    }
}

#[test]
fn who_asks_too_often_is_told_when_to_come_back() {
    let visitor = Visitor::signed_in("va");
    let ask = || visitor.get("Patient");
    let refused = (0..200).map(|_| ask()).find(|answer| answer.status() == 429).unwrap();
    assert_eq!(refused.headers()["x-ratelimit-remaining"], "0");
    let seconds: u64 = refused.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    std::thread::sleep(Duration::from_secs(seconds));
    assert_eq!(ask().status(), 200);
}

#[test]
fn a_refresh_token_that_comes_twice_ends_its_family() {
    let mut visitor = Visitor::of("cerner");
    let tokens = visitor.sign_in();
    let fields =
        [("grant_type", "refresh_token"), ("refresh_token", tokens["refresh_token"].as_str().unwrap())];
    let refreshed = visitor.token(&fields);
    assert_eq!(refreshed.status(), 200);
    visitor.token = read(refreshed)["access_token"].as_str().unwrap().to_owned();
    assert_eq!(visitor.get("Patient").status(), 200);
    assert_eq!(visitor.token(&fields).status(), 400);
    assert_eq!(visitor.get("Patient").status(), 401, "the new token went with the family");
    assert_eq!(visitor.running.counts().reused_refresh_tokens, 1);
    let seen: Vec<_> = visitor.running.log_of("/token").into_iter().map(|seen| seen.status).collect();
    assert_eq!(seen, [Some(200), Some(200), Some(400)]);
}

#[test]
fn a_device_signs_with_the_key_that_it_registered() {
    let visitor = Visitor::signed_in("epic");
    let jwks = json!({ "keys": [keys::public_half(key(), Algorithm::RS384)] });
    let body = json!({ "software_id": CLIENT_ID, "jwks": jwks }).to_string();
    let request =
        visitor.http.post(visitor.running.endpoint("register")).bearer_auth(&visitor.token).body(body);
    let device = read(request.send().unwrap())["client_id"].as_str().unwrap().to_owned();
    let ask = |assertion: &str| {
        let grant = "urn:ietf:params:oauth:grant-type:jwt-bearer";
        visitor.token(&[("client_id", &device), ("grant_type", grant), ("assertion", assertion)])
    };
    let signed = visitor.assertion(&device, key());
    let answer = ask(&signed);
    assert_eq!(answer.status(), 200);
    assert_eq!(read(answer)["patient"], PATIENT);
    assert_eq!(ask(&signed).status(), 400, "an assertion is used once");
    assert_eq!(ask(&visitor.assertion(&device, &keys::new_rsa())).status(), 400, "the key of another");
}

#[test]
fn switches_change_the_record_and_its_answers() {
    let visitor = Visitor::signed_in("epic");
    let conditions = || visitor.get(&format!("Condition?patient={PATIENT}"));
    let before = matches(&read(conditions())).len();
    let gone = matches(&read(conditions()))[0].clone();
    visitor.running.set(Switch::Remove { kind: "Condition".to_owned(), id: gone });
    assert_eq!(matches(&read(conditions())).len(), before - 1);
    let subject = json!({ "reference": format!("Patient/{PATIENT}") });
    visitor.running.set(Switch::Put(json!({ "resourceType": "Condition", "id": "new", "subject": subject })));
    assert_eq!(matches(&read(conditions())).len(), before);
    visitor.running.set(Switch::Withhold { kind: "Condition".to_owned(), keeps: 2 });
    let withheld = read(conditions());
    assert_eq!(matches(&withheld).len(), 2);
    assert!(withheld.to_string().contains("59204"));
    visitor.running.set(Switch::AllowAll);
    let refusal = ("Condition".to_owned(), "no".to_owned());
    visitor.running.set(Switch::Refuse { kind: refusal.0, query: None, status: 403, text: refusal.1 });
    assert_eq!(conditions().status(), 403);
    visitor.running.set(Switch::AllowAll);
    visitor.running.set(Switch::FailNext { place: None, requests: 1, status: 503, retry_after: Some(2) });
    let failed = conditions();
    assert_eq!((failed.status().as_u16(), failed.headers()["retry-after"].to_str().unwrap()), (503, "2"));
    assert_eq!(conditions().status(), 200);
    visitor.running.set(Switch::RevokeAll);
    assert_eq!(conditions().status(), 401);
}

#[test]
fn the_record_is_shaped_as_the_vendor_shapes_it() {
    let labs = |vendor: &str| {
        let query = format!("Observation?patient={PATIENT}&category=laboratory&_count=100");
        Visitor::signed_in(vendor).get(&query).text().unwrap()
    };
    let has = |vendor: &str, words: &str| labs(vendor).contains(words);
    assert!(has("cerner", "lastUpdated") && !has("epic", "lastUpdated"));
    assert!(has("epic", "unitsofmeasure.org") && !has("athena", "unitsofmeasure.org"));
    assert!(has("athena", "above high normal"));
    let (epic, healow) = (labs("epic"), labs("eclinicalworks"));
    assert!(
        epic.contains("valueQuantity") && epic.contains("referenceRange") && !epic.contains("valueString")
    );
    assert!(healow.contains("valueString") && !healow.contains("referenceRange"));
    assert!(has("medhost", "dataAbsentReason") && has("healthit", r#""http://loinc""#));
}

#[test]
fn a_note_is_at_its_address() {
    let visitor = Visitor::signed_in("nextgen");
    let notes = read(visitor.get(&format!("DocumentReference?patient={PATIENT}&_count=1")));
    let attachment = &notes["entry"][0]["resource"]["content"][0]["attachment"];
    assert!(attachment["data"].is_null());
    let note = visitor.get_address(attachment["url"].as_str().unwrap());
    assert_eq!(note.headers()["content-type"], attachment["contentType"].as_str().unwrap());
    assert_eq!(json!(note.bytes().unwrap().len()), attachment["size"]);
}

#[test]
fn another_authorization_server_may_stand_in_front() {
    let options = Options { is_open: true, ..Options::of("records") };
    let running = Store::start(&options).unwrap();
    let address = format!("{}/Condition?patient={PATIENT}", running.base());
    let ask = |token: &str| Client::new().get(&address).bearer_auth(token).send().unwrap().status().as_u16();
    assert_eq!(Client::new().get(&address).send().unwrap().status(), 401);
    assert_eq!(ask("of-another-server"), 200);
    running.set(Switch::ExpireAccess);
    assert_eq!((ask("of-another-server"), ask("a-newer-one")), (401, 200));
    let other = json!({ "token_endpoint": "http://127.0.0.1:9/token" });
    running.set(Switch::SmartConfiguration(Some(other.clone())));
    let discovery = format!("{}/.well-known/smart-configuration", running.base());
    assert_eq!(read(Client::new().get(discovery).send().unwrap()), other);
}

#[test]
fn a_hostile_server_is_as_bad_as_its_mode_says() {
    let visitor = Visitor::signed_in("records");
    let ask = |mode| {
        visitor.running.set(Switch::Hostile { mode: Some(mode), place: None });
        visitor.get(&format!("Observation?patient={PATIENT}"))
    };
    let next = |answer: Response| read(answer)["link"][0]["url"].as_str().unwrap().to_owned();
    let second = next(ask(Hostile::LoopOfLinks));
    assert!(second.ends_with("page=2"), "{second}");
    assert!(next(visitor.get_address(&second)).ends_with("page=1"));
    visitor.get_address(&next(ask(Hostile::ForeignNext)));
    assert_eq!(visitor.running.foreign_log().len(), 1);
    assert!(ask(Hostile::RedirectToPrivate).headers()["location"].to_str().unwrap().contains("169.254."));
    let mut taken = vec![0; 8 << 20];
    ask(Hostile::TenGigabytes).read_exact(&mut taken).unwrap();
    assert_eq!(ask(Hostile::TenGigabytesTold).content_length(), Some(10 << 30));
    visitor.running.set(Switch::Hostile { mode: Some(Hostile::Stalled), place: None });
    let hurried = visitor.http.get(format!("{}/Observation", visitor.running.base()));
    assert!(hurried.timeout(Duration::from_millis(300)).send().unwrap_err().is_timeout());
}
