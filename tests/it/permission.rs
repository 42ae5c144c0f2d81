//! The whole way of an assistant over HTTP, through the router, and what is refused there.

use std::sync::Arc;

use axum::body::Body;
use axum::http::Request;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN, AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE,
    HeaderMap, HeaderName, RETRY_AFTER, WWW_AUTHENTICATE,
};
use jiff::{SignedDuration, Timestamp};
use plainchart::access::authorization::{Allowed, Answer, BODY_BYTES_MAX, By, LASTS_MAX, PublicUrl, Server};
use plainchart::clock::{Clock, Randomness};
use plainchart::http::{Client, Reach};
use plainchart::record::Scope;
use plainchart::store::{OwnerId, Vault};
use plainchart::web::endpoints;
use serde_json::Value;
use tower::ServiceExt;
use url::Url;

const CALLBACK: &str = "https://claude.ai/api/mcp/auth_callback";
const FORM: &str = "application/x-www-form-urlencoded";
// RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// A server under its router. It is made outside of the runtime.
struct Served {
    server: Arc<Server>,
    runtime: tokio::runtime::Runtime,
}

/// An answer, read whole.
struct Answered {
    status: u16,
    headers: HeaderMap,
    body: Value,
}

impl Answered {
    fn header(&self, name: HeaderName) -> &str {
        self.headers[name].to_str().unwrap()
    }
}

impl Served {
    fn new() -> Served {
        let clock = Clock::fixed(Timestamp::UNIX_EPOCH + SignedDuration::from_hours(1));
        let vault = Vault::in_memory(clock, Randomness::seeded(1)).unwrap();
        let public = PublicUrl::parse("https://chart.example.org").unwrap();
        let outgoing = Client::new(Reach::default()).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        Served { server: Arc::new(Server::new(vault, public, outgoing)), runtime }
    }

    fn send(&self, request: Request<Body>) -> Answered {
        let router = endpoints(Arc::clone(&self.server));
        self.runtime.block_on(async {
            let answer = router.oneshot(request).await.unwrap();
            let (parts, body) = answer.into_parts();
            let bytes = axum::body::to_bytes(body, 1 << 20).await.unwrap();
            let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
            Answered { status: parts.status.as_u16(), headers: parts.headers, body }
        })
    }

    fn get(&self, path: &str) -> Answered {
        self.send(Request::get(path).body(Body::empty()).unwrap())
    }

    fn post(&self, path: &str, media_type: &str, body: &str) -> Answered {
        let request = Request::post(path).header(CONTENT_TYPE, media_type);
        self.send(request.body(Body::from(body.to_owned())).unwrap())
    }

    fn form(&self, path: &str, fields: &[(&str, &str)]) -> Answered {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.post(path, FORM, &body)
    }

    fn register(&self) -> String {
        let metadata = serde_json::json!({
            "client_name": "Claude",
            "redirect_uris": [CALLBACK],
            "grant_types": ["authorization_code", "refresh_token"],
            "token_endpoint_auth_method": "none",
        });
        let registered = self.post("/register", "application/json", &metadata.to_string());
        assert_eq!(registered.status, 201);
        registered.body["client_id"].as_str().unwrap().to_owned()
    }

