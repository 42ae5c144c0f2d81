//! What signs nobody in.

use super::*;

/// Why a token that says this is refused.
fn why(story: &Story, says: Value) -> String {
    let address = story.begin(Purpose::SignIn);
    match story.comes_back(&address, says) {
        Err(error) => error.to_string(),
        Ok(_) => panic!("somebody was signed in"),
    }
}

#[test]
fn a_token_that_is_not_for_this_sign_in() {
    let story = Story::new();
    let now = story.vault.clock().now().as_second();
    for (says, expected) in [
        (json!({ "nonce": "another" }), "another sign-in"),
        (json!({ "nonce": null }), "another sign-in"),
        (json!({ "aud": "another-client" }), "another client"),
        (json!({ "aud": ["plainchart", "another-client"] }), "another client"),
        (json!({ "azp": "another-client" }), "another client"),
        (json!({ "iss": "https://evil.example" }), "another issuer"),
        (json!({ "iss": format!("{}/", story.idp.issuer) }), "another issuer"),
        (json!({ "exp": now - 61 }), "expired"),
        (json!({ "sub": "" }), "names nobody"),
        (json!({ "sub": "x".repeat(256) }), "names nobody"),
        (json!({ "sub": null }), "cannot be read"),
        (json!({ "exp": null }), "cannot be read"),
    ] {
        let told = why(&story, says.clone());
        assert!(told.contains(expected), "{says}: {told}");
    }
    let leeway = story.comes_back(&story.begin(Purpose::SignIn), json!({ "exp": now - 30 }));
    assert!(leeway.is_ok(), "clocks differ a little");
}

#[test]
fn a_token_that_the_provider_has_not_signed() {
    let story = Story::new();
    for how in [provider::Signed::Not, provider::Signed::ByOurSecret, provider::Signed::ByAnotherKey] {
        story.idp.signs(how);
        let told = why(&story, json!({}));
        assert!(told.contains("signature does not hold"), "{told}");
    }
}

#[test]
fn no_token_or_an_answer_that_is_none() {
    let story = Story::new();
    let long = "x".repeat(300 << 10);
    for (status, says) in [
        (200, json!({ "access_token": "a", "token_type": "Bearer" })),
        (200, json!("a")),
        (200, json!({ "id_token": long })),
        (400, json!({ "error": "invalid_grant", "error_description": "the code xyz" })),
        (500, json!({})),
        (302, json!({})),
    ] {
        let address = story.begin(Purpose::SignIn);
        story.idp.answers("/token", status, says);
        let error = story.finish(&address).err().unwrap();
        assert!(!format!("{error:?}").contains("xyz"), "{error:?}");
    }
}

#[test]
fn an_answer_that_comes_from_another_server() {
    let story = Story::new();
    let other = Returned { iss: Some("https://evil.example"), ..answer("") };
    for iss in ["https://evil.example", "", &format!("{}/", story.idp.issuer)] {
        let state = asked(&story.begin(Purpose::SignIn), "state");
        let returned = Returned { state: &state, iss: Some(iss), ..other };
        assert!(matches!(story.provider.finish(returned, &story.browser), Err(Error::OtherServer)), "{iss}");
    }
    let promises =
        Story::with(Idp::saying(json!({ "authorization_response_iss_parameter_supported": true })));
    let address = promises.begin(Purpose::SignIn);
    assert!(matches!(promises.finish(&address), Err(Error::OtherServer)), "what is promised must be there");
    let address = promises.begin(Purpose::SignIn);
    promises.idp.will_say(&asked(&address, "nonce"), json!({}));
    let state = asked(&address, "state");
    let returned = Returned { iss: Some(&promises.idp.issuer), ..answer(&state) };
    assert!(promises.provider.finish(returned, &promises.browser).is_ok());
}

#[test]
fn somebody_whom_the_provider_does_not_let_in() {
    let story = Story::new();
    let state = asked(&story.begin(Purpose::SignIn), "state");
    let returned = Returned { error: Some("access_denied<script>"), ..answer(&state) };
    let denied = story.provider.finish(returned, &story.browser);
    assert!(matches!(denied, Err(Error::Denied(code)) if code == "access_deniedscript"));
    let state = asked(&story.begin(Purpose::SignIn), "state");
    let empty = Returned { code: Some(""), ..answer(&state) };
    assert!(matches!(story.provider.finish(empty, &story.browser), Err(Error::NoCode)));
    assert!(story.idp.asked("/token").is_empty());
}

#[test]
fn a_provider_that_is_another_or_not_safe() {
    for (says, expected) in [
        (json!({ "issuer": "https://evil.example" }), "unexpected issuer"),
        (json!({ "authorization_endpoint": "http://evil.example/auth" }), "https"),
        (json!({ "end_session_endpoint": "http://evil.example/end" }), "https"),
        (json!({ "code_challenge_methods_supported": ["plain"] }), "S256"),
        (json!({ "jwks_uri": "https://10.0.0.1/jwks" }), "private network"),
        (json!({ "jwks_uri": "http://127.0.0.1:1/jwks" }), "private network"),
        (json!({ "jwks_uri": null }), "parse"),
    ] {
        let story = Story::with(Idp::saying(says.clone()));
        let told = story.provider.look().unwrap_err().to_string();
        assert!(told.contains(expected), "{says}: {told}");
    }
    // The address of tokens is looked at when it is asked.
    let story = Story::with(Idp::saying(json!({ "token_endpoint": "https://10.0.0.1/token" })));
    let told = story.finish(&story.begin(Purpose::SignIn)).err().unwrap().to_string();
    assert!(told.contains("private network"), "{told}");
}

#[test]
fn a_provider_that_is_down_is_left_alone_for_a_moment() {
    let story = Story::new();
    story.idp.answers("/.well-known/openid-configuration", 503, json!({}));
    for _ in 0..3 {
        assert!(matches!(story.provider.look(), Err(Error::Provider(_))));
    }
    assert_eq!(story.idp.asked("/.well-known/openid-configuration").len(), 1);
    story.pass(SignedDuration::from_secs(11));
    assert!(story.provider.look().is_err());
    assert_eq!(story.idp.asked("/.well-known/openid-configuration").len(), 2);
}
