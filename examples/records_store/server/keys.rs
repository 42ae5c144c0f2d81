//! The keys that id tokens are signed with, made when they are first needed.

use std::sync::OnceLock;

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use super::quirks::IdToken;

/// Signs claims.
pub fn sign(algorithm: IdToken, claims: &Value) -> String {
    let (key, header) = match algorithm {
        IdToken::ES256 => (elliptic(), Header::new(Algorithm::ES256)),
        IdToken::RS256 => (rsa(), Header::new(Algorithm::RS256)),
    };
    let header = Header { kid: Some(format!("{algorithm:?}")), ..header };
    jsonwebtoken::encode(&header, claims, key).unwrap()
}

/// The public key as a set (RFC 7517, 5).
pub fn public(algorithm: IdToken) -> Value {
    let key = match algorithm {
        IdToken::ES256 => public_half(elliptic(), Algorithm::ES256),
        IdToken::RS256 => public_half(rsa(), Algorithm::RS256),
    };
    json!({ "keys": [key] })
}

/// The public half of a key, named after its algorithm.
pub fn public_half(key: &EncodingKey, algorithm: Algorithm) -> Value {
    let mut public = serde_json::to_value(Jwk::from_encoding_key(key, algorithm).unwrap()).unwrap();
    public["kid"] = format!("{algorithm:?}").into();
    public["use"] = "sig".into();
    public
}

/// Letters that nobody can guess.
pub fn random() -> String {
    let mut bytes = [0; 24];
    getrandom::fill(&mut bytes).unwrap();
    URL_SAFE_NO_PAD.encode(bytes)
}

fn elliptic() -> &'static EncodingKey {
    static KEY: OnceLock<EncodingKey> = OnceLock::new();
    KEY.get_or_init(|| {
        let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let made = EcdsaKeyPair::generate_pkcs8(algorithm, &SystemRandom::new()).unwrap();
        EncodingKey::from_ec_der(made.as_ref())
    })
}

fn rsa() -> &'static EncodingKey {
    static KEY: OnceLock<EncodingKey> = OnceLock::new();
    KEY.get_or_init(new_rsa)
}

/// A new key, for the server or for a client.
pub fn new_rsa() -> EncodingKey {
    let made = KeyPair::generate(KeySize::Rsa2048).unwrap();
    let encoded = STANDARD.encode(made.as_der().unwrap().as_ref());
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{encoded}\n-----END PRIVATE KEY-----\n");
    EncodingKey::from_rsa_pem(pem.as_bytes()).unwrap()
}
