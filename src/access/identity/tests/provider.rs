//! The provider: it answers what it was told to.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

/// The instant of these stories.
pub const NOW: &str = "2026-11-23T12:00:00Z";
const NOW_S: i64 = 1_795_435_200;
pub const SECRET: &str = "a secret of this server that is long enough";

/// How a token is signed.
#[derive(Clone, Copy)]
pub enum Signed {
    ByTheProvider,
    Not,
    ByOurSecret,
    ByAnotherKey,
}

pub struct Idp {
    pub issuer: String,
    state: Arc<Mutex<State>>,
}

struct State {
    key: EncodingKey,
    other: EncodingKey,
    kid: u32,
    signed: Signed,
    answers: BTreeMap<String, (u16, Value)>,
    asked: Vec<Request>,
}

#[derive(Clone)]
pub struct Request {
    pub path: String,
    pub head: String,
    pub body: String,
}

impl Request {
    pub fn field(&self, name: &str) -> String {
        let mut pairs = url::form_urlencoded::parse(self.body.as_bytes());
        pairs.find(|(own, _)| own == name).unwrap().1.into_owned()
    }
}

impl Idp {
    pub fn start() -> Idp {
        Idp::saying(json!({}))
    }

    /// One whose metadata says this, too.
    pub fn saying(more: Value) -> Idp {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let mut metadata = json!({
            "issuer": issuer,
            "authorization_endpoint": format!("{issuer}/auth"),
            "token_endpoint": format!("{issuer}/token"),
            "userinfo_endpoint": format!("{issuer}/me"),
            "jwks_uri": format!("{issuer}/jwks"),
            "end_session_endpoint": format!("{issuer}/end"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256", "none"],
        });
        merge(&mut metadata, more);
        let me = json!({ "sub": "anna-7", "name": "Anna Example" });
        let answers = BTreeMap::from([
            ("/.well-known/openid-configuration".to_owned(), (200, metadata)),
            ("/me".to_owned(), (200, me)),
        ]);
        let (key, other) = (key(), key());
        let state = State { key, other, kid: 1, signed: Signed::ByTheProvider, answers, asked: Vec::new() };
        let idp = Idp { issuer, state: Arc::new(Mutex::new(state)) };
        idp.publish();
        let state = Arc::clone(&idp.state);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                answer(stream.unwrap(), &state);
            }
        });
        idp
    }

    pub fn answers(&self, path: &str, status: u16, body: Value) {
        self.state.lock().unwrap().answers.insert(path.to_owned(), (status, body));
    }

    /// The next tokens say this, beside what is right.
    pub fn will_say(&self, nonce: &str, more: Value) {
        let mut claims = json!({
            "iss": self.issuer,
            "sub": "anna-7",
            "aud": "plainchart",
            "exp": NOW_S + 7200,
            "iat": NOW_S,
            "nonce": nonce,
            "preferred_username": "anna@example.org",
        });
        merge(&mut claims, more);
        let token = self.state.lock().unwrap().sign(&claims);
        self.answers(
            "/token",
            200,
            json!({ "access_token": "a", "token_type": "Bearer", "expires_in": 60, "id_token": token }),
        );
    }

    pub fn signs(&self, signed: Signed) {
        self.state.lock().unwrap().signed = signed;
    }

    pub fn changes_its_key(&self) {
        {
            let mut state = self.state.lock().unwrap();
            (state.key, state.kid) = (key(), state.kid + 1);
        }
        self.publish();
    }

    /// What was asked at a path, the last one last.
    pub fn asked(&self, path: &str) -> Vec<Request> {
        let asked = &self.state.lock().unwrap().asked;
        asked.iter().filter(|request| request.path == path).cloned().collect()
    }

    fn publish(&self) {
        let key = {
            let state = self.state.lock().unwrap();
            let mut key = Jwk::from_encoding_key(&state.key, Algorithm::ES256).unwrap();
            key.common.key_id = Some(state.kid.to_string());
            key
        };
        // A key of a kind that nobody knows is passed over.
        self.answers("/jwks", 200, json!({ "keys": [{ "kty": "NEW", "kid": "x" }, key] }));
    }
}

impl State {
    fn sign(&self, claims: &Value) -> String {
        let header = |alg| Header { kid: Some(self.kid.to_string()), ..Header::new(alg) };
        let signed = |alg, key: &EncodingKey| jsonwebtoken::encode(&header(alg), claims, key).unwrap();
        match self.signed {
            Signed::ByTheProvider => signed(Algorithm::ES256, &self.key),
            Signed::ByAnotherKey => signed(Algorithm::ES256, &self.other),
            Signed::ByOurSecret => {
                signed(Algorithm::HS256, &EncodingKey::from_secret(super::SECRET.as_bytes()).unwrap())
            }
            Signed::Not => {
                let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
                format!("{}.{}.", part(&json!({ "alg": "none" })), part(claims))
            }
        }
    }
}

fn key() -> EncodingKey {
    let random = aws_lc_rs::rand::SystemRandom::new();
    let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
    EncodingKey::from_ec_der(document.as_ref())
}

/// What is null is taken away.
fn merge(into: &mut Value, more: Value) {
    let Value::Object(more) = more else { return };
    for (name, value) in more {
        match value {
            Value::Null => into.as_object_mut().unwrap().remove(&name),
            value => into.as_object_mut().unwrap().insert(name, value),
        };
    }
}

fn answer(mut stream: TcpStream, state: &Mutex<State>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap() == 0 || line == "\r\n" {
            break;
        }
        if let Some(told) = line.to_lowercase().strip_prefix("content-length:") {
            length = told.trim().parse().unwrap();
        }
        head.push_str(&line);
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    let (status, told) = {
        let mut state = state.lock().unwrap();
        let body = String::from_utf8(body).unwrap();
        state.asked.push(Request { path: path.clone(), head, body });
        state.answers.get(&path).cloned().unwrap_or((404, json!({})))
    };
    let told = told.to_string();
    let _ = write!(
        stream,
        "HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-type: application/json\r\nlocation: /token\r\ncontent-length: {}\r\n\r\n{told}",
        told.len()
    );
}