    /// What the pages do between a request and its answer.
    fn code(&self, client: &str) -> String {
        let query = [
            ("response_type", "code"),
            ("client_id", client),
            ("redirect_uri", CALLBACK),
            ("state", "s"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
            ("resource", "https://chart.example.org/mcp"),
        ];
        let query = query.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let asked = self.server.begin(&query).unwrap();
        let vault = self.server.vault();
        let person = vault.create(&OwnerId::random(vault.random())).unwrap();
        let by = By { account: OwnerId::random(vault.random()), relation: "own".into() };
        let expires_at = vault.clock().now() + LASTS_MAX;
        let allowed = Allowed { scope: Scope::everything(), may_update: false, expires_at };
        let Answer::SentOn(url) = self.server.grant(&asked, &person, by, &allowed).unwrap() else { panic!() };
        code_of(&url)
    }
}

fn code_of(url: &Url) -> String {
    url.query_pairs().find(|pair| pair.0 == "code").unwrap().1.into_owned()
}

fn exchange<'a>(client: &'a str, code: &'a str) -> [(&'a str, &'a str); 5] {
    [
        ("grant_type", "authorization_code"),
        ("client_id", client),
        ("code", code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
    ]
}

#[test]
fn an_assistant_registers_connects_refreshes_and_gives_back() {
    let served = Served::new();
    let client = served.register();
    let tokens = served.form("/token", &exchange(&client, &served.code(&client)));
    assert_eq!((tokens.status, tokens.header(CACHE_CONTROL)), (200, "no-store"));
    let refresh = tokens.body["refresh_token"].as_str().unwrap();
    let fields = [("grant_type", "refresh_token"), ("client_id", &client), ("refresh_token", refresh)];
    let tokens = served.form("/token", &fields);
    assert_eq!(tokens.status, 200);
    let access = tokens.body["access_token"].as_str().unwrap();
    assert!(served.server.bearer(access).is_ok());
    let given_back = tokens.body["refresh_token"].as_str().unwrap();
    let answer = served.form("/revoke", &[("token", given_back), ("client_id", &client)]);
    assert_eq!(answer.status, 200);
    assert!(served.server.bearer(access).is_err());
}

#[test]
fn the_metadata_is_where_clients_look_and_for_any_origin() {
    let served = Served::new();
    for path in ["/.well-known/oauth-authorization-server", "/.well-known/openid-configuration"] {
        let answer = served.get(path);
        assert_eq!((answer.status, answer.header(ACCESS_CONTROL_ALLOW_ORIGIN)), (200, "*"));
        assert_eq!(answer.header(CONTENT_TYPE), "application/json");
        assert_eq!(answer.body["issuer"], "https://chart.example.org");
    }
    let preflight = Request::options("/token").body(Body::empty()).unwrap();
    let answer = served.send(preflight);
    assert_eq!((answer.status, answer.header(ACCESS_CONTROL_ALLOW_METHODS)), (204, "GET, POST, OPTIONS"));
}

#[test]
fn a_code_used_twice_is_refused_over_http_and_its_tokens_are_gone() {
    let served = Served::new();
    let client = served.register();
    let code = served.code(&client);
    let tokens = served.form("/token", &exchange(&client, &code));
    let again = served.form("/token", &exchange(&client, &code));
    assert_eq!((again.status, &again.body["error"]), (400, &"invalid_grant".into()));
    assert!(served.server.bearer(tokens.body["access_token"].as_str().unwrap()).is_err());
}

#[test]
fn what_is_not_good_is_refused_over_http_and_spends_nothing() {
    let served = Served::new();
    let (client, other) = (served.register(), served.register());
    let code = served.code(&client);
    let refresh = ("refresh_token", "pc_rt_made_up");
    let wrong: [(&[(&str, &str)], &str); 9] = [
        (&[("code_verifier", "")], "invalid_grant"),
        (&[("code_verifier", CHALLENGE)], "invalid_grant"),
        (&[("redirect_uri", "https://claude.ai/api/mcp/auth_callback/")], "invalid_grant"),
        (&[("redirect_uri", "")], "invalid_grant"),
        (&[("client_id", &other)], "invalid_grant"),
        (&[("resource", "https://other.example/mcp")], "invalid_target"),
        (&[("grant_type", "password")], "unsupported_grant_type"),
        (&[("grant_type", "")], "invalid_request"),
        (&[("grant_type", "refresh_token"), refresh], "invalid_grant"),
    ];
    for (changes, error) in wrong {
        let mut fields = exchange(&client, &code).to_vec();
        fields.retain(|(name, _)| !changes.iter().any(|change| change.0 == *name));
        fields.extend(changes);
        let answer = served.form("/token", &fields);
        assert_eq!((answer.status, &answer.body["error"]), (400, &error.into()), "{changes:?}");
    }
    let mut twice = exchange(&client, &code).to_vec();
    twice.push(("code", &code));
    assert_eq!(served.form("/token", &twice).status, 400);
    assert_eq!(served.form("/token", &exchange(&client, &code)).status, 200);
}

#[test]
fn a_refresh_token_used_again_after_the_grace_ends_everything_over_http() {
    let served = Served::new();
    let client = served.register();
    let first = served.form("/token", &exchange(&client, &served.code(&client))).body;
    let refresh = |tokens: &Value| {
        let token = tokens["refresh_token"].as_str().unwrap();
        served.form(
            "/token",
            &[("grant_type", "refresh_token"), ("client_id", &client), ("refresh_token", token)],
        )
    };
    let second = refresh(&first).body;
    let clock = served.server.vault().clock();
    clock.advance(SignedDuration::from_secs(20));
    assert_eq!(refresh(&first).status, 200);
    clock.advance(SignedDuration::from_secs(20));
    assert!(served.server.bearer(second["access_token"].as_str().unwrap()).is_ok());
    let again = refresh(&first);
    assert_eq!((again.status, &again.body["error"]), (400, &"invalid_grant".into()));
    assert!(served.server.bearer(second["access_token"].as_str().unwrap()).is_err());
    assert_eq!(refresh(&second).status, 400);
}

#[test]
fn a_token_or_code_in_the_address_is_refused() {
    let served = Served::new();
    let client = served.register();
    let code = served.code(&client);
    let query =
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(exchange(&client, &code)).finish();
    for path in ["/token", "/revoke"] {
        let answer = served.form(&format!("{path}?{query}"), &exchange(&client, &code));
        assert_eq!((answer.status, &answer.body["error"]), (400, &"invalid_request".into()));
        assert_eq!(served.get(&format!("{path}?{query}")).status, 405);
    }
    assert_eq!(served.form("/token", &exchange(&client, &code)).status, 200);
}

#[test]
fn another_media_type_and_a_body_without_end_are_refused() {
    let served = Served::new();
    for media_type in ["application/json", "text/plain", ""] {
        let answer = served.post("/token", media_type, "grant_type=authorization_code");
        assert_eq!((answer.status, &answer.body["error"]), (400, &"invalid_request".into()), "{media_type}");
    }
    assert_eq!(served.post("/register", FORM, "{}").status, 400);
    let long = "x".repeat(BODY_BYTES_MAX + 1);
    for path in ["/token", "/register", "/revoke"] {
        let media_type = if path == "/register" { "application/json" } else { FORM };
        assert_eq!(served.post(path, media_type, &long).status, 413, "{path}");
    }
}

#[test]
fn a_client_that_is_not_known_hears_so_in_the_way_it_tried() {
    let served = Served::new();
    let in_form = served.form("/token", &[("client_id", "pc_client_x"), ("grant_type", "refresh_token")]);
    assert_eq!((in_form.status, &in_form.body["error"]), (401, &"invalid_client".into()));
    assert!(!in_form.headers.contains_key(WWW_AUTHENTICATE));
    let request = Request::post("/token").header(CONTENT_TYPE, FORM).header(AUTHORIZATION, "Basic eDp5");
    let in_header = served.send(request.body(Body::from("grant_type=refresh_token")).unwrap());
    assert_eq!((in_header.status, in_header.header(WWW_AUTHENTICATE)), (401, r#"Basic realm="plainchart""#));
}

#[test]
fn a_registration_with_a_dangerous_redirect_is_refused_over_http() {
    let served = Served::new();
    let answer = served.post("/register", "application/json", r#"{"redirect_uris":["javascript:alert(1)"]}"#);
    assert_eq!((answer.status, &answer.body["error"]), (400, &"invalid_redirect_uri".into()));
}

#[test]
fn too_many_registrations_are_told_when_to_come_again() {
    let served = Served::new();
    (0..60).for_each(|_| drop(served.register()));
    let body = format!(r#"{{"redirect_uris":["{CALLBACK}"]}}"#);
    let answer = served.post("/register", "application/json", &body);
    assert_eq!((answer.status, answer.header(RETRY_AFTER)), (429, "60"));
}
