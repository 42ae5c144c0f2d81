//! Passkeys, with a device made of a key and a counter.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use url::Url;

use super::*;

const ORIGIN: &str = "https://chart.example.org";

/// User present, user verified; attested credential data follows.
const PRESENT_AND_VERIFIED: u8 = 0x05;
const WITH_KEY: u8 = 0x40;

struct Device {
    key: EcdsaKeyPair,
    id: [u8; 32],
    counter: u32,
    user: String,
}

impl Device {
    fn new() -> Device {
        let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap();
        let id = Sha256::digest(key.public_key().as_ref()).into();
        Device { key, id, counter: 0, user: String::new() }
    }

    /// What `navigator.credentials.create` would answer.
    fn create(&mut self, options: &str, origin: &str) -> String {
        let options: Value = serde_json::from_str(options).unwrap();
        let options = &options["publicKey"];
        assert_eq!(options["authenticatorSelection"]["residentKey"], json!("required"));
        self.user = options["user"]["id"].as_str().unwrap().to_owned();
        // CBOR: {1: 2, 3: -7, -1: 1, -2: x, -3: y} (RFC 9053, 7.1.1).
        let (x, y) = self.key.public_key().as_ref()[1..].split_at(32);
        let cose = [&[0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32][..], x, &[0x22, 0x58, 32], y].concat();
        let key = [&[0; 16][..], &[0, 32], &self.id, &cose].concat();
        let told = self.told(options["rp"]["id"].as_str().unwrap(), WITH_KEY, &key);
        // CBOR: {"fmt": "none", "attStmt": {}, "authData": …}.
        let length = u8::try_from(told.len()).unwrap();
        let object = [
            &[0xa3, 0x63][..],
            b"fmt",
            &[0x64],
            b"none",
            &[0x67],
            b"attStmt",
            &[0xa0, 0x68],
            b"authData",
            &[0x58, length],
            &told,
        ];
        let client = client_data("webauthn.create", &options["challenge"], origin);
        json!({
            "id": b64(&self.id), "rawId": b64(&self.id), "type": "public-key", "clientExtensionResults": {},
            "response": { "attestationObject": b64(&object.concat()), "clientDataJSON": b64(client.as_bytes()) },
        })
        .to_string()
    }

    /// What `navigator.credentials.get` would answer.
    fn get(&mut self, options: &str, origin: &str) -> String {
        let options: Value = serde_json::from_str(options).unwrap();
        let options = &options["publicKey"];
        let told = self.told(options["rpId"].as_str().unwrap(), 0, &[]);
        let client = client_data("webauthn.get", &options["challenge"], origin);
        let signed = [told.as_slice(), &Sha256::digest(client.as_bytes())].concat();
        let signature = self.key.sign(&SystemRandom::new(), &signed).unwrap();
        json!({
            "id": b64(&self.id), "rawId": b64(&self.id), "type": "public-key", "clientExtensionResults": {},
            "response": {
                "authenticatorData": b64(&told), "clientDataJSON": b64(client.as_bytes()),
                "signature": b64(signature.as_ref()), "userHandle": self.user,
            },
        })
        .to_string()
    }

    /// WebAuthn, 6.1: the authenticator data.
    fn told(&mut self, site: &str, flags: u8, key: &[u8]) -> Vec<u8> {
        self.counter += 1;
        let site = Sha256::digest(site.as_bytes());
        [&site[..], &[PRESENT_AND_VERIFIED | flags], &self.counter.to_be_bytes(), key].concat()
    }
}

fn client_data(kind: &str, challenge: &Value, origin: &str) -> String {
    json!({ "type": kind, "challenge": challenge, "origin": origin, "crossOrigin": false }).to_string()
}

fn b64(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn at(accounts: Accounts, address: &str) -> Accounts {
    accounts.with_passkeys(&Url::parse(address).unwrap())
}

fn with_device() -> (Accounts, Signed, Device) {
    let accounts = at(open(), ORIGIN);
    let (signed, mut device) = (anna(&accounts), Device::new());
    let options = accounts.begin_passkey(&signed).unwrap();
    accounts.finish_passkey(&signed, " My phone ", &device.create(&options, ORIGIN)).unwrap();
    (accounts, signed, device)
}

#[test]
fn a_passkey_signs_in_without_a_name() {
    let (accounts, signed, mut device) = with_device();
    let other = beside(&accounts, Policy::Open).with_passkeys(&Url::parse(ORIGIN).unwrap());
    let challenge = accounts.begin_passkey_sign_in().unwrap();
    assert!(!challenge.options.contains("mediation") && !challenge.options.contains("anna"));
    let answer = device.get(&challenge.options, ORIGIN);
    let token = other.finish_passkey_sign_in(&challenge.id, &answer).unwrap();
    let again = accounts.session(token.text().expose()).unwrap().unwrap();
    assert_eq!(again.owner(), signed.owner());
    let passkey = accounts.passkeys(&signed).unwrap().pop().unwrap();
    assert_eq!((passkey.label.as_str(), passkey.used_at), ("My phone", Some(accounts.now())));
    assert_eq!(acts(signed.rows()), ["sign_up", "new_passkey", "sign_in_with_passkey"]);
    let refused = accounts.finish_passkey_sign_in(&challenge.id, &answer);
    assert!(matches!(refused, Err(Error::NotSignedIn)), "a challenge is used once");
}

#[test]
fn an_answer_from_another_site_device_time_or_counter_is_refused() {
    let (accounts, _, mut device) = with_device();
    let mut refuse = |answer: &dyn Fn(&mut Device, &str) -> String| {
        let challenge = accounts.begin_passkey_sign_in().unwrap();
        let answer = answer(&mut device, &challenge.options);
        let refused = accounts.finish_passkey_sign_in(&challenge.id, &answer);
        assert!(matches!(refused, Err(Error::NotSignedIn)), "{answer}");
    };
    refuse(&|device, options| device.get(options, "https://chart.example.com"));
    refuse(&|device, options| {
        let mut stranger = Device::new();
        stranger.user.clone_from(&device.user);
        stranger.get(options, ORIGIN)
    });
    refuse(&|device, options| {
        let mut copy = Device::new();
        (copy.user, copy.id) = (device.user.clone(), device.id);
        copy.counter = 9;
        copy.get(options, ORIGIN)
    });
    refuse(&|device, options| {
        device.counter = 0;
        device.get(options, ORIGIN)
    });
    refuse(&|device, options| device.get(options, ORIGIN).replace("chart", "x").replace('A', "B"));
    refuse(&|_, _| "{}".into());
    refuse(&|_, _| "x".repeat(70_000));
    refuse(&|device, options| {
        let answer = device.get(options, ORIGIN);
        pass(&accounts, SignedDuration::from_mins(5));
        answer
    });
}

#[test]
fn a_beginning_is_ended_once_and_in_time_by_a_fresh_sign_in() {
    let accounts = at(open(), ORIGIN);
    let (signed, mut device) = (anna(&accounts), Device::new());
    let answer = device.create(&accounts.begin_passkey(&signed).unwrap(), ORIGIN);
    let foreign = Device::new().create(&accounts.begin_passkey(&signed).unwrap(), "https://evil.example");
    for answer in [&answer, &foreign] {
        let refused = accounts.finish_passkey(&signed, "Phone", answer);
        assert!(matches!(refused, Err(Error::NotSignedIn)), "another challenge, or another site");
    }
    let answer = device.create(&accounts.begin_passkey(&signed).unwrap(), ORIGIN);
    accounts.finish_passkey(&signed, "Phone", &answer).unwrap();
    assert!(matches!(accounts.finish_passkey(&signed, "Phone", &answer), Err(Error::NotSignedIn)));
    let answer = Device::new().create(&accounts.begin_passkey(&signed).unwrap(), ORIGIN);
    pass(&accounts, SignedDuration::from_mins(6));
    assert!(matches!(accounts.finish_passkey(&signed, "Phone", &answer), Err(Error::NotSignedIn)));
    pass(&accounts, SignedDuration::from_mins(6));
    assert!(matches!(accounts.begin_passkey(&signed), Err(Error::NotFresh)));
}

#[test]
fn a_removed_passkey_and_one_of_a_locked_account_do_not_sign_in() {
    let (accounts, signed, mut device) = with_device();
    let mut sign_in = || {
        let challenge = accounts.begin_passkey_sign_in().unwrap();
        let answer = device.get(&challenge.options, ORIGIN);
        accounts.finish_passkey_sign_in(&challenge.id, &answer).map(|_| ())
    };
    sign_in().unwrap();
    accounts.lock(signed.owner()).unwrap();
    assert!(matches!(sign_in(), Err(Error::Locked)));
    accounts.unlock(signed.owner()).unwrap();
    let id = accounts.passkeys(&signed).unwrap().pop().unwrap().id;
    assert!(matches!(accounts.remove_passkey(&signed, "password"), Err(Error::NotThere)));
    let signed = super::sign_in(&accounts, "correct horse").unwrap();
    let token = accounts.remove_passkey(&signed, &id).unwrap();
    assert!(matches!(sign_in(), Err(Error::NotSignedIn)));
    assert!(accounts.session(token.text().expose()).unwrap().is_some());
    assert_eq!(signed.rows().list(Kind::Session).unwrap().len(), 1, "whoever has the device is signed out");
}

#[test]
fn there_are_passkeys_at_a_name_only() {
    assert!(at(open(), "http://localhost:8080").has_passkeys());
    for address in ["http://127.0.0.1:8080", "http://[::1]:8080"] {
        let accounts = at(open(), address);
        assert!(!accounts.has_passkeys(), "{address}");
        assert!(matches!(accounts.begin_passkey_sign_in(), Err(Error::NotThere)));
    }
}
